//! One connection's picture.

use protocol::{EventBody, StreamEvent, SubscriptionState, Timestamp};
use secrecy::SecretString;

use crate::actors::Actors;
use crate::agents::{Agents, Notifications, Tasks};
use crate::applied::Applied;
use crate::bounds::Bounds;
use crate::counters::{Cause, Counters};
use crate::devices::{Devices, Heard};
use crate::hosts::Hosts;
use crate::jobs::Jobs;
use crate::live::LiveQueries;
use crate::locks::LockState;
use crate::mask::masked;
use crate::posts::Posts;
use crate::queries::QueryRuns;
use crate::rates::{Levels, Rates};
use crate::recent::Recent;
use crate::series::{Gaps, SeriesBudget};
use crate::signals::Signals;
use crate::subscriptions::Subscriptions;

/// All that is known of what one connection watches.
#[derive(Debug)]
pub struct ConnectionState {
    /// Devices and their locks.
    pub devices: Devices,
    /// Hosts.
    pub hosts: Hosts,
    /// Query runs.
    pub queries: QueryRuns,
    /// Jobs and their definitions.
    pub jobs: Jobs,
    /// Actors.
    pub actors: Actors,
    /// Live queries.
    pub live_queries: LiveQueries,
    /// Agents.
    pub agents: Agents,
    /// Posts by channel.
    pub posts: Posts,
    /// Tasks.
    pub tasks: Tasks,
    /// Notifications of the agent service.
    pub notifications: Notifications,
    /// Signals and alerts of the service.
    pub signals: Signals,
    /// What was counted.
    pub counters: Counters,
    /// Rates and levels over time.
    pub rates: Rates,
    /// The newest events.
    pub recent: Recent,
    /// Subscriptions.
    pub subscriptions: Subscriptions,
    /// Spans in which nothing could be heard.
    pub gaps: Gaps,
    /// What the series of entities take.
    pub series: SeriesBudget,
    /// When the last event came.
    pub last_event: Option<Timestamp>,
}

impl ConnectionState {
    /// An empty picture. It grows as things come, up to its bounds.
    pub fn new(bounds: Bounds) -> Self {
        ConnectionState {
            devices: Devices::new(&bounds),
            hosts: Hosts::new(&bounds),
            queries: QueryRuns::new(&bounds),
            jobs: Jobs::new(&bounds),
            actors: Actors::new(&bounds),
            live_queries: LiveQueries::new(&bounds),
            agents: Agents::new(&bounds),
            posts: Posts::new(&bounds),
            tasks: Tasks::new(&bounds),
            notifications: Notifications::new(&bounds),
            signals: Signals::new(&bounds),
            counters: Counters::new(bounds.unrecognised_names),
            rates: Rates::new(),
            recent: Recent::new(&bounds),
            subscriptions: Subscriptions::new(&bounds),
            gaps: Gaps::default(),
            series: SeriesBudget::new(bounds.series_bytes),
            last_event: None,
        }
    }

    /// Takes an event that came at `received` into the picture and says what it did.
    pub fn apply(&mut self, event: &StreamEvent<'_>, received: Timestamp) -> Applied {
        self.rates.count(event.kind(), received);
        self.last_event = Some(received);
        self.list(event, received);
        self.take(event, self.counters.events, received)
    }

    /// Takes something that was fetched into the picture: how things are, or what was `missed`. It is no event of this
    /// moment and counts in no rate; what was missed is listed, unless it was known.
    pub fn apply_fetched(&mut self, event: &StreamEvent<'_>, missed: bool, received: Timestamp) -> Applied {
        let applied = self.take(event, self.counters.events + 1, received);
        if missed && applied != Applied::Duplicate {
            self.list(event, received);
        }
        applied
    }

    /// Counts an event and keeps it among the newest.
    fn list(&mut self, event: &StreamEvent<'_>, received: Timestamp) {
        let kind = event.kind();
        self.counters.count(kind);
        self.recent.push(self.counters.events, kind, event.at, received, event.subject(), &masked(event));
    }

