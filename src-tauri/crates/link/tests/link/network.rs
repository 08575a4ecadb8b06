//! Real sockets on loopback.

use std::sync::Arc;
use std::time::Duration;

use link::dial::Network;
use link::{LinkStatus, Step, Tested};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::oneshot;

use crate::support::{accept, answer_http, connection, environment, spawn};

async fn listener() -> (TcpListener, String, u16) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    (listener, format!("ws://127.0.0.1:{port}/stream"), port)
}

async fn accepted(listener: &TcpListener) -> TcpStream {
    listener.accept().await.unwrap().0
}

#[tokio::test]
async fn a_service_that_goes_away_and_comes_back_on_its_port_is_live_again_by_itself() {
    let (first, url, port) = listener().await;
    let (link, mut heard) = spawn(connection(&url), &environment(Arc::new(Network::default())));
    let service = accept(accepted(&first).await).await.welcome().await;
    heard.until("live").await;
    drop((service, first));
    let LinkStatus::BackingOff { cause, .. } = heard.until("backing_off").await else { unreachable!() };
    assert_eq!(cause, "the connection was lost");
    let LinkStatus::BackingOff { cause, attempt: 2, .. } = heard.until("backing_off").await else {
        panic!("the port is closed")
    };
    assert_eq!(
        cause,
        format!("nothing answers at 127.0.0.1 port {port} (connection refused); is the service running there?")
    );
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_reuseaddr(true).unwrap();
    socket.bind(([127, 0, 0, 1], port).into()).unwrap();
    let second = socket.listen(8).unwrap();
    let service = accept(accepted(&second).await).await.welcome().await;
    heard.until("live").await;
    let service = tokio::spawn(service.serve());
    link.shutdown().await;
    assert_eq!(service.await.unwrap().len(), 2, "leave and close");
}

#[tokio::test]
async fn the_second_address_is_tried_when_the_first_does_not_answer() {
    // `localhost` is ::1 and 127.0.0.1 on most computers; the service is on one of them only.
    let (listener, _, port) = listener().await;
    let (_link, mut heard) =
        spawn(connection(&format!("ws://localhost:{port}/")), &environment(Arc::new(Network::default())));
    let _service = accept(accepted(&listener).await).await.welcome().await;
    heard.until("live").await;
}

#[tokio::test]
async fn a_name_that_is_not_found_is_said() {
    let url = "ws://no-such-name.invalid/";
    let (_link, mut heard) = spawn(connection(url), &environment(Arc::new(Network::default())));
    let LinkStatus::BackingOff { cause, .. } = heard.until("backing_off").await else { unreachable!() };
    assert!(
        cause == "the name no-such-name.invalid was not found; check the url and this computer's network connection"
            || cause.starts_with("no name server answered for no-such-name.invalid"),
        "{cause}"
    );
}

#[tokio::test]
async fn what_is_no_websocket_service_is_said() {
    for (answer, sentence) in [
        ("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "the service answered with HTTP 200"),
        ("SSH-2.0-OpenSSH_9.2\r\n\r\n", "127.0.0.1 does not answer as a WebSocket service"),
        (
            "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: x\r\n\r\n",
            "127.0.0.1 does not answer as a WebSocket service",
        ),
        ("", "127.0.0.1 ended the connection during the WebSocket upgrade"),
    ] {
        let (listener, url, _) = listener().await;
        let (link, mut heard) = spawn(connection(&url), &environment(Arc::new(Network::default())));
        answer_http(accepted(&listener).await, answer).await;
        let LinkStatus::BackingOff { cause, .. } = heard.until("backing_off").await else { unreachable!() };
        assert!(cause.starts_with(sentence), "{cause}");
        assert!(!cause.contains("token="), "{cause}");
        link.shutdown().await;
    }
}

#[tokio::test]
async fn a_failing_connection_is_tested_in_a_sentence() {
    let (listener, url, port) = listener().await;
    drop(listener);
    let environment = environment(Arc::new(Network::default()));
    let tested = link::probe(connection(&url), &environment, Duration::from_secs(10)).await;
    assert_eq!(
        tested.to_string(),
        format!(
            "not live: nothing answers at 127.0.0.1 port {port} (connection refused); is the service running there?"
        )
    );
    let mut unset = connection(&url);
    unset.credential = Some(protocol::CredentialSource::Env("SIGNALBOX_NO_SUCH_VARIABLE".into()));
    let tested = link::probe(unset, &environment, Duration::from_secs(10)).await;
    assert_eq!(
        tested.to_string(),
        "not live: the environment variable SIGNALBOX_NO_SUCH_VARIABLE holds no credential; set it before Signalbox starts"
    );
}

#[tokio::test]
async fn a_silent_service_is_tested_within_the_time() {
    let (listener, url, _) = listener().await;
    let (done, over) = oneshot::channel::<()>();
    let service = tokio::spawn(async move {
        let _stream = accepted(&listener).await;
        let _ = over.await;
    });
    let environment = environment(Arc::new(Network::default()));
    let tested = link::probe(connection(&url), &environment, Duration::from_secs(1)).await;
    assert_eq!(tested, Tested::Failed { step: Step::Open, cause: "it did not get live (within 1 s)".into() });
    drop(done);
    service.await.unwrap();
}
