//! What a search finds, and in which order.

use crate::{
    SearchHit, SearchHitKind, SearchQuery,
    double::{CONNECTION, MemoryRegistry, Seen},
};

async fn filled() -> Seen {
    let (seen, registry) = (Seen::new(), MemoryRegistry::new());
    let image = |tag: &str, created: &str, labels: &[(&str, &str)]| {
        let mut all = vec![("created", created)];
        all.extend_from_slice(labels);
        registry.image(&[(tag, 10)], &all)
    };
    let old = image(
        "old",
        "2025-01-01T00:00:00Z",
        &[("dataset", "bolts-2025"), ("org.opencontainers.image.licenses", "MIT")],
    );
    let new = image(
        "new",
        "2026-01-01T00:00:00Z",
        &[("dataset", "bolts-2026"), ("owner", "Zoë & <b>Söhne</b>")],
    );
    for (repository, tag, version) in [
        ("vision/defect-detector", "1.4.2", &old),
        ("vision/defect-detector", "1.4.10", &new),
        ("vision/defect-detector", "production", &new),
        ("vision/segmenter", "1.4.2", &old),
        ("vision/segmenter", "v1.4", &new),
        ("speech/1.4-experiments", "my-1.4.2-rc", &old),
        ("speech/1.4-experiments", "preproduction", &new),
        ("speech/1.4-experiments", "Build_7", &old),
    ] {
        registry.tag(repository, tag, version);
    }
    registry.tag("vision/segmenter", &format!("sha256-{}.sig", new.digest.hex()), &old);
    seen.sync(&registry).await;
    seen
}

fn search(seen: &Seen, words: &str) -> Vec<SearchHit> {
    let query = SearchQuery {
        words: words.to_owned(),
        connection: None,
        limit: 20,
        channels: vec!["production".to_owned()],
    };
    seen.index.search(&query).expect("an answer")
}

/// `repository:tag` of each hit.
fn found(seen: &Seen, words: &str) -> Vec<String> {
    let text = |hit: &SearchHit| match &hit.tag {
        Some(tag) => format!("{}:{tag}", hit.repository),
        None => hit.repository.to_string(),
    };
    search(seen, words).iter().map(text).collect()
}

#[tokio::test]
async fn exact_comes_before_beginnings_and_these_before_parts() {
    let seen = filled().await;
    let hits = found(&seen, "1.4.2");
    assert_eq!(
        hits,
        [
            "vision/defect-detector:1.4.2",
            "vision/segmenter:1.4.2",
            "speech/1.4-experiments:my-1.4.2-rc"
        ]
    );
    let hits = found(&seen, "1.4");
    assert_eq!(
        hits.last().map(String::as_str),
        Some("speech/1.4-experiments:my-1.4.2-rc")
    );
    assert!(hits.contains(&"vision/segmenter:v1.4".to_owned()));
    assert_eq!(found(&seen, "production")[0], "vision/defect-detector:production");
    assert_eq!(found(&seen, "production").len(), 2);
}

#[tokio::test]
async fn a_channel_and_what_is_recent_come_first_among_equals() {
    let seen = filled().await;
    let hits = found(&seen, "detector");
    assert_eq!(hits[0], "vision/defect-detector");
    let hits = found(&seen, "pro");
    assert_eq!(
        hits[..2],
        [
            "vision/defect-detector:production",
            "speech/1.4-experiments:preproduction"
        ]
    );
    let hits: Vec<String> = found(&seen, "1.4.")
        .into_iter()
        .filter(|hit| hit.contains("detector"))
        .collect();
    assert_eq!(hits, ["vision/defect-detector:1.4.10", "vision/defect-detector:1.4.2"]);
}

