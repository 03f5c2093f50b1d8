//! Cards of every format, and what counts as a metric.

use serde_json::json;

use super::*;
use crate::{ByteSize, Digest};

fn labels(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs
        .iter()
        .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
        .collect()
}

fn card(kind: Kind, config: &Value, pairs: &[(&str, &str)]) -> ModelCard {
    let labels = labels(pairs);
    ModelCard::read(&CardSources {
        kind,
        config: Some(config),
        layers: &[],
        labels: &labels,
        created: None,
    })
}

fn metrics_of(pairs: &[(&str, &str)]) -> Vec<(String, f64)> {
    card(Kind::Image, &Value::Null, pairs).metrics.into_iter().collect()
}

#[expect(clippy::unnecessary_wraps, reason = "it reads as the field that it is compared with")]
fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

#[test]
fn modelpack() {
    let config = json!({
        "descriptor": {
            "name": "tiny-bert", "version": "1.2.0", "family": "bert", "authors": ["Ada", "Grace"], "licenses": ["Apache-2.0"],
            "sourceURL": "https://example.com/tiny-bert", "revision": "8c1d2e0", "datasetsURL": ["https://example.com/wiki"],
        },
        "config": { "architecture": "transformer", "format": "safetensors", "paramSize": "4.4m", "precision": "float32", "quantization": "" },
    });
    let card = card(Kind::ModelPack, &config, &[("metrics.f1", "0.91")]);
    assert_eq!(card.name, some("tiny-bert"));
    assert_eq!(card.architecture, some("transformer"));
    assert_eq!((card.format, card.parameters), (some("safetensors"), some("4.4m")));
    assert_eq!((card.precision, card.quantization), (some("float32"), None));
    assert_eq!(card.authors, ["Ada", "Grace"]);
    assert_eq!(card.licenses, ["Apache-2.0"]);
    assert_eq!(card.dataset, some("https://example.com/wiki"));
    assert_eq!(card.metrics, BTreeMap::from([("f1".to_owned(), 0.91)]));
}

#[test]
fn modelkit() {
    let config = json!({
        "manifestVersion": "1.0.0",
        "package": { "name": "iris", "version": "3", "authors": ["Ada"], "license": "MIT", "description": "Irises." },
        "model": { "name": "iris-model", "framework": "scikit-learn", "format": "onnx", "parameters": { "depth": 3 } },
        "datasets": [{ "name": "fisher" }, { "path": "x" }],
    });
    let card = card(Kind::ModelKit, &config, &[]);
    assert_eq!((card.name, card.version), (some("iris"), some("3")));
    assert_eq!((card.framework, card.format), (some("scikit-learn"), some("onnx")));
    assert_eq!((card.parameters, card.dataset), (None, some("fisher")));
    assert_eq!(card.licenses, ["MIT"]);
}

#[test]
fn docker_models_as_their_tools_write_them_and_as_specified() {
    let written = json!({
        "config": {
            "format": "gguf", "quantization": "IQ2_XXS/Q4_K_M", "parameters": "361.82 M", "architecture": "llama", "size": "256.35 MiB",
            "gguf": { "general.name": "SmolLM2", "general.license": "apache-2.0", "llama.context_length": "8192" },
        },
        "descriptor": { "created": "2025-03-19T12:00:00Z" },
    });
    let written = card(Kind::DockerModel, &written, &[]);
    assert_eq!((written.name, written.parameters), (some("SmolLM2"), some("361.82 M")));
    assert_eq!(
        (written.quantization, written.context_length),
        (some("IQ2_XXS/Q4_K_M"), Some(8192))
    );
    assert_eq!(written.licenses, ["apache-2.0"]);
    let specified = json!({
        "descriptor": { "createdAt": "2025-01-01T00:00:00Z" },
        "config": { "format": "gguf", "format_version": "3", "gguf": { "parameter_count": "1.24 B", "architecture": "qwen2", "quantization": "Q4_0" } },
    });
    let specified = card(Kind::DockerModel, &specified, &[]);
    assert_eq!(
        (specified.architecture, specified.parameters),
        (some("qwen2"), some("1.24 B"))
    );
    assert_eq!(specified.quantization, some("Q4_0"));
}

