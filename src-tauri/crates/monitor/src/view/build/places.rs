//! Places on a map: where devices and signals are, of that only what is in sight.

mod cluster;
mod gather;
mod mercator;

use std::hash::{DefaultHasher, Hash, Hasher};

use cluster::{Group, cluster};
use gather::Gathered;
pub(super) use gather::place_of;

use super::{Sight, count, in_scope};
use crate::monitor::Monitor;
use crate::view::{Area, ListSpec, MOST_LISTED, PlaceList, PlaceMark, PlaceRow, Places, PlacesOf, PlacesSpec};

impl Monitor {
    /// What a map shows of a part of the world.
    pub fn places(&self, spec: &PlacesSpec) -> Places {
        let connections = in_scope(&spec.scope, self.connections());
        places(&Sight { now: self.now(), connections: &connections }, spec)
    }
}

fn places(sight: &Sight<'_>, spec: &PlacesSpec) -> Places {
    let gathered = match &spec.of {
        PlacesOf::Devices { filter } => gather::devices(sight, filter),
        PlacesOf::Signals { stream, min_severity } => gather::signals(sight, stream.as_deref(), *min_severity),
    };
    let area = spec.area.sane();
    let marks: Vec<PlaceMark> =
        cluster(&gathered.points, area, spec.cell).iter().map(|group| mark(group, &gathered, sight)).collect();
    let version = version(&marks);
    Places {
        version,
        marks: (version != spec.have).then_some(marks),
        total: count(gathered.total),
        matching: count(gathered.matching),
        unplaced: count(gathered.unplaced),
        misplaced: count(gathered.misplaced),
        extent: Area::around(gathered.points.iter().map(|point| point.place)),
        list: spec.list.map(|list| listed(list, &gathered, sight)),
        followed: spec.follow.as_ref().and_then(|device| gather::followed(sight, device)),
    }
}

fn mark(group: &Group, gathered: &Gathered, sight: &Sight<'_>) -> PlaceMark {
    let centre = group.centre();
    let single = group.total == 1;
    PlaceMark {
        x: rounded(centre.x),
        y: rounded(centre.y),
        counts: group.counts[..gathered.states].to_vec(),
        stale: group.stale,
        standing: group.standing,
        extent: (!single).then_some(group.extent),
        one: single.then(|| gathered.row(group.handle, sight)).flatten(),
    }
}

/// The first rows of what lies in an area, the worst first and then by title.
fn listed(list: ListSpec, gathered: &Gathered, sight: &Sight<'_>) -> PlaceList {
    let area = list.area.sane();
    let mut held: Vec<(u8, &str, u32)> = gathered
        .points
        .iter()
        .filter(|point| area.holds(point.place).is_some())
        .map(|point| (point.state, gathered.title(point.handle), point.handle))
        .collect();
    let total = count(held.len());
    let mut counts = vec![0; gathered.states];
    for (state, ..) in &held {
        counts[usize::from(*state).min(gathered.states - 1)] += 1;
    }
    let limit = list.limit.min(MOST_LISTED) as usize;
    if held.len() > limit && limit > 0 {
        held.select_nth_unstable(limit - 1);
    }
    held.truncate(limit);
    held.sort_unstable();
    let rows = held.into_iter().filter_map(|(_, _, handle)| gathered.row(handle, sight)).collect();
    PlaceList { total, counts, rows }
}

/// Four centimetres are near enough, and half as many digits.
fn rounded(value: f64) -> f64 {
    (value * 1e9).round() / 1e9
}

/// A number that other marks do not have; never 0.
fn version(marks: &[PlaceMark]) -> u32 {
    let mut hasher = DefaultHasher::new();
    for mark in marks {
        (mark.x.to_bits(), mark.y.to_bits(), &mark.counts, mark.stale, mark.standing).hash(&mut hasher);
        if let Some(PlaceRow { key, since, told, .. }) = &mark.one {
            (key, since, told).hash(&mut hasher);
        }
    }
    (hasher.finish() as u32).max(1)
}

#[cfg(test)]
mod tests;
