//! Tags that are dates: `2024-01-15-10-30-45`, `2024.01.15`, `20240115`, `20240115T103045Z`, `nightly-2024-01-15`.
//!
//! Only dates that exist count, between 1990 and 2100: other numbers are counters.

use chrono::{NaiveDate, NaiveTime};

use super::natural::KeyBytes;

/// A tag read as a date, with a time where it holds one.
#[derive(Debug)]
pub(super) struct DateName<'a> {
    year: u16,
    /// Month, day, hour, minute, second; 0 where none is written, so that the shorter name ranks just below.
    fields: [u8; 5],
    /// What follows the date.
    rest: &'a str,
    /// Written with dots, as a version could be.
    pub(super) dotted: bool,
    /// Written with dots, but with zeros in front, as versions are not.
    pub(super) padded: bool,
}

impl<'a> DateName<'a> {
    pub(super) fn read(tag: &'a str) -> Option<Self> {
        let (prefix, digits) = tag.split_at(tag.find(|character: char| character.is_ascii_digit())?);
        if !(prefix.is_empty() || prefix.ends_with(is_separator) || matches!(prefix, "v" | "V")) {
            return None;
        }
        let mut cursor = Cursor(digits);
        let mut date = match cursor.run() {
            8 | 12 | 14 => compact(&mut cursor)?,
            4 => separated(&mut cursor)?,
            _ => return None,
        };
        if date.has_day()
            && let Some(time) = time_behind(&mut cursor)
        {
            date.set_time(time);
        }
        date.rest = cursor.0;
        let ends = date.rest.is_empty() || date.rest.starts_with(is_separator);
        ends.then_some(date)
    }

    /// The year, which a dotted date shares with the first number of a version.
    pub(super) fn year(&self) -> u64 {
        u64::from(self.year)
    }

    /// A date ranks by its time; a word behind it makes a variant that ranks just below, a number a later revision.
    pub(super) fn write(&self, key: &mut KeyBytes) {
        key.bytes(&self.year.to_be_bytes());
        key.bytes(&self.fields);
        let rest = self.rest.trim_start_matches(is_separator);
        key.byte(match rest.bytes().next() {
            Some(byte) if byte.is_ascii_digit() => 2,
            None => 1,
            Some(_) => 0,
        });
        key.text(rest);
    }

    fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        // A missing day is checked as the first.
        NaiveDate::from_ymd_opt(i32::from(year), u32::from(month), u32::from(day.max(1)))?;
        let plausible = (1990..=2100).contains(&year);
        plausible.then_some(Self {
            year,
            fields: [month, day, 0, 0, 0],
            rest: "",
            dotted: false,
            padded: false,
        })
    }

    fn has_day(&self) -> bool {
        let [_, day, ..] = self.fields;
        day > 0
    }

    fn set_time(&mut self, [hour, minute, second]: [u8; 3]) {
        let [month, day, ..] = self.fields;
        self.fields = [month, day, hour, minute, second];
    }
}

fn is_separator(character: char) -> bool {
    matches!(character, '-' | '_' | '.')
}

/// `20240115`, and the time of a run of 12 or 14 digits if that is one.
fn compact<'a>(cursor: &mut Cursor<'a>) -> Option<DateName<'a>> {
    let (year, month, day) = (cursor.year()?, cursor.two()?, cursor.two()?);
    let mut date = DateName::new(year, month, day).filter(DateName::has_day)?;
    let length = cursor.run();
    if length > 0 {
        date.set_time(time_of_run(cursor, length)?);
    }
    Some(date)
}

