//! Events, by time, source, subject and words.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use protocol::{Kind, Timestamp};
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, Result, Row, params_from_iter};
use serde::{Deserialize, Serialize};

use crate::history::pen::ID_BITS;
use crate::history::{History, HistoryError, words};

/// Events of one answer at most.
const MOST: usize = 10_000;
/// Subjects or sources whose events are looked up one by one; when there are more, all events of the time are looked at.
const MOST_LISTS: usize = 200;
/// Events of one subject that are looked up in the index of words one by one.
const FEW_EVENTS: i64 = 5_000;

/// Names an event of the history; in the order of their times.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct EventId(pub i64);

impl EventId {
    /// The time at which it has its place, in ms since 1970.
    pub fn millis(self) -> i64 {
        self.0 >> ID_BITS
    }
}

/// Which events. All that is given must hold; what is empty or `None` leaves open.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EventQuery {
    /// From this time.
    pub from: Option<Timestamp>,
    /// Before this time.
    pub to: Option<Timestamp>,
    /// On one of these connections.
    pub connections: Vec<String>,
    /// Of one of these kinds.
    pub kinds: Vec<Kind>,
    /// Whose subject matches this glob (`*` and `?`).
    pub subject: Option<String>,
    /// In which each of these words is: in kind, subject, definition or a value of the data. A word that ends in `*` is the
    /// beginning of one, which takes longer where there are many.
    pub text: Option<String>,
    /// The oldest first instead of the newest.
    pub oldest_first: bool,
    /// How many at most; 0 is 100, and more than 10,000 are never given.
    pub limit: usize,
    /// Only what comes after this one in the order asked for: the last of the page before.
    pub after: Option<EventId>,
}

/// An event of the history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Event {
    /// Names it.
    pub id: EventId,
    /// The connection.
    pub connection: String,
    /// The kind.
    pub kind: Kind,
    /// The subject.
    pub subject: String,
    /// The job's definition.
    pub definition: Option<String>,
    /// Its own time.
    pub at: Option<Timestamp>,
    /// When it was heard.
    pub received: Timestamp,
    /// The service's JSON, masked.
    pub data: String,
}

/// One page of events.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EventPage {
    /// In the order asked for.
    pub events: Vec<Event>,
    /// Whether there are more.
    pub more: bool,
}

impl History {
    /// Events, a page at a time; the next page is asked for with [`EventQuery::after`].
    pub fn events(&self, query: &EventQuery) -> Result<EventPage, HistoryError> {
        let limit = if query.limit == 0 { 100 } else { query.limit.min(MOST) };
        self.ask(|at| {
            let mut ids = matching(at, query, limit + 1)?;
            let more = ids.len() > limit;
            ids.truncate(limit);
            let mut names = Names::default();
            let events =
                ids.into_iter().filter_map(|id| read(at, id, &mut names).transpose()).collect::<Result<_>>()?;
            Ok(EventPage { events, more })
        })
    }

    /// One event.
    pub fn event(&self, id: EventId) -> Result<Event, HistoryError> {
        self.ask(|at| read(at, id.0, &mut Names::default()))?
            .ok_or_else(|| HistoryError::NotFound(format!("The event {}", id.0)))
    }

    /// The time of the newest event that a connection's service told of: until then what matters of it is known. That the
    /// connection came or went says nothing of what it missed; of one that never told anything it is when it first came.
    /// `None` when nothing is known of it.
    pub fn last_event(&self, connection: &str) -> Result<Option<Timestamp>, HistoryError> {
        self.ask(|at| {
            let mut last = at.prepare_cached(
                "SELECT coalesce(
                   max((SELECT max(id) FROM event WHERE event.source = source.id AND k.text <> ?2)),
                   min((SELECT min(id) FROM event WHERE event.source = source.id AND k.text = ?2)))
                 FROM source JOIN name c ON c.id = source.connection JOIN name k ON k.id = source.kind WHERE c.text = ?1",
            )?;
            let names = [connection, Kind::ConnectionStatus.name()];
            Ok(last.query_row(names, |row| row.get::<_, Option<i64>>(0))?.map(|id| Timestamp(id >> ID_BITS)))
        })
    }
}

