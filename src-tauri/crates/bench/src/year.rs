//! Makes a history: so many events over so many days until now, and alerts of the last day.

use std::path::Path;
use std::sync::Arc;
use std::task::{Context, Waker};
use std::time::Duration;

use fleet::alert::{Alert, AlertId, AlertState, Transition};
use fleet::rule::Severity;
use protocol::{Kind, Timestamp};
use store::History;
use store::history::{Batch, EventRecord, Journal, Place, Settings};

use crate::Failure;

/// A day, in ms.
pub const DAY: i64 = 86_400_000;
/// Connections that the events are of: `connection-0` and so on.
pub const CONNECTIONS: u64 = 8;
/// Devices that they are about.
const DEVICES: u64 = 5_000;
/// Records that are handed over together.
const TOGETHER: usize = 1_000;
/// How long the disk may take for what waits at the end.
const FLUSH: Duration = Duration::from_secs(600);
/// The rule that the alerts are of; a built-in one, so that it is watched for when they are restored.
const RULE: &str = "Battery low";

/// What to make.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// Events, evenly spread.
    pub events: i64,
    /// Days until now.
    pub days: i64,
    /// Alerts of the last day that are over.
    pub resolved: i64,
    /// Alerts of the last day that fire.
    pub firing: i64,
}

/// Settings by which nothing of it is removed.
pub fn keep_all() -> Settings {
    Settings { keep_events: Duration::from_secs(3_650 * 86_400), most_bytes: 1 << 40, ..Settings::default() }
}

/// The same in the configuration's words.
pub const KEEP_ALL: &str = "[history]\nkeep_days = 3650\nmost_mib = 1048576\n";

/// Makes it as fast as it goes, and gives its end.
pub fn make(path: &Path, plan: Plan) -> Result<Timestamp, Failure> {
    let clock: store::history::Clock = Arc::new(|| link::Clock::now(&link::SystemClock));
    let end = clock();
    let history = History::open(Place::Disk(path.to_owned()), keep_all(), clock)?;
    let journal = history.journal();
    events(&journal, end, plan);
    alerts(&journal, end, plan);
    if !journal.flush(FLUSH) {
        return Err("the history was not written within ten minutes".into());
    }
    let health = history.health();
    if health.not_recorded > 0 {
        return Err(format!("{} records were not written: {:?}", health.not_recorded, health.problem).into());
    }
    Ok(end)
}

fn events(journal: &Journal, end: Timestamp, plan: Plan) {
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let connections: Vec<Arc<str>> = (0..CONNECTIONS).map(|number| format!("connection-{number}").into()).collect();
    let (begin, span) = (end.millis() - plan.days * DAY, i128::from(plan.days * DAY));
    let mut batch = Batch::default();
    for number in 0..plan.events {
        let offset = span * i128::from(number) / i128::from(plan.events);
        let at = Timestamp(begin + i64::try_from(offset).unwrap_or_default());
        batch.events.push(event(&mut dice, &connections, at));
        if batch.events.len() == TOGETHER || number + 1 == plan.events {
            hand_over(journal, std::mem::take(&mut batch));
        }
    }
}

/// Lock events, and one job in ten.
fn event(dice: &mut Dice, connections: &[Arc<str>], at: Timestamp) -> EventRecord {
    let device = dice.roll(DEVICES);
    let connection = connections[usize::try_from(device % CONNECTIONS).unwrap_or_default()].clone();
    let kind = match dice.roll(100) {
        0..2 => Kind::JobFailed,
        2..10 => Kind::JobCompleted,
        odd if odd % 2 == 0 => Kind::DeviceLocked,
        _ => Kind::DeviceUnlocked,
    };
    let (high, low) = (dice.roll(1 << 48), dice.roll(1 << 44));
    let id = format!("{:08x}-{:04x}-4{:03x}-a{:03x}-{low:012x}", high >> 16, high & 0xffff, low & 0xfff, high & 0xfff);
    let received = Timestamp(at.millis() + 35);
    match kind {
        Kind::JobFailed | Kind::JobCompleted => {
            let definition = format!("definition-{}", dice.roll(40));
            EventRecord {
                connection,
                kind,
                data: format!(
                    r#"{{"jobId":"{id}","jobDefinitionId":"{definition}","finishedAt":"{at}","elapsedMs":{}}}"#,
                    dice.roll(90_000)
                ),
                tuple: Some(format!("{id}|{}|{}", kind.name(), at.millis())),
                subject: id,
                definition: Some(definition),
                at: Some(at),
                received,
                identity: None,
            }
        }
        _ => EventRecord {
            connection,
            kind,
            data: format!(
                r#"{{"type":"{}","hardwareId":"device-{device}","eventId":"{id}","source":"rfid","code":"•••","timestamp":"{at}"}}"#,
                kind.name()
            ),
            subject: format!("device-{device}"),
            definition: None,
            at: Some(at),
            received,
            identity: Some(id),
            tuple: Some(format!("device-{device}|{}|{}", kind.name(), at.millis())),
        },
    }
}

fn alerts(journal: &Journal, end: Timestamp, plan: Plan) {
    let all = plan.resolved + plan.firing;
    let mut batch = Batch::default();
    for number in 0..all {
        let began = Timestamp(end.millis() - DAY + DAY / all.max(1) * number);
        let over = (number < plan.resolved).then(|| Timestamp(began.millis() + 60_000));
        alert(&mut batch, number, began, over);
        if batch.alerts.len() == TOGETHER || number + 1 == all {
            hand_over(journal, std::mem::take(&mut batch));
        }
    }
}

fn alert(batch: &mut Batch, number: i64, began: Timestamp, over: Option<Timestamp>) {
    let connection: Arc<str> = format!("connection-{}", number.unsigned_abs() % CONNECTIONS).into();
    let subject = format!("device-{number}");
    let id = AlertId::of(RULE, &connection, &subject, began);
    let state = if over.is_some() { AlertState::Resolved } else { AlertState::Firing };
    let transition = |at, from, to, cause: &str| Transition { alert: id, at, from, to, cause: cause.to_owned() };
    batch.transitions.push(transition(began, None, AlertState::Firing, "The battery is at 11.2 V, under 11.5 V."));
    if let Some(over) = over {
        let cause = "The battery is at 11.9 V again.";
        batch.transitions.push(transition(over, Some(AlertState::Firing), AlertState::Resolved, cause));
    }
    batch.alerts.push(Alert {
        id,
        rule: RULE.into(),
        connection,
        title: format!("{subject}: battery at 11.2 V"),
        subject: subject.into(),
        severity: Severity::Medium,
        group: RULE.into(),
        state,
        since: over.unwrap_or(began),
        began,
        fired: Some(began),
        resolved: over,
        acknowledgement: None,
        value: Some(11.2),
        threshold: Some(11.5),
        field: Some("battery_voltage".into()),
        times: 1,
        notify: true,
    });
}

/// Hands a batch over when there is room.
fn hand_over(journal: &Journal, batch: Batch) {
    while journal.poll_room(&mut Context::from_waker(Waker::noop())).is_pending() {
        std::thread::sleep(Duration::from_millis(1));
    }
    journal.batch(batch);
}

/// The same numbers each time (xorshift).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 12) % below
    }
}
