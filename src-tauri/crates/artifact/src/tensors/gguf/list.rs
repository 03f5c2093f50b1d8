//! Lists in the metadata: counted, hashed, and kept where they are short.

use blake3::Hasher;

use super::{
    super::{
        MetadataValue, TensorLimits, TensorsError,
        cursor::{Cursor, Halt},
    },
    types::ValueType,
};

/// Lists of numbers up to this length are kept.
const KEPT: u64 = 16;
/// Lists of numbers up to this many bytes are read, to be told apart; longer ones are passed over.
const READ: u64 = 1 << 20;
const DEEPEST: usize = 4;
/// As many texts tell how long the next ones are.
const RECENT: u64 = 2000;

/// A list that is being read.
#[derive(Debug)]
pub(super) struct List {
    of: ValueType,
    length: u64,
    /// The lists that are open, the innermost last.
    open: Vec<Open>,
    values: Vec<MetadataValue>,
    /// None once something was passed over.
    hasher: Option<Box<Hasher>>,
    recent: Recent,
}

/// The texts that were read last, and their bytes: what follows is more like them than like the first, which are short.
#[derive(Debug, Default)]
struct Recent {
    texts: u64,
    bytes: u64,
}

#[derive(Clone, Copy, Debug)]
struct Open {
    of: ValueType,
    left: u64,
}

impl List {
    /// Reads the head of a list.
    pub(super) fn begin(cursor: &mut Cursor<'_>) -> Result<Self, Halt> {
        let open = Open::read(cursor)?;
        Ok(Self {
            of: open.of,
            length: open.left,
            open: vec![open],
            values: Vec::new(),
            hasher: Some(Box::default()),
            recent: Recent::default(),
        })
    }

    /// Reads on, as far as there is something.
    pub(super) fn read(&mut self, cursor: &mut Cursor<'_>, limits: TensorLimits) -> Result<(), Halt> {
        while let Some(open) = self.open.last().copied() {
            if open.left == 0 {
                self.open.pop();
                continue;
            }
            match open.of {
                ValueType::Text => self.read_text(cursor, limits)?,
                ValueType::List => self.read_inner(cursor)?,
                numbers => self.read_numbers(cursor, numbers, open.left)?,
            }
            cursor.settle();
        }
        Ok(())
    }

    fn read_text(&mut self, cursor: &mut Cursor<'_>, limits: TensorLimits) -> Result<(), Halt> {
        let length = cursor.length("a text in a list")?;
        if length > limits.text as u64 {
            cursor.pass(length);
            self.hasher = None;
        } else {
            let bytes = cursor.bytes(length)?;
            if let Some(hasher) = &mut self.hasher {
                hasher.update(&length.to_le_bytes()).update(bytes);
            }
        }
        self.recent.add(length);
        self.count(1);
        Ok(())
    }

    fn read_inner(&mut self, cursor: &mut Cursor<'_>) -> Result<(), Halt> {
        let inner = Open::read(cursor)?;
        if self.open.len() == DEEPEST {
            let detail = format!("lists lie more than {DEEPEST} deep in each other");
            return Err(Halt::Bad(TensorsError::damaged(cursor.at(), detail)));
        }
        if let Some(hasher) = &mut self.hasher {
            hasher
                .update(inner.of.label().as_bytes())
                .update(&inner.left.to_le_bytes());
        }
        self.count(1);
        self.open.push(inner);
        Ok(())
    }

    /// All numbers of the innermost list at once.
    fn read_numbers(&mut self, cursor: &mut Cursor<'_>, of: ValueType, left: u64) -> Result<(), Halt> {
        let length = left.saturating_mul(of.least());
        if length > READ {
            cursor.pass(length);
            self.hasher = None;
        } else if self.open.len() == 1 && left <= KEPT {
            let start = cursor.bytes(length)?;
            if let Some(hasher) = &mut self.hasher {
                hasher.update(start);
            }
            cursor.back(length);
            for _ in 0..left {
                self.values.push(of.scalar(cursor)?);
            }
        } else {
            let bytes = cursor.bytes(length)?;
            if let Some(hasher) = &mut self.hasher {
                hasher.update(bytes);
            }
        }
        self.count(left);
        Ok(())
    }

    fn count(&mut self, read: u64) {
        if let Some(open) = self.open.last_mut() {
            open.left -= read;
        }
    }

    /// How many bytes of it are still to come, by the texts that were read of it last.
    pub(super) fn expected(&self) -> u64 {
        let left = self.open.last().map_or(0, |open| open.left);
        left.saturating_mul(self.recent.average().saturating_add(8))
    }

    /// What is kept of it, once it was read to its end.
    pub(super) fn ended(&mut self) -> Option<MetadataValue> {
        if !self.open.is_empty() {
            return None;
        }
        Some(MetadataValue::List {
            of: self.of.label().to_owned(),
            length: self.length,
            values: std::mem::take(&mut self.values),
            fingerprint: self.hasher.as_ref().map(|hasher| *hasher.finalize().as_bytes()),
        })
    }
}

impl Recent {
    fn add(&mut self, length: u64) {
        if self.texts == RECENT {
            self.texts /= 2;
            self.bytes /= 2;
        }
        self.texts += 1;
        self.bytes = self.bytes.saturating_add(length);
    }

    /// Rounded up; 0 before the first.
    fn average(&self) -> u64 {
        self.bytes.div_ceil(self.texts.max(1))
    }
}

impl Open {
    /// Reads what a list is of, and how long; a length that the file has no room for is a lie.
    fn read(cursor: &mut Cursor<'_>) -> Result<Self, Halt> {
        let of = ValueType::read(cursor)?;
        let left = cursor.u64()?;
        let limit = cursor.left() / of.least();
        if left > limit {
            return Err(Halt::Bad(TensorsError::TooMany {
                what: "values in a list",
                count: left,
                limit,
            }));
        }
        Ok(Self { of, left })
    }
}
