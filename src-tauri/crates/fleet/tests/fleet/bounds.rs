//! Whatever comes, nothing grows over its bound, and no code is seen.

use fleet::{Bounds, Cause, ConnectionState};
use proptest::prelude::*;
use protocol::Timestamp;
use protocol::event::JobPhase;

use crate::said::{START, Said, Told};

const CODE: &str = "PLANTED-CODE-7391";

fn small() -> Bounds {
    Bounds {
        devices: 6,
        fields: 12,
        fields_per_device: 3,
        names: 6,
        value_bytes: 16,
        values_bytes: 64,
        lock_events_per_device: 3,
        lock_events: 8,
        series_bytes: 40_000,
        series_bytes_on_demand: 11_000,
        hosts: 5,
        query_runs: 2,
        query_rows: 6,
        query_bytes: 100,
        query_hosts: 3,
        jobs: 6,
        earlier_runs: 3,
        job_definitions: 3,
        durations: 4,
        failures: 3,
        actors: 4,
        numbers: 2,
        live_queries: 2,
        live_query_nodes: 3,
        live_query_bytes: 80,
        agents: 4,
        channels: 3,
        posts_per_channel: 3,
        posts_bytes: 1_500,
        tasks: 4,
        notifications: 3,
        streams: 2,
        signals_per_stream: 3,
        alerts: 3,
        cleared_alerts: 2,
        subscriptions: 4,
        id_bytes: 24,
        text_bytes: 40,
        recent_bulk: 5,
        recent_bulk_bytes: 300,
        recent_notable: 6,
        recent_notable_bytes: 400,
        recent_event_bytes: 90,
        unrecognised_names: 2,
    }
}