    fn take(&mut self, event: &StreamEvent<'_>, sequence: u64, received: Timestamp) -> Applied {
        let heard = Heard { at: event.at.unwrap_or(received), received, sequence };
        let (series, counters) = (&mut self.series, &mut self.counters);
        let applied = match &event.body {
            EventBody::Telemetry(told) => {
                self.devices.telemetry(&told.device, told.fields, told.last_responded_at, heard, series, counters)
            }
            EventBody::Presence(told) => self.devices.presence(told, heard, series, counters),
            EventBody::Lock(told) => self.devices.lock(told, heard, counters),
            EventBody::Host(told) => self.hosts.apply(told, heard, counters),
            EventBody::Query(told) => self.queries.apply(told, heard, counters),
            EventBody::Job(told) => self.jobs.apply(told, heard, series, counters),
            EventBody::JobStatistics(told) => self.jobs.statistics(told, heard, series, counters),
            EventBody::Checkpoint(told) => self.actors.apply(told, heard, series, counters),
            EventBody::LiveQuery(told) => self.live_queries.apply(told, heard, counters),
            EventBody::Agent(told) => self.agents.apply(told, heard, counters),
            EventBody::Post(told) => self.posts.apply(told, heard, counters),
            EventBody::Task(told) => self.tasks.apply(told, heard, counters),
            EventBody::Notification(told) => self.notifications.apply(told, heard, counters),
            EventBody::Signal(told) => self.signals.apply(told, event.at.is_some(), heard, counters),
            EventBody::Warning(told) | EventBody::Error(told) => {
                counters.drop(Cause::ByService, told.dropped.unwrap_or(0));
                Applied::Taken
            }
            EventBody::Unrecognised(told) => {
                counters.unread(told);
                Applied::Taken
            }
        };
        match applied {
            Applied::Duplicate => self.counters.duplicates += 1,
            Applied::Late => self.counters.late += 1,
            _ => {}
        }
        applied
    }

    /// Notes what became of a subscription.
    pub fn subscription(&mut self, name: &str, state: SubscriptionState<'_>, at: Timestamp) {
        self.subscriptions.set(name, state, at);
    }

    /// Counts a frame, whatever it held.
    #[inline]
    pub fn frame(&mut self, bytes: usize, at: Timestamp) {
        self.counters.frames += 1;
        self.counters.bytes += bytes as u64;
        self.rates.frame(bytes, at);
    }

    /// Notes that nothing is heard from here on. What is known stays as it is, to be shown as stale.
    pub fn disconnected(&mut self, at: Timestamp) {
        if self.gaps.open().is_none() {
            self.counters.disconnects += 1;
            self.left(at);
        }
    }

    /// As [`ConnectionState::disconnected`], where it was not lost but ended from here.
    pub fn left(&mut self, at: Timestamp) {
        if self.gaps.open().is_none() {
            self.rates.pause(at);
            self.gaps.begin(at);
        }
    }

    /// Goes on where another link to the same service ended: what was counted and asked goes on, and what the service says is
    /// so now is for it to tell anew.
    pub fn go_on(&mut self, before: ConnectionState) {
        let ConnectionState { queries, counters, rates, recent, gaps, last_event, .. } = before;
        (self.queries, self.counters, self.rates) = (queries, counters, rates);
        (self.recent, self.gaps, self.last_event) = (recent, gaps, last_event);
    }

    /// Notes that the service is heard from here on, or was doubted and is heard after all.
    pub fn reconnected(&mut self, at: Timestamp) {
        self.gaps.end(at);
        self.rates.listen(at);
    }

    /// Notes that since a moment before now nothing came that proves that the service is heard.
    pub fn doubted(&mut self, since: Timestamp, now: Timestamp) {
        self.rates.doubt(since, now);
    }

    /// Closes the seconds before `now` in the rates and samples the levels; to be called about once a second, also when
    /// nothing comes. While disconnected it does nothing.
    pub fn tick(&mut self, now: Timestamp) {
        let (bulk, notable) = self.recent.overwritten();
        self.counters.set_dropped(Cause::RecentBulk, bulk);
        self.counters.set_dropped(Cause::RecentNotable, notable);
        self.counters.set_dropped(Cause::Series, self.series.denied());
        if self.gaps.open().is_some() {
            return;
        }
        let unlocked = self.devices.in_lock_state(LockState::Unlocked);
        let levels = Levels {
            devices: (!self.devices.is_empty()).then(|| (self.devices.online(), unlocked)),
            hosts: (!self.hosts.rows().is_empty()).then(|| self.hosts.online()),
            agents: (!self.agents.rows().is_empty()).then(|| self.agents.online()),
            jobs: (!self.jobs.rows().is_empty()).then(|| self.jobs.running()),
        };
        self.rates.tick(now, levels);
    }

    /// The code of a lock event that is kept: somebody's secret, asked for by a person.
    pub fn reveal_code(&self, device: &str, sequence: u64) -> Option<&SecretString> {
        let device = self.devices.get(device)?;
        device.locking().history().find(|event| event.sequence == sequence)?.code.as_ref()
    }
}
