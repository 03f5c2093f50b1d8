//! What the header of one file of weights says, and whether that can be so.

use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, Serialize};

use super::{Dtype, MetadataValue, TensorsError};
use crate::{ByteSize, text::quoted};

/// The problems of one file that are told.
const TOLD: usize = 8;

/// A format of weights whose headers can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum WeightsFormat {
    Safetensors,
    Gguf,
    Onnx,
    PyTorch,
}

/// One tensor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tensor {
    /// With control characters made visible.
    pub name: String,
    pub dtype: Dtype,
    /// As the file has it: safetensors, ONNX and `PyTorch` with the fastest dimension last, GGUF with it first. Empty
    /// for a single value.
    pub shape: Vec<u64>,
    /// That its values take; for an unknown type of GGUF as far as the next tensor.
    pub bytes: ByteSize,
    /// Where its values begin in the file; none where they lie elsewhere or nobody knows.
    pub offset: Option<u64>,
}

/// What the header of a file says.
#[derive(Clone, Debug, PartialEq)]
pub struct TensorFile {
    /// Of the file in the version, as its manifest or archive names it.
    pub path: String,
    pub format: WeightsFormat,
    /// Where the file begins in its blob: 0 but in archives.
    pub base: u64,
    /// None if it was unpacked and not read to its end.
    pub size: Option<ByteSize>,
    /// In the order of the file.
    pub tensors: Vec<Tensor>,
    pub metadata: BTreeMap<String, MetadataValue>,
    /// What is odd about it, for people; loaders may refuse it.
    pub problems: Vec<String>,
}

impl Tensor {
    /// How many values it has.
    pub fn parameters(&self) -> u64 {
        self.shape
            .iter()
            .fold(1, |product: u64, &dimension| product.saturating_mul(dimension))
    }
}

impl WeightsFormat {
    /// Its name for people.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Safetensors => "safetensors",
            Self::Gguf => "GGUF",
            Self::Onnx => "ONNX",
            Self::PyTorch => "PyTorch",
        }
    }
}

impl fmt::Display for WeightsFormat {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.label())
    }
}

/// How many values a shape has.
///
/// # Errors
/// [`TensorsError::ImpossibleShape`] if that is no number.
pub(super) fn values_in(name: &str, shape: &[u64]) -> Result<u64, TensorsError> {
    shape
        .iter()
        .try_fold(1, |product: u64, &dimension| product.checked_mul(dimension))
        .ok_or_else(|| TensorsError::ImpossibleShape(quoted(name)))
}

/// Looks whether two tensors lie over each other, and tells what belongs to none.
///
/// # Errors
/// [`TensorsError::Overlapping`].
pub(super) fn check_places(tensors: &[Tensor], from: u64, alignment: u64) -> Result<Vec<String>, TensorsError> {
    let mut places: Vec<(u64, u64, &Tensor)> = tensors
        .iter()
        .filter(|tensor| tensor.bytes.bytes() > 0)
        .filter_map(|tensor| Some((tensor.offset?, tensor.bytes.bytes(), tensor)))
        .collect();
    places.sort_by_key(|&(offset, length, _)| (offset, length));
    let mut problems = Vec::new();
    let mut end = from;
    let mut previous: Option<&Tensor> = None;
    for (offset, length, tensor) in places {
        if offset < end {
            return Err(TensorsError::Overlapping {
                first: quoted(previous.map_or("the header", |previous| &previous.name)),
                second: quoted(&tensor.name),
            });
        }
        if offset - end >= alignment && problems.len() < TOLD {
            problems.push(format!("bytes {end} to {offset} belong to no tensor"));
        }
        end = offset.saturating_add(length);
        previous = Some(tensor);
    }
    Ok(problems)
}

/// Looks whether a name stands for two tensors.
///
/// # Errors
/// [`TensorsError::DuplicateName`].
pub(super) fn check_names(tensors: &[Tensor]) -> Result<(), TensorsError> {
    let mut names: Vec<&str> = tensors.iter().map(|tensor| tensor.name.as_str()).collect();
    names.sort_unstable();
    match names.array_windows().find(|[one, next]| one == next) {
        Some([twice, _]) => Err(TensorsError::DuplicateName(quoted(twice))),
        None => Ok(()),
    }
}
