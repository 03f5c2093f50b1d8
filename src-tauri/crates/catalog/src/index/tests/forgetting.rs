//! Making the index smaller, and what stays.

use artifact::ByteSize;

use crate::{
    CatalogError,
    double::{CONNECTION, MemoryRegistry, Seen, name},
};

#[tokio::test]
async fn a_forgotten_connection_takes_along_only_what_nobody_else_has() {
    let (seen, registry) = (Seen::new(), MemoryRegistry::new());
    let shared = registry.image(&[("shared", 10)], &[]);
    registry.tag("team/model", "1.0", &shared);
    let other = MemoryRegistry::new();
    let same = other.image(&[("shared", 10)], &[]);
    other.tag("team/copy", "1.0", &same);
    let alone = other.fill("team/copy", &["2.0"]).remove(0);
    seen.sync(&registry).await;
    seen.try_sync(&other, "c2", &registry::Operation::unobserved())
        .await
        .expect("read");
    let kept_out = seen.index.keep_out(&"c2".into()).await.expect("nobody syncs");
    seen.index.forget(&kept_out).expect("forgotten");
    assert_eq!(seen.index.connections().expect("rows").len(), 1);
    assert_eq!(seen.tags("team/model"), ["1.0"]);
    assert!(seen.index.manifest_bytes(&shared.digest).expect("read").is_some());
    assert!(seen.index.manifest_bytes(&alone.digest).expect("read").is_none());
    assert_eq!(seen.index.statistics().expect("figures").manifests, 1);
    let kept_out = seen.index.keep_out(&CONNECTION.into()).await.expect("nobody syncs");
    seen.index
        .forget_repository(&kept_out, &name("team/model"))
        .expect("forgotten");
    assert!(seen.index.repositories(None).expect("rows").is_empty());
    assert_eq!(seen.index.statistics().expect("figures").manifests, 0);
}

#[tokio::test]
async fn an_emptied_index_is_small_and_can_be_filled_again() {
    let (seen, registry) = (Seen::new(), MemoryRegistry::new());
    registry.fill("team/model", &["1.0", "2.0"]);
    seen.sync(&registry).await;
    let other = seen.opened_again();
    assert_eq!(other.tags("team/model").len(), 2);
    let before = other.index.data_version().expect("a number");
    seen.index.clear(&[]).expect("emptied");
    let statistics = seen.index.statistics().expect("figures");
    assert_eq!(
        (statistics.repositories, statistics.tags, statistics.manifests),
        (0, 0, 0)
    );
    assert!(statistics.index_size < ByteSize(1 << 20), "{}", statistics.index_size);
    assert_ne!(
        other.index.data_version().expect("a number"),
        before,
        "the other process is told"
    );
    let gone = other.index.versions(&crate::double::query("team/model"));
    assert!(matches!(gone, Err(CatalogError::NeverSynced(_))), "{gone:?}");
    seen.sync(&registry).await;
    assert_eq!(other.tags("team/model"), ["2.0", "1.0"]);
}

#[tokio::test]
async fn tags_that_patterns_cover_are_counted_once() {
    let (seen, registry) = (Seen::new(), MemoryRegistry::new());
    registry.fill("one", &["production", "release-1", "release-2", "1.0"]);
    registry.fill("two", &["production", "Release-3", "rel"]);
    seen.sync(&registry).await;
    let count = |patterns: &[&str]| {
        let patterns: Vec<String> = patterns.iter().map(|pattern| (*pattern).to_owned()).collect();
        seen.index.count_tags(&patterns).expect("patterns")
    };
    assert_eq!(count(&["production"]), 2);
    assert_eq!(count(&["release-*", "rel*", "release-1"]), 3);
    assert_eq!(count(&["*"]), 7);
    assert_eq!((count(&[]), count(&["absent"]), count(&["[pr]*"])), (0, 0, 5));
    assert!(matches!(
        seen.index.count_tags(&["[".to_owned()]),
        Err(CatalogError::InvalidInput(_))
    ));
}
