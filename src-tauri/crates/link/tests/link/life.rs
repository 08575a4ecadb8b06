//! The life over attempts and of one socket, under paused time over streams in memory.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use link::{LinkStatus, NotAsked};
use protocol::{Ask, CredentialSource};
use secrecy::SecretString;
use tokio::io::DuplexStream;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep, timeout};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;

use crate::support::{Heard, Memory, SECRET, Told, accept, answer_http, connection, environment, spawn};

const URL: &str = "ws://service.test/stream";

struct Setting {
    link: link::Link,
    heard: Heard,
    services: mpsc::UnboundedReceiver<DuplexStream>,
    memory: Arc<Memory>,
    environment: link::Environment,
}

fn setting() -> Setting {
    let (memory, services) = Memory::new(Duration::ZERO);
    let environment = environment(memory.clone());
    let (link, heard) = spawn(connection(URL), &environment);
    Setting { link, heard, services, memory, environment }
}

#[tokio::test(start_paused = true)]
async fn live_is_told_when_the_service_acknowledges_and_not_before() {
    let Setting { link, mut heard, mut services, .. } = setting();
    assert_eq!(heard.status().await, LinkStatus::Connecting { attempt: 1 });
    let mut service = accept(services.recv().await.unwrap()).await;
    assert_eq!(heard.status().await, LinkStatus::Authenticating);
    assert_eq!(service.text().await, format!("login {SECRET}"));
    sleep(Duration::from_secs(3)).await;
    assert_eq!(link.status(), LinkStatus::Authenticating);
    service.say("welcome").await;
    assert_eq!(heard.status().await, LinkStatus::Subscribing);
    assert_eq!(service.text().await, "subscribe");
    assert!(matches!(link.ask(Ask::Subscribe("early".into())), Err(NotAsked::NotLive(LinkStatus::Subscribing))));
    service.say("subscribed").await;
    service.say("an event").await;
    assert_eq!(heard.next().await, Told::Subscription("things Accepted".into()));
    assert!(matches!(heard.next().await, Told::Status(LinkStatus::Live { .. })), "told before what follows it");
    assert_eq!(heard.next().await, Told::Event("an event".into()));
    link.ask(Ask::Subscribe("more".into())).unwrap();
    assert_eq!(service.text().await, "ask more");
    assert_eq!(heard.frames.load(Ordering::Relaxed), 3);
}

#[tokio::test(start_paused = true)]
async fn shutdown_leaves_closes_with_1000_and_stops() {
    let Setting { link, mut heard, mut services, .. } = setting();
    let service = accept(services.recv().await.unwrap()).await.welcome().await;
    heard.until("live").await;
    let service = tokio::spawn(service.serve());
    let begun = Instant::now();
    link.shutdown().await;
    assert!(begun.elapsed() < Duration::from_millis(500), "an answered goodbye waits for nothing more");
    let goodbye = CloseFrame { code: 1000.into(), reason: "goodbye".into() };
    assert_eq!(service.await.unwrap(), [Message::text("leave"), Message::Close(Some(goodbye))]);
    assert_eq!(heard.status().await, LinkStatus::Stopped);
}

#[tokio::test(start_paused = true)]
async fn shutdown_is_bounded_when_the_service_does_not_answer() {
    let Setting { link, mut heard, mut services, .. } = setting();
    let _service = accept(services.recv().await.unwrap()).await.welcome().await;
    heard.until("live").await;
    let begun = Instant::now();
    link.shutdown().await;
    assert!(begun.elapsed() <= Duration::from_millis(2_100), "{:?}", begun.elapsed());
    assert_eq!(heard.status().await, LinkStatus::Stopped);
}

#[tokio::test(start_paused = true)]
async fn shutdown_ends_every_kind_of_waiting_at_once() {
    // While it connects: the service never answers the upgrade.
    let Setting { link, mut heard, services: _services, .. } = setting();
    heard.until("connecting").await;
    let begun = Instant::now();
    link.shutdown().await;
    assert_eq!(begun.elapsed(), Duration::ZERO);
    // In a backoff.
    let Setting { link, mut heard, services, .. } = setting();
    drop(services);
    heard.until("backing_off").await;
    let begun = Instant::now();
    link.shutdown().await;
    assert_eq!(begun.elapsed(), Duration::ZERO);
    assert_eq!(heard.until("stopped").await, LinkStatus::Stopped);
}

#[tokio::test(start_paused = true)]
async fn a_dropped_handle_shuts_the_connection_down() {
    let Setting { link, mut heard, mut services, .. } = setting();
    let service = accept(services.recv().await.unwrap()).await.welcome().await;
    heard.until("live").await;
    drop(link);
    assert_eq!(service.serve().await.len(), 2);
    heard.until("stopped").await;
}

