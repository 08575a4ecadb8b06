//! The signals screen: what stands, and the feed.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use fleet::Signal;
use protocol::Protocol;

use super::table::MOST;
use super::{Sight, count64};
use crate::view::picture::{SignalRow, SignalsPage, StreamRow};
use crate::watched::Watched;

/// The signals screen: the feed of one stream or all, from a severity on.
pub fn page(sight: &Sight<'_>, stream: Option<&str>, min_severity: u8, limit: u32) -> SignalsPage {
    let mut page = SignalsPage { standing: standing(sight), ..SignalsPage::default() };
    let limit = limit.min(MOST) as usize;
    let mut streams: BTreeMap<String, u32> = BTreeMap::new();
    for (_, watched) in sight.of(Protocol::Hydra) {
        let part = watched.part.lock();
        let stale = part.is_stale();
        for known in part.state.signals.streams() {
            let count = streams.entry(known.name.to_string()).or_default();
            *count = count.saturating_add(count64(known.count));
            if stream.is_some_and(|wanted| wanted != known.name) {
                continue;
            }
            let passing = known.signals().rev().filter(|signal| signal.severity.unwrap_or(0) >= min_severity);
            page.feed.extend(passing.take(limit).map(|signal| row(signal, watched, stale)));
        }
    }
    latest_first(&mut page.feed);
    page.feed.truncate(limit);
    page.streams = streams.into_iter().map(|(stream, count)| StreamRow { stream, count }).collect();
    page
}

/// Alerts of the services that are issued and not cleared, the latest first.
pub fn standing(sight: &Sight<'_>) -> Vec<SignalRow> {
    let mut standing = Vec::new();
    for (_, watched) in sight.of(Protocol::Hydra) {
        let part = watched.part.lock();
        let stale = part.is_stale();
        standing.extend(part.state.signals.issued().iter().map(|signal| row(signal, watched, stale)));
    }
    latest_first(&mut standing);
    standing
}

fn latest_first(rows: &mut [SignalRow]) {
    rows.sort_by(|a, b| (Reverse(a.at), &a.key).cmp(&(Reverse(b.at), &b.key)));
}

fn row(signal: &Signal, watched: &Watched, stale: bool) -> SignalRow {
    SignalRow {
        key: format!("{}/{}", watched.name(), signal.sequence),
        connection: watched.name().to_owned(),
        number: count64(signal.sequence),
        id: signal.id.to_string(),
        stream: signal.stream.to_string(),
        signal_type: signal.signal_type.to_string(),
        title: signal.title.as_ref().unwrap_or(&signal.signal_type).to_string(),
        description: signal.description.as_ref().map(ToString::to_string),
        category: signal.category.as_ref().map(ToString::to_string),
        severity: signal.severity,
        place: signal.place,
        cities: signal.cities.iter().map(ToString::to_string).collect(),
        at: signal.at.millis(),
        stale,
    }
}
