//! Whole answers of registries: listings with their `Link`, errors, challenges and tokens, over a real connection.

use std::{
    io::{BufRead, BufReader, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

use registry::{HttpOptions, HttpRegistry, Login, Network, NetworkOptions, Operation, Registry, Target};

use super::fuzz;

/// What the server says until it is told something else.
#[derive(Clone, Default)]
struct Script {
    /// With a 401, as long as no token comes along.
    challenge: Option<String>,
    link: Option<String>,
    body: Vec<u8>,
    token: Vec<u8>,
}

/// A server on loopback that says what the script says, whatever it is asked.
struct Server {
    address: SocketAddr,
    script: Arc<Mutex<Script>>,
}

impl Server {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("a bound listener has an address");
        let script = Arc::new(Mutex::new(Script::default()));
        let spoken = Arc::clone(&script);
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let script = Arc::clone(&spoken);
                thread::spawn(move || serve(&stream, &script));
            }
        });
        Self { address, script }
    }

    fn say(&self, script: Script) {
        *self.script.lock().expect("nobody panics with the script") = script;
    }

    /// A client that remembers nothing.
    fn client(&self) -> HttpRegistry {
        let options = HttpOptions {
            host: self.address.to_string().parse().expect("an address"),
            plain_http: true,
            ca_file: None,
            client_certificate: None,
        };
        let network = Arc::new(Network::new(NetworkOptions::default()).expect("default settings"));
        HttpRegistry::connect(options, Login::Anonymous, network).expect("a client")
    }
}

fn serve(stream: &TcpStream, script: &Mutex<Script>) -> Option<()> {
    let mut lines = BufReader::new(stream).lines();
    loop {
        let request = lines.next()?.ok()?;
        let mut has_token = false;
        loop {
            let header = lines.next()?.ok()?;
            if header.is_empty() {
                break;
            }
            has_token |= header.to_ascii_lowercase().starts_with("authorization: bearer");
        }
        let script = script.lock().expect("nobody panics with the script").clone();
        let body = if request.contains("/token") {
            &script.token
        } else {
            &script.body
        };
        let status = match &script.challenge {
            Some(challenge) if !has_token && !request.contains("/token") => {
                format!("401 Unauthorized\r\nWWW-Authenticate: {challenge}")
            }
            _ => "200 OK".to_owned(),
        };
        let link = script.link.map_or_else(String::new, |link| format!("Link: {link}\r\n"));
        let length = body.len();
        let head =
            format!("HTTP/1.1 {status}\r\n{link}Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n");
        let mut answer = head.into_bytes();
        if !request.starts_with("HEAD") {
            answer.extend_from_slice(body);
        }
        let mut stream = stream;
        stream.write_all(&answer).ok()?;
    }
}

/// A header's value as a connection can carry it: one line of visible characters.
fn header(bytes: &[u8]) -> String {
    bytes
        .iter()
        .map(|&byte| {
            if (b' '..=b'~').contains(&byte) {
                char::from(byte)
            } else {
                '?'
            }
        })
        .collect()
}

/// The first line, and the rest.
fn parts(input: &[u8]) -> (&[u8], &[u8]) {
    let end = input.iter().position(|&byte| byte == b'\n').unwrap_or(input.len());
    (&input[..end], input.get(end + 1..).unwrap_or_default())
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime")
}

#[test]
fn listings_and_manifests() {
    let server = Server::start();
    let runtime = runtime();
    let repository = "team/model".parse().expect("a name");
    let tag: artifact::Tag = "1.0.0".parse().expect("a tag");
    let client = server.client();
    let operation = Operation::unobserved();
    fuzz("listing", 150, |input| {
        let (link, body) = parts(input);
        server.say(Script {
            link: Some(header(link)),
            body: body.to_owned(),
            ..Script::default()
        });
        let before = client.traits().requests;
        runtime.block_on(async {
            let _ = client.repositories(&operation).await;
            let tags = client.tags(&repository, &operation).await;
            assert_eq!(
                tags.map(|listing| listing.items).ok(),
                client.tags(&repository, &operation).await.map(|it| it.items).ok()
            );
            let _ = client
                .referrers(&repository, &artifact::Digest::of(b"x"), &operation)
                .await;
            let manifest = client
                .manifest(&repository, &Target::Tag(tag.clone()), &operation)
                .await;
            if let Ok(manifest) = manifest {
                assert_eq!(
                    manifest.digest,
                    artifact::Digest::of(body),
                    "the digest is that of the bytes"
                );
            }
        });
        assert!(
            client.traits().requests - before < 200,
            "a listing that brings nothing new ends"
        );
    });
}

#[test]
fn challenges_and_tokens() {
    let server = Server::start();
    let origin = format!("http://{}/", server.address);
    let runtime = runtime();
    let repository = "team/model".parse().expect("a name");
    fuzz("challenge", 150, |input| {
        let (challenge, token) = parts(input);
        let challenge = header(challenge).replace("http://registry.invalid/", &origin);
        // A test asks no other host for tokens.
        if challenge.matches("//").count() != challenge.matches(&origin).count() {
            return;
        }
        let body = br#"{"name":"team/model","tags":["1.0.0"]}"#.to_vec();
        server.say(Script {
            challenge: Some(challenge),
            token: token.to_owned(),
            body,
            ..Script::default()
        });
        let client = server.client();
        runtime.block_on(async {
            if let Err(error) = client.tags(&repository, &Operation::unobserved()).await {
                assert!(error.to_string().len() < 4000, "{error}");
            }
        });
        assert!(
            client.traits().requests < 10,
            "a login that does not help is not tried for ever"
        );
    });
}
