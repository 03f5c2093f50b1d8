//! Made-up content for benchmarks and pictures, through the same writing as a sync but without a registry.
//!
//! The same filling always gives the same index.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        mpsc::{Receiver, SyncSender, sync_channel},
    },
};

use artifact::{ContentSource, Digest, Manifest, RepositoryName, Tag, summarize};
use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};

use crate::{
    CatalogError, ConnectionId, Index,
    record::{self, KeptVersion, KnownManifest, LabelGate},
    store::{Writing, milliseconds},
};

const IMAGE: &str = "application/vnd.oci.image.manifest.v1+json";
const CONFIG: &str = "application/vnd.oci.image.config.v1+json";
const LAYER: &str = "application/vnd.oci.image.layer.v1.tar+gzip";
/// Versions of one transaction.
const BATCH: usize = 2_000;
/// Batches that wait to be written.
const WAITING: usize = 2;
/// Layers of one version; most of them are shared with its neighbours.
const LAYERS: usize = 5;
const TEAMS: [&str; 8] = [
    "vision", "speech", "ranking", "forecast", "search", "fraud", "base", "tools",
];
const MODELS: [&str; 10] = [
    "defect-detector",
    "segmenter",
    "embedder",
    "reranker",
    "tokenizer",
    "summarizer",
    "classifier",
    "churn",
    "translator",
    "pose",
];
const DATASETS: [&str; 5] = ["coco-2017", "imagenet-21k", "bolts-2026", "common-voice", "clicks-q3"];

/// What to make up.
#[derive(Clone, Debug)]
pub struct Synthetic {
    pub connection: ConnectionId,
    pub repositories: usize,
    /// Of each repository, semver from 0.0.0 upwards, one hour apart.
    pub versions: usize,
    /// Every version has also a build number as its second tag.
    pub build_numbers: bool,
    /// When all of it is seen; the newest version is as old as this.
    pub now: DateTime<Utc>,
}

impl Synthetic {
    /// One repository, `vision/defect-detector`, with so many tags, `latest` among them.
    pub fn one_repository(connection: ConnectionId, tags: usize, now: DateTime<Utc>) -> Self {
        Self {
            connection,
            repositories: 1,
            versions: tags.saturating_sub(1),
            build_numbers: false,
            now,
        }
    }

    /// At least so many tags over repositories of 500 versions with two tags each, and `latest`.
    pub fn many_repositories(connection: ConnectionId, tags: usize, now: DateTime<Utc>) -> Self {
        Self {
            connection,
            repositories: tags.div_ceil(1_000),
            versions: 500,
            build_numbers: true,
            now,
        }
    }

    /// The name of a repository by its number.
    pub fn repository(number: usize) -> String {
        let team = TEAMS[number % TEAMS.len()];
        let model = MODELS[number / TEAMS.len() % MODELS.len()];
        match number / (TEAMS.len() * MODELS.len()) {
            0 => format!("{team}/{model}"),
            more => format!("{team}/{model}-{more}"),
        }
    }

    /// The semver tag of a version by its number.
    pub fn tag(number: usize) -> String {
        format!("{}.{}.{}", number / 400, number / 20 % 20, number % 20)
    }

    /// Adds all of it to the index.
    ///
    /// # Errors
    /// If the index cannot be written.
    pub fn fill(&self, index: &Index) -> Result<(), CatalogError> {
        let (batches, made) = sync_channel(WAITING);
        std::thread::scope(|scope| {
            // Making up costs as much as writing.
            scope.spawn(move || self.make_all(&batches));
            self.write_all(index, &made)
        })
    }

    /// Ends early where nobody takes the batches any more.
    fn make_all(&self, batches: &SyncSender<Vec<Made>>) {
        for repository in 0..self.repositories {
            for first in (0..self.versions).step_by(BATCH) {
                let numbers = first..self.versions.min(first + BATCH);
                let batch = numbers.map(|version| self.make(repository, version)).collect();
                if batches.send(batch).is_err() {
                    return;
                }
            }
        }
    }

    fn write_all(&self, index: &Index, made: &Receiver<Vec<Made>>) -> Result<(), CatalogError> {
        let store = index.store();
        let at = milliseconds(self.now);
        let connection = store.write(|writing| record::ensure_connection(writing, &self.connection))?;
        let mut gate = LabelGate::default();
        for number in 0..self.repositories {
            let name = Self::repository(number);
            let parsed: RepositoryName = name
                .parse()
                .map_err(|_| CatalogError::InvalidInput(format!("{name} is no name")))?;
            let repository = store.write(|writing| record::ensure_repository(writing, connection, &parsed))?;
            let batches = self.versions.div_ceil(BATCH);
            for mut batch in made.iter().take(batches) {
                store.write(|writing| {
                    batch
                        .iter_mut()
                        .try_for_each(|made| made.write(writing, repository, at, &mut gate))
                })?;
            }
            store.write(|writing| {
                record::recount(writing, repository)?;
                record::repository_finished(writing, repository, None, at)
            })?;
        }
        store.write(|writing| {
            record::learn_referrers_api(writing, connection, false, at)?;
            record::connection_done(writing, connection, Some(at), None)
        })
    }

