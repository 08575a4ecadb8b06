//! Numbers for charts, as the binary columns that [`super::SeriesSpec`] describes.

use std::ops::Range;
use std::sync::Arc;

use fleet::{Columns, ConnectionState, Measure, Unit};
use protocol::{Kind, Timestamp};
use store::history::Points;

use super::build::in_scope;
use super::{SeriesName, SeriesSpec};
use crate::monitor::Monitor;
use crate::sampling::OF_CONNECTION;
use crate::view::Span;
use crate::watched::{Part, Watched};

mod heard;

/// The most points that are given of a series.
const MOST: u32 = 4_000;
/// The most series of one chart.
const SERIES: usize = 64;
/// How far back the series in memory reach, in ms.
const HELD: i64 = 60 * 60 * 1_000;
/// Buckets of the history that may be missing in a line.
const LINE: i64 = 6;
/// How long a count per minute holds, in ms.
const MINUTE: i64 = 60 * 1_000;
/// How long after its end a minute may still grow, in ms: its last second is counted with the next beat.
const LATE: i64 = 2 * 1_000;
/// How finely it is looked at when a connection was heard, where that says which bins have a count: a row each second of what
/// memory holds, and so many of the history.
const HEARD: usize = (HELD / 1_000) as usize;
/// Between two samples, and no gap: the line goes on.
const ABSENT: f64 = f64::INFINITY;

/// Where samples fall: `count` bins of `width` ms from `start` on.
#[derive(Debug, Clone, Copy)]
struct Grid {
    start: i64,
    width: i64,
    count: usize,
    /// Where the span ends that was asked for: within the last bin.
    until: i64,
    /// When the minute begins that runs: what is counted of it is no count per minute yet.
    running: i64,
}

impl Monitor {
    /// The columns of a chart.
    pub fn series(&self, spec: &SeriesSpec) -> Vec<u8> {
        let until = spec.until.map_or_else(|| self.now(), Timestamp);
        let running = (self.now().millis() - LATE).div_euclid(MINUTE) * MINUTE;
        let grid = Grid { running, ..Grid::of(until, spec.span, spec.points.clamp(2, MOST)) };
        let connections = in_scope(&spec.scope, self.connections());
        let names = &spec.series[..spec.series.len().min(SERIES)];
        let mut numbers = Vec::with_capacity(2 + grid.count * (1 + names.len()));
        numbers.extend([grid.count as f64, names.len() as f64]);
        numbers.extend((0..grid.count).map(|bin| (grid.start + bin as i64 * grid.width) as f64));
        // What is live is asked for each second, and never of the disk.
        let held = spec.until.map_or(grid.from(), |_| self.held_from());
        for name in names {
            let memory = || column(name, &connections, grid);
            numbers.extend(joined(grid, held, memory, || self.past_column(name, &connections, grid)));
        }
        numbers.into_iter().flat_map(f64::to_le_bytes).collect()
    }
}

impl Monitor {
    /// From when on the series in memory hold everything.
    fn held_from(&self) -> Timestamp {
        Timestamp((self.now().millis() - HELD).max(self.inner.alarm.began.millis()))
    }

