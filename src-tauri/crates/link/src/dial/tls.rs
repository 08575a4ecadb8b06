//! TLS: whom to trust, and what its failures mean.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use protocol::Ended;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{CertificateError, ClientConfig};
use rustls_platform_verifier::Verifier;
use tokio::sync::Mutex;
use tokio::time::Instant;
use tokio_rustls::TlsConnector;
use url::Host;

use crate::dial::{Connector, Io, Reached, Target, tcp};

/// How long the system's authorities are believed before they are read again.
const TRUST_KEPT: Duration = Duration::from_secs(600);
/// The least wait after a certificate was not accepted. Certificates are renewed and clocks set without a word to us, so
/// it is tried again by itself, slowly.
const CERTIFICATE_RETRY: Duration = Duration::from_secs(60);
/// The largest `ca_file`.
const CA_FILE_MOST: u64 = 4 << 20;

/// The network of this computer: TCP, and TLS by the system's trust and the connection's `ca_file`.
#[derive(Debug, Default)]
pub struct Network {
    /// The settings for the system's trust alone, which nearly all connections share.
    system: Mutex<Option<(Instant, Arc<ClientConfig>)>>,
}

impl Connector for Network {
    fn connect<'a>(&'a self, target: Target<'a>) -> BoxFuture<'a, Result<Io, Ended>> {
        async move {
            // Whom to trust is settled first: a broken ca_file is said whether or not the service can be reached.
            let encrypted = target.url.scheme() == "wss";
            let trust = if encrypted { Some(self.trust(target.ca_file).await?) } else { None };
            let stream = tcp::connect(target.url, target.milestones).await?;
            match trust {
                Some(trust) => encrypt(stream, trust, target).await,
                None => Ok(Box::new(stream) as Io),
            }
        }
        .boxed()
    }
}

impl Network {
    /// Whom to trust: the system's authorities, and those of a `ca_file`.
    pub(crate) async fn trust(&self, ca_file: Option<&Path>) -> Result<Arc<ClientConfig>, Ended> {
        if let Some(path) = ca_file {
            let path = path.to_owned();
            return off_thread(move || client_config(authorities(&path)?)).await;
        }
        let mut system = self.system.lock().await;
        if let Some((read, config)) = &*system
            && read.elapsed() < TRUST_KEPT
        {
            return Ok(config.clone());
        }
        let config = off_thread(|| client_config(Vec::new())).await?;
        *system = Some((Instant::now(), config.clone()));
        Ok(config)
    }
}

/// TLS settings that trust nobody, for requests that are not encrypted.
pub(crate) fn trust_nobody() -> Result<ClientConfig, Ended> {
    let provider: Arc<CryptoProvider> = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|_| Ended::refused("TLS cannot be set up on this computer"))?
        .with_root_certificates(rustls::RootCertStore::empty())
        .with_no_client_auth();
    Ok(config)
}

async fn off_thread<T: Send + 'static>(read: impl FnOnce() -> Result<T, Ended> + Send + 'static) -> Result<T, Ended> {
    tokio::task::spawn_blocking(read)
        .await
        .unwrap_or_else(|_| Err(Ended::retry("the trusted authorities could not be read; the log has the reason")))
}

/// TLS settings that trust the system's authorities and `extra`. The provider is named here and nowhere left to a
/// process-wide default, which panics when two crates bring one each.
fn client_config(extra: Vec<CertificateDer<'static>>) -> Result<Arc<ClientConfig>, Ended> {
    let named = !extra.is_empty();
    let provider: Arc<CryptoProvider> = Arc::new(rustls::crypto::ring::default_provider());
    let verifier = Verifier::new_with_extra_roots(extra, provider.clone()).map_err(|_| {
        if named {
            Ended::refused("its ca_file holds a certificate that cannot be an authority; export the authority's own one")
        } else {
            Ended::retry_after(
                CERTIFICATE_RETRY,
                "this computer has no list of trusted authorities; install one (package ca-certificates) or set ca_file",
            )
        }
    })?;
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|_| Ended::refused("TLS cannot be set up on this computer"))?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    Ok(Arc::new(config))
}

