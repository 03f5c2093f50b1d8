//! A registry with a certificate of a private authority. Go's servers agree to HTTP/2, which Berth offers.

use registry::ErrorCode;

use super::*;
use crate::support::{certificates::Authority, registry_server::Setup};

fn encrypted(authority: &Authority) -> RegistryServer {
    let identity = authority.issue("registry");
    let tls = Some((identity.certificate, identity.key));
    RegistryServer::distribution2(&Setup {
        tls,
        ..Setup::default()
    })
}

fn trusting(server: &RegistryServer, ca_file: Option<PathBuf>) -> HttpRegistry {
    Connection {
        host: &server.host,
        login: Login::Anonymous,
        ca_file,
    }
    .open_with(false)
}

#[tokio::test]
async fn a_private_authority_is_named_until_its_file_is_given() {
    let authority = Authority::new("Acme Root");
    let server = encrypted(&authority);
    let error = trusting(&server, None)
        .repositories(&quiet())
        .await
        .expect_err("nobody knows this authority");
    assert_eq!(error.code(), ErrorCode::UntrustedCertificate, "{error}");
    assert!(error.hint().is_some_and(|hint| hint.contains("Acme Root")), "{error}");
    let steps = check(&trusting(&server, None)).await;
    assert_eq!(failed(&steps), [CheckName::Tls], "{steps:?}");

    let trusted = trusting(&server, Some(authority.file()));
    assert!(
        trusted
            .repositories(&quiet())
            .await
            .expect("trusted now")
            .items
            .is_empty()
    );
    let steps = check(&trusted).await;
    assert!(passed(&steps).contains(&CheckName::Tls), "{steps:?}");
}

#[tokio::test]
async fn the_wrong_scheme_is_said_in_both_directions() {
    let authority = Authority::new("Acme Root");
    let server = encrypted(&authority);
    let error = plain(&server.host)
        .repositories(&quiet())
        .await
        .expect_err("it speaks https");
    assert!(
        error.hint().is_some_and(|hint| hint.contains("plain http off")),
        "{error}: {:?}",
        error.hint()
    );

    let open = RegistryServer::distribution2(&Setup::default());
    let error = trusting(&open, None)
        .repositories(&quiet())
        .await
        .expect_err("it speaks plain http");
    assert!(
        error
            .hint()
            .is_some_and(|hint| hint.contains("mark the connection as plain http")),
        "{error}"
    );
}
