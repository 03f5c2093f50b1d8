//! Lists, search, storage, charts and pull commands, on the sample.

use artifact::Kind;
use catalog::{TagSort, VersionFilter, VersionSort};
use registry::{ErrorCode, Operation};

use super::{House, repository, sampled};
use crate::{ChannelMark, LoginState, SearchHitKind, SizeUnits, TagsWanted, VersionsQuery};

const DETECTOR: &str = "vision/defect-detector";

#[tokio::test]
async fn the_sample_is_written_added_and_read_by_one_call_each() {
    let house = House::new();
    let (berth, operation) = (house.open(), Operation::unobserved());
    let info = berth.sample(None, &operation).await.expect("it can be written");
    assert_eq!((info.name.as_str(), info.login_state), ("Sample", LoginState::None));
    assert!(
        info.location
            .starts_with(&house.data_folder().canonicalize().expect("there").display().to_string())
    );
    let outcomes = berth.sync_all(&operation).await.expect("it can be read");
    assert!(matches!(outcomes.as_slice(), [(name, Ok(report))] if name == "Sample" && report.repositories == 6));
    let again = berth.sample(None, &operation).await.expect_err("the folder is taken");
    assert_eq!(again.code, ErrorCode::Conflict);
    let second = berth
        .sample(Some(&house.home().join("second")), &operation)
        .await
        .expect("another folder");
    assert_eq!(second.name, "Sample 2");
}

#[tokio::test]
async fn repositories_are_listed_in_pages_and_by_globs() {
    let sampled = sampled().await;
    let page = sampled.berth.repositories(&sampled.id, 1, 2).await.expect("a page");
    assert_eq!((page.total, page.items.len()), (6, 2));
    assert_eq!(page.items[0].name, repository("forecasting/store-demand"));
    let vision = sampled
        .berth
        .all_repositories(&sampled.id, Some("vision/*"))
        .await
        .expect("rows");
    assert_eq!(vision.len(), 2);
    assert!(
        vision
            .iter()
            .all(|row| row.size.is_some() && row.updated.is_some() && row.tags > 0)
    );
    let bad = sampled
        .berth
        .all_repositories(&sampled.id, Some("["))
        .await
        .expect_err("no glob");
    assert_eq!(bad.code, ErrorCode::InvalidInput);
}

#[tokio::test]
async fn pages_of_repositories_hold_pinned_ones_in_their_places() {
    let sampled = sampled().await;
    let pins = ["aaa/first", "llm/unread", "vision/zzz", "zzz/last", DETECTOR].map(repository);
    sampled
        .berth
        .pin_repositories(&sampled.id, &pins)
        .await
        .expect("pinned");
    let all = sampled.berth.all_repositories(&sampled.id, None).await.expect("rows");
    let names: Vec<_> = all.iter().map(|row| row.name.clone()).collect();
    assert_eq!(names.len(), 6 + 4);
    for size in 1..=11 {
        let mut paged = Vec::new();
        for offset in (0..12).step_by(size) {
            let page = sampled
                .berth
                .repositories(&sampled.id, offset, size)
                .await
                .expect("a page");
            assert_eq!(page.total, 10);
            assert!(page.items.len() <= size);
            paged.extend(page.items.into_iter().map(|row| row.name));
        }
        assert_eq!(paged, names, "in pages of {size}");
    }
}

#[tokio::test]
async fn no_page_is_larger_than_the_bound() {
    let house = House::new();
    let berth = house.open();
    let id = super::add(&berth, "Sample", &super::sample_folder().display().to_string())
        .await
        .id;
    let filling = catalog::Synthetic {
        connection: id.clone(),
        repositories: 1_200,
        versions: 1,
        build_numbers: false,
        now: super::now(),
    };
    filling.fill(&berth.inner.index).expect("filled");
    let page = berth.repositories(&id, 0, usize::MAX).await.expect("a page");
    assert_eq!((page.total, page.items.len()), (1_200, 1_000));
    let rest = berth.repositories(&id, 1_000, usize::MAX).await.expect("a page");
    assert_eq!(rest.items.len(), 200);
    assert!(page.items.last().map(|row| &row.name) < rest.items.first().map(|row| &row.name));

    let filling = catalog::Synthetic::one_repository(id.clone(), 1_200, super::now());
    filling.fill(&berth.inner.index).expect("filled");
    let query = VersionsQuery {
        connection: id,
        repository: repository(&catalog::Synthetic::repository(0)),
        sort: VersionSort::Version,
        descending: true,
        filter: VersionFilter::default(),
        platform: None,
        metrics: Vec::new(),
    };
    let page = berth.versions(query, 0, usize::MAX).await.expect("a page");
    assert!(page.total > 1_000);
    assert_eq!(page.rows.len(), 1_000);
}

