//! What a comparison tells, on versions made by hand.

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::{ByteSize, LayerSummary};

fn digest(text: &str) -> Digest {
    Digest::of(text.as_bytes())
}

fn layer(content: &str, size: u64, command: &str) -> LayerSummary {
    LayerSummary {
        digest: digest(content),
        media_type: "application/vnd.oci.image.layer.v1.tar+gzip".to_owned(),
        size: ByteSize(size),
        created_by: Some(command.to_owned()),
        title: None,
    }
}

fn file(content: &str, size: u64, path: &str) -> LayerSummary {
    LayerSummary {
        created_by: None,
        title: Some(path.to_owned()),
        ..layer(content, size, "")
    }
}

#[derive(Clone, Default)]
struct Version {
    layers: Vec<LayerSummary>,
    card: ModelCard,
    annotations: BTreeMap<String, String>,
    config: Value,
}

impl Version {
    fn of(layers: Vec<LayerSummary>) -> Self {
        Self {
            layers,
            config: json!({"architecture": "amd64"}),
            ..Self::default()
        }
    }

    /// Its manifest is what it holds.
    fn platform(&self) -> PlatformSummary {
        let config = digest(&self.config.to_string());
        let mut distinct: BTreeMap<&Digest, u64> = BTreeMap::new();
        for layer in &self.layers {
            distinct.insert(&layer.digest, layer.size.bytes());
        }
        PlatformSummary {
            platform: None,
            digest: digest(&format!("{:?}{config}", self.layers)),
            media_type: String::new(),
            size: ByteSize(distinct.values().sum::<u64>() + 7),
            size_known: true,
            created: None,
            config_digest: Some(config),
            layers: self.layers.clone(),
        }
    }
}

fn compare(versions: &[Version], reference: usize) -> Comparison {
    let platforms: Vec<PlatformSummary> = versions.iter().map(Version::platform).collect();
    let compared: Vec<Compared<'_>> = versions
        .iter()
        .zip(&platforms)
        .map(|(version, platform)| Compared {
            digest: &platform.digest,
            platform: Some(platform),
            card: &version.card,
            annotations: &version.annotations,
            config: Some(&version.config),
        })
        .collect();
    Comparison::of(&compared, reference)
}

/// The layers of each row by their sizes; 0: none.
fn sizes(comparison: &Comparison) -> Vec<Vec<u64>> {
    let row = |row: &LayerRow| {
        row.layers
            .iter()
            .map(|layer| layer.as_ref().map_or(0, |layer| layer.size.bytes()))
            .collect()
    };
    comparison.layers.iter().map(row).collect()
}

#[test]
fn layers_stand_beside_what_replaced_them() {
    let first = Version::of(vec![
        layer("base", 1, "ADD rootfs.tar.gz /"),
        layer("torch 2.4", 2, "RUN pip install torch==2.4.1"),
        layer("weights 1", 3, "COPY weights-1.4.0.safetensors /model/"),
        layer("code 1", 4, "COPY serve.py /app"),
    ]);
    let second = Version::of(vec![
        layer("base", 1, "ADD rootfs.tar.gz /"),
        layer("cuda", 20, "RUN apt-get install cuda"),
        layer("torch 2.5", 21, "RUN pip install torch==2.5.1"),
        layer("weights 2", 22, "COPY weights-1.5.0-rc.2.safetensors /model/"),
        layer("code 1", 4, "COPY serve.py /app"),
    ]);
    let found = compare(&[first, second], 0);
    assert_eq!(sizes(&found), [[1, 1], [0, 20], [2, 21], [3, 22], [4, 4]]);
    let differs: Vec<bool> = found.layers.iter().map(|row| row.differs).collect();
    assert_eq!(differs, [false, true, true, true, false]);
}

#[test]
fn a_step_that_was_written_anew_stands_in_its_place_but_files_are_known_by_name() {
    let first = Version::of(vec![
        layer("a", 1, "FROM a"),
        layer("b", 2, "RUN make"),
        layer("c", 3, "CMD run"),
    ]);
    let second = Version::of(vec![
        layer("a", 1, "FROM a"),
        layer("d", 4, "RUN ninja"),
        layer("c", 3, "CMD run"),
    ]);
    assert_eq!(sizes(&compare(&[first, second], 0)), [[1, 1], [2, 4], [3, 3]]);
    let first = Version::of(vec![file("w", 1, "model.safetensors"), file("c", 2, "config.json")]);
    let second = Version::of(vec![file("v", 3, "model.safetensors"), file("t", 4, "tokenizer.json")]);
    assert_eq!(sizes(&compare(&[first, second], 0)), [[1, 3], [2, 0], [0, 4]]);
}

