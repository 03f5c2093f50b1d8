//! Retention policies in `settings.toml`: the same `[[policy]]` tables that `berthctl prune --policy` takes. One that
//! cannot be used, because another version of Berth wrote it or a person made a mistake, stays in the file as it is.

use std::collections::HashSet;

use changes::Policy;
use serde::{Deserialize, Serialize};

/// A saved policy: its table, and what it says, or why it cannot be used.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SavedPolicy {
    pub(crate) name: String,
    pub(crate) rules: Result<Policy, String>,
    table: toml::Table,
}

/// The part of the file that holds them.
#[derive(Default, Serialize, Deserialize)]
struct Policies {
    // An empty list would be written as a value, which cannot stand behind the tables before it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    policy: Vec<toml::Table>,
}

impl SavedPolicy {
    /// # Errors
    /// If TOML cannot hold it, which no policy causes that was read or checked.
    pub(crate) fn new(name: &str, policy: Policy) -> Result<Self, toml::ser::Error> {
        let policy = Policy {
            name: Some(name.to_owned()),
            ..policy
        };
        Ok(Self {
            name: name.to_owned(),
            table: toml::Table::try_from(&policy)?,
            rules: Ok(policy),
        })
    }

    fn read(table: toml::Table, taken: &mut HashSet<String>) -> Self {
        let name = table
            .get("name")
            .and_then(toml::Value::as_str)
            .unwrap_or_default()
            .to_owned();
        let rules = if name.trim().is_empty() {
            Err("it has no name".to_owned())
        } else if taken.insert(name.to_lowercase()) {
            parsed(table.clone())
        } else {
            Err("another policy has this name".to_owned())
        };
        Self { name, rules, table }
    }
}

fn parsed(table: toml::Table) -> Result<Policy, String> {
    let policy: Policy = toml::Value::Table(table)
        .try_into()
        .map_err(|error: toml::de::Error| error.message().trim().to_owned())?;
    policy.check().map_err(|error| error.to_string())?;
    Ok(policy)
}

/// All policies of the file's text.
pub(super) fn read(text: &str) -> Result<Vec<SavedPolicy>, toml::de::Error> {
    let mut taken = HashSet::new();
    let tables = toml::from_str::<Policies>(text)?.policy.into_iter();
    Ok(tables.map(|table| SavedPolicy::read(table, &mut taken)).collect())
}

/// Their part of the file.
pub(super) fn write(policies: &[SavedPolicy]) -> Result<String, toml::ser::Error> {
    let policy = policies.iter().map(|policy| policy.table.clone()).collect();
    toml::to_string(&Policies { policy })
}
