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

/// One of what was not shown one by one.
#[derive(Debug, Clone, Copy)]
struct Member {
    severity: Severity,
    added: Instant,
    /// It was shown, and the digest that counted it was closed: it is counted no more.
    is_closed: bool,
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
    is_heard: bool,
    last_added: Option<Instant>,
    /// Since when it holds what is not shown.
    unshown: Option<Instant>,
    shown: Option<Instant>,
}

impl Digest {
    /// Whether a notice belongs to the storm that is being summed up.
    pub(super) fn takes(&self, notice: &Notice, now: Instant) -> bool {
        let is_storm = self.last_added.is_some_and(|last| now.saturating_duration_since(last) < STORM);
        // The worst is the least: severities count down.
        let is_worse = self.worst().is_some_and(|worst| notice.severity < worst);
        self.members.contains_key(&notice.key) || is_storm && !is_worse
    }

    /// Counts a notice in.
    pub(super) fn add(&mut self, notice: &Notice, now: Instant) {
        let is_old = self.shown.is_some_and(|shown| now.saturating_duration_since(shown) >= ANEW);
        if is_old && self.unshown.is_none() {
            *self = Digest::default();
        }
        self.last_added = self.last_added.max(Some(now));
        if let Some(known) = self.members.get(&notice.key).copied() {
            // The worst is the least.
            if known.severity == notice.severity || known.is_closed && known.severity < notice.severity {
                return;
            }
            if !known.is_closed {
                self.uncount(known);
                self.titles.retain(|(_, key, _)| *key != notice.key);
            }
        }
        self.name(notice);
        if self.members.len() < MEMBERS || self.members.contains_key(&notice.key) {
            let member = Member { severity: notice.severity, added: now, is_closed: false };
            self.members.insert(notice.key.clone(), member);
        }
        let count = &mut self.counts[place(notice.severity)];
        *count = count.saturating_add(1);
        self.is_heard |= notice.sound;
        self.unshown.get_or_insert(now);
    }

    /// Takes one out; whether the digest is shown and nothing is left of it.
    pub(super) fn remove(&mut self, key: &str) -> bool {
        let Some(member) = self.members.remove(key).filter(|member| !member.is_closed) else { return false };
        self.uncount(member);
        self.titles.retain(|(_, titled, _)| titled != key);
        if self.counts.iter().any(|count| *count > 0) {
            return false;
        }
        let closed = std::mem::take(&mut self.members).into_iter().filter(|(_, member)| member.is_closed).collect();
        std::mem::replace(self, Digest { members: closed, ..Digest::default() }).shown.is_some()
    }

    /// Notes that it is not on the screen any more: what it counted is not counted again.
    pub(super) fn closed(&mut self) {
        let Some(shown) = self.shown.take() else { return };
        for member in self.members.values_mut() {
            member.is_closed |= member.added <= shown;
        }
        for (count, seen) in self.counts.iter_mut().zip(self.seen) {
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
        self.seen = self.counts;
        let is_first = self.shown.replace(now).is_none();
        let counts = SEVERITIES.into_iter().zip(self.counts).filter(|(_, count)| *count > 0).collect();
        Summary {
            counts,
            titles: self.titles.iter().map(|(_, _, title)| title.clone()).collect(),
            severity: self.worst().unwrap_or(Severity::Low),
            sound: is_first && self.is_heard,
        }
    }

    /// Notes that it could not be shown.
    pub(super) fn show_again(&mut self, now: Instant) {
        if self.worst().is_some() {
            self.unshown.get_or_insert(now);
            self.shown = None;
        }
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

    fn worst(&self) -> Option<Severity> {
        SEVERITIES.into_iter().zip(self.counts).find(|(_, count)| *count > 0).map(|(severity, _)| severity)
    }

    fn uncount(&mut self, member: Member) {
        let place = place(member.severity);
        let was_seen = self.shown.is_some_and(|shown| member.added <= shown);
        self.counts[place] = self.counts[place].saturating_sub(1);
        self.seen[place] = self.seen[place].saturating_sub(u32::from(was_seen));
    }
}

const fn place(severity: Severity) -> usize {
    match severity {
        Severity::Critical => 0,
        Severity::High => 1,
        Severity::Medium => 2,
        Severity::Low => 3,
    }
}
