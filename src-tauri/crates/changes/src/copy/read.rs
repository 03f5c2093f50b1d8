//! Reads the artifact that is copied: its manifests from the top down, and what points at them.
//!
//! Reads only. Manifests alone are read, side by side within the registry's bounds; blobs are named, not read, but for the
//! config of a single image whose platform was asked for.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use artifact::{
    ByteSize, Descriptor, Digest, ImageConfig, Kind, MAXIMUM_INDEX_DEPTH, Manifest, Platform, RepositoryName, Tag,
    media_type,
};
use futures::{StreamExt, TryStreamExt, stream};
use registry::{Operation, Place, ProgressEvent, RawManifest, Registry, Target};

use super::{
    choice::ReferrerChoice,
    platforms::{self, Indexes},
    referrers::{CosignTag, ListedReferrers, cosign_tags, found, listed},
    source::{PlatformChoice, ReadManifest, Selection, SourceArtifact, SourceManifest, unusable},
};
use crate::{ChangeError, Located};

/// How many manifests a copy may have, referrers included.
const MOST_MANIFESTS: usize = 10_000;
/// The largest config that is read for its platform.
const LARGEST_CONFIG: ByteSize = ByteSize(4 * 1024 * 1024);

/// Reads what a copy of `target` takes along.
///
/// # Errors
/// When it is not there, is schema 1, has none of the platforms asked for, or when any part of it cannot be read: a copy
/// is whole or not begun.
pub async fn read_artifact(
    registry: &dyn Registry,
    at: &Located,
    target: &Target,
    selection: &Selection,
    operation: &Operation,
) -> Result<SourceArtifact, ChangeError> {
    let mut reader = Reader::new(registry, &at.repository, operation);
    let asked = registry.manifest(&at.repository, target, operation).await?;
    let found = asked.digest.clone();
    let root = reader.chosen_root(asked, &selection.platforms).await?;
    reader.tree(vec![(root.clone(), "the version".to_owned())]).await?;
    reader.all_referrers(&selection.referrers).await?;
    reader.tell_what_differs(&found, &root, &selection.platforms);
    Ok(SourceArtifact {
        at: at.clone(),
        place: registry.place(),
        found,
        root,
        manifests: reader.manifests,
        referrers: reader.referrers,
        referrer_tags: reader.referrer_tags.into_iter().collect(),
        warnings: reader.warnings,
    })
}

struct Reader<'a> {
    registry: &'a dyn Registry,
    repository: &'a RepositoryName,
    operation: &'a Operation,
    place: Place,
    side_by_side: usize,
    /// Read, or written anew, but not yet understood.
    known: HashMap<Digest, RawManifest>,
    /// Indexes that exist nowhere yet: nothing points at them.
    written: HashSet<Digest>,
    manifests: BTreeMap<Digest, SourceManifest>,
    /// Taken along since the last look for referrers.
    fresh: Vec<Digest>,
    referrers: Vec<Digest>,
    referrer_tags: BTreeMap<Tag, Digest>,
    left_out: usize,
    warnings: Vec<String>,
}

/// What points at one subject.
struct Pointing {
    subject: Digest,
    listed: ListedReferrers,
    tags: Vec<CosignTag>,
}

impl<'a> Reader<'a> {
    fn new(registry: &'a dyn Registry, repository: &'a RepositoryName, operation: &'a Operation) -> Self {
        Self {
            registry,
            repository,
            operation,
            place: registry.place().with(repository.as_str()),
            side_by_side: registry.traits().concurrency.max(1),
            known: HashMap::new(),
            written: HashSet::new(),
            manifests: BTreeMap::new(),
            fresh: Vec::new(),
            referrers: Vec::new(),
            referrer_tags: BTreeMap::new(),
            left_out: 0,
            warnings: Vec::new(),
        }
    }

    /// What arrives of `asked`: itself, a new index, or one image of it.
    async fn chosen_root(&mut self, asked: RawManifest, choice: &PlatformChoice) -> Result<Digest, ChangeError> {
        let digest = asked.digest.clone();
        self.known.insert(digest.clone(), asked);
        let wanted = match choice {
            PlatformChoice::All => return Ok(digest),
            PlatformChoice::Chosen(wanted) => wanted.as_slice(),
            PlatformChoice::Image(platform) => std::slice::from_ref(platform),
        };
        if wanted.is_empty() {
            return Err(ChangeError::invalid(
                "no platform is chosen",
                "name one, or take all of them",
            ));
        }
        let ReadManifest { parsed, .. } = self.understood(&digest, String::new())?;
        if !matches!(parsed, Manifest::Index(_)) {
            let there = self.platform_of_image(&parsed).await?;
            platforms::require(wanted, &there)?;
            return Ok(digest);
        }
        self.nested_indexes(&parsed).await?;
        let indexes = Indexes {
            read: &self.known,
            place: &self.place,
        };
        if let PlatformChoice::Image(platform) = choice {
            platforms::require(wanted, &indexes.platforms(&digest)?)?;
            return Ok(indexes.image(&digest, platform)?.unwrap_or(digest));
        }
        let chosen = indexes.choose(&digest, wanted)?;
        self.written.extend(chosen.written.keys().cloned());
        self.known.extend(chosen.written);
        Ok(chosen.root)
    }

