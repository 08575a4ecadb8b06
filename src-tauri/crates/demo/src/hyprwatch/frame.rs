//! Phoenix frames of the server, in both versions of the serializer.

use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

use crate::wire::Outgoing;

/// The serializer that a client asked for with `vsn`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Version {
    V1,
    V2,
}

/// A message from a client.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Incoming {
    pub(crate) join_ref: Option<String>,
    pub(crate) reference: Option<String>,
    pub(crate) topic: String,
    pub(crate) event: String,
    pub(crate) payload: Value,
}

impl Incoming {
    pub(crate) fn parse(version: Version, text: &str) -> Option<Incoming> {
        let frame: Value = serde_json::from_str(text).ok()?;
        let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
        match version {
            Version::V1 => Some(Incoming {
                join_ref: text(frame.get("join_ref")),
                reference: text(frame.get("ref")),
                topic: text(frame.get("topic"))?,
                event: text(frame.get("event"))?,
                payload: frame.get("payload").cloned().unwrap_or_default(),
            }),
            Version::V2 => match frame.as_array()?.as_slice() {
                [join_ref, reference, topic, event, payload] => Some(Incoming {
                    join_ref: text(Some(join_ref)),
                    reference: text(Some(reference)),
                    topic: text(Some(topic))?,
                    event: text(Some(event))?,
                    payload: payload.clone(),
                }),
                _ => None,
            },
        }
    }
}

/// A message to a client. A broadcast has neither reference.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Push<'a> {
    pub(crate) join_ref: Option<&'a str>,
    pub(crate) reference: Option<&'a str>,
    pub(crate) topic: &'a str,
    pub(crate) event: &'a str,
    pub(crate) payload: &'a Value,
}

impl Push<'_> {
    pub(crate) fn text(&self, version: Version) -> String {
        let Push { join_ref, reference, topic, event, payload } = self;
        match version {
            Version::V2 => json!([join_ref, reference, topic, event, payload]),
            Version::V1 => json!({ "topic": topic, "event": event, "payload": payload, "ref": reference }),
        }
        .to_string()
    }

    /// A push or a broadcast as a V2 binary frame, its payload as JSON in the data; `None` when a name is too long for it.
    pub(crate) fn binary(&self) -> Option<Outgoing> {
        let names = match self.join_ref {
            Some(join_ref) => vec![join_ref, self.topic, self.event],
            None => vec![self.topic, self.event],
        };
        let mut bytes = vec![if self.join_ref.is_some() { 0 } else { 2 }];
        for name in &names {
            bytes.push(u8::try_from(name.len()).ok()?);
        }
        for name in names {
            bytes.extend_from_slice(name.as_bytes());
        }
        bytes.extend_from_slice(self.payload.to_string().as_bytes());
        Some(Outgoing::Message(Message::Binary(bytes.into())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_versions_read_and_write() {
        let v2 = Incoming::parse(Version::V2, r#"["1","2","org:a","phx_join",{}]"#).unwrap();
        let v1 = Incoming::parse(
            Version::V1,
            r#"{"topic":"org:a","event":"phx_join","payload":{},"ref":"2","join_ref":"1"}"#,
        )
        .unwrap();
        assert_eq!(v1, v2);
        assert_eq!(Incoming::parse(Version::V2, "[]"), None);
        assert_eq!(Incoming::parse(Version::V1, "nonsense"), None);
        let push = Push { join_ref: Some("1"), reference: None, topic: "t", event: "e", payload: &json!({}) };
        assert_eq!(push.text(Version::V2), r#"["1",null,"t","e",{}]"#);
        assert_eq!(push.text(Version::V1), r#"{"event":"e","payload":{},"ref":null,"topic":"t"}"#);
    }

    #[test]
    fn binary_frames_have_the_lengths_first() {
        let bytes = |push: Push<'_>| match push.binary() {
            Some(Outgoing::Message(Message::Binary(bytes))) => bytes.to_vec(),
            other => panic!("{other:?}"),
        };
        let push = Push { join_ref: Some("12"), reference: None, topic: "org:a", event: "e", payload: &json!(1) };
        assert_eq!(bytes(push), b"\x00\x02\x05\x0112org:ae1");
        assert_eq!(bytes(Push { join_ref: None, ..push }), b"\x02\x05\x01org:ae1");
    }
}
