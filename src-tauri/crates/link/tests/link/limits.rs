//! What is bounded, and what one connection may do to another.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use futures_util::SinkExt;
use link::dial::Network;
use link::{EventSink, Link, LinkStatus, Receiver};
use tokio::net::TcpListener;
use tokio::time::{Instant, sleep, timeout};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;

use crate::support::{Memory, Recorder, Small, accept, connection, environment, recorder, spawn};

const URL: &str = "ws://service.test/stream";

#[tokio::test(start_paused = true)]
async fn a_thousand_connections_dial_fifty_at_once_and_are_live_in_15_s() {
    let (memory, mut services) = Memory::new(Duration::from_millis(200));
    let environment = environment(memory.clone());
    tokio::spawn(async move {
        while let Some(stream) = services.recv().await {
            tokio::spawn(async move { accept(stream).await.welcome().await.serve().await });
        }
    });
    let begun = Instant::now();
    let mut links: Vec<_> = (0..1_000).map(|_| spawn(connection(URL), &environment)).collect();
    for (_, heard) in &mut links {
        heard.until("live").await;
    }
    assert!(begun.elapsed() <= Duration::from_secs(15), "{:?}", begun.elapsed());
    let most = memory.most.load(Ordering::SeqCst);
    assert!((30..=50).contains(&most), "{most} dials at once");
}

#[tokio::test(start_paused = true)]
async fn a_message_over_the_limit_ends_the_attempt_and_says_so() {
    let (memory, mut services) = Memory::new(Duration::ZERO);
    let (_link, mut heard) = spawn(connection(URL), &environment(memory));
    let mut service = accept(services.recv().await.unwrap()).await.welcome().await;
    heard.until("live").await;
    service.say(&"x".repeat(64 << 10)).await;
    assert_eq!(heard.event().await.len(), 64 << 10, "as large as may be");
    let _ = service.0.send(Message::text("x".repeat((64 << 10) + 1))).await;
    let LinkStatus::BackingOff { cause, .. } = heard.until("backing_off").await else { unreachable!() };
    assert_eq!(cause, "the service sent a message of 65537 bytes, over the limit of 64.0 KiB");
    let too_big = CloseFrame { code: 1009.into(), reason: "".into() };
    assert_eq!(service.message().await, Message::Close(Some(too_big)));
    let mut service = accept(services.recv().await.unwrap()).await.welcome().await;
    heard.until("live").await;
    // In pieces, each of which is small enough.
    use tokio_tungstenite::tungstenite::protocol::frame::Frame;
    use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};
    for piece in 0..5 {
        let opcode = OpCode::Data(if piece == 0 { Data::Text } else { Data::Continue });
        let frame = Frame::message("x".repeat(20 << 10), opcode, false);
        let _ = service.0.send(Message::Frame(frame)).await;
    }
    let LinkStatus::BackingOff { cause, .. } = heard.until("backing_off").await else { unreachable!() };
    assert!(cause.contains("over the limit of 64.0 KiB"), "{cause}");
}

#[tokio::test(start_paused = true)]
async fn a_bad_connection_changes_nothing_for_the_others() {
    let (good_memory, mut good_services) = Memory::new(Duration::ZERO);
    let (bad_memory, mut bad_services) = Memory::new(Duration::ZERO);
    let shared = environment(good_memory);
    let (_good, mut good) = spawn(connection(URL), &shared);
    let bad_environment = link::Environment { connector: bad_memory, ..shared.clone() };
    let bad: Vec<_> = (0..20).map(|_| spawn(connection(URL), &bad_environment)).collect();
    tokio::spawn(async move {
        let mut kept = Vec::new();
        let mut count = 0;
        while let Some(stream) = bad_services.recv().await {
            count += 1;
            match count % 4 {
                // Half-open, closing, gone, garbage.
                0 => kept.push(accept(stream).await),
                1 => accept(stream).await.welcome().await.close(1011, "broken").await,
                2 => drop(stream),
                _ => {
                    let mut service = accept(stream).await.welcome().await;
                    let _ = service.0.send(Message::text("fault")).await;
                }
            }
        }
    });
    let service = accept(good_services.recv().await.unwrap()).await.welcome().await;
    good.until("live").await;
    tokio::spawn(service.serve());
    sleep(Duration::from_secs(600)).await;
    assert_eq!(good.rest(), []);
    drop(bad);
}

