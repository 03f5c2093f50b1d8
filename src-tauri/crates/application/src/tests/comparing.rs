//! Versions beside each other, on the sample.

use std::collections::BTreeSet;

use artifact::{ByteSize, Ecosystem, SizeUnits};
use registry::{ErrorCode, Operation};

use super::{Sampled, repository, sampled};
use crate::{ComparisonAnswer, ComparisonPart, ContentsWanted, VersionAt};

const DETECTOR: &str = "vision/defect-detector";

async fn version(sampled: &Sampled, name: &str, tag: &str, platform: Option<&str>) -> VersionAt {
    VersionAt {
        connection: sampled.id.clone(),
        repository: repository(name),
        digest: sampled.digest(&format!("{name}:{tag}")).await,
        tag: None,
        platform: platform.map(str::to_owned),
    }
}

async fn detectors(sampled: &Sampled, tags: &[&str]) -> ComparisonAnswer {
    let mut versions = Vec::new();
    for tag in tags {
        versions.push(version(sampled, DETECTOR, tag, None).await);
    }
    sampled.berth.compare(versions, 0).await.expect("they are known")
}

#[tokio::test]
async fn versions_are_compared_from_the_index_alone() {
    let sampled = sampled().await;
    let answer = detectors(&sampled, &["1.4.2", "1.4.4", "1.5.0-rc.2"]).await;
    let found = &answer.comparison;
    assert!(!found.same);
    assert_eq!(answer.problems, Vec::<String>::new());
    let accuracy = found
        .card
        .iter()
        .find(|row| row.path == "metrics.accuracy")
        .expect("measured");
    assert_eq!(accuracy.differences[1].as_deref(), Some("+0.003"));
    assert_eq!(accuracy.differences[2].as_deref(), Some("+0.014"));
    // What the index says of bytes is what the sizes of the blobs sum up to.
    for (version, blobs) in answer.versions.iter().zip(&found.blobs) {
        assert_eq!(version.size, blobs.total);
        let (pull, shared) = (blobs.to_pull.expect("known"), blobs.shared.expect("known"));
        assert_eq!(pull.bytes() + shared.bytes(), version.size.expect("known").bytes());
    }
    assert_eq!(found.blobs[0].to_pull.map(ByteSize::bytes), Some(0));
    // 1.4.4 stands on the same base and torch as 1.4.2.
    let shared = found
        .layers
        .iter()
        .filter(|row| !row.differs || row.layers[0] == row.layers[1]);
    assert!(shared.count() >= 2);
    let all: Vec<usize> = (0..3)
        .map(|version| found.layers.iter().filter(|row| row.layers[version].is_some()).count())
        .collect();
    assert_eq!(all[0], all[1], "replaced layers stand in one row");
    assert_eq!(found.layers.len(), all[0].max(all[2]));
}

#[tokio::test]
async fn the_same_version_has_no_difference() {
    let sampled = sampled().await;
    let answer = detectors(&sampled, &["1.4.2", "production"]).await;
    assert!(answer.comparison.same);
    for part in ComparisonPart::KNOWN {
        assert!(!answer.differs(part), "{part:?}");
    }
    let other = detectors(&sampled, &["1.4.2", "1.5.0-rc.2"]).await;
    for part in ComparisonPart::KNOWN {
        assert!(other.differs(part), "{part:?}");
    }
}

#[tokio::test]
async fn platforms_are_matched() {
    let sampled = sampled().await;
    // 1.0.0 was built for one platform only, 1.4.2 for two.
    let answer = detectors(&sampled, &["1.4.2", "1.0.0"]).await;
    assert_eq!(answer.common_platforms, ["linux/amd64"]);
    assert!(
        answer
            .versions
            .iter()
            .all(|version| version.platform.as_deref() == Some("linux/amd64"))
    );
    let arm = Some("linux/arm64");
    let both = vec![
        version(&sampled, DETECTOR, "1.4.2", arm).await,
        version(&sampled, DETECTOR, "1.4.4", arm).await,
    ];
    let answer = sampled.berth.compare(both, 0).await.expect("both have it");
    assert!(answer.versions.iter().all(|version| version.platform.as_deref() == arm));
    let mixed = vec![
        version(&sampled, DETECTOR, "1.4.2", arm).await,
        version(&sampled, DETECTOR, "1.0.0", None).await,
    ];
    let answer = sampled.berth.compare(mixed, 0).await.expect("both can be read");
    assert!(
        answer
            .problems
            .iter()
            .any(|problem| problem.contains("different platforms")),
        "{:?}",
        answer.problems
    );
    let absent = vec![
        version(&sampled, DETECTOR, "1.4.2", arm).await,
        version(&sampled, DETECTOR, "1.0.0", arm).await,
    ];
    let problem = sampled
        .berth
        .compare(absent, 0)
        .await
        .expect_err("1.0.0 is not for arm64");
    assert_eq!(problem.code, ErrorCode::NotFound);
    assert!(problem.hint.is_some_and(|hint| hint.contains("linux/amd64")));
}

