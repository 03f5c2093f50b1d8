//! What a manifest holds, told by its media types alone.
//!
//! Source: the specifications of each format as gathered in `docs`, and what their writers really store. Unknown types
//! are [`Kind::Other`], never an error. Configs are not read here.

#[cfg(test)]
mod tests;

use std::{collections::BTreeMap, fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{Descriptor, ImageManifest, Manifest, media_type, text::quoted};

/// The kinds of artifacts that Berth knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    Image,
    #[serde(rename = "modelpack")]
    ModelPack,
    #[serde(rename = "modelkit")]
    ModelKit,
    DockerModel,
    Ollama,
    Helm,
    Signature,
    Sbom,
    Attestation,
    Wasm,
    Other,
}

/// The text is no kind's name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is no kind; kinds are image, modelpack, modelkit, docker-model, ollama, helm, signature, sbom, attestation, wasm, other"
)]
pub struct UnknownKind(String);

/// Predicate types of in-toto statements that are bills of materials.
const SBOM_PREDICATES: [&str; 3] = [
    "https://spdx.dev/Document",
    "https://cyclonedx.org/bom",
    "https://syft.dev/bom",
];

/// Where a layer or a bundle names the predicate of the statement that it holds.
const PREDICATE_KEYS: [&str; 3] = [
    "in-toto.io/predicate-type",
    "predicateType",
    "dev.sigstore.bundle.predicateType",
];

/// The predicate of a sigstore bundle that is a plain signature.
const COSIGN_SIGNATURE_PREDICATE: &str = "https://sigstore.dev/cosign/sign/";

impl Kind {
    /// All kinds, in the order that lists of choices have.
    pub const ALL: [Self; 11] = [
        Self::Image,
        Self::ModelPack,
        Self::ModelKit,
        Self::DockerModel,
        Self::Ollama,
        Self::Helm,
        Self::Signature,
        Self::Sbom,
        Self::Attestation,
        Self::Wasm,
        Self::Other,
    ];

    /// What this manifest holds. An index is what its artifact type says, else an image: what its platforms hold is
    /// told by their own manifests.
    pub fn of(manifest: &Manifest) -> Self {
        match manifest {
            Manifest::Schema1(_) => Self::Image,
            Manifest::Image(image) => Self::of_image(image),
            Manifest::Index(index) => match &index.artifact_type {
                Some(artifact_type) => Self::of_artifact_type(artifact_type, &index.annotations),
                None if index.manifests.is_empty() => Self::Other,
                None => Self::Image,
            },
        }
    }

    /// What a manifest with a config and layers holds.
    pub(crate) fn of_image(image: &ImageManifest) -> Self {
        let stated = image.artifact_type.as_deref();
        let config = image.config.as_ref().map(|config| config.media_type.as_str());
        stated
            .and_then(|stated| known(stated, &image.annotations))
            .or_else(|| of_layers(&image.layers))
            .or_else(|| config.and_then(|config| known(config, &image.annotations)))
            .or_else(|| of_first_layer(&image.layers))
            .unwrap_or(Self::Other)
    }

    /// What an artifact type, or the media type of a config, says about the artifact; its annotations tell what a
    /// sigstore bundle holds.
    pub fn of_artifact_type(artifact_type: &str, annotations: &BTreeMap<String, String>) -> Self {
        known(artifact_type, annotations).unwrap_or(Self::Other)
    }

    /// What a referrer is, by its descriptor in a list of referrers.
    pub fn of_referrer(descriptor: &Descriptor) -> Self {
        if descriptor.is_attestation() {
            return Self::Attestation;
        }
        descriptor
            .artifact_type
            .as_deref()
            .map_or(Self::Other, |artifact_type| {
                Self::of_artifact_type(artifact_type, &descriptor.annotations)
            })
    }

    /// The name in scripts and in the index.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::ModelPack => "modelpack",
            Self::ModelKit => "modelkit",
            Self::DockerModel => "docker-model",
            Self::Ollama => "ollama",
            Self::Helm => "helm",
            Self::Signature => "signature",
            Self::Sbom => "sbom",
            Self::Attestation => "attestation",
            Self::Wasm => "wasm",
            Self::Other => "other",
        }
    }

    /// The name for people.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Image => "Image",
            Self::ModelPack => "ModelPack",
            Self::ModelKit => "ModelKit",
            Self::DockerModel => "Docker model",
            Self::Ollama => "Ollama",
            Self::Helm => "Helm chart",
            Self::Signature => "Signature",
            Self::Sbom => "SBOM",
            Self::Attestation => "Attestation",
            Self::Wasm => "WASM",
            Self::Other => "Other",
        }
    }

    /// Whether it holds a model's weights in a format of its own.
    pub const fn is_model(self) -> bool {
        matches!(
            self,
            Self::ModelPack | Self::ModelKit | Self::DockerModel | Self::Ollama
        )
    }
}

