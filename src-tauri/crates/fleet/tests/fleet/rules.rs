//! The rules of each kind of entity, one story at a time.

use fleet::{
    AgentStatus, Applied, Bounds, Cause, ConnectionState, LiveQueryState, LockState, Measure, Outcome, RunState,
    SubscriptionStatus,
};
use protocol::event::{
    AlertChange, Change, Job, JobPhase, LiveQuery, LiveQueryChange, Node, Post, Query, QueryAnswer, QuerySummary,
    Signal,
};
use protocol::{EventBody, StreamEvent, SubscriptionState, Timestamp};

use crate::said::{START, Said, Told};

fn state() -> ConnectionState {
    ConnectionState::new(Bounds::default())
}

fn time(millis: i64) -> Timestamp {
    Timestamp(START + millis)
}

fn apply(state: &mut ConnectionState, at: i64, body: EventBody<'_>) -> Applied {
    state.apply(&StreamEvent { at: Some(time(at)), body, data: "{}" }, time(at + 10))
}

fn lock(device: &str, locked: bool, id: &str, code: Option<&str>) -> Said {
    Said::Lock { device: device.into(), locked, id: Some(id.into()), code: code.map(Into::into) }
}

fn report(device: &str, status: Told) -> Said {
    Said::Telemetry { device: device.into(), fields: vec![("lock_status".into(), status)] }
}

#[test]
fn the_later_word_on_a_lock_wins_and_late_ones_are_kept_in_its_history() {
    let mut state = state();
    let changed = |from, to, by_event| Applied::LockChanged { from, to, by_event };
    let (locked, unlocked, unknown) = (LockState::Locked, LockState::Unlocked, LockState::Unknown);
    assert_eq!(report("a", Told::Number(1.0)).apply(&mut state, Some(0), 0), changed(unknown, locked, false));
    let opened = lock("a", false, "e1", None);
    assert_eq!(opened.apply(&mut state, Some(5_000), 5_000), changed(locked, unlocked, true));
    assert_eq!(opened.apply(&mut state, Some(5_000), 5_100), Applied::Duplicate);
    assert_eq!(lock("a", true, "e0", None).apply(&mut state, Some(2_000), 5_200), Applied::Late);
    assert_eq!(report("a", Told::Number(1.0)).apply(&mut state, Some(4_000), 5_300), Applied::Taken);
    let device = state.devices.get("a").unwrap();
    assert_eq!(device.lock(), unlocked);
    assert_eq!(device.locking().since(), Some(time(5_000)));
    assert_eq!(device.locking().event_id(), Some("e1"));
    assert_eq!(state.devices.lock_source(device), Some("rfid"));
    let ids: Vec<_> = device.locking().history().map(|event| event.event_id.as_deref()).collect();
    assert_eq!(ids, [Some("e0"), Some("e1")]);
    assert_eq!((state.counters.duplicates, state.counters.late), (1, 1));
}

#[test]
fn a_report_confirms_a_state_without_taking_its_source() {
    let mut state = state();
    lock("a", false, "e1", None).apply(&mut state, Some(0), 0);
    report("a", Told::Bool(false)).apply(&mut state, Some(1_000), 1_000);
    let device = state.devices.get("a").unwrap();
    assert_eq!(state.devices.lock_source(device), Some("rfid"));
    assert_eq!(device.locking().since(), Some(time(0)));
    assert_eq!(device.locking().confirmed(), Some(time(1_000)));
    report("a", Told::Text("jammed".into())).apply(&mut state, Some(2_000), 2_000);
    let device = state.devices.get("a").unwrap();
    assert_eq!(device.lock(), LockState::Unknown, "what is neither 1 nor 0 is not a locked lock");
    assert_eq!(state.devices.lock_source(device), Some("report"));
    assert_eq!(state.devices.in_lock_state(LockState::Unlocked), 0);
}

