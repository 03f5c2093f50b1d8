//! Times for people, as the window writes them: `3 d ago`, or `18 Nov 2026`.

use application::TimeStyle;
use chrono::{DateTime, Local, TimeDelta, Utc};

/// Stands where something is not known.
pub(crate) const UNKNOWN: &str = "—";

/// How times are written now.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Times {
    pub(crate) style: TimeStyle,
    pub(crate) now: DateTime<Utc>,
}

impl Times {
    /// For a list.
    pub(crate) fn short(self, time: Option<DateTime<Utc>>) -> String {
        match (time, self.style) {
            (None, _) => UNKNOWN.to_owned(),
            (Some(time), TimeStyle::Relative) => relative(time, self.now),
            (Some(time), TimeStyle::Absolute) => time.with_timezone(&Local).format("%-d %b %Y").to_string(),
        }
    }
}

fn relative(time: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let age = (now - time).abs();
    let Some(amount) = amount(age) else {
        return "just now".to_owned();
    };
    if time > now {
        format!("in {amount}")
    } else {
        format!("{amount} ago")
    }
}

/// `None`: under a minute.
fn amount(age: TimeDelta) -> Option<String> {
    let (minutes, hours, days) = (age.num_minutes(), age.num_hours(), age.num_days());
    let (value, unit) = match (minutes, hours, days) {
        (0, _, _) => return None,
        (_, 0, _) => (minutes, "min"),
        (_, _, 0) => (hours, "h"),
        (_, _, ..14) => (days, "d"),
        (_, _, ..61) => (days / 7, "wk"),
        // A month has 30.44 days, a year 365.25.
        (_, _, ..365) => (days * 100 / 3_044, "mo"),
        _ => ((days * 100 / 36_525).max(1), "yr"),
    };
    Some(format!("{value} {unit}"))
}

/// RFC 3339 in UTC, for JSON.
pub(crate) fn precise(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_are_short_and_never_too_precise() {
        let now: DateTime<Utc> = "2026-11-21T12:00:00Z".parse().expect("a fixed time");
        let ago = |seconds: i64| relative(now - TimeDelta::seconds(seconds), now);
        let day = 86_400;
        let table = [
            (59, "just now"),
            (60, "1 min ago"),
            (3_599, "59 min ago"),
            (9 * 3_600, "9 h ago"),
            (13 * day, "13 d ago"),
            (14 * day, "2 wk ago"),
            (60 * day, "8 wk ago"),
            (61 * day, "2 mo ago"),
            (364 * day, "11 mo ago"),
            (365 * day, "1 yr ago"),
            (800 * day, "2 yr ago"),
            (-3 * day, "in 3 d"),
        ];
        for (seconds, text) in table {
            assert_eq!(ago(seconds), text);
        }
    }

    #[test]
    fn json_has_utc() {
        let time: DateTime<Utc> = "2026-11-21T13:00:00+01:00".parse().expect("a fixed time");
        assert_eq!(precise(time), "2026-11-21T12:00:00Z");
    }
}
