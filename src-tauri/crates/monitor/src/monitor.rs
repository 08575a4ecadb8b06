//! The monitor: the connections that are watched, and what may be done with them.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use link::{Environment, Link, NotAsked};
use parking_lot::{Mutex, RwLock};
use protocol::{Ask, Connection, Timestamp};
use secrecy::SecretString;
use store::{ConfigError, ConfigFile};

use crate::host::Host;
use crate::view::{About, CommandError, ErrorCode, View};
use crate::watched::{Feed, Watched};

/// How often rates and counts are closed.
const TICK: Duration = Duration::from_secs(1);

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
    /// What is wrong with the configuration file.
    problem: Mutex<Option<String>>,
    host: Arc<dyn Host>,
    links: Mutex<HashMap<String, Link>>,
    /// Changes of the set of connections are made one after the other.
    changing: tokio::sync::Mutex<()>,
    runs: AtomicU32,
}

impl Monitor {
    /// Reads the configuration and connects what is enabled. A configuration that cannot be read is kept as
    /// [`About::problem`], and nothing is connected.
    ///
    /// Must be called on a tokio runtime.
    pub fn start(file: ConfigFile, environment: Environment, host: Arc<dyn Host>) -> Self {
        let loaded = file.load();
        let monitor = Monitor {
            inner: Arc::new(Inner {
                environment,
                file,
                connections: RwLock::default(),
                views: Mutex::default(),
                problem: Mutex::new(loaded.as_ref().err().map(ToString::to_string)),
                host,
                links: Mutex::default(),
                changing: tokio::sync::Mutex::default(),
                runs: AtomicU32::new(0),
            }),
        };
        for connection in loaded.unwrap_or_default().connections {
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
        Ok(run)
    }

    /// The reduced state of all connections, as `signalbox snapshot` prints it.
    pub fn snapshot(&self) -> serde_json::Value {
        crate::snapshot::of(&self.connections())
    }

    /// Leaves and closes every connection, 2 s at most.
    pub async fn shutdown(&self) {
        let _one_at_a_time = self.inner.changing.lock().await;
        let links: Vec<Link> = self.inner.links.lock().drain().map(|(_, link)| link).collect();
        futures_util::future::join_all(links.into_iter().map(Link::shutdown)).await;
    }

    /// Begins to watch a connection, at a place in the list or at its end, and connects it if it is enabled.
    pub(crate) fn watch(&self, connection: Connection, transient: bool, place: Option<usize>) {
        let watched = Arc::new(Watched::new(connection, transient, self.now()));
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

    /// Puts a changed connection in the place of `name`.
    pub(crate) async fn rewatch(&self, name: &str, connection: Connection, transient: bool) {
        let place = self.unwatch(name).await;
        self.watch(connection, transient, place);
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
        let feed = Feed::new(watched.clone(), environment.clock.clone(), self.inner.host.clone());
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

    /// Closes the seconds of every connection's rates until the monitor is gone.
    fn tick(&self) {
        let inner = Arc::downgrade(&self.inner);
        tokio::spawn(async move {
            let mut ticks = tokio::time::interval(TICK);
            ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
            loop {
                ticks.tick().await;
                let Some(inner) = inner.upgrade() else { return };
                let now = inner.environment.clock.now();
                for watched in inner.connections.read().iter() {
                    watched.part.lock().state.tick(now);
                }
            }
        });
    }
}

pub(crate) fn not_found(name: &str) -> CommandError {
    CommandError { code: ErrorCode::NotFound, message: format!("There is no connection \"{name}\" any more.") }
}

pub(crate) fn invalid(message: impl Into<String>) -> CommandError {
    CommandError { code: ErrorCode::Invalid, message: message.into() }
}
