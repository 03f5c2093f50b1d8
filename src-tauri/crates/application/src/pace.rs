//! How fast a transfer goes: bytes in a second over the last seconds, and how long the rest takes by that.
//!
//! For the window and the terminal alike. Reads no clock: who notes something says when it was.

use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};

use artifact::ByteSize;

/// Over this a rate is taken: over less it jumps, over more it lies after a stall.
const SPAN: Duration = Duration::from_secs(5);
/// Before so much has passed a rate would be a guess.
const SOONEST: Duration = Duration::from_millis(400);
/// What is noted closer together counts as one.
const GRAIN: Duration = Duration::from_millis(50);

/// How much of something was done at which moments of the last seconds.
#[derive(Clone, Debug, Default)]
pub struct Pace {
    /// The oldest first.
    samples: VecDeque<(Instant, ByteSize)>,
}

impl Pace {
    /// So much is done by now.
    pub fn note(&mut self, done: ByteSize, now: Instant) {
        // An upload that has to begin again goes back: what was measured before says nothing any more.
        if self.samples.back().is_some_and(|(_, before)| *before > done) {
            self.samples.clear();
        }
        let before_last = self
            .samples
            .len()
            .checked_sub(2)
            .and_then(|place| self.samples.get(place));
        if before_last.is_some_and(|(at, _)| now.duration_since(*at) < GRAIN) {
            self.samples.pop_back();
        }
        self.samples.push_back((now, done));
        // After a stall the last moment before it stays: else nothing could be told.
        while self.samples.len() > 2
            && self
                .samples
                .front()
                .is_some_and(|(at, _)| now.duration_since(*at) > SPAN)
        {
            self.samples.pop_front();
        }
    }

    /// Bytes in a second; `None` while that is not known, or nothing comes.
    pub fn per_second(&self) -> Option<ByteSize> {
        let (Some((began, first)), Some((ended, last))) = (self.samples.front(), self.samples.back()) else {
            return None;
        };
        let milliseconds = u64::try_from(ended.duration_since(*began).as_millis()).ok()?;
        let bytes = last.0.saturating_sub(first.0);
        let enough = Duration::from_millis(milliseconds) >= SOONEST && bytes > 0;
        enough.then(|| ByteSize(bytes.saturating_mul(1000) / milliseconds.max(1)))
    }

    /// How long the rest of `total` takes at this rate.
    pub fn left(&self, total: ByteSize) -> Option<Duration> {
        let rate = self.per_second().filter(|rate| rate.0 > 0)?;
        let (_, done) = self.samples.back()?;
        Some(Duration::from_secs(total.0.saturating_sub(done.0).div_ceil(rate.0)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noted(all: &[(u64, u64)]) -> Pace {
        let began = Instant::now();
        let mut pace = Pace::default();
        for (milliseconds, done) in all {
            pace.note(ByteSize(*done), began + Duration::from_millis(*milliseconds));
        }
        pace
    }

    fn rate(all: &[(u64, u64)]) -> Option<u64> {
        noted(all).per_second().map(|rate| rate.0)
    }

    #[test]
    fn a_rate_is_taken_over_the_last_seconds() {
        assert_eq!(rate(&[(100, 100)]), None);
        assert_eq!(rate(&[(0, 100), (100, 600)]), None, "too soon to say");
        assert_eq!(rate(&[(0, 100), (1000, 600)]), Some(500));
        let faster: Vec<(u64, u64)> = (0..=20)
            .map(|second: u64| (second * 1000, second.min(10) * 1000 + second.saturating_sub(10) * 3000))
            .collect();
        assert_eq!(rate(&faster), Some(3000));
    }

    #[test]
    fn what_begins_again_is_measured_anew() {
        assert_eq!(rate(&[(0, 100), (1000, 600), (1500, 50)]), None);
        assert_eq!(rate(&[(0, 100), (1000, 600), (1500, 50), (2500, 150)]), Some(100));
    }

    #[test]
    fn after_a_stall_the_rate_is_low_and_not_unknown() {
        assert_eq!(rate(&[(0, 0), (1000, 1000), (9000, 5000)]), Some(500));
    }

    #[test]
    fn however_often_it_is_noted_little_is_kept() {
        let often: Vec<(u64, u64)> = (0..20_000).map(|millisecond| (millisecond, millisecond * 10)).collect();
        let pace = noted(&often);
        assert!(pace.samples.len() <= 104, "{}", pace.samples.len());
        assert_eq!(pace.per_second(), Some(ByteSize(10_000)));
    }

    #[test]
    fn what_is_left_takes_as_long_as_the_rate_says() {
        assert_eq!(
            noted(&[(0, 100), (1000, 600)]).left(ByteSize(1600)),
            Some(Duration::from_secs(2))
        );
        assert_eq!(
            noted(&[(0, 100), (1000, 600)]).left(ByteSize(600)),
            Some(Duration::ZERO)
        );
        assert_eq!(noted(&[(0, 100)]).left(ByteSize(600)), None);
    }
}
