//! What is fetched over real sockets: whole and broken answers, redirects, TLS.

use std::sync::Arc;
use std::time::Duration;

use link::dial::Network;
use link::fetch::Https;
use link::{Environment, Fetcher};
use protocol::{Connection, Timestamp};
use tokio::net::TcpListener;

use crate::fetching::{Requests, answer, devices, lock_events, respond, service, spawn};
use crate::support::{SECRET, environment};
use crate::tls::{Authority, Certificate};

const KNOWN: Option<Timestamp> = Some(Timestamp(1_700_000_000_000));

pub fn network() -> Environment {
    let network = Arc::new(Network::default());
    Environment { fetcher: Fetcher::over(Arc::new(Https::over(network.clone()))), ..environment(network) }
}

/// The lines of the first backfill.
async fn backfill(connection: Connection, known_until: Option<Timestamp>) -> Vec<String> {
    let (link, mut told) = spawn(connection, &network(), known_until);
    let lines = tokio::time::timeout(Duration::from_secs(60), told.backfill()).await.unwrap();
    link.shutdown().await;
    lines
}

/// What becomes of the snapshot when the service answers with these bytes.
async fn snapshot(bytes: String) -> (String, Requests) {
    let (port, requests) = service(move |_| bytes.clone()).await;
    let lines = backfill(devices(&format!("ws://127.0.0.1:{port}/realtime"), &["A"]), None).await;
    (lines[lines.len() - 2].clone(), requests)
}

