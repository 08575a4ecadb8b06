//! The shift report: what happened in a span, out of the history.

use std::collections::BTreeMap;

use chart::Theme;
use chart::report::{AlertLine, Figure, GapLine, JobLine, LockLine, Report};
use fleet::alert::Alert;
use jiff::tz::TimeZone;
use protocol::{Kind, Timestamp};
use store::History;
use store::history::{AlertQuery, DefinitionCount, Event, EventQuery, Filled, HistoryError};

use super::picture::{Wanted, stored_picture};
use crate::sampling::OF_CONNECTION;
use crate::view::picture::{AlertState, Severity};

/// Rows of one table; what is left out is said.
const ROWS: usize = 500;
/// Jobs from which the times of definitions are taken, the latest.
const DURATIONS: usize = 10_000;

/// The report of these connections over a span as one HTML file.
pub fn report(
    history: &History,
    connections: &[String],
    (from, to): (Timestamp, Timestamp),
    zone: &TimeZone,
) -> Result<String, HistoryError> {
    let mut notes = Vec::new();
    let alerts = history.alerts(&AlertQuery {
        from: Some(from),
        to: Some(to),
        connections: connections.to_vec(),
        fired: true,
        limit: ROWS,
        ..AlertQuery::default()
    })?;
    if alerts.total > alerts.alerts.len() {
        notes.push(format!("Of {} alerts {} are listed.", alerts.total, alerts.alerts.len()));
    }
    let mut of_kinds = |kinds: &[Kind], what: &str| -> Result<Vec<Event>, HistoryError> {
        let page = history.events(&EventQuery {
            from: Some(from),
            to: Some(to),
            connections: connections.to_vec(),
            kinds: kinds.to_vec(),
            limit: ROWS,
            ..EventQuery::default()
        })?;
        if page.more {
            notes.push(format!("Only the latest {ROWS} {what} are listed."));
        }
        Ok(page.events)
    };
    let locks = of_kinds(&[Kind::DeviceLocked, Kind::DeviceUnlocked], "lock events")?;
    let failures =
        of_kinds(&[Kind::JobFailed], "failed jobs are looked at for their errors; all are counted, and of them")?;
    let mut counts: BTreeMap<Kind, u64> = BTreeMap::new();
    for hour in history.hours(from, to)?.into_iter().filter(|hour| connections.contains(&hour.connection)) {
        *counts.entry(hour.kind).or_default() += hour.count;
    }
    let count = |kind: Kind| counts.get(&kind).copied().unwrap_or(0);
    let gaps: Vec<GapLine> = history
        .gaps(None, from, to)?
        .into_iter()
        .filter(|gap| connections.iter().any(|name| **name == *gap.connection))
        .map(|gap| GapLine {
            connection: gap.connection.to_string(),
            from: gap.from.millis(),
            to: gap.to.map(Timestamp::millis),
            cause: match &gap.filled {
                Filled::Partly(missing) => format!("{}. {missing}", gap.cause),
                _ => gap.cause.clone(),
            },
            filled: gap.filled == Filled::Whole,
        })
        .collect();
    let unresolved = alerts.alerts.iter().filter(|alert| alert.resolved.is_none()).count();
    let figure = |label: &str, value: String, note: String| Figure { label: label.into(), value, note };
    let summary = vec![
        figure("Alerts", alerts.total.to_string(), format!("{unresolved} still open")),
        figure("Unlocks", count(Kind::DeviceUnlocked).to_string(), format!("{} locks", count(Kind::DeviceLocked))),
        figure("Jobs completed", count(Kind::JobCompleted).to_string(), format!("{} failed", count(Kind::JobFailed))),
        figure("Signals", count(Kind::SignalReceived).to_string(), String::new()),
        figure("Gaps", gaps.len().to_string(), format!("{} filled", gaps.iter().filter(|gap| gap.filled).count())),
    ];
    let mut charts = Vec::new();
    for (title, field) in [
        ("Events a second", "events"),
        ("Devices online", "devices_online"),
        ("Unlocks a minute", "unlocks"),
        ("Failed jobs a minute", "jobs_failed"),
    ] {
        let wanted: Vec<Wanted> = connections
            .iter()
            .map(|name| Wanted { connection: name.clone(), subject: OF_CONNECTION.into(), field: field.into() })
            .collect();
        let mut picture = stored_picture(history, title, &wanted, (from, to), zone, Theme::Light)?;
        picture.lines.retain(|line| !line.points.is_empty());
        if !picture.lines.is_empty() {
            charts.push(picture);
        }
    }
    let mut durations: BTreeMap<(String, String), Vec<f64>> = BTreeMap::new();
    for event in completed(history, connections, from, to)? {
        if let Some(elapsed) = crate::view::build::events::member(&event.data, "elapsedMs") {
            durations.entry((event.connection, event.definition.unwrap_or_default())).or_default().push(elapsed);
        }
    }
    durations.values_mut().for_each(|times| times.sort_by(f64::total_cmp));
    let of_durations = |definition: &DefinitionCount, share: f64| {
        let times = durations.get(&(definition.connection.clone(), definition.definition.clone()))?;
        times.get(((times.len() as f64 * share).ceil() as usize).max(1) - 1).copied()
    };
    let jobs = history
        .definitions(from, to)?
        .into_iter()
        .filter(|definition| connections.contains(&definition.connection))
        .map(|definition| {
            let of_it = failures.iter().find(|event| {
                event.connection == definition.connection
                    && event.definition.as_deref() == Some(&*definition.definition)
            });
            JobLine {
                completed: definition.completed,
                failed: definition.failed,
                p50_ms: of_durations(&definition, 0.5),
                p95_ms: of_durations(&definition, 0.95),
                last_error: of_it.and_then(|event| crate::view::build::past::text(&event.data, "error")),
                definition: definition.definition,
            }
        })
        .collect();
    let report = Report {
        title: "Shift report".into(),
        from: from.millis(),
        to: to.millis(),
        made_at: to.millis(),
        zone: zone.clone(),
        version: env!("CARGO_PKG_VERSION").into(),
        summary,
        alerts: alerts.alerts.iter().map(line).collect(),
        locks: locks.iter().map(lock).collect(),
        jobs,
        gaps,
        charts,
        notes,
    };
    Ok(chart::report::html(&report))
}

