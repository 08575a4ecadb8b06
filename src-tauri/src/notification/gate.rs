//! When a notice is shown: alone, with a few others, or as part of one line for a storm of them.
//!
//! It is the queue to the desktop as well: what waits in here is bounded, replaced by key, and forgotten when it is withdrawn.

mod digest;

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use monitor::Notice;
use monitor::view::picture::Severity;

pub(super) use digest::{DIGEST, Summary};
use digest::{Digest, Remains};

/// What comes within this time of the first is looked at together.
const GROUP: Duration = Duration::from_secs(1);

/// A critical one waits only so long for others.
const SOON: Duration = Duration::from_millis(200);

/// So many of one group are shown one by one; more are one digest.
const TOGETHER: usize = 3;

/// So many are shown one by one within a [`MINUTE`]; the rest is counted in the digest. Some of them are kept for critical ones,
/// so that what can wait a little does not take their place.
const MOST: usize = 5;
const MOST_NOT_CRITICAL: usize = 3;
const MINUTE: Duration = Duration::from_secs(60);

/// A notification that changes is shown anew at most so often, and all of them together at most once in [`EACH`].
pub(super) const REFRESH: Duration = Duration::from_secs(10);
const EACH: Duration = Duration::from_secs(1);

/// So many shown ones are remembered, to tell a change from a new one.
const REMEMBERED: usize = 256;

/// After a failure the desktop is left alone for this long, and twice as long after each further one.
const PAUSE: Duration = Duration::from_secs(10);
const LONGEST_PAUSE: Duration = Duration::from_secs(5 * 60);

/// What the desktop is to do next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// Show this, in the place of what has the same key.
    Show(Shown),
    /// Take back what is shown under this key.
    Withdraw(String),
}

/// What is to be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Shown {
    /// One notice as it came.
    One(Notice),
    /// Many in one line.
    Digest(Summary),
}

impl Shown {
    /// What it is shown under.
    pub(super) fn key(&self) -> &str {
        match self {
            Shown::One(notice) => &notice.key,
            Shown::Digest(_) => DIGEST,
        }
    }
}

/// What was shown by itself.
#[derive(Debug)]
struct Told {
    key: String,
    severity: Severity,
    /// When last.
    at: Instant,
    /// It is not on the screen any more: a change of it is no reason to bring it back.
    is_closed: bool,
}

/// Lets notices through one by one while they are few, and sums them up when they are many.
#[derive(Debug, Default)]
pub(super) struct Gate {
    /// The group that is being looked at, [`TOGETHER`] at most.
    group: Vec<Notice>,
    /// When its first one came.
    opened: Option<Instant>,
    /// When the last ones were shown one by one, oldest first.
    told: VecDeque<Instant>,
    /// What was shown one by one, oldest first.
    shown: VecDeque<Told>,
    /// What replaces something shown, the latest of each key.
    changed: Vec<Notice>,
    last_change: Option<Instant>,
    digest: Digest,
    /// What the desktop is to take back, and what the window is, [`REMEMBERED`] at most of each.
    withdrawn: VecDeque<String>,
    taken_back: VecDeque<String>,
    /// Until when the desktop is left alone, and for how long the next time.
    paused: Option<Instant>,
    pause: Option<Duration>,
}

impl Gate {
    /// Takes a notice, to be shown when its time comes. A waiting one of the same key is replaced; one that was shown and
    /// closed since comes back only if it is worse now.
    pub(super) fn tell(&mut self, notice: Notice, now: Instant) {
        if let Some(waiting) = self.group.iter_mut().find(|waiting| waiting.key == notice.key) {
            *waiting = notice;
        } else if let Some(told) = self.shown.iter().find(|told| told.key == notice.key) {
            // The worst is the least.
            if !told.is_closed || notice.severity < told.severity {
                self.change(notice);
            }
        } else if self.digest.takes(&notice, now) {
            self.digest.add(&notice, now);
        } else {
            self.opened.get_or_insert(now);
            self.group.push(notice);
            if self.group.len() > TOGETHER {
                self.sum_up();
            }
        }
    }

