//! The bounded queue between a service and one of its clients.

use std::collections::VecDeque;

use bytes::Bytes;
use tokio_tungstenite::tungstenite::{Message, Utf8Bytes};

/// Events queue up to these bounds; a client that reads slower than it is told loses the rest.
const EVENT_FRAMES: usize = 65_536;
const EVENT_BYTES: usize = 16 << 20;
/// Answers may use half as much again; a client that asks on without reading is closed.
const ANSWER_FRAMES: usize = EVENT_FRAMES + EVENT_FRAMES / 2;
const ANSWER_BYTES: usize = EVENT_BYTES + EVENT_BYTES / 2;

/// What goes to a client.
#[derive(Debug, Clone)]
pub(crate) enum Outgoing {
    Message(Message),
    /// Bytes written past the WebSocket layer as they are.
    Raw(Bytes),
}

#[derive(Debug, Default)]
pub(crate) struct Outbox {
    frames: VecDeque<Outgoing>,
    bytes: usize,
    dropped: u64,
    closing: Option<(u16, String)>,
    authenticated: bool,
}

impl Outbox {
    /// Queues an answer to something the client asked.
    pub(crate) fn answer(&mut self, text: impl Into<Utf8Bytes>) {
        self.push(Outgoing::Message(Message::Text(text.into())));
    }

    /// Queues anything, up to the bound for answers.
    pub(crate) fn push(&mut self, frame: Outgoing) {
        if self.frames.len() >= ANSWER_FRAMES || self.bytes >= ANSWER_BYTES {
            self.dropped += 1;
            self.close(1008, "reads too slowly for what it asks");
            return;
        }
        self.bytes += size(&frame);
        self.frames.push_back(frame);
    }

    /// Queues an event, unless the client is too far behind; then it is dropped, counted, and the answer is false.
    pub(crate) fn offer(&mut self, text: Utf8Bytes) -> bool {
        if self.frames.len() >= EVENT_FRAMES || self.bytes >= EVENT_BYTES {
            self.dropped += 1;
            return false;
        }
        self.bytes += text.len();
        self.frames.push_back(Outgoing::Message(Message::Text(text)));
        true
    }

    /// Whether the client has caught up far enough to be told what it lost.
    pub(crate) fn has_room(&self) -> bool {
        self.frames.len() < EVENT_FRAMES / 2 && self.bytes < EVENT_BYTES / 2
    }

    /// Ends the connection with a close frame after what is queued; the first reason stays.
    pub(crate) fn close(&mut self, code: u16, reason: &str) {
        self.closing.get_or_insert_with(|| (code, reason.to_owned()));
    }

    /// Notes that the client's credential was accepted.
    pub(crate) fn authenticated(&mut self) {
        self.authenticated = true;
    }

    /// Takes the note that the credential was accepted.
    pub(crate) fn take_authenticated(&mut self) -> bool {
        std::mem::take(&mut self.authenticated)
    }

    /// Moves what is queued into `batch`, which must be empty, and says how the connection is to end, if it is.
    pub(crate) fn take(&mut self, batch: &mut VecDeque<Outgoing>) -> Option<(u16, String)> {
        std::mem::swap(&mut self.frames, batch);
        self.bytes = 0;
        self.closing.take()
    }

    /// Events and answers that were dropped because the client was too slow.
    pub(crate) fn dropped(&self) -> u64 {
        self.dropped
    }

    #[cfg(test)]
    pub(crate) fn texts(&mut self) -> Vec<String> {
        self.bytes = 0;
        self.frames
            .drain(..)
            .map(|frame| match frame {
                Outgoing::Message(Message::Text(text)) => text.to_string(),
                other => format!("{other:?}"),
            })
            .collect()
    }

    #[cfg(test)]
    pub(crate) fn closing(&self) -> Option<(u16, &str)> {
        self.closing.as_ref().map(|(code, reason)| (*code, reason.as_str()))
    }
}

fn size(frame: &Outgoing) -> usize {
    match frame {
        Outgoing::Message(message) => message.len(),
        Outgoing::Raw(bytes) => bytes.len(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_beyond_the_bound_are_dropped_and_counted() {
        let mut out = Outbox::default();
        for _ in 0..EVENT_FRAMES {
            assert!(out.offer("x".into()));
        }
        assert!(!out.offer("x".into()));
        assert_eq!(out.dropped(), 1);
        assert!(!out.has_room());
        out.answer("still answered");
        assert_eq!(out.closing(), None);
        for _ in 0..ANSWER_FRAMES {
            out.answer("x");
        }
        assert!(out.closing().is_some(), "one who only asks is closed");
        let mut batch = VecDeque::new();
        assert!(out.take(&mut batch).is_some());
        assert_eq!(batch.len(), ANSWER_FRAMES);
        assert!(out.has_room() && out.offer("x".into()));
    }

    #[test]
    fn bytes_are_bounded_too() {
        let mut out = Outbox::default();
        let big = Utf8Bytes::from("y".repeat(1 << 20));
        let taken = (0..64).filter(|_| out.offer(big.clone())).count();
        assert_eq!(taken, 16);
        assert_eq!(out.dropped(), 48);
    }
}
