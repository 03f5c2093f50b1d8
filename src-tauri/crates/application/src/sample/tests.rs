//! The sample is what it says: whole, deterministic, and as others read it.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    process::Command,
};

use artifact::{Descriptor, Digest, Manifest, RepositoryName};
use chrono::TimeZone as _;
use registry::{Operation, Registry, Target, folder::FolderRegistry};

use super::*;

fn now() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 9, 15, 11, 30, 0)
        .single()
        .expect("a valid time")
}

fn written() -> (tempfile::TempDir, PathBuf) {
    let parent = tempfile::tempdir().expect("a temporary folder");
    let folder = parent.path().join("sample");
    write(&folder, now()).expect("the sample can be written");
    (parent, folder)
}

fn repository(name: &str) -> RepositoryName {
    name.parse().expect("a valid name")
}

/// Every file below a folder: path and content.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(path) = waiting.pop() {
        for entry in fs::read_dir(&path).expect("a readable folder") {
            let path = entry.expect("a readable entry").path();
            if path.is_dir() {
                waiting.push(path);
            } else {
                let name = path.strip_prefix(folder).expect("a path below the folder").to_owned();
                found.insert(name, fs::read(&path).expect("a readable file"));
            }
        }
    }
    found
}

#[test]
fn the_same_time_gives_the_same_bytes_and_stays_small() {
    let (_first, one) = written();
    let (_second, two) = written();
    let files_of_one = files(&one);
    assert!(files_of_one == files(&two), "two samples differ");
    let size: usize = files_of_one.values().map(Vec::len).sum();
    assert!((8_000_000..30_000_000).contains(&size), "{size} bytes");
}

#[test]
fn nothing_is_written_over_and_nothing_is_left_behind() {
    let (parent, folder) = written();
    assert!(matches!(write(&folder, now()), Err(SampleError::AlreadyThere(_))));
    let names: Vec<_> = fs::read_dir(parent.path()).expect("a readable folder").collect();
    assert_eq!(names.len(), 1, "only the sample itself: {names:?}");
    let empty = parent.path().join("empty");
    fs::create_dir(&empty).expect("a folder can be made");
    write(&empty, now()).expect("an empty folder is filled");
}

#[tokio::test]
async fn every_manifest_and_blob_is_what_its_digest_says() {
    let (_parent, folder) = written();
    let registry = FolderRegistry::open(&folder).expect("the sample opens");
    let operation = Operation::unobserved();
    let repositories = registry.repositories(&operation).await.expect("a list");
    assert!(
        repositories.is_complete() && repositories.problems.is_empty(),
        "{:?}",
        repositories.problems
    );
    let names: Vec<&str> = repositories.items.iter().map(RepositoryName::as_str).collect();
    assert_eq!(
        names,
        [
            "charts/inference-gateway",
            "forecasting/store-demand",
            "llm/tiny-bert",
            "pipelines/nightly-forecast",
            "vision/defect-detector",
            "vision/line-scan-segmenter",
        ]
    );
    for name in &repositories.items {
        let read = read_whole(&registry, name).await;
        let stored = files(&folder.join(name.as_str()).join("blobs")).len();
        assert_eq!(read, stored, "{name} holds blobs that nothing needs");
    }
}

/// Reads all manifests and blobs of a repository; says how many different ones there are.
async fn read_whole(registry: &FolderRegistry, name: &RepositoryName) -> usize {
    let operation = Operation::unobserved();
    let manifests = registry
        .manifests(name, &operation)
        .await
        .expect("a list")
        .expect("folders list manifests");
    assert!(
        manifests.is_complete() && manifests.problems.is_empty(),
        "{name}: {:?}",
        manifests.problems
    );
    let mut seen: BTreeSet<Digest> = BTreeSet::new();
    for listed in manifests.items {
        let raw = registry
            .manifest(name, &Target::Digest(listed.digest), &operation)
            .await
            .expect("a manifest");
        let manifest = Manifest::parse(Some(&raw.media_type), &raw.bytes).expect("it can be read");
        seen.insert(raw.digest);
        let config = manifest_config(&raw.bytes);
        for blob in manifest.layers().iter().chain(&config) {
            if seen.insert(blob.digest.clone()) {
                let limit = artifact::ByteSize(8_000_000);
                let bytes = registry
                    .small_blob(name, &blob.digest, blob.size, limit, &operation)
                    .await;
                assert_eq!(bytes.expect("a blob that verifies").len() as u64, blob.size.bytes());
            }
        }
    }
    seen.len()
}

