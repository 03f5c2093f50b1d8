//! The media types that manifests, configs and layers are told apart by.
//!
//! Names only; what a manifest holds is told in `kind`.

pub const OCI_INDEX: &str = oci_client::manifest::OCI_IMAGE_INDEX_MEDIA_TYPE;
pub const OCI_MANIFEST: &str = oci_client::manifest::OCI_IMAGE_MEDIA_TYPE;
pub const OCI_CONFIG: &str = oci_client::manifest::IMAGE_CONFIG_MEDIA_TYPE;
pub const OCI_LAYER: &str = oci_client::manifest::IMAGE_LAYER_MEDIA_TYPE;
pub const OCI_LAYER_GZIP: &str = oci_client::manifest::IMAGE_LAYER_GZIP_MEDIA_TYPE;
pub const OCI_LAYER_ZSTD: &str = "application/vnd.oci.image.layer.v1.tar+zstd";
/// The manifest of early OCI artifacts, withdrawn from the specification but still stored.
pub const OCI_ARTIFACT_MANIFEST: &str = "application/vnd.oci.artifact.manifest.v1+json";
/// The two bytes `{}`: the config of what needs none.
pub const OCI_EMPTY: &str = "application/vnd.oci.empty.v1+json";
pub const DOCKER_LIST: &str = oci_client::manifest::IMAGE_MANIFEST_LIST_MEDIA_TYPE;
pub const DOCKER_MANIFEST: &str = oci_client::manifest::IMAGE_MANIFEST_MEDIA_TYPE;
pub const DOCKER_CONFIG: &str = oci_client::manifest::IMAGE_DOCKER_CONFIG_MEDIA_TYPE;
pub const DOCKER_LAYER_GZIP: &str = oci_client::manifest::IMAGE_DOCKER_LAYER_GZIP_MEDIA_TYPE;
pub const DOCKER_SCHEMA1: &str = "application/vnd.docker.distribution.manifest.v1+json";
pub const DOCKER_SCHEMA1_SIGNED: &str = "application/vnd.docker.distribution.manifest.v1+prettyjws";
pub const MODELPACK_MANIFEST: &str = "application/vnd.cncf.model.manifest.v1+json";
pub const MODELPACK_CONFIG: &str = "application/vnd.cncf.model.config.v1+json";
pub const HELM_CONFIG: &str = "application/vnd.cncf.helm.config.v1+json";
pub const SIGSTORE_BUNDLE: &str = "application/vnd.dev.sigstore.bundle.v0.3+json";
pub const COSIGN_SIGNATURE_LAYER: &str = "application/vnd.dev.cosign.simplesigning.v1+json";
pub const DSSE_ENVELOPE: &str = "application/vnd.dsse.envelope.v1+json";
pub const IN_TOTO: &str = "application/vnd.in-toto+json";
/// `BuildKit`'s newer attestations say so themselves.
pub const DOCKER_ATTESTATION: &str = "application/vnd.docker.attestation.manifest.v1+json";
pub const SPDX_JSON: &str = "application/spdx+json";
pub const CYCLONEDX_JSON: &str = "application/vnd.cyclonedx+json";

/// The `Accept` header of every manifest GET and HEAD: omitting a type yields a false 404, or a manifest downgraded.
pub const MANIFEST_ACCEPT: &str = "application/vnd.oci.image.index.v1+json, \
application/vnd.oci.image.manifest.v1+json, \
application/vnd.docker.distribution.manifest.list.v2+json, \
application/vnd.docker.distribution.manifest.v2+json, \
application/vnd.docker.distribution.manifest.v1+prettyjws, \
application/vnd.docker.distribution.manifest.v1+json, \
application/vnd.oci.artifact.manifest.v1+json";

/// The media type without its parameters, as a `Content-Type` header may carry them.
pub fn essence(media_type: &str) -> &str {
    media_type.split(';').next().unwrap_or_default().trim()
}

/// Whether content of this type lists other manifests.
pub fn is_index(media_type: &str) -> bool {
    matches!(essence(media_type), OCI_INDEX | DOCKER_LIST)
}

/// Whether content of this type is a manifest of any form, indexes included.
pub fn is_manifest(media_type: &str) -> bool {
    is_index(media_type)
        || is_schema1(media_type)
        || matches!(
            essence(media_type),
            OCI_MANIFEST | DOCKER_MANIFEST | OCI_ARTIFACT_MANIFEST
        )
}

/// Docker's first manifest format, signed or not: shown, never written again.
pub fn is_schema1(media_type: &str) -> bool {
    matches!(essence(media_type), DOCKER_SCHEMA1 | DOCKER_SCHEMA1_SIGNED)
}

/// Whether a layer of this type must not be passed on: base layers of Windows, which are fetched from their maker.
///
/// Source: OCI image-spec 1.0, layer.md, "Non-Distributable Layers"; Docker's `foreign` layers came before.
pub fn is_non_distributable(media_type: &str) -> bool {
    let essence = essence(media_type);
    essence.starts_with("application/vnd.oci.image.layer.nondistributable.")
        || essence.starts_with("application/vnd.docker.image.rootfs.foreign.")
}

/// Whether a config of this type is a container image's.
pub fn is_image_config(media_type: &str) -> bool {
    matches!(essence(media_type), OCI_CONFIG | DOCKER_CONFIG)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_is_accepted_is_a_manifest() {
        assert_eq!(MANIFEST_ACCEPT.split(", ").count(), 7);
        for media_type in MANIFEST_ACCEPT.split(", ") {
            assert!(is_manifest(media_type), "{media_type:?} is asked for, but not known");
        }
        assert!(is_index("application/vnd.oci.image.index.v1+json; charset=utf-8"));
        assert!(!is_manifest("text/html"));
    }

    #[test]
    fn layers_of_others_are_known_by_their_type() {
        assert!(is_non_distributable(
            "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip"
        ));
        assert!(is_non_distributable(
            "application/vnd.oci.image.layer.nondistributable.v1.tar+zstd"
        ));
        assert!(!is_non_distributable(DOCKER_LAYER_GZIP) && !is_non_distributable(OCI_LAYER));
    }
}
