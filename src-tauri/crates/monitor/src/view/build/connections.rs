//! The bar of connections and their cards.

use fleet::{Cause, Measure, SubscriptionStatus};
use link::LinkStatus;

use super::{Sight, count};
use crate::view::picture::{Chip, ConnectionCard, LogRow, SubscriptionRow};
use crate::watched::{Part, Watched};
use crate::words;

/// Subscriptions that a card lists.
const SUBSCRIPTIONS: usize = 200;
/// Log lines that a card lists.
const LOG: usize = 50;

/// What makes the picture of this moment incomplete. That old jobs, posts or signals give way to newer ones does not.
const INCOMPLETE: [Cause; 7] = [
    Cause::ByService,
    Cause::Devices,
    Cause::Fields,
    Cause::QueryRows,
    Cause::QueryHosts,
    Cause::LiveQueries,
    Cause::LiveQueryNodes,
];

/// All connections in scope, for the bar.
pub fn chips(sight: &Sight<'_>) -> Vec<Chip> {
    sight.connections.iter().map(|watched| chip(watched, &watched.part.lock())).collect()
}

/// All connections in scope, for their screen.
pub fn cards(sight: &Sight<'_>) -> Vec<ConnectionCard> {
    sight.connections.iter().map(|watched| card(watched)).collect()
}

fn chip(watched: &Watched, part: &Part) -> Chip {
    let (retry_at, attempt) = match &part.status {
        LinkStatus::BackingOff { until, attempt, .. } => (Some(until.millis()), *attempt),
        LinkStatus::Connecting { attempt } => (None, *attempt),
        _ => (None, 0),
    };
    Chip {
        name: watched.name().to_owned(),
        protocol: watched.connection.protocol,
        status: words::status(&part.status),
        since: part.since.millis(),
        cause: part.status.cause().map(str::to_owned),
        retry_at,
        attempt,
        rate: if part.status.is_open() { part.state.rates.last(Measure::Events).unwrap_or(0.0) } else { 0.0 },
        last_event_at: part.state.last_event.map(|at| at.millis()),
        dropped: dropped(part),
    }
}

/// What did not make it into the picture, whoever dropped it.
fn dropped(part: &Part) -> u64 {
    INCOMPLETE.into_iter().map(|cause| part.state.counters.dropped(cause)).sum()
}

fn card(watched: &Watched) -> ConnectionCard {
    let part = watched.part.lock();
    let counters = &part.state.counters;
    let known = part.state.subscriptions.rows();
    let mut subscriptions: Vec<_> = known.iter().collect();
    subscriptions.sort_by_key(|subscription| subscription.state != SubscriptionStatus::Refused);
    ConnectionCard {
        chip: chip(watched, &part),
        url: watched.connection.url.to_string(),
        enabled: watched.connection.enabled,
        credential: if watched.transient {
            "held in memory by the demo".into()
        } else {
            words::credential(&watched.connection)
        },
        tags: watched.connection.tags.clone(),
        notify_unlocked: watched.connection.notify_unlocked,
        subscriptions: subscriptions
            .into_iter()
            .take(SUBSCRIPTIONS)
            .map(|subscription| SubscriptionRow {
                name: subscription.name.to_string(),
                state: subscription.state.name().to_owned(),
                reason: subscription.refusal.as_ref().map(ToString::to_string),
            })
            .collect(),
        subscription_count: count(known.len()),
        bytes_rate: part.state.rates.last(Measure::Bytes).unwrap_or(0.0),
        events: counters.events,
        unrecognised: counters.unrecognised,
        malformed: counters.malformed,
        duplicates: counters.duplicates,
        log: part
            .log
            .iter()
            .rev()
            .take(LOG)
            .map(|(at, status)| LogRow {
                at: at.millis(),
                text: words::transition(watched.name(), status),
                status: words::status(status),
            })
            .collect(),
    }
}
