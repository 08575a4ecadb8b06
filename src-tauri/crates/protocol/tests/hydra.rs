//! hydra by transcript, and whatever else may come.

mod support;

use protocol::hydra::Hydra;
use protocol::{Close, Connection, Disposition, Input, Session};
use secrecy::{ExposeSecret, SecretString};
use support::{arbitrary, transcripts};

#[test]
fn transcripts_say_what_their_snapshots_hold() {
    support::run_transcripts("hydra");
}

#[test]
fn the_same_frames_say_the_same_however_they_are_split_in_time() {
    arbitrary::gaps_change_nothing("hydra");
}

#[test]
fn nothing_breaks_a_session() {
    let keys = &[
        "type",
        "stream",
        "ts",
        "data",
        "connected",
        "availableStreams",
        "heartbeat",
        "subscribed",
        "rejected",
        "rejectedReason",
        "active",
        "signals",
        "alerts",
        "cyber",
        "*",
        "signal_new",
        "alert_issued",
        "alert_cleared",
        "threat_pulse",
        "id",
        "severity",
        "HIGH",
        "lat",
        "lng",
        "cities",
        "error",
        "message",
    ];
    arbitrary::nothing_breaks_it("hydra", keys, || Hydra::new(&seed()));
}

#[test]
fn the_token_is_in_no_url_that_is_shown() {
    let mut session = Hydra::new(&seed());
    let jwt = "eyJhbGci.planted.7F3A";
    let request = session.connect(&SecretString::from(jwt)).unwrap();
    assert_eq!(request.secret_query[0].0, "token");
    assert_eq!(request.secret_query[0].1.expose_secret(), jwt);
    assert!(request.secret_headers.is_empty());
    assert!(!request.url.as_str().contains("planted"));
    assert!(!format!("{request:?}{session:?}").contains("planted"));
    // What is no JWT may be a key of the newer service, which wants it in a header.
    let request = session.connect(&SecretString::from("hk_planted")).unwrap();
    assert_eq!(request.secret_headers[0].0, "x-api-key");
}

#[test]
fn each_close_code_has_its_own_consequence() {
    let minute = |minutes: u64| Disposition::Retry { after: Some(std::time::Duration::from_secs(60 * minutes)) };
    let retry = Disposition::Retry { after: None };
    let half_a_minute = Disposition::Retry { after: Some(std::time::Duration::from_secs(30)) };
    let cases = [
        (1000, retry),
        (1001, retry),
        (1006, retry),
        (1008, Disposition::NeedsCredential),
        (1012, retry),
        (4001, Disposition::NeedsCredential),
        (4002, minute(5)),
        (4003, half_a_minute),
        (4004, retry),
        (4005, retry),
    ];
    for (code, expected) in cases {
        let mut session = Hydra::new(&seed());
        session.connect(&SecretString::from("planted")).unwrap();
        assert_eq!(session.closed(Some(Close { code, reason: "" })).disposition, expected, "{code}");
    }
}

#[test]
fn a_service_that_offers_other_streams_each_time_makes_nothing_grow() {
    let mut connection = seed();
    connection.subscribe.clear();
    let mut session = Hydra::new(&connection);
    let (mut heard, now) = (support::Recorder::default(), std::time::Instant::now());
    for attempt in 0..50 {
        session.connect(&SecretString::from("planted")).unwrap();
        session.handle(Input::Opened, now, &mut heard).unwrap();
        let names: Vec<String> = (0..1000).map(|n| format!("stream-{attempt}-{n}")).chain(["x".repeat(1000)]).collect();
        let names = serde_json::to_string(&names).unwrap();
        let text = format!(r#"{{"type":"connected","data":{{"availableStreams":{names}}}}}"#);
        session.handle(Input::Text(&text), now, &mut heard).unwrap();
        session.closed(Some(Close { code: 4004, reason: &names }));
    }
    let state = format!("{session:?}");
    assert!(state.len() < 40_000 && !state.contains("xxx"), "{} bytes", state.len());
}

fn seed() -> Connection {
    transcripts("hydra")
        .into_iter()
        .find(|(name, _)| name == "seed")
        .expect("the seed transcript is there")
        .1
        .connection
}
