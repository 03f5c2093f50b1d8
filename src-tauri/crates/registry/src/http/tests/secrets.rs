//! Secrets go to the registry and its token server, and nowhere else: not into errors, events, logs, addresses or to
//! other hosts.

use std::fmt::Write as _;

use tracing::{
    Event, Metadata, Subscriber,
    field::{Field, Visit},
    span,
};

use super::*;

const SECRETS: [&str; 4] = [
    "pass-w0rd-secret",
    "refresh-secret",
    "access-secret",
    "cGFzcy13MHJkLXNlY3JldA",
];

/// Keeps every word that anything logs, at every level.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<String>>);

impl Log {
    fn text(&self) -> String {
        self.0.lock().expect("no test panics here").clone()
    }
}

impl Subscriber for Log {
    fn enabled(&self, _metadata: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, attributes: &span::Attributes<'_>) -> span::Id {
        attributes.record(&mut Writer(&self.0));
        span::Id::from_u64(1)
    }

    fn record(&self, _span: &span::Id, values: &span::Record<'_>) {
        values.record(&mut Writer(&self.0));
    }

    fn record_follows_from(&self, _span: &span::Id, _follows: &span::Id) {}

    fn event(&self, event: &Event<'_>) {
        event.record(&mut Writer(&self.0));
    }

    fn enter(&self, _span: &span::Id) {}

    fn exit(&self, _span: &span::Id) {}
}

struct Writer<'a>(&'a Mutex<String>);

impl Visit for Writer<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        let mut text = self.0.lock().expect("no test panics here");
        writeln!(text, "{field}={value:?}").expect("a string takes all");
    }
}

fn assert_clean(what: &str, text: &str) {
    for secret in SECRETS {
        assert!(!text.contains(secret), "{what} holds {secret}: {text}");
    }
}

fn logins() -> [Login; 3] {
    [
        password(SECRETS[0]),
        Login::IdentityToken {
            secret: Secret::from(SECRETS[1]),
        },
        Login::RegistryToken {
            secret: Secret::from(SECRETS[2]),
        },
    ]
}

/// A registry with tokens whose manifests come from another host, after some trouble on the way.
async fn registry_before(store: &FaultServer) -> FaultServer {
    let target = format!("{}/object", store.url());
    FaultServer::start(move |asked| {
        let host = asked.header("host").unwrap_or_default().to_owned();
        let authorization = asked.header("authorization").unwrap_or_default();
        match asked.path() {
            "/token" if asked.earlier == 0 => Reply::new(503, ""),
            "/token" => Reply::json(
                200,
                r#"{"token":"access-secret","refresh_token":"refresh-secret","expires_in":300}"#,
            ),
            "/v2/team/model/manifests/denied" if authorization.starts_with("Bearer") => {
                Reply::json(403, r#"{"errors":[{"code":"DENIED","message":"no"}]}"#)
            }
            "/v2/team/model/manifests/v1" if authorization.starts_with("Bearer") => Reply::redirect(307, &target),
            path if authorization.starts_with("Bearer") && path != "/v2/" => Reply::hang_up(),
            _ => Reply::json(401, "{}").header(
                "WWW-Authenticate",
                format!(r#"Bearer realm="http://{host}/token",service="reg",error="invalid_token""#),
            ),
        }
    })
    .await
}

#[tokio::test]
async fn secrets_stay_between_us_and_the_registry() {
    let log = Log::default();
    let guard = tracing::subscriber::set_default(log.clone());
    for login in logins() {
        // Another test, without a listener, may have met a place that logs at the same moment as this one began to listen.
        tracing::callsite::rebuild_interest_cache();
        let store = FaultServer::start(|_| manifest_reply()).await;
        let server = registry_before(&store).await;
        let registry = connect_with(&server, login, options());
        let (operation, events) = watched();
        let read = registry.manifest(&model(), &tag("v1"), &operation).await;
        assert!(read.is_ok(), "{read:?}");
        for name in ["denied", "broken"] {
            let error = registry
                .manifest(&model(), &tag(name), &operation)
                .await
                .expect_err("scripted");
            assert_clean("an error", &format!("{error} {error:?} {:?}", error.hint()));
        }
        let steps = registry.check(&operation, &clock()).await;
        assert_clean("the diagnosis", &format!("{steps:?}"));
        assert_clean(
            "an event",
            &format!("{:?}", events.lock().expect("no test panics here")),
        );
        assert_clean("the registry's own text", &format!("{registry:?}"));
        for asked in store.asked() {
            assert_clean("another host", &format!("{asked:?}"));
            assert_eq!(asked.header("authorization"), None);
        }
        for asked in server.asked() {
            assert_clean("an address", &asked.target);
        }
    }
    drop(guard);
    assert!(
        log.text().contains("trying again"),
        "the log is listened to: {}",
        log.text()
    );
    assert_clean("the log", &log.text());
}

#[tokio::test]
async fn a_registry_that_repeats_the_login_in_its_errors_is_not_repeated() {
    // What a server sends back is its own to tell; what Berth knows to be secret it never shows.
    let server = FaultServer::start(|asked| {
        if asked.header("authorization").is_none() {
            Reply::json(401, "{}").header("WWW-Authenticate", "Basic realm=\"x\"")
        } else {
            Reply::new(
                403,
                format!(
                    "bad password {} ({})",
                    SECRETS[0],
                    asked.header("authorization").unwrap_or_default()
                ),
            )
        }
    })
    .await;
    let error = manifest_failure(&connect_with(&server, password(SECRETS[0]), options())).await;
    assert_clean("an error", &error.to_string());
}
