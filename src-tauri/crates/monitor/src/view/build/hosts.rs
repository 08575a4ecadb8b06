//! The hosts screen with the SQL console.

use std::cmp::Reverse;

use fleet::{Host, Outcome as Answer, QueryRun, RunState};
use protocol::{Protocol, Timestamp};

use super::results::{self, Ordered, name};
use super::table::{Key, in_sight};
use super::{Sight, count, count64};
use crate::view::filter::{Filter, Term, contains, same};
use crate::view::picture::{HostRow, HostsPicture, OrgRow, Outcome, OutcomeRow, Rows, RunPicture, RunRow};
use crate::view::{RunSpec, TableSpec};
use crate::watched::{Part, Watched};

/// Words that may stand before a colon in the filter of hosts.
const KEYS: [&str; 4] = ["online", "connection", "org", "platform"];
/// Runs that are listed.
const RUNS: usize = 20;

/// The hosts in sight, the latest runs, and the run in the console.
pub(crate) fn page(sight: &Sight<'_>, table: &TableSpec, run: Option<&RunSpec>, ordered: &Ordered) -> HostsPicture {
    let mut picture = HostsPicture { hosts: hosts(sight, table), ..HostsPicture::default() };
    for (_, watched) in sight.of(Protocol::Hyprwatch) {
        let part = watched.part.lock();
        picture.runs.extend(part.state.queries.rows().map(|run| run_row(run, watched)));
        picture.orgs.extend(watched.connection.subscribe.iter().map(|org| {
            let of_it = || part.state.hosts.rows().iter().filter(|host| *host.org == *org.name());
            OrgRow {
                connection: watched.name().to_owned(),
                org: org.name().to_owned(),
                live: part.status.is_open(),
                hosts: count(of_it().count()),
                online: count(of_it().filter(|host| host.online == Some(true)).count()),
            }
        }));
        if let Some(spec) = run.filter(|spec| spec.connection == watched.name()) {
            let run = part.state.queries.get(u64::from(spec.run));
            picture.run = run.map(|run| run_picture(run, &part, watched, spec, (sight.now, ordered)));
        }
    }
    picture.runs.sort_by_key(|run| Reverse((run.started_at, run.run)));
    picture.runs.truncate(RUNS);
    picture
}

fn hosts(sight: &Sight<'_>, table: &TableSpec) -> Rows<HostRow> {
    let filter = Filter::parse(&table.filter, &KEYS);
    let column = table.sort.as_ref().map_or("hostname", |sort| sort.column.as_str());
    let mut found: Vec<(Key, (usize, usize))> = Vec::new();
    let mut total = 0;
    for (place, watched) in sight.of(Protocol::Hyprwatch) {
        let part = watched.part.lock();
        let hosts = part.state.hosts.rows();
        total += hosts.len();
        found.extend(hosts.iter().enumerate().filter_map(|(position, host)| {
            let passes = filter.matches(|term| holds(term, host, watched.name()));
            passes.then(|| (key(column, host, watched.name()), (place, position)))
        }));
    }
    let matching = count(found.len());
    let (offset, moved, seen) = in_sight(found, table, |key| {
        sight.find(Protocol::Hyprwatch, key, |id, part| {
            let (org, id) = id.split_once('/')?;
            part.state.hosts.position(org, id)
        })
    });
    let rows = seen
        .into_iter()
        .filter_map(|(place, position)| {
            let watched = &sight.connections[place];
            let part = watched.part.lock();
            part.state.hosts.rows().get(position).map(|host| row(host, watched, part.is_stale()))
        })
        .collect();
    Rows { total: count(total), matching, offset, moved, rows }
}

fn row(host: &Host, watched: &Watched, stale: bool) -> HostRow {
    let owned = |text: &Option<_>| text.as_ref().map(ToString::to_string);
    HostRow {
        key: format!("{}/{}/{}", watched.name(), host.org, host.id),
        connection: watched.name().to_owned(),
        org: host.org.to_string(),
        id: host.id.to_string(),
        hostname: host.hostname.as_ref().unwrap_or(&host.id).to_string(),
        online: host.online,
        since: host.since.map(|at| at.millis()),
        platform: owned(&host.platform),
        os_version: owned(&host.os_version),
        ip_address: owned(&host.ip_address),
        enrolled_at: host.enrolled_at.map(|at| at.millis()),
        heard_at: host.heard.millis(),
        stale,
    }
}

#[expect(clippy::cast_precision_loss, reason = "times in ms fit a float's 53 bits")]
fn key(column: &str, host: &Host, connection: &str) -> Key {
    match column {
        "connection" => Key::text(Some(connection)),
        "org" => Key::text(Some(&host.org)),
        "online" => Key::number(host.online.map(|online| f64::from(u8::from(online)))),
        "since" => Key::number(host.since.map(|at| at.millis() as f64)),
        "platform" => Key::text(host.platform.as_deref()),
        "osVersion" => Key::text(host.os_version.as_deref()),
        "ipAddress" => Key::text(host.ip_address.as_deref()),
        "enrolledAt" => Key::number(host.enrolled_at.map(|at| at.millis() as f64)),
        "heardAt" => Key::Number(host.heard.millis() as f64),
        _ => Key::text(Some(host.hostname.as_deref().unwrap_or(&host.id))),
    }
}

