//! `llm/tiny-bert`: a language model as a `ModelPack`, its files stored as they are.
//!
//! Versions differ in some tensors only: what was not trained again is the same file, or the same tensor in it.

use std::collections::BTreeMap;

use artifact::Descriptor;
use chrono::{DateTime, Utc};
use serde_json::json;

use super::{
    SampleError, attached, noise,
    repository::{ManifestDetails, Repository, named, size_of, written},
    tiny_bert_texts as texts,
    weights::{Precision, Tensor, safetensors},
};

const MANIFEST_TYPE: &str = "application/vnd.cncf.model.manifest.v1+json";
const CONFIG_TYPE: &str = "application/vnd.cncf.model.config.v1+json";
const WEIGHT: &str = "application/vnd.cncf.model.weight.v1.raw";
const WEIGHT_CONFIG: &str = "application/vnd.cncf.model.weight.config.v1.raw";
const DOCUMENT: &str = "application/vnd.cncf.model.doc.v1.raw";

const VOCABULARY: usize = 1_024;
const WIDTH: usize = 64;

/// A version of the model.
struct Release {
    name: &'static str,
    days: i64,
    aliases: &'static [&'static str],
    /// When the embeddings, the encoder and the classifier were last trained.
    trained: [&'static str; 3],
    precision: Precision,
    /// A pooling layer was added in 2.0.
    pooler: bool,
    accuracy: &'static str,
    signed: bool,
}

const RELEASES: &[Release] = &[
    Release {
        name: "1.0.0",
        days: 210,
        aliases: &["1.0"],
        trained: ["1.0.0", "1.0.0", "1.0.0"],
        precision: Precision::F32,
        pooler: false,
        accuracy: "0.842",
        signed: false,
    },
    Release {
        name: "1.1.0",
        days: 163,
        aliases: &[],
        trained: ["1.0.0", "1.0.0", "1.1.0"],
        precision: Precision::F32,
        pooler: false,
        accuracy: "0.861",
        signed: true,
    },
    Release {
        name: "1.1.1",
        days: 121,
        aliases: &["1.1"],
        trained: ["1.0.0", "1.1.1", "1.1.0"],
        precision: Precision::F32,
        pooler: false,
        accuracy: "0.864",
        signed: true,
    },
    Release {
        name: "2.0.0-rc.1",
        days: 47,
        aliases: &[],
        trained: ["1.0.0", "2.0.0-rc.1", "2.0.0-rc.1"],
        precision: Precision::F32,
        pooler: true,
        accuracy: "0.883",
        signed: false,
    },
    Release {
        name: "2.0.0",
        days: 29,
        aliases: &["2.0", "latest", "production"],
        trained: ["2.0.0", "2.0.0-rc.1", "2.0.0"],
        precision: Precision::F32,
        pooler: true,
        accuracy: "0.891",
        signed: true,
    },
    Release {
        name: "2.0.0-bf16",
        days: 28,
        aliases: &[],
        trained: ["2.0.0", "2.0.0-rc.1", "2.0.0"],
        precision: Precision::Bf16,
        pooler: true,
        accuracy: "0.890",
        signed: false,
    },
    Release {
        name: "2.1.0-rc.1",
        days: 5,
        aliases: &["staging"],
        trained: ["2.0.0", "2.1.0-rc.1", "2.1.0-rc.1"],
        precision: Precision::F32,
        pooler: true,
        accuracy: "0.897",
        signed: false,
    },
];

pub(super) fn write(mut repository: Repository) -> Result<(), SampleError> {
    for release in RELEASES {
        let version = publish(&repository, release)?;
        repository.tag(&version, release.name);
        for alias in release.aliases {
            repository.tag(&version, alias);
        }
        if release.signed {
            let signed = repository.days_ago(release.days);
            attached::sign(&mut repository, &version, signed)?;
        }
    }
    repository.finish()
}

fn publish(repository: &Repository, release: &Release) -> Result<Descriptor, SampleError> {
    let created = repository.days_ago(release.days);
    let embeddings = embeddings(release);
    let network = network(release);
    let parameters: usize = embeddings.iter().chain(&network).map(Tensor::parameters).sum();
    let files = [
        (WEIGHT, "model-00001-of-00002.safetensors", safetensors(&embeddings)?),
        (WEIGHT, "model-00002-of-00002.safetensors", safetensors(&network)?),
        (
            WEIGHT_CONFIG,
            "config.json",
            texts::config(WIDTH, VOCABULARY).into_bytes(),
        ),
        (
            WEIGHT_CONFIG,
            "model.safetensors.index.json",
            weight_map(&embeddings, &network),
        ),
        (WEIGHT_CONFIG, "tokenizer.json", tokenizer()),
        (
            WEIGHT_CONFIG,
            "tokenizer_config.json",
            texts::TOKENIZER_CONFIG.as_bytes().to_vec(),
        ),
        (
            DOCUMENT,
            "README.md",
            texts::readme(release.name, release.accuracy, parameters).into_bytes(),
        ),
        (DOCUMENT, "LICENSE", texts::LICENSE.as_bytes().to_vec()),
    ];
    let layers = files
        .iter()
        .map(|(media_type, path, bytes)| file(repository, media_type, path, bytes))
        .collect::<Result<Vec<_>, _>>()?;
    let config = config(repository, release, parameters, &layers, created)?;
    let details = ManifestDetails {
        artifact_type: Some(MANIFEST_TYPE),
        subject: None,
        annotations: annotations(release, created),
    };
    repository.manifest(&config, &layers, &details)
}

