//! What is kept of a layer, for how long, and that it is never streamed twice.

use artifact::{LayerContents, media_type};

use super::*;

const METADATA: &str = "usr/lib/python3.11/site-packages/torch-2.5.0.dist-info/METADATA";

#[tokio::test]
async fn a_layer_is_listed_with_hashes_texts_and_package_databases() {
    let shop = Shop::open();
    let weights = noise(1, 300_000);
    let plain = archive(&[
        ("app/weights.bin", &weights),
        ("app/README.md", b"# Detector\n"),
        ("app/longest.txt", &b"x".repeat(64 << 10)),
        ("app/too-long.txt", &b"x".repeat((64 << 10) + 1)),
        (METADATA, &b"Name: torch\n".repeat(20_000)),
    ]);
    for (packed, name) in [(gzip(&plain), "gzip"), (zstd(&plain), "zstd"), (plain.clone(), "plain")] {
        let layer = shop.layer(&packed);
        let contents = shop.read(&layer).await.expect("a sound layer");
        let hash = |path: &str| {
            contents
                .entries
                .iter()
                .find(|entry| entry.path == path)
                .and_then(|entry| entry.content)
        };
        assert_eq!(
            hash("app/weights.bin"),
            Some(*blake3::hash(&weights).as_bytes()),
            "{name}"
        );
        assert_eq!(contents.entries.len(), 5, "{name}");
        assert_eq!(contents.uncompressed_size, ByteSize(plain.len() as u64), "{name}");
        let texts: Vec<&str> = contents.texts.iter().map(|text| text.path.as_str()).collect();
        assert_eq!(texts, ["app/README.md", "app/longest.txt", METADATA], "{name}");
    }
}

#[tokio::test]
async fn what_was_read_once_is_never_streamed_again() {
    let shop = Shop::open();
    let layer = shop.layer(&gzip(&archive(&[("a.txt", b"once")])));
    let first = shop.read(&layer).await.expect("it is read");
    assert_eq!(shop.read(&layer).await.expect("it is kept"), first);
    drop(first);
    let contents = shop.read(&layer).await.expect("it is kept, though nobody holds it");
    assert_eq!(contents.entries.len(), 1);
    let text = contents::text(&shop.index, &layer.digest, "a.txt").expect("the index answers");
    assert_eq!(text.map(|text| text.bytes), Some(b"once".to_vec()));
    assert_eq!(
        contents::text(&shop.index, &layer.digest, "b.txt").expect("the index answers"),
        None
    );
    assert_eq!(shop.streams(), 1);
}

#[tokio::test]
async fn another_start_finds_what_was_kept() {
    let shop = Shop::open();
    let layer = shop.layer(&gzip(&archive(&[("a.txt", b"once")])));
    let first = shop.read(&layer).await.expect("it is read");
    let again = index_in(shop.folder.path());
    let operation = Operation::unobserved();
    let found = contents::layer(&again, &shop.registry, &repository(), &layer, &operation, now()).await;
    assert_eq!(found.expect("it is kept"), first);
    assert_eq!(shop.streams(), 1);
}

#[tokio::test]
async fn the_least_recently_used_makes_room_within_the_limit() {
    let shop = Shop::open();
    let layers = [1, 2, 3].map(|seed| {
        let text: Vec<u8> = noise(seed, 40_000).iter().map(|byte| b'a' + byte % 26).collect();
        shop.layer(&gzip(&archive(&[("a.txt", &text)])))
    });
    let [first, second, third] = &layers;
    for layer in [first, second] {
        shop.read(layer).await.expect("it is read");
    }
    let kept = |layer: &Descriptor| shop.index.layer_contents(&layer.digest).expect("the index answers");
    let size = kept(first).expect("it is kept").len() as u64;
    // The first was used last: it stays, and the second goes.
    shop.index
        .set_limit(shop.index.statistics().expect("figures").index_size + ByteSize(size * 5 / 2))
        .expect("it is set");
    shop.read(first).await.expect("it is kept");
    shop.read(third).await.expect("it is read");
    assert_eq!(
        [first, second, third].map(|layer| shop.is_kept(layer)),
        [true, false, true]
    );
    shop.read(second).await.expect("it is read again");
    assert_eq!(shop.streams(), 4);
    shop.index.clear_contents().expect("it is emptied");
    assert!(layers.iter().all(|layer| !shop.is_kept(layer)));
}

#[tokio::test]
async fn what_does_not_fit_is_shown_all_the_same() {
    let shop = Shop::open();
    shop.index.set_limit(ByteSize(1)).expect("it is set");
    let layer = shop.layer(&gzip(&archive(&[("a.txt", b"once")])));
    let contents = shop.read(&layer).await.expect("it is read");
    assert_eq!(contents.entries.len(), 1);
    assert!(!shop.is_kept(&layer));
    // As long as somebody holds it, it need not be streamed again.
    shop.read(&layer).await.expect("it is held");
    assert_eq!(shop.streams(), 1);
}

#[tokio::test]
async fn what_was_kept_and_is_damaged_is_read_again() {
    let shop = Shop::open();
    let layer = shop.layer(&gzip(&archive(&[("a.txt", b"once")])));
    shop.index
        .keep_layer_contents(&layer.digest, b"\x01no frame", now())
        .expect("it is kept");
    assert_eq!(shop.read(&layer).await.expect("it is read").entries.len(), 1);
    assert_eq!(shop.streams(), 1);
    let bytes = shop
        .index
        .layer_contents(&layer.digest)
        .expect("the index answers")
        .expect("it is kept");
    assert!(LayerContents::from_bytes(&bytes).is_ok(), "the damage was replaced");
}

#[tokio::test]
async fn a_raw_layer_of_a_model_is_known_without_a_stream() {
    let shop = Shop::open();
    let mut layer = shop.layer(&noise(1, 1000));
    layer.media_type = "application/vnd.cncf.model.weight.v1.raw".to_owned();
    layer
        .annotations
        .insert("org.cncf.model.filepath".to_owned(), "model.safetensors".to_owned());
    let contents = shop.read(&layer).await.expect("nothing needs to be read");
    assert_eq!(
        contents.entries.first().map(|entry| entry.path.as_str()),
        Some("model.safetensors")
    );
    assert_eq!(shop.streams(), 0);
}

#[tokio::test]
async fn a_single_file_that_is_said_to_be_an_archive_is_that_file() {
    let shop = Shop::open();
    let mut layer = shop.layer(&gzip(b"{\"a\": 1}"));
    layer.media_type = "application/vnd.kitops.modelkit.model.v1.tar+gzip".to_owned();
    layer
        .annotations
        .insert("org.opencontainers.image.title".to_owned(), "model.json".to_owned());
    let contents = shop.read(&layer).await.expect("any bytes are a file");
    assert_eq!(
        contents
            .entries
            .first()
            .map(|entry| (entry.path.as_str(), entry.size.0)),
        Some(("model.json", 8))
    );
    let image = shop.layer(&gzip(b"no archive"));
    assert_eq!(image.media_type, media_type::OCI_LAYER_GZIP);
    assert!(
        matches!(shop.read(&image).await, Err(CatalogError::Contents { .. })),
        "a layer of an image must be one"
    );
}
