//! Fields of foreign JSON, read without trust: a wrong type is as good as absent.

use serde_json::Value;

use crate::text::plain;

/// A JSON value whose fields may or may not be there.
#[derive(Clone, Copy)]
pub(super) struct Fields<'a>(pub(super) &'a Value);

impl<'a> Fields<'a> {
    /// The object in this field; null if there is none.
    pub(super) fn object(self, field: &str) -> Self {
        Self(self.0.get(field).unwrap_or(&Value::Null))
    }

    /// A plain value as text; numbers are taken too, as writers differ. Empty text is none.
    pub(super) fn text(self, field: &str) -> Option<String> {
        text_of(self.0.get(field)?)
    }

    /// The first of these fields that holds a plain value.
    pub(super) fn first_text(self, fields: &[&str]) -> Option<String> {
        fields.iter().find_map(|field| self.text(field))
    }

    /// A list of texts; a single text is a list of one.
    pub(super) fn texts(self, field: &str) -> Vec<String> {
        match self.0.get(field) {
            Some(Value::Array(values)) => values.iter().filter_map(text_of).collect(),
            Some(value) => text_of(value).into_iter().collect(),
            None => Vec::new(),
        }
    }

    /// The objects of a list.
    pub(super) fn list(self, field: &str) -> impl Iterator<Item = Self> + use<'a> {
        self.0
            .get(field)
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .map(Self)
    }

    /// A whole number, written as one or as text.
    pub(super) fn number(self, field: &str) -> Option<u64> {
        let value = self.0.get(field)?;
        value.as_u64().or_else(|| value.as_str()?.trim().parse().ok())
    }

    /// The first field whose name ends so, as GGUF names them by architecture: `llama.context_length`.
    pub(super) fn number_ending(self, ending: &str) -> Option<u64> {
        let fields = self.0.as_object()?;
        fields
            .keys()
            .find(|name| name.ends_with(ending))
            .and_then(|name| self.number(name))
    }
}

fn text_of(value: &Value) -> Option<String> {
    if value.is_object() || value.is_array() {
        return None;
    }
    plain(value)
        .map(|text| text.trim().to_owned())
        .filter(|text| !text.is_empty())
}
