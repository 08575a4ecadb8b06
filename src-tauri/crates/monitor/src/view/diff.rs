//! What changed between two pictures. A frame applied to the picture that it was made from gives the new one.

use std::collections::HashMap;

use super::frame::{RowsFrame, RunFrame};
use super::picture::{Row, Rows, RunPicture};

/// The new value, where it is not the old one.
pub fn changed<T: PartialEq + Clone>(old: Option<&T>, new: &T) -> Option<T> {
    (old != Some(new)).then(|| new.clone())
}

/// What changed of the rows in sight.
pub fn rows<T: Row>(old: Option<&Rows<T>>, new: &Rows<T>) -> RowsFrame<T> {
    let had: HashMap<&str, &T> = old.into_iter().flat_map(|old| &old.rows).map(|row| (row.key(), row)).collect();
    let same_order = old.is_some_and(|old| old.rows.iter().map(Row::key).eq(new.rows.iter().map(Row::key)));
    RowsFrame {
        total: new.total,
        matching: new.matching,
        offset: new.offset,
        moved: new.moved,
        order: (!same_order).then(|| new.rows.iter().map(|row| row.key().to_owned()).collect()),
        changed: new.rows.iter().filter(|row| had.get(row.key()) != Some(row)).cloned().collect(),
    }
}

/// What changed of a run's table; another run is told as a whole.
pub fn run(old: Option<&RunPicture>, new: &RunPicture) -> RunFrame {
    let old = old.filter(|old| old.run.key == new.run.key);
    RunFrame {
        run: changed(old.map(|old| &old.run), &new.run),
        columns: changed(old.map(|old| &old.columns), &new.columns),
        rows: rows(old.map(|old| &old.rows), &new.rows),
        outcomes: changed(old.map(|old| &old.outcomes), &new.outcomes),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::picture::{Cell, NodeRow};
    use proptest::prelude::*;

    /// What the page does with a rows frame.
    fn apply(held: &mut HashMap<String, NodeRow>, order: &mut Vec<String>, frame: RowsFrame<NodeRow>) -> Vec<NodeRow> {
        if let Some(new) = frame.order {
            *order = new;
        }
        held.extend(frame.changed.into_iter().map(|row| (row.key.clone(), row)));
        held.retain(|key, _| order.contains(key));
        order.iter().map(|key| held[key].clone()).collect()
    }

    fn picture() -> impl Strategy<Value = Rows<NodeRow>> {
        let row = (0u8..20, 0u8..3);
        prop::collection::vec(row, 0..12).prop_map(|rows| {
            let mut seen = std::collections::HashSet::new();
            let rows: Vec<_> = rows
                .into_iter()
                .filter(|(key, _)| seen.insert(*key))
                .map(|(key, value)| NodeRow { key: key.to_string(), cells: vec![Cell::Number(f64::from(value))] })
                .collect();
            Rows { total: 20, matching: 20, offset: 0, moved: false, rows }
        })
    }

    proptest! {
        #[test]
        fn a_picture_followed_by_frames_equals_the_last_picture(pictures in prop::collection::vec(picture(), 1..10)) {
            let (mut held, mut order) = (HashMap::new(), Vec::new());
            let mut old: Option<&Rows<NodeRow>> = None;
            for new in &pictures {
                let frame = rows(old, new);
                prop_assert_eq!(&apply(&mut held, &mut order, frame), &new.rows);
                old = Some(new);
            }
        }
    }

    #[test]
    fn an_unchanged_picture_sends_nothing() {
        let same = Rows {
            total: 1,
            matching: 1,
            offset: 0,
            moved: false,
            rows: vec![NodeRow { key: "a".into(), cells: vec![] }],
        };
        let frame = rows(Some(&same), &same.clone());
        assert!(frame.order.is_none() && frame.changed.is_empty());
    }
}
