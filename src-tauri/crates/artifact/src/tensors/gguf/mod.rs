//! GGUF, versions 2 and 3, little and big endian: a head, key-values, tensor infos, then aligned data.
//!
//! Reads each key-value and each info as soon as it is there, and passes over what is long and not shown. Vocabularies
//! of tokenizers are most of a header; they are counted and hashed, not kept.
//!
//! Source: ggml-org/ggml, docs/gguf.md; ggml/src/gguf.cpp of llama.cpp.

mod infos;
mod list;
mod types;

use self::{infos::Info, list::List, types::ValueType};
use super::{
    Dtype, MetadataValue, Tensor, TensorLimits, TensorsError,
    cursor::{Cursor, Endian, Halt},
    metadata::Metadata,
    window::{Step, View, Wish},
};
use crate::ByteSize;

pub(super) const MAGIC: &[u8; 4] = b"GGUF";

const HEAD: u64 = 24;
/// Source: gguf.md, "general.alignment".
const DEFAULT_ALIGNMENT: u64 = 32;
/// Source: gguf.md: a key is at most 2^16 - 1 bytes long.
const LONGEST_KEY: u64 = 65_535;
/// The shortest key-value: an empty key and a byte.
const SHORTEST_PAIR: u64 = 13;
/// What the infos of real tensors take at least on average, and what an info can take at least.
const USUAL_INFO: u64 = 64;
const SHORTEST_INFO: u64 = 24;
/// What is asked for beyond what is surely needed; less than the megabyte that may be read too much.
const SLACK: u64 = 768 << 10;

/// A header that is being read.
#[derive(Debug)]
pub(super) struct GgufReader {
    limits: TensorLimits,
    /// Where the next thing begins.
    at: u64,
    stage: Stage,
    endian: Endian,
    pairs_left: u64,
    infos_left: u64,
    infos: Vec<Info>,
    alignment: u64,
    metadata: Metadata,
    read: Option<(Vec<Tensor>, Vec<String>)>,
}

#[derive(Debug)]
enum Stage {
    Head,
    Pairs,
    /// The value of a key is a list.
    List(String, List),
    Infos,
    Done,
}

impl GgufReader {
    pub(super) fn new(limits: TensorLimits) -> Self {
        Self {
            limits,
            at: 0,
            stage: Stage::Head,
            endian: Endian::Little,
            pairs_left: 0,
            infos_left: 0,
            infos: Vec::new(),
            alignment: DEFAULT_ALIGNMENT,
            metadata: Metadata::new(limits),
            read: None,
        }
    }

    pub(super) fn step(&mut self, view: View<'_>) -> Result<Step, TensorsError> {
        loop {
            let mut cursor = Cursor::new(view, self.at, self.endian);
            let done = match &mut self.stage {
                Stage::Head => self.read_head(&mut cursor),
                Stage::Pairs if self.pairs_left == 0 => {
                    self.stage = Stage::Infos;
                    continue;
                }
                Stage::Pairs => self.read_pair(&mut cursor),
                Stage::List(_, list) => list.read(&mut cursor, self.limits),
                Stage::Infos if self.infos_left == 0 => {
                    self.conclude(view.size)?;
                    continue;
                }
                Stage::Infos => self.read_info(&mut cursor),
                Stage::Done => return Ok(Step::Done),
            };
            // A list keeps what it has read, even where it has to wait for the rest.
            match done {
                Ok(()) => {
                    self.at = cursor.at();
                    self.bounded(self.at)?;
                    self.end_list()?;
                }
                Err(Halt::Bad(error)) => return Err(error),
                Err(Halt::Short { from, end }) => {
                    if view.size.is_some_and(|size| end > size) {
                        return Err(TensorsError::Truncated { within: "the header" });
                    }
                    self.at = from;
                    return self.wish(end);
                }
            }
        }
    }

    pub(super) fn finish(self) -> Option<super::safetensors::Header> {
        let (tensors, problems) = self.read?;
        Some(super::safetensors::Header {
            tensors,
            problems,
            metadata: self.metadata,
        })
    }

    /// What is needed up to `end`, and as much more as is surely needed or does little harm.
    fn wish(&self, end: u64) -> Result<Step, TensorsError> {
        self.bounded(end)?;
        let least = end.saturating_sub(self.at);
        let of_list = match &self.stage {
            Stage::List(_, list) => list.expected(),
            _ => 0,
        };
        let rest = self.infos_left.saturating_mul(USUAL_INFO);
        let guess = of_list.saturating_add(rest).saturating_add(SLACK);
        Ok(Step::Wants(Wish {
            at: self.at,
            least,
            guess: guess.min(self.limits.header).max(least),
        }))
    }

    /// Holds the length of the header against its limit.
    fn bounded(&self, end: u64) -> Result<(), TensorsError> {
        if end <= self.limits.header {
            return Ok(());
        }
        Err(TensorsError::TooLong {
            what: "the header",
            stated: ByteSize(end),
            limit: ByteSize(self.limits.header),
        })
    }

