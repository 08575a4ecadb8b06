//! A connection that speaks plain HTTP/1.1: one request after the other until either side goes.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};
use tokio_tungstenite::tungstenite::handshake::server::Request as HttpHead;
use tokio_tungstenite::tungstenite::http::{HeaderMap, Method, StatusCode, Version, header};

use super::{Answer, HttpFault, Request};
use crate::wire::connection::fated;
use crate::wire::head::{self, NoHead};
use crate::wire::{Call, Fate, Hub, Simulated};

/// How long a connection without a request stays open.
const IDLE: Duration = Duration::from_secs(60);
/// How long the body of a request may take.
const PATIENCE: Duration = Duration::from_secs(10);
const LONGEST_BODY: usize = 1 << 20;

/// Answers the request whose head was read, then those that follow. `buffer` is what came after the head.
pub(crate) async fn serve<S: Simulated>(hub: &Hub<S>, mut stream: TcpStream, buffer: Vec<u8>, first: HttpHead) {
    let mut fate = hub.shared.http.fate.subscribe();
    let mut end = tokio::select! {
        _ = converse(hub, &mut stream, buffer, first) => return,
        end = fated(&mut fate) => end,
    };
    while end == Fate::Stalls {
        end = fated(&mut fate).await;
    }
    if end == Fate::Resets
        && let Err(error) = stream.set_zero_linger()
    {
        tracing::debug!(%error, "a demo connection ends without a reset");
    }
}

/// Answers a request that cannot be read, for the last time on this connection.
pub(crate) async fn refuse(stream: &mut TcpStream, status: StatusCode, reason: &str) {
    let answer = Answer::json(status, &serde_json::json!({ "error": reason }));
    if let Err(error) = write(stream, &answer, false).await {
        tracing::debug!(%error, "a client went before it was refused");
    }
}

async fn converse<S: Simulated>(
    hub: &Hub<S>,
    stream: &mut TcpStream,
    mut buffer: Vec<u8>,
    mut request: HttpHead,
) -> std::io::Result<()> {
    loop {
        let body = match body(stream, &mut buffer, request.headers()).await? {
            Ok(body) => body,
            Err(status) => {
                refuse(stream, status, "The body cannot be read.").await;
                return Ok(());
            }
        };
        let stays = stays(&request);
        answer(hub, stream, &request, &body, stays).await?;
        if !stays {
            return Ok(());
        }
        request = match timeout(IDLE, head::read(stream, &mut buffer)).await {
            Ok(Ok(request)) => request,
            Ok(Err(NoHead::Refused(status))) => {
                refuse(stream, status, "The request cannot be read.").await;
                return Ok(());
            }
            Ok(Err(NoHead::Gone)) | Err(_) => return Ok(()),
        };
    }
}

/// Whether the connection outlives the request.
fn stays(request: &HttpHead) -> bool {
    let closes = |value: &header::HeaderValue| value.as_bytes().eq_ignore_ascii_case(b"close");
    request.version() == Version::HTTP_11 && !request.headers().get(header::CONNECTION).is_some_and(closes)
}

/// Reads a body of the stated length. The inner error is the status to answer with.
async fn body(
    stream: &mut TcpStream,
    buffer: &mut Vec<u8>,
    headers: &HeaderMap,
) -> std::io::Result<Result<Vec<u8>, StatusCode>> {
    if headers.contains_key(header::TRANSFER_ENCODING) {
        return Ok(Err(StatusCode::LENGTH_REQUIRED));
    }
    let length = match headers.get(header::CONTENT_LENGTH).map(|value| value.to_str().ok()?.trim().parse().ok()) {
        None => 0,
        Some(Some(length)) if length <= LONGEST_BODY => length,
        Some(Some(_)) => return Ok(Err(StatusCode::PAYLOAD_TOO_LARGE)),
        Some(None) => return Ok(Err(StatusCode::BAD_REQUEST)),
    };
    if headers.contains_key(header::EXPECT) && buffer.len() < length {
        stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\n").await?;
    }
    let whole = async {
        while buffer.len() < length {
            buffer.reserve(length - buffer.len());
            if stream.read_buf(buffer).await? == 0 {
                return Err(std::io::ErrorKind::UnexpectedEof.into());
            }
        }
        Ok::<_, std::io::Error>(())
    };
    timeout(PATIENCE, whole).await??;
    let rest = buffer.split_off(length);
    Ok(Ok(std::mem::replace(buffer, rest)))
}

