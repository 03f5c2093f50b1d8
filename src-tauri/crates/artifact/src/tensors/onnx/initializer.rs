//! One tensor of an ONNX graph: read up to its values and past them.

use super::{Field, field, name};
use crate::{
    ByteSize,
    tensors::{
        Dtype, Tensor, TensorLimits, TensorsError,
        cursor::{Cursor, Halt},
        file::values_in,
    },
    text::quoted,
};

/// The dimensions of a tensor as a packed list.
const LONGEST_LIST: u64 = 1 << 10;

/// What is known of a tensor so far.
#[derive(Debug, Default)]
pub(super) struct Initializer {
    name: Option<String>,
    shape: Vec<u64>,
    dtype: u64,
    /// Place and length of its values in this file.
    raw: Option<(u64, u64)>,
    external: bool,
    /// Of texts.
    text_bytes: u64,
}

impl Initializer {
    pub(super) fn read(&mut self, cursor: &mut Cursor<'_>, end: u64, limits: TensorLimits) -> Result<(), Halt> {
        match field(cursor, end)? {
            (1, Field::Number(dimension)) => self.dimension(dimension, limits)?,
            (1, Field::Bytes(length)) => {
                if length > LONGEST_LIST {
                    return Err(too_many(length, limits));
                }
                let end = cursor.at() + length;
                cursor.need(length)?;
                while cursor.at() < end {
                    let dimension = cursor.varint()?;
                    self.dimension(dimension, limits)?;
                }
            }
            (2, Field::Number(dtype)) => self.dtype = dtype,
            (6, Field::Bytes(length)) => {
                self.text_bytes = self.text_bytes.saturating_add(length);
                cursor.pass(length);
            }
            (8, Field::Bytes(length)) => self.name = Some(name(cursor, length, limits)?),
            (9, Field::Bytes(length)) => {
                self.raw = Some((cursor.at(), length));
                cursor.pass(length);
            }
            (14, Field::Number(place)) => self.external = place == 1,
            (_, Field::Bytes(length)) => cursor.pass(length),
            (_, Field::Number(_)) => {}
        }
        Ok(())
    }

    fn dimension(&mut self, dimension: u64, limits: TensorLimits) -> Result<(), Halt> {
        if self.shape.len() == limits.dimensions {
            return Err(too_many(self.shape.len() as u64 + 1, limits));
        }
        self.shape.push(dimension);
        Ok(())
    }

    pub(super) fn into_tensor(self, at: u64) -> Result<Tensor, TensorsError> {
        let name = self
            .name
            .ok_or_else(|| TensorsError::damaged(at, "an initializer has no name"))?;
        let dtype = dtype(self.dtype);
        let values = values_in(&name, &self.shape)?;
        let computed = match dtype.values_in_block() {
            None => None,
            // What does not fill its last byte takes it all the same.
            Some(in_block) => {
                let whole = values
                    .checked_next_multiple_of(in_block)
                    .and_then(|values| dtype.size_of(values));
                Some(whole.ok_or_else(|| TensorsError::ImpossibleShape(quoted(&name)))?)
            }
        };
        let raw = self.raw.filter(|_| !self.external);
        match (raw, computed) {
            (Some((_, stated)), Some(computed)) if stated != computed => Err(TensorsError::WrongSize {
                name: quoted(&name),
                stated,
                computed,
            }),
            (raw, computed) => Ok(Tensor {
                name,
                dtype,
                shape: self.shape,
                bytes: ByteSize(computed.or(raw.map(|(_, length)| length)).unwrap_or(self.text_bytes)),
                offset: raw.map(|(offset, _)| offset),
            }),
        }
    }
}

fn too_many(count: u64, limits: TensorLimits) -> Halt {
    Halt::Bad(TensorsError::TooMany {
        what: "dimensions of a tensor",
        count,
        limit: limits.dimensions as u64,
    })
}

/// The type of a tensor by its number. Source: onnx.proto, `TensorProto.DataType`.
fn dtype(number: u64) -> Dtype {
    match number {
        1 => Dtype::F32,
        2 => Dtype::U8,
        3 => Dtype::I8,
        4 => Dtype::U16,
        5 => Dtype::I16,
        6 => Dtype::I32,
        7 => Dtype::I64,
        8 => Dtype::Other("STRING".to_owned()),
        9 => Dtype::Bool,
        10 => Dtype::F16,
        11 => Dtype::F64,
        12 => Dtype::U32,
        13 => Dtype::U64,
        14 => Dtype::C64,
        15 => Dtype::C128,
        16 => Dtype::BF16,
        17 => Dtype::F8_E4M3,
        18 => Dtype::F8_E4M3FNUZ,
        19 => Dtype::F8_E5M2,
        20 => Dtype::F8_E5M2FNUZ,
        21 => Dtype::U4,
        22 => Dtype::I4,
        23 => Dtype::F4,
        24 => Dtype::F8_E8M0,
        25 => Dtype::U2,
        26 => Dtype::I2,
        other => Dtype::Other(format!("ONNX type {other}")),
    }
}