/// A file of the model; what a file system would know of it stands in its annotations.
fn file(repository: &Repository, media_type: &str, path: &str, bytes: &[u8]) -> Result<Descriptor, SampleError> {
    let mut layer = repository.blob(media_type, bytes)?;
    let metadata = json!({ "name": path, "mode": 420, "uid": 0, "gid": 0, "size": size_of(bytes).bytes(), "mtime": "2024-01-01T00:00:00Z", "typeflag": 48 });
    layer.annotations = named([
        ("org.cncf.model.filepath", path.to_owned()),
        ("org.cncf.model.file.metadata+json", metadata.to_string()),
    ]);
    Ok(layer)
}

/// Source: CNCF model-spec, config.md.
fn config(
    repository: &Repository,
    release: &Release,
    parameters: usize,
    layers: &[Descriptor],
    created: DateTime<Utc>,
) -> Result<Descriptor, SampleError> {
    let content: Vec<String> = layers.iter().map(|layer| layer.digest.to_string()).collect();
    let precision = match release.precision {
        Precision::F32 => "float32",
        Precision::Bf16 => "bfloat16",
    };
    let config = json!({
        "descriptor": {
            "createdAt": written(created),
            "authors": ["Language team <language@acme.example>"],
            "vendor": "Acme",
            "family": "bert",
            "name": "tiny-bert",
            "version": release.name,
            "title": "Tiny BERT",
            "description": "Sorts support messages into eight topics",
            "docURL": "https://docs.acme.example/tiny-bert",
            "sourceURL": "https://github.com/acme/tiny-bert",
            "datasetsURL": ["https://data.acme.example/support-messages"],
            "revision": noise::hex(&format!("tiny-bert {}", release.name), 40),
            "licenses": ["Apache-2.0"],
        },
        "config": {
            "architecture": "transformer",
            "format": "safetensors",
            "paramSize": format!("{:.2}M", f64::from(u32::try_from(parameters).unwrap_or(u32::MAX)) / 1e6),
            "precision": precision,
            "capabilities": { "inputTypes": ["text"], "outputTypes": ["other"], "languages": ["en", "de"] },
        },
        "modelfs": { "type": "layers", "diffIds": content },
    });
    repository.json(CONFIG_TYPE, &config)
}

fn annotations(release: &Release, created: DateTime<Utc>) -> BTreeMap<String, String> {
    named([
        ("accuracy", release.accuracy.to_owned()),
        ("org.opencontainers.image.created", written(created)),
        ("org.opencontainers.image.title", "tiny-bert".to_owned()),
        ("org.opencontainers.image.version", release.name.to_owned()),
    ])
}

fn embeddings(release: &Release) -> Vec<Tensor> {
    let [trained, ..] = release.trained;
    let tensors = vec![
        Tensor::new("bert.embeddings.word_embeddings.weight", &[VOCABULARY, WIDTH], trained),
        Tensor::new("bert.embeddings.position_embeddings.weight", &[128, WIDTH], trained),
        Tensor::new("bert.embeddings.LayerNorm.weight", &[WIDTH], trained),
        Tensor::new("bert.embeddings.LayerNorm.bias", &[WIDTH], trained),
    ];
    in_precision(tensors, release.precision)
}

/// Two encoder layers, of which only the second is trained again, and the classifier.
fn network(release: &Release) -> Vec<Tensor> {
    let [_, encoder, classifier] = release.trained;
    let mut tensors = Vec::new();
    for (layer, trained) in [(0, "1.0.0"), (1, encoder)] {
        for part in ["query", "key", "value"] {
            let name = format!("bert.encoder.layer.{layer}.attention.self.{part}");
            tensors.push(Tensor::new(format!("{name}.weight"), &[WIDTH, WIDTH], trained));
            tensors.push(Tensor::new(format!("{name}.bias"), &[WIDTH], trained));
        }
        let name = format!("bert.encoder.layer.{layer}");
        tensors.push(Tensor::new(
            format!("{name}.intermediate.dense.weight"),
            &[WIDTH * 2, WIDTH],
            trained,
        ));
        tensors.push(Tensor::new(
            format!("{name}.output.dense.weight"),
            &[WIDTH, WIDTH * 2],
            trained,
        ));
    }
    if release.pooler {
        tensors.push(Tensor::new("bert.pooler.dense.weight", &[WIDTH, WIDTH], classifier));
    }
    tensors.push(Tensor::new("classifier.weight", &[8, WIDTH], classifier));
    tensors.push(Tensor::new("classifier.bias", &[8], classifier));
    in_precision(tensors, release.precision)
}

fn in_precision(tensors: Vec<Tensor>, precision: Precision) -> Vec<Tensor> {
    match precision {
        Precision::F32 => tensors,
        Precision::Bf16 => tensors.into_iter().map(Tensor::in_bf16).collect(),
    }
}

/// Which tensor lies in which file.
fn weight_map(embeddings: &[Tensor], network: &[Tensor]) -> Vec<u8> {
    let in_file = |tensors: &[Tensor], file: &str| -> Vec<(String, String)> {
        tensors
            .iter()
            .map(|tensor| (tensor.name.clone(), file.to_owned()))
            .collect()
    };
    let map: BTreeMap<String, String> = in_file(embeddings, "model-00001-of-00002.safetensors")
        .into_iter()
        .chain(in_file(network, "model-00002-of-00002.safetensors"))
        .collect();
    json!({ "weight_map": map }).to_string().into_bytes()
}

fn tokenizer() -> Vec<u8> {
    let vocabulary: BTreeMap<String, usize> = (0..VOCABULARY)
        .map(|number| (format!("##{}", noise::hex(&format!("token {number}"), 5)), number))
        .collect();
    json!({ "version": "1.0", "model": { "type": "WordPiece", "unk_token": "[UNK]", "vocab": vocabulary } })
        .to_string()
        .into_bytes()
}