/// The ids of the events that match, in the order asked for, so many at most.
fn matching(at: &Connection, query: &EventQuery, limit: usize) -> Result<Vec<i64>> {
    let (mut from, mut to) = (
        query.from.map_or(i64::MIN, |from| from.millis().saturating_mul(1 << ID_BITS)),
        query.to.map_or(i64::MAX, |to| to.millis().saturating_mul(1 << ID_BITS).saturating_sub(1)),
    );
    if let Some(EventId(after)) = query.after {
        if query.oldest_first {
            from = from.max(after.saturating_add(1));
        } else {
            to = to.min(after.saturating_sub(1));
        }
    }
    let order = if query.oldest_first { "ASC" } else { "DESC" };
    let sources = sources(at, query)?;
    let subjects = match &query.subject {
        Some(glob) => Some(subjects(at, glob)?),
        None => None,
    };
    if sources.as_ref().is_some_and(Vec::is_empty) || subjects.as_ref().is_some_and(Vec::is_empty) {
        return Ok(Vec::new());
    }
    let list = |ids: &[i64]| ids.iter().map(i64::to_string).collect::<Vec<_>>().join(",");
    let only_sources = sources.as_deref().map(|ids| format!(" AND source IN ({})", list(ids))).unwrap_or_default();
    let only_subject = match (&query.subject, &subjects) {
        (Some(_), Some(ids)) if ids.len() <= MOST_LISTS => format!(" AND subject IN ({})", list(ids)),
        (Some(_), Some(_)) => " AND subject IN (SELECT id FROM subject WHERE text GLOB ?4)".to_owned(),
        _ => String::new(),
    };
    let mut values: Vec<Value> = vec![from.into(), to.into(), i64::try_from(limit).unwrap_or(i64::MAX).into()];
    let few = subjects.as_ref().filter(|ids| ids.len() <= MOST_LISTS);
    if only_subject.contains("?4") {
        values.push(super::glob(query.subject.as_deref().unwrap_or_default()).into());
    }
    let sql = match (query.text.as_deref().and_then(words::of_search), few, &sources) {
        // Of one device each event is looked up in the index: the word may be in millions of others.
        (Some(search), Some(subjects), _) if subjects.len() == 1 && has_few(at, subjects[0])? => {
            let place = values.len() + 1;
            values.push(search.into());
            format!(
                "SELECT id FROM event WHERE id BETWEEN ?1 AND ?2{only_sources}{only_subject}
                   AND EXISTS (SELECT 1 FROM word WHERE word MATCH ?{place} AND rowid = event.id)
                 ORDER BY id {order} LIMIT ?3"
            )
        }
        (Some(search), _, _) => {
            let place = values.len() + 1;
            values.push(search.into());
            let narrow = if only_sources.is_empty() && only_subject.is_empty() {
                String::new()
            } else {
                format!(" AND EXISTS (SELECT 1 FROM event WHERE event.id = word.rowid{only_sources}{only_subject})")
            };
            format!(
                "SELECT rowid FROM word WHERE word MATCH ?{place} AND rowid BETWEEN ?1 AND ?2{narrow}
                 ORDER BY rowid {order} LIMIT ?3"
            )
        }
        (None, Some(subjects), _) => merged("subject", subjects, &only_sources, order),
        (None, None, Some(sources)) if sources.len() <= MOST_LISTS => merged("source", sources, &only_subject, order),
        (None, None, _) => format!(
            "SELECT id FROM event WHERE id BETWEEN ?1 AND ?2{only_sources}{only_subject} ORDER BY id {order} LIMIT ?3"
        ),
    };
    let mut statement = at.prepare(&sql)?;
    statement.query_map(params_from_iter(values), |row| row.get(0))?.collect()
}

/// Whether the events of a subject are so few that each can be looked at.
fn has_few(at: &Connection, subject: i64) -> Result<bool> {
    let mut count = at.prepare_cached("SELECT count(*) FROM (SELECT 1 FROM event WHERE subject = ?1 LIMIT ?2)")?;
    Ok(count.query_row([subject, FEW_EVENTS], |row| row.get::<_, i64>(0))? < FEW_EVENTS)
}

