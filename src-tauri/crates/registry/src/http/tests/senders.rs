//! Who sends a blob: sources that go wrong, logins that end, people who cancel; and blobs that are mounted instead.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use super::{
    double::{Double, End, Text, UPLOADS},
    uploads::{TEXT, holds, send, send_by, until_cancelled},
    *,
};
use crate::WritableRegistry;

#[tokio::test]
async fn a_token_that_ends_on_the_way_is_renewed() {
    let tokens = AtomicUsize::new(0);
    let (server, double) = Double::serve(move |asked, _| {
        let challenge = |more| Some(super::logins::challenge(asked, more));
        match (asked.path(), asked.header("authorization")) {
            ("/token", _) => {
                let number = tokens.fetch_add(1, Ordering::SeqCst);
                Some(super::logins::token(&format!("t{number}")))
            }
            (_, None) => challenge(""),
            // The first token is good for nothing but the beginning.
            (_, Some("Bearer t0")) if asked.method != "POST" => challenge(r#",error="invalid_token""#),
            _ => None,
        }
    })
    .await;
    let text = Text::new(TEXT);
    let registry = connect_with(&server, password("hunter2"), options());
    send_by(&registry, &text, &quiet()).await.expect("a new token is got");
    assert!(holds(&double, &text));
    let asked = server.asked();
    let scope = asked
        .iter()
        .find(|asked| asked.path() == "/token")
        .expect("a token was asked for");
    assert!(
        scope.target.contains("scope=repository%3Ateam%2Fmodel%3Apull%2Cpush"),
        "{}",
        scope.target
    );
}

#[tokio::test]
async fn a_login_that_may_not_write_is_told_so() {
    let (server, _) = Double::serve(|asked, _| {
        (asked.method == "POST").then(|| Reply::json(403, r#"{"errors":[{"code":"DENIED"}]}"#))
    })
    .await;
    let error = send(&server, &Text::new(TEXT)).await.expect_err("denied");
    assert!(told(&error).contains("does not allow this login to write"), "{error}");
}

#[tokio::test]
async fn a_source_that_goes_wrong_is_never_sent_whole() {
    let place = crate::Place::registry("source");
    let mismatch = RegistryError::DigestMismatch {
        place: place.clone(),
        expected: Box::new(Digest::of(b"a")),
        actual: "sha256:b".into(),
    };
    let broken = RegistryError::Truncated {
        place,
        received: ByteSize(1),
        expected: ByteSize(2),
    };
    for failure in [mismatch, broken] {
        let (server, double) = Double::serve(|_, _| None).await;
        let text = Text {
            end: End::Badly(failure.clone()),
            ..Text::new(TEXT)
        };
        let error = send(&server, &text).await.expect_err("the source is bad");
        assert_eq!(error.to_string(), failure.to_string());
        until_cancelled(&server).await;
        assert!(double.state().blobs.is_empty());
        assert_eq!(text.opened(), [0], "the source has tried again itself");
    }
}

#[tokio::test]
async fn a_source_of_another_length_is_refused() {
    for (size, words) in [(35, "goes on beyond"), (37, "broke off after")] {
        let (server, double) = Double::serve(|_, _| None).await;
        let text = Text::new(TEXT);
        let outcome = connect(&server)
            .put_blob(&model(), &text.digest(), ByteSize(size), &text, &quiet())
            .await;
        let error = outcome.expect_err("another length");
        assert!(told(&error).contains(words), "{error}");
        assert!(double.state().blobs.is_empty());
    }
}

#[tokio::test]
async fn cancelling_stops_at_once_and_cancels_the_upload() {
    let (server, double) = Double::serve(|_, _| None).await;
    let text = Text {
        end: End::Never,
        ..Text::new(TEXT)
    };
    let sending = AtomicBool::new(false);
    let sending = Arc::new(sending);
    let seen = Arc::clone(&sending);
    let operation = Operation::observed(move |event| {
        if matches!(event, ProgressEvent::Sent { .. }) {
            seen.store(true, Ordering::SeqCst);
        }
    });
    let cancelling = async {
        while !sending.load(Ordering::SeqCst) {
            tokio::task::yield_now().await;
        }
        operation.cancel.cancel();
    };
    let registry = connect(&server);
    let (outcome, ()) = tokio::join!(send_by(&registry, &text, &operation), cancelling);
    assert!(matches!(outcome, Err(RegistryError::Cancelled)), "{outcome:?}");
    until_cancelled(&server).await;
    assert!(double.state().blobs.is_empty());
}

#[tokio::test]
async fn a_blob_of_the_registry_itself_is_sent_with_one_request_at_a_time() {
    // The source holds the only seat there is while it is read.
    let (server, double) = Double::serve(|asked, _| {
        (asked.method == "GET" && asked.path().contains("/blobs/sha256:")).then(|| Reply::new(200, TEXT))
    })
    .await;
    let one = NetworkOptions {
        requests_per_host: 1,
        ..options()
    };
    let registry = Arc::new(connect_with(&server, Login::Anonymous, one));
    let text = Text::new(TEXT);
    let source = crate::StoredBlob {
        registry: Arc::clone(&registry) as Arc<dyn Registry>,
        repository: "team/other".parse().expect("a fixed name"),
        digest: text.digest(),
        size: text.size(),
    };
    let sent = registry
        .put_blob(&model(), &text.digest(), text.size(), &source, &quiet())
        .await;
    sent.expect("nobody waits for the other");
    assert!(holds(&double, &text));
}

async fn mount(reply: impl Fn(&Asked, &Double) -> Option<Reply> + Send + Sync + 'static) -> (FaultServer, bool) {
    let (server, _) = Double::serve(reply).await;
    let from: RepositoryName = "team/other".parse().expect("a fixed name");
    let mounted = connect(&server)
        .mount_blob(&model(), &from, &Digest::of(TEXT.as_bytes()), &quiet())
        .await;
    (server, mounted.expect("an answer"))
}

#[tokio::test]
async fn a_mount_is_taken_or_its_upload_cancelled() {
    let (server, mounted) = mount(|asked, _| (asked.method == "POST").then(|| Reply::new(201, ""))).await;
    assert!(mounted);
    let digest = Digest::of(TEXT.as_bytes());
    assert_eq!(server.count(&format!("{UPLOADS}?mount={digest}&from=team/other")), 1);
    let (server, mounted) = mount(|_, _| None).await;
    assert!(!mounted);
    until_cancelled(&server).await;
    for status in [403, 404, 405] {
        let (_, mounted) =
            mount(move |asked, _| (asked.method == "POST").then(|| Reply::json(status, r#"{"errors":[]}"#))).await;
        assert!(!mounted, "{status}");
    }
}

#[tokio::test]
async fn a_mount_asks_for_both_repositories() {
    let (server, _) = Double::serve(|asked, _| match (asked.path(), asked.header("authorization")) {
        ("/token", _) => Some(super::logins::token("good")),
        (_, None) => Some(super::logins::challenge(asked, "")),
        _ => (asked.method == "POST").then(|| Reply::new(201, "")),
    })
    .await;
    let from: RepositoryName = "team/other".parse().expect("a fixed name");
    let registry = connect_with(&server, password("hunter2"), options());
    let mounted = registry
        .mount_blob(&model(), &from, &Digest::of(TEXT.as_bytes()), &quiet())
        .await;
    assert!(mounted.expect("an answer"));
    let asked = server.asked();
    let token = asked
        .iter()
        .find(|asked| asked.path() == "/token")
        .expect("a token was asked for");
    assert!(
        token
            .target
            .contains("scope=repository%3Ateam%2Fmodel%3Apull%2Cpush&scope=repository%3Ateam%2Fother%3Apull"),
        "{}",
        token.target
    );
}

#[tokio::test]
async fn whether_a_blob_is_there_is_asked_without_reading_it() {
    let (server, double) = Double::serve(|_, _| None).await;
    let text = Text::new(TEXT);
    let registry = connect(&server);
    assert!(
        !registry
            .has_blob(&model(), &text.digest(), &quiet())
            .await
            .expect("an answer")
    );
    double.state().blobs.insert(text.digest().to_string(), TEXT.to_owned());
    assert!(
        registry
            .has_blob(&model(), &text.digest(), &quiet())
            .await
            .expect("an answer")
    );
    assert!(
        server
            .asked()
            .iter()
            .all(|asked| asked.method == "HEAD" || asked.target == "/v2/")
    );
}
