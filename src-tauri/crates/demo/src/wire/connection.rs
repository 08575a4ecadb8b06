//! One client's connection, from the accepted socket to its end.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use futures_util::{FutureExt, SinkExt, StreamExt};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::{sleep, sleep_until, timeout};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::server::{Request, create_response, write_response};
use tokio_tungstenite::tungstenite::http::StatusCode;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{self, Message};

use super::head::{self, NoHead};
use super::hub::{Fate, Hub, Peer};
use super::{Outgoing, Simulated, http};
use crate::load::Firehose;

/// What a client may send in one message: the ids of a million devices fit.
const LARGEST_MESSAGE: usize = 16 << 20;
const HANDSHAKE: Duration = Duration::from_secs(10);
/// How long a client may take to answer a close frame.
const CLOSING: Duration = Duration::from_secs(1);

/// Serves one connection: a WebSocket, or plain HTTP when its first request asks for no upgrade.
pub(crate) async fn serve<S: Simulated>(hub: Arc<Hub<S>>, mut stream: TcpStream) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "no TCP_NODELAY on a demo connection");
    }
    let mut rest = Vec::new();
    let head = timeout(HANDSHAKE, head::read(&mut stream, &mut rest)).await.unwrap_or(Err(NoHead::Gone));
    let request = match head {
        Ok(request) if !head::is_upgrade(&request) => return http::serve(&hub, stream, rest, request).await,
        Ok(request) => Some(request),
        Err(NoHead::Refused(status)) => {
            http::refuse(&mut stream, status, "The request cannot be read.").await;
            None
        }
        Err(NoHead::Gone) => None,
    };
    hub.shared.dials.fetch_add(1, Ordering::Relaxed);
    let Some(request) = request else { return };
    let Some((socket, session)) = upgrade(&hub, stream, request, rest).await else { return };
    let (peer, fate) = hub.join(session);
    let leaves = Leaves { hub: &hub, peer: &peer };
    hub.with(&peer, |simulated, session, now, out| simulated.opened(session, now, out));
    Connection { hub: &hub, peer: &peer, socket, fate, batch: VecDeque::new(), firehose: None }.run().await;
    drop(leaves);
}

/// Takes the peer out of the hub however the task ends.
struct Leaves<'a, S: Simulated> {
    hub: &'a Hub<S>,
    peer: &'a Arc<Peer<S::Session>>,
}

impl<S: Simulated> Drop for Leaves<'_, S> {
    fn drop(&mut self) {
        self.hub.leave(self.peer);
    }
}

/// Answers an upgrade. `rest` is what the client sent after it without waiting.
async fn upgrade<S: Simulated>(
    hub: &Hub<S>,
    mut stream: TcpStream,
    request: Request,
    rest: Vec<u8>,
) -> Option<(WebSocketStream<TcpStream>, S::Session)> {
    let delay = *hub.shared.slow_start.lock();
    if !delay.is_zero() {
        sleep(delay).await;
    }
    let response = match create_response(&request) {
        Ok(response) => response,
        Err(error) => {
            tracing::debug!(%error, "an upgrade failed at a demo service");
            http::refuse(&mut stream, StatusCode::BAD_REQUEST, "This is no WebSocket upgrade.").await;
            return None;
        }
    };
    let admitted = hub.simulated.lock().admit(&http::call(&request), hub.shared.clock.now());
    let session = match admitted {
        Ok(session) => session,
        Err(refusal) => {
            http::refuse(&mut stream, refusal.status, refusal.reason).await;
            return None;
        }
    };
    let mut answer = Vec::new();
    let written = async {
        write_response(&mut answer, &response)?;
        stream.write_all(&answer).await?;
        Ok::<_, tungstenite::Error>(())
    };
    if let Err(error) = written.await {
        tracing::debug!(%error, "a client went before its upgrade was answered");
        return None;
    }
    let config = WebSocketConfig::default()
        .read_buffer_size(8 << 10)
        .max_message_size(Some(LARGEST_MESSAGE))
        .max_frame_size(Some(LARGEST_MESSAGE));
    Some((WebSocketStream::from_partially_read(stream, rest, Role::Server, Some(config)).await, session))
}

struct Connection<'a, S: Simulated> {
    hub: &'a Hub<S>,
    peer: &'a Arc<Peer<S::Session>>,
    socket: WebSocketStream<TcpStream>,
    fate: watch::Receiver<Fate>,
    batch: VecDeque<Outgoing>,
    firehose: Option<Firehose>,
}

/// Why a connection's loop ends.
enum End {
    Gone,
    Fated(Fate),
}

