//! The types of values in the metadata, and how single ones are read.

use super::super::{
    MetadataValue, TensorsError,
    cursor::{Cursor, Halt},
};

/// Source: gguf.md, `gguf_metadata_value_type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ValueType {
    U8,
    I8,
    U16,
    I16,
    U32,
    I32,
    F32,
    Bool,
    Text,
    List,
    U64,
    I64,
    F64,
}

impl ValueType {
    pub(super) fn read(cursor: &mut Cursor<'_>) -> Result<Self, Halt> {
        let at = cursor.at();
        let number = cursor.u32()?;
        Ok(match number {
            0 => Self::U8,
            1 => Self::I8,
            2 => Self::U16,
            3 => Self::I16,
            4 => Self::U32,
            5 => Self::I32,
            6 => Self::F32,
            7 => Self::Bool,
            8 => Self::Text,
            9 => Self::List,
            10 => Self::U64,
            11 => Self::I64,
            12 => Self::F64,
            other => {
                let detail = format!("there is no type {other} of values");
                return Err(Halt::Bad(TensorsError::damaged(at, detail)));
            }
        })
    }

    /// The bytes of a value; none where these differ from value to value.
    pub(super) const fn size(self) -> Option<u64> {
        match self {
            Self::U8 | Self::I8 | Self::Bool => Some(1),
            Self::U16 | Self::I16 => Some(2),
            Self::U32 | Self::I32 | Self::F32 => Some(4),
            Self::U64 | Self::I64 | Self::F64 => Some(8),
            Self::Text | Self::List => None,
        }
    }

    /// The least that a value takes.
    pub(super) const fn least(self) -> u64 {
        match (self.size(), self) {
            (Some(size), _) => size,
            (None, Self::List) => 12,
            (None, _) => 8,
        }
    }

    /// What a list of these is a list of, for people.
    pub(super) const fn label(self) -> &'static str {
        match self {
            Self::U8 => "U8",
            Self::I8 => "I8",
            Self::U16 => "U16",
            Self::I16 => "I16",
            Self::U32 => "U32",
            Self::I32 => "I32",
            Self::F32 => "F32",
            Self::Bool => "BOOL",
            Self::Text => "text",
            Self::List => "list",
            Self::U64 => "U64",
            Self::I64 => "I64",
            Self::F64 => "F64",
        }
    }

    /// A value that has a size of its own.
    pub(super) fn scalar(self, cursor: &mut Cursor<'_>) -> Result<MetadataValue, Halt> {
        let integer = |integer: i128| MetadataValue::Integer(integer);
        Ok(match self {
            Self::U8 => integer(cursor.u8()?.into()),
            Self::I8 => integer(cursor.u8()?.cast_signed().into()),
            Self::U16 => integer(cursor.u16()?.into()),
            Self::I16 => integer(cursor.u16()?.cast_signed().into()),
            Self::U32 => integer(cursor.u32()?.into()),
            Self::I32 => integer(cursor.u32()?.cast_signed().into()),
            Self::U64 => integer(cursor.u64()?.into()),
            Self::I64 => integer(cursor.u64()?.cast_signed().into()),
            Self::F32 => MetadataValue::Number(shortest(f32::from_bits(cursor.u32()?))),
            Self::F64 => MetadataValue::Number(f64::from_bits(cursor.u64()?)),
            Self::Bool => MetadataValue::Switch(cursor.u8()? != 0),
            Self::Text | Self::List => {
                let detail = "a text or list stands where a single value is expected";
                return Err(Halt::Bad(TensorsError::damaged(cursor.at(), detail)));
            }
        })
    }
}

/// The number that reads as the same digits: 1e-5, not what its 24 bits are in 53.
fn shortest(number: f32) -> f64 {
    number.to_string().parse().unwrap_or_else(|_| number.into())
}
