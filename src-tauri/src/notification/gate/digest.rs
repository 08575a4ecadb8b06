//! One line for many.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use monitor::Notice;
use monitor::view::picture::Severity;

use super::{GROUP, REFRESH};

/// The key that the digest is shown under.
pub(in super::super) const DIGEST: &str = "digest";

/// How many titles are named.
const NAMED: usize = 3;

/// How many keys are kept, to take them back; further ones are counted only.
const MEMBERS: usize = 20_000;

/// What comes within this time of the last one in the digest is of the same storm, unless it is worse than all of it.
const STORM: Duration = Duration::from_secs(10);

/// A digest that was last shown so long ago is not counted on.
const ANEW: Duration = Duration::from_secs(10 * 60);

const SEVERITIES: [Severity; 4] = [Severity::Critical, Severity::High, Severity::Medium, Severity::Low];

/// A storm in numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) struct Summary {
    /// How many of each severity, the worst first; none that is zero.
    pub(in super::super) counts: Vec<(Severity, u32)>,
    /// A few titles, of the worst ones first.
    pub(in super::super) titles: Vec<String>,
    /// The worst.
    pub(in super::super) severity: Severity,
    /// Whether it is to be heard.
    pub(in super::super) sound: bool,
}

impl Summary {
    /// How many there are.
    pub(in super::super) fn total(&self) -> u32 {
        self.counts.iter().fold(0, |sum, (_, count)| sum.saturating_add(*count))
    }
}

/// What is left of the digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Remains {
    /// What it counts, or it was never shown.
    Open,
    /// Only what was counted before it was closed.
    Closed,
    Nothing,
}

/// One of what was not shown one by one.
#[derive(Debug, Clone, Copy)]
struct Member {
    severity: Severity,
    added: Instant,
    /// It was counted in a digest that was shown.
    is_seen: bool,
    /// It was shown, and the digest that counted it was closed: it is counted no more.
    is_closed: bool,
}

/// What comes with less than [`STORM`] between.
#[derive(Debug, Clone, Copy)]
struct Storm {
    began: Instant,
    last: Instant,
    /// Its members that are closed, in the order of [`SEVERITIES`].
    closed: [u32; SEVERITIES.len()],
    is_heard: bool,
}

/// What was not shown one by one.
#[derive(Debug, Default)]
pub(super) struct Digest {
    members: HashMap<String, Member>,
    /// In the order of [`SEVERITIES`], those without a kept key included.
    counts: [u32; SEVERITIES.len()],
    /// The counts as they were last shown.
    seen: [u32; SEVERITIES.len()],
    /// The first of the worst ones: how bad, key and title.
    titles: Vec<(Severity, String, String)>,
    /// Whether one of them is to be heard.
    is_loud: bool,
    storm: Option<Storm>,
    /// Since when it holds what is not shown.
    unshown: Option<Instant>,
    /// When last, on the screen still or not.
    shown: Option<Instant>,
    is_on_screen: bool,
}

impl Digest {
    /// Whether a notice belongs to the storm that is being summed up.
    pub(super) fn takes(&self, notice: &Notice, now: Instant) -> bool {
        let is_of_storm = self.storm_at(now).is_some_and(|storm| {
            let worst = worst(&self.counts).into_iter().chain(worst(&storm.closed)).min();
            // The worst is the least.
            worst.is_some_and(|worst| notice.severity >= worst)
        });
        is_of_storm || self.members.contains_key(&notice.key)
    }

    /// Counts a notice in.
    pub(super) fn add(&mut self, notice: &Notice, now: Instant) {
        // The worst is the least.
        let is_told =
            |known: &Member| known.severity == notice.severity || known.is_closed && known.severity < notice.severity;
        if self.members.get(&notice.key).is_some_and(is_told) {
            return;
        }
        let is_old = self.shown.is_some_and(|shown| now.saturating_duration_since(shown) >= ANEW);
        if is_old && self.unshown.is_none() {
            self.begin_anew();
        }
        let storm = self.storm_at(now);
        self.storm = Some(storm.map_or_else(|| Storm::new(now), |storm| Storm { last: storm.last.max(now), ..storm }));
        if let Some(known) = self.members.remove(&notice.key) {
            self.uncount(known);
            self.titles.retain(|(_, key, _)| *key != notice.key);
        }
        self.name(notice);
        if self.members.len() < MEMBERS {
            let member = Member { severity: notice.severity, added: now, is_seen: false, is_closed: false };
            self.members.insert(notice.key.clone(), member);
        }
        let count = &mut self.counts[place(notice.severity)];
        *count = count.saturating_add(1);
        self.is_loud |= notice.sound;
        self.unshown.get_or_insert(now);
    }

