//! What goes wrong in a registry in memory: refusals, silence, changes by others, and the end of the program.

use std::{
    fmt,
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, Ordering},
    },
};

use registry::{Operation, Place, RegistryError};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::state::State;

type Deed = Box<dyn FnOnce(&mut State) + Send>;

#[derive(Default)]
pub(super) struct Faults {
    plan: Mutex<Plan>,
    pub(super) reached: Notify,
}

#[derive(Default)]
struct Plan {
    refused: Vec<(String, usize, RegistryError)>,
    held: Vec<String>,
    deeds: Vec<(String, Deed)>,
    asked: Vec<String>,
    fuse: Option<Fuse>,
}

/// Ends a program after a number of moments, as a kill does: whoever comes to a later one never goes on.
#[derive(Clone)]
pub(crate) struct Fuse {
    left: Arc<AtomicI64>,
    blown: CancellationToken,
}

impl Fuse {
    pub(crate) fn after(moments: i64) -> Self {
        Self {
            left: Arc::new(AtomicI64::new(moments)),
            blown: CancellationToken::new(),
        }
    }

    /// Answers whether the program is dead.
    pub(crate) fn burn(&self) -> bool {
        if self.left.fetch_sub(1, Ordering::SeqCst) > 0 {
            return false;
        }
        self.blown.cancel();
        true
    }

    pub(crate) async fn blown(&self) {
        self.blown.cancelled().await;
    }
}

impl Faults {
    fn plan(&self) -> std::sync::MutexGuard<'_, Plan> {
        self.plan.lock().expect("no test panicked")
    }

    pub(super) fn refuse(&self, part: &str, times: usize, error: RegistryError) {
        self.plan().refused.push((part.to_owned(), times, error));
    }

    pub(super) fn hold(&self, part: &str) {
        self.plan().held.push(part.to_owned());
    }

    pub(super) fn before(&self, part: &str, deed: impl FnOnce(&mut State) + Send + 'static) {
        self.plan().deeds.push((part.to_owned(), Box::new(deed)));
    }

    pub(super) fn set_fuse(&self, fuse: Fuse) {
        self.plan().fuse = Some(fuse);
    }

    pub(super) fn clear(&self) {
        *self.plan() = Plan::default();
    }

    pub(super) fn clear_but_account(&self) {
        let mut plan = self.plan();
        let asked = std::mem::take(&mut plan.asked);
        *plan = Plan {
            asked,
            ..Plan::default()
        };
    }

    pub(super) fn asked(&self, beginning: &str) -> Vec<String> {
        let plan = self.plan();
        plan.asked
            .iter()
            .filter(|asked| asked.starts_with(beginning))
            .cloned()
            .collect()
    }

    /// A moment at which the program may end.
    pub(super) async fn moment(&self) {
        let fuse = self.plan().fuse.clone();
        if fuse.is_some_and(|fuse| fuse.burn()) {
            std::future::pending::<()>().await;
        }
    }

    /// A question comes in.
    pub(super) async fn ask(
        &self,
        question: &str,
        state: &Mutex<State>,
        operation: &Operation,
    ) -> Result<(), RegistryError> {
        operation.check()?;
        self.moment().await;
        // Others get their turn, as they do over a network.
        tokio::task::yield_now().await;
        let (deed, holds, refusal) = self.plan().take(question);
        if let Some(deed) = deed {
            deed(&mut state.lock().expect("no test panicked"));
        }
        if holds {
            self.reached.notify_one();
            operation.or_cancelled(std::future::pending::<()>()).await?;
        }
        refusal.map_or(Ok(()), Err)
    }
}

impl Plan {
    fn take(&mut self, question: &str) -> (Option<Deed>, bool, Option<RegistryError>) {
        self.asked.push(question.to_owned());
        let deed = self.deeds.iter().position(|(part, _)| question.contains(part.as_str()));
        let deed = deed.map(|place| self.deeds.remove(place).1);
        let holds = self.held.iter().any(|part| question.contains(part.as_str()));
        let mut refusals = self.refused.iter_mut();
        let refusal = refusals.find(|(part, times, _)| *times > 0 && question.contains(part.as_str()));
        let refusal = refusal.map(|(_, times, error)| {
            *times -= 1;
            error.clone()
        });
        (deed, holds, refusal)
    }
}

impl fmt::Debug for Faults {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Faults")
    }
}

pub(super) fn place(subject: &str) -> Place {
    Place::registry("registry.test").with(subject)
}

pub(crate) fn denied() -> RegistryError {
    RegistryError::Denied {
        place: place("team/model"),
        action: "delete",
        reason: "not yours".to_owned(),
    }
}

pub(crate) fn unreachable() -> RegistryError {
    RegistryError::Unreachable {
        place: place("team/model"),
        reason: "connection reset".to_owned(),
        hint: None,
    }
}

pub(crate) fn unsupported() -> RegistryError {
    RegistryError::Unsupported {
        place: place("team/model"),
        what: "deleting".to_owned(),
        hint: Some("the administrator has to set REGISTRY_STORAGE_DELETE_ENABLED=true"),
    }
}
