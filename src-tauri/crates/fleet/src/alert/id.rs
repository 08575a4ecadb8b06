//! How an alert gets its name.

use protocol::Timestamp;

use super::AlertId;

impl AlertId {
    /// Names the alert of a rule about a subject of a connection that began at a time: FNV-1a of 64 bits over the three
    /// texts, each after its length, and the time, all numbers as eight bytes with the lowest first. The same on every
    /// computer and in every version, as the history keeps it.
    pub fn of(rule: &str, connection: &str, subject: &str, began: Timestamp) -> Self {
        let mut hash = Fnv::default();
        for text in [rule, connection, subject] {
            hash.bytes(&(text.len() as u64).to_le_bytes());
            hash.bytes(text.as_bytes());
        }
        hash.bytes(&began.millis().to_le_bytes());
        AlertId(hash.0)
    }
}

/// FNV-1a, 64 bits.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fnv(pub(super) u64);

impl Default for Fnv {
    fn default() -> Self {
        Fnv(0xcbf2_9ce4_8422_2325)
    }
}

impl Fnv {
    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_the_published_one() {
        let mut hash = Fnv::default();
        hash.bytes(b"foobar");
        assert_eq!(hash.0, 0x8594_4171_f739_67e8);
    }

    #[test]
    fn each_part_counts_and_where_it_ends() {
        let id = |rule, connection, subject, began| AlertId::of(rule, connection, subject, Timestamp(began));
        let one = id("a", "b", "c", 1);
        assert_eq!(one, id("a", "b", "c", 1));
        for other in [id("ab", "", "c", 1), id("a", "bc", "", 1), id("a", "b", "c", 2), id("b", "a", "c", 1)] {
            assert_ne!(one, other);
        }
        assert_eq!(one.to_string().parse(), Ok(one));
    }
}
