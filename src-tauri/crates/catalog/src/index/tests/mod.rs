//! What the index answers, over content that was read from a registry in memory.

mod content;
mod forgetting;
mod opening;
mod tidying;
mod usage;