#[tokio::test]
async fn state_and_lock_events_come_over_the_streams_port_with_the_key_in_a_header() {
    let (port, requests) = service(|path| match path {
        path if path.starts_with("/devices?") => {
            answer("200 OK", "", r#"{"devices":[{"hardware_id":"A","is_online":false}]}"#)
        }
        path if path.contains("offset=0") => answer("200 OK", "", &lock_events(0..1_000)),
        path if path.contains("offset=1000") => answer("200 OK", "", &lock_events(1_000..1_003)),
        _ => answer("404 Not Found", "", ""),
    })
    .await;
    let lines = backfill(devices(&format!("ws://127.0.0.1:{port}/realtime?x=1"), &["A"]), KNOWN).await;
    assert!(lines.contains(&"Snapshot device.presence A".to_owned()));
    assert!(lines.contains(&"fetched lock events of A: 1003".to_owned()));
    assert_eq!(lines.last().unwrap(), "ended true");
    for request in requests.lock().unwrap().iter() {
        let (first, headers) = request.split_once("\r\n").unwrap();
        assert!(first.starts_with("GET /") && !first.contains(SECRET), "{first}");
        assert!(headers.to_ascii_lowercase().contains(&format!("x-api-key: {SECRET}")), "the key is in a header");
    }
}

#[tokio::test]
async fn a_broken_answer_is_tried_again_and_told() {
    for (bytes, words, asked) in [
        ("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n[{\"hardware_id\":".to_owned(), "broke off", 3),
        (answer("200 OK", "", "<html>moved</html>"), "not JSON", 1),
        (answer("200 OK", "", "[{\"hardware_id\":"), "ends before it is whole", 1),
        ("HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n".to_owned(), "larger than 16 MiB", 1),
        ("ceci n'est pas HTTP\r\n\r\n".to_owned(), "without an answer", 3),
        (String::new(), "without an answer", 3),
        (answer("404 Not Found", "", ""), "has none here (404)", 1),
        (answer("401 Unauthorized", "", ""), "(401)", 1),
    ] {
        let (line, requests) = snapshot(bytes).await;
        assert!(line.starts_with("failed Snapshot the state of A: ") && line.contains(words), "{words}: {line}");
        assert_eq!(requests.lock().unwrap().len(), asked, "{words}");
    }
}

#[tokio::test]
async fn an_answer_without_a_length_is_bounded_too() {
    let (line, _) = snapshot(format!("HTTP/1.1 200 OK\r\n\r\n[{}1]", "1,".repeat(9 << 20))).await;
    assert!(line.contains("larger than 16 MiB"), "{line}");
}

#[tokio::test]
async fn retry_after_is_kept() {
    let first = std::sync::atomic::AtomicBool::new(true);
    let (port, requests) = service(move |_| match first.swap(false, std::sync::atomic::Ordering::SeqCst) {
        true => answer("503 Busy", "Retry-After: 1\r\n", ""),
        false => answer("200 OK", "", "[]"),
    })
    .await;
    let begun = std::time::Instant::now();
    let lines = backfill(devices(&format!("ws://127.0.0.1:{port}/realtime"), &["A"]), None).await;
    assert_eq!(lines.last().unwrap(), "ended true");
    assert!(begun.elapsed() >= Duration::from_secs(1));
    assert_eq!(requests.lock().unwrap().len(), 2);
}

#[tokio::test]
async fn a_redirect_is_followed_to_the_same_service_and_to_no_other() {
    let (elsewhere, stolen) = service(|_| answer("200 OK", "", "[]")).await;
    for target in [format!("http://127.0.0.1:{elsewhere}/devices"), format!("http://localhost:{elsewhere}/devices")] {
        let (line, asked) = snapshot(answer("307 Temporary Redirect", &format!("Location: {target}\r\n"), "")).await;
        assert!(line.contains("sends to another address (HTTP 307), where the credential must not go"), "{line}");
        assert!(!line.contains(&elsewhere.to_string()));
        assert_eq!(asked.lock().unwrap().len(), 1);
    }
    assert!(stolen.lock().unwrap().is_empty(), "the credential stayed");
    let (port, _) = service(|path| match path {
        "/there" => answer("200 OK", "", "[]"),
        _ => answer("302 Found", "Location: /there\r\n", ""),
    })
    .await;
    let lines = backfill(devices(&format!("ws://127.0.0.1:{port}/realtime"), &["A"]), None).await;
    assert_eq!(lines.last().unwrap(), "ended true", "{lines:?}");
    let (line, asked) = snapshot(answer("302 Found", "Location: /round\r\n", "")).await;
    assert!(line.contains("HTTP 302"), "{line}");
    assert_eq!(asked.lock().unwrap().len(), 5, "a service that sends round and round");
}

#[tokio::test]
async fn an_http_side_that_is_not_there_changes_nothing_for_the_stream() {
    let (port, _) = service(|_| String::new()).await;
    let nobody = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    let mut connection = devices(&format!("ws://127.0.0.1:{port}/realtime"), &["A"]);
    connection.http_url = Some(format!("http://127.0.0.1:{nobody}/").parse().unwrap());
    let lines = backfill(connection, KNOWN).await;
    let begin = format!("failed Missed lock events of A: nothing answers at 127.0.0.1 port {nobody}");
    let failed = lines.iter().find(|line| line.starts_with(&begin)).unwrap_or_else(|| panic!("{lines:?}"));
    assert!(failed.ends_with("; the gap stays"), "{failed}");
    assert!(lines.iter().all(|line| !line.contains("status backing_off")), "{lines:?}");
}

#[tokio::test]
async fn https_trusts_the_ca_file_and_nobody_else() {
    let authority = Authority::new("Fetching Test CA");
    let (port, _) = service(|_| String::new()).await;
    for (certificate, words) in [
        (Certificate::Good, "fetched the state of A: 0"),
        (Certificate::Expired, "has expired"),
        (Certificate::OtherName, "is for another name"),
    ] {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let https = listener.local_addr().unwrap().port();
        let acceptor = authority.acceptor(certificate);
        let log = Requests::default();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                if let Ok(stream) = acceptor.accept(stream).await {
                    respond(stream, &log, &|_| answer("200 OK", "", "[]")).await;
                }
            }
        });
        let mut connection = devices(&format!("ws://127.0.0.1:{port}/realtime"), &["A"]);
        connection.http_url = Some(format!("https://localhost:{https}/").parse().unwrap());
        connection.ca_file = Some(authority.ca_file());
        let line = backfill(connection.clone(), None).await.remove(1);
        assert!(line.contains(words), "{line}");
        if certificate == Certificate::Good {
            connection.ca_file = None;
            let line = backfill(connection, None).await.remove(1);
            assert!(line.contains("authority that is not trusted here"), "{line}");
        }
    }
}

/// What a link says of a fetch that goes wrong in every way, for the search for secrets.
pub async fn every_failure() -> String {
    let mut said = String::new();
    let location = "Location: http://127.0.0.1:1/elsewhere\r\n";
    for bytes in [answer("401 No", "", ""), answer("302 Found", location, ""), String::new(), answer("200 OK", "", "{")]
    {
        let (line, _) = snapshot(bytes).await;
        said += &line;
    }
    said
}
