//! A naive model beside the alert book: it keeps everything that was said, has no indexes and no flags that could be out of
//! date, and asks anew at each step what is so and what should have been told by now.
//!
//! Of time it knows one number, how much has passed: the clock may jump back, and nothing has passed then.

use std::collections::BTreeMap;

use fleet::alert::{AlertState, Change, Matcher};
use fleet::rule::{Hours, Severity};

/// What is said to the book and to the model.
#[derive(Debug, Clone)]
pub enum Said {
    /// A rule, a connection and a subject by number; how long ago it began, in seconds, for those that fire.
    Found(usize, usize, usize, Found),
    Live(usize),
    NotLive(usize),
    /// A connection, and of which of its rules what fires may have ended.
    Settled(usize, Vec<usize>),
    Added(usize),
    Removed(usize),
    Woke(i64),
    /// One of the open alerts, and for how many seconds.
    Acknowledged(usize, Option<i64>),
    Unacknowledged(usize),
    Silenced(Matcher, i64),
    SilenceEnded(usize),
    QuietHours(Option<Hours>, Option<Severity>),
    Tick,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Found {
    Pending,
    Fires(i64),
    Again,
    Confirmed,
    Ends,
}

pub const RULES: [(&str, Severity, bool); 4] = [
    ("unlocked", Severity::High, true),
    ("low", Severity::Low, true),
    ("quiet", Severity::High, false),
    ("dead", Severity::Critical, true),
];
pub const CONNECTIONS: [&str; 3] = ["a", "b", "c"];
pub const SUBJECTS: [&str; 3] = ["van-1", "van-2", "bus"];
/// The rule that is about its connection.
pub const OWN: usize = 3;
const LAG: i64 = 10_000;

pub type Key = (usize, usize, usize);

#[derive(Debug, Clone)]
pub struct Open {
    pub began: i64,
    pub fired: Option<i64>,
    /// Until how much time has passed; for ever when `None`.
    acknowledged: Option<Option<i64>>,
    /// It is to be told; with what began while away or not.
    owed: Option<bool>,
    pub told: bool,
    fresh: bool,
    /// Its connection has not said whether it still holds.
    doubted: bool,
    /// It was silenced when it was last looked at.
    was_silenced: bool,
    /// The step at which it was found.
    step: usize,
}

#[derive(Debug, Clone)]
struct Heard {
    live: bool,
    settled: bool,
    /// It was not live at some time since it was settled, and at which step it came back.
    lost: bool,
    back: usize,
    /// How much time had passed when its picture began to be waited for.
    awaited: i64,
    /// What began since is new, by the clock as it was then, and how far the clock had gone back by then.
    news: (i64, i64),
    away: bool,
}

#[derive(Debug)]
struct Hush {
    matcher: Matcher,
    until: i64,
}

pub struct Model {
    clock: i64,
    passed: i64,
    gone_back: i64,
    step: usize,
    pub open: BTreeMap<Key, Open>,
    /// When what is over was over; unknown when the book itself ended it.
    pub over: Vec<(Key, i64, Option<i64>)>,
    heard: BTreeMap<usize, Heard>,
    hushes: Vec<Hush>,
    hours: (Option<Hours>, Option<Severity>),
    quiet: Option<Option<Severity>>,
    away_since: i64,
    away_until: Option<i64>,
    /// What was said to be told and withdrawn by the last step.
    pub tells: Vec<Key>,
    pub withdraws: Vec<Key>,
}

impl Model {
    pub fn new(now: i64, away_since: i64) -> Self {
        Model {
            clock: now,
            passed: 0,
            gone_back: 0,
            step: 0,
            open: BTreeMap::new(),
            over: Vec::new(),
            heard: BTreeMap::new(),
            hushes: Vec::new(),
            hours: (None, None),
            quiet: None,
            away_since,
            away_until: Some(30_000),
            tells: Vec::new(),
            withdraws: Vec::new(),
        }
    }