    /// A series out of the history.
    fn past_column(&self, name: &SeriesName, connections: &[Arc<Watched>], grid: Grid) -> Vec<f64> {
        let hold = hold(name);
        let of = |connection: &str, subject: &str, field: &str| {
            let span = Span { from: grid.start - hold, ..grid.span() };
            let mut points = self.past_series(connection, subject, field, span, grid.count);
            if hold > points.step {
                // A minute's count is written with its last ten seconds.
                points.times.iter_mut().for_each(|second| *second -= (*second).rem_euclid(60.0));
            }
            let mut laid = grid.lay_points(&points, hold);
            for gap in self.inner.history.gaps(Some(connection), grid.from(), grid.to()).unwrap_or_default() {
                grid.cut(&mut laid, gap.from, gap.to.unwrap_or_else(|| self.now()));
            }
            laid
        };
        let rate =
            |field: &str| add(connections.iter().map(|watched| of(watched.name(), OF_CONNECTION, field)), grid.count);
        match name {
            SeriesName::Rate { connection } => of(connection, OF_CONNECTION, "events"),
            SeriesName::Field { connection, device, field } => of(connection, device, field),
            SeriesName::Statistic { connection, definition, number } => of(connection, definition, number),
            SeriesName::Failures { connection, definition } => {
                let span = Span { from: grid.start, to: grid.until };
                let points = self.past_series(connection, OF_CONNECTION, "events", span, HEARD);
                let heard = grid.lay_points(&grid.whole(points), 0);
                let history = &self.inner.history;
                let found =
                    history.failures(connection, definition, grid.width, grid.from(), Timestamp(grid.until + 1));
                grid.counted(
                    &heard,
                    found.unwrap_or_default().into_iter().map(|(bin, count)| (bin * grid.width, count)),
                )
            }
            SeriesName::TotalRate => rate("events"),
            SeriesName::Locks => rate("locks"),
            SeriesName::Unlocks => rate("unlocks"),
            SeriesName::JobsCompleted => rate("jobs_completed"),
            SeriesName::JobsFailed => rate("jobs_failed"),
            SeriesName::Heard { of: count } => self.past_heard(*count, connections, grid, &of),
            SeriesName::JobsRunning => rate("jobs_running"),
            SeriesName::DevicesOnline => rate("devices_online"),
            SeriesName::DevicesUnlocked => rate("devices_unlocked"),
            SeriesName::AgentsOnline => rate("agents_online"),
            SeriesName::HostsOnline => rate("hosts_online"),
            SeriesName::Signals => rate("signals"),
        }
    }
}

impl Grid {
    /// Bins begin at multiples of their width, so that a chart that moves on does not flicker.
    fn of(until: Timestamp, span: u32, points: u32) -> Self {
        let span = i64::from(span.max(1)) * 1_000;
        let width = (span / i64::from(points)).max(1_000);
        let width = (width + 999) / 1_000 * 1_000;
        let last = until.millis().div_euclid(width);
        let count = (span / width + 1).max(2);
        let count_of = usize::try_from(count).unwrap_or(2);
        let start = (last - count + 1) * width;
        Grid { start, width, count: count_of, until: until.millis(), running: i64::MAX }
    }

    fn span(self) -> Span {
        Span { from: self.start, to: self.to().millis() }
    }

    /// Lays buckets of the history into the bins. Where one is missing for longer than the buckets are wide, it is a gap.
    fn lay_points(self, points: &Points, hold: i64) -> Vec<f64> {
        let mut laid = vec![f64::NAN; self.count];
        let mut last: Option<(usize, i64)> = None;
        for (second, mean) in points.times.iter().zip(&points.mean) {
            let time = (second * 1_000.0) as i64;
            let Some(bins) = self.bins(time, hold) else { continue };
            if let Some((before, at)) = last
                && time - at <= LINE * points.step.max(1)
            {
                laid[before + 1..bins.start.max(before + 1)].fill(ABSENT);
            }
            last = Some((bins.end - 1, time));
            laid[bins].fill(*mean);
        }
        laid
    }

    /// Leaves out the buckets of the history that lie in two bins: of which of them they tell is not known. Where buckets are not
    /// much finer than bins they are all left.
    fn whole(self, mut points: Points) -> Points {
        if points.step * 2 > self.width {
            return points;
        }
        let bin = |time: i64| (time - self.start).div_euclid(self.width);
        let is_whole = |second: &f64| {
            let begin = (second * 1_000.0) as i64;
            bin(begin) == bin(begin + points.step - 1)
        };
        let kept: Vec<bool> = points.times.iter().map(is_whole).collect();
        let mut kept = kept.iter().cycle();
        points.times.retain(|_| kept.next() == Some(&true));
        points.mean.retain(|_| kept.next() == Some(&true));
        points
    }

    /// The bins of what was so at a time and for as long after: one at least; none where that is outside of the grid.
    fn bins(self, time: i64, hold: i64) -> Option<Range<usize>> {
        let bin = |time: i64| (time - self.start).div_euclid(self.width);
        let last = bin((time + hold - 1).max(time));
        let first = usize::try_from(bin(time).max(0)).ok().filter(|first| *first < self.count)?;
        let end = usize::try_from(last + 1).ok().filter(|end| *end > first)?;
        Some(first..end.min(self.count))
    }

    /// How many bins begin before a time.
    fn bins_before(self, time: Timestamp) -> usize {
        (0..self.count).take_while(|bin| self.start + *bin as i64 * self.width < time.millis()).count()
    }

