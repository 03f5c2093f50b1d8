//! The table of speeds: ratios against the raw limit, measured in the same run on servers that this starts, and bounds.
//!
//! `cargo bench -p berth` prints all rows; `cargo bench -p berth -- sync files` only those of these parts.

#![expect(clippy::print_stdout, reason = "the table is what this program is for")]

mod catalog;
mod changes;
mod comparing;
mod files;
mod load;
mod row;
mod scrolling;
#[path = "../support/mod.rs"]
mod support;
mod sync;
mod window;

use row::Row;

/// A part of the table: its name on the command line, and what measures it.
type Part = (&'static str, fn() -> Vec<Row>);

const PARTS: [Part; 7] = [
    ("sync", sync::rows),
    ("catalog", catalog::rows),
    ("changes", changes::rows),
    ("compare", comparing::rows),
    ("files", files::rows),
    ("scrolling", scrolling::rows),
    ("window", window::rows),
];

fn main() {
    let wanted: Vec<String> = std::env::args()
        .skip(1)
        .filter(|argument| !argument.starts_with("--"))
        .collect();
    if let [child, rest @ ..] = wanted.as_slice()
        && child == files::CHILD
    {
        return files::child(rest);
    }
    println!("| what | measured | to reach | |\n|---|---|---|---|");
    for (name, rows) in PARTS {
        if wanted.is_empty() || wanted.iter().any(|part| part == name) {
            for row in rows() {
                println!("{row}");
            }
        }
    }
}
