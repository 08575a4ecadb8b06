//! What was read from the history lately: the page asks many times a second, the disk need not.

use parking_lot::Mutex;
use protocol::Timestamp;

/// The last answer and what it was asked for.
#[derive(Debug)]
pub(crate) struct Lately<K, V> {
    held: Mutex<Option<(K, Timestamp, V)>>,
}

impl<K, V> Default for Lately<K, V> {
    fn default() -> Self {
        Lately { held: Mutex::new(None) }
    }
}

impl<K: PartialEq, V: Clone> Lately<K, V> {
    /// The last answer if it is the same question and not older than `most` milliseconds, else a new one.
    pub(crate) fn get(&self, key: K, now: Timestamp, most: i64, make: impl FnOnce() -> V) -> V {
        if let Some((known, at, value)) = &*self.held.lock()
            && *known == key
            && (0..=most).contains(&(now.millis() - at.millis()))
        {
            return value.clone();
        }
        // Not within the lock: reading may take long, and another window must not wait for it.
        let value = make();
        *self.held.lock() = Some((key, now, value.clone()));
        value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_question_is_answered_from_memory_for_a_while() {
        let lately = Lately::default();
        assert_eq!(lately.get("a", Timestamp(0), 500, || 1), 1);
        assert_eq!(lately.get("a", Timestamp(400), 500, || 2), 1);
        assert_eq!(lately.get("b", Timestamp(400), 500, || 3), 3);
        assert_eq!(lately.get("b", Timestamp(1_000), 500, || 4), 4);
        assert_eq!(lately.get("b", Timestamp(0), 500, || 5), 5, "the clock went back");
    }
}
