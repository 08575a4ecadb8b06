//! How much of each minute was heard: a count of a minute that was heard in part is no count of that minute.

use std::sync::Arc;

use fleet::Measure;
use protocol::Timestamp;

use super::{Grid, MINUTE, add, rate};
use crate::monitor::Monitor;
use crate::sampling::OF_CONNECTION;
use crate::view::Count;
use crate::watched::Watched;

/// Where a connection was away: until now where it still is.
type Away = (Timestamp, Option<Timestamp>);

impl Monitor {
    /// Of the history, of which `of` gives a connection's series.
    pub(super) fn past_heard(
        &self,
        count: Count,
        connections: &[Arc<Watched>],
        grid: Grid,
        of: &dyn Fn(&str, &str, &str) -> Vec<f64>,
    ) -> Vec<f64> {
        let shares = connections.iter().map(|watched| {
            let name = watched.name();
            let tells = watched.part.lock().state.rates.last(count.measure()).is_some();
            let gaps = self.inner.history.gaps(Some(name), grid.from(), grid.to()).unwrap_or_default();
            let away: Vec<Away> = gaps.into_iter().map(|gap| (gap.from, gap.to)).collect();
            let counted = of(name, OF_CONNECTION, count.field());
            let heard = of(name, OF_CONNECTION, "heard");
            grid.share(is_missed(watched, tells, &counted), &counted, heard, &away)
        });
        mean(shares, grid.count)
    }
}

/// Of memory.
pub(super) fn heard(count: Count, connections: &[Arc<Watched>], grid: Grid) -> Vec<f64> {
    let shares = connections.iter().map(|watched| {
        let part = watched.part.lock();
        let laid = |measure| grid.lay(&rate(&part, measure, grid), MINUTE);
        let tells = part.state.rates.last(count.measure()).is_some();
        let away: Vec<Away> = part.state.gaps.between(grid.from(), grid.to()).collect();
        let counted = laid(count.measure());
        grid.share(is_missed(watched, tells, &counted), &counted, laid(Measure::Heard), &away)
    });
    mean(shares, grid.count)
}

/// Whether a count lacks something where a connection is away: one that has told it, and is not switched off.
fn is_missed(watched: &Watched, tells: bool, counted: &[f64]) -> bool {
    watched.connection.enabled && (tells || counted.iter().any(|value| value.is_finite()))
}

impl Grid {
    /// How much of each minute was heard of a connection; NaN where that is not known, or its count is not missed.
    fn share(self, is_missed: bool, counted: &[f64], mut heard: Vec<f64>, away: &[Away]) -> Vec<f64> {
        for (bin, heard) in heard.iter_mut().enumerate() {
            let begin = self.start + bin as i64 * self.width;
            let is_away =
                |(from, to): &Away| begin + self.width > from.millis() && to.is_none_or(|to| begin < to.millis());
            if counted[bin].is_nan() {
                *heard = if is_missed && away.iter().any(is_away) { 0.0 } else { f64::NAN };
            }
        }
        heard
    }
}

/// The mean of those that are known.
fn mean(columns: impl Iterator<Item = Vec<f64>>, count: usize) -> Vec<f64> {
    let columns: Vec<Vec<f64>> = columns.collect();
    let known = |bin: usize| columns.iter().filter(|laid| laid[bin].is_finite()).count();
    let total = add(columns.iter().cloned(), count);
    total
        .into_iter()
        .enumerate()
        .map(|(bin, sum)| if sum.is_finite() { sum / known(bin) as f64 } else { sum })
        .collect()
}

impl Count {
    pub(super) fn measure(self) -> Measure {
        match self {
            Count::Locks => Measure::Locks,
            Count::Unlocks => Measure::Unlocks,
            Count::JobsCompleted => Measure::JobsCompleted,
            Count::JobsFailed => Measure::JobsFailed,
        }
    }

    /// The name that it is kept under.
    fn field(self) -> &'static str {
        match self {
            Count::Locks => "locks",
            Count::Unlocks => "unlocks",
            Count::JobsCompleted => "jobs_completed",
            Count::JobsFailed => "jobs_failed",
        }
    }
}

#[cfg(test)]
mod tests;
