//! What has a name that is sought: devices, hosts, agents, jobs, live queries, alerts and rules, for the palette.

use std::cmp::Reverse;

use fleet::alert::AlertState;
use protocol::Protocol;

use super::Sight;
use crate::monitor::Monitor;
use crate::view::filter::contains;
use crate::view::{Found, FoundKind};
use crate::watched::{Part, Watched};

/// The most of one kind that are answered.
const OF_A_KIND: usize = 6;
/// Shorter texts are in too many names to be sought.
const SHORTEST: usize = 2;

impl Monitor {
    /// What has a name that holds a text, in any case; of each kind the best ones: whole names, then beginnings.
    pub fn find(&self, text: &str) -> Vec<Found> {
        let word = text.trim().to_lowercase();
        if word.chars().count() < SHORTEST {
            return Vec::new();
        }
        let connections = self.connections();
        let sight = Sight { now: self.now(), connections: &connections };
        let mut hits = Hits { word: &word, hits: Vec::new() };
        for (_, watched) in sight.of(Protocol::Iotee) {
            devices(&mut hits, watched, &watched.part.lock());
        }
        for (_, watched) in sight.of(Protocol::Hyprwatch) {
            hosts(&mut hits, watched, &watched.part.lock());
        }
        for (_, watched) in sight.of(Protocol::Agenthq) {
            agents(&mut hits, watched, &watched.part.lock());
        }
        for (_, watched) in sight.of(Protocol::Hantera) {
            jobs(&mut hits, watched, &watched.part.lock());
        }
        self.alerts(&mut hits);
        for rule in self.rules_page().rules {
            hits.look(FoundKind::Rule, "", &rule.rule.name, &[&rule.rule.name], String::new);
        }
        hits.best()
    }

    fn alerts(&self, hits: &mut Hits<'_>) {
        let book = self.inner.alarm.book();
        let open = book.alerts().filter(|alert| !matches!(alert.state, AlertState::Resolved | AlertState::Pending));
        for alert in open {
            let id = alert.id.to_string();
            let names = [alert.title.as_str(), &alert.subject, &alert.rule];
            hits.look_as(FoundKind::Alert, &alert.connection, &id, &alert.title, &names, || {
                format!("{}, {}", alert.severity.name(), alert.rule)
            });
        }
    }
}

fn devices(hits: &mut Hits<'_>, watched: &Watched, part: &Part) {
    for device in part.state.devices.rows() {
        hits.look(FoundKind::Device, watched.name(), device.id(), &[device.id()], || {
            let presence = match device.online() {
                Some(true) => "online",
                Some(false) => "offline",
                None => "presence unknown",
            };
            format!("{}, {presence}", device.lock().name())
        });
    }
}

fn hosts(hits: &mut Hits<'_>, watched: &Watched, part: &Part) {
    for host in part.state.hosts.rows() {
        let name = host.hostname.as_deref().unwrap_or(&host.id);
        let names = [name, &host.id, host.ip_address.as_deref().unwrap_or_default()];
        hits.look_as(FoundKind::Host, watched.name(), &host.id, name, &names, || {
            let system = host.platform.as_deref().unwrap_or("no platform told");
            format!("{}, {system}", host.org)
        });
    }
}

fn agents(hits: &mut Hits<'_>, watched: &Watched, part: &Part) {
    for agent in part.state.agents.rows() {
        let name = agent.name.as_deref().unwrap_or(&agent.id);
        hits.look_as(FoundKind::Agent, watched.name(), &agent.id, name, &[name, &agent.id], || {
            agent.description.as_deref().unwrap_or_default().to_owned()
        });
    }
}

fn jobs(hits: &mut Hits<'_>, watched: &Watched, part: &Part) {
    for definition in part.state.jobs.definitions().rows() {
        hits.look(FoundKind::Definition, watched.name(), &definition.id, &[&definition.id], || {
            format!("{} running, {} failed", definition.running, definition.failed)
        });
    }
    for job in part.state.jobs.rows() {
        hits.look(FoundKind::Job, watched.name(), &job.id, &[&job.id], || job.definition.to_string());
    }
    for query in part.state.live_queries.rows() {
        hits.look(FoundKind::LiveQuery, watched.name(), &query.id, &[&query.id], || {
            format!("{} rows", query.nodes.len())
        });
    }
}

/// What was found so far, with how well it fits.
struct Hits<'a> {
    word: &'a str,
    hits: Vec<(u8, Found)>,
}

impl Hits<'_> {
    fn look(&mut self, kind: FoundKind, connection: &str, id: &str, names: &[&str], detail: impl FnOnce() -> String) {
        self.look_as(kind, connection, id, id, names, detail);
    }

    fn look_as(
        &mut self,
        kind: FoundKind,
        connection: &str,
        id: &str,
        label: &str,
        names: &[&str],
        detail: impl FnOnce() -> String,
    ) {
        let Some(fit) = names.iter().filter_map(|name| fit(name, self.word)).min() else { return };
        let alike = self.hits.iter().filter(|(_, found)| found.kind == kind);
        let worst = alike.clone().max_by_key(|(fit, _)| *fit).map(|(fit, _)| *fit);
        if alike.count() >= OF_A_KIND {
            if worst.is_none_or(|worst| fit >= worst) {
                return;
            }
            let out = self.hits.iter().rposition(|(fit, found)| found.kind == kind && Some(*fit) == worst);
            out.map(|place| self.hits.remove(place));
        }
        let found = Found {
            kind,
            connection: connection.to_owned(),
            id: id.to_owned(),
            label: label.to_owned(),
            detail: detail(),
        };
        self.hits.push((fit, found));
    }

    fn best(mut self) -> Vec<Found> {
        self.hits.sort_by(|(a, x), (b, y)| (a, Reverse(y.kind), &x.label).cmp(&(b, Reverse(x.kind), &y.label)));
        self.hits.into_iter().map(|(_, found)| found).collect()
    }
}

/// How well a name fits a word in lower case: 0 whole, 1 at its beginning, 2 within.
fn fit(name: &str, word: &str) -> Option<u8> {
    if !contains(name, word) {
        return None;
    }
    let name = name.to_lowercase();
    Some(if name == word {
        0
    } else if name.starts_with(word) {
        1
    } else {
        2
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_of_each_kind_are_kept() {
        let mut hits = Hits { word: "vh1", hits: Vec::new() };
        for id in ["X-VH1", "VH10", "VH11", "VH12", "VH13", "VH14", "VH15", "other", "VH1"] {
            hits.look(FoundKind::Device, "locks", id, &[id], String::new);
        }
        hits.look(FoundKind::Host, "hosts", "vh1", &["vh1"], String::new);
        let found = hits.best();
        let labels: Vec<&str> = found.iter().map(|found| found.label.as_str()).collect();
        assert_eq!(labels[..2], ["VH1", "vh1"], "{labels:?}");
        assert_eq!(found.iter().filter(|found| found.kind == FoundKind::Device).count(), OF_A_KIND);
        assert!(!labels.contains(&"X-VH1") && !labels.contains(&"other"), "{labels:?}");
    }
}
