//! The head of a request: read from the socket and parsed, before it is known whether it asks for the WebSocket or for an answer.

use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::handshake::server::Request;
use tokio_tungstenite::tungstenite::http::{StatusCode, Version, header};

/// What common servers take: longer targets are answered with 414.
const LONGEST_TARGET: usize = 8_000;
const LONGEST_HEAD: usize = 64 << 10;
const MOST_HEADERS: usize = 100;
const READ_AT_ONCE: usize = 4 << 10;

/// Why there is no head.
pub(crate) enum NoHead {
    /// It cannot be read; the status to answer with.
    Refused(StatusCode),
    /// The client went before the head was whole.
    Gone,
}

/// Reads one head. `buffer` holds what was read before, and holds what came after the head when this returns.
pub(crate) async fn read(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Result<Request, NoHead> {
    loop {
        match parse(buffer) {
            Ok(Some((length, request))) => {
                buffer.drain(..length);
                return Ok(request);
            }
            Ok(None) if buffer.len() < LONGEST_HEAD => {}
            Ok(None) => return Err(NoHead::Refused(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE)),
            Err(status) => return Err(NoHead::Refused(status)),
        }
        buffer.reserve(READ_AT_ONCE);
        match stream.read_buf(buffer).await {
            Ok(0) | Err(_) => return Err(NoHead::Gone),
            Ok(_) => {}
        }
    }
}

pub(crate) fn is_upgrade(request: &Request) -> bool {
    request.headers().contains_key(header::UPGRADE)
}

/// The request and the length of its head; `None` while it is not whole.
fn parse(buffer: &[u8]) -> Result<Option<(usize, Request)>, StatusCode> {
    let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
    let mut raw = httparse::Request::new(&mut headers);
    let length = match raw.parse(buffer) {
        Ok(httparse::Status::Complete(length)) => length,
        Ok(httparse::Status::Partial) => return Ok(None),
        Err(httparse::Error::TooManyHeaders) => return Err(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE),
        Err(_) => return Err(StatusCode::BAD_REQUEST),
    };
    let target = raw.path.unwrap_or_default();
    if target.len() > LONGEST_TARGET {
        return Err(StatusCode::URI_TOO_LONG);
    }
    let version = if raw.version == Some(1) { Version::HTTP_11 } else { Version::HTTP_10 };
    let mut request = Request::builder().method(raw.method.unwrap_or_default()).uri(target).version(version);
    for header in raw.headers.iter() {
        request = request.header(header.name, header.value);
    }
    request.body(()).map(|request| Some((length, request))).map_err(|_| StatusCode::BAD_REQUEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_parsed_when_it_is_whole() {
        let whole = b"POST /resources/graph?a=b HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n[]";
        for end in 0..whole.len() - 2 {
            assert!(parse(&whole[..end]).unwrap().is_none(), "{end}");
        }
        let (length, request) = parse(whole).unwrap().unwrap();
        assert_eq!(
            (length, request.uri().path(), request.method().as_str()),
            (whole.len() - 2, "/resources/graph", "POST")
        );
        assert!(!is_upgrade(&request));
    }

    #[test]
    fn what_no_server_takes_is_refused_with_its_status() {
        let refusal = |head: &[u8]| parse(head).map(|_| ()).unwrap_err();
        assert_eq!(refusal(b"\x16\x03\x01 a TLS greeting"), StatusCode::BAD_REQUEST);
        let long = format!("GET /{} HTTP/1.1\r\n\r\n", "a".repeat(LONGEST_TARGET));
        assert_eq!(refusal(long.as_bytes()), StatusCode::URI_TOO_LONG);
        let many = format!("GET / HTTP/1.1\r\n{}\r\n", "A: b\r\n".repeat(MOST_HEADERS + 1));
        assert_eq!(refusal(many.as_bytes()), StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE);
    }
}
