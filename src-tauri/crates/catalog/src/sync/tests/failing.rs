//! What cannot be read is a problem beside what could, and nothing is lost.

use registry::{ErrorCode, Operation};
use serde_json::json;

use crate::{
    CatalogError,
    double::{CONFIG, CONNECTION, IMAGE, INDEX, MemoryRegistry, Seen, denied, layer, name, unreachable},
};

#[tokio::test]
async fn a_manifest_that_cannot_be_read_keeps_its_row_and_is_tried_again() {
    let (seen, registry) = (Seen::new(), MemoryRegistry::new());
    registry.fill("team/model", &["1.0", "2.0"]);
    registry.refuse("team/model:2.0", unreachable());
    let report = seen.sync(&registry).await;
    assert_eq!((report.tags, report.new), (2, 2));
    assert_eq!(report.problems.len(), 1);
    assert_eq!(report.problems[0].reference.as_deref(), Some("2.0"));
    assert_eq!(seen.tags("team/model"), ["2.0", "1.0"]);
    let problem = seen.problem("team/model", "2.0").expect("a problem");
    assert_eq!((problem.code, problem.retryable), (ErrorCode::Unreachable, true));
    registry.allow_all();
    seen.sync(&registry).await;
    assert_eq!(seen.problem("team/model", "2.0"), None);
    assert!(seen.rows("team/model").iter().all(|row| row.size.is_some()));
}

#[tokio::test]
async fn bytes_that_are_no_manifest_are_a_problem_of_their_row() {
    let (seen, registry) = (Seen::new(), MemoryRegistry::new());
    registry.fill("team/model", &["1.0"]);
    let broken = registry.raw_manifest(IMAGE, b"<html>log in</html>".to_vec());
    registry.tag("team/model", "broken", &broken);
    seen.sync(&registry).await;
    let problem = seen.problem("team/model", "broken").expect("a problem");
    assert_eq!(problem.code, ErrorCode::InvalidAnswer);
    assert_eq!(seen.rows("team/model").len(), 2);
    registry.forget_questions();
    seen.sync(&registry).await;
    assert_eq!(registry.asked("GET").len(), 0, "the same bytes would come again");
}

#[tokio::test]
async fn of_an_index_of_thousands_a_bounded_number_is_read() {
    let (seen, registry) = (Seen::new(), MemoryRegistry::new());
    let image = registry.image(&[("base", 1)], &[]);
    let bytes = registry.bytes(&image.digest);
    let children: Vec<_> = (0..700)
        .map(|number| {
            // Other bytes, hence another digest, of the same image.
            let child = registry.raw_manifest(IMAGE, [&bytes[..], &vec![b' '; number]].concat());
            json!({ "mediaType": IMAGE, "digest": child.digest.to_string(), "size": child.size.bytes(),
                "platform": { "os": "linux", "architecture": "amd64", "variant": format!("v{number}") } })
        })
        .collect();
    let index = json!({ "schemaVersion": 2, "mediaType": INDEX, "manifests": children });
    let index = registry.manifest_of(INDEX, &index);
    registry.tag("team/model", "1.0", &index);
    seen.sync(&registry).await;
    assert_eq!(registry.asked("GET").len(), 512);
    registry.forget_questions();
    seen.sync(&registry).await;
    assert_eq!(registry.asked("GET").len(), 0, "the rest is not tried again");
}

#[tokio::test]
async fn a_config_that_is_missing_or_no_json_leaves_the_layers() {
    let (seen, registry) = (Seen::new(), MemoryRegistry::new());
    let absent = layer("an absent config");
    let text = registry.blob_of(b"not json");
    for (tag, (digest, size)) in [("absent", (absent, 8)), ("text", text)] {
        let manifest = json!({ "schemaVersion": 2, "mediaType": IMAGE,
            "config": { "mediaType": CONFIG, "digest": digest.to_string(), "size": size },
            "layers": [{ "mediaType": "application/vnd.oci.image.layer.v1.tar", "digest": layer("one").to_string(), "size": 5 }] });
        let version = registry.manifest_of(IMAGE, &manifest);
        registry.tag("team/model", tag, &version);
    }
    seen.sync(&registry).await;
    for tag in ["absent", "text"] {
        assert!(seen.problem("team/model", tag).is_some(), "{tag} has no problem");
    }
    assert!(seen.rows("team/model").iter().all(|row| row.layer_count == 1));
}

