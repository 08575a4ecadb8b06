//! The alert book under random findings, deaths, acts of the operator and jumps of the clock: it agrees with the model, and
//! what it says fits together.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use fleet::alert::{
    Alert, AlertBook, AlertId, AlertState, Announcement, Change, Counts, Matcher, Occasion, Transition,
};
use fleet::rule::{Doubted, Rule, Severity};
use jiff::tz::TimeZone;
use proptest::prelude::*;
use protocol::Timestamp;

use crate::alert_desk::{NOON, finding};
use crate::alert_model::{CONNECTIONS, Found, Key, Model, OWN, RULES, SUBJECTS, Said, change};

/// The book, the model, and what the book said so far.
struct Both {
    book: AlertBook,
    model: Model,
    now: i64,
    /// What is shown natively.
    shown: BTreeSet<AlertId>,
    /// The last state on the record, and all that was recorded.
    states: BTreeMap<AlertId, AlertState>,
    recorded: BTreeSet<(AlertId, Timestamp, AlertState)>,
    /// The history's copy.
    history: BTreeMap<AlertId, Alert>,
    network_lost: bool,
}

impl Both {
    fn new() -> Self {
        let away = NOON - 3_600_000;
        let mut book = AlertBook::new(Timestamp(NOON), Some(Timestamp(away)), TimeZone::UTC);
        book.rules(&rules(), Timestamp(NOON));
        Both {
            book,
            model: Model::new(NOON, away),
            now: NOON,
            shown: BTreeSet::new(),
            states: BTreeMap::new(),
            recorded: BTreeSet::new(),
            history: BTreeMap::new(),
            network_lost: false,
        }
    }

    fn live_through(steps: &[(i64, Said)]) {
        let mut both = Both::new();
        for of in 0..CONNECTIONS.len() {
            both.say(0, &Said::Added(of));
        }
        for (leap, said) in steps {
            both.say(*leap, said);
        }
        for of in 0..CONNECTIONS.len() {
            both.say(0, &Said::Added(of));
        }
        both.calm();
    }

    fn say(&mut self, leap: i64, said: &Said) {
        self.now += leap;
        let (now, book) = (Timestamp(self.now), &mut self.book);
        match said {
            Said::Found(rule, connection, subject, found) => {
                let key = (*rule, *connection, *subject);
                let began = self.now - if let Found::Fires(ago) = found { ago * 1_000 } else { 0 };
                if self.model.over.iter().any(|(of, known, _)| *of == key && *known == began) {
                    // The same alert again: what becomes of it is a story of its own.
                    return;
                }
                let (rule, subject) = (RULES[*rule].0, SUBJECTS[*subject]);
                let found = finding(rule, subject, change(*found, self.now), now);
                book.find(&Arc::from(CONNECTIONS[*connection]), found, now);
            }
            Said::Live(of) => book.live(CONNECTIONS[*of], now),
            Said::NotLive(of) => book.not_live(CONNECTIONS[*of], now),
            Said::Settled(of, doubted) => {
                let subjects = |rule: usize| SUBJECTS.map(|subject| (RULES[rule].0.into(), subject.into()));
                let doubted: Vec<Doubted> = doubted.iter().flat_map(|rule| subjects(*rule)).collect();
                book.settled(CONNECTIONS[*of], &doubted, now);
            }
            Said::Added(of) => book.connection_added(&Arc::from(CONNECTIONS[*of]), now),
            Said::Removed(of) => book.connection_removed(CONNECTIONS[*of], now),
            Said::Woke(ago) => book.woke(Timestamp(self.now - ago * 1_000), now),
            Said::Acknowledged(which, seconds) => {
                let Some(key) = self.model.pick(*which) else { return };
                let until = seconds.map(|seconds| Timestamp(self.now + seconds * 1_000));
                let _ = book.acknowledge(&[id(book, key)], until, "", now);
            }
            Said::Unacknowledged(which) => {
                let Some(key) = self.model.pick(*which) else { return };
                book.unacknowledge(&[id(book, key)], now);
            }
            Said::Silenced(matcher, seconds) => {
                let _ = book.silence(matcher.clone(), Timestamp(self.now + seconds * 1_000), "", now);
            }
            Said::SilenceEnded(which) => {
                let ids: Vec<u64> = book.silences().map(|silence| silence.id).collect();
                let Some(place) = which.checked_rem(ids.len()) else { return };
                assert!(book.end_silence(ids[place], now));
            }
            Said::QuietHours(hours, except_from) => book.quiet_hours(*hours, *except_from),
            Said::Tick => book.tick(now),
        }
        self.model.say(said, self.now);
        self.compare_states();
        self.compare_told();
        self.read_record();
    }

