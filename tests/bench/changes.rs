//! Changes: a plan over a large repository, deleting many tags, copying large layers between registries.

use std::{
    collections::HashMap,
    path::Path,
    process::Command,
    sync::Arc,
    time::{Duration, Instant},
};

use artifact::Digest;
use catalog::{ConnectionId, Index, Scope, Sync};
use changes::{
    Context, Journal, Located, Parties, Party, Plan, Policy, ProtectedTags, Pruning, Reading, Snapshot, execute,
    explain_prune, plan_prune,
};
use chrono::Utc;
use hyper::Method;
use registry::{
    Clock, DeleteRules, HttpOptions, HttpRegistry, Login, Network, NetworkOptions, Operation, RawManifest, Registry,
    WritableRegistry,
};

use crate::{
    load,
    row::Row,
    support::{
        fill::{Filled, Filling},
        process::{program, run, tool},
        registry_server::{RegistryServer, Setup},
    },
};

const REPOSITORY: &str = "team/detector";
const CONNECTION: &str = "bench";
const PLANNED_TAGS: usize = 10_000;
/// A policy is previewed anew while it is edited.
const PREVIEWED_TAGS: usize = 1_000;
const DELETED_TAGS: usize = 500;
const CONNECTIONS: usize = 32;
const LAYERS: usize = 4;
const LAYER_BYTES: usize = 200_000_000;
/// What is compared takes turns so many times; the best time of each counts, for machines are noisy.
const ROUNDS: usize = 3;
const MEBIBYTE: f64 = 1024.0 * 1024.0;

pub(crate) fn rows() -> Vec<Row> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let mut rows = vec![
        runtime.block_on(previewing()),
        runtime.block_on(planning()),
        runtime.block_on(deleting()),
    ];
    rows.extend(copying());
    rows
}

fn in_memory() -> RegistryServer {
    RegistryServer::distribution3(&Setup {
        deletes: true,
        in_memory: true,
        ..Setup::default()
    })
}

fn connect(server: &RegistryServer) -> Arc<HttpRegistry> {
    let network = Arc::new(Network::new(NetworkOptions::default()).expect("default settings"));
    let options = HttpOptions {
        host: server.host.parse().expect("an address"),
        plain_http: true,
        ca_file: None,
        client_certificate: None,
    };
    Arc::new(HttpRegistry::connect(options, Login::Anonymous, network).expect("a client"))
}

fn here() -> Located {
    Located {
        connection: ConnectionId::from(CONNECTION),
        repository: REPOSITORY.parse().expect("a name"),
    }
}

/// An index that has read the whole repository.
async fn synced(folder: &Path, registry: &Arc<HttpRegistry>) -> Index {
    let index = Index::open(&folder.join("index.sqlite")).expect("a new index").index;
    let connection = ConnectionId::from(CONNECTION);
    let sync = Sync {
        connection: &connection,
        registry: Arc::<HttpRegistry>::clone(registry),
        pinned: &[],
        scope: Scope::Repository(here().repository),
        first: None,
        now: Clock::system(),
    };
    let report = index.sync(sync, &Operation::unobserved()).await.expect("it is read");
    assert!(report.problems.is_empty(), "{:?}", report.problems);
    index
}

fn plan(snapshot: &Snapshot, policy: &Policy) -> Plan {
    let pruning = Pruning {
        snapshot,
        policies: vec![policy],
    };
    let protected = ProtectedTags::parse(&["production"]).expect("a pattern");
    plan_prune(&[pruning], &protected, Utc::now())
}

/// What the window does at each change of a rule: the plan, and what it means version by version.
async fn previewing() -> Row {
    let from_index = FromIndex::prepare(PREVIEWED_TAGS, 10).await;
    Row::at_most("preview of 1,000 tags", from_index.median(true), 100.0, "ms")
}

async fn planning() -> Row {
    let from_index = FromIndex::prepare(PLANNED_TAGS, 100).await;
    Row::at_most(
        "a plan over 10,000 tags, from the index, without the network",
        from_index.median(false),
        300.0,
        "ms",
    )
}

