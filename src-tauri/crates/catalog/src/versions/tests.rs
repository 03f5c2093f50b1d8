//! Orders, filters and pages of a repository's list.

use std::ops::Range;

use artifact::{Kind, TagGroup};
use chrono::{DateTime, Utc};
use serde_json::json;

use crate::{
    CatalogError, Synthetic, TagSort, TagsQuery, VersionFilter, VersionSort, VersionsQuery,
    double::{CONFIG, CONNECTION, IMAGE, MemoryRegistry, Seen, layer, name, query},
};

const REPOSITORY: &str = "team/model";

/// Four versions that differ in every column, one of them unread.
async fn four() -> Seen {
    let (seen, registry) = (Seen::new(), MemoryRegistry::new());
    let image = |created: &str, accuracy: &str, layers: &[(&str, u64)]| {
        registry.image(
            layers,
            &[("created", created), ("accuracy", accuracy), ("stage", "train")],
        )
    };
    let old = image("2026-01-01T00:00:00Z", "0.7", &[("base", 500), ("a", 9_000_000)]);
    let new = image("2026-03-01T00:00:00Z", "0.9", &[("base", 500)]);
    let chart = registry.blob_of(br#"{"name":"chart"}"#);
    let helm = json!({ "schemaVersion": 2, "mediaType": IMAGE,
        "config": { "mediaType": "application/vnd.cncf.helm.config.v1+json", "digest": chart.0.to_string(), "size": chart.1 },
        "layers": [{ "mediaType": "application/vnd.cncf.helm.chart.content.v1.tar+gzip", "digest": layer("chart").to_string(), "size": 70 }] });
    let helm = registry.manifest_of(IMAGE, &helm);
    for (tag, version) in [("1.0.0", &old), ("1.10.0", &new), ("latest", &new), ("1.9.0", &helm)] {
        registry.tag(REPOSITORY, tag, version);
    }
    let two = registry.two_platforms(&[("x", 3), ("y", 4), ("z", 5)]);
    registry.tag(REPOSITORY, "nightly-build", &two);
    registry.tag(REPOSITORY, "2.0.0", &registry.image(&[("unread", 1)], &[]));
    registry.refuse(":2.0.0", crate::double::unreachable());
    seen.sync(&registry).await;
    seen
}

fn order(seen: &Seen, sort: VersionSort, descending: bool) -> Vec<String> {
    let asked = VersionsQuery {
        sort,
        descending,
        channels: vec!["latest".to_owned()],
        ..query(REPOSITORY)
    };
    first_tags(seen, &asked, 0..100)
}

fn first_tags(seen: &Seen, asked: &VersionsQuery, range: Range<usize>) -> Vec<String> {
    let rows = seen.index.versions(asked).expect("a view").rows(range).expect("rows");
    rows.iter().map(|row| row.tags[0].clone()).collect()
}

#[tokio::test]
async fn every_column_sorts_both_ways_and_the_unknown_comes_last() {
    let seen = four().await;
    let descending = |sort: VersionSort| order(&seen, sort, true);
    let ascending = |sort: VersionSort| order(&seen, sort, false);
    assert_eq!(
        descending(VersionSort::Version),
        ["2.0.0", "1.10.0", "1.9.0", "1.0.0", "nightly-build"]
    );
    assert_eq!(
        ascending(VersionSort::Version),
        ["1.0.0", "1.9.0", "1.10.0", "2.0.0", "nightly-build"]
    );
    assert_eq!(
        ascending(VersionSort::Name),
        ["1.0.0", "1.9.0", "1.10.0", "2.0.0", "nightly-build"]
    );
    assert_eq!(
        descending(VersionSort::Name),
        ["nightly-build", "2.0.0", "1.10.0", "1.9.0", "1.0.0"]
    );
    assert_eq!(
        descending(VersionSort::Created),
        ["nightly-build", "1.10.0", "1.0.0", "2.0.0", "1.9.0"]
    );
    assert_eq!(
        ascending(VersionSort::Created),
        ["1.0.0", "1.10.0", "nightly-build", "2.0.0", "1.9.0"]
    );
    assert_eq!(descending(VersionSort::Size)[0], "1.0.0");
    assert_eq!(ascending(VersionSort::Size)[4], "2.0.0", "its size is not known");
    assert_eq!(descending(VersionSort::Layers)[..2], ["nightly-build", "1.0.0"]);
    assert_eq!(ascending(VersionSort::Layers)[4], "2.0.0");
    assert_eq!(descending(VersionSort::Platforms)[0], "nightly-build");
    assert_eq!(descending(VersionSort::Kind)[4], "2.0.0");
    let metric = || VersionSort::Metric("accuracy".to_owned());
    assert_eq!(descending(metric())[..2], ["1.10.0", "1.0.0"]);
    assert_eq!(ascending(metric())[..2], ["1.0.0", "1.10.0"]);
}

#[tokio::test]
async fn aliases_stand_together_and_a_channel_gives_no_place() {
    let seen = four().await;
    let asked = VersionsQuery {
        channels: vec!["latest".to_owned()],
        ..query(REPOSITORY)
    };
    let view = seen.index.versions(&asked).expect("a view");
    assert_eq!(
        (view.total_versions, view.versions, view.tags, view.unread),
        (5, 5, 6, 1)
    );
    assert_eq!(view.other_from, Some(4));
    let rows = view.rows(0..9).expect("rows");
    assert_eq!(rows[1].tags, ["1.10.0", "latest"]);
    assert_eq!(rows[4].group, TagGroup::Other);
    assert_eq!(view.metrics, ["accuracy"]);
    assert_eq!(view.platforms, ["linux/amd64", "linux/arm64"]);
    assert!(view.label_keys.contains(&"stage".to_owned()) && view.kinds.contains(&Kind::Helm));
    assert!(view.largest >= rows[3].size.expect("a size"));
}

#[tokio::test]
async fn filters_hold_together() {
    let seen = four().await;
    let filtered = |filter: VersionFilter| {
        let asked = VersionsQuery {
            filter,
            ..query(REPOSITORY)
        };
        first_tags(&seen, &asked, 0..100)
    };
    let time = |text: &str| text.parse::<DateTime<Utc>>().ok();
    let text = |text: &str| VersionFilter {
        text: text.to_owned(),
        ..VersionFilter::default()
    };
    assert_eq!(filtered(text("1.1")), ["1.10.0"]);
    assert_eq!(
        filtered(text("LATEST 1.1")),
        ["1.10.0"],
        "every word has to be in some tag of it"
    );
    assert_eq!(filtered(text("1.1 nightly")), Vec::<String>::new());
    assert_eq!(
        filtered(VersionFilter {
            kinds: vec![Kind::Helm],
            ..VersionFilter::default()
        }),
        ["1.9.0"]
    );
    let arm = VersionFilter {
        platform: Some("linux/arm64".to_owned()),
        ..VersionFilter::default()
    };
    assert_eq!(filtered(arm), ["nightly-build"]);
    let labelled = |value: &str| VersionFilter {
        labels: vec![
            ("stage".to_owned(), "train".to_owned()),
            ("accuracy".to_owned(), value.to_owned()),
        ],
        ..VersionFilter::default()
    };
    assert_eq!(filtered(labelled("0.9")), ["1.10.0"]);
    assert!(filtered(labelled("0")).is_empty(), "a value is compared whole");
    let since = VersionFilter {
        created_after: time("2026-02-01T00:00:00Z"),
        ..VersionFilter::default()
    };
    assert_eq!(filtered(since.clone()), ["1.10.0", "nightly-build"]);
    let between = VersionFilter {
        created_before: time("2026-03-01T00:00:00Z"),
        ..since
    };
    assert_eq!(filtered(between), ["1.10.0"]);
    let row = seen
        .rows(REPOSITORY)
        .into_iter()
        .find(|row| row.tags.contains(&"1.0.0".to_owned()))
        .expect("a row");
    let digest = row.digest.expect("a digest");
    assert_eq!(filtered(text(digest.short())), ["1.0.0"]);
    assert_eq!(filtered(text(&digest.to_string())), ["1.0.0"]);
}

#[tokio::test]
async fn where_nothing_matches_the_closest_tag_is_named() {
    let seen = four().await;
    let asked = |text: &str| {
        let filter = VersionFilter {
            text: text.to_owned(),
            ..VersionFilter::default()
        };
        let view = seen
            .index
            .versions(&VersionsQuery {
                filter,
                ..query(REPOSITORY)
            })
            .expect("a view");
        (view.versions, view.total_versions, view.closest.clone())
    };
    assert_eq!(asked("nighly"), (0, 5, Some("nightly-build".to_owned())));
    assert_eq!(asked("zzzzzz"), (0, 5, None));
    assert_eq!(asked("1.10").2, None);
}

#[tokio::test]
async fn one_platforms_sizes_are_its_own() {
    let (seen, registry) = (Seen::new(), MemoryRegistry::new());
    let config = registry.blob_of(br#"{"architecture":"amd64","os":"linux"}"#);
    let child = |architecture: &str, size: u64| {
        let manifest = json!({ "schemaVersion": 2, "mediaType": IMAGE,
            "config": { "mediaType": CONFIG, "digest": config.0.to_string(), "size": config.1 },
            "layers": [{ "mediaType": crate::double::LAYER, "digest": layer(architecture).to_string(), "size": size }] });
        let child = registry.manifest_of(IMAGE, &manifest);
        json!({ "mediaType": IMAGE, "digest": child.digest.to_string(), "size": child.size.bytes(),
            "platform": { "os": "linux", "architecture": architecture } })
    };
    let index = json!({ "schemaVersion": 2, "mediaType": crate::double::INDEX,
        "manifests": [child("amd64", 1000), child("arm64", 50)] });
    registry.tag(REPOSITORY, "1.0", &registry.manifest_of(crate::double::INDEX, &index));
    seen.sync(&registry).await;
    let row = |platform: Option<&str>| {
        let asked = VersionsQuery {
            platform: platform.map(str::to_owned),
            ..query(REPOSITORY)
        };
        let view = seen.index.versions(&asked).expect("a view");
        let row = view.rows(0..1).expect("a row").remove(0);
        (
            row.size.map(|size| size.bytes() - config.1 as u64),
            row.layer_count,
            view.largest.bytes() - config.1 as u64,
        )
    };
    assert_eq!(row(None), (Some(1050), 2, 1050));
    assert_eq!(row(Some("linux/arm64")), (Some(50), 1, 50));
}

#[tokio::test]
async fn pages_are_parts_of_one_order_and_end_with_it() {
    let seen = Seen::new();
    let filling = Synthetic::one_repository(CONNECTION.into(), 1_000, seen.now());
    filling.fill(&seen.index).expect("filled");
    let asked = VersionsQuery {
        channels: vec!["latest".to_owned()],
        ..query(&Synthetic::repository(0))
    };
    let all = first_tags(&seen, &asked, 0..usize::MAX);
    assert_eq!(all.len(), 999);
    let mut expected: Vec<String> = (0..999).map(Synthetic::tag).collect();
    expected.reverse();
    assert_eq!(all, expected);
    let pages: Vec<String> = (0..11)
        .flat_map(|page| first_tags(&seen, &asked, page * 100..page * 100 + 100))
        .collect();
    assert_eq!(pages, all);
    assert!(first_tags(&seen, &asked, 5_000..6_000).is_empty());
    #[expect(clippy::reversed_empty_ranges, reason = "what the window may ask for by mistake")]
    let backwards = first_tags(&seen, &asked, 10..3);
    assert!(backwards.is_empty());
}

#[tokio::test]
async fn a_view_is_kept_until_something_changes() {
    let (seen, registry) = (Seen::new(), MemoryRegistry::new());
    registry.fill(REPOSITORY, &["1.0", "2.0"]);
    seen.sync(&registry).await;
    let view = || seen.index.versions(&query(REPOSITORY)).expect("a view");
    let first = view();
    assert!(std::sync::Arc::ptr_eq(&first, &view()));
    registry.fill(REPOSITORY, &["3.0"]);
    seen.opened_again().sync(&registry).await;
    let second = view();
    assert_ne!(second.revision, first.revision, "another process wrote");
    assert_eq!((first.versions, second.versions), (2, 3));
    assert_eq!(
        first.rows(0..9).expect("rows").len(),
        2,
        "who holds the older view goes on with it"
    );
}

#[tokio::test]
async fn tags_are_rows_of_their_own_for_the_command_line() {
    let seen = four().await;
    let rows = |sort: TagSort, matching: Option<&str>, all: bool| {
        let asked = TagsQuery {
            connection: CONNECTION.into(),
            repository: name(REPOSITORY),
            sort,
            all,
            matching: matching.map(str::to_owned),
            channels: vec!["latest".to_owned()],
        };
        let rows = seen.index.tags(&asked);
        rows.map(|rows| rows.iter().map(|row| row.tag.to_string()).collect::<Vec<_>>())
    };
    let found = rows(TagSort::Name, None, false).expect("rows");
    assert_eq!(found, ["1.0.0", "1.9.0", "1.10.0", "2.0.0", "latest", "nightly-build"]);
    assert_eq!(
        rows(TagSort::Version, Some("1.*"), false).expect("rows"),
        ["1.10.0", "1.9.0", "1.0.0"]
    );
    assert!(matches!(
        rows(TagSort::Version, Some("["), false),
        Err(CatalogError::InvalidInput(_))
    ));
}

#[test]
fn a_repository_that_was_never_read_says_so() {
    let seen = Seen::new();
    let error = seen.index.versions(&query("team/none")).expect_err("it is not there");
    assert!(matches!(error, CatalogError::NeverSynced(_)) && error.hint().is_some());
}
