//! `signalbox history`.

use std::io::{self, ErrorKind, StdoutLock, Write};
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use fleet::alert::Transition;
use fleet::rule::Glob;
use link::{Clock, SystemClock};
use protocol::{Kind, Timestamp};
use serde::Serialize;
use serde_json::value::RawValue;
use store::History as Past;
use store::history::{AlertQuery, Event, EventId, EventQuery, Filled, HistoryError};

use super::moment::{Moment, moment, span};
use super::record::state;
use super::rules::severity;
use crate::failure::Failure;

/// Rows that are read at a time.
const PAGE: usize = 1_000;
/// Gaps and audit entries that the history gives at most.
const MOST: usize = 10_000;

/// Prints what the history knows of a time, the oldest first: events, or alerts, gaps, what operators did.
///
/// Events are lines like those of `signalbox watch`, with the history's own id. It works while the window or
/// `signalbox record` runs.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  signalbox history --since 2h
  signalbox history --since 7d --kind device.unlocked --connection locks-eu --format csv > unlocks.csv
  signalbox history --since 24h --text \"timeout stripe*\" --limit 20
  signalbox history --since 8h --alerts | jq -r 'select(.severity == \"critical\") | .title'
  signalbox history --since 30d --gaps --format csv")]
pub(super) struct History {
    /// From when on: how long ago, as 30m, 2h or 7d, or a time, as 2026-03-01T08:00:00Z.
    #[arg(long, value_name = "WHEN", default_value = "24h", value_parser = moment)]
    since: Moment,

    /// Until before when; now, unless given.
    #[arg(long, value_name = "WHEN", value_parser = moment)]
    until: Option<Moment>,

    /// Only events of this kind, as device.unlocked; may be given several times.
    #[arg(long = "kind", value_name = "KIND", value_parser = kinds(), conflicts_with_all = ["alerts", "gaps", "audit"])]
    kinds: Vec<Kind>,

    /// Only of this connection; may be given several times.
    #[arg(long = "connection", value_name = "NAME", conflicts_with = "audit")]
    connections: Vec<String>,

    /// Only about subjects that match, with * for any text and ? for one character.
    #[arg(long, value_name = "GLOB", conflicts_with_all = ["gaps", "audit"])]
    subject: Option<String>,

    /// Only what has each of these words; one that ends in * is the beginning of a word.
    #[arg(long, value_name = "WORDS", conflicts_with_all = ["gaps", "audit"])]
    text: Option<String>,

    /// Only the latest N of them.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    limit: Option<u64>,

    /// One JSON object a line, or CSV with a first line of names.
    #[arg(long, value_name = "FORMAT", default_value = "ndjson")]
    format: Format,

    /// Alerts that were open at the time, with their changes.
    #[arg(long, group = "what")]
    alerts: bool,

    /// Spans in which a connection was not heard, and whether what was missed was fetched later.
    #[arg(long, group = "what")]
    gaps: bool,

    /// What operators did: acknowledged, silenced, changed.
    #[arg(long, group = "what")]
    audit: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Ndjson,
    Csv,
}

/// Reads a kind by its name; its help lists them.
fn kinds() -> impl clap::builder::TypedValueParser<Value = Kind> {
    use clap::builder::TypedValueParser;
    let names = clap::builder::PossibleValuesParser::new(Kind::ALL.map(Kind::name));
    names.map(|name| Kind::ALL.into_iter().find(|kind| kind.name() == name).unwrap_or(Kind::StreamUnrecognised))
}

impl History {
    pub(super) fn run(self, config: Option<PathBuf>) -> Result<(), Failure> {
        let span = span(self.since, self.until, SystemClock.now())?;
        let past = crate::history::read(config.as_deref())?;
        let mut rows = Rows::new(self.format);
        let printed = match (self.alerts, self.gaps, self.audit) {
            (true, ..) => self.print_alerts(&past, span, &mut rows),
            (_, true, _) => self.print_gaps(&past, span, &mut rows),
            (.., true) => self.print_audit(&past, span, &mut rows),
            _ => self.print_events(&past, span, &mut rows),
        };
        match printed.and_then(|()| Ok(rows.finish()?)) {
            Ok(0) => eprintln!("Nothing in the history matches from {} to {}.", span.0, span.1),
            Ok(_) | Err(End::ReaderLeft) => {}
            Err(End::Failed(failure)) => return Err(failure),
        }
        Ok(())
    }

    fn print_events(&self, past: &Past, (from, to): (Timestamp, Timestamp), rows: &mut Rows) -> Result<(), End> {
        let mut query = EventQuery {
            from: Some(from),
            to: Some(to),
            connections: self.connections.clone(),
            kinds: self.kinds.clone(),
            subject: self.subject.clone(),
            text: self.text.clone(),
            limit: PAGE,
            ..EventQuery::default()
        };
        if let Some(limit) = self.limit {
            query.after = before_the_latest(past, query.clone(), limit)?;
        }
        query.oldest_first = true;
        loop {
            let page = past.events(&query)?;
            query.after = page.events.last().map(|event| event.id);
            for event in &page.events {
                rows.event(event)?;
            }
            if !page.more || query.after.is_none() {
                return Ok(());
            }
        }
    }

