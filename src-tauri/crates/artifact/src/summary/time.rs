//! When something was made, as far as its writer can be believed.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, TimeDelta, Utc};

/// Clocks of build machines differ; this far ahead is still now.
const CLOCK_SKEW: TimeDelta = TimeDelta::minutes(5);

/// The first of these times that can be believed. Reproducible builds write the year 1, 1970-01-01 or 1980-01-01; the
/// future is a wrong clock.
pub(super) fn first_believable(
    times: impl IntoIterator<Item = Option<DateTime<Utc>>>,
    now: DateTime<Utc>,
) -> Option<DateTime<Utc>> {
    times.into_iter().flatten().find(|&time| is_believable(time, now))
}

/// The time in the annotations, believable or not.
pub(super) fn annotated(annotations: &BTreeMap<String, String>) -> Option<DateTime<Utc>> {
    let text = annotations.get("org.opencontainers.image.created")?;
    DateTime::parse_from_rfc3339(text.trim())
        .ok()
        .map(|time| time.with_timezone(&Utc))
}

fn is_believable(time: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    let is_filler = match time.year() {
        1970 | 1980 => time.ordinal() == 1,
        year => year < 1970,
    };
    // The skew is taken off the one that cannot be extreme.
    !is_filler && now.checked_add_signed(CLOCK_SKEW).is_none_or(|latest| time <= latest)
}
