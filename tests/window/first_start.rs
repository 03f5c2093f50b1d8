//! First start → sample → open a version → copy its pull command.

use super::session::Desktop;

const DETECTOR: &str = r#"//*[@role="treeitem"][.//*[contains(@title, "defect-detector")]]"#;

#[tokio::test(flavor = "multi_thread")]
async fn leads_to_a_pull_command() {
    let desktop = Desktop::start().await;
    let window = desktop.open().await;
    window.wait_for_text("//main", "No connections yet").await;
    window
        .click(r#"//button[normalize-space()="Open the sample models"]"#)
        .await;
    window.click(DETECTOR).await;

    let row = r#"(//*[@role="row"][.//*[@role="gridcell"]])[1]"#;
    window.click(row).await;
    let command = window.find(r#"section[aria-label="Pull command"] code"#).await;
    let command = command
        .attr("title")
        .await
        .expect("the command can be read")
        .expect("it stands there whole");
    assert!(command.contains("defect-detector"), "{command}");

    window.press("y").await;
    window.wait_for_text("//body", "Copied").await;
    assert_eq!(desktop.clipboard(), command);

    window.press("\u{e007}").await; // Enter opens the version as a page.
    window.click(r#"//*[@role="tab"][contains(., "Files")]"#).await;
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn is_shown_again_where_it_was_left_without_the_network() {
    let desktop = Desktop::start().await;
    let window = desktop.open().await;
    window
        .click(r#"//button[normalize-space()="Open the sample models"]"#)
        .await;
    window.click(DETECTOR).await;
    window.find(r#"//*[@role="row"][.//*[@role="gridcell"]]"#).await;
    window.close().await;

    // What was seen is in the index: the models themselves may be gone.
    std::fs::rename(
        desktop.data_folder().join("sample"),
        desktop.data_folder().join("elsewhere"),
    )
    .expect("the sample moves away");
    let window = desktop.open().await;
    window.find(r#"//*[@role="row"][.//*[@role="gridcell"]]"#).await;
    window.close().await;
}
