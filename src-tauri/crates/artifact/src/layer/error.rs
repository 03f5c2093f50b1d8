//! Why a layer could not be read.

use crate::ByteSize;

/// A layer's bytes are not what a reader can make sense of, or more than it is willing to.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ContentsError {
    #[error("the layer ends in the middle of {within}")]
    Truncated { within: &'static str },
    #[error("the layer is no tar archive")]
    NotATar,
    #[error("the layer is packed with {0}, which cannot be read")]
    UnknownPacking(&'static str),
    #[error("the layer's {packing} stream is damaged: {detail}")]
    DamagedStream { packing: &'static str, detail: String },
    #[error("the layer's tar archive is damaged at byte {offset}: {detail}")]
    DamagedArchive { offset: u64, detail: &'static str },
    #[error("the layer unpacks {packed} to more than {unpacked}: reading it stopped there")]
    Bomb { packed: ByteSize, unpacked: ByteSize },
    #[error("what was kept of the layer cannot be read: {0}")]
    Stored(&'static str),
}

impl ContentsError {
    /// What a person can do about it.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Truncated { .. } | Self::DamagedStream { .. } | Self::DamagedArchive { .. } => {
                Some("The registry holds exactly these bytes: push the version again from where it was built.")
            }
            Self::NotATar => Some("The layer may hold a single file, or be encrypted; its bytes can still be pulled."),
            Self::UnknownPacking(_) => Some("Plain tar, gzip and zstd layers can be read."),
            Self::Bomb { .. } => Some("Nothing was kept of it. Do not pull this version unless you trust who made it."),
            Self::Stored(_) => Some("Clear what was kept of layers in the settings; they are then read again."),
        }
    }
}
