//! Packages in trees of layers made by hand, in the forms that pip, conda, dpkg, apk and npm leave.

use std::sync::Arc;

use super::*;
use crate::{Digest, LayerLimits, LayerReader};

/// A layer of these files.
pub(crate) fn layer(files: &[(&str, &str)]) -> (Digest, Arc<LayerContents>) {
    let mut archive = tar::Builder::new(Vec::new());
    for (path, content) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        header.set_mode(0o644);
        archive
            .append_data(&mut header, path, content.as_bytes())
            .expect("in memory");
    }
    let bytes = archive.into_inner().expect("in memory");
    let mut reader =
        LayerReader::new("application/vnd.oci.image.layer.v1.tar", LayerLimits::default()).expect("an archive");
    reader.push(&bytes).expect("well formed");
    (Digest::of(&bytes), Arc::new(reader.finish().expect("whole")))
}

fn told(layers: &[&[(&str, &str)]]) -> Vec<(&'static str, String, String)> {
    let layers: Vec<_> = layers.iter().map(|files| layer(files)).collect();
    let found = Packages::of(&MergedTree::merge(&layers));
    assert_eq!(found.unread, Vec::<String>::new());
    let mut told = Vec::new();
    for (ecosystem, names) in found.installed {
        for (name, versions) in names {
            told.push((ecosystem.as_str(), name, Vec::from_iter(versions).join(" ")));
        }
    }
    told
}

fn package<'a>(ecosystem: &'static str, name: &'a str, version: &'a str) -> (&'static str, String, String) {
    (ecosystem, name.to_owned(), version.to_owned())
}

#[test]
fn python_is_read_by_its_headers_and_else_by_its_folders() {
    const LIBRARY: &str = "usr/lib/python3.11/site-packages";
    let files = [
        (
            format!("{LIBRARY}/torch-2.4.1.dist-info/METADATA"),
            "Metadata-Version: 2.1\nName: torch\nVersion: 2.4.1+cu124\n\nVersion: 9\n",
        ),
        (format!("{LIBRARY}/PyYAML-6.0.dist-info/METADATA"), "no headers"),
        (
            format!("{LIBRARY}/ruamel.yaml-0.18.6.dist-info/METADATA"),
            "Name: ruamel.yaml\nVersion: 0.18.6",
        ),
        (
            format!("{LIBRARY}/six-1.16.0-py3.11.egg-info/PKG-INFO"),
            "Name: six\nVersion: 1.16.0\n",
        ),
        (
            "usr/lib/python3/dist-packages/wheel-0.38.4.egg-info".to_owned(),
            "Name: wheel\nVersion: 0.38.4\n",
        ),
        (
            format!("{LIBRARY}/setuptools/_vendor/packaging-24.0.dist-info/METADATA"),
            "Name: packaging\nVersion: 24.0\n",
        ),
    ];
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), *text)).collect();
    let expected = [
        package("python", "pyyaml", "6.0"),
        package("python", "ruamel-yaml", "0.18.6"),
        package("python", "six", "1.16.0"),
        package("python", "torch", "2.4.1+cu124"),
        package("python", "wheel", "0.38.4"),
    ];
    assert_eq!(told(&[&files]), expected);
}

