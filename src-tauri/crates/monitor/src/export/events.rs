//! The listed events as a file: a JSON object a line, or a table.

use std::io::Write;

use protocol::Timestamp;

use crate::monitor::Monitor;
use crate::view::build::events::Asked;
use crate::view::build::{Sight, events, in_scope};
use crate::view::picture::{EventKind, EventRow};
use crate::view::{CommandError, ErrorCode, EventsFormat, Scope, Span};

/// The most events of one file.
pub(super) const MOST: u32 = 20_000;
/// Rows that are taken at a time.
const PAGE: u32 = 500;

impl Monitor {
    /// The events that a filter lets through, the newest first, and whether there were more.
    pub(super) fn listed(&self, scope: &Scope, filter: &str, past: Option<Span>) -> (Vec<EventRow>, bool) {
        let connections = in_scope(scope, self.connections());
        let sight = Sight { now: self.now(), connections: &connections };
        let mut rows: Vec<EventRow> = Vec::new();
        // What comes meanwhile is not of this file.
        let until = Some(sight.now.millis());
        // A file is of events: that a time was not recorded is said in the window.
        let events = |mut rows: Vec<EventRow>| {
            rows.retain(|row| !matches!(row.kind, EventKind::Recording(_)));
            rows
        };
        loop {
            let offset = u32::try_from(rows.len()).unwrap_or(u32::MAX);
            let asked = Asked { filter, until, offset, limit: PAGE };
            let page = match past {
                Some(span) => self.past_events(span, &sight, asked),
                None => events::page(&sight, asked),
            };
            let came = page.events.rows.len();
            rows.extend(page.events.rows);
            if came < PAGE as usize {
                return (events(rows), false);
            }
            if rows.len() >= MOST as usize {
                return (events(rows), true);
            }
        }
    }

    /// An event's whole data, as far as it is kept.
    fn whole(&self, row: &EventRow) -> String {
        let whole = match &row.stored {
            Some(id) => self.stored_event_json(id),
            None => self.event_json(&row.connection, row.number),
        };
        whole.unwrap_or_else(|_| row.summary.clone())
    }

    /// Writes events in a format.
    pub(super) fn written(&self, rows: &[EventRow], format: EventsFormat) -> Result<Vec<u8>, CommandError> {
        let mut out = Vec::new();
        match format {
            EventsFormat::Ndjson => {
                for row in rows {
                    let text = self.whole(row);
                    let data =
                        serde_json::from_str::<serde_json::Value>(&text).unwrap_or(serde_json::Value::String(text));
                    let line = serde_json::json!({
                        "connection": row.connection,
                        "kind": row.kind,
                        "subject": row.subject,
                        "at": row.at.map(|at| Timestamp(at).to_string()),
                        "received_at": Timestamp(row.received_at).to_string(),
                        "data": data,
                    });
                    // Writing to a Vec cannot fail.
                    let _ = writeln!(out, "{line}");
                }
            }
            EventsFormat::Csv => {
                let mut table = csv::Writer::from_writer(&mut out);
                let failed = |error: csv::Error| CommandError { code: ErrorCode::Internal, message: error.to_string() };
                table
                    .write_record(["connection", "kind", "subject", "at", "received_at", "summary", "data"])
                    .map_err(failed)?;
                for row in rows {
                    let kind = serde_json::to_value(row.kind).ok();
                    let kind = kind.as_ref().and_then(serde_json::Value::as_str).unwrap_or_default();
                    let at = row.at.map(|at| Timestamp(at).to_string()).unwrap_or_default();
                    let received = Timestamp(row.received_at).to_string();
                    let data = serde_json::from_str::<serde_json::Value>(&self.whole(row))
                        .map_or_else(|_| row.summary.clone(), |data| data.to_string());
                    table
                        .write_record([&row.connection, kind, &row.subject, &at, &received, &row.summary, &data])
                        .map_err(failed)?;
                }
                table
                    .flush()
                    .map_err(|error| CommandError { code: ErrorCode::Internal, message: error.to_string() })?;
            }
        }
        Ok(out)
    }
}
