//! A config as paths with values: whatever kind of JSON it is, an image's environment variable by variable.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Compared, Path};

/// What stands elsewhere in a comparison: the layers, the steps of the build, the time.
const ELSEWHERE: [&str; 6] = [
    "history",
    "rootfs",
    "modelfs",
    "created",
    "container",
    "container_config",
];

/// A config with more entries than this is compared as far as this.
const MOST_ENTRIES: usize = 20_000;

/// Deeper than this nobody nests; the rest is one value.
const DEEPEST: usize = 16;

/// The entries of the config, then the annotations.
pub(super) fn entries(version: &Compared<'_>) -> BTreeMap<Path, Value> {
    let mut entries = Entries(BTreeMap::new());
    if let Some(Value::Object(config)) = version.config {
        for (name, value) in config.iter().filter(|(name, _)| !ELSEWHERE.contains(&name.as_str())) {
            entries.add(name.clone(), value, 1);
        }
    }
    for (name, value) in version.annotations {
        entries.put(format!("annotations.{name}"), Value::from(value.as_str()));
    }
    entries.0
}

struct Entries(BTreeMap<Path, Value>);

impl Entries {
    fn add(&mut self, path: String, value: &Value, depth: usize) {
        match value {
            Value::Null => {}
            Value::Array(list) if path == "config.Env" => self.environment(list),
            Value::Object(fields) if !fields.is_empty() && depth < DEEPEST => {
                for (name, value) in fields {
                    self.add(format!("{path}.{name}"), value, depth + 1);
                }
            }
            Value::Array(list) if list.iter().any(Value::is_object) && depth < DEEPEST => {
                for (place, value) in list.iter().enumerate() {
                    self.add(format!("{path}[{place}]"), value, depth + 1);
                }
            }
            value => self.put(path, value.clone()),
        }
    }

    /// `NAME=value`; the last of a name holds.
    fn environment(&mut self, list: &[Value]) {
        for entry in list.iter().filter_map(Value::as_str) {
            let (name, value) = entry.split_once('=').unwrap_or((entry, ""));
            self.put(format!("config.Env.{name}"), Value::from(value));
        }
    }

    fn put(&mut self, text: String, value: Value) {
        if self.0.len() < MOST_ENTRIES {
            self.0.insert(
                Path {
                    rank: rank(&text),
                    text,
                },
                value,
            );
        }
    }
}

/// What a model or an image is, then the labels, then the annotations.
fn rank(path: &str) -> usize {
    match path {
        path if path.starts_with("annotations.") => 2,
        path if path.starts_with("config.Labels.") => 1,
        _ => 0,
    }
}
