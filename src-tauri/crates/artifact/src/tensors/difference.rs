//! What differs between the tensors of two versions: names, types, shapes, metadata. Same name, type and shape is the
//! same layout, and says nothing of the values.

use std::{cmp::Ordering, collections::BTreeSet, iter::Peekable};

use super::{Dtype, MetadataValue, Tensor, TensorTable, table::TableRow};
use crate::ByteSize;

/// The last version against the first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TensorsDifference {
    /// In natural order, with the names that they have in their version.
    pub added: Vec<Tensor>,
    pub removed: Vec<Tensor>,
    pub changed: Vec<TensorChange>,
    /// How many have the same type and shape.
    pub same: u64,
    pub metadata: Vec<MetadataChange>,
}

/// A tensor with another type or shape. Each pair is the first version's, then the last's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TensorChange {
    pub name: String,
    pub dtype: [Dtype; 2],
    pub shape: [Vec<u64>; 2],
    pub bytes: [ByteSize; 2],
}

/// A key of the metadata that differs; none where a version lacks it.
#[derive(Clone, Debug, PartialEq)]
pub struct MetadataChange {
    pub key: String,
    pub values: [Option<MetadataValue>; 2],
    /// False where both are lists or long texts that were not read whole and look the same so far.
    pub certain: bool,
}

impl TensorsDifference {
    /// Whether the layout of the tensors is the same, whatever the metadata say.
    pub fn is_same_layout(&self) -> bool {
        self.added.is_empty() && self.removed.is_empty() && self.changed.is_empty()
    }
}

/// Compares the tensors of two versions by name.
pub fn difference(first: &TensorTable, last: &TensorTable) -> TensorsDifference {
    let mut difference = TensorsDifference {
        metadata: metadata(first, last),
        ..TensorsDifference::default()
    };
    let (mut before, mut after) = (first.rows().peekable(), last.rows().peekable());
    while let Some((one, other)) = next_pair(&mut before, &mut after) {
        match (one, other) {
            (Some(one), Some(other)) => difference.compare(one, other),
            (Some(gone), None) => difference.removed.push(named(gone)),
            (None, Some(new)) => difference.added.push(named(new)),
            (None, None) => break,
        }
    }
    difference
}

impl TensorsDifference {
    fn compare(&mut self, one: TableRow<'_>, other: TableRow<'_>) {
        let (before, after) = (one.tensor, other.tensor);
        if before.dtype == after.dtype && before.shape == after.shape {
            self.same += 1;
            return;
        }
        self.changed.push(TensorChange {
            name: other.name.to_owned(),
            dtype: [before.dtype.clone(), after.dtype.clone()],
            shape: [before.shape.clone(), after.shape.clone()],
            bytes: [before.bytes, after.bytes],
        });
    }
}

type Pair<'table> = (Option<TableRow<'table>>, Option<TableRow<'table>>);

/// The next name with the tensors that have it.
fn next_pair<'table>(
    before: &mut Peekable<impl Iterator<Item = TableRow<'table>>>,
    after: &mut Peekable<impl Iterator<Item = TableRow<'table>>>,
) -> Option<Pair<'table>> {
    let order = match (before.peek(), after.peek()) {
        (None, None) => return None,
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (Some(one), Some(other)) => one.key.cmp(other.key),
    };
    Some(match order {
        Ordering::Less => (before.next(), None),
        Ordering::Greater => (None, after.next()),
        Ordering::Equal => (before.next(), after.next()),
    })
}

fn named(row: TableRow<'_>) -> Tensor {
    Tensor {
        name: row.name.to_owned(),
        ..row.tensor.clone()
    }
}

fn metadata(first: &TensorTable, last: &TensorTable) -> Vec<MetadataChange> {
    let (before, after) = (first.metadata(), last.metadata());
    let keys: BTreeSet<&str> = before.keys().chain(after.keys()).copied().collect();
    let changes = keys.into_iter().filter_map(|key| {
        let values = [before.get(key).copied(), after.get(key).copied()];
        let same = match values {
            [Some(one), Some(other)] => one.is_same(other),
            _ => Some(false),
        };
        (same != Some(true)).then(|| MetadataChange {
            key: key.to_owned(),
            values: values.map(Option::<&MetadataValue>::cloned),
            certain: same.is_some(),
        })
    });
    changes.collect()
}
