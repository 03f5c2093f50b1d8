//! Columns that are read whole: packed, so that a list is made without parsing JSON.

use rusqlite::{
    ToSql,
    types::{FromSql, FromSqlError, FromSqlResult, ToSqlOutput, ValueRef},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// What a version is made of. Blobs are ids of `digests`, sizes are in bytes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct PackedContent {
    /// Distinct, in order of the first platform that has them.
    pub(crate) layers: Vec<(i64, u64)>,
    pub(crate) configs: Vec<(i64, u64)>,
    pub(crate) platforms: Vec<PackedPlatform>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct PackedPlatform {
    /// `None`: made for any.
    pub(crate) name: Option<String>,
    /// `None` if a layer of it gives no usable size.
    pub(crate) size: Option<u64>,
    pub(crate) created: Option<i64>,
    /// Places in [`PackedContent::layers`].
    pub(crate) layers: Vec<u32>,
}

/// What is said about a version; borrowed from the row, since most of it is only walked over.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct PackedWords<'a> {
    #[serde(borrow)]
    pub(crate) labels: Vec<(&'a str, &'a str)>,
    #[serde(borrow)]
    pub(crate) metrics: Vec<(&'a str, f64)>,
}

impl PackedContent {
    /// Every blob that the version needs, once.
    pub(crate) fn blobs(&self) -> impl Iterator<Item = (i64, u64)> {
        self.layers.iter().chain(&self.configs).copied()
    }

    pub(crate) fn unpack(bytes: &[u8]) -> Result<Self, postcard::Error> {
        postcard::from_bytes(bytes)
    }
}

impl<'a> PackedWords<'a> {
    pub(crate) fn unpack(bytes: &'a [u8]) -> Result<Self, postcard::Error> {
        postcard::from_bytes(bytes)
    }
}

/// A column that holds a packed value.
pub(crate) struct Packed<T>(pub(crate) T);

impl<T: Serialize> ToSql for Packed<T> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        postcard::to_allocvec(&self.0)
            .map(ToSqlOutput::from)
            .map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))
    }
}

impl<T: DeserializeOwned> FromSql for Packed<T> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        postcard::from_bytes(value.as_blob()?)
            .map(Packed)
            .map_err(|error| FromSqlError::Other(Box::new(error)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_is_unpacked_the_same() {
        let content = PackedContent {
            layers: vec![(7, 2_000_000_000), (9, 0)],
            configs: vec![(1, 400)],
            platforms: vec![PackedPlatform {
                name: Some("linux/amd64".to_owned()),
                size: Some(2_000_000_400),
                created: Some(-1),
                layers: vec![0, 1],
            }],
        };
        let bytes = postcard::to_allocvec(&content).expect("it can be packed");
        assert_eq!(PackedContent::unpack(&bytes), Ok(content));
        assert!(PackedContent::unpack(&[255, 255, 255, 255, 255]).is_err());
    }
}