/// A repository that an index knows, and a policy that keeps so many of it.
struct FromIndex {
    index: Index,
    rules: DeleteRules,
    policy: Policy,
    goes: u64,
    _folder: tempfile::TempDir,
}

impl FromIndex {
    async fn prepare(tags: usize, keep: u32) -> Self {
        let server = in_memory();
        let url = server.url();
        let filling = Filling {
            registry: &url,
            repository: REPOSITORY,
            tags,
            two_platforms: tags / 5,
        };
        filling.write().await;
        let folder = tempfile::tempdir().expect("a folder");
        let registry = connect(&server);
        let index = synced(folder.path(), &registry).await;
        let rules = registry
            .delete_rules(&here().repository, &Operation::unobserved())
            .await;
        let policy = Policy {
            keep_last_releases: Some(keep),
            ..Policy::default()
        };
        Self {
            index,
            rules: rules.expect("they are known"),
            policy,
            goes: tags as u64 - u64::from(keep),
            _folder: folder,
        }
    }

    fn median(&self, explains: bool) -> f64 {
        let mut times: Vec<f64> = (0..5).map(|_| self.once(explains)).collect();
        times.sort_by(f64::total_cmp);
        times[times.len() / 2]
    }

    fn once(&self, explains: bool) -> f64 {
        let started = Instant::now();
        let at = here();
        let content = self.index.content(&at.connection, &at.repository, Utc::now());
        let snapshot = Snapshot::of(at, content.expect("it was synced"), self.rules, &HashMap::new());
        let plan = plan(&snapshot, &self.policy);
        if explains {
            let pruning = Pruning {
                snapshot: &snapshot,
                policies: vec![&self.policy],
            };
            let told = explain_prune(&[pruning], &plan, Utc::now());
            assert_eq!(told.versions.len() as u64, self.goes);
        }
        assert_eq!(plan.deleted_tags, self.goes, "{:?}", plan.unreadable.first());
        milliseconds(started.elapsed())
    }
}

/// Each in turn on a registry of its own, filled and read alike; the best time of each counts.
async fn deleting() -> Row {
    let (mut ours, mut raw, mut requests) = (f64::MAX, f64::MAX, 0);
    for _ in 0..ROUNDS {
        let deletion = Deletion::prepare().await;
        let before = deletion.registry.traits().requests;
        ours = ours.min(deletion.run().await);
        requests = deletion.registry.traits().requests - before;
        let twin = Deletion::prepare().await;
        raw = raw.min(twin.replay().await);
    }
    Row::ratio(
        format!("deleting {DELETED_TAGS} tags and their versions on distribution 3 ({requests} requests)"),
        ours,
        raw,
        "ms",
        1.3,
    )
}

/// A registry with versions that are to be deleted, the plan of that, and where it is journaled.
struct Deletion {
    server: RegistryServer,
    registry: Arc<HttpRegistry>,
    filled: Vec<Filled>,
    plan: Plan,
    context: Context,
    _folder: tempfile::TempDir,
}

impl Deletion {
    async fn prepare() -> Self {
        let server = in_memory();
        let url = server.url();
        let filling = Filling {
            registry: &url,
            repository: REPOSITORY,
            tags: DELETED_TAGS + 1,
            two_platforms: 0,
        };
        let filled = filling.write().await;
        let folder = tempfile::tempdir().expect("a folder");
        let registry = connect(&server);
        let index = synced(folder.path(), &registry).await;
        let clock = Clock::system();
        let reading = Reading {
            index: &index,
            registry: Arc::<HttpRegistry>::clone(&registry),
            at: here(),
            clock: &clock,
        };
        let snapshot = reading
            .snapshot(false, &Operation::unobserved())
            .await
            .expect("it is read");
        let policy = Policy {
            keep_last_releases: Some(1),
            ..Policy::default()
        };
        let mut plan = plan(&snapshot, &policy);
        assert_eq!(plan.deleted_tags, DELETED_TAGS as u64);
        plan.manifests = plan
            .steps
            .iter()
            .map(|step| (step.digest.clone(), kept(&index, &step.digest)))
            .collect();
        let journal = Journal::open(&folder.path().join("journal.sqlite")).expect("a journal");
        Self {
            context: context(journal, &registry, index),
            server,
            registry,
            filled,
            plan,
            _folder: folder,
        }
    }

