//! How much comes: events and bytes by the second, what happened by the minute, how many are there.

use protocol::{Kind, Timestamp};

use crate::series::{Columns, Gaps, Series, SeriesBudget, Unit};

/// The rates and levels of a connection over time. Seconds in which nothing could be heard are missing, not zero.
#[derive(Debug)]
pub struct Rates {
    second: Option<i64>,
    minute: i64,
    counts: [u32; Kind::ALL.len()],
    bytes: u64,
    minutes: [u32; 4],
    /// The first second of which all is heard; none while not everything is.
    listened: Option<i64>,
    /// Seconds of the minute of which all was heard.
    heard: u32,
    events: Series,
    bytes_per_second: Series,
    kinds: [Option<Box<Series>>; Kind::ALL.len()],
    per_minute: [Series; 4],
    heard_per_minute: Series,
    levels: [Series; 5],
    budget: SeriesBudget,
    version: u64,
}

/// One of the rates or levels. Levels and counts by the minute begin when the connection first tells of such things.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// Events by the second.
    Events,
    /// Bytes by the second.
    Bytes,
    /// Events of a kind by the second; nothing until one came.
    Kind(Kind),
    /// `device.locked` by the minute.
    Locks,
    /// `device.unlocked` by the minute.
    Unlocks,
    /// `job.completed` by the minute.
    JobsCompleted,
    /// `job.failed` by the minute.
    JobsFailed,
    /// Seconds of each minute of which all was heard: 60 where counts by the minute are whole.
    Heard,
    /// Devices that are online, by the second.
    DevicesOnline,
    /// Devices that are unlocked, by the second.
    DevicesUnlocked,
    /// Hosts that are online, by the second.
    HostsOnline,
    /// Agents that are there, by the second.
    AgentsOnline,
    /// Jobs that run, by the second.
    JobsRunning,
}

/// How many are there, of what the connection tells of at all: an idle connection keeps no series of zeros.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Levels {
    /// Devices that are online and that are unlocked.
    pub devices: Option<(usize, usize)>,
    /// Hosts that are online.
    pub hosts: Option<usize>,
    /// Agents that are there.
    pub agents: Option<usize>,
    /// Jobs that run.
    pub jobs: Option<usize>,
}

const BY_MINUTE: [Kind; 4] = [Kind::DeviceLocked, Kind::DeviceUnlocked, Kind::JobCompleted, Kind::JobFailed];

/// Seconds without a tick after which what lies between is taken as not heard.
const LONGEST_PAUSE: i64 = 10;

impl Rates {
    pub(crate) fn new() -> Self {
        Rates {
            second: None,
            minute: 0,
            counts: [0; Kind::ALL.len()],
            bytes: 0,
            minutes: [0; 4],
            listened: None,
            heard: 0,
            events: Series::default(),
            bytes_per_second: Series::default(),
            kinds: [const { None }; Kind::ALL.len()],
            per_minute: Default::default(),
            heard_per_minute: Series::default(),
            levels: Default::default(),
            // As many series as there are measures: they are few and always kept.
            budget: SeriesBudget::new(usize::MAX),
            version: 0,
        }
    }

    /// Reads one over time, see [`Series::read`].
    pub fn read(&self, measure: Measure, from: Timestamp, to: Timestamp, points: usize, gaps: &Gaps) -> Columns {
        match self.series(measure) {
            Some(series) => series.read(measure.unit(), from, to, points, gaps),
            None => Columns::default(),
        }
    }

    /// What some short buckets of one hold together, see [`Series::sample`].
    pub fn sample(&self, measure: Measure, from: u32, slots: u32) -> Option<crate::Sample> {
        self.series(measure)?.sample(from, slots)
    }

    /// The newest value of one: of the last whole second, of the minute so far, or the level.
    pub fn last(&self, measure: Measure) -> Option<f64> {
        self.series(measure)?.last()
    }

    /// Grows each second.
    pub fn version(&self) -> u64 {
        self.version
    }

    fn series(&self, measure: Measure) -> Option<&Series> {
        Some(match measure {
            Measure::Events => &self.events,
            Measure::Bytes => &self.bytes_per_second,
            Measure::Kind(kind) => self.kinds[kind as usize].as_deref()?,
            Measure::Locks => &self.per_minute[0],
            Measure::Unlocks => &self.per_minute[1],
            Measure::JobsCompleted => &self.per_minute[2],
            Measure::JobsFailed => &self.per_minute[3],
            Measure::Heard => &self.heard_per_minute,
            Measure::DevicesOnline => &self.levels[0],
            Measure::DevicesUnlocked => &self.levels[1],
            Measure::HostsOnline => &self.levels[2],
            Measure::AgentsOnline => &self.levels[3],
            Measure::JobsRunning => &self.levels[4],
        })
    }

    #[inline]
    pub(crate) fn count(&mut self, kind: Kind, received: Timestamp) {
        self.advance(received);
        self.counts[kind as usize] += 1;
    }

    #[inline]
    pub(crate) fn frame(&mut self, bytes: usize, at: Timestamp) {
        self.advance(at);
        self.bytes += bytes as u64;
    }

