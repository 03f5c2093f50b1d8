//! Which layers are being read at the moment, so that nobody streams one twice.
//!
//! Knows digests and results; nothing of registries or parsers.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, PoisonError, Weak},
};

use artifact::{Digest, LayerContents};

/// The layers that are being read, and those whose contents somebody still holds. All clones are one.
#[derive(Clone, Default)]
pub struct Flights {
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    turns: HashMap<Digest, Weak<Turn>>,
    held: HashMap<Digest, Weak<LayerContents>>,
}

/// Who holds this lock reads the layer; everybody else waits for it and then finds what was read.
pub(super) type Turn = tokio::sync::Mutex<()>;

impl Flights {
    /// The lock of a layer.
    pub(super) fn turn(&self, layer: &Digest) -> Arc<Turn> {
        self.with(|state| {
            if let Some(turn) = state.turns.get(layer).and_then(Weak::upgrade) {
                return turn;
            }
            state.turns.retain(|_, turn| turn.strong_count() > 0);
            let turn = Arc::new(Turn::default());
            state.turns.insert(layer.clone(), Arc::downgrade(&turn));
            turn
        })
    }

    /// Contents that somebody holds.
    pub(super) fn held(&self, layer: &Digest) -> Option<Arc<LayerContents>> {
        self.with(|state| state.held.get(layer).and_then(Weak::upgrade))
    }

    /// Remembers contents for as long as somebody holds them.
    pub(super) fn hold(&self, layer: &Digest, contents: &Arc<LayerContents>) {
        self.with(|state| {
            state.held.retain(|_, contents| contents.strong_count() > 0);
            state.held.insert(layer.clone(), Arc::downgrade(contents));
        });
    }

    fn with<T>(&self, work: impl FnOnce(&mut State) -> T) -> T {
        work(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl fmt::Debug for Flights {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Flights").finish_non_exhaustive()
    }
}