    async fn run(&self) -> f64 {
        let started = Instant::now();
        let outcome = execute(&self.plan, &self.context, &Operation::unobserved())
            .await
            .expect("it runs");
        assert_eq!(outcome.failed, [], "everything is deleted");
        milliseconds(started.elapsed())
    }

    /// In the same order: a registry looks for the tags of a digest, so it matters that they are gone by then.
    async fn replay(&self) -> f64 {
        let mut took = 0.0;
        for groups in [
            deletions(&self.filled, |version| &version.tag),
            deletions(&self.filled, |version| &version.digest),
        ] {
            took += milliseconds(load::replay(&self.server.host, groups, CONNECTIONS).await);
        }
        took
    }
}

fn kept(index: &Index, digest: &Digest) -> RawManifest {
    let (media_type, bytes) = index
        .manifest_bytes(digest)
        .expect("it can be read")
        .expect("it was read");
    RawManifest {
        digest: digest.clone(),
        media_type,
        bytes,
    }
}

fn context(journal: Journal, registry: &Arc<HttpRegistry>, index: Index) -> Context {
    let mut parties = Parties::default();
    let party = Party {
        connection: ConnectionId::from(CONNECTION),
        name: CONNECTION.to_owned(),
        host: registry.place().host().to_owned(),
        user: None,
    };
    let registry: Arc<dyn WritableRegistry> = Arc::<HttpRegistry>::clone(registry);
    parties.insert(party, registry);
    Context {
        journal,
        parties,
        index: Some(index),
        clock: Clock::system(),
        origin: changes::Origin::default(),
    }
}

/// What has to be asked for each tag, or each version: what it holds, to delete it, what is left.
fn deletions(filled: &[Filled], of: impl Fn(&Filled) -> &String) -> Vec<Vec<(Method, String)>> {
    let methods = [Method::HEAD, Method::DELETE, Method::HEAD];
    let paths = filled
        .iter()
        .take(DELETED_TAGS)
        .map(|version| format!("/v2/{REPOSITORY}/manifests/{}", of(version)));
    paths
        .map(|path| methods.iter().map(|method| (method.clone(), path.clone())).collect())
        .collect()
}

fn copying() -> Vec<Row> {
    let setup = Setup {
        deletes: true,
        ..Setup::default()
    };
    let (source, target) = (
        RegistryServer::distribution3(&setup),
        RegistryServer::distribution3(&setup),
    );
    let home = tempfile::tempdir().expect("a folder");
    large_image(home.path(), &source);
    let berthctl = |arguments: &[&str]| {
        let mut command = Command::new(program("berthctl"));
        command.args(arguments).env("BERTH_DATA_DIR", home.path().join("data"));
        command
    };
    for (name, server) in [("a", &source), ("b", &target)] {
        run(berthctl(&["connection", "add", name, &server.url()]).env("HOME", home.path()));
    }
    let (mut ours, mut memory, mut peers) = (f64::MAX, 0.0_f64, f64::MAX);
    for round in 0..ROUNDS {
        let to = format!("b/ours-{round}/model:1");
        let started = Instant::now();
        memory = memory.max(peak_memory(berthctl(&[
            "copy",
            "a/large/model:1",
            &to,
            "--yes",
            "--quiet",
        ])));
        ours = ours.min(milliseconds(started.elapsed()));
        for mut peer in peer_commands(&source.host, &target.host, round) {
            let started = Instant::now();
            run(&mut peer);
            let took = milliseconds(started.elapsed());
            peers = peers.min(took);
        }
    }
    let again = run(&mut berthctl(&[
        "copy",
        "b/ours-0/model:1",
        "b/again/model:1",
        "--json",
        "--yes",
    ]));
    let sent = again.matches("\"copy-blob\"").count();
    vec![
        Row::ratio(
            "copy of 4 × 200 MB between two registries, against the faster of regctl and crane",
            ours,
            peers,
            "ms",
            1.05,
        ),
        Row::at_most("its memory", memory, 64.0, "MiB"),
        #[expect(clippy::cast_precision_loss, reason = "a few blobs")]
        Row::at_most(
            "the same again elsewhere in the registry: blobs sent",
            sent as f64,
            0.0,
            "blobs",
        ),
    ]
}

