//! The rows of a query run: as they came, or in the order and with the words that the operator asked for.

use std::sync::Arc;

use compact_str::CompactString;
use fleet::{HostAnswer, QueryRun};

use super::count;
use super::object::Object;
use super::table::{Key, MOST};
use crate::lately::Lately;
use crate::view::filter::{Filter, Term, contains};
use crate::view::picture::{Cell, ResultRow, Rows};
use crate::view::{RunSpec, Sort};

/// What orders a run's rows: the connection, the run, its version, the order and the filter.
type Question = (String, u32, u64, Option<Sort>, String);

/// The rows that a run was last asked for in another order than they came. A row is `(host, place)`.
pub(crate) type Ordered = Lately<Question, Arc<[(u32, u32)]>>;

/// The window orders the same rows for as long as nothing changed, in ms.
const AGE: i64 = 600_000;

/// The columns of a run, in the order they first came.
pub fn columns(run: &QueryRun) -> Vec<String> {
    let mut columns: Vec<String> = Vec::new();
    for first in run.hosts.iter().flat_map(|host| &host.rows).filter_map(|rows| Object::parse_first(rows)) {
        for (name, _) in first.0 {
            if !columns.contains(&name) {
                columns.push(name);
            }
        }
    }
    columns
}

/// The rows in sight.
pub fn rows(
    run: &QueryRun,
    columns: &[String],
    spec: &RunSpec,
    now: protocol::Timestamp,
    ordered: &Ordered,
) -> Rows<ResultRow> {
    if spec.sort.is_none() && spec.filter.trim().is_empty() {
        return as_they_came(run, columns, spec);
    }
    let question = (spec.connection.clone(), spec.run, run.version(), spec.sort.clone(), spec.filter.clone());
    let order = ordered.get(question, now, AGE, || order(run, spec));
    let limit = spec.limit.min(MOST) as usize;
    let offset = (spec.offset as usize).min(order.len().saturating_sub(limit));
    let mut read: Option<(u32, Vec<Object>)> = None;
    let rows = order.iter().skip(offset).take(limit).filter_map(|&(at, place)| {
        let host = run.hosts.get(at as usize)?;
        if read.as_ref().is_none_or(|(known, _)| *known != at) {
            read = Some((at, objects(host).collect()));
        }
        let object = read.as_ref()?.1.get(place as usize)?;
        Some(row(host, place as usize, object, columns))
    });
    let rows = rows.collect();
    Rows { total: count(run.rows), matching: count(order.len()), offset: count(offset), moved: false, rows }
}

/// Host after host in the order they answered; only the answers that are in sight are read.
fn as_they_came(run: &QueryRun, columns: &[String], spec: &RunSpec) -> Rows<ResultRow> {
    let total = run.rows;
    let limit = spec.limit.min(MOST) as usize;
    let offset = (spec.offset as usize).min(total.saturating_sub(limit));
    let mut rows = Vec::new();
    let mut before = 0;
    for host in &run.hosts {
        if before + host.row_count > offset && before < offset + limit {
            let in_sight =
                objects(host).enumerate().skip(offset.saturating_sub(before)).take(offset + limit - before.max(offset));
            rows.extend(in_sight.map(|(place, object)| row(host, place, &object, columns)));
        }
        before += host.row_count;
    }
    rows.truncate(limit);
    Rows { total: count(total), matching: count(total), offset: count(offset), moved: false, rows }
}

fn order(run: &QueryRun, spec: &RunSpec) -> Arc<[(u32, u32)]> {
    let filter = Filter::parse(&spec.filter, &[]);
    let mut found: Vec<(Key, (u32, u32))> = Vec::with_capacity(run.rows);
    for (at, host) in run.hosts.iter().enumerate() {
        for (place, object) in objects(host).enumerate() {
            if filter.matches(|term| holds(term, host, &object)) {
                let key = spec.sort.as_ref().map_or(Key::Missing, |sort| key(&sort.column, host, &object));
                found.push((key, (count(at), count(place))));
            }
        }
    }
    let descending = spec.sort.as_ref().is_some_and(|sort| sort.descending);
    found.sort_by(|a, b| a.0.order(&b.0, descending).then_with(|| a.1.cmp(&b.1)));
    found.into_iter().map(|(_, at)| at).collect()
}

fn objects(host: &HostAnswer) -> impl Iterator<Item = Object> {
    host.rows.iter().flat_map(|rows| Object::parse_all(rows))
}

fn row(host: &HostAnswer, place: usize, object: &Object, columns: &[String]) -> ResultRow {
    ResultRow { key: format!("{}/{place}", host.host), hostname: name(host).to_owned(), cells: object.cells(columns) }
}

/// A host's name, or its id where it has none.
pub fn name(host: &HostAnswer) -> &str {
    host.hostname.as_ref().unwrap_or(&host.host)
}

/// Hosts answer in text: what reads as a number is ordered and compared as one.
fn number(cell: &Cell) -> Option<f64> {
    match cell {
        Cell::Number(number) => Some(*number),
        Cell::Text(text) => text.trim().parse().ok().filter(|number: &f64| number.is_finite()),
        Cell::Bool(_) | Cell::Null => None,
    }
}

fn key(column: &str, host: &HostAnswer, object: &Object) -> Key {
    // The column of the host stands before those of the data; `host` among these is shown by another.
    match object.0.iter().find(|(name, _)| name == column) {
        None if column == HOST => Key::text(Some(name(host))),
        None => Key::Missing,
        Some((_, cell)) => match (number(cell), cell) {
            (Some(number), _) => Key::Number(number),
            (None, Cell::Text(text)) => Key::Text(CompactString::from(text.as_str())),
            (None, Cell::Bool(truth)) => Key::Number(f64::from(u8::from(*truth))),
            (None, _) => Key::Missing,
        },
    }
}

/// How the page names the column of the host.
const HOST: &str = "·host";

fn holds(term: &Term, host: &HostAnswer, object: &Object) -> bool {
    match term {
        Term::Word(word) => {
            contains(name(host), word)
                || object.0.iter().any(|(_, cell)| match cell {
                    Cell::Text(text) => contains(text, word),
                    Cell::Number(number) => number.to_string() == *word,
                    Cell::Bool(_) | Cell::Null => false,
                })
        }
        Term::Compare(column, comparison, wanted) => object
            .0
            .iter()
            .any(|(name, cell)| name == column && number(cell).is_some_and(|value| comparison.holds(value, *wanted))),
        Term::Same(column, wanted) if column == "host" => name(host).eq_ignore_ascii_case(wanted),
        Term::Same(column, wanted) => object.0.iter().any(|(name, cell)| {
            name == column && matches!(cell, Cell::Text(text) if crate::view::filter::same(text, wanted))
        }),
        Term::Is(..) => false,
    }
}
