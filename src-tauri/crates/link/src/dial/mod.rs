//! Opens a connection's socket: credential, turn, network, TLS, WebSocket upgrade.

pub(crate) mod tcp;
pub(crate) mod tls;
pub(crate) mod upgrade;
mod wakes;

use std::fmt;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use protocol::{Connection, Ended, Session};
use secrecy::SecretString;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use url::Url;

use crate::Environment;

pub use tls::Network;

/// How long network, TLS and upgrade may take together.
const DIAL: Duration = Duration::from_secs(15);

/// An open byte stream to a service.
pub trait Stream: AsyncRead + AsyncWrite + Send + Unpin {
    /// Has the processor be woken only once so many bytes wait to be read, or the stream ends: 1 for all that comes. Where the
    /// system cannot do that, it is woken for all.
    fn wake_at(&self, bytes: u32) {
        let _ = bytes;
    }
}

/// An open byte stream of any kind. One indirect call per read of tens of kilobytes costs nothing that shows.
pub type Io = Box<dyn Stream>;

pub(crate) type Socket = WebSocketStream<Io>;

/// Opens byte streams; tests give one that works in memory.
pub trait Connector: Send + Sync + 'static {
    /// Opens a byte stream to the host of `url`, encrypted for `wss`. It may be dropped unfinished.
    fn connect<'a>(&'a self, target: Target<'a>) -> BoxFuture<'a, Result<Io, Ended>>;
}

/// A part of opening a socket that is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reached {
    /// The credential was had from where it is kept.
    Credential,
    /// The host's name has so many addresses; an address has one.
    Resolved(usize),
    /// The host took the connection at this address.
    Connected(SocketAddr),
    /// The stream is encrypted by this version of TLS, as `TLS 1.3`.
    Encrypted(String),
    /// The service speaks WebSocket there.
    Upgraded,
}

/// Tells how far the opening of a socket is, to one who tests a connection; nobody else listens.
#[derive(Clone, Default)]
pub struct Milestones(Option<Arc<dyn Fn(Reached) + Send + Sync>>);

impl Milestones {
    /// Tells them to a function.
    pub fn to(told: impl Fn(Reached) + Send + Sync + 'static) -> Self {
        Milestones(Some(Arc::new(told)))
    }

    /// Tells one.
    pub fn tell(&self, reached: Reached) {
        if let Some(told) = &self.0 {
            told(reached);
        }
    }
}

/// Where to connect.
#[derive(Clone, Copy)]
pub struct Target<'a> {
    /// The service's address, without its credential.
    pub url: &'a Url,
    /// A PEM file of authorities to trust besides the system's.
    pub ca_file: Option<&'a Path>,
    /// Who is told how far it is.
    pub milestones: &'a Milestones,
}

impl fmt::Debug for Target<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Target").field("url", &self.url.as_str()).field("ca_file", &self.ca_file).finish()
    }
}

/// Opens the socket of an attempt, and gives the credential that it was opened with. The credential is asked for before the turn is, so that a keychain which hangs keeps
/// no other connection from dialling.
pub(crate) async fn open(
    session: &mut dyn Session,
    connection: &Connection,
    environment: &Environment,
) -> Result<(Socket, SecretString), Ended> {
    let source = connection.credential_source();
    let credential =
        environment.credentials.fetch(&source).await.map_err(|error| Ended::needs_credential(error.to_string()))?;
    environment.milestones.tell(Reached::Credential);
    let request = session.connect(&credential)?;
    let _turn = environment.dial.turn().await;
    tracing::debug!(connection = connection.name, url = request.url.as_str(), "dials");
    let target =
        Target { url: &request.url, ca_file: connection.ca_file.as_deref(), milestones: &environment.milestones };
    let dial = async {
        let stream = environment.connector.connect(target).await?;
        upgrade::upgrade(stream, &request, session, &*environment.clock).await
    };
    let socket = timeout(DIAL, dial).await.unwrap_or_else(|_| {
        Err(Ended::retry(format!(
            "{} did not answer within {} s",
            request.url.host_str().unwrap_or("the service"),
            DIAL.as_secs()
        )))
    })?;
    environment.milestones.tell(Reached::Upgraded);
    Ok((socket, credential))
}