#[tokio::test]
async fn indexes_without_end_and_loops_end() {
    let (seen, registry) = (Seen::new(), MemoryRegistry::new());
    let mut inner = registry.image(&[("base", 1)], &[]);
    for _ in 0..40 {
        let entry =
            json!({ "mediaType": inner.media_type, "digest": inner.digest.to_string(), "size": inner.size.bytes() });
        let manifest = json!({ "schemaVersion": 2, "mediaType": INDEX, "manifests": [entry.clone(), entry] });
        inner = registry.manifest_of(INDEX, &manifest);
    }
    registry.tag("team/deep", "1.0", &inner);
    seen.sync(&registry).await;
    assert!(
        registry.asked("GET").len() < 20,
        "{} manifests were read",
        registry.asked("GET").len()
    );
    assert_eq!(seen.rows("team/deep").len(), 1);
}

#[tokio::test]
async fn one_repository_that_fails_stops_no_other() {
    let (seen, registry) = (Seen::new(), MemoryRegistry::new());
    registry.fill("one", &["1.0"]);
    registry.fill("two", &["1.0"]);
    seen.sync(&registry).await;
    registry.refuse("TAGS one", unreachable());
    registry.fill("two", &["2.0"]);
    let report = seen.sync(&registry).await;
    assert_eq!((report.repositories, report.new), (1, 1));
    let row = seen
        .index
        .repository(&CONNECTION.into(), &name("one"))
        .expect("read")
        .expect("its row is kept");
    assert_eq!(
        (row.tags, row.problem.map(|problem| problem.code)),
        (1, Some(ErrorCode::Unreachable))
    );
    registry.allow_all();
    seen.sync(&registry).await;
    let row = seen
        .index
        .repository(&CONNECTION.into(), &name("one"))
        .expect("read")
        .expect("a row");
    assert!(row.problem.is_none());
}

#[tokio::test]
async fn nothing_at_all_is_an_error_and_what_was_known_stays() {
    let (seen, registry) = (Seen::new(), MemoryRegistry::new());
    registry.fill("team/model", &["1.0"]);
    seen.sync(&registry).await;
    registry.refuse("", unreachable());
    let error = seen
        .try_sync(&registry, CONNECTION, &Operation::unobserved())
        .await
        .expect_err("nobody answers");
    assert!(
        matches!(error, CatalogError::Registry(_)) && error.retryable(),
        "{error}"
    );
    assert_eq!(seen.tags("team/model"), ["1.0"]);
    let row = seen.index.connections().expect("rows").remove(0);
    assert_eq!(row.problem.map(|problem| problem.code), Some(ErrorCode::Unreachable));
}

#[tokio::test]
async fn pinned_repositories_are_read_where_listing_is_denied() {
    let (mut seen, registry) = (Seen::new(), MemoryRegistry::new());
    registry.fill("team/model", &["1.0"]);
    registry.refuse("REPOSITORIES", denied());
    seen.pinned = vec![name("team/model")];
    let report = seen.sync(&registry).await;
    assert_eq!((report.repositories, report.tags), (1, 1));
    assert_eq!(
        report.problems.iter().map(|problem| problem.code).collect::<Vec<_>>(),
        [ErrorCode::Denied]
    );
    assert_eq!(seen.tags("team/model"), ["1.0"]);
}

#[tokio::test]
async fn a_report_names_a_bounded_number_of_problems() {
    let (seen, registry) = (Seen::new(), MemoryRegistry::new());
    let tags: Vec<String> = (0..520).map(|number| format!("1.{number}")).collect();
    registry.fill("team/model", &tags.iter().map(String::as_str).collect::<Vec<_>>());
    registry.refuse("GET", unreachable());
    let report = seen.sync(&registry).await;
    assert_eq!(report.problems.len(), 501);
    assert!(
        report.problems[500].message.starts_with("and 20 more"),
        "{}",
        report.problems[500].message
    );
    assert!(
        seen.rows("team/model").iter().all(|row| row.problem.is_some()),
        "each has its own all the same"
    );
}
