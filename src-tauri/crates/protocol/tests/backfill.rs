//! What each session fetches beside its stream, and what it reads in the answers.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use proptest::prelude::*;
use protocol::fetch::Method;
use protocol::{
    Connection, Fetch, Input, Occasion, Outgoing, Progress, Purpose, Session, Sink, StreamEvent, SubscriptionState,
    Timestamp,
};
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;

const TOKEN: &str = "planted-3f9a";
/// 2025-12-17T10:30:00Z
const NOW: Timestamp = Timestamp(1_765_967_400_000);
/// Half an hour earlier, by which everything is known.
const KNOWN: Timestamp = Timestamp(NOW.0 - 1_800_000);

/// Writes down what is said: `kind subject at`.
#[derive(Default)]
struct Said {
    lines: Vec<String>,
    bodies: Vec<String>,
    sent: Vec<Outgoing>,
    missed: usize,
}

impl Sink for Said {
    fn event(&mut self, event: &StreamEvent<'_>) {
        let at = event.at.map_or("-".into(), |at| at.to_string());
        self.lines.push(format!("{} {} {at}", event.kind().name(), event.subject()));
        self.bodies.push(format!("{:?}", event.body));
        assert!(serde_json::from_str::<serde_json::Value>(event.data).is_ok(), "not JSON: {}", event.data);
    }
    fn send(&mut self, outgoing: Outgoing) {
        self.sent.push(outgoing);
    }
    fn progress(&mut self, _: Progress) {}
    fn subscription(&mut self, _: &str, _: SubscriptionState<'_>) {}
    fn missed(&mut self) {
        self.missed += 1;
    }
}

fn connection(protocol: &str, url: &str, subscribe: &[&str]) -> Connection {
    serde_json::from_value(json!({"name": "test", "protocol": protocol, "url": url, "subscribe": subscribe})).unwrap()
}

fn fetches(session: &mut dyn Session, known_until: Option<Timestamp>) -> Vec<Fetch> {
    fetches_as(session, known_until, TOKEN)
}

fn fetches_as(session: &mut dyn Session, known_until: Option<Timestamp>, token: &str) -> Vec<Fetch> {
    let credential = SecretString::from(token.to_owned());
    let fetches = session.fetches(Occasion::Reconnected, known_until, &credential, NOW);
    for fetch in &fetches {
        assert!(!format!("{fetch:?}").contains(token), "{fetch:?}");
        assert!(!fetch.url.as_str().contains(token), "{}", fetch.url);
        let headers: Vec<&str> = fetch.secret_headers.iter().map(|(_, value)| value.expose_secret()).collect();
        assert!(!headers.is_empty() && headers.iter().all(|value| value.contains(token.trim_start_matches("Bearer "))));
        assert_eq!(fetch.since, known_until.filter(|_| fetch.purpose == Purpose::Missed));
    }
    fetches
}

/// The requests in words: method, path and query, name of the header.
fn asked(fetches: &[Fetch]) -> Vec<String> {
    let query = |fetch: &Fetch| fetch.url.query().map_or(String::new(), |query| format!("?{query}"));
    let line = |fetch: &Fetch| {
        let header = fetch.secret_headers[0].0;
        format!("{} {}{} {header}", fetch.method.name(), fetch.url.path(), query(fetch))
    };
    fetches.iter().map(line).collect()
}

fn read(session: &mut dyn Session, fetch: &Fetch, body: &serde_json::Value) -> (Vec<String>, Option<Fetch>) {
    let mut said = Said::default();
    let next = session.fetched(fetch, body.to_string().as_bytes(), &mut said).unwrap();
    (said.lines, next)
}

fn iotee(ids: &[&str]) -> Box<dyn Session> {
    protocol::session(&connection("iotee", "wss://api.example.com/realtime", ids))
}

#[test]
fn iotee_fetches_the_devices_and_each_ones_lock_events() {
    let mut session = iotee(&["A", "B"]);
    assert_eq!(asked(&fetches(&mut *session, None)), ["GET /devices?hardware_ids=A%2CB X-API-Key"]);
    let all = fetches(&mut *session, Some(KNOWN));
    assert_eq!(
        asked(&all),
        [
            "GET /devices?hardware_ids=A%2CB X-API-Key",
            "GET /lock-events?hardware_id=A&from=2025-12-17T09%3A59%3A00.000Z&to=2025-12-17T11%3A30%3A00.000Z&limit=1000&offset=0 X-API-Key",
            "GET /lock-events?hardware_id=B&from=2025-12-17T09%3A59%3A00.000Z&to=2025-12-17T11%3A30%3A00.000Z&limit=1000&offset=0 X-API-Key",
        ]
    );
    assert_eq!(all[0].url.as_str().split('?').next(), Some("https://api.example.com/devices"));
    assert_eq!((all[1].what.as_str(), all[1].purpose), ("lock events of A", Purpose::Missed));
    let many: Vec<String> = (0..250).map(|n| format!("D{n}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    assert_eq!(fetches(&mut *iotee(&many), None).len(), 3, "devices are asked for in groups");
}

#[test]
fn iotee_reads_devices_as_presence_and_telemetry() {
    let mut session = iotee(&["A"]);
    let snapshot = &fetches(&mut *session, None)[0];
    let body = json!({"devices": [
        {"hardware_id": "A", "name": "Van", "is_online": true, "attributes": {"battery_voltage": 12.4, "lock_status": 1},
         "last_responded_at": "2025-12-17T10:00:00Z"},
        {"hardware_id": "B", "is_online": 0},
        {"name": "nobody"}, 5,
    ], "pagination": {"total": 4}});
    let expected = [
        "device.presence A 2025-12-17T10:30:00.000Z",
        "device.telemetry A 2025-12-17T10:00:00.000Z",
        "device.presence B 2025-12-17T10:30:00.000Z",
        "stream.unrecognised device -",
        "stream.unrecognised device -",
    ];
    let (said, next) = read(&mut *session, snapshot, &body);
    assert_eq!(said, expected);
    assert!(next.is_none());
    // A bare array is the same.
    assert_eq!(read(&mut *session, snapshot, &body["devices"]).0, expected);
}

#[test]
fn iotee_reads_lock_events_oldest_first_and_turns_pages() {
    let mut session = iotee(&["A"]);
    let page = fetches(&mut *session, Some(KNOWN)).remove(1);
    let event = |n: i64| {
        json!({"event_id": format!("evt_{n}"), "hardware_id": "A", "event": if n % 2 == 0 { "lock" } else { "unlock" },
               "timestamp": Timestamp(KNOWN.0 + n * 1_000).to_string(), "source": "rfid", "code": "1234"})
    };
    let newest_first: Vec<_> = (0..1_000).rev().map(event).collect();
    let (said, next) = read(&mut *session, &page, &json!({"events": newest_first}));
    assert_eq!(said.len(), 1_000);
    assert_eq!(said[0], "device.locked A 2025-12-17T10:00:00.000Z");
    assert_eq!(said[1], "device.unlocked A 2025-12-17T10:00:01.000Z");
    let next = next.expect("a full page has another behind it");
    assert!(next.url.query().unwrap().ends_with("&offset=1000"), "{}", next.url);
    assert_eq!((next.what.as_str(), next.since), ("lock events of A", Some(KNOWN)));
    let (said, end) = read(&mut *session, &next, &json!({"events": [event(1_000)]}));
    assert_eq!((said.len(), end.is_none()), (1, true));
    // The same page again does not count as another.
    let error = session.fetched(&next, json!({"events": newest_first}).to_string().as_bytes(), &mut Said::default());
    assert!(error.unwrap_err().contains("same page again and again"));
    // A service that gives fewer a page than it is asked for is asked on.
    let (_, next) = read(&mut *session, &page, &json!({"events": (0..100).map(event).collect::<Vec<_>>()}));
    assert!(next.is_some_and(|next| next.url.query().unwrap().ends_with("&offset=100")));
    let (_, next) = read(&mut *session, &page, &json!({"events": [event(1)], "pagination": {"limit": 1}}));
    assert!(next.is_some());
    let (_, next) = read(&mut *session, &page, &json!({"events": [event(1)], "pagination": {"has_more": true}}));
    assert!(next.is_some());
}

#[test]
fn a_code_is_in_no_debug_text() {
    let mut session = iotee(&["A"]);
    let page = fetches(&mut *session, Some(KNOWN)).remove(1);
    let body = json!([{"event_id": "e", "event": "unlock", "code": "4711-planted", "timestamp": 1}]);
    let mut said = Said::default();
    session.fetched(&page, body.to_string().as_bytes(), &mut said).unwrap();
    assert_eq!(said.lines, ["device.unlocked A 1970-01-01T00:00:00.001Z"]);
    assert!(!said.bodies.concat().contains("planted"));
}

#[test]
fn hydra_fetches_what_each_stream_missed() {
    let mut session = protocol::session(&connection("hydra", "wss://api.hydra.app/stream", &["signals", "a/b"]));
    assert!(fetches(&mut *session, None).is_empty(), "there is no snapshot");
    let all = fetches_as(&mut *session, Some(KNOWN), "eyJh.b.c");
    assert_eq!(
        asked(&all),
        [
            "GET /v1/streams/signals?since=2025-12-17T09%3A59%3A00.000Z&limit=500 Authorization",
            "GET /v1/streams/a%2Fb?since=2025-12-17T09%3A59%3A00.000Z&limit=500 Authorization",
        ]
    );
    let headers = |fetch: &Fetch| fetch.secret_headers.iter().map(|(name, _)| *name).collect::<Vec<_>>();
    assert_eq!(headers(&all[0]), ["Authorization"]);
    assert_eq!(headers(&fetches(&mut *session, Some(KNOWN))[0]), ["Authorization", "x-api-key"]);
    let body = json!({"data": [
        {"stream": "signals", "type": "signal_new", "ts": 1_765_967_000_000_i64, "data": {"id": "s2", "severity": 4}},
        {"type": "signal_new", "ts": 1_765_966_000_000_i64, "data": {"id": "s1"}},
        {"type": "heartbeat", "data": null},
    ], "meta": {"hasMore": true, "offset": 0}});
    let (said, next) = read(&mut *session, &all[0], &body);
    assert_eq!(said, ["signal.received s1 2025-12-17T10:06:40.000Z", "signal.received s2 2025-12-17T10:23:20.000Z"]);
    assert!(next.is_some_and(|next| next.url.query().unwrap().ends_with("offset=3")));
    let (_, next) = read(&mut *session, &all[0], &json!({"data": [], "meta": {"hasMore": true}}));
    assert!(next.is_none(), "an empty page is the last");
}

#[test]
fn hydra_asks_for_the_documented_streams_when_it_wants_all() {
    let mut session = protocol::session(&connection("hydra", "ws://127.0.0.1:9/stream", &[]));
    let all = fetches(&mut *session, Some(KNOWN));
    let paths: Vec<&str> = all.iter().map(|fetch| fetch.url.path()).collect();
    assert_eq!(paths, ["/v1/streams/signals", "/v1/streams/alerts", "/v1/streams/cyber"]);
    assert_eq!(all[0].url.scheme(), "http");
}

#[test]
fn hantera_fetches_running_jobs_and_those_that_ended() {
    let mut session = protocol::session(&connection("hantera", "wss://tenant.example.com/ws", &["jobs"]));
    let all = fetches_as(&mut *session, Some(KNOWN), "Bearer tok-1");
    assert_eq!(asked(&all), vec!["POST /resources/graph Authorization"; 3]);
    assert_eq!(all[2].secret_headers[0].1.expose_secret(), "Bearer tok-1");
    let body: serde_json::Value = serde_json::from_str(all[2].body.as_deref().unwrap()).unwrap();
    assert_eq!(body[0]["edge"], "jobs");
    assert_eq!(body[0]["filter"], "finishedAt >= '2025-12-17T09:59:00.000Z'");
    assert_eq!(body[0]["orderBy"], "finishedAt asc");
    assert_eq!(body[0]["node"]["fields"][0], "jobId");
    assert_eq!((all[2].method, all[2].purpose), (Method::Post, Purpose::Missed));
    let job = json!({"jobId": "j1", "jobDefinitionId": "sync", "state": "failed", "result": {"message": "no stock"},
        "scheduledAt": "2025-12-17T08:00:00Z", "startedAt": "2025-12-17T10:01:00Z", "finishedAt": "2025-12-17T10:02:00Z"});
    let expected = ["job.started j1 2025-12-17T10:01:00.000Z", "job.failed j1 2025-12-17T10:02:00.000Z"];
    // Whatever the envelope is.
    for body in [json!([job]), json!({"data": [job]}), json!([{"edge": "jobs", "nodes": [job]}]), json!([[job]])] {
        let mut said = Said::default();
        assert!(session.fetched(&all[2], body.to_string().as_bytes(), &mut said).unwrap().is_none());
        assert_eq!(said.lines, expected, "{body}");
        assert!(said.bodies[1].contains("no stock") && !said.bodies[0].contains("no stock"));
    }
    let (said, _) = read(
        &mut *session,
        &all[0],
        &json!([{"id": "j2", "state": "running", "startedAt": "2025-12-17T10:29:00Z"}, {"id": "j3", "state": "odd"}]),
    );
    assert_eq!(said, ["stream.unrecognised odd -", "job.started j2 2025-12-17T10:29:00.000Z"]);
}

#[test]
fn hantera_goes_on_from_the_last_jobs_end_where_an_answer_may_have_been_cut() {
    let mut session = protocol::session(&connection("hantera", "wss://tenant.example.com/ws", &["jobs"]));
    let page = fetches(&mut *session, Some(KNOWN)).remove(2);
    let job = |n: i64, end: i64| json!({"jobId": format!("j{n}"), "state": "completed", "finishedAt": Timestamp(end).to_string()});
    let full: Vec<_> = (0..100).map(|n| job(n, KNOWN.0 + n * 1_000)).collect();
    let (said, next) = read(&mut *session, &page, &json!([{"nodes": full}]));
    assert_eq!(said.len(), 100);
    let next = next.unwrap();
    assert!(next.body.as_deref().unwrap().contains("finishedAt >= '2025-12-17T10:01:39.000Z'"), "{:?}", next.body);
    let (_, end) = read(&mut *session, &next, &json!([{"nodes": [full[99]]}]));
    assert!(end.is_none());
    let mut fails = |nodes: Vec<serde_json::Value>| {
        let body = json!([{ "nodes": nodes }]).to_string();
        session.fetched(&next, body.as_bytes(), &mut Said::default()).unwrap_err()
    };
    let at_one_time = (0..100).map(|n| job(n, KNOWN.0 + 99_000)).collect();
    assert!(fails(at_one_time).contains("ended at one time"));
    let mut unordered: Vec<_> = (0..100).map(|n| job(n, KNOWN.0 + 200_000 + n)).collect();
    unordered.reverse();
    assert!(fails(unordered).contains("in no order"));
}

#[test]
fn hantera_begins_live_queries_anew_after_an_overflow_and_not_for_each_of_a_swarm() {
    let mut connection = connection("hantera", "wss://tenant.example.com/ws", &[]);
    connection.live_queries = serde_json::from_value(json!([{"id": "lq", "edge": "orders"}])).unwrap();
    let mut session = protocol::session(&connection);
    let mut now = std::time::Instant::now();
    let mut said = Said::default();
    session.connect(&SecretString::from(TOKEN.to_owned())).unwrap();
    session.handle(Input::Opened, now, &mut said).unwrap();
    session.handle(Input::Text(r#"{"type":"authenticated"}"#), now, &mut said).unwrap();
    session
        .handle(Input::Text(r#"{"type":"liveQueryCreated","requestId":"req-1","id":"lq"}"#), now, &mut said)
        .unwrap();
    let overflow = r#"{"type":"warning","code":"QUEUE_OVERFLOW","message":"5 events dropped"}"#;
    said = Said::default();
    for _ in 0..5 {
        session.handle(Input::Text(overflow), now, &mut said).unwrap();
    }
    let renewals = |said: &Said| said.sent.iter().filter(|out| format!("{out:?}").contains("destroyLiveQuery")).count();
    assert_eq!((said.missed, renewals(&said)), (5, 1));
    // The rest of the swarm is answered by one more, later.
    now += std::time::Duration::from_secs(10);
    session.handle(Input::Timeout, now, &mut said).unwrap();
    assert_eq!(renewals(&said), 2);
    session.handle(Input::Text(r#"{"type":"ping"}"#), now, &mut said).unwrap();
    now += std::time::Duration::from_secs(10);
    session.handle(Input::Timeout, now, &mut said).unwrap_or(());
    assert_eq!(renewals(&said), 2);
}

#[test]
fn agenthq_fetches_agents_and_tasks_and_the_posts_of_its_channels() {
    let mut session = protocol::session(&connection("agenthq", "ws://localhost:3000/ws", &["c1"]));
    let all = fetches(&mut *session, Some(KNOWN));
    assert_eq!(
        asked(&all),
        [
            "GET /api/v1/agents?limit=100 Authorization",
            "GET /api/v1/tasks?limit=100 Authorization",
            "GET /api/v1/posts?channel_id=c1&since=2025-12-17T09%3A59%3A00.000Z&limit=100 Authorization",
        ]
    );
    assert_eq!(fetches(&mut *session, None).len(), 2);
    let (said, _) = read(
        &mut *session,
        &all[0],
        &json!({"success": true, "data": [{"id": "a1", "name": "Scout", "status": "online"}, {"id": "a2", "status": "busy"}],
                "pagination": {"page": 1, "limit": 100, "total": 2, "hasMore": false}}),
    );
    assert_eq!(said, ["agent.online a1 2025-12-17T10:30:00.000Z", "agent.updated a2 2025-12-17T10:30:00.000Z"]);
    let (said, _) = read(
        &mut *session,
        &all[1],
        &json!({"data": [{"id": "t1", "title": "x", "updated_at": "2025-12-17T09:00:00Z"}]}),
    );
    assert_eq!(said, ["task.updated t1 2025-12-17T09:00:00.000Z"]);
    let post = |id: &str, at: &str| json!({"id": id, "channel_id": "c1", "type": "alert", "created_at": at});
    let mut said = Said::default();
    let body = json!({"data": [post("p2", "2025-12-17T10:20:00Z"), post("p1", "2025-12-17T10:10:00Z")],
                      "pagination": {"page": 1, "limit": 2, "total": 3, "hasMore": true}});
    let next = session.fetched(&all[2], body.to_string().as_bytes(), &mut said).unwrap().unwrap();
    assert_eq!(said.lines, ["post.created p1 2025-12-17T10:10:00.000Z", "post.created p2 2025-12-17T10:20:00.000Z"]);
    assert!(said.bodies[0].contains(r#"post_type: Some(Text("alert"))"#), "{}", said.bodies[0]);
    assert!(next.url.query().unwrap().ends_with("&page=2"), "{}", next.url);
    let body = json!({"data": [post("p0", "2025-12-17T10:00:00Z")], "pagination": {"hasMore": true}});
    let next = session.fetched(&next, body.to_string().as_bytes(), &mut said).unwrap().unwrap();
    assert!(next.url.query().unwrap().ends_with("&page=3"), "{}", next.url);
}

#[test]
fn hyprwatch_fetches_the_hosts() {
    let mut session = protocol::session(&connection("hyprwatch", "wss://hyprwatch.cloud/api/socket", &["o1"]));
    let all = fetches(&mut *session, Some(KNOWN));
    assert_eq!(asked(&all), ["GET /api/v1/hosts Authorization"]);
    let (said, next) = read(
        &mut *session,
        &all[0],
        &json!({"hosts": [{"id": "h1", "hostname": "web-1", "status": "online"}, {"host_id": "h2", "status": "offline"},
                          {"id": "h3"}, {}]}),
    );
    assert_eq!(
        said,
        [
            "host.online h1 2025-12-17T10:30:00.000Z",
            "host.offline h2 2025-12-17T10:30:00.000Z",
            "host.enrolled h3 2025-12-17T10:30:00.000Z",
            "stream.unrecognised host -",
        ]
    );
    assert!(next.is_none());
}

#[test]
fn another_http_address_is_used_with_its_path_and_checked() {
    let mut connection = connection("iotee", "wss://stream.example.com/realtime", &["A"]);
    connection.http_url = Some("https://api.example.com/v2/".parse().unwrap());
    connection.validate().unwrap();
    let mut session = protocol::session(&connection);
    let url = fetches(&mut *session, None).remove(0).url;
    assert_eq!(url.as_str(), "https://api.example.com/v2/devices?hardware_ids=A");
    for (url, words) in [
        ("http://api.example.com/", "unencrypted"),
        ("wss://api.example.com/", "must begin with https:// or http://"),
        ("https://u:p@api.example.com/", "password"),
        ("https://api.example.com/?api_key=x", "http_url must not hold the credential"),
    ] {
        connection.http_url = Some(url.parse().unwrap());
        let error = connection.validate().unwrap_err();
        assert!(error.contains(words), "{url}: {error}");
    }
}

/// Every session with everything it would fetch.
fn every() -> Vec<(Box<dyn Session>, Vec<Fetch>)> {
    [
        ("iotee", "wss://x.example/realtime"),
        ("hydra", "wss://x.example/stream"),
        ("hantera", "wss://x.example/ws"),
        ("agenthq", "wss://x.example/ws"),
        ("hyprwatch", "wss://x.example/socket"),
    ]
    .into_iter()
    .map(|(protocol, url)| {
        let mut session = protocol::session(&connection(protocol, url, &["A"]));
        let fetches = fetches(&mut *session, Some(KNOWN));
        assert!(!fetches.is_empty());
        (session, fetches)
    })
    .collect()
}

#[test]
fn what_is_no_list_is_an_error_in_words() {
    for (mut session, fetches) in every() {
        for (body, words) in [
            ("<html>", "not JSON"),
            ("{\"data\":[{\"id\":1}", "ends before it is whole"),
            ("", "ends before it is whole"),
            ("{\"success\":false}", "without a list"),
            ("7", "without a list"),
        ] {
            let error = session.fetched(&fetches[0], body.as_bytes(), &mut Said::default()).unwrap_err();
            assert!(error.contains(words), "{body}: {error}");
        }
        let error = session.fetched(&fetches[0], b"\xff\xfe", &mut Said::default()).unwrap_err();
        assert!(error.contains("not text"), "{error}");
        let many = format!("[{}1]", "1,".repeat(100_000));
        let error = session.fetched(&fetches[0], many.as_bytes(), &mut Said::default()).unwrap_err();
        assert!(error.contains("more than 100000 entries"), "{error}");
    }
}

fn body() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("null".to_owned()),
        any::<i64>().prop_map(|n| n.to_string()),
        any::<f64>().prop_map(|n| serde_json::Value::from(n).to_string()),
        "\"[a-z0-9:TZ-]{0,24}\"",
        Just("true".to_owned()),
        prop::sample::select(vec!["\"lock\"", "\"online\"", "\"running\"", "\"failed\"", "\"signal_new\""])
            .prop_map(str::to_owned),
    ];
    let key = prop::sample::select(vec![
        "data",
        "events",
        "devices",
        "hosts",
        "nodes",
        "jobs",
        "meta",
        "pagination",
        "hasMore",
        "total",
        "id",
        "event_id",
        "hardware_id",
        "event",
        "timestamp",
        "attributes",
        "name",
        "is_online",
        "type",
        "stream",
        "ts",
        "jobId",
        "state",
        "finishedAt",
        "startedAt",
        "result",
        "status",
        "created_at",
        "x",
    ]);
    leaf.prop_recursive(5, 80, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(|list| format!("[{}]", list.join(","))),
            prop::collection::vec((key.clone(), inner), 0..6).prop_map(|members| {
                let members: Vec<_> = members.into_iter().map(|(k, v)| format!("\"{k}\":{v}")).collect();
                format!("{{{}}}", members.join(","))
            }),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn no_answer_breaks_a_session(body in body(), cut in any::<prop::sample::Index>(), noise in prop::collection::vec(any::<u8>(), 0..40)) {
        let cut_off = &body.as_bytes()[..cut.index(body.len() + 1)];
        for (mut session, fetches) in every() {
            for fetch in &fetches {
                for body in [body.as_bytes(), cut_off, &noise] {
                    let mut said = Said::default();
                    let next = session.fetched(fetch, body, &mut said);
                    // Nothing is said that was not in the answer, and a next page is another one.
                    prop_assert!(said.lines.len() <= 3 * body.len());
                    if let Ok(Some(next)) = next {
                        prop_assert!(next.url != fetch.url || next.body != fetch.body);
                    }
                }
            }
        }
    }
}