#[test]
fn what_two_of_three_share_stands_in_one_row_whichever_they_are() {
    let base = || layer("base", 1, "FROM debian");
    let first = Version::of(vec![base(), layer("x", 2, "RUN one")]);
    let second = Version::of(vec![layer("other", 3, "FROM alpine"), layer("y", 4, "RUN two")]);
    let third = Version::of(vec![layer("y", 4, "RUN two"), base()]);
    let found = compare(&[first, second, third], 0);
    let rows_of_y = found
        .layers
        .iter()
        .filter(|row| row.layers.iter().flatten().any(|layer| layer.size == ByteSize(4)));
    assert_eq!(rows_of_y.count(), 1, "{:?}", sizes(&found));
}

#[test]
fn bytes_to_pull_are_those_that_the_reference_lacks() {
    let first = Version::of(vec![layer("a", 100, "a"), layer("b", 10, "b"), layer("b", 10, "b")]);
    let mut second = Version::of(vec![layer("a", 100, "a"), layer("c", 1000, "c")]);
    let found = compare(&[first.clone(), second.clone()], 0);
    assert_eq!(found.blobs[0].total, Some(ByteSize(117)));
    assert_eq!(found.blobs[0].to_pull, Some(ByteSize(0)));
    // The configs are alike.
    assert_eq!(found.blobs[1].to_pull, Some(ByteSize(1000)));
    assert_eq!(found.blobs[1].shared, Some(ByteSize(107)));
    assert_eq!(found.blobs[0].own, Some(ByteSize(10)));
    second.config = json!({"architecture": "arm64"});
    let found = compare(&[first, second], 1);
    assert_eq!(found.blobs[0].to_pull, Some(ByteSize(17)));
    assert_eq!(found.blobs[1].to_pull, Some(ByteSize(0)));
}

#[test]
fn an_unknown_size_is_not_told_as_a_number() {
    let version = Version::of(vec![layer("a", 100, "a")]);
    let (known, mut unknown) = (version.platform(), version.platform());
    unknown.size_known = false;
    let compared = |platform| Compared {
        digest: &known.digest,
        platform,
        card: &version.card,
        annotations: &version.annotations,
        config: None,
    };
    let found = Comparison::of(&[compared(Some(&known)), compared(Some(&unknown)), compared(None)], 0);
    assert!(found.same);
    assert_eq!(found.blobs[0].to_pull, Some(ByteSize(0)));
    for blobs in &found.blobs[1..] {
        assert_eq!((blobs.total, blobs.to_pull, blobs.shared), (None, None, None));
    }
    let found = Comparison::of(&[compared(Some(&unknown)), compared(Some(&known))], 0);
    assert_eq!(
        (found.blobs[1].to_pull, found.blobs[1].total),
        (None, Some(ByteSize(107)))
    );
}

