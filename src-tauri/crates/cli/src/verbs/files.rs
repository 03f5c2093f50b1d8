//! `files REFERENCE`: without pulling to a daemon.

use application::ApplicationError;

use crate::{arguments::Files, exit::Exit, output::files, terminal::Terminal};

pub(super) async fn run(arguments: &Files, terminal: &Terminal) -> Result<Exit, ApplicationError> {
    let found = terminal.find(&arguments.reference).await?;
    let (digest, report) = terminal
        .berth
        .locate(&found, terminal.max_age(), &terminal.operation)
        .await?;
    terminal.warn_of_report(report.as_ref());
    let (connection, repository) = (&found.connection, found.need_repository()?);
    let (platform, layer) = (arguments.platform.as_deref(), arguments.layer.as_deref());
    let listed = terminal
        .berth
        .listed_files(connection, repository, &digest, platform, layer, &terminal.operation)
        .await?;
    if let Some(warning) = &listed.warning {
        terminal.warn(warning);
    }
    terminal.answer(&files::documents(&listed.files), || {
        files::table_of(&listed.files, terminal)
    })?;
    Ok(Exit::Done)
}
