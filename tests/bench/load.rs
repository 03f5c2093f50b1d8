//! The raw limit of a registry: a load generator that does nothing but send the same requests over kept connections, and a proxy that
//! adds latency on loopback.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use http_body_util::{BodyExt, Empty};
use hyper::{Method, Request, StatusCode, body::Bytes, client::conn::http1, header};
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::mpsc,
    task::JoinSet,
};

/// What the registry is asked for, as Berth would ask.
const ACCEPT: &str = "application/vnd.oci.image.index.v1+json,application/vnd.oci.image.manifest.v1+json,application/vnd.docker.distribution.manifest.list.v2+json,application/vnd.docker.distribution.manifest.v2+json";

/// Sends `GET` for each path over `connections` kept connections and reads each body to its end. Gives the time it took.
///
/// # Panics
/// If the server refuses a request: then the times would not compare.
pub(crate) async fn generate(address: &str, paths: Vec<String>, connections: usize) -> Duration {
    let paths = Arc::new(paths);
    let next = Arc::new(AtomicUsize::new(0));
    let started = Instant::now();
    let mut workers = JoinSet::new();
    for _ in 0..connections {
        workers.spawn(work(address.to_owned(), Arc::clone(&paths), Arc::clone(&next)));
    }
    workers.join_all().await;
    started.elapsed()
}

/// Sends the requests of each group one after the other, groups side by side over `connections` kept connections. Gives the
/// time it took.
///
/// # Panics
/// If a connection breaks.
pub(crate) async fn replay(address: &str, groups: Vec<Vec<(Method, String)>>, connections: usize) -> Duration {
    let groups = Arc::new(groups);
    let next = Arc::new(AtomicUsize::new(0));
    let started = Instant::now();
    let mut workers = JoinSet::new();
    for _ in 0..connections {
        let (address, groups, next) = (address.to_owned(), Arc::clone(&groups), Arc::clone(&next));
        workers.spawn(async move {
            let mut sender = open(&address).await;
            while let Some(group) = groups.get(next.fetch_add(1, Ordering::Relaxed)) {
                for (method, path) in group {
                    ask(&mut sender, &address, method.clone(), path).await;
                }
            }
        });
    }
    workers.join_all().await;
    started.elapsed()
}

async fn open(address: &str) -> http1::SendRequest<Empty<Bytes>> {
    let stream = TcpStream::connect(address).await.expect("the registry listens");
    stream.set_nodelay(true).expect("a socket takes its options");
    let (sender, connection) = http1::handshake(TokioIo::new(stream)).await.expect("a connection");
    tokio::spawn(connection);
    sender
}

async fn ask(sender: &mut http1::SendRequest<Empty<Bytes>>, address: &str, method: Method, path: &str) -> StatusCode {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header(header::HOST, address)
        .header(header::ACCEPT, ACCEPT)
        .body(Empty::<Bytes>::new())
        .expect("a request");
    sender.ready().await.expect("the connection is kept");
    let mut response = sender.send_request(request).await.expect("an answer");
    while let Some(frame) = response.body_mut().frame().await {
        frame.expect("a whole body");
    }
    response.status()
}

async fn work(address: String, paths: Arc<Vec<String>>, next: Arc<AtomicUsize>) {
    let mut sender = open(&address).await;
    while let Some(path) = paths.get(next.fetch_add(1, Ordering::Relaxed)) {
        let status = ask(&mut sender, &address, Method::GET, path).await;
        assert!(status.is_success(), "{path} was refused with {status}");
    }
}

/// A proxy on loopback that hands every byte on after `latency`, in both directions together. Gives its address.
pub(crate) async fn delay(target: String, latency: Duration) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("a bound listener has an address");
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let target = target.clone();
            tokio::spawn(async move {
                let Ok(server) = TcpStream::connect(&target).await else {
                    return;
                };
                let _ = client.set_nodelay(true);
                let _ = server.set_nodelay(true);
                let (client_read, client_write) = client.into_split();
                let (server_read, server_write) = server.into_split();
                tokio::join!(
                    carry(client_read, server_write, latency / 2),
                    carry(server_read, client_write, latency / 2)
                );
            });
        }
    });
    address
}

/// Reads and writes in two tasks, so that what is under way does not hold up what comes next.
async fn carry(
    mut from: impl AsyncReadExt + Unpin,
    mut to: impl AsyncWriteExt + Unpin + Send + 'static,
    latency: Duration,
) {
    let (sender, mut receiver) = mpsc::unbounded_channel::<(tokio::time::Instant, Vec<u8>)>();
    let writer = tokio::spawn(async move {
        while let Some((due, bytes)) = receiver.recv().await {
            tokio::time::sleep_until(due).await;
            if to.write_all(&bytes).await.is_err() {
                return;
            }
        }
        let _ = to.shutdown().await;
    });
    let mut buffer = vec![0; 64 * 1024];
    while let Ok(length @ 1..) = from.read(&mut buffer).await {
        if sender
            .send((tokio::time::Instant::now() + latency, buffer[..length].to_vec()))
            .is_err()
        {
            break;
        }
    }
    drop(sender);
    let _ = writer.await;
}
