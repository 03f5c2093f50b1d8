//! TLS by rustls with ring: the system's roots, extra authorities, client certificates.
//!
//! Never trusts less carefully than the system does; its only addition is to say who issued a certificate that is not
//! trusted.

use std::{fmt, fs, path::Path, sync::Arc};

use artifact::Digest;
use chrono::{DateTime, Utc};
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, OtherError, RootCertStore, SignatureScheme,
    client::{
        WebPkiServerVerifier,
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    },
    crypto::{CryptoProvider, ring},
    pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime, pem::PemObject},
};
use rustls_platform_verifier::Verifier;

use crate::{RegistryError, text::visible};

/// The files that a client's TLS depends on, read.
pub(crate) struct TlsFiles {
    authorities: Vec<CertificateDer<'static>>,
    client: Option<ClientIdentity>,
}

struct ClientIdentity {
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
}

/// Why a certificate was refused, and by whom it was issued: carried through the client's error.
#[derive(Debug)]
pub(crate) struct Untrusted {
    pub(crate) issuer: Option<String>,
}

impl fmt::Display for Untrusted {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.issuer {
            Some(issuer) => write!(
                formatter,
                "it was issued by {issuer}, which this computer does not know"
            ),
            None => formatter.write_str("this computer does not know who issued it"),
        }
    }
}

impl std::error::Error for Untrusted {}

impl TlsFiles {
    /// Reads PEM files with authorities, and one with a client certificate and its key.
    ///
    /// # Errors
    /// [`RegistryError::Configuration`] that names the file.
    pub(crate) fn read<'a>(
        authorities: impl Iterator<Item = &'a Path>,
        client: Option<&Path>,
    ) -> Result<Self, RegistryError> {
        let mut certificates = Vec::new();
        for path in authorities {
            certificates.extend(read_certificates(path)?);
        }
        Ok(Self {
            authorities: certificates,
            client: client.map(ClientIdentity::read).transpose()?,
        })
    }

    /// Tells sets of files apart by their content, so that an exchanged file makes a new client.
    pub(crate) fn fingerprint(&self) -> Digest {
        let mut content = Vec::new();
        for certificate in &self.authorities {
            content.extend_from_slice(Digest::of(certificate).hex().as_bytes());
        }
        if let Some(client) = &self.client {
            content.push(b'|');
            for certificate in &client.chain {
                content.extend_from_slice(Digest::of(certificate).hex().as_bytes());
            }
            content.extend_from_slice(Digest::of(client.key.secret_der()).hex().as_bytes());
        }
        Digest::of(&content)
    }

    /// The client's TLS configuration, offering HTTP/2 and HTTP/1.1.
    ///
    /// # Errors
    /// [`RegistryError::Configuration`] if a certificate or key cannot be used.
    pub(crate) fn configuration(self) -> Result<ClientConfig, RegistryError> {
        let provider = Arc::new(ring::default_provider());
        let verifier = NamingVerifier::new(self.authorities, &provider)?;
        let builder = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|problem| unusable(&problem))?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier));
        let mut configuration = match self.client {
            Some(client) => builder
                .with_client_auth_cert(client.chain, client.key)
                .map_err(|problem| unusable(&problem))?,
            None => builder.with_no_client_auth(),
        };
        configuration.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(configuration)
    }
}

impl ClientIdentity {
    fn read(path: &Path) -> Result<Self, RegistryError> {
        let chain = read_certificates(path)?;
        let content = zeroize::Zeroizing::new(read_file(path)?);
        let key = PrivateKeyDer::from_pem_slice(&content).map_err(|_| RegistryError::Configuration {
            message: format!("{} holds no private key", path.display()),
            hint: Some("the file needs the client certificate and its unencrypted key, both as PEM"),
        })?;
        Ok(Self { chain, key })
    }
}

fn read_file(path: &Path) -> Result<Vec<u8>, RegistryError> {
    fs::read(path).map_err(|problem| RegistryError::Configuration {
        message: format!("the certificate file {} cannot be read: {problem}", path.display()),
        hint: Some("choose the file again, or take it out of the connection or the network settings"),
    })
}

/// Every certificate of a PEM file, or the one of a DER file.
fn read_certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, RegistryError> {
    let content = read_file(path)?;
    let found: Vec<_> = CertificateDer::pem_slice_iter(&content)
        .filter_map(Result::ok)
        .collect();
    if !found.is_empty() {
        return Ok(found);
    }
    if x509_parser::parse_x509_certificate(&content).is_ok() {
        return Ok(vec![CertificateDer::from(content)]);
    }
    Err(RegistryError::Configuration {
        message: format!("{} holds no certificate", path.display()),
        hint: Some("a CA file is a text file with lines of BEGIN CERTIFICATE (PEM)"),
    })
}

