//! What a link feeds.

use std::task::{Context, Poll};

use protocol::{Ask, StreamEvent, SubscriptionState};

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
}

/// What a receiver gives to its batch.
pub trait EventSink {
    /// An event of the stream; it borrows from the frame.
    fn event(&mut self, event: &StreamEvent<'_>);

    /// A subscription changed. `name` is the operator's word for it.
    fn subscription(&mut self, name: &str, state: SubscriptionState<'_>);

    /// A data frame of so many bytes came; its events follow.
    fn frame(&mut self, bytes: usize);
}
