//! safetensors: eight bytes of length, then JSON. Reads what Python's `safetensors` reads, and also types that it does
//! not know yet.
//!
//! Source: huggingface/safetensors, README "Format", and `src/tensor.rs` of version 0.8.

use std::{borrow::Cow, fmt};

use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::{
    Dtype, Tensor, TensorLimits, TensorsError,
    file::{check_names, check_places, values_in},
    metadata::{Metadata, shown},
    window::{Step, View, Wish},
};
use crate::{ByteSize, text::quoted};

const LENGTH: u64 = 8;
const METADATA: &str = "__metadata__";
/// What JSON calls an error, to be taken for the error that it stands for.
const MARK: &str = "\u{1}";

/// A header that is being read.
#[derive(Debug)]
pub(super) struct SafetensorsReader {
    limits: TensorLimits,
    read: Option<Header>,
}

/// What a header says.
#[derive(Debug)]
pub(super) struct Header {
    pub(super) tensors: Vec<Tensor>,
    pub(super) metadata: Metadata,
    pub(super) problems: Vec<String>,
}

/// Whether a file may be safetensors, by its first nine bytes.
pub(super) fn may_begin(bytes: &[u8], size: Option<u64>) -> bool {
    let Some((length, rest)) = bytes.split_first_chunk() else {
        return false;
    };
    let length = u64::from_le_bytes(*length);
    rest.first() == Some(&b'{') && (length < 1 << 40 || size.is_some_and(|size| length <= size))
}

impl SafetensorsReader {
    pub(super) fn new(limits: TensorLimits) -> Self {
        Self { limits, read: None }
    }

    pub(super) fn step(&mut self, view: View<'_>) -> Result<Step, TensorsError> {
        let Some(length) = view.get(0, LENGTH).and_then(|bytes| bytes.first_chunk()) else {
            return Ok(Step::Wants(Wish::exactly(0, LENGTH)));
        };
        let length = u64::from_le_bytes(*length);
        if length > self.limits.header {
            return Err(TensorsError::TooLong {
                what: "the header",
                stated: ByteSize(length),
                limit: ByteSize(self.limits.header),
            });
        }
        let start = LENGTH + length;
        if let Some(size) = view.size.filter(|&size| start > size) {
            return Err(TensorsError::BeyondTheFile {
                what: "the header".to_owned(),
                end: start,
                size,
            });
        }
        let Some(json) = view.get(LENGTH, length) else {
            return Ok(Step::Wants(Wish::exactly(0, start)));
        };
        let mut header = read(json, self.limits)?;
        place(&mut header, start, view.size)?;
        self.read = Some(header);
        Ok(Step::Done)
    }

    pub(super) fn finish(self) -> Option<Header> {
        self.read
    }
}

/// Reads the JSON; offsets still count from the end of the header.
fn read(json: &[u8], limits: TensorLimits) -> Result<Header, TensorsError> {
    let mut header = Header {
        tensors: Vec::new(),
        metadata: Metadata::new(limits),
        problems: Vec::new(),
    };
    let mut error = None;
    let mut document = serde_json::Deserializer::from_slice(json);
    let seed = Document {
        header: &mut header,
        limits,
        error: &mut error,
    };
    let read = seed.deserialize(&mut document).and_then(|()| document.end());
    match (error, read) {
        (Some(error), _) => Err(error),
        (None, Err(problem)) => Err(TensorsError::damaged(
            LENGTH + place_of(json, &problem),
            quoted(&problem.to_string()),
        )),
        (None, Ok(())) => Ok(header),
    }
}

/// Where in the document JSON found a problem.
fn place_of(json: &[u8], problem: &serde_json::Error) -> u64 {
    let lines = json.split_inclusive(|&byte| byte == b'\n');
    let before: usize = lines.take(problem.line().saturating_sub(1)).map(<[u8]>::len).sum();
    (before + problem.column().saturating_sub(1)) as u64
}

/// Gives the tensors their places in the file, and looks whether these can be.
fn place(header: &mut Header, start: u64, size: Option<u64>) -> Result<(), TensorsError> {
    check_names(&header.tensors)?;
    for tensor in &mut header.tensors {
        let offset = tensor.offset.and_then(|offset| offset.checked_add(start));
        let end = offset.and_then(|offset| offset.checked_add(tensor.bytes.bytes()));
        let size = size.unwrap_or(u64::MAX);
        let end = end.unwrap_or(u64::MAX);
        if end > size {
            return Err(TensorsError::BeyondTheFile {
                what: format!("the tensor {}", quoted(&tensor.name)),
                end,
                size,
            });
        }
        tensor.offset = offset;
    }
    header.problems = check_places(&header.tensors, start, 1)?;
    let end = header
        .tensors
        .iter()
        .filter_map(|tensor| Some(tensor.offset? + tensor.bytes.bytes()))
        .max();
    let end = end.unwrap_or(start);
    if let Some(size) = size.filter(|&size| end < size) {
        header
            .problems
            .push(format!("bytes {end} to {size} belong to no tensor"));
    }
    Ok(())
}

/// The whole document: tensors by name, and the metadata.
struct Document<'read> {
    header: &'read mut Header,
    limits: TensorLimits,
    error: &'read mut Option<TensorsError>,
}

