//! Real sockets and TLS, by an authority made on the spot.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use link::dial::Network;
use link::{Environment, LinkStatus};
use protocol::Connection;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use crate::support::{accept, connection, environment, spawn};

pub struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    folder: TempDir,
}

/// What is to be wrong with a certificate.
#[derive(Clone, Copy, PartialEq)]
pub enum Certificate {
    Good,
    Expired,
    NotYet,
    OtherName,
}

impl Authority {
    pub fn new(name: &str) -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        Authority { issuer, folder: TempDir::new().unwrap() }
    }

    pub fn ca_file(&self) -> PathBuf {
        let path = self.folder.path().join("ca.pem");
        std::fs::write(&path, self.issuer.pem()).unwrap();
        path
    }

    pub fn acceptor(&self, certificate: Certificate) -> TlsAcceptor {
        let name = if certificate == Certificate::OtherName { "elsewhere.test" } else { "localhost" };
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        match certificate {
            Certificate::Expired => {
                params.not_before = date_time_ymd(2020, 1, 1);
                params.not_after = date_time_ymd(2021, 1, 1);
            }
            Certificate::NotYet => params.not_before = date_time_ymd(3000, 1, 1),
            Certificate::Good | Certificate::OtherName => {}
        }
        let key = KeyPair::generate().unwrap();
        let signed = params.signed_by(&key, &self.issuer).unwrap();
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let config = rustls::ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![signed.der().clone()], key)
            .unwrap();
        TlsAcceptor::from(Arc::new(config))
    }
}

fn network() -> Environment {
    environment(Arc::new(Network::default()))
}

/// A service that shows this certificate, and a connection to it.
async fn service(authority: &Authority, certificate: Certificate) -> Connection {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let acceptor = authority.acceptor(certificate);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                if let Ok(stream) = acceptor.accept(stream).await {
                    accept(stream).await.welcome().await.serve().await;
                }
            });
        }
    });
    let mut connection = connection(&format!("wss://localhost:{port}/stream"));
    connection.ca_file = Some(authority.ca_file());
    connection
}

/// The first thing that goes wrong with a connection, and how long it waits then.
async fn wrong(connection: Connection) -> (String, Duration) {
    let (link, mut heard) = spawn(connection, &network());
    let LinkStatus::BackingOff { cause, retry_in, .. } = heard.until("backing_off").await else { unreachable!() };
    link.shutdown().await;
    (cause, retry_in)
}

const MINUTE: Duration = Duration::from_secs(60);

#[tokio::test]
async fn a_certificate_of_the_ca_file_is_trusted() {
    let authority = Authority::new("authority");
    let (link, mut heard) = spawn(service(&authority, Certificate::Good).await, &network());
    heard.until("live").await;
    link.shutdown().await;
    heard.until("stopped").await;
}

#[tokio::test]
async fn what_is_wrong_with_a_certificate_is_said_and_it_is_tried_again_slowly() {
    let authority = Authority::new("authority");
    for (certificate, sentence) in [
        (
            Certificate::Expired,
            "the certificate of localhost has expired; it must be renewed there (or this computer's clock is wrong)",
        ),
        (Certificate::NotYet, "the certificate of localhost is not valid yet; check this computer's clock"),
        (
            Certificate::OtherName,
            "the certificate that localhost shows is for another name; check the url, or have a certificate made for this name",
        ),
    ] {
        assert_eq!(wrong(service(&authority, certificate).await).await, (sentence.to_owned(), MINUTE));
    }
}

#[tokio::test]
async fn an_unknown_authority_is_not_trusted() {
    let (known, unknown) = (Authority::new("known"), Authority::new("unknown"));
    let sentence = "the certificate of localhost is signed by an authority that is not trusted here; if it is your own, set ca_file to its PEM file";
    let mut connection = service(&unknown, Certificate::Good).await;
    connection.ca_file = Some(known.ca_file());
    assert_eq!(wrong(connection.clone()).await, (sentence.to_owned(), MINUTE));
    // By the system's trust alone; a computer without any says so instead.
    connection.ca_file = None;
    let (cause, wait) = wrong(connection).await;
    assert!(cause == sentence || cause.starts_with("this computer has no list of trusted authorities"), "{cause}");
    assert_eq!(wait, MINUTE);
}

#[tokio::test]
async fn an_authority_made_anew_under_its_old_name_is_told_from_an_unknown_one() {
    let (old, renewed) = (Authority::new("authority"), Authority::new("authority"));
    let mut connection = service(&renewed, Certificate::Good).await;
    connection.ca_file = Some(old.ca_file());
    let (cause, _) = wrong(connection).await;
    assert_eq!(
        cause,
        "the certificate of localhost names an authority that is trusted here, but is not signed by its key; if that authority was made anew, set ca_file to its present PEM file"
    );
}

#[tokio::test]
async fn a_broken_ca_file_refuses_until_the_operator_mends_it() {
    let authority = Authority::new("authority");
    let mut connection = service(&authority, Certificate::Good).await;
    let path = authority.ca_file();
    let pem = std::fs::read(&path).unwrap();
    std::fs::remove_file(&path).unwrap();
    connection.ca_file = Some(path.clone());
    let (link, mut heard) = spawn(connection, &network());
    let shown = path.display();
    let LinkStatus::Refused { cause } = heard.until("refused").await else { unreachable!() };
    assert_eq!(cause, format!("its ca_file {shown} cannot be read (entity not found); correct the path and retry"));
    for broken in [&b"no certificate"[..], &pem[..pem.len() / 2], b""] {
        std::fs::write(&path, broken).unwrap();
        link.retry_now();
        let LinkStatus::Refused { cause } = heard.until("refused").await else { unreachable!() };
        assert!(cause.starts_with(&format!("its ca_file {shown} holds no certificate in PEM form")), "{cause}");
    }
    let garbage = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    std::fs::write(&path, garbage).unwrap();
    link.retry_now();
    let LinkStatus::Refused { cause } = heard.until("refused").await else { unreachable!() };
    assert!(cause.starts_with("its ca_file holds a certificate that cannot be an authority"), "{cause}");
    std::fs::write(&path, pem).unwrap();
    link.retry_now();
    heard.until("live").await;
}

#[tokio::test]
async fn a_service_without_tls_is_named_so() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.read(&mut [0; 1024]).await;
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        }
    });
    let authority = Authority::new("authority");
    let mut connection = connection(&format!("wss://localhost:{port}/stream"));
    connection.ca_file = Some(authority.ca_file());
    let (cause, _) = wrong(connection).await;
    assert_eq!(cause, "localhost does not speak TLS on this port; check the port, or whether the url should be ws://");
}
