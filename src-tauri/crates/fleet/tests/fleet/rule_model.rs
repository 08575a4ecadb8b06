//! A naive model beside the detector: it keeps all that came, and for each rule and subject works out from the whole of it,
//! again at each step, what holds. Connections are lost, events come late, and clocks jump.

use fleet::alert::{Change, Finding};
use fleet::rule::{Condition, Detector, Fact, Rule, Standing};
use fleet::{Applied, Bounds, ConnectionState, LockState};
use proptest::prelude::*;
use protocol::Timestamp;
use protocol::event::JobPhase;

use crate::said::{START, Said, Told};
use crate::story::{ABOUT, rule};

#[derive(Debug, Clone)]
enum What {
    Tick,
    Live,
    CatchingUp,
    Lost,
    Said(Said),
}

/// How far the clock moves, how old an event is when it comes, and what happens.
type Step = (i64, i64, What);

/// One input as it came, with what the picture made of it.
#[derive(Debug, Clone)]
struct Input {
    now: i64,
    /// The event's own time.
    at: i64,
    what: What,
    applied: Option<Applied>,
}

/// What passed of live or steady time up to an input, and what did not count.
#[derive(Debug, Clone, Copy)]
struct Passed {
    now: i64,
    lost: i64,
    live: bool,
    catching_up: bool,
}

/// What holds at a moment.
#[derive(Debug, Clone, Copy)]
struct Open {
    since: i64,
    /// The input that began it.
    begun: usize,
    /// `None` when it was long enough ago already when it was heard.
    lost: Option<i64>,
    due: i64,
    fired: bool,
    told: i64,
    value: f64,
}

enum Sign {
    Holds {
        since: i64,
        held: i64,
        value: f64,
    },
    /// A tick ends it when its place on the clock has come; an event ends it by its own time.
    Ends {
        at: i64,
        place: Option<i64>,
    },
}

fn passed(log: &[Input], upto: usize, steady: bool) -> Passed {
    let mut passed = Passed { now: 0, lost: 0, live: false, catching_up: false };
    let mut last: Option<i64> = None;
    for input in &log[..=upto] {
        if let Some(before) = last {
            let step = input.now - before;
            if step > 60_000 {
                passed.lost += step;
            } else if step > 0 && (steady || passed.live) {
                passed.now += step;
            } else if step > 0 {
                passed.lost += step;
            }
            if !(-60_000..=0).contains(&step) {
                last = Some(input.now);
            }
        } else {
            last = Some(input.now);
        }
        match input.what {
            What::Live => (passed.live, passed.catching_up) = (true, false),
            What::CatchingUp => (passed.live, passed.catching_up) = (false, true),
            What::Lost => (passed.live, passed.catching_up) = (false, false),
            _ => {}
        }
    }
    passed
}

/// What a rule finds of a subject, as lines.
fn model(rule: &Rule, subject: &str, log: &[Input]) -> Vec<String> {
    let steady = matches!(rule.when, Condition::Connection(_));
    let hold = rule.hold.as_millis() as i64;
    let mut lines = Vec::new();
    let mut open: Option<Open> = None;
    for upto in 0..log.len() {
        let clock = passed(log, upto, steady);
        let input = &log[upto];
        for sign in signs(rule, subject, log, upto, open) {
            match (sign, &mut open) {
                (Sign::Holds { since, held, value }, None) => {
                    let lost = (held < hold).then_some(clock.lost);
                    let fired = hold == 0;
                    let due = clock.now + hold - held;
                    open = Some(Open { since, begun: upto, lost, due, fired, told: since, value });
                    lines.push(if fired { format!("{since} fires {since}") } else { format!("{since} pending") });
                }
                (Sign::Holds { since, value, .. }, Some(open)) if open.fired => {
                    let again = match rule.when {
                        Condition::Event(_) | Condition::Count(_) => true,
                        Condition::Threshold(_) => value != open.value && since - open.told >= 60_000,
                        _ => false,
                    };
                    if again {
                        (open.told, open.value) = (open.told.max(since), value);
                        lines.push(format!("{} again", open.told));
                    }
                }
                (Sign::Holds { value, .. }, Some(open)) => open.value = value,
                (Sign::Ends { at, place }, Some(known)) => {
                    let fires = known.since + hold + known.lost.map_or(0, |lost| clock.lost - lost);
                    if !known.fired && (at >= fires || place.is_some_and(|place| known.due <= place)) {
                        lines.push(format!("{fires} fires {}", known.since));
                        known.told = fires;
                    }
                    lines.push(format!("{} ends", at.max(known.told)));
                    open = None;
                }
                (Sign::Ends { .. }, None) => {}
            }
        }
        if let Some(open) = &mut open
            && matches!(input.what, What::Tick)
            && (steady || clock.live)
            && !open.fired
            && clock.now >= open.due
        {
            let fires = open.since + hold + open.lost.map_or(0, |lost| clock.lost - lost);
            lines.push(format!("{fires} fires {}", open.since));
            (open.fired, open.told) = (true, fires);
        }
    }
    lines
}

