//! The WebSocket upgrade.

use std::time::Duration;

use protocol::{ClientRequest, Ended, Session, Timestamp};
use secrecy::ExposeSecret;
use tokio_tungstenite::client_async_with_config;
use tokio_tungstenite::tungstenite::Error;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::error::ProtocolError;
use tokio_tungstenite::tungstenite::handshake::client::Request;
use tokio_tungstenite::tungstenite::http::header::RETRY_AFTER;
use tokio_tungstenite::tungstenite::http::{HeaderName, HeaderValue, Response};
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;

use crate::Clock;
use crate::dial::{Io, Socket};

/// What is read from the socket at once. Sizes from 4 to 128 KiB measured alike (`examples/link_overhead.rs`), and each
/// connection holds one.
const READ_BUFFER: usize = 16 << 10;
/// What is gathered before it is written.
const WRITE_BUFFER: usize = 16 << 10;
/// What may wait to be written before the connection is given up.
const WRITE_LIMIT: usize = 1 << 20;
/// The longest wait that a `Retry-After` is believed to ask for.
const RETRY_AFTER_MOST: Duration = Duration::from_secs(3600);

/// Upgrades a byte stream to a WebSocket with the session's request.
pub(super) async fn upgrade(
    stream: Io,
    request: &ClientRequest,
    session: &mut dyn Session,
    clock: &dyn Clock,
) -> Result<Socket, Ended> {
    let limits = session.limits();
    let config = WebSocketConfig::default()
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(WRITE_BUFFER)
        .max_write_buffer_size(WRITE_LIMIT)
        .max_message_size(Some(limits.message))
        .max_frame_size(Some(limits.frame));
    let host = request.url.host_str().unwrap_or("the service");
    match client_async_with_config(http_request(request)?, stream, Some(config)).await {
        Ok((socket, _)) => Ok(socket),
        Err(Error::Http(response)) => {
            Err(session.rejected(response.status().as_u16(), retry_after(&response, clock.now())))
        }
        Err(Error::Io(_) | Error::ConnectionClosed | Error::Protocol(ProtocolError::HandshakeIncomplete)) => {
            Err(Ended::retry(format!("{host} ended the connection during the WebSocket upgrade")))
        }
        // The other errors of the protocol are fixed texts; what may hold the URL is not among them.
        Err(Error::Protocol(error)) => {
            Err(Ended::retry(format!("{host} does not answer as a WebSocket service: {error}")))
        }
        Err(_) => Err(Ended::retry(format!("{host} does not answer as a WebSocket service"))),
    }
}

/// Builds the HTTP request, the secret parts with it. No `Origin`: this is no page of anybody's.
fn http_request(request: &ClientRequest) -> Result<Request, Ended> {
    let mut url = request.url.clone();
    if !request.secret_query.is_empty() {
        let mut pairs = url.query_pairs_mut();
        for (name, value) in &request.secret_query {
            pairs.append_pair(name, value.expose_secret());
        }
    }
    let mut http = url.as_str().into_client_request().map_err(|_| {
        Ended::refused(format!("the url {} cannot be asked for; correct it in the configuration", request.url))
    })?;
    for (name, value) in &request.secret_headers {
        let name = HeaderName::from_bytes(name.as_bytes())
            .map_err(|_| Ended::refused(format!("the header {name} cannot be sent")))?;
        let mut value = HeaderValue::from_str(value.expose_secret()).map_err(|_| {
            Ended::needs_credential(
                "the credential holds a character that no header can carry, such as a line break; set it again",
            )
        })?;
        value.set_sensitive(true);
        http.headers_mut().insert(name, value);
    }
    Ok(http)
}

/// Reads `Retry-After`, seconds or a date (RFC 9110, 10.2.3); an hour at most.
fn retry_after<B>(response: &Response<B>, now: Timestamp) -> Option<Duration> {
    wait_of(response.headers().get(RETRY_AFTER)?.to_str().ok()?, now)
}

/// The wait that a `Retry-After` asks for; an hour at most.
pub(crate) fn wait_of(retry_after: &str, now: Timestamp) -> Option<Duration> {
    let text = retry_after.trim();
    let wait = match text.parse() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => {
            let at = jiff::fmt::rfc2822::parse(text).ok()?.timestamp().as_millisecond();
            Duration::from_millis(u64::try_from(Timestamp(at).since(now)).ok()?)
        }
    };
    Some(wait.min(RETRY_AFTER_MOST))
}

#[cfg(test)]
mod tests {
    use secrecy::SecretString;

    use super::*;

    fn answered(retry: &str) -> Option<Duration> {
        let now = Timestamp::parse("2015-10-21T07:28:00Z").unwrap();
        retry_after(&Response::builder().header("Retry-After", retry).body(()).unwrap(), now)
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        assert_eq!(answered("120"), Some(Duration::from_secs(120)));
        assert_eq!(answered("Wed, 21 Oct 2015 07:28:30 GMT"), Some(Duration::from_secs(30)));
        assert_eq!(answered("Wed, 21 Oct 2015 07:00:00 GMT"), Some(Duration::ZERO));
        assert_eq!(answered("99999999"), Some(RETRY_AFTER_MOST));
        assert_eq!(answered("soon"), None);
        assert_eq!(answered("-5"), None);
    }

    #[test]
    fn the_request_carries_the_secrets_and_no_origin() {
        let request = ClientRequest {
            url: "wss://example.com/socket?vsn=2.0.0".parse().unwrap(),
            secret_query: vec![("token", SecretString::from("a b&c".to_owned()))],
            secret_headers: vec![("X-API-Key", SecretString::from("key".to_owned()))],
        };
        let http = http_request(&request).unwrap();
        assert_eq!(http.uri().to_string(), "wss://example.com/socket?vsn=2.0.0&token=a+b%26c");
        assert_eq!(http.headers()["x-api-key"], "key");
        assert!(http.headers()["x-api-key"].is_sensitive());
        assert!(!http.headers().contains_key("origin"));
        assert_eq!(http.headers()["host"], "example.com");
    }

    #[test]
    fn a_credential_that_no_header_can_carry_is_asked_for_again_and_not_shown() {
        let request = ClientRequest {
            url: "wss://example.com/".parse().unwrap(),
            secret_query: Vec::new(),
            secret_headers: vec![("X-API-Key", SecretString::from("planted\nsecret".to_owned()))],
        };
        let ended = http_request(&request).unwrap_err();
        assert_eq!(ended.disposition, protocol::Disposition::NeedsCredential);
        assert!(!ended.cause.contains("planted"));
    }
}
