//! One layout as a repository: its tags, its manifests, and what points at what.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    io::{Seek, SeekFrom},
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use artifact::{ByteSize, Descriptor, Digest, Manifest, Tag, media_type};
use bytes::Bytes;

use super::{
    archive::Archive,
    facts::Facts,
    name, problem,
    store::{self, Opened, Stamp, Store},
    writer,
};
use crate::{Completeness, ListedTag, Listing, Operation, Place, RawManifest, RegistryError, Resolved, Target};

/// The largest manifest that is read, as over HTTP.
const LARGEST_MANIFEST: ByteSize = ByteSize(4 * 1024 * 1024);
/// How many problems of one `index.json` are told one by one.
const TOLD: usize = 50;

#[derive(Debug)]
pub(super) struct Layout {
    place: Place,
    store: Store,
    snapshot: Mutex<Option<Arc<Snapshot>>>,
}

/// What `index.json` said when it was last read.
#[derive(Debug)]
pub(super) struct Snapshot {
    stamp: Stamp,
    /// Every entry once, without its name.
    pub(super) manifests: Vec<Descriptor>,
    places: HashMap<Digest, usize>,
    tags: BTreeMap<Tag, Descriptor>,
    /// False if an entry could not be understood: it may have been any tag or referrer.
    whole: bool,
    problems: Vec<String>,
    /// What stands in the manifests; read when it is first asked for.
    facts: OnceLock<Arc<Facts>>,
}

impl Snapshot {
    fn completeness(&self) -> Completeness {
        if self.whole {
            return Completeness::Complete;
        }
        Completeness::Partial {
            reason: "not every entry of index.json can be read".to_owned(),
        }
    }
}

impl Layout {
    pub(super) fn new(place: Place, store: Store) -> Self {
        Self {
            place,
            store,
            snapshot: Mutex::default(),
        }
    }

    /// The archive; none for a folder.
    pub(super) fn archive(&self) -> Option<Arc<Archive>> {
        match &self.store {
            Store::Archive(archive) => Some(Arc::clone(archive)),
            Store::Folder { .. } => None,
        }
    }

    /// The layout's folder, or the archive.
    pub(super) fn path(&self) -> &std::path::Path {
        self.store.path()
    }

    pub(super) fn tags(&self) -> Result<Listing<ListedTag>, RegistryError> {
        let snapshot = self.snapshot()?;
        let listed = |(tag, descriptor): (&Tag, &Descriptor)| ListedTag {
            tag: tag.clone(),
            digest: Some(descriptor.digest.clone()),
        };
        let items = snapshot.tags.iter().map(listed).collect();
        Ok(Listing {
            items,
            complete: snapshot.completeness(),
            problems: snapshot.problems.clone(),
        })
    }

    pub(super) fn manifests(&self, operation: &Operation) -> Result<Listing<Descriptor>, RegistryError> {
        let snapshot = self.snapshot()?;
        let facts = self.facts(&snapshot, operation)?;
        let mut listing = facts.manifests();
        if !snapshot.whole {
            listing.complete = snapshot.completeness();
        }
        listing.problems.splice(0..0, snapshot.problems.iter().cloned());
        Ok(listing)
    }

    pub(super) fn referrers(
        &self,
        subject: &Digest,
        operation: &Operation,
    ) -> Result<Listing<Descriptor>, RegistryError> {
        let snapshot = self.snapshot()?;
        let mut listing = self.facts(&snapshot, operation)?.referrers(subject);
        if !snapshot.whole {
            listing.complete = snapshot.completeness();
        }
        Ok(listing)
    }

    pub(super) fn resolve(&self, target: &Target, operation: &Operation) -> Result<Resolved, RegistryError> {
        let (digest, declared) = self.find(target, operation)?;
        let length = self.opened(&digest)?.length;
        Ok(Resolved {
            digest,
            media_type: declared,
            size: Some(ByteSize(length)),
        })
    }

