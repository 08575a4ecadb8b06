//! The listening socket of a service: open, gone, and open again on the same port.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::{Hub, Simulated, connection};

/// No service takes more connections than this; the next one is closed unanswered.
const CONNECTIONS: usize = 20_000;

/// Accepts connections for ever. While the service is stopped there is no listener and no connection.
pub(crate) async fn listen<S: Simulated>(hub: Arc<Hub<S>>, listener: TcpListener, address: SocketAddr) {
    let mut wanted = hub.shared.listening.subscribe();
    let mut listener = Some(listener);
    let mut connections = JoinSet::new();
    loop {
        let Some(open) = &listener else {
            if !until(&mut wanted, true).await {
                return;
            }
            match TcpListener::bind(address).await {
                Ok(bound) => {
                    listener = Some(bound);
                    hub.shared.bound.send_replace(true);
                }
                Err(error) => {
                    tracing::warn!(%address, %error, "the port of a stopped demo service is taken; trying again");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            }
            continue;
        };
        tokio::select! {
            stopped = until(&mut wanted, false) => {
                if !stopped {
                    return;
                }
                listener = None;
                connections.shutdown().await;
                hub.shared.bound.send_replace(false);
            }
            Some(_) = connections.join_next(), if !connections.is_empty() => {}
            accepted = open.accept() => match accepted {
                Ok((stream, _)) => {
                    if connections.len() < CONNECTIONS {
                        connections.spawn(connection::serve(hub.clone(), stream));
                    }
                }
                Err(error) => {
                    tracing::warn!(%address, %error, "a demo service could not accept a connection");
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
            }
        }
    }
}

/// Waits for the wish; false when nobody can wish any more.
async fn until(wanted: &mut watch::Receiver<bool>, wish: bool) -> bool {
    wanted.wait_for(|wanted| *wanted == wish).await.is_ok()
}
