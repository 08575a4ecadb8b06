//! Native notifications.
//!
//! The desktop's daemon may be slow, hang, or not be there. So it is spoken to from one thread with a bounded queue: who
//! has something to tell never waits, and what finds the queue full is counted and told as a number later.

mod daemon;
mod gate;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::{Duration, Instant};

use monitor::{Host, Notice};
use tokio::sync::oneshot;

use daemon::Daemon;
use gate::{Gate, Shown};

/// How many notices may wait for the daemon.
const WAITING: usize = 256;

/// How long a test notification may take.
const TEST_BOUND: Duration = Duration::from_secs(5);

/// The way to the desktop's notifications. Clones share it.
#[derive(Debug, Clone)]
pub(crate) struct Notifications {
    asks: SyncSender<Ask>,
    dropped: Arc<AtomicU32>,
}

enum Ask {
    Tell(Notice),
    /// Tell it now, whatever else is told, and say what came of it.
    Try(Notice, oneshot::Sender<Result<(), String>>),
}

impl Notifications {
    /// Starts the thread that speaks to the desktop. It ends with the last clone.
    pub(crate) fn start() -> std::io::Result<Self> {
        let (asks, asked) = sync_channel(WAITING);
        let dropped = Arc::new(AtomicU32::new(0));
        let counted = dropped.clone();
        std::thread::Builder::new()
            .name("notifications".into())
            .spawn(move || tell_all(&asked, &counted, Daemon::default()))?;
        Ok(Notifications { asks, dropped })
    }

    /// Shows one, and says what is wrong when the desktop shows none.
    pub(crate) async fn test(&self, notice: Notice) -> Result<(), String> {
        let (answer, answered) = oneshot::channel();
        if self.asks.try_send(Ask::Try(notice, answer)).is_err() {
            return Err(HANGS.into());
        }
        match tokio::time::timeout(TEST_BOUND, answered).await {
            Ok(Ok(outcome)) => outcome,
            _ => Err(HANGS.into()),
        }
    }
}

const HANGS: &str = "The desktop's notification daemon does not answer; restart it and try again.";

impl Host for Notifications {
    fn notify(&self, notice: Notice) {
        if self.asks.try_send(Ask::Tell(notice)).is_err() {
            self.dropped.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// Tells what is asked until nobody can ask any more.
fn tell_all(asked: &Receiver<Ask>, dropped: &AtomicU32, mut daemon: Daemon) {
    let mut gate = Gate::default();
    loop {
        let ask = match gate.deadline() {
            Some(due) => asked.recv_timeout(due.saturating_duration_since(Instant::now())),
            None => asked.recv().map_err(|_| RecvTimeoutError::Disconnected),
        };
        gate.hold_back(dropped.swap(0, Ordering::Relaxed));
        match ask {
            Ok(Ask::Tell(notice)) => {
                if let Some(notice) = gate.pass(notice, Instant::now()) {
                    daemon.show(&Shown::One(notice));
                }
            }
            Ok(Ask::Try(notice, answer)) => {
                // Who asked may have stopped waiting.
                let _ = answer.send(daemon.try_show(&Shown::One(notice)));
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return,
        }
        if let Some(digest) = gate.digest(Instant::now()) {
            daemon.show(&digest);
        }
    }
}
