//! Several who ask at once, progress, and cancelling.

use std::sync::Mutex;

use futures::future::join_all;
use registry::ProgressEvent;

use super::*;

#[tokio::test]
async fn all_who_ask_at_once_share_one_stream() {
    let shop = Shop::open();
    let layer = shop.layer(&gzip(&archive(&[("weights", &noise(1, 500_000))])));
    shop.shelf.close();
    let release = async {
        // By then all eight have asked: one of them reads, the others wait for it.
        shop.shelf.opened(1).await;
        shop.shelf.open();
    };
    let (answers, ()) = tokio::join!(join_all((0..8).map(|_| shop.read(&layer))), release);
    for answer in answers {
        assert_eq!(answer.expect("it is read").entries.len(), 1);
    }
    assert_eq!(shop.streams(), 1);
}

#[tokio::test]
async fn different_layers_do_not_wait_for_each_other() {
    let shop = Shop::open();
    let layers = [1, 2].map(|seed| shop.layer(&gzip(&archive(&[("weights", &noise(seed, 1000))]))));
    shop.shelf.close();
    let release = async {
        shop.shelf.opened(2).await;
        shop.shelf.open();
    };
    let (first, second, ()) = tokio::join!(shop.read(&layers[0]), shop.read(&layers[1]), release);
    assert!(first.is_ok() && second.is_ok());
}

#[tokio::test]
async fn who_cancels_leaves_nothing_behind_and_the_next_one_reads() {
    let shop = Shop::open();
    let layer = shop.layer(&gzip(&archive(&[("weights", &noise(1, 500_000))])));
    shop.shelf.close();
    let (first, second) = (Operation::unobserved(), Operation::unobserved());
    let story = async {
        shop.shelf.opened(1).await;
        first.cancel.cancel();
        shop.shelf.opened(2).await;
        assert!(!shop.is_kept(&layer));
        shop.shelf.open();
    };
    let (cancelled, answered, ()) = tokio::join!(shop.read_as(&layer, &first), shop.read_as(&layer, &second), story);
    let error = cancelled.map(drop).expect_err("it was cancelled");
    assert_eq!(error.code(), registry::ErrorCode::Cancelled);
    assert_eq!(answered.expect("nobody cancelled this one").entries.len(), 1);
    assert_eq!(shop.streams(), 2);
}

#[tokio::test]
async fn who_waits_for_another_can_cancel_too() {
    let shop = Shop::open();
    let layer = shop.layer(&gzip(&archive(&[("weights", &noise(1, 1000))])));
    shop.shelf.close();
    let waiting = Operation::unobserved();
    let story = async {
        shop.shelf.opened(1).await;
        waiting.cancel.cancel();
    };
    let reading = shop.read(&layer);
    let follow = async {
        shop.shelf.opened(1).await;
        let (outcome, ()) = tokio::join!(shop.read_as(&layer, &waiting), story);
        assert_eq!(
            outcome.map(drop).expect_err("it was cancelled").code(),
            registry::ErrorCode::Cancelled
        );
        shop.shelf.open();
    };
    let (read, ()) = tokio::join!(reading, follow);
    assert!(read.is_ok(), "the one who reads is not disturbed");
    assert_eq!(shop.streams(), 1);
}

#[tokio::test]
async fn cancelling_in_the_middle_keeps_nothing() {
    let shop = Shop::open();
    let layer = shop.layer(&gzip(&archive(&[("weights", &noise(1, 4_000_000))])));
    let cancel = Arc::new(Mutex::new(None::<Operation>));
    let asked = Arc::clone(&cancel);
    let operation = Operation::observed(move |_| {
        if let Some(operation) = asked.lock().expect("no panic before").as_ref() {
            operation.cancel.cancel();
        }
    });
    *cancel.lock().expect("no panic before") = Some(operation.clone());
    let error = shop
        .read_as(&layer, &operation)
        .await
        .map(drop)
        .expect_err("the first report cancels it");
    assert_eq!(error.code(), registry::ErrorCode::Cancelled);
    assert!(!shop.is_kept(&layer));
    assert!(shop.read(&layer).await.is_ok());
}

#[tokio::test]
async fn progress_counts_the_bytes_of_the_stream() {
    let shop = Shop::open();
    let layer = shop.layer(&gzip(&archive(&[("weights", &noise(1, 2_000_000))])));
    let reports = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&reports);
    let operation = Operation::observed(move |event| {
        if let ProgressEvent::Bytes { done, total } = event {
            seen.lock().expect("no panic before").push((*done, *total));
        }
    });
    shop.read_as(&layer, &operation).await.expect("it is read");
    let reports = reports.lock().expect("no panic before");
    assert!(reports.len() > 3, "{reports:?}");
    assert!(reports.is_sorted(), "{reports:?}");
    assert_eq!(reports.last(), Some(&(layer.size, Some(layer.size))));
}
