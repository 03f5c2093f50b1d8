//! Encrypted registries: whom is trusted, what is offered, and what a wrong certificate or scheme is called.

use std::{
    io::{Read, Write},
    net::TcpListener,
    path::PathBuf,
    thread,
};

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DistinguishedName, DnType, IsCa, KeyPair, date_time_ymd,
};
use rustls::{
    RootCertStore, ServerConfig, ServerConnection, StreamOwned,
    pki_types::{CertificateDer, PrivateKeyDer},
    server::WebPkiClientVerifier,
};
use tempfile::TempDir;

use super::*;
use crate::ErrorCode;

/// A private authority and the files that a person would have of it.
pub(super) struct PrivateAuthority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    folder: TempDir,
}

impl PrivateAuthority {
    pub(super) fn new(name: &str) -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name = named(name);
        let key = KeyPair::generate().expect("a key");
        let issuer = CertifiedIssuer::self_signed(params, key).expect("a certificate");
        let folder = tempfile::tempdir().expect("a temporary folder");
        Self { issuer, folder }
    }

    fn write(&self, name: &str, content: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, content).expect("a file can be written");
        path
    }

    pub(super) fn ca_file(&self) -> PathBuf {
        self.write("authority.pem", &self.issuer.pem())
    }

    /// A certificate for 127.0.0.1 and its key.
    fn issue(&self, change: impl FnOnce(&mut CertificateParams)) -> (rcgen::Certificate, KeyPair) {
        let mut params = CertificateParams::new(vec!["127.0.0.1".to_owned()]).expect("a fixed name");
        params.distinguished_name = named("a registry");
        change(&mut params);
        let key = KeyPair::generate().expect("a key");
        (params.signed_by(&key, &self.issuer).expect("a certificate"), key)
    }

    fn client_file(&self) -> PathBuf {
        let (certificate, key) = self.issue(|_| ());
        self.write("client.pem", &format!("{}{}", certificate.pem(), key.serialize_pem()))
    }
}

fn named(name: &str) -> DistinguishedName {
    let mut distinguished = DistinguishedName::new();
    distinguished.push(DnType::CommonName, name);
    distinguished
}

/// What is different in a registry's certificate.
type Change = fn(&mut CertificateParams);

/// A registry that answers everything with 200 over TLS, and notes what each connection agreed on.
pub(super) struct TlsServer {
    pub(super) host: String,
    agreed: Arc<Mutex<Vec<Option<Vec<u8>>>>>,
}

impl TlsServer {
    pub(super) fn start(
        authority: &PrivateAuthority,
        protocols: &[&str],
        change: impl FnOnce(&mut CertificateParams),
    ) -> Self {
        Self::with(authority, protocols, change, false)
    }

    fn with(
        authority: &PrivateAuthority,
        protocols: &[&str],
        change: impl FnOnce(&mut CertificateParams),
        asks: bool,
    ) -> Self {
        let (certificate, key) = authority.issue(change);
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .expect("the provider's versions");
        let builder = if asks {
            let mut roots = RootCertStore::empty();
            roots
                .add(CertificateDer::from(authority.issuer.der().to_vec()))
                .expect("a root");
            let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider).build();
            builder.with_client_cert_verifier(verifier.expect("a verifier"))
        } else {
            builder.with_no_client_auth()
        };
        let key = PrivateKeyDer::try_from(key.serialize_der()).expect("a key");
        let mut configuration = builder
            .with_single_cert(vec![certificate.der().clone()], key)
            .expect("a certificate and its key");
        configuration.alpn_protocols = protocols.iter().map(|protocol| protocol.as_bytes().to_vec()).collect();
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let host = listener
            .local_addr()
            .expect("a bound socket has an address")
            .to_string();
        let agreed = Arc::new(Mutex::new(Vec::new()));
        let notes = Arc::clone(&agreed);
        let configuration = Arc::new(configuration);
        // Ends with the test program: it waits for connections that do not come any more.
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let connection = ServerConnection::new(Arc::clone(&configuration)).expect("a usable configuration");
                let mut stream = StreamOwned::new(connection, stream);
                answer(&mut stream);
                let protocol = stream.conn.alpn_protocol().map(<[u8]>::to_vec);
                notes.lock().expect("no test panics here").push(protocol);
            }
        });
        Self { host, agreed }
    }

    fn agreed(&self) -> Vec<Option<Vec<u8>>> {
        self.agreed.lock().expect("no test panics here").clone()
    }
}

/// Reads one request and answers it; a broken handshake ends here.
fn answer(stream: &mut (impl Read + Write)) {
    let mut request = [0; 4096];
    if stream.read(&mut request).is_ok_and(|length| length > 0) {
        let answer =
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n{}";
        let _ = stream.write_all(answer.as_bytes()).and_then(|()| stream.flush());
    }
}

async fn tags_over(
    host: &str,
    ca_file: Option<PathBuf>,
    client_certificate: Option<PathBuf>,
) -> Result<(), RegistryError> {
    let settings = NetworkOptions {
        tries: 1,
        answer_timeout: Duration::from_secs(10),
        ..options()
    };
    let network = Arc::new(Network::new(settings).expect("usable settings"));
    let options = HttpOptions {
        host: host.parse().expect("a fixed address"),
        plain_http: false,
        ca_file,
        client_certificate,
    };
    let registry = HttpRegistry::connect(options, Login::Anonymous, network)?;
    registry.tags(&model(), &quiet()).await.map(|_| ())
}