#[tokio::test]
async fn tags_are_sorted_matched_and_told_apart_from_signatures() {
    let sampled = sampled().await;
    let tags = async |name: &str, wanted: TagsWanted| -> Vec<String> {
        let rows = sampled
            .berth
            .tags(&sampled.id, &repository(name), wanted)
            .await
            .expect("rows");
        rows.iter().map(|row| row.tag.to_string()).collect()
    };
    let all = tags(DETECTOR, TagsWanted::default()).await;
    assert_eq!(all[..4], ["1.5.0-rc.2", "1.5.0-rc.1", "1.5.0-beta.1", "1.4.4"]);
    assert!(!all.iter().any(|tag| tag.starts_with("sha256-")));
    let with_signatures = tags(
        DETECTOR,
        TagsWanted {
            all: true,
            ..TagsWanted::default()
        },
    )
    .await;
    assert_eq!(with_signatures.len(), all.len() + 1);
    let demand = tags("forecasting/store-demand", TagsWanted::default()).await;
    let builds: Vec<&String> = demand.iter().filter(|tag| tag.starts_with("build-")).collect();
    assert_eq!(builds, ["build-11", "build-10", "build-9", "build-8"]);
    let named = TagsWanted {
        sort: TagSort::Name,
        matching: Some("2.0.*".to_owned()),
        all: false,
    };
    assert_eq!(
        tags("llm/tiny-bert", named).await,
        ["2.0.0", "2.0.0-bf16", "2.0.0-rc.1"]
    );
    let bad = TagsWanted {
        matching: Some("[".to_owned()),
        ..TagsWanted::default()
    };
    let problem = sampled
        .berth
        .tags(&sampled.id, &repository(DETECTOR), bad)
        .await
        .expect_err("no glob");
    assert_eq!(problem.code, ErrorCode::InvalidInput);
}

fn query(sampled: &super::Sampled, name: &str) -> VersionsQuery {
    VersionsQuery {
        connection: sampled.id.clone(),
        repository: repository(name),
        sort: VersionSort::Version,
        descending: true,
        filter: VersionFilter::default(),
        platform: None,
        metrics: vec!["accuracy".to_owned(), "nothing".to_owned()],
    }
}

#[tokio::test]
async fn versions_carry_their_aliases_marks_and_metrics() {
    let sampled = sampled().await;
    let page = sampled
        .berth
        .versions(query(&sampled, DETECTOR), 0, 10)
        .await
        .expect("a page");
    assert!(
        page.rows.len() == 10 && page.total > 40 && page.stored.is_some(),
        "{}",
        page.total
    );
    assert!(page.stored < page.would_be, "layers are shared");
    assert!(page.metric_names.iter().any(|name| name == "accuracy"));
    let production = page
        .rows
        .iter()
        .find(|row| row.tags.iter().any(|tag| tag.name == "production"));
    let production = production.expect("among the first");
    assert_eq!(
        production.tags[0].name, "1.4.2",
        "the version gives the place, not the channel"
    );
    let label = production
        .tags
        .iter()
        .find(|tag| tag.name == "production")
        .expect("it is there");
    assert_eq!((label.channel, label.protected), (Some(ChannelMark::Full), true));
    assert_eq!(production.metrics.len(), 2);
    assert!(
        production.metrics[0].is_some() && production.metrics[1].is_none(),
        "unknown is none, not zero"
    );
    assert!(production.signed && production.kind == Kind::Image && production.platforms.len() == 2);
}

#[tokio::test]
async fn a_filter_leaves_the_rest_out_and_names_the_closest() {
    let sampled = sampled().await;
    let with = |text: &str| VersionsQuery {
        filter: VersionFilter {
            text: text.to_owned(),
            ..VersionFilter::default()
        },
        ..query(&sampled, DETECTOR)
    };
    let page = sampled.berth.versions(with("1.4"), 0, 100).await.expect("a page");
    assert!(page.total > 0 && page.total < page.total_versions);
    let none = sampled.berth.versions(with("1.4.22"), 0, 100).await.expect("a page");
    assert_eq!((none.total, none.rows.len()), (0, 0));
    assert!(none.closest.is_some());
}