#[tokio::test]
async fn under_three_letters_only_beginnings_match() {
    let seen = filled().await;
    let hits = found(&seen, "v1");
    assert_eq!(hits, ["vision/segmenter:v1.4"]);
    assert!(found(&seen, "1.").iter().all(|hit| !hit.contains("my-1.4.2")));
    assert!(
        found(&seen, "bu").contains(&"speech/1.4-experiments:Build_7".to_owned()),
        "in any case"
    );
    assert!(found(&seen, "se").contains(&"vision/segmenter".to_owned()));
}

#[tokio::test]
async fn words_may_stand_in_different_parts() {
    let seen = filled().await;
    assert_eq!(found(&seen, "segmenter 1.4.2"), ["vision/segmenter:1.4.2"]);
    assert_eq!(found(&seen, "vision/segmenter:1.4.2"), ["vision/segmenter:1.4.2"]);
    assert_eq!(found(&seen, "detector bolts-2025"), ["vision/defect-detector:1.4.2"]);
    assert_eq!(found(&seen, "1.4.2 bolts-2025 vision").len(), 2);
    assert!(found(&seen, "segmenter production").is_empty());
}

#[tokio::test]
async fn labels_cards_and_digests_lead_to_versions() {
    let seen = filled().await;
    let hits = search(&seen, "bolts-2026");
    assert!(
        hits.iter()
            .all(|hit| hit.kind == SearchHitKind::Label && hit.matched.contains("bolts-2026")),
        "{hits:?}"
    );
    assert_eq!(hits.len(), 3, "one per repository");
    assert!(!search(&seen, "MIT").is_empty(), "a licence is of the card");
    let digest = hits[0].digest.clone().expect("a digest");
    for text in [
        digest.hex()[..6].to_owned(),
        digest.to_string(),
        format!("SHA256:{}", &digest.hex()[..12]),
    ] {
        let hits = search(&seen, &text);
        assert_eq!(hits.len(), 3, "{text}");
        assert!(
            hits.iter()
                .all(|hit| hit.digest.as_ref() == Some(&digest) && hit.kind == SearchHitKind::Digest)
        );
    }
}

#[tokio::test]
async fn a_pasted_reference_finds_its_version() {
    let seen = filled().await;
    let hits = search(&seen, "vision/segmenter:v1.4");
    let digest = hits[0].digest.clone().expect("a digest");
    for text in [
        format!("vision/segmenter@{digest}"),
        format!("segmenter@sha256:{}", &digest.hex()[..3]),
        format!("segmenter@{}", &digest.hex()[..12]),
        format!("vision/segmenter:v1.4@{digest}"),
        format!("vision/segmenter:moved-since@{digest}"),
    ] {
        let hits = search(&seen, &text);
        assert_eq!(found(&seen, &text), ["vision/segmenter:v1.4"], "{text}");
        assert_eq!(hits[0].digest.as_ref(), Some(&digest), "{text}");
    }
    assert!(found(&seen, &format!("vision/absent@{digest}")).is_empty());
    assert!(found(&seen, "segmenter@sha256:").contains(&"vision/segmenter".to_owned()));
}

#[tokio::test]
async fn the_repository_that_a_reference_names_goes_before_longer_names() {
    let (seen, registry) = (Seen::new(), MemoryRegistry::new());
    let version = |created: &str| registry.image(&[("layer", 10)], &[("created", created)]);
    let (old, new) = (version("2025-01-01T00:00:00Z"), version("2026-01-01T00:00:00Z"));
    registry.tag("acme/vision/x", "1.4", &old);
    registry.tag("acme/vision/x-large", "1.4", &new);
    seen.sync(&registry).await;
    for text in ["vision/x:1.4", "x:1.4", "acme/vision/x:1.4"] {
        assert_eq!(
            found(&seen, text),
            ["acme/vision/x:1.4", "acme/vision/x-large:1.4"],
            "{text}"
        );
    }
    assert_eq!(
        found(&seen, "x 1.4")[0],
        "acme/vision/x-large:1.4",
        "words name nothing"
    );
}

