//! How far a run is: steps done, and bytes of all transfers together.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use artifact::ByteSize;
use registry::{Operation, Progress, ProgressEvent, Standing};

use crate::{Action, Step, journal::StepEnd};

/// The transfers of a run, which report together.
pub(super) struct Transfers {
    sum: Arc<Sum>,
}

struct Sum {
    above: Arc<dyn Progress>,
    total: ByteSize,
    /// Bytes of each step so far.
    sent: Mutex<HashMap<usize, ByteSize>>,
}

/// One step's reports.
struct Part {
    place: usize,
    sum: Arc<Sum>,
}

impl Transfers {
    pub(super) fn new(steps: &[Step], operation: &Operation) -> Self {
        let copies = steps
            .iter()
            .filter(|step| matches!(step.action, Action::CopyBlob { .. }));
        Self {
            sum: Arc::new(Sum {
                above: Arc::clone(&operation.progress),
                total: copies.map(|step| step.bytes).sum(),
                sent: Mutex::default(),
            }),
        }
    }

    /// The operation of one transfer: cancelled with the whole, its bytes told as part of the whole.
    pub(super) fn part(&self, place: usize, operation: &Operation) -> Operation {
        let mut part = operation.child();
        part.progress = Arc::new(Part {
            place,
            sum: Arc::clone(&self.sum),
        });
        part
    }

    /// Tells that a step ended, and how.
    pub(super) fn ended(&self, place: usize, end: &StepEnd) {
        let standing = match end {
            StepEnd::Done => Standing::Done,
            StepEnd::Failed { .. } => Standing::Failed,
            StepEnd::Skipped { .. } => Standing::Skipped,
        };
        self.sum.above.report(&ProgressEvent::Part { place, standing });
    }

    /// Notes what became of a transfer: whether it was sent or found there, its bytes are dealt with.
    pub(super) fn end(&self, place: usize, size: ByteSize) {
        self.sum.tell(place, size);
    }
}

impl Sum {
    fn tell(&self, place: usize, bytes: ByteSize) {
        let mut sent = self.sent.lock().unwrap_or_else(PoisonError::into_inner);
        sent.insert(place, bytes);
        let done = sent.values().copied().sum();
        drop(sent);
        self.above.report(&ProgressEvent::Bytes {
            done,
            total: Some(self.total.max(done)),
        });
    }
}

impl Progress for Part {
    fn report(&self, event: &ProgressEvent) {
        match event {
            ProgressEvent::Sent { done, total, .. } => {
                self.sum.tell(self.place, *done);
                self.sum.above.report(&ProgressEvent::Part {
                    place: self.place,
                    standing: Standing::Sent {
                        done: *done,
                        total: *total,
                    },
                });
            }
            // What is read is sent at once and told then.
            ProgressEvent::Bytes { .. } => {}
            other => self.sum.above.report(other),
        }
    }
}