async fn answer<S: Simulated>(
    hub: &Hub<S>,
    stream: &mut TcpStream,
    head: &HttpHead,
    body: &[u8],
    stays: bool,
) -> std::io::Result<()> {
    let state = &hub.shared.http;
    let fault = state.strike();
    if let Some(HttpFault::Slow(delay)) = fault {
        sleep(delay).await;
    }
    let answer = match fault.and_then(spoiled) {
        Some(answer) => answer,
        None => {
            let request = Request {
                method: head.method().as_str(),
                call: call(head),
                bearer: bearer(head.headers()),
                body,
                repeats: fault == Some(HttpFault::RepeatedEvents),
            };
            hub.simulated.lock().http(&request, hub.shared.clock.now())
        }
    };
    let target = head.uri().path_and_query().map(|target| target.as_str()).unwrap_or_default();
    state.remember(head.method().as_str(), target, answer.status.as_u16());
    if head.method() == Method::HEAD {
        return stream.write_all(&bytes(&answer, stays, 0)).await;
    }
    if fault == Some(HttpFault::CutBody) {
        let half = bytes(&answer, stays, answer.body.len() / 2);
        stream.write_all(&half).await?;
        stream.shutdown().await?;
        return Err(std::io::ErrorKind::ConnectionAborted.into());
    }
    write(stream, &answer, stays).await
}

/// The head as the services look at it.
pub(crate) fn call(head: &HttpHead) -> Call<'_> {
    let api_key = head.headers().get("x-api-key").and_then(|value| value.to_str().ok());
    Call { path: head.uri().path(), query: head.uri().query().unwrap_or_default(), api_key }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// What a fault answers in place of the service; `None` when the service answers.
fn spoiled(fault: HttpFault) -> Option<Answer> {
    let failed = |status, reason: &str| Answer::json(status, &serde_json::json!({ "error": reason }));
    match fault {
        HttpFault::Refused => Some(failed(StatusCode::UNAUTHORIZED, "Unauthorized")),
        HttpFault::Absent => Some(failed(StatusCode::NOT_FOUND, "Not Found")),
        HttpFault::TooMany { retry_after } => {
            let seconds = retry_after.as_millis().div_ceil(1_000);
            Some(failed(StatusCode::TOO_MANY_REQUESTS, "Too Many Requests").header("Retry-After", seconds))
        }
        HttpFault::Broken => Some(failed(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error")),
        HttpFault::NotJson => Some(Answer {
            status: StatusCode::OK,
            headers: vec![("Content-Type", "text/html; charset=utf-8".to_owned())],
            body: "<!doctype html><title>Sign in</title><p>Please sign in to go on.".to_owned(),
        }),
        HttpFault::Slow(_) | HttpFault::CutBody | HttpFault::RepeatedEvents => None,
    }
}

async fn write(stream: &mut TcpStream, answer: &Answer, stays: bool) -> std::io::Result<()> {
    stream.write_all(&bytes(answer, stays, answer.body.len())).await?;
    if !stays {
        stream.shutdown().await?;
    }
    Ok(())
}

/// The answer as it goes over the wire, with so much of its body.
fn bytes(answer: &Answer, stays: bool, body: usize) -> Vec<u8> {
    let Answer { status, headers, body: text } = answer;
    let mut bytes = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\n", text.len()).into_bytes();
    if !headers.iter().any(|(name, _)| *name == "Content-Type") {
        bytes.extend_from_slice(b"Content-Type: application/json\r\n");
    }
    for (name, value) in headers {
        bytes.extend_from_slice(format!("{name}: {value}\r\n").as_bytes());
    }
    bytes.extend_from_slice(if stays { b"\r\n" } else { b"Connection: close\r\n\r\n" });
    bytes.extend_from_slice(text.as_bytes().get(..body).unwrap_or_default());
    bytes
}