/// Reads the certificates of a `ca_file`.
fn authorities(path: &PathBuf) -> Result<Vec<CertificateDer<'static>>, Ended> {
    let shown = path.display();
    let unreadable = |error: io::Error| {
        Ended::refused(format!("its ca_file {shown} cannot be read ({}); correct the path and retry", error.kind()))
    };
    let size = std::fs::metadata(path).map_err(unreadable)?.len();
    if size > CA_FILE_MOST {
        return Err(Ended::refused(format!("its ca_file {shown} is too large to be a list of certificates")));
    }
    let text = std::fs::read(path).map_err(unreadable)?;
    let certificates: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&text).collect();
    match certificates {
        Ok(certificates) if !certificates.is_empty() => Ok(certificates),
        _ => Err(Ended::refused(format!(
            "its ca_file {shown} holds no certificate in PEM form (-----BEGIN CERTIFICATE-----); export one and retry"
        ))),
    }
}

async fn encrypt(stream: tokio::net::TcpStream, trust: Arc<ClientConfig>, target: Target<'_>) -> Result<Io, Ended> {
    let url = target.url;
    let name = match url.host() {
        Some(Host::Domain(name)) => ServerName::try_from(name.to_owned()).ok(),
        Some(Host::Ipv4(address)) => Some(ServerName::IpAddress(address.into())),
        Some(Host::Ipv6(address)) => Some(ServerName::IpAddress(address.into())),
        None => None,
    };
    let host = url.host_str().unwrap_or("the service");
    let name = name.ok_or_else(|| Ended::refused(format!("{host} is no name that a certificate can be for")))?;
    let stream = TlsConnector::from(trust).connect(name, stream).await.map_err(|error| failed(&error, host))?;
    let version = match stream.get_ref().1.protocol_version() {
        Some(rustls::ProtocolVersion::TLSv1_2) => "TLS 1.2",
        Some(rustls::ProtocolVersion::TLSv1_3) => "TLS 1.3",
        _ => "TLS",
    };
    target.milestones.tell(Reached::Encrypted(version.to_owned()));
    Ok(Box::new(stream))
}

/// Says what a failed TLS handshake means and what to do.
fn failed(error: &io::Error, host: &str) -> Ended {
    let Some(tls) = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) else {
        return Ended::retry(match error.kind() {
            io::ErrorKind::UnexpectedEof => {
                format!("{host} ended the connection during the TLS handshake; does it speak TLS on this port?")
            }
            kind => format!("the TLS handshake with {host} failed: {kind}"),
        });
    };
    match tls {
        rustls::Error::InvalidCertificate(_) => Ended::retry_after(CERTIFICATE_RETRY, words(tls, host)),
        _ => Ended::retry(words(tls, host)),
    }
}

/// Says what a failure of TLS means and what to do.
pub(crate) fn words(error: &rustls::Error, host: &str) -> String {
    match error {
        rustls::Error::InvalidCertificate(certificate) => distrusted(certificate, host),
        rustls::Error::InvalidMessage(_) => {
            format!("{host} does not speak TLS on this port; check the port, or whether the url should be ws://")
        }
        rustls::Error::AlertReceived(alert) => {
            format!("{host} refused the TLS handshake with the alert {alert:?}")
        }
        rustls::Error::PeerIncompatible(_) => {
            format!("{host} offers no version of TLS that is safe to speak; it needs TLS 1.2 or 1.3")
        }
        _ => format!("the TLS handshake with {host} failed"),
    }
}

/// Says what is wrong with a certificate and what to do.
fn distrusted(error: &CertificateError, host: &str) -> String {
    use CertificateError as E;
    match error {
        E::UnknownIssuer => format!(
            "the certificate of {host} is signed by an authority that is not trusted here; if it is your own, set ca_file to its PEM file"
        ),
        E::Expired | E::ExpiredContext { .. } => {
            format!(
                "the certificate of {host} has expired; it must be renewed there (or this computer's clock is wrong)"
            )
        }
        E::NotValidYet | E::NotValidYetContext { .. } => {
            format!("the certificate of {host} is not valid yet; check this computer's clock")
        }
        E::NotValidForName | E::NotValidForNameContext { .. } => format!(
            "the certificate that {host} shows is for another name; check the url, or have a certificate made for this name"
        ),
        E::Revoked => format!("the certificate of {host} has been revoked; do not use it until it is replaced"),
        E::InvalidPurpose | E::InvalidPurposeContext { .. } => {
            format!("the certificate of {host} is not made for servers; have a server certificate made")
        }
        E::BadSignature => format!(
            "the certificate of {host} names an authority that is trusted here, but is not signed by its key; if that authority was made anew, set ca_file to its present PEM file"
        ),
        // The texts of the others name algorithms and encodings, nothing of the request.
        other => format!("the certificate of {host} is not acceptable: {other}"),
    }
}
