//! Things that are near to each other on a map, told together.

use super::mercator::Place;
use crate::view::{Area, MOST_MARKS};

/// How many states a thing may be in.
pub const STATES: usize = 6;
/// Two marks whose centres are nearer than this part of a cell would cover each other.
const TOUCHES: f64 = 0.8;

/// A thing to be placed.
#[derive(Debug, Clone, Copy)]
pub struct Point {
    /// Where it is.
    pub place: Place,
    /// Its state, the worst is 0.
    pub state: u8,
    /// Whether its connection is not live.
    pub stale: bool,
    /// Whether it is a standing alert.
    pub standing: bool,
    /// What tells it from the others.
    pub handle: u32,
}

/// One or several points that are near to each other.
#[derive(Debug, Clone)]
pub struct Group {
    /// How many there are.
    pub total: u32,
    /// How many of each state.
    pub counts: [u32; STATES],
    /// How many that are stale.
    pub stale: u32,
    /// How many standing alerts.
    pub standing: u32,
    /// What holds all of them.
    pub extent: Area,
    /// One of them.
    pub handle: u32,
    sum: (f64, f64),
}

/// The points in an area, each in exactly one group. A group is about `cell` wide, or wider where the area would hold more
/// groups than a map can show.
pub fn cluster(points: &[Point], area: Area, cell: f64) -> Vec<Group> {
    let grid = Grid::over(area, cell);
    let mut cells: Vec<Option<Group>> = vec![None; grid.columns * grid.rows];
    for point in points {
        let Some(seen) = area.holds(point.place) else { continue };
        let of = Group::of(point, seen);
        match &mut cells[grid.cell_of(seen)] {
            Some(group) => group.take(&of),
            empty => *empty = Some(of),
        }
    }
    grid.merge(cells)
}

/// Cells that stand still while the map is dragged: they are counted from the world's edge.
struct Grid {
    cell: f64,
    first: (i64, i64),
    columns: usize,
    rows: usize,
}

impl Grid {
    fn over(area: Area, cell: f64) -> Self {
        let mut cell = if cell.is_finite() { cell.clamp(1e-9, 1.0) } else { 1.0 };
        loop {
            let first = ((area.west / cell).floor() as i64, (area.north / cell).floor() as i64);
            let last = ((area.east / cell).floor() as i64, (area.south / cell).floor() as i64);
            let columns = usize::try_from(last.0 - first.0 + 1).unwrap_or(1);
            let rows = usize::try_from(last.1 - first.1 + 1).unwrap_or(1);
            if columns.saturating_mul(rows) <= MOST_MARKS {
                return Grid { cell, first, columns, rows };
            }
            cell *= 1.25;
        }
    }

    fn cell_of(&self, seen: Place) -> usize {
        let at = |value: f64, first: i64, count: usize| {
            usize::try_from((value / self.cell).floor() as i64 - first).unwrap_or(0).min(count - 1)
        };
        at(seen.y, self.first.1, self.rows) * self.columns + at(seen.x, self.first.0, self.columns)
    }

    /// Takes into the larger groups those beside them that they would cover.
    fn merge(&self, mut cells: Vec<Option<Group>>) -> Vec<Group> {
        let size = |cell: &Option<Group>| cell.as_ref().map_or(0, |group| group.total);
        let mut order: Vec<usize> = (0..cells.len()).filter(|&at| cells[at].is_some()).collect();
        order.sort_by_key(|&at| (std::cmp::Reverse(size(&cells[at])), at));
        let touches = (self.cell * TOUCHES).powi(2);
        let mut groups = Vec::with_capacity(order.len());
        for at in order {
            let Some(mut group) = cells[at].take() else { continue };
            let centre = group.centre();
            for beside in self.beside(at) {
                let near = cells[beside].as_ref().is_some_and(|other| {
                    let other = other.centre();
                    (other.x - centre.x).powi(2) + (other.y - centre.y).powi(2) < touches
                });
                if near && let Some(other) = cells[beside].take() {
                    group.take(&other);
                }
            }
            groups.push(group);
        }
        groups
    }

    fn beside(&self, at: usize) -> impl Iterator<Item = usize> + use<> {
        let (columns, rows) = (self.columns, self.rows);
        let (row, column) = (at / columns, at % columns);
        let near = move |value: usize, count: usize| value.saturating_sub(1)..(value + 2).min(count);
        let cells =
            near(row, rows).flat_map(move |row| near(column, columns).map(move |column| row * columns + column));
        cells.filter(move |&cell| cell != at)
    }
}

impl Group {
    /// The centre of mass.
    pub fn centre(&self) -> Place {
        let total = f64::from(self.total.max(1));
        Place { x: self.sum.0 / total, y: self.sum.1 / total }
    }

    fn of(point: &Point, seen: Place) -> Self {
        let mut counts = [0; STATES];
        counts[usize::from(point.state).min(STATES - 1)] = 1;
        Group {
            total: 1,
            counts,
            stale: u32::from(point.stale),
            standing: u32::from(point.standing),
            extent: Area { west: seen.x, north: seen.y, east: seen.x, south: seen.y },
            handle: point.handle,
            sum: (seen.x, seen.y),
        }
    }

