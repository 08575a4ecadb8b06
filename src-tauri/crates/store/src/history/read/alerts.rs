//! Alerts: lists, one with its story, and those to begin with.

use std::sync::Arc;

use fleet::alert::{Alert, AlertId, AlertState, Transition};
use fleet::rule::Severity;
use protocol::Timestamp;
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, Result, Row, params_from_iter};

use crate::history::pen::state_name;
use crate::history::{Evidence, History, HistoryError};

/// Alerts of one answer at most.
const MOST: usize = 10_000;
/// Transitions of one alert that are read.
const MOST_TRANSITIONS: i64 = 10_000;

const COLUMNS: &str = "id, rule, connection, subject, severity, grouping, title, state, since, began, fired, resolved, \
    acknowledgement, value, threshold, field, times, notify";

/// Which alerts. All that is given must hold; what is empty or `None` leaves open.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AlertQuery {
    /// That were so at this time or later.
    pub from: Option<Timestamp>,
    /// That began before this time.
    pub to: Option<Timestamp>,
    /// In one of these states.
    pub states: Vec<AlertState>,
    /// Of one of these severities.
    pub severities: Vec<Severity>,
    /// On one of these connections.
    pub connections: Vec<String>,
    /// Of one of these rules.
    pub rules: Vec<String>,
    /// Only those that fired: not what was so for less than its rule wants.
    pub fired: bool,
    /// With this in title, subject or rule.
    pub text: Option<String>,
    /// How many to leave out first.
    pub offset: usize,
    /// How many at most; 0 is 100, and more than 10,000 are never given.
    pub limit: usize,
}

/// One page of alerts, those that began last first.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct AlertPage {
    /// The page.
    pub alerts: Vec<Alert>,
    /// How many there are in all.
    pub total: usize,
}

/// One alert and all that is known of it.
#[derive(Debug, Clone, PartialEq)]
pub struct AlertStory {
    /// As it is.
    pub alert: Alert,
    /// Its changes in the order in which they became known: that it was over may be heard after it went stale.
    pub transitions: Vec<Transition>,
    /// Its proof.
    pub evidence: Option<Evidence>,
}

impl History {
    /// Alerts, a page at a time.
    pub fn alerts(&self, query: &AlertQuery) -> std::result::Result<AlertPage, HistoryError> {
        let (condition, mut values) = condition(query);
        let limit = if query.limit == 0 { 100 } else { query.limit.min(MOST) };
        self.ask(|at| {
            let one_moment = at.unchecked_transaction()?;
            let mut count = one_moment.prepare(&format!("SELECT count(*) FROM alert WHERE {condition}"))?;
            let total: i64 = count.query_row(params_from_iter(&values), |row| row.get(0))?;
            values.push(i64::try_from(limit).unwrap_or(i64::MAX).into());
            values.push(i64::try_from(query.offset).unwrap_or(i64::MAX).into());
            let sql = format!("SELECT {COLUMNS} FROM alert WHERE {condition} ORDER BY began DESC, id LIMIT ? OFFSET ?");
            let mut statement = one_moment.prepare(&sql)?;
            let alerts = statement.query_map(params_from_iter(&values), alert)?.collect::<Result<_>>()?;
            Ok(AlertPage { alerts, total: usize::try_from(total).unwrap_or(0) })
        })
    }

    /// One alert with its story.
    pub fn alert(&self, id: AlertId) -> std::result::Result<AlertStory, HistoryError> {
        let story = self.ask(|at| {
            let one_moment = at.unchecked_transaction()?;
            let mut statement = one_moment.prepare_cached(&format!("SELECT {COLUMNS} FROM alert WHERE id = ?1"))?;
            let Some(alert) = statement.query_row([id.0.cast_signed()], alert).optional()? else { return Ok(None) };
            let (transitions, evidence) = (transitions(&one_moment, id)?, evidence(&one_moment, id)?);
            Ok(Some(AlertStory { alert, transitions, evidence }))
        })?;
        story.ok_or_else(|| HistoryError::NotFound(format!("The alert {id}")))
    }

    /// The alerts that are not over, and those that were over at `since` or later: what an engine begins with. The oldest
    /// first.
    pub fn open_alerts(&self, since: Timestamp) -> std::result::Result<Vec<Alert>, HistoryError> {
        self.ask(|at| {
            let mut statement = at.prepare_cached(&format!(
                "SELECT {COLUMNS} FROM alert WHERE resolved IS NULL
                 UNION ALL SELECT {COLUMNS} FROM alert WHERE resolved >= ?1 ORDER BY began, id LIMIT ?2"
            ))?;
            let most = i64::try_from(10 * MOST).unwrap_or(i64::MAX);
            statement.query_map([since.millis(), most], alert)?.collect()
        })
    }
}

