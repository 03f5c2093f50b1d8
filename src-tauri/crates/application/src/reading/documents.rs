//! Texts in a model artifact: its README, its licence, its templates.

use artifact::{ByteSize, Descriptor, Digest, LayerContents, LayerSummary, Manifest, PlatformSummary, RepositoryName};
use catalog::{ConnectionId, contents};
use registry::Operation;

use super::detail::layer_name;
use crate::{ApplicationError, Berth, DocumentEntry, DocumentText, names::full_name};

/// The largest text that is shown.
const TEXT_LIMIT: ByteSize = ByteSize(1_000_000);

/// The largest archive of documents that is opened for its texts.
const ARCHIVE_LIMIT: ByteSize = ByteSize(64_000_000);

/// Parts of the media types under which formats keep texts: `ModelPack`'s and `ModelKit`'s documents, Docker's and
/// Ollama's licences and templates.
const TEXT_TYPES: [&str; 11] = [
    "model.doc.v1",
    "modelkit.docs.v1",
    "docker.ai.license",
    "docker.ai.chat.template",
    "ollama.image.license",
    "ollama.image.template",
    "ollama.image.system",
    "ollama.image.prompt",
    "ollama.image.params",
    "ollama.image.messages",
    "helm.chart.provenance",
];

/// Endings of files that are texts whatever the media type says.
const TEXT_ENDINGS: [&str; 4] = [".md", ".txt", ".rst", ".markdown"];

/// The documents of a platform, in the order of its layers.
pub(super) fn entries(platform: &PlatformSummary) -> Vec<DocumentEntry> {
    let documents = platform.layers.iter().filter(|layer| is_document(layer));
    documents
        .map(|layer| DocumentEntry {
            digest: layer.digest.clone(),
            title: title(layer),
            size: layer.size,
        })
        .collect()
}

fn is_document(layer: &LayerSummary) -> bool {
    let is_archive = is_archive(&layer.media_type);
    let limit = if is_archive { ARCHIVE_LIMIT } else { TEXT_LIMIT };
    if layer.size > limit {
        return false;
    }
    let named = layer.title.as_deref().is_some_and(is_text_name);
    TEXT_TYPES.iter().any(|part| layer.media_type.contains(part)) || (named && !is_archive)
}

fn is_text_name(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
    TEXT_ENDINGS.iter().any(|ending| name.ends_with(ending))
        || ["readme", "license", "licence"].contains(&name.as_str())
}

fn is_archive(media_type: &str) -> bool {
    ["tar", "+gzip", "+zstd"].iter().any(|part| media_type.contains(part))
}

/// Its file's name, else the word of the media type that says what it is.
fn title(layer: &LayerSummary) -> String {
    if let Some(title) = &layer.title {
        return title.clone();
    }
    let word = layer
        .media_type
        .rsplit('.')
        .find(|word| word.chars().all(char::is_alphabetic));
    word.filter(|_| layer.created_by.is_none())
        .map_or_else(|| layer_name(layer), str::to_owned)
}

impl Berth {
    /// A text of a version, read from the registry.
    ///
    /// # Errors
    /// If it is no document of this version, is no text, or cannot be read.
    pub async fn document(
        &self,
        id: &ConnectionId,
        repository: &RepositoryName,
        digest: &Digest,
        layer: &Digest,
        operation: &Operation,
    ) -> Result<DocumentText, ApplicationError> {
        let connection = self.connection(id).await?;
        let record = self.record(&connection, repository, digest).await?;
        let found = record.summary.platforms.iter().find_map(|platform| {
            let layer = platform
                .layers
                .iter()
                .find(|known| known.digest == *layer && is_document(known))?;
            Some((platform.digest.clone(), layer.clone()))
        });
        let (platform, layer) =
            found.ok_or_else(|| ApplicationError::not_found("this version has no such document"))?;
        let registry = self.registry(id).await?;
        let full = full_name(&connection.location, repository)?;
        if is_archive(&layer.media_type) {
            let descriptor = self.layer_descriptor(&platform, &layer).await?;
            let index = &self.inner.index;
            let contents = contents::layer(index, &registry, &full, &descriptor, operation, self.now()).await?;
            return text_of_archive(&contents, &layer);
        }
        let bytes = registry
            .small_blob(&full, &layer.digest, layer.size, TEXT_LIMIT, operation)
            .await?;
        readable(title(&layer), bytes.to_vec())
    }