    fn take(&mut self, other: &Group) {
        self.total += other.total;
        self.counts.iter_mut().zip(other.counts).for_each(|(count, more)| *count += more);
        self.stale += other.stale;
        self.standing += other.standing;
        self.sum = (self.sum.0 + other.sum.0, self.sum.1 + other.sum.1);
        self.extent = Area {
            west: self.extent.west.min(other.extent.west),
            north: self.extent.north.min(other.extent.north),
            east: self.extent.east.max(other.extent.east),
            south: self.extent.south.max(other.extent.south),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const WORLD: Area = Area { west: 0.0, north: 0.0, east: 1.0, south: 1.0 };

    fn point(x: f64, y: f64, state: u8, handle: u32) -> Point {
        Point {
            place: Place { x, y },
            state,
            stale: handle.is_multiple_of(3),
            standing: handle.is_multiple_of(5),
            handle,
        }
    }

    fn points() -> impl Strategy<Value = Vec<Point>> {
        // Half of them in one town, so that groups have many members.
        let place = prop_oneof![(0.0..1.0f64, 0.0..1.0f64), (0.54..0.541f64, 0.29..0.291f64)];
        prop::collection::vec((place, 0u8..6), 0..400).prop_map(|all| {
            all.into_iter().enumerate().map(|(i, ((x, y), state))| point(x, y, state, i as u32)).collect()
        })
    }

    /// From anywhere to anywhere, over the antimeridian too.
    fn area() -> impl Strategy<Value = Area> {
        (-0.6..1.2f64, 0.0..1.0f64, 0.0..1.0f64, 0.0..1.0f64).prop_map(|(west, width, north, height)| {
            Area { west, north, east: west + width, south: north + height }.sane()
        })
    }

    proptest! {
        #[test]
        fn every_point_in_sight_is_in_exactly_one_mark(points in points(), area in area(), cell in 1e-6..0.3f64) {
            let groups = cluster(&points, area, cell);
            prop_assert!(groups.len() <= MOST_MARKS);
            let seen: Vec<(&Point, Place)> =
                points.iter().filter_map(|point| Some((point, area.holds(point.place)?))).collect();
            let sum = |of: &dyn Fn(&Group) -> u32| groups.iter().map(of).sum::<u32>();
            let count = |of: &dyn Fn(&Point) -> bool| seen.iter().filter(|(point, _)| of(point)).count() as u32;
            prop_assert_eq!(sum(&|group| group.total), seen.len() as u32);
            prop_assert_eq!(sum(&|group| group.stale), count(&|point| point.stale));
            prop_assert_eq!(sum(&|group| group.standing), count(&|point| point.standing));
            for state in 0..STATES {
                prop_assert_eq!(sum(&|group| group.counts[state]), count(&|point| usize::from(point.state) == state));
            }
            for group in &groups {
                prop_assert_eq!(group.counts.iter().sum::<u32>(), group.total);
                let Place { x, y } = group.centre();
                let Area { west, north, east, south } = group.extent;
                let near = 1e-12;
                prop_assert!(west - near <= x && x <= east + near && north - near <= y && y <= south + near);
                prop_assert!(area.west <= west && east <= area.east && area.north <= north && south <= area.south);
                if group.total == 1 {
                    prop_assert!(seen.iter().any(|(point, at)| point.handle == group.handle && *at == group.centre()));
                }
            }
            // No mark covers another that it could have taken in.
            let mut handles: Vec<u32> = groups.iter().map(|group| group.handle).collect();
            handles.sort_unstable();
            handles.dedup();
            prop_assert_eq!(handles.len(), groups.len());
        }

        #[test]
        fn dragging_the_map_moves_no_mark_that_stays_in_its_middle(points in points(), by in 0.0..0.02f64) {
            let area = Area { west: 0.3, north: 0.1, east: 0.8, south: 0.6 };
            let dragged = Area { west: area.west + by, east: area.east + by, ..area };
            let middle = |groups: Vec<Group>| {
                let mut held: Vec<(u32, f64)> = groups
                    .into_iter()
                    .filter(|group| group.extent.west > 0.45 && group.extent.east < 0.65 && group.extent.north > 0.25 && group.extent.south < 0.45)
                    .map(|group| (group.total, group.centre().x))
                    .collect();
                held.sort_by(|a, b| a.1.total_cmp(&b.1));
                held
            };
            prop_assert_eq!(middle(cluster(&points, area, 0.03)), middle(cluster(&points, dragged, 0.03)));
        }
    }

    #[test]
    fn a_mark_over_the_antimeridian_is_one() {
        let points = [point(0.999, 0.5, 0, 1), point(0.001, 0.5, 3, 2)];
        let area = Area { west: 0.9, north: 0.3, east: 1.3, south: 0.7 };
        let groups = cluster(&points, area, 0.01);
        assert_eq!(groups.len(), 1);
        assert!((groups[0].centre().x - 1.0).abs() < 1e-9);
        assert_eq!(groups[0].counts, [1, 0, 0, 1, 0, 0]);
    }

    #[test]
    fn what_is_far_apart_is_told_apart_and_what_is_at_one_place_never() {
        let points = [point(0.2, 0.2, 0, 1), point(0.2, 0.2, 3, 2), point(0.7, 0.7, 3, 3)];
        let groups = cluster(&points, WORLD, 0.05);
        let totals: Vec<u32> = groups.iter().map(|group| group.total).collect();
        assert_eq!(totals, [2, 1]);
        assert_eq!(groups[0].extent, Area { west: 0.2, north: 0.2, east: 0.2, south: 0.2 });
        let near = Area { west: 0.199_999, north: 0.199_999, east: 0.200_001, south: 0.200_001 };
        assert_eq!(cluster(&points, near, 1e-9).len(), 1);
    }
}
