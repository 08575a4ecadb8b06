//! Web Mercator, and parts of the world in it.

use std::f64::consts::PI;

use crate::view::Area;

/// How many slots the world's width is parted into where its emptiest stretch is looked for.
const SLOTS: usize = 720;

/// A place in the world, 0 to 1 from west to east and from north to south.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    pub x: f64,
    pub y: f64,
}

impl Place {
    /// The place of a latitude and longitude in degrees. `None` where they are none: out of range, not a number, or
    /// exactly 0° 0′, which receivers tell that have no fix. Beyond 85° a place lies on the map's edge.
    pub fn of(lat: f64, long: f64) -> Option<Self> {
        if !(lat.abs() <= 90.0 && long.abs() <= 180.0) || (lat == 0.0 && long == 0.0) {
            return None;
        }
        let x = (long + 180.0) / 360.0;
        let y = 0.5 - lat.to_radians().tan().asinh() / (2.0 * PI);
        // 180° E is 180° W.
        Some(Place { x: if x >= 1.0 { 0.0 } else { x }, y: y.clamp(0.0, 1.0) })
    }
}

impl Area {
    /// An area that can be looked at: its edges in order, no wider than the world, and near enough to it. Without a
    /// number for each edge it is empty.
    pub fn sane(self) -> Self {
        let finite = |edge: f64| if edge.is_finite() { edge.clamp(-2.0, 3.0) } else { 0.0 };
        let west = finite(self.west);
        let east = finite(self.east).clamp(west, west + 1.0);
        let north = finite(self.north).clamp(0.0, 1.0);
        Area { west, north, east, south: finite(self.south).clamp(north, 1.0) }
    }

    /// Where a place lies as seen in this area, with its `x` counted on from the area's west; `None` where it does not.
    pub fn holds(self, place: Place) -> Option<Place> {
        let x = self.west + (place.x - self.west).rem_euclid(1.0);
        let seen = x <= self.east && place.y >= self.north && place.y <= self.south;
        seen.then_some(Place { x, y: place.y })
    }

    /// The least area that holds all places, over the antimeridian where that is shorter.
    pub fn around(places: impl Iterator<Item = Place>) -> Option<Self> {
        let mut slots = [None::<(f64, f64)>; SLOTS];
        let (mut north, mut south) = (f64::INFINITY, f64::NEG_INFINITY);
        for place in places {
            (north, south) = (north.min(place.y), south.max(place.y));
            let slot = &mut slots[((place.x * SLOTS as f64) as usize).min(SLOTS - 1)];
            let (least, most) = slot.unwrap_or((place.x, place.x));
            *slot = Some((least.min(place.x), most.max(place.x)));
        }
        let taken: Vec<(f64, f64)> = slots.into_iter().flatten().collect();
        let (first, last) = (taken.first()?, taken.last()?);
        // What comes after the emptiest stretch is the west.
        let mut widest = first.0 + 1.0 - last.1;
        let (mut west, mut east) = (first.0, last.1);
        for pair in taken.windows(2) {
            if pair[1].0 - pair[0].1 > widest {
                widest = pair[1].0 - pair[0].1;
                (west, east) = (pair[1].0, pair[0].1 + 1.0);
            }
        }
        Some(Area { west, north, east, south })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn place(lat: f64, long: f64) -> Place {
        Place::of(lat, long).unwrap()
    }

    #[test]
    fn what_receivers_tell_without_a_fix_is_no_place() {
        for (lat, long) in [(0.0, 0.0), (91.0, 0.0), (12.0, 180.5), (f64::NAN, 1.0), (1.0, f64::INFINITY)] {
            assert_eq!(Place::of(lat, long), None, "{lat} {long}");
        }
        assert!(Place::of(0.0, 0.1).is_some());
    }

    #[test]
    fn the_world_is_a_square() {
        let middle = place(0.0, 0.000_001);
        assert!((middle.x - 0.5).abs() < 1e-6 && (middle.y - 0.5).abs() < 1e-6);
        assert!(place(85.051_128, 10.0).y < 1e-6 && place(-85.051_128, 10.0).y > 1.0 - 1e-6);
        assert_eq!((place(90.0, -180.0).y, place(90.0, 180.0).x), (0.0, 0.0));
        // Berlin, as every tile server has it: tile 550, 335 of level 10.
        let berlin = place(52.52, 13.405);
        assert_eq!(((berlin.x * 1024.0) as u32, (berlin.y * 1024.0) as u32), (550, 335));
    }

    #[test]
    fn what_lies_on_both_sides_of_the_antimeridian_is_near() {
        let area = Area::around([place(-17.0, 178.0), place(-14.0, -172.0)].into_iter()).unwrap();
        assert!(area.east > 1.0 && area.east - area.west < 0.03, "{area:?}");
        assert!(area.holds(place(-15.0, -179.0)).is_some_and(|seen| seen.x > 1.0));
        assert_eq!(area.holds(place(-15.0, 0.1)), None);
    }

    proptest! {
        #[test]
        fn the_area_around_holds_all_and_no_narrower_one_does(
            longs in prop::collection::vec(-180.0..180.0f64, 1..40),
        ) {
            let places: Vec<Place> = longs.iter().map(|long| place(20.0, *long)).collect();
            let area = Area::around(places.iter().copied()).unwrap();
            let wider = Area { west: area.west - 1e-9, east: area.east + 1e-9, ..area };
            prop_assert!(places.iter().all(|place| wider.holds(*place).is_some()));
            // The naive answer: each place as the west in turn.
            let width = |west: f64| places.iter().map(|place| (place.x - west).rem_euclid(1.0)).fold(0.0, f64::max);
            let narrowest = places.iter().map(|place| width(place.x)).fold(f64::INFINITY, f64::min);
            prop_assert!(area.east - area.west <= narrowest + 1e-9, "{} {narrowest}", area.east - area.west);
        }
    }
}
