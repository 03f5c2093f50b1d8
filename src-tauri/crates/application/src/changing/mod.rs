//! What a person changes: a request becomes a plan from what was read anew, is shown, and is carried out as it was shown.

mod backing_up;
mod carry_out;
mod channels;
mod deleting;
mod exporting;
mod history;
mod moving;
mod naming;
mod planning;
mod policies;
mod promising;
mod routes;
mod shown;

pub use history::JournalFilter;
pub(crate) use planning::KeptPlans;
pub use planning::{Confirmed, Planned};