#[test]
fn a_code_is_revealed_by_its_event_only() {
    use secrecy::ExposeSecret;
    let mut state = state();
    lock("a", false, "e1", Some("4711-SECRET")).apply(&mut state, Some(0), 0);
    let event = state.recent.iter().next().unwrap();
    assert_eq!(event.data, r#"{"eventId":"x","source":"rfid","code":"•••"}"#);
    let sequence = event.sequence;
    assert_eq!(state.reveal_code("a", sequence).map(|code| code.expose_secret()), Some("4711-SECRET"));
    assert!(state.reveal_code("a", sequence + 1).is_none());
    assert!(!format!("{state:?}").contains("4711-SECRET"));
    assert!(!state.snapshot().to_string().contains("4711-SECRET"));
}

#[test]
fn a_clock_far_ahead_does_not_silence_a_device() {
    let mut state = state();
    let year = 365 * 24 * 3_600_000i64;
    report("a", Told::Number(0.0)).apply(&mut state, Some(70 * year), 0);
    report("a", Told::Number(1.0)).apply(&mut state, Some(1_000), 1_000);
    let device = state.devices.get("a").unwrap();
    assert_eq!(device.lock(), LockState::Locked);
    let field = state.devices.field(device, "lock_status").unwrap();
    let columns = field.read(time(-10_000), time(10_000), 100, &state.gaps);
    assert_eq!(columns.values, [0.0, 1.0], "the first one is charted at the time it came");
}

#[test]
fn presence_is_counted_and_keeps_its_beginning() {
    let mut state = state();
    let presence = |online| Said::Presence { device: "a".into(), online };
    assert_eq!(presence(true).apply(&mut state, Some(0), 0), Applied::PresenceChanged { online: true });
    assert_eq!(presence(true).apply(&mut state, Some(5_000), 5_000), Applied::Taken);
    assert_eq!(presence(false).apply(&mut state, Some(3_000), 6_000), Applied::Late);
    assert_eq!(state.devices.get("a").unwrap().presence_since(), Some(time(0)));
    assert_eq!((state.devices.online(), state.devices.offline()), (1, 0));
    presence(false).apply(&mut state, Some(9_000), 9_000);
    assert_eq!((state.devices.online(), state.devices.offline()), (0, 1));
}

#[test]
fn series_beyond_the_budget_are_counted_and_lent_room_when_looked_at() {
    let mut state = ConnectionState::new(Bounds { series_bytes: 12_000, ..Bounds::default() });
    for second in 0..4 {
        for device in ["a", "b"] {
            let told = Said::Telemetry { device: device.into(), fields: vec![("x".into(), Told::Number(1.0))] };
            told.apply(&mut state, Some(second * 1_000), second * 1_000);
        }
        if second == 1 {
            state.devices.keep_history(1);
        }
    }
    state.tick(time(5_000));
    assert_eq!(state.counters.dropped(Cause::Series), 1);
    let read = |device: &str| {
        let field = state.devices.field(state.devices.get(device).unwrap(), "x").unwrap();
        field.read(time(0), time(9_000), 100, &state.gaps).times.len()
    };
    assert_eq!((read("a"), read("b")), (4, 2), "what is looked at has a history from then on");
}

fn job(id: &str, phase: JobPhase) -> EventBody<'_> {
    EventBody::Job(Job {
        job: id.into(),
        definition: Some("sync".into()),
        phase,
        scheduled_at: None,
        started_at: None,
        finished_at: None,
        elapsed_ms: None,
        error: (phase == JobPhase::Failed).then(|| "no route".into()),
    })
}

#[test]
fn a_job_goes_through_its_phases_whatever_order_they_come_in() {
    let mut state = state();
    assert_eq!(apply(&mut state, 9_000, job("j", JobPhase::Failed)), Applied::JobFailed);
    assert_eq!(apply(&mut state, 1_000, job("j", JobPhase::Scheduled)), Applied::Late);
    assert_eq!(apply(&mut state, 9_000, job("j", JobPhase::Failed)), Applied::Duplicate);
    assert_eq!(apply(&mut state, 8_000, job("j", JobPhase::Completed)), Applied::Late, "the later end is right");
    assert_eq!(state.jobs.get("j").unwrap().phase, JobPhase::Failed);
    assert_eq!(apply(&mut state, 9_500, job("j", JobPhase::Completed)), Applied::JobCompleted);
    let definition = state.jobs.definitions().get("sync").unwrap();
    assert_eq!((definition.completed, definition.failed), (1, 0));
    assert_eq!(definition.success_rate(), Some(1.0));
    assert_eq!(state.jobs.failures().next().unwrap().error.as_deref(), Some("no route"));
}