/// What one input says of a subject of a rule, in view of all that came before.
fn signs(rule: &Rule, subject: &str, log: &[Input], upto: usize, open: Option<Open>) -> Vec<Sign> {
    let input = &log[upto];
    let clock = passed(log, upto, false);
    let tick = matches!(input.what, What::Tick) && clock.live;
    let counted = !matches!(input.applied, None | Some(Applied::Duplicate | Applied::Late | Applied::Refused));
    let held = if clock.catching_up { (input.now - input.at).max(0) } else { 0 };
    let holds = |since, value| Sign::Holds { since, held, value };
    let age = |index: usize| {
        let then = passed(log, index, false);
        if then.catching_up { (log[index].now - log[index].at).max(0) } else { 0 }
    };
    // The place of an input's own time on the live clock.
    let place = |index: usize| passed(log, index, false).now - age(index);
    // What was lost since an input of which a span is waited for.
    let lost_since = |index: usize, span: i64| {
        let then = passed(log, index, false);
        if place(index) + span <= then.now { 0 } else { clock.lost - then.lost }
    };
    let is_counted = |index: &usize| {
        !matches!(log[*index].applied, None | Some(Applied::Duplicate | Applied::Late | Applied::Refused))
    };
    match (&rule.when, &input.what) {
        (Condition::Threshold(limit), What::Said(Said::Telemetry { device, fields }))
            if counted && device == subject =>
        {
            let value = fields.iter().find_map(|(name, value)| match value {
                Told::Number(number) if *name == limit.field => Some(*number),
                _ => None,
            });
            let (Some(value), Some(below)) = (value, limit.below) else { return vec![] };
            if value < below {
                return vec![holds(input.at, value)];
            }
            let back = open.is_some_and(|open| !open.fired || value >= limit.clear.unwrap_or(below));
            if back { vec![Sign::Ends { at: input.at, place: None }] } else { vec![] }
        }
        (Condition::State(_), What::Said(Said::Lock { device, .. } | Said::Telemetry { device, .. }))
            if device == subject =>
        {
            match input.applied {
                Some(Applied::LockChanged { to: LockState::Unlocked, .. }) => vec![holds(input.at, 0.0)],
                Some(Applied::LockChanged { .. }) => vec![Sign::Ends { at: input.at, place: None }],
                _ => vec![],
            }
        }
        (Condition::Connection(_), What::Lost) if subject == ABOUT.name => {
            vec![Sign::Holds { since: input.now, held: 0, value: 0.0 }]
        }
        (Condition::Connection(_), What::Live | What::CatchingUp) if subject == ABOUT.name => {
            vec![Sign::Ends { at: input.now, place: None }]
        }
        (Condition::Absence(absence), What::Said(Said::Telemetry { device, .. } | Said::Lock { device, .. }))
            if device == subject && absence.of == fleet::rule::Entity::Device =>
        {
            vec![Sign::Ends { at: input.now, place: None }]
        }
        (Condition::Absence(absence), What::Tick) if tick && open.is_none() => {
            let heard = (0..upto).rev().find(|index| match &log[*index].what {
                What::Said(Said::Telemetry { device, .. } | Said::Lock { device, .. }) => device == subject,
                _ => false,
            });
            let Some(heard) = heard else { return vec![] };
            let (after, then) = (absence.after.as_millis() as i64, passed(log, heard, false));
            let held = clock.now - then.now - after;
            if held < 0 {
                return vec![];
            }
            let since = log[heard].now + after + clock.lost - then.lost;
            vec![Sign::Holds { since, held, value: 0.0 }]
        }
        (Condition::Event(event), _) => {
            let clear = event.clear_after.as_millis() as i64;
            let is = |index: &usize| failed(&log[*index].what, subject) && is_counted(index);
            let newest = open
                .into_iter()
                .flat_map(|open| open.begun..upto)
                .filter(is)
                .max_by_key(|index| (log[*index].at, *index));
            let over = newest.map(|newest| log[newest].at + clear + lost_since(newest, clear));
            let mut signs = Vec::new();
            if failed(&input.what, subject) && counted {
                if let (Some(_), Some(over)) = (open, over)
                    && input.at >= over
                {
                    signs.push(Sign::Ends { at: over, place: None });
                }
                signs.push(holds(input.at, 0.0));
            } else if completed(&input.what, subject) && counted {
                signs.push(Sign::Ends { at: input.at, place: None });
            } else if let (true, Some(newest), Some(over)) = (tick, newest, over)
                && open.is_some()
                && clock.now >= place(newest) + clear
            {
                signs.push(Sign::Ends { at: over, place: Some(place(newest) + clear) });
            }
            signs
        }
        (Condition::Count(count), _) => {
            let (least, within) = (count.at_least as usize, count.within.as_millis() as i64);
            let time = |index: usize| log[index].at.min(log[index].now);
            let is = |index: &usize| failed(&log[*index].what, subject) && is_counted(index);
            // When a tick saw all of it leave the window it is forgotten.
            let mut window: Vec<usize> = Vec::new();
            let trim = |window: &mut Vec<usize>, time_now: i64| window.retain(|known| time(*known) > time_now - within);
            let newest = |window: &[usize]| window.iter().copied().max_by_key(|index| (time(*index), *index));
            for index in 0..upto {
                if is(&index) {
                    window.push(index);
                    let last = newest(&window).map_or(0, time);
                    trim(&mut window, last);
                } else if matches!(log[index].what, What::Tick)
                    && passed(log, index, false).live
                    && newest(&window).is_some_and(|last| passed(log, index, false).now >= place(last) + within)
                {
                    window.clear();
                }
            }
            let leaves = |window: &[usize]| {
                let mut times: Vec<i64> = window.iter().map(|index| time(*index)).collect();
                times.sort_unstable();
                times.len().checked_sub(least).map(|first| times[first] + within)
            };
            let mut signs = Vec::new();
            if failed(&input.what, subject) && counted {
                if let (Some(_), Some(at)) = (open, leaves(&window))
                    && time(upto) >= at
                {
                    signs.push(Sign::Ends { at, place: None });
                }
                window.push(upto);
                let edge = newest(&window).map_or(0, time);
                trim(&mut window, edge);
                // What comes out of its order after the window has moved on begins nothing any more.
                if let (Some(at), Some(last)) = (leaves(&window), newest(&window))
                    && place(upto) < place(last) + at - time(last)
                {
                    signs.push(holds(time(last), window.len() as f64));
                }
            } else if let (true, Some(last), Some(at)) = (tick && open.is_some(), newest(&window), leaves(&window))
                && clock.now >= place(last) + at - time(last)
            {
                let due = place(last) + at - time(last);
                signs.push(Sign::Ends { at: at + lost_since(last, within), place: Some(due) });
            }
            signs
        }
        (Condition::SlowJob(_), What::Said(Said::Job { job, phase, .. })) if counted && job == subject => {
            if *phase == JobPhase::Started { vec![] } else { vec![Sign::Ends { at: input.at, place: None }] }
        }
        (Condition::SlowJob(slow), What::Tick) if tick && open.is_none() => {
            let step = |index: &usize| matches!(&log[*index].what, What::Said(Said::Job { job, .. }) if job == subject);
            let last = (0..upto).rev().filter(is_counted).find(step);
            let Some(last) = last else { return vec![] };
            let What::Said(Said::Job { phase: JobPhase::Started, definition, .. }) = &log[last].what else {
                return vec![];
            };
            let known = |until: usize| {
                let ended = (0..until).filter(is_counted).filter(|index| {
                    matches!(&log[*index].what, What::Said(Said::Job { definition: of, phase, .. })
                        if of == definition && matches!(phase, JobPhase::Completed | JobPhase::Failed))
                });
                // Each took five milliseconds, so that is their 95th percentile.
                (ended.count() >= slow.after_jobs as usize).then_some((slow.times_p95 * 5.0).ceil() as i64)
            };
            let Some(limit) = known(upto) else { return vec![] };
            let held = clock.now - place(last) - limit;
            if held < 0 {
                return vec![];
            }
            let lost = if known(last).is_some() {
                lost_since(last, limit)
            } else {
                clock.lost - passed(log, last, false).lost
            };
            vec![Sign::Holds { since: log[last].at + limit + lost, held, value: 0.0 }]
        }
        _ => vec![],
    }
}

