//! `signalbox watch`: every event of the connections as a line, with the reader's pace as the sockets' pace.

use std::future::Future;
use std::io::{self, Write};
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use link::{Environment, EventSink, Link, LinkStatus, Receiver};
use parking_lot::{Condvar, Mutex};
use protocol::{Ask, Connection, StreamEvent, SubscriptionState, Timestamp};

use crate::line;

/// Bytes of lines that may wait for the reader; past that no socket is read.
const WAITING: usize = 1 << 20;

/// What to watch.
#[derive(Debug, Clone, Default)]
pub struct WatchOptions {
    /// For how long; until `stop` when `None`.
    pub duration: Option<Duration>,
    /// A query to run once the connection of that name is live.
    pub run_query: Option<(String, String)>,
    /// Whether lock codes are printed as they are.
    pub show_codes: bool,
}

/// Connects, and writes one JSON object a line to `out` until the time is over, `stop` comes, or `out` is closed.
///
/// Must be called on a tokio runtime. An error is one of `out`; a closed pipe is an end like any other.
pub async fn watch(
    connections: Vec<Connection>,
    environment: Environment,
    options: WatchOptions,
    out: impl Write + Send + 'static,
    stop: impl Future<Output = ()>,
) -> io::Result<()> {
    let lines = Arc::new(Lines::default());
    let writer = {
        let lines = lines.clone();
        std::thread::Builder::new().name("watch-lines".into()).spawn(move || lines.write_to(out))?
    };
    let links: Vec<(String, Link)> = connections
        .into_iter()
        .map(|connection| {
            let name = connection.name.clone();
            let feed = LineFeed {
                lines: lines.clone(),
                connection: name.clone(),
                clock: environment.clock.clone(),
                show_codes: options.show_codes,
                batch: Vec::new(),
            };
            (name, Link::spawn(connection, &environment, feed))
        })
        .collect();

    until_the_end(&links, &lines, &options, stop).await;
    futures_util::future::join_all(links.into_iter().map(|(_, link)| link.shutdown())).await;
    lines.finish();
    // The writer ends after the last line, or at once when its reader is gone.
    tokio::task::spawn_blocking(move || writer.join()).await.map_err(io::Error::other)?.unwrap_or(Ok(()))
}

/// Waits for whatever ends the watch, and asks the query meanwhile.
async fn until_the_end(
    links: &[(String, Link)],
    lines: &Lines,
    options: &WatchOptions,
    stop: impl Future<Output = ()>,
) {
    let asking_and_on = async {
        ask_once_live(links, options).await;
        std::future::pending::<()>().await;
    };
    let ending = async {
        match options.duration {
            Some(duration) => tokio::time::sleep(duration).await,
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        () = asking_and_on => {}
        () = ending => {}
        () = stop => {}
        () = lines.closed() => {}
    }
}

async fn ask_once_live(links: &[(String, Link)], options: &WatchOptions) {
    let Some((name, sql)) = &options.run_query else { return };
    let Some((_, link)) = links.iter().find(|(known, _)| known == name) else { return };
    let mut status = link.watch_status();
    if status.wait_for(|status| matches!(status, LinkStatus::Live { .. })).await.is_ok() {
        let ask = Ask::RunQuery { run: 1, org: None, sql: sql.clone(), target: "all".into() };
        if let Err(error) = link.ask(ask) {
            tracing::warn!(connection = name, "the query was not run: {error}");
        }
    }
}

/// Lines on their way to the reader.
#[derive(Default)]
struct Lines {
    state: Mutex<LinesState>,
    changed: Condvar,
    closed: tokio::sync::Notify,
}

#[derive(Default)]
struct LinesState {
    waiting: Vec<u8>,
    finished: bool,
    closed: bool,
    blocked: Vec<Waker>,
}

impl Lines {
    /// Writes what comes until the end; lines go out together when there are many, at once when there are few.
    fn write_to(&self, mut out: impl Write) -> io::Result<()> {
        let mut chunk = Vec::new();
        loop {
            chunk.clear();
            {
                let mut state = self.state.lock();
                while state.waiting.is_empty() && !state.finished {
                    self.changed.wait(&mut state);
                }
                if state.waiting.is_empty() {
                    return out.flush();
                }
                std::mem::swap(&mut chunk, &mut state.waiting);
                state.blocked.drain(..).for_each(Waker::wake);
            }
            if let Err(error) = out.write_all(&chunk).and_then(|()| out.flush()) {
                let mut state = self.state.lock();
                state.closed = true;
                state.waiting = Vec::new();
                state.blocked.drain(..).for_each(Waker::wake);
                self.closed.notify_one();
                return if error.kind() == io::ErrorKind::BrokenPipe { Ok(()) } else { Err(error) };
            }
        }
    }

    fn append(&self, batch: &[u8]) {
        let mut state = self.state.lock();
        if !state.closed {
            state.waiting.extend_from_slice(batch);
            self.changed.notify_one();
        }
    }

    fn poll_room(&self, cx: &mut Context<'_>) -> Poll<()> {
        let mut state = self.state.lock();
        if state.waiting.len() < WAITING {
            return Poll::Ready(());
        }
        if !state.blocked.iter().any(|waker| waker.will_wake(cx.waker())) {
            state.blocked.push(cx.waker().clone());
        }
        Poll::Pending
    }

    async fn closed(&self) {
        self.closed.notified().await;
    }

    fn finish(&self) {
        self.state.lock().finished = true;
        self.changed.notify_one();
    }
}

/// One connection's way to the lines.
struct LineFeed {
    lines: Arc<Lines>,
    connection: String,
    clock: Arc<dyn link::Clock>,
    show_codes: bool,
    batch: Vec<u8>,
}

impl Receiver for LineFeed {
    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        self.lines.poll_room(cx)
    }

    fn batch(&mut self, drain: &mut dyn FnMut(&mut dyn EventSink)) {
        self.batch.clear();
        let mut sink = LineSink {
            batch: &mut self.batch,
            connection: &self.connection,
            received: self.clock.now(),
            show_codes: self.show_codes,
        };
        drain(&mut sink);
        self.lines.append(&self.batch);
    }

    fn status(&mut self, status: &LinkStatus) {
        self.batch.clear();
        line::status(&mut self.batch, &self.connection, status, self.clock.now());
        self.lines.append(&self.batch);
    }
}

struct LineSink<'a> {
    batch: &'a mut Vec<u8>,
    connection: &'a str,
    received: Timestamp,
    show_codes: bool,
}

impl EventSink for LineSink<'_> {
    fn event(&mut self, event: &StreamEvent<'_>) {
        line::event(self.batch, self.connection, event, self.received, self.show_codes);
    }

    fn subscription(&mut self, name: &str, state: SubscriptionState<'_>) {
        if let SubscriptionState::Refused(reason) = state {
            tracing::warn!(connection = self.connection, subscription = name, "refused: {reason}");
        }
    }

    fn frame(&mut self, _bytes: usize) {}
}