#[test]
fn durations_are_taken_from_start_to_end_when_not_told() {
    let mut state = state();
    for (index, length) in (1..=100i64).enumerate() {
        let id = format!("j{index}");
        apply(&mut state, 0, job(&id, JobPhase::Started));
        assert_eq!(state.jobs.running(), 1);
        apply(&mut state, length, job(&id, JobPhase::Completed));
    }
    let definition = state.jobs.definitions().get("sync").unwrap();
    assert_eq!((definition.percentile(0.5), definition.percentile(0.95)), (Some(50.0), Some(95.0)));
    assert_eq!((definition.running, definition.completed, state.jobs.running()), (0, 100, 0));
}

#[test]
fn finished_jobs_make_room_before_running_ones() {
    let mut state = ConnectionState::new(Bounds { jobs: 3, ..Bounds::default() });
    apply(&mut state, 0, job("running", JobPhase::Started));
    apply(&mut state, 1, job("done", JobPhase::Completed));
    apply(&mut state, 2, job("waiting", JobPhase::Scheduled));
    apply(&mut state, 3, job("new", JobPhase::Scheduled));
    assert!(state.jobs.get("done").is_none());
    assert!(state.jobs.get("running").is_some() && state.jobs.get("waiting").is_some());
    assert_eq!(state.counters.dropped(Cause::Jobs), 1);
    assert_eq!((state.jobs.running(), state.jobs.waiting()), (1, 2));
}

/// What the service says of a run that begins or ends when it says so itself.
fn run(id: &str, phase: JobPhase, at: i64) -> EventBody<'_> {
    let EventBody::Job(job) = job(id, phase) else { unreachable!() };
    let told = |is_told: bool| is_told.then(|| time(at));
    let has_begun = phase == JobPhase::Started;
    EventBody::Job(Job { started_at: told(has_begun), finished_at: told(!has_begun), ..job })
}

fn ended(state: &ConnectionState) -> Vec<(&str, i64, JobPhase)> {
    let at = |job: &fleet::Job| job.finished_at.unwrap().since(time(0));
    let mut ended: Vec<_> = state.jobs.ended().map(|job| (job.id.as_str(), at(job), job.phase)).collect();
    ended.sort_by_key(|(_, at, _)| *at);
    ended
}

#[test]
fn a_job_that_runs_again_has_each_of_its_ends() {
    let mut state = ConnectionState::new(Bounds { earlier_runs: 2, ..Bounds::default() });
    for (phase, at) in [(JobPhase::Failed, 1_000), (JobPhase::Started, 2_000)] {
        apply(&mut state, at, run("j", phase, at));
    }
    assert_eq!(state.jobs.get("j").unwrap().phase, JobPhase::Started);
    assert_eq!(ended(&state), [("j", 1_000, JobPhase::Failed)], "it is not undone");
    let error = state.jobs.ended().next().unwrap().error.as_deref();
    assert_eq!(error, Some("no route"));
    apply(&mut state, 3_000, run("j", JobPhase::Completed, 3_000));
    assert_eq!(ended(&state), [("j", 1_000, JobPhase::Failed), ("j", 3_000, JobPhase::Completed)]);
    let definition = state.jobs.definitions().get("sync").unwrap();
    assert_eq!((definition.completed, definition.failed, definition.running), (1, 1, 0));
    assert_eq!((state.jobs.ended_since(), state.counters.dropped(Cause::Jobs)), (None, 0));
    // Of more than there is room for the oldest goes, and it is known since when all are there.
    for at in [4_000, 6_000] {
        apply(&mut state, at, run("j", JobPhase::Started, at));
        apply(&mut state, at + 1_000, run("j", JobPhase::Failed, at + 1_000));
    }
    let times: Vec<i64> = ended(&state).iter().map(|(_, at, _)| *at).collect();
    assert_eq!(times, [3_000, 5_000, 7_000]);
    assert_eq!((state.jobs.ended_since(), state.counters.dropped(Cause::Jobs)), (Some(time(1_001)), 1));
}