    /// Takes a notice back: it is not shown if it still waits, and withdrawn if it was shown.
    pub(super) fn withdraw(&mut self, key: &str) {
        self.group.retain(|waiting| waiting.key != key);
        if self.group.is_empty() {
            self.opened = None;
        }
        self.changed.retain(|waiting| waiting.key != key);
        if let Some(place) = self.shown.iter().position(|told| told.key == key) {
            self.shown.remove(place);
            // Also what counts as closed: it can have been closed while it was being shown anew.
            note(&mut self.withdrawn, key);
            note(&mut self.taken_back, key);
        }
        match self.digest.remove(key) {
            Remains::Open => {}
            Remains::Closed => note(&mut self.withdrawn, DIGEST),
            Remains::Nothing => {
                note(&mut self.withdrawn, DIGEST);
                note(&mut self.taken_back, DIGEST);
            }
        }
    }

    /// Notes that what was shown under this key is not on the screen any more, and that nobody took it back: the operator
    /// closed it, its time was over, or the window itself told it.
    pub(super) fn closed(&mut self, key: &str) {
        if key == DIGEST {
            self.digest.closed();
        }
        if let Some(told) = self.shown.iter_mut().find(|told| told.key == key) {
            told.is_closed = true;
            let severity = told.severity;
            self.changed.retain(|waiting| waiting.key != key || waiting.severity < severity);
        }
    }

    /// What the desktop is to do now, if anything is. While the window is in front, telling is the window's.
    pub(super) fn next(&mut self, now: Instant, in_front: bool) -> Option<Step> {
        if self.paused.is_some_and(|until| now < until) {
            return None;
        }
        let withdrawal = self.withdrawn.pop_front().map(Step::Withdraw);
        withdrawal.or_else(|| if in_front { None } else { self.due(now).map(Step::Show) })
    }

    /// Whether what was shown under this key is known to be closed.
    #[cfg(test)]
    pub(super) fn is_closed(&self, key: &str) -> bool {
        self.shown.iter().any(|told| told.key == key && told.is_closed)
    }

    /// What the window is to tell now, paused or not: that is the desktop's. For the desktop it counts as closed, and an
    /// earlier one is withdrawn there.
    pub(super) fn for_window(&mut self, now: Instant) -> Vec<Shown> {
        let told: Vec<Shown> = std::iter::from_fn(|| self.due(now)).collect();
        for shown in &told {
            self.closed(shown.key());
            note(&mut self.withdrawn, shown.key());
        }
        told
    }

    /// What the window is to take back.
    pub(super) fn taken_back(&mut self) -> Vec<String> {
        self.taken_back.drain(..).collect()
    }

    /// What is to be told now, wherever.
    fn due(&mut self, now: Instant) -> Option<Shown> {
        if self.group_due().is_some_and(|due| due <= now) {
            if self.has_room(now) {
                return Some(Shown::One(self.first_of_group(now)));
            }
            self.sum_up();
        }
        if let Some((place, due)) = self.change_due()
            && due <= now
        {
            let notice = self.changed.remove(place);
            self.last_change = Some(now);
            self.remember(&notice, now);
            return Some(Shown::One(notice));
        }
        let is_due = self.digest.due().is_some_and(|due| due <= now);
        is_due.then(|| Shown::Digest(self.digest.show(now)))
    }

    /// When [`Gate::next`] has something to do again, once it has nothing.
    pub(super) fn deadline(&self) -> Option<Instant> {
        // Withdrawals wait only for the end of a pause.
        let withdrawal = self.paused.filter(|_| !self.withdrawn.is_empty());
        let change = self.change_due().map(|(_, due)| due);
        let due = [withdrawal, self.group_due(), change, self.digest.due()].into_iter().flatten().min()?;
        Some(self.paused.map_or(due, |until| due.max(until)))
    }