/// The config as it stands in a manifest, the empty one too.
fn manifest_config(bytes: &[u8]) -> Option<Descriptor> {
    let manifest: serde_json::Value = serde_json::from_slice(bytes).expect("JSON");
    let config = manifest.get("config")?;
    let digest = config["digest"]
        .as_str()
        .expect("a digest")
        .parse()
        .expect("a valid digest");
    let size = config["size"].as_u64().expect("a size");
    Some(Descriptor::new(
        config["mediaType"].as_str().expect("a media type"),
        digest,
        artifact::ByteSize(size),
    ))
}

#[tokio::test]
async fn the_detector_has_forty_versions_and_what_belongs_to_them() {
    let (_parent, folder) = written();
    let registry = FolderRegistry::open(&folder).expect("the sample opens");
    let operation = Operation::unobserved();
    let name = repository("vision/defect-detector");
    let tags = registry.tags(&name, &operation).await.expect("a list");
    let full: BTreeSet<&str> = tags
        .items
        .iter()
        .map(|listed| listed.tag.as_str())
        .filter(|tag| tag.split('-').next().is_some_and(|core| core.split('.').count() == 3))
        .filter(|tag| tag.starts_with(|first: char| first.is_ascii_digit()))
        .collect();
    assert_eq!(full.len(), 40, "{full:?}");
    for alias in ["1.4", "latest", "staging", "production", "1.5.0-rc.1"] {
        assert!(
            tags.items.iter().any(|listed| listed.tag.as_str() == alias),
            "{alias} is missing"
        );
    }
    let latest = registry
        .resolve(&name, &Target::Tag("latest".parse().expect("a tag")), &operation)
        .await;
    let latest = latest.expect("latest is there");
    let referrers = registry
        .referrers(&name, &latest.digest, &operation)
        .await
        .expect("a list")
        .expect("supported");
    let types: BTreeSet<_> = referrers
        .items
        .iter()
        .filter_map(|referrer| referrer.artifact_type.as_deref())
        .collect();
    assert_eq!(
        types,
        BTreeSet::from(["application/spdx+json", "application/vnd.dev.sigstore.bundle.v0.3+json"])
    );
    let named: BTreeSet<Digest> = tags.items.into_iter().filter_map(|listed| listed.digest).collect();
    let index = files(&folder.join(name.as_str()))
        .remove(Path::new("index.json"))
        .expect("an index");
    let unnamed = artifact::Manifest::parse(None, &index)
        .expect("an index")
        .children()
        .iter()
        .filter(|entry| !named.contains(&entry.digest) && artifact::media_type::is_index(&entry.media_type))
        .count();
    assert_eq!(unnamed, 1, "one version that no tag names any more");
}

#[tokio::test]
async fn versions_of_the_language_model_differ_in_some_tensors_only() {
    let (_parent, folder) = written();
    let registry = FolderRegistry::open(&folder).expect("the sample opens");
    let name = repository("llm/tiny-bert");
    let before = tensors(&registry, &name, "1.1.0").await;
    let after = tensors(&registry, &name, "1.1.1").await;
    assert_eq!(before.keys().collect::<Vec<_>>(), after.keys().collect::<Vec<_>>());
    let changed = before
        .iter()
        .filter(|(tensor, values)| after.get(*tensor) != Some(values))
        .count();
    assert!(
        changed > 0 && changed < before.len() / 2,
        "{changed} of {} changed",
        before.len()
    );
    assert!(
        tensors(&registry, &name, "2.0.0")
            .await
            .contains_key("bert.pooler.dense.weight")
    );
}

