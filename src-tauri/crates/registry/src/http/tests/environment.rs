//! What the environment says of proxies and authorities. Each case runs this test program once more as a child with
//! the environment of the case, since the environment of a running program is shared by all its tests.

use std::process::{Command, Output};

use super::{
    tls_servers::{PrivateAuthority, TlsServer},
    *,
};

/// What the child shall read; without it, it is not a child.
const ADDRESS: &str = "BERTH_TEST_ADDRESS";
const CHILD: &str = "http::tests::environment::the_child_reads_what_it_is_told";

/// Reads `team/model:v1` from the address that the parent set, and prints what came of it.
#[tokio::test]
async fn the_child_reads_what_it_is_told() {
    let Ok(address) = std::env::var(ADDRESS) else { return };
    let network = Network::new(NetworkOptions {
        proxy: ProxyChoice::System,
        tries: 1,
        ..options()
    });
    let registry = connect_over(&Arc::new(network.expect("usable settings")), &address, Login::Anonymous);
    let outcome = match registry.manifest(&model(), &tag("v1"), &quiet()).await {
        Ok(manifest) => format!("read {}", manifest.digest),
        Err(error) => format!("failed: {}", told(&error)),
    };
    std::fs::write(
        std::env::var("BERTH_TEST_OUTCOME").expect("the parent sets both"),
        outcome,
    )
    .expect("a file can be written");
}

async fn outcome_of(address: &str, environment: &[(&str, &str)]) -> String {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("outcome");
    let mut command = Command::new(std::env::current_exe().expect("a test knows its own path"));
    for name in [
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "ALL_PROXY",
        "NO_PROXY",
        "http_proxy",
        "https_proxy",
        "all_proxy",
        "no_proxy",
    ] {
        command.env_remove(name);
    }
    command
        .args(["--exact", CHILD])
        .env(ADDRESS, address)
        .env("BERTH_TEST_OUTCOME", &file)
        .envs(environment.iter().copied());
    let ended = tokio::task::spawn_blocking(move || command.output())
        .await
        .expect("no panic");
    let Output { status, stdout, .. } = ended.expect("the child starts");
    assert!(status.success(), "{}", String::from_utf8_lossy(&stdout));
    std::fs::read_to_string(file).expect("the child is told what to do")
}

/// A proxy that answers plain requests itself, and lets no encrypted connection through.
async fn proxy() -> FaultServer {
    FaultServer::start(|asked| {
        if asked.method == "CONNECT" {
            Reply::new(403, "not through here")
        } else if asked.target.ends_with("/v2/") {
            Reply::json(200, "{}")
        } else {
            manifest_reply()
        }
    })
    .await
}

#[tokio::test]
async fn plain_requests_go_through_the_environments_proxy() {
    let proxy = proxy().await;
    let outcome = outcome_of("http://registry.invalid:5000", &[("http_proxy", &proxy.url())]).await;
    assert_eq!(outcome, format!("read {}", manifest_digest()));
    let targets: Vec<_> = proxy.asked().into_iter().map(|asked| asked.target).collect();
    assert_eq!(
        targets,
        [
            "http://registry.invalid:5000/v2/",
            "http://registry.invalid:5000/v2/team/model/manifests/v1"
        ]
    );
}

#[tokio::test]
async fn encrypted_requests_go_through_a_tunnel_and_a_refusal_names_the_proxy() {
    for name in ["HTTPS_PROXY", "https_proxy"] {
        let proxy = proxy().await;
        let address = proxy.url().replace("http://", "http://user:proxy-secret@");
        let outcome = outcome_of("registry.invalid", &[(name, &address)]).await;
        assert!(
            outcome.contains("the proxy did not let the connection") && outcome.contains(&proxy.host()),
            "{outcome}"
        );
        assert!(!outcome.contains("proxy-secret"), "{outcome}");
        let asked = proxy.asked();
        assert_eq!(
            (asked[0].method.as_str(), asked[0].target.as_str()),
            ("CONNECT", "registry.invalid:443")
        );
        assert!(
            asked[0].header("proxy-authorization").is_some(),
            "the proxy's own login goes to the proxy"
        );
    }
}

#[tokio::test]
async fn hosts_without_a_proxy_are_reached_directly() {
    let proxy = proxy().await;
    let server = open_registry(|_| manifest_reply()).await;
    let environment = [
        ("http_proxy", proxy.url()),
        ("NO_PROXY", "localhost,127.0.0.1".to_owned()),
    ];
    let environment: Vec<_> = environment
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let outcome = outcome_of(&server.url(), &environment).await;
    assert_eq!(outcome, format!("read {}", manifest_digest()));
    assert_eq!(proxy.asked().len(), 0);
}

#[tokio::test]
async fn the_authorities_that_the_environment_names_are_trusted() {
    let authority = PrivateAuthority::new("Acme Root");
    let server = TlsServer::start(&authority, &["http/1.1"], |_| ());
    let ca_file = authority.ca_file();
    let named = ca_file.to_str().expect("a temporary folder has a plain name");
    let outcome = outcome_of(&server.host, &[("SSL_CERT_FILE", named)]).await;
    assert_eq!(outcome, format!("read {}", Digest::of(b"{}")));
    let outcome = outcome_of(&server.host, &[]).await;
    assert!(outcome.contains("is not trusted"), "{outcome}");
}
