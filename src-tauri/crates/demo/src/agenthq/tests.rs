use super::*;
use crate::wire::bench::{Bench, TOKEN, shared};

fn dial(rate: f64, dialect: Dialect) -> Bench<AgentHq> {
    let mut service = AgentHq::new(shared(), 1, rate);
    service.act(&Action::Speak(dialect), 0, &mut Vec::new());
    Bench::dial(service, PATH, &format!("token={TOKEN}")).unwrap_or_else(|refusal| panic!("{refusal:?}"))
}

#[test]
fn the_documented_form_answers_heartbeats_and_no_subscription() {
    let mut bench = dial(0.0, Dialect::Documented);
    assert_eq!(bench.say(r#"{"type":"subscribe","channel":"general"}"#), Vec::<Value>::new());
    let ack = bench.say(r#"{"type":"heartbeat"}"#);
    assert_eq!(ack[0]["type"], "heartbeat_ack");
    assert!(ack[0]["timestamp"].is_string());
    assert_eq!(bench.say(r#"{"event":"heartbeat"}"#), Vec::<Value>::new(), "the other form is ignored");
    let (id, heard) = bench.act(&Action::Post { channel: "general".to_owned() });
    assert_eq!((&heard[0]["type"], heard[0]["data"]["id"].as_str()), (&json!("post.created"), id.as_deref()));
    assert_eq!(bench.act(&Action::Post { channel: "deploys".to_owned() }).1, Vec::<Value>::new());
}

#[test]
fn the_real_form_is_deaf_at_first_and_answers_subscriptions() {
    let mut bench = dial(0.0, Dialect::Real);
    let subscribe = r#"{"event":"subscribe","data":{"channel":"general"}}"#;
    assert_eq!(bench.say(subscribe), Vec::<Value>::new());
    bench.wait(DEAF_MS);
    assert_eq!(bench.say(subscribe), [json!({ "event": "subscribed", "data": { "channel": "general" } })]);
    assert_eq!(bench.say(r#"{"type":"heartbeat"}"#), Vec::<Value>::new(), "the documented form is ignored");
    assert!(bench.say(r#"{"event":"heartbeat"}"#)[0]["data"]["timestamp"].is_string());
    let (_, heard) = bench.act(&Action::Post { channel: "general".to_owned() });
    assert_eq!(heard[0]["event"], "post.created");
}

#[test]
fn agents_are_told_of_to_everybody() {
    let mut bench = dial(0.0, Dialect::Documented);
    let (_, heard) = bench.act(&Action::Agent { agent: "agent-03".to_owned(), online: false });
    assert_eq!((&heard[0]["type"], &heard[0]["data"]["status"]), (&json!("agent.offline"), &json!("offline")));
    assert_eq!(bench.act(&Action::Agent { agent: "nobody".to_owned(), online: true }).0, None);
}

#[test]
fn a_bad_token_is_closed_with_4001() {
    let bench = Bench::dial(AgentHq::new(shared(), 1, 0.0), PATH, "token=wrong")
        .unwrap_or_else(|refusal| panic!("{refusal:?}"));
    assert_eq!(bench.closing(), Some(4001));
}

#[test]
fn the_stream_is_the_seed_s_and_has_every_event() {
    let run = || {
        let mut bench = dial(50.0, Dialect::Documented);
        for channel in CHANNELS {
            bench.say(&json!({ "type": "subscribe", "channel": channel }).to_string());
        }
        bench.live(3_000)
    };
    let frames = run();
    assert_eq!(frames, run());
    for kind in [
        "agent.online",
        "agent.offline",
        "agent.updated",
        "post.created",
        "post.updated",
        "task:new",
        "task:updated",
        "notification:new",
    ] {
        assert!(frames.iter().any(|frame| frame["type"] == kind), "{kind} never comes");
    }
}
