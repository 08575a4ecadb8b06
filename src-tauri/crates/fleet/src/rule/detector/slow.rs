//! How long jobs take, by definition.

use std::collections::VecDeque;

use compact_str::CompactString;
use hashbrown::HashMap;

/// Durations that are kept of a definition, as many as the picture keeps.
const KEPT: usize = 512;
/// Definitions whose durations are kept.
const DEFINITIONS: usize = 1_000;

/// How long the recent jobs of each definition took.
#[derive(Debug, Default)]
pub(super) struct Durations {
    by_definition: HashMap<CompactString, Recent>,
    /// Grows with each duration.
    pub version: u64,
    pub dropped: u64,
}

#[derive(Debug, Default)]
struct Recent {
    ms: VecDeque<f32>,
    p95: f64,
}

impl Durations {
    pub fn add(&mut self, definition: &str, elapsed_ms: f64) {
        if !elapsed_ms.is_finite() || elapsed_ms < 0.0 {
            return;
        }
        if !self.by_definition.contains_key(definition) {
            if self.by_definition.len() >= DEFINITIONS {
                self.dropped += 1;
                return;
            }
            self.by_definition.insert(CompactString::from(definition), Recent::default());
        }
        if let Some(recent) = self.by_definition.get_mut(definition) {
            if recent.ms.len() >= KEPT {
                recent.ms.pop_front();
            }
            recent.ms.push_back(elapsed_ms as f32);
            recent.p95 = p95(&recent.ms);
            self.version += 1;
        }
    }

    /// Its 95th percentile in milliseconds by the nearest rank, once so many jobs are known.
    pub fn p95(&self, definition: &str, after_jobs: u32) -> Option<f64> {
        let recent = self.by_definition.get(definition)?;
        (recent.ms.len() >= after_jobs as usize).then_some(recent.p95)
    }

    pub fn knows(&self, definition: &str) -> bool {
        self.by_definition.contains_key(definition)
    }
}

fn p95(ms: &VecDeque<f32>) -> f64 {
    let mut sorted: Vec<f32> = ms.iter().copied().collect();
    let rank = ((0.95 * sorted.len() as f64).ceil() as usize).clamp(1, sorted.len().max(1)) - 1;
    if sorted.is_empty() {
        return 0.0;
    }
    let (_, value, _) = sorted.select_nth_unstable_by(rank, f32::total_cmp);
    f64::from(*value)
}
