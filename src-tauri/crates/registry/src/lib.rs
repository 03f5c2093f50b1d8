//! Where artifacts are stored: registries over HTTP and folders of OCI image layouts, behind one [`Registry`] trait.
//!
//! Holds logins, tokens, retries, limits and what a delete takes along. Knows nothing of the index, of settings or of
//! the keychain; time comes in through a [`Clock`].

mod check;
mod clock;
mod contract;
mod delete_rules;
mod docker_hub;
pub mod docker_login;
mod dummy_manifest;
mod error;
pub mod folder;
pub mod http;
mod listing;
mod login;
mod operation;
mod provider;
mod secret;
mod stored_blob;
mod text;
mod writable;

pub use check::{CheckName, CheckStep};
pub use clock::Clock;
pub use contract::{BlobStream, RawManifest, Registry, RegistryTraits, Resolved, Target};
pub use delete_rules::{ChildProtection, DeleteRules, DigestDelete, TagDelete, Undo};
pub use docker_hub::DOCKER_HUB;
pub use dummy_manifest::dummy_manifest;
pub use error::{ErrorCode, Place, RegistryError};
pub use http::{
    Address, AddressError, HttpOptions, HttpRegistry, Network, NetworkOptions, ProxyChoice, certificates_end,
};
pub use listing::{Completeness, ListedTag, Listing};
pub use login::Login;
pub use operation::{Operation, Progress, ProgressEvent, Standing, WaitReason};
pub use provider::{Provider, PullTimes};
pub use secret::Secret;
pub use stored_blob::StoredBlob;
pub use text::visible;
pub use writable::{BlobSource, Deletion, WritableRegistry};