/// A receiver that has room when the test says so.
struct Full {
    inner: Recorder,
    room: Arc<AtomicBool>,
    waker: Arc<std::sync::Mutex<Option<Waker>>>,
}

impl Receiver for Full {
    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        *self.waker.lock().unwrap() = Some(cx.waker().clone());
        if self.room.load(Ordering::SeqCst) { Poll::Ready(()) } else { Poll::Pending }
    }

    fn batch(&mut self, drain: &mut dyn FnMut(&mut dyn EventSink)) {
        self.inner.batch(drain);
    }

    fn status(&mut self, status: &LinkStatus) {
        self.inner.status(status);
    }
}

#[tokio::test(start_paused = true)]
async fn a_full_receiver_holds_the_service_back_and_heartbeats_go_on() {
    let (memory, mut services) = Memory::new(Duration::ZERO);
    let connection = connection(URL);
    let (room, waker) = (Arc::new(AtomicBool::new(true)), Arc::default());
    let (inner, mut heard) = recorder();
    let full = Full { inner, room: room.clone(), waker: Arc::clone(&waker) };
    let _link = Link::spawn_session(Box::new(Small::new(&connection)), connection, &environment(memory), full);
    let mut service = accept(services.recv().await.unwrap()).await.welcome().await;
    heard.until("live").await;
    room.store(false, Ordering::SeqCst);
    let before = heard.frames.load(Ordering::Relaxed);
    let mut sent = 0;
    let message = "x".repeat(10_000);
    while timeout(Duration::from_millis(100), service.0.send(Message::text(message.as_str()))).await.is_ok() {
        sent += 1;
        assert!(sent < 200, "the stream between holds 256 KiB");
    }
    assert!(heard.frames.load(Ordering::Relaxed) <= before + 1);
    assert_eq!(timeout(Duration::from_secs(31), service.text()).await.unwrap(), "beat", "what is to be sent goes on");
    room.store(true, Ordering::SeqCst);
    waker.lock().unwrap().take().unwrap().wake();
    for _ in 0..sent {
        assert_eq!(heard.event().await.len(), 10_000);
    }
}

#[tokio::test(start_paused = true)]
async fn what_waited_for_a_receiver_is_no_answer_to_a_probe() {
    let (memory, mut services) = Memory::new(Duration::ZERO);
    let connection = connection(URL);
    let (room, waker) = (Arc::new(AtomicBool::new(true)), Arc::<std::sync::Mutex<Option<Waker>>>::default());
    let (inner, mut heard) = recorder();
    let full = Full { inner, room: room.clone(), waker: Arc::clone(&waker) };
    let environment = environment(memory);
    let _link = Link::spawn_session(Box::new(Small::new(&connection)), connection, &environment, full);
    let mut service = accept(services.recv().await.unwrap()).await.welcome().await;
    heard.until("live").await;
    room.store(false, Ordering::SeqCst);
    service.say("before the sleep").await;
    environment.wake.now();
    sleep(Duration::from_millis(100)).await;
    room.store(true, Ordering::SeqCst);
    waker.lock().unwrap().take().unwrap().wake();
    assert_eq!(heard.event().await, "before the sleep");
    assert_eq!(heard.status().await.name(), "stale");
    // The service is gone without a word.
    assert_eq!(heard.status().await.name(), "backing_off");
}

#[tokio::test(start_paused = true)]
async fn what_waited_for_a_receiver_for_long_is_no_answer_to_a_probe_either() {
    // Either longer than a probe waits for room, or than the service's answer may take.
    for (is_there, seconds) in [(false, 3), (false, 8), (true, 3), (true, 8)] {
        let (memory, mut services) = Memory::new(Duration::ZERO);
        let connection = connection(URL);
        let (room, waker) = (Arc::new(AtomicBool::new(true)), Arc::<std::sync::Mutex<Option<Waker>>>::default());
        let (inner, mut heard) = recorder();
        let full = Full { inner, room: room.clone(), waker: Arc::clone(&waker) };
        let environment = environment(memory);
        let _link = Link::spawn_session(Box::new(Small::new(&connection)), connection, &environment, full);
        let mut service = accept(services.recv().await.unwrap()).await.welcome().await;
        heard.until("live").await;
        room.store(false, Ordering::SeqCst);
        service.say("before the sleep").await;
        environment.wake.now();
        // Nobody is asked to prove anything while what has come lies there unread; it is doubted all the same.
        sleep(Duration::from_secs(seconds)).await;
        assert_eq!(heard.status().await.name(), "stale");
        assert_eq!(heard.rest(), []);
        room.store(true, Ordering::SeqCst);
        waker.lock().unwrap().take().unwrap().wake();
        assert_eq!(heard.event().await, "before the sleep");
        sleep(Duration::from_secs(1)).await;
        assert_eq!(heard.rest(), [], "it is old, and no sign of life");
        if is_there {
            tokio::spawn(service.serve());
        }
        assert_eq!(heard.status().await.name(), if is_there { "live" } else { "backing_off" });
    }
}

