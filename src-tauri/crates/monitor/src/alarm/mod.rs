//! Alerts: what the detectors find goes into the book, and from there to the history, the operator and the window.

mod away;
mod evidence;
mod herald;
mod operator;
mod pending;
mod unrecorded;

use std::collections::HashMap;
use std::sync::Arc;

use fleet::alert::{Alert, AlertBook, AlertId, Announcement, Change, Counts, Finding, Silence};
use fleet::rule::{self, Doubted, Rule, Severity};
use jiff::tz::TimeZone;
use parking_lot::{Mutex, MutexGuard, RwLock};
use protocol::{Connection, Timestamp};
use store::history::{AlertStory, AuditRecord, Batch, Evidence, GapRecord, History, Journal};
use store::{NotificationSettings, Settings};

use crate::host::{Announcements, Attention, Host};
use crate::lately::Lately;
use crate::settings::history_settings;
use crate::view::Span;
use crate::view::build::alert_counts::firing;

pub(crate) use away::Answers;
use away::Away;
pub(crate) use evidence::of as evidence;
use herald::{Herald, Told};
pub(crate) use operator::words;
use pending::Pending;
use unrecorded::Unrecorded;

/// How far back resolved alerts are read at the start, in ms: what a replay may name again.
const REMEMBERED: i64 = 7 * 24 * 60 * 60 * 1_000;
/// How many alerts of a digest are named to the herald.
const NAMED: usize = 20;

/// The alerts of all connections, and what is told of them.
pub(crate) struct Alarm {
    book: Mutex<AlertBook>,
    configured: RwLock<Vec<Rule>>,
    settings: RwLock<Settings>,
    history: History,
    journal: Journal,
    herald: Herald,
    host: Arc<dyn Host>,
    attention: Mutex<Attention>,
    /// Alerts that are not written yet.
    pending: Mutex<Pending>,
    /// When this run began.
    pub(crate) began: Timestamp,
    /// What the history is not to have.
    pub(crate) unrecorded: Unrecorded,
    pub(crate) zone: TimeZone,
    pub(crate) away: Mutex<Away>,
    /// The story that a window shows.
    pub(crate) stories: Lately<AlertId, Option<Result<AlertStory, String>>>,
    /// The alerts of the past span that a window shows.
    pub(crate) past: PastAlerts,
}

/// The alerts of a span on some connections, and what of them could not be read.
pub(crate) type PastAlerts = Lately<(Span, Vec<String>), (Arc<[Alert]>, Option<String>)>;

/// Evidence by the alert it is of.
pub(crate) type Proofs = HashMap<AlertId, Evidence>;

impl Alarm {
    /// The alarm with what the history remembers.
    pub(crate) fn new(
        history: History,
        configured: Vec<Rule>,
        settings: Settings,
        host: Arc<dyn Host>,
        now: Timestamp,
    ) -> Self {
        let zone = TimeZone::system();
        let since = history.last_run();
        let mut book = AlertBook::new(now, since, zone.clone());
        // The rules first: what is restored gets its severity and group from them.
        book.rules(&known_rules(&configured), now);
        // A history that cannot be read says so itself, see `History::health`.
        let alerts = history.open_alerts(Timestamp(now.millis() - REMEMBERED)).unwrap_or_default();
        let silences = history.silences().unwrap_or_default();
        let in_force = silences.into_iter().filter(|kept| kept.ended.is_none()).map(|kept| kept.silence);
        book.restore(alerts, in_force.collect());
        apply(&mut book, &settings.notifications);
        history.settings(history_settings(&settings.history));
        let herald = Herald::new(host.clone(), zone.clone(), settings.notifications.clone());
        Alarm {
            book: Mutex::new(book),
            configured: RwLock::new(configured),
            settings: RwLock::new(settings),
            journal: history.journal(),
            history,
            herald,
            host,
            attention: Mutex::default(),
            pending: Mutex::default(),
            began: now,
            unrecorded: Unrecorded::default(),
            zone,
            away: Mutex::new(Away::new(since)),
            stories: Lately::default(),
            past: Lately::default(),
        }
    }

