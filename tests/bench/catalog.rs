//! The index by itself: opening a large repository, and searching a million tags. No network, no window.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use catalog::{ConnectionId, Index, SearchQuery, Synthetic, VersionSort, VersionsQuery};

use crate::row::Row;

/// As the window asks for them.
const FIRST_ROWS: usize = 100;
const ONE_REPOSITORY: usize = 10_000;
const ALL_TAGS: usize = 1_000_000;
/// Each index is opened so many times; the median counts, for machines are noisy.
const OPENINGS: usize = 9;
/// So often each question is asked, all of them in turn; its median counts.
const PASSES: usize = 3;
const HITS: usize = 50;
const CONNECTION: &str = "bench";

pub(crate) fn rows() -> Vec<Row> {
    let mut rows = opening();
    rows.extend(searching());
    rows
}

/// A data folder whose index holds so many tags over many repositories of one connection, all of them seen just now.
///
/// # Panics
/// If the folder cannot be written.
pub(crate) fn fill_index(data: &Path, tags: usize) {
    let settings = format!("[[connection]]\nid = \"{CONNECTION}\"\nname = \"bench\"\naddress = \"127.0.0.1:1\"\n");
    std::fs::write(data.join("settings.toml"), settings).expect("the settings are written");
    let index = Index::open(&data.join("index.sqlite")).expect("a new index").index;
    let filling = Synthetic::many_repositories(connection(), tags, chrono::Utc::now());
    filling.fill(&index).expect("the index is filled");
}

fn opening() -> Vec<Row> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("index.sqlite");
    let index = Index::open(&path).expect("a new index").index;
    let filling = Synthetic::one_repository(connection(), ONE_REPOSITORY, chrono::Utc::now());
    filling.fill(&index).expect("the index is filled");
    drop(index);
    opening_at(&path)
}

fn opening_at(path: &Path) -> Vec<Row> {
    let sorts = || {
        let named = [
            VersionSort::Version,
            VersionSort::Name,
            VersionSort::Created,
            VersionSort::Size,
            VersionSort::Layers,
        ];
        named
            .into_iter()
            .chain([VersionSort::Platforms, VersionSort::Metric("accuracy".to_owned())])
    };
    let mut first = Vec::new();
    let mut sorted = Vec::new();
    for _ in 0..OPENINGS {
        // As the program does it on its first click: nothing is in memory yet.
        let started = Instant::now();
        let index = Index::open(path).expect("it opens").index;
        page(&index, VersionSort::Version);
        first.push(milliseconds(started.elapsed()));
        for sort in sorts() {
            let started = Instant::now();
            let index = Index::open(path).expect("it opens").index;
            page(&index, sort);
            sorted.push(milliseconds(started.elapsed()));
        }
    }
    vec![
        Row::at_most(
            "open a known repository of 10,000 tags: index opened, first rows there",
            share(first, 0.5),
            100.0,
            "ms",
        ),
        Row::at_most(
            "the same, sorted whole by any column (95 % of the openings)",
            share(sorted, 0.95),
            300.0,
            "ms",
        ),
    ]
}

fn page(index: &Index, sort: VersionSort) {
    let repository = Synthetic::repository(0).parse().expect("a name");
    let query = VersionsQuery {
        sort,
        ..VersionsQuery::new(connection(), repository)
    };
    let view = index.versions(&query).expect("the repository is known");
    assert_eq!(view.tags, ONE_REPOSITORY, "every tag is in the list");
    let rows = view.rows(0..FIRST_ROWS).expect("rows");
    assert_eq!(rows.len(), FIRST_ROWS);
}

fn searching() -> Vec<Row> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    fill_index(folder.path(), ALL_TAGS);
    searching_at(folder.path())
}

fn searching_at(data: &Path) -> Vec<Row> {
    let index = Index::open(&data.join("index.sqlite")).expect("it opens").index;
    let tags = index.statistics().expect("figures").tags;
    assert!(tags >= u64::try_from(ALL_TAGS).expect("a count"), "only {tags} tags");
    let questions = questions();
    let mut times = vec![Vec::new(); questions.len()];
    for _ in 0..PASSES {
        for (words, times) in questions.iter().zip(&mut times) {
            times.push(answer(&index, words));
        }
    }
    let medians = times.into_iter().map(|times| share(times, 0.5));
    let medians: Vec<(&String, f64)> = questions.iter().zip(medians).collect();
    let all: Vec<f64> = medians.iter().map(|(_, median)| *median).collect();
    let short = medians
        .iter()
        .filter(|(words, _)| words.len() < 3)
        .map(|(_, median)| *median)
        .collect();
    let slowest = all.iter().copied().fold(0.0, f64::max);
    let what = format!(
        "search over {tags} tags, {} questions, p95 (the slowest: {slowest:.1} ms)",
        all.len()
    );
    vec![
        Row::at_most(what, share(all, 0.95), 20.0, "ms"),
        Row::at_most(
            "of these under three letters, by beginnings, p95",
            share(short, 0.95),
            20.0,
            "ms",
        ),
    ]
}

/// Searches once and gives the milliseconds.
fn answer(index: &Index, words: &str) -> f64 {
    let channels = vec!["latest".to_owned()];
    let query = SearchQuery {
        words: words.to_owned(),
        connection: None,
        limit: HITS,
        channels,
    };
    let started = Instant::now();
    let hits = index.search(&query).expect("an answer");
    let took = milliseconds(started.elapsed());
    assert!(hits.len() <= HITS, "{} hits", hits.len());
    took
}

/// What people type, letter by letter: names, versions, build numbers, labels, digests, references, and what is nowhere.
fn questions() -> Vec<String> {
    let whole = [
        "defect-detector",
        "vision/segmenter",
        "latest",
        "build-4711",
        "build-499999",
        "1.2.3",
        "0.19.19",
        "v1",
        "bolts-2026",
        "clicks q3",
        "ranking 1.1.1",
        "speech tokenizer build",
        "base/churn-7:1.0.4",
        "accuracy=0.95",
        "epochs 12",
        "sha256:0a1b",
        "deadbeef",
        "no such thing",
        "zzz",
        "a\"b OR *",
        "<b>1.0</b>",
        "0.0",
        "production",
        "translator latest",
        "1 1",
        "imagenet 0.9",
    ];
    let mut questions = Vec::new();
    for text in whole {
        for end in 1..=text.len() {
            questions.extend(text.get(..end).map(str::to_owned));
        }
    }
    questions
}

fn connection() -> ConnectionId {
    ConnectionId::new(CONNECTION)
}

/// The value under which this share of all values lies.
fn share(mut values: Vec<f64>, share: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a place in a short list"
    )]
    let place = ((values.len() as f64) * share).ceil() as usize;
    values[place.clamp(1, values.len()) - 1]
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}
