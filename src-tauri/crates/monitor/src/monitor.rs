//! The monitor: the connections that are watched, and what may be done with them.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use fleet::alert::Finding;
use fleet::rule::{Detector, Standing};
use link::{Environment, Link, NotAsked};
use parking_lot::{Mutex, RwLock};
use protocol::{Ask, Connection, Timestamp};
use secrecy::SecretString;
use store::history::{Batch, Filled, GapRecord, History, Samples};
use store::{ConfigError, ConfigFile, Configuration};

use crate::alarm::{Alarm, Proofs};
use crate::host::Host;
use crate::sampling::Sampler;
use crate::view::picture::Target;
use crate::view::{About, CommandError, ErrorCode, View};
use crate::watched::{Feed, Looked, Watched, prove};

/// How often rates and counts are closed.
const TICK: Duration = Duration::from_secs(1);
/// A pause between ticks, in ms, from which on the computer is taken to have slept.
const SLEPT: i64 = 30_000;
/// Connections that are turned at once.
const TURNS: usize = 16;
/// Devices whose numbers are written down in one turn at a connection's lock.
const SAMPLED: usize = 2_000;
/// Why an alert of the history is over that no rule watches any more.
const UNWATCHED: &str = "No rule watches for it here any more.";
/// How long what waits for the history may take at the end.
const FLUSH: Duration = Duration::from_secs(2);
/// How far back gaps are looked for that may still be filled, in ms: what services keep.
const UNFILLED: i64 = 7 * 24 * 60 * 60 * 1_000;
/// How exactly the history knows until when the program ran, in ms.
const HEARTBEAT: i64 = 10_000;
/// Every how many ticks numbers are written down.
const SAMPLE: u64 = 10;

/// Until when a connection is known, and its gaps that may still be filled.
type Known = (Option<Timestamp>, Vec<GapRecord>);

/// The connections that are watched. Clones share; the last one ends nothing by itself, see [`Monitor::shutdown`].
#[derive(Clone)]
pub struct Monitor {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) environment: Environment,
    pub(crate) file: ConfigFile,
    pub(crate) connections: RwLock<Vec<Arc<Watched>>>,
    pub(crate) views: Mutex<HashMap<String, View>>,
    /// When a window pulled last.
    pub(crate) looked: Arc<Looked>,
    /// What is wrong with the configuration file.
    problem: Mutex<Option<String>>,
    pub(crate) alarm: Arc<Alarm>,
    pub(crate) history: History,
    /// Where the window is to go.
    pub(crate) wish: Mutex<Option<Target>>,
    /// What a window shows of the past.
    pub(crate) past: crate::view::build::past::Read,
    /// How much of it was recorded.
    pub(crate) recorded: crate::view::build::recorded::Read,
    /// The rows of a query run as the window wants them ordered.
    pub(crate) ordered: crate::view::build::results::Ordered,
    /// What maps are drawn on.
    pub(crate) tiles: link::fetch::Tiles,
    links: Mutex<HashMap<String, Link>>,
    /// Changes of the set of connections are made one after the other.
    changing: tokio::sync::Mutex<()>,
    /// So are changes of rules and settings: what counts is what the file says last.
    pub(crate) editing: Mutex<()>,
    runs: AtomicU32,
    /// The connection that is being tested.
    pub(crate) trying: Mutex<crate::edit::Trying>,
    /// Connections whose removal can still be taken back.
    pub(crate) leaving: Mutex<Vec<crate::edit::Leaving>>,
}

