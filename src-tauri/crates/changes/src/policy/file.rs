//! Policies as TOML. A typo is found with its place: unknown keys by a walk over all keys before anything is read.

use std::ops::Range;

use serde::{Deserialize, Serialize};
use toml::{
    Spanned,
    de::{DeTable, DeValue, Error},
};

use super::{
    Policy, PolicyError, PolicySet,
    pattern::{EXPRESSION_HINT, PATTERN_HINT},
    period::PERIOD_HINT,
};

/// The keys of a `[[policy]]`.
pub(super) const KEYS: [&str; 12] = [
    "name",
    "repositories",
    "match",
    "keep_last",
    "keep_last_releases",
    "group_by",
    "older_than",
    "not_pulled_for",
    "keep",
    "keep_semver",
    "untagged",
    "each_tag",
];

/// How alike a known key must be to be suggested, from 0 to 1.
const LIKENESS: f64 = 0.75;

#[derive(Deserialize)]
struct Read {
    #[serde(default)]
    policy: Vec<Policy>,
}

#[derive(Serialize)]
struct Written<'a> {
    policy: &'a [Policy],
}

/// A key of the text: its path, and where its name and its value stand.
struct Key {
    name: String,
    at: Range<usize>,
    value: Range<usize>,
}

pub(super) fn read(text: &str) -> Result<PolicySet, PolicyError> {
    let document = DeTable::parse(text).map_err(|error| misfit(text, &[], &error))?;
    let tops = keys(document.get_ref());
    refuse_unknown(text, &tops, &["policy"])?;
    let mut all = tops;
    for table in tables(document.get_ref()) {
        let inner = keys(table);
        refuse_unknown(text, &inner, &KEYS)?;
        all.extend(inner);
    }
    let read: Read = toml::from_str(text).map_err(|error| misfit(text, &all, &error))?;
    if read.policy.is_empty() {
        return Err(PolicyError::NoPolicy);
    }
    PolicySet::new(read.policy)
}

pub(super) fn write(policies: &[Policy]) -> Result<String, PolicyError> {
    toml::to_string(&Written { policy: policies }).map_err(|error| PolicyError::Unwritable(error.to_string()))
}

fn keys(table: &DeTable<'_>) -> Vec<Key> {
    let all = table.iter().map(|(key, value)| Key {
        name: key.get_ref().to_string(),
        at: key.span(),
        value: value.span(),
    });
    all.collect()
}

/// The tables of `[[policy]]`, or what stands in their place.
fn tables<'a, 'i>(document: &'a DeTable<'i>) -> impl Iterator<Item = &'a DeTable<'i>> {
    let policies = document.get("policy").map(Spanned::get_ref);
    let elements = policies.and_then(DeValue::as_array).into_iter().flatten();
    elements.filter_map(|element| element.get_ref().as_table())
}

fn refuse_unknown(text: &str, keys: &[Key], known: &[&str]) -> Result<(), PolicyError> {
    let unknown = keys.iter().filter(|key| !known.contains(&key.name.as_str()));
    // The first in the text, not in the alphabet.
    let Some(key) = unknown.min_by_key(|key| key.at.start) else {
        return Ok(());
    };
    let (line, column) = place(text, key.at.start);
    let hint = match nearest(&key.name, known) {
        Some(near) => format!("did you mean {near}?"),
        None => format!("known keys: {}", known.join(", ")),
    };
    Err(PolicyError::Misfit {
        line,
        column,
        key: Some(key.name.clone()),
        message: "an unknown key".to_owned(),
        hint: Some(hint),
    })
}

/// The known key that is most like an unknown one.
fn nearest<'a>(name: &str, known: &[&'a str]) -> Option<&'a str> {
    let wanted = name.to_lowercase().replace('-', "_");
    let scored = known.iter().map(|key| (strsim::jaro_winkler(&wanted, key), *key));
    let (score, key) = scored.max_by(|(one, _), (other, _)| one.total_cmp(other))?;
    (score >= LIKENESS).then_some(key)
}

/// The library's error with the place in the text, and the key whose value it is about.
fn misfit(text: &str, keys: &[Key], error: &Error) -> PolicyError {
    let start = error.span().map_or(0, |span| span.start);
    // The innermost key: an inner value lies within that of `policy`.
    let about = keys
        .iter()
        .filter(|key| key.value.contains(&start))
        .min_by_key(|key| key.value.len());
    let (line, column) = place(text, start);
    let key = about.map(|key| key.name.clone());
    let hint = key.as_deref().and_then(hint_for);
    PolicyError::Misfit {
        line,
        column,
        key,
        message: error.message().trim().to_owned(),
        hint: hint.map(str::to_owned),
    }
}

/// How the value of a key is written.
fn hint_for(key: &str) -> Option<&'static str> {
    match key {
        "policy" => Some("write [[policy]] in double brackets"),
        "match" => Some(PATTERN_HINT),
        "keep" | "repositories" => Some("write a list of patterns, such as [\"v*\", \"main\"]"),
        "group_by" => Some(EXPRESSION_HINT),
        "older_than" | "not_pulled_for" => Some(PERIOD_HINT),
        "keep_last" | "keep_last_releases" => Some("write a whole number without quotes, such as 5"),
        "keep_semver" | "untagged" | "each_tag" => Some("write true or false"),
        _ => None,
    }
}

/// Line and column of a byte, from 1.
fn place(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |end| end + 1);
    let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
    let column = before.get(line_start..).unwrap_or_default().chars().count() + 1;
    (line, column)
}
