//! ONNX: a protobuf message. Walks to the initializers of its graph, and over their values.
//!
//! Reads what stands before the values of a tensor; values may also lie in another file (external data), or be written
//! as lists of numbers, which are passed over too. Quantised types of less than a byte fill up to whole bytes.
//!
//! Source: onnx/onnx, onnx/onnx.proto, messages `ModelProto`, `GraphProto` and `TensorProto`.

mod initializer;

use self::initializer::Initializer;
use super::{
    MetadataValue, Tensor, TensorLimits, TensorsError,
    cursor::{Cursor, Endian, Halt},
    file::check_names,
    metadata::{Metadata, shown},
    safetensors::Header,
    window::{Step, View, Wish},
};
use crate::ByteSize;

/// Asked for behind what was passed over; more with every step that goes on from there.
const FIRST_GUESS: u64 = 32 << 10;
const LARGEST_GUESS: u64 = 1 << 20;

/// A model that is being read.
#[derive(Debug)]
pub(super) struct OnnxReader {
    limits: TensorLimits,
    at: u64,
    /// Where the graph ends, while it is read.
    graph: Option<u64>,
    has_graph: bool,
    /// The initializer that is read, and where it ends.
    initializer: Option<(Initializer, u64)>,
    tensors: Vec<Tensor>,
    metadata: Metadata,
    guess: u64,
    /// Where bytes were wanted last.
    wanted: u64,
    done: bool,
}

/// What follows a field's number.
enum Field {
    Number(u64),
    /// So many bytes.
    Bytes(u64),
}

impl OnnxReader {
    pub(super) fn new(limits: TensorLimits) -> Self {
        Self {
            limits,
            at: 0,
            graph: None,
            has_graph: false,
            initializer: None,
            tensors: Vec::new(),
            metadata: Metadata::new(limits),
            guess: FIRST_GUESS,
            wanted: 0,
            done: false,
        }
    }

    pub(super) fn step(&mut self, view: View<'_>) -> Result<Step, TensorsError> {
        while !self.done {
            let mut cursor = Cursor::new(view, self.at, Endian::Little);
            let read = self.read(&mut cursor, view);
            match read {
                Ok(()) => self.at = cursor.at(),
                Err(Halt::Bad(error)) => return Err(error),
                Err(Halt::Short { from, end }) => {
                    if view.size.is_some_and(|size| end > size) {
                        return Err(TensorsError::Truncated { within: "the model" });
                    }
                    self.at = from;
                    return Ok(Step::Wants(self.wish(end)));
                }
            }
        }
        Ok(Step::Done)
    }

    pub(super) fn finish(self) -> Option<Header> {
        self.done.then_some(Header {
            tensors: self.tensors,
            metadata: self.metadata,
            problems: Vec::new(),
        })
    }

    /// A little behind a tensor's values, more where one thing follows the other.
    fn wish(&mut self, end: u64) -> Wish {
        let least = end - self.at;
        let goes_on = self.at <= self.wanted.saturating_add(self.guess);
        self.guess = if goes_on {
            (2 * self.guess).min(LARGEST_GUESS)
        } else {
            FIRST_GUESS
        };
        self.wanted = self.at;
        Wish {
            at: self.at,
            least,
            guess: self.guess.max(least),
        }
    }

    /// One field, of whatever is open.
    fn read(&mut self, cursor: &mut Cursor<'_>, view: View<'_>) -> Result<(), Halt> {
        if let Some((initializer, end)) = &mut self.initializer {
            if cursor.at() < *end {
                return initializer.read(cursor, *end, self.limits);
            }
            let tensor = std::mem::take(initializer).into_tensor(cursor.at())?;
            self.initializer = None;
            return self.add(tensor).map_err(Halt::Bad);
        }
        if let Some(end) = self.graph {
            if cursor.at() >= end {
                self.graph = None;
                return Ok(());
            }
            return self.read_graph(cursor, end);
        }
        if view.size.is_some_and(|size| cursor.at() >= size) {
            return self.conclude().map_err(Halt::Bad);
        }
        self.read_model(cursor)
    }

    fn add(&mut self, tensor: Tensor) -> Result<(), TensorsError> {
        let count = self.tensors.len() as u64 + 1;
        if count > self.limits.tensors {
            return Err(TensorsError::TooMany {
                what: "tensors",
                count,
                limit: self.limits.tensors,
            });
        }
        self.tensors.push(tensor);
        Ok(())
    }

    fn conclude(&mut self) -> Result<(), TensorsError> {
        // Any bytes may be taken for fields; without a graph they are no model.
        if !self.has_graph {
            return Err(TensorsError::UnknownFormat);
        }
        check_names(&self.tensors)?;
        self.done = true;
        Ok(())
    }