impl Monitor {
    /// Reads the configuration and connects what is enabled. A configuration that cannot be read is kept as
    /// [`About::problem`], and nothing is connected.
    ///
    /// Must be called on a tokio runtime.
    pub fn start(file: ConfigFile, environment: Environment, history: History, host: Arc<dyn Host>) -> Self {
        let loaded = file.load();
        let problem = loaded.as_ref().err().map(ToString::to_string);
        let Configuration { connections, rules, settings } = loaded.unwrap_or_default();
        let now = environment.clock.now();
        let alarm = Alarm::new(history.clone(), rules, settings, host, now);
        let monitor = Monitor {
            inner: Arc::new(Inner {
                environment,
                file,
                connections: RwLock::default(),
                views: Mutex::default(),
                looked: Arc::default(),
                problem: Mutex::new(problem),
                alarm: Arc::new(alarm),
                history,
                wish: Mutex::default(),
                past: Default::default(),
                recorded: Default::default(),
                ordered: Default::default(),
                tiles: Default::default(),
                links: Mutex::default(),
                changing: tokio::sync::Mutex::default(),
                editing: Mutex::default(),
                runs: AtomicU32::new(0),
                trying: Mutex::default(),
                leaving: Mutex::default(),
            }),
        };
        for connection in connections {
            monitor.watch(connection, false, None);
        }
        monitor.tick();
        monitor
    }

    /// The time by the monitor's clock.
    pub fn now(&self) -> Timestamp {
        self.inner.environment.clock.now()
    }

    /// What the program is and where it keeps things.
    pub fn about(&self) -> About {
        About {
            version: env!("CARGO_PKG_VERSION").into(),
            configuration: self.inner.file.place(),
            problem: self.inner.problem.lock().clone(),
            time_zone: jiff::tz::TimeZone::system().iana_name().unwrap_or("local time").to_owned(),
        }
    }

    /// All connections in their order.
    pub fn connections(&self) -> Vec<Arc<Watched>> {
        self.inner.connections.read().clone()
    }

    /// The connection of that name.
    pub fn watched(&self, name: &str) -> Result<Arc<Watched>, CommandError> {
        let connections = self.inner.connections.read();
        connections.iter().find(|watched| watched.name() == name).cloned().ok_or_else(|| not_found(name))
    }

    /// Watches connections that are in no file, with their credentials, until they are dismissed: the demo fleet.
    pub async fn adopt(&self, connections: Vec<(Connection, SecretString)>) {
        let _one_at_a_time = self.inner.changing.lock().await;
        for (connection, credential) in connections {
            // Refused only when a thousand are kept already; the link then says that it has no credential.
            let _ = self.inner.environment.credentials.keep_for_this_run(connection.credential_source(), credential);
            self.unwatch(&connection.name).await;
            self.watch(connection, true, None);
        }
    }

    /// Ends and forgets the connections that are in no file.
    pub async fn dismiss(&self) {
        let _one_at_a_time = self.inner.changing.lock().await;
        for watched in self.connections().into_iter().filter(|watched| watched.transient) {
            self.unwatch(watched.name()).await;
            self.retire(&watched);
        }
    }

    /// Tries a connection again at once.
    pub fn retry(&self, name: &str) -> Result<(), CommandError> {
        self.with_link(name, |link| link.retry_now())
    }

    /// Hands an ask to a connection; its answer comes as events.
    pub fn ask(&self, name: &str, ask: Ask) -> Result<(), CommandError> {
        self.with_link(name, |link| link.ask(ask))?
            .map_err(|error: NotAsked| CommandError { code: ErrorCode::NotLive, message: format!("{name}: {error}.") })
    }

    /// Runs SQL on the hosts of an org; answers the run's number.
    pub fn run_query(&self, name: &str, org: &str, sql: &str, target: &str) -> Result<u32, CommandError> {
        let sql = sql.trim();
        if sql.is_empty() {
            return Err(invalid("write a query first, as SELECT * FROM uptime"));
        }
        let watched = self.watched(name)?;
        let run = self.inner.runs.fetch_add(1, Ordering::Relaxed) + 1;
        let now = self.now();
        watched.part.lock().state.queries.started(u64::from(run), Some(org), sql, target, now);
        let ask = Ask::RunQuery {
            run: u64::from(run),
            org: Some(org.to_owned()),
            sql: sql.to_owned(),
            target: target.to_owned(),
        };
        self.ask(name, ask).inspect_err(|error| {
            watched.part.lock().fail_run(u64::from(run), &error.message, now);
        })?;
        self.audited(
            "query.run",
            name,
            &format!("Ran on {target} of {org}: {}", &sql[..sql.floor_char_boundary(2_000)]),
        );
        Ok(run)
    }

