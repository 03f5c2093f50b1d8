//! Names, manifests, configs and tags.

use std::sync::Arc;

use artifact::{
    ContentSource, Descriptor, Digest, ImageConfig, Manifest, Platform, Reference, RepositoryName, Tag, TagOrder,
    media_type, summarize, tidy_command,
};
use chrono::DateTime;

use super::fuzz;

/// One manifest and one config, under whatever digest they are asked for.
struct Both<'input> {
    manifest: &'input Manifest,
    config: &'input [u8],
}

impl ContentSource for Both<'_> {
    fn manifest(&self, _digest: &Digest) -> Option<Arc<Manifest>> {
        Some(Arc::new(self.manifest.clone()))
    }

    fn config(&self, _digest: &Digest) -> Option<Arc<[u8]>> {
        Some(self.config.into())
    }
}

/// Sums up a version whose every manifest is this one: indexes hold themselves, up to the depth that is read.
fn sum_up(manifest: &Manifest, config: &[u8]) {
    let now = DateTime::from_timestamp(1_790_000_000, 0).expect("a time");
    let summary = summarize(&Digest::of(b"root"), &Both { manifest, config }, now);
    let again = summarize(&Digest::of(b"root"), &Both { manifest, config }, now);
    assert_eq!(summary, again);
    assert!(summary.problems.len() < 100, "problems are bounded");
    assert!(summary.card.metrics.values().all(|value| value.is_finite()));
    let json = serde_json::to_vec(&summary).expect("a summary can be kept");
    serde_json::from_slice::<artifact::Summary>(&json).expect("and comes back");
}

#[test]
fn manifests() {
    let declared = [
        None,
        Some("text/html"),
        Some(media_type::OCI_INDEX),
        Some(media_type::OCI_MANIFEST),
        Some(media_type::DOCKER_MANIFEST),
        Some(media_type::DOCKER_SCHEMA1_SIGNED),
    ];
    fuzz("manifest", 1200, |input| {
        for declared in declared {
            let parsed = Manifest::parse(declared, input);
            assert_eq!(parsed, Manifest::parse(declared, input));
            match parsed {
                Ok(manifest) => sum_up(&manifest, b"{}"),
                Err(error) => assert!(error.to_string().len() < 2000, "{error}"),
            }
        }
    });
}

#[test]
fn configs_and_model_cards() {
    let kinds = [
        media_type::OCI_CONFIG,
        media_type::MODELPACK_CONFIG,
        "application/vnd.kitops.modelkit.config.v1+json",
        "application/vnd.docker.ai.model.config.v0.2+json",
        media_type::HELM_CONFIG,
        "application/vnd.wasm.config.v0+json",
    ];
    let manifest = |config: &str, layer: &str| {
        let descriptor = |media_type: &str| serde_json::json!({ "mediaType": media_type, "digest": Digest::of(media_type.as_bytes()), "size": 7 });
        let manifest = serde_json::json!({
            "schemaVersion": 2, "mediaType": media_type::OCI_MANIFEST,
            "config": descriptor(config), "layers": [descriptor(layer), descriptor("b"), descriptor("c")],
        });
        Manifest::parse(None, manifest.to_string().as_bytes()).expect("a manifest by construction")
    };
    let ollama = manifest(media_type::DOCKER_CONFIG, "application/vnd.ollama.image.model");
    let manifests: Vec<Manifest> = kinds.iter().map(|kind| manifest(kind, "a")).chain([ollama]).collect();
    fuzz("config", 800, |input| {
        assert_eq!(ImageConfig::parse(input), ImageConfig::parse(input));
        for manifest in &manifests {
            sum_up(manifest, input);
        }
    });
}

#[test]
fn names() {
    fuzz("name", 4000, |input| {
        let text = &*String::from_utf8_lossy(input);
        if let Ok(reference) = text.parse::<Reference>() {
            assert_eq!(reference.to_string().parse(), Ok(reference));
        }
        if let Ok(digest) = text.parse::<Digest>() {
            assert_eq!(digest.to_string(), text);
        }
        if let Ok(name) = text.parse::<RepositoryName>() {
            assert_eq!(name.as_str(), text);
        }
        if let Ok(platform) = text.parse::<Platform>() {
            assert_eq!(platform.to_string(), text);
        }
        if let Ok(tag) = text.parse::<Tag>() {
            assert_eq!(tag.as_str(), text);
            assert_eq!(tag.is_referrer_name(), tag.is_referrer_name());
            let _ = tag.referrer_subject();
        }
        let _ = text.parse::<registry::Address>();
        let _ = Descriptor::new(text, Digest::of(input), artifact::ByteSize(0)).is_empty_config();
    });
}

#[test]
fn tags_in_order() {
    let channels = ["latest".to_owned(), "production".to_owned()];
    fuzz("tags", 400, |input| {
        let text = String::from_utf8_lossy(input);
        let tags: Vec<&str> = text.lines().take(60).collect();
        let order = TagOrder::recognise(tags.iter().copied(), &channels);
        let backwards = TagOrder::recognise(tags.iter().rev().copied(), &channels);
        let mut sorted = tags.clone();
        sorted.sort_by_cached_key(|tag| order.key(tag, None));
        sorted.dedup();
        let keys: Vec<_> = sorted.iter().map(|tag| order.key(tag, None)).collect();
        assert!(
            keys.is_sorted_by(|one, next| one < next),
            "two names have one place in {sorted:?}"
        );
        for tag in sorted {
            assert_eq!(order.key(tag, None), backwards.key(tag, None), "{tag}");
            assert!(!(order.is_release(tag) && order.is_candidate(tag)), "{tag}");
            let _ = order.version(tag);
        }
    });
}

#[test]
fn commands_of_histories() {
    fuzz("command", 2000, |input| {
        let tidy = tidy_command(&String::from_utf8_lossy(input));
        assert!(!tidy.contains(|character: char| character.is_control()), "{tidy:?}");
        assert!(tidy.chars().count() < 600);
    });
}