#[tokio::test]
async fn a_model_stands_beside_an_image() {
    let sampled = sampled().await;
    let page = sampled
        .berth
        .all_repositories(&sampled.id, Some("*/tiny-bert*"))
        .await
        .expect("rows");
    let model = page.first().expect("the sample has one").name.clone();
    let tags = sampled
        .berth
        .tags(&sampled.id, &model, crate::TagsWanted::default())
        .await
        .expect("tags");
    let tag = tags.first().expect("it has one").tag.to_string();
    let both = vec![
        version(&sampled, DETECTOR, "1.4.2", None).await,
        version(&sampled, model.as_str(), &tag, None).await,
    ];
    let answer = sampled.berth.compare(both, 1).await.expect("both are known");
    assert_eq!(answer.reference, 1);
    assert!(answer.problems.is_empty(), "{:?}", answer.problems);
    assert_eq!(answer.comparison.blobs[0].shared.map(ByteSize::bytes), Some(0));
}

#[tokio::test]
async fn one_alone_and_nine_are_refused() {
    let sampled = sampled().await;
    let one = version(&sampled, DETECTOR, "1.4.2", None).await;
    for count in [0, 1, 9] {
        let problem = sampled
            .berth
            .compare(vec![one.clone(); count], 0)
            .await
            .expect_err("no such number");
        assert_eq!(problem.code, ErrorCode::InvalidInput);
        assert!(problem.hint.is_some());
    }
}

#[tokio::test]
async fn the_report_holds_what_differs() {
    let sampled = sampled().await;
    let answer = detectors(&sampled, &["1.4.2", "1.5.0-rc.2"]).await;
    let report = answer.report(&[ComparisonPart::Card], SizeUnits::Si);
    let titles: Vec<&str> = report.sections.iter().map(|section| section.title.as_str()).collect();
    assert_eq!(titles, ["Versions", "Model card"]);
    let text = answer.report(&ComparisonPart::KNOWN, SizeUnits::Si).markdown();
    assert!(
        text.starts_with("## Sample/vision/defect-detector:1.4.2 ↔ Sample/vision/defect-detector:1.5.0-rc.2\n"),
        "{text}"
    );
    assert!(text.contains("| accuracy | 0.944 | 0.958 (+0.014) |"), "{text}");
}

#[tokio::test]
async fn files_and_packages_are_read_once() {
    let sampled = sampled().await;
    let mut answer = detectors(&sampled, &["1.4.2", "1.4.4", "1.5.0-rc.2"]).await;
    let wanted = ContentsWanted {
        files: true,
        packages: true,
    };
    let operation = Operation::unobserved();
    let found = sampled
        .berth
        .compare_contents(&answer, wanted, &operation)
        .await
        .expect("layers can be read");
    assert!(
        found.read.bytes() > 0 && found.problems.is_empty(),
        "{:?}",
        found.problems
    );
    assert!(found.files[0].is_empty() && found.files[0].same > 0);
    let paths: Vec<&str> = found.files[1].changed.iter().map(|file| file.path.as_str()).collect();
    assert!(paths.contains(&"app/model.safetensors"), "{paths:?}");
    let python = &found.packages[&Ecosystem::Python];
    let torch = python.iter().find(|row| row.name == "torch").expect("it is installed");
    assert_eq!(torch.versions[0], torch.versions[1]);
    assert!(
        torch.differs
            && torch.versions[2]
                .as_deref()
                .is_some_and(|version| version.starts_with("2.5.1"))
    );
    answer.contents = Some(found.clone());
    assert!(answer.differs(ComparisonPart::Files) && answer.differs(ComparisonPart::Packages));
    let again = sampled
        .berth
        .compare_contents(&answer, wanted, &operation)
        .await
        .expect("they are known");
    assert_eq!(again.read.bytes(), 0);
    assert_eq!((again.files, again.packages), (found.files, found.packages));
    let text = answer
        .report(&[ComparisonPart::Packages, ComparisonPart::Files], SizeUnits::Si)
        .markdown();
    assert!(
        text.contains("### Python packages · ") && text.contains("| app/model.safetensors |"),
        "{text}"
    );
}

