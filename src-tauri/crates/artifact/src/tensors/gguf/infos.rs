//! The tensors of a GGUF file, from the infos at the end of its header.

use super::{
    super::{
        Dtype, Tensor, TensorLimits, TensorsError,
        cursor::{Cursor, Halt},
        file::{check_names, check_places, values_in},
        metadata::shown,
    },
    dtype,
};
use crate::{ByteSize, text::quoted};

/// What a file says about a tensor.
#[derive(Debug)]
pub(super) struct Info {
    name: String,
    shape: Vec<u64>,
    dtype: Dtype,
    /// From where the data begin.
    offset: u64,
}

impl Info {
    pub(super) fn read(cursor: &mut Cursor<'_>, limits: TensorLimits) -> Result<Self, Halt> {
        let name = cursor.text("the name of a tensor", limits.name as u64)?;
        let dimensions = cursor.u32()?;
        if dimensions as usize > limits.dimensions {
            return Err(Halt::Bad(TensorsError::TooMany {
                what: "dimensions of a tensor",
                count: dimensions.into(),
                limit: limits.dimensions as u64,
            }));
        }
        let shape = (0..dimensions)
            .map(|_| cursor.u64())
            .collect::<Result<Vec<u64>, Halt>>()?;
        let dtype = dtype(cursor.u32()?);
        let offset = cursor.u64()?;
        Ok(Self {
            name: shown(&name, usize::MAX),
            shape,
            dtype,
            offset,
        })
    }

    /// The bytes that type and shape take; none for an unknown type.
    fn computed(&self) -> Result<Option<u64>, TensorsError> {
        let values = values_in(&self.name, &self.shape)?;
        let Some(in_block) = self.dtype.values_in_block() else {
            return Ok(None);
        };
        let row = self.shape.first().copied().unwrap_or(1);
        let size = if row.is_multiple_of(in_block) {
            self.dtype.size_of(values)
        } else {
            None
        };
        size.map(Some)
            .ok_or_else(|| TensorsError::ImpossibleShape(quoted(&self.name)))
    }
}

/// The tensors whose data begin at `start`, and what is odd about them.
///
/// # Errors
/// If they cannot lie where the file says.
pub(super) fn tensors(
    infos: Vec<Info>,
    start: u64,
    alignment: u64,
    size: Option<u64>,
) -> Result<(Vec<Tensor>, Vec<String>), TensorsError> {
    let mut offsets: Vec<u64> = infos.iter().map(|info| info.offset).collect();
    offsets.sort_unstable();
    let mut tensors = Vec::with_capacity(infos.len());
    for info in infos {
        let beyond = |end: u64| TensorsError::BeyondTheFile {
            what: format!("the tensor {}", quoted(&info.name)),
            end,
            size: size.unwrap_or(u64::MAX),
        };
        let offset = start.checked_add(info.offset).ok_or_else(|| beyond(u64::MAX))?;
        if !info.offset.is_multiple_of(alignment) {
            let detail = format!(
                "the tensor {} does not lie at a multiple of {alignment}",
                quoted(&info.name)
            );
            return Err(TensorsError::damaged(offset, detail));
        }
        let bytes = match info.computed()? {
            Some(bytes) => bytes,
            None => up_to_next(&offsets, info.offset, size.map(|size| size.saturating_sub(start))),
        };
        let end = offset.saturating_add(bytes);
        if end > size.unwrap_or(u64::MAX) {
            return Err(beyond(end));
        }
        tensors.push(Tensor {
            name: info.name,
            dtype: info.dtype,
            shape: info.shape,
            bytes: ByteSize(bytes),
            offset: Some(offset),
        });
    }
    check_names(&tensors)?;
    let problems = check_places(&tensors, start, alignment)?;
    Ok((tensors, problems))
}

/// From an offset to the next, or to the end of the data; 0 where nobody knows.
fn up_to_next(offsets: &[u64], offset: u64, end: Option<u64>) -> u64 {
    let next = offsets.partition_point(|&other| other <= offset);
    let next = offsets.get(next).copied().or(end);
    next.map_or(0, |next| next.saturating_sub(offset))
}