    fn make(&self, number: usize, version: usize) -> Made {
        let age = i64::try_from(self.versions - 1 - version).unwrap_or(i64::MAX);
        let created = self.now - TimeDelta::hours(age);
        let config = config(number, version, created);
        let config_digest = Digest::of(&config);
        let bytes = manifest(number, version, &config_digest, config.len());
        let manifest = KnownManifest::new(Digest::of(&bytes), IMAGE.to_owned(), bytes.into());
        let source = Source {
            manifest: &manifest,
            config: (&config_digest, &config),
        };
        let summary = summarize(&manifest.digest, &source, self.now);
        let digest = manifest.digest.clone();
        let kept = KeptVersion {
            // Known once it is written.
            repository: 0,
            digest,
            summary,
            problem: None,
            complete: true,
        };
        let mut tags = vec![Self::tag(version)];
        if self.build_numbers {
            tags.push(format!("build-{}", number * self.versions + version));
        }
        if version + 1 == self.versions {
            tags.push("latest".to_owned());
        }
        let tags = tags.iter().filter_map(|tag| tag.parse().ok()).collect();
        Made {
            manifest,
            config_digest,
            config: config.into(),
            kept,
            tags,
        }
    }
}

/// One version, ready to be written.
struct Made {
    manifest: KnownManifest,
    config_digest: Digest,
    config: Bytes,
    kept: KeptVersion,
    tags: Vec<Tag>,
}

impl Made {
    fn write(
        &mut self,
        writing: &mut Writing<'_>,
        repository: i64,
        at: i64,
        gate: &mut LabelGate,
    ) -> rusqlite::Result<()> {
        self.kept.repository = repository;
        record::keep_manifest(writing, &self.manifest)?;
        record::keep_config(writing, &self.config_digest, &self.config)?;
        record::keep_version(writing, &self.kept, gate)?;
        for tag in &self.tags {
            record::appear(writing, repository, tag, at)?;
            record::read(writing, repository, tag, Some(&self.kept.digest), None, at)?;
        }
        Ok(())
    }
}

struct Source<'a> {
    manifest: &'a KnownManifest,
    config: (&'a Digest, &'a [u8]),
}

impl ContentSource for Source<'_> {
    fn manifest(&self, digest: &Digest) -> Option<Arc<Manifest>> {
        self.manifest
            .manifest()
            .filter(|_| digest == &self.manifest.digest)
            .cloned()
    }

    fn config(&self, digest: &Digest) -> Option<Arc<[u8]>> {
        (digest == self.config.0).then(|| Arc::from(self.config.1))
    }
}

fn config(repository: usize, version: usize, created: DateTime<Utc>) -> Vec<u8> {
    let accuracy = 900 + (version * 7 + repository * 3) % 100;
    let labels = BTreeMap::from([
        (
            "org.opencontainers.image.title",
            MODELS[repository / TEAMS.len() % MODELS.len()].to_owned(),
        ),
        ("dataset", DATASETS[version / 50 % DATASETS.len()].to_owned()),
        ("accuracy", format!("0.{accuracy}")),
        ("epochs", (10 + version % 40).to_string()),
    ]);
    let value = serde_json::json!({ "architecture": "amd64", "os": "linux", "created": created.to_rfc3339(),
        "config": { "Env": ["PATH=/usr/local/bin:/usr/bin"], "Labels": labels },
        "rootfs": { "type": "layers", "diff_ids": [] },
        "history": [{ "created_by": format!("RUN train --repository {repository} --version {version}") }] });
    value.to_string().into_bytes()
}

fn manifest(repository: usize, version: usize, config: &Digest, config_size: usize) -> Vec<u8> {
    let layers: Vec<_> = (0..LAYERS).map(|place| layer(repository, version, place)).collect();
    let value = serde_json::json!({ "schemaVersion": 2, "mediaType": IMAGE, "layers": layers,
        "config": { "mediaType": CONFIG, "digest": config.to_string(), "size": config_size } });
    value.to_string().into_bytes()
}

/// The lower a layer lies, the more versions share it: all, 200, 50, ten, one.
fn layer(repository: usize, version: usize, place: usize) -> serde_json::Value {
    let shared_by = [usize::MAX, 200, 50, 10, 1];
    let generation = version / shared_by.get(place).copied().unwrap_or(1);
    let digest = Digest::of(format!("{} {place} {generation}", if place == 0 { 0 } else { repository }).as_bytes());
    let size = [29_000_000, 410_000_000, 87_000_000, 12_000_000, 2_400_000]
        .get(place)
        .copied()
        .unwrap_or(1)
        + generation;
    serde_json::json!({ "mediaType": LAYER, "digest": digest.to_string(), "size": size })
}
