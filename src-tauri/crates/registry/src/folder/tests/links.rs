//! Links: followed inside the folder, never out of it, and never in a circle.
#![cfg(unix)]

use std::{os::unix::fs::symlink, process::Command};

use super::*;

#[tokio::test]
async fn a_link_out_of_the_folder_is_refused_wherever_it_stands() {
    let outside = Fixture::new();
    let secret = outside.image("secret", "secret content");
    let fixture = Fixture::new();
    let image = fixture.image("model", "content");
    let layer = Digest::of(b"content");
    symlink(outside.join("secret"), fixture.join("linked")).expect("a link can be made");
    let registry = fixture.open();
    // A layout.
    let listing = registry.repositories(&operation()).await.expect("a list");
    assert_eq!(listing.items, [repository("model")]);
    assert!(
        listing.problems.iter().any(|problem| problem.contains("leads out")),
        "{:?}",
        listing.problems
    );
    let error = registry
        .tags(&repository("linked"), &operation())
        .await
        .expect_err("it leads out");
    assert!(words(&error).contains("leads out"), "{error}");
    // A blob.
    let blob = blob_file(&fixture.join("model"), &layer);
    fs::remove_file(&blob).expect("a file can be removed");
    symlink(blob_file(&outside.join("secret"), &secret.digest), &blob).expect("a link can be made");
    let (bytes, error) = streamed(&registry, "model", &layer, secret.size.bytes()).await;
    assert!(
        bytes.is_empty() && error.as_ref().is_some_and(|error| words(error).contains("leads out")),
        "{error:?}"
    );
    // A manifest.
    let blob = blob_file(&fixture.join("model"), &image.digest);
    fs::remove_file(&blob).expect("a file can be removed");
    symlink("/etc/passwd", &blob).expect("a link can be made");
    let error = registry
        .manifest(&repository("model"), &tag("v1"), &operation())
        .await
        .expect_err("it leads out");
    assert!(words(&error).contains("leads out"), "{error}");
    // The list.
    let index = fixture.join("model/index.json");
    fs::remove_file(&index).expect("a file can be removed");
    symlink(outside.join("secret/index.json"), &index).expect("a link can be made");
    let error = registry
        .tags(&repository("model"), &operation())
        .await
        .expect_err("it leads out");
    assert!(words(&error).contains("leads out"), "{error}");
}

#[tokio::test]
async fn links_inside_the_folder_are_followed_and_circles_end() {
    let fixture = Fixture::new();
    fixture.image("team/model", "content");
    symlink(fixture.join("team/model"), fixture.join("current")).expect("a link can be made");
    symlink(fixture.path(), fixture.join("team/circle")).expect("a link can be made");
    symlink("nowhere", fixture.join("team/dangling")).expect("a link can be made");
    let registry = fixture.open();
    assert_eq!(names(&registry).await, ["current", "team/model"]);
    assert_eq!(tags_of(&registry, "current").await, ["v1"]);
}

#[tokio::test]
async fn the_folder_itself_may_be_a_link() {
    let fixture = Fixture::new();
    fixture.image("real/model", "content");
    symlink(fixture.join("real"), fixture.join("link")).expect("a link can be made");
    let registry = FolderRegistry::open(fixture.join("link")).expect("it opens");
    assert_eq!(names(&registry).await, ["model"]);
    assert_eq!(tags_of(&registry, "model").await, ["v1"]);
}

#[tokio::test]
async fn a_pipe_in_the_place_of_a_file_is_not_waited_for() {
    let fixture = Fixture::new();
    let image = fixture.image("model", "content");
    let blob = blob_file(&fixture.join("model"), &image.digest);
    fs::remove_file(&blob).expect("a file can be removed");
    assert!(
        Command::new("mkfifo")
            .arg(&blob)
            .status()
            .expect("mkfifo runs")
            .success()
    );
    let error = fixture
        .open()
        .manifest(&repository("model"), &tag("v1"), &operation())
        .await
        .expect_err("a pipe");
    assert!(words(&error).contains("is not a file"), "{error}");
}
