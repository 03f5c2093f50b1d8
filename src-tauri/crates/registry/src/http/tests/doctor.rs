//! The diagnosis: nine steps in their order, each with what was found, and the likely cause where something fails.

use super::*;
use crate::{CheckName, CheckStep};

async fn steps_of(registry: &HttpRegistry) -> Vec<CheckStep> {
    let steps = registry.check(&quiet(), &clock()).await;
    let names: Vec<_> = steps.iter().map(|step| step.step).collect();
    assert_eq!(names, CheckName::ALL);
    for step in &steps {
        assert!(!step.detail.is_empty() && step.detail.chars().count() < 500, "{step:?}");
        assert!(
            step.ok != Some(false) || step.hint.is_some(),
            "a failure needs a hint: {step:?}"
        );
        assert_eq!(step.ok.is_some(), step.milliseconds.is_some(), "{step:?}");
    }
    steps
}

fn step(steps: &[CheckStep], name: CheckName) -> &CheckStep {
    steps.iter().find(|step| step.step == name).expect("every step is told")
}

fn outcomes(steps: &[CheckStep]) -> Vec<Option<bool>> {
    steps.iter().map(|step| step.ok).collect()
}

/// A registry that can do everything, with one repository; the script may answer first.
async fn healthy(first: impl Fn(&Asked) -> Option<Reply> + Send + Sync + 'static) -> FaultServer {
    FaultServer::start(move |asked| {
        if let Some(reply) = first(asked) {
            return reply;
        }
        match (asked.method.as_str(), asked.path()) {
            (_, "/v2/") => Reply::json(200, "{}").header("Date", "Mon, 05 Jan 2026 10:00:10 GMT"),
            (_, "/v2/_catalog") => Reply::json(200, r#"{"repositories":["team/model"]}"#),
            (_, "/v2/team/model/tags/list") => Reply::json(200, r#"{"tags":["v1"]}"#),
            ("POST", _) => Reply::new(202, "").header("Location", "/v2/team/model/blobs/uploads/1?state=x"),
            ("DELETE", "/v2/team/model/blobs/uploads/1") => Reply::new(204, ""),
            ("DELETE", _) => Reply::json(404, r#"{"errors":[{"code":"MANIFEST_UNKNOWN"}]}"#),
            _ => manifest_reply().header("Docker-Content-Digest", manifest_digest().to_string()),
        }
    })
    .await
}

#[tokio::test]
async fn a_healthy_registry_passes_and_nothing_is_left_behind() {
    let server = healthy(|_| None).await;
    let steps = steps_of(&connect(&server)).await;
    let (yes, none) = (Some(true), None);
    // An address needs no name, plain http no certificate, and nobody asked for a login.
    assert_eq!(outcomes(&steps), [none, yes, none, yes, none, yes, yes, yes, yes]);
    assert!(step(&steps, CheckName::Tls).detail.contains("nothing is encrypted"));
    assert!(step(&steps, CheckName::Pull).detail.contains("team/model:v1"));
    assert!(step(&steps, CheckName::Delete).detail.contains("tags alone"));
    assert_eq!(step(&steps, CheckName::Api).hint, None);
    let asked = server.asked();
    let writes: Vec<_> = asked
        .iter()
        .filter(|asked| !["GET", "HEAD"].contains(&asked.method.as_str()))
        .collect();
    assert_eq!(writes.iter().filter(|asked| asked.method == "POST").count(), 1);
    assert!(
        writes
            .iter()
            .any(|asked| asked.target == "/v2/team/model/blobs/uploads/1?state=x"),
        "the upload is cancelled"
    );
    let deletes = writes.iter().filter(|asked| asked.target.contains("/manifests/"));
    assert!(deletes.clone().count() > 0);
    for delete in deletes {
        let absent = delete.target.contains("berth-absent-") || delete.target.contains("sha256:");
        assert!(absent && !delete.target.contains(manifest_digest().hex()), "{delete:?}");
    }
}

#[tokio::test]
async fn may_pull_but_not_list_is_said_so() {
    let server = healthy(|asked| {
        (asked.path() == "/v2/_catalog")
            .then(|| Reply::json(403, r#"{"errors":[{"code":"DENIED","message":"admins only"}]}"#))
    })
    .await;
    let steps = steps_of(&connect(&server).with_known_repositories(vec![model()])).await;
    let list = step(&steps, CheckName::List);
    assert_eq!(list.ok, Some(false));
    assert!(list.detail.contains("the login may pull but not list"), "{list:?}");
    assert!(
        list.hint
            .as_deref()
            .is_some_and(|hint| hint.contains("pin repositories by name")),
        "{list:?}"
    );
    assert_eq!(step(&steps, CheckName::Pull).ok, Some(true));

    let unknown = steps_of(&connect(&server)).await;
    let pull = step(&unknown, CheckName::Pull);
    assert_eq!(pull.ok, None);
    assert!(
        pull.hint
            .as_deref()
            .is_some_and(|hint| hint.contains("pin a repository by name")),
        "{pull:?}"
    );
}

#[tokio::test]
async fn a_login_for_reading_only_is_told_and_excused() {
    let server = healthy(|asked| {
        (!["GET", "HEAD"].contains(&asked.method.as_str()))
            .then(|| Reply::json(403, r#"{"errors":[{"code":"DENIED"}]}"#))
    })
    .await;
    let steps = steps_of(&connect(&server)).await;
    for name in [CheckName::Push, CheckName::Delete] {
        let step = step(&steps, name);
        assert_eq!(step.ok, Some(false));
        assert!(
            step.hint.as_deref().is_some_and(|hint| hint.starts_with("fine if you")),
            "{step:?}"
        );
    }
    assert_eq!(step(&steps, CheckName::Pull).ok, Some(true));
}

#[tokio::test]
async fn deletes_that_are_off_are_told() {
    let server = healthy(|asked| {
        (asked.method == "DELETE" && asked.path().contains("/manifests/"))
            .then(|| Reply::json(405, r#"{"errors":[{"code":"UNSUPPORTED"}]}"#))
    })
    .await;
    let steps = steps_of(&connect(&server)).await;
    assert!(step(&steps, CheckName::Delete).detail.contains("switched off"));
}

#[tokio::test]
async fn a_wrong_login_ends_the_diagnosis_there() {
    let server = healthy(|asked| {
        let good = asked.header("authorization") == Some("Basic YWxpY2U6aHVudGVyMg==");
        (!good).then(|| Reply::json(401, "{}").header("WWW-Authenticate", "Basic realm=\"x\""))
    })
    .await;
    let wrong = steps_of(&connect_with(&server, password("wrong"), options())).await;
    let login = step(&wrong, CheckName::Login);
    assert_eq!(login.ok, Some(false));
    assert!(login.detail.contains("does not accept the login"), "{login:?}");
    assert_eq!(outcomes(&wrong)[5..], [None; 4]);
    let good = steps_of(&connect_with(&server, password("hunter2"), options())).await;
    assert_eq!(step(&good, CheckName::Login).ok, Some(true));
    assert!(step(&good, CheckName::Login).detail.contains("“alice” is accepted"));
    assert_eq!(step(&good, CheckName::Delete).ok, Some(true));
}

#[tokio::test]
async fn a_wrong_clock_is_said() {
    for (date, words) in [
        ("Mon, 05 Jan 2026 12:00:00 GMT", "120 minutes behind"),
        ("Mon, 05 Jan 2026 09:00:00 GMT", "60 minutes ahead of"),
    ] {
        let server =
            healthy(move |asked| (asked.path() == "/v2/").then(|| Reply::json(200, "{}").header("Date", date))).await;
        let steps = steps_of(&connect(&server)).await;
        let hint = step(&steps, CheckName::Api).hint.clone().unwrap_or_default();
        assert!(hint.contains(words), "{date}: {hint}");
    }
}

#[tokio::test]
async fn what_is_no_registry_ends_at_the_api() {
    let server =
        FaultServer::start(|_| Reply::new(200, "<html>Welcome</html>").header("Content-Type", "text/html")).await;
    let steps = steps_of(&connect(&server)).await;
    assert_eq!(step(&steps, CheckName::Api).ok, Some(false));
    assert!(step(&steps, CheckName::Api).detail.contains("web page"));
    assert_eq!(outcomes(&steps)[4..], [None; 5]);
}

#[tokio::test]
async fn a_name_that_is_not_known_and_a_port_where_nothing_listens() {
    let network = Arc::new(Network::new(options()).expect("usable settings"));
    let unknown = steps_of(&connect_over(
        &network,
        "http://registry.invalid:5000",
        Login::Anonymous,
    ))
    .await;
    assert_eq!(step(&unknown, CheckName::Name).ok, Some(false));
    assert_eq!(outcomes(&unknown)[1..], [None; 8]);
    let (_socket, address) = closed_port();
    let closed = steps_of(&connect_over(&network, &address, Login::Anonymous)).await;
    assert!(
        step(&closed, CheckName::Connect)
            .detail
            .contains("nothing listens on this port")
    );
}

#[tokio::test]
async fn a_cancelled_diagnosis_ends_at_once_and_is_no_failure() {
    let server = healthy(|_| None).await;
    let operation = quiet();
    operation.cancel.cancel();
    let steps = connect(&server).check(&operation, &clock()).await;
    assert!(steps.iter().all(|step| step.ok.is_none()), "{steps:?}");
    assert_eq!(server.asked().len(), 0);
}
