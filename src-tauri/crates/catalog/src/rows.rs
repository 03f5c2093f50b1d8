//! What the index answers. Plain values: nothing here reads anything.

use std::collections::{BTreeMap, HashMap};

use artifact::{ByteSize, Digest, Kind, RepositoryName, SizeCounts, Summary, Tag, TagGroup};
use chrono::{DateTime, Utc};

use crate::{ConnectionId, Problem};

/// What the index holds of one connection.
#[derive(Clone, Debug)]
pub struct ConnectionRow {
    pub connection: ConnectionId,
    pub repositories: u64,
    pub tags: u64,
    /// When its repositories were last listed to the end.
    pub synced: Option<DateTime<Utc>>,
    /// What went wrong the last time, for the connection as a whole.
    pub problem: Option<Problem>,
}

#[derive(Clone, Debug)]
pub struct RepositoryRow {
    pub connection: ConnectionId,
    pub name: RepositoryName,
    /// Without the tags of signatures and fallback referrers.
    pub tags: u64,
    /// Distinct digests with a tag.
    pub versions: u64,
    /// Each blob once; `None` until the repository was read once.
    pub size: Option<ByteSize>,
    /// The newest version's time of creation or push.
    pub updated: Option<DateTime<Utc>>,
    pub synced: Option<DateTime<Utc>>,
    /// Whether the last listing of its tags reached the end.
    pub complete: bool,
    pub partial_reason: Option<String>,
    pub problem: Option<Problem>,
}

/// One version in a list: a digest with the tags on it; or a tag whose digest is not known yet.
#[derive(Clone, Debug)]
pub struct VersionRow {
    /// `None` only for a tag that was listed and not read yet, or could not be read.
    pub digest: Option<Digest>,
    /// Best first: the one that gives the version its place, then channels, then the others, highest first.
    pub tags: Vec<String>,
    /// [`Kind::Other`] while it is not known.
    pub kind: Kind,
    /// Empty while it is not known.
    pub media_type: String,
    pub size: Option<ByteSize>,
    pub size_counts: SizeCounts,
    /// Distinct, in order of the first platform that has them.
    pub layers: Vec<(Digest, ByteSize)>,
    pub layer_count: u64,
    pub created: Option<DateTime<Utc>>,
    pub pushed: Option<DateTime<Utc>>,
    pub platforms: Vec<String>,
    pub metrics: BTreeMap<String, f64>,
    pub labels: BTreeMap<String, String>,
    pub signed: bool,
    pub group: TagGroup,
    pub problem: Option<Problem>,
    /// The tag is known, its manifest is not read yet.
    pub pending: bool,
}

/// One tag in a list, for the command line.
#[derive(Clone, Debug)]
pub struct TagRow {
    pub tag: Tag,
    pub digest: Option<Digest>,
    pub media_type: Option<String>,
    pub kind: Option<Kind>,
    pub size: Option<ByteSize>,
    pub size_counts: SizeCounts,
    pub created: Option<DateTime<Utc>>,
    pub pushed: Option<DateTime<Utc>>,
    pub platforms: Vec<String>,
    /// Distinct layers over all platforms.
    pub layers: Option<u64>,
    pub also_tagged: Vec<Tag>,
    pub labels: BTreeMap<String, String>,
    pub problem: Option<Problem>,
}

/// A tag and when it was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TagRecord {
    pub tag: Tag,
    pub digest: Option<Digest>,
    pub first_seen: DateTime<Utc>,
    pub last_seen: DateTime<Utc>,
    pub pushed: Option<DateTime<Utc>>,
}

/// Everything known of one version.
#[derive(Clone, Debug)]
pub struct VersionRecord {
    pub row: VersionRow,
    pub summary: Summary,
    pub tags: Vec<TagRecord>,
    pub referrers: Vec<ReferrerRow>,
    pub referrers_read: Option<DateTime<Utc>>,
    /// In how many versions of the repository a blob is needed, this one counted; per layer and config.
    pub shared_in: HashMap<Digest, u64>,
    /// Blobs that no other version of the repository needs.
    pub unique: ByteSize,
    /// Of all tags that pointed here once or point here now, oldest first.
    pub moves: Vec<TagMove>,
}

/// Something that points at a version: a signature, an SBOM, an attestation.
#[derive(Clone, Debug, PartialEq)]
pub struct ReferrerRow {
    pub digest: Digest,
    pub artifact_type: Option<String>,
    pub kind: Kind,
    pub size: ByteSize,
    pub created: Option<DateTime<Utc>>,
    pub annotations: BTreeMap<String, String>,
}

