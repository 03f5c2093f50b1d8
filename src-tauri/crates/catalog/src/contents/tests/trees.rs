//! The merged tree of a platform, and what it costs to read it.

use artifact::{LayerSummary, PlatformSummary};

use super::*;
use crate::contents::Cost;

fn platform(layers: &[&Descriptor]) -> PlatformSummary {
    let summary = |layer: &&Descriptor| LayerSummary {
        digest: layer.digest.clone(),
        media_type: layer.media_type.clone(),
        size: layer.size,
        created_by: None,
        title: layer.filepath().map(str::to_owned),
    };
    PlatformSummary {
        platform: None,
        digest: Digest::of(b"a manifest that the index does not hold"),
        media_type: media_type::OCI_MANIFEST.to_owned(),
        size: ByteSize(0),
        size_known: true,
        created: None,
        config_digest: None,
        layers: layers.iter().map(summary).collect(),
    }
}

async fn tree(shop: &Shop, of: &PlatformSummary) -> Result<Vec<(String, u64)>, CatalogError> {
    let operation = Operation::unobserved();
    let merged = contents::tree(&shop.index, &shop.registry, &repository(), of, &operation, now()).await?;
    Ok(merged.flat().map(|file| (file.path, file.size.bytes())).collect())
}

#[tokio::test]
async fn later_layers_hide_what_is_below() {
    let shop = Shop::open();
    let base = shop.layer(&gzip(&archive(&[
        ("app/a", b"12345"),
        ("app/b", b"1"),
        ("lib/c", b"1"),
    ])));
    let top = shop.layer(&zstd(&archive(&[
        ("app/a", b"12"),
        ("app/.wh.b", b""),
        ("lib/.wh..wh..opq", b""),
    ])));
    let files = tree(&shop, &platform(&[&base, &top])).await.expect("sound layers");
    assert_eq!(
        files,
        [("app", 0), ("app/a", 2), ("lib", 0)].map(|(path, size)| (path.to_owned(), size))
    );
}

#[tokio::test]
async fn only_what_is_not_kept_costs_anything() {
    let shop = Shop::open();
    let base = shop.layer(&gzip(&archive(&[("a", b"a")])));
    let top = shop.layer(&gzip(&archive(&[("b", b"b")])));
    let mut weights = shop.layer(&noise(1, 10_000));
    weights.media_type = "application/vnd.cncf.model.weight.v1.raw".to_owned();
    let both = platform(&[&base, &top, &base, &weights]);
    let cost = |of| contents::cost(&shop.index, std::slice::from_ref(of)).expect("the index answers");
    let all = Cost {
        to_read: base.size + top.size,
        layers_to_read: 2,
        layers: 3,
    };
    assert_eq!(cost(&both), all);
    tree(&shop, &platform(&[&base])).await.expect("a sound layer");
    assert_eq!(
        cost(&both),
        Cost {
            to_read: top.size,
            layers_to_read: 1,
            layers: 3
        }
    );
    tree(&shop, &both).await.expect("sound layers");
    assert_eq!(
        cost(&both),
        Cost {
            layers: 3,
            ..Cost::default()
        }
    );
    assert_eq!(shop.streams(), 2);
}

#[tokio::test]
async fn the_error_of_one_layer_keeps_the_others_that_were_read() {
    let shop = Shop::open();
    let sound = shop.layer(&gzip(&archive(&[("a", b"a")])));
    let broken = shop.layer(b"\x1f\x8bno stream");
    tree(&shop, &platform(&[&sound])).await.expect("a sound layer");
    let error = tree(&shop, &platform(&[&sound, &broken]))
        .await
        .map(drop)
        .expect_err("one is damaged");
    assert!(
        matches!(&error, CatalogError::Contents { layer, .. } if *layer == broken.digest),
        "{error:?}"
    );
    assert!(shop.is_kept(&sound) && !shop.is_kept(&broken));
}

#[tokio::test]
async fn an_empty_layer_may_stand_many_times() {
    let shop = Shop::open();
    let empty = shop.layer(&gzip(&[0; 1024]));
    let base = shop.layer(&gzip(&archive(&[("a", b"a")])));
    let files = tree(&shop, &platform(&[&empty, &base, &empty, &empty]))
        .await
        .expect("sound layers");
    assert_eq!(files, [("a".to_owned(), 1)]);
    assert_eq!(shop.streams(), 2);
}
