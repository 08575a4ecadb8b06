//! Map tiles over real sockets: what is kept, what is refused, what leaves this computer, and what is said of failures.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use link::fetch::{NoTile, Tiles};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::tls::{Authority, Certificate};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\nthe rest of it";
const KEY: &str = "s3cr3t-tile-key";

/// A tile server that answers each request by its path; what it was asked is kept.
async fn server(answer: impl Fn(&str) -> Vec<u8> + Send + Sync + 'static) -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let (asked, answer) = (Arc::new(Mutex::new(Vec::new())), Arc::new(answer));
    let kept = asked.clone();
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let (kept, answer) = (kept.clone(), answer.clone());
            tokio::spawn(async move {
                let mut head = Vec::new();
                let mut chunk = [0; 1024];
                while !head.windows(4).any(|part| part == b"\r\n\r\n") {
                    match socket.read(&mut chunk).await {
                        Ok(read) if read > 0 => head.extend_from_slice(&chunk[..read]),
                        _ => return,
                    }
                }
                let head = String::from_utf8_lossy(&head).into_owned();
                let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
                kept.lock().unwrap().push(head);
                let _ = socket.write_all(&answer(&path)).await;
            });
        }
    });
    (format!("http://127.0.0.1:{port}/{{z}}/{{x}}/{{y}}.png?key={KEY}"), asked)
}

fn answer(status: &str, more: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\n{more}Connection: close\r\n\r\n", body.len());
    [head.as_bytes(), body].concat()
}

fn failed(told: Result<impl std::fmt::Debug, NoTile>) -> String {
    match told {
        Err(NoTile::Failed(sentence)) => sentence,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_tile_is_fetched_once_and_tells_the_server_only_which_it_is() {
    let (address, asked) = server(|_| answer("200 OK", "Content-Type: text/html\r\n", PNG)).await;
    let tiles = Tiles::default();
    assert_eq!(tiles.tile((3, 4, 2)).await.unwrap_err(), NoTile::Off);
    tiles.set_address(Some(&address));
    for _ in 0..2 {
        let tile = tiles.tile((3, 4, 2)).await.unwrap();
        assert_eq!((tile.media, tile.bytes.as_slice()), ("image/png", PNG), "it is what it is, not what it is called");
    }
    let asked = asked.lock().unwrap().clone();
    assert_eq!(asked.len(), 1);
    assert!(asked[0].starts_with(&format!("GET /3/4/2.png?key={KEY} HTTP/1.1")), "{}", asked[0]);
    let names: Vec<String> = asked[0]
        .lines()
        .skip(1)
        .filter_map(|line| line.split_once(':'))
        .map(|(name, _)| name.to_ascii_lowercase())
        .collect();
    assert!(names.iter().all(|name| ["accept", "host", "user-agent"].contains(&name.as_str())), "{names:?}");
    assert_eq!(tiles.server().unwrap(), "127.0.0.1");
    tiles.set_address(None);
    assert_eq!(tiles.tile((3, 4, 2)).await.unwrap_err(), NoTile::Off, "what was kept is forgotten with its server");
}

#[tokio::test]
async fn a_place_that_is_none_is_not_asked_for() {
    let (address, asked) = server(|_| answer("200 OK", "", PNG)).await;
    let tiles = Tiles::default();
    tiles.set_address(Some(&address));
    for id in [(3, 8, 0), (3, 0, 8), (23, 0, 0), (255, 1, 1)] {
        assert_eq!(tiles.tile(id).await.unwrap_err(), NoTile::Outside, "{id:?}");
    }
    assert!(asked.lock().unwrap().is_empty());
}

#[tokio::test]
async fn what_goes_wrong_is_said_in_a_sentence_without_the_key() {
    let large = answer("200 OK", "", &[PNG, &vec![0; 2 << 20]].concat());
    for (bytes, words) in [
        (answer("403 Forbidden", "", b"no"), "refuses map tiles (403)"),
        (answer("404 Not Found", "", b""), "no map tile here (404)"),
        (answer("429 Too Many Requests", "Retry-After: 30\r\n", b""), "fewer requests (429)"),
        (answer("302 Found", "Location: http://203.0.113.9/x\r\n", b""), "not followed"),
        (answer("500 Oops", "", b""), "answered 500"),
        (answer("200 OK", "", b"<html>please log in</html>"), "no picture"),
        (large, "larger than 1 MiB"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n\x89PNG".to_vec(), "broke off"),
        (b"what?".to_vec(), "without an answer"),
    ] {
        let (address, _) = server(move |_| bytes.clone()).await;
        let tiles = Tiles::default();
        tiles.set_address(Some(&address));
        let sentence = failed(tiles.tile((1, 0, 0)).await);
        assert!(sentence.contains(words) && sentence.contains("127.0.0.1"), "{words}: {sentence}");
        assert!(sentence.ends_with('.') && !sentence.contains(KEY), "{sentence}");
        assert_eq!(tiles.problem(), Some(sentence));
        assert!(!format!("{tiles:?}").contains(KEY));
    }
}

#[tokio::test]
async fn a_server_that_asks_for_less_is_left_alone_until_it_is_tried_again() {
    let count = Arc::new(AtomicUsize::new(0));
    let counted = count.clone();
    let (address, asked) = server(move |_| match counted.fetch_add(1, Ordering::SeqCst) {
        0 => answer("503 Service Unavailable", "", b""),
        _ => answer("200 OK", "", PNG),
    })
    .await;
    let tiles = Tiles::default();
    tiles.set_address(Some(&address));
    for x in 0..4 {
        assert!(failed(tiles.tile((2, x, 0)).await).contains("fewer requests"));
    }
    assert_eq!(asked.lock().unwrap().len(), 1, "the others did not leave this computer");
    tiles.try_again();
    assert!(tiles.tile((2, 1, 0)).await.is_ok());
    assert_eq!(tiles.problem(), None);
}

#[tokio::test]
async fn a_server_that_is_not_there_is_said_by_name() {
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    let tiles = Tiles::default();
    tiles.set_address(Some(&format!("http://127.0.0.1:{free}/{{z}}/{{x}}/{{y}}.png?key={KEY}")));
    let sentence = failed(tiles.tile((0, 0, 0)).await);
    assert!(sentence.contains("127.0.0.1") && !sentence.contains(KEY), "{sentence}");
}

#[tokio::test]
async fn over_tls_a_server_has_to_be_trusted() {
    let authority = Authority::new("Tile Test CA");
    for (certificate, trusted, words) in [
        (Certificate::Good, true, ""),
        (Certificate::Good, false, "authority that is not trusted here."),
        (Certificate::Expired, true, "has expired"),
        (Certificate::OtherName, true, "is for another name"),
    ] {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let acceptor = authority.acceptor(certificate);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                if let Ok(mut stream) = acceptor.accept(stream).await {
                    let _ = stream.read(&mut [0; 4096]).await;
                    let _ = stream.write_all(&answer("200 OK", "", PNG)).await;
                    let _ = stream.shutdown().await;
                }
            }
        });
        let tiles = Tiles::over(Arc::default(), trusted.then(|| authority.ca_file()));
        tiles.set_address(Some(&format!("https://localhost:{port}/{{z}}/{{x}}/{{y}}.png?key={KEY}")));
        let told = tiles.tile((0, 0, 0)).await;
        if words.is_empty() {
            assert_eq!(told.unwrap().bytes, PNG);
            continue;
        }
        let sentence = failed(told);
        assert!(sentence.contains("localhost") && sentence.contains(words), "{words}: {sentence}");
        assert!(!sentence.contains(KEY));
    }
}
