//! The headers of weights: what is read of a blob for them, what is kept, and what is only read when it is asked for.

use artifact::tensors::{StoredAs, StoredWeights, Tensor, TensorsError, WeightBlob};

use super::*;
use crate::contents::{BlobWeights, StreamReason, WeightsOutcome, WeightsRead, WeightsSource};

const LITTLE: &[u8] = include_bytes!("../../../../../../tests/fixtures/weights/little.gguf");
const TYPES: &[u8] = include_bytes!("../../../../../../tests/fixtures/weights/types.safetensors");

/// A safetensors file of one tensor with so many bytes that do not shrink.
fn safetensors(name: &str, bytes: usize) -> Vec<u8> {
    let json = format!(r#"{{"{name}":{{"dtype":"U8","shape":[{bytes}],"data_offsets":[0,{bytes}]}}}}"#);
    let mut file = (json.len() as u64).to_le_bytes().to_vec();
    file.extend_from_slice(json.as_bytes());
    file.extend_from_slice(&noise(7, bytes));
    file
}

impl Shop {
    /// Puts a blob of weights into the repository.
    fn weights(&self, path: &str, stored: StoredAs, bytes: &[u8]) -> WeightBlob {
        let layer = self.layer(bytes);
        WeightBlob {
            digest: layer.digest,
            size: layer.size,
            media_type: "application/vnd.cncf.model.weight.v1.raw".to_owned(),
            path: path.to_owned(),
            stored,
        }
    }

    async fn tensors(&self, blobs: &[WeightBlob], stream: bool) -> WeightsRead {
        let repository = repository();
        let source = WeightsSource {
            index: &self.index,
            registry: &self.registry,
            repository: &repository,
            now: now(),
        };
        let read = contents::weights(&source, blobs.to_vec(), stream, &Operation::unobserved()).await;
        read.expect("the registry answers")
    }

    /// Parts of blobs that were asked for so far, and their bytes.
    fn parts(&self) -> (usize, u64) {
        let parts = self.shelf.parts.lock().expect("no test panics here");
        (parts.len(), parts.iter().map(|part| part.end - part.start).sum())
    }
}

fn read(found: &WeightsRead) -> &StoredWeights {
    match found.blobs.as_slice() {
        [
            BlobWeights {
                outcome: WeightsOutcome::Read(weights),
                ..
            },
        ] => weights,
        other => panic!("{other:?}"),
    }
}

fn tensors(weights: &StoredWeights) -> Vec<&Tensor> {
    weights.files.iter().flat_map(|file| &file.tensors).collect()
}

#[tokio::test]
async fn of_a_large_blob_only_its_header_is_read_and_only_once() {
    let shop = Shop::open();
    let blob = shop.weights("model.safetensors", StoredAs::Raw, &safetensors("w", 8 << 20));
    let first = shop.tensors(std::slice::from_ref(&blob), false).await;
    let weights = read(&first);
    assert_eq!(tensors(weights)[0].bytes, ByteSize(8 << 20));
    assert!(!weights.verified, "of a part nobody can say");
    assert_eq!((first.requests, first.bytes_read), (1, ByteSize(128 << 10)));
    assert_eq!((shop.parts(), shop.streams()), ((1, 128 << 10), 0));
    let cost = contents::weights_cost(&shop.index, std::slice::from_ref(&blob)).expect("the index answers");
    assert_eq!((cost.blobs, cost.to_read), (1, 0));
    let again = shop.tensors(std::slice::from_ref(&blob), true).await;
    assert_eq!(read(&again), weights);
    assert_eq!((again.requests, again.bytes_read, shop.parts().0), (0, ByteSize(0), 1));
    // Another start finds it too; the list of files of the same blob is another thing.
    let other = index_in(shop.folder.path());
    assert!(other.has_weights(&blob.digest).expect("the index answers"));
    assert!(!other.has_layer_contents(&blob.digest).expect("the index answers"));
}

#[tokio::test]
async fn a_small_blob_is_read_whole_and_verified() {
    let shop = Shop::open();
    for (bytes, stored) in [
        (LITTLE.to_vec(), StoredAs::Raw),
        (
            archive(&[("a/little.gguf", LITTLE), ("a/README.md", b"# a")]),
            StoredAs::Tar,
        ),
        (gzip(&archive(&[("little.gguf", LITTLE)])), StoredAs::Gzip),
        (zstd(LITTLE), StoredAs::Zstd),
        // Types lie.
        (zstd(LITTLE), StoredAs::Raw),
    ] {
        let blob = shop.weights("little.gguf", stored, &bytes);
        let cost = contents::weights_cost(&shop.index, std::slice::from_ref(&blob)).expect("the index answers");
        let kept = shop.index.has_weights(&blob.digest).expect("the index answers");
        assert_eq!((cost.to_read, cost.to_stream), (u64::from(!kept), 0));
        let found = shop.tensors(&[blob], false).await;
        assert!(read(&found).verified, "{stored:?}");
        assert_eq!(tensors(read(&found)).len(), 8, "{stored:?}");
    }
    assert_eq!(shop.parts(), (0, 0));
}

#[tokio::test]
async fn a_plain_archive_is_walked_by_its_headers() {
    let shop = Shop::open();
    let large = safetensors("w", 4 << 20);
    let bytes = archive(&[
        ("config.json", b"{}"),
        ("model-00001-of-00002.safetensors", &large),
        ("notes.bin", b"no weights at all"),
        ("model-00002-of-00002.safetensors", TYPES),
    ]);
    let blob = shop.weights("model.tar", StoredAs::Tar, &bytes);
    let found = shop.tensors(&[blob], false).await;
    let weights = read(&found);
    let paths: Vec<&str> = weights.files.iter().map(|file| file.path.as_str()).collect();
    assert_eq!(
        paths,
        ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"]
    );
    assert_eq!(weights.unread[0].0, "notes.bin");
    let (requests, bytes) = shop.parts();
    assert!(requests == 2 && bytes < 300_000, "{bytes} bytes in {requests} requests");
}

#[tokio::test]
async fn what_is_packed_is_streamed_only_when_asked_and_only_as_far_as_needed() {
    let shop = Shop::open();
    let plain = archive(&[("a.safetensors", &safetensors("w", 100)), ("b.txt", &noise(3, 6 << 20))]);
    let single = safetensors("w", 6 << 20);
    for (packed, early) in [
        (gzip(&plain), false),
        (zstd(&plain), false),
        (gzip(&single), true),
        (zstd(&single), true),
    ] {
        let blob = shop.weights("a.safetensors", StoredAs::Gzip, &packed);
        let cost = contents::weights_cost(&shop.index, std::slice::from_ref(&blob)).expect("the index answers");
        assert_eq!((cost.to_stream, cost.stream_bytes), (1, blob.size));
        let asked = (shop.parts(), shop.streams());
        let before = shop.tensors(std::slice::from_ref(&blob), false).await;
        let [
            BlobWeights {
                outcome: WeightsOutcome::NeedsStream { because, to_read },
                ..
            },
        ] = before.blobs.as_slice()
        else {
            panic!("it was not asked for")
        };
        assert_eq!(
            (*because, *to_read, before.requests),
            (StreamReason::Packed, blob.size, 0)
        );
        assert_eq!((shop.parts(), shop.streams()), asked);
        let found = shop.tensors(std::slice::from_ref(&blob), true).await;
        assert_eq!(tensors(read(&found))[0].name, "w");
        assert_eq!(read(&found).verified, !early, "only to its end it is verified");
        assert_eq!(found.bytes_read < ByteSize(1 << 20), early, "{}", found.bytes_read);
    }
    // A media type that says nothing of the packing.
    let blob = shop.weights("b.safetensors", StoredAs::Raw, &gzip(&safetensors("x", 1 << 20)));
    let found = shop.tensors(&[blob], false).await;
    assert!(matches!(
        found.blobs[0].outcome,
        WeightsOutcome::NeedsStream {
            because: StreamReason::Packed,
            ..
        }
    ));
}

#[tokio::test]
async fn a_server_that_knows_no_parts_is_left_at_once() {
    let shop = Shop::open();
    shop.shelf.ignores_ranges.store(true, Ordering::Relaxed);
    let blob = shop.weights("model.safetensors", StoredAs::Raw, &safetensors("w", 8 << 20));
    let found = shop.tensors(std::slice::from_ref(&blob), false).await;
    let [
        BlobWeights {
            outcome: WeightsOutcome::NeedsStream { because, to_read },
            ..
        },
    ] = found.blobs.as_slice()
    else {
        panic!("nothing can be known yet")
    };
    assert_eq!(
        (*because, *to_read, found.bytes_read),
        (StreamReason::RangeIgnored, blob.size, ByteSize(0))
    );
    let found = shop.tensors(&[blob], true).await;
    assert_eq!(tensors(read(&found))[0].bytes, ByteSize(8 << 20));
    assert!(found.bytes_read < ByteSize(1 << 20) && !read(&found).verified);
}

#[tokio::test]
async fn what_makes_no_sense_is_told_and_not_kept() {
    let shop = Shop::open();
    let mut lying = safetensors("w", 1 << 20);
    lying.truncate(1 << 19);
    let cases = [
        (noise(1, 1 << 20), TensorsError::UnknownFormat),
        (b"\x80\x04\x95 old pickles".to_vec(), TensorsError::UnknownFormat),
    ];
    for (bytes, expected) in cases {
        let blob = shop.weights("pytorch_model.bin", StoredAs::Raw, &bytes);
        let found = shop.tensors(std::slice::from_ref(&blob), true).await;
        assert!(matches!(&found.blobs[0].outcome, WeightsOutcome::Unreadable(error) if *error == expected));
        assert!(!shop.index.has_weights(&blob.digest).expect("the index answers"));
    }
    for (bytes, stored) in [
        (lying.clone(), StoredAs::Raw),
        (lying[..60_000].to_vec(), StoredAs::Raw),
    ] {
        let blob = shop.weights("model.safetensors", stored, &bytes);
        let found = shop.tensors(&[blob], true).await;
        assert!(matches!(
            &found.blobs[0].outcome,
            WeightsOutcome::Unreadable(TensorsError::BeyondTheFile { .. })
        ));
    }
    let encrypted = shop.weights("model.safetensors", StoredAs::Encrypted, &noise(2, 1000));
    let found = shop.tensors(&[encrypted], true).await;
    assert!(matches!(
        &found.blobs[0].outcome,
        WeightsOutcome::Unreadable(TensorsError::Archive(_))
    ));
    assert_eq!(found.requests, 0);
}

#[tokio::test]
async fn shards_are_read_side_by_side_and_stay_in_order() {
    let shop = Shop::open();
    let blobs: Vec<WeightBlob> = (1..=9_usize)
        .map(|number| {
            let path = format!("model-{number:05}-of-00009.safetensors");
            shop.weights(
                &path,
                StoredAs::Raw,
                &safetensors(&format!("w{number}"), (1 << 20) + number),
            )
        })
        .collect();
    let found = shop.tensors(&blobs, false).await;
    let names: Vec<&str> = found.blobs.iter().map(|blob| blob.blob.path.as_str()).collect();
    assert_eq!(names, blobs.iter().map(|blob| blob.path.as_str()).collect::<Vec<_>>());
    assert_eq!((found.requests, found.bytes_read), (9, ByteSize(9 * (128 << 10))));
}

#[tokio::test]
async fn what_was_kept_and_is_damaged_is_read_again() {
    let shop = Shop::open();
    let blob = shop.weights("little.gguf", StoredAs::Raw, LITTLE);
    shop.index
        .keep_weights(&blob.digest, b"\x01no frame", now())
        .expect("it is kept");
    let found = shop.tensors(std::slice::from_ref(&blob), false).await;
    assert_eq!((tensors(read(&found)).len(), found.requests), (8, 1));
    let found = shop.tensors(&[blob], false).await;
    assert_eq!(found.requests, 0, "the damage was replaced");
}

#[tokio::test]
async fn cancelling_ends_the_reading() {
    let shop = Shop::open();
    let blob = shop.weights("model.safetensors", StoredAs::Raw, &safetensors("w", 1 << 20));
    let operation = Operation::unobserved();
    operation.cancel.cancel();
    let repository = repository();
    let source = WeightsSource {
        index: &shop.index,
        registry: &shop.registry,
        repository: &repository,
        now: now(),
    };
    let outcome = contents::weights(&source, vec![blob], false, &operation).await;
    assert!(matches!(
        outcome,
        Err(CatalogError::Registry(RegistryError::Cancelled) | CatalogError::Cancelled)
    ));
}