#[tokio::test]
async fn a_private_authority_is_trusted_when_its_file_is_given_and_named_when_not() {
    let authority = PrivateAuthority::new("Acme Root <b>");
    let server = TlsServer::start(&authority, &["http/1.1"], |_| ());
    let error = tags_over(&server.host, None, None)
        .await
        .expect_err("nobody knows this authority");
    assert_eq!(error.code(), ErrorCode::UntrustedCertificate);
    assert!(told(&error).contains("it was issued by “Acme Root <b>”"), "{error}");
    assert!(
        error.to_string().contains("which this computer does not know"),
        "{error}"
    );
    tags_over(&server.host, Some(authority.ca_file()), None)
        .await
        .expect("trusted now");
}

#[tokio::test]
async fn http_2_is_offered_before_http_1() {
    let authority = PrivateAuthority::new("Acme Root");
    let server = TlsServer::start(&authority, &["h2", "http/1.1"], |_| ());
    // The server agrees to HTTP/2 but does not speak it: the request fails, the offer has been made.
    tags_over(&server.host, Some(authority.ca_file()), None)
        .await
        .expect_err("no HTTP/2 behind it");
    assert_eq!(server.agreed().first(), Some(&Some(b"h2".to_vec())));
}

#[tokio::test]
async fn wrong_certificates_are_told_apart() {
    let authority = PrivateAuthority::new("Acme Root");
    let cases: [(Change, &str); 3] = [
        (|params| params.not_after = date_time_ymd(2020, 1, 1), "has expired"),
        (|params| params.not_before = date_time_ymd(2090, 1, 1), "not valid yet"),
        (
            |params| *params = CertificateParams::new(vec!["other.example".to_owned()]).expect("a fixed name"),
            "made for another name",
        ),
    ];
    for (change, words) in cases {
        let server = TlsServer::start(&authority, &["http/1.1"], change);
        let error = tags_over(&server.host, Some(authority.ca_file()), None)
            .await
            .expect_err("a wrong certificate");
        assert_eq!(error.code(), ErrorCode::UntrustedCertificate, "{words}: {error}");
        assert!(told(&error).contains(words), "{error}");
    }
}

#[tokio::test]
async fn a_client_certificate_is_sent_where_it_is_asked_for_and_asked_for_in_words() {
    let authority = PrivateAuthority::new("Acme Root");
    let server = TlsServer::with(&authority, &["http/1.1"], |_| (), true);
    let ca = Some(authority.ca_file());
    let error = tags_over(&server.host, ca.clone(), None)
        .await
        .expect_err("no certificate");
    assert!(told(&error).contains("asks for a client certificate"), "{error}");
    tags_over(&server.host, ca, Some(authority.client_file()))
        .await
        .expect("let in");
}

#[tokio::test]
async fn certificate_files_that_cannot_be_used_are_named() {
    let authority = PrivateAuthority::new("Acme Root");
    let empty = authority.write("empty.pem", "nothing");
    let no_key = authority.ca_file();
    for (ca, client, name) in [
        (Some(empty.clone()), None, "empty.pem"),
        (Some(PathBuf::from("/nowhere/ca.pem")), None, "/nowhere/ca.pem"),
        (None, Some(empty), "empty.pem"),
        (None, Some(no_key), "authority.pem"),
    ] {
        let error = tags_over("127.0.0.1:1", ca, client)
            .await
            .expect_err("an unusable file");
        assert_eq!(error.code(), ErrorCode::InvalidInput);
        assert!(told(&error).contains(name), "{error}");
    }
}

#[tokio::test]
async fn the_wrong_scheme_is_said_in_both_directions() {
    let plain = FaultServer::start(|_| Reply::json(200, "{}")).await;
    let error = tags_over(&plain.host(), None, None)
        .await
        .expect_err("it speaks plain http");
    assert!(told(&error).contains("mark the connection as plain http"), "{error}");

    let encrypted = FaultServer::start(|_| Reply::new(400, "Client sent an HTTP request to an HTTPS server.\n")).await;
    let error = manifest_failure(&connect(&encrypted)).await;
    assert!(told(&error).contains("take the mark for plain http off"), "{error}");
}

#[test]
fn a_file_of_certificates_holds_until_its_first_one_ends() {
    let authority = PrivateAuthority::new("Lab Root CA");
    let until = |year: i32| {
        authority
            .issue(|params| params.not_after = date_time_ymd(year, 3, 3))
            .0
            .pem()
    };
    let file = authority.write("two.pem", &format!("{}{}", until(2041), until(2031)));
    let ends = crate::certificates_end(&file).expect("it can be read").expect("a time");
    assert_eq!(ends.to_rfc3339(), "2031-03-03T00:00:00+00:00");
    let text = authority.write("text.pem", "hello");
    let problem = crate::certificates_end(&text).expect_err("no certificate");
    assert!(problem.to_string().contains("holds no certificate"), "{problem}");
}
