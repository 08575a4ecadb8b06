//! Buckets packed into bytes: one to three bytes for a number that changes little, none for one that does not.
//!
//! A block is a list of fields: the field's number, how its values are written, how many tokens, the tokens. A token says
//! how many slots were passed over and is one bucket, or says how often the one before comes again.

use std::collections::BTreeMap;

use crate::history::Bucket;

/// Buckets by field and slot, slots counted from the block's beginning.
pub(in crate::history) type Block = BTreeMap<u64, BTreeMap<u32, Bucket>>;

/// Slots of one block at most; what claims more is broken.
pub(in crate::history) const MOST_SLOTS: u32 = 64;
/// Fields of one block at most.
pub(in crate::history) const MOST_FIELDS: usize = 256;

/// Values as decimals: whole numbers after so many shifts, each the difference to the one before.
const MOST_DIGITS: u8 = 6;
/// Values with seven digits, four bytes.
const SINGLE: u8 = 255;
/// Values as they are, eight bytes.
const DOUBLE: u8 = 254;

const ONE: u64 = 0;
const FLAT: u64 = 1;
const FULL: u64 = 2;
const REPEAT: u64 = 3;
/// Steps between least and greatest in which a mean is kept.
const STEPS: f64 = 65_535.0;

/// Packs a block.
pub(in crate::history) fn pack(block: &Block) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (field, buckets) in block.iter().filter(|(_, buckets)| !buckets.is_empty()).take(MOST_FIELDS) {
        let scale = scale(buckets.values());
        let mut out = Out { bytes: Vec::new(), scale, last: 0 };
        let mut tokens = 0u64;
        let mut next = 0;
        let mut before: Option<Bucket> = None;
        let mut again = 0u64;
        for (slot, bucket) in buckets {
            let skip = u64::from(slot.saturating_sub(next));
            next = slot + 1;
            if skip == 0 && before == Some(*bucket) {
                again += 1;
                continue;
            }
            if again > 0 {
                out.varint(again << 2 | REPEAT);
                tokens += 1;
                again = 0;
            }
            tokens += 1;
            out.bucket(skip, *bucket);
            before = Some(*bucket);
        }
        if again > 0 {
            out.varint(again << 2 | REPEAT);
            tokens += 1;
        }
        varint(&mut bytes, *field);
        bytes.push(scale);
        varint(&mut bytes, tokens);
        bytes.append(&mut out.bytes);
    }
    bytes
}

/// Unpacks a block; what is broken in it, and what comes after that, is left out.
pub(in crate::history) fn unpack(bytes: &[u8]) -> Block {
    let mut block = Block::new();
    let mut input = In { bytes, scale: 0, last: 0 };
    while block.len() < MOST_FIELDS {
        let Some((field, buckets)) = input.field() else { break };
        block.insert(field, buckets);
    }
    block
}

struct Out {
    bytes: Vec<u8>,
    scale: u8,
    last: i64,
}

impl Out {
    fn varint(&mut self, number: u64) {
        varint(&mut self.bytes, number);
    }

    fn bucket(&mut self, skip: u64, bucket: Bucket) {
        #[expect(clippy::float_cmp, reason = "the very same number, as it is when there was one")]
        let flat = bucket.min == bucket.max;
        let tag = match (flat, bucket.count) {
            (true, 1) => ONE,
            (true, _) => FLAT,
            (false, _) => FULL,
        };
        self.varint(skip << 2 | tag);
        if tag != ONE {
            self.varint(u64::from(bucket.count));
        }
        self.value(bucket.min);
        if tag == FULL {
            let least = self.last;
            self.value(bucket.max);
            self.last = least;
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and STEPS")]
            let mean =
                ((bucket.mean() - bucket.min) / (bucket.max - bucket.min) * STEPS).clamp(0.0, STEPS).round() as u16;
            self.bytes.extend(mean.to_le_bytes());
        }
    }

    fn value(&mut self, value: f64) {
        #[expect(clippy::cast_possible_truncation, reason = "the scale was chosen so that it fits")]
        match self.scale {
            SINGLE => self.bytes.extend((value as f32).to_le_bytes()),
            DOUBLE => self.bytes.extend(value.to_le_bytes()),
            digits => {
                let whole = (value * power(digits)).round() as i64;
                let step = whole - self.last;
                self.last = whole;
                self.varint((step << 1 ^ step >> 63).cast_unsigned());
            }
        }
    }
}

struct In<'a> {
    bytes: &'a [u8],
    scale: u8,
    last: i64,
}

