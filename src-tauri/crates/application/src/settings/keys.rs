//! Single settings by their key, as the command line reads and writes them.

use toml_edit::{DocumentMut, Item, Value};

use super::{Settings, SettingsError};

/// A setting's value as JSON; all of them with their keys without a key.
///
/// # Errors
/// [`SettingsError::UnknownKey`].
pub(crate) fn get(settings: &Settings, key: Option<&str>) -> Result<serde_json::Value, SettingsError> {
    let all = serde_json::to_value(settings).map_err(|error| SettingsError::Form(error.to_string()))?;
    let Some(key) = key else { return Ok(all) };
    all.get(key)
        .cloned()
        .ok_or_else(|| SettingsError::UnknownKey(key.to_owned()))
}

/// `now` with what differs between `seen` and `wanted`.
///
/// # Errors
/// [`SettingsError::Form`] if they cannot be written down.
pub(crate) fn with_changes(now: &Settings, seen: &Settings, wanted: &Settings) -> Result<Settings, SettingsError> {
    let form = |error: serde_json::Error| SettingsError::Form(error.to_string());
    let seen = serde_json::to_value(seen).map_err(form)?;
    let mut merged = serde_json::to_value(now).map_err(form)?;
    if let (Some(merged), serde_json::Value::Object(wanted)) =
        (merged.as_object_mut(), serde_json::to_value(wanted).map_err(form)?)
    {
        merged.extend(wanted.into_iter().filter(|(key, value)| seen.get(key) != Some(value)));
    }
    serde_json::from_value(merged).map_err(form)
}

/// The settings with one of them changed. Texts are taken as they are, lists of texts with commas, anything else as
/// TOML or JSON write it.
///
/// # Errors
/// [`SettingsError::UnknownKey`], or [`SettingsError::Value`] if it does not fit.
pub(crate) fn set(settings: &Settings, key: &str, text: &str) -> Result<Settings, SettingsError> {
    let written = toml::to_string(settings).map_err(|error| SettingsError::Form(error.to_string()))?;
    let mut document: DocumentMut = written
        .parse()
        .map_err(|error: toml_edit::TomlError| SettingsError::Form(error.to_string()))?;
    let old = document
        .get(key)
        .ok_or_else(|| SettingsError::UnknownKey(key.to_owned()))?;
    let new = value_like(old, text).map_err(|reason| SettingsError::value(key, reason))?;
    document.insert(key, new);
    let changed: Settings =
        toml::from_str(&document.to_string()).map_err(|error| SettingsError::value(key, error.message().to_owned()))?;
    changed.validate()?;
    Ok(changed)
}

/// JSON, as `settings get` prints it, in the words of TOML; anything else as it is.
fn toml_form(text: &str) -> String {
    let value: Option<toml::Value> = serde_json::from_str(text).ok();
    value.map_or_else(|| text.to_owned(), |value| value.to_string())
}

fn value_like(old: &Item, text: &str) -> Result<Item, String> {
    let is_list = text.trim_start().starts_with('[');
    match old {
        Item::Value(Value::String(_)) => Ok(toml_edit::value(text)),
        Item::Value(Value::Array(old)) if !is_list && old.iter().all(Value::is_str) => {
            let texts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
            Ok(toml_edit::value(texts.collect::<toml_edit::Array>()))
        }
        _ => toml_form(text)
            .parse::<Value>()
            .map(Item::Value)
            .map_err(|error| error.to_string().trim().to_owned()),
    }
}
