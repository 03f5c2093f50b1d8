//! The verbs, a module each: call one use case, hand its answer to the output.

mod change;
mod channel;
mod compare;
pub(crate) mod completions;
mod connection;
mod files;
mod journal;
mod policy;
mod promote;
mod prune;
mod pull_command;
mod repositories;
mod route;
mod sample;
mod search;
mod settings;
mod show;
mod sync;
mod tags;
mod usage;

use application::ApplicationError;

use crate::{arguments::Verb, exit::Exit, terminal::Terminal};

/// Runs a verb to its end.
///
/// # Errors
/// Why it failed.
pub(crate) async fn run(verb: Verb, terminal: &Terminal) -> Result<Exit, ApplicationError> {
    match verb {
        Verb::Connection { verb } => connection::run(verb, terminal).await,
        Verb::Sync { target } => sync::run(target.as_deref(), terminal).await,
        Verb::Repositories(arguments) => repositories::run(&arguments, terminal).await,
        Verb::Tags(arguments) => tags::run(&arguments, terminal).await,
        Verb::Show(arguments) => show::run(&arguments, terminal).await,
        Verb::Search(arguments) => search::run(&arguments, terminal).await,
        Verb::Usage(arguments) => usage::run(&arguments, terminal).await,
        Verb::Files(arguments) => files::run(&arguments, terminal).await,
        Verb::PullCommand(arguments) => pull_command::run(&arguments, terminal).await,
        Verb::Compare(arguments) => compare::run(&arguments, terminal).await,
        Verb::Promote(arguments) => promote::run(arguments, terminal).await,
        Verb::Copy(arguments) => promote::copy(arguments, terminal).await,
        Verb::Prune(arguments) => prune::run(arguments, terminal).await,
        Verb::Policy { verb } => policy::run(verb, terminal).await,
        Verb::Channel { verb } => channel::run(verb, terminal).await,
        Verb::Route { verb } => route::run(verb, terminal).await,
        Verb::Journal(arguments) => journal::run(arguments, terminal).await,
        Verb::Sample { folder } => sample::run(folder.as_deref(), terminal).await,
        Verb::Settings { verb } => settings::run(verb, terminal).await,
        Verb::Completions { shell } => Ok(completions::write(shell)),
    }
}
