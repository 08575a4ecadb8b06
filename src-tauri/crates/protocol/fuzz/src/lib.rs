//! Rides a session through whatever a fuzzer thinks of: it must not panic, must not want to be woken again and again at
//! once, must say JSON where it says JSON, and must keep the credential to itself.
//!
//! An input is a list of lines. A line is a text frame, unless its first byte says otherwise: `+` lets as many
//! milliseconds pass as the digits after it say, `=` is a binary frame of the bytes after it, `?` and `!` subscribe and
//! unsubscribe, `$` runs a query, `@` and `#` create and destroy a live query, `~` asks for a sign of life, `/` is a
//! close by the service, `%` an HTTP answer to the upgrade. So the frames of a transcript, one a line, are a good seed.
//!
//! In this folder: `cargo run --example seeds`, then `cargo +nightly fuzz run hyprwatch`, or on the stable compiler,
//! without the address sanitizer, `cargo fuzz run -s none hyprwatch`.

use std::fmt::Debug;
use std::time::{Duration, Instant};

use protocol::config::LiveQuery;
use protocol::{
    Ask, Close, Connection, Ended, Input, Outgoing, Progress, Session, Sink, StreamEvent, SubscriptionState,
};
use secrecy::SecretString;
use serde_json::value::RawValue;

const TOKEN: &str = "planted-7f3c-credential";

/// How long a session's state may be, written out.
const STATE: usize = 4 << 20;

/// Makes the connection that a target rides: `protocol` and `subscribe` in the words of the configuration.
pub fn connection(protocol: &str, subscribe: &[&str]) -> Connection {
    let json = serde_json::json!({
        "name": "fuzz", "protocol": protocol, "url": "wss://fuzz.example/socket", "subscribe": subscribe,
    });
    serde_json::from_value(json).expect("the connection is well formed")
}

/// Rides a session through an input.
pub fn ride<S: Session + Debug>(mut session: S, input: &[u8]) {
    // The fuzzer sees what is compared and puts the credential into its inputs; a service that says it is repeated.
    if input.windows(TOKEN.len()).any(|window| window == TOKEN.as_bytes()) {
        return;
    }
    let mut heard = Heard;
    // An `Instant` cannot be made otherwise; all times are relative to it.
    let mut now = Instant::now();
    connect(&mut session);
    step(&mut session, Input::Opened, now, &mut heard);
    for line in input.split(|byte| *byte == b'\n') {
        let Some((first, rest)) = line.split_first() else { continue };
        let words = String::from_utf8_lossy(rest);
        let number = || words.trim().parse::<u32>().unwrap_or(0);
        match first {
            b'+' => advance(&mut session, Duration::from_millis(u64::from(number())), &mut now, &mut heard),
            b'=' => step(&mut session, Input::Binary(rest), now, &mut heard),
            b'?' => step(&mut session, Input::Ask(&Ask::Subscribe(words.into())), now, &mut heard),
            b'!' => step(&mut session, Input::Ask(&Ask::Unsubscribe(words.into())), now, &mut heard),
            b'$' => {
                let ask = Ask::RunQuery { run: 1, org: None, sql: words.into(), target: "all".into() };
                step(&mut session, Input::Ask(&ask), now, &mut heard);
            }
            b'@' => {
                let query = LiveQuery { id: words.into(), edge: "orders".into(), filter: None, order_by: None };
                step(&mut session, Input::Ask(&Ask::CreateLiveQuery(query)), now, &mut heard);
            }
            b'#' => step(&mut session, Input::Ask(&Ask::DestroyLiveQuery(words.into())), now, &mut heard),
            b'~' => step(&mut session, Input::Probe, now, &mut heard),
            b'/' => {
                let code = u16::try_from(number()).ok();
                let ended = session.closed(code.map(|code| Close { code, reason: "" }));
                again(&mut session, &ended, now, &mut heard);
            }
            b'%' => {
                let ended = session.rejected(u16::try_from(number()).unwrap_or(500), None);
                again(&mut session, &ended, now, &mut heard);
            }
            _ => step(&mut session, Input::Text(&String::from_utf8_lossy(line)), now, &mut heard),
        }
    }
    let state = format!("{session:?}");
    assert!(state.len() < STATE + input.len() * 4, "the state grew to {} bytes", state.len());
    assert!(!state.contains(TOKEN), "the session shows the credential");
    session.shutdown(&mut heard);
}

fn connect(session: &mut dyn Session) {
    let request = session.connect(&SecretString::from(TOKEN)).expect("the connection can be made");
    assert!(!format!("{request:?}").contains(TOKEN), "the request shows the credential");
}

fn step(session: &mut dyn Session, input: Input<'_>, now: Instant, heard: &mut Heard) {
    if let Err(ended) = session.handle(input, now, heard) {
        again(session, &ended, now, heard);
    }
}

fn again(session: &mut dyn Session, ended: &Ended, now: Instant, heard: &mut Heard) {
    assert!(!ended.cause.contains(TOKEN), "the end shows the credential");
    connect(session);
    let _ = session.handle(Input::Opened, now, heard);
}

fn advance(session: &mut dyn Session, by: Duration, now: &mut Instant, heard: &mut Heard) {
    let target = *now + by;
    let mut wakes = 0;
    let mut at_once = 0;
    while let Some((deadline, why)) = session.poll_timeout()
        && deadline <= target
        && wakes < 1_000
    {
        wakes += 1;
        at_once = if deadline <= *now { at_once + 1 } else { 0 };
        assert!(at_once < 100, "the session wants to be woken again and again at once ({why})");
        *now = (*now).max(deadline);
        step(session, Input::Timeout, *now, heard);
    }
    *now = target;
}

/// Checks what is said and forgets it.
struct Heard;

impl Sink for Heard {
    fn event(&mut self, event: &StreamEvent<'_>) {
        assert!(serde_json::from_str::<&RawValue>(event.data).is_ok(), "{:?} has data that is not JSON", event.kind());
        assert!(!format!("{event:?}").contains(TOKEN), "an event shows the credential");
        let _ = event.subject();
    }

    fn missed(&mut self) {}

    fn send(&mut self, outgoing: Outgoing) {
        assert!(!format!("{outgoing:?}").contains(TOKEN), "a frame shows the credential");
    }

    fn progress(&mut self, _progress: Progress) {}

    fn subscription(&mut self, _name: &str, state: SubscriptionState<'_>) {
        assert!(!format!("{state:?}").contains(TOKEN), "a subscription shows the credential");
    }
}
