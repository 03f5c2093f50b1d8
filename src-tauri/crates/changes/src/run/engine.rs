//! Runs the steps of a plan: side by side where nothing waits, each only after what it waits for.

use std::{collections::HashMap, sync::Arc};

use catalog::ConnectionId;
use registry::{ErrorCode, ProgressEvent};
use tokio::task::{Id, JoinError, JoinSet};

use super::{schedule::Schedule, step, work::Work};
use crate::{JournalError, journal::StepEnd};

/// So many times the steps that may send are begun: while some send, the others' marks come to disk.
const AHEAD: usize = 2;

/// How far a run came.
pub(super) struct Ended {
    /// Of each step; `None`: not started.
    pub(super) ends: Vec<Option<StepEnd>>,
    /// The person did not want it any more, and something was not done because of it.
    pub(super) cancelled: bool,
    /// Why the journal could not be written, if so.
    pub(super) failure: Option<JournalError>,
}

struct Engine {
    work: Arc<Work>,
    schedule: Schedule,
    running: JoinSet<Result<StepEnd, JournalError>>,
    places: HashMap<Id, usize>,
    under_way: HashMap<ConnectionId, usize>,
    failure: Option<JournalError>,
}

/// Runs every step that can run. Steps under way are waited for whatever happens.
pub(super) async fn run(work: Arc<Work>) -> Ended {
    let schedule = Schedule::new(&work.steps, &work.done_before);
    let mut engine = Engine {
        work,
        schedule,
        running: JoinSet::new(),
        places: HashMap::new(),
        under_way: HashMap::new(),
        failure: None,
    };
    engine.tell();
    loop {
        engine.start_what_can();
        let Some(joined) = engine.running.join_next_with_id().await else {
            break;
        };
        engine.take(joined).await;
        engine.tell();
    }
    let ends = engine.schedule.ends().to_vec();
    let cancelled = engine.work.operation.cancel.is_cancelled() && ends.iter().any(|end| *end != Some(StepEnd::Done));
    Ended {
        ends,
        cancelled,
        failure: engine.failure,
    }
}

impl Engine {
    fn start_what_can(&mut self) {
        while self.failure.is_none() && !self.work.operation.cancel.is_cancelled() {
            let (work, under_way) = (&self.work, &self.under_way);
            let has_room = |connection: &ConnectionId| {
                under_way.get(connection).copied().unwrap_or(0) < AHEAD * work.room(connection)
            };
            let Some(place) = self.schedule.next(has_room) else {
                return;
            };
            *self.under_way.entry(self.connection(place)).or_default() += 1;
            let work = Arc::clone(&self.work);
            let task = self.running.spawn(async move { step::make(&work, place).await });
            self.places.insert(task.id(), place);
        }
    }

    async fn take(&mut self, joined: Result<(Id, Result<StepEnd, JournalError>), JoinError>) {
        let (id, outcome) = match joined {
            Ok((id, outcome)) => (id, outcome),
            Err(error) => (error.id(), Ok(broken(error))),
        };
        let Some(place) = self.places.remove(&id) else {
            return;
        };
        if let Some(count) = self.under_way.get_mut(&self.connection(place)) {
            *count = count.saturating_sub(1);
        }
        match outcome {
            Ok(end) => {
                self.work.transfers.ended(place, &end);
                for (skipped, reason) in self.schedule.ended(place, end) {
                    let now = self.work.clock.now();
                    self.work
                        .transfers
                        .ended(skipped, &StepEnd::Skipped { reason: reason.clone() });
                    self.work.recorder.pass(skipped, now, reason).await;
                }
            }
            Err(failure) => {
                self.failure.get_or_insert(failure);
            }
        }
    }

    fn connection(&self, place: usize) -> ConnectionId {
        self.work.steps[place].at.connection.clone()
    }

    fn tell(&self) {
        self.work.operation.report(&ProgressEvent::Step {
            what: "steps".to_owned(),
            done: self.schedule.ended_count(),
            total: Some(self.work.steps.len() as u64),
        });
    }
}

/// The end of a step that a fault of Berth itself ended; what it did, a look at the registry tells when it is resumed.
fn broken(error: JoinError) -> StepEnd {
    let message = match error.try_into_panic() {
        Ok(payload) => panic_text(&payload),
        Err(error) => error.to_string(),
    };
    StepEnd::Failed {
        code: ErrorCode::Other.as_str().to_owned(),
        message: format!("a part of Berth failed: {message}"),
        hint: Some("this is a fault of Berth: please report it with what you did".to_owned()),
    }
}

fn panic_text(payload: &Box<dyn std::any::Any + Send>) -> String {
    payload
        .downcast_ref::<String>()
        .cloned()
        .or_else(|| payload.downcast_ref::<&str>().map(|text| (*text).to_owned()))
        .unwrap_or_default()
}
