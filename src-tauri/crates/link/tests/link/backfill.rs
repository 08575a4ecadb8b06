//! What is fetched, how often and in what order, in memory under simulated time.

use std::sync::atomic::Ordering;
use std::time::Duration;

use link::fetch::Unanswered;
use link::{Environment, Fetcher};
use protocol::Timestamp;
use tokio::io::DuplexStream;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::time::{Instant, sleep};

use crate::fetching::{Stream, canned, devices, lock_events, ok, spawn, status};
use crate::support::{Memory, environment};

const KNOWN: Option<Timestamp> = Some(Timestamp(1_700_000_000_000));
const SOON: Duration = Duration::from_millis(10);

fn with(fetcher: Fetcher) -> (Environment, UnboundedReceiver<DuplexStream>) {
    let (memory, services) = Memory::new(Duration::ZERO);
    (Environment { fetcher, ..environment(memory) }, services)
}

async fn stream(services: &mut UnboundedReceiver<DuplexStream>) -> Stream<DuplexStream> {
    Stream::accept(services.recv().await.unwrap()).await
}

#[tokio::test(start_paused = true)]
async fn the_state_and_what_was_missed_come_once_the_connection_is_live_and_again_after_each_loss() {
    let (http, fetcher) = canned(|fetch| {
        let answer = match fetch.url.path() {
            "/devices" => r#"[{"hardware_id":"A","is_online":true}]"#.to_owned(),
            _ => lock_events(0..2),
        };
        (SOON, ok(&answer))
    });
    let (environment, mut services) = with(fetcher);
    let (link, mut told) = spawn(devices("wss://service.test/realtime", &["A"]), &environment, KNOWN);
    for occasion in ["Start", "Reconnected"] {
        let service = stream(&mut services).await;
        told.until("status live").await;
        let lines = told.backfill().await;
        assert_eq!(
            lines,
            [
                &format!("begun {occasion} Some(Timestamp(1700000000000))"),
                "Snapshot device.presence A",
                "fetched the state of A: 1",
                "Missed device.locked A",
                "Missed device.locked A",
                "fetched lock events of A: 2",
                "ended true",
            ]
        );
        drop(service);
    }
    let asked = http.asked.lock().unwrap().clone();
    assert_eq!(asked.len(), 4, "{asked:?}");
    assert!(asked[1].starts_with("/lock-events?hardware_id=A&from=2023-11-14T22%3A12%3A20.000Z&"), "{asked:?}");
    link.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn live_frames_go_on_while_something_is_fetched() {
    let (_, fetcher) = canned(|_| (Duration::from_secs(20), ok("[]")));
    let (environment, mut services) = with(fetcher);
    let (link, mut told) = spawn(devices("ws://127.0.0.1/realtime", &["A"]), &environment, None);
    let mut service = stream(&mut services).await;
    told.until("begun").await;
    for _ in 0..3 {
        service.unlock("A").await;
        assert_eq!(told.next().await, "stream device.unlocked A");
    }
    let service = tokio::spawn(service.serve());
    assert_eq!(told.backfill_rest().await, ["fetched the state of A: 0", "ended true"]);
    link.shutdown().await;
    service.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn all_pages_are_had_and_a_service_that_turns_none_is_not_asked_for_ever() {
    let (http, fetcher) = canned(|fetch| {
        let offset: u32 =
            fetch.url.query_pairs().find(|(name, _)| name == "offset").map_or(0, |(_, n)| n.parse().unwrap());
        (SOON, ok(&lock_events(offset..(offset + 1_000).min(2_510))))
    });
    let (environment, mut services) = with(fetcher);
    let (link, mut told) = spawn(devices("ws://127.0.0.1/realtime", &["A"]), &environment, KNOWN);
    let service = tokio::spawn(stream(&mut services).await.serve());
    let lines = told.backfill().await;
    assert!(lines.contains(&"fetched lock events of A: 2510".to_owned()), "{:?}", &lines[lines.len() - 3..]);
    assert_eq!(http.asked.lock().unwrap().len(), 4);
    link.shutdown().await;
    service.await.unwrap();

    let (http, fetcher) = canned(|_| (SOON, ok(&lock_events(0..1_000))));
    let (environment, mut services) = with(fetcher);
    let (link, mut told) = spawn(devices("ws://127.0.0.1/realtime", &["A"]), &environment, KNOWN);
    let service = tokio::spawn(stream(&mut services).await.serve());
    let lines = told.backfill().await;
    let failed = lines.iter().find(|line| line.starts_with("failed")).expect("it cannot be had whole");
    assert_eq!(
        failed,
        "failed Missed lock events of A: the service answers with the same page again and again; the rest cannot be had; the gap stays"
    );
    assert_eq!((http.asked.lock().unwrap().len(), lines.last().unwrap().as_str()), (3, "ended false"));
    link.shutdown().await;
    service.await.unwrap();

    // One that makes up new ones is given up in the end.
    let mut page = 0;
    let (http, fetcher) = canned(move |_| {
        page += 50;
        (SOON, ok(&lock_events(page..page + 50)))
    });
    let (environment, mut services) = with(fetcher);
    let (link, mut told) = spawn(devices("ws://127.0.0.1/realtime", &["A"]), &environment, KNOWN);
    let service = tokio::spawn(stream(&mut services).await.serve());
    let lines = told.backfill().await;
    assert!(lines[lines.len() - 2].contains("more than 200 pages"), "{}", lines[lines.len() - 2]);
    assert_eq!(http.asked.lock().unwrap().len(), 201);
    link.shutdown().await;
    service.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn retry_after_is_kept_for_all_requests_and_five_minutes_in_all() {
    let mut first = true;
    let (http, fetcher) = canned(move |_| {
        let answer = if std::mem::take(&mut first) { status(429, Some("40")) } else { ok("[]") };
        (SOON, answer)
    });
    let (environment, mut services) = with(fetcher);
    let (link, mut told) = spawn(devices("ws://127.0.0.1/realtime", &["A"]), &environment, KNOWN);
    let service = tokio::spawn(stream(&mut services).await.serve());
    let begun = Instant::now();
    assert_eq!(told.backfill().await.last().unwrap(), "ended true");
    assert!(begun.elapsed() >= Duration::from_secs(40) && begun.elapsed() < Duration::from_secs(45));
    assert_eq!(http.asked.lock().unwrap().len(), 3);
    link.shutdown().await;
    service.await.unwrap();

    for (answer, most) in [(status(503, Some("100")), 4), (status(429, None), 40), (status(429, Some("3600")), 2)] {
        let (http, fetcher) = canned(move |_| (SOON, answer.clone()));
        let (environment, mut services) = with(fetcher);
        let (link, mut told) = spawn(devices("ws://127.0.0.1/realtime", &["A"]), &environment, None);
        let service = tokio::spawn(stream(&mut services).await.serve());
        let begun = Instant::now();
        let lines = told.backfill().await;
        assert!(lines[1].contains("asks to wait for longer than 5 minutes"), "{lines:?}");
        assert!(begun.elapsed() <= Duration::from_secs(301), "{:?}", begun.elapsed());
        let asked = http.asked.lock().unwrap().len();
        assert!((1..=most).contains(&asked), "it was asked {asked} times");
        link.shutdown().await;
        service.await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn failures_are_tried_again_twice_and_refusals_never() {
    let again = |unreachable| Err(Unanswered { cause: "it did not answer".into(), again: true, unreachable });
    for (answer, asked, words) in [
        (status(500, None), 3, "the service failed (HTTP 500)"),
        (again(false), 3, "it did not answer"),
        (status(401, None), 1, "does not accept the credential over HTTP (401)"),
        (status(403, None), 1, "(403)"),
        (status(404, None), 1, "the service has none here (404)"),
        (status(302, None), 1, "another address (HTTP 302)"),
        (status(400, None), 1, "refused the request (HTTP 400)"),
        (ok("<html>"), 1, "not JSON"),
    ] {
        let (http, fetcher) = canned(move |_| (SOON, answer.clone()));
        let (environment, mut services) = with(fetcher);
        let (link, mut told) = spawn(devices("ws://127.0.0.1/realtime", &["A"]), &environment, None);
        let service = tokio::spawn(stream(&mut services).await.serve());
        let lines = told.backfill().await;
        assert!(lines[1].starts_with("failed Snapshot the state of A: ") && lines[1].contains(words), "{lines:?}");
        assert_eq!(lines.last().unwrap(), "ended false");
        assert_eq!(http.asked.lock().unwrap().len(), asked, "{words}");
        link.shutdown().await;
        service.await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_not_to_be_had_is_not_asked_for_once_for_each_device() {
    let ids: Vec<String> = (0..200).map(|n| format!("D{n:03}")).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    for (answer, most) in [(status(404, None), 7), (status(401, None), 2)] {
        let (http, fetcher) = canned(move |_| (SOON, answer.clone()));
        let (environment, mut services) = with(fetcher);
        let (link, mut told) = spawn(devices("ws://127.0.0.1/realtime", &ids), &environment, KNOWN);
        let service = tokio::spawn(stream(&mut services).await.serve());
        let lines = told.backfill().await;
        let asked = http.asked.lock().unwrap().len();
        assert!(asked <= most, "it was asked {asked} times");
        assert!(lines.len() <= most + 5, "{} lines", lines.len());
        assert!(lines.iter().any(|line| line.contains(" more: ") && line.ends_with("the gap stays")), "{lines:?}");
        link.shutdown().await;
        service.await.unwrap();
    }
    // A device that has none is no reason not to ask for the others'.
    let (http, fetcher) = canned(|fetch| {
        let is_odd = fetch.url.query().unwrap_or("").contains("D001");
        (SOON, if is_odd { status(404, None) } else { ok("[]") })
    });
    let (environment, mut services) = with(fetcher);
    let (link, mut told) = spawn(devices("ws://127.0.0.1/realtime", &ids), &environment, KNOWN);
    let service = tokio::spawn(stream(&mut services).await.serve());
    let lines = told.backfill().await;
    assert_eq!(lines.iter().filter(|line| line.starts_with("failed Missed")).count(), 1);
    assert_eq!(http.asked.lock().unwrap().len(), 202);
    assert_eq!(http.most.load(Ordering::SeqCst), 2, "two requests of one connection at once");
    link.shutdown().await;
    service.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn all_connections_together_make_sixteen_requests_at_once() {
    let (http, fetcher) = canned(|_| (Duration::from_secs(1), ok("[]")));
    let (environment, mut services) = with(fetcher);
    let mut links = Vec::new();
    for _ in 0..20 {
        let (link, mut told) = spawn(devices("ws://127.0.0.1/realtime", &["A", "B"]), &environment, KNOWN);
        let service = tokio::spawn(stream(&mut services).await.serve());
        links.push((link, tokio::spawn(async move { told.backfill().await }), service));
    }
    for (link, told, service) in links {
        assert_eq!(told.await.unwrap().last().unwrap(), "ended true");
        link.shutdown().await;
        service.await.unwrap();
    }
    assert_eq!(http.most.load(Ordering::SeqCst), 16);
    assert_eq!(http.asked.lock().unwrap().len(), 60);
}

#[tokio::test(start_paused = true)]
async fn what_is_unfinished_when_the_connection_ends_is_dropped_and_asked_for_again() {
    let (http, fetcher) = canned(|_| (Duration::from_secs(30), ok("[]")));
    let (environment, mut services) = with(fetcher);
    let (link, mut told) = spawn(devices("ws://127.0.0.1/realtime", &["A"]), &environment, KNOWN);
    let service = stream(&mut services).await;
    told.until("begun Start").await;
    sleep(Duration::from_secs(1)).await;
    drop(service);
    assert_eq!(told.next().await, "ended false");
    told.until("status backing_off").await;
    let service = tokio::spawn(stream(&mut services).await.serve());
    let lines = told.backfill().await;
    assert!(lines[0].starts_with("begun Reconnected") && lines.last().unwrap() == "ended true", "{lines:?}");
    assert_eq!(http.asked.lock().unwrap().len(), 4);
    link.shutdown().await;
    service.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_sleep_that_the_connection_lived_through_is_made_up_for() {
    let (_, fetcher) = canned(|_| (SOON, ok("[]")));
    let (environment, mut services) = with(fetcher);
    let (link, mut told) = spawn(devices("ws://127.0.0.1/realtime", &["A"]), &environment, KNOWN);
    let service = stream(&mut services).await;
    told.backfill().await;
    environment.wake.now();
    told.until("status stale").await;
    assert!(told.rest().is_empty(), "it is not known yet that it lives");
    sleep(Duration::from_secs(1)).await;
    // The answer to the ping shows that it does.
    let service = tokio::spawn(service.serve());
    told.until("status live").await;
    let lines = told.backfill().await;
    assert_eq!(lines[0], "begun Woke Some(Timestamp(1700000000000))");
    link.shutdown().await;
    service.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_flood_from_before_a_sleep_is_no_sign_of_life_after_it() {
    let (_, fetcher) = canned(|_| (SOON, ok("[]")));
    let (environment, mut services) = with(fetcher);
    let (_link, mut told) = spawn(devices("ws://127.0.0.1/realtime", &["A"]), &environment, KNOWN);
    let mut service = stream(&mut services).await;
    told.backfill().await;
    // Many batches lie in the buffer, and the service is gone without a word.
    service.unlock_many("A", 2_000).await;
    environment.wake.now();
    let begun = Instant::now();
    let mut lines = vec![told.next().await];
    while lines.last().unwrap() != "status backing_off" {
        lines.push(told.next().await);
    }
    assert!(begun.elapsed() < Duration::from_secs(6), "{:?}", begun.elapsed());
    let (events, rest): (Vec<String>, Vec<String>) = lines.into_iter().partition(|line| line.starts_with("stream"));
    assert_eq!(events.len(), 2_000, "what came before is taken");
    assert_eq!(rest, ["status stale", "status backing_off"]);
}

#[tokio::test(start_paused = true)]
async fn overflows_of_a_swarm_are_made_up_for_together() {
    let (http, fetcher) = canned(|_| (SOON, ok("[]")));
    let (environment, mut services) = with(fetcher);
    let mut jobs = devices("ws://127.0.0.1/ws", &["jobs"]);
    jobs.protocol = protocol::Protocol::Hantera;
    let (link, mut told) = spawn(jobs, &environment, None);
    let mut service = accept_jobs(&mut services).await;
    assert_eq!(told.backfill().await[0], "begun Start None");
    for _ in 0..30 {
        service.say(r#"{"type":"warning","code":"QUEUE_OVERFLOW","message":"5 events dropped"}"#).await;
        sleep(Duration::from_millis(100)).await;
    }
    let service = tokio::spawn(async move {
        loop {
            sleep(Duration::from_secs(30)).await;
            service.say(r#"{"type":"ping"}"#).await;
        }
    });
    sleep(Duration::from_secs(60)).await;
    let begun = told.rest().iter().filter(|line| line.starts_with("begun Overflow")).count();
    assert!((1..=2).contains(&begun), "{begun} backfills");
    assert!(http.asked.lock().unwrap().len() <= 2 + 2 * 3);
    service.abort();
    drop(link);
}

/// A job service that accepts everything.
async fn accept_jobs(services: &mut UnboundedReceiver<DuplexStream>) -> Stream<DuplexStream> {
    use futures_util::StreamExt;
    let stream = services.recv().await.unwrap();
    let mut service = Stream(tokio_tungstenite::accept_async(stream).await.unwrap());
    service.0.next().await.unwrap().unwrap();
    service.say(r#"{"type":"authenticated"}"#).await;
    let request = service.0.next().await.unwrap().unwrap().into_text().unwrap();
    service.say(&request.replace("subscribeEvents", "subscribedEvents")).await;
    service
}

#[tokio::test(start_paused = true)]
async fn a_test_of_a_connection_fetches_nothing() {
    let (http, fetcher) = canned(|_| (SOON, ok("[]")));
    let (environment, mut services) = with(fetcher);
    let service = tokio::spawn(async move { stream(&mut services).await.serve().await });
    let tested = link::probe(devices("ws://127.0.0.1/realtime", &["A"]), &environment, Duration::from_secs(10)).await;
    assert!(tested.is_live(), "{tested}");
    service.await.unwrap();
    assert!(http.asked.lock().unwrap().is_empty());
}
