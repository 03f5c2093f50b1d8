//! Versions beside each other, in their wire form. Each list of cells has one entry per version.

use application as app;
use serde::{Deserialize, Serialize};
use specta::Type;

use super::{
    Problem, TagLabel,
    from::{each, optional_time},
    parse,
};

/// A version to compare; `platform` null: the one that all have in common.
#[derive(Clone, Debug, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct VersionAt {
    pub connection_id: String,
    pub repository: String,
    pub digest: String,
    pub platform: Option<String>,
}

#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Comparison {
    pub versions: Vec<ComparedVersion>,
    /// The place of the version that the others are held against.
    pub reference: u32,
    pub common_platforms: Vec<String>,
    pub same: bool,
    pub card: Vec<ComparedValues>,
    pub layers: Vec<ComparedLayers>,
    pub history: Vec<ComparedSteps>,
    pub config: Vec<ComparedValues>,
    pub problems: Vec<String>,
}

#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ComparedVersion {
    pub connection_id: String,
    pub connection_name: String,
    pub repository: String,
    pub reference: String,
    pub name: String,
    pub digest: String,
    pub tags: Vec<TagLabel>,
    pub kind: String,
    pub signed: bool,
    pub platform: Option<String>,
    pub platforms: Vec<String>,
    pub created: Option<String>,
    pub size_bytes: Option<u64>,
    pub to_pull_bytes: Option<u64>,
    pub shared_bytes: Option<u64>,
    pub own_bytes: Option<u64>,
}

#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ComparedValues {
    pub path: String,
    /// In words.
    pub name: String,
    /// In one line each; null: not stated there.
    pub values: Vec<Option<String>>,
    /// Against the reference: `+0.006`.
    pub differences: Vec<Option<String>>,
    pub differs: bool,
}

#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ComparedLayers {
    /// Of the first that there is.
    pub name: String,
    pub layers: Vec<Option<ComparedLayer>>,
    pub differs: bool,
}

#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ComparedLayer {
    pub digest: String,
    pub size_bytes: u64,
    pub name: String,
}

#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ComparedSteps {
    pub steps: Vec<Option<String>>,
    pub differs: bool,
}

impl TryFrom<VersionAt> for app::VersionAt {
    type Error = Problem;

    fn try_from(at: VersionAt) -> Result<Self, Problem> {
        Ok(Self {
            connection: at.connection_id.into(),
            repository: parse(&at.repository)?,
            digest: parse(&at.digest)?,
            tag: None,
            platform: at.platform,
        })
    }
}

impl From<app::ComparisonAnswer> for Comparison {
    fn from(answer: app::ComparisonAnswer) -> Self {
        let found = answer.comparison;
        Self {
            versions: answer.versions.into_iter().zip(found.blobs).map(version).collect(),
            reference: u32::try_from(answer.reference).unwrap_or_default(),
            common_platforms: answer.common_platforms,
            same: found.same,
            card: each(found.card),
            layers: each(found.layers),
            history: each(found.history),
            config: each(found.config),
            problems: answer.problems,
        }
    }
}

fn version((version, blobs): (app::ComparedVersion, app::BlobsAgainst)) -> ComparedVersion {
    let bytes = |size: Option<app::ByteSize>| size.map(app::ByteSize::bytes);
    ComparedVersion {
        connection_id: version.connection.to_string(),
        connection_name: version.connection_name,
        repository: version.repository.to_string(),
        reference: version.reference,
        name: version.name,
        digest: version.digest.to_string(),
        tags: each(version.tags),
        kind: version.kind.as_str().to_owned(),
        signed: version.signed,
        platform: version.platform,
        platforms: version.platforms,
        created: optional_time(version.created),
        size_bytes: bytes(version.size),
        to_pull_bytes: bytes(blobs.to_pull),
        shared_bytes: bytes(blobs.shared),
        own_bytes: bytes(blobs.own),
    }
}

impl From<app::ValueRow> for ComparedValues {
    fn from(row: app::ValueRow) -> Self {
        let values = row
            .values
            .iter()
            .map(|value| Some(app::told(&row.path, value.as_ref()?)));
        Self {
            name: app::label(&row.path),
            values: values.collect(),
            differences: row.differences,
            differs: row.differs,
            path: row.path,
        }
    }
}