/// skopeo is left out: it remembers where blobs are and mounts them, so only its first copy is one.
fn peer_commands(source: &str, target: &str, round: usize) -> Vec<Command> {
    let from = format!("{source}/large/model:1");
    let mut regctl = tool("regctl");
    regctl
        .args(["--host", &format!("reg={source},tls=disabled"), "--host"])
        .arg(format!("reg={target},tls=disabled"))
        .args(["image", "copy", &from, &format!("{target}/regctl-{round}/model:1")]);
    let mut crane = tool("crane");
    crane.args(["copy", "--insecure", &from, &format!("{target}/crane-{round}/model:1")]);
    vec![regctl, crane]
}

/// An image of large layers that do not compress, put there by another client.
fn large_image(home: &Path, server: &RegistryServer) {
    let layout = home.join("layout");
    let writer = registry::folder::LayoutWriter::create(&layout, registry::folder::Durability::WhenConvenient)
        .expect("a layout can be made");
    let layers: Vec<_> = (0..LAYERS)
        .map(|number| {
            let bytes = noise(number as u64 + 1, LAYER_BYTES);
            writer
                .described_blob("application/vnd.oci.image.layer.v1.tar", &bytes)
                .expect("a layer is written")
        })
        .collect();
    let digests: Vec<String> = layers.iter().map(|layer| layer.digest.to_string()).collect();
    let config = serde_json::json!({ "architecture": "amd64", "os": "linux", "rootfs": { "type": "layers", "diff_ids": digests } });
    let config = writer
        .described_blob(
            "application/vnd.oci.image.config.v1+json",
            config.to_string().as_bytes(),
        )
        .expect("a config is written");
    let manifest = serde_json::json!({
        "schemaVersion": 2,
        "mediaType": artifact::media_type::OCI_MANIFEST,
        "config": registry::folder::descriptor_json(&config),
        "layers": layers.iter().map(registry::folder::descriptor_json).collect::<Vec<_>>(),
    });
    let descriptor = writer
        .described_blob(artifact::media_type::OCI_MANIFEST, manifest.to_string().as_bytes())
        .expect("a manifest is written");
    let entry = registry::folder::IndexEntry {
        descriptor,
        name: Some("1".to_owned()),
    };
    writer.index(&[entry]).expect("the layout is written");
    server.push_layout(&layout, "1", "large/model:1");
}

fn noise(seed: u64, length: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64.wrapping_mul(seed);
    let mut bytes = Vec::with_capacity(length + 8);
    while bytes.len() < length {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        bytes.extend_from_slice(&state.to_le_bytes());
    }
    bytes.truncate(length);
    bytes
}

/// Runs a command to its end and gives the most memory that it held, in MiB.
fn peak_memory(mut command: Command) -> f64 {
    let mut child = command.stdout(std::process::Stdio::null()).spawn().expect("it starts");
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0.0;
    loop {
        if let Some(kibibytes) = std::fs::read_to_string(&status).ok().and_then(|text| high_water(&text)) {
            peak = kibibytes * 1024.0 / MEBIBYTE;
        }
        if let Some(ended) = child.try_wait().expect("it can be waited for") {
            assert!(ended.success(), "the copy failed");
            return peak;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
}

fn high_water(status: &str) -> Option<f64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.trim().parse().ok()
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}
