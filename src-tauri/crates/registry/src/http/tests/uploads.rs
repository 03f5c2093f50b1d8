//! Blobs sent to registries that break off, forget, refuse, or want them otherwise.

use super::{
    double::{Double, Text, UPLOADS},
    *,
};
use crate::WritableRegistry;

pub(super) const TEXT: &str = "thirty-six characters of a tiny blob";

pub(super) async fn send(server: &FaultServer, text: &Text) -> Result<(), RegistryError> {
    send_by(&connect(server), text, &quiet()).await
}

pub(super) async fn send_by(registry: &HttpRegistry, text: &Text, operation: &Operation) -> Result<(), RegistryError> {
    registry
        .put_blob(&model(), &text.digest(), text.size(), text, operation)
        .await
}

/// The methods of all requests to uploads, in order.
pub(super) fn methods(server: &FaultServer) -> Vec<String> {
    let asked = server.asked();
    let uploads = asked.iter().filter(|asked| asked.target.starts_with(UPLOADS));
    uploads.map(|asked| asked.method.clone()).collect()
}

/// Waits until an upload has been cancelled.
pub(super) async fn until_cancelled(server: &FaultServer) {
    let seen = async {
        while !methods(server).iter().any(|method| method == "DELETE") {
            tokio::task::yield_now().await;
        }
    };
    let waited = tokio::time::timeout(Duration::from_secs(20), seen).await;
    waited.expect("the upload is cancelled");
}

pub(super) fn holds(double: &Double, text: &Text) -> bool {
    let stored = double.state().blobs.get(&text.digest().to_string()).cloned();
    stored.is_some_and(|stored| stored.as_bytes() == &text.content[..])
}

#[tokio::test]
async fn a_blob_of_any_size_goes_in_one_request_and_says_how_far_it_is() {
    for content in ["", "{}", TEXT] {
        let (server, double) = Double::serve(|_, _| None).await;
        let text = Text::new(content);
        let (operation, events) = watched();
        send_by(&connect(&server), &text, &operation)
            .await
            .expect("it is taken");
        assert!(holds(&double, &text), "{content:?}");
        assert_eq!(methods(&server), ["POST", "PUT"]);
        let asked = server.asked();
        let put = asked.last().expect("a request");
        // What the address held is kept as it was.
        assert_eq!(put.target, format!("{UPLOADS}1?state=a%2Fb&digest={}", text.digest()));
        assert_eq!(put.header("content-length"), Some(content.len().to_string().as_str()));
        assert_eq!(put.header("transfer-encoding"), None);
        let events = events.lock().expect("no test panics here");
        let sent = events.iter().rev().find_map(|event| match event {
            ProgressEvent::Sent { done, total, .. } => Some((*done, *total)),
            _ => None,
        });
        assert_eq!(sent, (!content.is_empty()).then_some((text.size(), text.size())));
        assert_eq!(text.opened(), [0]);
    }
}

#[tokio::test]
async fn an_upload_that_names_an_inner_address_stays_with_the_registry() {
    let (server, double) = Double::serve(|asked, double| {
        (asked.method == "POST").then(|| {
            let _begun = double.answer(asked);
            let location = format!("http://127.0.0.1:1{UPLOADS}1?state=a%2Fb");
            Reply::new(202, "").header("Location", location)
        })
    })
    .await;
    let text = Text::new(TEXT);
    send(&server, &text).await.expect("it is taken");
    assert!(holds(&double, &text));
}

#[tokio::test]
async fn storage_elsewhere_is_told_no_login() {
    let (storage, double) = Double::serve(|_, _| None).await;
    let begun = Arc::clone(&double);
    let address = storage.url_of_another_name();
    let server = FaultServer::start(move |asked| match (asked.path(), asked.header("authorization")) {
        (_, None) => Reply::json(401, "{}").header("WWW-Authenticate", "Basic realm=\"x\""),
        (path, Some(_)) => {
            let _begun = begun.answer(asked);
            Reply::new(202, path).header("Location", format!("{address}{UPLOADS}1?state=x"))
        }
    })
    .await;
    let text = Text::new(TEXT);
    let registry = connect_with(&server, password("hunter2"), options());
    send_by(&registry, &text, &quiet()).await.expect("it is taken");
    assert!(holds(&double, &text));
    let asked = storage.asked();
    assert!(!asked.is_empty() && asked.iter().all(|asked| asked.header("authorization").is_none()));
}