    pub(super) fn manifest(&self, target: &Target, operation: &Operation) -> Result<RawManifest, RegistryError> {
        let (digest, declared) = self.find(target, operation)?;
        let bytes = self.small(&digest)?;
        let media_type = match declared {
            Some(declared) => declared,
            // Asked for by its digest, a blob of any kind may lie there.
            None => match Manifest::parse(None, &bytes) {
                Ok(manifest) => manifest.media_type().to_owned(),
                Err(error) => {
                    let place = self.place.with(format!("{}@{digest}", self.name()));
                    return Err(RegistryError::NotFound {
                        place,
                        reason: error.to_string(),
                    });
                }
            },
        };
        Ok(RawManifest {
            digest,
            media_type,
            bytes: Bytes::from(bytes),
        })
    }

    /// Opens a blob of exactly `size` bytes at `offset`.
    pub(super) fn open_blob(
        &self,
        digest: &Digest,
        size: ByteSize,
        offset: u64,
    ) -> Result<(Opened, Place), RegistryError> {
        let mut opened = self.opened(digest)?;
        let place = self.place.with(format!("{}@{digest}", self.name()));
        if opened.length < size.0 {
            let received = ByteSize(opened.length);
            return Err(RegistryError::Truncated {
                place,
                received,
                expected: size,
            });
        }
        if opened.length > size.0 {
            let reason = format!("the blob has {} bytes, but {} were announced", opened.length, size.0);
            return Err(problem::damaged(&opened.path, &reason));
        }
        let offset = offset.min(opened.length);
        let skip = i64::try_from(offset).unwrap_or(i64::MAX);
        // From where it lies: in an archive a blob begins somewhere in the file.
        let moved = opened.file.seek(SeekFrom::Current(skip));
        moved.map_err(|error| RegistryError::io(&opened.path, error))?;
        opened.length -= offset;
        Ok((opened, place))
    }

    /// A small file of the layout by its digest, whole and verified.
    pub(super) fn small(&self, digest: &Digest) -> Result<Vec<u8>, RegistryError> {
        let bytes = store::read_all(self.opened(digest)?, "content", LARGEST_MANIFEST)?;
        let mut verifier = artifact::Verifier::new(digest.clone());
        verifier.update(&bytes);
        match verifier.finish() {
            Ok(_) => Ok(bytes),
            Err(error) => Err(RegistryError::mismatch(
                &self.place.with(format!("{}@{digest}", self.name())),
                digest,
                &error,
            )),
        }
    }

    fn opened(&self, digest: &Digest) -> Result<Opened, RegistryError> {
        self.store.blob(digest).map_err(|error| match error {
            RegistryError::NotFound { .. } => RegistryError::NotFound {
                place: self.place.with(format!("{}@{digest}", self.name())),
                reason: format!("{} is missing", writer::blob_path(digest).display()),
            },
            other => other,
        })
    }

    /// The digest that a target means, and the media type that the list gives it.
    fn find(&self, target: &Target, operation: &Operation) -> Result<(Digest, Option<String>), RegistryError> {
        let snapshot = self.snapshot()?;
        match target {
            Target::Tag(tag) => {
                let descriptor = snapshot.tags.get(tag).ok_or_else(|| RegistryError::NotFound {
                    place: self.place.with(format!("{}:{tag}", self.name())),
                    reason: "no manifest in index.json has that name".to_owned(),
                })?;
                Ok((descriptor.digest.clone(), stated(descriptor)))
            }
            Target::Digest(digest) => {
                let listed = snapshot
                    .places
                    .get(digest)
                    .and_then(|place| snapshot.manifests.get(*place));
                // What was deleted lies there still, but is no manifest of the repository any more.
                if listed.is_none() && !self.facts(&snapshot, operation)?.may_hold(digest) {
                    return Err(RegistryError::NotFound {
                        place: self.place.with(format!("{}@{digest}", self.name())),
                        reason: "nothing in index.json leads to it".to_owned(),
                    });
                }
                Ok((digest.clone(), listed.and_then(stated)))
            }
        }
    }

    /// The repository's name, as messages show it.
    fn name(&self) -> &str {
        self.place.subject().unwrap_or_default()
    }