/// The first of each of several lists that an index has in order, merged: what is read is bounded by the page's size and
/// the number of lists, and not by how many events there are.
fn merged(column: &str, ids: &[i64], also: &str, order: &str) -> String {
    let lists: Vec<String> = ids.iter().map(|id| format!(
        "SELECT id FROM (SELECT id FROM event WHERE {column} = {id} AND id BETWEEN ?1 AND ?2{also} ORDER BY id {order} LIMIT ?3)"
    )).collect();
    format!("SELECT id FROM ({}) ORDER BY id {order} LIMIT ?3", lists.join(" UNION ALL "))
}

/// The sources that a query is about; `None` is all.
fn sources(at: &Connection, query: &EventQuery) -> Result<Option<Vec<i64>>> {
    if query.connections.is_empty() && query.kinds.is_empty() {
        return Ok(None);
    }
    let mut statement = at.prepare_cached(
        "SELECT source.id, c.text, k.text FROM source JOIN name c ON c.id = source.connection JOIN name k ON k.id = source.kind",
    )?;
    let mut rows = statement.query([])?;
    let mut ids = Vec::new();
    while let Some(row) = rows.next()? {
        let (id, connection, kind): (i64, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let of_connection = query.connections.is_empty() || query.connections.contains(&connection);
        if of_connection && (query.kinds.is_empty() || query.kinds.iter().any(|wanted| wanted.name() == kind)) {
            ids.push(id);
        }
    }
    Ok(Some(ids))
}

/// The subjects that match, one more than a few at most.
fn subjects(at: &Connection, pattern: &str) -> Result<Vec<i64>> {
    if !pattern.contains(['*', '?']) {
        let mut one = at.prepare_cached("SELECT id FROM subject WHERE text = ?1")?;
        return Ok(one.query_row([pattern], |row| row.get(0)).optional()?.into_iter().collect());
    }
    let mut statement = at.prepare_cached("SELECT id FROM subject WHERE text GLOB ?1 LIMIT ?2")?;
    let most = i64::try_from(MOST_LISTS + 1).unwrap_or(i64::MAX);
    statement.query_map(rusqlite::params![super::glob(pattern), most], |row| row.get(0))?.collect()
}

/// Names that were looked up for this answer.
#[derive(Debug, Default)]
struct Names {
    sources: HashMap<i64, (String, Kind)>,
}

fn read(at: &Connection, id: i64, names: &mut Names) -> Result<Option<Event>> {
    let mut statement = at.prepare_cached(
        "SELECT source, subject.text, (SELECT text FROM subject AS d WHERE d.id = definition), own, received, data
         FROM event JOIN subject ON subject.id = event.subject WHERE event.id = ?1",
    )?;
    let order = id >> ID_BITS;
    let event = |row: &Row<'_>| {
        let own: Option<i64> = row.get(3)?;
        let event = Event {
            id: EventId(id),
            connection: String::new(),
            kind: Kind::StreamUnrecognised,
            subject: row.get(1)?,
            definition: row.get(2)?,
            at: own.map(|own| Timestamp(order.saturating_add(own))),
            received: Timestamp(order.saturating_add(row.get(4)?)),
            data: row.get(5)?,
        };
        Ok((row.get::<_, i64>(0)?, event))
    };
    let Some((source, mut event)) = statement.query_row([id], event).optional()? else { return Ok(None) };
    let (connection, kind) = match names.sources.entry(source) {
        Entry::Occupied(known) => known.into_mut(),
        Entry::Vacant(place) => {
            let mut statement = at.prepare_cached(
                "SELECT c.text, k.text FROM source JOIN name c ON c.id = source.connection JOIN name k ON k.id = source.kind
                 WHERE source.id = ?1",
            )?;
            let read = |row: &Row<'_>| Ok((row.get(0)?, kind(&row.get::<_, String>(1)?)));
            place.insert(statement.query_row([source], read)?)
        }
    };
    event.connection.clone_from(connection);
    event.kind = *kind;
    Ok(Some(event))
}

/// The kind of that name.
pub(super) fn kind(name: &str) -> Kind {
    Kind::ALL.into_iter().find(|kind| kind.name() == name).unwrap_or(Kind::StreamUnrecognised)
}
