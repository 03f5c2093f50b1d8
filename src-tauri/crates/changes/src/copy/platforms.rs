//! A new index of some of an index's platforms. Pure: the indexes are passed in.
//!
//! Entries are taken over as they are written, with all that this program does not know of; the index's annotations and
//! its subject stay. Attestations of `BuildKit` go with the platform that they are about.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use artifact::{Descriptor, Digest, Index, Manifest, Platform, media_type};
use bytes::Bytes;
use registry::{Place, RawManifest};
use serde_json::value::{RawValue, to_raw_value};

use super::source::unusable;
use crate::ChangeError;

/// Where an attestation names the manifest that it is about. Source: `BuildKit`, `docs/attestations/attestation-storage.md`.
const ATTESTED: &str = "vnd.docker.reference.digest";

/// The fields of an index or of its entry as they are written, sorted by name, so that one choice has one digest.
type Fields = BTreeMap<String, Box<RawValue>>;

/// Indexes by digest: the root and what stands nested in it.
pub(super) struct Indexes<'a> {
    pub(super) read: &'a HashMap<Digest, RawManifest>,
    pub(super) place: &'a Place,
}

/// What is left of an index.
pub(super) struct ChosenIndex {
    pub(super) root: Digest,
    /// Indexes that were written anew, by their new digests.
    pub(super) written: HashMap<Digest, RawManifest>,
}

/// Whether a platform is the one that was asked for. Without a variant every variant is meant; arm64 has one alone, which
/// some write and others do not.
pub(super) fn is_meant(wanted: &Platform, found: &Platform) -> bool {
    let variant_fits = match (&wanted.variant, &found.variant) {
        (None, _) => true,
        (Some(wanted), Some(found)) => wanted == found,
        (Some(variant), None) => found.architecture == "arm64" && variant == "v8",
    };
    wanted.os == found.os && wanted.architecture == found.architecture && variant_fits
}

/// # Errors
/// When one of the wanted platforms is not among those that are there; the error names these.
pub(super) fn require<'a>(
    wanted: impl IntoIterator<Item = &'a Platform>,
    there: &BTreeSet<Platform>,
) -> Result<(), ChangeError> {
    for platform in wanted {
        if !there.iter().any(|found| is_meant(platform, found)) {
            let names: Vec<String> = there.iter().map(Platform::to_string).collect();
            let hint = if names.is_empty() {
                "it says of no part which platform it is for: leave the platform out".to_owned()
            } else {
                format!("choose among {}", names.join(", "))
            };
            return Err(ChangeError::invalid(format!("there is no {platform} in it"), hint));
        }
    }
    Ok(())
}

impl Indexes<'_> {
    /// Every platform of an index, those of nested ones included.
    pub(super) fn platforms(&self, root: &Digest) -> Result<BTreeSet<Platform>, ChangeError> {
        let mut platforms = BTreeSet::new();
        for entry in self.leaves(root)? {
            platforms.extend(entry.platform);
        }
        Ok(platforms)
    }

    /// The first image for a platform.
    pub(super) fn image(&self, root: &Digest, wanted: &Platform) -> Result<Option<Digest>, ChangeError> {
        let found = self.leaves(root)?.into_iter().find(|entry| {
            let platform = entry.platform.as_ref();
            platform.is_some_and(|platform| is_meant(wanted, platform))
        });
        Ok(found.map(|entry| entry.digest))
    }

    /// The index of these platforms alone. The index itself, where it has no others.
    pub(super) fn choose(&self, root: &Digest, wanted: &[Platform]) -> Result<ChosenIndex, ChangeError> {
        require(wanted, &self.platforms(root)?)?;
        let mut narrowing = Narrowing {
            indexes: self,
            wanted,
            done: HashMap::new(),
            written: HashMap::new(),
        };
        let narrowed = narrowing.index(root)?;
        Ok(ChosenIndex {
            root: narrowed.map_or_else(|| root.clone(), |narrowed| narrowed.digest),
            written: narrowing.written,
        })
    }

    /// Entries that are no indexes and no attestations, in order.
    fn leaves(&self, root: &Digest) -> Result<Vec<Descriptor>, ChangeError> {
        let mut leaves = Vec::new();
        self.gather_leaves(root, &mut HashSet::new(), &mut leaves)?;
        Ok(leaves)
    }

    fn gather_leaves(
        &self,
        digest: &Digest,
        seen: &mut HashSet<Digest>,
        leaves: &mut Vec<Descriptor>,
    ) -> Result<(), ChangeError> {
        if !seen.insert(digest.clone()) {
            return Ok(());
        }
        for entry in self.index(digest)?.manifests {
            if is_nested(&entry) {
                self.gather_leaves(&entry.digest, seen, leaves)?;
            } else if !entry.is_attestation() {
                leaves.push(entry);
            }
        }
        Ok(())
    }

    fn raw(&self, digest: &Digest) -> Result<&RawManifest, ChangeError> {
        let missing = || unusable(self.place, digest, "the index was not read".to_owned());
        self.read.get(digest).ok_or_else(missing)
    }

    fn index(&self, digest: &Digest) -> Result<Index, ChangeError> {
        let raw = self.raw(digest)?;
        match Manifest::parse(Some(&raw.media_type), &raw.bytes) {
            Ok(Manifest::Index(index)) => Ok(index),
            Ok(_) => Err(unusable(
                self.place,
                digest,
                "it is listed as an index, but is none".to_owned(),
            )),
            Err(error) => Err(unusable(self.place, digest, error.to_string())),
        }
    }
}