    fn print_alerts(&self, past: &Past, (from, to): (Timestamp, Timestamp), rows: &mut Rows) -> Result<(), End> {
        let subject = self.subject.as_deref().map(Glob::new).transpose().map_err(Failure::usage)?;
        let mut query = AlertQuery {
            from: Some(from),
            to: Some(to),
            connections: self.connections.clone(),
            text: self.text.clone(),
            limit: 1,
            ..AlertQuery::default()
        };
        // The newest come first; they are printed from the last page to the first.
        let total = past.alerts(&query)?.total;
        let wanted = self.limit.map_or(total, |limit| total.min(usize::try_from(limit).unwrap_or(usize::MAX)));
        let mut end = wanted;
        while end > 0 {
            query.offset = end.saturating_sub(PAGE);
            query.limit = end - query.offset;
            for alert in past.alerts(&query)?.alerts.into_iter().rev() {
                if subject.as_ref().is_some_and(|glob| !glob.covers(&alert.subject)) {
                    continue;
                }
                let transitions = match self.format {
                    Format::Ndjson => Some(past.alert(alert.id)?.transitions.iter().map(Change::of).collect()),
                    Format::Csv => None,
                };
                let known = alert.acknowledgement.as_ref();
                rows.row(&AlertRow {
                    id: alert.id.to_string(),
                    rule: &alert.rule,
                    connection: &alert.connection,
                    subject: &alert.subject,
                    severity: severity(alert.severity),
                    state: state(alert.state),
                    title: &alert.title,
                    began: alert.began.to_string(),
                    fired: text(alert.fired),
                    resolved: text(alert.resolved),
                    times: alert.times,
                    value: alert.value,
                    threshold: alert.threshold,
                    field: alert.field.as_deref(),
                    acknowledged: text(known.map(|known| known.at)),
                    note: known.map(|known| known.note.as_str()),
                    transitions,
                })?;
            }
            end = query.offset;
        }
        Ok(())
    }

    fn print_gaps(&self, past: &Past, (from, to): (Timestamp, Timestamp), rows: &mut Rows) -> Result<(), End> {
        let mut gaps = match &self.connections[..] {
            [] => past.gaps(None, from, to)?,
            names => {
                let mut gaps = Vec::new();
                for name in names {
                    gaps.extend(past.gaps(Some(name), from, to)?);
                }
                gaps.sort_by_key(|gap| gap.from);
                gaps
            }
        };
        if gaps.len() >= MOST {
            eprintln!("There are more gaps than {MOST}; these are the oldest. A shorter time has the others.");
        }
        self.keep_latest(&mut gaps);
        for gap in &gaps {
            let (filled, missing) = match &gap.filled {
                Filled::No => ("no", None),
                Filled::Partly(missing) => ("partly", Some(missing.as_str())),
                Filled::Whole => ("whole", None),
            };
            let (from, to) = (gap.from.to_string(), text(gap.to));
            rows.row(&GapRow { connection: &gap.connection, from, to, cause: &gap.cause, filled, missing })?;
        }
        Ok(())
    }

    fn print_audit(&self, past: &Past, (from, to): (Timestamp, Timestamp), rows: &mut Rows) -> Result<(), End> {
        let mut entries = past.audit(from, to)?;
        if entries.len() >= MOST {
            eprintln!("There are more entries than {MOST}; these are the latest. A shorter time has the others.");
        }
        entries.reverse();
        self.keep_latest(&mut entries);
        for entry in &entries {
            let record = &entry.record;
            let at = record.at.to_string();
            rows.row(&AuditRow {
                id: entry.id,
                at,
                action: &record.action,
                subject: &record.subject,
                detail: &record.detail,
            })?;
        }
        Ok(())
    }

    fn keep_latest<T>(&self, rows: &mut Vec<T>) {
        let limit = self.limit.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(usize::MAX);
        rows.drain(..rows.len().saturating_sub(limit));
    }
}

/// The event after which the latest so many come; `None` when there are not so many.
fn before_the_latest(past: &Past, mut query: EventQuery, limit: u64) -> Result<Option<EventId>, HistoryError> {
    query.oldest_first = false;
    let mut left = limit;
    loop {
        let page = past.events(&query)?;
        let place = usize::try_from(left).unwrap_or(usize::MAX);
        if let Some(event) = page.events.get(place) {
            return Ok(Some(event.id));
        }
        left -= page.events.len() as u64;
        query.after = page.events.last().map(|event| event.id);
        if !page.more || query.after.is_none() {
            return Ok(None);
        }
    }
}

