//! How often and how late a request is repeated. Knows which answers ask for patience, not what was asked.

use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};
use chrono::{DateTime, TimeDelta, Utc};
use reqwest::{
    StatusCode,
    header::{HeaderMap, RETRY_AFTER},
};

/// The longest wait that a registry may ask for; beyond it the request fails and says until when.
pub(crate) const PATIENCE: Duration = Duration::from_mins(15);

/// The longest wait whose end is named: beyond it a time of day would mislead, and a server may say any number.
const LONGEST_NAMED: TimeDelta = TimeDelta::hours(24);

const FIRST_DELAY: Duration = Duration::from_millis(250);
const LONGEST_DELAY: Duration = Duration::from_secs(20);

/// How often a registry may ask one request to wait, for each try that a fault has.
const RATE_LIMIT_FACTOR: u32 = 3;

/// The tries that one request has.
#[derive(Debug)]
pub(crate) struct Tries {
    faults_left: u32,
    limits_left: u32,
    delays: ExponentialBackoff,
}

impl Tries {
    /// A request that is sent at most `tries` times because of faults, and some more because of rate limits.
    pub(crate) fn new(tries: u32) -> Self {
        let delays = ExponentialBuilder::new()
            .with_min_delay(FIRST_DELAY)
            .with_max_delay(LONGEST_DELAY)
            .without_max_times()
            .with_jitter()
            .build();
        let left = tries.max(1) - 1;
        Self {
            faults_left: left,
            limits_left: left * RATE_LIMIT_FACTOR,
            delays,
        }
    }

    /// A request that is sent once: repeating it might do something twice. One that was refused for its rate did
    /// nothing, and may come again as often as with so many `tries`.
    pub(crate) fn once(tries: u32) -> Self {
        let limits_left = Self::new(tries).limits_left;
        Self {
            limits_left,
            ..Self::new(1)
        }
    }

    /// How long to wait before the next try after a fault; `None`: that was the last.
    pub(crate) fn after_fault(&mut self) -> Option<Duration> {
        self.faults_left = self.faults_left.checked_sub(1)?;
        self.delays.next()
    }

    /// The same after a 429, whose wait the registry may have named.
    pub(crate) fn after_limit(&mut self, named: Option<Duration>) -> Option<Duration> {
        self.limits_left = self.limits_left.checked_sub(1)?;
        let own = self.delays.next()?;
        // A little more than was asked for, spread out, so that not all come back in the same instant.
        Some(named.map_or(own, |named| named + own.min(Duration::from_secs(1)) / 4))
    }
}

/// Whether the status says that the same request may do better later.
pub(crate) fn is_passing(status: StatusCode) -> bool {
    match status {
        StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS => true,
        StatusCode::NOT_IMPLEMENTED | StatusCode::HTTP_VERSION_NOT_SUPPORTED => false,
        other => other.is_server_error(),
    }
}

/// The wait that an answer asks for: `Retry-After` in seconds or as a date, or Docker Hub's `X-Retry-After` (a Unix
/// time). `None` where it is missing, malformed or already over.
pub(crate) fn wait_asked_for(headers: &HeaderMap, now: DateTime<Utc>) -> Option<Duration> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    let until = |at: DateTime<Utc>| (at - now).to_std().ok();
    if let Some(value) = text(RETRY_AFTER.as_str()) {
        if let Ok(seconds) = value.parse::<u64>() {
            return Some(Duration::from_secs(seconds));
        }
        return DateTime::parse_from_rfc2822(value)
            .ok()
            .and_then(|at| until(at.to_utc()));
    }
    let seconds = text("x-retry-after")?.parse::<i64>().ok()?;
    DateTime::from_timestamp(seconds, 0).and_then(until)
}

/// When a wait that the registry asked for is over; `None` where it is absurdly long.
pub(crate) fn until_named(now: DateTime<Utc>, wait: Duration) -> Option<DateTime<Utc>> {
    let wait = TimeDelta::from_std(wait).ok().filter(|wait| *wait <= LONGEST_NAMED)?;
    now.checked_add_signed(wait)
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderValue;

    use super::*;

    fn asked(name: &'static str, value: &str) -> Option<Duration> {
        let now = DateTime::parse_from_rfc3339("2026-01-05T10:00:00Z")
            .expect("a fixed time")
            .to_utc();
        let mut headers = HeaderMap::new();
        headers.insert(name, HeaderValue::from_str(value).expect("a fixed header"));
        wait_asked_for(&headers, now)
    }

    #[test]
    fn every_form_of_retry_after() {
        assert_eq!(asked("retry-after", "7"), Some(Duration::from_secs(7)));
        assert_eq!(
            asked("retry-after", "Mon, 05 Jan 2026 10:00:30 GMT"),
            Some(Duration::from_secs(30))
        );
        assert_eq!(asked("retry-after", "Mon, 05 Jan 2026 09:00:00 GMT"), None);
        assert_eq!(asked("retry-after", "soon"), None);
        assert_eq!(asked("x-retry-after", "1767607260"), Some(Duration::from_mins(1)));
    }

    #[test]
    fn tries_end() {
        let mut tries = Tries::new(3);
        assert!(tries.after_fault().is_some() && tries.after_fault().is_some() && tries.after_fault().is_none());
        assert!(Tries::once(4).after_fault().is_none());
        let named = Tries::new(2)
            .after_limit(Some(Duration::from_secs(5)))
            .expect("a first wait");
        assert!(named >= Duration::from_secs(5) && named < Duration::from_secs(6));
    }
}
