//! What goes when nothing refers to it any more, what stays, and how much room all of it takes.

use artifact::{ByteSize, Descriptor, Digest};
use chrono::TimeDelta;
use proptest::prelude::*;
use registry::Operation;

use crate::{
    VersionRecord,
    double::{CONNECTION, MemoryRegistry, Seen, layer, name, tag},
    record::KEPT_MOVES,
};

const MODEL: &str = "team/model";

fn manifests(seen: &Seen) -> u64 {
    seen.index.statistics().expect("figures").manifests
}

fn is_kept(seen: &Seen, version: &Descriptor) -> bool {
    seen.index.manifest_bytes(&version.digest).expect("read").is_some()
}

fn record(seen: &Seen, repository: &str, digest: &Digest) -> Option<VersionRecord> {
    let found = seen
        .index
        .version(&CONNECTION.into(), &name(repository), digest, seen.now());
    found.expect("the index answers")
}

/// The `number`th build of a model, over a base that all have.
fn build(registry: &MemoryRegistry, number: usize) -> Descriptor {
    let number = number.to_string();
    registry.image(&[("base", 1000), (&number, 10)], &[("build", &number)])
}

#[tokio::test]
async fn a_tag_that_moved_a_thousand_times_leaves_its_history_and_few_manifests() {
    let (seen, registry) = (Seen::new(), MemoryRegistry::new());
    let released = registry.fill(MODEL, &["1.0"]).remove(0);
    let mut builds = Vec::new();
    for number in 0..=1_000 {
        let version = build(&registry, number);
        registry.tag(MODEL, "nightly", &version);
        seen.wait(TimeDelta::hours(1));
        seen.sync(&registry).await;
        builds.push(version);
    }
    // 1.0, the build that `nightly` is on, and those that it was moved away from last.
    let bound = 2 + KEPT_MOVES.cast_unsigned();
    assert_eq!(manifests(&seen), bound);
    assert!(is_kept(&seen, &released) && is_kept(&seen, &builds[1_000]) && is_kept(&seen, &builds[990]));
    assert!(!is_kept(&seen, &builds[989]) && record(&seen, MODEL, &builds[989].digest).is_none());
    assert!(record(&seen, MODEL, &builds[990].digest).is_some());
    let moves = seen.moves(MODEL, "nightly");
    assert_eq!(moves.len(), 1_000);
    let at = moves
        .iter()
        .find(|moved| moved.to.as_ref() == Some(&builds[500].digest));
    let at = at.expect("every move is told, also of what went");
    assert_eq!(at.from.as_ref(), Some(&builds[499].digest));
    let rows: i64 = seen
        .index
        .store()
        .read(|reading| {
            reading.query_row(
                "SELECT (SELECT count(*) FROM versions) + (SELECT count(*) FROM configs) + (SELECT count(*) FROM labels)
                    + (SELECT count(*) FROM manifest_configs) + (SELECT count(*) FROM dropped)",
                [],
                |row| row.get(0),
            )
        })
        .expect("counted");
    assert!(rows < 60, "{rows}");
}

#[tokio::test]
async fn a_tag_that_vanished_takes_along_what_it_was_moved_away_from() {
    let (seen, registry) = (Seen::new(), MemoryRegistry::new());
    registry.fill(MODEL, &["1.0"]);
    let builds: Vec<Descriptor> = (0..3).map(|number| build(&registry, number)).collect();
    for version in &builds {
        registry.tag(MODEL, "nightly", version);
        seen.sync(&registry).await;
    }
    registry.tag(MODEL, "build-1", &builds[1]);
    seen.sync(&registry).await;
    assert_eq!(manifests(&seen), 4);
    registry.untag(MODEL, "nightly");
    seen.sync(&registry).await;
    assert_eq!(manifests(&seen), 2, "another tag is on the second build");
    assert!(is_kept(&seen, &builds[1]));
    assert_eq!(seen.moves(MODEL, "nightly").len(), 4);
    registry.drop_repository(MODEL);
    registry.fill("team/other", &["1.0"]);
    seen.sync(&registry).await;
    assert_eq!(manifests(&seen), 3, "a repository that is gone may come back");
    seen.index.change_limit(ByteSize(1)).expect("changed");
    assert_eq!(manifests(&seen), 1, "but it is the first to make room");
}

#[tokio::test]
async fn parts_and_configs_stay_while_another_manifest_needs_them() {
    let (seen, registry) = (Seen::new(), MemoryRegistry::new());
    let both = registry.two_platforms(&[("base", 100)]);
    let one = registry.image_for("amd64", &[("base", 100)], &[]);
    // The config of the amd64 image, under other layers.
    let same_config = registry.image_for("amd64", &[("other", 7)], &[]);
    registry.tag(MODEL, "both", &both);
    registry.tag(MODEL, "one", &one);
    registry.tag(MODEL, "same-config", &same_config);
    seen.sync(&registry).await;
    assert_eq!(manifests(&seen), 4);
    let config = |version: &Descriptor| {
        let record = record(&seen, MODEL, &version.digest).expect("a record");
        let config = record.summary.platforms[0].config_digest.clone().expect("a config");
        seen.index.config_bytes(&config).expect("read").is_some()
    };
    registry.untag(MODEL, "both");
    seen.sync(&registry).await;
    assert_eq!(manifests(&seen), 2, "the index and its arm64 image went");
    assert!(config(&one) && config(&same_config));
    registry.untag(MODEL, "one");
    seen.sync(&registry).await;
    assert_eq!(manifests(&seen), 1);
    assert!(config(&same_config));
}

