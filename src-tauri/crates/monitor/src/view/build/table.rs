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

/// How many rows come before those in sight, whether any of these stands elsewhere than in its order, and the rows: what is
/// held in the places it has, as far as `find` knows it, and in all other places what belongs in sight.
pub fn in_sight<T: Ord + Copy>(
    rows: Vec<(Key, T)>,
    table: &TableSpec,
    find: impl FnMut(&str) -> Option<T>,
) -> (u32, bool, Vec<T>) {
    let (first, keys) = table.held.as_ref().map_or((0, &[][..]), |held| (held.offset as usize, &held.keys[..]));
    let (start, belonging) = window(rows, table, first + keys.len());
    let held: Vec<Option<T>> = keys.iter().take(MOST as usize).map(String::as_str).map(find).collect();
    let places = start as usize..start.saturating_add(table.limit.min(MOST)) as usize;
    let at = |place: usize| place.checked_sub(first).and_then(|place| *held.get(place)?);
    let kept: Vec<T> = places.clone().filter_map(at).collect();
    let mut others = belonging.iter().filter(|row| !kept.contains(row)).copied();
    let seen: Vec<T> = places.filter_map(|place| at(place).or_else(|| others.next())).collect();
    let moved = seen != belonging;
    (start, moved, seen)
}

/// The rows that belong in sight and how many come before them, of a list that is at least so long. Only as much is put in
/// order as is in sight: of a hundred thousand rows, a page costs a look at each and a sort of the page.
fn window<T: Ord + Copy>(mut rows: Vec<(Key, T)>, table: &TableSpec, least: usize) -> (u32, Vec<T>) {
    let descending = table.sort.as_ref().is_some_and(|sort| sort.descending);
    let limit = table.limit.min(MOST) as usize;
    let start = (table.offset as usize).min(rows.len().max(least).saturating_sub(limit));
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
    (u32::try_from(start).unwrap_or(u32::MAX), rows.drain(start.min(end)..end).map(|(_, row)| row).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::{HeldRows, Sort};
    use proptest::prelude::*;

    fn spec(offset: u32, limit: u32, descending: bool) -> TableSpec {
        TableSpec {
            offset,
            limit,
            sort: Some(Sort { column: "x".into(), descending }),
            filter: String::new(),
            held: None,
        }
    }

    proptest! {
        #[test]
        fn a_window_is_what_a_full_sort_has_there(
            keys in prop::collection::vec(prop::option::of(0u8..9), 0..60), offset in 0u32..70, limit in 0u32..20, descending: bool,
        ) {
            let rows: Vec<_> = keys.iter().enumerate().map(|(at, key)| (Key::number(key.map(f64::from)), at)).collect();
            let mut sorted = rows.clone();
            sorted.sort_by(|a, b| a.0.order(&b.0, descending).then(a.1.cmp(&b.1)));
            let (start, seen) = window(rows, &spec(offset, limit, descending), 0);
            let expected: Vec<_> = sorted.iter().skip(start as usize).take(limit as usize).map(|row| row.1).collect();
            prop_assert_eq!(seen, expected);
        }
    }

    #[test]
    fn what_is_held_keeps_its_place_and_of_what_is_gone_another_takes_it() {
        let rows: Vec<_> =
            [3.0, 1.0, 2.0, 5.0].into_iter().zip(0..).map(|(key, row)| (Key::Number(key), row)).collect();
        let keys = ["3", "7", "0", "9"].map(String::from).to_vec();
        let find = |key: &str| key.parse().ok().filter(|row| *row < 4 || *row == 9);
        let seen = |offset, limit, held| {
            let held = Some(HeldRows { offset: held, keys: keys.clone() });
            in_sight(rows.clone(), &TableSpec { held, ..spec(offset, limit, false) }, find)
        };
        // Row 9 passes the filter no longer and is held all the same; row 7 there is none.
        assert_eq!(seen(0, 9, 0), (0, true, vec![3, 1, 0, 9, 2]));
        assert_eq!(seen(0, 2, 0), (0, true, vec![3, 1]));
        // Scrolled on by two, and held from the second row on.
        assert_eq!(seen(2, 2, 0), (2, true, vec![0, 9]));
        assert_eq!(seen(0, 4, 1), (0, true, vec![1, 3, 2, 0]));
        // Held where the list has become too short for it.
        assert_eq!(seen(6, 4, 6), (6, true, vec![3, 0, 9]));
        assert_eq!(in_sight(rows, &spec(1, 2, false), find), (1, false, vec![2, 0]));
    }

    #[test]
    fn missing_values_come_last_both_ways() {
        let rows = vec![(Key::Missing, 0), (Key::Number(1.0), 1), (Key::Number(2.0), 2)];
        assert_eq!(window(rows.clone(), &spec(0, 9, false), 0).1, [1, 2, 0]);
        assert_eq!(window(rows, &spec(0, 9, true), 0).1, [2, 1, 0]);
    }
}
