//! Writes the numbers of a connection down as they grow: ten seconds of an entity at a time.

use std::collections::HashSet;
use std::sync::Arc;

use fleet::{ConnectionState, Measure, Sample, Unit};
use protocol::{Kind, Timestamp};
use store::history::{Bucket, Samples};

/// Seconds of one row.
const WIDTH: u32 = 10;
/// Seconds without news after which the last row is written though it is not full.
const QUIET: u32 = 20;
/// Rows that an entity may be behind: what the series themselves keep.
const BEHIND: u32 = 30;
/// Names that are kept to be shared; when there are more, all are met anew.
const NAMES: usize = 4_096;
/// The subject of a connection's own rates.
pub const OF_CONNECTION: &str = "";

/// The rates of a connection by the names that they are kept under.
pub const MEASURES: [(&str, Measure); 12] = [
    ("events", Measure::Events),
    ("locks", Measure::Locks),
    ("unlocks", Measure::Unlocks),
    ("jobs_completed", Measure::JobsCompleted),
    ("jobs_failed", Measure::JobsFailed),
    ("heard", Measure::Heard),
    ("jobs_running", Measure::JobsRunning),
    ("devices_online", Measure::DevicesOnline),
    ("devices_unlocked", Measure::DevicesUnlocked),
    ("hosts_online", Measure::HostsOnline),
    ("agents_online", Measure::AgentsOnline),
    ("signals", Measure::Kind(Kind::SignalReceived)),
];

/// How far the numbers of a connection are written down.
#[derive(Debug, Default)]
pub struct Sampler {
    /// By device, the second up to which it is written.
    devices: Vec<u32>,
    definitions: Vec<u32>,
    actors: Vec<u32>,
    rates: u32,
    /// Names that were met, so that each is kept once.
    names: HashSet<Arc<str>>,
}

impl Sampler {
    /// That of another picture of the same connection: its rates alone are the same.
    pub fn of_rates(&self) -> Self {
        Sampler { rates: self.rates, ..Sampler::default() }
    }

    /// What is new of the devices from place `from` on, `most` of them.
    pub fn devices(
        &mut self,
        connection: &Arc<str>,
        state: &ConnectionState,
        from: usize,
        most: usize,
        now: Timestamp,
        out: &mut Vec<Samples>,
    ) {
        let rows = state.devices.rows();
        self.devices.resize(rows.len(), 0);
        for (place, device) in rows.iter().enumerate().skip(from).take(most) {
            let mut done = self.devices[place];
            let spans = due(&mut done, Unit::Second.slot(device.heard()), now);
            self.devices[place] = done;
            for second in spans {
                let fields = device.fields().iter().filter_map(|field| {
                    let sample = field.sample(second, WIDTH)?;
                    Some((self.name(state.devices.names().word(field.name())), bucket(sample)))
                });
                let fields: Vec<_> = fields.collect();
                push(out, connection, device.id(), second, fields);
            }
        }
    }

    /// What is new of everything else: definitions' and actors' numbers, the connection's own rates.
    pub fn others(&mut self, connection: &Arc<str>, state: &ConnectionState, now: Timestamp, out: &mut Vec<Samples>) {
        let definitions = state.jobs.definitions().rows();
        self.definitions.resize(definitions.len(), 0);
        for (place, definition) in definitions.iter().enumerate() {
            let mut done = self.definitions[place];
            self.numbers(connection, &definition.id, &definition.numbers, &mut done, now, out);
            self.definitions[place] = done;
        }
        let actors = state.actors.rows();
        self.actors.resize(actors.len(), 0);
        for (place, actor) in actors.iter().enumerate() {
            let mut done = self.actors[place];
            self.numbers(connection, &actor.id, &actor.numbers, &mut done, now, out);
            self.actors[place] = done;
        }
        let newest = Unit::Second.slot(now).saturating_sub(1);
        let mut done = self.rates;
        for second in due(&mut done, newest, now) {
            let fields = MEASURES.iter().filter_map(|(name, measure)| {
                let sample = match measure.unit() {
                    Unit::Second => state.rates.sample(*measure, second, WIDTH)?,
                    // The minute's count is written once, with its last ten seconds.
                    Unit::Minute if second % 60 == 50 => state.rates.sample(*measure, second / 60, 1)?,
                    Unit::Minute => return None,
                };
                Some((self.name(name), bucket(sample)))
            });
            let fields: Vec<_> = fields.collect();
            push(out, connection, OF_CONNECTION, second, fields);
        }
        self.rates = done;
    }

