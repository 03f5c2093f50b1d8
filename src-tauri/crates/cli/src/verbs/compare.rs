//! `compare REFERENCE REFERENCE…`: what differs, without pulling.

use application::{ApplicationError, ComparisonPart, ContentsWanted, VersionAt};

use crate::{arguments::Compare, exit::Exit, output::comparison, terminal::Terminal};

pub(super) async fn run(arguments: &Compare, terminal: &Terminal) -> Result<Exit, ApplicationError> {
    let mut versions = Vec::with_capacity(arguments.references.len());
    for reference in &arguments.references {
        versions.push(version(reference, arguments, terminal).await?);
    }
    let parts = parts(arguments);
    let mut answer = terminal.berth.compare(versions, 0).await?;
    if parts.contains(&ComparisonPart::Tensors) {
        let found = terminal
            .berth
            .compare_tensors(&answer, arguments.stream, &terminal.operation)
            .await?;
        answer.tensors = Some(found);
    }
    let wanted = ContentsWanted {
        files: parts.contains(&ComparisonPart::Files),
        packages: parts.contains(&ComparisonPart::Packages),
    };
    if wanted.files || wanted.packages {
        let found = terminal
            .berth
            .compare_contents(&answer, wanted, &terminal.operation)
            .await?;
        answer.contents = Some(found);
    }
    let of_contents = answer.contents.iter().flat_map(|contents| &contents.problems);
    let of_tensors = answer.tensors.iter().flat_map(|tensors| &tensors.problems);
    for problem in answer.problems.iter().chain(of_tensors).chain(of_contents) {
        terminal.warn(problem);
    }
    let report = || answer.report(&parts, terminal.units());
    if arguments.markdown {
        terminal.answer(&report().markdown(), || report().markdown())?;
    } else {
        let document = comparison::document(&answer, &parts);
        terminal.answer(&document, || comparison::text(&report()))?;
    }
    let differs = if arguments.only.is_empty() {
        !answer.comparison.same
    } else {
        parts.iter().any(|part| answer.differs(*part))
    };
    // What was not read may differ.
    let unread = answer.tensors.as_ref().is_some_and(|tensors| !tensors.complete);
    if unread && arguments.exit_code && !differs {
        return Ok(Exit::Part);
    }
    Ok(if arguments.exit_code && differs {
        Exit::Different
    } else {
        Exit::Done
    })
}

async fn version(reference: &str, arguments: &Compare, terminal: &Terminal) -> Result<VersionAt, ApplicationError> {
    let found = terminal.find(reference).await?;
    let (digest, report) = terminal
        .berth
        .locate(&found, terminal.max_age(), &terminal.operation)
        .await?;
    terminal.warn_of_report(report.as_ref());
    Ok(VersionAt {
        repository: found.need_repository()?.clone(),
        connection: found.connection,
        digest,
        tag: found.tag,
        platform: arguments.platform.clone(),
    })
}

/// Those of `--only`; else what is known without reading, and what a flag asks for.
fn parts(arguments: &Compare) -> Vec<ComparisonPart> {
    let is_wanted = |part: &ComparisonPart| match part {
        _ if arguments.only.iter().any(|word| ComparisonPart::from(*word) == *part) => true,
        ComparisonPart::Tensors => arguments.tensors,
        ComparisonPart::Files => arguments.files,
        ComparisonPart::Packages => arguments.packages,
        _ => arguments.only.is_empty(),
    };
    ComparisonPart::ALL.into_iter().filter(is_wanted).collect()
}
