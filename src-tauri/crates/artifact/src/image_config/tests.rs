//! Image configs as builders write them.

use serde_json::json;

use super::*;

fn parse(config: &Value) -> ImageConfig {
    ImageConfig::parse(config.to_string().as_bytes()).expect("a config is a JSON object")
}

#[test]
fn what_an_image_runs_is_read() {
    let config = parse(&json!({
        "architecture": "arm", "os": "linux", "variant": "v7", "created": "2026-01-02T03:04:05.678Z", "author": "Ada",
        "config": {
            "Env": ["PATH=/usr/bin", "EMPTY=", "BARE", "A=b=c"],
            "Entrypoint": ["python", "-m"], "Cmd": "serve", "User": "1000:1000", "WorkingDir": "/app",
            "ExposedPorts": { "8080/tcp": {}, "53/udp": {} }, "Volumes": { "/data": {} }, "Labels": { "a": "b" },
        },
    }));
    assert_eq!(config.environment[2], ("BARE".to_owned(), String::new()));
    assert_eq!(config.environment[3], ("A".to_owned(), "b=c".to_owned()));
    assert_eq!((config.entrypoint.len(), config.command), (2, vec!["serve".to_owned()]));
    assert_eq!(config.exposed_ports, ["53/udp", "8080/tcp"]);
    assert_eq!(config.volumes, ["/data"]);
    assert_eq!(config.variant.as_deref(), Some("v7"));
    assert!(config.created.is_some());
}

#[test]
fn fields_of_a_wrong_type_are_left_out() {
    let config = parse(&json!({
        "architecture": 7, "created": "soon", "rootfs": [], "history": [null, 7, { "created_by": 3, "empty_layer": "yes" }],
        "config": { "Env": "A=b", "Labels": [], "ExposedPorts": null, "User": "" },
    }));
    assert_eq!(config.history.len(), 3);
    assert_eq!(
        ImageConfig {
            history: Vec::new(),
            ..config
        },
        ImageConfig::default()
    );
    assert_eq!(parse(&json!({ "config": null })), ImageConfig::default());
}

#[test]
fn steps_are_matched_to_layers_only_if_they_are_as_many() {
    let steps = json!([{ "created_by": "a" }, { "created_by": "b", "empty_layer": true }, { "created_by": "c" }]);
    let matched = parse(&json!({ "history": steps, "rootfs": { "diff_ids": ["x", "y"] } }));
    assert_eq!(
        matched.history.iter().map(|step| step.layer).collect::<Vec<_>>(),
        [Some(0), None, Some(1)]
    );
    assert_eq!(matched.layer_steps(2).map(|steps| steps.len()), Some(2));
    assert_eq!(matched.layer_steps(3), None);
    let unmatched = parse(&json!({ "history": steps, "rootfs": { "diff_ids": ["x", "y", "z"] } }));
    assert!(unmatched.history.iter().all(|step| step.layer.is_none()));
}

#[test]
fn what_is_no_object_is_refused() {
    assert!(matches!(
        ImageConfig::parse(b"<html>"),
        Err(ImageConfigError::NotJson(_))
    ));
    assert_eq!(ImageConfig::parse(b"[]"), Err(ImageConfigError::NotAnObject));
}

proptest::proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..64)) {
        let _ = ImageConfig::parse(&bytes);
    }
}