    pub fn say(&mut self, said: &Said, now: i64) {
        (self.tells, self.withdraws) = (Vec::new(), Vec::new());
        self.step += 1;
        // Quiet hours are set without the time; it counts from the next tick on.
        if !matches!(said, Said::QuietHours(..)) {
            self.pass(now);
        }
        let mut closes = false;
        match said {
            Said::Found(rule, connection, subject, found) => self.found((*rule, *connection, *subject), *found, now),
            Said::Live(of) => {
                let (passed, step) = (self.passed, self.step);
                if let Some(heard) = self.heard.get_mut(of).filter(|heard| !heard.live) {
                    (heard.live, heard.awaited, heard.back) = (true, passed, step);
                }
            }
            Said::NotLive(of) => {
                let news = (self.clock, self.gone_back);
                if let Some(heard) = self.heard.get_mut(of).filter(|heard| heard.live) {
                    (heard.live, heard.lost) = (false, true);
                    self.open.iter_mut().filter(|(key, _)| key.1 == *of).for_each(|(_, open)| open.doubted = false);
                    if heard.settled {
                        (heard.settled, heard.news, heard.away) = (false, news, false);
                    }
                }
            }
            Said::Settled(of, doubted) => {
                self.settle(*of, Some(doubted));
                closes = true;
            }
            Said::Added(of) => {
                let away = self.away_until.is_some();
                let news = (if away { self.away_since } else { self.clock }, self.gone_back);
                let awaited = self.passed;
                self.heard.entry(*of).or_insert(Heard {
                    live: false,
                    settled: false,
                    lost: true,
                    back: 0,
                    awaited,
                    news,
                    away,
                });
            }
            Said::Removed(of) => {
                if self.heard.remove(of).is_some() {
                    for key in self.open.keys().filter(|key| key.1 == *of).copied().collect::<Vec<_>>() {
                        self.end(key, None);
                    }
                    closes = true;
                }
            }
            Said::Woke(ago) => {
                let since = self.clock.min(now - ago * 1_000);
                for heard in self.heard.values_mut() {
                    let known = heard.news.0 - (self.gone_back - heard.news.1);
                    let news = if heard.settled { since } else { known.min(since) };
                    (heard.settled, heard.away, heard.news) = (false, true, (news, self.gone_back));
                    heard.awaited = self.passed;
                }
                self.away_until = Some(self.passed + 30_000);
            }
            Said::Acknowledged(which, seconds) => {
                let until = seconds.map(|seconds| now + seconds * 1_000 - self.clock);
                if until.is_none_or(|length| length > 0)
                    && let Some(key) = self.pick(*which)
                    && let Some(open) = self.open.get_mut(&key)
                {
                    open.acknowledged = Some(until.map(|length| self.passed + length));
                    open.owed = None;
                }
            }
            Said::Unacknowledged(which) => {
                if let Some(open) = self.pick(*which).and_then(|key| self.open.get_mut(&key)) {
                    open.acknowledged = None;
                }
            }
            Said::Silenced(matcher, seconds) => {
                let length = now + seconds * 1_000 - self.clock;
                if length > 0 {
                    self.hushes.push(Hush { matcher: matcher.clone(), until: self.passed + length });
                }
            }
            Said::SilenceEnded(which) => {
                if let Some(place) = which.checked_rem(self.hushes.len()) {
                    self.hushes.remove(place);
                }
            }
            Said::QuietHours(hours, except_from) => self.hours = (*hours, *except_from),
            Said::Tick => {
                self.tick();
                closes = true;
            }
        }
        if closes {
            let all = !self.heard.is_empty() && self.heard.values().all(|heard| heard.settled);
            if all || self.away_until.is_some_and(|until| until <= self.passed) {
                self.away_until = None;
            }
        }
        self.tell();
    }

    fn pass(&mut self, now: i64) {
        if now >= self.clock {
            self.passed += now - self.clock;
            self.clock = now;
        } else if self.clock - now > LAG {
            self.gone_back += self.clock - now;
            self.clock = now;
        }
    }

    fn found(&mut self, key: Key, found: Found, now: i64) {
        let Some(heard) = self.heard.get(&key.1).cloned() else { return };
        let news = heard.news.0 - (self.gone_back - heard.news.1);
        let began = match found {
            Found::Fires(ago) => now - ago * 1_000,
            _ => now,
        };
        if !heard.settled && self.open.get(&key).is_some_and(|open| now < open.began) {
            // It speaks of an earlier one.
            return;
        }
        if let Found::Ends = found {
            let from = self.open.get(&key).map(|open| open.fired.unwrap_or(open.began));
            return self.end(key, from.map(|from| now.max(from)));
        }
        if found == Found::Confirmed {
            if let Some(open) = self.open.get_mut(&key).filter(|_| heard.settled) {
                open.doubted = false;
            }
            return;
        }
        if found != Found::Again {
            self.open.entry(key).or_insert(Open {
                began,
                fired: None,
                acknowledged: None,
                owed: None,
                told: false,
                fresh: key.0 == OWN || heard.settled || began >= news,
                doubted: false,
                was_silenced: false,
                step: self.step,
            });
        }
        if let (Found::Fires(_), Some(open)) = (found, self.open.get_mut(&key))
            && open.fired.is_none()
        {
            open.fired = Some(now.max(open.began));
            let live = heard.settled || key.0 == OWN;
            if live || open.fresh {
                open.owed = Some(!live && heard.away);
            }
        }
    }

    fn end(&mut self, key: Key, at: Option<i64>) {
        let Some(open) = self.open.remove(&key) else { return };
        if open.told {
            self.withdraws.push(key);
        }
        self.over.push((key, open.began, at));
    }

