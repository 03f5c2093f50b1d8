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
const SHIFT: &str = "\u{e008}";
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

/// Every tag with the digest of what it holds, as skopeo reads it.
fn held(server: &RegistryServer, repository: &str) -> BTreeMap<String, String> {
    let place = format!("docker://{}/{repository}", server.host);
    let skopeo = |arguments: &[&str]| run(tool("skopeo").args(arguments).arg("--tls-verify=false"));
    let listed: Value = serde_json::from_str(&skopeo(&["list-tags", &place])).expect("skopeo writes JSON");
    let tags = listed["Tags"]
        .as_array()
        .expect("a list of tags")
        .iter()
        .filter_map(Value::as_str);
    let digest = |tag: &str| artifact::Digest::of(skopeo(&["inspect", "--raw", &format!("{place}:{tag}")]).as_bytes());
    tags.map(|tag| (tag.to_owned(), digest(tag).to_string())).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn cleans_up_by_a_saved_policy_with_a_backup_that_the_undo_takes_from() {
    let server = RegistryServer::distribution2(&Setup {
        deletes: true,
        ..Setup::default()
    });
    let desktop = Desktop::start().await;
    let berthctl = |arguments: &[&str]| {
        let mut command = Command::new(program("berthctl"));
        run(command.arg("--data-dir").arg(desktop.data_folder()).args(arguments))
    };
    let (sample, kept) = (desktop.home().join("models"), desktop.home().join("kept"));
    berthctl(&["sample", &sample.display().to_string()]);
    for tag in ["1.4.0", "1.4.1", "1.4.4", "1.5.0-rc.1"] {
        server.push_layout(
            &sample.join("vision/defect-detector"),
            tag,
            &format!("lab/detector:{tag}"),
        );
    }
    fs::create_dir(&kept).expect("a folder");
    berthctl(&["connection", "add", "Kept", &kept.display().to_string()]);
    berthctl(&["connection", "add", "Lab", &server.url()]);
    berthctl(&["sync", "Lab"]);
    let policy = desktop.home().join("policy.toml");
    let rules = "[[policy]]\nname = \"Keep two\"\nrepositories = [\"Lab/lab/*\"]\nkeep_last = 2\n";
    fs::write(&policy, rules).expect("a file of policies");
    berthctl(&["policy", "import", &policy.display().to_string()]);
    let before = held(&server, "lab/detector");

    let window = desktop.open().await;
    window
        .click(r#"//*[@role="treeitem"][.//*[contains(@title, "lab/detector") or @title="detector"]]"#)
        .await;
    window.click(&row("1.4.1")).await;
    shows_version(&window, "1.4.1").await;
    window.press(&format!("{SHIFT}{DELETE}")).await;
    window.click(r#"//input[@aria-label="Policy"]"#).await;
    window
        .click(r#"//*[@role="option"][normalize-space()="Keep two"]"#)
        .await;
    window.click(r#"//input[@aria-label="Back up to"]"#).await;
    window.click(r#"//*[@role="option"][normalize-space()="Kept"]"#).await;
    window
        .click(r#"//button[starts-with(normalize-space(), "Check and delete")][not(@disabled)]"#)
        .await;
    window
        .find(r#"//button[starts-with(normalize-space(), "Back up, then delete 2 tags")][not(@disabled)]"#)
        .await;
    window
        .wait_for_text("//main", "First a backup to Kept/lab/detector:")
        .await;
    picture(&window, "backup").await;
    assert_eq!(held(&server, "lab/detector"), before, "a plan changes nothing");
    window.press(&format!("{CONTROL}{ENTER}")).await;
    window.wait_for_text("//body", "Deleted 2 tags and ").await;
    let left = held(&server, "lab/detector");
    assert_eq!(left.keys().collect::<Vec<_>>(), ["1.4.4", "1.5.0-rc.1"]);

    server.collect_garbage();
    window.press(&format!("{CONTROL}z")).await;
    window.wait_for_text("//body", "Undid the deletion").await;
    assert_eq!(held(&server, "lab/detector"), before);
    // Its layers are there again too.
    let target = desktop.home().join("pulled");
    run(tool("skopeo")
        .args(["copy", "--all", "--quiet", "--src-tls-verify=false"])
        .arg(format!("docker://{}/lab/detector:1.4.0", server.host))
        .arg(format!("dir:{}", target.display())));
    window.press(&format!("{CONTROL}j")).await;
    window.wait_for_text("//main", "Undone").await;
    window.close().await;
}
