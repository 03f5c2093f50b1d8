//! Select, delete, see the plan, confirm, undo; promote, roll back; what was done stands in the journal.

use std::{collections::BTreeMap, fs, path::Path, process::Command};

use serde_json::Value;

use super::{
    pictures::{picture, shows_version},
    session::{Desktop, Window},
};
use crate::support::{
    process::{program, run, tool},
    registry_server::{RegistryServer, Setup},
};

const CONTROL: &str = "\u{e009}";
const DELETE: &str = "\u{e017}";
const ENTER: &str = "\u{e007}";
const ESCAPE: &str = "\u{e00c}";
const DETECTOR: &str = r#"//*[@role="treeitem"][.//*[contains(@title, "defect-detector")]]"#;

/// Every tag of the sample's layout with its digest, as the file says.
fn tags(desktop: &Desktop) -> BTreeMap<String, String> {
    let layout = desktop.data_folder().join("sample/vision/defect-detector");
    names(&layout.join("index.json"))
}

fn names(index: &Path) -> BTreeMap<String, String> {
    let text = fs::read_to_string(index).expect("the layout has a list");
    let list: Value = serde_json::from_str(&text).expect("the list is JSON");
    let entries = list["manifests"].as_array().expect("a list of manifests");
    let named = entries.iter().filter_map(|entry| {
        let name = entry["annotations"]["org.opencontainers.image.ref.name"].as_str()?;
        Some((name.to_owned(), entry["digest"].as_str()?.to_owned()))
    });
    named.collect()
}

fn row(name: &str) -> String {
    format!(r#"(//*[@role="row"][.//*[@role="gridcell"]][.//span[@title="{name}"]])[1]/*[2]"#)
}

async fn opened(desktop: &Desktop) -> Window {
    let window = desktop.open().await;
    window
        .click(r#"//button[normalize-space()="Open the sample models"]"#)
        .await;
    window.click(DETECTOR).await;
    window
}

#[tokio::test(flavor = "multi_thread")]
async fn deletes_what_the_plan_shows_and_brings_it_back() {
    let desktop = Desktop::start().await;
    let window = opened(&desktop).await;
    window.click(&row("1.4.1")).await;
    shows_version(&window, "1.4.1").await;
    let before = tags(&desktop);

    window.press(DELETE).await;
    window
        .find(r#"//button[starts-with(normalize-space(), "Delete 1 tag and ")]"#)
        .await;
    picture(&window, "plan").await;
    assert_eq!(tags(&desktop), before, "a plan changes nothing");
    window.press(&format!("{CONTROL}{ENTER}")).await;
    window.wait_for_text("//body", "Deleted 1 tag and ").await;
    let mut expected = before.clone();
    expected.remove("1.4.1");
    assert_eq!(tags(&desktop), expected);

    window.press(&format!("{CONTROL}z")).await;
    window.wait_for_text("//body", "Undid the deletion").await;
    window.find(&row("1.4.1")).await;
    assert_eq!(tags(&desktop), before);
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn promotes_with_one_click_and_takes_it_back() {
    let desktop = Desktop::start().await;
    let window = opened(&desktop).await;
    window.click(&row("1.4.3")).await;
    shows_version(&window, "1.4.3").await;
    let before = tags(&desktop);
    window
        .click(r#"//button[normalize-space()="Promote to staging"]"#)
        .await;
    window.wait_for_text("//body", "Promoted 1.4.3 to staging").await;
    assert_eq!(tags(&desktop)["staging"], before["1.4.3"]);

    window.press(&format!("{CONTROL}j")).await;
    window.wait_for_text("//main", "staging").await;
    picture(&window, "journal").await;
    window.press(ESCAPE).await;
    window.find(&row("1.4.3")).await;
    window.press(&format!("{CONTROL}z")).await;
    window.wait_for_text("//body", "Undid the promotion").await;
    assert_eq!(tags(&desktop), before);
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn copies_a_version_to_another_connection_and_shows_how_far_it_is() {
    let server = RegistryServer::distribution2(&Setup::default());
    let desktop = Desktop::start().await;
    let window = opened(&desktop).await;
    run(Command::new(program("berthctl"))
        .arg("--data-dir")
        .arg(desktop.data_folder())
        .args(["connection", "add", "Lab", &server.url()]));
    window.click(&row("1.4.3")).await;
    shows_version(&window, "1.4.3").await;
    window.press("\u{e008}c").await;
    window.wait_for_text("//h2", "Where to?").await;
    window
        .click(r#"//input[@id=//label[normalize-space()="Connection"]/@for]"#)
        .await;
    window.click(r#"//*[@role="option"][normalize-space()="Lab"]"#).await;
    window
        .fill(
            r#"//input[@id=//label[normalize-space()="Repository"]/@for]"#,
            "mirror/detector",
        )
        .await;
    window
        .find(r#"//button[starts-with(normalize-space(), "Copy to Lab: move ")][not(@disabled)]"#)
        .await;
    picture(&window, "copy").await;
    window
        .click(r#"//button[starts-with(normalize-space(), "Copy to Lab: move ")]"#)
        .await;
    window.wait_for_text("//footer", "Done: Lab has it").await;
    window.wait_for_text("//main", "digest checked").await;
    picture(&window, "copied").await;
    let there = run(tool("skopeo")
        .args(["inspect", "--raw", "--tls-verify=false"])
        .arg(format!("docker://{}/mirror/detector:1.4.3", server.host)));
    let digest = artifact::Digest::of(there.as_bytes()).to_string();
    assert_eq!(digest, tags(&desktop)["1.4.3"], "the very same version");
    window.close().await;
}
