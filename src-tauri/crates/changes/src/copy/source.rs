//! What was read of the artifact that is copied, as a value that plans are computed from.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use artifact::{ByteSize, Descriptor, Digest, Manifest, Platform, Tag, media_type};
use registry::{Place, RawManifest, RegistryError};

use super::choice::ReferrerChoice;
use crate::{ChangeError, Located};

/// What a copy takes along.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    pub platforms: PlatformChoice,
    pub referrers: ReferrerChoice,
}

/// Which platforms of an index are copied.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum PlatformChoice {
    /// Every one, byte for byte: the digest stays.
    #[default]
    All,
    /// A new index of these alone, also if it is only one: what was a list of platforms stays one, so that another
    /// platform can be added later under the same tag. Its digest differs.
    Chosen(Vec<Platform>),
    /// The image of this platform itself, without the index around it, as crane and skopeo copy it.
    Image(Platform),
}

/// A version with everything that it needs, and what points at it as far as it was asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct SourceArtifact {
    pub at: Located,
    /// The registry, to tell whether the target is in the same one.
    pub place: Place,
    /// What the source's tag or digest stood for.
    pub found: Digest,
    /// What arrives: the same, unless platforms were chosen.
    pub root: Digest,
    /// Every manifest that is copied, by digest.
    pub manifests: BTreeMap<Digest, SourceManifest>,
    /// What points at the version, at one of its children or at another referrer; a subject stands before its referrers.
    pub referrers: Vec<Digest>,
    /// cosign's tags, `sha256-<hex>.sig` and its like.
    pub referrer_tags: Vec<(Tag, Digest)>,
    /// For people: what is left out, what differs.
    pub warnings: Vec<String>,
}

/// One manifest and what it needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceManifest {
    pub raw: RawManifest,
    /// Manifests that it lists, each once.
    pub children: Vec<Digest>,
    /// Config and layers, each once; what must not be passed on is left out.
    pub blobs: Vec<SourceBlob>,
    pub subject: Option<Digest>,
    /// What it is, for people: `linux/amd64`, `signature of 3f2a1b0c`.
    pub name: String,
}

/// A blob that a manifest needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceBlob {
    pub digest: Digest,
    pub size: ByteSize,
    pub media_type: String,
}

/// What a target must have before a copy is complete, to be looked for there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Needed {
    pub manifests: BTreeSet<Digest>,
    pub blobs: BTreeSet<Digest>,
    /// What points at what: the target has to list it so.
    pub referrers: BTreeMap<Digest, BTreeSet<Digest>>,
    pub referrer_tags: Vec<Tag>,
}

impl SourceArtifact {
    /// Whether what arrives is what was found.
    pub fn keeps_digest(&self) -> bool {
        self.root == self.found
    }

    /// What to look for in the target.
    pub fn needed(&self) -> Needed {
        let blobs = |manifest: &SourceManifest| {
            manifest
                .blobs
                .iter()
                .map(|blob| blob.digest.clone())
                .collect::<Vec<_>>()
        };
        let mut referrers: BTreeMap<Digest, BTreeSet<Digest>> = BTreeMap::new();
        for referrer in &self.referrers {
            if let Some(subject) = self
                .manifests
                .get(referrer)
                .and_then(|manifest| manifest.subject.clone())
            {
                referrers.entry(subject).or_default().insert(referrer.clone());
            }
        }
        Needed {
            manifests: self.manifests.keys().cloned().collect(),
            blobs: self.manifests.values().flat_map(blobs).collect(),
            referrers,
            referrer_tags: self.referrer_tags.iter().map(|(tag, _)| tag.clone()).collect(),
        }
    }

    /// These manifests and everything below them, children before what lists them, each once.
    pub(crate) fn bottom_up<'a>(&'a self, tops: impl IntoIterator<Item = &'a Digest>) -> Vec<&'a Digest> {
        let mut order = Vec::new();
        let mut seen = HashSet::new();
        for top in tops {
            self.descend(top, &mut seen, &mut order);
        }
        order
    }

