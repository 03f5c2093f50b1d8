//! The tensors of a version.

use std::sync::Arc;

use artifact::{ByteSize, Digest, tensors::TensorTable};

/// What reading the tensors costs before it starts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TensorsCost {
    /// Layers that hold weights; with none of them there is nothing to ask for.
    pub layers: u64,
    /// Whose headers are still to be read by parts: some kilobytes each.
    pub layers_to_read: u64,
    /// Those that are packed, and have to be read from their start: at most so many bytes.
    pub layers_to_stream: u64,
    pub bytes_to_stream: ByteSize,
}

/// What the headers of a version's weights say.
#[derive(Clone, Debug)]
pub struct TensorsAnswer {
    /// `linux/amd64`; "any" for what states no platform.
    pub platform: String,
    pub table: Arc<TensorTable>,
    /// Layers that hold weights; 0: the version has none, and `table` is empty for that reason.
    pub layers: u64,
    /// Weights whose tensors are not in the table.
    pub unread: Vec<UnreadWeights>,
    /// What came from the registry for this answer; what was kept costs nothing.
    pub bytes_read: ByteSize,
    pub requests: u64,
    /// Whether every blob was read whole and is what its digest says. Of parts nobody can say.
    pub verified: bool,
}

/// A file or layer of weights that was not read, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnreadWeights {
    pub path: String,
    pub layer: Digest,
    /// Of the layer, as stored.
    pub size: ByteSize,
    /// What reading it as a stream would take at most; none where that would not help.
    pub bytes_to_stream: Option<ByteSize>,
    pub message: String,
    pub hint: Option<String>,
}
