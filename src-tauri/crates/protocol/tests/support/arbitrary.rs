//! Properties that every session holds, whatever comes: it never panics, its state stays bounded, it says the credential
//! to nobody, and what it says does not depend on how the frames are split in time.

use std::fmt::Debug;
use std::time::{Duration, Instant};

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use protocol::{Ask, Close, Input, Session};
use secrecy::SecretString;
use serde_json::Value;

use super::{Recorder, Run, Step, transcripts};

/// The credential of these tests.
const TOKEN: &str = "planted-7f3c-credential";

/// How long a session's whole state may be, written out: enough for the subscriptions and runs that may be asked for.
const STATE: usize = 256 << 10;

/// Something that happens to a session.
#[derive(Debug, Clone)]
enum Happening {
    Opened,
    Text(String),
    Binary(Vec<u8>),
    Advance(u64),
    Timeout,
    Pong,
    Probe,
    Subscribe(String),
    Unsubscribe(String),
    RunQuery(u64, Option<String>, String),
    Closed(Option<u16>, String),
    Rejected(u16),
    Shutdown,
}

/// Plays every transcript of a protocol again and again with other gaps between its steps; it must say the same.
pub fn gaps_change_nothing(protocol: &str) {
    for (name, transcript) in transcripts(protocol) {
        let plain = Run::new(&transcript.connection).play(&transcript, &mut |_| 0);
        let steps = transcript.steps.len();
        let mut runner = TestRunner::new(Config { cases: 24, failure_persistence: None, ..Config::default() });
        let checked = runner.run(&vec(0u64..5, steps), |gaps| {
            let spread = Run::new(&transcript.connection).play(&transcript, &mut |step| gaps[step]);
            prop_assert_eq!(&plain.heard().said, &spread.heard().said);
            Ok(())
        });
        checked.unwrap_or_else(|e| panic!("{protocol}/{name}: {e}"));
    }
}

/// Does everything imaginable to a session: arbitrary text, bytes and JSON, the frames of its transcripts whole and
/// damaged, asks, closes and time. `make` makes it; `keys` are the names that its messages use.
pub fn nothing_breaks_it<S: Session + Debug>(protocol: &str, keys: &'static [&'static str], make: impl Fn() -> S) {
    let frames: Vec<String> = transcripts(protocol)
        .into_iter()
        .flat_map(|(_, transcript)| transcript.steps)
        .filter_map(|(_, step)| match step {
            Step::Text(raw) => Some(serde_json::from_str(raw.get()).unwrap_or_else(|_| raw.get().to_owned())),
            _ => None,
        })
        .collect();
    let mut runner = TestRunner::new(Config { cases: 400, failure_persistence: None, ..Config::default() });
    runner
        .run(&vec(happening(frames, keys), 1..60), |happenings| {
            let mut session = make();
            let mut heard = Recorder::default();
            // An `Instant` cannot be made otherwise; all times are relative to it.
            let mut now = Instant::now();
            session.connect(&SecretString::from(TOKEN)).unwrap();
            for happening in &happenings {
                happen(&mut session, happening, &mut now, &mut heard);
                let state = format!("{session:?}");
                prop_assert!(state.len() < STATE, "the state grew to {} bytes", state.len());
                prop_assert!(!state.contains(TOKEN), "the session shows the credential");
            }
            prop_assert!(heard.lines.iter().all(|line| !line.contains(TOKEN)), "the credential was said");
            Ok(())
        })
        .unwrap_or_else(|e| panic!("{protocol}: {e}"));
}

