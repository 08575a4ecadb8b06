//! The jobs screen, a job's page and a live query's table.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use fleet::{Actor, Definition, Job, LiveQuery, LiveQueryState};
use protocol::Protocol;
use protocol::event::JobPhase;

use super::job::{Ends, Told, ends};
use super::object::Object;
use super::table::{Key, in_sight};
use super::{Sight, count, count64};
use crate::view::TableSpec;
use crate::view::filter::{Filter, Term, contains, same};
use crate::view::picture::{
    ActorRow, ActorTypeRow, Cell, DefinitionRow, JobRow, JobState, JobsPage, LiveQueryAsked, LiveQueryPicture,
    LiveQueryRow, NodeRow, Rows,
};
use crate::watched::{Part, Watched};

/// Jobs of one kind that are listed.
const JOBS: usize = 100;
/// Ended jobs for the timeline.
const FINISHED: usize = 400;
/// Actors that are listed.
const ACTORS: usize = 100;
/// Times of a definition for its sparkline.
const DURATIONS: usize = 40;

/// The jobs screen.
pub fn page(sight: &Sight<'_>, actors: &str) -> JobsPage {
    let mut page = JobsPage::default();
    let words: Vec<String> = actors.split_whitespace().map(str::to_lowercase).collect();
    let mut types: BTreeMap<String, u32> = BTreeMap::new();
    for (_, watched) in sight.of(Protocol::Hantera) {
        let part = watched.part.lock();
        let (state, stale) = (&part.state, part.is_stale());
        let (ends, told) = (ends(state), Told::of(state, sight.now));
        page.definitions.extend(
            state
                .jobs
                .definitions()
                .rows()
                .iter()
                .map(|found| definition_row(found, ends.get(&*found.id), told, watched, stale)),
        );
        for job in state.jobs.rows() {
            match job.phase {
                JobPhase::Started => page.running.push(row(job, watched, stale)),
                JobPhase::Completed | JobPhase::Failed => page.finished.push(row(job, watched, stale)),
                JobPhase::Scheduled => {}
            }
        }
        page.failures.extend(state.jobs.failures().rev().take(JOBS).map(
            |failure| match state.jobs.get(&failure.job) {
                Some(job) => row(job, watched, stale),
                None => JobRow {
                    key: format!("{}/{}", watched.name(), failure.job),
                    connection: watched.name().to_owned(),
                    id: failure.job.to_string(),
                    definition: named(&failure.definition),
                    state: JobState::Failed,
                    scheduled_at: None,
                    started_at: None,
                    finished_at: Some(failure.at.millis()),
                    elapsed_ms: None,
                    error: failure.error.as_deref().map(str::to_owned),
                    stale,
                },
            },
        ));
        for actor in state.actors.rows() {
            *types.entry(actor.actor_type.to_string()).or_default() += 1;
            if words.iter().all(|word| contains(&actor.actor_type, word) || contains(&actor.id, word)) {
                page.actors.push(actor_row(actor, watched, stale));
            }
        }
        page.live_queries.extend(state.live_queries.rows().iter().map(|query| live_query_row(query, watched, &part)));
    }
    page.definitions.sort_by(|a, b| a.key.cmp(&b.key));
    page.running.sort_by(|a, b| (a.started_at, &a.key).cmp(&(b.started_at, &b.key)));
    page.running.truncate(JOBS);
    latest_first(&mut page.failures, JOBS);
    let more = page.finished.len() > FINISHED;
    latest_first(&mut page.finished, FINISHED);
    page.finished_from = page.finished.last().filter(|_| more).and_then(|row| row.finished_at);
    page.actors.sort_by(|a, b| (Reverse(a.last_at), &a.key).cmp(&(Reverse(b.last_at), &b.key)));
    page.actor_types = types.into_iter().map(|(actor_type, count)| ActorTypeRow { actor_type, count }).collect();
    page.more_actors = count(page.actors.len().saturating_sub(ACTORS));
    page.actors.truncate(ACTORS);
    page
}

/// A live query's table. `None` when there is no such query.
pub fn live_query(watched: &Watched, id: &str, table: &TableSpec) -> Option<LiveQueryPicture> {
    let part = watched.part.lock();
    let query = part.state.live_queries.get(id)?;
    let columns: Vec<String> = query.columns.iter().map(ToString::to_string).collect();
    let filter = Filter::parse(&table.filter, &[]);
    let sorted_by = table.sort.as_ref().and_then(|sort| columns.iter().position(|column| *column == sort.column));
    let mut found: Vec<(Key, usize)> = Vec::new();
    for (place, node) in query.nodes.iter().enumerate() {
        if filter.is_empty() && sorted_by.is_none() {
            found.push((Key::Missing, place));
            continue;
        }
        let object = Object::parse(&node.json);
        if filter.matches(|term| holds(term, &object)) {
            let cell = sorted_by.and_then(|at| object.cells(&columns[at..=at]).pop());
            found.push((cell.map_or(Key::Missing, |cell| key(&cell)), place));
        }
    }
    let matching = count(found.len());
    let nodes = query.nodes.iter().take(if table.held.is_some() { usize::MAX } else { 0 });
    let places: HashMap<&str, usize> = nodes.enumerate().map(|(place, node)| (&*node.id, place)).collect();
    let (offset, moved, seen) = in_sight(found, table, |key| places.get(key).copied());
    let rows = seen
        .into_iter()
        .map(|place| &query.nodes[place])
        .map(|node| NodeRow { key: node.id.to_string(), cells: Object::parse(&node.json).cells(&columns) })
        .collect();
    Some(LiveQueryPicture {
        query: Some(live_query_row(query, watched, &part)),
        columns,
        nodes: Rows { total: count(query.nodes.len()), matching, offset, moved, rows },
    })
}