fn said() -> impl Strategy<Value = Said> {
    let id = || prop_oneof![9 => "[a-k]", 1 => "[a-z]{0,40}"];
    let told = prop_oneof![
        any::<f64>().prop_map(Told::Number),
        "[a-zäé]{0,40}".prop_map(Told::Text),
        "[a-z]{0,20}".prop_map(|text| Told::Json(format!("[\"{text}\"]"))),
    ];
    let phases = vec![JobPhase::Scheduled, JobPhase::Started, JobPhase::Completed, JobPhase::Failed];
    let number = -1e12..1e12;
    prop_oneof![
        (id(), prop::collection::vec((id(), told), 0..5))
            .prop_map(|(device, fields)| Said::Telemetry { device, fields }),
        (id(), any::<bool>()).prop_map(|(device, online)| Said::Presence { device, online }),
        (id(), any::<bool>(), prop::option::of(id())).prop_map(|(device, locked, id)| Said::Lock {
            device,
            locked,
            id,
            code: Some(CODE.into())
        }),
        (id(), any::<u8>()).prop_map(|(host, change)| Said::Host { host, change }),
        (0..4u64, id(), 0..4usize).prop_map(|(run, host, rows)| Said::Result { run, host, rows }),
        (0..4u64).prop_map(|run| Said::Complete { run }),
        (id(), id(), prop::sample::select(phases)).prop_map(|(job, definition, phase)| Said::Job {
            job,
            definition,
            phase
        }),
        (id(), id(), number.clone()).prop_map(|(definition, name, value)| Said::Statistics { definition, name, value }),
        (id(), id(), number).prop_map(|(actor, name, value)| Said::Checkpoint { actor, name, value }),
        (id(), any::<u8>(), id()).prop_map(|(query, change, node)| Said::Live { query, change, node }),
        (id(), any::<u8>()).prop_map(|(agent, change)| Said::Agent { agent, change }),
        (id(), id(), any::<u8>()).prop_map(|(post, channel, change)| Said::Post { post, channel, change }),
        id().prop_map(|task| Said::Task { task }),
        id().prop_map(|id| Said::Notification { id }),
        (id(), id(), any::<u8>()).prop_map(|(stream, id, alert)| Said::Signal { stream, id, alert }),
        (0..9u64).prop_map(|dropped| Said::Warning { dropped }),
        id().prop_map(|name| Said::Unknown { name, data: format!(r#"{{"pinCode":"{CODE}","x":1}}"#) }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_grows_over_its_bound(
        events in prop::collection::vec((prop::option::of(-5_000_000..5_000_000i64), said()), 1..400),
    ) {
        let bounds = small();
        let mut state = ConnectionState::new(bounds);
        for run in 0..4 {
            state.queries.started(run, None, "select 1", "all", Timestamp(START));
        }
        for (index, (at, said)) in events.iter().enumerate() {
            let now = index as i64 * 700;
            said.apply(&mut state, *at, now);
            state.frame(100, Timestamp(START + now));
            if index % 7 == 0 {
                state.tick(Timestamp(START + now));
                state.devices.keep_history(index % 6);
            }
            if index % 50 == 49 {
                state.disconnected(Timestamp(START + now));
            } else {
                state.reconnected(Timestamp(START + now));
            }
        }
        check(&state, &bounds)?;
        let shown = format!("{} {state:?}", state.snapshot());
        prop_assert!(!shown.contains(CODE), "a code is shown");
        for event in state.recent.iter() {
            prop_assert!(!event.data.contains(CODE) && !event.subject.contains(CODE));
        }
        prop_assert_eq!(state.counters.events, events.len() as u64);
    }
}

fn check(state: &ConnectionState, bounds: &Bounds) -> Result<(), TestCaseError> {
    let devices = state.devices.rows();
    prop_assert!(devices.len() <= bounds.devices);
    prop_assert!(devices.iter().map(|device| device.fields().len()).sum::<usize>() <= bounds.fields);
    prop_assert!(devices.iter().all(|device| device.fields().len() <= bounds.fields_per_device));
    prop_assert!(devices.iter().all(|device| device.locking().history().len() <= bounds.lock_events_per_device));
    prop_assert!(devices.iter().map(|device| device.locking().history().len()).sum::<usize>() <= bounds.lock_events);
    prop_assert!(state.devices.names().words().len() <= bounds.names);
    let online = devices.iter().filter(|device| device.online() == Some(true)).count();
    prop_assert_eq!(state.devices.online(), online);
    prop_assert!(state.series.used() <= bounds.series_bytes);
    prop_assert!(state.hosts.rows().len() <= bounds.hosts);
    prop_assert_eq!(state.hosts.online(), state.hosts.rows().iter().filter(|host| host.online == Some(true)).count());
    prop_assert!(state.queries.rows().len() <= bounds.query_runs);
    for run in state.queries.rows() {
        prop_assert!(run.rows <= bounds.query_rows && run.bytes <= bounds.query_bytes);
        prop_assert!(run.hosts.len() <= bounds.query_hosts);
        prop_assert_eq!(run.rows, run.hosts.iter().map(|host| host.row_count).sum::<usize>());
    }
    prop_assert!(state.jobs.rows().len() <= bounds.jobs);
    prop_assert!(state.jobs.ended().count() <= bounds.jobs + bounds.earlier_runs);
    let running = state.jobs.rows().iter().filter(|job| job.phase == JobPhase::Started).count();
    prop_assert_eq!(state.jobs.running(), running);
    prop_assert!(state.jobs.failures().len() <= bounds.failures);
    prop_assert!(state.jobs.definitions().rows().len() <= bounds.job_definitions);
    for definition in state.jobs.definitions().rows() {
        prop_assert!(definition.durations().len() <= bounds.durations);
        prop_assert!(definition.numbers.rows().len() <= bounds.numbers);
    }
    prop_assert!(state.actors.rows().len() <= bounds.actors);
    prop_assert!(state.live_queries.rows().len() <= bounds.live_queries);
    for query in state.live_queries.rows() {
        prop_assert!(query.nodes.len() <= bounds.live_query_nodes);
        let bytes = query.nodes.iter().map(|node| node.id.len() + node.json.len()).sum::<usize>();
        prop_assert!(bytes <= bounds.live_query_bytes);
    }
    prop_assert!(state.agents.rows().len() <= bounds.agents);
    let there = state.agents.rows().iter().filter(|agent| agent.status.is_online() == Some(true)).count();
    prop_assert_eq!(state.agents.online(), there);
    prop_assert!(state.posts.channels().len() <= bounds.channels);
    prop_assert!(state.posts.channels().iter().all(|channel| channel.posts().len() <= bounds.posts_per_channel));
    prop_assert!(state.tasks.rows().len() <= bounds.tasks);
    prop_assert!(state.notifications.rows().len() <= bounds.notifications);
    prop_assert!(state.signals.streams().len() <= bounds.streams);
    prop_assert!(state.signals.streams().iter().all(|stream| stream.signals().len() <= bounds.signals_per_stream));
    prop_assert!(state.signals.issued().len() <= bounds.alerts);
    prop_assert!(state.signals.cleared().len() <= bounds.cleared_alerts);
    prop_assert!(state.recent.len() <= bounds.recent_bulk + bounds.recent_notable);
    let (bulk, notable): (Vec<_>, Vec<_>) = state.recent.iter().partition(|event| event.kind.is_bulk());
    let bytes =
        |events: &[fleet::RecentEvent<'_>]| events.iter().map(|e| e.subject.len() + e.data.len()).sum::<usize>();
    prop_assert!(bytes(&bulk) <= bounds.recent_bulk_bytes && bytes(&notable) <= bounds.recent_notable_bytes);
    prop_assert!(state.counters.unrecognised_names().len() <= bounds.unrecognised_names);
    Ok(())
}

#[test]
fn what_is_dropped_is_counted() {
    let mut state = ConnectionState::new(small());
    for device in 0..10 {
        let told = Said::Telemetry {
            device: format!("d{device}"),
            fields: (0..5).map(|field| (format!("f{field}"), Told::Number(1.0))).collect(),
        };
        told.apply(&mut state, Some(0), 0);
    }
    assert_eq!(state.counters.dropped(Cause::Devices), 4);
    // Six devices with five fields each, of which twelve found room.
    assert_eq!(state.counters.dropped(Cause::Fields), 18);
    Said::Warning { dropped: 5 }.apply(&mut state, Some(0), 0);
    assert_eq!(state.counters.dropped(Cause::ByService), 5);
    state.tick(Timestamp(START));
    assert_eq!(state.counters.dropped(Cause::RecentBulk), 5);
}