#[tokio::test(start_paused = true)]
async fn accept_then_close_does_not_spin() {
    let Setting { link: _link, mut heard, mut services, memory, .. } = setting();
    let begun = Instant::now();
    tokio::spawn(async move {
        while let Some(stream) = services.recv().await {
            accept(stream).await.welcome().await.close(1012, "restart").await;
        }
    });
    for failure in 1..=12u32 {
        let LinkStatus::BackingOff { attempt, retry_in, cause, .. } = heard.until("backing_off").await else {
            unreachable!()
        };
        assert_eq!(attempt, failure, "being live for a moment forgives nothing");
        let ceiling = Duration::from_millis(500).saturating_mul(1 << failure).min(Duration::from_secs(60));
        assert!(retry_in >= Duration::from_millis(500) && retry_in <= ceiling, "{failure}: {retry_in:?}");
        assert_eq!(cause, "the service closed with 1012 restart");
    }
    let dials = memory.dials.load(Ordering::SeqCst);
    assert_eq!(dials, 12);
    assert!(begun.elapsed() > Duration::from_secs(60), "twelve attempts in {:?}", begun.elapsed());
}

#[tokio::test(start_paused = true)]
async fn failures_are_forgotten_after_it_was_live_for_half_a_minute() {
    let Setting { link: _link, mut heard, mut services, .. } = setting();
    for expected in 1..=4 {
        drop(services.recv().await.unwrap());
        let LinkStatus::BackingOff { attempt, .. } = heard.until("backing_off").await else { unreachable!() };
        assert_eq!(attempt, expected);
    }
    let service = accept(services.recv().await.unwrap()).await.welcome().await;
    heard.until("live").await;
    sleep(Duration::from_secs(31)).await;
    service.close(1001, "away").await;
    let LinkStatus::BackingOff { attempt, retry_in, .. } = heard.until("backing_off").await else { unreachable!() };
    assert_eq!(attempt, 1);
    assert!(retry_in <= Duration::from_secs(1));
    assert_eq!(heard.until("connecting").await, LinkStatus::Connecting { attempt: 2 });
}

#[tokio::test(start_paused = true)]
async fn a_refused_credential_stops_until_there_is_another_one() {
    let Setting { link, mut heard, mut services, memory, environment } = setting();
    answer_http(services.recv().await.unwrap(), "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n").await;
    let LinkStatus::NeedsCredential { cause } = heard.until("needs_credential").await else { unreachable!() };
    assert_eq!(cause, "the service refused the credential (HTTP 401)");
    sleep(Duration::from_secs(24 * 3600)).await;
    assert_eq!(memory.dials.load(Ordering::SeqCst), 1, "a refused credential is not tried again");
    // Another connection's credential changes nothing here.
    let keep = |entry: &str| {
        let secret = SecretString::from(SECRET.to_owned());
        environment.credentials.keep_for_this_run(CredentialSource::Keychain(entry.into()), secret).unwrap();
    };
    keep("another");
    sleep(Duration::from_secs(60)).await;
    assert_eq!(memory.dials.load(Ordering::SeqCst), 1);
    keep("test");
    accept(services.recv().await.unwrap()).await.welcome().await.close(4001, "").await;
    heard.until("needs_credential").await;
    sleep(Duration::from_secs(3600)).await;
    assert_eq!(memory.dials.load(Ordering::SeqCst), 2);
    link.retry_now();
    accept(services.recv().await.unwrap()).await.welcome().await.close(4002, "full").await;
    assert_eq!(heard.until("refused").await.to_string(), "refused: the service has no room for this connection (4002)");
    link.probe();
    sleep(Duration::from_secs(3600)).await;
    assert_eq!(memory.dials.load(Ordering::SeqCst), 3, "neither time nor a probe retries a refusal");
    link.retry_now();
    assert_eq!(heard.until("connecting").await, LinkStatus::Connecting { attempt: 1 });
}

