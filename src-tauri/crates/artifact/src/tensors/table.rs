//! All tensors of one version: the files that hold them, merged by name.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, HashMap, hash_map::Entry},
};

use serde::Serialize;

use super::{Dtype, MetadataValue, Tensor, TensorFile, TensorsError};
use crate::{ByteSize, Digest, NaturalKey, natural_key, text::quoted};

/// A file of weights, and the blob that holds it.
#[derive(Clone, Debug, PartialEq)]
pub struct PlacedFile {
    pub blob: Digest,
    /// Whether the whole blob was read and is what its digest says. Of a part nobody can say.
    pub verified: bool,
    pub file: TensorFile,
}

/// The tensors of a version in natural order: `layers.2` before `layers.10`.
#[derive(Clone, Debug, Default)]
pub struct TensorTable {
    files: Vec<PlacedFile>,
    rows: Vec<Row>,
}

#[derive(Clone, Debug)]
struct Row {
    key: NaturalKey,
    /// None where it is the tensor's own.
    name: Option<String>,
    file: usize,
    tensor: usize,
}

/// One tensor with the name that it has in its version, and where it lies.
#[derive(Clone, Copy, Debug)]
pub struct TableRow<'table> {
    /// The tensor's own; with its file before it where another file has that name.
    pub name: &'table str,
    pub tensor: &'table Tensor,
    pub file: &'table PlacedFile,
    pub(super) key: &'table NaturalKey,
}

/// Tensors counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TensorTotals {
    pub tensors: u64,
    pub parameters: u64,
    pub bytes: ByteSize,
    /// Most bytes first.
    pub by_dtype: Vec<DtypeTotal>,
}

/// The tensors of one type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DtypeTotal {
    pub dtype: Dtype,
    pub tensors: u64,
    pub parameters: u64,
    pub bytes: ByteSize,
}

impl TensorTable {
    /// Merges files. Shards (`-00001-of-00003`) are one model; where two models of a version use the same name, the
    /// larger model's stays as it is.
    ///
    /// # Errors
    /// [`TensorsError::DuplicateName`] if two shards of one model hold the same tensor.
    pub fn merge(files: Vec<PlacedFile>) -> Result<Self, TensorsError> {
        let models = models(&files);
        let mut taken: HashMap<&str, &str> = HashMap::new();
        let mut rows = Vec::new();
        for (model, places) in &models {
            for &place in places {
                let tensors = files
                    .get(place)
                    .map(|file| file.file.tensors.as_slice())
                    .unwrap_or_default();
                for (number, tensor) in tensors.iter().enumerate() {
                    let name = match taken.entry(&tensor.name) {
                        Entry::Vacant(free) => {
                            free.insert(model);
                            None
                        }
                        Entry::Occupied(other) if other.get() == model => {
                            return Err(TensorsError::DuplicateName(quoted(&tensor.name)));
                        }
                        Entry::Occupied(_) => Some(format!("{model}/{}", tensor.name)),
                    };
                    rows.push(Row {
                        key: natural_key(name.as_deref().unwrap_or(&tensor.name)),
                        name,
                        file: place,
                        tensor: number,
                    });
                }
            }
        }
        drop(taken);
        rows.sort_unstable_by(|one, other| one.key.cmp(&other.key));
        if let Some([twice, _]) = rows.array_windows().find(|[one, next]| one.key == next.key) {
            let name = twice.name.clone().unwrap_or_default();
            return Err(TensorsError::DuplicateName(quoted(&name)));
        }
        Ok(Self { files, rows })
    }

    /// The files, in the order of the manifest.
    pub fn files(&self) -> &[PlacedFile] {
        &self.files
    }

    pub fn len(&self) -> usize {
        self.rows.len()
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Every tensor in natural order.
    pub fn rows(&self) -> impl Iterator<Item = TableRow<'_>> {
        self.rows.iter().filter_map(|row| {
            let file = self.files.get(row.file)?;
            let tensor = file.file.tensors.get(row.tensor)?;
            Some(TableRow {
                name: row.name.as_deref().unwrap_or(&tensor.name),
                tensor,
                file,
                key: &row.key,
            })
        })
    }

    /// Whether every blob that a tensor came from was read whole and is what its digest says.
    pub fn is_verified(&self) -> bool {
        self.files.iter().all(|file| file.verified)
    }

    /// The metadata of all files by key; where several say something else of a key, the larger model's counts.
    pub fn metadata(&self) -> BTreeMap<&str, &MetadataValue> {
        let mut merged = BTreeMap::new();
        for (_, places) in models(&self.files) {
            for file in places.into_iter().filter_map(|place| self.files.get(place)) {
                for (key, value) in &file.file.metadata {
                    merged.entry(key.as_str()).or_insert(value);
                }
            }
        }
        merged
    }

    /// How many tensors, parameters and bytes there are, by type.
    pub fn totals(&self) -> TensorTotals {
        let mut by_dtype: BTreeMap<&Dtype, DtypeTotal> = BTreeMap::new();
        let mut totals = TensorTotals::default();
        for TableRow { tensor, .. } in self.rows() {
            let total = by_dtype.entry(&tensor.dtype).or_insert_with(|| DtypeTotal {
                dtype: tensor.dtype.clone(),
                tensors: 0,
                parameters: 0,
                bytes: ByteSize::ZERO,
            });
            let parameters = tensor.parameters();
            total.tensors += 1;
            total.parameters = total.parameters.saturating_add(parameters);
            total.bytes += tensor.bytes;
            totals.tensors += 1;
            totals.parameters = totals.parameters.saturating_add(parameters);
            totals.bytes += tensor.bytes;
        }
        totals.by_dtype = by_dtype.into_values().collect();
        totals.by_dtype.sort_by_key(|total| Reverse(total.bytes));
        totals
    }
}

/// The places of files that are one model, by its name: the largest model first.
fn models(files: &[PlacedFile]) -> Vec<(String, Vec<usize>)> {
    let mut models: BTreeMap<String, (ByteSize, Vec<usize>)> = BTreeMap::new();
    for (place, file) in files.iter().enumerate() {
        let (bytes, places) = models.entry(model_of(&file.file.path)).or_default();
        *bytes += file.file.tensors.iter().map(|tensor| tensor.bytes).sum();
        places.push(place);
    }
    let mut models: Vec<_> = models.into_iter().collect();
    models.sort_by(|(_, (one, _)), (_, (other, _))| other.cmp(one));
    models.into_iter().map(|(name, (_, places))| (name, places)).collect()
}

/// The path without the number of a shard: `model-00001-of-00003.safetensors` is a part of `model.safetensors`.
fn model_of(path: &str) -> String {
    let (stem, end) = path.rsplit_once('.').unwrap_or((path, ""));
    let digits = |text: &str| text.len() == 5 && text.bytes().all(|byte| byte.is_ascii_digit());
    let whole = stem.rsplit_once("-of-").and_then(|(before, count)| {
        let (name, number) = before.rsplit_once('-')?;
        (digits(number) && digits(count)).then_some(name)
    });
    match whole {
        Some(name) if end.is_empty() => name.to_owned(),
        Some(name) => format!("{name}.{end}"),
        None => path.to_owned(),
    }
}