    fn read_head(&mut self, cursor: &mut Cursor<'_>) -> Result<(), Halt> {
        cursor.need(HEAD)?;
        cursor.bytes(MAGIC.len() as u64)?;
        let version = cursor.u32()?;
        // A version has few bits: seen from the wrong end it has its lower half empty.
        let version = if version.trailing_zeros() >= 16 && version != 0 {
            self.endian = Endian::Big;
            cursor.turn(Endian::Big);
            version.swap_bytes()
        } else {
            version
        };
        if !(2..=3).contains(&version) {
            return Err(Halt::Bad(TensorsError::UnknownVersion {
                format: "GGUF",
                version,
            }));
        }
        self.infos_left = cursor.u64()?;
        self.pairs_left = cursor.u64()?;
        let left = cursor.left();
        counted("tensors", self.infos_left, self.limits.tensors, left / SHORTEST_INFO)?;
        let most = self.limits.metadata_keys;
        counted("metadata keys", self.pairs_left, most, left / SHORTEST_PAIR)?;
        self.stage = Stage::Pairs;
        Ok(())
    }

    fn read_pair(&mut self, cursor: &mut Cursor<'_>) -> Result<(), Halt> {
        let key = cursor.text("a key", LONGEST_KEY)?.into_owned();
        let kind = ValueType::read(cursor)?;
        match kind {
            ValueType::List => {
                let list = List::begin(cursor)?;
                self.stage = Stage::List(key, list);
                return Ok(());
            }
            ValueType::Text => {
                let value = self.read_text(cursor)?;
                self.metadata.add(&key, value)?;
            }
            kind => {
                let value = kind.scalar(cursor)?;
                if key == "general.alignment" {
                    self.alignment = alignment(&value, self.at)?;
                }
                self.metadata.add(&key, value)?;
            }
        }
        self.pairs_left -= 1;
        Ok(())
    }

    /// A text value, of which the beginning is enough.
    fn read_text(&mut self, cursor: &mut Cursor<'_>) -> Result<MetadataValue, Halt> {
        let length = cursor.length("a text")?;
        let kept = length.min(self.limits.text as u64);
        let bytes = cursor.bytes(kept)?;
        cursor.pass(length - kept);
        // The end of what is kept may lie within a character.
        let text = match std::str::from_utf8(bytes) {
            Ok(text) => text.into(),
            Err(error) if error.error_len().is_none() && kept < length => {
                String::from_utf8_lossy(bytes.get(..error.valid_up_to()).unwrap_or_default())
            }
            Err(_) => String::from_utf8_lossy(bytes),
        };
        let whole = if kept == length { text.len() as u64 } else { length };
        Ok(self.metadata.text(&text, whole))
    }

    fn end_list(&mut self) -> Result<(), TensorsError> {
        let Stage::List(key, list) = &mut self.stage else {
            return Ok(());
        };
        let Some(value) = list.ended() else { return Ok(()) };
        self.metadata.add(key, value)?;
        self.stage = Stage::Pairs;
        self.pairs_left -= 1;
        Ok(())
    }

    fn read_info(&mut self, cursor: &mut Cursor<'_>) -> Result<(), Halt> {
        self.infos.push(Info::read(cursor, self.limits)?);
        self.infos_left -= 1;
        Ok(())
    }

    fn conclude(&mut self, size: Option<u64>) -> Result<(), TensorsError> {
        let start = self.at.next_multiple_of(self.alignment);
        let infos = std::mem::take(&mut self.infos);
        self.read = Some(infos::tensors(infos, start, self.alignment, size)?);
        self.stage = Stage::Done;
        Ok(())
    }
}

/// Holds a count against its limit and against what the rest of the file has room for.
fn counted(what: &'static str, count: u64, limit: u64, room: u64) -> Result<(), TensorsError> {
    let limit = limit.min(room);
    if count > limit {
        return Err(TensorsError::TooMany { what, count, limit });
    }
    Ok(())
}

fn alignment(value: &MetadataValue, at: u64) -> Result<u64, TensorsError> {
    let alignment = match value {
        MetadataValue::Integer(alignment) => u64::try_from(*alignment).ok(),
        _ => None,
    };
    alignment
        .filter(|alignment| alignment.is_power_of_two() && *alignment <= 1 << 30)
        .ok_or_else(|| TensorsError::damaged(at, "general.alignment is no power of two"))
}

/// The type of a tensor by its number. Source: ggml.h, `enum ggml_type`.
fn dtype(number: u32) -> Dtype {
    match number {
        0 => Dtype::F32,
        1 => Dtype::F16,
        2 => Dtype::Q4_0,
        3 => Dtype::Q4_1,
        6 => Dtype::Q5_0,
        7 => Dtype::Q5_1,
        8 => Dtype::Q8_0,
        9 => Dtype::Q8_1,
        10 => Dtype::Q2_K,
        11 => Dtype::Q3_K,
        12 => Dtype::Q4_K,
        13 => Dtype::Q5_K,
        14 => Dtype::Q6_K,
        15 => Dtype::Q8_K,
        16 => Dtype::IQ2_XXS,
        17 => Dtype::IQ2_XS,
        18 => Dtype::IQ3_XXS,
        19 => Dtype::IQ1_S,
        20 => Dtype::IQ4_NL,
        21 => Dtype::IQ3_S,
        22 => Dtype::IQ2_S,
        23 => Dtype::IQ4_XS,
        24 => Dtype::I8,
        25 => Dtype::I16,
        26 => Dtype::I32,
        27 => Dtype::I64,
        28 => Dtype::F64,
        29 => Dtype::IQ1_M,
        30 => Dtype::BF16,
        34 => Dtype::TQ1_0,
        35 => Dtype::TQ2_0,
        39 => Dtype::MXFP4,
        40 => Dtype::NVFP4,
        41 => Dtype::Q1_0,
        other => Dtype::Other(format!("GGML type {other}")),
    }
}