    /// Reads the indexes inside an index, level by level.
    async fn nested_indexes(&mut self, root: &Manifest) -> Result<(), ChangeError> {
        let mut level = nested(root);
        for _ in 0..MAXIMUM_INDEX_DEPTH {
            level.retain(|digest| !self.known.contains_key(digest));
            if level.is_empty() {
                return Ok(());
            }
            self.fetch(&level).await?;
            let mut next = BTreeSet::new();
            for digest in &level {
                next.extend(nested(&self.understood(digest, String::new())?.parsed));
            }
            level = next;
        }
        Err(self.too_deep())
    }

    /// The platform that a single image's config states.
    async fn platform_of_image(&self, image: &Manifest) -> Result<BTreeSet<Platform>, ChangeError> {
        let Some(config) = image
            .config()
            .filter(|config| media_type::is_image_config(&config.media_type))
        else {
            return Ok(BTreeSet::new());
        };
        let bytes = self
            .registry
            .small_blob(
                self.repository,
                &config.digest,
                config.size,
                LARGEST_CONFIG,
                self.operation,
            )
            .await?;
        let config = ImageConfig::parse(&bytes).unwrap_or_default();
        let platform = config.os.zip(config.architecture).map(|(os, architecture)| Platform {
            os,
            architecture,
            variant: config.variant,
        });
        Ok(platform.into_iter().collect())
    }

    /// Reads these manifests and all below them.
    async fn tree(&mut self, tops: Vec<(Digest, String)>) -> Result<(), ChangeError> {
        let mut level = tops;
        for _ in 0..=MAXIMUM_INDEX_DEPTH {
            let mut seen = HashSet::new();
            level.retain(|(digest, _)| !self.manifests.contains_key(digest) && seen.insert(digest.clone()));
            if level.is_empty() {
                return Ok(());
            }
            let wanted: BTreeSet<Digest> = level.iter().map(|(digest, _)| digest.clone()).collect();
            self.fetch(&wanted).await?;
            let mut next = Vec::new();
            for (digest, name) in level {
                next.extend(self.take(&digest, name)?);
            }
            level = next;
        }
        Err(self.too_deep())
    }

    /// Takes a fetched manifest along, and says what stands below it.
    fn take(&mut self, digest: &Digest, name: String) -> Result<Vec<(Digest, String)>, ChangeError> {
        let ReadManifest {
            source,
            parsed,
            left_out,
        } = self.understood(digest, name)?;
        let is_taken = |child: &&Descriptor| source.children.contains(&child.digest);
        let named = |child: &Descriptor| (child.digest.clone(), name_of_child(child));
        let below = parsed.children().iter().filter(is_taken).map(named).collect();
        self.left_out += left_out;
        self.fresh.push(digest.clone());
        self.manifests.insert(digest.clone(), source);
        Ok(below)
    }

    fn understood(&self, digest: &Digest, name: String) -> Result<ReadManifest, ChangeError> {
        let raw = self.known.get(digest).cloned();
        let missing = || unusable(&self.place, digest, "it was not read".to_owned());
        SourceManifest::read(raw.ok_or_else(missing)?, name, &self.place)
    }

    /// Reads what is not known yet.
    async fn fetch(&mut self, wanted: &BTreeSet<Digest>) -> Result<(), ChangeError> {
        self.fetch_there(wanted).await?;
        match wanted.iter().find(|digest| !self.known.contains_key(*digest)) {
            None => Ok(()),
            Some(digest) => Err(registry::RegistryError::NotFound {
                place: self.place.with(format!("{}@{digest}", self.repository)),
                reason: "it is a part of what is copied".to_owned(),
            }
            .into()),
        }
    }

    /// Reads what is not known yet, as far as it is there.
    async fn fetch_there(&mut self, wanted: &BTreeSet<Digest>) -> Result<(), ChangeError> {
        if self.known.len() + wanted.len() > MOST_MANIFESTS {
            return Err(ChangeError::invalid(
                format!("it has more than {MOST_MANIFESTS} manifests"),
                "copy its parts one by one, or leave its referrers behind",
            ));
        }
        let (registry, repository, operation) = (self.registry, self.repository, self.operation);
        let unknown = |digest: &&Digest| !self.known.contains_key(*digest);
        let unknown: Vec<Digest> = wanted.iter().filter(unknown).cloned().collect();
        let read: Vec<Option<RawManifest>> = stream::iter(unknown)
            .map(|digest| async move { found(registry.manifest(repository, &digest.into(), operation).await) })
            .buffered(self.side_by_side)
            .try_collect()
            .await?;
        self.known
            .extend(read.into_iter().flatten().map(|raw| (raw.digest.clone(), raw)));
        self.operation.report(&ProgressEvent::Step {
            what: format!("reading {repository}"),
            done: self.known.len() as u64,
            total: None,
        });
        Ok(())
    }