/// The kind that a config's or an artifact's type names.
fn known(media_type: &str, annotations: &BTreeMap<String, String>) -> Option<Kind> {
    let essence = media_type::essence(media_type);
    if media_type::is_image_config(essence) {
        return Some(Kind::Image);
    }
    let vendor = essence.strip_prefix("application/vnd.").unwrap_or(essence);
    let starts = |prefixes: &[&str]| prefixes.iter().any(|prefix| vendor.starts_with(prefix));
    let kind = if starts(&["cncf.model.", "cnai.model."]) {
        Kind::ModelPack
    } else if starts(&["kitops.modelkit."]) {
        Kind::ModelKit
    } else if starts(&["docker.ai."]) {
        Kind::DockerModel
    } else if starts(&["ollama."]) {
        Kind::Ollama
    } else if starts(&["cncf.helm."]) {
        Kind::Helm
    } else if starts(&["dev.sigstore.bundle"]) {
        of_bundle(annotations)
    } else if starts(&["dev.cosign.artifact.sig.", "dev.cosign.simplesigning.", "cncf.notary."]) {
        Kind::Signature
    } else if starts(&["dev.cosign.artifact.sbom.", "cyclonedx", "syft+json", "spdx"])
        || matches!(
            essence,
            "application/spdx+json" | "text/spdx" | "text/spdx+json" | "text/spdx+xml"
        )
    {
        Kind::Sbom
    } else if starts(&[
        "dev.cosign.artifact.att.",
        "docker.attestation.",
        "in-toto",
        "dsse.envelope.",
    ]) {
        if is_sbom(annotations) {
            Kind::Sbom
        } else {
            Kind::Attestation
        }
    } else if starts(&["wasm.", "bytecodealliance.wasm.", "module.wasm."]) || essence == "application/wasm" {
        Kind::Wasm
    } else {
        return None;
    };
    Some(kind)
}

/// Layers that tell more than the config beside them: cosign stores signatures with the config of an image.
fn of_layers(layers: &[Descriptor]) -> Option<Kind> {
    let first = known(&layers.first()?.media_type, &layers.first()?.annotations)?;
    match first {
        Kind::Signature | Kind::Ollama | Kind::DockerModel => Some(first),
        // One image carries several statements; it is a bill of materials only if all of them are.
        Kind::Sbom | Kind::Attestation => {
            let all_sbom = layers
                .iter()
                .all(|layer| known(&layer.media_type, &layer.annotations) == Some(Kind::Sbom));
            Some(if all_sbom { Kind::Sbom } else { Kind::Attestation })
        }
        _ => None,
    }
}

/// The last resort: tools that store any file give the config a type of their own.
fn of_first_layer(layers: &[Descriptor]) -> Option<Kind> {
    let first = layers.first()?;
    known(&first.media_type, &first.annotations)
}

fn of_bundle(annotations: &BTreeMap<String, String>) -> Kind {
    match annotations.get("dev.sigstore.bundle.predicateType") {
        None => Kind::Signature,
        Some(predicate) if predicate.starts_with(COSIGN_SIGNATURE_PREDICATE) => Kind::Signature,
        Some(_) if is_sbom(annotations) => Kind::Sbom,
        Some(_) => Kind::Attestation,
    }
}

fn is_sbom(annotations: &BTreeMap<String, String>) -> bool {
    let predicate = PREDICATE_KEYS.iter().find_map(|key| annotations.get(*key));
    predicate.is_some_and(|predicate| SBOM_PREDICATES.iter().any(|sbom| predicate.starts_with(sbom)))
}

impl fmt::Display for Kind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}

impl FromStr for Kind {
    type Err = UnknownKind;

    fn from_str(text: &str) -> Result<Self, UnknownKind> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.as_str() == text)
            .ok_or_else(|| UnknownKind(quoted(text)))
    }
}