fn condition(query: &AlertQuery) -> (String, Vec<Value>) {
    let mut parts = vec!["1".to_owned()];
    let mut values: Vec<Value> = Vec::new();
    if let Some(from) = query.from {
        parts.push("(resolved IS NULL OR resolved >= ?)".into());
        values.push(from.millis().into());
    }
    if let Some(to) = query.to {
        parts.push("began < ?".into());
        values.push(to.millis().into());
    }
    if query.fired {
        parts.push("fired IS NOT NULL".into());
    }
    let states = query.states.iter().map(|state| Value::from(state_name(*state).to_owned())).collect();
    let severities = query.severities.iter().map(|severity| Value::from(*severity as i64)).collect();
    let texts = |texts: &[String]| texts.iter().cloned().map(Value::from).collect();
    let lists: [(&str, Vec<Value>); 4] = [
        ("state", states),
        ("severity", severities),
        ("connection", texts(&query.connections)),
        ("rule", texts(&query.rules)),
    ];
    for (column, list) in lists {
        if !list.is_empty() {
            // A statement takes 32,766 values; who names more than a thousand means all.
            let list: Vec<Value> = list.into_iter().take(1_000).collect();
            parts.push(format!("{column} IN ({})", vec!["?"; list.len()].join(",")));
            values.extend(list);
        }
    }
    if let Some(text) = query.text.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
        let escaped = text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        for _ in 0..3 {
            values.push(format!("%{escaped}%").into());
        }
        parts.push("(title LIKE ? ESCAPE '\\' OR subject LIKE ? ESCAPE '\\' OR rule LIKE ? ESCAPE '\\')".into());
    }
    (parts.join(" AND "), values)
}

fn alert(row: &Row<'_>) -> Result<Alert> {
    let time = |column: usize| row.get::<_, Option<i64>>(column).map(|time| time.map(Timestamp));
    let text = |column: usize| row.get::<_, String>(column);
    let acknowledgement: Option<String> = row.get(12)?;
    Ok(Alert {
        id: AlertId(row.get::<_, i64>(0)?.cast_unsigned()),
        rule: Arc::from(text(1)?),
        connection: Arc::from(text(2)?),
        subject: text(3)?.into(),
        severity: match row.get(4)? {
            0 => Severity::Low,
            1 => Severity::Medium,
            2 => Severity::High,
            i64::MIN..=-1 | 3.. => Severity::Critical,
        },
        group: Arc::from(text(5)?),
        title: text(6)?,
        state: state(&text(7)?),
        since: Timestamp(row.get(8)?),
        began: Timestamp(row.get(9)?),
        fired: time(10)?,
        resolved: time(11)?,
        acknowledgement: acknowledgement.and_then(|known| serde_json::from_str(&known).ok()),
        value: row.get(13)?,
        threshold: row.get(14)?,
        field: row.get::<_, Option<String>>(15)?.map(Into::into),
        times: row.get(16)?,
        notify: row.get(17)?,
    })
}

fn transitions(at: &Connection, id: AlertId) -> Result<Vec<Transition>> {
    let mut statement =
        at.prepare_cached("SELECT at, was, became, cause FROM transition WHERE alert = ?1 ORDER BY entry LIMIT ?2")?;
    let transition = |row: &Row<'_>| {
        Ok(Transition {
            alert: id,
            at: Timestamp(row.get(0)?),
            from: row.get::<_, Option<String>>(1)?.as_deref().map(state),
            to: state(&row.get::<_, String>(2)?),
            cause: row.get(3)?,
        })
    };
    statement.query_map([id.0.cast_signed(), MOST_TRANSITIONS], transition)?.collect()
}

fn evidence(at: &Connection, id: AlertId) -> Result<Option<Evidence>> {
    let mut statement = at.prepare_cached(
        "SELECT field, times, samples, threshold, since, until, events FROM evidence WHERE alert = ?1",
    )?;
    let evidence = |row: &Row<'_>| {
        let (times, values): (Vec<u8>, Vec<u8>) = (row.get(1)?, row.get(2)?);
        Ok(Evidence {
            field: row.get(0)?,
            times: eights(&times).map(i64::from_le_bytes).collect(),
            values: eights(&values).map(f64::from_le_bytes).collect(),
            threshold: row.get(3)?,
            from: Timestamp(row.get(4)?),
            to: Timestamp(row.get(5)?),
            events: serde_json::from_str(&row.get::<_, String>(6)?).unwrap_or_default(),
        })
    };
    statement.query_row([id.0.cast_signed()], evidence).optional()
}

fn eights(bytes: &[u8]) -> impl Iterator<Item = [u8; 8]> {
    bytes.as_chunks().0.iter().copied()
}

fn state(name: &str) -> AlertState {
    use AlertState::*;
    [Pending, Firing, Acknowledged, Silenced, Stale]
        .into_iter()
        .find(|state| state_name(*state) == name)
        .unwrap_or(Resolved)
}