/// `2024-01-15`, `2024.1.15`, `2024-01`.
fn separated<'a>(cursor: &mut Cursor<'a>) -> Option<DateName<'a>> {
    let year = cursor.year()?;
    let separator = cursor.0.chars().next().filter(|&character| is_separator(character))?;
    cursor.skip();
    let month_length = cursor.run();
    let month = cursor.short()?;
    let mut after_month = Cursor(cursor.0);
    let dotted = separator == '.';
    if after_month.0.starts_with(separator) {
        after_month.skip();
        let day_length = after_month.run();
        if let Some(day) = after_month.short().filter(|&day| day > 0) {
            let date = DateName::new(year, month, day)?;
            cursor.0 = after_month.0;
            return Some(DateName {
                dotted,
                padded: dotted && month_length == 2 && day_length == 2,
                ..date
            });
        }
    }
    // Without a day only `2024-01` is plainly a date.
    if dotted || month_length != 2 {
        None
    } else {
        DateName::new(year, month, 0)
    }
}

/// A time behind a date: `-10-30-45`, `T103045Z`, `_10-30`. Nothing is taken if there is none.
fn time_behind(cursor: &mut Cursor<'_>) -> Option<[u8; 3]> {
    if !cursor
        .0
        .starts_with(|first| is_separator(first) || matches!(first, 'T' | 't'))
    {
        return None;
    }
    let mut ahead = Cursor(cursor.0);
    ahead.skip();
    let time = match ahead.run() {
        run @ (4 | 6) => time_of_run(&mut ahead, run)?,
        2 => separated_time(&mut ahead)?,
        _ => return None,
    };
    if ahead.0.starts_with(['Z', 'z']) {
        ahead.skip();
    }
    let ends = ahead.0.is_empty() || ahead.0.starts_with(is_separator);
    ends.then(|| cursor.0 = ahead.0)?;
    Some(time)
}

fn time_of_run(cursor: &mut Cursor<'_>, length: usize) -> Option<[u8; 3]> {
    let (hour, minute) = (cursor.two()?, cursor.two()?);
    let second = if length == 6 { cursor.two()? } else { 0 };
    valid_time([hour, minute, second])
}

fn separated_time(cursor: &mut Cursor<'_>) -> Option<[u8; 3]> {
    let hour = cursor.two()?;
    let minute = cursor.separated_two()?;
    let second = cursor.separated_two().unwrap_or(0);
    valid_time([hour, minute, second])
}

fn valid_time(time: [u8; 3]) -> Option<[u8; 3]> {
    let [hour, minute, second] = time.map(u32::from);
    NaiveTime::from_hms_opt(hour, minute, second).map(|_| time)
}

/// Reads digits from the front of a text.
struct Cursor<'a>(&'a str);

impl<'a> Cursor<'a> {
    /// How many digits stand in front.
    fn run(&self) -> usize {
        self.0.bytes().take_while(u8::is_ascii_digit).count()
    }

    fn take(&mut self, length: usize) -> Option<&'a str> {
        let (digits, rest) = self.0.split_at_checked(length)?;
        let all_digits = digits.bytes().all(|byte| byte.is_ascii_digit());
        all_digits.then(|| self.0 = rest)?;
        Some(digits)
    }

    fn year(&mut self) -> Option<u16> {
        self.take(4)?.parse().ok()
    }

    fn two(&mut self) -> Option<u8> {
        self.take(2)?.parse().ok()
    }

    /// A whole run of one or two digits.
    fn short(&mut self) -> Option<u8> {
        let length = self.run();
        if matches!(length, 1 | 2) {
            self.take(length)?.parse().ok()
        } else {
            None
        }
    }

    /// A separator and a whole run of two digits; nothing is taken if they are not there.
    fn separated_two(&mut self) -> Option<u8> {
        let mut ahead = Cursor(self.0);
        if !ahead.0.starts_with(|first| is_separator(first) || first == ':') {
            return None;
        }
        ahead.skip();
        let value = if ahead.run() == 2 { ahead.two() } else { None }?;
        self.0 = ahead.0;
        Some(value)
    }

    /// Passes one ASCII character.
    fn skip(&mut self) {
        self.0 = self.0.get(1..).unwrap_or_default();
    }
}
