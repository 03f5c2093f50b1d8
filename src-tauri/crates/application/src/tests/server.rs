//! A registry of a few lines: one repository, perhaps a login, every request remembered.

use std::{
    io::{BufRead, BufReader, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

use artifact::Digest;
use base64::{Engine as _, engine::general_purpose::STANDARD};

const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";

/// What the server answers with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A registry with the tag `team/model:1.0.0`.
    Registry,
    /// The same, without a list of repositories.
    Unlisted,
    /// A page for people.
    WebPage,
    /// A registry that takes its time.
    Slow,
    /// A registry that refuses a wrong login with 403, as Amazon's does.
    Refusing,
    /// Nothing but failures of its own.
    Broken,
}

/// Listens on loopback until the process ends; a test's server is small enough for that.
pub(super) struct Server {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<String>>>,
    login: Arc<Mutex<Option<String>>>,
}

impl Server {
    /// Without a login if `login` is none, else with this user and password.
    pub(super) fn start(kind: Kind, login: Option<(&str, &str)>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("it is bound");
        let login = Arc::new(Mutex::new(login.map(|(user, password)| basic(user, password))));
        let requests = Arc::new(Mutex::new(Vec::new()));
        let (seen, accepted) = (Arc::clone(&requests), Arc::clone(&login));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (accepted, seen) = (Arc::clone(&accepted), Arc::clone(&seen));
                thread::spawn(move || serve(&stream, kind, &accepted, &seen));
            }
        });
        Self {
            address,
            requests,
            login,
        }
    }

    /// Takes this login from now on, and no other.
    pub(super) fn accept(&self, user: &str, password: &str) {
        *self.login.lock().expect("no test holds it") = Some(basic(user, password));
    }

    /// Waits until another request came.
    pub(super) async fn asked_more_than(&self, count: usize) {
        while self.count() <= count {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// `127.0.0.1:PORT`
    pub(super) fn host(&self) -> String {
        self.address.to_string()
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// How many requests came so far.
    pub(super) fn count(&self) -> usize {
        self.requests.lock().expect("no test holds it").len()
    }
}

fn basic(user: &str, password: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{user}:{password}")))
}

fn serve(stream: &TcpStream, kind: Kind, accepted: &Mutex<Option<String>>, seen: &Mutex<Vec<String>>) {
    let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
    while let Some(first) = lines.next() {
        let mut authorization = None;
        for line in lines.by_ref().take_while(|line| !line.is_empty()) {
            if let Some((name, value)) = line.split_once(": ")
                && name.eq_ignore_ascii_case("authorization")
            {
                authorization = Some(value.to_owned());
            }
        }
        let mut parts = first.split(' ');
        let (method, path) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        if let Ok(mut seen) = seen.lock() {
            seen.push(format!("{method} {path}"));
        }
        if kind == Kind::Slow {
            thread::sleep(Duration::from_millis(200));
        }
        let login = accepted.lock().expect("no test holds it").clone();
        let allowed = login.is_none() || login == authorization;
        let answer = match authorization {
            _ if allowed => answer(kind, path),
            Some(_) if kind == Kind::Refusing => Answer::json(
                "403 Forbidden",
                r#"{"errors":[{"code":"DENIED","message":"it has expired"}]}"#,
            ),
            _ => unauthorized(),
        };
        if send(stream, method, &answer).is_err() {
            return;
        }
    }
}

struct Answer {
    status: &'static str,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
}

impl Answer {
    fn json(status: &'static str, text: &str) -> Self {
        Self {
            status,
            headers: vec![("Content-Type", "application/json".to_owned())],
            body: text.into(),
        }
    }
}

fn unauthorized() -> Answer {
    let mut answer = Answer::json(
        "401 Unauthorized",
        r#"{"errors":[{"code":"UNAUTHORIZED","message":"who are you?"}]}"#,
    );
    answer
        .headers
        .push(("WWW-Authenticate", "Basic realm=\"test\"".to_owned()));
    answer
}

fn answer(kind: Kind, path: &str) -> Answer {
    let path = path.split('?').next().unwrap_or_default();
    let config = br#"{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":[]}}"#.to_vec();
    let config_digest = Digest::of(&config);
    let manifest = format!(
        r#"{{"schemaVersion":2,"mediaType":"{MANIFEST}","config":{{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"{config_digest}","size":{}}},"layers":[]}}"#,
        config.len()
    );
    let manifest_digest = Digest::of(manifest.as_bytes());
    let manifest_paths = [
        "/v2/team/model/manifests/1.0.0".to_owned(),
        format!("/v2/team/model/manifests/{manifest_digest}"),
    ];
    match path {
        _ if kind == Kind::WebPage => Answer {
            status: "200 OK",
            headers: vec![("Content-Type", "text/html".to_owned())],
            body: b"<!doctype html><title>Log in</title>".to_vec(),
        },
        _ if kind == Kind::Broken => Answer::json("503 Service Unavailable", "{}"),
        "/v2/" => {
            let mut answer = Answer::json("200 OK", "{}");
            answer
                .headers
                .push(("Docker-Distribution-Api-Version", "registry/2.0".to_owned()));
            answer
        }
        "/v2/_catalog" if kind == Kind::Unlisted => {
            Answer::json("403 Forbidden", r#"{"errors":[{"code":"DENIED","message":"no list"}]}"#)
        }
        "/v2/_catalog" => Answer::json("200 OK", r#"{"repositories":["team/model"]}"#),
        "/v2/team/model/tags/list" => Answer::json("200 OK", r#"{"name":"team/model","tags":["1.0.0"]}"#),
        _ if manifest_paths.iter().any(|known| known == path) => Answer {
            status: "200 OK",
            headers: vec![
                ("Content-Type", MANIFEST.to_owned()),
                ("Docker-Content-Digest", manifest_digest.to_string()),
            ],
            body: manifest.into_bytes(),
        },
        _ if path == format!("/v2/team/model/blobs/{config_digest}") => Answer {
            status: "200 OK",
            headers: vec![("Content-Type", "application/octet-stream".to_owned())],
            body: config,
        },
        _ => Answer::json(
            "404 Not Found",
            r#"{"errors":[{"code":"NAME_UNKNOWN","message":"not here"}]}"#,
        ),
    }
}

fn send(mut stream: &TcpStream, method: &str, answer: &Answer) -> std::io::Result<()> {
    let headers: Vec<String> = answer
        .headers
        .iter()
        .map(|(name, value)| format!("{name}: {value}\r\n"))
        .collect();
    let headers = headers.concat();
    let head = format!(
        "HTTP/1.1 {}\r\n{headers}Content-Length: {}\r\n\r\n",
        answer.status,
        answer.body.len()
    );
    let body = if method == "HEAD" { &[] } else { answer.body.as_slice() };
    stream.write_all(&[head.as_bytes(), body].concat())
}