    /// The book, to be read.
    pub(crate) fn book(&self) -> MutexGuard<'_, AlertBook> {
        self.book.lock()
    }

    /// The rules of the configuration; the built-in ones are not among them.
    pub(crate) fn configured(&self) -> Vec<Rule> {
        self.configured.read().clone()
    }

    /// The rules that are watched for on a connection.
    pub(crate) fn watched_on(&self, connection: &Connection) -> Vec<Rule> {
        let mut rules = rule::in_effect(&self.configured.read());
        rules.extend(connection.notify_unlocked.then(unlocked_at_once));
        rules
    }

    /// The settings that count.
    pub(crate) fn settings(&self) -> Settings {
        self.settings.read().clone()
    }

    /// The open alerts by rule, those that have fired: what is pending is not listed with them either.
    pub(crate) fn open_by_rule(&self) -> HashMap<Arc<str>, u32> {
        let mut open: HashMap<Arc<str>, u32> = HashMap::new();
        let book = self.book.lock();
        for alert in book.alerts().filter(|alert| alert.fired.is_some() && alert.resolved.is_none()) {
            match open.get_mut(&alert.rule) {
                Some(number) => *number += 1,
                None => drop(open.insert(alert.rule.clone(), 1)),
            }
        }
        open
    }

    /// What still fires of a connection, for a detector that begins anew.
    pub(crate) fn open_on(&self, connection: &str) -> Vec<Alert> {
        let book = self.book.lock();
        book.alerts().filter(|alert| alert.resolved.is_none() && &*alert.connection == connection).cloned().collect()
    }

    /// Takes other rules.
    pub(crate) fn set_rules(&self, configured: Vec<Rule>, now: Timestamp) {
        let rules = known_rules(&configured);
        *self.configured.write() = configured;
        self.with(now, Batch::default(), |book| book.rules(&rules, now));
    }

    /// Takes other settings.
    pub(crate) fn set_settings(&self, settings: Settings, now: Timestamp) {
        let told = &settings.notifications;
        self.history.settings(history_settings(&settings.history));
        self.herald.settings(told.clone());
        self.with(now, audit(now, "settings.change", "settings", "Changed the settings."), |book| apply(book, told));
        *self.settings.write() = settings;
    }

    /// Enters what a connection's detector found and writes it down together with the events that it came from.
    /// `book` is locked by whoever holds the connection's part still, so that findings keep their order.
    pub(crate) fn enter(
        &self,
        mut book: MutexGuard<'_, AlertBook>,
        connection: &Arc<str>,
        found: &mut Vec<Finding>,
        mut batch: Batch,
        mut proofs: Proofs,
        now: Timestamp,
    ) {
        for finding in found.drain(..) {
            book.find(connection, finding, now);
        }
        proofs.retain(|id, _| book.get(*id).is_some());
        self.collect(&mut book, &mut batch, proofs, now);
    }

    /// Does something with the book and writes down, with `batch`, what came of it.
    pub(crate) fn with<T>(&self, now: Timestamp, mut batch: Batch, act: impl FnOnce(&mut AlertBook) -> T) -> T {
        let mut book = self.book.lock();
        let done = act(&mut book);
        self.collect(&mut book, &mut batch, Proofs::new(), now);
        done
    }

    /// Notes what was told, and what could not be had, of the time while the program was not running.
    pub(crate) fn note_gaps(&self, gaps: &[GapRecord]) {
        self.away.lock().note_gaps(gaps, self.began);
    }

    /// Notes that of alerts from before the program started it is not known whether they still hold.
    pub(crate) fn note_doubts(&self, book: &AlertBook, connection: &str, doubted: &[Doubted]) {
        let is_older = |(rule, subject): &Doubted| {
            book.about(rule, connection, subject).is_some_and(|alert| alert.began < self.began)
        };
        if doubted.iter().any(is_older) {
            self.away.lock().note_doubt(connection);
        }
    }

    /// Hands what the book has to say to the history and the herald.
    fn collect(&self, book: &mut AlertBook, batch: &mut Batch, proofs: Proofs, now: Timestamp) {
        book.take_transitions(&mut batch.transitions);
        book.take_changed(&mut batch.alerts);
        for transition in &batch.transitions {
            if let Some(alert) = book.get(transition.alert) {
                self.host.changed(alert, transition);
            }
        }
        let mut announcements: Vec<Announcement> = Vec::new();
        book.take_announcements(&mut announcements);
        for announcement in announcements {
            if let Announcement::Digest { occasion: fleet::alert::Occasion::Away, alerts, resolved } = &announcement {
                let mut away = self.away.lock();
                away.alerts.clone_from(alerts);
                away.resolved = *resolved;
            }
            let told = told(book, announcement, &proofs);
            self.herald.tell(told);
        }
        batch.evidence.extend(proofs);
        let mut pending = self.pending.lock();
        pending.hold(batch, now);
        pending.due(now, batch);
        drop(pending);
        self.unrecorded.keep_back(batch);
        let batch = std::mem::take(batch);
        if !is_empty(&batch) {
            self.journal.batch(batch);
        }
    }

    /// What the window is to announce and take back.
    pub(crate) fn announcements(&self) -> Announcements {
        self.host.announcements()
    }

    /// Says how bad it is, if that changed.
    pub(crate) fn attend(&self, not_live: u32) {
        let attention = {
            let book = self.book.lock();
            let firing = firing(&book);
            let severities = Counts::SEVERITIES.into_iter().zip(firing);
            Attention {
                worst: severities.into_iter().find(|(_, count)| *count > 0).map(|(severity, _)| severity.into()),
                firing: firing.into_iter().fold(0, u32::saturating_add),
                not_live,
                muted_until: mutes(&book).first().map(|mute| mute.until),
            }
        };
        if std::mem::replace(&mut *self.attention.lock(), attention) != attention {
            self.host.attention(attention);
        }
    }
}

