//! The line that `signalbox watch` prints for an event.

use std::borrow::Cow;
use std::io::Write;

use link::LinkStatus;
use protocol::{StreamEvent, Timestamp};
use serde_json::json;

/// Appends the line of an event: one JSON object and a line feed.
pub fn event(line: &mut Vec<u8>, connection: &str, event: &StreamEvent<'_>, received: Timestamp, show_codes: bool) {
    let data = if show_codes { Cow::Borrowed(event.data) } else { fleet::masked(event) };
    let data = one_line(&data);
    write(line, connection, event.kind().name(), event.subject(), event.at, received, &data);
}

/// Appends the line of a connection's transition.
pub fn status(line: &mut Vec<u8>, connection: &str, status: &LinkStatus, now: Timestamp) {
    let mut data = json!({ "status": status.name(), "cause": status.cause() });
    if let LinkStatus::BackingOff { retry_in, attempt, .. } = status {
        data["retry_in_ms"] = json!(u64::try_from(retry_in.as_millis()).unwrap_or(u64::MAX));
        data["attempt"] = json!(attempt);
    } else {
        data["retry_in_ms"] = json!(null);
    }
    write(line, connection, "connection.status", connection, Some(now), now, &data.to_string());
}

fn write(
    line: &mut Vec<u8>,
    connection: &str,
    kind: &str,
    subject: &str,
    at: Option<Timestamp>,
    received: Timestamp,
    data: &str,
) {
    let connection = json!(connection);
    let subject = json!(subject);
    // Writing to a Vec cannot fail.
    let _ = match at {
        Some(at) => write!(line, r#"{{"connection":{connection},"kind":"{kind}","subject":{subject},"at":"{at}","#),
        None => write!(line, r#"{{"connection":{connection},"kind":"{kind}","subject":{subject},"at":null,"#),
    };
    let _ = writeln!(line, r#""received_at":"{received}","data":{data}}}"#);
}

/// JSON text without line breaks: outside of strings they are white space, and inside JSON does not allow them.
fn one_line(json: &str) -> Cow<'_, str> {
    if json.contains(['\n', '\r']) { Cow::Owned(json.replace(['\n', '\r'], " ")) } else { Cow::Borrowed(json) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::EventBody;
    use protocol::event::Lock;

    fn unlocked(show_codes: bool) -> serde_json::Value {
        let data = "{\n\"type\":\"device_unlocked\",\"source\":\"rfid\",\"code\":\"SECRET9\"\n}";
        let lock = Lock {
            device: "ABC".into(),
            locked: false,
            event_id: None,
            source: Some("rfid".into()),
            code: Some("SECRET9".into()),
        };
        let told = StreamEvent { at: Timestamp::parse("2025-12-17T10:30:00.000Z"), body: EventBody::Lock(lock), data };
        let mut line = Vec::new();
        event(&mut line, "locks \"eu\"", &told, Timestamp(0), show_codes);
        let text = String::from_utf8(line).unwrap();
        assert_eq!(text.matches('\n').count(), 1);
        serde_json::from_str(&text).unwrap()
    }

    #[test]
    fn a_line_is_the_contracts_object() {
        let line = unlocked(false);
        assert_eq!(line["connection"], "locks \"eu\"");
        assert_eq!(line["kind"], "device.unlocked");
        assert_eq!(line["subject"], "ABC");
        assert_eq!(line["at"], "2025-12-17T10:30:00.000Z");
        assert_eq!(line["received_at"], "1970-01-01T00:00:00.000Z");
        assert_eq!(line["data"]["source"], "rfid");
    }

    #[test]
    fn a_code_is_masked_unless_asked_for() {
        assert_eq!(unlocked(false)["data"]["code"], fleet::MASK);
        assert_eq!(unlocked(true)["data"]["code"], "SECRET9");
    }

    #[test]
    fn a_backoff_says_cause_and_wait() {
        let mut line = Vec::new();
        let waiting = LinkStatus::BackingOff {
            until: Timestamp(0),
            retry_in: std::time::Duration::from_millis(750),
            attempt: 2,
            cause: "the service closed with 1001, going away".into(),
        };
        status(&mut line, "a", &waiting, Timestamp(0));
        let line: serde_json::Value = serde_json::from_slice(&line).unwrap();
        assert_eq!(line["data"]["status"], "backing_off");
        assert_eq!(line["data"]["retry_in_ms"], 750);
    }
}
