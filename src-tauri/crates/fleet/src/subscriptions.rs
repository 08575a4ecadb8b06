//! What was subscribed to and what the service said of it.

use compact_str::CompactString;
use protocol::{SubscriptionState, Timestamp};

use crate::bounds::Bounds;
use crate::table::{Row, Table, clipped};

/// The subscriptions of a connection, by the operator's word for them.
#[derive(Debug)]
pub struct Subscriptions {
    table: Table<Subscription>,
    version: u64,
    bounds: Bounds,
}

/// A subscription.
#[derive(Debug, Clone)]
pub struct Subscription {
    /// The operator's word for it.
    pub name: CompactString,
    /// Where it is.
    pub state: SubscriptionStatus,
    /// What the service said when it refused it.
    pub refusal: Option<CompactString>,
    /// Since when it is in that state.
    pub since: Timestamp,
}

/// Where a subscription is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SubscriptionStatus {
    /// Asked for, not answered.
    Requested,
    /// The service acknowledged it.
    Accepted,
    /// The service refused it.
    Refused,
    /// It ended.
    Ended,
}

impl Subscriptions {
    pub(crate) fn new(bounds: &Bounds) -> Self {
        Subscriptions { table: Table::new(bounds.subscriptions), version: 0, bounds: *bounds }
    }

    /// All of them, in the order they were first asked for.
    pub fn rows(&self) -> &[Subscription] {
        self.table.rows()
    }

    /// The subscription of a name.
    pub fn get(&self, name: &str) -> Option<&Subscription> {
        self.table.get(name)
    }

    /// How many are in a state.
    pub fn count(&self, state: SubscriptionStatus) -> usize {
        self.table.rows().iter().filter(|subscription| subscription.state == state).count()
    }

    /// Grows with each change.
    pub fn version(&self) -> u64 {
        self.version
    }

    pub(crate) fn set(&mut self, name: &str, state: SubscriptionState<'_>, at: Timestamp) {
        self.version += 1;
        let name = clipped(name, self.bounds.id_bytes);
        let (state, refusal) = match state {
            SubscriptionState::Requested => (SubscriptionStatus::Requested, None),
            SubscriptionState::Accepted => (SubscriptionStatus::Accepted, None),
            SubscriptionState::Refused(why) => {
                (SubscriptionStatus::Refused, (!why.is_empty()).then(|| clipped(why, self.bounds.value_bytes)))
            }
            SubscriptionState::Ended => (SubscriptionStatus::Ended, None),
        };
        match self.table.position("", &name) {
            Some(position) => {
                let known = self.table.at_mut(position);
                if known.state != state {
                    known.since = at;
                }
                known.state = state;
                known.refusal = refusal;
            }
            None => {
                self.table.push_or_replace(Subscription { name, state, refusal, since: at });
            }
        }
    }
}

impl SubscriptionStatus {
    /// Its word.
    pub const fn name(self) -> &'static str {
        match self {
            SubscriptionStatus::Requested => "requested",
            SubscriptionStatus::Accepted => "accepted",
            SubscriptionStatus::Refused => "refused",
            SubscriptionStatus::Ended => "ended",
        }
    }
}

impl Row for Subscription {
    fn key(&self) -> (&str, &str) {
        ("", &self.name)
    }

    fn touched(&self) -> Timestamp {
        self.since
    }
}