    /// The layer with all that its manifest says about it.
    pub(super) async fn layer_descriptor(
        &self,
        platform: &Digest,
        layer: &LayerSummary,
    ) -> Result<Descriptor, ApplicationError> {
        let asked = platform.clone();
        let manifest = self.ask(move |index| index.manifest_bytes(&asked)).await?;
        let parsed = manifest.and_then(|(media_type, bytes)| Manifest::parse(Some(&media_type), &bytes).ok());
        let found = parsed.and_then(|manifest| {
            manifest
                .layers()
                .iter()
                .find(|descriptor| descriptor.digest == layer.digest)
                .cloned()
        });
        Ok(found.unwrap_or_else(|| Descriptor::new(&layer.media_type, layer.digest.clone(), layer.size)))
    }
}

/// The text that most likely is the one: a README before other Markdown before the rest.
fn text_of_archive(contents: &LayerContents, layer: &LayerSummary) -> Result<DocumentText, ApplicationError> {
    let rank = |path: &str| {
        let name = path.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
        (!name.starts_with("readme"), !is_markdown(&name), path.len())
    };
    let best = contents.texts.iter().min_by_key(|text| rank(&text.path));
    let best = best.ok_or_else(|| ApplicationError::not_found(format!("{} holds no text", title(layer))))?;
    readable(best.path.clone(), best.bytes.clone())
}

fn readable(title: String, bytes: Vec<u8>) -> Result<DocumentText, ApplicationError> {
    let text = String::from_utf8(bytes)
        .map_err(|_| ApplicationError::new(registry::ErrorCode::InvalidAnswer, format!("{title} is not a text")))?;
    Ok(DocumentText {
        markdown: is_markdown(&title),
        title,
        text,
    })
}

fn is_markdown(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let ending = name.rsplit_once('.').map(|(_, ending)| ending);
    matches!(ending, Some("md" | "markdown")) || name == "readme"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layer(media_type: &str, title: Option<&str>, size: u64) -> LayerSummary {
        LayerSummary {
            digest: Digest::of(media_type.as_bytes()),
            media_type: media_type.to_owned(),
            size: ByteSize(size),
            created_by: None,
            title: title.map(str::to_owned),
        }
    }

    #[test]
    fn documents_of_every_format_are_found() {
        let documents = [
            layer("application/vnd.cncf.model.doc.v1.raw", Some("README.md"), 10),
            layer("application/vnd.cnai.model.doc.v1.tar", Some("docs"), 10),
            layer("application/vnd.kitops.modelkit.docs.v1.tar+gzip", None, 10),
            layer("application/vnd.docker.ai.license", None, 10),
            layer("application/vnd.ollama.image.template", None, 10),
            layer("application/octet-stream", Some("docs/LICENSE"), 10),
        ];
        for document in &documents {
            assert!(is_document(document), "{}", document.media_type);
        }
        assert_eq!(title(&documents[3]), "license");
        assert!(!is_document(&layer(
            "application/vnd.cncf.model.weight.v1.raw",
            Some("model.safetensors"),
            10
        )));
        assert!(!is_document(&layer(
            "application/vnd.cncf.model.doc.v1.raw",
            Some("README.md"),
            5_000_000
        )));
    }

    #[test]
    fn the_readme_of_an_archive_is_chosen() {
        let text = |path: &str| artifact::KeptText {
            path: path.to_owned(),
            bytes: path.as_bytes().to_vec(),
        };
        let contents = LayerContents {
            texts: vec![text("docs/changes.md"), text("LICENSE"), text("docs/README.md")],
            ..LayerContents::default()
        };
        let docs = layer("application/vnd.kitops.modelkit.docs.v1.tar", None, 10);
        let chosen = text_of_archive(&contents, &docs).expect("there are texts");
        assert_eq!((chosen.title.as_str(), chosen.markdown), ("docs/README.md", true));
        assert!(text_of_archive(&LayerContents::default(), &docs).is_err());
        assert!(readable("x".to_owned(), vec![0xff]).is_err());
    }
}