fn holds(term: &Term, host: &Host, connection: &str) -> bool {
    let texts =
        [host.hostname.as_deref(), host.platform.as_deref(), host.os_version.as_deref(), host.ip_address.as_deref()];
    match term {
        Term::Word(word) => texts
            .into_iter()
            .flatten()
            .chain([host.id.as_str(), host.org.as_str(), connection])
            .any(|text| contains(text, word)),
        Term::Is(key, value) => match key.as_str() {
            "online" => match host.online {
                Some(true) => value == "yes",
                Some(false) => value == "no",
                None => value == "unknown",
            },
            "org" => contains(&host.org, value),
            "platform" => host.platform.as_deref().is_some_and(|platform| contains(platform, value)),
            _ => contains(connection, value),
        },
        Term::Same(name, text) => match name.as_str() {
            "hostname" => host.hostname.as_deref(),
            "platform" => host.platform.as_deref(),
            "osVersion" => host.os_version.as_deref(),
            "ipAddress" => host.ip_address.as_deref(),
            _ => None,
        }
        .is_some_and(|value| same(value, text)),
        Term::Compare(..) => false,
    }
}

fn run_row(run: &QueryRun, watched: &Watched) -> RunRow {
    RunRow {
        key: format!("{}/{}", watched.name(), run.run),
        connection: watched.name().to_owned(),
        org: run.org.to_string(),
        run: count64(run.run),
        sql: run.sql.to_string(),
        target: run.target.to_string(),
        started_at: run.started.millis(),
        ended_at: run.ended.map(|at| at.millis()),
        error: run.error.as_deref().map(str::to_owned),
        rows: count(run.rows),
        stopped: run.state == RunState::Stopped,
        dropped: count64(run.rows_dropped),
        hosts_dropped: count64(run.hosts_dropped),
        hosts: asked(run),
        answered: count(
            run.hosts.iter().filter(|host| matches!(host.outcome, Answer::Answered | Answer::Empty)).count(),
        ),
    }
}

/// How many hosts a run asked: the service's count, or those that were told of where it gave none.
fn asked(run: &QueryRun) -> Option<u32> {
    let told = run.summary.and_then(|summary| summary.total);
    let heard = || (run.state == RunState::Complete).then(|| count(run.hosts.len()));
    told.map(|total| total.clamp(0.0, f64::from(u32::MAX)) as u32).or_else(heard)
}

fn run_picture(
    run: &QueryRun,
    part: &Part,
    watched: &Watched,
    spec: &RunSpec,
    (now, ordered): (Timestamp, &Ordered),
) -> RunPicture {
    let columns = results::columns(run);
    RunPicture {
        run: run_row(run, watched),
        rows: results::rows(run, &columns, spec, now, ordered),
        outcomes: outcomes(run, part),
        columns,
    }
}

/// What became of each host: those that answered, then those that are known and have not.
fn outcomes(run: &QueryRun, part: &Part) -> Vec<OutcomeRow> {
    let mut outcomes: Vec<OutcomeRow> = run
        .hosts
        .iter()
        .map(|host| (host, part.state.hosts.get(&run.org, &host.host)))
        .map(|(host, known)| OutcomeRow {
            host: host.host.to_string(),
            hostname: name(host).to_owned(),
            outcome: match host.outcome {
                Answer::Answered => Outcome::Answered,
                Answer::Empty => Outcome::Empty,
                Answer::Offline => Outcome::Offline,
                Answer::Timeout => Outcome::Timeout,
                _ => Outcome::Error,
            },
            rows: count(host.row_count),
            after_ms: Some(host.received.since(run.started) as f64),
            error: host.error.as_deref().map(str::to_owned),
            online: known.and_then(|known| known.online),
            since: known.and_then(|known| known.since).map(|at| at.millis()),
        })
        .collect();
    // A run of one host waits for that one alone.
    if matches!(run.state, RunState::Running | RunState::Stopped) {
        let asked = |host: &&Host| {
            let target = run.target.as_str();
            host.org == run.org
                && (target == "all"
                    || *host.id == *target
                    || host.hostname.as_deref().is_some_and(|name| name == target))
        };
        let silent = part.state.hosts.rows().iter().filter(asked);
        outcomes.extend(silent.filter(|known| run.hosts.iter().all(|host| host.host != known.id)).map(|host| {
            OutcomeRow {
                host: host.id.to_string(),
                hostname: host.hostname.as_ref().unwrap_or(&host.id).to_string(),
                outcome: if host.online == Some(false) { Outcome::Offline } else { Outcome::Waiting },
                rows: 0,
                after_ms: None,
                error: None,
                online: host.online,
                since: host.since.map(|at| at.millis()),
            }
        }));
    }
    outcomes
}
