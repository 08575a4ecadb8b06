//! The newest events, as text, in two rings that are bounded: what comes in masses cannot push out what matters.

use std::collections::VecDeque;

use protocol::{Kind, Timestamp};

use crate::bounds::Bounds;
use crate::table::clip;

/// The newest events of a connection, lock codes masked.
#[derive(Debug)]
pub struct Recent {
    bulk: Ring,
    notable: Ring,
    event_bytes: usize,
    newest: u64,
}

/// An event that is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecentEvent<'r> {
    /// Its number within the connection, from 1 without holes.
    pub sequence: u64,
    /// Its kind.
    pub kind: Kind,
    /// When it happened, by the service's clock.
    pub at: Option<Timestamp>,
    /// When it came.
    pub received: Timestamp,
    /// The id of the entity that it is about.
    pub subject: &'r str,
    /// Its data as JSON text, codes masked.
    pub data: &'r str,
    /// Whether the data was cut for its length: it is no whole JSON then.
    pub truncated: bool,
}

#[derive(Debug)]
struct Ring {
    entries: VecDeque<Entry>,
    bytes: Vec<u8>,
    /// Where the next text goes.
    head: usize,
    bytes_cap: usize,
    count_cap: usize,
    overwritten: u64,
}

#[derive(Debug, Clone, Copy)]
struct Entry {
    sequence: u64,
    at: i64,
    received: i64,
    start: u32,
    subject: u16,
    data: u32,
    kind: Kind,
    timed: bool,
    truncated: bool,
}

impl Recent {
    pub(crate) fn new(bounds: &Bounds) -> Self {
        Recent {
            bulk: Ring::new(bounds.recent_bulk, bounds.recent_bulk_bytes),
            notable: Ring::new(bounds.recent_notable, bounds.recent_notable_bytes),
            event_bytes: bounds.recent_event_bytes,
            newest: 0,
        }
    }

    /// The number of the newest event; 0 before the first. It grows with each event and is the version of this list.
    pub fn newest(&self) -> u64 {
        self.newest
    }

    /// How many events are kept.
    pub fn len(&self) -> usize {
        self.bulk.entries.len() + self.notable.entries.len()
    }

    /// Whether none is kept.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// All that are kept, newest first.
    pub fn iter(&self) -> impl Iterator<Item = RecentEvent<'_>> {
        self.before(u64::MAX)
    }

    /// Those that are older than a number, newest first.
    pub fn before(&self, sequence: u64) -> impl Iterator<Item = RecentEvent<'_>> {
        let mut bulk = self.bulk.before(sequence).peekable();
        let mut notable = self.notable.before(sequence).peekable();
        std::iter::from_fn(move || match (bulk.peek(), notable.peek()) {
            (Some(a), Some(b)) if a.sequence > b.sequence => bulk.next(),
            (Some(_), None) => bulk.next(),
            _ => notable.next(),
        })
    }

    /// Those that are newer than a number, oldest first.
    pub fn after(&self, sequence: u64) -> impl Iterator<Item = RecentEvent<'_>> {
        let mut bulk = self.bulk.after(sequence).peekable();
        let mut notable = self.notable.after(sequence).peekable();
        std::iter::from_fn(move || match (bulk.peek(), notable.peek()) {
            (Some(a), Some(b)) if a.sequence < b.sequence => bulk.next(),
            (Some(_), None) => bulk.next(),
            _ => notable.next(),
        })
    }

    /// The event of a number, while it is kept.
    pub fn get(&self, sequence: u64) -> Option<RecentEvent<'_>> {
        self.bulk.get(sequence).or_else(|| self.notable.get(sequence))
    }

    /// Up to `limit` events older than `before` that a filter lets through, newest first. At most `looked` events are
    /// looked at; the number to go on from is returned beside them, `None` at the end.
    pub fn page(
        &self,
        before: u64,
        limit: usize,
        looked: usize,
        mut filter: impl FnMut(&RecentEvent<'_>) -> bool,
    ) -> (Vec<RecentEvent<'_>>, Option<u64>) {
        let mut events = Vec::new();
        for (index, event) in self.before(before).enumerate() {
            if index >= looked || events.len() >= limit {
                return (events, Some(event.sequence + 1));
            }
            if filter(&event) {
                events.push(event);
            }
        }
        (events, None)
    }

    /// Events of the kinds that come in masses that were overwritten, and those of the other kinds.
    pub fn overwritten(&self) -> (u64, u64) {
        (self.bulk.overwritten, self.notable.overwritten)
    }

    /// Keeps an event whose data is masked already.
    pub(crate) fn push(
        &mut self,
        sequence: u64,
        kind: Kind,
        at: Option<Timestamp>,
        received: Timestamp,
        subject: &str,
        masked: &str,
    ) {
        self.newest = sequence;
        let data = clip(masked, self.event_bytes);
        let subject = clip(subject, 1_024);
        let entry = Entry {
            sequence,
            at: at.unwrap_or_default().millis(),
            received: received.millis(),
            start: 0,
            subject: subject.len() as u16,
            data: data.len() as u32,
            kind,
            timed: at.is_some(),
            truncated: data.len() < masked.len(),
        };
        let ring = if kind.is_bulk() { &mut self.bulk } else { &mut self.notable };
        ring.push(entry, subject, data);
    }
}

