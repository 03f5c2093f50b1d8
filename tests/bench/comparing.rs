//! Comparing versions that the index knows, with no network there to be asked, and trees of files.

use std::{path::Path, sync::Arc, time::Instant};

use application::{Berth, Environment, FilesDifference, TagsWanted, VersionAt};
use artifact::{ByteSize, Digest, FileEntry, FileKind, LayerContents, MergedTree};
use catalog::{ConnectionId, Index, Synthetic};

use crate::row::Row;

const VERSIONS: usize = 10_000;
/// Different pairs, so that nothing is answered from what the last one left.
const PAIRS: usize = 40;

const FILES: usize = 200_000;
/// One file in so many is another in the second tree.
const CHANGED: usize = 50;
const PASSES: usize = 5;

pub(crate) fn rows() -> Vec<Row> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let mut rows = runtime.block_on(known());
    rows.push(trees());
    rows
}

async fn known() -> Vec<Row> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let data = folder.path().to_owned();
    let connection = filled(&data);
    let mut environment = Environment::of_this_process(Some(data)).expect("an environment");
    environment.offline = true;
    let (berth, _) = Berth::open(environment).expect("it opens");
    let repository: application::RepositoryName = Synthetic::repository(0).parse().expect("a name");
    let tags = berth
        .tags(&connection, &repository, TagsWanted::default())
        .await
        .expect("its tags");
    let at = |place: usize| VersionAt {
        connection: connection.clone(),
        repository: repository.clone(),
        digest: tags[place].digest.clone().expect("a digest"),
        tag: None,
        platform: None,
    };
    let mut times = Vec::with_capacity(PAIRS);
    for pair in 0..PAIRS {
        let versions = vec![at(pair), at(tags.len() - 1 - pair)];
        let started = Instant::now();
        let answer = berth.compare(versions, 0).await.expect("both are known");
        times.push(started.elapsed().as_secs_f64() * 1000.0);
        assert_eq!(answer.versions.len(), 2);
    }
    times.sort_by(f64::total_cmp);
    let what = format!("compare two of {VERSIONS} versions from the index, offline (median of {PAIRS} pairs)");
    vec![Row::at_most(what, times[PAIRS / 2], 20.0, "ms")]
}

/// A data folder whose index knows one large repository.
fn filled(data: &Path) -> ConnectionId {
    let connection = ConnectionId::new("bench");
    let settings = "[[connection]]\nid = \"bench\"\nname = \"bench\"\naddress = \"127.0.0.1:1\"\n";
    std::fs::write(data.join("settings.toml"), settings).expect("the settings are written");
    let index = Index::open(&data.join("index.sqlite")).expect("a new index").index;
    let filling = Synthetic::one_repository(connection.clone(), VERSIONS, chrono::Utc::now());
    filling.fill(&index).expect("the index is filled");
    connection
}

fn trees() -> Row {
    let (first, second) = (tree(0), tree(1));
    let mut times = Vec::with_capacity(PASSES);
    for _ in 0..PASSES {
        let started = Instant::now();
        let found = FilesDifference::of(&first, &second);
        times.push(started.elapsed().as_secs_f64() * 1000.0);
        assert_eq!(found.changed.len(), FILES / CHANGED);
    }
    times.sort_by(f64::total_cmp);
    let what = format!("the difference of two trees of {FILES} files");
    Row::at_most(what, times[PASSES / 2], 200.0, "ms")
}

/// Names as in a Python environment: long paths with long beginnings in common.
fn tree(version: u8) -> MergedTree {
    let entries = (0..FILES).map(|number| FileEntry {
        path: format!(
            "usr/local/lib/python3.11/site-packages/package{}/module{number}.py",
            number / 100
        ),
        kind: FileKind::File,
        size: ByteSize(number as u64),
        mode: 0o644,
        uid: 0,
        gid: 0,
        user: Arc::from(""),
        group: Arc::from(""),
        modified: None,
        link_target: None,
        content: Some([if number % CHANGED == 0 { version } else { 7 }; 32]),
        special: None,
    });
    let contents = LayerContents {
        entries: entries.collect(),
        ..LayerContents::default()
    };
    MergedTree::merge(&[(Digest::of(&[version]), Arc::new(contents))])
}
