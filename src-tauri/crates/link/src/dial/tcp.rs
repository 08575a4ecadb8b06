//! The network: names, addresses, TCP.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use protocol::Ended;
use tokio::net::{TcpStream, lookup_host};
use tokio::time::{sleep, timeout};
use url::{Host, Url};

use crate::dial::{Milestones, Reached};

/// How long one address has before the next is tried beside it (RFC 8305, section 5).
const HEAD_START: Duration = Duration::from_millis(250);
/// How long the name may take; what is left of the dial's time is the addresses'.
const LOOKUP: Duration = Duration::from_secs(8);

/// Connects to the host of `url`: its addresses are tried in the resolver's order, each next one beside the others once
/// the last has failed or had its head start.
pub(super) async fn connect(url: &Url, milestones: &Milestones) -> Result<TcpStream, Ended> {
    let host = url.host_str().unwrap_or_default();
    let port = url.port_or_known_default().unwrap_or(443);
    let addresses = resolve(url, port).await?;
    milestones.tell(Reached::Resolved(addresses.len()));
    let mut waiting = addresses.iter();
    let mut dials = FuturesUnordered::new();
    let mut failed = None;
    loop {
        if let Some(address) = waiting.next() {
            dials.push(TcpStream::connect(*address));
        } else if dials.is_empty() {
            return Err(refused(failed, host, port));
        }
        let more = waiting.len() > 0;
        tokio::select! {
            Some(dialled) = dials.next() => match dialled {
                Ok(stream) => {
                    // Small messages are answers that somebody waits for.
                    let _ = stream.set_nodelay(true);
                    if let Ok(address) = stream.peer_addr() {
                        milestones.tell(Reached::Connected(address));
                    }
                    return Ok(stream);
                }
                Err(error) => failed = Some(error),
            },
            () = sleep(HEAD_START), if more => {}
        }
    }
}

async fn resolve(url: &Url, port: u16) -> Result<Vec<SocketAddr>, Ended> {
    let name = match url.host() {
        Some(Host::Ipv4(address)) => return Ok(vec![(address, port).into()]),
        Some(Host::Ipv6(address)) => return Ok(vec![(address, port).into()]),
        Some(Host::Domain(name)) => name,
        None => return Err(Ended::refused("its url names no host; correct it in the configuration")),
    };
    match timeout(LOOKUP, lookup_host((name, port))).await {
        Ok(Ok(addresses)) => {
            let addresses: Vec<_> = addresses.take(8).collect();
            if addresses.is_empty() { Err(unknown(name)) } else { Ok(addresses) }
        }
        Ok(Err(_)) => Err(unknown(name)),
        Err(_) => {
            Err(Ended::retry(format!("no name server answered for {name}; check this computer's network connection")))
        }
    }
}

fn unknown(name: &str) -> Ended {
    Ended::retry(format!("the name {name} was not found; check the url and this computer's network connection"))
}

fn refused(error: Option<io::Error>, host: &str, port: u16) -> Ended {
    error.map_or_else(|| unknown(host), |error| Ended::retry(unreachable(error.kind(), host, port)))
}

/// Says why a host could not be connected to.
pub(crate) fn unreachable(kind: io::ErrorKind, host: &str, port: u16) -> String {
    match kind {
        io::ErrorKind::ConnectionRefused => {
            format!("nothing answers at {host} port {port} (connection refused); is the service running there?")
        }
        io::ErrorKind::TimedOut => format!("{host} port {port} does not answer"),
        io::ErrorKind::NetworkUnreachable | io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkDown => {
            format!("{host} cannot be reached; check this computer's network connection")
        }
        kind => format!("{host} port {port} could not be connected to: {kind}"),
    }
}
