//! Which layers of a manifest hold weights, and how they are stored: told by media types and names alone.
//!
//! Source: the specifications as gathered in `docs`, and what their writers really store. Layers of images are not
//! searched.

use super::reader::may_hold_weights;
use crate::{ByteSize, Descriptor, Digest, Kind, Manifest, layer::raw::file_name, media_type};

/// A layer that holds weights.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WeightBlob {
    pub digest: Digest,
    pub size: ByteSize,
    pub media_type: String,
    /// Of the file, where the manifest names one; else what its media type calls it.
    pub path: String,
    pub stored: StoredAs,
}

/// How a layer holds its files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StoredAs {
    /// One file as it is.
    Raw,
    Tar,
    /// One file or an archive, packed.
    Gzip,
    Zstd,
    Encrypted,
}

impl WeightBlob {
    /// What has to be read where headers cannot be read by themselves: at most all of it.
    pub const fn stream_cost(&self) -> Option<ByteSize> {
        match self.stored {
            StoredAs::Raw | StoredAs::Tar | StoredAs::Encrypted => None,
            StoredAs::Gzip | StoredAs::Zstd => Some(self.size),
        }
    }
}

/// The layers that hold weights, each once, in the order of the manifest.
pub fn weights_of(manifest: &Manifest) -> Vec<WeightBlob> {
    if Kind::of(manifest) == Kind::Image {
        return Vec::new();
    }
    let mut blobs: Vec<WeightBlob> = Vec::new();
    for layer in manifest.layers() {
        if let Some(stored) = stored_as(layer)
            && !blobs.iter().any(|blob| blob.digest == layer.digest)
        {
            blobs.push(WeightBlob {
                digest: layer.digest.clone(),
                size: layer.size,
                media_type: layer.media_type.clone(),
                path: file_name(layer),
                stored,
            });
        }
    }
    blobs
}

/// How a layer holds weights; none if it holds something else.
fn stored_as(layer: &Descriptor) -> Option<StoredAs> {
    let essence = media_type::essence(&layer.media_type).to_ascii_lowercase();
    let vendor = essence.strip_prefix("application/vnd.").unwrap_or(&essence);
    let form = weights_form(vendor).or_else(|| {
        // Files that somebody pushed as they are, by a name that says what they are.
        let named = layer.filepath().is_some_and(may_hold_weights);
        let known_vendor = ["cncf.model.", "cnai.model.", "kitops.", "ollama."];
        (named && !known_vendor.iter().any(|known| vendor.starts_with(known))).then_some(vendor)
    })?;
    Some(packing(form))
}

/// What a media type of weights says about its form; none if it is none of weights.
fn weights_form(vendor: &str) -> Option<&str> {
    let prefixes = [
        "cncf.model.weight.v1.",
        "cnai.model.weight.v1.",
        "kitops.modelkit.model.v1.",
        "kitops.modelkit.modelpart.v1.",
    ];
    if let Some(form) = prefixes.iter().find_map(|prefix| vendor.strip_prefix(prefix)) {
        return Some(form);
    }
    let whole = [
        "docker.ai.gguf.",
        "docker.ai.safetensors",
        "docker.ai.mmproj",
        "docker.ai.dir.tar",
        "ollama.image.model",
        "ollama.image.adapter",
        "ollama.image.projector",
    ];
    whole.iter().any(|prefix| vendor.starts_with(prefix)).then_some(vendor)
}

fn packing(form: &str) -> StoredAs {
    let has = |word: &str| form.split(['.', '+', '/', '-']).any(|part| part == word);
    if has("encrypted") {
        StoredAs::Encrypted
    } else if has("gzip") || has("tgz") || has("targz") {
        StoredAs::Gzip
    } else if has("zstd") {
        StoredAs::Zstd
    } else if has("tar") {
        StoredAs::Tar
    } else {
        StoredAs::Raw
    }
}
