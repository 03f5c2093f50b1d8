//! `files` of a 300 MB layer, beside `igzip -dc` of the same file in the same run, and the memory it takes.
//!
//! The layer is read as the programs read it: a folder registry is synced, its version opened, its layer streamed with its
//! digest verified, every file hashed, and what was found recorded. Each reading is a process of its own, which starts with
//! an empty index and whose peak memory is its own.

#[path = "files/layer.rs"]
mod layer;

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::Arc,
    time::Instant,
};

use artifact::{ByteSize, Descriptor, media_type};
use catalog::{ConnectionId, Index, Scope, Sync, contents};
use registry::{
    Clock, Operation, Registry,
    folder::{Durability, FolderRegistry, IndexEntry, LayoutWriter},
};

use crate::{
    row::Row,
    support::process::{run, tool},
};

/// What this program is called with to be one reading.
pub(crate) const CHILD: &str = "files-child";

/// Compressed, as the table has it.
const LAYER: u64 = 300_000_000;
const REPOSITORY: &str = "team/environment";
const TAG: &str = "1.0.0";
/// Both are measured in turn; the median ratio counts, for machines are noisy.
const RUNS: usize = 5;
const MEBIBYTE: f64 = 1024.0 * 1024.0;

pub(crate) fn rows() -> Vec<Row> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let stored = fill(folder.path());
    let mut runs: Vec<(f64, f64, f64)> = (0..RUNS).map(|_| measure(folder.path(), &stored)).collect();
    runs.sort_by(|(one, raw_one, _), (other, raw_other, _)| f64::total_cmp(&(one / raw_one), &(other / raw_other)));
    let (time, raw, _) = runs[RUNS / 2];
    let memory = runs.iter().map(|(_, _, memory)| *memory).fold(0.0, f64::max);
    vec![
        Row::ratio(
            format!(
                "`files` of a {:.0} MB tar+gzip layer of {} files",
                megabytes(stored.size),
                stored.files
            ),
            time,
            raw,
            "ms",
            1.5,
        ),
        Row::at_most("its peak memory", memory, 64.0, "MiB"),
    ]
}

/// The layer that is measured.
struct Stored {
    path: PathBuf,
    size: u64,
    files: u64,
}

/// Milliseconds of Berth, milliseconds of igzip, MiB of Berth.
fn measure(folder: &Path, stored: &Stored) -> (f64, f64, f64) {
    let started = Instant::now();
    let status = tool("igzip")
        .arg("-dc")
        .arg(&stored.path)
        .stdout(Stdio::null())
        .status()
        .expect("igzip runs");
    let raw = milliseconds(started);
    assert!(status.success(), "igzip reads the layer");
    let index = tempfile::tempdir_in(folder).expect("a folder for the index");
    let program = std::env::current_exe().expect("a program knows its own path");
    let started = Instant::now();
    let said = run(Command::new(program)
        .arg(CHILD)
        .arg(folder.join("registry"))
        .arg(index.path()));
    let time = milliseconds(started);
    let (files, memory) = said.trim().split_once(' ').expect("the reading says two numbers");
    assert_eq!(files.parse(), Ok(stored.files), "every file is listed");
    (time, raw, memory.parse::<f64>().expect("a number of bytes") / MEBIBYTE)
}

/// Writes the registry: one version with one layer.
fn fill(folder: &Path) -> Stored {
    let writer = LayoutWriter::create(folder.join("registry").join(REPOSITORY), Durability::WhenConvenient)
        .expect("a new layout");
    let unnamed = writer.root().join("layer");
    let written = layer::write(&unnamed, LAYER).expect("the disk takes the layer");
    let path = writer.root().join("blobs/sha256").join(written.digest.hex());
    fs::rename(unnamed, &path).expect("the layer gets its name");
    let size = fs::metadata(&path).expect("the layer is there").len();
    let config = serde_json::json!({
        "os": "linux", "architecture": "amd64", "rootfs": { "type": "layers", "diff_ids": [written.uncompressed] },
    });
    let config = writer
        .described_blob(media_type::OCI_CONFIG, config.to_string().as_bytes())
        .expect("it is written");
    let layer = Descriptor::new(media_type::OCI_LAYER_GZIP, written.digest, ByteSize(size));
    let manifest = serde_json::json!({
        "schemaVersion": 2,
        "mediaType": media_type::OCI_MANIFEST,
        "config": registry::folder::descriptor_json(&config),
        "layers": [registry::folder::descriptor_json(&layer)],
    });
    let manifest = writer
        .described_blob(media_type::OCI_MANIFEST, manifest.to_string().as_bytes())
        .expect("it is written");
    writer
        .index(&[IndexEntry {
            descriptor: manifest,
            name: Some(TAG.to_owned()),
        }])
        .expect("it is written");
    Stored {
        path,
        size,
        files: written.files,
    }
}

/// One reading, alone in its process: prints how many files it found, and the most memory that it ever had, in bytes.
pub(crate) fn child(arguments: &[String]) {
    let [registry, data] = arguments else {
        panic!("{CHILD} takes a registry and a folder for the index")
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let files = runtime.block_on(read(Path::new(registry), Path::new(data)));
    println!("{files} {}", peak_memory());
}

async fn read(registry: &Path, data: &Path) -> usize {
    let registry: Arc<dyn Registry> = Arc::new(FolderRegistry::open(registry).expect("the registry is there"));
    let index = Index::open(&data.join("index.sqlite")).expect("a new index").index;
    let connection = ConnectionId::from("bench");
    let repository = REPOSITORY.parse().expect("a name");
    let operation = Operation::unobserved();
    let sync = Sync {
        connection: &connection,
        registry: Arc::clone(&registry),
        pinned: &[],
        scope: Scope::Repository(REPOSITORY.parse().expect("a name")),
        first: None,
        now: Clock::system(),
    };
    index.sync(sync, &operation).await.expect("the registry is synced");
    let tag = index
        .tag(&connection, &repository, &TAG.parse().expect("a tag"))
        .expect("the index answers");
    let digest = tag.and_then(|tag| tag.digest).expect("the tag was read");
    let now = chrono::Utc::now();
    let version = index
        .version(&connection, &repository, &digest, now)
        .expect("the index answers");
    let version = version.expect("the version was read");
    let platform = version.summary.platforms.first().expect("an image has a platform");
    let tree = contents::tree(&index, &registry, &repository, platform, &operation, now).await;
    let files = tree.expect("the layer is sound").flat().count();
    let layer = platform.layers.first().expect("the version has a layer");
    assert!(
        index.has_layer_contents(&layer.digest).expect("the index answers"),
        "what was read is kept"
    );
    files
}

fn peak_memory() -> u64 {
    let status = fs::read_to_string("/proc/self/status").expect("Linux tells");
    let peak = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .expect("Linux tells the peak");
    peak.trim().trim_end_matches(" kB").parse::<u64>().expect("a number") * 1024
}

fn milliseconds(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1000.0
}

#[expect(clippy::cast_precision_loss, reason = "a size for people")]
fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}