    fn compare_states(&self) {
        let mut counts = BTreeMap::new();
        let open: Vec<&Alert> = self.book.alerts().filter(|alert| alert.resolved.is_none()).collect();
        assert_eq!(open.len(), self.model.open.len());
        for (key, known) in &self.model.open {
            let alert = self.book.get(id(&self.book, *key)).unwrap();
            assert_eq!(alert.state, self.model.state(*key), "{key:?}");
            assert_eq!((alert.began.millis(), alert.fired.map(Timestamp::millis)), (known.began, known.fired));
            *counts.entry((alert.severity, alert.state)).or_insert(0) += 1;
        }
        for severity in Counts::SEVERITIES {
            for state in [
                AlertState::Pending,
                AlertState::Firing,
                AlertState::Acknowledged,
                AlertState::Silenced,
                AlertState::Stale,
            ] {
                let counted = counts.get(&(severity, state)).copied().unwrap_or(0);
                assert_eq!(self.book.counts().of(severity, state), counted, "{severity:?} {state:?}");
            }
        }
        assert_eq!(self.book.silences().count(), self.model.silences());
        for (key, began, at) in &self.model.over {
            let (rule, connection, subject) = (RULES[key.0].0, CONNECTIONS[key.1], SUBJECTS[key.2]);
            let alert = self.book.get(AlertId::of(rule, connection, subject, Timestamp(*began))).unwrap();
            assert_eq!(alert.state, AlertState::Resolved);
            assert!(at.is_none_or(|at| alert.resolved == Some(Timestamp(at))), "{alert:?} {at:?}");
        }
    }

    fn compare_told(&mut self) {
        let mut announcements = Vec::new();
        self.book.take_announcements(&mut announcements);
        let (mut told, mut withdrawn, mut digests) = (Vec::new(), Vec::new(), 0);
        for announcement in announcements {
            match announcement {
                Announcement::Fires(id) => told.push(id),
                Announcement::Withdraw(id) => {
                    assert!(self.shown.remove(&id), "what is not shown is withdrawn");
                    withdrawn.push(id);
                }
                Announcement::Changed(id) => panic!("{id} did not change"),
                Announcement::Digest { occasion, alerts, resolved } => {
                    digests += usize::from(occasion != Occasion::Away);
                    let (open, over): (Vec<AlertId>, Vec<AlertId>) =
                        alerts.iter().partition(|id| self.book.get(**id).unwrap().resolved.is_none());
                    assert_eq!(over.len(), resolved as usize);
                    assert!(resolved == 0 || occasion == Occasion::Away);
                    let worst: Vec<Severity> = open.iter().map(|id| self.book.get(*id).unwrap().severity).collect();
                    assert!(worst.is_sorted_by(|one, next| one >= next), "{worst:?}");
                    told.extend(open);
                }
                Announcement::NetworkLost { connections, .. } => {
                    assert!(!self.network_lost && connections >= 2 && self.model.none_live());
                    self.network_lost = true;
                }
                Announcement::NetworkBack => {
                    assert!(self.network_lost && !self.model.none_live());
                    self.network_lost = false;
                }
            }
        }
        assert!(digests <= 1, "one digest for all that ended together");
        for id in &told {
            let alert = self.book.get(*id).unwrap();
            assert!(alert.state == AlertState::Firing && alert.notify, "{alert:?}");
            assert!(self.shown.insert(*id), "{alert:?} is told twice");
        }
        // When a connection's own death is told depends on the others: that is told apart, and compared at the end.
        let own = |id: &AlertId| &*self.book.get(*id).unwrap().rule == RULES[OWN].0;
        told.retain(|id| !own(id));
        withdrawn.retain(|id| !own(id));
        let tells: BTreeSet<AlertId> =
            self.model.tells.iter().filter(|key| key.0 != OWN).map(|key| id(&self.book, *key)).collect();
        assert_eq!(told.iter().copied().collect::<BTreeSet<_>>(), tells);
        assert_eq!(withdrawn.len(), self.model.withdraws.iter().filter(|key| key.0 != OWN).count());
    }

    fn read_record(&mut self) {
        let mut transitions = Vec::new();
        self.book.take_transitions(&mut transitions);
        for moved in transitions {
            let Transition { alert, at, from, to, cause } = moved;
            assert_eq!(self.states.insert(alert, to), from, "{cause}");
            assert!(
                from != Some(AlertState::Resolved) && (from.is_none() || to != AlertState::Pending || from == Some(to))
            );
            assert!(self.recorded.insert((alert, at, to)), "{to:?} at {at} twice: {cause}");
            assert!(cause.ends_with('.') && cause.len() > 5, "{cause}");
        }
        let mut changed = Vec::new();
        self.book.take_changed(&mut changed);
        self.history.extend(changed.into_iter().map(|alert| (alert.id, alert)));
        let known: BTreeMap<AlertId, Alert> = self.book.alerts().map(|alert| (alert.id, alert.clone())).collect();
        assert_eq!(self.history, known, "the history was told of every change");
        for (id, alert) in &known {
            assert_eq!(self.states.get(id), Some(&alert.state));
        }
    }

