//! Which blobs are shared: how many versions of a repository need each.

use std::collections::HashMap;

use super::facts::ReadFacts;
use crate::store::PackedContent;

/// Every blob of a repository's tagged versions.
#[derive(Debug, Default)]
pub(crate) struct Sharing {
    /// Size, and how many versions need it.
    blobs: HashMap<i64, (u64, u32)>,
    /// Each blob once.
    pub(crate) stored: u64,
    /// As if nothing were shared.
    pub(crate) would_be: u64,
    /// Versions whose size is not known.
    pub(crate) unread: usize,
}

impl Sharing {
    pub(crate) fn count<'a>(versions: impl Iterator<Item = Option<&'a ReadFacts>>) -> Self {
        let mut sharing = Self::default();
        for version in versions {
            let Some(read) = version else {
                sharing.unread += 1;
                continue;
            };
            sharing.unread += usize::from(read.size.is_none());
            sharing.would_be = sharing.would_be.saturating_add(read.size.unwrap_or_default());
            for (blob, size) in read.content().blobs() {
                let entry = sharing.blobs.entry(blob).or_insert((size, 0));
                if entry.1 == 0 {
                    sharing.stored = sharing.stored.saturating_add(size);
                }
                entry.1 += 1;
            }
        }
        sharing
    }

    /// In how many versions the blob is needed.
    pub(crate) fn versions_with(&self, blob: i64) -> u32 {
        self.blobs.get(&blob).map_or(0, |(_, versions)| *versions)
    }

    /// Bytes of blobs that only this version needs; `others` says of a blob that something else needs it.
    pub(crate) fn unique(&self, content: &PackedContent, others: impl Fn(i64) -> bool) -> u64 {
        content
            .blobs()
            .filter(|(blob, _)| self.versions_with(*blob) <= 1 && !others(*blob))
            .fold(0, |sum, (_, size)| sum.saturating_add(size))
    }

    /// Every blob and its size.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (i64, u64)> {
        self.blobs.iter().map(|(blob, (size, _))| (*blob, *size))
    }
}
