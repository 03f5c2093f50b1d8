//! Foreign text made fit to stand in a message: control characters gone, length bounded.
//!
//! Knows nothing of what the text means.

use chrono::{DateTime, NaiveDateTime, Utc};
use serde_json::Value;

/// The longest piece of foreign text that a message repeats, in characters.
const QUOTED_LENGTH: usize = 140;

/// Text from a registry as a message may quote it: one line, no control characters, cut with an ellipsis.
pub(crate) fn quoted(text: &str) -> String {
    one_line(text, QUOTED_LENGTH)
}

/// Runs of white space and control characters become one space; what is longer than `limit` characters is cut.
pub(crate) fn one_line(text: &str, limit: usize) -> String {
    let mut line = String::with_capacity(text.len().min(limit));
    let mut length = 0;
    let mut gap = false;
    for character in text.chars() {
        if character.is_whitespace() || character.is_control() {
            gap = length > 0;
            continue;
        }
        if length + usize::from(gap) >= limit {
            line.push('…');
            break;
        }
        if std::mem::take(&mut gap) {
            line.push(' ');
            length += 1;
        }
        line.push(character);
        length += 1;
    }
    line
}

/// A plain JSON value as text: labels should be text, but numbers and switches are written too. `None` for nothing;
/// lists and objects stay JSON.
pub(crate) fn plain(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

/// A time in a foreign document: RFC 3339, or the form without a zone that some writers leave. Any other value is none.
pub(crate) fn time(value: Option<&Value>) -> Option<DateTime<Utc>> {
    let text = value?.as_str()?.trim();
    if let Ok(time) = DateTime::parse_from_rfc3339(text) {
        return Some(time.with_timezone(&Utc));
    }
    NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f")
        .ok()
        .map(|time| time.and_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_and_line_breaks_become_single_spaces() {
        assert_eq!(one_line("  a\r\n\tb\u{1b}[31mc  ", 80), "a b [31mc");
    }

    #[test]
    fn long_text_is_cut_by_characters_not_bytes() {
        assert_eq!(one_line("äöüß", 3), "äöü…");
        assert_eq!(one_line("äöü", 3), "äöü");
        assert_eq!(one_line("ab cd", 3), "ab…");
    }
}
