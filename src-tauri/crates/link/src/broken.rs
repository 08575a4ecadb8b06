//! What a broken socket means, in words. The WebSocket crate's own texts may hold the whole URL, with its token, and
//! are never shown.

use protocol::{Ended, Session};
use tokio_tungstenite::tungstenite::Error;
use tokio_tungstenite::tungstenite::error::{CapacityError, ProtocolError};
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;

/// Says why an open socket ended with `error`.
pub(crate) fn broken(error: &Error, session: &mut dyn Session) -> Ended {
    match error {
        Error::Capacity(CapacityError::MessageTooLong { size, max_size }) => {
            Ended::retry(format!("the service sent a message of {size} bytes, over the limit of {}", bytes(*max_size)))
        }
        Error::Utf8(_) => Ended::retry("the service sent a text message that is not UTF-8"),
        Error::WriteBufferFull(_) => Ended::retry("the service does not take what is sent to it"),
        // The socket ended without a close frame.
        Error::Io(_)
        | Error::ConnectionClosed
        | Error::AlreadyClosed
        | Error::Protocol(ProtocolError::ResetWithoutClosingHandshake) => session.closed(None),
        Error::Protocol(error) => Ended::retry(format!("the service broke the WebSocket protocol: {error}")),
        _ => Ended::retry("the WebSocket connection failed"),
    }
}

/// The close code that answers `error` (RFC 6455, 7.4.1).
pub(crate) fn parting(error: &Error) -> CloseCode {
    match error {
        Error::Capacity(_) => CloseCode::Size,
        Error::Utf8(_) => CloseCode::Invalid,
        Error::Protocol(_) => CloseCode::Protocol,
        _ => CloseCode::Normal,
    }
}

/// A limit as people read it: `4.0 MiB`.
fn bytes(count: usize) -> String {
    match count {
        0..1_024 => format!("{count} bytes"),
        1_024..1_048_576 => format!("{:.1} KiB", count as f64 / 1_024.0),
        _ => format!("{:.1} MiB", count as f64 / 1_048_576.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_by_people() {
        assert_eq!(bytes(1_000), "1000 bytes");
        assert_eq!(bytes(1_536), "1.5 KiB");
        assert_eq!(bytes(4 << 20), "4.0 MiB");
    }
}
