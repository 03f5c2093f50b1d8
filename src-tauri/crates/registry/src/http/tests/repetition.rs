//! What is sent again, how long is waited for it, and that nobody has to wait longer than they want.

use std::time::Instant;

use super::*;
use crate::{ErrorCode, WaitReason};

/// A registry whose first answer about `v1` is another.
async fn first(reply: Reply) -> FaultServer {
    open_registry(move |asked| {
        if asked.earlier == 0 {
            reply.clone()
        } else {
            manifest_reply()
        }
    })
    .await
}

async fn recovers_from(reply: Reply) -> Vec<ProgressEvent> {
    let server = first(reply).await;
    let (operation, events) = watched();
    let read = connect(&server).manifest(&model(), &tag("v1"), &operation).await;
    assert_eq!(read.expect("the second answer is good").digest, manifest_digest());
    assert_eq!(server.count("/v2/team/model/manifests/v1"), 2);
    events.lock().expect("no test panics here").clone()
}

fn waits(events: &[ProgressEvent]) -> Vec<(WaitReason, String)> {
    let wait = |event: &ProgressEvent| match event {
        ProgressEvent::Waiting { reason, until, .. } => Some((*reason, until.format("%H:%M:%S").to_string())),
        _ => None,
    };
    events.iter().filter_map(wait).collect()
}

#[tokio::test]
async fn passing_failures_are_sent_again() {
    for status in [408, 500, 502, 503, 504] {
        let events = recovers_from(Reply::new(status, "busy")).await;
        assert_eq!(waits(&events)[0].0, WaitReason::ServerBusy, "{status}");
    }
    for reply in [Reply::hang_up(), Reply::truncated("{\"schema", 300), Reply::silence()] {
        let events = recovers_from(reply.clone()).await;
        assert_eq!(waits(&events)[0].0, WaitReason::Unreachable, "{reply:?}");
    }
}

#[tokio::test]
async fn a_rate_limit_is_waited_out_in_both_forms_and_said() {
    for (name, value) in [
        ("Retry-After", "1"),
        ("Retry-After", "Mon, 05 Jan 2026 10:00:01 GMT"),
        ("X-Retry-After", "1767607201"),
    ] {
        let began = Instant::now();
        let events = recovers_from(Reply::new(429, "").header(name, value)).await;
        assert!(began.elapsed() >= Duration::from_secs(1), "{name}: {value}");
        assert_eq!(
            waits(&events)[0],
            (WaitReason::RateLimited, "10:00:01".to_owned()),
            "{name}: {value}"
        );
    }
}

#[tokio::test]
async fn a_wait_that_is_too_long_is_told_at_once() {
    let server = open_registry(|_| Reply::new(429, "").header("Retry-After", "14400")).await;
    let error = manifest_failure(&connect(&server)).await;
    assert_eq!(error.code(), ErrorCode::RateLimited);
    assert!(told(&error).contains("14:00 UTC"), "{error}");
    assert_eq!(server.count("/v2/team/model/manifests/"), 1);
}

#[tokio::test]
async fn an_absurd_wait_is_told_without_a_time() {
    for (name, value) in [
        ("Retry-After", "10000000000000"),
        ("Retry-After", "18446744073709551615"),
        ("Retry-After", "31536000"),
        ("X-Retry-After", "8210266876799"),
        ("X-Retry-After", "9223372036854775807"),
    ] {
        for status in [429, 503] {
            let server = open_registry(move |_| Reply::new(status, "").header(name, value)).await;
            let error = manifest_failure(&connect(&server)).await;
            assert!(!told(&error).contains("until"), "{status} {name}: {value}: {error}");
        }
    }
}

#[tokio::test]
async fn a_wait_is_visible_and_ends_when_it_is_cancelled() {
    let server = open_registry(|_| Reply::new(429, "").header("Retry-After", "600")).await;
    let operation = {
        let cancel = Arc::new(Mutex::new(None::<Operation>));
        let on_wait = Arc::clone(&cancel);
        let operation = Operation::observed(move |event| {
            if matches!(event, ProgressEvent::Waiting { host, .. } if host.starts_with("127.0.0.1:")) {
                let operation = on_wait.lock().expect("no test panics here").clone();
                operation.expect("set before the request").cancel.cancel();
            }
        });
        *cancel.lock().expect("no test panics here") = Some(operation.clone());
        operation
    };
    let began = Instant::now();
    let outcome = connect(&server).manifest(&model(), &tag("v1"), &operation).await;
    assert!(matches!(outcome, Err(RegistryError::Cancelled)), "{outcome:?}");
    assert!(began.elapsed() < Duration::from_mins(1));
}

