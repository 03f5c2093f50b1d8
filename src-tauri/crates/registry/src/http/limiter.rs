//! How many requests go to one host side by side: more while it answers well, fewer when it asks for mercy.
//!
//! Knows nothing of HTTP; the caller says how each request went.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Instant,
};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Where a host starts; doubles with each round of good answers.
const FIRST_LIMIT: usize = 8;

/// The limit of one host: additive increase, multiplicative decrease, after a doubling start.
#[derive(Debug)]
pub(crate) struct Limiter {
    seats: Arc<Semaphore>,
    limit: AtomicUsize,
    maximum: usize,
    paused: AtomicBool,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    /// Seats to take away as they come back.
    debt: usize,
    /// Until the first trouble every good answer adds a seat.
    starting: bool,
    /// Good answers since the limit last changed.
    answered: usize,
    /// Counts decreases: of many requests that failed together only the first halves the limit.
    epoch: u64,
    paused_until: Option<Instant>,
}

/// The right to have one request under way.
#[derive(Debug)]
pub(crate) struct Seat {
    permit: Option<OwnedSemaphorePermit>,
    epoch: u64,
    limiter: Arc<Limiter>,
}

impl Limiter {
    /// A limiter that allows at most `maximum` requests side by side.
    pub(crate) fn new(maximum: usize) -> Self {
        let maximum = maximum.max(1);
        let limit = FIRST_LIMIT.min(maximum);
        Self {
            seats: Arc::new(Semaphore::new(limit)),
            limit: AtomicUsize::new(limit),
            maximum,
            paused: AtomicBool::new(false),
            state: Mutex::new(State {
                debt: 0,
                starting: true,
                answered: 0,
                epoch: 0,
                paused_until: None,
            }),
        }
    }

    /// Waits for a seat. Does not look at pauses: see [`Limiter::paused_until`].
    pub(crate) async fn seat(self: &Arc<Self>) -> Seat {
        // The semaphore is never closed; were it, going on without a seat is better than not going on.
        let permit = Arc::clone(&self.seats).acquire_owned().await.ok();
        let epoch = self.state().epoch;
        Seat {
            permit,
            epoch,
            limiter: Arc::clone(self),
        }
    }

    /// Until when the host asked to be left alone, if that is still ahead.
    pub(crate) fn paused_until(&self) -> Option<Instant> {
        if !self.paused.load(Ordering::Acquire) {
            return None;
        }
        let mut state = self.state();
        let until = state.paused_until.filter(|until| *until > Instant::now());
        if until.is_none() {
            state.paused_until = None;
            self.paused.store(false, Ordering::Release);
        }
        until
    }

    /// Lets nobody begin a request before `until`.
    pub(crate) fn pause(&self, until: Instant) {
        let mut state = self.state();
        state.paused_until = Some(state.paused_until.map_or(until, |before| before.max(until)));
        self.paused.store(true, Ordering::Release);
    }

    /// How many requests may be under way now.
    pub(crate) fn limit(&self) -> usize {
        self.limit.load(Ordering::Relaxed)
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn grow(&self) {
        let mut state = self.state();
        let limit = self.limit();
        if limit >= self.maximum {
            return;
        }
        state.answered += 1;
        if !state.starting && state.answered < limit {
            return;
        }
        state.answered = 0;
        self.limit.store(limit + 1, Ordering::Relaxed);
        if state.debt > 0 {
            state.debt -= 1;
        } else {
            self.seats.add_permits(1);
        }
    }

    fn shrink(&self, epoch: u64) {
        let mut state = self.state();
        state.starting = false;
        if epoch != state.epoch {
            return;
        }
        state.epoch += 1;
        state.answered = 0;
        let limit = self.limit();
        let smaller = (limit / 2).max(1);
        self.limit.store(smaller, Ordering::Relaxed);
        let gone = self.seats.forget_permits(limit - smaller);
        state.debt += limit - smaller - gone;
    }
}

impl Seat {
    /// The host answered this request well.
    pub(crate) fn went_well(&self) {
        if self.limiter.limit() < self.limiter.maximum {
            self.limiter.grow();
        }
    }

    /// The host asked for fewer requests, or did not keep up.
    pub(crate) fn was_too_much(&self) {
        self.limiter.shrink(self.epoch);
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let Some(permit) = self.permit.take() else { return };
        let mut state = self.limiter.state();
        if state.debt > 0 {
            state.debt -= 1;
            permit.forget();
        }
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt;

    use super::*;

    fn free(limiter: &Arc<Limiter>) -> usize {
        let mut seats = Vec::new();
        while let Some(seat) = limiter.seat().now_or_never() {
            seats.push(seat);
        }
        seats.len()
    }

    #[test]
    fn grows_to_its_maximum_and_not_beyond() {
        let limiter = Arc::new(Limiter::new(32));
        assert_eq!(free(&limiter), FIRST_LIMIT);
        for _ in 0..100 {
            limiter.seat().now_or_never().expect("a free seat").went_well();
        }
        assert_eq!((limiter.limit(), free(&limiter)), (32, 32));
    }

    #[test]
    fn failures_that_happen_together_halve_the_limit_once() {
        let limiter = Arc::new(Limiter::new(8));
        let seats: Vec<_> = (0..8)
            .map(|_| limiter.seat().now_or_never().expect("a free seat"))
            .collect();
        for seat in &seats {
            seat.was_too_much();
        }
        assert_eq!(limiter.limit(), 4);
        drop(seats);
        assert_eq!(free(&limiter), 4);
    }

    #[test]
    fn never_shrinks_to_nothing_and_recovers_slowly() {
        let limiter = Arc::new(Limiter::new(4));
        for _ in 0..10 {
            limiter.seat().now_or_never().expect("a free seat").was_too_much();
        }
        assert_eq!(free(&limiter), 1);
        limiter.seat().now_or_never().expect("a free seat").went_well();
        assert_eq!(limiter.limit(), 2);
        limiter.seat().now_or_never().expect("a free seat").went_well();
        assert_eq!(limiter.limit(), 2, "after trouble a whole round is needed for one more");
        limiter.seat().now_or_never().expect("a free seat").went_well();
        assert_eq!((limiter.limit(), free(&limiter)), (3, 3));
    }

    #[test]
    fn a_pause_is_seen_until_it_is_over() {
        let limiter = Limiter::new(4);
        let soon = Instant::now() + std::time::Duration::from_mins(1);
        limiter.pause(soon);
        limiter.pause(Instant::now());
        assert_eq!(limiter.paused_until(), Some(soon));
        let over = Limiter::new(4);
        over.pause(Instant::now());
        assert_eq!(over.paused_until(), None);
    }
}
