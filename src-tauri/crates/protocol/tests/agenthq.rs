//! agenthq by transcript, and whatever else may come.

mod support;

use protocol::agenthq::Agenthq;
use protocol::{Ask, Input};
use support::{Run, arbitrary, transcripts};

#[test]
fn transcripts_say_what_their_snapshots_hold() {
    support::run_transcripts("agenthq");
}

#[test]
fn the_same_frames_say_the_same_however_they_are_split_in_time() {
    arbitrary::gaps_change_nothing("agenthq");
}

#[test]
fn nothing_breaks_a_session() {
    let (_, seed) = transcripts("agenthq").into_iter().find(|(name, _)| name == "seed_documented").unwrap();
    let keys = &[
        "type",
        "event",
        "data",
        "channel",
        "subscribed",
        "unsubscribed",
        "heartbeat_ack",
        "agent.online",
        "agent:status",
        "post.created",
        "post:deleted",
        "task:new",
        "notification:new",
        "error",
        "agent",
        "post",
        "task",
        "notification",
        "id",
        "status",
        "timestamp",
        "created_at",
        "CHANNEL_ID",
    ];
    arbitrary::nothing_breaks_it("agenthq", keys, || Agenthq::new(&seed.connection));
}

#[test]
fn subscriptions_without_end_are_answered_and_not_kept() {
    let (_, seed) = transcripts("agenthq").into_iter().find(|(name, _)| name == "seed_documented").unwrap();
    let mut run = Run::new(&seed.connection);
    run.connect("planted");
    run.input(Input::Opened);
    run.input(Input::Text(r#"{"type":"heartbeat_ack"}"#));
    for number in 0..400 {
        run.input(Input::Ask(&Ask::Subscribe(format!("more_{number}"))));
    }
    let refused = run.heard().said.iter().filter(|said| said.contains("at most 256 channels")).count();
    assert_eq!(refused, 400 - 255);
}