impl<'de> DeserializeSeed<'de> for Document<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Document<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object of tensors")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Self { header, limits, error } = self;
        let mut fail = |problem: TensorsError| {
            *error = Some(problem);
            A::Error::custom(MARK)
        };
        let mut has_metadata = false;
        while let Some(name) = map.next_key::<Text<'_>>()? {
            if name.0 == METADATA {
                if std::mem::replace(&mut has_metadata, true) {
                    return Err(fail(TensorsError::DuplicateKey(METADATA.to_owned())));
                }
                for (key, value) in map.next_value_seed(Values(limits.metadata_keys))? {
                    let value = header.metadata.text(&value.0, value.0.len() as u64);
                    header.metadata.add(&key.0, value).map_err(&mut fail)?;
                }
                continue;
            }
            if name.0.len() > limits.name {
                return Err(fail(TensorsError::TooLong {
                    what: "the name of a tensor",
                    stated: ByteSize(name.0.len() as u64),
                    limit: ByteSize(limits.name as u64),
                }));
            }
            let count = header.tensors.len() as u64 + 1;
            if count > limits.tensors {
                return Err(fail(TensorsError::TooMany {
                    what: "tensors",
                    count,
                    limit: limits.tensors,
                }));
            }
            let info = map.next_value_seed(InfoOf(limits))?;
            let tensor = info.into_tensor(&name.0).map_err(&mut fail)?;
            header.tensors.push(tensor);
        }
        Ok(())
    }
}

/// A JSON text, borrowed where it holds no escapes.
struct Text<'json>(Cow<'json, str>);

impl<'de: 'json, 'json> serde::Deserialize<'de> for Text<'json> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct AsText;
        impl<'de> Visitor<'de> for AsText {
            type Value = Text<'de>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a text")
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Borrowed(text)))
            }

            fn visit_str<E>(self, text: &str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_str(AsText)
    }
}

/// The metadata: texts by key, each pair as it stands, repeated ones too.
struct Values(u64);

type Pairs<'json> = Vec<(Text<'json>, Text<'json>)>;

impl<'de> DeserializeSeed<'de> for Values {
    type Value = Pairs<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Pairs<'de>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Values {
    type Value = Pairs<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "an object of at most {} texts", self.0)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Pairs<'de>, A::Error> {
        let mut pairs = Vec::new();
        while let Some(pair) = map.next_entry()? {
            if pairs.len() as u64 == self.0 {
                return Err(A::Error::invalid_length(pairs.len() + 1, &self));
            }
            pairs.push(pair);
        }
        Ok(pairs)
    }

    fn visit_unit<E>(self) -> Result<Pairs<'de>, E> {
        Ok(Vec::new())
    }
}

/// What stands behind a tensor's name.
#[derive(Default)]
struct Info {
    dtype: Option<Dtype>,
    shape: Option<Vec<u64>>,
    offsets: Option<(u64, u64)>,
}

impl Info {
    fn into_tensor(self, name: &str) -> Result<Tensor, TensorsError> {
        let (Some(dtype), Some(shape), Some((begin, end))) = (self.dtype, self.shape, self.offsets) else {
            let detail = format!("the tensor {} lacks dtype, shape or data_offsets", quoted(name));
            return Err(TensorsError::damaged(LENGTH, detail));
        };
        let stated = end.checked_sub(begin).ok_or_else(|| {
            let detail = format!("the tensor {} ends before it begins", quoted(name));
            TensorsError::damaged(LENGTH, detail)
        })?;
        let values = values_in(name, &shape)?;
        match dtype.size_of(values) {
            Some(computed) if computed != stated => {
                return Err(TensorsError::WrongSize {
                    name: quoted(name),
                    stated,
                    computed,
                });
            }
            None if dtype.is_known() => return Err(TensorsError::ImpossibleShape(quoted(name))),
            _ => {}
        }
        Ok(Tensor {
            name: shown(name, usize::MAX),
            dtype,
            shape,
            bytes: ByteSize(stated),
            offset: Some(begin),
        })
    }
}

struct InfoOf(TensorLimits);

impl<'de> DeserializeSeed<'de> for InfoOf {
    type Value = Info;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Info, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for InfoOf {
    type Value = Info;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a tensor's dtype, shape and data_offsets")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Info, A::Error> {
        let mut info = Info::default();
        while let Some(key) = map.next_key::<Text<'_>>()? {
            match &*key.0 {
                "dtype" => once(&mut info.dtype, Dtype::named(&map.next_value::<Text<'_>>()?.0), "dtype")?,
                "shape" => once(
                    &mut info.shape,
                    map.next_value_seed(Numbers(self.0.dimensions))?,
                    "shape",
                )?,
                "data_offsets" => once(&mut info.offsets, map.next_value()?, "data_offsets")?,
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(info)
    }
}

fn once<T, E: serde::de::Error>(place: &mut Option<T>, value: T, field: &'static str) -> Result<(), E> {
    match place.replace(value) {
        Some(_) => Err(E::duplicate_field(field)),
        None => Ok(()),
    }
}

/// A list of at most so many numbers.
struct Numbers(usize);

impl<'de> DeserializeSeed<'de> for Numbers {
    type Value = Vec<u64>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Vec<u64>, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Numbers {
    type Value = Vec<u64>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "at most {} numbers", self.0)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Vec<u64>, A::Error> {
        let mut numbers = Vec::new();
        while let Some(number) = list.next_element()? {
            if numbers.len() == self.0 {
                return Err(A::Error::invalid_length(numbers.len() + 1, &self));
            }
            numbers.push(number);
        }
        Ok(numbers)
    }
}
