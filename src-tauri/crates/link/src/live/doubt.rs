//! Whether a live connection can be believed: after silence it is in doubt, after a sleep it has to prove itself.

use std::future::poll_fn;
use std::task::Poll;
use std::time::Duration;

use protocol::{Ended, Input, Timestamp};
use tokio::task::unconstrained;
use tokio::time::{Instant, timeout};

use super::{Drained, Live};
use crate::{LinkStatus, Receiver};

/// Every service has something to say at least each 30 s (a heartbeat, its answer, a pong): this long without a frame
/// and the picture is in doubt.
pub(super) const DOUBTED_AFTER: Duration = Duration::from_secs(45);
/// How long a probe waits for a receiver to take what has come: all that a system keeps of a stream is read in less.
const READ_UP: Duration = Duration::from_secs(1);
/// How long the runtime may take to say that something has come already.
const ARRIVED: Duration = Duration::from_millis(10);

impl<R: Receiver> Live<'_, R> {
    /// Lets the session prove that the connection is alive. What has come already proves nothing: all of it is read first. Where
    /// the receiver has no room for it, the session is asked once it has.
    pub(super) async fn probe(&mut self) -> Result<(), Ended> {
        let known_until = self.receiver.known_until();
        // A receiver may let events gather for a moment; one that has no room for longer keeps nobody waiting. Without a
        // budget: the runtime else calls a socket empty once a task has read its share.
        let read = timeout(READ_UP, unconstrained(self.read_up())).await;
        self.state.probed = true;
        self.state.slept.get_or_insert(known_until);
        self.state.unread = read.is_err() && !self.has_room().await;
        if self.state.unread {
            return Ok(());
        }
        read.unwrap_or(Ok(()))?;
        self.input(Input::Probe)
    }

    async fn has_room(&mut self) -> bool {
        poll_fn(|cx| Poll::Ready(self.receiver.poll_ready(cx).is_ready())).await
    }

    /// Reads until nothing is left of what has come.
    async fn read_up(&mut self) -> Result<(), Ended> {
        loop {
            poll_fn(|cx| self.receiver.poll_ready(cx)).await;
            let Ok(drained) = timeout(ARRIVED, poll_fn(|cx| self.poll_frames(cx))).await else { return Ok(()) };
            if drained? == Drained::All {
                return Ok(());
            }
            self.send()?;
            tokio::task::yield_now().await;
        }
    }

    /// Tells when a live connection begins and ceases to be in doubt.
    pub(super) fn doubt(&mut self, now: Instant) {
        let Some((since, _)) = self.state.live else { return };
        let silent = now - self.state.heard;
        let stale = self.state.probed || silent >= DOUBTED_AFTER;
        if stale == self.state.stale {
            return;
        }
        self.state.stale = stale;
        let status = if stale {
            let millis = i64::try_from(silent.as_millis()).unwrap_or(i64::MAX);
            LinkStatus::Stale { since: Timestamp(self.clock.now().0.saturating_sub(millis)) }
        } else {
            LinkStatus::Live { since }
        };
        self.report.set(self.receiver, status);
    }
}
