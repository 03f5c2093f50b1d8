//! Kinds of what is really stored.

use super::*;

const DIGEST: &str = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const SPDX: Option<&str> = Some("https://spdx.dev/Document");
const PROVENANCE: Option<&str> = Some("https://slsa.dev/provenance/v0.2");

/// The kind of a manifest with this artifact type, config, and layers with a predicate where one is given.
fn kind_of(artifact_type: Option<&str>, config: &str, layers: &[(&str, Option<&str>)]) -> Kind {
    let descriptor = |media_type: &str, predicate: Option<&str>| {
        let annotations = predicate.map(|predicate| serde_json::json!({ "in-toto.io/predicate-type": predicate }));
        serde_json::json!({ "mediaType": media_type, "digest": DIGEST, "size": 2, "annotations": annotations })
    };
    let manifest = serde_json::json!({
        "schemaVersion": 2,
        "mediaType": media_type::OCI_MANIFEST,
        "artifactType": artifact_type,
        "config": descriptor(config, None),
        "layers": layers.iter().map(|(layer, predicate)| descriptor(layer, *predicate)).collect::<Vec<_>>(),
    });
    Kind::of(&Manifest::parse(None, manifest.to_string().as_bytes()).expect("a manifest by construction"))
}

#[test]
fn images_and_models_are_told_by_config_or_artifact_type() {
    let docker = media_type::DOCKER_CONFIG;
    let modelpack = Some(media_type::MODELPACK_MANIFEST);
    let modelkit = Some("application/vnd.kitops.modelkit.manifest.v1+json");
    let empty = media_type::OCI_EMPTY;
    assert_eq!(
        kind_of(None, media_type::OCI_CONFIG, &[(media_type::OCI_LAYER_GZIP, None)]),
        Kind::Image
    );
    assert_eq!(
        kind_of(None, docker, &[(media_type::DOCKER_LAYER_GZIP, None)]),
        Kind::Image
    );
    assert_eq!(kind_of(None, docker, &[]), Kind::Image);
    assert_eq!(kind_of(modelpack, media_type::MODELPACK_CONFIG, &[]), Kind::ModelPack);
    assert_eq!(
        kind_of(None, "application/vnd.cnai.model.config.v1+json", &[]),
        Kind::ModelPack
    );
    assert_eq!(
        kind_of(None, "application/vnd.kitops.modelkit.config.v1+json", &[]),
        Kind::ModelKit
    );
    assert_eq!(kind_of(modelkit, empty, &[]), Kind::ModelKit);
    assert_eq!(
        kind_of(None, "application/vnd.docker.ai.model.config.v0.2+json", &[]),
        Kind::DockerModel
    );
    assert_eq!(
        kind_of(None, docker, &[("application/vnd.ollama.image.model", None)]),
        Kind::Ollama
    );
    assert_eq!(
        kind_of(None, media_type::HELM_CONFIG, &[("application/tar+gzip", None)]),
        Kind::Helm
    );
    assert_eq!(
        kind_of(
            None,
            "application/vnd.wasm.config.v0+json",
            &[("application/wasm", None)]
        ),
        Kind::Wasm
    );
}

#[test]
fn what_is_said_about_a_version_is_told_by_layers_or_artifact_type() {
    let (image, empty) = (media_type::OCI_CONFIG, media_type::OCI_EMPTY);
    let statement = media_type::IN_TOTO;
    assert_eq!(
        kind_of(None, image, &[(media_type::COSIGN_SIGNATURE_LAYER, None)]),
        Kind::Signature
    );
    assert_eq!(kind_of(Some(media_type::SIGSTORE_BUNDLE), empty, &[]), Kind::Signature);
    assert_eq!(
        kind_of(Some("application/vnd.cncf.notary.signature"), empty, &[]),
        Kind::Signature
    );
    assert_eq!(kind_of(Some(media_type::SPDX_JSON), empty, &[]), Kind::Sbom);
    assert_eq!(kind_of(None, image, &[(media_type::CYCLONEDX_JSON, None)]), Kind::Sbom);
    assert_eq!(kind_of(None, image, &[(statement, SPDX)]), Kind::Sbom);
    assert_eq!(
        kind_of(None, image, &[(statement, SPDX), (statement, PROVENANCE)]),
        Kind::Attestation
    );
    assert_eq!(
        kind_of(None, image, &[(media_type::DSSE_ENVELOPE, PROVENANCE)]),
        Kind::Attestation
    );
}

#[test]
fn unknown_types_are_other() {
    let text = &[("text/plain", None)];
    assert_eq!(
        kind_of(Some("application/vnd.acme.report"), media_type::OCI_EMPTY, text),
        Kind::Other
    );
    assert_eq!(
        kind_of(None, "application/vnd.unknown.config.v1+json", text),
        Kind::Other
    );
    assert_eq!(kind_of(None, "", &[]), Kind::Other);
}

#[test]
fn bundles_are_what_their_predicate_says() {
    let of = |predicate: &str| {
        let annotations = BTreeMap::from([("dev.sigstore.bundle.predicateType".to_owned(), predicate.to_owned())]);
        Kind::of_artifact_type(media_type::SIGSTORE_BUNDLE, &annotations)
    };
    assert_eq!(of("https://sigstore.dev/cosign/sign/v1"), Kind::Signature);
    assert_eq!(of("https://spdx.dev/Document"), Kind::Sbom);
    assert_eq!(of("https://slsa.dev/provenance/v1"), Kind::Attestation);
}

#[test]
fn names_read_as_they_are_written() {
    for kind in Kind::ALL {
        assert_eq!(kind.as_str().parse(), Ok(kind));
        assert_eq!(
            serde_json::to_value(kind).expect("a kind is text"),
            serde_json::json!(kind.as_str())
        );
    }
    assert!("Image".parse::<Kind>().is_err());
}