/// All rules that alerts may be of.
fn known_rules(configured: &[Rule]) -> Vec<Rule> {
    let mut rules = rule::in_effect(configured);
    rules.push(unlocked_at_once());
    rules
}

/// The rule of a connection that announces each unlocked device (`notify_unlocked`).
pub(crate) fn unlocked_at_once() -> Rule {
    Rule {
        name: "Unlocked, announced at once".into(),
        severity: Severity::High,
        enabled: true,
        connections: Vec::new(),
        tags: Vec::new(),
        subjects: Vec::new(),
        hold: std::time::Duration::ZERO,
        group_by: rule::GroupBy::Rule,
        message: Some("{subject} unlocked".into()),
        notify: true,
        when: rule::Condition::State(rule::StateCondition { is: rule::State::Unlocked, outside: None }),
    }
}

fn apply(book: &mut AlertBook, told: &NotificationSettings) {
    book.quiet_hours(told.quiet_hours, told.critical_in_quiet_hours.then_some(Severity::Critical));
}

/// An entry of the audit, alone in a batch.
pub(crate) fn audit(at: Timestamp, action: &str, subject: &str, detail: &str) -> Batch {
    let record = AuditRecord { at, action: action.to_owned(), subject: subject.to_owned(), detail: detail.to_owned() };
    Batch { audit: vec![record], ..Batch::default() }
}

/// An announcement with the alerts that it is about.
fn told(book: &AlertBook, announcement: Announcement, proofs: &Proofs) -> Told {
    let ids: &[AlertId] = match &announcement {
        Announcement::Fires(id) | Announcement::Changed(id) | Announcement::Withdraw(id) => std::slice::from_ref(id),
        Announcement::Digest { alerts, .. } => alerts,
        Announcement::NetworkLost { .. } | Announcement::NetworkBack => &[],
    };
    let alerts = ids.iter().take(NAMED).filter_map(|id| book.get(*id).cloned()).collect();
    let proof = match ids {
        [id] => proofs.get(id).cloned(),
        _ => None,
    };
    Told { announcement, alerts, proof }
}

fn is_empty(batch: &Batch) -> bool {
    let Batch { events, alerts, transitions, evidence, silences, ended, audit, gaps } = batch;
    events.is_empty()
        && alerts.is_empty()
        && transitions.is_empty()
        && evidence.is_empty()
        && silences.is_empty()
        && ended.is_empty()
        && audit.is_empty()
        && gaps.is_empty()
}

/// The name of the alert that a finding fires.
pub(crate) fn fires(connection: &str, finding: &Finding) -> Option<AlertId> {
    match finding.change {
        Change::Fires { since } => Some(AlertId::of(&finding.rule, connection, &finding.subject, since)),
        _ => None,
    }
}

/// The silences in force that cover everything, the one that ends last first. The book ends them: by its clock and no
/// other, so that no alert is told of as silenced by what is over.
pub(crate) fn mutes(book: &AlertBook) -> Vec<Silence> {
    let mut mutes: Vec<Silence> = book.silences().filter(|silence| silence.is_mute()).cloned().collect();
    mutes.sort_by_key(|silence| std::cmp::Reverse(silence.until));
    mutes
}