#[tokio::test]
async fn nothing_is_collected_while_somebody_syncs() {
    let (seen, one, two) = (Seen::new(), MemoryRegistry::new(), MemoryRegistry::new());
    let left = build(&one, 1);
    one.fill(MODEL, &["1.0"]);
    one.tag(MODEL, "2.0", &left);
    seen.sync(&one).await;
    two.fill("team/copy", &["1.0"]);
    two.hold("TAGS");
    one.untag(MODEL, "2.0");
    let operation = Operation::unobserved();
    let script = async {
        two.reached.notified().await;
        seen.sync(&one).await;
        assert!(
            is_kept(&seen, &left),
            "the other sync may have found it, and not fetch it"
        );
        operation.cancel.cancel();
    };
    let (stopped, ()) = tokio::join!(seen.try_sync(&two, "c2", &operation), script);
    assert!(stopped.is_err());
    seen.sync(&one).await;
    assert!(!is_kept(&seen, &left), "nobody syncs any more");
}

#[tokio::test]
async fn without_a_change_nothing_is_written() {
    let (seen, registry) = (Seen::new(), MemoryRegistry::new());
    registry.fill(MODEL, &["1.0"]);
    seen.sync(&registry).await;
    let version = seen.index.data_version().expect("a number");
    super::super::limit::after_sync(&seen.index.shared).expect("tidied");
    assert_eq!(seen.index.data_version().expect("a number"), version);
}

/// Versions whose manifests are large.
fn large(registry: &MemoryRegistry, number: usize) -> Descriptor {
    let number = number.to_string();
    let noise: String = (0..2_000)
        .map(|part| Digest::of(format!("{number} {part}").as_bytes()).hex().to_owned())
        .collect();
    registry.image(&[("base", 1000)], &[("noise", &noise)])
}

#[tokio::test]
async fn index_and_layer_lists_keep_to_one_limit() {
    let (seen, registry) = (Seen::new(), MemoryRegistry::new());
    registry.fill(MODEL, &["1.0"]);
    seen.sync(&registry).await;
    let used = || seen.index.statistics().expect("figures");
    let limit = used().index_size + ByteSize(1_500_000);
    seen.index.set_limit(limit).expect("set");
    let keep = |number: usize| {
        let layer = layer(&number.to_string());
        seen.index
            .keep_layer_contents(&layer, &vec![7; 100_000], seen.now())
            .expect("kept");
        layer
    };
    let layers: Vec<Digest> = (0..20).map(keep).collect();
    let kept = |layer: &Digest| seen.index.has_layer_contents(layer).expect("read");
    assert!(used().index_size + used().contents_size <= limit);
    assert!(!kept(&layers[0]) && kept(&layers[19]) && used().contents_size >= ByteSize(1_000_000));
    // The index grows: layer lists make room.
    for number in 0..5 {
        registry.tag(MODEL, &format!("2.{number}"), &large(&registry, number));
    }
    seen.sync(&registry).await;
    assert!(used().index_size + used().contents_size <= limit);
    assert!(kept(&layers[19]) && used().contents_size < ByteSize(1_000_000));
}

#[tokio::test]
async fn an_index_over_the_limit_loses_what_has_no_tag_and_nothing_else() {
    let (seen, registry) = (Seen::new(), MemoryRegistry::new());
    let released = large(&registry, 1_000);
    registry.tag(MODEL, "1.0", &released);
    let builds: Vec<Descriptor> = (0..8).map(|number| large(&registry, number)).collect();
    for version in &builds {
        registry.tag(MODEL, "nightly", version);
        seen.sync(&registry).await;
    }
    let shown = || {
        [&released, &builds[7]].map(|version| {
            let record = record(&seen, MODEL, &version.digest).expect("a record");
            let VersionRecord { row, summary, .. } = record;
            format!(
                "{row:?} {summary:?} {:?} {:?} {}",
                record.tags, record.moves, record.unique
            )
        })
    };
    let before = shown();
    let size = || seen.index.statistics().expect("figures").index_size;
    let (full, kept) = (size(), layer("kept"));
    seen.index
        .keep_layer_contents(&kept, &[7; 1_000], seen.now())
        .expect("kept");
    assert_eq!(manifests(&seen), 9, "all are among the last");
    seen.index.change_limit(ByteSize(full.bytes() / 2)).expect("changed");
    assert_eq!(manifests(&seen), 2);
    assert!(size() <= ByteSize(full.bytes() / 2), "{} of {full}", size());
    assert!(shown() == before, "what is tagged is shown as before");
    assert_eq!(
        seen.moves(MODEL, "nightly").len(),
        8,
        "its history is told all the same"
    );
    // What tags lead to stays, however small the limit; layer lists find no room.
    seen.index.change_limit(ByteSize(1)).expect("changed");
    seen.sync(&registry).await;
    assert!(is_kept(&seen, &released) && is_kept(&seen, &builds[7]));
    assert!(!seen.index.has_layer_contents(&kept).expect("read"));
    assert_eq!(seen.tags(MODEL).len(), 2);
}

