//! Large blobs on their way to real registries: in pieces, and past a way that breaks.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};

use registry::{ProgressEvent, StoredBlob, WritableRegistry};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

use super::{
    writing::{Image, setup},
    *,
};
use crate::support::process::has_go_tools;

#[tokio::test]
async fn a_large_blob_goes_between_two_registries_in_pieces() {
    const SIZE: usize = 40_000_000;
    let (from, to) = (
        RegistryServer::distribution2(&setup(true)),
        RegistryServer::distribution2(&setup(true)),
    );
    let (source, target) = (plain(&from.host), plain(&to.host));
    let image = Image::new(SIZE);
    image.push(&source, REPOSITORY, &["v1"]).await;
    let largest = Arc::new(Mutex::new((0, 0)));
    let seen = Arc::clone(&largest);
    let watched = Operation::observed(move |event| {
        if let ProgressEvent::Sent { done, .. } = event {
            let mut seen = seen.lock().expect("no test panics here");
            *seen = (done.bytes(), seen.1.max(done.bytes() - seen.0));
        }
    });
    let (digest, size) = image.layer.clone();
    let blob = StoredBlob {
        registry: Arc::new(source),
        repository: repository(REPOSITORY),
        digest: digest.clone(),
        size,
    };
    let sent = target
        .put_blob(&repository(REPOSITORY), &digest, size, &blob, &watched)
        .await;
    sent.expect("it is taken");
    let (done, largest) = *largest.lock().expect("no test panics here");
    assert_eq!(done, SIZE as u64);
    assert!(largest < 4_000_000, "a piece of {largest} bytes was held at once");
    assert!(
        target
            .has_blob(&repository(REPOSITORY), &digest, &quiet())
            .await
            .expect("an answer")
    );
}

/// A way to a server that breaks once, after so many bytes of requests; and how many bytes went over it.
async fn breaking_way(target: String, after: usize) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener
        .local_addr()
        .expect("a bound socket has an address")
        .to_string();
    let sent = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&sent);
    let broken = Arc::new(AtomicBool::new(false));
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let server = TcpStream::connect(&target).await.expect("the server listens");
            tokio::spawn(carry(client, server, after, Arc::clone(&counted), Arc::clone(&broken)));
        }
    });
    (address, sent)
}

async fn carry(client: TcpStream, server: TcpStream, after: usize, sent: Arc<AtomicUsize>, broken: Arc<AtomicBool>) {
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    let forth = async {
        let mut piece = vec![0; 64 * 1024];
        while let Ok(count @ 1..) = from_client.read(&mut piece).await {
            let all = sent.fetch_add(count, Ordering::SeqCst) + count;
            if all > after && !broken.swap(true, Ordering::SeqCst) {
                return;
            }
            if to_server.write_all(&piece[..count]).await.is_err() {
                return;
            }
        }
    };
    let back = async {
        let _gone = tokio::io::copy(&mut from_server, &mut to_client).await;
    };
    tokio::select! { () = forth => {}, () = back => {} }
}

#[tokio::test]
async fn an_upload_whose_way_breaks_is_gone_on_with() {
    const SIZE: usize = 20_000_000;
    let mut servers = vec![RegistryServer::distribution2(&setup(true))];
    if has_go_tools() {
        servers.extend([
            RegistryServer::distribution3(&setup(true)),
            RegistryServer::with_referrers(),
        ]);
    }
    let image = Image::new(SIZE);
    let (digest, size) = image.layer.clone();
    for (number, server) in servers.iter().enumerate() {
        let (way, sent) = breaking_way(server.host.clone(), SIZE * 3 / 4).await;
        let registry = plain(&way);
        let outcome = registry
            .put_blob(
                &repository(REPOSITORY),
                &digest,
                size,
                &image.blob(&image.layer),
                &quiet(),
            )
            .await;
        outcome.expect("it is gone on with");
        let held = plain(&server.host)
            .has_blob(&repository(REPOSITORY), &digest, &quiet())
            .await;
        assert!(held.expect("an answer"));
        // distribution 2.8 refuses an upload that has more than its address says, and go-containerregistry keeps nothing
        // of what broke off: there it is begun again.
        let sent = sent.load(Ordering::SeqCst);
        let takes_up = number == 1;
        assert_eq!(
            sent < SIZE * 3 / 2,
            takes_up,
            "server {number}: {sent} bytes went over the wire"
        );
    }
}
