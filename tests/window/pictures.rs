//! Every main screen in the real window: nothing overflows, nothing fails unseen. With `BERTH_PICTURES=FOLDER` it also leaves pictures there.

use std::{fs, path::PathBuf, process::Command};

use super::session::{Desktop, Window};
use crate::support::{
    layout,
    process::{program, run},
};

const ROW: &str = r#"//*[@role="row"][.//*[@role="gridcell"]]"#;
const CONTROL: &str = "\u{e009}";
const ESCAPE: &str = "\u{e00c}";
const ENTER: &str = "\u{e007}";

#[tokio::test(flavor = "multi_thread")]
async fn of_the_sample_light_and_dark() {
    let desktop = Desktop::start().await;
    let window = desktop.open().await;
    window
        .find(r#"//button[normalize-space()="Open the sample models"]"#)
        .await;
    picture(&window, "empty").await;
    window
        .click(r#"//button[normalize-space()="Open the sample models"]"#)
        .await;
    window
        .click(r#"//*[@role="treeitem"][.//*[contains(@title, "defect-detector")]]"#)
        .await;
    window.click(&format!(r#"({ROW})[contains(., "1.4.2")]/*[1]"#)).await;
    shows_version(&window, "1.4.2").await;
    picture(&window, "browse").await;

    window.press(" \u{e008}\u{e015}\u{e015}\u{e015}").await;
    window.press("m").await;
    window.wait_for_text("//h2", "4 versions selected").await;
    window.find(r#"[aria-label^="accuracy"][role="img"]"#).await;
    picture(&window, "selection").await;
    window.press("m").await;
    window.press(ESCAPE).await;
    window.click(&format!(r#"({ROW})[contains(., "1.4.2")]/*[2]"#)).await;
    shows_version(&window, "1.4.2").await;

    window.press("\u{e008}p").await;
    window.wait_for_text(r#"//*[@role="dialog"]"#, "after").await;
    picture(&window, "promote").await;
    window.press(ESCAPE).await;
    window.find(ROW).await;

    window.press(ENTER).await;
    window
        .click(r#"//section[@aria-label="Version"]//*[@role="tab"][starts-with(normalize-space(), "Files")]"#)
        .await;
    window.click(r#"//button[normalize-space()="Read the files"]"#).await;
    window.wait_for_text(r#"//*[@role="treegrid"]"#, "torchvision").await;
    picture(&window, "files").await;
    window.press(ESCAPE).await;

    window.find(ROW).await;
    window.press(&format!("{CONTROL}k")).await;
    window.press("tiny").await;
    window.find(r#"//*[@role="option"]"#).await;
    picture(&window, "palette").await;
    window.press(ESCAPE).await;

    window.press(&format!("{CONTROL},")).await;
    window.wait_for_text("//body", "Appearance").await;
    picture(&window, "settings").await;
    window
        .click(r#"//*[@role="radiogroup"][@aria-label="Theme"]//label[normalize-space()="Dark"]"#)
        .await;
    window.find(r#"html[data-mantine-color-scheme="dark"]"#).await;
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_ten_thousand_tags_beside_berthctl_and_of_a_registry_that_is_gone() {
    let desktop = Desktop::start().await;
    let models = desktop.home().join("models");
    layout::write(&models.join("vision/line-inspector"), 10_000);
    let berthctl = || {
        let mut command = Command::new(program("berthctl"));
        command.arg("--data-dir").arg(desktop.data_folder());
        command
    };
    run(berthctl().args(["connection", "add", "Lab"]).arg(&models));
    run(berthctl().args(["sync", "Lab"]));

    let window = desktop.open().await;
    window
        .click(r#"//*[@role="treeitem"][.//*[@title="vision/line-inspector"]]"#)
        .await;
    shows_version(&window, "24.19.19").await;
    window.click(&format!("({ROW})[2]/*[1]")).await;
    shows_version(&window, "24.19.18").await;
    picture(&window, "ten-thousand-tags").await;

    // What another process does is seen without a touch.
    layout::write(&models.join("audio/keyword-spotter"), 3);
    run(berthctl().args(["sync", "Lab"]));
    window
        .find(r#"//*[@role="treeitem"][.//*[contains(@title, "keyword-spotter")]]"#)
        .await;
    run(berthctl().args(["settings", "set", "theme", "dark"]));
    window.find(r#"html[data-mantine-color-scheme="dark"]"#).await;
    run(berthctl().args(["settings", "set", "theme", "light"]));
    window.find(r#"html[data-mantine-color-scheme="light"]"#).await;

    fs::rename(&models, desktop.home().join("elsewhere")).expect("the folder moves away");
    window.click(r#"//button[@aria-label="Synchronise"]"#).await;
    window.wait_for_text("//body", "models").await;
    window.find(r#"[role="alert"]"#).await;
    picture(&window, "error").await;
    window.close().await;
}

/// Waits until the pane beside the table has come to the version: its name, its layers, its command.
pub(super) async fn shows_version(window: &Window, name: &str) {
    window
        .find(&format!(
            r#"//aside[@aria-label="Version"]//h2[normalize-space()="{name}"]"#
        ))
        .await;
    window
        .wait_for_text(r#"//aside[@aria-label="Version"]"#, "only here")
        .await;
    window.find(r#"section[aria-label="Pull command"] code"#).await;
}

/// Checks that the window holds what it shows; keeps a picture of it, light and dark, where they are wanted.
pub(super) async fn picture(window: &Window, name: &str) {
    let overflow = window.evaluate("return [document.documentElement.scrollWidth - innerWidth, document.documentElement.scrollHeight - innerHeight]").await;
    assert_eq!(overflow, serde_json::json!([0, 0]), "{name} is larger than its window");
    if let Some(folder) = std::env::var_os("BERTH_PICTURES").map(PathBuf::from) {
        fs::create_dir_all(&folder).expect("a folder for the pictures");
        for scheme in ["dark", "light"] {
            let wear = format!("document.documentElement.dataset.mantineColorScheme = '{scheme}'");
            window.evaluate(&wear).await;
            window.painted().await;
            window.picture(&folder.join(format!("{name}-{scheme}.png")));
        }
    }
}