#[tokio::test]
async fn the_chart_goes_from_old_to_new() {
    let sampled = sampled().await;
    let points = sampled
        .berth
        .series(query(&sampled, DETECTOR), "accuracy")
        .await
        .expect("points");
    assert!(points.len() > 40 && points.iter().any(|point| point.value.is_some()));
    let place = |name: &str| points.iter().position(|point| point.name == name).expect("a version");
    assert!(place("1.0.0") < place("1.4.2"));
    assert!(points[place("1.4.2")].release && !points[place("1.5.0-rc.1")].release);
    let sizes = sampled
        .berth
        .series(query(&sampled, DETECTOR), "size")
        .await
        .expect("points");
    assert!(
        sizes
            .iter()
            .all(|point| point.value.is_some_and(|value| value > 1_000.0))
    );
}

#[tokio::test]
async fn a_selection_counts_each_blob_once() {
    let sampled = sampled().await;
    let (one, two) = (
        sampled.digest("vision/defect-detector:1.4.2").await,
        sampled.digest("vision/defect-detector:1.4.3").await,
    );
    let name = repository(DETECTOR);
    let both = sampled
        .berth
        .selection(&sampled.id, &name, &[one.clone(), two])
        .await
        .expect("a sum");
    let single = sampled
        .berth
        .selection(&sampled.id, &name, &[one])
        .await
        .expect("a sum");
    assert_eq!((both.versions.len(), single.versions.len()), (2, 1));
    let sum: u64 = both
        .versions
        .iter()
        .filter_map(|version| version.size)
        .map(artifact::ByteSize::bytes)
        .sum();
    assert!(both.stored.bytes() < sum, "shared layers count once");
    assert!(both.stored > single.stored);
    assert_eq!(both.stored.bytes(), both.only_these.bytes() + both.shared.bytes());
}

#[tokio::test]
async fn everything_is_found_by_its_parts() {
    let sampled = sampled().await;
    let digest = sampled.digest("llm/tiny-bert:2.0.0").await;
    let search = async |text: &str| {
        sampled
            .berth
            .search(text, Some(&sampled.id), 20)
            .await
            .expect("an answer")
            .hits
    };
    let exact = search("detector 1.4.2").await;
    assert_eq!(exact[0].tag.as_ref().map(artifact::Tag::as_str), Some("1.4.2"));
    assert_eq!(
        (exact[0].connection_name.as_str(), &exact[0].repository),
        ("Sample", &repository(DETECTOR))
    );
    let start: String = digest.to_string().chars().take(14).collect();
    assert!(
        search(&start)
            .await
            .iter()
            .any(|hit| hit.kind == SearchHitKind::Digest && hit.digest.as_ref() == Some(&digest))
    );
    assert_eq!(search("tiny").await[0].kind, SearchHitKind::Repository);
    assert!(
        search("pytorch")
            .await
            .iter()
            .any(|hit| hit.kind == SearchHitKind::Label)
    );
    assert!(search("no such thing").await.is_empty() && search("").await.is_empty());
    for pasted in [
        format!("Sample/{DETECTOR}:1.4.2"),
        format!("sample/{DETECTOR}:1.4.2"),
        format!("{DETECTOR}:1.4.2"),
    ] {
        let hits = search(&pasted).await;
        assert_eq!(
            hits[0].tag.as_ref().map(artifact::Tag::as_str),
            Some("1.4.2"),
            "{pasted}"
        );
        assert_eq!(hits[0].repository, repository(DETECTOR), "{pasted}");
    }
    let pasted = search(&format!("Sample/llm/tiny-bert@{digest}")).await;
    assert_eq!(pasted[0].digest.as_ref(), Some(&digest));
    assert!(!search("sample/vision").await.is_empty());
}

#[tokio::test]
async fn storage_tells_own_from_shared_bytes() {
    let sampled = sampled().await;
    let name = repository("llm/tiny-bert");
    let usage = sampled.berth.usage(&sampled.id, Some(&name)).await.expect("figures");
    let of = |tag: &str| usage.tags.iter().find(|row| row.tag.as_str() == tag).expect("a tag");
    assert_eq!(of("2.0.0").unique, of("production").unique, "aliases show the same");
    for row in &usage.tags {
        let (size, unique, shared) = (
            row.size.expect("read"),
            row.unique.expect("read"),
            row.shared.expect("read"),
        );
        assert_eq!(size.bytes(), unique.bytes() + shared.bytes(), "{}", row.tag);
    }
    let detector = sampled
        .berth
        .usage(&sampled.id, Some(&repository(DETECTOR)))
        .await
        .expect("figures");
    assert!(
        detector.untagged.is_some_and(|size| size.bytes() > 0),
        "there is a leftover in the sample"
    );
    let all = sampled.berth.usage(&sampled.id, None).await.expect("figures");
    assert!(all.stored.bytes() >= usage.stored.bytes() + detector.stored.bytes());
    assert!(all.tags.iter().any(|row| row.repository == name));
}