#[tokio::test]
async fn what_came_over_the_network_while_a_receiver_was_full_comes_in_when_it_is_not() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let connection = connection(&format!("ws://{}/", listener.local_addr().unwrap()));
    let (room, waker) = (Arc::new(AtomicBool::new(true)), Arc::default());
    let (inner, mut heard) = recorder();
    let full = Full { inner, room: room.clone(), waker: Arc::clone(&waker) };
    let environment = environment(Arc::new(Network::default()));
    let link = Link::spawn_session(Box::new(Small::new(&connection)), connection, &environment, full);
    let mut service = accept(listener.accept().await.unwrap().0).await.welcome().await;
    heard.until("live").await;
    for round in 0..5 {
        room.store(false, Ordering::SeqCst);
        for count in 0..3 {
            service.0.send(Message::text(format!("{round}.{count}"))).await.unwrap();
            sleep(Duration::from_millis(5)).await;
        }
        room.store(true, Ordering::SeqCst);
        waker.lock().unwrap().take().unwrap().wake();
        for count in 0..3 {
            assert_eq!(heard.event().await, format!("{round}.{count}"));
        }
    }
    room.store(false, Ordering::SeqCst);
    let service = tokio::spawn(service.serve());
    link.shutdown().await;
    assert_eq!(service.await.unwrap().len(), 2, "leave and close");
}

#[tokio::test]
async fn what_the_system_has_not_spoken_of_yet_is_no_answer_to_a_probe() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let connection = connection(&format!("ws://{}/", listener.local_addr().unwrap()));
    let (room, waker) = (Arc::new(AtomicBool::new(true)), Arc::default());
    let (inner, mut heard) = recorder();
    let full = Full { inner, room: room.clone(), waker };
    let environment = environment(Arc::new(Network::default()));
    let link = Link::spawn_session(Box::new(Small::new(&connection)), connection, &environment, full);
    let mut service = accept(listener.accept().await.unwrap().0).await.welcome().await;
    heard.until("live").await;
    // The link looks and finds no room: from here on it is not woken for a little.
    room.store(false, Ordering::SeqCst);
    link.ask(protocol::Ask::Subscribe("more".into())).unwrap();
    assert_eq!(service.text().await, "ask more");
    service.say("before the sleep").await;
    sleep(Duration::from_millis(50)).await;
    assert_eq!(heard.rest(), [], "it waits in the socket");
    room.store(true, Ordering::SeqCst);
    environment.wake.now();
    assert_eq!(heard.event().await, "before the sleep");
    assert_eq!(heard.status().await.name(), "stale");
    sleep(Duration::from_millis(200)).await;
    assert_eq!(heard.rest(), [], "nothing has come since");
}

#[tokio::test(start_paused = true)]
async fn a_flood_is_taken_in_batches_in_order() {
    let (memory, mut services) = Memory::new(Duration::ZERO);
    let (link, mut heard) = spawn(connection(URL), &environment(memory));
    let mut service = accept(services.recv().await.unwrap()).await.welcome().await;
    heard.until("live").await;
    let sender = tokio::spawn(async move {
        for count in 0..20_000 {
            service.0.feed(Message::text(count.to_string())).await.unwrap();
        }
        service.0.flush().await.unwrap();
        service
    });
    for count in 0..20_000 {
        assert_eq!(heard.event().await, count.to_string());
    }
    assert_eq!(link.status().name(), "live");
    drop(sender);
}