    fn settle(&mut self, of: usize, doubted: Option<&Vec<usize>>) {
        if self.heard.get(&of).is_some_and(|heard| heard.live && !heard.settled) {
            for key in self.open.keys().filter(|key| key.1 == of && key.0 != OWN).copied().collect::<Vec<_>>() {
                let is_old = self.stale(key) || self.open[&key].doubted;
                let Some(open) = self.open.get_mut(&key) else { continue };
                open.doubted = is_old && doubted.map_or(open.doubted, |doubted| doubted.contains(&key.0));
            }
        }
        if let Some(heard) = self.heard.get_mut(&of).filter(|heard| heard.live) {
            (heard.settled, heard.lost) = (true, false);
            self.open.iter_mut().filter(|(key, _)| key.1 == of).for_each(|(_, open)| open.fresh = true);
        }
    }

    fn tick(&mut self) {
        let passed = self.passed;
        for open in self.open.values_mut() {
            if open.acknowledged.flatten().is_some_and(|until| until <= passed) {
                open.acknowledged = None;
                open.owed = open.fired.map(|_| false);
            }
        }
        self.hushes.retain(|hush| hush.until > passed);
        let minute = u16::try_from(self.clock.div_euclid(60_000).rem_euclid(1_440)).unwrap();
        let quiet = self.hours.0.is_some_and(|hours| hours.contains(minute));
        self.quiet = quiet.then_some(self.hours.1);
        for of in 0..CONNECTIONS.len() {
            if self.heard.get(&of).is_some_and(|heard| passed - heard.awaited >= 60_000) {
                self.settle(of, None);
            }
        }
    }

    fn tell(&mut self) {
        for key in self.open.keys().copied().collect::<Vec<_>>() {
            let silenced = self.silenced(key);
            let hushed = self.quiet.is_some_and(|except| except.is_none_or(|from| RULES[key.0].1 < from));
            let settled = key.0 == OWN || self.heard.get(&key.1).is_some_and(|heard| heard.settled);
            let away = self.away_until.is_some();
            let Some(open) = self.open.get_mut(&key) else { continue };
            let settled = settled && !open.doubted;
            if open.was_silenced && !silenced && open.fired.is_some() && open.acknowledged.is_none() {
                open.owed = Some(false);
            }
            open.was_silenced = silenced;
            if open.told && (silenced || open.acknowledged.is_some()) {
                open.told = false;
                self.withdraws.push(key);
            }
            // Who knows need not be told, also when they take it back.
            open.owed = open.owed.filter(|_| open.acknowledged.is_none());
            let Some(with_away) = open.owed else { continue };
            if silenced || hushed || !settled || (with_away && away) || !RULES[key.0].2 {
                continue;
            }
            (open.told, open.owed) = (true, None);
            self.tells.push(key);
        }
    }

    pub fn state(&self, key: Key) -> AlertState {
        let open = &self.open[&key];
        if open.fired.is_none() {
            AlertState::Pending
        } else if key.0 != OWN && (self.stale(key) || (open.doubted && open.acknowledged.is_none())) {
            AlertState::Stale
        } else if self.silenced(key) {
            AlertState::Silenced
        } else if open.acknowledged.is_some() {
            AlertState::Acknowledged
        } else {
            AlertState::Firing
        }
    }

    /// Whether its connection was not live while it was open, and its picture is not complete since.
    fn stale(&self, key: Key) -> bool {
        self.heard.get(&key.1).is_some_and(|heard| heard.lost && (!heard.live || self.open[&key].step < heard.back))
    }

    fn silenced(&self, (rule, connection, subject): Key) -> bool {
        self.hushes.iter().any(|Hush { matcher, .. }| {
            let is = |glob: &Option<String>, text: &str| match glob.as_deref() {
                None => true,
                Some(glob) => match glob.strip_suffix('*') {
                    Some(begin) => text.starts_with(begin),
                    None => text == glob,
                },
            };
            is(&matcher.rule, RULES[rule].0)
                && is(&matcher.connection, CONNECTIONS[connection])
                && is(&matcher.subject, SUBJECTS[subject])
                && matcher.severity.is_none_or(|severity| RULES[rule].1 <= severity)
        })
    }

    /// One of the open alerts.
    pub fn pick(&self, which: usize) -> Option<Key> {
        let place = which.checked_rem(self.open.len())?;
        self.open.keys().nth(place).copied()
    }

    pub fn silences(&self) -> usize {
        self.hushes.len()
    }

    pub fn all_live(&self) -> bool {
        self.heard.values().all(|heard| heard.live)
    }

    pub fn none_live(&self) -> bool {
        self.heard.values().all(|heard| !heard.live)
    }
}

pub fn change(found: Found, now: i64) -> Change {
    match found {
        Found::Pending => Change::Pending,
        Found::Fires(ago) => Change::Fires { since: protocol::Timestamp(now - ago * 1_000) },
        Found::Again => Change::Again,
        Found::Confirmed => Change::Confirmed,
        Found::Ends => Change::Ends { cause: "it is well".into() },
    }
}
