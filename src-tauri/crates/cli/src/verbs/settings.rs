//! `settings get` and `settings set`.

use application::ApplicationError;
use serde_json::Value;

use crate::{arguments::SettingsVerb, exit::Exit, terminal::Terminal};

pub(super) async fn run(verb: SettingsVerb, terminal: &Terminal) -> Result<Exit, ApplicationError> {
    let value = match verb {
        SettingsVerb::Get { key } => terminal.berth.setting(key.as_deref()).await?,
        SettingsVerb::Set { key, value } => terminal.berth.set_setting(&key, &value).await?,
    };
    terminal.answer(&value, || match &value {
        Value::Object(settings) => {
            let lines = settings
                .iter()
                .map(|(key, value)| format!("{key} = {}\n", shown(value)));
            lines.collect::<Vec<_>>().concat()
        }
        Value::Array(items) => items.iter().map(|item| shown(item) + "\n").collect(),
        other => shown(other) + "\n",
    })?;
    Ok(Exit::Done)
}

/// A text without its quotes, so that a script can use it; anything else as JSON.
fn shown(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
