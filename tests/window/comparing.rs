//! Pick versions, compare them, copy the comparison; come back to where one was.

use std::process::Command;

use super::{
    pictures::{picture, shows_version},
    session::Desktop,
};
use crate::support::process::{program, run};

const SHIFT: &str = "\u{e008}";
const DOWN: &str = "\u{e015}";
const ESCAPE: &str = "\u{e00c}";
const NAME: &str = "Sample/vision/defect-detector";

#[tokio::test(flavor = "multi_thread")]
async fn compares_what_is_selected_and_copies_it_as_markdown() {
    let desktop = Desktop::start().await;
    let window = desktop.open().await;
    window
        .click(r#"//button[normalize-space()="Open the sample models"]"#)
        .await;
    window
        .click(r#"//*[@role="treeitem"][.//*[contains(@title, "defect-detector")]]"#)
        .await;
    window
        .click(r#"(//*[@role="row"][.//*[@role="gridcell"]][.//span[@title="1.5.0-rc.2"]])[1]/*[2]"#)
        .await;
    shows_version(&window, "1.5.0-rc.2").await;
    window.press(&format!(" {SHIFT}{DOWN}{DOWN}")).await;
    window.wait_for_text("//h2", "3 versions selected").await;
    window.press("c").await;
    let grid = r#"//*[@role="grid"][@aria-label="Comparison"]"#;
    window.wait_for_text(grid, "accuracy").await;
    window.wait_for_text(grid, "To pull, having A").await;
    picture(&window, "compare").await;

    window.click(r#"//button[normalize-space()="Copy as Markdown"]"#).await;
    window.wait_for_text("//body", "Copied").await;
    let copied = desktop.clipboard();
    let heading = copied.lines().next().unwrap_or_default();
    let references: Vec<&str> = heading.trim_start_matches("## ").split(" ↔ ").collect();
    assert_eq!(references.len(), 3, "{copied}");
    assert!(references.iter().all(|one| one.starts_with(NAME)), "{heading}");
    let told = run(Command::new(program("berthctl"))
        .arg("--data-dir")
        .arg(desktop.data_folder())
        .args(["compare", "--markdown"])
        .args(&references));
    assert_eq!(copied.trim_end(), told.trim_end());

    window.press(ESCAPE).await;
    window.find(r#"(//*[@role="row"][.//*[@role="gridcell"]])[1]"#).await;
    window.close().await;
}
