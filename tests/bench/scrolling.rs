//! Scrolling 100,000 rows in a real browser: measured by the front end's own script, beside an empty page in the same run.

use std::process::Command;

use crate::row::Row;

/// The share of frames within 1.2 × an empty page's, and the longest frame in milliseconds.
#[derive(serde::Deserialize)]
#[serde(rename_all = "camelCase")]
struct Measured {
    /// Of all frames, in percent.
    within_percent: f64,
    longest_milliseconds: f64,
    empty_frame_milliseconds: f64,
    /// What the empty page itself reaches in this run: on a busy machine not all of its frames either.
    empty_within_percent: f64,
}

pub(crate) fn rows() -> Vec<Row> {
    let output = Command::new("node")
        .args(["bench/scrolling.mjs"])
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/ui"))
        .output()
        .expect("node runs");
    let said = String::from_utf8_lossy(&output.stdout);
    let measured: Measured = said
        .lines()
        .last()
        .and_then(|line| serde_json::from_str(line).ok())
        .unwrap_or_else(|| panic!("the script measures: {said}{}", String::from_utf8_lossy(&output.stderr)));
    vec![
        Row {
            what: format!(
                "scrolling 100,000 rows: frames within 1.2 × an empty page's {:.1} ms (which reaches {:.1} %)",
                measured.empty_frame_milliseconds, measured.empty_within_percent
            ),
            measured: format!("{:.1} %", measured.within_percent),
            limit: "≥ 95 %".to_owned(),
            reached: measured.within_percent >= 95.0,
        },
        Row::at_most("its longest frame", measured.longest_milliseconds, 50.0, "ms"),
    ]
}
