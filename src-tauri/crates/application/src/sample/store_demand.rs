//! `forecasting/store-demand`: a `ModelKit`, tagged by build numbers.

use std::collections::BTreeMap;

use artifact::Descriptor;
use serde_json::{Value, json};

use super::{
    SampleError,
    layer::LayerContent,
    noise,
    repository::{ManifestDetails, Repository, named, written},
};

const MANIFEST_TYPE: &str = "application/vnd.kitops.modelkit.manifest.v1+json";
const CONFIG_TYPE: &str = "application/vnd.kitops.modelkit.config.v1+json";

/// Build number, days ago, error in thousandths, other tags.
const BUILDS: &[(u32, i64, u32, &[&str])] = &[
    (8, 74, 118, &[]),
    (9, 52, 111, &[]),
    (10, 24, 104, &["champion", "latest"]),
    (11, 2, 102, &["challenger"]),
];

pub(super) fn write(mut repository: Repository) -> Result<(), SampleError> {
    for (number, days, error, aliases) in BUILDS {
        let build = publish(&repository, *number, *days, *error)?;
        repository.tag(&build, &format!("build-{number}"));
        for alias in *aliases {
            repository.tag(&build, alias);
        }
    }
    repository.finish()
}

fn publish(repository: &Repository, number: u32, days: i64, error: u32) -> Result<Descriptor, SampleError> {
    let created = repository.days_ago(days);
    // The data set is read anew every other build, the code does not change.
    let data = number / 2;
    let parts = [
        (
            "model",
            "model.ubj",
            noise::bytes(&format!("store-demand model {number}"), 140_000),
        ),
        (
            "dataset",
            "data/sales.parquet",
            noise::bytes(&format!("store-demand data {data}"), 220_000),
        ),
        ("code", "train.py", TRAIN.as_bytes().to_vec()),
        ("docs", "README.md", README.as_bytes().to_vec()),
    ];
    let mut layers = Vec::new();
    let mut entries: BTreeMap<&str, Value> = BTreeMap::new();
    for (part, path, bytes) in parts {
        let mut content = LayerContent::default();
        content.file(path, bytes);
        // One time for all: the same file is the same layer in every build.
        let packed = content.pack(chrono::DateTime::UNIX_EPOCH)?;
        let layer = repository.blob(
            &format!("application/vnd.kitops.modelkit.{part}.v1.tar+gzip"),
            &packed.bytes,
        )?;
        let entry = json!({ "path": path, "digest": layer.digest.to_string(), "diffId": packed.diff_id.to_string() });
        entries.insert(part, entry);
        layers.push(layer);
    }
    let config = repository.json(CONFIG_TYPE, &kitfile(number, &entries))?;
    let details = ManifestDetails {
        artifact_type: Some(MANIFEST_TYPE),
        subject: None,
        annotations: named([
            ("mape", format!("0.{error}")),
            ("ml.kitops.modelkit.cli-version", "1.7.0".to_owned()),
            ("org.opencontainers.image.created", written(created)),
        ]),
    };
    repository.manifest(&config, &layers, &details)
}

/// Source: `KitOps`, Kitfile reference.
fn kitfile(number: u32, entries: &BTreeMap<&str, Value>) -> Value {
    let entry = |part: &str| entries.get(part).cloned().unwrap_or_default();
    let mut model = entry("model");
    model["name"] = json!("store-demand");
    model["framework"] = json!("XGBoost");
    model["format"] = json!("ubj");
    model["version"] = json!(format!("0.{number}.0"));
    model["license"] = json!("Apache-2.0");
    model["parameters"] = json!({ "max_depth": 8, "eta": 0.08, "rounds": 400 });
    json!({
        "manifestVersion": "1.0.0",
        "package": {
            "name": "store-demand",
            "version": format!("0.{number}.0"),
            "description": "Demand of each shop for the next four weeks",
            "license": "Apache-2.0",
            "authors": ["Forecasting team"],
        },
        "model": model,
        "datasets": [entry("dataset")],
        "code": [entry("code")],
        "docs": [entry("docs")],
    })
}

const TRAIN: &str = "\"\"\"Trains the demand model of the shops.\"\"\"\n\nimport xgboost\n\n\ndef train(data: xgboost.DMatrix) -> xgboost.Booster:\n    return xgboost.train({\"max_depth\": 8, \"eta\": 0.08}, data, num_boost_round=400)\n";

const README: &str = "# Store demand\n\nForecasts the demand of each shop for the next four weeks, from sales, weather and holidays.\n\n- Trained every three weeks\n- Error: see the annotation `mape`\n";
