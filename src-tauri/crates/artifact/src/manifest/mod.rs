//! Manifests of every form, read from foreign bytes: OCI and Docker images, indexes, and Docker's schema 1.
//!
//! Well-formed documents are read by oci-client's types as they are; what foreign writers leave out or write otherwise
//! is first mended in `foreign`, with a note of what could not be read. What the content means is not known here.

mod convert;
mod foreign;
mod schema1;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde_json::Value;

pub use self::schema1::{Schema1, Schema1Layer};
use crate::{Descriptor, media_type, text::quoted};

/// How deep indexes may stand inside each other before reading stops.
pub const MAXIMUM_INDEX_DEPTH: usize = 4;

/// A manifest of any form.
#[derive(Clone, Debug, PartialEq)]
pub enum Manifest {
    Image(ImageManifest),
    Index(Index),
    Schema1(Schema1),
}

/// A manifest with a config and layers, whatever kind of artifact it holds.
#[derive(Clone, Debug, PartialEq)]
pub struct ImageManifest {
    pub media_type: String,
    /// As written; the empty config too. `None` where the format has none.
    pub config: Option<Descriptor>,
    pub layers: Vec<Descriptor>,
    pub subject: Option<Descriptor>,
    pub artifact_type: Option<String>,
    pub annotations: BTreeMap<String, String>,
    /// What could not be read, for people.
    pub problems: Vec<String>,
    /// False if a descriptor was left out or gives no usable size: then no sum over them is the truth.
    pub sizes_known: bool,
}

/// A list of manifests: one per platform, or of referrers.
#[derive(Clone, Debug, PartialEq)]
pub struct Index {
    pub media_type: String,
    pub manifests: Vec<Descriptor>,
    pub subject: Option<Descriptor>,
    pub artifact_type: Option<String>,
    pub annotations: BTreeMap<String, String>,
    /// What could not be read, for people.
    pub problems: Vec<String>,
    /// False if an entry was left out.
    pub sizes_known: bool,
}

/// Why bytes are no manifest.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ManifestError {
    #[error("the manifest is not JSON ({0}); is this address a registry?")]
    NotJson(String),
    #[error("the manifest is not a JSON object")]
    NotAnObject,
    #[error("the document is neither a manifest nor an index (media type {0:?})")]
    UnknownForm(String),
    #[error("the manifest says that it is {stated:?}, but it was delivered as {declared:?}")]
    Contradiction { declared: String, stated: String },
    #[error("the document is a manifest and an index at once, and does not say which")]
    Ambiguous,
    #[error("the manifest does not follow its format: {0}")]
    Malformed(String),
}

/// What a document is, before it is read in full.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Image,
    ArtifactManifest,
    Index,
    Schema1,
}

impl Manifest {
    /// Reads a manifest. `declared` is the media type that the registry delivered it with, if any; what the document
    /// itself says goes first.
    ///
    /// # Errors
    /// [`ManifestError`] if the bytes are no manifest at all. What is only odd in parts is read, and stands in
    /// `problems`.
    pub fn parse(declared: Option<&str>, bytes: &[u8]) -> Result<Self, ManifestError> {
        let value: Value =
            serde_json::from_slice(bytes).map_err(|error| ManifestError::NotJson(quoted(&error.to_string())))?;
        let Value::Object(document) = value else {
            return Err(ManifestError::NotAnObject);
        };
        let declared = declared
            .map(media_type::essence)
            .filter(|declared| media_type::is_manifest(declared));
        let stated = document
            .get("mediaType")
            .and_then(Value::as_str)
            .map(media_type::essence);
        let form = form_of(&document, declared, stated)?;
        let media_type = stated.or(declared).unwrap_or(form.default_media_type()).to_owned();
        match form {
            Form::Schema1 => schema1::read(&document, declared).map(Self::Schema1),
            Form::Index => convert::index(media_type, document, bytes).map(Self::Index),
            Form::Image => convert::image(media_type, document, bytes).map(Self::Image),
            Form::ArtifactManifest => convert::artifact(media_type, document).map(Self::Image),
        }
    }

    /// The media type that the document states, was delivered with, or has by its form.
    pub fn media_type(&self) -> &str {
        match self {
            Self::Image(image) => &image.media_type,
            Self::Index(index) => &index.media_type,
            Self::Schema1(schema1) => &schema1.media_type,
        }
    }

    /// What this manifest points at, as a signature does.
    pub fn subject(&self) -> Option<&Descriptor> {
        match self {
            Self::Image(image) => image.subject.as_ref(),
            Self::Index(index) => index.subject.as_ref(),
            Self::Schema1(_) => None,
        }
    }

