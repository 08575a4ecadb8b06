//! Actors of a shop: orders that go through their states, payments and stock-keeping units that checkpoint.

use std::collections::VecDeque;

use super::random::Random;

/// So many orders exist at the start, and at most; more than a live query tracks.
const AT_FIRST: usize = 1_150;
const AT_MOST: usize = 1_400;

const STATUSES: [&str; 5] = ["pending", "processing", "shipped", "completed", "cancelled"];
const CUSTOMERS: [&str; 8] = [
    "Aalto Oy",
    "Brandt KG",
    "Castellan SARL",
    "Dufva AB",
    "Eriksen AS",
    "Fjord Supply",
    "Gerrits BV",
    "Hoxha sh.p.k.",
];

/// An order. `created_at` is simulated milliseconds relative to the start, negative before it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Order {
    pub(crate) id: String,
    pub(crate) number: u64,
    pub(crate) status: &'static str,
    pub(crate) total: f64,
    pub(crate) currency: &'static str,
    pub(crate) customer: &'static str,
    pub(crate) created_at: i64,
    checkpoint: u64,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum ActorEvent {
    Checkpoint { actor_type: &'static str, actor_id: String, checkpoint: u64 },
    Changed(Order),
    Forgotten { id: String },
}

#[derive(Debug)]
pub(crate) struct Orders {
    random: Random,
    orders: VecDeque<Order>,
    number: u64,
    payments: u64,
    skus: Vec<u64>,
}

impl Orders {
    pub(crate) fn new(seed: u64) -> Self {
        let mut orders = Orders {
            random: Random::of(seed, "orders"),
            orders: VecDeque::new(),
            number: 48_000,
            payments: 0,
            skus: vec![0; 60],
        };
        for index in 0..AT_FIRST {
            let age = (AT_FIRST - index) as i64 * 47_000;
            let order = orders.make(-age);
            orders.orders.push_back(order);
        }
        orders
    }

    /// Makes `count` checkpoints; `now` is simulated milliseconds since the start.
    pub(crate) fn step(&mut self, count: usize, now: u64, events: &mut Vec<ActorEvent>) {
        for _ in 0..count {
            match self.random.weighted(&[5.0, 1.0, 3.0, 2.0]) {
                0 => self.advance(events),
                1 => self.create(now, events),
                2 => {
                    self.payments += 1;
                    let actor_id = format!("pay-{:06}", self.payments);
                    events.push(ActorEvent::Checkpoint { actor_type: "payments", actor_id, checkpoint: 1 });
                }
                _ => {
                    let index = self.random.below(self.skus.len());
                    self.skus[index] += 1;
                    let actor_id = format!("SKU-{:04}", 1_000 + index * 7);
                    let checkpoint = self.skus[index];
                    events.push(ActorEvent::Checkpoint { actor_type: "skus", actor_id, checkpoint });
                }
            }
        }
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = &Order> {
        self.orders.iter()
    }

    /// Moves one of the orders a status on, or changes its total.
    fn advance(&mut self, events: &mut Vec<ActorEvent>) {
        let index = self.random.below(self.orders.len());
        let cancels = self.random.chance(0.04);
        // A line is added to an order that is not on its way yet.
        let (edits, line) = (self.random.chance(0.3), self.random.between(2.0, 80.0));
        let Some(order) = self.orders.get_mut(index) else { return };
        let open = matches!(order.status, "pending" | "processing");
        if open && edits {
            order.total = ((order.total + line) * 100.0).round() / 100.0;
        } else {
            order.status = match order.status {
                "pending" | "processing" if cancels => "cancelled",
                "pending" => "processing",
                "processing" => "shipped",
                _ => "completed",
            };
        }
        order.checkpoint += 1;
        let order = order.clone();
        events.push(Self::checkpoint(&order));
        events.push(ActorEvent::Changed(order));
    }

    fn create(&mut self, now: u64, events: &mut Vec<ActorEvent>) {
        let mut order = self.make(now as i64);
        order.status = "pending";
        events.push(Self::checkpoint(&order));
        events.push(ActorEvent::Changed(order.clone()));
        self.orders.push_back(order);
        if self.orders.len() > AT_MOST
            && let Some(oldest) = self.orders.pop_front()
        {
            events.push(ActorEvent::Forgotten { id: oldest.id });
        }
    }

    fn checkpoint(order: &Order) -> ActorEvent {
        ActorEvent::Checkpoint { actor_type: "orders", actor_id: order.id.clone(), checkpoint: order.checkpoint }
    }

    fn make(&mut self, created_at: i64) -> Order {
        self.number += 1;
        Order {
            id: self.random.uuid(),
            number: self.number,
            status: STATUSES[self.random.weighted(&[6.0, 8.0, 20.0, 60.0, 6.0])],
            total: (self.random.between(9.0, 900.0) * 100.0).round() / 100.0,
            currency: self.random.pick(&["EUR", "EUR", "SEK", "NOK"]),
            customer: self.random.pick(&CUSTOMERS),
            created_at,
            checkpoint: 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_seed_trades_the_same_way_within_its_bound() {
        let run = |seed| {
            let mut orders = Orders::new(seed);
            let mut events = Vec::new();
            for now in 0..10_000 {
                orders.step(1, now, &mut events);
            }
            assert!(orders.all().count() <= AT_MOST);
            events
        };
        assert_eq!(run(1), run(1));
        assert_ne!(run(1), run(2));
    }
}