    /// All is well with the connections and nobody wants quiet: what fires has been told by then.
    fn calm(&mut self) {
        self.say(1_000, &Said::QuietHours(None, None));
        while self.model.silences() > 0 {
            self.say(1_000, &Said::SilenceEnded(0));
        }
        for of in 0..CONNECTIONS.len() {
            self.say(1_000, &Said::Live(of));
            self.say(1_000, &Said::Settled(of, Vec::new()));
        }
        assert!(self.model.all_live());
        for _ in 0..120 {
            self.say(1_000, &Said::Tick);
        }
        for (key, known) in &self.model.open {
            assert_eq!(self.shown.contains(&id(&self.book, *key)), known.told, "{key:?}");
        }
    }
}

fn id(book: &AlertBook, (rule, connection, subject): Key) -> AlertId {
    book.about(RULES[rule].0, CONNECTIONS[connection], SUBJECTS[subject]).unwrap().id
}

fn rules() -> Vec<Rule> {
    let rule = |(name, severity, notify): &(&str, Severity, bool)| {
        let when = match *name {
            "dead" => serde_json::json!({ "connection": { "is": "not_live" } }),
            _ => serde_json::json!({ "state": { "is": "unlocked" } }),
        };
        let severity = serde_json::to_value(severity).unwrap();
        serde_json::json!({ "name": name, "severity": severity, "notify": notify, "when": when })
    };
    serde_json::from_value(RULES.iter().map(rule).collect()).unwrap()
}

fn said() -> impl Strategy<Value = Said> {
    let connection = || 0..CONNECTIONS.len();
    let found = prop_oneof![
        Just(Found::Pending),
        prop::sample::select(vec![0, 10, 3_000, 7_000]).prop_map(Found::Fires),
        prop::sample::select(vec![0, 10]).prop_map(Found::Fires),
        Just(Found::Again),
        Just(Found::Confirmed),
        Just(Found::Ends),
        Just(Found::Ends),
    ];
    let glob = |texts: Vec<&str>| {
        let texts: Vec<Option<String>> =
            texts.into_iter().map(|text| Some(text.to_owned())).chain([None, None]).collect();
        prop::sample::select(texts)
    };
    let severity = || {
        prop::option::of(prop::sample::select(vec![
            Severity::Low,
            Severity::Medium,
            Severity::High,
            Severity::Critical,
        ]))
    };
    let matcher = (glob(vec!["unlocked", "d*"]), glob(vec!["a", "b"]), glob(vec!["van-*", "bus"]), severity())
        .prop_map(|(rule, connection, subject, severity)| Matcher { rule, connection, subject, severity });
    let seconds = || prop::sample::select(vec![20i64, 70, 400, 8_000]);
    let hours = prop::option::of(prop::sample::select(vec!["12:01-12:05", "11:00-13:00", "22:00-06:00"]));
    prop_oneof![
        16 => (0..RULES.len(), connection(), 0..SUBJECTS.len(), found).prop_map(|(rule, connection, subject, found)| {
            // A connection's own trouble has one subject, and no `for` of hours.
            let subject = if rule == OWN { 0 } else { subject };
            Said::Found(rule, connection, subject, found)
        }),
        3 => connection().prop_map(Said::Live),
        3 => connection().prop_map(Said::NotLive),
        4 => (connection(), prop::sample::subsequence(vec![0, 1, 2], 0..=3))
            .prop_map(|(of, doubted)| Said::Settled(of, doubted)),
        1 => connection().prop_map(Said::Removed),
        1 => connection().prop_map(Said::Added),
        1 => prop::sample::select(vec![5i64, 2_000]).prop_map(Said::Woke),
        3 => (any::<usize>(), prop::option::of(seconds())).prop_map(|(which, seconds)| Said::Acknowledged(which, seconds)),
        1 => any::<usize>().prop_map(Said::Unacknowledged),
        2 => (matcher, seconds()).prop_map(|(matcher, seconds)| Said::Silenced(matcher, seconds)),
        1 => seconds().prop_map(|seconds| Said::Silenced(Matcher::default(), seconds)),
        1 => any::<usize>().prop_map(Said::SilenceEnded),
        1 => (hours, severity()).prop_map(|(hours, except)| Said::QuietHours(hours.map(|h| h.parse().unwrap()), except)),
        8 => Just(Said::Tick),
    ]
}

