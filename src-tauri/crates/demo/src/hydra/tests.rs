use super::*;
use crate::wire::bench::{Bench, TOKEN, shared};

fn dial(rate: f64, token: &str) -> Bench<Hydra> {
    Bench::dial(Hydra::new(shared(), 1, rate), PATH, &format!("token={token}"))
        .unwrap_or_else(|refusal| panic!("{refusal:?}"))
}

#[test]
fn connected_comes_first_with_the_streams_in_scope() {
    let heard = dial(0.0, TOKEN).heard();
    assert_eq!(heard[0]["type"], "connected");
    assert_eq!(heard[0]["data"]["availableStreams"], json!(IN_SCOPE));
    assert_eq!(heard[0].get("stream"), None);
}

#[test]
fn a_bad_token_is_closed_with_4001_and_hears_nothing() {
    let mut bench = dial(500.0, "wrong");
    assert_eq!(bench.closing(), Some(4001));
    bench.say(r#"{"action":"subscribe","streams":["*"]}"#);
    assert_eq!(bench.live(100), Vec::<Value>::new());
}

#[test]
fn streams_are_subscribed_rejected_listed_and_left() {
    let mut bench = dial(0.0, TOKEN);
    bench.heard();
    let answer = bench.say(r#"{"action":"subscribe","streams":["signals","vessels","nonsense"]}"#);
    let data = &answer[0]["data"];
    assert_eq!((&answer[0]["type"], &data["subscribed"]), (&json!("subscribed"), &json!(["signals"])));
    assert_eq!(data["rejected"], json!(["nonsense", "vessels"]));
    assert!(data["rejectedReason"]["vessels"].is_string());
    assert_eq!(
        bench.say(r#"{"action":"subscribe","streams":["*"]}"#)[0]["data"]["active"].as_array().map(Vec::len),
        Some(5)
    );
    let answer = bench.say(r#"{"action":"unsubscribe","streams":["cyber"]}"#);
    assert_eq!(answer[0]["data"]["unsubscribed"], json!(["cyber"]));
    assert_eq!(bench.say(r#"{"action":"list"}"#)[0]["data"]["active"].as_array().map(Vec::len), Some(4));
    assert_eq!(bench.say(r#"{"action":"ping"}"#)[0]["type"], "pong");
    assert_eq!(bench.say("nonsense")[0]["type"], "error");
}

#[test]
fn a_subscription_wholly_out_of_scope_is_closed_with_4004() {
    let mut bench = dial(0.0, TOKEN);
    bench.say(r#"{"action":"subscribe","streams":["markets"]}"#);
    assert_eq!(bench.closing(), Some(4004));
}

#[test]
fn too_many_frames_are_closed_with_4003() {
    let mut bench = dial(0.0, TOKEN);
    for _ in 0..FRAMES_IN_WINDOW {
        bench.say(r#"{"action":"ping"}"#);
    }
    assert_eq!(bench.closing(), None);
    bench.say(r#"{"action":"ping"}"#);
    assert_eq!(bench.closing(), Some(4003));
}

#[test]
fn the_heart_beats_every_thirty_seconds() {
    let mut bench = dial(0.0, TOKEN);
    bench.heard();
    let beats = bench.wait(95_000);
    assert_eq!(beats.iter().map(|(after, _)| *after).collect::<Vec<_>>(), [30_000, 60_000, 90_000]);
    assert!(beats.iter().all(|(_, frame)| frame["type"] == "heartbeat" && frame["data"].is_null()));
}

#[test]
fn the_stream_is_the_seed_s_and_has_every_type() {
    let run = || {
        let mut bench = dial(100.0, TOKEN);
        bench.say(r#"{"action":"subscribe","streams":["*"]}"#);
        bench.live(3_000)
    };
    let frames = run();
    assert_eq!(frames, run());
    for kind in
        ["signal_new", "alert_issued", "alert_cleared", "threat_pulse", "earthquake_detected", "aircraft_position"]
    {
        assert!(frames.iter().any(|frame| frame["type"] == kind), "{kind} never comes");
    }
    assert!(frames.iter().any(|frame| frame["type"] == "signal_correlated"), "an undocumented type comes now and then");
}

#[test]
fn an_alert_can_be_issued_and_cleared_by_hand() {
    let mut bench = dial(0.0, TOKEN);
    bench.say(r#"{"action":"subscribe","streams":["alerts"]}"#);
    let (id, heard) = bench.act(&Action::IssueAlert);
    let id = id.unwrap();
    assert_eq!((&heard[0]["type"], heard[0]["data"]["id"].as_str()), (&json!("alert_issued"), Some(id.as_str())));
    let clear = Action::ClearAlert { alert: id.clone() };
    let (_, heard) = bench.act(&clear);
    assert_eq!((&heard[0]["type"], heard[0]["data"]["id"].as_str()), (&json!("alert_cleared"), Some(id.as_str())));
    assert_eq!(bench.act(&clear).0, None);
    assert_eq!(bench.act(&Action::Signal { severity: 5 }).1, Vec::<Value>::new(), "signals are not subscribed to");
}