    /// The type of the artifact: as stated, else the config's media type where that is neither an image's nor empty.
    ///
    /// Source: OCI distribution-spec 1.1, "Listing Referrers".
    pub fn artifact_type(&self) -> Option<&str> {
        match self {
            Self::Image(image) => image.artifact_type.as_deref().or_else(|| {
                let config = self.config()?;
                (!media_type::is_image_config(&config.media_type)).then_some(config.media_type.as_str())
            }),
            Self::Index(index) => index.artifact_type.as_deref(),
            Self::Schema1(_) => None,
        }
    }

    /// What the manifest says about itself.
    pub fn annotations(&self) -> &BTreeMap<String, String> {
        static NONE: BTreeMap<String, String> = BTreeMap::new();
        match self {
            Self::Image(image) => &image.annotations,
            Self::Index(index) => &index.annotations,
            Self::Schema1(_) => &NONE,
        }
    }

    /// The manifests that an index lists; nothing for the other forms.
    pub fn children(&self) -> &[Descriptor] {
        match self {
            Self::Index(index) => &index.manifests,
            Self::Image(_) | Self::Schema1(_) => &[],
        }
    }

    /// The config worth reading: `None` for the empty one and where there is none.
    pub fn config(&self) -> Option<&Descriptor> {
        match self {
            Self::Image(image) => image.config.as_ref().filter(|config| !config.is_empty_config()),
            Self::Index(_) | Self::Schema1(_) => None,
        }
    }

    /// The layers in order. Nothing for an index; schema 1 has layers without sizes, see [`Schema1::layers`].
    pub fn layers(&self) -> &[Descriptor] {
        match self {
            Self::Image(image) => &image.layers,
            Self::Index(_) | Self::Schema1(_) => &[],
        }
    }

    /// What could not be read, for people.
    pub fn problems(&self) -> &[String] {
        match self {
            Self::Image(image) => &image.problems,
            Self::Index(index) => &index.problems,
            Self::Schema1(schema1) => &schema1.problems,
        }
    }
}

impl Form {
    fn of_media_type(media_type: &str) -> Option<Self> {
        if media_type::is_index(media_type) {
            return Some(Self::Index);
        }
        if media_type::is_schema1(media_type) {
            return Some(Self::Schema1);
        }
        match media_type {
            media_type::OCI_ARTIFACT_MANIFEST => Some(Self::ArtifactManifest),
            media_type::OCI_MANIFEST | media_type::DOCKER_MANIFEST => Some(Self::Image),
            _ => None,
        }
    }

    const fn default_media_type(self) -> &'static str {
        match self {
            Self::Image => media_type::OCI_MANIFEST,
            Self::ArtifactManifest => media_type::OCI_ARTIFACT_MANIFEST,
            Self::Index => media_type::OCI_INDEX,
            Self::Schema1 => media_type::DOCKER_SCHEMA1,
        }
    }
}

/// Which form a document has. A document that could be read as two forms is refused, as it could show one face to Berth
/// and another to the program that runs it (image-spec 1.1, CVE-2021-41190).
fn form_of(
    document: &serde_json::Map<String, Value>,
    declared: Option<&str>,
    stated: Option<&str>,
) -> Result<Form, ManifestError> {
    let has = |field: &str| document.get(field).is_some_and(|value| !value.is_null());
    if has("fsLayers") || document.get("schemaVersion").and_then(Value::as_u64) == Some(1) {
        return Ok(Form::Schema1);
    }
    let by_statement = stated.and_then(Form::of_media_type);
    let by_declaration = declared.and_then(Form::of_media_type);
    if let (Some(stated_form), Some(declared_form)) = (by_statement, by_declaration)
        && stated_form != declared_form
    {
        let (declared, stated) = (quoted(declared.unwrap_or_default()), quoted(stated.unwrap_or_default()));
        return Err(ManifestError::Contradiction { declared, stated });
    }
    let is_index = document.contains_key("manifests");
    let is_image = has("config") || document.contains_key("layers");
    match by_statement.or(by_declaration) {
        Some(form) => Ok(form),
        None if is_index && is_image => Err(ManifestError::Ambiguous),
        None if is_index => Ok(Form::Index),
        None if is_image => Ok(Form::Image),
        None if has("blobs") => Ok(Form::ArtifactManifest),
        None => Err(ManifestError::UnknownForm(quoted(
            stated.or(declared).unwrap_or_default(),
        ))),
    }
}
