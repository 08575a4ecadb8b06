//! The load server: one service without life of its own that pours frames encoded beforehand into every client that has
//! subscribed, at full speed or at a pace.

use std::net::SocketAddr;
use std::time::Duration;

use bytes::BufMut;
use tokio::time::{Instant, sleep_until};

use crate::wire::{Clock, rfc3339};

mod frames;
mod server;

pub(crate) use frames::Frames;
pub use server::LoadServer;

/// What to pour.
#[derive(Debug, Clone)]
pub struct Load {
    /// Where to listen; port 0 takes a free one.
    pub bind: SocketAddr,
    /// Frames for each client; `None` pours until the client goes.
    pub frames: Option<u64>,
    /// Frames a second for each client; `None` pours as fast as the client reads.
    pub rate: Option<u32>,
    /// How many devices (jobs, agents, hosts, signals) the frames are about.
    pub distinct: usize,
}

impl Default for Load {
    /// At full speed, without end, about 200 devices, on a free loopback port.
    fn default() -> Self {
        Load { bind: SocketAddr::from(([127, 0, 0, 1], 0)), frames: None, rate: None, distinct: 200 }
    }
}

/// How many bytes go to the socket at once.
const BLOCK: usize = 64 << 10;
/// How often a paced client is written to.
const PACE: Duration = Duration::from_millis(4);

/// The frames of one client on their way: it goes round the encoded frames and writes the time and a count into them anew.
pub(crate) struct Firehose {
    bytes: Vec<u8>,
    /// Where each frame ends.
    ends: Vec<usize>,
    /// Which bytes of `bytes` are stamped, in order.
    marks: Vec<Mark>,
    next_frame: usize,
    next_mark: usize,
    left: u64,
    sequence: u64,
    rate: Option<u32>,
    started: Instant,
    poured: u64,
}

#[derive(Debug, Clone, Copy)]
struct Mark {
    at: usize,
    kind: MarkKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum MarkKind {
    Rfc3339,
    Milliseconds,
    Sequence,
}

impl Firehose {
    pub(crate) fn new(frames: Frames, load: &Load) -> Self {
        let mut bytes = Vec::new();
        let mut ends = Vec::new();
        let mut marks = Vec::new();
        for text in frames.texts() {
            put_header(&mut bytes, text.len());
            let begin = bytes.len();
            bytes.extend_from_slice(text.as_bytes());
            find_marks(text, begin, &mut marks);
            ends.push(bytes.len());
        }
        Firehose {
            bytes,
            ends,
            marks,
            next_frame: 0,
            next_mark: 0,
            left: load.frames.unwrap_or(u64::MAX),
            sequence: 0,
            rate: load.rate,
            started: Instant::now(),
            poured: 0,
        }
    }

    /// The next whole frames and their number, when their time has come; `None` after the last.
    pub(crate) async fn next(&mut self, clock: Clock) -> Option<(&[u8], u64)> {
        if self.left == 0 || self.ends.is_empty() {
            return None;
        }
        let allowed = loop {
            match self.rate {
                None => break u64::MAX,
                Some(rate) => {
                    let due = (self.started.elapsed().as_secs_f64() * f64::from(rate)) as u64;
                    if due > self.poured {
                        break due - self.poured;
                    }
                    sleep_until(Instant::now() + PACE).await;
                }
            }
        };
        let first = self.next_frame;
        let begin = if first == 0 { 0 } else { self.ends[first - 1] };
        let mut last = first;
        let most = allowed.min(self.left);
        while last < self.ends.len()
            && ((last - first) as u64) < most
            && (self.ends[last] - begin <= BLOCK || last == first)
        {
            last += 1;
        }
        let end = self.ends[last - 1];
        self.stamp(end, clock.now());
        let count = (last - first) as u64;
        self.left -= count;
        self.poured += count;
        self.next_frame = last % self.ends.len();
        if self.next_frame == 0 {
            self.next_mark = 0;
        }
        Some((&self.bytes[begin..end], count))
    }

    fn stamp(&mut self, end: usize, now: u64) {
        let time = rfc3339(now);
        let milliseconds = format!("{now:013}");
        while let Some(mark) = self.marks.get(self.next_mark).filter(|mark| mark.at < end) {
            match mark.kind {
                MarkKind::Rfc3339 => self.bytes[mark.at..mark.at + 24].copy_from_slice(time.as_bytes()),
                MarkKind::Milliseconds => self.bytes[mark.at..mark.at + 13].copy_from_slice(milliseconds.as_bytes()),
                MarkKind::Sequence => {
                    self.sequence += 1;
                    let mut left = self.sequence;
                    for digit in self.bytes[mark.at..mark.at + 12].iter_mut().rev() {
                        *digit = b'0' + (left % 10) as u8;
                        left /= 10;
                    }
                }
            }
            self.next_mark += 1;
        }
    }
}

/// Stands in a load frame for the time of sending, as RFC 3339.
pub(crate) const RFC3339_MARK: &str = "####-##-##T##:##:##.###Z";
/// Stands in a load frame for the time of sending, in milliseconds since 1970.
pub(crate) const MILLISECONDS_MARK: &str = "$$$$$$$$$$$$$";
/// Stands in a load frame for twelve digits that no other frame of the connection has.
pub(crate) const SEQUENCE_MARK: &str = "~~~~~~~~~~~~";

fn find_marks(text: &str, begin: usize, marks: &mut Vec<Mark>) {
    let kinds = [
        (RFC3339_MARK, MarkKind::Rfc3339),
        (MILLISECONDS_MARK, MarkKind::Milliseconds),
        (SEQUENCE_MARK, MarkKind::Sequence),
    ];
    let first = marks.len();
    for (pattern, kind) in kinds {
        marks.extend(text.match_indices(pattern).map(|(at, _)| Mark { at: begin + at, kind }));
    }
    marks[first..].sort_by_key(|mark| mark.at);
}

/// Writes the header of an unmasked text frame (RFC 6455, 5.2).
fn put_header(bytes: &mut Vec<u8>, length: usize) {
    bytes.put_u8(0x81);
    match length {
        0..=125 => bytes.put_u8(length as u8),
        126..=0xffff => {
            bytes.put_u8(126);
            bytes.put_u16(length as u16);
        }
        _ => {
            bytes.put_u8(127);
            bytes.put_u64(length as u64);
        }
    }
}