    /// What points at everything taken along so far, and what points at that, until nothing more does.
    async fn all_referrers(&mut self, choice: &ReferrerChoice) -> Result<(), ChangeError> {
        while *choice != ReferrerChoice::None && !self.fresh.is_empty() {
            let pointing = self.pointing(choice).await?;
            let listed = pointing.iter().flat_map(|one| &one.listed.found);
            self.fetch_there(&listed.map(|referrer| referrer.digest.clone()).collect())
                .await?;
            for one in pointing {
                self.take_referrers(one, choice).await?;
            }
        }
        Ok(())
    }

    /// What points at what was taken along since the last look. At an index that was written anew nothing does.
    async fn pointing(&mut self, choice: &ReferrerChoice) -> Result<Vec<Pointing>, ChangeError> {
        let (registry, repository, operation) = (self.registry, self.repository, self.operation);
        let mut subjects = std::mem::take(&mut self.fresh);
        subjects.retain(|digest| !self.written.contains(digest));
        stream::iter(subjects)
            .map(|subject| async move {
                Ok(Pointing {
                    listed: listed(registry, repository, &subject, operation).await?,
                    tags: cosign_tags(registry, repository, &subject, choice, operation).await?,
                    subject,
                })
            })
            .buffered(self.side_by_side)
            .try_collect()
            .await
    }

    async fn take_referrers(&mut self, pointing: Pointing, choice: &ReferrerChoice) -> Result<(), ChangeError> {
        let Pointing { subject, listed, tags } = pointing;
        if let Some(doubt) = listed.doubt {
            self.warnings.push(format!(
                "not everything that belongs to {} could be listed: {doubt}",
                subject.short()
            ));
        }
        let digests: BTreeSet<Digest> = listed.found.into_iter().map(|referrer| referrer.digest).collect();
        for digest in digests {
            self.take_referrer(&digest, &subject, choice).await?;
        }
        for CosignTag { tag, kind, held } in tags {
            let digest = held.digest.clone();
            self.known.entry(digest.clone()).or_insert(held);
            self.tree(vec![(digest.clone(), format!("{kind} of {}", subject.short()))])
                .await?;
            self.referrer_tags.insert(tag, digest);
        }
        Ok(())
    }

    async fn take_referrer(
        &mut self,
        digest: &Digest,
        subject: &Digest,
        choice: &ReferrerChoice,
    ) -> Result<(), ChangeError> {
        if !self.known.contains_key(digest) {
            self.warnings.push(format!(
                "{} is listed as belonging to {}, but is not there: it is left out",
                digest.short(),
                subject.short()
            ));
            return Ok(());
        }
        let read = self.understood(digest, String::new())?;
        // A list of the fallback tag can be written by anybody.
        if read.source.subject.as_ref() != Some(subject) {
            self.warnings.push(format!(
                "{} is listed as belonging to {}, but does not say so itself: it is left out",
                digest.short(),
                subject.short()
            ));
            return Ok(());
        }
        let kind = Kind::of(&read.parsed);
        if choice.takes(kind) {
            self.tree(vec![(digest.clone(), format!("{kind} of {}", subject.short()))])
                .await?;
            self.referrers.push(digest.clone());
        }
        Ok(())
    }

    fn tell_what_differs(&mut self, found: &Digest, root: &Digest, choice: &PlatformChoice) {
        if self.left_out > 0 {
            self.warnings.push(format!(
                "{} layers must not be passed on by their makers' terms: they are left out, and fetched from their makers when \
                 the image runs",
                self.left_out
            ));
        }
        if root == found {
            return;
        }
        let what = match choice {
            PlatformChoice::Image(platform) => format!("the image for {platform} alone"),
            _ => "a new index of the chosen platforms".to_owned(),
        };
        self.warnings
            .push(format!("what arrives is {what}: its digest is {root}, not {found}"));
        self.warnings.push(
            "signatures and whatever else belongs to the whole index do not fit what arrives and stay behind"
                .to_owned(),
        );
    }

    fn too_deep(&self) -> ChangeError {
        registry::RegistryError::InvalidAnswer {
            place: self.place.clone(),
            reason: format!("indexes stand more than {MAXIMUM_INDEX_DEPTH} deep inside each other"),
        }
        .into()
    }
}

fn nested(manifest: &Manifest) -> BTreeSet<Digest> {
    let children = manifest.children().iter();
    children
        .filter(|entry| platforms::is_nested(entry))
        .map(|entry| entry.digest.clone())
        .collect()
}

fn name_of_child(child: &Descriptor) -> String {
    match &child.platform {
        _ if child.is_attestation() => "attestation".to_owned(),
        Some(platform) => platform.to_string(),
        None => "part of the index".to_owned(),
    }
}
