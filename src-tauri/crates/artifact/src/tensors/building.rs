//! For tests: files of weights made by hand, also wrong ones, and a blob that gives only what is asked of it.

use super::{
    Dtype, PlacedFile, Tensor, TensorFile, TensorLimits, TensorTable, TensorsError, WeightsFormat, WeightsFound,
    WeightsReader,
};
use crate::{ByteSize, Digest};

/// A blob of which the beginning is written and the rest is zeros; counts what is read of it.
pub(super) struct Sparse {
    pub(super) written: Vec<u8>,
    pub(super) size: u64,
    pub(super) requests: usize,
    pub(super) bytes: u64,
}

impl Sparse {
    pub(super) fn new(written: Vec<u8>, size: u64) -> Self {
        Self {
            written,
            size,
            requests: 0,
            bytes: 0,
        }
    }

    fn part(&mut self, offset: u64, length: u64) -> Vec<u8> {
        assert!(
            length > 0 && offset + length <= self.size,
            "{length} bytes from {offset} of {}",
            self.size
        );
        self.requests += 1;
        self.bytes += length;
        let at = |place: u64| {
            usize::try_from(place)
                .ok()
                .and_then(|place| self.written.get(place))
                .copied()
        };
        (offset..offset + length)
            .map(|place| at(place).unwrap_or_default())
            .collect()
    }

    /// Reads by parts, each as long as the reader guesses.
    pub(super) fn read(&mut self, path: &str) -> Result<WeightsFound, TensorsError> {
        let mut reader = WeightsReader::new(path, Some(ByteSize(self.size)), TensorLimits::default());
        while let Some(wanted) = reader.wanted() {
            assert!(wanted.least > 0 && wanted.least <= wanted.guess, "{wanted:?}");
            let part = self.part(wanted.offset, wanted.guess);
            reader.push(&part)?;
            assert!(self.requests < 1000, "it never ends");
        }
        reader.finish()
    }
}

/// Reads a blob that is all there.
pub(super) fn read(bytes: &[u8], path: &str) -> Result<WeightsFound, TensorsError> {
    Sparse::new(bytes.to_vec(), bytes.len() as u64).read(path)
}

/// Reads a blob as a stream of pieces whose end is not known before.
pub(super) fn read_streamed(bytes: &[u8], path: &str, piece: usize) -> Result<WeightsFound, TensorsError> {
    let mut reader = WeightsReader::new(path, None, TensorLimits::default());
    for piece in bytes.chunks(piece) {
        reader.pass(piece)?;
    }
    reader.finish()
}

/// The only file of a blob.
pub(super) fn only(found: Result<WeightsFound, TensorsError>) -> Result<TensorFile, TensorsError> {
    let mut found = found?;
    if let Some(unread) = found.unread.pop() {
        return Err(unread.error);
    }
    assert_eq!(found.files.len(), 1, "one file");
    found.files.pop().ok_or(TensorsError::UnknownFormat)
}

/// A safetensors file with this header and so many bytes of data.
pub(super) fn safetensors(json: &str, data: usize) -> Vec<u8> {
    let mut file = (json.len() as u64).to_le_bytes().to_vec();
    file.extend_from_slice(json.as_bytes());
    file.resize(file.len() + data, 0);
    file
}

/// Writes GGUF, in either order of bytes.
pub(super) struct Gguf {
    pub(super) bytes: Vec<u8>,
    pub(super) big: bool,
}

impl Gguf {
    pub(super) fn new(tensors: u64, pairs: u64) -> Self {
        let mut file = Self {
            bytes: b"GGUF".to_vec(),
            big: false,
        };
        file.u32(3);
        file.u64(tensors);
        file.u64(pairs);
        file
    }

    pub(super) fn u32(&mut self, number: u32) -> &mut Self {
        let bytes = if self.big {
            number.to_be_bytes()
        } else {
            number.to_le_bytes()
        };
        self.bytes.extend_from_slice(&bytes);
        self
    }

    pub(super) fn u64(&mut self, number: u64) -> &mut Self {
        let bytes = if self.big {
            number.to_be_bytes()
        } else {
            number.to_le_bytes()
        };
        self.bytes.extend_from_slice(&bytes);
        self
    }

    pub(super) fn text(&mut self, text: &str) -> &mut Self {
        self.u64(text.len() as u64);
        self.bytes.extend_from_slice(text.as_bytes());
        self
    }

    /// The info of a tensor.
    pub(super) fn tensor(&mut self, name: &str, shape: &[u64], kind: u32, offset: u64) -> &mut Self {
        self.text(name);
        self.u32(u32::try_from(shape.len()).expect("few dimensions"));
        for &dimension in shape {
            self.u64(dimension);
        }
        self.u32(kind).u64(offset)
    }

    /// The file with its header padded, and so many bytes of data.
    pub(super) fn with_data(&mut self, length: usize) -> Vec<u8> {
        let mut file = self.bytes.clone();
        file.resize(file.len().next_multiple_of(32) + length, 0);
        file
    }
}

/// A table of tensors of one made-up file: name, type, shape.
pub(super) fn table(tensors: &[(&str, &str, &[u64])]) -> TensorTable {
    TensorTable::merge(vec![placed("model.safetensors", tensors)]).expect("a sound table")
}

/// A file of a version: name, type and shape of each tensor.
pub(super) fn placed(path: &str, tensors: &[(&str, &str, &[u64])]) -> PlacedFile {
    let mut offset = 0;
    let tensors = tensors.iter().map(|&(name, dtype, shape)| {
        let dtype = Dtype::named(dtype);
        let bytes = dtype.size_of(shape.iter().product()).expect("whole blocks");
        let tensor = Tensor {
            name: name.to_owned(),
            dtype,
            shape: shape.to_vec(),
            bytes: ByteSize(bytes),
            offset: Some(offset),
        };
        offset += bytes;
        tensor
    });
    PlacedFile {
        blob: Digest::of(path.as_bytes()),
        verified: false,
        file: TensorFile {
            path: path.to_owned(),
            format: WeightsFormat::Safetensors,
            base: 0,
            size: None,
            tensors: tensors.collect(),
            metadata: [].into(),
            problems: Vec::new(),
        },
    }
}