    /// Ends, as a manifest cannot hold the digest of one that holds its own; the reader bounds the depth besides.
    fn descend<'a>(&'a self, digest: &'a Digest, seen: &mut HashSet<&'a Digest>, order: &mut Vec<&'a Digest>) {
        let Some(manifest) = self.manifests.get(digest) else {
            return;
        };
        if seen.insert(digest) {
            for child in &manifest.children {
                self.descend(child, seen, order);
            }
            order.push(digest);
        }
    }
}

/// A manifest that was read, and what had to be left out of it.
pub(crate) struct ReadManifest {
    pub(crate) source: SourceManifest,
    pub(super) parsed: Manifest,
    /// Blobs that must not be passed on.
    pub(crate) left_out: usize,
}

impl SourceManifest {
    /// Understands a manifest's bytes. `place` is the registry's, for errors.
    ///
    /// # Errors
    /// When it is schema 1, or when not all that it needs can be told: then it cannot be copied in full.
    pub(crate) fn read(raw: RawManifest, name: String, place: &Place) -> Result<ReadManifest, ChangeError> {
        let parsed = Manifest::parse(Some(&raw.media_type), &raw.bytes)
            .map_err(|error| unusable(place, &raw.digest, error.to_string()))?;
        let is_whole = match &parsed {
            Manifest::Schema1(_) => return Err(schema1(&raw.digest)),
            Manifest::Image(image) => image.sizes_known,
            Manifest::Index(index) => index.sizes_known,
        };
        if !is_whole {
            let problems = parsed.problems().join("; ");
            return Err(unusable(
                place,
                &raw.digest,
                format!("not all that it needs can be told: {problems}"),
            ));
        }
        let mut needs = Needs::default();
        needs.add_all(&parsed);
        Ok(ReadManifest {
            source: Self {
                children: needs.children,
                blobs: needs.blobs,
                subject: parsed.subject().map(|subject| subject.digest.clone()),
                raw,
                name,
            },
            parsed,
            left_out: needs.left_out,
        })
    }
}

/// What a manifest needs, each once.
#[derive(Default)]
struct Needs {
    children: Vec<Digest>,
    blobs: Vec<SourceBlob>,
    left_out: usize,
    seen: HashSet<Digest>,
}

impl Needs {
    fn add_all(&mut self, manifest: &Manifest) {
        for child in manifest.children() {
            if is_manifest(child) {
                if self.seen.insert(child.digest.clone()) {
                    self.children.push(child.digest.clone());
                }
            } else {
                // BuildKit's older caches list layers in an index.
                self.add_blob(child);
            }
        }
        if let Manifest::Image(image) = manifest {
            image
                .config
                .iter()
                .chain(&image.layers)
                .for_each(|blob| self.add_blob(blob));
        }
    }

    fn add_blob(&mut self, blob: &Descriptor) {
        if !self.seen.insert(blob.digest.clone()) {
            return;
        }
        if media_type::is_non_distributable(&blob.media_type) {
            self.left_out += 1;
            return;
        }
        self.blobs.push(SourceBlob {
            digest: blob.digest.clone(),
            size: blob.size,
            media_type: blob.media_type.clone(),
        });
    }
}

/// Whether an entry of an index is a manifest; one without a media type is taken for one.
fn is_manifest(entry: &Descriptor) -> bool {
    let essence = media_type::essence(&entry.media_type);
    essence.is_empty() || essence == media_type::MODELPACK_MANIFEST || media_type::is_manifest(essence)
}

pub(super) fn unusable(place: &Place, digest: &Digest, reason: String) -> ChangeError {
    let subject = match place.subject() {
        Some(repository) => format!("{repository}@{digest}"),
        None => digest.to_string(),
    };
    RegistryError::InvalidAnswer {
        place: place.with(subject),
        reason,
    }
    .into()
}

/// Schema 1 is signed as a text that registries take apart and put together again.
pub(crate) fn schema1(digest: &Digest) -> ChangeError {
    ChangeError::refused(
        format!(
            "{} is in Docker's old format (schema 1), whose digest does not outlive a copy",
            digest.short()
        ),
        "build or push it again with a tool of today, then copy that",
    )
}