    /// Ends a query run before it is complete; what had come by then stays.
    pub fn stop_query(&self, name: &str, run: u32) -> Result<(), CommandError> {
        let watched = self.watched(name)?;
        if !watched.part.lock().state.queries.stop(u64::from(run), self.now()) {
            return Err(invalid("That query is over already."));
        }
        // It is over here whatever the service hears: where the connection is gone, so is the run.
        if let Err(error) = self.ask(name, Ask::StopQuery { run: u64::from(run) }) {
            tracing::info!(connection = name, run, "the service was not told to stop a query: {}", error.message);
        }
        self.audited("query.stop", name, &format!("Stopped query {run}."));
        Ok(())
    }

    /// The reduced state of all connections, as `signalbox snapshot` prints it.
    pub fn snapshot(&self) -> serde_json::Value {
        crate::snapshot::of(&self.connections())
    }

    /// Leaves and closes every connection, 2 s at most, and writes down what waits.
    pub async fn shutdown(&self) {
        let _one_at_a_time = self.inner.changing.lock().await;
        self.settle_all().await;
        let links: Vec<Link> = self.inner.links.lock().drain().map(|(_, link)| link).collect();
        futures_util::future::join_all(links.into_iter().map(Link::shutdown)).await;
        let journal = self.inner.history.journal();
        // It waits for the disk, which must not be waited for here.
        let _ = tokio::task::spawn_blocking(move || journal.flush(FLUSH)).await;
    }

    /// Begins to watch a connection, at a place in the list or at its end, and connects it if it is enabled.
    pub(crate) fn watch(&self, connection: Connection, transient: bool, place: Option<usize>) {
        let known = self.known(&connection.name, self.now());
        self.watch_from(connection, transient, place, known, None);
    }

    /// As [`Monitor::watch`], in the place of one that has ended.
    pub(crate) fn watch_again(&self, before: &Watched, connection: Connection, place: Option<usize>) {
        // The history has not written the last of it yet.
        let known = match before.name() == connection.name {
            true => before.part.lock().hand_over(),
            false => self.known(&connection.name, self.now()),
        };
        self.watch_from(connection, before.transient, place, known, Some(before));
    }

    fn watch_from(
        &self,
        connection: Connection,
        transient: bool,
        place: Option<usize>,
        known: Known,
        before: Option<&Watched>,
    ) {
        let now = self.now();
        let name = connection.name.clone();
        // The demo fleet in somebody's own window is not part of their past.
        if transient && self.inner.history.health().path.is_some() {
            self.inner.alarm.unrecorded.add(name.as_str().into());
        } else {
            self.inner.alarm.unrecorded.remove(&name);
        }
        let detector = self.detector(&connection);
        let mut watched = Watched::new(connection, transient, detector, known, now);
        if let Some(before) = before {
            watched.go_on(before, now);
        }
        let watched = Arc::new(watched);
        if watched.connection.enabled {
            let name = watched.shared_name.clone();
            self.inner.alarm.with(now, Batch::default(), |book| book.connection_added(&name, now));
        }
        {
            let mut connections = self.inner.connections.write();
            let place = place.unwrap_or(connections.len()).min(connections.len());
            connections.insert(place, watched.clone());
        }
        self.connect(&watched);
    }

    /// Ends a connection and forgets it; answers its place in the list.
    pub(crate) async fn unwatch(&self, name: &str) -> Option<usize> {
        self.disconnect(name).await;
        let mut connections = self.inner.connections.write();
        let place = connections.iter().position(|watched| watched.name() == name)?;
        connections.remove(place);
        Some(place)
    }

    /// Ends the alerts of a connection that is not watched any more.
    pub(crate) fn retire(&self, watched: &Watched) {
        let (now, mut found) = (self.now(), Vec::new());
        let mut part = watched.part.lock();
        part.detector.standing(Standing::Stopped, now, &mut found);
        let book = self.inner.alarm.book();
        drop(part);
        self.inner.alarm.enter(book, &watched.shared_name, &mut found, Batch::default(), Proofs::new(), now);
        self.inner.alarm.with(now, Batch::default(), |book| book.connection_removed(watched.name(), now));
    }

