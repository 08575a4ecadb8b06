//! Sorting a long list for the few rows of it that are in sight.

use std::cmp::Ordering;

use compact_str::CompactString;

use crate::view::TableSpec;

/// The most rows that one frame carries of a list.
pub const MOST: u32 = 500;

/// What a row is sorted by.
#[derive(Debug, Clone, PartialEq)]
pub enum Key {
    /// A number.
    Number(f64),
    /// A text, by its bytes.
    Text(CompactString),
    /// The row has no such value: it comes last in both directions.
    Missing,
}

impl Key {
    /// A number where there is one.
    pub fn number(number: Option<f64>) -> Self {
        number.map_or(Key::Missing, Key::Number)
    }

    /// A text where there is one.
    pub fn text(text: Option<&str>) -> Self {
        text.map_or(Key::Missing, |text| Key::Text(text.into()))
    }

    pub(super) fn order(&self, other: &Self, descending: bool) -> Ordering {
        let order = match (self, other) {
            (Key::Missing, Key::Missing) => return Ordering::Equal,
            (Key::Missing, _) => return Ordering::Greater,
            (_, Key::Missing) => return Ordering::Less,
            (Key::Number(a), Key::Number(b)) => a.total_cmp(b),
            (Key::Text(a), Key::Text(b)) => a.cmp(b),
            (Key::Number(_), Key::Text(_)) => Ordering::Less,
            (Key::Text(_), Key::Number(_)) => Ordering::Greater,
        };
        if descending { order.reverse() } else { order }
    }
}

/// The rows in sight and how many come before them. Only as much is put in order as is in sight: of a hundred thousand
/// rows, a page costs a look at each and a sort of the page.
pub fn window<T: Ord + Copy>(mut rows: Vec<(Key, T)>, table: &TableSpec) -> (u32, Vec<T>) {
    let descending = table.sort.as_ref().is_some_and(|sort| sort.descending);
    let limit = table.limit.min(MOST) as usize;
    let start = (table.offset as usize).min(rows.len().saturating_sub(limit));
    let end = (start + limit).min(rows.len());
    // Equal keys are ordered by the row itself, so that rows do not change places from frame to frame.
    let order = |a: &(Key, T), b: &(Key, T)| a.0.order(&b.0, descending).then_with(|| a.1.cmp(&b.1));
    if start < end {
        if end < rows.len() {
            rows.select_nth_unstable_by(end - 1, order);
            rows.truncate(end);
        }
        if start > 0 {
            rows.select_nth_unstable_by(start, order);
        }
        rows[start..].sort_unstable_by(order);
    }
    (u32::try_from(start).unwrap_or(u32::MAX), rows.drain(start..end).map(|(_, row)| row).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::Sort;
    use proptest::prelude::*;

    fn spec(offset: u32, limit: u32, descending: bool) -> TableSpec {
        TableSpec { offset, limit, sort: Some(Sort { column: "x".into(), descending }), filter: String::new() }
    }

    proptest! {
        #[test]
        fn a_window_is_what_a_full_sort_has_there(
            keys in prop::collection::vec(prop::option::of(0u8..9), 0..60), offset in 0u32..70, limit in 0u32..20, descending: bool,
        ) {
            let rows: Vec<_> = keys.iter().enumerate().map(|(at, key)| (Key::number(key.map(f64::from)), at)).collect();
            let mut sorted = rows.clone();
            sorted.sort_by(|a, b| a.0.order(&b.0, descending).then(a.1.cmp(&b.1)));
            let (start, seen) = window(rows, &spec(offset, limit, descending));
            let expected: Vec<_> = sorted.iter().skip(start as usize).take(limit as usize).map(|row| row.1).collect();
            prop_assert_eq!(seen, expected);
        }
    }

    #[test]
    fn missing_values_come_last_both_ways() {
        let rows = vec![(Key::Missing, 0), (Key::Number(1.0), 1), (Key::Number(2.0), 2)];
        assert_eq!(window(rows.clone(), &spec(0, 9, false)).1, [1, 2, 0]);
        assert_eq!(window(rows, &spec(0, 9, true)).1, [2, 1, 0]);
    }
}
