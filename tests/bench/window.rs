//! How soon the window is on screen, and what it weighs, beside an empty window of the same toolkit measured in the same run.

use std::{fs, path::PathBuf, process::Command, time::Instant};

use crate::{
    row::Row,
    support::process::{Running, program, tool},
};

/// Each window is opened so many times, in turn; the median counts.
const RUNS: usize = 5;
const TAGS: usize = 1_000_000;
const MEBIBYTE: f64 = 1024.0 * 1024.0;

pub(crate) fn rows() -> Vec<Row> {
    let home = tempfile::tempdir().expect("a temporary home");
    let data = home.path().join("berth");
    fs::create_dir_all(&data).expect("a data folder");
    crate::catalog::fill_index(&data, TAGS);
    let screen = Screen::start();
    let mut empty = Vec::new();
    let mut full = Vec::new();
    for _ in 0..RUNS {
        empty.push(screen.open(&example("empty-window"), home.path()));
        full.push(screen.open(&program("berth"), home.path()));
    }
    let (empty_time, empty_memory) = medians(&empty);
    let (time, memory) = medians(&full);
    let binary = fs::metadata(program("berth")).expect("the program is built").len();
    #[expect(clippy::cast_precision_loss, reason = "a size for people")]
    let megabytes = binary as f64 / 1e6;
    vec![
        Row::ratio(
            "window on screen, 1,000,000 tags in the index",
            time,
            empty_time,
            "ms",
            2.0,
        ),
        Row::at_most(
            format!("its memory over the empty window's {:.0} MiB", empty_memory / MEBIBYTE),
            (memory - empty_memory) / MEBIBYTE,
            100.0,
            "MiB",
        ),
        Row::at_most("binary", megabytes, 25.0, "MB"),
    ]
}

/// Milliseconds until the window is mapped, and bytes of all its processes once it is quiet.
type Opened = (f64, f64);

struct Screen {
    display: String,
    _running: Running,
}

impl Screen {
    fn start() -> Self {
        let mut command = tool("Xvfb");
        command.args(["-displayfd", "1", "-screen", "0", "1440x900x24", "-nolisten", "tcp"]);
        let (running, number) = Running::start_and_find(&mut command, |line| line.trim().parse::<u32>().ok());
        Self {
            display: format!(":{number}"),
            _running: running,
        }
    }

    fn open(&self, program: &PathBuf, home: &std::path::Path) -> Opened {
        let started = Instant::now();
        let running = Running::start(
            Command::new(program)
                .env("DISPLAY", &self.display)
                .env("GDK_BACKEND", "x11")
                .env("NO_AT_BRIDGE", "1")
                .env("HOME", home)
                .env("XDG_CACHE_HOME", home.join("cache"))
                .env("XDG_CONFIG_HOME", home.join("config"))
                .env("XDG_DATA_HOME", home.join("share"))
                .env("BERTH_DATA_DIR", home.join("berth")),
        );
        // xdotool ends as soon as a visible window of this process is there.
        let found = tool("xdotool")
            .args([
                "search",
                "--sync",
                "--onlyvisible",
                "--pid",
                &running.identifier().to_string(),
                "--limit",
                "1",
            ])
            .env("DISPLAY", &self.display)
            .output()
            .expect("xdotool runs");
        assert!(found.status.success(), "no window of {} appeared", program.display());
        let milliseconds = started.elapsed().as_secs_f64() * 1000.0;
        (milliseconds, settled_memory(running.identifier()))
    }
}

fn example(name: &str) -> PathBuf {
    program("berth").with_file_name("examples").join(name)
}

/// Proportional memory of the process and everything that it started, once it no longer grows.
fn settled_memory(process: u32) -> f64 {
    let mut last = 0.0;
    let mut quiet = 0;
    while quiet < 4 {
        std::thread::sleep(std::time::Duration::from_millis(250));
        let now = tree_memory(process);
        quiet = if (now - last).abs() < MEBIBYTE { quiet + 1 } else { 0 };
        last = now;
    }
    last
}

fn tree_memory(process: u32) -> f64 {
    let rollup = fs::read_to_string(format!("/proc/{process}/smaps_rollup")).unwrap_or_default();
    let own = rollup
        .lines()
        .find_map(|line| line.strip_prefix("Pss:"))
        .and_then(|rest| rest.trim().trim_end_matches(" kB").parse::<f64>().ok())
        .unwrap_or(0.0);
    let children = fs::read_to_string(format!("/proc/{process}/task/{process}/children")).unwrap_or_default();
    let below: f64 = children
        .split_whitespace()
        .filter_map(|child| child.parse().ok())
        .map(tree_memory)
        .sum();
    own * 1024.0 + below
}

fn medians(opened: &[Opened]) -> Opened {
    (
        median(opened.iter().map(|(time, _)| *time)),
        median(opened.iter().map(|(_, memory)| *memory)),
    )
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<_> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