/// A tag that appeared (`from` is `None`), moved, or vanished (`to` is `None`), and when that was noticed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TagMove {
    pub tag: Tag,
    pub from: Option<Digest>,
    pub to: Option<Digest>,
    pub seen: DateTime<Utc>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchHit {
    pub connection: ConnectionId,
    pub repository: RepositoryName,
    pub tag: Option<Tag>,
    pub digest: Option<Digest>,
    /// The text that matched, as it stands in the index.
    pub matched: String,
    pub kind: SearchHitKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SearchHitKind {
    Repository,
    Tag,
    Digest,
    Label,
}

impl SearchHitKind {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Repository => "repository",
            Self::Tag => "tag",
            Self::Digest => "digest",
            Self::Label => "label",
        }
    }
}

/// Honest storage: each blob counted once, as stored.
#[derive(Clone, Debug)]
pub struct Usage {
    /// Each blob that a tagged version needs, once.
    pub stored: ByteSize,
    pub tags: Vec<TagUsage>,
    /// Blobs that only untagged manifests need; `None` where the registry cannot list manifests.
    pub untagged: Option<ByteSize>,
    /// Versions whose size is not known: the figures are without them.
    pub unread: u64,
}

#[derive(Clone, Debug)]
pub struct TagUsage {
    pub repository: RepositoryName,
    pub tag: Tag,
    pub size: Option<ByteSize>,
    /// Blobs that no other digest of the repository needs; aliases show the same.
    pub unique: Option<ByteSize>,
    pub shared: Option<ByteSize>,
}

/// What a selection of versions holds, each blob counted once.
#[derive(Clone, Debug, Default)]
pub struct SelectionUsage {
    pub stored: ByteSize,
    /// Needed by no version outside of the selection.
    pub only_these: ByteSize,
    pub shared: ByteSize,
    pub tags: u64,
    pub signed: u64,
    pub oldest: Option<DateTime<Utc>>,
    pub newest: Option<DateTime<Utc>>,
    pub versions: Vec<SelectedVersion>,
    /// Needed by several of these and by none outside.
    pub shared_among_these: ByteSize,
    /// Largest first.
    pub only_layers: Vec<OnlyLayer>,
    /// Distinct layers of the selection.
    pub layer_total: u64,
    /// Fields of the card and what they hold over the selection, for people.
    pub common: Vec<(String, String)>,
}

#[derive(Clone, Debug)]
pub struct SelectedVersion {
    pub digest: Digest,
    /// Its best tag, else the short digest.
    pub name: String,
    pub only_here: ByteSize,
    pub size: Option<ByteSize>,
    pub layers: Vec<(Digest, ByteSize)>,
}

#[derive(Clone, Debug)]
pub struct OnlyLayer {
    pub digest: Digest,
    pub size: ByteSize,
    pub name: String,
    /// Names of the selected versions that hold it.
    pub of: Vec<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Statistics {
    pub index_size: ByteSize,
    pub contents_size: ByteSize,
    pub repositories: u64,
    pub tags: u64,
    pub manifests: u64,
}

/// A repository as plans need it: every tag, and every manifest that a tag leads to or that belongs to one.
#[derive(Clone, Debug, Default)]
pub struct RepositoryContent {
    /// Those of signatures and fallback referrers too, by name.
    pub tags: Vec<TagContent>,
    pub manifests: HashMap<Digest, ManifestContent>,
    /// Led to, and not in the index.
    pub missing: Vec<Digest>,
    /// In the index, and not read in full; and why. What they need is not known.
    pub doubtful: Vec<(Digest, String)>,
    /// What no tag leads to: all of it where the registry lists manifests, else what was tagged once.
    pub leftovers: Vec<LeftoverContent>,
    pub lists_manifests: bool,
    /// Why the list of tags is not complete.
    pub partial_reason: Option<String>,
}

/// A tag as last seen.
#[derive(Clone, Debug)]
pub struct TagContent {
    pub tag: Tag,
    pub digest: Option<Digest>,
    pub pushed: Option<DateTime<Utc>>,
    /// Why its manifest could not be read.
    pub problem: Option<Problem>,
}

/// A manifest without a tag that leads to it.
#[derive(Clone, Debug)]
pub struct LeftoverContent {
    pub digest: Digest,
    pub created: Option<DateTime<Utc>>,
}

/// What a manifest needs, and what belongs to it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ManifestContent {
    pub media_type: String,
    /// Of its own bytes.
    pub size: ByteSize,
    /// Known of versions and leftovers only; of an index its newest platform's.
    pub created: Option<DateTime<Utc>>,
    pub children: Vec<Digest>,
    /// Config and layers.
    pub blobs: Vec<(Digest, ByteSize)>,
    pub subject: Option<Digest>,
    /// What points at it, as the registry or a tag told.
    pub referrers: Vec<Digest>,
    /// As what it points at something: a signature, an SBOM. None where it does not, or nobody told.
    pub points_as: Option<Kind>,
}