#[tokio::test(start_paused = true)]
async fn retry_after_is_honoured_and_retry_now_goes_before_it() {
    let Setting { link, mut heard, mut services, environment, .. } = setting();
    let busy = "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 120\r\nContent-Length: 0\r\n\r\n";
    answer_http(services.recv().await.unwrap(), busy).await;
    let LinkStatus::BackingOff { retry_in, until, cause, .. } = heard.until("backing_off").await else {
        unreachable!()
    };
    assert_eq!((retry_in, cause.as_str()), (Duration::from_secs(120), "the service answered with HTTP 503"));
    assert_eq!(until.since(environment.clock.now()), 120_000 - 50);
    environment.wake.now();
    assert!(timeout(Duration::from_secs(119), services.recv()).await.is_err(), "a wake is no reason to ask too early");
    answer_http(services.recv().await.unwrap(), busy).await;
    heard.until("backing_off").await;
    link.retry_now();
    assert!(timeout(Duration::from_millis(10), services.recv()).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_half_open_socket_goes_stale_and_is_found_dead() {
    let Setting { link: _link, mut heard, mut services, environment, .. } = setting();
    let _service = accept(services.recv().await.unwrap()).await.welcome().await;
    let LinkStatus::Live { since } = heard.until("live").await else { unreachable!() };
    let LinkStatus::Stale { since: last } = heard.status().await else { panic!("a silent stream looks stale") };
    assert!(last.since(since) < 1_000, "its age is from the last frame");
    assert_eq!(environment.clock.now().since(since) / 1_000, 45);
    let LinkStatus::BackingOff { cause, .. } = heard.status().await else { panic!("not ended") };
    assert_eq!(cause, "the service did not answer the heartbeat");
    assert_eq!(environment.clock.now().since(since) / 1_000, 60);
}

#[tokio::test(start_paused = true)]
async fn an_answered_heartbeat_keeps_it_live() {
    let Setting { link, mut heard, mut services, .. } = setting();
    let service = accept(services.recv().await.unwrap()).await.welcome().await;
    heard.until("live").await;
    let service = tokio::spawn(service.serve());
    sleep(Duration::from_secs(3600)).await;
    assert_eq!(heard.rest(), [], "an hour of heartbeats changes no status");
    assert_eq!(link.status().name(), "live");
    link.shutdown().await;
    let beats = service.await.unwrap().iter().filter(|message| **message == Message::text("beat")).count();
    assert!((119..=121).contains(&beats), "{beats} beats in an hour");
}

#[tokio::test(start_paused = true)]
async fn a_wake_probes_and_the_answer_makes_it_live_again() {
    let Setting { link: _link, mut heard, mut services, environment, .. } = setting();
    let mut service = accept(services.recv().await.unwrap()).await.welcome().await;
    let live = heard.until("live").await;
    sleep(Duration::from_secs(1)).await;
    environment.wake.now();
    assert_eq!(heard.status().await.name(), "stale");
    assert_eq!(service.message().await, Message::Ping(Default::default()));
    service.say("an event").await;
    assert_eq!(heard.until("live").await, live, "it has been live since the beginning");
    // The next time, the service is gone without a word.
    environment.wake.now();
    assert_eq!(heard.status().await.name(), "stale");
    let begun = Instant::now();
    heard.until("backing_off").await;
    assert_eq!(begun.elapsed(), Duration::from_secs(5));
}

#[tokio::test(start_paused = true)]
async fn a_wake_ends_a_backoff() {
    let Setting { link: _link, mut heard, mut services, environment, .. } = setting();
    for _ in 0..8 {
        drop(services.recv().await.unwrap());
        heard.until("backing_off").await;
    }
    environment.wake.now();
    let begun = Instant::now();
    services.recv().await.unwrap();
    assert!(begun.elapsed() <= Duration::from_millis(10));
}

#[tokio::test(start_paused = true)]
async fn an_ask_that_the_end_of_the_connection_overtook_is_given_back() {
    let Setting { link, mut heard, mut services, .. } = setting();
    let service = accept(services.recv().await.unwrap()).await.welcome().await;
    heard.until("live").await;
    // The task has no turn between the close and the ask.
    let mut asked = 0;
    while link.ask(Ask::Subscribe("late".into())).is_ok() {
        asked += 1;
    }
    assert_eq!(asked, 64, "the queue is bounded");
    assert_eq!(link.ask(Ask::Subscribe("late".into())), Err(NotAsked::Busy));
    drop(service);
    heard.until("backing_off").await;
    let given_back = heard.rest().into_iter().filter(|told| matches!(told, Told::NotAsked(_))).count();
    assert!(given_back <= 64);
    assert!(matches!(link.ask(Ask::Subscribe("late".into())), Err(NotAsked::NotLive(_))));
}

#[tokio::test(start_paused = true)]
async fn a_fault_ends_one_attempt_and_not_the_connection() {
    let Setting { link: _link, mut heard, mut services, .. } = setting();
    let mut service = accept(services.recv().await.unwrap()).await.welcome().await;
    heard.until("live").await;
    service.say("fault").await;
    let LinkStatus::BackingOff { cause, .. } = heard.until("backing_off").await else { unreachable!() };
    assert_eq!(cause, "an internal fault ended the connection; the log has its place");
    let _service = accept(services.recv().await.unwrap()).await.welcome().await;
    heard.until("live").await;
}

#[tokio::test(start_paused = true)]
async fn a_dial_that_hangs_ends_after_15_s() {
    let Setting { link: _link, mut heard, services: _services, .. } = setting();
    heard.until("connecting").await;
    let begun = Instant::now();
    let LinkStatus::BackingOff { cause, .. } = heard.status().await else { panic!("not ended") };
    assert_eq!(begun.elapsed(), Duration::from_secs(15));
    assert_eq!(cause, "service.test did not answer within 15 s");
}