fn text(at: Option<Timestamp>) -> Option<String> {
    at.map(|at| at.to_string())
}

/// Why there are no more rows.
#[derive(Debug)]
enum End {
    ReaderLeft,
    Failed(Failure),
}

impl From<io::Error> for End {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            ErrorKind::BrokenPipe => End::ReaderLeft,
            _ => End::Failed(Failure::failed(format!("standard output cannot be written: {error}"))),
        }
    }
}

impl From<HistoryError> for End {
    fn from(error: HistoryError) -> Self {
        End::Failed(Failure::failed(error))
    }
}

impl From<Failure> for End {
    fn from(failure: Failure) -> Self {
        End::Failed(failure)
    }
}

/// Rows on their way out.
struct Rows {
    count: u64,
    out: Out,
}

enum Out {
    Ndjson(io::BufWriter<StdoutLock<'static>>),
    Csv(Box<csv::Writer<StdoutLock<'static>>>),
}

impl Rows {
    fn new(format: Format) -> Self {
        let out = io::stdout().lock();
        let out = match format {
            Format::Ndjson => Out::Ndjson(io::BufWriter::new(out)),
            Format::Csv => Out::Csv(Box::new(csv::Writer::from_writer(out))),
        };
        Rows { count: 0, out }
    }

    fn row(&mut self, row: &impl Serialize) -> io::Result<()> {
        self.count += 1;
        match &mut self.out {
            Out::Ndjson(out) => {
                serde_json::to_writer(&mut *out, row).map_err(io::Error::from)?;
                out.write_all(b"\n")
            }
            Out::Csv(out) => out.serialize(row).map_err(|error| match error.into_kind() {
                csv::ErrorKind::Io(error) => error,
                other => io::Error::other(format!("{other:?}")),
            }),
        }
    }

    fn event(&mut self, event: &Event) -> io::Result<()> {
        match self.out {
            Out::Csv(_) => self.row(&EventRow::of(event, event.data.as_str())),
            Out::Ndjson(_) => match serde_json::from_str::<&RawValue>(&event.data) {
                Ok(data) if !event.data.contains(['\n', '\r']) => self.row(&EventRow::of(event, data)),
                // Line breaks outside of strings are white space; what is no JSON becomes a string.
                _ => {
                    let data: serde_json::Value =
                        serde_json::from_str(&event.data).unwrap_or_else(|_| event.data.as_str().into());
                    self.row(&EventRow::of(event, data))
                }
            },
        }
    }

    /// Writes what waits; answers how many rows there were.
    fn finish(self) -> io::Result<u64> {
        match self.out {
            Out::Ndjson(mut out) => out.flush()?,
            Out::Csv(mut out) => out.flush()?,
        }
        Ok(self.count)
    }
}

#[derive(Serialize)]
struct EventRow<'a, D> {
    id: i64,
    connection: &'a str,
    kind: &'static str,
    subject: &'a str,
    at: Option<String>,
    received_at: String,
    data: D,
}

impl<'a, D> EventRow<'a, D> {
    fn of(event: &'a Event, data: D) -> Self {
        EventRow {
            id: event.id.0,
            connection: &event.connection,
            kind: event.kind.name(),
            subject: &event.subject,
            at: text(event.at),
            received_at: event.received.to_string(),
            data,
        }
    }
}

#[derive(Serialize)]
struct AlertRow<'a> {
    id: String,
    rule: &'a str,
    connection: &'a str,
    subject: &'a str,
    severity: &'static str,
    state: &'static str,
    title: &'a str,
    began: String,
    fired: Option<String>,
    resolved: Option<String>,
    times: u32,
    value: Option<f64>,
    threshold: Option<f64>,
    field: Option<&'a str>,
    acknowledged: Option<String>,
    note: Option<&'a str>,
    /// In JSON only: a table's cell holds no list.
    #[serde(skip_serializing_if = "Option::is_none")]
    transitions: Option<Vec<Change>>,
}

#[derive(Serialize)]
struct Change {
    at: String,
    from: Option<&'static str>,
    to: &'static str,
    cause: String,
}

impl Change {
    fn of(transition: &Transition) -> Self {
        let Transition { at, from, to, cause, .. } = transition;
        Change { at: at.to_string(), from: from.map(state), to: state(*to), cause: cause.clone() }
    }
}

#[derive(Serialize)]
struct GapRow<'a> {
    connection: &'a str,
    from: String,
    to: Option<String>,
    cause: &'a str,
    filled: &'static str,
    missing: Option<&'a str>,
}

#[derive(Serialize)]
struct AuditRow<'a> {
    id: i64,
    at: String,
    action: &'a str,
    subject: &'a str,
    detail: &'a str,
}