    /// Makes a gap of a span.
    fn cut(self, laid: &mut [f64], from: Timestamp, to: Timestamp) {
        for (bin, value) in laid.iter_mut().enumerate() {
            let begin = self.start + bin as i64 * self.width;
            if begin + self.width > from.millis() && begin < to.millis() && *value == ABSENT {
                *value = f64::NAN;
            }
        }
    }

    /// Adds up counts by their times. Where something was heard and nothing is counted, it is none; where nothing was, a gap.
    fn counted(self, heard: &[f64], counts: impl Iterator<Item = (i64, u64)>) -> Vec<f64> {
        let mut laid: Vec<f64> = heard.iter().map(|heard| if heard.is_nan() { f64::NAN } else { 0.0 }).collect();
        for (time, count) in counts {
            let Some(value) = self.bins(time, 0).and_then(|bins| laid.get_mut(bins.start)) else { continue };
            *value = if value.is_nan() { count as f64 } else { *value + count as f64 };
        }
        laid
    }

    fn from(self) -> Timestamp {
        Timestamp(self.start)
    }

    fn to(self) -> Timestamp {
        Timestamp(self.start + self.count as i64 * self.width - 1)
    }

    /// Lays a series into the bins: the last sample of each, NaN where a gap begins, absent in between. A sample holds for as long
    /// as is said. Of the minute that runs there is no count yet: it would look as if less came.
    fn lay(self, columns: &Columns, hold: i64) -> Vec<f64> {
        let mut laid = vec![ABSENT; self.count];
        let mut runs = false;
        for (time, value) in columns.times.iter().zip(&columns.values) {
            let time = (time * 1_000.0) as i64;
            if value.is_nan() {
                runs = false;
                let Some(bins) = self.bins(time, 0) else { continue };
                if hold > self.width {
                    laid[bins.start..].fill(ABSENT);
                }
                // A gap that shares its bin with a sample shows in the next bin, if that has none.
                if !laid[bins.start].is_finite() {
                    laid[bins.start] = f64::NAN;
                }
            } else if hold > 0 && time >= self.running {
                runs = true;
            } else if let Some(bins) = self.bins(time, hold) {
                laid[bins].fill(*value);
            }
        }
        // Before the first and after the last sample there is no line.
        let ends = |laid: &mut dyn Iterator<Item = &mut f64>| {
            laid.take_while(|value| **value == ABSENT).for_each(|value| *value = f64::NAN);
        };
        ends(&mut laid.iter_mut());
        ends(&mut laid.iter_mut().rev());
        // It is counted, so that this is no gap.
        if runs && let Some(bins) = self.bins(self.running, hold) {
            laid[bins].iter_mut().filter(|value| value.is_nan()).for_each(|value| *value = ABSENT);
        }
        laid
    }
}

/// What memory holds of a column, and before that what the history does. Where nothing of that is kept, as of the demo fleet in
/// somebody's own window, there is what memory has.
fn joined(
    grid: Grid,
    held: Timestamp,
    memory: impl FnOnce() -> Vec<f64>,
    stored: impl FnOnce() -> Vec<f64>,
) -> Vec<f64> {
    let older = grid.bins_before(held);
    if older == 0 {
        return memory();
    }
    let mut laid = stored();
    if older < grid.count || !laid.iter().any(|value| value.is_finite()) {
        let memory = memory();
        let kept = if laid[..older].iter().any(|value| value.is_finite()) { older } else { 0 };
        laid[kept..].copy_from_slice(&memory[kept..]);
    }
    laid
}

/// For how long a sample of a series holds, in ms; zero where it is of its moment.
fn hold(name: &SeriesName) -> i64 {
    match name {
        SeriesName::Locks
        | SeriesName::Unlocks
        | SeriesName::JobsCompleted
        | SeriesName::JobsFailed
        | SeriesName::Heard { .. } => MINUTE,
        _ => 0,
    }
}