    fn facts(&self, snapshot: &Snapshot, operation: &Operation) -> Result<Arc<Facts>, RegistryError> {
        if let Some(facts) = snapshot.facts.get() {
            return Ok(Arc::clone(facts));
        }
        let facts = Arc::new(Facts::read(self, snapshot, operation)?);
        Ok(Arc::clone(snapshot.facts.get_or_init(|| facts)))
    }

    /// What `index.json` says now; read again only if the file has changed.
    pub(super) fn snapshot(&self) -> Result<Arc<Snapshot>, RegistryError> {
        let mut known = self.snapshot.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(snapshot) = known.as_ref()
            && self.store.stamp()? == snapshot.stamp
        {
            return Ok(Arc::clone(snapshot));
        }
        let (bytes, stamp) = self.store.index()?;
        let snapshot = Arc::new(self.understand(&bytes, stamp)?);
        *known = Some(Arc::clone(&snapshot));
        Ok(snapshot)
    }

    fn understand(&self, bytes: &[u8], stamp: Stamp) -> Result<Snapshot, RegistryError> {
        let path = self.store.path().join(writer::INDEX_FILE);
        let index = match Manifest::parse(Some(media_type::OCI_INDEX), bytes) {
            Ok(Manifest::Index(index)) => index,
            Ok(_) => return Err(problem::damaged(&path, "it is a single manifest, not a list of them")),
            Err(error) => return Err(problem::damaged(&path, &error.to_string())),
        };
        if index.manifests.is_empty() && !has_list(bytes) {
            return Err(problem::damaged(&path, "it has no list of manifests"));
        }
        let mut entries = Entries {
            understood: index.problems.is_empty(),
            problems: index.problems,
            ..Entries::default()
        };
        for descriptor in index.manifests {
            entries.add(descriptor);
        }
        let Entries {
            manifests,
            places,
            tags,
            understood,
            problems,
            ..
        } = entries;
        Ok(Snapshot {
            stamp,
            manifests,
            places,
            tags,
            whole: understood,
            problems,
            facts: OnceLock::new(),
        })
    }
}

/// The entries of an `index.json`, as they are sorted into names and manifests.
#[derive(Default)]
struct Entries {
    manifests: Vec<Descriptor>,
    places: HashMap<Digest, usize>,
    tags: BTreeMap<Tag, Descriptor>,
    doubled: HashSet<Tag>,
    /// False once an entry or a name could not be understood.
    understood: bool,
    problems: Vec<String>,
}

impl Entries {
    fn add(&mut self, mut descriptor: Descriptor) {
        let name = descriptor.annotations.remove(writer::NAME_ANNOTATION);
        if let Some(name) = name.filter(|name| !name.is_empty()) {
            match name::tag(&name) {
                Ok(tag) => self.name(&tag, &descriptor),
                Err(problem) => {
                    self.understood = false;
                    self.tell(problem);
                }
            }
        }
        if !self.places.contains_key(&descriptor.digest) {
            self.places.insert(descriptor.digest.clone(), self.manifests.len());
            self.manifests.push(descriptor);
        }
    }

    /// Of two manifests with one name the later one counts: writers append.
    fn name(&mut self, tag: &Tag, descriptor: &Descriptor) {
        let before = self.tags.insert(tag.clone(), descriptor.clone());
        if before.is_some_and(|before| before.digest != descriptor.digest) && self.doubled.insert(tag.clone()) {
            self.tell(format!(
                "the name {tag} stands for several manifests in index.json; the last one is shown"
            ));
        }
    }

    fn tell(&mut self, problem: String) {
        match self.problems.len() {
            told if told < TOLD => self.problems.push(problem),
            TOLD => self.problems.push("there are more problems of this kind".to_owned()),
            _ => {}
        }
    }
}

/// Whether an `index.json` lists anything at all; an empty list and null are lists, as programs write them.
fn has_list(bytes: &[u8]) -> bool {
    serde_json::from_slice::<serde_json::Map<String, serde_json::Value>>(bytes)
        .is_ok_and(|fields| fields.contains_key("manifests"))
}

/// The media type of a descriptor, where it gives one.
fn stated(descriptor: &Descriptor) -> Option<String> {
    (!descriptor.media_type.is_empty()).then(|| descriptor.media_type.clone())
}
