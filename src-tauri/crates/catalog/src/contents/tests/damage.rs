//! Layers that are not what they should be: a clear error, a hint, and nothing kept.

use artifact::{ContentsError, LayerLimits};

use super::*;
use crate::contents::pipeline;

fn sound() -> Vec<u8> {
    let weights = noise(1, 200_000);
    let text = b"import torch\n".repeat(5_000);
    archive(&[
        ("app/weights.bin", &weights),
        ("app/main.py", &text),
        ("app/README.md", b"# Detector\n"),
    ])
}

/// Reads what shall not be read, twice: the second time nothing may be known of the first.
async fn refused(shop: &Shop, layer: &Descriptor) -> CatalogError {
    let first = shop.read(layer).await.map(drop).expect_err("it is damaged");
    assert!(!shop.is_kept(layer), "half a layer was kept after {first}");
    let streams = shop.streams();
    let second = shop.read(layer).await.map(drop).expect_err("it is still damaged");
    assert_eq!(first.to_string(), second.to_string());
    assert_eq!(shop.streams(), streams + 1, "the second try reads it again");
    assert!(first.hint().is_some(), "{first} has no hint");
    first
}

fn cause(error: &CatalogError) -> &ContentsError {
    match error {
        CatalogError::Contents { source, .. } => source,
        other => panic!("{other:?} is no error of contents"),
    }
}

#[tokio::test]
async fn streams_that_end_too_early_are_refused() {
    let shop = Shop::open();
    for packed in [gzip(&sound()), zstd(&sound()), sound()] {
        for length in [
            packed.len() / 2,
            packed.len() - if packed[0] == b'a' { 2000 } else { 3 },
        ] {
            let layer = shop.layer(&packed[..length]);
            let error = refused(&shop, &layer).await;
            assert!(matches!(cause(&error), ContentsError::Truncated { .. }), "{error}");
        }
    }
}

#[tokio::test]
async fn damaged_streams_and_archives_are_refused() {
    let shop = Shop::open();
    let flipped = |mut bytes: Vec<u8>, at: usize| {
        bytes[at] ^= 0x55;
        bytes
    };
    let packed = gzip(&sound());
    let checksum = flipped(packed.clone(), packed.len() - 6);
    let layer = shop.layer(&checksum);
    assert!(matches!(
        cause(&refused(&shop, &layer).await),
        ContentsError::DamagedStream { packing: "gzip", .. }
    ));
    let layer = shop.layer(&[zstd(&sound()), b"behind the end".to_vec()].concat());
    let error = refused(&shop, &layer).await;
    assert!(
        matches!(cause(&error), ContentsError::DamagedStream { packing: "zstd", .. }),
        "{error}"
    );
    let header = 512 + 200_192;
    let layer = shop.layer(&gzip(&flipped(sound(), header + 3)));
    let error = refused(&shop, &layer).await;
    assert_eq!(
        cause(&error),
        &ContentsError::DamagedArchive {
            offset: header as u64,
            detail: "the checksum of a header does not fit"
        }
    );
    let layer = shop.layer(&[gzip(&sound()), b"behind the end".to_vec()].concat());
    assert!(matches!(
        cause(&refused(&shop, &layer).await),
        ContentsError::DamagedStream { .. }
    ));
}

#[tokio::test]
async fn what_is_no_layer_at_all_is_refused() {
    let shop = Shop::open();
    let page = b"<html>log in</html>".repeat(1000);
    for bytes in [page.clone(), gzip(&page), noise(3, 5000)] {
        let layer = shop.layer(&bytes);
        assert_eq!(cause(&refused(&shop, &layer).await), &ContentsError::NotATar);
    }
    let layer = shop.layer(b"\xfd7zXZ\0and what xz packs");
    assert_eq!(
        cause(&refused(&shop, &layer).await),
        &ContentsError::UnknownPacking("xz")
    );
    let mut layer = shop.layer(&noise(4, 100));
    layer.media_type = "application/vnd.oci.image.layer.v1.tar+gzip+encrypted".to_owned();
    assert_eq!(
        cause(&refused_unread(&shop, &layer).await),
        &ContentsError::UnknownPacking("encryption")
    );
}

/// Reads what is refused by its media type alone.
async fn refused_unread(shop: &Shop, layer: &Descriptor) -> CatalogError {
    let streams = shop.streams();
    let error = shop.read(layer).await.map(drop).expect_err("it cannot be read");
    assert_eq!(shop.streams(), streams, "nothing needs to be streamed to know that");
    error
}

#[tokio::test]
async fn a_blob_that_is_not_what_its_digest_says_is_refused_as_that() {
    let shop = Shop::open();
    let sound = archive(&[("app/weights.bin", &noise(1, 12 << 20))]);
    let layer = shop.layer(&sound);
    let path = shop
        .folder
        .path()
        .join("registry/model/blobs/sha256")
        .join(layer.digest.hex());
    // Another archive, and one that makes no sense from its first byte on: either way the digest is the reason, though
    // nobody can read on in the second one long before its end.
    let other = archive(&[("app/weights.bin", &noise(2, 12 << 20))]);
    for forged in [other, vec![0xaa; sound.len()]] {
        std::fs::write(&path, forged).expect("the blob is replaced");
        let error = shop.read(&layer).await.map(drop).expect_err("it is another blob");
        let is_mismatch = matches!(&error, CatalogError::Registry(RegistryError::DigestMismatch { .. }));
        assert!(is_mismatch, "{error:?} does not say so");
        assert!(error.hint().is_some());
        assert!(!shop.is_kept(&layer));
    }
    std::fs::write(&path, &sound).expect("the blob is put back");
    assert!(shop.read(&layer).await.is_ok());
}

#[tokio::test]
async fn bombs_stop_at_the_limits() {
    let shop = Shop::open();
    let zeros = vec![0; 20 << 20];
    let limits = LayerLimits {
        suspicious_from: ByteSize(1 << 20),
        ratio: 100,
        ..LayerLimits::default()
    };
    for packed in [
        gzip(&archive(&[("zeros", &zeros)])),
        zstd(&archive(&[("zeros", &zeros)])),
    ] {
        let error = read_within(&shop, &shop.layer(&packed), limits)
            .await
            .map(drop)
            .expect_err("it is a bomb");
        assert!(matches!(cause(&error), ContentsError::Bomb { .. }), "{error}");
        assert!(error.hint().is_some());
    }
    let names: Vec<String> = (0..1000).map(|number| format!("f{number}")).collect();
    let files: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), b"x".as_slice())).collect();
    let limits = LayerLimits {
        entries: 100,
        ..LayerLimits::default()
    };
    let contents = read_within(&shop, &shop.layer(&gzip(&archive(&files))), limits)
        .await
        .expect("the rest is read");
    assert_eq!((contents.entries.len(), contents.truncated), (100, true));
}

async fn read_within(shop: &Shop, layer: &Descriptor, limits: LayerLimits) -> Result<LayerContents, CatalogError> {
    let operation = Operation::unobserved();
    let stream = shop
        .registry
        .blob(&repository(), &layer.digest, layer.size, &operation)
        .await?;
    let parsers = pipeline::Parsers::of(layer, limits)?;
    pipeline::read(
        stream,
        &layer.digest,
        parsers,
        &pipeline::Progress::new(&operation, layer.size),
    )
    .await
}