fn latest_first(jobs: &mut Vec<JobRow>, most: usize) {
    jobs.sort_by(|a, b| (Reverse(a.finished_at), &a.key).cmp(&(Reverse(b.finished_at), &b.key)));
    jobs.truncate(most);
}

pub(super) fn actor_row(actor: &Actor, watched: &Watched, stale: bool) -> ActorRow {
    ActorRow {
        key: format!("{}/{}/{}", watched.name(), actor.actor_type, actor.id),
        connection: watched.name().to_owned(),
        actor_type: actor.actor_type.to_string(),
        id: actor.id.to_string(),
        checkpoints: count64(actor.checkpoints),
        last_at: actor.last.millis(),
        stale,
    }
}

pub(super) fn definition_row(
    definition: &Definition,
    ends: Option<&Ends>,
    told: Told,
    watched: &Watched,
    stale: bool,
) -> DefinitionRow {
    let failing = ends.and_then(|ends| ends.failing);
    let (lately, lately_since) = told.lately(&definition.ends);
    let durations = definition.durations();
    let spare = durations.len().saturating_sub(DURATIONS);
    DefinitionRow {
        key: format!("{}/{}", watched.name(), definition.id),
        connection: watched.name().to_owned(),
        id: definition.id.to_string(),
        scheduled: count64(definition.scheduled),
        running: count64(definition.running),
        completed: count64(definition.completed),
        failed: count64(definition.failed),
        p50_ms: definition.percentile(0.5),
        p95_ms: definition.percentile(0.95),
        last_at: definition.last.map(|at| at.millis()),
        durations: durations.skip(spare).collect(),
        statistics: definition.numbers.rows().iter().map(|number| number.name.to_string()).collect(),
        thresholds: Vec::new(),
        last_completed_at: ends.and_then(|ends| ends.completed).map(|at| at.millis()),
        last_failed_at: ends.and_then(|ends| ends.failed).map(|at| at.millis()),
        last_error: ends.and_then(|ends| ends.error.clone()),
        failing_since: failing.map(|(since, _)| since.millis()),
        failed_in_row: failing.map_or(0, |(_, times)| times),
        lately,
        lately_since,
        lately_until: told.lost(),
        alert: None,
        stale,
    }
}

pub(super) fn row(job: &Job, watched: &Watched, stale: bool) -> JobRow {
    JobRow {
        key: format!("{}/{}", watched.name(), job.id),
        connection: watched.name().to_owned(),
        id: job.id.to_string(),
        definition: named(&job.definition),
        state: match job.phase {
            JobPhase::Scheduled => JobState::Scheduled,
            JobPhase::Started => JobState::Running,
            JobPhase::Completed => JobState::Completed,
            JobPhase::Failed => JobState::Failed,
        },
        scheduled_at: job.scheduled_at.map(|at| at.millis()),
        started_at: job.started_at.map(|at| at.millis()),
        finished_at: job.finished_at.map(|at| at.millis()),
        elapsed_ms: job.elapsed_ms,
        error: job.error.as_deref().map(str::to_owned),
        stale,
    }
}

fn live_query_row(query: &LiveQuery, watched: &Watched, part: &Part) -> LiveQueryRow {
    let destroyed = query.state == LiveQueryState::Destroyed;
    let asked = part.asked.iter().find(|asked| *asked.id == *query.id);
    LiveQueryRow {
        key: format!("{}/{}", watched.name(), query.id),
        connection: watched.name().to_owned(),
        id: query.id.to_string(),
        nodes: count(query.nodes.len()),
        total: query.total.map(count64),
        capped: query.capped,
        loading: query.state == LiveQueryState::Loading,
        dropped: count64(query.dropped),
        last_at: Some(query.changed.millis()),
        asked: asked.map(|asked| LiveQueryAsked {
            edge: asked.edge.clone(),
            filter: asked.filter.clone(),
            order_by: asked.order_by.clone(),
        }),
        destroyed,
        stale: part.is_stale() || destroyed,
    }
}

fn named(id: &str) -> Option<String> {
    (!id.is_empty()).then(|| id.to_owned())
}

fn key(cell: &Cell) -> Key {
    match cell {
        Cell::Number(number) => Key::Number(*number),
        Cell::Bool(truth) => Key::Number(f64::from(u8::from(*truth))),
        Cell::Text(text) => Key::text(Some(text)),
        Cell::Null => Key::Missing,
    }
}

fn holds(term: &Term, object: &Object) -> bool {
    match term {
        Term::Word(word) => object.0.iter().any(|(_, cell)| match cell {
            Cell::Text(text) => contains(text, word),
            Cell::Number(number) => number.to_string() == *word,
            _ => false,
        }),
        Term::Compare(name, comparison, number) => object.0.iter().any(
            |(column, cell)| matches!(cell, Cell::Number(value) if column == name && comparison.holds(*value, *number)),
        ),
        Term::Same(name, text) => object
            .0
            .iter()
            .any(|(column, cell)| matches!(cell, Cell::Text(value) if column == name && same(value, text))),
        Term::Is(..) => false,
    }
}