impl<S: Simulated> Connection<'_, S> {
    async fn run(mut self) {
        let end = self.talk().await;
        match end {
            Ok(()) | Err(End::Gone) => {}
            Err(End::Fated(fate)) => self.end(fate).await,
        }
    }

    async fn talk(&mut self) -> Result<(), End> {
        loop {
            if self.firehose.is_some() {
                self.pour().await?;
                continue;
            }
            let deadline = S::deadline(&self.peer.session.lock()).map(|at| self.hub.shared.clock.instant_of(at));
            tokio::select! {
                fate = fated(&mut self.fate) => return Err(End::Fated(fate)),
                () = self.peer.wire.ready.notified() => self.drain().await?,
                message = self.socket.next() => self.heard(message)?,
                () = sleep_until(deadline.unwrap_or_else(tokio::time::Instant::now)), if deadline.is_some() => {
                    self.hub.with(self.peer, |simulated, session, now, out| simulated.timeout(session, now, out));
                }
            }
        }
    }

    fn heard(&mut self, message: Option<Result<Message, tungstenite::Error>>) -> Result<(), End> {
        match message {
            Some(Ok(Message::Text(text))) => {
                self.hub.with(self.peer, |simulated, session, now, out| simulated.text(session, &text, now, out));
                // Last, so that what is remembered has had its effect.
                self.hub.shared.remember(&text);
                self.open_firehose();
                Ok(())
            }
            // Pings are answered by the WebSocket layer; none of the services takes binary frames from a client.
            Some(Ok(_)) => Ok(()),
            Some(Err(_)) | None => Err(End::Gone),
        }
    }

    /// Writes what is queued: all of it into the socket's buffer, with one flush at the end.
    async fn drain(&mut self) -> Result<(), End> {
        let closing = self.peer.wire.outbox.lock().take(&mut self.batch);
        self.hub.shared.sent.fetch_add(self.batch.len() as u64, Ordering::Relaxed);
        let (socket, batch) = (&mut self.socket, &mut self.batch);
        let write = async {
            while let Some(frame) = batch.pop_front() {
                match frame {
                    Outgoing::Message(message) => socket.feed(message).await?,
                    Outgoing::Raw(bytes) => {
                        socket.flush().await?;
                        socket.get_mut().write_all(&bytes).await?;
                    }
                }
            }
            socket.flush().await
        };
        tokio::select! {
            biased;
            written = write => written.map_err(|_| End::Gone)?,
            fate = fated(&mut self.fate) => return Err(End::Fated(fate)),
        }
        match closing {
            Some((code, reason)) => Err(End::Fated(Fate::Closes(code, reason))),
            None => Ok(()),
        }
    }

    fn open_firehose(&mut self) {
        let Some(load) = &self.hub.load else { return };
        let frames = self.hub.simulated.lock().load(&self.peer.session.lock(), load);
        self.firehose = frames.map(|frames| Firehose::new(frames, load));
    }

    /// Writes the load server's next block of frames, then hears what the client has said meanwhile.
    async fn pour(&mut self) -> Result<(), End> {
        self.drain().await?;
        let Some(firehose) = &mut self.firehose else { return Ok(()) };
        let socket = &mut self.socket;
        let write = async {
            match firehose.next(self.hub.shared.clock).await {
                Some((block, frames)) => {
                    socket.get_mut().write_all(block).await?;
                    Ok::<_, std::io::Error>(Some(frames))
                }
                None => Ok(None),
            }
        };
        let poured = tokio::select! {
            biased;
            written = write => written.map_err(|_| End::Gone)?,
            fate = fated(&mut self.fate) => return Err(End::Fated(fate)),
        };
        match poured {
            Some(frames) => {
                self.hub.shared.sent.fetch_add(frames, Ordering::Relaxed);
            }
            None => self.firehose = None,
        }
        while let Some(message) = self.socket.next().now_or_never() {
            // A stream that pours is not poured into anew.
            let pouring = self.firehose.take();
            let heard = self.heard(message);
            self.firehose = pouring;
            heard?;
        }
        // A pong half written must be whole before the next block.
        self.socket.flush().await.map_err(|_| End::Gone)
    }

    async fn end(mut self, mut fate: Fate) {
        loop {
            match fate {
                Fate::Lives | Fate::Drops => return,
                Fate::Resets => {
                    if let Err(error) = self.socket.get_ref().set_zero_linger() {
                        tracing::debug!(%error, "a demo connection ends without a reset");
                    }
                    return;
                }
                Fate::Closes(code, reason) => {
                    let frame = CloseFrame { code: code.into(), reason: reason.into() };
                    let farewell = async {
                        self.socket.close(Some(frame)).await?;
                        while self.socket.next().await.transpose()?.is_some() {}
                        Ok::<_, tungstenite::Error>(())
                    };
                    if !matches!(timeout(CLOSING, farewell).await, Ok(Ok(()))) {
                        tracing::debug!("a client did not answer the close frame of a demo service");
                    }
                    return;
                }
                Fate::Stalls => fate = fated(&mut self.fate).await,
            }
        }
    }
}

/// Waits until something is decided about the connection.
pub(crate) async fn fated(fate: &mut watch::Receiver<Fate>) -> Fate {
    match fate.changed().await {
        Ok(()) => fate.borrow_and_update().clone(),
        Err(_) => Fate::Drops,
    }
}