#[test]
fn configs_are_told_entry_by_entry() {
    let mut first = Version::of(Vec::new());
    first.config = json!({
        "created": "2026-01-01T00:00:00Z",
        "architecture": "amd64",
        "config": {
            "Env": ["PATH=/bin", "CUDA_VERSION=12.4.1", "A=1", "A=2"],
            "Cmd": ["serve", "--port", "8080"],
            "Labels": {"accuracy": "0.941"},
            "ExposedPorts": {"8080/tcp": {}},
            "User": null,
        },
        "history": [{"created_by": "RUN a"}],
        "rootfs": {"diff_ids": ["x"]},
    });
    let mut second = first.clone();
    second.config["config"]["Env"] = json!(["PATH=/bin", "CUDA_VERSION=12.6.2", "OMP_NUM_THREADS=4", "A=2"]);
    second.config["config"]["User"] = json!("app");
    second.config["created"] = json!("2026-02-02T00:00:00Z");
    second.annotations.insert("team".to_owned(), "vision".to_owned());
    let found = compare(&[first, second], 0);
    let differing: Vec<(&str, String)> = found
        .config
        .iter()
        .filter(|row| row.differs)
        .map(|row| (row.path.as_str(), json!(row.values).to_string()))
        .collect();
    let expected = [
        ("config.Env.CUDA_VERSION", r#"["12.4.1","12.6.2"]"#),
        ("config.Env.OMP_NUM_THREADS", r#"[null,"4"]"#),
        ("config.User", r#"[null,"app"]"#),
        ("annotations.team", r#"[null,"vision"]"#),
    ];
    assert_eq!(differing, expected.map(|(path, values)| (path, values.to_owned())));
    let all: Vec<&str> = found.config.iter().map(|row| row.path.as_str()).collect();
    assert!(
        all.contains(&"config.Cmd") && all.contains(&"config.ExposedPorts.8080/tcp"),
        "{all:?}"
    );
    assert!(
        !all.iter()
            .any(|path| path.starts_with("history") || path.starts_with("rootfs")),
        "{all:?}"
    );
}

#[test]
fn build_steps_are_told_with_those_that_made_no_layer() {
    let with = |commands: &[&str]| {
        let history: Vec<Value> = commands
            .iter()
            .map(|command| json!({"created_by": command, "empty_layer": command.starts_with("ENV")}))
            .collect();
        Version {
            config: json!({ "history": history }),
            ..Version::default()
        }
    };
    let found = compare(
        &[
            with(&["RUN a", "ENV X=1", "RUN b"]),
            with(&["RUN a", "ENV X=2", "RUN c", "RUN b"]),
        ],
        0,
    );
    let rows: Vec<(Option<&str>, Option<&str>, bool)> = found
        .history
        .iter()
        .map(|row| (row.steps[0].as_deref(), row.steps[1].as_deref(), row.differs))
        .collect();
    let expected = [
        (Some("RUN a"), Some("RUN a"), false),
        (Some("ENV X=1"), Some("ENV X=2"), true),
        (None, Some("RUN c"), true),
        (Some("RUN b"), Some("RUN b"), false),
    ];
    assert_eq!(rows, expected);
}

#[test]
fn metrics_come_first_with_their_differences() {
    let card = |accuracy: f64, parameters: &str| ModelCard {
        parameters: Some(parameters.to_owned()),
        metrics: BTreeMap::from([("accuracy".to_owned(), accuracy)]),
        licenses: vec!["MIT".to_owned()],
        ..ModelCard::default()
    };
    let version = |card| Version {
        card,
        ..Version::default()
    };
    let found = compare(&[version(card(0.941, "47.6 M")), version(card(0.947, "49.1 M"))], 0);
    let shown: Vec<(&str, Option<&str>)> = found
        .card
        .iter()
        .map(|row| (row.path.as_str(), row.differences[1].as_deref()))
        .collect();
    let expected = [
        ("metrics.accuracy", Some("+0.006")),
        ("parameters", Some("+1.5 M")),
        ("licenses", None),
    ];
    assert_eq!(shown, expected);
    assert!(found.card.iter().all(|row| row.differences[0].is_none()));
}

#[test]
fn differences_are_as_precise_as_the_numbers() {
    let told = |from: Value, to: Value| signed_difference(&from, &to);
    assert_eq!(told(json!(0.1), json!(0.3)).as_deref(), Some("+0.2"));
    assert_eq!(told(json!(11.9), json!(8.1)).as_deref(), Some("\u{2212}3.8"));
    assert_eq!(told(json!(4096), json!(8192)).as_deref(), Some("+4096"));
    assert_eq!(told(json!("7B"), json!("8B")).as_deref(), Some("+1B"));
    assert_eq!(told(json!("0.90"), json!("0.91")).as_deref(), Some("+0.01"));
    for (from, to) in [
        (json!(1), json!(1)),
        (json!("7B"), json!("800M")),
        (json!("12.4.1"), json!("12.6.2")),
        (json!("2026-07-01"), json!("2026-09-01")),
        (json!("5e07b41"), json!("8c1d2e0")),
        (json!("app"), json!("root")),
        (json!(["a"]), json!(2)),
        (json!(""), json!("e")),
    ] {
        assert_eq!(told(from.clone(), to.clone()), None, "{from} {to}");
    }
}

proptest! {
    /// Every layer of every version stands in exactly one row, in its column.
    #[test]
    fn no_layer_is_lost_or_told_twice(versions in prop::collection::vec(prop::collection::vec((0u64..6, 0u64..4), 0..9), 1..5)) {
        let versions: Vec<Version> = versions
            .into_iter()
            .map(|layers| Version::of(
                layers
                    .into_iter()
                    .map(|(content, command)| layer(&content.to_string(), content + 1, &format!("RUN {}", "abcd".repeat(1 + usize::try_from(command).unwrap_or(0)))))
                    .collect(),
            ))
            .collect();
        let found = compare(&versions, 0);
        for (column, version) in versions.iter().enumerate() {
            let mut told: Vec<&LayerSummary> = found.layers.iter().filter_map(|row| row.layers[column].as_ref()).collect();
            prop_assert_eq!(told.len(), version.layers.len());
            let mut all: Vec<&LayerSummary> = version.layers.iter().collect();
            // The rows keep the order of each column.
            if versions.len() <= 2 {
                prop_assert_eq!(&told, &all);
            }
            told.sort_by_key(|layer| (layer.digest.to_string(), layer.created_by.clone()));
            all.sort_by_key(|layer| (layer.digest.to_string(), layer.created_by.clone()));
            prop_assert_eq!(told, all);
        }
        prop_assert!(found.layers.iter().all(|row| row.layers.iter().any(Option::is_some)));
    }

    /// Any two texts have a difference or none.
    #[test]
    fn no_text_makes_a_difference_panic(from in "\\PC{0,12}", to in "[-+0-9.eE a-zM]{0,12}") {
        let _ = signed_difference(&Value::from(from), &Value::from(to));
    }
}

mod files {
    //! Two trees against each other; the same by an independent map of what each holds.

    use super::*;
    use crate::{MergedTree, comparison::files::FilesDifference, packages::tests::layer};

    fn tree(layers: &[&[(&str, &str)]]) -> MergedTree {
        let layers: Vec<_> = layers.iter().map(|files| layer(files)).collect();
        MergedTree::merge(&layers)
    }

    fn paths(found: &[crate::comparison::FileFound]) -> Vec<&str> {
        found.iter().map(|file| file.path.as_str()).collect()
    }

    #[test]
    fn what_came_went_and_changed_is_told_by_content() {
        let first = tree(&[&[
            ("a.txt", "1"),
            ("a/b", "same"),
            ("app/code.py", "x"),
            ("gone", "z"),
            ("size", "12"),
        ]]);
        let second = tree(&[
            &[
                ("a.txt", "1"),
                ("a/b", "same"),
                ("app/code.py", "y"),
                ("gone", "z"),
                ("size", "123"),
            ],
            &[(".wh.gone", ""), ("new/file", "n")],
        ]);
        let found = FilesDifference::of(&first, &second);
        assert_eq!(
            (paths(&found.added), paths(&found.removed)),
            (vec!["new/file"], vec!["gone"])
        );
        let changed: Vec<(&str, u64, u64, bool)> = found
            .changed
            .iter()
            .map(|file| {
                (
                    file.path.as_str(),
                    file.sizes[0].bytes(),
                    file.sizes[1].bytes(),
                    file.content,
                )
            })
            .collect();
        assert_eq!(changed, [("app/code.py", 1, 1, true), ("size", 2, 3, true)]);
        assert_eq!((found.same, found.same_by_size), (2, 0));
    }

    proptest! {
        #[test]
        fn it_is_the_difference_of_two_maps(
            before in prop::collection::btree_map("[ab]{1,2}(/[ab.]{1,2}x){0,2}", "[xy]{0,2}", 0..12),
            after in prop::collection::btree_map("[ab]{1,2}(/[ab.]{1,2}x){0,2}", "[xy]{0,2}", 0..12),
        ) {
            let files = |map: &BTreeMap<String, String>| -> BTreeMap<String, String> {
                // No file is a folder of another.
                let is_folder = |path: &String| map.keys().any(|other| other.starts_with(&format!("{path}/")));
                let odd = |path: &String| path.split('/').any(|part| part == "." || part == "..");
                map.iter().filter(|(path, _)| !is_folder(path) && !odd(path)).map(|(path, text)| (path.clone(), text.clone())).collect()
            };
            let (before, after) = (files(&before), files(&after));
            let pairs = |map: &BTreeMap<String, String>| -> MergedTree {
                let pairs: Vec<(&str, &str)> = map.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
                tree(&[&pairs])
            };
            let found = FilesDifference::of(&pairs(&before), &pairs(&after));
            let sorted = |mut paths: Vec<String>| { paths.sort(); paths };
            let added: Vec<String> = after.keys().filter(|path| !before.contains_key(*path)).cloned().collect();
            let removed: Vec<String> = before.keys().filter(|path| !after.contains_key(*path)).cloned().collect();
            let changed: Vec<String> = before.iter().filter(|(path, text)| after.get(*path).is_some_and(|other| other != *text)).map(|(path, _)| path.clone()).collect();
            prop_assert_eq!(sorted(found.added.into_iter().map(|file| file.path).collect()), added);
            prop_assert_eq!(sorted(found.removed.into_iter().map(|file| file.path).collect()), removed);
            prop_assert_eq!(sorted(found.changed.into_iter().map(|file| file.path).collect()), changed);
        }
    }
}
