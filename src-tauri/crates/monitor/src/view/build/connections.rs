//! The bar of connections and their cards.

use fleet::{Cause, Measure, SubscriptionStatus};
use link::LinkStatus;

use super::{Sight, count};
use crate::view::picture::{
    Chip, ConnectionCard, ConnectionDetail, ConnectionsPicture, DropRow, LogRow, RemovedRow, Status, SubscriptionRow,
    UnknownRow,
};
use crate::watched::{Part, Watched};
use crate::words;

/// Subscriptions that a card lists.
const SUBSCRIPTIONS: usize = 500;
/// Names of unknown messages that a card lists.
const UNKNOWN: usize = 20;
/// What is told of a connection that has been off all the time.
const WAS_OFF: &str = "it has not been on since Signalbox started";

/// What makes the picture of this moment incomplete, and in which words. That old jobs, posts or signals give way to newer ones
/// does not.
const INCOMPLETE: [(Cause, &str); 7] = [
    (Cause::ByService, "events dropped by the service, as it says"),
    (Cause::Devices, "events of devices beyond those that fit"),
    (Cause::Fields, "values of fields beyond those that fit"),
    (Cause::QueryRows, "rows of query answers beyond those that fit"),
    (Cause::QueryHosts, "hosts of a query beyond those that fit"),
    (Cause::LiveQueries, "live queries beyond those that fit"),
    (Cause::LiveQueryNodes, "rows of live queries beyond those that fit"),
];

/// All connections in scope, for the bar.
pub fn chips(sight: &Sight<'_>) -> Vec<Chip> {
    sight.connections.iter().map(|watched| chip(watched, &watched.part.lock())).collect()
}

/// All connections in scope, what is wrong first, and what there is to tell of the one that is open.
pub fn page(sight: &Sight<'_>, open: Option<&str>, removed: Vec<RemovedRow>) -> ConnectionsPicture {
    let mut cards: Vec<_> = sight.connections.iter().map(|watched| card(watched)).collect();
    // Among alike the order of the configuration.
    cards.sort_by_key(|card| rank(&card.chip));
    let open = open.and_then(|name| sight.connections.iter().find(|watched| watched.name() == name));
    ConnectionsPicture { cards, detail: open.map(|watched| detail(watched)), removed }
}

/// How much a connection needs the operator. One that tries again and again keeps its place between attempts.
const fn rank(chip: &Chip) -> u8 {
    match chip.status {
        Status::NeedsCredential | Status::Refused => 0,
        Status::BackingOff => 1,
        Status::Connecting if chip.attempt > 1 => 1,
        Status::Stale => 2,
        Status::Connecting | Status::Authenticating | Status::Subscribing | Status::Live => 3,
        Status::Stopped => 4,
    }
}

fn chip(watched: &Watched, part: &Part) -> Chip {
    // Since when it is off is known of this run only.
    let was_off = (!watched.connection.enabled && part.log.is_empty()).then_some(WAS_OFF);
    let (retry_at, attempt) = match &part.status {
        LinkStatus::BackingOff { until, attempt, .. } => (Some(until.millis()), *attempt),
        LinkStatus::Connecting { attempt } => (None, *attempt),
        _ => (None, 0),
    };
    Chip {
        name: watched.name().to_owned(),
        protocol: watched.connection.protocol,
        tags: watched.connection.tags.clone(),
        status: words::status(&part.status),
        since: part.since.millis(),
        cause: part.status.cause().or(was_off).map(str::to_owned),
        retry_at,
        attempt,
        rate: if part.status.is_open() { part.state.rates.last(Measure::Events).unwrap_or(0.0) } else { 0.0 },
        last_event_at: part.state.last_event.map(|at| at.millis()),
        dropped: INCOMPLETE.into_iter().map(|(cause, _)| part.state.counters.dropped(cause)).sum(),
    }
}

fn card(watched: &Watched) -> ConnectionCard {
    let part = watched.part.lock();
    let counters = &part.state.counters;
    let subscriptions = &part.state.subscriptions;
    let open = part.status.is_open();
    ConnectionCard {
        chip: chip(watched, &part),
        url: watched.connection.url.to_string(),
        enabled: watched.connection.enabled,
        demo: watched.transient,
        credential: if watched.transient {
            "held in memory by the demo".into()
        } else {
            words::credential(&watched.connection)
        },
        credential_ends: part.credential_ends.map(|at| at.millis()),
        tags: watched.connection.tags.clone(),
        notify_unlocked: watched.connection.notify_unlocked,
        accepted: count(subscriptions.count(SubscriptionStatus::Accepted)),
        refused: count(subscriptions.count(SubscriptionStatus::Refused)),
        subscription_count: count(subscriptions.rows().len()),
        bytes_rate: if open { part.state.rates.last(Measure::Bytes).unwrap_or(0.0) } else { 0.0 },
        lag: if open { part.lag.median() } else { None },
        events: counters.events,
        disconnects: counters.disconnects,
        unrecognised: counters.unrecognised,
        malformed: counters.malformed,
        duplicates: counters.duplicates,
        drops: INCOMPLETE
            .into_iter()
            .map(|(cause, words)| DropRow { words: words.to_owned(), count: counters.dropped(cause) })
            .filter(|row| row.count > 0)
            .collect(),
    }
}

fn detail(watched: &Watched) -> ConnectionDetail {
    let part = watched.part.lock();
    let connection = &watched.connection;
    let known = part.state.subscriptions.rows();
    let mut subscriptions: Vec<_> = known.iter().collect();
    subscriptions.sort_by_key(|subscription| subscription.state != SubscriptionStatus::Refused);
    ConnectionDetail {
        name: watched.name().to_owned(),
        http_url: connection.http_url.as_ref().map(ToString::to_string),
        ca_file: connection.ca_file.as_ref().map(|path| path.display().to_string()),
        subscriptions: subscriptions
            .into_iter()
            .take(SUBSCRIPTIONS)
            .map(|subscription| SubscriptionRow {
                name: subscription.name.to_string(),
                state: subscription.state.name().to_owned(),
                reason: subscription.refusal.as_ref().map(ToString::to_string),
            })
            .collect(),
        unknown: part
            .state
            .counters
            .unrecognised_names()
            .iter()
            .take(UNKNOWN)
            .map(|(name, count)| UnknownRow { name: name.to_string(), count: *count })
            .collect(),
        log: part
            .log
            .iter()
            .rev()
            .map(|(at, status)| LogRow {
                at: at.millis(),
                text: words::transition(watched.name(), status),
                status: words::status(status),
            })
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use protocol::Protocol;

    use super::*;

    #[test]
    fn what_is_wrong_comes_first_and_an_attempt_moves_nothing() {
        let chip = |status, attempt| Chip {
            name: String::new(),
            protocol: Protocol::Iotee,
            tags: Vec::new(),
            status,
            since: 0,
            cause: None,
            retry_at: None,
            attempt,
            rate: 0.0,
            last_event_at: None,
            dropped: 0,
        };
        let ranks = [
            chip(Status::NeedsCredential, 0),
            chip(Status::BackingOff, 3),
            chip(Status::Connecting, 4),
            chip(Status::Stale, 0),
            chip(Status::Live, 0),
            chip(Status::Stopped, 0),
        ]
        .map(|chip| rank(&chip));
        assert!(ranks.is_sorted());
        assert_eq!(ranks[1], ranks[2]);
    }
}
