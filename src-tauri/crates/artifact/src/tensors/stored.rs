//! The compact form in which what was read of a blob's headers is kept: a version byte, then a zstd frame of postcard
//! records. Reading never trusts the bytes.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use super::{Dtype, MetadataValue, Tensor, TensorFile, WeightsFormat};
use crate::{
    ByteSize, ContentsError,
    layer::stored::{pack, unpack},
};

/// Counts up with every change of the form; older forms are simply read from the registry again.
const VERSION: u8 = 1;

/// What was read of a blob, and how far it can be trusted.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StoredWeights {
    pub files: Vec<TensorFile>,
    /// Files that should hold weights and could not be read: path, and why.
    pub unread: Vec<(String, String)>,
    /// Whether the whole blob was read and is what its digest says.
    pub verified: bool,
}

#[derive(Serialize, Deserialize)]
struct Packed<'bytes> {
    verified: bool,
    #[serde(borrow)]
    unread: Vec<(&'bytes str, &'bytes str)>,
    /// Names of types; tensors give their place in the list.
    dtypes: Vec<&'bytes str>,
    files: Vec<PackedFile<'bytes>>,
}

#[derive(Serialize, Deserialize)]
struct PackedFile<'bytes> {
    path: &'bytes str,
    format: WeightsFormat,
    base: u64,
    size: Option<u64>,
    #[serde(borrow)]
    tensors: Vec<PackedTensor<'bytes>>,
    metadata: BTreeMap<String, MetadataValue>,
    problems: Vec<String>,
}

#[derive(Serialize, Deserialize)]
struct PackedTensor<'bytes> {
    name: &'bytes str,
    dtype: u32,
    shape: Vec<u64>,
    bytes: u64,
    offset: Option<u64>,
}

impl StoredWeights {
    /// What was read in the form in which it is kept.
    ///
    /// # Errors
    /// [`ContentsError::Stored`] if the compressor fails.
    pub fn to_bytes(&self) -> Result<Vec<u8>, ContentsError> {
        let mut numbers = HashMap::new();
        let mut dtypes = Vec::new();
        let files = self.files.iter().map(|file| PackedFile {
            path: &file.path,
            format: file.format,
            base: file.base,
            size: file.size.map(ByteSize::bytes),
            tensors: file
                .tensors
                .iter()
                .map(|tensor| {
                    let dtype = *numbers.entry(&tensor.dtype).or_insert_with(|| {
                        dtypes.push(tensor.dtype.name());
                        u32::try_from(dtypes.len() - 1).unwrap_or(u32::MAX)
                    });
                    PackedTensor::of(tensor, dtype)
                })
                .collect(),
            metadata: file.metadata.clone(),
            problems: file.problems.clone(),
        });
        let files = files.collect();
        let unread = self.unread.iter().map(|(path, why)| (path.as_str(), why.as_str()));
        pack(
            VERSION,
            &Packed {
                verified: self.verified,
                unread: unread.collect(),
                dtypes,
                files,
            },
        )
    }

    /// What was read from its kept form.
    ///
    /// # Errors
    /// [`ContentsError::Stored`] for bytes of another version, and for all that [`Self::to_bytes`] did not write.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ContentsError> {
        let plain = unpack(VERSION, bytes)?;
        let packed: Packed<'_> = postcard::from_bytes(&plain).map_err(|_| ContentsError::Stored("it is damaged"))?;
        let dtypes: Vec<Dtype> = packed.dtypes.iter().map(|name| Dtype::named(name)).collect();
        let files = packed.files.into_iter().map(|file| file.into_file(&dtypes));
        let unread = packed.unread.into_iter();
        Ok(Self {
            verified: packed.verified,
            files: files.collect::<Result<_, _>>()?,
            unread: unread.map(|(path, why)| (path.to_owned(), why.to_owned())).collect(),
        })
    }
}

impl<'tensor> PackedTensor<'tensor> {
    fn of(tensor: &'tensor Tensor, dtype: u32) -> Self {
        Self {
            name: &tensor.name,
            dtype,
            shape: tensor.shape.clone(),
            bytes: tensor.bytes.bytes(),
            offset: tensor.offset,
        }
    }

    fn into_tensor(self, dtypes: &[Dtype]) -> Result<Tensor, ContentsError> {
        let dtype = dtypes.get(self.dtype as usize);
        Ok(Tensor {
            name: self.name.to_owned(),
            dtype: dtype.cloned().ok_or(ContentsError::Stored("a type in it is missing"))?,
            shape: self.shape,
            bytes: ByteSize(self.bytes),
            offset: self.offset,
        })
    }
}

impl PackedFile<'_> {
    fn into_file(self, dtypes: &[Dtype]) -> Result<TensorFile, ContentsError> {
        let tensors = self.tensors.into_iter().map(|tensor| tensor.into_tensor(dtypes));
        Ok(TensorFile {
            path: self.path.to_owned(),
            format: self.format,
            base: self.base,
            size: self.size.map(ByteSize),
            tensors: tensors.collect::<Result<_, _>>()?,
            metadata: self.metadata,
            problems: self.problems,
        })
    }
}