fn happen(session: &mut dyn Session, happening: &Happening, now: &mut Instant, heard: &mut Recorder) {
    let result = match happening {
        Happening::Opened => session.handle(Input::Opened, *now, heard),
        Happening::Text(text) => session.handle(Input::Text(text), *now, heard),
        Happening::Binary(bytes) => session.handle(Input::Binary(bytes), *now, heard),
        Happening::Timeout => session.handle(Input::Timeout, *now, heard),
        Happening::Pong => session.handle(Input::Pong, *now, heard),
        Happening::Probe => session.handle(Input::Probe, *now, heard),
        Happening::Subscribe(name) => session.handle(Input::Ask(&Ask::Subscribe(name.clone())), *now, heard),
        Happening::Unsubscribe(name) => session.handle(Input::Ask(&Ask::Unsubscribe(name.clone())), *now, heard),
        Happening::RunQuery(run, org, sql) => {
            let ask = Ask::RunQuery { run: *run, org: org.clone(), sql: sql.clone(), target: "all".into() };
            session.handle(Input::Ask(&ask), *now, heard)
        }
        Happening::Advance(millis) => advance(session, Duration::from_millis(*millis), now, heard),
        Happening::Closed(code, reason) => {
            let close = code.map(|code| Close { code, reason });
            Err(session.closed(close))
        }
        Happening::Rejected(status) => Err(session.rejected(*status, None)),
        Happening::Shutdown => {
            session.shutdown(heard);
            Ok(())
        }
    };
    if let Err(ended) = result {
        assert!(!ended.cause.contains(TOKEN), "the end shows the credential");
        session.connect(&SecretString::from(TOKEN)).unwrap();
    }
}

fn advance(
    session: &mut dyn Session,
    by: Duration,
    now: &mut Instant,
    heard: &mut Recorder,
) -> Result<(), protocol::Ended> {
    let target = *now + by;
    let mut at_once = 0;
    while let Some((deadline, why)) = session.poll_timeout()
        && deadline <= target
    {
        at_once = if deadline <= *now { at_once + 1 } else { 0 };
        assert!(at_once < 100, "the session wants to be woken again and again at once ({why})");
        *now = (*now).max(deadline);
        session.handle(Input::Timeout, *now, heard)?;
    }
    *now = target;
    Ok(())
}

fn happening(frames: Vec<String>, keys: &'static [&'static str]) -> impl Strategy<Value = Happening> {
    let name = prop_oneof![Just("CHANNEL_ID".to_owned()), Just("org_1".to_owned()), "\\PC{0,12}"];
    let frame = proptest::sample::select(frames);
    let damaged = (frame.clone(), any::<prop::sample::Index>(), 0usize..6, "\\PC{0,4}").prop_map(
        |(frame, at, length, instead)| {
            let mut chars: Vec<char> = frame.chars().collect();
            let at = at.index(chars.len() + 1);
            let end = (at + length).min(chars.len());
            chars.splice(at..end, instead.chars());
            chars.into_iter().collect()
        },
    );
    let bytes = prop_oneof![
        vec(any::<u8>(), 0..60),
        (0u8..4, vec(0u8..12, 0..5), vec(any::<u8>(), 0..60)).prop_map(|(kind, lengths, rest)| [
            &[kind],
            &lengths[..],
            &rest[..]
        ]
        .concat()),
    ];
    prop_oneof![
        2 => Just(Happening::Opened),
        12 => frame.prop_map(Happening::Text),
        6 => damaged.prop_map(Happening::Text),
        4 => json(keys).prop_map(|json| Happening::Text(json.to_string())),
        2 => "\\PC{0,40}".prop_map(Happening::Text),
        3 => bytes.prop_map(Happening::Binary),
        5 => (0u64..70_000).prop_map(Happening::Advance),
        1 => Just(Happening::Timeout),
        1 => Just(Happening::Pong),
        1 => Just(Happening::Probe),
        3 => name.clone().prop_map(Happening::Subscribe),
        2 => name.clone().prop_map(Happening::Unsubscribe),
        4 => (any::<u64>(), proptest::option::of(name), "\\PC{0,40}")
            .prop_map(|(run, org, sql)| Happening::RunQuery(run, org, sql)),
        1 => (proptest::option::of(999u16..5000), "\\PC{0,20}")
            .prop_map(|(code, reason)| Happening::Closed(code, reason)),
        1 => prop_oneof![Just(401), Just(403), Just(503), 100u16..600].prop_map(Happening::Rejected),
        1 => Just(Happening::Shutdown),
    ]
}

fn json(keys: &'static [&'static str]) -> impl Strategy<Value = Value> {
    let word = prop_oneof![proptest::sample::select(keys).prop_map(str::to_owned), "\\PC{0,8}"];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        word.clone().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 6, move |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Value::from),
            vec((word.clone(), inner), 0..6).prop_map(|pairs| Value::Object(pairs.into_iter().collect())),
        ]
    })
}
