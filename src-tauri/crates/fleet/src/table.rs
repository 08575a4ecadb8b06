//! Rows that are found by key without allocating and walked by position.

use std::hash::BuildHasher;

use compact_str::CompactString;
use hashbrown::{DefaultHashBuilder, HashTable};
use protocol::Timestamp;

/// What a [`Table`] needs to know of its rows.
pub trait Row {
    /// The key; entities with a single id leave the first part empty.
    fn key(&self) -> (&str, &str);

    /// When it was last heard of; of some rows the one that was silent longest is given up for a new one.
    fn touched(&self) -> Timestamp;
}

/// A bounded list of rows with an index. A row keeps its position for as long as it lives.
#[derive(Debug)]
pub struct Table<T> {
    rows: Vec<T>,
    index: HashTable<u32>,
    hasher: DefaultHashBuilder,
    cap: usize,
    hand: usize,
}

/// How many rows are looked at for one to give up.
const SAMPLE: usize = 32;

impl<T: Row> Table<T> {
    pub(crate) fn new(cap: usize) -> Self {
        Table {
            rows: Vec::new(),
            index: HashTable::new(),
            hasher: DefaultHashBuilder::default(),
            cap: cap.clamp(1, u32::MAX as usize),
            hand: 0,
        }
    }

    /// All rows, in the order they first came as long as none was given up.
    pub fn rows(&self) -> &[T] {
        &self.rows
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The row at a position.
    pub fn at(&self, position: usize) -> Option<&T> {
        self.rows.get(position)
    }

    /// The row of an id.
    pub fn get(&self, id: &str) -> Option<&T> {
        self.get2("", id)
    }

    /// The row of a key of two parts.
    pub fn get2(&self, first: &str, second: &str) -> Option<&T> {
        self.position(first, second).map(|position| &self.rows[position])
    }

    pub(crate) fn position(&self, first: &str, second: &str) -> Option<usize> {
        let hash = self.hasher.hash_one((first, second));
        self.index.find(hash, |&row| self.rows[row as usize].key() == (first, second)).map(|&row| row as usize)
    }

    pub(crate) fn is_full(&self) -> bool {
        self.rows.len() >= self.cap
    }

    pub(crate) fn at_mut(&mut self, position: usize) -> &mut T {
        &mut self.rows[position]
    }

    pub(crate) fn rows_mut(&mut self) -> &mut [T] {
        &mut self.rows
    }

    /// Appends a row whose key is not there yet; the table must not be full.
    pub(crate) fn push(&mut self, row: T) -> usize {
        let position = self.rows.len();
        let hash = self.hasher.hash_one(row.key());
        self.rows.push(row);
        let (rows, hasher) = (&self.rows, &self.hasher);
        self.index.insert_unique(hash, position as u32, |&row| hasher.hash_one(rows[row as usize].key()));
        position
    }

    /// Puts a row whose key is not there yet in the place of another and gives that one back.
    pub(crate) fn replace(&mut self, position: usize, row: T) -> T {
        self.unlink(position);
        let old = std::mem::replace(&mut self.rows[position], row);
        let hash = self.hasher.hash_one(self.rows[position].key());
        let (rows, hasher) = (&self.rows, &self.hasher);
        self.index.insert_unique(hash, position as u32, |&row| hasher.hash_one(rows[row as usize].key()));
        old
    }

    /// Appends a row, or when there is no room puts it in the place of one that was silent long.
    pub(crate) fn push_or_replace(&mut self, row: T) -> (usize, Option<T>) {
        if !self.is_full() {
            return (self.push(row), None);
        }
        let position = self.quietest();
        (position, Some(self.replace(position, row)))
    }

    /// The row that was silent longest, of a few: the hand moves on at each call, so that all have their turn.
    pub(crate) fn quietest(&mut self) -> usize {
        let count = self.rows.len().max(1);
        let start = self.hand % count;
        self.hand = (start + SAMPLE) % count;
        (0..SAMPLE.min(count))
            .map(|step| (start + step) % count)
            .min_by_key(|&position| self.rows[position].touched())
            .unwrap_or(0)
    }

    /// Takes a row out; the last row takes its position.
    pub(crate) fn remove(&mut self, position: usize) -> T {
        self.unlink(position);
        let last = self.rows.len() - 1;
        if position != last {
            let hash = self.hasher.hash_one(self.rows[last].key());
            if let Ok(mut entry) = self.index.find_entry(hash, |&row| row as usize == last) {
                *entry.get_mut() = position as u32;
            }
        }
        self.rows.swap_remove(position)
    }

    fn unlink(&mut self, position: usize) {
        let hash = self.hasher.hash_one(self.rows[position].key());
        if let Ok(entry) = self.index.find_entry(hash, |&row| row as usize == position) {
            entry.remove();
        }
    }
}

/// Words that come again and again, each kept once.
#[derive(Debug)]
pub struct Names {
    words: Vec<CompactString>,
    index: HashTable<u16>,
    hasher: DefaultHashBuilder,
    cap: usize,
}

impl Names {
    pub(crate) fn new(cap: usize) -> Self {
        Names {
            words: Vec::new(),
            index: HashTable::new(),
            hasher: DefaultHashBuilder::default(),
            cap: cap.min(usize::from(u16::MAX)),
        }
    }

