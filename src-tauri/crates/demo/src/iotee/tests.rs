use super::*;
use crate::wire::bench::{Bench, TOKEN, shared};

fn dial(rate: f64, faults: bool) -> Bench<Iotee> {
    let service = Iotee::new(shared(), 1, 20, rate, faults);
    let mut bench =
        Bench::dial(service, PATH, &format!("api_key={TOKEN}")).unwrap_or_else(|refusal| panic!("{refusal:?}"));
    assert_eq!(bench.heard()[0]["type"], "connected");
    bench
}

#[test]
fn a_subscription_may_be_accepted_in_part() {
    let mut bench = dial(0.0, false);
    let answer = bench.say(r#"{"type":"subscribe","hardwareIds":["ABC123","NOPE",7,"DEF456"]}"#);
    assert_eq!(answer, [json!({ "type": "subscribed", "hardwareIds": ["ABC123", "DEF456"] })]);
    let answer = bench.say(r#"{"type":"unsubscribe","hardwareIds":["ABC123"]}"#);
    assert_eq!(answer, [json!({ "type": "unsubscribed", "hardwareIds": ["ABC123"] })]);
    let unlock = |device: &str| Action::UseLock { device: device.to_owned(), locked: false, source: "remote" };
    assert_eq!(bench.act(&unlock("ABC123")).1, Vec::<Value>::new());
    assert_eq!(bench.act(&unlock("DEF456")).1.len(), 1);
}

#[test]
fn mistakes_are_answered_in_words() {
    let mut bench = dial(0.0, false);
    let mut message = |text: &str| bench.say(text)[0]["message"].as_str().unwrap_or_default().to_owned();
    assert_eq!(message(r#"{"type":"subscribe","hardwareIds":"ABC123"}"#), "hardwareIds must be an array");
    assert_eq!(message(r#"{"type":"subscribe"}"#), "hardwareIds must be an array");
    assert_eq!(message("{"), "Invalid JSON");
    assert_eq!(message(r#"{"type":"dance"}"#), "Unknown message type: dance");
}

#[test]
fn telemetry_is_partial_and_the_stream_is_the_seed_s() {
    let run = || {
        let mut bench = dial(200.0, false);
        let ids = json!({ "type": "subscribe", "hardwareIds": bench.service.device_ids() });
        bench.say(&ids.to_string());
        bench.live(2_000)
    };
    let frames = run();
    assert_eq!(frames, run());
    assert!((7_900..=8_200).contains(&frames.len()), "{} frames in 40 s at 200 a second", frames.len());
    let mut shapes = std::collections::HashSet::new();
    for frame in frames.iter().filter(|frame| frame["type"] == "device_data") {
        shapes.insert(frame["payload"].as_object().map(|fields| fields.keys().cloned().collect::<Vec<_>>()));
        assert!(frame["timestamp"].as_str().is_some_and(|time| time.len() == 24));
    }
    assert!(shapes.len() > 4, "reports must differ in their fields: {shapes:?}");
    let status = frames.iter().find(|frame| frame["type"] == "device_status").unwrap();
    assert!(status["payload"]["is_online"].is_boolean() && status["deviceId"].is_u64());
    let locks = || frames.iter().map(|frame| &frame["payload"]["lock_status"]);
    assert!(locks().any(Value::is_boolean) && locks().any(Value::is_u64), "both forms are seen");
}

#[test]
fn under_faults_some_lock_events_come_twice_with_one_id() {
    let events = |faults| {
        let mut bench = dial(200.0, faults);
        bench.say(&json!({ "type": "subscribe", "hardwareIds": bench.service.device_ids() }).to_string());
        let frames = bench.live(6_000);
        frames.into_iter().filter_map(|frame| frame["eventId"].as_str().map(str::to_owned)).collect::<Vec<_>>()
    };
    let unique = |ids: &[String]| ids.iter().collect::<std::collections::HashSet<_>>().len();
    let (calm, faulty) = (events(false), events(true));
    assert_eq!(unique(&calm), calm.len());
    assert!(unique(&faulty) < faulty.len());
}