/// The jobs that ended well, the latest first; more than these change no percentile that anybody would notice.
fn completed(
    history: &History,
    connections: &[String],
    from: Timestamp,
    to: Timestamp,
) -> Result<Vec<Event>, HistoryError> {
    let query = EventQuery {
        from: Some(from),
        to: Some(to),
        connections: connections.to_vec(),
        kinds: vec![Kind::JobCompleted],
        limit: DURATIONS,
        ..EventQuery::default()
    };
    Ok(history.events(&query)?.events)
}

fn line(alert: &Alert) -> AlertLine {
    let state = match AlertState::from(alert.state) {
        AlertState::Pending => "pending",
        AlertState::Firing => "firing",
        AlertState::Acknowledged => "acknowledged",
        AlertState::Silenced => "silenced",
        AlertState::Stale => "stale",
        AlertState::Resolved => "resolved",
    };
    AlertLine {
        severity: Severity::from(alert.severity).name().into(),
        title: alert.title.clone(),
        subject: alert.subject.to_string(),
        connection: alert.connection.to_string(),
        began: alert.began.millis(),
        acknowledged: alert.acknowledgement.as_ref().map(|known| (known.at.millis(), known.note.clone())),
        resolved: alert.resolved.map(Timestamp::millis),
        state: state.into(),
    }
}

fn lock(event: &Event) -> LockLine {
    LockLine {
        at: event.at.unwrap_or(event.received).millis(),
        device: event.subject.clone(),
        connection: event.connection.clone(),
        locked: event.kind == Kind::DeviceLocked,
        source: crate::view::build::past::text(&event.data, "source").unwrap_or_default(),
    }
}
