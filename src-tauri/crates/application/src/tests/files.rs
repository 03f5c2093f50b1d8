//! The files of a version: listed, as a tree, as an icicle, on the sample.

use artifact::FileKind;
use registry::{ErrorCode, Operation};

use super::{repository, sampled};
use crate::FilesOptions;

#[tokio::test]
async fn the_tree_is_read_once_and_shown_in_pages() {
    let sampled = sampled().await;
    let (digest, name) = (
        sampled.digest("vision/defect-detector:1.4.2").await,
        repository("vision/defect-detector"),
    );
    let (berth, id, operation) = (&sampled.berth, &sampled.id, Operation::unobserved());
    let cost = berth.files_cost(id, &name, &digest, None).await.expect("a cost");
    assert!(cost.layers_to_read > 0 && cost.bytes_to_read.bytes() > 0);
    let summary = berth
        .files(id, &name, &digest, None, &operation)
        .await
        .expect("the layers can be read");
    assert_eq!(summary.read, cost.bytes_to_read);
    let after = berth.files_cost(id, &name, &digest, None).await.expect("a cost");
    assert_eq!(
        (after.layers_to_read, after.bytes_to_read.bytes()),
        (0, 0),
        "nothing is read twice"
    );

    let options = FilesOptions::default();
    let top = berth
        .file_children(&summary.view, "", &options, 0, 100)
        .await
        .expect("a page");
    assert!(
        top.items.windows(2).all(|pair| pair[0].size >= pair[1].size),
        "largest first"
    );
    let folder = top
        .items
        .iter()
        .find(|node| node.kind == FileKind::Directory)
        .expect("a folder");
    let below = berth
        .file_children(&summary.view, &folder.path, &options, 0, 1)
        .await
        .expect("a page");
    assert!(below.items.len() == 1 && below.total >= 1);
    let found = FilesOptions {
        text: "safetensors".to_owned(),
        ..FilesOptions::default()
    };
    assert!(
        berth
            .file_children(&summary.view, "", &found, 0, 100)
            .await
            .expect("a page")
            .total
            >= 1
    );
    let icicle = berth.icicle(&summary.view, &options).await.expect("boxes");
    assert_eq!(icicle.size, summary.size);
    let gone = berth
        .file_children("no view", "", &options, 0, 1)
        .await
        .expect_err("never opened");
    assert!(gone.code == ErrorCode::NotFound && gone.hint.is_some());
}

#[tokio::test]
async fn the_list_is_the_merged_tree_and_a_layer_is_as_stored() {
    let sampled = sampled().await;
    let (digest, name) = (
        sampled.digest("vision/defect-detector:1.4.2").await,
        repository("vision/defect-detector"),
    );
    let (berth, id, operation) = (&sampled.berth, &sampled.id, Operation::unobserved());
    let listed = berth
        .listed_files(id, &name, &digest, None, None, &operation)
        .await
        .expect("a list");
    assert!(
        listed
            .files
            .iter()
            .all(|file| !file.path.starts_with(['/', '.']) || file.path.starts_with(".d"))
    );
    let model = listed
        .files
        .iter()
        .find(|file| file.path == "app/model.safetensors")
        .expect("the weights");
    assert_eq!((model.kind, model.mode.as_str()), (FileKind::File, "0644"));
    let short = model.layer.short().to_owned();
    let layer = berth
        .listed_files(id, &name, &digest, None, Some(&short), &operation)
        .await
        .expect("one layer");
    assert!(layer.files.len() < listed.files.len() && layer.files.iter().all(|file| file.layer == model.layer));
    let whole = model.layer.to_string();
    let same = berth
        .listed_files(id, &name, &digest, None, Some(&whole), &operation)
        .await
        .expect("one layer");
    assert_eq!(same.files, layer.files);
    for wrong in ["sha256:0000", "00000000", "", "not a digest"] {
        let problem = berth
            .listed_files(id, &name, &digest, None, Some(wrong), &operation)
            .await;
        let problem = problem.expect_err("no layer");
        assert!(
            problem.code == ErrorCode::NotFound && problem.hint.is_some(),
            "{wrong}: {problem:?}"
        );
    }
    let arm = berth
        .listed_files(id, &name, &digest, Some("linux/arm64"), None, &operation)
        .await
        .expect("a list");
    assert_eq!((arm.platform.as_str(), arm.warning), ("linux/arm64", None));
}

#[tokio::test]
async fn the_files_of_a_model_are_its_layers() {
    let sampled = sampled().await;
    let (digest, name) = (sampled.digest("llm/tiny-bert:2.0.0").await, repository("llm/tiny-bert"));
    let (berth, id, operation) = (&sampled.berth, &sampled.id, Operation::unobserved());
    let listed = berth
        .listed_files(id, &name, &digest, None, None, &operation)
        .await
        .expect("a list");
    assert!(listed.warning.is_none(), "a model is for no platform");
    let shown = berth.version(id, &name, &digest, None).await.expect("it is known");
    for file in listed.files.iter().filter(|file| file.kind == FileKind::File) {
        let layer = shown
            .layers
            .iter()
            .find(|layer| layer.digest == file.layer)
            .expect("each has its layer");
        assert_eq!(layer.size, file.size, "{}", file.path);
    }
}