#[test]
fn ollama_and_helm() {
    let config = json!({
        "model_format": "gguf", "model_family": "llama", "model_families": ["llama"], "model_type": "8.0B", "file_type": "Q4_K_M",
        "architecture": "amd64", "os": "linux", "rootfs": { "type": "layers", "diff_ids": [] }, "context_length": 131_072,
    });
    let ollama = card(Kind::Ollama, &config, &[]);
    assert_eq!((ollama.architecture, ollama.parameters), (some("llama"), some("8.0B")));
    assert_eq!(
        (ollama.quantization, ollama.context_length),
        (some("Q4_K_M"), Some(131_072))
    );
    let chart = json!({
        "name": "kserve", "version": "0.13.0", "home": "https://kserve.io", "maintainers": [{ "name": "Ada", "email": "a@b" }],
        "annotations": { "artifacthub.io/license": "Apache-2.0" },
    });
    let chart = card(Kind::Helm, &chart, &[]);
    assert_eq!(
        (chart.name, chart.version, chart.source),
        (some("kserve"), some("0.13.0"), some("https://kserve.io"))
    );
    assert_eq!(
        (chart.licenses, chart.authors),
        (vec!["Apache-2.0".to_owned()], vec!["Ada".to_owned()])
    );
}

#[test]
fn an_image_is_what_its_labels_say() {
    let card = card(
        Kind::Image,
        &json!({ "architecture": "amd64", "os": "linux" }),
        &[
            ("org.opencontainers.image.title", "defect-detector"),
            ("org.opencontainers.image.version", "1.4.2"),
            ("org.opencontainers.image.licenses", "Apache-2.0"),
            ("org.opencontainers.image.authors", "Ada <a@b>, Grace"),
            (
                "org.opencontainers.image.source",
                "https://github.com/acme/defect-detector",
            ),
            ("org.opencontainers.image.revision", "8c1d2e0"),
            ("org.opencontainers.image.base.name", "docker.io/library/debian:12-slim"),
            ("ml.architecture", "ConvNeXt-S, feature pyramid"),
            ("ml.parameters", "47.6 M"),
            ("ml.precision", "F32"),
            ("ml.framework", "PyTorch 2.4.1, CUDA 12.4"),
            ("ml.dataset", "line-scan-2026-09"),
            ("ml.metrics.accuracy", "0.947"),
            ("ml.metrics.precision", "0.93"),
            ("ml.context_length", "2048"),
        ],
    );
    assert_eq!((card.name, card.version), (some("defect-detector"), some("1.4.2")));
    assert_eq!(card.architecture, some("ConvNeXt-S, feature pyramid"));
    assert_eq!((card.parameters, card.precision), (some("47.6 M"), some("F32")));
    assert_eq!(
        (card.framework, card.dataset),
        (some("PyTorch 2.4.1, CUDA 12.4"), some("line-scan-2026-09"))
    );
    assert_eq!(card.authors, ["Ada <a@b>", "Grace"]);
    assert_eq!(card.base, some("docker.io/library/debian:12-slim"));
    assert_eq!(card.context_length, Some(2048));
    let metrics: Vec<(&str, f64)> = card
        .metrics
        .iter()
        .map(|(name, value)| (name.as_str(), *value))
        .collect();
    assert_eq!(metrics, [("accuracy", 0.947), ("precision", 0.93)]);
}

#[test]
fn a_processor_is_no_architecture_of_a_model() {
    let card = card(
        Kind::Image,
        &Value::Null,
        &[
            ("architecture", "x86_64"),
            ("name", "ubi9"),
            ("io.model.framework", "x"),
        ],
    );
    assert_eq!(
        (card.architecture, card.name, card.framework),
        (None, some("ubi9"), None)
    );
}