    fn numbers(
        &mut self,
        connection: &Arc<str>,
        subject: &str,
        numbers: &fleet::Numbers,
        done: &mut u32,
        now: Timestamp,
        out: &mut Vec<Samples>,
    ) {
        let Some(newest) = numbers.rows().iter().map(|number| Unit::Second.slot(number.at)).max() else { return };
        for second in due(done, newest, now) {
            let fields = numbers.rows().iter().filter_map(|number| {
                let sample = number.series.sample(second, WIDTH)?;
                Some((self.name(&number.name), bucket(sample)))
            });
            let fields: Vec<_> = fields.collect();
            push(out, connection, subject, second, fields);
        }
    }

    fn name(&mut self, name: &str) -> Arc<str> {
        if let Some(known) = self.names.get(name) {
            return known.clone();
        }
        // Definitions and actors come and go, and each may name its numbers as it likes.
        if self.names.len() >= NAMES {
            self.names.clear();
        }
        let name: Arc<str> = name.into();
        self.names.insert(name.clone());
        name
    }
}

/// The beginnings of the spans that are whole, or will not grow any more, and are not written yet.
fn due(done: &mut u32, newest: u32, now: Timestamp) -> impl Iterator<Item = u32> + use<> {
    let open = newest / WIDTH * WIDTH;
    let is_quiet = Unit::Second.slot(now).saturating_sub(newest) > QUIET;
    let end = if is_quiet { open + WIDTH } else { open };
    let begin = (*done).max(end.saturating_sub(BEHIND * WIDTH));
    *done = (*done).max(end);
    (begin..end).step_by(WIDTH as usize)
}

fn bucket(sample: Sample) -> Bucket {
    Bucket { min: sample.min, max: sample.max, sum: sample.sum, count: sample.count }
}

fn push(out: &mut Vec<Samples>, connection: &Arc<str>, subject: &str, second: u32, fields: Vec<(Arc<str>, Bucket)>) {
    if !fields.is_empty() {
        let from = Timestamp(i64::from(second) * 1_000);
        out.push(Samples { connection: connection.clone(), subject: subject.into(), from, fields });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_never_come_again_are_not_kept() {
        let mut sampler = Sampler::default();
        for number in 0..3 * NAMES {
            let name = sampler.name(&format!("n{number}"));
            assert!(Arc::ptr_eq(&name, &sampler.name(&name)), "a name that comes again is the same");
        }
        assert!(sampler.names.len() <= NAMES, "{} names", sampler.names.len());
    }

    #[test]
    fn a_span_is_written_once_when_it_is_whole_or_quiet() {
        let mut done = 0;
        let at = |second: i64| Timestamp(second * 1_000);
        assert_eq!(due(&mut done, 1_004, at(1_004)).collect::<Vec<_>>().len(), BEHIND as usize);
        assert_eq!(done, 1_000);
        assert_eq!(due(&mut done, 1_009, at(1_009)).count(), 0);
        assert_eq!(due(&mut done, 1_012, at(1_012)).collect::<Vec<_>>(), [1_000]);
        assert_eq!(due(&mut done, 1_012, at(1_040)).collect::<Vec<_>>(), [1_010]);
        assert_eq!(due(&mut done, 1_012, at(1_100)).count(), 0);
        assert_eq!(
            due(&mut done, 1_013, at(1_200)).count(),
            0,
            "what comes late into a written span is not written again"
        );
    }
}
