//! A token server for distribution: tokens signed with RS256 by the `openssl` command, for three users.
//! Source: distribution, "Token authentication" and "JSON Web token authentication".

use std::{
    path::PathBuf,
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

use serde_json::{Value, json};

use super::{
    certificates::{Authority, Identity, bare},
    fault_server::{Asked, FaultServer, Reply},
    process::{run, tool},
    registry_server::TokenSetup,
};

const ISSUER: &str = "the tests";
const SERVICE: &str = "the registry of the tests";

/// May do everything.
pub(crate) const ALICE: (&str, &str) = ("alice", "wonderland");
/// May read, but not list the repositories.
pub(crate) const BOB: (&str, &str) = ("bob", "builder");

/// `alice:wonderland` and `bob:builder`, as basic logins carry them.
const LOGINS: [(&str, &str); 2] = [("alice", "YWxpY2U6d29uZGVybGFuZA=="), ("bob", "Ym9iOmJ1aWxkZXI=")];

/// Encodes as base64 for URLs, and signs: header, claims and key are its arguments.
const SIGN: &str = r#"
encode() { openssl base64 -A | tr '+/' '-_' | tr -d '='; }
text=$(printf %s "$1" | encode).$(printf %s "$2" | encode)
printf %s "$text.$(printf %s "$text" | openssl dgst -sha256 -sign "$3" -binary | encode)"
"#;

/// A token server that runs until it is dropped.
pub(crate) struct TokenServer {
    server: FaultServer,
    identity: Identity,
    _authority: Authority,
}

impl TokenServer {
    /// Starts one whose first `expired` tokens have ended before they are given out, though it says otherwise.
    pub(crate) async fn start(expired: usize) -> Self {
        let authority = Authority::new("unused");
        let identity = authority.self_signed("tokens");
        let signer = Arc::new(identity.clone());
        let given = std::sync::atomic::AtomicUsize::new(0);
        let server = FaultServer::start(move |asked| {
            let number = given.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            answer(asked, &signer, number < expired)
        })
        .await;
        Self {
            server,
            identity,
            _authority: authority,
        }
    }

    /// What distribution needs to know of it.
    pub(crate) fn setup(&self) -> TokenSetup {
        TokenSetup {
            realm: format!("{}/token", self.server.url()),
            service: SERVICE.to_owned(),
            issuer: ISSUER.to_owned(),
            root_certificates: self.root_certificates(),
        }
    }

    /// How many tokens were asked for.
    pub(crate) fn asked(&self) -> usize {
        self.server.count("/token")
    }

    fn root_certificates(&self) -> PathBuf {
        self.identity.certificate.clone()
    }
}

fn answer(asked: &Asked, signer: &Identity, expired: bool) -> Reply {
    if asked.method != "GET" {
        return Reply::new(405, "only GET");
    }
    let login = asked
        .header("authorization")
        .map(|header| header.trim_start_matches("Basic "));
    let user = match login {
        None => "",
        Some(login) => match LOGINS.iter().find(|(_, known)| *known == login) {
            Some((user, _)) => user,
            None => return Reply::json(401, r#"{"details":"incorrect username or password"}"#),
        },
    };
    let now = seconds();
    let end = if expired { now - 600 } else { now + 300 };
    let claims = json!({
        "iss": ISSUER, "sub": user, "aud": SERVICE, "exp": end, "nbf": now - 900, "iat": now - 900,
        "jti": format!("{now}"), "access": granted(asked, user),
    });
    let header = json!({ "typ": "JWT", "alg": "RS256", "x5c": [bare(&signer.certificate)] });
    let mut sign = tool("sh");
    sign.args(["-c", SIGN, "sign", &header.to_string(), &claims.to_string()])
        .arg(&signer.key);
    Reply::json(200, json!({ "token": run(&mut sign), "expires_in": 300 }).to_string())
}

/// Of what was asked for, what the user may do.
fn granted(asked: &Asked, user: &str) -> Vec<Value> {
    let address = reqwest::Url::parse(&format!("http://tokens{}", asked.target)).expect("a request has an address");
    let scopes: Vec<_> = address
        .query_pairs()
        .filter(|(name, _)| name == "scope")
        .map(|(_, scope)| scope)
        .collect();
    let parts = scopes.iter().flat_map(|scope| scope.split(' ')).filter_map(|part| {
        let (kind, rest) = part.split_once(':')?;
        let (name, actions) = rest.rsplit_once(':')?;
        let allowed: Vec<_> = actions
            .split(',')
            .filter(|action| may(user, kind, name, action))
            .collect();
        Some(json!({ "type": kind, "name": name, "actions": allowed }))
    });
    parts.collect()
}

fn may(user: &str, kind: &str, name: &str, action: &str) -> bool {
    match user {
        "alice" => true,
        "bob" => kind == "repository" && action == "pull",
        _ => name.starts_with("open/") && action == "pull",
    }
}

fn seconds() -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970");
    i64::try_from(now.as_secs()).expect("before the year 292,000,000,000")
}