#[tokio::test]
async fn a_401_of_storage_elsewhere_asks_for_no_login() {
    let storage =
        FaultServer::start(|_| Reply::new(401, "").header("WWW-Authenticate", "Basic realm=\"give me\"")).await;
    let address = storage.url_of_another_name();
    let server = open_registry(move |_| Reply::new(202, "").header("Location", format!("{address}/bucket"))).await;
    let registry = connect_with(&server, password("hunter2"), options());
    let error = send_by(&registry, &Text::new(TEXT), &quiet())
        .await
        .expect_err("refused");
    told(&error);
    assert!(
        storage
            .asked()
            .iter()
            .all(|asked| asked.header("authorization").is_none())
    );
}

#[tokio::test]
async fn a_redirected_upload_is_followed() {
    let (server, double) = Double::serve(|asked, _| {
        let first = asked.method == "PUT" && !asked.target.contains("moved");
        let location = asked
            .target
            .split("&digest")
            .next()
            .unwrap_or_default()
            .replace("state", "moved&state");
        first.then(|| Reply::redirect(307, &location))
    })
    .await;
    let text = Text::new(TEXT);
    send(&server, &text).await.expect("it is taken");
    assert!(holds(&double, &text));
}

/// Lets the first PUT break off after ten bytes have arrived.
fn breaks_off(asked: &Asked, double: &Double) -> Option<Reply> {
    let is_first = asked.method == "PUT" && asked.earlier == 0 && asked.body.len() == TEXT.len();
    is_first.then(|| {
        double.state().uploads.insert(1, TEXT[..10].to_owned());
        Reply::hang_up()
    })
}

#[tokio::test]
async fn an_upload_that_breaks_off_is_gone_on_with() {
    let (server, double) = Double::serve(breaks_off).await;
    let text = Text::new(TEXT);
    send(&server, &text).await.expect("it is gone on with");
    assert!(holds(&double, &text));
    assert_eq!(methods(&server), ["POST", "PUT", "GET", "PATCH", "PUT"]);
    assert_eq!(text.opened(), [0, 10]);
    let ranges: Vec<_> = server
        .asked()
        .iter()
        .filter_map(|asked| asked.header("content-range").map(str::to_owned))
        .collect();
    assert_eq!(ranges, ["10-35"]);
}

#[tokio::test]
async fn a_chunk_out_of_order_is_looked_for_again() {
    let (server, double) = Double::serve(|asked, double| {
        // The first look says less than there is.
        let is_first_look = asked.method == "GET" && asked.earlier == 0 && asked.target.starts_with(UPLOADS);
        if is_first_look {
            return Some(Reply::new(204, "").header("Range", "0-4"));
        }
        breaks_off(asked, double)
    })
    .await;
    let text = Text::new(TEXT);
    send(&server, &text).await.expect("the second look is right");
    assert!(holds(&double, &text));
    assert_eq!(methods(&server), ["POST", "PUT", "GET", "PATCH", "GET", "PATCH", "PUT"]);
}

#[tokio::test]
async fn an_upload_that_is_forgotten_is_begun_again() {
    let (server, double) = Double::serve(|asked, double| {
        (asked.method == "PUT" && asked.target.starts_with(&format!("{UPLOADS}1"))).then(|| {
            double.state().uploads.clear();
            Reply::new(503, "")
        })
    })
    .await;
    let text = Text::new(TEXT);
    send(&server, &text).await.expect("it is begun again");
    assert!(holds(&double, &text));
    assert_eq!(text.opened(), [0, 0]);
}

#[tokio::test]
async fn a_lost_answer_is_not_a_lost_blob() {
    let (server, double) = Double::serve(|asked, double| {
        (asked.method == "PUT").then(|| {
            let _stored = double.answer(asked);
            Reply::hang_up()
        })
    })
    .await;
    let text = Text::new(TEXT);
    send(&server, &text).await.expect("it is there");
    assert!(holds(&double, &text));
    assert_eq!(text.opened(), [0]);
}

