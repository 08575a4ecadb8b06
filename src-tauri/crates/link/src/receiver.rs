//! What a link feeds.

use std::task::{Context, Poll};

use protocol::{Ask, Occasion, Purpose, StreamEvent, SubscriptionState, Timestamp};

use crate::LinkStatus;

/// What a link feeds. It is owned by the link's task and called from nowhere else.
pub trait Receiver: Send + 'static {
    /// Ready when there is room for another batch. While it is not, the socket is not read, which is the
    /// backpressure; deadlines and what is to be sent go on.
    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let _ = cx;
        Poll::Ready(())
    }

    /// Runs `drain` once, under whatever lock the receiver needs: all frames that are ready are applied in it.
    fn batch(&mut self, drain: &mut dyn FnMut(&mut dyn EventSink));

    /// The connection's status changed; never called within a batch.
    fn status(&mut self, status: &LinkStatus);

    /// The connection ended before this was handed to its session; nothing of it was sent.
    fn not_asked(&mut self, ask: Ask) {
        let _ = ask;
    }

    /// Until when everything that happened is known: by what came and what was kept. `None`: nothing is. Asked each
    /// time that something may have been missed, before any event that follows.
    fn known_until(&mut self) -> Option<Timestamp> {
        None
    }

    /// When the credential of this attempt ends, by its own word; `None` when it does not say. Told before the connection is
    /// live.
    fn credential_ends(&mut self, at: Option<Timestamp>) {
        let _ = at;
    }

    /// What was missed is being fetched, and this is how far that is; never called within a batch.
    fn backfill(&mut self, step: &Backfill) {
        let _ = step;
    }
}

/// A step of fetching how things are and what was missed. The steps between a `Begun` and its `Ended` are of one backfill;
/// a connection has one at a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Backfill {
    /// It begins.
    Begun {
        /// Why.
        occasion: Occasion,
        /// What the receiver said: until when everything is known.
        since: Option<Timestamp>,
    },
    /// One thing was fetched, all its pages.
    Fetched {
        /// What, in the operator's words: `lock events of ABC123`.
        what: String,
        /// How many events it brought.
        events: u32,
    },
    /// One thing could not be had, or not all of it.
    Failed {
        /// What, in the operator's words.
        what: String,
        /// What it was for: of what was missed, there is a gap.
        purpose: Purpose,
        /// From when on.
        since: Option<Timestamp>,
        /// Why: a clause whose subject is the service, as "the service has no lock events here (404)".
        cause: String,
    },
    /// It is over.
    Ended {
        /// Whether all that was asked for came. What a service has no way to tell is not asked for.
        complete: bool,
    },
}

/// Where events come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// From the stream, as they happen.
    Stream,
    /// They were fetched: how things are, or of the past.
    Fetched(Purpose),
}

/// What a receiver gives to its batch.
pub trait EventSink {
    /// An event of the stream; it borrows from the frame.
    fn event(&mut self, event: &StreamEvent<'_>);

    /// A subscription changed. `name` is the operator's word for it.
    fn subscription(&mut self, name: &str, state: SubscriptionState<'_>);

    /// A data frame of so many bytes came; its events follow.
    fn frame(&mut self, bytes: usize);

    /// The batch ends with more there to be read.
    fn rest(&mut self) {}

    /// Where the events that follow in this batch come from; the stream, until this is told.
    fn origin(&mut self, origin: Origin) {
        let _ = origin;
    }
}