/// How the wall clock goes on: mostly forward, at times a little or far back, or far forward.
fn leap() -> impl Strategy<Value = i64> {
    prop_oneof![
        8 => Just(0i64),
        20 => 0..5_000i64,
        6 => 5_000..90_000i64,
        1 => -9_000..0i64,
        1 => -7_300_001..-10_001i64,
        1 => prop::sample::select(vec![7_200_007i64, 40 * 86_400_000]),
    ]
}

/// The clock jumps back and forth again while the book is told no time: at an act on nothing, then as quiet hours are set.
/// For the book nothing jumped, and the silence ends when it was to.
#[test]
fn a_jump_of_which_the_book_hears_nothing_is_none() {
    let unlocked = Matcher { rule: Some("unlocked".into()), ..Matcher::default() };
    Both::live_through(&[
        (0, Said::Silenced(unlocked, 20)),
        (-10_002, Said::Acknowledged(0, None)),
        (0, Said::QuietHours(None, None)),
        (11_748, Said::Found(0, 0, 0, Found::Pending)),
        (4_895, Said::Tick),
        (13_358, Said::Tick),
        (1, Said::Tick),
    ]);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_book_is_what_the_model_works_out(steps in prop::collection::vec((leap(), said()), 1..160)) {
        Both::live_through(&steps);
    }

    /// However often the program is killed, what it found before is found again by a replay, and nothing is made anew.
    #[test]
    fn a_replay_after_a_restart_makes_nothing_again(
        steps in prop::collection::vec((0..4usize, 0..3usize, 0..4u8, 1..100i64), 1..80),
        kill in 0..80usize,
    ) {
        let connection: Arc<str> = Arc::from("a");
        let settled = |now: i64, away: Option<i64>| {
            let mut book = AlertBook::new(Timestamp(now), away.map(Timestamp), TimeZone::UTC);
            book.rules(&rules(), Timestamp(now));
            book.connection_added(&connection, Timestamp(now));
            book
        };
        let mut now = NOON;
        let mut findings = Vec::new();
        let mut open: BTreeMap<(usize, usize), i64> = BTreeMap::new();
        for (rule, subject, what, seconds) in &steps {
            now += seconds * 1_000;
            let (name, of) = (RULES[*rule].0, SUBJECTS[*subject]);
            let change = match (open.get(&(*rule, *subject)), what) {
                (None, _) => {
                    open.insert((*rule, *subject), now);
                    Change::Fires { since: Timestamp(now) }
                }
                (Some(_), 0) => Change::Again,
                (Some(_), _) => {
                    open.remove(&(*rule, *subject));
                    Change::Ends { cause: "it is well".into() }
                }
            };
            findings.push(finding(name, of, change, Timestamp(now)));
        }
        let kill = kill % findings.len();
        let mut first = settled(NOON, None);
        first.live("a", Timestamp(NOON));
        first.settled("a", &[], Timestamp(NOON));
        let mut recorded = Vec::new();
        for finding in &findings[..=kill] {
            first.find(&connection, finding.clone(), finding.at);
        }
        first.take_transitions(&mut recorded);
        let mut kept = Vec::new();
        first.take_changed(&mut kept);
        let killed = findings[kill].at.millis();

        let mut second = settled(now, Some(killed));
        second.restore(kept, Vec::new());
        second.live("a", Timestamp(now));
        for finding in &findings {
            second.find(&connection, finding.clone(), Timestamp(now));
        }
        second.settled("a", &[], Timestamp(now));
        second.take_transitions(&mut recorded);

        let mut whole = settled(NOON, None);
        whole.live("a", Timestamp(NOON));
        whole.settled("a", &[], Timestamp(NOON));
        let mut expected = Vec::new();
        for finding in &findings {
            whole.find(&connection, finding.clone(), finding.at);
        }
        whole.take_transitions(&mut expected);
        let picture = |book: &AlertBook| -> BTreeMap<AlertId, (AlertState, Option<Timestamp>, Option<Timestamp>, u32)> {
            book.alerts().map(|alert| (alert.id, (alert.state, alert.fired, alert.resolved, alert.times))).collect()
        };
        prop_assert_eq!(picture(&second), picture(&whole));
        let found = |transitions: &[Transition]| -> Vec<(AlertId, Timestamp, AlertState)> {
            let mut found: Vec<_> = transitions
                .iter()
                .filter(|moved| !moved.cause.contains(" live"))
                .map(|moved| (moved.alert, moved.at, moved.to))
                .collect();
            found.sort();
            found
        };
        prop_assert_eq!(found(&recorded), found(&expected));
    }
}
