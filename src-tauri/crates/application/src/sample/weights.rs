//! Small but real safetensors files.

use safetensors::{Dtype, tensor::TensorView};

use super::{SampleError, noise};

/// A tensor of the sample: its values follow from its name and from when it was last trained.
#[derive(Clone, Debug)]
pub(super) struct Tensor {
    pub(super) name: String,
    pub(super) shape: Vec<usize>,
    /// Tensors of one name and one training have the same values.
    pub(super) training: String,
    pub(super) precision: Precision,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Precision {
    F32,
    Bf16,
}

impl Tensor {
    pub(super) fn new(name: impl Into<String>, shape: &[usize], training: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            shape: shape.to_vec(),
            training: training.into(),
            precision: Precision::F32,
        }
    }

    pub(super) fn in_bf16(mut self) -> Self {
        self.precision = Precision::Bf16;
        self
    }

    pub(super) fn parameters(&self) -> usize {
        self.shape.iter().product()
    }

    fn values(&self) -> Vec<u8> {
        let weights = noise::weights(&format!("{} {}", self.name, self.training), self.parameters());
        match self.precision {
            Precision::F32 => weights.iter().flat_map(|weight| weight.to_le_bytes()).collect(),
            // The upper half of an f32 is the bf16 of the same value, rounded towards zero.
            Precision::Bf16 => weights
                .iter()
                .flat_map(|weight| (weight.to_bits() >> 16).to_le_bytes()[..2].to_vec())
                .collect(),
        }
    }

    fn kind(&self) -> Dtype {
        match self.precision {
            Precision::F32 => Dtype::F32,
            Precision::Bf16 => Dtype::BF16,
        }
    }
}

/// A safetensors file of these tensors.
pub(super) fn safetensors(tensors: &[Tensor]) -> Result<Vec<u8>, SampleError> {
    let values: Vec<Vec<u8>> = tensors.iter().map(Tensor::values).collect();
    let views = tensors
        .iter()
        .zip(&values)
        .map(|(tensor, values)| {
            Ok((
                tensor.name.as_str(),
                TensorView::new(tensor.kind(), tensor.shape.clone(), values)?,
            ))
        })
        .collect::<Result<Vec<_>, safetensors::SafeTensorError>>()?;
    // One entry only: several would come in an order that differs from run to run.
    let metadata = [("format".to_owned(), "pt".to_owned())].into();
    Ok(safetensors::serialize(views, Some(metadata))?)
}
