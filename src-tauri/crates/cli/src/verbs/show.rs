//! `show REFERENCE`: one version.

use application::{ApplicationError, ErrorCode};

use crate::{
    arguments::Show,
    exit::Exit,
    output::version::{self, Shown},
    terminal::Terminal,
};

pub(super) async fn run(arguments: &Show, terminal: &Terminal) -> Result<Exit, ApplicationError> {
    let found = terminal.find(&arguments.reference).await?;
    let (berth, age, operation) = (&terminal.berth, terminal.max_age(), &terminal.operation);
    let (digest, report) = berth.locate(&found, age, operation).await?;
    terminal.warn_of_report(report.as_ref());
    let (connection, repository) = (&found.connection, found.need_repository()?);
    if let Err(problem) = berth
        .refresh_old_referrers(connection, repository, &digest, age, operation)
        .await
    {
        if problem.is_cancelled() || problem.code == ErrorCode::NotFound {
            return Err(problem);
        }
        terminal.warn(&format!(
            "what points at this version could not be read anew: {}",
            problem.message
        ));
    }
    let detail = berth.version(connection, repository, &digest, None).await?;
    for problem in &detail.problems {
        terminal.warn(problem);
    }
    let mut configs = Vec::new();
    for platform in &detail.platforms {
        configs.push(match &platform.config_digest {
            Some(config) => berth.config_document(config).await?,
            None => None,
        });
    }
    let shown = Shown {
        reference: found.reference(),
        detail: &detail,
        configs,
    };
    terminal.answer(&version::document(&shown), || version::text(&shown, terminal))?;
    Ok(Exit::Done)
}
