//! The frames of the past, stream by stream.

use std::collections::{HashMap, VecDeque};

use tokio_tungstenite::tungstenite::Utf8Bytes;

/// How many frames of each stream are remembered.
const REMEMBERED: usize = 5_000;

/// Frames in the order of time. A busy stream pushes nothing out of a quiet one.
#[derive(Debug, Default)]
pub(crate) struct StreamLog(HashMap<&'static str, VecDeque<Past>>);

/// A frame as it was sent.
#[derive(Debug)]
pub(crate) struct Past {
    pub(crate) at: u64,
    pub(crate) kind: &'static str,
    pub(crate) text: Utf8Bytes,
}

impl StreamLog {
    pub(crate) fn note(&mut self, stream: &'static str, kind: &'static str, at: u64, text: Utf8Bytes) {
        let past = self.0.entry(stream).or_default();
        if past.len() == REMEMBERED {
            past.pop_front();
        }
        past.push_back(Past { at, kind, text });
    }

    /// The frames of a stream from one time to another, both included.
    pub(crate) fn between(&self, stream: &str, since: u64, until: u64) -> impl Iterator<Item = &Past> {
        let past = self.0.get(stream).into_iter().flatten();
        past.skip_while(move |past| past.at < since).take_while(move |past| past.at <= until)
    }
}
