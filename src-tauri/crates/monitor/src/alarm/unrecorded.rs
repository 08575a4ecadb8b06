//! Alerts of connections that are in no file, as the demo fleet's: told and shown like all others, and kept only in memory.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use fleet::alert::AlertId;
use parking_lot::Mutex;
use store::history::{AlertStory, Batch};

/// How many stories are kept.
const KEPT: usize = 2_000;
/// How many steps of one.
const STEPS: usize = 1_000;

/// What the history is not to have.
#[derive(Debug, Default)]
pub(crate) struct Unrecorded {
    connections: Mutex<HashSet<Arc<str>>>,
    stories: Mutex<BTreeMap<AlertId, AlertStory>>,
}

impl Unrecorded {
    /// Keeps a connection out of the history.
    pub(crate) fn add(&self, connection: Arc<str>) {
        self.connections.lock().insert(connection);
    }

    /// Lets a connection into the history, which has the name of one that was kept out.
    pub(crate) fn remove(&self, connection: &str) {
        self.connections.lock().remove(connection);
    }

    /// Whether a connection is kept out of it.
    pub(crate) fn holds(&self, connection: &str) -> bool {
        self.connections.lock().contains(connection)
    }

    /// An alert's story.
    pub(crate) fn story(&self, id: AlertId) -> Option<AlertStory> {
        self.stories.lock().get(&id).cloned()
    }

    /// Takes out of a batch what is not to be written.
    pub(crate) fn keep_back(&self, batch: &mut Batch) {
        let connections = self.connections.lock();
        if connections.is_empty() {
            return;
        }
        batch.gaps.retain(|gap| !connections.contains(&gap.connection));
        let mut stories = self.stories.lock();
        let (back, written) = std::mem::take(&mut batch.alerts)
            .into_iter()
            .partition::<Vec<_>, _>(|alert| connections.contains(&alert.connection));
        batch.alerts = written;
        for alert in back {
            let id = alert.id;
            match stories.get_mut(&id) {
                Some(story) => story.alert = alert,
                None => {
                    stories.insert(id, AlertStory { alert, transitions: Vec::new(), evidence: None });
                }
            }
        }
        batch.transitions.retain(|transition| match stories.get_mut(&transition.alert) {
            Some(story) => {
                if story.transitions.len() < STEPS {
                    story.transitions.push(transition.clone());
                }
                false
            }
            None => true,
        });
        batch.evidence.retain(|(id, evidence)| match stories.get_mut(id) {
            Some(story) => {
                story.evidence.get_or_insert_with(|| evidence.clone());
                false
            }
            None => true,
        });
        while stories.len() > KEPT {
            stories.pop_first();
        }
    }
}
