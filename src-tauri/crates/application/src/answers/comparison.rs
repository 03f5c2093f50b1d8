//! Versions beside each other.

use std::collections::BTreeMap;

use artifact::{
    ByteSize, Comparison, Digest, Ecosystem, Kind, RepositoryName, Tag,
    comparison::FilesDifference,
    tensors::{TensorGroup, TensorTotals, TensorsDifference},
};
use catalog::ConnectionId;
use chrono::{DateTime, Utc};

use crate::TagLabel;

/// A version that is to be compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionAt {
    pub connection: ConnectionId,
    /// Relative to the connection's path.
    pub repository: RepositoryName,
    pub digest: Digest,
    /// By which it was named; else its best one names it.
    pub tag: Option<Tag>,
    /// `None`: the one that all have in common, this machine's if it is among them.
    pub platform: Option<String>,
}

#[derive(Clone, Debug)]
pub struct ComparisonAnswer {
    /// In the order in which they were asked for.
    pub versions: Vec<ComparedVersion>,
    /// Which of them the others are held against.
    pub reference: usize,
    /// Those that all of them have, in the order of the first.
    pub common_platforms: Vec<String>,
    pub comparison: Comparison,
    /// If they were asked for.
    pub tensors: Option<TensorsComparison>,
    pub contents: Option<ContentsComparison>,
    /// What makes it less than whole, for people.
    pub problems: Vec<String>,
}

#[derive(Clone, Debug)]
pub struct ComparedVersion {
    pub connection: ConnectionId,
    pub connection_name: String,
    pub repository: RepositoryName,
    /// `CONNECTION/REPOSITORY:TAG`, or with `@DIGEST` where there is no tag.
    pub reference: String,
    /// Its tag, else the short digest.
    pub name: String,
    pub digest: Digest,
    pub tags: Vec<TagLabel>,
    pub kind: Kind,
    pub signed: bool,
    /// What is compared of it; `None` where it could not be read.
    pub platform: Option<String>,
    pub platforms: Vec<String>,
    /// Of the platform: its config and distinct layers.
    pub size: Option<ByteSize>,
    /// Of the platform.
    pub created: Option<DateTime<Utc>>,
}

/// A part of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ComparisonPart {
    Card,
    Layers,
    Config,
    /// Needs [`TensorsComparison`].
    Tensors,
    /// Needs [`ContentsComparison`], as packages do.
    Files,
    Packages,
}

impl ComparisonPart {
    /// In the order in which they are told.
    pub const ALL: [Self; 6] = [
        Self::Card,
        Self::Layers,
        Self::Tensors,
        Self::Packages,
        Self::Config,
        Self::Files,
    ];
    /// What the index knows without reading a layer.
    pub const KNOWN: [Self; 3] = [Self::Card, Self::Layers, Self::Config];

    /// The word of the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Card => "card",
            Self::Layers => "layers",
            Self::Config => "config",
            Self::Tensors => "tensors",
            Self::Files => "files",
            Self::Packages => "packages",
        }
    }
}

/// What differs, as tables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// One for each version: its reference.
    pub columns: Vec<String>,
    pub sections: Vec<ReportSection>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportSection {
    pub title: String,
    /// What it counts, such as "8 of 14 fields differ".
    pub note: String,
    pub rows: Vec<ReportRow>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportRow {
    pub name: String,
    /// One for each version; `None`: nothing there.
    pub cells: Vec<Option<String>>,
}

/// Which contents are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ContentsWanted {
    pub files: bool,
    pub packages: bool,
}

/// What is inside the layers of compared versions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ContentsComparison {
    /// One for each version: its files against those of the reference.
    pub files: Vec<FilesDifference>,
    /// The same path by path.
    pub file_rows: Vec<FileRow>,
    pub packages: BTreeMap<Ecosystem, Vec<PackageRow>>,
    /// Whether the packages are those that bills of materials state, not those found in the files.
    pub packages_stated: bool,
    /// What was read for it now.
    pub read: ByteSize,
    pub problems: Vec<String>,
}

/// A package in every version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackageRow {
    pub name: String,
    /// One for each version; `None`: not installed there.
    pub versions: Vec<Option<String>>,
    pub differs: bool,
}

/// A file that differs from that of the reference somewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileRow {
    pub path: String,
    /// One for each version; `None`: as in the reference.
    pub fates: Vec<Option<FileFate>>,
}

/// What became of a file of the reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileFate {
    Added(ByteSize),
    Removed(ByteSize),
    /// Its content; the sizes before and after.
    Changed([ByteSize; 2]),
    /// Only its mode, before and after.
    Mode([u32; 2]),
}

/// The tensors of compared versions.
#[derive(Clone, Debug, PartialEq)]
pub struct TensorsComparison {
    pub versions: Vec<ComparedTensors>,
    /// Tensors that are alike in every version in one line each, with a cell for each version.
    pub groups: Vec<TensorGroup>,
    /// What came from the registries for it.
    pub bytes_read: ByteSize,
    pub requests: u64,
    /// Whether every blob was read whole and is what its digest says.
    pub verified: bool,
    /// Whether all weights were read.
    pub complete: bool,
    /// What was not read, for people.
    pub problems: Vec<String>,
}

/// The tensors of one version.
#[derive(Clone, Debug, PartialEq)]
pub struct ComparedTensors {
    /// Against the reference.
    pub difference: TensorsDifference,
    pub totals: TensorTotals,
    /// Layers that hold weights.
    pub layers: u64,
}