#[test]
fn ends_are_unknown_before_one_that_was_given_up_and_not_for_what_never_was_one() {
    let mut state = ConnectionState::new(Bounds { jobs: 2, ..Bounds::default() });
    for (id, at) in [("first", 1_000), ("second", 2_000)] {
        apply(&mut state, at, run(id, JobPhase::Failed, at));
    }
    let long = "j".repeat(1_000);
    assert_eq!(apply(&mut state, 2_500, run(&long, JobPhase::Failed, 2_500)), Applied::Refused);
    assert_eq!((state.counters.dropped(Cause::Jobs), state.jobs.ended_since()), (1, None));
    // It ran again, so it ended last.
    apply(&mut state, 3_000, run("first", JobPhase::Started, 3_000));
    apply(&mut state, 4_000, run("first", JobPhase::Failed, 4_000));
    apply(&mut state, 5_000, run("third", JobPhase::Failed, 5_000));
    assert_eq!(state.jobs.ended_since(), Some(time(2_001)));
    assert_eq!(
        ended(&state),
        [("first", 1_000, JobPhase::Failed), ("first", 4_000, JobPhase::Failed), ("third", 5_000, JobPhase::Failed)]
    );
    // A clock that is ahead makes nothing unknown that is yet to come.
    apply(&mut state, 6_000, run("third", JobPhase::Started, 1 << 40));
    apply(&mut state, 6_000, run("third", JobPhase::Failed, 2 << 40));
    apply(&mut state, 7_000, run("fourth", JobPhase::Started, 7_000));
    apply(&mut state, 8_000, run("fifth", JobPhase::Started, 8_000));
    assert_eq!(state.jobs.ended_since(), Some(time(8_010)).map(|at| Timestamp(at.millis() + 1)));
}