    fn read_model(&mut self, cursor: &mut Cursor<'_>) -> Result<(), Halt> {
        let end = cursor.at().saturating_add(cursor.left());
        match field(cursor, end)? {
            (1, Field::Number(number)) => self.note("ir_version", MetadataValue::Integer(number.into()))?,
            (5, Field::Number(number)) => self.note("model_version", MetadataValue::Integer(number.into()))?,
            (number @ (2 | 3 | 4 | 6), Field::Bytes(length)) => {
                let key = match number {
                    2 => "producer_name",
                    3 => "producer_version",
                    4 => "domain",
                    _ => "doc_string",
                };
                let value = self.text(cursor, length)?;
                if value != MetadataValue::Text(String::new()) {
                    self.note(key, value)?;
                }
            }
            (7, Field::Bytes(length)) => {
                self.graph = Some(cursor.at().saturating_add(length));
                self.has_graph = true;
            }
            (8, Field::Bytes(length)) => self.read_opset(cursor, length)?,
            (14, Field::Bytes(length)) => self.read_property(cursor, length)?,
            (_, Field::Bytes(length)) => cursor.pass(length),
            (_, Field::Number(_)) => {}
        }
        Ok(())
    }

    fn note(&mut self, key: &str, value: MetadataValue) -> Result<(), Halt> {
        self.metadata.add(key, value).map_err(Halt::Bad)
    }

    fn text(&mut self, cursor: &mut Cursor<'_>, length: u64) -> Result<MetadataValue, Halt> {
        let kept = length.min(self.limits.text as u64);
        let text = String::from_utf8_lossy(cursor.bytes(kept)?);
        cursor.pass(length - kept);
        let whole = if kept == length { text.len() as u64 } else { length };
        Ok(self.metadata.text(&text, whole))
    }

    /// A set of operators and its version.
    fn read_opset(&mut self, cursor: &mut Cursor<'_>, length: u64) -> Result<(), Halt> {
        let end = small(cursor, length, self.limits)?;
        let (mut domain, mut version) = (String::new(), 0);
        while cursor.at() < end {
            match field(cursor, end)? {
                (1, Field::Bytes(length)) => domain = name(cursor, length, self.limits)?,
                (2, Field::Number(number)) => version = number,
                (_, Field::Bytes(length)) => cursor.pass(length),
                (_, Field::Number(_)) => {}
            }
        }
        let key = if domain.is_empty() {
            "opset".to_owned()
        } else {
            format!("opset.{domain}")
        };
        self.note(&key, MetadataValue::Integer(version.into()))
    }

    /// A key and a text that somebody added.
    fn read_property(&mut self, cursor: &mut Cursor<'_>, length: u64) -> Result<(), Halt> {
        let end = cursor.at().saturating_add(length);
        let (mut key, mut value) = (String::new(), None);
        while cursor.at() < end {
            match field(cursor, end)? {
                (1, Field::Bytes(length)) => key = name(cursor, length, self.limits)?,
                (2, Field::Bytes(length)) => value = Some(self.text(cursor, length)?),
                (_, Field::Bytes(length)) => cursor.pass(length),
                (_, Field::Number(_)) => {}
            }
        }
        self.note(&key, value.unwrap_or_else(|| MetadataValue::Text(String::new())))
    }

    fn read_graph(&mut self, cursor: &mut Cursor<'_>, end: u64) -> Result<(), Halt> {
        match field(cursor, end)? {
            (5, Field::Bytes(length)) => {
                let end = cursor.at().saturating_add(length);
                self.initializer = Some((Initializer::default(), end));
            }
            (_, Field::Bytes(length)) => cursor.pass(length),
            (_, Field::Number(_)) => {}
        }
        Ok(())
    }
}

/// The next field of a message that ends at `end`.
fn field(cursor: &mut Cursor<'_>, end: u64) -> Result<(u64, Field), Halt> {
    let at = cursor.at();
    let tag = cursor.varint()?;
    let number = tag >> 3;
    let value = match tag & 7 {
        0 => Field::Number(cursor.varint()?),
        1 => Field::Bytes(8),
        2 => Field::Bytes(cursor.varint()?),
        5 => Field::Bytes(4),
        _ => return Err(Halt::Bad(TensorsError::damaged(at, "it is no protobuf message"))),
    };
    if number == 0 {
        return Err(Halt::Bad(TensorsError::damaged(at, "it is no protobuf message")));
    }
    if let Field::Bytes(length) = value {
        cursor.within("a part of the model", length, end)?;
    }
    Ok((number, value))
}

/// A name of a length that names have.
fn name(cursor: &mut Cursor<'_>, length: u64, limits: TensorLimits) -> Result<String, Halt> {
    if length > limits.name as u64 {
        return Err(Halt::Bad(TensorsError::TooLong {
            what: "a name",
            stated: ByteSize(length),
            limit: ByteSize(limits.name as u64),
        }));
    }
    let text = String::from_utf8_lossy(cursor.bytes(length)?);
    Ok(shown(&text, usize::MAX))
}

/// The end of a message that is read at once.
fn small(cursor: &Cursor<'_>, length: u64, limits: TensorLimits) -> Result<u64, Halt> {
    if length > 2 * limits.name as u64 {
        return Err(Halt::Bad(TensorsError::damaged(
            cursor.at(),
            "a version of operators is too long",
        )));
    }
    Ok(cursor.at() + length)
}
