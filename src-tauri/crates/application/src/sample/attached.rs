//! What points at a version: signatures, lists of packages, the origin of a build.
//!
//! The signatures have the shape of real ones and are by nobody: they verify against no key.

use artifact::Descriptor;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::{
    SampleError, noise,
    packages::{DEBIAN_ADDED, DEBIAN_SLIM, DebianPackage, Package},
    repository::{ManifestDetails, Repository, named, written},
};

const BUNDLE: &str = "application/vnd.dev.sigstore.bundle.v0.3+json";
const SIMPLE_SIGNING: &str = "application/vnd.dev.cosign.simplesigning.v1+json";
const SPDX: &str = "application/spdx+json";
const IN_TOTO: &str = "application/vnd.in-toto+json";
const CONFIG: &str = "application/vnd.oci.image.config.v1+json";

/// A signature as cosign keeps it now: a bundle that refers to the version.
pub(super) fn sign(
    repository: &mut Repository,
    version: &Descriptor,
    signed: DateTime<Utc>,
) -> Result<(), SampleError> {
    let digest = version.digest.to_string();
    let bundle = json!({
        "mediaType": BUNDLE,
        "verificationMaterial": { "publicKey": { "hint": noise::hex("sample key", 44) } },
        "dsseEnvelope": {
            "payloadType": "application/vnd.in-toto+json",
            "payload": noise::hex(&format!("payload {digest}"), 64),
            "signatures": [{ "sig": noise::hex(&format!("signature {digest}"), 64) }],
        },
    });
    let layer = repository.json(BUNDLE, &bundle)?;
    let details = ManifestDetails {
        artifact_type: Some(BUNDLE),
        subject: Some(version),
        annotations: named([
            ("dev.sigstore.bundle.content", "dsse-envelope".to_owned()),
            (
                "dev.sigstore.bundle.predicateType",
                "https://sigstore.dev/cosign/sign/v1".to_owned(),
            ),
            ("org.opencontainers.image.created", written(signed)),
        ]),
    };
    let signature = repository.artifact(&[layer], &details)?;
    repository.keep(&signature);
    Ok(())
}

/// A signature as cosign kept it before: under a tag made of the version's digest.
pub(super) fn sign_by_tag(
    repository: &mut Repository,
    version: &Descriptor,
    reference: &str,
) -> Result<(), SampleError> {
    let digest = version.digest.to_string();
    let claim = json!({
        "critical": {
            "identity": { "docker-reference": reference },
            "image": { "docker-manifest-digest": digest },
            "type": "cosign container image signature",
        },
        "optional": null,
    });
    let mut layer = repository.json(SIMPLE_SIGNING, &claim)?;
    let signature = noise::hex(&format!("old signature {digest}"), 64);
    layer.annotations = named([("dev.cosignproject.cosign/signature", signature)]);
    let config = repository.json(
        CONFIG,
        &json!({ "architecture": "", "os": "", "config": {}, "rootfs": { "type": "layers", "diff_ids": [layer.digest.to_string()] } }),
    )?;
    let manifest = repository.manifest(&config, &[layer], &ManifestDetails::default())?;
    repository.tag(&manifest, &format!("{}.sig", digest.replace(':', "-")));
    Ok(())
}

/// The packages of a version as an SPDX document that refers to it.
pub(super) fn package_list(
    repository: &mut Repository,
    version: &Descriptor,
    name: &str,
    python: &[Package],
    created: DateTime<Utc>,
) -> Result<(), SampleError> {
    let layer = repository.json(SPDX, &spdx(version, name, python, created))?;
    let details = ManifestDetails {
        artifact_type: Some(SPDX),
        subject: Some(version),
        annotations: named([("org.opencontainers.image.created", written(created))]),
    };
    let list = repository.artifact(&[layer], &details)?;
    repository.keep(&list);
    Ok(())
}

/// Source: SPDX 2.3, JSON.
fn spdx(version: &Descriptor, name: &str, python: &[Package], created: DateTime<Utc>) -> Value {
    let debian = [DEBIAN_SLIM, DEBIAN_ADDED].into_iter().flatten().map(debian_entry);
    let packages: Vec<Value> = python.iter().map(python_entry).chain(debian).collect();
    json!({
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": name,
        "documentNamespace": format!("https://acme.example/spdx/{name}/{}", version.digest.hex()),
        "creationInfo": { "created": written(created), "creators": ["Organization: Acme", "Tool: berth-sample"] },
        "packages": packages,
    })
}

fn python_entry(package: &Package) -> Value {
    let Package {
        name, version, license, ..
    } = package;
    entry(name, version, license, &format!("pkg:pypi/{name}@{version}"))
}

fn debian_entry(package: &DebianPackage) -> Value {
    let DebianPackage { name, version, .. } = package;
    entry(
        name,
        version,
        "NOASSERTION",
        &format!("pkg:deb/debian/{name}@{version}?distro=debian-12"),
    )
}

fn entry(name: &str, version: &str, license: &str, locator: &str) -> Value {
    json!({
        "name": name,
        "SPDXID": format!("SPDXRef-{}", noise::hex(locator, 16)),
        "versionInfo": version,
        "downloadLocation": "NOASSERTION",
        "licenseConcluded": license,
        "licenseDeclared": license,
        "filesAnalyzed": false,
        "externalRefs": [{ "referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": locator }],
    })
}

/// How an image was built, as `BuildKit` adds it to an index: beside the platforms, for no platform.
pub(super) fn provenance(
    repository: &Repository,
    image: &Descriptor,
    source: &str,
    built: DateTime<Utc>,
) -> Result<Descriptor, SampleError> {
    let statement = json!({
        "_type": "https://in-toto.io/Statement/v0.1",
        "predicateType": "https://slsa.dev/provenance/v0.2",
        "subject": [{ "name": "_", "digest": { "sha256": image.digest.hex() } }],
        "predicate": {
            "builder": { "id": "https://ci.acme.example/builders/images" },
            "buildType": "https://mobyproject.org/buildkit@v1",
            "invocation": { "configSource": { "uri": source, "entryPoint": "Dockerfile" } },
            "metadata": { "buildStartedOn": written(built), "reproducible": false },
        },
    });
    let mut layer = repository.json(IN_TOTO, &statement)?;
    layer.annotations = named([("in-toto.io/predicate-type", "https://slsa.dev/provenance/v0.2")]);
    let config = repository.json(
        CONFIG,
        &json!({ "architecture": "unknown", "os": "unknown", "config": {}, "rootfs": { "type": "layers", "diff_ids": [layer.digest.to_string()] } }),
    )?;
    let mut manifest = repository.manifest(&config, &[layer], &ManifestDetails::default())?;
    manifest.platform = Some(artifact::Platform {
        os: "unknown".to_owned(),
        architecture: "unknown".to_owned(),
        variant: None,
    });
    manifest.annotations = named([
        ("vnd.docker.reference.type", "attestation-manifest".to_owned()),
        ("vnd.docker.reference.digest", image.digest.to_string()),
    ]);
    Ok(manifest)
}