#[test]
fn a_query_run_knows_what_each_host_answered() {
    let mut state = state();
    state.queries.started(7, Some("o"), "select 1", "all", time(0));
    let mut answer = |host: &str, rows: &str, status: Option<&'static str>| {
        let body = EventBody::Query(Query {
            org: "o",
            run: Some(7),
            answer: QueryAnswer::Result {
                host: host.into(),
                hostname: None,
                rows,
                status: status.map(Into::into),
                error: None,
            },
        });
        apply(&mut state, 1, body);
    };
    answer("h1", r#"[{"a":"1"},{"a":"2"}]"#, None);
    answer("h1", r#"[{"a":"3"}]"#, None);
    answer("h2", "[]", Some("ok"));
    answer("h3", "[]", Some("offline"));
    answer("h4", "[]", Some("error"));
    let run = state.queries.get(7).unwrap();
    assert_eq!((run.state, run.rows, run.waiting(6)), (RunState::Running, 3, 2));
    let outcomes: Vec<_> = run.hosts.iter().map(|host| (host.outcome.clone(), host.row_count)).collect();
    assert_eq!(outcomes, [(Outcome::Answered, 3), (Outcome::Empty, 0), (Outcome::Offline, 0), (Outcome::Error, 0)]);
    let complete = QueryAnswer::Complete { query_id: None, summary: QuerySummary::default() };
    apply(&mut state, 2, EventBody::Query(Query { org: "o", run: Some(7), answer: complete }));
    let run = state.queries.get(7).unwrap();
    assert_eq!((run.state, run.waiting(6), run.is_capped()), (RunState::Complete, 0, false));
}

#[test]
fn rows_beyond_the_bound_are_counted() {
    let mut state = ConnectionState::new(Bounds { query_rows: 3, ..Bounds::default() });
    state.queries.started(1, None, "select 1", "all", time(0));
    Said::Result { run: 1, host: "h".into(), rows: 2 }.apply(&mut state, None, 1);
    Said::Result { run: 1, host: "h".into(), rows: 2 }.apply(&mut state, None, 2);
    let run = state.queries.get(1).unwrap();
    assert_eq!((run.rows, run.rows_dropped, run.is_capped()), (2, 2, true));
    assert_eq!(run.org, "o", "the org is learned from the answer");
    assert_eq!(state.counters.dropped(Cause::QueryRows), 2);
}

#[test]
fn a_live_query_keeps_its_nodes_and_starts_anew_when_it_is_created_again() {
    let mut state = state();
    fn live(change: LiveQueryChange<'_>) -> EventBody<'_> {
        EventBody::LiveQuery(LiveQuery { query: "q".into(), change })
    }
    fn node<'a>(id: &'a str, json: &'a str) -> Node<'a> {
        Node { id: id.into(), json }
    }
    apply(&mut state, 0, live(LiveQueryChange::Created { total: Some(3), capped: true }));
    let part = [node("1", r#"{"id":"1","status":"new"}"#), node("2", r#"{"id":"2","total":5}"#)];
    apply(&mut state, 1, live(LiveQueryChange::Data { nodes: &part, has_more: true, capped: false }));
    assert_eq!(state.live_queries.get("q").unwrap().state, LiveQueryState::Loading);
    apply(&mut state, 2, live(LiveQueryChange::Data { nodes: &[], has_more: false, capped: false }));
    apply(&mut state, 3, live(LiveQueryChange::Added(node("3", "{}"))));
    apply(&mut state, 4, live(LiveQueryChange::Updated(node("1", r#"{"id":"1","status":"paid"}"#))));
    apply(&mut state, 5, live(LiveQueryChange::Removed { node: "2".into() }));
    let query = state.live_queries.get("q").unwrap();
    assert_eq!((query.state, query.capped, query.total), (LiveQueryState::Complete, true, Some(3)));
    assert_eq!(query.columns, ["id", "status", "total"]);
    let ids: Vec<_> = query.nodes.iter().map(|node| node.id.as_str()).collect();
    assert_eq!(ids, ["1", "3"]);
    assert!(query.nodes[0].json.contains("paid"));
    assert_eq!(state.snapshot()["live_queries"]["q"]["nodes"][0]["status"], "paid");
    apply(&mut state, 6, live(LiveQueryChange::Created { total: Some(1), capped: false }));
    let query = state.live_queries.get("q").unwrap();
    assert!(query.nodes.is_empty() && !query.capped && query.columns.is_empty());
}

fn post<'a>(id: &'a str, change: Change, deleted: bool, content: &'a str) -> EventBody<'a> {
    EventBody::Post(Post {
        post: id.into(),
        change,
        deleted,
        channel: if deleted { None } else { Some("c".into()) },
        author: Some("a1".into()),
        author_type: None,
        post_type: None,
        title: None,
        content: Some(content.into()),
        parent: (id == "reply").then(|| "p".into()),
        pinned: None,
        created_at: None,
        updated_at: None,
    })
}

#[test]
fn posts_are_edited_answered_and_deleted() {
    let mut state = state();
    apply(&mut state, 0, post("p", Change::Created, false, "first"));
    assert_eq!(apply(&mut state, 0, post("p", Change::Created, false, "first")), Applied::Duplicate);
    apply(&mut state, 1_000, post("reply", Change::Created, false, "an answer"));
    apply(&mut state, 3_000, post("p", Change::Updated, false, "third"));
    assert_eq!(apply(&mut state, 2_000, post("p", Change::Updated, false, "second")), Applied::Late);
    let channel = state.posts.channel("c").unwrap();
    let first = channel.posts().next().unwrap();
    assert_eq!((first.content.as_deref(), first.edited), (Some("third"), true));
    assert_eq!(channel.replies("p").map(|post| post.id.as_str()).collect::<Vec<_>>(), ["reply"]);
    apply(&mut state, 4_000, post("p", Change::Updated, true, ""));
    let first = state.posts.channel("c").unwrap().posts().next().unwrap();
    assert!(first.deleted && first.content.is_none());
}

#[test]
fn agents_are_counted_by_status() {
    let mut state = state();
    let agent = |change| Said::Agent { agent: "a".into(), change };
    assert_eq!(agent(0).apply(&mut state, None, 0), Applied::PresenceChanged { online: true });
    agent(8).apply(&mut state, None, 1_000);
    assert_eq!(state.agents.get("a").unwrap().status, AgentStatus::Busy);
    assert_eq!((state.agents.online(), state.agents.busy()), (1, 1));
    assert_eq!(agent(1).apply(&mut state, None, 2_000), Applied::PresenceChanged { online: false });
    assert_eq!((state.agents.online(), state.agents.busy()), (0, 0));
    assert_eq!(state.agents.get("a").unwrap().since, Some(time(2_000)));
}

fn alert(id: &str, change: AlertChange) -> EventBody<'_> {
    EventBody::Signal(Signal {
        stream: "alerts".into(),
        signal_type: if change == AlertChange::Issued { "alert_issued" } else { "alert_cleared" }.into(),
        signal: Some(id.into()),
        alert: Some(change),
        title: Some("missiles".into()),
        description: None,
        category: None,
        severity: Some(5),
        place: None,
        cities: vec!["Haifa".into()],
    })
}

#[test]
fn alerts_hold_until_they_are_cleared_and_do_not_come_back_late() {
    let mut state = state();
    assert_eq!(apply(&mut state, 1_000, alert("x", AlertChange::Issued)), Applied::AlertIssued);
    assert_eq!(apply(&mut state, 1_000, alert("x", AlertChange::Issued)), Applied::Duplicate);
    assert_eq!(state.signals.issued().len(), 1);
    assert_eq!(apply(&mut state, 5_000, alert("x", AlertChange::Cleared)), Applied::AlertCleared);
    assert_eq!(apply(&mut state, 2_000, alert("x", AlertChange::Issued)), Applied::Late);
    assert!(state.signals.issued().is_empty());
    let cleared = state.signals.cleared().next().unwrap();
    assert_eq!((cleared.id.as_str(), cleared.cleared), ("x", time(5_000)));
    assert_eq!(cleared.issued.as_ref().unwrap().cities, ["Haifa"]);
    assert_eq!(apply(&mut state, 9_000, alert("x", AlertChange::Issued)), Applied::AlertIssued);
    assert_eq!(state.signals.of_severity(5), 4);
}

#[test]
fn a_lost_connection_leaves_a_gap_and_keeps_what_is_known() {
    let mut state = state();
    let told = |value| Said::Telemetry { device: "a".into(), fields: vec![("x".into(), Told::Number(value))] };
    told(1.0).apply(&mut state, Some(1_000), 1_000);
    state.tick(time(2_000));
    state.disconnected(time(3_000));
    state.disconnected(time(4_000));
    state.tick(time(5_000));
    assert_eq!(state.gaps.open(), Some(time(3_000)));
    assert!(state.devices.get("a").is_some());
    state.reconnected(time(8_000));
    told(2.0).apply(&mut state, Some(9_000), 9_000);
    state.tick(time(10_000));
    let field = state.devices.field(state.devices.get("a").unwrap(), "x").unwrap();
    let values = field.read(time(0), time(20_000), 100, &state.gaps).values;
    assert_eq!((values[0], values[1].is_nan(), values[2]), (1.0, true, 2.0));
    let events = state.rates.read(Measure::Events, time(0), time(20_000), 100, &state.gaps);
    assert_eq!(events.values.iter().filter(|value| value.is_nan()).count(), 1);
    let unheard = (START + 4_000) as f64 / 1e3..(START + 8_000) as f64 / 1e3;
    assert!(!events.times.iter().any(|time| unheard.contains(time)), "no zeros for what was not heard");
    assert_eq!(state.counters.disconnects, 1);
}

#[test]
fn refused_subscriptions_say_why() {
    let mut state = state();
    state.subscription("ABC", SubscriptionState::Requested, time(0));
    state.subscription("DEF", SubscriptionState::Requested, time(0));
    state.subscription("ABC", SubscriptionState::Accepted, time(1));
    state.subscription("DEF", SubscriptionState::Refused("not yours"), time(1));
    assert_eq!(state.subscriptions.count(SubscriptionStatus::Accepted), 1);
    assert_eq!(state.subscriptions.get("DEF").unwrap().refusal.as_deref(), Some("not yours"));
}

#[test]
fn the_snapshot_tells_devices_as_programs_read_them() {
    let mut state = state();
    let fields = vec![("speed".into(), Told::Number(15.5)), ("lock_status".into(), Told::Number(0.0))];
    Said::Telemetry { device: "ABC123".into(), fields }.apply(&mut state, Some(0), 0);
    Said::Presence { device: "ABC123".into(), online: false }.apply(&mut state, Some(0), 0);
    let device = &state.snapshot()["devices"]["ABC123"];
    assert_eq!(device["fields"].to_string(), r#"{"lock_status":0,"speed":15.5}"#);
    assert_eq!((device["online"].as_bool(), device["lock"].as_str()), (Some(false), Some("unlocked")));
    assert_eq!(device["lock_since"], "2025-12-17T10:30:00.000Z");
}
