//! What the headers of weights say: the tensors in a file with their types, shapes and places, and its metadata.
//!
//! Pure push parsers: bytes in; tensors, or the next range wanted, out. No network, no disk, no clock. Nothing that a
//! file says is believed before it was held against the file's size: lengths, counts, offsets.
//!
//! Sources: safetensors (huggingface/safetensors, README "Format"), GGUF (ggml-org/ggml, docs/gguf.md), ONNX (onnx/onnx,
//! onnx.proto).

mod cursor;
mod difference;
mod dtype;
mod error;
mod file;
mod gguf;
mod groups;
mod limits;
mod metadata;
mod onnx;
mod reader;
mod safetensors;
mod stored;
mod table;
mod weights;
pub(crate) mod window;

#[cfg(test)]
mod building;
#[cfg(test)]
mod comparing_tests;
#[cfg(test)]
mod lying_tests;
#[cfg(test)]
mod reading_tests;

pub use difference::{MetadataChange, TensorChange, TensorsDifference, difference};
pub use dtype::Dtype;
pub use error::TensorsError;
pub use file::{Tensor, TensorFile, WeightsFormat};
pub use groups::{GroupCell, TensorGroup, groups};
pub use limits::TensorLimits;
pub use metadata::MetadataValue;
pub use reader::{Span, UnreadFile, WeightsFound, WeightsReader};
pub use stored::StoredWeights;
pub use table::{DtypeTotal, PlacedFile, TableRow, TensorTable, TensorTotals};
pub use weights::{StoredAs, WeightBlob, weights_of};