impl In<'_> {
    fn field(&mut self) -> Option<(u64, BTreeMap<u32, Bucket>)> {
        let field = self.varint()?;
        self.scale = self.take::<1>()?[0];
        self.last = 0;
        let tokens = self.varint()?;
        let mut buckets = BTreeMap::new();
        let mut next = 0u32;
        for _ in 0..tokens {
            let head = self.varint()?;
            let number = u32::try_from(head >> 2).ok().filter(|number| *number <= MOST_SLOTS)?;
            if head & 3 == REPEAT {
                let (_, before) = buckets.last_key_value().map(|(slot, bucket)| (*slot, *bucket))?;
                for _ in 0..number {
                    buckets.insert(next, before);
                    next += 1;
                }
            } else {
                let bucket = self.bucket(head & 3)?;
                buckets.insert(next + number, bucket);
                next += number + 1;
            }
            if next > MOST_SLOTS {
                return None;
            }
        }
        Some((field, buckets))
    }

    fn bucket(&mut self, tag: u64) -> Option<Bucket> {
        let count = if tag == ONE { 1 } else { u32::try_from(self.varint()?).ok()? };
        let min = self.value()?;
        if tag != FULL {
            return Some(Bucket { min, max: min, sum: min * f64::from(count), count });
        }
        let least = self.last;
        let max = self.value()?;
        self.last = least;
        let mean = min + (max - min) * f64::from(u16::from_le_bytes(self.take()?)) / STEPS;
        Some(Bucket { min, max, sum: mean * f64::from(count), count })
    }

    fn value(&mut self) -> Option<f64> {
        match self.scale {
            SINGLE => Some(f64::from(f32::from_le_bytes(self.take()?))),
            DOUBLE => Some(f64::from_le_bytes(self.take()?)),
            digits if digits <= MOST_DIGITS => {
                let zigzag = self.varint()?;
                let step = (zigzag >> 1).cast_signed() ^ -(zigzag & 1).cast_signed();
                self.last = self.last.checked_add(step)?;
                #[expect(clippy::cast_precision_loss, reason = "was made of one that fits")]
                Some(self.last as f64 / power(digits))
            }
            _ => None,
        }
    }

    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (taken, rest) = self.bytes.split_first_chunk::<N>()?;
        self.bytes = rest;
        Some(*taken)
    }

    fn varint(&mut self) -> Option<u64> {
        let mut number = 0u64;
        for shift in (0..64).step_by(7) {
            let [byte] = self.take()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }
}

/// The shortest way that keeps each value: as few decimals as do, else seven digits.
fn scale<'a>(buckets: impl Iterator<Item = &'a Bucket> + Clone) -> u8 {
    let values = buckets.flat_map(|bucket| [bucket.min, bucket.max]);
    let keeps = |digits: u8| {
        values.clone().all(|value| {
            let whole = (value * power(digits)).round();
            // What a sum left in the last of sixteen digits is no part of the number.
            let same = (whole / power(digits) - value).abs() <= value.abs() * 1e-13;
            same && whole.abs() < (1u64 << 52) as f64
        })
    };
    #[expect(clippy::cast_possible_truncation, reason = "that is what is looked at")]
    let single = values.clone().all(|value| (value as f32).is_finite());
    (0..=MOST_DIGITS).find(|digits| keeps(*digits)).unwrap_or(if single { SINGLE } else { DOUBLE })
}

fn power(digits: u8) -> f64 {
    10f64.powi(i32::from(digits))
}

fn varint(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn buckets(values: impl Strategy<Value = f64> + Clone) -> impl Strategy<Value = Block> {
        let bucket = (values.clone(), values, 0.0..=1.0, 1..500u32).prop_map(|(one, other, part, count)| {
            let (min, max) = if count == 1 { (one, one) } else { (one.min(other), one.max(other)) };
            Bucket { min, max, sum: (min + (max - min) * part) * f64::from(count), count }
        });
        let field = prop::collection::btree_map(0..60u32, bucket, 1..60);
        prop::collection::btree_map(any::<u64>(), field, 0..8)
    }

    fn near(one: f64, other: f64, part: f64) -> bool {
        (one - other).abs() <= part * one.abs().max(other.abs())
    }

    fn assert_near(block: &Block, part: f64) -> Result<(), TestCaseError> {
        let read = unpack(&pack(block));
        prop_assert_eq!(read.keys().collect::<Vec<_>>(), block.keys().collect::<Vec<_>>());
        for (field, buckets) in block {
            prop_assert_eq!(read[field].keys().collect::<Vec<_>>(), buckets.keys().collect::<Vec<_>>());
            for (slot, bucket) in buckets {
                let read = read[field][slot];
                prop_assert_eq!(read.count, bucket.count);
                prop_assert!(near(read.min, bucket.min, part), "{} {}", read.min, bucket.min);
                prop_assert!(near(read.max, bucket.max, part), "{} {}", read.max, bucket.max);
                let range = (bucket.max - bucket.min).max(bucket.max.abs() * part);
                prop_assert!(
                    (read.mean() - bucket.mean()).abs()
                        <= range / 60_000.0 + bucket.max.abs().max(bucket.min.abs()) * part
                );
            }
        }
        Ok(())
    }

    proptest! {
        #[test]
        fn decimals_are_kept_as_they_are(block in buckets((-40_000_000i64..40_000_000).prop_map(|whole| whole as f64 / 1000.0))) {
            assert_near(&block, 1e-12)?;
        }

        #[test]
        fn every_other_number_keeps_seven_digits(block in buckets(-1e30f64..1e30)) {
            assert_near(&block, 1e-6)?;
        }

        #[test]
        fn the_greatest_numbers_are_kept_whole(block in buckets(-1e300f64..1e300)) {
            assert_near(&block, 1e-6)?;
        }

        #[test]
        fn nothing_that_is_read_is_too_much(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let block = unpack(&bytes);
            prop_assert!(block.len() <= MOST_FIELDS);
            prop_assert!(block.values().all(|buckets| buckets.len() <= MOST_SLOTS as usize));
        }
    }

    #[test]
    fn what_does_not_change_takes_no_room() {
        let buckets = |values: fn(u32) -> f64| (0..60).map(|slot| (slot, Bucket::one(values(slot)))).collect();
        let size = |values: fn(u32) -> f64| pack(&Block::from([(7, buckets(values))])).len();
        assert_eq!(size(|_| 12.6), 8);
        assert_eq!(size(|slot| 12.6 + f64::from(slot % 2) / 100.0), 4 + 2 * 60);
        assert_eq!(size(|slot| f64::from(slot).sqrt()), 3 + 5 * 60);
    }
}