impl Ring {
    fn new(count_cap: usize, bytes_cap: usize) -> Self {
        Ring {
            entries: VecDeque::new(),
            bytes: Vec::new(),
            head: 0,
            bytes_cap: bytes_cap.min(u32::MAX as usize),
            count_cap: count_cap.max(1),
            overwritten: 0,
        }
    }

    fn push(&mut self, mut entry: Entry, subject: &str, data: &str) {
        let needed = subject.len() + data.len();
        if needed > self.bytes_cap {
            self.overwritten += 1;
            return;
        }
        if self.entries.len() >= self.count_cap {
            self.evict();
        }
        let start = self.room(needed);
        entry.start = start as u32;
        self.bytes[start..start + subject.len()].copy_from_slice(subject.as_bytes());
        self.bytes[start + subject.len()..start + needed].copy_from_slice(data.as_bytes());
        self.head = start + needed;
        self.entries.push_back(entry);
    }

    /// Where so many bytes in a row are free, after the buffer was made larger or older texts were given up as far as needed.
    fn room(&mut self, needed: usize) -> usize {
        loop {
            if let Some(place) = self.place(needed) {
                return place;
            }
            if self.bytes.len() < self.bytes_cap {
                self.enlarge(needed);
            } else {
                self.evict();
            }
        }
    }

    /// Where so many bytes in a row are free now.
    fn place(&self, needed: usize) -> Option<usize> {
        let Some(oldest) = self.entries.front() else {
            return (needed <= self.bytes.len()).then_some(0);
        };
        let tail = oldest.start as usize;
        // An entry without text takes no room; the head may stand on the tail only when the ring is full.
        let wrapped = self.head < tail || (self.head == tail && self.entries.iter().any(|entry| entry.size() > 0));
        if wrapped {
            (self.head + needed <= tail).then_some(self.head)
        } else if self.head + needed <= self.bytes.len() {
            Some(self.head)
        } else {
            (needed <= tail).then_some(0)
        }
    }

    /// Makes a larger buffer, the texts in a row at its beginning. Only what is kept makes it grow, never what was overwritten:
    /// a ring that is full by number stays a quarter larger than its texts.
    fn enlarge(&mut self, needed: usize) {
        let held: usize = self.entries.iter().map(Entry::size).sum();
        let least = self.bytes.len() + (4 << 10);
        let size = (held + needed).saturating_mul(5).div_ceil(4).max(least).min(self.bytes_cap);
        // Zeroed by the system: what nothing was written to takes no memory.
        let mut bytes = vec![0; size];
        let mut head = 0;
        for entry in &mut self.entries {
            let (from, size) = (entry.start as usize, entry.size());
            bytes[head..head + size].copy_from_slice(&self.bytes[from..from + size]);
            entry.start = head as u32;
            head += size;
        }
        self.head = head;
        self.bytes = bytes;
    }

    fn evict(&mut self) {
        if self.entries.pop_front().is_some() {
            self.overwritten += 1;
        }
    }

    fn view(&self, entry: &Entry) -> RecentEvent<'_> {
        let start = entry.start as usize;
        let middle = start + usize::from(entry.subject);
        let text = |from: usize, to: usize| {
            self.bytes.get(from..to).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default()
        };
        RecentEvent {
            sequence: entry.sequence,
            kind: entry.kind,
            at: entry.timed.then_some(Timestamp(entry.at)),
            received: Timestamp(entry.received),
            subject: text(start, middle),
            data: text(middle, middle + entry.data as usize),
            truncated: entry.truncated,
        }
    }

    fn before(&self, sequence: u64) -> impl Iterator<Item = RecentEvent<'_>> {
        let end = self.entries.partition_point(|entry| entry.sequence < sequence);
        self.entries.range(..end).rev().map(|entry| self.view(entry))
    }

    fn after(&self, sequence: u64) -> impl Iterator<Item = RecentEvent<'_>> {
        let begin = self.entries.partition_point(|entry| entry.sequence <= sequence);
        self.entries.range(begin..).map(|entry| self.view(entry))
    }

    fn get(&self, sequence: u64) -> Option<RecentEvent<'_>> {
        let place = self.entries.binary_search_by_key(&sequence, |entry| entry.sequence).ok()?;
        self.entries.get(place).map(|entry| self.view(entry))
    }
}

impl Entry {
    fn size(&self) -> usize {
        usize::from(self.subject) + self.data as usize
    }
}

#[cfg(test)]
mod tests;
