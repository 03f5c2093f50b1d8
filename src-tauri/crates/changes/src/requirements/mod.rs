//! What a channel asks for before a version may move there, and whether a version has it.
//!
//! Evidence is read through [`registry::Registry`]; judging it is pure. Must not depend on plans.

mod check;
mod evidence;
mod requirement;
#[cfg(test)]
mod tests;

pub use check::{Confirmation, RequirementOutcome, check_requirements, require_all};
pub use evidence::{Evidence, FoundSignature, read_evidence};
pub use requirement::{Comparison, MetricBound, MetricBoundError, Requirement};
