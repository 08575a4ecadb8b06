//! iotee by transcript, and whatever else may come.

mod support;

use protocol::iotee::Iotee;
use protocol::{Connection, Input, Outgoing, Progress, Session, Sink, StreamEvent, SubscriptionState};
use secrecy::{ExposeSecret, SecretString};
use support::{Run, arbitrary, transcripts};

#[test]
fn transcripts_say_what_their_snapshots_hold() {
    support::run_transcripts("iotee");
}

#[test]
fn the_same_frames_say_the_same_however_they_are_split_in_time() {
    arbitrary::gaps_change_nothing("iotee");
}

#[test]
fn nothing_breaks_a_session() {
    let keys = &[
        "type",
        "connected",
        "subscribed",
        "unsubscribed",
        "device_data",
        "device_status",
        "device_locked",
        "device_unlocked",
        "error",
        "message",
        "hardwareId",
        "hardwareIds",
        "deviceId",
        "payload",
        "timestamp",
        "updated_at",
        "last_responded_at",
        "eventId",
        "source",
        "code",
        "is_online",
        "lock_status",
        "2025-12-17T10:30:00.000Z",
    ];
    arbitrary::nothing_breaks_it("iotee", keys, || Iotee::new(&seed()));
}

#[test]
fn many_devices_are_asked_for_in_parts_and_live_comes_after_the_last() {
    let ids: Vec<String> = (0..1201).map(|n| format!("device-{n}")).collect();
    let mut connection = seed();
    connection.subscribe = ids.iter().cloned().map(protocol::config::Subscribe::All).collect();
    let mut run = Run::new(&connection);
    run.connect("planted");
    run.input(Input::Opened);
    run.input(Input::Text(r#"{"type":"connected"}"#));
    for part in ids.chunks(500) {
        assert!(!run.heard().said.iter().any(|said| said.contains("Live")));
        // What the service accepts is the part, less its first id.
        let accepted = serde_json::to_string(&part[1..]).unwrap();
        run.input(Input::Text(&format!(r#"{{"type":"subscribed","hardwareIds":{accepted}}}"#)));
    }
    assert_eq!(run.heard().sent, 3, "one subscribe for each part");
    assert_eq!(run.heard().said.last().unwrap(), "progress Live");
    let count = |word: &str| run.heard().said.iter().filter(|said| said.contains(word)).count();
    assert_eq!((count("Requested"), count("Accepted"), count("Refused")), (1201, 1198, 3));
}

#[test]
fn the_key_goes_into_the_header_or_where_the_operator_says() {
    let key = SecretString::from("planted");
    let request = Iotee::new(&seed()).connect(&key).unwrap();
    assert!(request.secret_query.is_empty());
    assert_eq!(request.secret_headers[0].0, "X-API-Key");
    assert_eq!(request.secret_headers[0].1.expose_secret(), "planted");
    let mut connection = seed();
    connection.key_in = Some(protocol::config::KeyIn::Query);
    let request = Iotee::new(&connection).connect(&key).unwrap();
    assert!(request.secret_headers.is_empty());
    assert_eq!(request.secret_query[0].0, "api_key");
    assert!(!request.url.as_str().contains("planted") && !format!("{request:?}").contains("planted"));
}

#[test]
fn fields_are_borrowed_from_the_frame() {
    struct Borrowed<'f>(&'f str, usize);
    impl Sink for Borrowed<'_> {
        fn event(&mut self, event: &StreamEvent<'_>) {
            let frame = self.0.as_bytes().as_ptr_range();
            let mut see = |text: &str| {
                assert!(frame.contains(&text.as_ptr()), "{text} was copied");
                self.1 += 1;
            };
            see(event.data);
            if let protocol::EventBody::Telemetry(telemetry) = &event.body {
                see(&telemetry.device);
                telemetry.fields.iter().for_each(|field| see(&field.name));
            }
        }
        fn send(&mut self, _: Outgoing) {}
        fn progress(&mut self, _: Progress) {}
        fn subscription(&mut self, _: &str, _: SubscriptionState<'_>) {}
        fn missed(&mut self) {}
    }
    let frame = r#"{"type":"device_data","hardwareId":"ABC123","payload":{"lat":37.7749,"name":"Van"}}"#;
    let mut seen = Borrowed(frame, 0);
    Iotee::new(&seed()).handle(Input::Text(frame), std::time::Instant::now(), &mut seen).unwrap();
    assert_eq!(seen.1, 4);
}

fn seed() -> Connection {
    transcripts("iotee")
        .into_iter()
        .find(|(name, _)| name == "seed")
        .expect("the seed transcript is there")
        .1
        .connection
}