    /// Takes changed rules; what still holds of those that did not change goes on.
    pub(crate) fn rules_changed(
        &self,
        kept: Result<Configuration, ConfigError>,
        what: &str,
    ) -> Result<(), CommandError> {
        let rules = self.note(kept)?.rules;
        let now = self.now();
        self.inner.alarm.set_rules(rules, now);
        self.inner.alarm.with(now, crate::alarm::audit(now, "rule.change", what, what), |_| ());
        for watched in self.connections() {
            let rules = self.inner.alarm.watched_on(&watched.connection);
            let mut found = Vec::new();
            let mut part = watched.part.lock();
            let crate::watched::Part { detector, .. } = &mut *part;
            detector.rules_changed(&rules, &about(&watched.connection), now, &mut found);
            let book = self.inner.alarm.book();
            drop(part);
            self.inner.alarm.enter(book, &watched.shared_name, &mut found, Batch::default(), Proofs::new(), now);
        }
        Ok(())
    }

    /// Until when the history knows a connection, and the gaps of which it does not know whether they can be filled.
    fn known(&self, name: &str, now: Timestamp) -> Known {
        let history = &self.inner.history;
        let gaps = history.gaps(Some(name), Timestamp(now.millis() - UNFILLED), now).unwrap_or_default();
        let unfilled = gaps.into_iter().filter(|gap| gap.filled == Filled::No || gap.to.is_none());
        let mut unfilled: Vec<GapRecord> = unfilled.collect();
        let known_until = history.last_event(name).ok().flatten();
        // It was heard until the program ended, also when it had nothing to tell.
        if let (Some(known), Some(ran)) = (known_until, history.last_run())
            && unfilled.iter().all(|gap| gap.to.is_some())
        {
            let heard = Timestamp(ran.millis() - HEARTBEAT).max(known).min(now);
            unfilled.push(crate::watched::away(name, heard));
        }
        (known_until, unfilled)
    }

    /// What watches for a connection's rules, with what the history says still fires.
    fn detector(&self, connection: &Connection) -> Detector {
        let zone = self.inner.alarm.zone.clone();
        let mut detector = Detector::new(&self.inner.alarm.watched_on(connection), &about(connection), zone);
        for alert in self.inner.alarm.open_on(&connection.name) {
            let times = (alert.began, alert.fired.unwrap_or(alert.began));
            let now = self.now();
            if !detector.restore(&alert.rule, &alert.subject, times, alert.fired.is_some(), now) {
                self.inner.alarm.with(now, Batch::default(), |book| book.end(alert.id, UNWATCHED, now));
            }
        }
        detector
    }

    /// Puts a changed connection in the place of one.
    pub(crate) async fn rewatch(&self, before: &Watched, connection: Connection) {
        let place = self.unwatch(before.name()).await;
        self.watch_again(before, connection, place);
    }

