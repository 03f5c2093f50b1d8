//! What is stored in a registry: references, digests, manifests, images, models, layers, and the order of tags.
//!
//! Pure: no network, no disk, no clock. Readers of foreign bytes take bytes, are deterministic, and answer with a value
//! or a typed error; nothing that a registry can send makes them panic.

mod byte_size;
mod card;
pub mod comparison;
mod descriptor;
mod digest;
mod image_config;
mod kind;
pub mod layer;
mod manifest;
pub mod media_type;
mod name;
pub mod packages;
mod platform;
mod problems;
mod reference;
mod signature;
mod summary;
mod tag_order;
pub mod tensors;
mod text;

pub use byte_size::{ByteSize, SizeUnits};
pub use card::ModelCard;
pub use comparison::Comparison;
pub use descriptor::Descriptor;
pub use digest::{Algorithm, Digest, DigestError, Verifier};
pub use image_config::{HistoryStep, ImageConfig, ImageConfigError, tidy_command};
pub use kind::{Kind, UnknownKind};
pub use layer::*;
pub use manifest::{ImageManifest, Index, MAXIMUM_INDEX_DEPTH, Manifest, ManifestError, Schema1, Schema1Layer};
pub use media_type::MANIFEST_ACCEPT;
pub use name::{NameError, RepositoryName, Tag};
pub use packages::{Ecosystem, Packages};
pub use platform::{Platform, PlatformError};
pub use reference::{Reference, ReferenceError};
pub use signature::{
    COSIGN_SIGNATURE_ANNOTATION, KeyError, LONGEST_KEY, PublicKey, SignatureDocument, SignatureError, SignedVersion,
};
pub use summary::{ContentSource, LayerSummary, PlatformSummary, SizeCounts, Summary, UnknownSizeCounts, summarize};
pub use tag_order::{NaturalKey, TagGroup, TagKey, TagOrder, TagScheme, natural_key};
