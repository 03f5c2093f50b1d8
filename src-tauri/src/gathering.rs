//! Progress on its way to the window: a transfer tells of every piece, of which the window needs to hear ten times a
//! second. What comes in between is gathered, the last of each kind and of each step; nothing that ends is held back.

use std::{
    collections::BTreeMap,
    mem,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use application::{ByteSize, Pace, ProgressEvent, Standing};

use crate::wire::{PartProgress, Progress, ProgressPace};

/// The window hears of bytes this often at most.
const PAUSE: Duration = Duration::from_millis(100);

/// What the window has not been told yet.
pub(crate) struct Gathering(Mutex<Held>);

struct Held {
    told: Instant,
    parts: BTreeMap<usize, PartProgress>,
    bytes: Option<Progress>,
    /// Of the steps that send something.
    paces: BTreeMap<usize, Pace>,
    /// Of all bytes together.
    pace: Pace,
}

impl Gathering {
    /// `now` counts as the last time that the window heard of bytes.
    pub(crate) fn new(now: Instant) -> Self {
        Self(Mutex::new(Held {
            told: now,
            parts: BTreeMap::new(),
            bytes: None,
            paces: BTreeMap::new(),
            pace: Pace::default(),
        }))
    }

    /// Takes an event, and gives what is to be told now.
    pub(crate) fn take(&self, event: &ProgressEvent, now: Instant) -> Vec<Progress> {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match event {
            ProgressEvent::Part { place, standing } => {
                held.part(*place, *standing, now);
                if matches!(standing, Standing::Sent { .. }) && now < held.told + PAUSE {
                    return Vec::new();
                }
                held.tell(now)
            }
            ProgressEvent::Bytes { done, total } => {
                held.pace.note(*done, now);
                let pace = total.and_then(|total| ProgressPace::of(&held.pace, total));
                held.bytes = Some(Progress::Bytes {
                    done: done.bytes(),
                    total: total.map(ByteSize::bytes),
                    pace,
                });
                if *total != Some(*done) && now < held.told + PAUSE {
                    return Vec::new();
                }
                held.tell(now)
            }
            other => {
                let mut all = held.tell(now);
                all.push(other.into());
                all
            }
        }
    }
}

impl Held {
    fn part(&mut self, place: usize, standing: Standing, now: Instant) {
        let mut part = PartProgress::of(place, standing);
        if let Standing::Sent { done, total } = standing {
            let going = self.paces.entry(place).or_default();
            going.note(done, now);
            part.pace = ProgressPace::of(going, total);
        } else {
            self.paces.remove(&place);
        }
        self.parts.insert(place, part);
    }

    fn tell(&mut self, now: Instant) -> Vec<Progress> {
        self.told = now;
        let parts: Vec<PartProgress> = mem::take(&mut self.parts).into_values().collect();
        let parts = (!parts.is_empty()).then_some(Progress::Parts { parts });
        parts.into_iter().chain(self.bytes.take()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(place: usize, done: u64) -> ProgressEvent {
        let standing = Standing::Sent {
            done: ByteSize(done),
            total: ByteSize(100),
        };
        ProgressEvent::Part { place, standing }
    }

    fn told(all: &[Progress]) -> Vec<(u64, Option<u64>)> {
        let parts = all.iter().filter_map(|progress| match progress {
            Progress::Parts { parts } => Some(parts),
            _ => None,
        });
        parts.flatten().map(|part| (part.step, part.done_bytes)).collect()
    }

    #[test]
    fn pieces_are_gathered_and_the_last_of_each_step_is_told() {
        let began = Instant::now();
        let gathering = Gathering::new(began);
        for (place, done) in [(0, 1), (1, 5), (0, 9)] {
            assert!(gathering.take(&sent(place, done), began).is_empty());
        }
        let all = gathering.take(&sent(1, 6), began + PAUSE);
        assert_eq!(told(&all), [(0, Some(9)), (1, Some(6))]);
        assert!(
            gathering.take(&sent(1, 7), began + PAUSE).is_empty(),
            "the next pause has begun"
        );
    }

    #[test]
    fn bytes_and_parts_are_told_with_their_rate_and_what_is_left() {
        let began = Instant::now();
        let gathering = Gathering::new(began);
        let bytes = |done| ProgressEvent::Bytes {
            done: ByteSize(done),
            total: Some(ByteSize(4000)),
        };
        gathering.take(&sent(0, 20), began);
        gathering.take(&bytes(1000), began);
        let later = began + Duration::from_secs(1);
        let parts = gathering.take(&sent(0, 60), later);
        let rates = parts.iter().filter_map(|progress| match progress {
            Progress::Parts { parts } => parts[0].pace,
            _ => None,
        });
        let told: Vec<(u64, u64)> = rates.map(|pace| (pace.bytes_per_second, pace.seconds_left)).collect();
        assert_eq!(told, [(40, 1)]);
        let all = gathering.take(&bytes(2000), later + PAUSE);
        let Some(Progress::Bytes { pace: Some(pace), .. }) = all.last() else {
            panic!("{all:?}");
        };
        assert_eq!((pace.bytes_per_second, pace.seconds_left), (909, 3));
    }

    #[test]
    fn what_ends_is_told_at_once_with_what_was_held() {
        let began = Instant::now();
        let gathering = Gathering::new(began);
        gathering.take(&sent(0, 1), began);
        let done = ProgressEvent::Part {
            place: 2,
            standing: Standing::Done,
        };
        assert_eq!(told(&gathering.take(&done, began)), [(0, Some(1)), (2, None)]);
        gathering.take(&sent(0, 2), began);
        let all = gathering.take(&ProgressEvent::Requests(3), began);
        assert_eq!(told(&all), [(0, Some(2))]);
        assert!(matches!(all.last(), Some(Progress::Requests { count: 3 })));
    }
}
