//! Why the header of weights could not be read. Each says which of its words is a lie.

use crate::{ByteSize, ContentsError};

/// A file's header is not what a reader can make sense of, or more than it is willing to read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TensorsError {
    #[error("the file is neither safetensors nor GGUF, ONNX or a PyTorch archive")]
    UnknownFormat,
    #[error("the file is packed with {0}: its header can only be read by unpacking it from the start")]
    Packed(&'static str),
    #[error("{format} version {version} cannot be read")]
    UnknownVersion { format: &'static str, version: u32 },
    #[error("the file ends in the middle of {within}")]
    Truncated { within: &'static str },
    #[error("{what} is said to be {stated} long, more than the limit of {limit}")]
    TooLong {
        what: &'static str,
        stated: ByteSize,
        limit: ByteSize,
    },
    #[error("{what} is said to end at byte {end}, but the file has {size} bytes")]
    BeyondTheFile { what: String, end: u64, size: u64 },
    #[error("the header announces {count} {what}, more than {limit}")]
    TooMany { what: &'static str, count: u64, limit: u64 },
    #[error("the tensors {first} and {second} lie over each other")]
    Overlapping { first: String, second: String },
    #[error("the name {0} stands for two tensors")]
    DuplicateName(String),
    #[error("the key {0} stands twice in the metadata")]
    DuplicateKey(String),
    #[error("the tensor {name} is said to take {stated} bytes, but its type and shape take {computed}")]
    WrongSize { name: String, stated: u64, computed: u64 },
    #[error("the shape of the tensor {0} makes no size")]
    ImpossibleShape(String),
    #[error("the header is damaged at byte {at}: {detail}")]
    Damaged { at: u64, detail: String },
    #[error(transparent)]
    Archive(#[from] ContentsError),
}

impl TensorsError {
    /// What a person can do about it.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::UnknownFormat => Some("Tensors are read from safetensors and GGUF files; other files can be pulled."),
            Self::Packed(_) => Some("Read it as a stream: the cost is shown before."),
            Self::UnknownVersion { .. } => Some("Write the file anew with a current version of its tool."),
            Self::Archive(error) => error.hint(),
            _ => Some(
                "The registry holds exactly these bytes: do not load the file, and push the version again from where it was made.",
            ),
        }
    }

    /// What the file says of itself is not so.
    pub(super) fn damaged(at: u64, detail: impl Into<String>) -> Self {
        Self::Damaged {
            at,
            detail: detail.into(),
        }
    }
}
