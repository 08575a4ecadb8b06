//! How many alerts there are of each severity and state, kept as they change.

use crate::alert::AlertState;
use crate::rule::Severity;

/// How many open alerts there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    cells: [[usize; 5]; 4],
}

impl Counts {
    /// All severities, the worst first.
    pub const SEVERITIES: [Severity; 4] = [Severity::Critical, Severity::High, Severity::Medium, Severity::Low];

    /// How many are of a severity and in a state; none is in [`AlertState::Resolved`], as those are not open.
    pub fn of(&self, severity: Severity, state: AlertState) -> usize {
        column(state).map_or(0, |column| self.cells[severity as usize][column])
    }

    /// How many are in a state.
    pub fn in_state(&self, state: AlertState) -> usize {
        Self::SEVERITIES.iter().map(|severity| self.of(*severity, state)).sum()
    }

    /// How many there are.
    pub fn open(&self) -> usize {
        self.cells.iter().flatten().sum()
    }

    /// The worst severity that fires and that nobody has said to know of.
    pub fn worst_firing(&self) -> Option<Severity> {
        self.worst(&[AlertState::Firing])
    }

    /// The worst severity among alerts in these states.
    pub fn worst(&self, states: &[AlertState]) -> Option<Severity> {
        Self::SEVERITIES.into_iter().find(|severity| states.iter().any(|state| self.of(*severity, *state) > 0))
    }

    pub(super) fn add(&mut self, severity: Severity, state: AlertState) {
        if let Some(column) = column(state) {
            self.cells[severity as usize][column] += 1;
        }
    }

    pub(super) fn remove(&mut self, severity: Severity, state: AlertState) {
        if let Some(column) = column(state) {
            let cell = &mut self.cells[severity as usize][column];
            *cell = cell.saturating_sub(1);
        }
    }
}

const fn column(state: AlertState) -> Option<usize> {
    match state {
        AlertState::Pending => Some(0),
        AlertState::Firing => Some(1),
        AlertState::Acknowledged => Some(2),
        AlertState::Silenced => Some(3),
        AlertState::Stale => Some(4),
        AlertState::Resolved => None,
    }
}