fn failed(what: &What, of: &str) -> bool {
    matches!(what, What::Said(Said::Job { definition, phase: JobPhase::Failed, .. }) if definition == of)
}

fn completed(what: &What, of: &str) -> bool {
    matches!(what, What::Said(Said::Job { definition, phase: JobPhase::Completed, .. }) if definition == of)
}

fn rules() -> Vec<Rule> {
    let numbered = [
        (r#"{"threshold":{"field":"v","below":10,"clear":20}}"#, "0s"),
        (r#"{"threshold":{"field":"v","below":10,"clear":20}}"#, "1m"),
        (r#"{"state":{"is":"unlocked"}}"#, "0s"),
        (r#"{"state":{"is":"unlocked"}}"#, "45s"),
        (r#"{"event":{"kinds":["job.failed"],"by":"definition","until":["job.completed"],"clear_after":"1m"}}"#, "0s"),
        (r#"{"event":{"kinds":["job.failed"],"by":"definition","until":["job.completed"],"clear_after":"1m"}}"#, "20s"),
        (r#"{"count":{"kinds":["job.failed"],"by":"definition","at_least":3,"within":"40s"}}"#, "0s"),
        (r#"{"count":{"kinds":["job.failed"],"by":"definition","at_least":2,"within":"40s"}}"#, "15s"),
        (r#"{"absence":{"of":"device","after":"30s"}}"#, "0s"),
        (r#"{"absence":{"of":"device","after":"30s"}}"#, "30s"),
        (r#"{"connection":{"is":"not_live"}}"#, "0s"),
        (r#"{"connection":{"is":"not_live"}}"#, "30s"),
        (r#"{"slow_job":{"times_p95":4000,"after_jobs":2}}"#, "0s"),
        (r#"{"slow_job":{"times_p95":4000,"after_jobs":2}}"#, "10s"),
    ];
    let rules = numbered.into_iter().enumerate();
    rules.map(|(number, (when, hold))| Rule { name: format!("r{number}"), ..rule(when, hold) }).collect()
}

fn subjects(rule: &Rule) -> Vec<String> {
    let of = |names: &[&str]| names.iter().map(ToString::to_string).collect();
    match rule.when {
        Condition::Threshold(_) | Condition::State(_) | Condition::Absence(_) => of(&["a", "b"]),
        Condition::Event(_) | Condition::Count(_) => of(&["d", "e"]),
        Condition::SlowJob(_) => (0..6).map(|job| format!("j{job}")).collect(),
        _ => of(&[ABOUT.name]),
    }
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let device = || prop::sample::select(vec!["a".to_owned(), "b".to_owned()]);
    let definition = || prop::sample::select(vec!["d".to_owned(), "e".to_owned()]);
    let volts = prop::sample::select(vec![5.0, 9.0, 10.0, 15.0, 20.0, 25.0]);
    let status = prop::sample::select(vec![0.0, 1.0, 7.0]);
    let what = prop_oneof![
        12 => Just(What::Tick),
        2 => Just(What::Live),
        1 => Just(What::CatchingUp),
        1 => Just(What::Lost),
        4 => (device(), volts).prop_map(|(device, volts)| {
            What::Said(Said::Telemetry { device, fields: vec![("v".into(), Told::Number(volts))] })
        }),
        1 => (device(), status).prop_map(|(device, status)| {
            What::Said(Said::Telemetry { device, fields: vec![("lock_status".into(), Told::Number(status))] })
        }),
        3 => (device(), any::<bool>()).prop_map(|(device, locked)| {
            What::Said(Said::Lock { device, locked, id: None, code: None })
        }),
        // Each failure is of another job; those of the slow rule run and end by themselves.
        6 => (definition(), 0..100_000u32).prop_map(|(definition, job)| {
            What::Said(Said::Job { job: format!("f{job}"), definition, phase: JobPhase::Failed })
        }),
        1 => (definition(), 0..100_000u32).prop_map(|(definition, job)| {
            What::Said(Said::Job { job: format!("c{job}"), definition, phase: JobPhase::Completed })
        }),
        2 => (0..6u32, definition(), 0..3u8).prop_map(|(job, definition, ends)| {
            let phase = if ends == 0 { JobPhase::Completed } else { JobPhase::Started };
            What::Said(Said::Job { job: format!("j{job}"), definition, phase })
        }),
    ];
    let step = prop_oneof![
        20 => 0..4_000i64,
        8 => 4_000..30_000i64,
        1 => 55_000..65_000i64,
        1 => 100_000..5_000_000i64,
        1 => -50_000..-1i64,
        1 => -4_000_000..-61_000i64,
    ];
    let age = prop_oneof![6 => Just(0i64), 2 => 0..3_000i64, 1 => 0..120_000i64, 1 => -20_000..0i64];
    prop::collection::vec((step, age, what), 1..120)
}

fn line(finding: &Finding) -> String {
    let at = finding.at.millis() - START;
    match &finding.change {
        Change::Pending => format!("{at} pending"),
        Change::Fires { since } => format!("{at} fires {}", since.millis() - START),
        Change::Again => format!("{at} again"),
        Change::Confirmed => format!("{at} confirmed"),
        Change::Ends { .. } => format!("{at} ends"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 20_000, ..ProptestConfig::default() })]

    #[test]
    fn the_detector_finds_what_the_model_works_out(steps in steps()) {
        let rules = rules();
        let mut state = ConnectionState::new(Bounds::default());
        let mut detector = Detector::new(&rules, &ABOUT, jiff::tz::TimeZone::UTC);
        let mut found = Vec::new();
        let mut log: Vec<Input> = Vec::new();
        let mut now = 0;
        // A detector that watches from the start has nothing to look up in the picture.
        detector.standing(Standing::Live, Timestamp(START), &mut found);
        detector.tick(&state, Timestamp(START), &mut found);
        log.push(Input { now, at: 0, what: What::Live, applied: None });
        for (step, age, what) in steps {
            now += step;
            let at = now - age;
            let received = Timestamp(START + now);
            let mut applied = None;
            match &what {
                What::Tick => detector.tick(&state, received, &mut found),
                // Of what was heard in this run and is in the picture nothing is doubted, whether or not something was missed.
                What::Live => {
                    detector.settle(&state, now % 2 == 0, received, received, &mut found);
                    prop_assert_eq!(detector.doubted(), []);
                }
                What::CatchingUp => detector.standing(Standing::CatchingUp, received, &mut found),
                What::Lost => detector.standing(Standing::NotLive { cause: "x" }, received, &mut found),
                What::Said(said) => said.with(Some(at), |event| {
                    let done = state.apply(event, received);
                    applied = Some(done);
                    detector.event(&Fact::of(event, done, received), &mut found);
                }),
            }
            log.push(Input { now, at, what, applied });
        }
        let mut compared = 0;
        for rule in &rules {
            for subject in subjects(rule) {
                let lines: Vec<String> = found
                    .iter()
                    .filter(|finding| *finding.rule == *rule.name && *finding.subject == *subject)
                    .map(line)
                    .collect();
                compared += lines.len();
                prop_assert_eq!(&lines, &model(rule, &subject, &log), "{} {}", rule.sentence(), subject);
                one_at_a_time(&lines)?;
            }
        }
        prop_assert_eq!(compared, found.len(), "nothing is found of anything else");
        prop_assert_eq!(detector.dropped(), 0);
    }
}

/// Of one rule and subject nothing begins before what was there has ended.
fn one_at_a_time(lines: &[String]) -> Result<(), TestCaseError> {
    let mut before = "ends";
    for line in lines {
        let change = line.split_whitespace().nth(1).unwrap_or_default();
        let follows = match change {
            "pending" => before == "ends",
            "fires" => matches!(before, "ends" | "pending"),
            "again" => matches!(before, "fires" | "again"),
            _ => before != "ends",
        };
        prop_assert!(follows, "{} after {} in {:?}", change, before, lines);
        before = change;
    }
    Ok(())
}
