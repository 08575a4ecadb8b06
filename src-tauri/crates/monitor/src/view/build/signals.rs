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
            page.feed.extend(passing.take(limit).map(|signal| row(signal, watched, (stale, false))));
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
        let issued = part.state.signals.issued().iter();
        standing.extend(issued.map(|signal| row(signal, watched, (stale, part.is_unconfirmed(signal)))));
    }
    latest_first(&mut standing);
    standing
}

fn latest_first(rows: &mut [SignalRow]) {
    rows.sort_by(|a, b| (Reverse(a.at), &a.key).cmp(&(Reverse(b.at), &b.key)));
}

fn row(signal: &Signal, watched: &Watched, (stale, unconfirmed): (bool, bool)) -> SignalRow {
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
        unconfirmed,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use fleet::rule::{About, Detector};
    use jiff::tz::TimeZone;
    use protocol::event::AlertChange;
    use protocol::{Connection, EventBody, StreamEvent, Timestamp};

    use super::*;

    const NOW: Timestamp = Timestamp(1_700_000_000_000);

    fn after(seconds: i64) -> Timestamp {
        Timestamp(NOW.millis() + seconds * 1_000)
    }

    fn issue(watched: &Watched, id: &'static str, at: Timestamp) {
        let body = EventBody::Signal(protocol::event::Signal {
            stream: "alerts".into(),
            signal_type: "alert_issued".into(),
            signal: Some(id.into()),
            alert: Some(AlertChange::Issued),
            title: None,
            description: None,
            category: None,
            severity: Some(4),
            place: None,
            cities: Vec::new(),
        });
        watched.part.lock().state.apply(&StreamEvent { at: Some(at), body, data: "{}" }, at);
    }

    #[test]
    fn an_alert_from_before_a_gap_is_not_confirmed_until_it_is_issued_again_and_the_feed_is_what_was_heard() {
        let connection: Connection = serde_json::from_value(
            serde_json::json!({ "name": "intel", "protocol": "hydra", "url": "wss://h/stream" }),
        )
        .unwrap();
        let about = About { name: "intel", tags: &[], protocol: connection.protocol };
        let detector = Detector::new(&[], &about, TimeZone::UTC);
        let connections = [Arc::new(Watched::new(connection, false, detector, (None, Vec::new()), NOW))];
        let sight = Sight { now: NOW, connections: &connections };
        let unconfirmed = || -> Vec<String> {
            standing(&sight).into_iter().filter(|row| row.unconfirmed).map(|row| row.id).collect()
        };
        issue(&connections[0], "storm", NOW);
        issue(&connections[0], "flood", NOW);
        assert_eq!(unconfirmed(), Vec::<String>::new());
        connections[0].part.lock().state.signals.doubt(after(60));
        issue(&connections[0], "heat", after(61));
        assert_eq!(unconfirmed(), ["storm", "flood"]);
        issue(&connections[0], "storm", after(70));
        assert_eq!(unconfirmed(), ["flood"]);
        let page = page(&sight, None, 0, 100);
        assert_eq!((page.feed.len(), page.feed.iter().filter(|row| row.unconfirmed).count()), (4, 0));
    }
}
