//! hyprwatch by transcript, and whatever else may come.

mod support;

use protocol::hyprwatch::Hyprwatch;
use protocol::{Ask, Input};
use support::{Run, arbitrary, transcripts};

#[test]
fn transcripts_say_what_their_snapshots_hold() {
    support::run_transcripts("hyprwatch");
}

#[test]
fn the_same_frames_say_the_same_however_they_are_split_in_time() {
    arbitrary::gaps_change_nothing("hyprwatch");
}

#[test]
fn nothing_breaks_a_session() {
    let (_, seed) = transcripts("hyprwatch").into_iter().find(|(name, _)| name == "seed_v2").unwrap();
    let keys = &[
        "topic",
        "event",
        "payload",
        "ref",
        "join_ref",
        "status",
        "response",
        "reason",
        "phoenix",
        "org:org_1",
        "query:org_1",
        "phx_reply",
        "phx_error",
        "phx_close",
        "host_online",
        "host_id",
        "result",
        "rows",
        "complete",
        "query_id",
        "summary",
        "error",
        "1",
        "2",
        "3",
    ];
    arbitrary::nothing_breaks_it("hyprwatch", keys, || Hyprwatch::new(&seed.connection));
}

#[test]
fn asks_without_end_are_answered_and_not_kept() {
    let (_, seed) = transcripts("hyprwatch").into_iter().find(|(name, _)| name == "seed_v2").unwrap();
    let mut run = Run::new(&seed.connection);
    run.connect("planted");
    run.input(Input::Opened);
    for topic in ["org:org_1", "query:org_1"] {
        let reference = if topic.starts_with("org") { 1 } else { 2 };
        run.input(Input::Text(&format!(
            r#"["{reference}","{reference}","{topic}","phx_reply",{{"status":"ok","response":{{}}}}]"#
        )));
    }
    for number in 0..100 {
        let ask = Ask::RunQuery { run: number, org: None, sql: "SELECT 1".into(), target: "all".into() };
        run.input(Input::Ask(&ask));
    }
    // One runs, 32 wait, the others are refused.
    assert_eq!(run.heard().kinds.iter().filter(|kind| **kind == "query.error").count(), 67);
    for number in 0..400 {
        run.input(Input::Ask(&Ask::Subscribe(format!("more_{number}"))));
    }
    let refused = run.heard().said.iter().filter(|said| said.contains("at most 256 orgs")).count();
    assert_eq!(refused, 400 - 255);
}
