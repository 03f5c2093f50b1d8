//! The tensors of a version, on the sample.

use artifact::tensors::difference;
use registry::{ErrorCode, Operation};

use super::{repository, sampled};

#[tokio::test]
async fn the_tensors_of_a_model_are_read_once() {
    let sampled = sampled().await;
    let name = repository("llm/tiny-bert");
    let (berth, id, operation) = (&sampled.berth, &sampled.id, Operation::unobserved());
    let digest = sampled.digest("llm/tiny-bert:2.0.0").await;
    let cost = berth.tensors_cost(id, &name, &digest, None).await.expect("a cost");
    assert!(
        cost.layers > 0 && cost.layers_to_read > 0 && cost.layers_to_stream == 0,
        "{cost:?}"
    );
    let first = berth
        .tensors(id, &name, &digest, None, false, &operation)
        .await
        .expect("the headers can be read");
    assert_eq!(
        (first.layers, first.unread.len()),
        (cost.layers, 0),
        "{:?}",
        first.unread
    );
    assert!(first.table.len() > 10 && first.requests > 0 && first.bytes_read.bytes() > 0);
    let again = berth
        .tensors(id, &name, &digest, None, true, &operation)
        .await
        .expect("they are kept");
    assert_eq!((again.requests, again.bytes_read.bytes()), (0, 0));
    assert!(difference(&first.table, &again.table).is_same_layout());
    assert_eq!(first.table.totals(), again.table.totals());
    assert_eq!(first.verified, again.verified);
    let cost = berth.tensors_cost(id, &name, &digest, None).await.expect("a cost");
    assert_eq!(cost.layers_to_read, 0);
}

#[tokio::test]
async fn two_versions_differ_in_their_tensors() {
    let sampled = sampled().await;
    let name = repository("llm/tiny-bert");
    let (berth, id, operation) = (&sampled.berth, &sampled.id, Operation::unobserved());
    let mut tables = Vec::new();
    for tag in ["1.0.0", "2.0.0"] {
        let digest = sampled.digest(&format!("llm/tiny-bert:{tag}")).await;
        let answer = berth.tensors(id, &name, &digest, None, false, &operation).await;
        tables.push(answer.expect("the headers can be read").table);
    }
    let found = difference(&tables[0], &tables[1]);
    let all = found.removed.len() + found.changed.len() + usize::try_from(found.same).expect("small");
    assert_eq!(all, tables[0].len());
}

#[tokio::test]
async fn what_holds_no_weights_says_so_and_costs_nothing() {
    let sampled = sampled().await;
    let name = repository("vision/defect-detector");
    let (berth, id, operation) = (&sampled.berth, &sampled.id, Operation::unobserved());
    let digest = sampled.digest("vision/defect-detector:1.4.2").await;
    let answer = berth
        .tensors(id, &name, &digest, None, true, &operation)
        .await
        .expect("an image");
    assert_eq!((answer.layers, answer.requests, answer.table.len()), (0, 0, 0));
    let unknown = artifact::Digest::of(b"nothing");
    let problem = berth.tensors(id, &name, &unknown, None, false, &operation).await;
    assert_eq!(problem.expect_err("no such version").code, ErrorCode::NotFound);
}