#[tokio::test]
async fn a_short_digest_is_found_beside_many_that_begin_the_same() {
    let (seen, registry) = (Seen::new(), MemoryRegistry::new());
    let many = crate::Synthetic::one_repository("c2".into(), 3_000, seen.now());
    many.fill(&seen.index).expect("filled");
    let tags: Vec<String> = (0..16).map(|number| format!("1.{number}")).collect();
    let tags: Vec<&str> = tags.iter().map(String::as_str).collect();
    let versions = registry.fill("team/small", &tags);
    seen.sync(&registry).await;
    for (tag, version) in tags.iter().zip(&versions) {
        let text = format!("team/small@sha256:{}", &version.digest.hex()[..1]);
        assert!(found(&seen, &text).contains(&format!("team/small:{tag}")), "{text}");
    }
}

#[tokio::test]
async fn names_of_signatures_are_not_found() {
    let seen = filled().await;
    assert!(found(&seen, ".sig").is_empty());
    assert!(found(&seen, "sha256-").is_empty());
}

#[tokio::test]
async fn odd_characters_are_searched_as_they_are() {
    let seen = filled().await;
    assert_eq!(
        search(&seen, "<b>söhne").len(),
        3,
        "letters of any alphabet, in any case"
    );
    assert_eq!(search(&seen, "zoë").len(), 3);
    let odd = [
        "\"",
        "a\"b OR 1.4",
        "*",
        "1.4*",
        "NEAR(a b)",
        "name:1.4",
        "-",
        "--",
        "AND",
        "(",
        "')--",
        "%",
        "_",
        "\0\0\0",
        "\u{1F600}\u{1F600}\u{1F600}",
        "ï¿½ï¿½",
        "{}^",
        "sha256:",
        ":",
        "@",
        "/",
        "1.4.2\n1.4.2",
        "ẞẞẞ",
        "İİİ",
    ];
    for words in odd {
        let hits = found(&seen, words);
        assert!(hits.len() <= 20, "{words:?}");
    }
    assert!(
        found(&seen, "1.4*").is_empty() && found(&seen, "production_").is_empty(),
        "nothing stands for something else"
    );
    assert!(found(&seen, &"x".repeat(10_000)).is_empty());
    assert!(found(&seen, &"1.4.2 ".repeat(1_000)).len() <= 20);
}

#[tokio::test]
async fn a_search_is_bounded_and_can_be_of_one_connection() {
    let seen = filled().await;
    let registry = MemoryRegistry::new();
    registry.fill("vision/defect-detector", &["1.4.2"]);
    let operation = registry::Operation::unobserved();
    seen.try_sync(&registry, "c2", &operation).await.expect("read");
    let of = |connection: Option<&str>, limit: usize| {
        let connection = connection.map(Into::into);
        let query = SearchQuery {
            words: "1.4.2".to_owned(),
            connection,
            limit,
            channels: Vec::new(),
        };
        seen.index.search(&query).expect("an answer")
    };
    assert_eq!(of(None, 20).len(), 4);
    assert_eq!(of(Some("c2"), 20).len(), 1);
    assert!(
        of(Some(CONNECTION), 20)
            .iter()
            .all(|hit| hit.connection.as_str() == CONNECTION)
    );
    assert_eq!((of(None, 2).len(), of(None, 0).len()), (2, 0));
}

#[tokio::test]
async fn what_vanished_is_found_no_more() {
    let (seen, registry) = (Seen::new(), MemoryRegistry::new());
    registry.fill("team/model", &["1.0-alpha", "2.0-alpha"]);
    seen.sync(&registry).await;
    assert_eq!(found(&seen, "alpha").len(), 2);
    registry.untag("team/model", "1.0-alpha");
    seen.sync(&registry).await;
    assert_eq!(found(&seen, "alpha"), ["team/model:2.0-alpha"]);
    let kept_out = seen.index.keep_out(&CONNECTION.into()).await.expect("nobody syncs");
    seen.index.forget(&kept_out).expect("forgotten");
    assert!(found(&seen, "alpha").is_empty() && found(&seen, "model").is_empty());
}
