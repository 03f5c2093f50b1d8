//! `policy list`, `show`, `export`, `import`, `remove`.

use application::{ApplicationError, NamedPolicy, RuleFlags};

use crate::{
    arguments::PolicyVerb,
    exit::Exit,
    output::{
        policies::Policy,
        tables::{Column, facts, section, table},
    },
    terminal::Terminal,
};

pub(super) async fn run(verb: PolicyVerb, terminal: &Terminal) -> Result<Exit, ApplicationError> {
    match verb {
        PolicyVerb::List => list(terminal).await,
        PolicyVerb::Show { name } => show(&name, terminal).await,
        PolicyVerb::Export { names } => export(&names, terminal).await,
        PolicyVerb::Import { file, replace } => {
            let names = terminal.berth.import_policies(&file, replace).await.map_err(|error| {
                let is_taken = error.code == application::ErrorCode::Conflict;
                if is_taken {
                    error.with_hint("add --replace, or rename them in the file")
                } else {
                    error
                }
            })?;
            terminal.answer(&names, || names.join("\n") + "\n")?;
            Ok(Exit::Done)
        }
        PolicyVerb::Remove { name } => {
            terminal.berth.remove_policy(&name).await?;
            terminal.answer(&serde_json::json!({ "removed": name }), || format!("removed {name}\n"))?;
            Ok(Exit::Done)
        }
    }
}

async fn list(terminal: &Terminal) -> Result<Exit, ApplicationError> {
    const COLUMNS: [Column; 4] = [
        Column::Left("NAME"),
        Column::Left("REPOSITORIES"),
        Column::Right("COVERS"),
        Column::Left("RULES"),
    ];
    let policies = terminal.berth.policies().await?;
    let document: Vec<Policy> = policies.iter().map(Policy::of).collect();
    terminal.answer(&document, || {
        let lines = policies.iter().map(|policy| {
            vec![
                policy.name.clone(),
                policy.patterns.join(", "),
                policy.covers.len().to_string(),
                said(policy),
            ]
        });
        table(&COLUMNS, lines)
    })?;
    Ok(Exit::Done)
}

async fn show(name: &str, terminal: &Terminal) -> Result<Exit, ApplicationError> {
    const COLUMNS: [Column; 2] = [Column::Left("COVERS"), Column::Right("TAGS")];
    let policy = terminal.berth.policy(name).await?;
    terminal.answer(&Policy::of(&policy), || {
        let head = facts(
            &[
                ("name", policy.name.clone()),
                ("repositories", policy.patterns.join(", ")),
                ("rules", said(&policy)),
            ],
            "",
        );
        let lines = policy.covers.iter().map(|covered| {
            let name = format!("{}/{}", covered.connection_name, covered.at.repository);
            vec![name, covered.tags.to_string()]
        });
        head + &section("", &table(&COLUMNS, lines)).replacen("\n\n", "\n", 1)
    })?;
    Ok(Exit::Done)
}

async fn export(names: &[String], terminal: &Terminal) -> Result<Exit, ApplicationError> {
    let text = terminal.berth.export_policies(names).await?;
    terminal.answer(&serde_json::json!({ "toml": text }), || text.clone())?;
    Ok(Exit::Done)
}

/// The rules as flags of `prune`, or why there are none.
fn said(policy: &NamedPolicy) -> String {
    match (&policy.rules, &policy.problem) {
        (Some(rules), _) => flags(rules),
        (None, Some(problem)) => format!("cannot be used: {problem}"),
        (None, None) => String::new(),
    }
}

fn flags(rules: &RuleFlags) -> String {
    let valued = [
        ("--match", rules.matching.clone()),
        ("--keep-last", rules.keep_last.map(|count| count.to_string())),
        (
            "--keep-last-releases",
            rules.keep_last_releases.map(|count| count.to_string()),
        ),
        ("--group-by", rules.group_by.clone()),
        ("--older-than", rules.older_than.clone()),
        ("--not-pulled-for", rules.not_pulled_for.clone()),
    ];
    let kept = rules.keep.iter().map(|pattern| format!("--keep {pattern}"));
    let switches = [
        ("--keep-semver", rules.keep_semver),
        ("--untagged", rules.untagged),
        ("--each-tag", rules.each_tag),
    ];
    let valued = valued
        .into_iter()
        .filter_map(|(flag, value)| Some(format!("{flag} {}", value?)));
    let switches = switches
        .into_iter()
        .filter(|(_, on)| *on)
        .map(|(flag, _)| flag.to_owned());
    valued.chain(kept).chain(switches).collect::<Vec<_>>().join(" ")
}