    /// The lock that makes changes of the set of connections come one after the other.
    pub(crate) async fn changing(&self) -> tokio::sync::MutexGuard<'_, ()> {
        self.inner.changing.lock().await
    }

    /// Notes whether the configuration file could be read.
    pub(crate) fn note_problem(&self, problem: Option<&ConfigError>) {
        *self.inner.problem.lock() = problem.map(ToString::to_string);
    }

    fn connect(&self, watched: &Arc<Watched>) {
        if !watched.connection.enabled {
            return;
        }
        let environment = &self.inner.environment;
        let journal = self.inner.history.journal();
        let (clock, alarm, looked) = (environment.clock.clone(), self.inner.alarm.clone(), self.inner.looked.clone());
        let feed = Feed::new(watched.clone(), clock, alarm, journal, looked);
        let link = Link::spawn(watched.connection.clone(), environment, feed);
        self.inner.links.lock().insert(watched.name().to_owned(), link);
    }

    async fn disconnect(&self, name: &str) {
        let link = self.inner.links.lock().remove(name);
        if let Some(link) = link {
            link.shutdown().await;
        }
    }

    fn with_link<T>(&self, name: &str, with: impl FnOnce(&Link) -> T) -> Result<T, CommandError> {
        match self.inner.links.lock().get(name) {
            Some(link) => Ok(with(link)),
            None => Err(CommandError {
                code: ErrorCode::NotLive,
                message: format!("The connection \"{name}\" is switched off; enable it first."),
            }),
        }
    }

    /// Closes the seconds of every connection's rates, does what is due about alerts and writes numbers down, until the
    /// monitor is gone.
    fn tick(&self) {
        let inner = Arc::downgrade(&self.inner);
        tokio::spawn(async move {
            let mut ticks = tokio::time::interval(TICK);
            ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
            let mut last: Option<Timestamp> = None;
            for number in 0u64.. {
                ticks.tick().await;
                let Some(inner) = inner.upgrade() else { return };
                let now = inner.environment.clock.now();
                if let Some(slept) = last.filter(|last| now.since(*last) > SLEPT) {
                    inner.alarm.with(now, Batch::default(), |book| book.woke(slept, now));
                }
                last = Some(now);
                let connections = inner.connections.read().clone();
                let mut not_live = 0;
                for (index, watched) in connections.iter().enumerate() {
                    inner.turn(watched, now);
                    not_live += u32::from(watched.connection.enabled && watched.part.lock().is_stale());
                    let samples = number % SAMPLE == SAMPLE - 1 && !inner.alarm.unrecorded.holds(watched.name());
                    if samples {
                        inner.sample(watched, now);
                    }
                    // A thousand connections must not hold the worker; a few do not, and each yield wakes another.
                    if samples || index % TURNS == TURNS - 1 {
                        tokio::task::yield_now().await;
                    }
                }
                inner.alarm.with(now, Batch::default(), |book| book.tick(now));
                inner.alarm.attend(not_live);
            }
        });
    }
}

impl Inner {
    /// A second of one connection.
    fn turn(&self, watched: &Watched, now: Timestamp) {
        let mut found: Vec<Finding> = Vec::new();
        let mut batch = Batch::default();
        let mut part = watched.part.lock();
        let crate::watched::Part { state, detector, .. } = &mut *part;
        state.tick(now);
        detector.tick(state, now, &mut found);
        let settled = part.caught_up(now, &mut found);
        if found.is_empty() && settled.is_none() {
            return;
        }
        let mut proofs = Proofs::new();
        prove(&part.state, &watched.shared_name, &found, now, &mut proofs);
        let doubted = part.detector.doubted();
        let mut book = self.alarm.book();
        drop(part);
        if let Some(gaps) = settled {
            self.alarm.note_gaps(&gaps);
            self.alarm.note_doubts(&book, &watched.shared_name, &doubted);
            batch.gaps = gaps;
            for finding in found.drain(..) {
                book.find(&watched.shared_name, finding, now);
            }
            book.settled(&watched.shared_name, &doubted, now);
        }
        self.alarm.enter(book, &watched.shared_name, &mut found, batch, proofs, now);
    }

    /// Writes down what is new of a connection's numbers, some devices at a time.
    fn sample(&self, watched: &Watched, now: Timestamp) {
        let journal = self.history.journal();
        let mut samples: Vec<Samples> = Vec::new();
        let mut from = 0;
        loop {
            let mut part = watched.part.lock();
            let crate::watched::Part { state, sampler, .. } = &mut *part;
            let all = state.devices.len();
            if from == 0 {
                Sampler::others(sampler, &watched.shared_name, state, now, &mut samples);
            }
            sampler.devices(&watched.shared_name, state, from, SAMPLED, now, &mut samples);
            drop(part);
            for sample in samples.drain(..) {
                // What the disk cannot follow is counted by the journal.
                let _ = journal.samples(sample);
            }
            from += SAMPLED;
            if from >= all {
                return;
            }
        }
    }
}

/// What a detector is told of its connection.
pub(crate) fn about(connection: &Connection) -> fleet::rule::About<'_> {
    fleet::rule::About { name: &connection.name, tags: &connection.tags, protocol: connection.protocol }
}

pub(crate) fn not_found(name: &str) -> CommandError {
    CommandError { code: ErrorCode::NotFound, message: format!("There is no connection \"{name}\" any more.") }
}

pub(crate) fn invalid(message: impl Into<String>) -> CommandError {
    CommandError { code: ErrorCode::Invalid, message: message.into() }
}
