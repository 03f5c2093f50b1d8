//! A length of time as people write it: `30d`, `12h`, `4w`.

use std::{fmt, str::FromStr};

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A length of time in the unit that it was written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    count: u32,
    unit: Unit,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unit {
    Seconds,
    Minutes,
    Hours,
    Days,
    Weeks,
}

/// Why text is no period.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no length of time")]
pub struct PeriodError(String);

pub(super) const PERIOD_HINT: &str =
    "write a number with s, min, h, d or w, such as 12h, 30d or 4w; months and years have no fixed length";

impl PeriodError {
    /// What to do next, in a sentence.
    pub const fn hint(&self) -> &'static str {
        PERIOD_HINT
    }
}

impl Unit {
    const ALL: [Self; 5] = [Self::Seconds, Self::Minutes, Self::Hours, Self::Days, Self::Weeks];

    /// A plain `m` is missing on purpose: some read it as minutes, others as months.
    const fn as_str(self) -> &'static str {
        match self {
            Self::Seconds => "s",
            Self::Minutes => "min",
            Self::Hours => "h",
            Self::Days => "d",
            Self::Weeks => "w",
        }
    }
}

impl Period {
    /// So many days.
    pub const fn days(count: u32) -> Self {
        Self {
            count,
            unit: Unit::Days,
        }
    }

    /// The moment that lies this long before `now`; none where no calendar reaches.
    pub fn before(self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let count = i64::from(self.count);
        let length = match self.unit {
            Unit::Seconds => TimeDelta::try_seconds(count),
            Unit::Minutes => TimeDelta::try_minutes(count),
            Unit::Hours => TimeDelta::try_hours(count),
            Unit::Days => TimeDelta::try_days(count),
            Unit::Weeks => TimeDelta::try_weeks(count),
        };
        now.checked_sub_signed(length?)
    }
}

impl FromStr for Period {
    type Err = PeriodError;

    fn from_str(text: &str) -> Result<Self, PeriodError> {
        let trimmed = text.trim();
        let split = trimmed.bytes().take_while(u8::is_ascii_digit).count();
        let (digits, suffix) = trimmed.split_at(split);
        let unit = Unit::ALL.into_iter().find(|unit| unit.as_str() == suffix);
        match (digits.parse(), unit) {
            (Ok(count), Some(unit)) => Ok(Self { count, unit }),
            _ => Err(PeriodError(text.chars().take(40).collect())),
        }
    }
}

impl fmt::Display for Period {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}{}", self.count, self.unit.as_str())
    }
}

impl Serialize for Period {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Period {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}