fn column(name: &SeriesName, connections: &[Arc<Watched>], grid: Grid) -> Vec<f64> {
    let of = |connection: &str, read: &dyn Fn(&Part) -> Option<Columns>| {
        let watched = connections.iter().find(|watched| watched.name() == connection);
        let columns = watched.and_then(|watched| read(&watched.part.lock())).unwrap_or_default();
        grid.lay(&columns, hold(name))
    };
    match name {
        SeriesName::Rate { connection } => of(connection, &|part| Some(rate(part, Measure::Events, grid))),
        SeriesName::Field { connection, device, field } => of(connection, &|part| {
            let devices = &part.state.devices;
            let field = devices.field(devices.get(device)?, field)?;
            Some(field.read(grid.from(), grid.to(), grid.count, &part.state.gaps))
        }),
        SeriesName::Statistic { connection, definition, number } => of(connection, &|part| {
            let number = part.state.jobs.definitions().get(definition)?.numbers.get(number)?;
            Some(number.series.read(Unit::Second, grid.from(), grid.to(), grid.count, &part.state.gaps))
        }),
        SeriesName::Failures { connection, definition } => {
            let watched = connections.iter().find(|watched| watched.name() == connection);
            watched.map_or_else(
                || vec![f64::NAN; grid.count],
                |watched| failures(&watched.part.lock().state, definition, grid),
            )
        }
        SeriesName::TotalRate => sum(connections, Measure::Events, grid),
        SeriesName::Locks => sum(connections, Measure::Locks, grid),
        SeriesName::Unlocks => sum(connections, Measure::Unlocks, grid),
        SeriesName::JobsCompleted => sum(connections, Measure::JobsCompleted, grid),
        SeriesName::JobsFailed => sum(connections, Measure::JobsFailed, grid),
        SeriesName::Heard { of } => heard::heard(*of, connections, grid),
        SeriesName::JobsRunning => sum(connections, Measure::JobsRunning, grid),
        SeriesName::DevicesOnline => sum(connections, Measure::DevicesOnline, grid),
        SeriesName::DevicesUnlocked => sum(connections, Measure::DevicesUnlocked, grid),
        SeriesName::AgentsOnline => sum(connections, Measure::AgentsOnline, grid),
        SeriesName::HostsOnline => sum(connections, Measure::HostsOnline, grid),
        SeriesName::Signals => sum(connections, Measure::Kind(Kind::SignalReceived), grid),
    }
}

/// The failures of a definition, of those that are kept.
fn failures(state: &ConnectionState, definition: &str, grid: Grid) -> Vec<f64> {
    // Row by row as it is held: one that is merged may begin before what it has was heard, and in another bin.
    let from = grid.from().max(Timestamp(grid.until - HELD));
    let heard = state.rates.read(Measure::Events, from, Timestamp(grid.until), HEARD, &state.gaps);
    let mut heard = grid.lay(&heard, 0);
    // Where failures were given up it is not known how many there were.
    let known = state.jobs.failures_since().map_or(0, |kept| grid.bins_before(kept));
    heard[..known].fill(f64::NAN);
    let failed = state.jobs.failures().filter(|failure| failure.definition == definition);
    let failed = failed.map(|failure| (failure.at.millis(), 1));
    let known = grid.start + known as i64 * grid.width;
    grid.counted(&heard, failed.filter(|(time, _)| (known..=grid.until).contains(time)))
}

fn rate(part: &Part, measure: Measure, grid: Grid) -> Columns {
    part.state.rates.read(measure, grid.from(), grid.to(), grid.count, &part.state.gaps)
}

/// The sum over the connections that tell it: a bin is a gap where none does.
fn sum(connections: &[Arc<Watched>], measure: Measure, grid: Grid) -> Vec<f64> {
    let hold = if measure.unit() == Unit::Minute { MINUTE } else { 0 };
    add(connections.iter().map(|watched| grid.lay(&rate(&watched.part.lock(), measure, grid), hold)), grid.count)
}

fn add(columns: impl Iterator<Item = Vec<f64>>, count: usize) -> Vec<f64> {
    let mut total = vec![f64::NAN; count];
    let mut absent = vec![false; count];
    for laid in columns {
        for ((total, absent), value) in total.iter_mut().zip(&mut absent).zip(laid) {
            if value == ABSENT {
                *absent = true;
            } else if !value.is_nan() {
                *total = if total.is_nan() { value } else { *total + value };
            }
        }
    }
    for (total, absent) in total.iter_mut().zip(absent) {
        if total.is_nan() && absent {
            *total = ABSENT;
        }
    }
    total
}

#[cfg(test)]
mod tests;
