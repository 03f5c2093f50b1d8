//! Image configs and manifests from build steps.

use std::{collections::BTreeMap, sync::Arc};

use artifact::{Descriptor, Platform};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::{
    SampleError,
    layer::PackedLayer,
    repository::{ManifestDetails, Repository, written},
};

const CONFIG: &str = "application/vnd.oci.image.config.v1+json";

/// One line of a build: a setting, or a command that left a layer.
#[derive(Clone)]
pub(super) struct Step {
    command: String,
    created: DateTime<Utc>,
    layer: Option<Arc<PackedLayer>>,
}

impl Step {
    pub(super) fn layer(command: impl Into<String>, created: DateTime<Utc>, layer: Arc<PackedLayer>) -> Self {
        Self {
            command: command.into(),
            created,
            layer: Some(layer),
        }
    }

    pub(super) fn setting(command: impl Into<String>, created: DateTime<Utc>) -> Self {
        Self {
            command: command.into(),
            created,
            layer: None,
        }
    }
}

/// An image for one platform, before it is stored.
pub(super) struct Image {
    pub(super) architecture: &'static str,
    pub(super) created: DateTime<Utc>,
    pub(super) steps: Vec<Step>,
    pub(super) environment: Vec<String>,
    pub(super) entrypoint: Vec<&'static str>,
    pub(super) command: Vec<&'static str>,
    pub(super) ports: Vec<&'static str>,
    pub(super) labels: BTreeMap<String, String>,
}

impl Image {
    /// Stores layers, config and manifest. The descriptor names the platform, as an index wants it.
    pub(super) fn store(&self, repository: &Repository) -> Result<Descriptor, SampleError> {
        let layers: Vec<&Arc<PackedLayer>> = self.steps.iter().filter_map(|step| step.layer.as_ref()).collect();
        let stored = layers
            .iter()
            .map(|layer| repository.layer(layer))
            .collect::<Result<Vec<_>, _>>()?;
        let config = repository.json(CONFIG, &self.config(&layers))?;
        let mut manifest = repository.manifest(&config, &stored, &ManifestDetails::default())?;
        manifest.platform = Some(Platform {
            os: "linux".to_owned(),
            architecture: self.architecture.to_owned(),
            variant: None,
        });
        Ok(manifest)
    }

    /// Source: OCI image-spec 1.1, config.md.
    fn config(&self, layers: &[&Arc<PackedLayer>]) -> Value {
        let history: Vec<Value> = self.steps.iter().map(history).collect();
        let ports: BTreeMap<&str, Value> = self.ports.iter().map(|port| (*port, json!({}))).collect();
        let content: Vec<String> = layers.iter().map(|layer| layer.diff_id.to_string()).collect();
        json!({
            "created": written(self.created),
            "architecture": self.architecture,
            "os": "linux",
            "config": {
                "User": "1000:1000",
                "ExposedPorts": ports,
                "Env": self.environment,
                "Entrypoint": self.entrypoint,
                "Cmd": self.command,
                "WorkingDir": "/app",
                "Labels": self.labels,
            },
            "rootfs": { "type": "layers", "diff_ids": content },
            "history": history,
        })
    }
}

fn history(step: &Step) -> Value {
    let mut line = json!({ "created": written(step.created), "created_by": step.command });
    if step.command.ends_with("# buildkit") {
        line["comment"] = json!("buildkit.dockerfile.v0");
    }
    if step.layer.is_none() {
        line["empty_layer"] = json!(true);
    }
    line
}