    /// The word of a number.
    pub fn word(&self, number: u16) -> &str {
        self.words.get(usize::from(number)).map_or("", CompactString::as_str)
    }

    /// The number of a word that is known.
    pub fn number(&self, word: &str) -> Option<u16> {
        let hash = self.hasher.hash_one(word);
        self.index.find(hash, |&number| self.words[usize::from(number)] == word).copied()
    }

    /// All words, by number.
    pub fn words(&self) -> &[CompactString] {
        &self.words
    }

    /// The number of a word; `None` when it is a new one and there is no room.
    pub(crate) fn intern(&mut self, word: &str) -> Option<u16> {
        if let Some(number) = self.number(word) {
            return Some(number);
        }
        if self.words.len() >= self.cap {
            return None;
        }
        let number = self.words.len() as u16;
        self.words.push(CompactString::from(word));
        let (words, hasher) = (&self.words, &self.hasher);
        self.index.insert_unique(hasher.hash_one(word), number, |&number| {
            hasher.hash_one(words[usize::from(number)].as_str())
        });
        Some(number)
    }
}

/// The beginning of a text, at most so many bytes, never half a character.
pub(crate) fn clip(text: &str, bytes: usize) -> &str {
    &text[..text.floor_char_boundary(bytes)]
}

pub(crate) fn clipped(text: &str, bytes: usize) -> CompactString {
    CompactString::from(clip(text, bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug)]
    struct Thing(String, i64);

    impl Row for Thing {
        fn key(&self) -> (&str, &str) {
            ("", &self.0)
        }

        fn touched(&self) -> Timestamp {
            Timestamp(self.1)
        }
    }

    #[test]
    fn rows_are_found_after_removals_and_replacements() {
        let mut table = Table::new(4);
        for (name, at) in [("a", 4), ("b", 1), ("c", 3), ("d", 2)] {
            table.push(Thing(name.into(), at));
        }
        let (position, old) = table.push_or_replace(Thing("e".into(), 9));
        assert_eq!(old.map(|thing| thing.0).as_deref(), Some("b"), "the quietest goes");
        assert_eq!(table.get("e").map(|thing| thing.1), Some(9));
        assert!(table.get("b").is_none());
        assert_eq!(table.remove(position).0, "e");
        assert_eq!(table.len(), 3);
        for name in ["a", "c", "d"] {
            assert_eq!(table.get(name).map(|thing| thing.0.as_str()), Some(name));
        }
    }

    #[test]
    fn names_are_kept_once_and_bounded() {
        let mut names = Names::new(2);
        assert_eq!(names.intern("lat"), Some(0));
        assert_eq!(names.intern("long"), Some(1));
        assert_eq!(names.intern("lat"), Some(0));
        assert_eq!(names.intern("speed"), None);
        assert_eq!((names.word(1), names.word(7)), ("long", ""));
    }

    #[test]
    fn clipping_keeps_characters_whole() {
        assert_eq!(clip("grün", 3), "gr");
        assert_eq!(clip("grün", 99), "grün");
    }
}
