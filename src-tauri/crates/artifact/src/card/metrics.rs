//! Metrics: every label or annotation that holds a number, but for housekeeping.
//!
//! A metric is known by the last part of its key: `ml.metrics.accuracy` is `accuracy`. What a team writes behind a part
//! called `metrics` is kept whole (`ml.metrics.val.loss` is `val.loss`), and where two keys would share a name both keep
//! their whole key.

use std::collections::BTreeMap;

use chrono::NaiveDate;

type Labels = BTreeMap<String, String>;

/// Keys that tools write about themselves, by how they begin.
const TOOLS: [&str; 17] = [
    "org.opencontainers.",
    "org.label-schema.",
    "org.cncf.",
    "org.cnai.",
    "io.",
    "in-toto.io/",
    "containerd.io/",
    "desktop.docker.io/",
    "artifacthub.io/",
    "com.docker.",
    "com.redhat.",
    "com.github.",
    "com.azure.",
    "dev.cosignproject.",
    "dev.sigstore.",
    "ml.kitops.",
    "vnd.",
];

/// Parts behind which a team names its metrics.
const METRIC_PARTS: [&str; 4] = ["metrics", "metric", "scores", "evaluation"];

/// Last parts that are numbers, but no metrics. Those of the model card's own fields are among them.
const HOUSEKEEPING: [&str; 40] = [
    "version",
    "revision",
    "release",
    "build",
    "number",
    "date",
    "created",
    "updated",
    "timestamp",
    "time",
    "year",
    "month",
    "day",
    "size",
    "bytes",
    "port",
    "ports",
    "id",
    "uid",
    "gid",
    "user",
    "pid",
    "run",
    "commit",
    "sha",
    "hash",
    "digest",
    "schema",
    "priority",
    "python",
    "cuda",
    "cudnn",
    "parameters",
    "params",
    "context",
    "maintainer",
    "name",
    "tag",
    "channel",
    "epoch_time",
];

/// Last words of a last part that do the same: `build_number`, `python-version`, `run_id`.
const HOUSEKEEPING_WORDS: [&str; 13] = [
    "version",
    "revision",
    "release",
    "build",
    "number",
    "date",
    "timestamp",
    "id",
    "port",
    "uid",
    "gid",
    "sha",
    "year",
];

/// Numbers of the model card, which stand there already.
const CARD_FIELDS: [&str; 5] = [
    "parameter_count",
    "num_parameters",
    "param_size",
    "context_length",
    "context_size",
];

/// The metrics among these labels, by name.
pub(super) fn read(labels: &Labels) -> BTreeMap<String, f64> {
    let found: Vec<(&str, &str, f64)> = labels
        .iter()
        .filter(|(key, _)| !is_housekeeping(key))
        .filter_map(|(key, value)| Some((key.as_str(), name(key), number(value)?)))
        .collect();
    let mut shared: BTreeMap<&str, usize> = BTreeMap::new();
    for (_, name, _) in &found {
        *shared.entry(name).or_default() += 1;
    }
    let is_shared = |name: &str| shared.get(name).is_some_and(|&keys| keys > 1);
    found
        .iter()
        .map(|&(key, name, value)| ((if is_shared(name) { key } else { name }).to_owned(), value))
        .collect()
}

/// What stands behind the last dot or slash.
pub(super) fn last_part(key: &str) -> &str {
    key.rsplit(['.', '/']).next().unwrap_or(key)
}

/// Whether a tool writes this key about itself.
pub(super) fn is_tool_key(key: &str) -> bool {
    TOOLS.iter().any(|tool| key.starts_with(tool)) && !is_called_metric(key)
}

/// Whether a team calls this a metric in so many words.
pub(super) fn is_called_metric(key: &str) -> bool {
    behind_metrics(key).is_some()
}

fn name(key: &str) -> &str {
    behind_metrics(key).unwrap_or_else(|| last_part(key))
}

/// What a team put behind a part called `metrics`.
fn behind_metrics(key: &str) -> Option<&str> {
    let mut rest = key;
    while let Some((part, behind)) = rest.split_once(['.', '/']) {
        if METRIC_PARTS.contains(&part) && !behind.is_empty() {
            return Some(behind);
        }
        rest = behind;
    }
    None
}

/// Whether a number under this key is housekeeping. What a team calls a metric is one.
fn is_housekeeping(key: &str) -> bool {
    if is_called_metric(key) {
        return false;
    }
    let last = last_part(key).to_lowercase().replace('-', "_");
    let word = last.rsplit('_').next().unwrap_or_default();
    is_tool_key(key)
        || last.is_empty()
        || HOUSEKEEPING.contains(&last.as_str())
        || HOUSEKEEPING_WORDS.contains(&word)
        || CARD_FIELDS.contains(&last.as_str())
}

/// A finite number that is neither an identifier nor a date.
fn number(value: &str) -> Option<f64> {
    /// More digits than a double holds are an identifier.
    const DIGITS: usize = 15;
    let value = value.trim();
    let is_plain = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
    let is_padded = is_plain && value.len() > 1 && value.starts_with('0');
    let is_date = is_plain && value.len() == 8 && NaiveDate::parse_from_str(value, "%Y%m%d").is_ok();
    if is_padded || is_date || (is_plain && value.len() > DIGITS) {
        return None;
    }
    value.parse().ok().filter(|number: &f64| number.is_finite())
}