/// What is left of an index, as its entry states it.
#[derive(Clone)]
struct Narrowed {
    digest: Digest,
    length: usize,
}

/// Writes an index anew from the bottom; each index once, however often it is listed.
struct Narrowing<'a> {
    indexes: &'a Indexes<'a>,
    wanted: &'a [Platform],
    done: HashMap<Digest, Option<Narrowed>>,
    written: HashMap<Digest, RawManifest>,
}

impl Narrowing<'_> {
    /// `None` if nothing is left.
    fn index(&mut self, digest: &Digest) -> Result<Option<Narrowed>, ChangeError> {
        if let Some(done) = self.done.get(digest) {
            return Ok(done.clone());
        }
        let (raw, index) = (self.indexes.raw(digest)?.clone(), self.indexes.index(digest)?);
        let unreadable = |error: serde_json::Error| unusable(self.indexes.place, digest, error.to_string());
        let mut fields: Fields = serde_json::from_slice(&raw.bytes).map_err(unreadable)?;
        let written_entries = fields.get("manifests").map_or("[]", |entries| entries.get());
        let entries: Vec<Box<RawValue>> = serde_json::from_str(written_entries).map_err(unreadable)?;
        if entries.len() != index.manifests.len() {
            let reason = "not every entry of it can be read".to_owned();
            return Err(unusable(self.indexes.place, digest, reason));
        }
        let kept = self.entries(&entries, &index.manifests)?;
        let is_whole =
            kept.len() == entries.len() && kept.iter().zip(&entries).all(|(kept, entry)| kept.get() == entry.get());
        let narrowed = if kept.is_empty() {
            None
        } else if is_whole {
            Some(Narrowed {
                digest: digest.clone(),
                length: raw.bytes.len(),
            })
        } else {
            let place = self.indexes.place;
            let unreadable = |error: serde_json::Error| unusable(place, digest, error.to_string());
            fields.insert("manifests".to_owned(), to_raw_value(&kept).map_err(unreadable)?);
            Some(self.write(&raw.media_type, &fields).map_err(unreadable)?)
        };
        self.done.insert(digest.clone(), narrowed.clone());
        Ok(narrowed)
    }

    /// The entries that stay, in their order; none if no platform stays, as attestations about nothing are nothing.
    fn entries(
        &mut self,
        entries: &[Box<RawValue>],
        described: &[Descriptor],
    ) -> Result<Vec<Box<RawValue>>, ChangeError> {
        let mut kept = Vec::with_capacity(entries.len());
        let mut digests = HashSet::new();
        for (entry, description) in entries.iter().zip(described) {
            let left = self.entry(entry, description)?;
            if left.is_some() {
                digests.insert(description.digest.clone());
            }
            kept.push(left);
        }
        if digests.is_empty() {
            return Ok(Vec::new());
        }
        for ((place, entry), description) in kept.iter_mut().zip(entries).zip(described) {
            if description.is_attestation() && is_about(description, &digests) {
                *place = Some(entry.clone());
            }
        }
        Ok(kept.into_iter().flatten().collect())
    }

    /// An entry as it stands in the new index; `None` if it is for no wanted platform. Attestations are not judged here.
    fn entry(&mut self, entry: &RawValue, description: &Descriptor) -> Result<Option<Box<RawValue>>, ChangeError> {
        if !is_nested(description) {
            let is_wanted = |platform: &Platform| self.wanted.iter().any(|wanted| is_meant(wanted, platform));
            let stays = !description.is_attestation() && description.platform.as_ref().is_some_and(is_wanted);
            return Ok(stays.then(|| entry.to_owned()));
        }
        let Some(narrowed) = self.index(&description.digest)? else {
            return Ok(None);
        };
        if narrowed.digest == description.digest {
            return Ok(Some(entry.to_owned()));
        }
        repointed(entry, &narrowed)
            .map(Some)
            .map_err(|error| unusable(self.indexes.place, &description.digest, error.to_string()))
    }

    fn write(&mut self, media_type: &str, fields: &Fields) -> Result<Narrowed, serde_json::Error> {
        let bytes = Bytes::from(serde_json::to_vec(fields)?);
        let (digest, length) = (Digest::of(&bytes), bytes.len());
        let narrowed = RawManifest {
            digest: digest.clone(),
            media_type: media_type.to_owned(),
            bytes,
        };
        self.written.insert(digest.clone(), narrowed);
        Ok(Narrowed { digest, length })
    }
}

/// An entry that says the same of another digest.
fn repointed(entry: &RawValue, narrowed: &Narrowed) -> Result<Box<RawValue>, serde_json::Error> {
    let mut fields: Fields = serde_json::from_str(entry.get())?;
    fields.insert("digest".to_owned(), to_raw_value(&narrowed.digest)?);
    fields.insert("size".to_owned(), to_raw_value(&narrowed.length)?);
    to_raw_value(&fields)
}

/// An index inside an index, of whatever platforms.
pub(super) fn is_nested(entry: &Descriptor) -> bool {
    media_type::is_index(&entry.media_type) && !entry.is_attestation()
}

/// An attestation that is about one of these.
fn is_about(attestation: &Descriptor, kept: &HashSet<Digest>) -> bool {
    let about = attestation
        .annotations
        .get(ATTESTED)
        .and_then(|digest| digest.parse::<Digest>().ok());
    about.is_some_and(|about| kept.contains(&about))
}
