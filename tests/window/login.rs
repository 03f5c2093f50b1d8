//! A connection with a login: added in the window, kept in the real keychain, there again after a restart.

use std::{fs, path::Path};

use super::session::{Desktop, Window};
use crate::support::{
    process::{run, tool},
    registry_server::{RegistryServer, Setup},
};

const ENTER: &str = "\u{e007}";
const USER: &str = "grace";
const PASSWORD: &str = "correct-horse-battery-staple";

#[tokio::test(flavor = "multi_thread")]
async fn outlives_a_restart_and_is_on_no_disk() {
    let server = RegistryServer::distribution2(&Setup {
        login: Some((USER.to_owned(), PASSWORD.to_owned())),
        ..Setup::default()
    });
    let sample = tempfile::tempdir().expect("a temporary folder");
    let models = sample.path().join("models");
    application::sample::write(&models, chrono::Utc::now()).expect("the sample is written");
    push(&server, &models, "1.0.0");

    let desktop = Desktop::start().await;
    let window = desktop.open().await;
    window
        .click(r#"//main//button[normalize-space()="Add a connection"]"#)
        .await;
    fill(&window, "Address", &server.url()).await;
    fill(&window, "Name", "Lab").await;
    window
        .click(r#"//*[@role="radiogroup"][@aria-label="Login"]//label[normalize-space()="Password"]"#)
        .await;
    fill(&window, "User", USER).await;
    fill(&window, "Password", PASSWORD).await;
    // It is checked before it is saved; this registry takes no deletes, and whoever adds it is told.
    window.press(ENTER).await;
    window
        .find(r#"//*[@role="dialog"]//button[normalize-space()="Add without delete"]"#)
        .await;
    window.press(ENTER).await;
    window
        .click(r#"//*[@role="treeitem"][.//*[@title="vision/model"]]"#)
        .await;
    window.wait_for_text(r#"//*[@role="row"]"#, "1.0.0").await;
    window.close().await;

    assert!(
        !holds(&desktop.data_folder(), PASSWORD),
        "the password stands in the data folder"
    );
    push(&server, &models, "1.1.0");
    let window = desktop.open().await;
    window.wait_for_text(r#"//*[@role="row"]"#, "1.0.0").await;
    window.click(r#"//button[@aria-label="Synchronise"]"#).await;
    window.wait_for_text(r#"//*[@role="row"]"#, "1.1.0").await;
    window.close().await;
}

async fn fill(window: &Window, label: &str, text: &str) {
    let field =
        format!(r#"//*[@role="dialog"]//input[not(@type="radio")][@id=//label[normalize-space()="{label}"]/@for]"#);
    window.fill(&field, text).await;
}

/// Pushes one version of the sample by skopeo, with the login.
fn push(server: &RegistryServer, models: &Path, tag: &str) {
    run(tool("skopeo")
        .args(["copy", "--all", "--quiet", "--dest-tls-verify=false", "--dest-creds"])
        .arg(format!("{USER}:{PASSWORD}"))
        .arg(format!("oci:{}:{tag}", models.join("vision/defect-detector").display()))
        .arg(format!("docker://{}/vision/model:{tag}", server.host)));
}

/// Whether a file in `folder`, however deep, holds `words`.
fn holds(folder: &Path, words: &str) -> bool {
    fs::read_dir(folder).expect("the folder can be read").any(|entry| {
        let path = entry.expect("an entry can be read").path();
        if path.is_dir() {
            return holds(&path, words);
        }
        let bytes = fs::read(&path).expect("a file can be read");
        bytes.windows(words.len()).any(|window| window == words.as_bytes())
    })
}
