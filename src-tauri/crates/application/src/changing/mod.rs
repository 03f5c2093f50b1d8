//! What a person changes: a request becomes a plan from what was read anew, is shown, and is carried out as it was shown.

mod carry_out;
mod channels;
mod deleting;
mod history;
mod naming;
mod planning;
mod shown;

pub use history::JournalFilter;
pub use planning::Planned;
pub(crate) use planning::KeptPlans;
