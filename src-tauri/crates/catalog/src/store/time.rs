//! Times as the index keeps them: milliseconds since 1970 in UTC.

use chrono::{DateTime, Utc};

pub(crate) fn milliseconds(time: DateTime<Utc>) -> i64 {
    time.timestamp_millis()
}

/// `None` for a number that no calendar holds.
pub(crate) fn time(milliseconds: i64) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp_millis(milliseconds)
}
