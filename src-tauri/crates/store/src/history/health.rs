//! How the history is.

use std::path::PathBuf;

use protocol::Timestamp;

/// How the history is: whether it is written, how large it is, what it lost.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Health {
    /// What keeps it from being written or read, while it does.
    pub problem: Option<Problem>,
    /// The file; `None` for one that is not kept.
    pub path: Option<PathBuf>,
    /// Bytes on disk.
    pub bytes: u64,
    /// Records that wait to be written.
    pub waiting: usize,
    /// Bytes of memory that these take.
    pub waiting_bytes: usize,
    /// Records that were given up since the start, because the disk took nothing for too long or they cannot be written.
    pub not_recorded: u64,
    /// Samples (of one entity, ten seconds) that were dropped since the start.
    pub samples_dropped: u64,
    /// Events that came again since the start and were kept once.
    pub repeated: u64,
    /// When the oldest event that is kept happened.
    pub oldest: Option<Timestamp>,
    /// Where a broken file was put, if one was found since the start.
    pub set_aside: Option<PathBuf>,
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Since when.
    pub since: Timestamp,
    /// What and what to do, as a sentence.
    pub sentence: String,
}