    /// Takes one out; answers what is left then.
    pub(super) fn remove(&mut self, key: &str) -> Remains {
        let Some(member) = self.members.remove(key) else { return Remains::Open };
        self.uncount(member);
        self.titles.retain(|(_, titled, _)| titled != key);
        if self.counts.iter().any(|count| *count > 0) {
            return Remains::Open;
        }
        self.begin_anew();
        match (self.shown, self.members.is_empty()) {
            (None, _) => Remains::Open,
            (Some(_), false) => Remains::Closed,
            (Some(_), true) => Remains::Nothing,
        }
    }

    /// Notes that it is not on the screen any more: what it counted is not counted again.
    pub(super) fn closed(&mut self) {
        self.is_on_screen = false;
        for member in self.members.values_mut().filter(|member| member.is_seen && !member.is_closed) {
            member.is_closed = true;
            if let Some(storm) = self.storm.as_mut().filter(|storm| member.added >= storm.began) {
                storm.closed[place(member.severity)] += 1;
            }
        }
        for (count, seen) in self.counts.iter_mut().zip(std::mem::take(&mut self.seen)) {
            *count = count.saturating_sub(seen);
        }
        let members = &self.members;
        self.titles.retain(|(_, key, _)| members.get(key).is_some_and(|member| !member.is_closed));
    }

    /// When it is to be shown, if it is.
    pub(super) fn due(&self) -> Option<Instant> {
        let since = self.unshown?;
        Some(since + GROUP).max(self.shown.map(|shown| shown + REFRESH))
    }

    /// The digest as it is to be shown. It is heard once.
    pub(super) fn show(&mut self, now: Instant) -> Summary {
        self.unshown = None;
        self.shown = Some(now);
        self.seen = self.counts;
        self.members.values_mut().for_each(|member| member.is_seen = true);
        let was_on_screen = std::mem::replace(&mut self.is_on_screen, true);
        let was_heard = self.storm.as_mut().is_some_and(|storm| std::mem::replace(&mut storm.is_heard, true));
        let counts = SEVERITIES.into_iter().zip(self.counts).filter(|(_, count)| *count > 0).collect();
        Summary {
            counts,
            titles: self.titles.iter().map(|(_, _, title)| title.clone()).collect(),
            severity: worst(&self.counts).unwrap_or(Severity::Low),
            sound: self.is_loud && !was_on_screen && !was_heard,
        }
    }

    /// Notes that it could not be shown.
    pub(super) fn show_again(&mut self, now: Instant) {
        if worst(&self.counts).is_some() {
            self.unshown.get_or_insert(now);
            self.is_on_screen = false;
            if let Some(storm) = &mut self.storm {
                storm.is_heard = false;
            }
        }
    }

    /// The storm, if what comes now is of it.
    fn storm_at(&self, now: Instant) -> Option<Storm> {
        self.storm.filter(|storm| now.saturating_duration_since(storm.last) < STORM)
    }

    /// Forgets what it counts; what was closed stays closed, and is not shown sooner after the last.
    fn begin_anew(&mut self) {
        let Digest { mut members, storm, shown, .. } = std::mem::take(self);
        members.retain(|_, member| member.is_closed);
        *self = Digest { members, storm, shown, ..Digest::default() };
    }

    /// Names a notice among the worst, if it is one of them.
    fn name(&mut self, notice: &Notice) {
        // The worst is the least.
        let place = self.titles.partition_point(|(severity, ..)| *severity <= notice.severity);
        if place < NAMED {
            self.titles.insert(place, (notice.severity, notice.key.clone(), notice.title.clone()));
            self.titles.truncate(NAMED);
        }
    }

    fn uncount(&mut self, member: Member) {
        let place = place(member.severity);
        let counts = match (member.is_closed, &mut self.storm) {
            (false, _) => &mut self.counts,
            (true, Some(storm)) if member.added >= storm.began => &mut storm.closed,
            (true, _) => return,
        };
        counts[place] = counts[place].saturating_sub(1);
        if member.is_seen && !member.is_closed {
            self.seen[place] = self.seen[place].saturating_sub(1);
        }
    }
}

impl Storm {
    fn new(now: Instant) -> Self {
        Storm { began: now, last: now, closed: [0; SEVERITIES.len()], is_heard: false }
    }
}

fn worst(counts: &[u32; SEVERITIES.len()]) -> Option<Severity> {
    SEVERITIES.into_iter().zip(counts).find(|(_, count)| **count > 0).map(|(severity, _)| severity)
}

const fn place(severity: Severity) -> usize {
    match severity {
        Severity::Critical => 0,
        Severity::High => 1,
        Severity::Medium => 2,
        Severity::Low => 3,
    }
}