#[tokio::test]
async fn differing_files_come_in_pages() {
    let sampled = sampled().await;
    let answer = detectors(&sampled, &["1.4.2", "1.4.4", "1.5.0-rc.2"]).await;
    let berth = &sampled.berth;
    let cost = berth.comparison_cost(&answer).await.expect("known");
    let distinct: BTreeSet<_> = answer
        .comparison
        .layers
        .iter()
        .flat_map(|row| row.layers.iter().flatten())
        .map(|layer| &layer.digest)
        .collect();
    assert_eq!(
        (cost.layers, cost.layers_to_read),
        (distinct.len() as u64, distinct.len() as u64)
    );
    let (view, found) = berth
        .open_contents(&answer, &Operation::unobserved())
        .await
        .expect("readable");
    assert_eq!(found.read, cost.bytes_to_read);
    assert_eq!(berth.comparison_cost(&answer).await.expect("known").layers_to_read, 0);
    let all = berth.compared_files(&view, "", 0, 10_000).await.expect("open");
    assert_eq!(all.total, found.file_rows.len());
    assert!(
        all.items
            .iter()
            .all(|row| row.fates[0].is_none() && row.fates.iter().any(Option::is_some))
    );
    let second = berth.compared_files(&view, "", 2, 3).await.expect("open");
    assert_eq!((second.total, &second.items[..]), (all.total, &all.items[2..5]));
    let torch = berth
        .compared_files(&view, "Site-Packages/torch/", 0, 100)
        .await
        .expect("open");
    assert!(torch.total > 0 && torch.total < all.total);
    assert!(torch.items.iter().all(|row| row.path.contains("site-packages/torch/")));
    berth.clear_contents().await.expect("they can be forgotten");
    let problem = berth.compared_files(&view, "", 0, 1).await.expect_err("it is not open");
    assert_eq!(problem.code, ErrorCode::NotFound);
}

#[tokio::test]
async fn packages_are_those_of_the_bills_of_materials_or_of_the_files() {
    let sampled = sampled().await;
    let only = ContentsWanted {
        files: false,
        packages: true,
    };
    let operation = Operation::unobserved();
    // Published since 1.4.0.
    let answer = detectors(&sampled, &["1.4.2", "1.5.0-rc.2"]).await;
    let stated = sampled
        .berth
        .compare_contents(&answer, only, &operation)
        .await
        .expect("readable");
    assert!(stated.packages_stated && stated.files.is_empty());
    assert_eq!(stated.read.bytes(), 0, "no layer");
    let torch = |found: &crate::ContentsComparison| {
        let python = &found.packages[&Ecosystem::Python];
        python
            .iter()
            .find(|row| row.name == "torch")
            .expect("it is installed")
            .versions
            .clone()
    };
    assert_eq!(torch(&stated), [Some("2.4.1".to_owned()), Some("2.5.1".to_owned())]);
    assert!(stated.packages.contains_key(&Ecosystem::Debian));
    // Where one version has none, both are told by their files.
    let answer = detectors(&sampled, &["1.3.5", "1.5.0-rc.2"]).await;
    let found = sampled
        .berth
        .compare_contents(&answer, only, &operation)
        .await
        .expect("readable");
    assert!(!found.packages_stated && found.read.bytes() > 0 && found.files.is_empty());
    assert_eq!(torch(&found)[1].as_deref(), Some("2.5.1"));
}

#[tokio::test]
async fn tensors_are_compared_from_their_headers() {
    let sampled = sampled().await;
    let both = vec![
        version(&sampled, "llm/tiny-bert", "1.0.0", None).await,
        version(&sampled, "llm/tiny-bert", "2.0.0", None).await,
    ];
    let mut answer = sampled.berth.compare(both, 0).await.expect("both are known");
    let operation = Operation::unobserved();
    let found = sampled
        .berth
        .compare_tensors(&answer, false, &operation)
        .await
        .expect("headers can be read");
    assert!(found.complete && found.bytes_read.bytes() > 0, "{:?}", found.problems);
    assert!(found.versions[0].difference.is_same_layout() && found.versions[0].layers > 0);
    let changed = &found.versions[1].difference;
    assert_eq!(
        changed.same + changed.changed.len() as u64 + changed.added.len() as u64,
        found.versions[1].totals.tensors
    );
    let differs = !changed.is_same_layout() || !changed.metadata.is_empty();
    answer.tensors = Some(found);
    assert_eq!(answer.differs(ComparisonPart::Tensors), differs);
    let text = answer.report(&[ComparisonPart::Tensors], SizeUnits::Si).markdown();
    assert!(text.contains("### Tensors · B: "), "{text}");
    let again = sampled
        .berth
        .compare_tensors(&answer, false, &operation)
        .await
        .expect("they are kept");
    assert_eq!((again.requests, again.bytes_read.bytes()), (0, 0));
}