#[test]
fn a_config_of_another_shape_leaves_the_card_empty() {
    for config in [
        json!(null),
        json!([]),
        json!({ "descriptor": 7, "config": [], "model": "x", "package": null }),
    ] {
        for kind in Kind::ALL {
            let card = card(kind, &config, &[]);
            assert!(card.is_empty(), "{kind} read {card:?} from {config}");
        }
    }
}

#[test]
fn the_format_is_what_the_layers_state_where_the_config_does_not() {
    let digest = Digest::of(b"weights");
    let layer = |media_type: &str| vec![Descriptor::new(media_type, digest.clone(), ByteSize(1))];
    let format = |kind, layers: &[Descriptor]| {
        let sources = CardSources {
            kind,
            config: None,
            layers,
            labels: &BTreeMap::new(),
            created: None,
        };
        ModelCard::read(&sources).format
    };
    assert_eq!(
        format(Kind::DockerModel, &layer("application/vnd.docker.ai.gguf.v3")),
        some("gguf")
    );
    let mut named = layer("application/vnd.cncf.model.weight.v1.raw");
    named[0].annotations = labels(&[("org.cncf.model.filepath", "model.safetensors")]);
    assert_eq!(format(Kind::ModelPack, &named), some("safetensors"));
    assert_eq!(format(Kind::Image, &named), None);
}

#[test]
fn metrics_are_named_by_the_last_part_of_their_key() {
    assert_eq!(
        metrics_of(&[
            ("ml.metrics.accuracy", "0.947"),
            ("ml.metrics.val.loss", " 1.2e-3 "),
            ("com.acme/latency_ms", "11.8"),
            ("f1", "-0"),
            ("epochs", "30"),
            ("io.acme.metrics.auc", ".5"),
        ]),
        [
            ("accuracy".to_owned(), 0.947),
            ("auc".to_owned(), 0.5),
            ("epochs".to_owned(), 30.0),
            ("f1".to_owned(), -0.0),
            ("latency_ms".to_owned(), 11.8),
            ("val.loss".to_owned(), 0.0012),
        ]
    );
}

#[test]
fn keys_that_would_share_a_name_keep_their_whole_key() {
    assert_eq!(
        metrics_of(&[("train.loss", "0.1"), ("val.loss", "0.2"), ("val.f1", "0.9")]),
        [
            ("f1".to_owned(), 0.9),
            ("train.loss".to_owned(), 0.1),
            ("val.loss".to_owned(), 0.2)
        ]
    );
}

#[test]
fn housekeeping_and_what_is_no_finite_number_is_no_metric() {
    let housekeeping = [
        ("org.opencontainers.image.version", "1.4"),
        ("org.opencontainers.image.revision", "1234567"),
        ("org.label-schema.schema-version", "1.0"),
        ("io.buildah.version", "1.33"),
        ("com.docker.extension.api", "3"),
        ("io.containers.estargz.uncompressed-size", "1024"),
        ("version", "9.4"),
        ("release", "1214"),
        ("build_number", "42"),
        ("build-date", "20240115"),
        ("python", "3.11"),
        ("python_version", "3.11"),
        ("service.port", "8080"),
        ("run_id", "77"),
        ("image.size", "100"),
        ("ml.parameters", "47600000"),
        ("trained", "20240115"),
        ("seed", "007"),
        ("account", "12345678901234567890"),
    ];
    let words = [
        ("a", ""),
        ("b", "nan"),
        ("c", "inf"),
        ("d", "1e999"),
        ("e", "0.9 %"),
        ("g", "0x10"),
        ("h", "1,5"),
    ];
    assert_eq!(metrics_of(&[&housekeeping[..], &words[..]].concat()), []);
}

proptest::proptest! {
    #[test]
    fn every_metric_is_finite_and_has_a_name(
        pairs in proptest::collection::btree_map("[a-z./_-]{0,12}|\\PC{0,8}", "[0-9.eE+-]{0,6}|inf|nan|\\PC{0,6}", 0..8),
    ) {
        let metrics = metrics::read(&pairs);
        proptest::prop_assert!(metrics.iter().all(|(name, value)| !name.is_empty() && value.is_finite()));
    }
}