    /// Closes the seconds before `now` and samples the levels.
    pub(crate) fn tick(&mut self, now: Timestamp, levels: Levels) {
        self.advance(now);
        let slot = Unit::Second.slot(now);
        let sampled = [
            levels.devices.map(|(online, _)| online),
            levels.devices.map(|(_, unlocked)| unlocked),
            levels.hosts,
            levels.agents,
            levels.jobs,
        ];
        for (series, level) in self.levels.iter_mut().zip(sampled) {
            if let Some(level) = level {
                series.push(level as f64, slot, &mut self.budget);
            }
        }
        self.enter_minute(self.second.unwrap_or(0));
        let minute = Unit::Minute.slot(now);
        let told = [levels.devices.is_some(), levels.devices.is_some(), levels.jobs.is_some(), levels.jobs.is_some()];
        let per_minute = self.per_minute.iter_mut().zip(self.minutes).zip(BY_MINUTE).zip(told);
        for (((series, so_far), kind), told) in per_minute {
            let count = so_far + self.counts[kind as usize];
            if told || count > 0 {
                series.set(f64::from(count), minute, &mut self.budget);
            }
        }
        self.heard_per_minute.set(f64::from(self.heard), minute, &mut self.budget);
    }

    /// Notes that all is heard from here on.
    pub(crate) fn listen(&mut self, at: Timestamp) {
        // The second that has begun was not heard from its beginning.
        self.listened.get_or_insert((at.millis() + 999).div_euclid(1_000));
    }

    /// Notes that since a moment before now it is not known whether all was heard.
    pub(crate) fn doubt(&mut self, since: Timestamp, now: Timestamp) {
        self.advance(now);
        let Some(until) = self.second else { return };
        self.listened = None;
        self.enter_minute(until);
        let since = since.millis().div_euclid(1_000).min(until);
        for minute in since.div_euclid(60)..=until.div_euclid(60) {
            let doubted = until.min((minute + 1) * 60) - since.max(minute * 60);
            let slot = Unit::Minute.slot(Timestamp(minute * 60_000));
            self.heard_per_minute.amend(slot, |heard| (heard - doubted as f64).max(0.0));
            if minute == self.minute {
                self.heard = self.heard.saturating_sub(u32::try_from(doubted).unwrap_or(0));
            }
        }
    }

    /// Forgets the second that was open: from here on nothing is heard.
    pub(crate) fn pause(&mut self, at: Timestamp) {
        self.advance(at);
        self.listened = None;
        self.close(false);
        self.second = None;
    }

    #[inline]
    fn advance(&mut self, now: Timestamp) {
        let second = now.millis().div_euclid(1_000);
        match self.second {
            // A clock that was set back a little is waited for.
            Some(known) if second <= known && known - second < 60 => {}
            _ => self.turn(second),
        }
    }

    #[cold]
    fn turn(&mut self, second: i64) {
        if let Some(known) = self.second {
            // One that was listened to from within is no whole second.
            self.close(self.listened.is_none_or(|from| known >= from));
            // Quiet seconds are zeros; a longer pause means that nobody looked.
            if second - known <= LONGEST_PAUSE {
                for quiet in known + 1..second {
                    self.second = Some(quiet);
                    self.close(true);
                }
            } else if self.listened.is_some() {
                self.listened = Some(second);
            }
        }
        self.second = Some(second);
        self.version += 1;
    }

    fn enter_minute(&mut self, second: i64) {
        let minute = second.div_euclid(60);
        if minute != self.minute {
            self.minute = minute;
            self.minutes = [0; 4];
            self.heard = 0;
        }
    }

    /// Ends the open second: what came of a part of one is counted in its minute, and no rate.
    fn close(&mut self, whole: bool) {
        let Some(second) = self.second else { return };
        let slot = Unit::Second.slot(Timestamp(second * 1_000));
        let events: u32 = self.counts.iter().sum();
        let bytes = std::mem::take(&mut self.bytes);
        if whole {
            self.events.push(f64::from(events), slot, &mut self.budget);
            self.bytes_per_second.push(bytes as f64, slot, &mut self.budget);
        }
        self.enter_minute(second);
        let minute = Unit::Minute.slot(Timestamp(second * 1_000));
        for ((series, so_far), kind) in self.per_minute.iter_mut().zip(&mut self.minutes).zip(BY_MINUTE) {
            *so_far += self.counts[kind as usize];
            if *so_far > 0 || series.last().is_some() {
                series.set(f64::from(*so_far), minute, &mut self.budget);
            }
        }
        self.heard += u32::from(self.listened.is_some_and(|from| second >= from));
        self.heard_per_minute.set(f64::from(self.heard), minute, &mut self.budget);
        for (series, count) in self.kinds.iter_mut().zip(&mut self.counts) {
            let count = std::mem::take(count);
            if count > 0 && series.is_none() {
                *series = Some(Box::default());
            }
            if let Some(series) = series
                && whole
            {
                series.push(f64::from(count), slot, &mut self.budget);
            }
        }
    }
}

impl Measure {
    /// How long its short buckets are.
    pub const fn unit(self) -> Unit {
        match self {
            Measure::Locks | Measure::Unlocks | Measure::JobsCompleted | Measure::JobsFailed | Measure::Heard => {
                Unit::Minute
            }
            _ => Unit::Second,
        }
    }
}

#[cfg(test)]
mod tests;