impl From<app::LayerRow> for ComparedLayers {
    fn from(row: app::LayerRow) -> Self {
        let layers = row.layers.into_iter().map(|layer| {
            let layer = layer?;
            Some(ComparedLayer {
                name: app::layer_name(&layer),
                digest: layer.digest.to_string(),
                size_bytes: layer.size.bytes(),
            })
        });
        let layers: Vec<Option<ComparedLayer>> = layers.collect();
        let first = layers.iter().flatten().next();
        Self {
            name: first.map(|layer| layer.name.clone()).unwrap_or_default(),
            layers,
            differs: row.differs,
        }
    }
}

impl From<app::HistoryRow> for ComparedSteps {
    fn from(row: app::HistoryRow) -> Self {
        Self {
            steps: row.steps,
            differs: row.differs,
        }
    }
}

/// What is inside the layers of compared versions. Its files come in pages, by `view`.
#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ComparedContents {
    pub view: String,
    pub packages: Vec<ComparedPackages>,
    /// From bills of materials, not found in the files.
    pub packages_stated: bool,
    /// How many files differ in any version.
    pub differing_files: u64,
    /// One for each version, against the reference.
    pub files: Vec<ComparedFileCounts>,
    /// What was read for it now.
    pub read_bytes: u64,
    pub problems: Vec<String>,
}

#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ComparedPackages {
    /// `python`
    pub ecosystem: String,
    /// "Python"
    pub name: String,
    pub rows: Vec<ComparedPackage>,
}

#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ComparedPackage {
    pub name: String,
    /// One for each version; null: not installed there.
    pub versions: Vec<Option<String>>,
    pub differs: bool,
}

#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ComparedFileCounts {
    pub added: u64,
    pub removed: u64,
    pub changed: u64,
    pub same: u64,
    /// Of the same: by their size alone, for their content is not known.
    pub same_by_size: u64,
}

#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ComparedFile {
    pub path: String,
    /// One for each version; null: as in the reference.
    pub fates: Vec<Option<FileFate>>,
}

#[derive(Clone, Debug, Serialize, Type)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub(crate) enum FileFate {
    #[serde(rename_all = "camelCase")]
    Added { after_bytes: u64 },
    #[serde(rename_all = "camelCase")]
    Removed { before_bytes: u64 },
    #[serde(rename_all = "camelCase")]
    Changed { before_bytes: u64, after_bytes: u64 },
    /// Only the mode, in octal.
    #[serde(rename_all = "camelCase")]
    Mode { before: String, after: String },
}

impl ComparedContents {
    pub(crate) fn new(view: String, found: &app::ContentsComparison) -> Self {
        let packages = found.packages.iter().map(|(ecosystem, rows)| ComparedPackages {
            ecosystem: ecosystem.as_str().to_owned(),
            name: ecosystem.label().to_owned(),
            rows: each(rows.clone()),
        });
        Self {
            view,
            packages: packages.collect(),
            packages_stated: found.packages_stated,
            differing_files: found.file_rows.len() as u64,
            files: found.files.iter().map(counts).collect(),
            read_bytes: found.read.bytes(),
            problems: found.problems.clone(),
        }
    }
}

fn counts(found: &app::FilesDifference) -> ComparedFileCounts {
    ComparedFileCounts {
        added: found.added.len() as u64,
        removed: found.removed.len() as u64,
        changed: found.changed.len() as u64,
        same: found.same,
        same_by_size: found.same_by_size,
    }
}

impl From<app::PackageRow> for ComparedPackage {
    fn from(row: app::PackageRow) -> Self {
        Self {
            name: row.name,
            versions: row.versions,
            differs: row.differs,
        }
    }
}

impl From<app::FileRow> for ComparedFile {
    fn from(row: app::FileRow) -> Self {
        let fate = |fate: app::FileFate| match fate {
            app::FileFate::Added(size) => FileFate::Added {
                after_bytes: size.bytes(),
            },
            app::FileFate::Removed(size) => FileFate::Removed {
                before_bytes: size.bytes(),
            },
            app::FileFate::Changed([before, after]) => FileFate::Changed {
                before_bytes: before.bytes(),
                after_bytes: after.bytes(),
            },
            app::FileFate::Mode([before, after]) => FileFate::Mode {
                before: format!("{before:04o}"),
                after: format!("{after:04o}"),
            },
        };
        Self {
            path: row.path,
            fates: row.fates.into_iter().map(|found| found.map(fate)).collect(),
        }
    }
}
