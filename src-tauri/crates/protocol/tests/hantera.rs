//! hantera by transcript, and whatever else may come.

mod support;

use protocol::hantera::Hantera;
use protocol::{Ask, Connection, Input, Outgoing, Progress, Session, Sink, StreamEvent, SubscriptionState};
use secrecy::SecretString;
use support::{Run, arbitrary, transcripts};

#[test]
fn transcripts_say_what_their_snapshots_hold() {
    support::run_transcripts("hantera");
}

#[test]
fn the_same_frames_say_the_same_however_they_are_split_in_time() {
    arbitrary::gaps_change_nothing("hantera");
}

#[test]
fn nothing_breaks_a_session() {
    let keys = &[
        "type",
        "authenticated",
        "ping",
        "event",
        "subscribedEvents",
        "warning",
        "error",
        "code",
        "AUTH_FAILED",
        "INVALID_PATH",
        "QUEUE_OVERFLOW",
        "message",
        "requestId",
        "req-1",
        "req-2",
        "subscriptions",
        "subscriptionId",
        "subscriptionIds",
        "id",
        "jobs",
        "lq-orders",
        "eventType",
        "jobStarted",
        "jobFailed",
        "jobStatistics",
        "actorCheckpoint",
        "path",
        "data",
        "jobId",
        "liveQueryCreated",
        "liveQueryData",
        "liveQueryAddedNode",
        "liveQueryRemovedNode",
        "liveQueryDestroyed",
        "nodeId",
        "totalCount",
        "hasMore",
        "capped",
    ];
    arbitrary::nothing_breaks_it("hantera", keys, || Hantera::new(&seed()));
}

#[test]
fn the_token_is_sent_first_and_once_and_shown_nowhere() {
    #[derive(Default)]
    struct Sent(Vec<Outgoing>);
    impl Sink for Sent {
        fn event(&mut self, _: &StreamEvent<'_>) {}
        fn send(&mut self, outgoing: Outgoing) {
            self.0.push(outgoing);
        }
        fn progress(&mut self, _: Progress) {}
        fn subscription(&mut self, _: &str, _: SubscriptionState<'_>) {}
        fn missed(&mut self) {}
    }
    let (mut session, mut sent) = (Hantera::new(&seed()), Sent::default());
    let request = session.connect(&SecretString::from("Bearer pl\"7f3c")).unwrap();
    assert!(request.secret_query.is_empty() && request.secret_headers.is_empty());
    assert!(!format!("{session:?}{request:?}").contains("7f3c"));
    let now = std::time::Instant::now();
    session.handle(Input::Opened, now, &mut sent).unwrap();
    match &sent.0[..] {
        [Outgoing::Secret(secret)] => assert_eq!(secret.expose(), r#"{"type":"auth","token":"pl\"7f3c"}"#),
        other => panic!("{other:?}"),
    }
    assert!(!format!("{session:?}{:?}", sent.0).contains("7f3c"));
    // The token was kept until it was sent, and no longer.
    assert!(session.handle(Input::Opened, now, &mut sent).is_err());
    assert_eq!(sent.0.len(), 1);
}

#[test]
fn nodes_beyond_the_bound_make_the_data_capped() {
    let mut run = Run::new(&seed());
    run.connect("planted");
    run.input(Input::Opened);
    let nodes = |count: usize| format!("[{}]", vec![r#"{"id":"n"}"#; count].join(","));
    for (count, is_capped) in [(10_000, false), (10_001, true)] {
        let text = format!(r#"{{"type":"liveQueryData","id":"lq-orders","data":{},"hasMore":false}}"#, nodes(count));
        run.input(Input::Text(&text));
        let said = run.heard().said.last().unwrap();
        assert!(said.contains(&format!("has_more: false, capped: {is_capped}")), "{count}");
        assert_eq!(said.matches("Node {").count(), 10_000);
    }
}

#[test]
fn what_the_service_sends_makes_no_session_grow() {
    let mut run = Run::new(&seed());
    run.connect("planted");
    run.input(Input::Opened);
    run.input(Input::Text(r#"{"type":"authenticated"}"#));
    // Live queries that are created anew without end keep one request open each.
    let query = seed().live_queries[0].clone();
    for _ in 0..1000 {
        run.input(Input::Ask(&Ask::CreateLiveQuery(query.clone())));
    }
    run.input(Input::Text(r#"{"type":"subscribedEvents","requestId":"req-1","subscriptions":[{"id":"jobs"}]}"#));
    run.input(Input::Text(r#"{"type":"liveQueryCreated","id":"lq-orders"}"#));
    assert_eq!(run.heard().said.last().unwrap(), "progress Live", "one answer ends the one request");
}

fn seed() -> Connection {
    transcripts("hantera")
        .into_iter()
        .find(|(name, _)| name == "seed")
        .expect("the seed transcript is there")
        .1
        .connection
}
