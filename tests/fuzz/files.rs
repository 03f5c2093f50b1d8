//! Files that other programs left on this computer: image layouts, archives of them, docker logins.

use std::{fs, path::Path};

use artifact::RepositoryName;
use registry::{
    Operation, Registry, Target,
    docker_login::{self, Environment},
    folder::FolderRegistry,
};

use super::{fuzz, mutation::with_checksums};

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime")
}

/// Asks for everything that a sync asks for.
async fn browse(path: &Path) {
    let Ok(folder) = FolderRegistry::open(path) else { return };
    let operation = Operation::unobserved();
    let repositories = folder
        .repositories(&operation)
        .await
        .map(|listing| listing.items)
        .unwrap_or_default();
    for repository in &repositories {
        browse_repository(&folder, repository, &operation).await;
    }
}

async fn browse_repository(folder: &FolderRegistry, repository: &RepositoryName, operation: &Operation) {
    let manifests = folder.manifests(repository, operation).await.ok().flatten();
    for manifest in manifests
        .map(|listing| listing.items)
        .unwrap_or_default()
        .iter()
        .take(20)
    {
        let _ = folder.referrers(repository, &manifest.digest, operation).await;
    }
    let Ok(tags) = folder.tags(repository, operation).await else {
        return;
    };
    for tag in tags.items.iter().take(20) {
        let target = Target::Tag(tag.tag.clone());
        let resolved = folder.resolve(repository, &target, operation).await;
        if let Ok(manifest) = folder.manifest(repository, &target, operation).await {
            assert_eq!(resolved.map(|resolved| resolved.digest).ok(), Some(manifest.digest));
        }
    }
}

#[test]
fn image_layouts() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let layout = home.path().join("team/model");
    fs::create_dir_all(layout.join("blobs/sha256")).expect("a folder");
    fs::write(layout.join("oci-layout"), r#"{"imageLayoutVersion":"1.0.0"}"#).expect("it is written");
    let runtime = runtime();
    fuzz("layout", 250, |input| {
        fs::write(layout.join("index.json"), input).expect("it is written");
        runtime.block_on(browse(home.path()));
    });
}

#[test]
fn archives_of_layouts() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let archive = home.path().join("model.tar");
    let runtime = runtime();
    fuzz("archive", 200, |input| {
        fs::write(&archive, with_checksums(input)).expect("it is written");
        runtime.block_on(browse(&archive));
    });
}

#[test]
fn docker_logins() {
    let home = tempfile::tempdir().expect("a temporary home");
    fs::create_dir_all(home.path().join(".docker")).expect("a folder");
    let environment: Environment = [("HOME", home.path().as_os_str()), ("PATH", home.path().as_os_str())]
        .into_iter()
        .collect();
    fuzz("docker-config", 400, |input| {
        fs::write(home.path().join(".docker/config.json"), input).expect("it is written");
        let found = docker_login::survey(&environment);
        assert!(found.problems.len() <= 1);
        // Nobody's credential helper is asked by a test.
        if input.windows(4).any(|word| word.eq_ignore_ascii_case(b"cred")) {
            return;
        }
        for login in found.logins.iter().take(5) {
            let resolved = docker_login::resolve(&login.host, &environment);
            assert!(!format!("{resolved:?}").contains("s3cr3t"), "a secret is shown");
        }
    });
}