#[tokio::test]
async fn the_tools_that_the_settings_offer_are_offered_and_the_one_made_for_the_kind() {
    let sampled = sampled().await;
    let (berth, id) = (&sampled.berth, &sampled.id);
    let tools = async |reference: &str| {
        let digest = sampled.digest(reference).await;
        let name = repository(reference.split(':').next().unwrap_or_default());
        let all = berth
            .pull_commands(id, &name, &digest, None, false)
            .await
            .expect("lines");
        let offered = berth.offered_pull_commands(id, &name, &digest, None, false).await;
        let offered: Vec<&str> = offered.expect("lines").iter().map(|line| line.tool).collect();
        (all[0].tool, offered)
    };
    berth
        .set_setting("pull_tools", "podman, skopeo")
        .await
        .expect("two tools");
    assert_eq!(tools("vision/defect-detector:1.4.2").await.1, ["podman", "skopeo"]);
    let (natural, offered) = tools("llm/tiny-bert:latest").await;
    assert_eq!(offered[0], natural, "made for it");
    berth.set_setting("pull_tools", "ollama").await.expect("one tool");
    assert!(
        tools("vision/defect-detector:1.4.2").await.1.len() > 3,
        "none that is offered fits"
    );
}

#[tokio::test]
async fn pull_commands_begin_with_the_tool_of_the_kind_then_the_settings() {
    let sampled = sampled().await;
    let digest = sampled.digest("vision/defect-detector:1.4.2").await;
    let name = repository(DETECTOR);
    let tag = "production".parse().expect("a fixed tag");
    let lines = sampled
        .berth
        .pull_commands(&sampled.id, &name, &digest, Some(&tag), false)
        .await
        .expect("lines");
    assert!(
        lines
            .iter()
            .any(|line| line.tool == "podman" && line.command.ends_with(":production")),
        "{lines:?}"
    );
    sampled
        .berth
        .set_setting("pull_tools", "skopeo,oras")
        .await
        .expect("two tools");
    let lines = sampled
        .berth
        .pull_commands(&sampled.id, &name, &digest, None, false)
        .await
        .expect("lines");
    let tools: Vec<&str> = lines.iter().map(|line| line.tool).collect();
    assert_eq!(tools[1..3], ["skopeo", "oras"], "{tools:?}");
    assert!(
        lines[0].command.contains(":1.4.2"),
        "without a tag it is the best one: {lines:?}"
    );
}

#[tokio::test]
async fn settings_are_kept_and_counted() {
    let sampled = sampled().await;
    let berth = &sampled.berth;
    let before = berth.protected_count().await.expect("a count");
    assert_eq!((before.patterns, before.connections), (3, 1));
    assert!(before.tags > 0 && before.tags < before.total);
    berth.set_setting("protected_tags", "*").await.expect("a glob");
    let all = berth.protected_count().await.expect("a count");
    assert_eq!(all.tags, all.total);
    let problem = berth.set_setting("protected_tags", "[").await.expect_err("no glob");
    assert_eq!(problem.code, ErrorCode::InvalidInput);
    let seen = berth.settings().await.expect("settings");
    let mut settings = seen.clone();
    settings.tries = 0;
    assert!(berth.update_settings(seen.clone(), settings.clone()).await.is_err());
    settings.tries = 9;
    berth.set_setting("sizes", "iec").await.expect("by somebody else");
    let kept = berth.update_settings(seen, settings).await.expect("in its bounds");
    assert_eq!(kept.sizes, SizeUnits::Iec, "what somebody else changed stays");
    assert_eq!(berth.setting(Some("tries")).await.expect("a key"), 9);
    assert_eq!(
        berth.connections().await.expect("settings").len(),
        1,
        "connections stay"
    );
    assert!(sampled.house.settings_text().contains("tries = 9"));
}

#[tokio::test]
async fn the_revision_moves_with_the_index_and_the_index_can_be_emptied() {
    let sampled = sampled().await;
    let berth = &sampled.berth;
    let before = berth.revision().await.expect("a revision");
    assert_eq!(berth.revision().await.expect("a revision"), before);
    berth.clear_index().await.expect("emptied");
    assert_ne!(berth.revision().await.expect("a revision"), before);
    assert_eq!(berth.index_statistics().await.expect("statistics").tags, 0);
    let report = berth
        .sync(&sampled.id, None, None, &Operation::unobserved())
        .await
        .expect("it is read again");
    assert!(report.tags > 100);
}
