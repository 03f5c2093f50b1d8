//! Reading what is known: lists, single versions, files, search. Asks the network only where a method says so.

mod command_line;
mod detail;
mod documents;
mod files;
mod labels;
mod lists;
mod pulling;
mod search;
mod selection;
mod series;
mod tensors;

pub use command_line::TagsWanted;
pub use detail::layer_name;
pub(crate) use detail::{choose_platform, platform_name, this_platform};
pub(crate) use files::FilesViews;
pub(crate) use labels::TagLabels;
