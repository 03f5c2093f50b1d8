//! A repository of 1,000 tags: read for the first time, with latency, and again.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use catalog::{ConnectionId, Index, Scope, Sync, SyncReport};
use registry::{Clock, HttpOptions, HttpRegistry, Login, Network, NetworkOptions, Operation};

use crate::{
    load,
    row::Row,
    support::{
        fill::{Filled, Filling},
        registry_server::{RegistryServer, Setup},
    },
};

const TAGS: usize = 1_000;
const TWO_PLATFORMS: usize = 200;
const REPOSITORY: &str = "team/detector";
const CONNECTIONS: usize = 32;
const LATENCY: Duration = Duration::from_millis(40);
/// Measured in turn with the raw limit; the median ratio counts, for machines are noisy.
const RUNS: usize = 5;
const DELAYED_RUNS: usize = 3;

pub(crate) fn rows() -> Vec<Row> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("a runtime")
        .block_on(measure())
}

async fn measure() -> Vec<Row> {
    let server = RegistryServer::distribution2(&Setup::default());
    let filling = Filling {
        registry: &server.url(),
        repository: REPOSITORY,
        tags: TAGS,
        two_platforms: TWO_PLATFORMS,
    };
    let paths = paths(&filling.write().await);
    let requests = paths.len();

    let mut runs = Vec::new();
    for _ in 0..RUNS {
        let raw = load::generate(&server.host, paths.clone(), CONNECTIONS).await;
        let (first, again) = read_twice(&server.host).await;
        assert_eq!(
            first.report.tags,
            u64::try_from(TAGS).expect("a count"),
            "every tag is read"
        );
        runs.push((first, again, milliseconds(raw)));
    }
    runs.sort_by(|(a, _, raw_a), (b, _, raw_b)| f64::total_cmp(&(a.time / raw_a), &(b.time / raw_b)));
    let (first, again, raw) = &runs[RUNS / 2];

    let (delayed, bare) = delayed(&filling).await;
    #[expect(clippy::cast_precision_loss, reason = "thousands of requests")]
    let (ideal, repeated) = (
        requests as f64 / CONNECTIONS as f64 * milliseconds(LATENCY),
        again.report.requests as f64 / TAGS as f64,
    );
    vec![
        Row::ratio(
            format!("1,000 tags never seen, {requests} requests, to complete rows"),
            first.time,
            *raw,
            "ms",
            1.2,
        ),
        Row::ratio(
            format!("the same with 40 ms of latency (a bare load generator: {bare:.1} ms)"),
            delayed.time,
            ideal,
            "ms",
            1.5,
        ),
        Row::at_most(
            "the same again, unchanged: requests per tag (listings and probe included)",
            repeated,
            1.01,
            "requests",
        ),
    ]
}

/// The same repository behind a slow line, on distribution v3 in memory: it takes less of the processor for a request than 2.8,
/// which on two cores is as much of a limit as the line. The median of some runs, and what a bare load generator needs there.
async fn delayed(filling: &Filling<'_>) -> (Read, f64) {
    let server = RegistryServer::distribution3(&Setup {
        in_memory: true,
        ..Setup::default()
    });
    let url = server.url();
    let filled = Filling {
        registry: &url,
        ..*filling
    }
    .write()
    .await;
    let slow = load::delay(server.host.clone(), LATENCY).await;
    let mut runs = Vec::new();
    for _ in 0..DELAYED_RUNS {
        runs.push(read_twice(&slow.to_string()).await.0);
    }
    runs.sort_by(|a, b| f64::total_cmp(&a.time, &b.time));
    let bare = load::generate(&slow.to_string(), paths(&filled), CONNECTIONS).await;
    (runs.swap_remove(DELAYED_RUNS / 2), milliseconds(bare))
}

struct Read {
    time: f64,
    report: SyncReport,
}

/// Reads the repository into a new index, and once more.
async fn read_twice(host: &str) -> (Read, Read) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let index = Index::open(&folder.path().join("index.sqlite"))
        .expect("a new index")
        .index;
    let network = Arc::new(Network::new(NetworkOptions::default()).expect("default settings"));
    let options = HttpOptions {
        host: host.parse().expect("an address"),
        plain_http: true,
        ca_file: None,
        client_certificate: None,
    };
    let registry = Arc::new(HttpRegistry::connect(options, Login::Anonymous, network).expect("a client"));
    (read(&index, Arc::clone(&registry)).await, read(&index, registry).await)
}

async fn read(index: &Index, registry: Arc<HttpRegistry>) -> Read {
    let connection = ConnectionId::from("bench");
    let started = Instant::now();
    let sync = Sync {
        connection: &connection,
        registry,
        pinned: &[],
        scope: Scope::Repository(REPOSITORY.parse().expect("a name")),
        first: None,
        now: Clock::system(),
    };
    let report = index
        .sync(sync, &Operation::unobserved())
        .await
        .expect("the registry is read");
    assert!(report.problems.is_empty(), "{:?}", report.problems);
    Read {
        time: milliseconds(started.elapsed()),
        report,
    }
}

/// Every manifest by tag, every platform's manifest and every config by digest: what must be asked for, in no better order.
fn paths(filled: &[Filled]) -> Vec<String> {
    let manifest = |reference: &str| format!("/v2/{REPOSITORY}/manifests/{reference}");
    let config = |digest: &String| format!("/v2/{REPOSITORY}/blobs/{digest}");
    filled
        .iter()
        .flat_map(|version| {
            std::iter::once(manifest(&version.tag))
                .chain(version.children.iter().map(|digest| manifest(digest)))
                .chain(version.configs.iter().map(config))
        })
        .collect()
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}
