//! Which bytes of a version another has already.

use std::collections::{BTreeMap, BTreeSet};

use super::Compared;
use crate::{ByteSize, Digest, PlatformSummary};

/// The blobs of one version's platform, its config and distinct layers, held against those of the reference. `None`
/// where a size is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BlobsAgainst {
    pub total: Option<ByteSize>,
    /// What who has the reference still has to pull.
    pub to_pull: Option<ByteSize>,
    pub shared: Option<ByteSize>,
    /// In none of the others.
    pub own: Option<ByteSize>,
}

pub(super) fn against(versions: &[Compared<'_>], reference: usize) -> Vec<BlobsAgainst> {
    let blobs: Vec<Option<BTreeMap<&Digest, ByteSize>>> = versions
        .iter()
        .map(|version| version.platform.and_then(blobs))
        .collect();
    let of_reference = blobs.get(reference).and_then(Option::as_ref);
    let each = blobs.iter().enumerate().map(|(place, own)| {
        let others: BTreeSet<&Digest> = blobs
            .iter()
            .enumerate()
            .filter(|(other, _)| *other != place)
            .flat_map(|(_, blobs)| blobs.iter().flat_map(BTreeMap::keys).copied())
            .collect();
        let sum = |keep: &dyn Fn(&Digest) -> bool| {
            let own = own.as_ref()?;
            Some(
                own.iter()
                    .filter(|(digest, _)| keep(digest))
                    .map(|(_, size)| *size)
                    .sum(),
            )
        };
        let is_shared = |digest: &Digest| of_reference.is_some_and(|blobs| blobs.contains_key(digest));
        let known = of_reference.is_some();
        BlobsAgainst {
            total: sum(&|_| true),
            to_pull: sum(&|digest| !is_shared(digest)).filter(|_| known),
            shared: sum(&is_shared).filter(|_| known),
            own: sum(&|digest| !others.contains(digest)),
        }
    });
    each.collect()
}

/// The config's size is what the layers leave of the whole.
fn blobs(platform: &PlatformSummary) -> Option<BTreeMap<&Digest, ByteSize>> {
    if !platform.size_known {
        return None;
    }
    let mut blobs: BTreeMap<&Digest, ByteSize> = platform
        .layers
        .iter()
        .map(|layer| (&layer.digest, layer.size))
        .collect();
    if let Some(config) = &platform.config_digest
        && !blobs.contains_key(config)
    {
        let layers: u64 = blobs.values().map(|size| size.bytes()).sum();
        blobs.insert(config, ByteSize(platform.size.bytes().saturating_sub(layers)));
    }
    Some(blobs)
}