#[tokio::test]
async fn a_request_under_way_ends_when_it_is_cancelled() {
    let server = open_registry(|_| Reply::silence()).await;
    let registry = connect_with(
        &server,
        Login::Anonymous,
        NetworkOptions {
            answer_timeout: Duration::from_mins(10),
            ..options()
        },
    );
    let operation = quiet();
    let (repository, target) = (model(), tag("v1"));
    let reading = registry.manifest(&repository, &target, &operation);
    let cancelling = async {
        while server.count("/v2/team/") == 0 {
            tokio::task::yield_now().await;
        }
        operation.cancel.cancel();
    };
    let (outcome, ()) = tokio::join!(reading, cancelling);
    assert!(matches!(outcome, Err(RegistryError::Cancelled)), "{outcome:?}");
}

#[tokio::test]
async fn tries_end_with_what_happened_last() {
    let cases = [
        (
            Reply::new(503, "<h1>down</h1>").header("Content-Type", "text/html"),
            ErrorCode::Unreachable,
            "(503)",
        ),
        (
            Reply::new(500, "x\u{1b}[31mred\u{7}"),
            ErrorCode::Unreachable,
            "x [31mred",
        ),
        (
            Reply::new(429, ""),
            ErrorCode::RateLimited,
            "limits the number of requests",
        ),
        (Reply::silence(), ErrorCode::Unreachable, "did not go on"),
        (Reply::hang_up(), ErrorCode::Unreachable, "cannot be reached"),
    ];
    for (reply, code, words) in cases {
        let shown = format!("{reply:?}");
        let server = open_registry(move |_| reply.clone()).await;
        let error = manifest_failure(&connect(&server)).await;
        assert_eq!(error.code(), code, "{shown}: {error}");
        assert!(told(&error).contains(words), "{shown}: {error}");
        assert!(error.retryable(), "{shown}");
        let most = if code == ErrorCode::RateLimited { 4 } else { 2 };
        assert_eq!(server.count("/v2/team/model/manifests/"), most, "{shown}");
    }
}

#[tokio::test]
async fn refusals_are_not_sent_again() {
    for status in [400, 403, 404, 405, 409, 501] {
        let server = open_registry(move |_| Reply::json(status, r#"{"errors":[{"code":"X","message":"no"}]}"#)).await;
        let error = manifest_failure(&connect(&server)).await;
        assert!(!error.retryable(), "{status}: {error}");
        assert_eq!(server.count("/v2/team/model/manifests/"), 1, "{status}");
    }
}

#[tokio::test]
async fn what_may_do_something_twice_is_sent_once() {
    let server = open_registry(|asked| {
        if asked.method == "POST" {
            Reply::hang_up()
        } else if asked.path().ends_with("tags/list") {
            Reply::json(200, r#"{"tags":[]}"#)
        } else {
            Reply::json(200, r#"{"repositories":["team/model"]}"#)
        }
    })
    .await;
    connect(&server).check(&quiet(), &clock()).await;
    let posts = server.asked().iter().filter(|asked| asked.method == "POST").count();
    assert_eq!(posts, 1);
}

#[tokio::test]
async fn a_refused_connection_says_so() {
    let (_socket, address) = closed_port();
    let network = Arc::new(Network::new(options()).expect("usable settings"));
    let error = manifest_failure(&connect_over(&network, &address, Login::Anonymous)).await;
    assert_eq!(error.code(), ErrorCode::Unreachable);
    assert!(told(&error).contains("nothing listens on this port"), "{error}");
}

#[tokio::test]
async fn never_more_requests_side_by_side_than_allowed_and_fewer_after_a_limit() {
    let settings = || NetworkOptions {
        requests_per_host: 5,
        answer_timeout: Duration::from_secs(20),
        ..options()
    };
    let server = open_registry(|_| manifest_reply().after(Duration::from_millis(5))).await;
    let registry = connect_with(&server, Login::Anonymous, settings());
    read_many(&registry, 60).await;
    assert_eq!(server.most_under_way(), 5);

    let limited = open_registry(|asked| {
        let reply = if asked.earlier == 0 && asked.target.ends_with("v0") {
            Reply::new(429, "")
        } else {
            manifest_reply()
        };
        reply.after(Duration::from_millis(5))
    })
    .await;
    let registry = connect_with(&limited, Login::Anonymous, settings());
    read_many(&registry, 1).await;
    assert_eq!(registry.exchange.wire.limiter.limit(), 2);
}

async fn read_many(registry: &HttpRegistry, number: usize) {
    let operation = quiet();
    let repository = model();
    let reads = (0..number).map(|number| {
        let (repository, operation) = (&repository, &operation);
        async move {
            registry
                .manifest(repository, &tag(&format!("v{number}")), operation)
                .await
        }
    });
    for read in futures::future::join_all(reads).await {
        read.expect("a good answer");
    }
}