#[tokio::test]
async fn a_rate_limit_is_waited_out() {
    let (server, double) = Double::serve(|asked, _| {
        let limited = asked.method == "PUT" && asked.target.starts_with(&format!("{UPLOADS}1"));
        limited.then(|| Reply::new(429, "").header("Retry-After", "1"))
    })
    .await;
    let text = Text::new(TEXT);
    let began = std::time::Instant::now();
    send(&server, &text).await.expect("it is taken later");
    assert!(holds(&double, &text) && began.elapsed() >= Duration::from_secs(1));
}

#[tokio::test]
async fn tries_of_an_upload_end() {
    for reply in [Reply::hang_up(), Reply::new(500, ""), Reply::new(416, "")] {
        let (server, double) =
            Double::serve(move |asked, _| matches!(asked.method.as_str(), "PUT" | "PATCH").then(|| reply.clone()))
                .await;
        let text = Text::new(TEXT);
        let error = send(&server, &text).await.expect_err("it never goes through");
        told(&error);
        assert!(
            !holds(&double, &text) && methods(&server).len() < 12,
            "{:?}",
            methods(&server)
        );
    }
}

#[tokio::test]
async fn what_is_too_large_at_once_goes_in_chunks() {
    let refuses = [
        Reply::new(413, "<html>too large</html>"),
        Reply::json(405, r#"{"errors":[{"code":"UNSUPPORTED"}]}"#),
        Reply::json(400, r#"{"errors":[{"code":"BLOB_UPLOAD_INVALID"}]}"#),
    ];
    for refusal in refuses {
        let (server, double) =
            Double::serve(move |asked, _| (asked.method == "PUT" && !asked.body.is_empty()).then(|| refusal.clone()))
                .await;
        let text = Text::new(TEXT);
        send(&server, &text).await.expect("chunks are taken");
        assert!(holds(&double, &text));
    }
}

#[tokio::test]
async fn chunks_become_as_small_as_the_registry_wants() {
    const LIMIT: usize = 300 << 10;
    let refuses = |asked: &Asked, _: &Double| (asked.body.len() > LIMIT).then(|| Reply::new(413, ""));
    let (server, double) = Double::serve(refuses).await;
    let text = Text {
        piece: 100_000,
        ..Text::new("0123456789abcdef".repeat(1 << 16))
    };
    send(&server, &text).await.expect("small chunks are taken");
    assert!(holds(&double, &text));
    let chunks: Vec<_> = server
        .asked()
        .iter()
        .filter(|asked| asked.method == "PATCH")
        .map(|asked| asked.body.len())
        .collect();
    assert_eq!(chunks, [1 << 20, 512 << 10, 256 << 10, 256 << 10, 256 << 10, 256 << 10]);
}

#[tokio::test]
async fn chunks_are_not_made_smaller_than_the_registry_takes() {
    let (server, _) = Double::serve(|asked, double| {
        if asked.method == "POST" {
            return Some(double.answer(asked).header("OCI-Chunk-Min-Length", "700000"));
        }
        (asked.body.len() > 700_000).then(|| Reply::new(413, ""))
    })
    .await;
    let text = Text {
        piece: 100_000,
        ..Text::new("0123456789abcdef".repeat(1 << 16))
    };
    let error = send(&server, &text).await.expect_err("no size pleases it");
    assert!(matches!(error, RegistryError::Refused { .. }), "{error}");
    told(&error);
    let smallest = server
        .asked()
        .iter()
        .filter(|asked| asked.method == "PATCH")
        .map(|asked| asked.body.len())
        .min();
    assert_eq!(smallest, Some(1 << 20));
}

#[tokio::test]
async fn a_registry_that_stored_something_else_is_not_believed() {
    let (server, _) = Double::serve(|asked, _| {
        let other = Digest::of(b"other").to_string();
        (asked.method == "PUT").then(|| Reply::new(201, "").header("Docker-Content-Digest", other))
    })
    .await;
    let error = send(&server, &Text::new(TEXT)).await.expect_err("another digest");
    assert!(matches!(error, RegistryError::InvalidAnswer { .. }), "{error}");
    assert!(told(&error).contains("says that it stored sha256:"), "{error}");
}