    /// Notes that the desktop did what it was asked.
    pub(super) fn worked(&mut self) {
        self.paused = None;
        self.pause = None;
    }

    /// Notes that the desktop did not do it: it waits with all that comes meanwhile, and is tried again later.
    pub(super) fn failed(&mut self, step: Step, now: Instant) {
        let pause = self.pause.unwrap_or(PAUSE);
        self.paused = Some(now + pause);
        self.pause = Some((pause * 2).min(LONGEST_PAUSE));
        match step {
            Step::Show(Shown::One(notice)) => {
                let Some(place) = self.shown.iter().position(|told| told.key == notice.key) else {
                    // Taken back while it was being shown.
                    return;
                };
                self.shown.remove(place);
                let newer = self.changed.iter().position(|waiting| waiting.key == notice.key);
                let notice = newer.map(|place| self.changed.remove(place)).unwrap_or(notice);
                self.tell(notice, now);
            }
            Step::Show(Shown::Digest(_)) => self.digest.show_again(now),
            Step::Withdraw(key) => self.withdrawn.push_front(key),
        }
    }

    fn change(&mut self, notice: Notice) {
        match self.changed.iter_mut().find(|waiting| waiting.key == notice.key) {
            Some(waiting) => *waiting = notice,
            None => self.changed.push(notice),
        }
    }

    /// Moves the whole group into the digest.
    fn sum_up(&mut self) {
        let Some(opened) = self.opened.take() else { return };
        for notice in self.group.drain(..) {
            self.digest.add(&notice, opened);
        }
    }

    fn group_due(&self) -> Option<Instant> {
        let is_urgent = matches!(self.group.as_slice(), [only] if only.severity == Severity::Critical);
        self.opened.map(|opened| opened + if is_urgent { SOON } else { GROUP })
    }

    fn first_of_group(&mut self, now: Instant) -> Notice {
        let notice = self.group.remove(0);
        if self.group.is_empty() {
            self.opened = None;
        }
        self.told.push_back(now);
        self.remember(&notice, now);
        notice
    }

    /// Which change may be shown next, and when.
    fn change_due(&self) -> Option<(usize, Instant)> {
        let due = |notice: &Notice| {
            let shown = self.shown.iter().find(|told| told.key == notice.key)?;
            Some(shown.at + REFRESH).max(self.last_change.map(|last| last + EACH))
        };
        let changes = self.changed.iter().enumerate();
        changes.filter_map(|(place, notice)| due(notice).map(|due| (place, due))).min_by_key(|(_, due)| *due)
    }

    fn remember(&mut self, notice: &Notice, now: Instant) {
        self.shown.retain(|told| told.key != notice.key);
        if self.shown.len() >= REMEMBERED
            && let Some(oldest) = self.shown.pop_front()
        {
            self.changed.retain(|waiting| waiting.key != oldest.key);
        }
        let Notice { key, severity, .. } = notice;
        self.shown.push_back(Told { key: key.clone(), severity: *severity, at: now, is_closed: false });
    }

    /// Whether the first of the group may be shown by itself.
    fn has_room(&mut self, now: Instant) -> bool {
        while self.told.front().is_some_and(|told| now.saturating_duration_since(*told) >= MINUTE) {
            self.told.pop_front();
        }
        let is_critical = self.group.first().is_some_and(|first| first.severity == Severity::Critical);
        self.told.len() < if is_critical { MOST } else { MOST_NOT_CRITICAL }
    }
}

/// Puts a key into a queue once. Of too many the oldest goes: the daemon remembers no more of them either.
fn note(queue: &mut VecDeque<String>, key: &str) {
    if queue.iter().any(|waiting| waiting == key) {
        return;
    }
    if queue.len() >= REMEMBERED {
        queue.pop_front();
    }
    queue.push_back(key.to_owned());
}

#[cfg(test)]
mod tests;
