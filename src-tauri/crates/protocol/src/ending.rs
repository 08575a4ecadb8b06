//! What closes and refused upgrades mean where a service has no meaning of its own for them, in words for a person.

use std::time::Duration;

use crate::session::{Close, Ended};

/// How much of a service's reason is shown.
const REASON: usize = 120;

/// Says what happened: "the service closed with 1012, it restarts". Codes: RFC 6455 section 7.4.1 and the IANA registry.
pub(crate) fn close_words(close: Option<Close<'_>>) -> String {
    let Some(Close { code, reason }) = close else {
        return "the connection broke off without a close (1006)".into();
    };
    let meaning = match code {
        1000 => ", a normal close",
        1001 => ", it goes away",
        1002 => ", protocol error or idle too long",
        1003 => ", it does not take such data",
        1005 => ", without a code",
        1006 => ", an abnormal close",
        1007 => ", it could not read what was sent",
        1008 => ", against its policy",
        1009 => ", a message was too big",
        1010 => ", an extension is missing",
        1011 => ", an internal error",
        1012 => ", it restarts",
        1013 => ", it asks to try again later",
        1014 => ", a bad gateway",
        1015 => ", TLS failed",
        _ => "",
    };
    format!("the service closed with {code}{meaning}{}", quoted(reason))
}

/// A service's own words, bounded and without control characters, as ` ("words")`; empty when there are none.
pub(crate) fn quoted(words: &str) -> String {
    let words: String = words.chars().filter(|c| !c.is_control()).take(REASON).collect();
    if words.trim().is_empty() { String::new() } else { format!(" (\"{}\")", words.trim()) }
}

/// What an HTTP answer other than 101 means for a service without rules of its own: 401 and 403 refuse the credential;
/// everything else is tried again, after `Retry-After` where there is one.
pub(crate) fn rejection(status: u16, retry_after: Option<Duration>) -> Ended {
    let meaning = match status {
        301..=308 => ", a redirect: check the url",
        400 => ", bad request: check the url",
        401 => ", unauthorized: check the credential",
        403 => ", forbidden: check the credential",
        404 => ", not found: check the url's path",
        429 => ", too many requests",
        500 => ", an internal error",
        502 => ", a bad gateway",
        503 => ", it is unavailable",
        504 => ", a gateway time-out",
        200..=299 => " instead of a WebSocket: check the url's path",
        _ => "",
    };
    let cause = format!("the service answered the upgrade with HTTP {status}{meaning}");
    match (status, retry_after) {
        (401 | 403, _) => Ended::needs_credential(cause),
        (_, Some(after)) => Ended::retry_after(after, cause),
        (_, None) => Ended::retry(cause),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::Disposition;

    #[test]
    fn a_close_is_said_in_words() {
        assert_eq!(close_words(None), "the connection broke off without a close (1006)");
        let close = Close { code: 1012, reason: "deploy\u{7}" };
        assert_eq!(close_words(Some(close)), "the service closed with 1012, it restarts (\"deploy\")");
        assert_eq!(close_words(Some(Close { code: 4777, reason: "" })), "the service closed with 4777");
    }

    #[test]
    fn only_a_refused_credential_stops() {
        assert_eq!(rejection(401, None).disposition, Disposition::NeedsCredential);
        assert_eq!(rejection(403, Some(Duration::from_secs(1))).disposition, Disposition::NeedsCredential);
        let after = Some(Duration::from_secs(7));
        assert_eq!(rejection(503, after).disposition, Disposition::Retry { after });
        assert_eq!(rejection(404, None).disposition, Disposition::Retry { after: None });
    }
}
