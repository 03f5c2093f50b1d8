//! From the arguments to the end: opens Berth, runs one verb, says what went wrong.

use std::{
    ffi::OsString,
    io::{self, Write},
};

use application::{ApplicationError, Berth, Environment, ErrorCode};
use clap::{Parser, error::ErrorKind};

use crate::{
    arguments::{Arguments, Common, Verb},
    exit::Exit,
    interrupt::until_interrupted,
    output::errors,
    progress,
    terminal::Terminal,
    verbs,
};

/// Runs berthctl with the arguments of this process.
pub(crate) fn run() -> Exit {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return refuse(&error),
    };
    let Arguments { common, verb } = arguments;
    let verb = match verb {
        Verb::Completions { shell } => return verbs::completions::write(shell),
        verb => verb,
    };
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&common, &ApplicationError::new(ErrorCode::Other, error)),
    };
    let outcome = runtime.block_on(verb_to_its_end(&common, verb));
    // A keychain that waits for a person, or a pipe that nobody writes to, holds up nothing.
    runtime.shutdown_background();
    outcome.unwrap_or_else(|problem| fail(&common, &problem))
}

async fn verb_to_its_end(common: &Common, verb: Verb) -> Result<Exit, ApplicationError> {
    let (operation, line) = progress::operation(errors::progress_is_visible(common), common.quiet);
    let cancel = operation.cancel.clone();
    let work = async {
        let (berth, notices) = open(common).await?;
        let terminal = Terminal::new(berth, common.clone(), operation, line.clone()).await?;
        for notice in &notices {
            terminal.warn_of(notice);
        }
        verbs::run(verb, &terminal).await
    };
    let outcome = until_interrupted(work, &cancel).await;
    line.clear();
    outcome
}

async fn open(common: &Common) -> Result<(Berth, Vec<ApplicationError>), ApplicationError> {
    let mut environment = Environment::of_this_process(common.data_dir.clone())?;
    environment.offline = common.offline;
    tokio::task::spawn_blocking(move || Berth::open(environment)).await?
}

/// Says what went wrong, unless a pipe was closed: who closes it has seen enough.
fn fail(common: &Common, problem: &ApplicationError) -> Exit {
    if errors::is_closed_pipe(problem) {
        return Exit::Done;
    }
    errors::report(problem, common.json);
    Exit::from(problem)
}

/// What clap has to say: help and version are results, anything else is a wrong use.
fn refuse(error: &clap::Error) -> Exit {
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        let _ = error.print();
        return Exit::Done;
    }
    let asks_for_json = |argument: OsString| argument == "--json";
    if std::env::args_os()
        .skip(1)
        .take_while(|argument| argument != "--")
        .any(asks_for_json)
    {
        errors::report(&errors::of_usage(error), true);
    } else {
        let _ = error.print();
        let _ = io::stderr().flush();
    }
    Exit::Usage
}