/// The tensors of a version with the hash of their values, read by the safetensors crate.
async fn tensors(registry: &FolderRegistry, name: &RepositoryName, tag: &str) -> BTreeMap<String, Digest> {
    let operation = Operation::unobserved();
    let target = Target::Tag(tag.parse().expect("a tag"));
    let raw = registry.manifest(name, &target, &operation).await.expect("a manifest");
    let manifest = Manifest::parse(Some(&raw.media_type), &raw.bytes).expect("it can be read");
    let mut found = BTreeMap::new();
    for layer in manifest
        .layers()
        .iter()
        .filter(|layer| layer.filepath().is_some_and(is_safetensors))
    {
        let limit = artifact::ByteSize(8_000_000);
        let bytes = registry
            .small_blob(name, &layer.digest, layer.size, limit, &operation)
            .await
            .expect("a blob");
        let file = safetensors::SafeTensors::deserialize(&bytes).expect("a safetensors file");
        found.extend(
            file.tensors()
                .into_iter()
                .map(|(tensor, view)| (tensor, Digest::of(view.data()))),
        );
    }
    found
}

fn is_safetensors(path: &str) -> bool {
    Path::new(path)
        .extension()
        .is_some_and(|extension| extension == "safetensors")
}

#[tokio::test]
async fn no_time_lies_in_the_future() {
    let (_parent, folder) = written();
    for (path, content) in files(&folder) {
        let Ok(json) = serde_json::from_slice::<serde_json::Value>(&content) else {
            continue;
        };
        for key in ["/created", "/descriptor/createdAt"] {
            if let Some(time) = json.pointer(key).and_then(serde_json::Value::as_str) {
                let time = DateTime::parse_from_rfc3339(time).expect("a time");
                assert!(time < now(), "{} is from {time}", path.display());
            }
        }
    }
}

/// skopeo as an independent witness; where it is not installed the test says so.
#[test]
fn skopeo_reads_every_repository() {
    if Command::new("skopeo").arg("--version").output().is_err() {
        eprintln_skipped();
        return;
    }
    let (_parent, folder) = written();
    let layout = folder.join("vision/defect-detector");
    let image = skopeo(&[
        "inspect",
        "--override-os=linux",
        "--override-arch=amd64",
        &format!("oci:{}:1.4.4", layout.display()),
    ]);
    assert_eq!(image["Labels"]["accuracy"], "0.947");
    assert_eq!(image["Architecture"], "amd64");
    assert!(
        image["Layers"].as_array().is_some_and(|layers| layers.len() == 8),
        "{image}"
    );
    let run = skopeo(&[
        "inspect",
        &format!(
            "oci:{}:2024-01-15-10-30-45",
            folder.join("pipelines/nightly-forecast").display()
        ),
    ]);
    assert_eq!(run["Created"], "2024-01-15T10:30:45Z");
    let raw = skopeo(&[
        "inspect",
        "--raw",
        &format!("oci:{}:2.0.0", folder.join("llm/tiny-bert").display()),
    ]);
    assert_eq!(raw["artifactType"], "application/vnd.cncf.model.manifest.v1+json");
    // A whole copy reads and verifies every blob of every platform.
    let target = folder.join("copied");
    let copied = Command::new("skopeo")
        .args(["copy", "--quiet", "--all", &format!("oci:{}:1.4.4", layout.display())])
        .arg(format!("oci:{}:copied", target.display()))
        .output()
        .expect("skopeo runs");
    assert!(copied.status.success(), "{}", String::from_utf8_lossy(&copied.stderr));
}

fn skopeo(arguments: &[&str]) -> serde_json::Value {
    let output = Command::new("skopeo").args(arguments).output().expect("skopeo runs");
    assert!(
        output.status.success(),
        "{arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).expect("skopeo prints JSON")
}

#[expect(clippy::print_stderr, reason = "a skipped test says so")]
fn eprintln_skipped() {
    eprintln!("skipped: no skopeo");
}