/// When the first of the certificates in a file ends.
///
/// # Errors
/// [`RegistryError::Configuration`] if the file cannot be read or holds no certificate.
pub fn certificates_end(path: &Path) -> Result<Option<DateTime<Utc>>, RegistryError> {
    let certificates = read_certificates(path)?;
    let ends = certificates.iter().filter_map(|certificate| {
        let (_, parsed) = x509_parser::parse_x509_certificate(certificate).ok()?;
        DateTime::from_timestamp(parsed.validity().not_after.timestamp(), 0)
    });
    Ok(ends.min())
}

fn unusable(problem: &rustls::Error) -> RegistryError {
    RegistryError::Configuration {
        message: format!("the certificates cannot be used: {problem}"),
        hint: None,
    }
}

/// The platform's verifier, which also tells who issued a certificate that it does not trust.
#[derive(Debug)]
struct NamingVerifier {
    inner: Arc<dyn ServerCertVerifier>,
}

impl NamingVerifier {
    fn new(authorities: Vec<CertificateDer<'static>>, provider: &Arc<CryptoProvider>) -> Result<Self, RegistryError> {
        let named_by_environment = authorities_of_environment();
        let platform = Verifier::new_with_extra_roots(
            authorities.iter().cloned().chain(named_by_environment),
            Arc::clone(provider),
        );
        let inner: Arc<dyn ServerCertVerifier> = match platform {
            Ok(verifier) => Arc::new(verifier),
            // A computer without any roots can still reach registries over plain http, and nothing else.
            Err(problem) if authorities.is_empty() => {
                tracing::warn!(%problem, "the system's certificate authorities cannot be read");
                Arc::new(TrustsNobody(provider.signature_verification_algorithms))
            }
            Err(_) => own_roots_only(authorities, provider)?,
        };
        Ok(Self { inner })
    }
}

/// The given authorities alone, where the system has none.
fn own_roots_only(
    authorities: Vec<CertificateDer<'static>>,
    provider: &Arc<CryptoProvider>,
) -> Result<Arc<dyn ServerCertVerifier>, RegistryError> {
    let mut roots = RootCertStore::empty();
    for authority in authorities {
        roots.add(authority).map_err(|problem| unusable(&problem))?;
    }
    let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(provider))
        .build()
        .map_err(|problem| RegistryError::Configuration {
            message: problem.to_string(),
            hint: None,
        })?;
    Ok(verifier)
}

/// `SSL_CERT_FILE` on systems whose own trust store does not look at it; on Linux the platform's verifier reads it.
fn authorities_of_environment() -> Vec<CertificateDer<'static>> {
    if cfg!(not(any(windows, target_vendor = "apple"))) {
        return Vec::new();
    }
    std::env::var_os("SSL_CERT_FILE")
        .and_then(|path| read_certificates(Path::new(&path)).ok())
        .unwrap_or_default()
}

impl ServerCertVerifier for NamingVerifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        self.inner
            .verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
            .map_err(|problem| match problem {
                rustls::Error::InvalidCertificate(CertificateError::UnknownIssuer) => {
                    let last = intermediates.last().unwrap_or(end_entity);
                    let untrusted = Untrusted {
                        issuer: issuer_of(last),
                    };
                    rustls::Error::InvalidCertificate(CertificateError::Other(OtherError(Arc::new(untrusted))))
                }
                other => other,
            })
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.inner.verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.inner.verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.inner.supported_verify_schemes()
    }
}

/// The issuer's common name, or its whole name where it has none.
fn issuer_of(certificate: &CertificateDer<'_>) -> Option<String> {
    let (_, parsed) = x509_parser::parse_x509_certificate(certificate).ok()?;
    let issuer = parsed.issuer();
    let common = issuer
        .iter_common_name()
        .next()
        .and_then(|name| name.as_str().ok())
        .map(str::to_owned);
    let name = common.unwrap_or_else(|| issuer.to_string());
    let shown = visible(&name, 100);
    (!shown.is_empty()).then_some(shown)
}

/// Refuses every certificate: used where there are no roots at all.
#[derive(Debug)]
struct TrustsNobody(rustls::crypto::WebPkiSupportedAlgorithms);

impl ServerCertVerifier for TrustsNobody {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Err(rustls::Error::InvalidCertificate(CertificateError::UnknownIssuer))
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        rustls::crypto::verify_tls12_signature(message, certificate, signature, &self.0)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        rustls::crypto::verify_tls13_signature(message, certificate, signature, &self.0)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.supported_schemes()
    }
}