/// What happens in the registry before a sync.
#[derive(Clone, Copy, Debug)]
enum Change {
    Tag(usize, usize, usize),
    Untag(usize, usize),
    Drop(usize),
    Sweep,
}

fn changes() -> impl Strategy<Value = Vec<Change>> {
    let change = prop_oneof![
        6 => (0..2_usize, 0..3_usize, 0..6_usize).prop_map(|(name, tag, version)| Change::Tag(name, tag, version)),
        2 => (0..2_usize, 0..3_usize).prop_map(|(name, tag)| Change::Untag(name, tag)),
        1 => (0..2_usize).prop_map(Change::Drop),
        1 => Just(Change::Sweep),
    ];
    prop::collection::vec(change, 1..25)
}

const NAMES: [&str; 2] = ["team/one", "team/two"];
const TAGS: [&str; 3] = ["latest", "nightly", "1.0"];

/// Images that share layers, configs and platforms.
fn versions(registry: &MemoryRegistry) -> Vec<Descriptor> {
    vec![
        registry.image(&[("a", 1)], &[]),
        registry.image(&[("b", 2)], &[]),
        registry.image(&[("a", 1)], &[("label", "x")]),
        registry.two_platforms(&[("a", 1)]),
        registry.two_platforms(&[("a", 1), ("b", 2)]),
        registry.image_for("arm64", &[("a", 1)], &[]),
    ]
}

/// What an index shows of everything that is tagged.
fn shown(seen: &Seen, tagged: &[(&str, &str, Digest)]) -> Vec<String> {
    let shown = |(repository, tagged, digest): &(&str, &str, Digest)| {
        let found = seen.index.tag(&CONNECTION.into(), &name(repository), &tag(tagged));
        let found = found.expect("read").expect("a tag");
        assert_eq!(found.digest.as_ref(), Some(digest));
        let record = record(seen, repository, digest).expect("a record");
        format!("{:?} {:?}", record.row, record.summary)
    };
    tagged.iter().map(shown).collect()
}

async fn play(changes: Vec<Change>) {
    let (seen, registry) = (Seen::new(), MemoryRegistry::new());
    let versions = versions(&registry);
    let mut tagged: std::collections::BTreeMap<(usize, usize), usize> = std::collections::BTreeMap::new();
    for change in changes {
        match change {
            Change::Tag(repository, tag, version) => {
                registry.tag(NAMES[repository], TAGS[tag], &versions[version]);
                tagged.insert((repository, tag), version);
            }
            Change::Untag(repository, tag) => {
                registry.untag(NAMES[repository], TAGS[tag]);
                tagged.remove(&(repository, tag));
            }
            Change::Drop(repository) => {
                registry.drop_repository(NAMES[repository]);
                tagged.retain(|(name, _), _| *name != repository);
            }
            Change::Sweep => {
                seen.index.change_limit(ByteSize(1)).expect("swept");
                seen.index.change_limit(ByteSize(1_000_000_000)).expect("set back");
            }
        }
        seen.wait(TimeDelta::minutes(1));
        seen.sync(&registry).await;
        let expected: Vec<_> = tagged
            .iter()
            .map(|((repository, tag), version)| (NAMES[*repository], TAGS[*tag], versions[*version].digest.clone()))
            .collect();
        let fresh = Seen::new();
        fresh.sync(&registry).await;
        fresh.wait(seen.now() - fresh.now());
        assert_eq!(shown(&seen, &expected), shown(&fresh, &expected));
    }
    for repository in NAMES {
        registry.drop_repository(repository);
    }
    registry.fill("team/last", &["1.0"]);
    seen.sync(&registry).await;
    seen.index.change_limit(ByteSize(1)).expect("swept");
    assert_eq!(manifests(&seen), 1, "nothing else is tagged");
    let left: i64 = seen
        .index
        .store()
        .read(|reading| {
            reading.query_row(
                "SELECT (SELECT count(*) FROM configs) + (SELECT count(*) FROM manifest_configs)
                    + (SELECT count(*) FROM manifest_children) + (SELECT count(*) FROM versions)",
                [],
                |row| row.get(0),
            )
        })
        .expect("counted");
    assert_eq!(left, 3, "a config, whose it is, and a version");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn whatever_moves_what_is_tagged_is_shown_as_by_a_fresh_index(changes in changes()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.expect("a runtime").block_on(play(changes));
    }
}
