//! Paths and values of a comparison as people read them.

use serde_json::Value;

/// `metrics.accuracy` is "accuracy", `config.Env.PATH` is "Env PATH", `context_length` is "Context length".
pub fn label(path: &str) -> String {
    const GROUPS: [(&str, &str); 8] = [
        ("metrics.", ""),
        ("config.Env.", "Env "),
        ("config.Labels.", "Label "),
        ("config.ExposedPorts.", "Port "),
        ("config.Volumes.", "Volume "),
        ("config.Healthcheck.", "Health check "),
        ("annotations.", "Annotation "),
        ("config.", ""),
    ];
    for (prefix, word) in GROUPS {
        if let Some(rest) = path.strip_prefix(prefix) {
            return format!("{word}{rest}");
        }
    }
    match path {
        "licenses" => "Licences".to_owned(),
        "os" => "Operating system".to_owned(),
        path if path.contains(['.', '[']) => path.to_owned(),
        path => capitalised(&path.replace('_', " ")),
    }
}

fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    match characters.next() {
        Some(first) => first.to_uppercase().chain(characters).collect(),
        None => String::new(),
    }
}

/// A value in one line.
pub fn told(path: &str, value: &Value) -> String {
    let separator = match path {
        "config.Cmd" | "config.Entrypoint" | "config.Shell" => " ",
        _ => ", ",
    };
    match value {
        Value::String(text) if text.is_empty() => "\u{201c}\u{201d}".to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(list) if !list.iter().any(|item| item.is_array() || item.is_object()) => {
            let items: Vec<String> = list.iter().map(|item| told("", item)).collect();
            items.join(separator)
        }
        Value::Object(fields) if fields.is_empty() => "yes".to_owned(),
        value => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn paths_are_shown_in_words() {
        for (path, shown) in [
            ("metrics.accuracy", "accuracy"),
            ("context_length", "Context length"),
            ("config.Env.CUDA_VERSION", "Env CUDA_VERSION"),
            ("config.Cmd", "Cmd"),
            ("config.ExposedPorts.8080/tcp", "Port 8080/tcp"),
            ("annotations.a.b", "Annotation a.b"),
            ("descriptor.name", "descriptor.name"),
            ("", ""),
        ] {
            assert_eq!(label(path), shown);
        }
    }

    #[test]
    fn values_are_shown_in_one_line() {
        for (path, value, shown) in [
            ("config.Cmd", json!(["serve", "--port", 8080]), "serve --port 8080"),
            ("licenses", json!(["MIT", "Apache-2.0"]), "MIT, Apache-2.0"),
            ("config.ExposedPorts.80/tcp", json!({}), "yes"),
            ("x", json!([{"a": 1}]), r#"[{"a":1}]"#),
            ("x", json!(""), "\u{201c}\u{201d}"),
            ("x", json!(0.5), "0.5"),
        ] {
            assert_eq!(told(path, &value), shown);
        }
    }
}
