//! Actors: their checkpoints.

use compact_str::CompactString;
use protocol::Timestamp;
use protocol::event::Checkpoint;

use crate::applied::Applied;
use crate::bounds::Bounds;
use crate::counters::{Cause, Counters};
use crate::devices::Heard;
use crate::numbers::Numbers;
use crate::series::SeriesBudget;
use crate::table::{Row, Table};

/// The actors of a connection, by type and id.
#[derive(Debug)]
pub struct Actors {
    table: Table<Actor>,
    version: u64,
    id_bytes: usize,
    numbers: usize,
}

/// An actor.
#[derive(Debug)]
pub struct Actor {
    /// `orders`, `payments`, `skus` or a custom one; empty when not named.
    pub actor_type: CompactString,
    /// Its id; empty when not named.
    pub id: CompactString,
    /// How many checkpoints came.
    pub checkpoints: u64,
    /// When the newest one was made.
    pub last: Timestamp,
    /// The numbers of its checkpoints.
    pub numbers: Numbers,
    heard: Timestamp,
}

impl Actors {
    pub(crate) fn new(bounds: &Bounds) -> Self {
        Actors { table: Table::new(bounds.actors), version: 0, id_bytes: bounds.id_bytes, numbers: bounds.numbers }
    }

    /// All actors.
    pub fn rows(&self) -> &[Actor] {
        self.table.rows()
    }

    /// An actor by type and id.
    pub fn get(&self, actor_type: &str, id: &str) -> Option<&Actor> {
        self.table.get2(actor_type, id)
    }

    /// Grows with each change.
    pub fn version(&self) -> u64 {
        self.version
    }

    pub(crate) fn apply(
        &mut self,
        event: &Checkpoint<'_>,
        heard: Heard,
        budget: &mut SeriesBudget,
        counters: &mut Counters,
    ) -> Applied {
        let position = match self.table.position(&event.actor_type, &event.actor) {
            Some(position) => position,
            None => {
                if event.actor_type.len() > self.id_bytes || event.actor.len() > self.id_bytes {
                    counters.drop(Cause::Actors, 1);
                    return Applied::Refused;
                }
                let (position, old) = self.table.push_or_replace(Actor {
                    actor_type: event.actor_type.as_str().into(),
                    id: event.actor.as_str().into(),
                    checkpoints: 0,
                    last: Timestamp(i64::MIN),
                    numbers: Numbers::default(),
                    heard: heard.received,
                });
                if let Some(mut old) = old {
                    old.numbers.release(budget);
                    counters.drop(Cause::Actors, 1);
                }
                position
            }
        };
        self.version += 1;
        let actor = self.table.at_mut(position);
        actor.checkpoints += 1;
        actor.heard = actor.heard.max(heard.received);
        let late = heard.at < actor.last;
        actor.last = actor.last.max(heard.at);
        actor.numbers.apply(event.numbers, heard, self.numbers, budget, counters);
        if late { Applied::Late } else { Applied::Taken }
    }
}

impl Row for Actor {
    fn key(&self) -> (&str, &str) {
        (&self.actor_type, &self.id)
    }

    fn touched(&self) -> Timestamp {
        self.heard
    }
}