#[test]
fn databases_of_systems_are_read_package_by_package() {
    let status = "Package: libc6\nStatus: install ok installed\nVersion: 2.36-9+deb12u7\nDescription: x\n Version: no\n\n\
                  Package: gone\nStatus: deinstall ok config-files\nVersion: 1\n\nPackage: broken\n";
    let installed = "C:Q1\nP:musl\nV:1.2.5-r0\nA:x86_64\n\nP:zlib\nV:1.3.1-r1\n";
    let found = told(&[&[
        ("var/lib/dpkg/status", status),
        (
            "var/lib/dpkg/status.d/tzdata",
            "Package: tzdata\nVersion: 2024a-0+deb12u1\n",
        ),
        ("lib/apk/db/installed", installed),
        ("opt/conda/conda-meta/ca-certificates-2024.7.2-h06a4308_0.json", "{}"),
        ("opt/conda/conda-meta/history", "x"),
        (
            "app/node_modules/react/package.json",
            r#"{"name":"react","version":"18.3.1"}"#,
        ),
        (
            "app/node_modules/@types/node/package.json",
            r#"{"name":"@types/node","version":"22.0.0"}"#,
        ),
        (
            "app/node_modules/a/node_modules/react/package.json",
            r#"{"name":"react","version":"17.0.2"}"#,
        ),
        ("app/package.json", r#"{"name":"app","version":"1"}"#),
    ]]);
    let expected = [
        package("conda", "ca-certificates", "2024.7.2"),
        package("debian", "libc6", "2.36-9+deb12u7"),
        package("debian", "tzdata", "2024a-0+deb12u1"),
        package("alpine", "musl", "1.2.5-r0"),
        package("alpine", "zlib", "1.3.1-r1"),
        package("npm", "@types/node", "22.0.0"),
        package("npm", "react", "17.0.2 18.3.1"),
    ];
    assert_eq!(found, expected);
}

#[test]
fn what_a_later_layer_removed_or_wrote_anew_is_not_installed() {
    let info = "usr/lib/python3/site-packages/numpy-1.26.4.dist-info/METADATA";
    let below: &[(&str, &str)] = &[
        (info, "Name: numpy\nVersion: 1.26.4\n"),
        ("var/lib/dpkg/status", "Package: a\nVersion: 1\n"),
    ];
    let above: &[(&str, &str)] = &[
        ("usr/lib/python3/site-packages/.wh.numpy-1.26.4.dist-info", ""),
        (
            "usr/lib/python3/site-packages/numpy-2.0.2.dist-info/METADATA",
            "Name: numpy\nVersion: 2.0.2\n",
        ),
        ("var/lib/dpkg/status", "Package: b\nVersion: 2\n"),
    ];
    let expected = [package("python", "numpy", "2.0.2"), package("debian", "b", "2")];
    assert_eq!(told(&[below, above]), expected);
}

#[test]
fn what_cannot_be_read_is_told() {
    let layers = [layer(&[
        ("var/lib/rpm/rpmdb.sqlite", "x"),
        ("usr/x/site-packages/odd.dist-info/METADATA", ""),
    ])];
    let found = Packages::of(&MergedTree::merge(&layers));
    assert_eq!(
        found.unread,
        ["usr/x/site-packages/odd.dist-info/METADATA", "var/lib/rpm/rpmdb.sqlite"]
    );
    assert!(found.installed.is_empty());
}

fn of_sbom(document: &serde_json::Value) -> Vec<(&'static str, String)> {
    let found = Packages::of_sbom(document.to_string().as_bytes()).expect("it is one");
    let mut told = Vec::new();
    for (ecosystem, names) in found.installed {
        for (name, versions) in names {
            told.push((
                ecosystem.as_str(),
                format!("{name} {}", Vec::from_iter(versions).join(" ")),
            ));
        }
    }
    told
}

#[test]
fn bills_of_materials_are_read_bare_and_wrapped() {
    use base64::Engine;
    use serde_json::json;
    let package = |locator: &str| {
        json!({"name": "x", "versionInfo": "7", "externalRefs": [
            {"referenceType": "cpe23Type", "referenceLocator": "cpe:2.3:a"},
            {"referenceType": "purl", "referenceLocator": locator},
        ]})
    };
    let spdx = json!({"spdxVersion": "SPDX-2.3", "packages": [
        package("pkg:pypi/Typing_Extensions@4.12.2"),
        package("pkg:deb/debian/libc6@2.36-9%2Bdeb12u7?arch=amd64"),
        package("pkg:npm/%40types/node@22.0.0"),
        package("pkg:apk/alpine/musl"),
        package("pkg:generic/tool@1"),
        package("no locator"),
        {"name": "without"},
    ]});
    let expected = [
        ("python", "typing-extensions 4.12.2".to_owned()),
        ("debian", "libc6 2.36-9+deb12u7".to_owned()),
        ("alpine", "musl 7".to_owned()),
        ("npm", "@types/node 22.0.0".to_owned()),
    ];
    assert_eq!(of_sbom(&spdx), expected);
    let statement = json!({"_type": "https://in-toto.io/Statement/v1", "predicateType": "https://spdx.dev/Document", "predicate": spdx});
    assert_eq!(of_sbom(&statement), expected);
    let payload = base64::engine::general_purpose::STANDARD.encode(statement.to_string());
    assert_eq!(
        of_sbom(&json!({"payloadType": "application/vnd.in-toto+json", "payload": payload})),
        expected
    );
    let cyclonedx = json!({"bomFormat": "CycloneDX", "components": [
        {"purl": "pkg:rpm/fedora/bash@5.2.26-3.fc40", "components": [{"purl": "pkg:conda/numpy@1.26.4"}]},
    ]});
    let expected = [
        ("conda", "numpy 1.26.4".to_owned()),
        ("rpm", "bash 5.2.26-3.fc40".to_owned()),
    ];
    assert_eq!(of_sbom(&cyclonedx), expected);
    assert_eq!(Packages::of_sbom(b"{}"), Err(SbomError::Unknown));
    assert_eq!(Packages::of_sbom(b"<xml/>"), Err(SbomError::NotJson));
    let slsa = json!({"predicateType": "https://slsa.dev/provenance/v1", "predicate": {"buildType": "x"}});
    assert_eq!(Packages::of_sbom(slsa.to_string().as_bytes()), Err(SbomError::Unknown));
}

proptest::proptest! {
    #[test]
    fn no_text_makes_a_reader_panic(text in "(\\PC|\n|:|-){0,80}") {
        let _ = (python::headers(&text), python::named(&text), databases::conda(&text));
        let _ = (databases::debian(&text), databases::alpine(&text), databases::npm(&text));
    }
}
