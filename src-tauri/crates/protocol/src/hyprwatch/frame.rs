//! The frames of Phoenix channels: text in V2 (arrays) and V1 (objects), binary in V2. Both text forms are always read,
//! whichever was asked for.
//!
//! Source: Phoenix 1.7 and 1.8, `Phoenix.Socket.V1.JSONSerializer` and `V2.JSONSerializer`.

use std::fmt;
use std::str;

use serde::de::{Deserializer as _, IgnoredAny, SeqAccess, Visitor};
use serde_json::value::RawValue;

use crate::config::PhoenixVersion;
use crate::loose::LooseText;
use crate::object::object;
use crate::text::Text;

/// One message, borrowed from its frame.
#[derive(Debug)]
pub(super) struct Message<'a> {
    /// The join that it belongs to; absent in broadcasts and throughout V1.
    pub join_ref: Option<Text<'a>>,
    /// The push that it answers; in V1 also the join that a close or crash belongs to.
    pub reference: Option<Text<'a>>,
    /// The channel's topic, as `org:ID`.
    pub topic: Text<'a>,
    /// What it says.
    pub body: Body<'a>,
}

/// What a message says.
#[derive(Debug)]
pub(super) enum Body<'a> {
    /// An answer to a push or a join.
    Reply {
        /// Whether its status was `ok`.
        ok: bool,
        /// The JSON text of its response.
        response: &'a str,
    },
    /// An event of the channel.
    Event {
        /// Its name.
        event: Text<'a>,
        /// The JSON text of its payload; `Err` with the bytes of a binary payload that is not JSON.
        payload: Result<&'a str, &'a [u8]>,
    },
}

/// Reads a text frame; `None` when it is not a message of either version.
pub(super) fn text(text: &str) -> Option<Message<'_>> {
    let parts = match text.trim_start().as_bytes().first() {
        Some(b'[') => v2(text)?,
        Some(b'{') => serde_json::from_str(text).ok()?,
        _ => return None,
    };
    let (topic, event) = (parts.topic.0?, parts.event.0?);
    let payload = parts.payload.map_or("{}", RawValue::get);
    let body = if event.as_str() == "phx_reply" {
        let reply: Reply<'_> = serde_json::from_str(payload).ok()?;
        Body::Reply { ok: reply.status.0?.as_str() == "ok", response: reply.response.map_or("{}", RawValue::get) }
    } else {
        Body::Event { event, payload: Ok(payload) }
    };
    Some(Message { join_ref: parts.join_ref.0, reference: parts.reference.0, topic, body })
}

/// Reads a binary frame of V2; `None` when it is not one.
///
/// Its head is a kind and the lengths of the strings that follow, each one byte; the payload is the rest.
pub(super) fn binary(bytes: &[u8]) -> Option<Message<'_>> {
    let (kind, rest) = bytes.split_first()?;
    match kind {
        0 => {
            let ([join_ref, topic, event], data) = strings(rest)?;
            Some(Message {
                join_ref: filled(join_ref),
                reference: None,
                topic: topic.into(),
                body: event_body(event, data),
            })
        }
        1 => {
            let ([join_ref, reference, topic, status], data) = strings(rest)?;
            let body = Body::Reply { ok: status == "ok", response: json(data).unwrap_or("{}") };
            Some(Message { join_ref: filled(join_ref), reference: filled(reference), topic: topic.into(), body })
        }
        2 => {
            let ([topic, event], data) = strings(rest)?;
            Some(Message { join_ref: None, reference: None, topic: topic.into(), body: event_body(event, data) })
        }
        _ => None,
    }
}

/// Writes a text frame. `payload` is JSON text.
pub(super) fn encode(
    version: PhoenixVersion,
    join_ref: Option<u64>,
    reference: u64,
    topic: &str,
    event: &str,
    payload: &str,
) -> String {
    let topic = quoted(topic);
    let event = quoted(event);
    let join_ref = join_ref.map_or_else(|| "null".to_owned(), |join_ref| format!("\"{join_ref}\""));
    match version {
        PhoenixVersion::V2 => format!("[{join_ref},\"{reference}\",{topic},{event},{payload}]"),
        PhoenixVersion::V1 => format!(
            "{{\"topic\":{topic},\"event\":{event},\"payload\":{payload},\"ref\":\"{reference}\",\"join_ref\":{join_ref}}}"
        ),
    }
}

/// A string as JSON text.
pub(super) fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_else(|_| "\"\"".into())
}

object! {
    /// The parts of a message before they are checked; as an object, V1's form.
    struct Parts<'a> {
        "join_ref" => join_ref: LooseText<'a>,
        "ref" => reference: LooseText<'a>,
        "topic" => topic: LooseText<'a>,
        "event" => event: LooseText<'a>,
        "payload" => payload: Option<&'a RawValue>,
    }
}

object! {
    /// The payload of `phx_reply`.
    struct Reply<'a> {
        "status" => status: LooseText<'a>,
        "response" => response: Option<&'a RawValue>,
    }
}

fn v2(text: &str) -> Option<Parts<'_>> {
    struct Array;
    impl<'de> Visitor<'de> for Array {
        type Value = Option<Parts<'de>>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("[join_ref, ref, topic, event, payload]")
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
            let mut parts = Parts::default();
            for text in [&mut parts.join_ref, &mut parts.reference, &mut parts.topic, &mut parts.event] {
                match seq.next_element()? {
                    Some(part) => *text = part,
                    None => return Ok(None),
                }
            }
            match seq.next_element()? {
                Some(payload) => parts.payload = payload,
                None => return Ok(None),
            }
            while seq.next_element::<IgnoredAny>()?.is_some() {}
            Ok(Some(parts))
        }
    }
    let mut reader = serde_json::Deserializer::from_str(text);
    let parts = reader.deserialize_seq(Array).ok()?;
    reader.end().ok()?;
    parts
}

/// Splits off `N` strings whose lengths stand first, each in one byte.
fn strings<const N: usize>(bytes: &[u8]) -> Option<([&str; N], &[u8])> {
    let (lengths, mut rest) = bytes.split_at_checked(N)?;
    let mut strings = [""; N];
    for (string, length) in strings.iter_mut().zip(lengths) {
        let (head, tail) = rest.split_at_checked(usize::from(*length))?;
        *string = str::from_utf8(head).ok()?;
        rest = tail;
    }
    Some((strings, rest))
}

fn event_body<'a>(event: &'a str, data: &'a [u8]) -> Body<'a> {
    Body::Event { event: event.into(), payload: json(data).ok_or(data) }
}

fn json(data: &[u8]) -> Option<&str> {
    let text = str::from_utf8(data).ok()?;
    serde_json::from_str::<&RawValue>(text).ok().map(RawValue::get)
}

fn filled(text: &str) -> Option<Text<'_>> {
    (!text.is_empty()).then(|| text.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event<'a>(message: &'a Message<'_>) -> (&'a str, &'a str) {
        match &message.body {
            Body::Event { event, payload } => (event, payload.unwrap()),
            Body::Reply { .. } => panic!("a reply"),
        }
    }

    #[test]
    fn v2_and_v1_text_say_the_same() {
        let two = text(r#"["1",null,"org:a","host_online",{"host_id":"h"}]"#).unwrap();
        let one = text(r#"{"topic":"org:a","event":"host_online","payload":{"host_id":"h"},"ref":null}"#).unwrap();
        assert_eq!(event(&two), event(&one));
        assert_eq!(two.topic, one.topic);
        assert_eq!(two.join_ref.unwrap().as_str(), "1");
        assert!(one.join_ref.is_none() && one.reference.is_none());
    }

    #[test]
    fn replies_carry_status_and_response() {
        let reply = text(r#"["1","2","t","phx_reply",{"status":"error","response":{"reason":"no"}}]"#).unwrap();
        assert!(matches!(reply.body, Body::Reply { ok: false, response: r#"{"reason":"no"}"# }));
        let bare = text(r#"["1","2","t","phx_reply",{"status":"ok"}]"#).unwrap();
        assert!(matches!(bare.body, Body::Reply { ok: true, response: "{}" }));
    }

    #[test]
    fn binary_frames_of_all_three_kinds_are_read() {
        let push = binary(b"\0\x01\x01\x061tresult{\"a\":1}").unwrap();
        assert_eq!((push.topic.as_str(), event(&push)), ("t", ("result", "{\"a\":1}")));
        let reply = binary(b"\x01\x01\x01\x01\x0212tok{}").unwrap();
        assert_eq!(reply.reference.unwrap().as_str(), "2");
        assert!(matches!(reply.body, Body::Reply { ok: true, response: "{}" }));
        let broadcast = binary(b"\x02\x01\x01te\xff").unwrap();
        assert!(broadcast.join_ref.is_none());
        assert!(matches!(broadcast.body, Body::Event { payload: Err(b"\xff"), .. }));
    }

    #[test]
    fn what_is_cut_short_is_no_message() {
        for bytes in [&b""[..], b"\0", b"\0\x01\x01", b"\0\xff\x01\x01abc", b"\x03\x01\x01te", b"\x02\x01\x01\xff\xff"]
        {
            assert!(binary(bytes).is_none(), "{bytes:?}");
        }
        for frame in
            ["", "[]", "{}", "null", r#"["1","1","t","e"]"#, r#"["1","1","t","e",{}"#, r#"["1","1",null,"e",{}]"#]
        {
            assert!(text(frame).is_none(), "{frame}");
        }
    }

    #[test]
    fn what_is_written_is_read() {
        for version in [PhoenixVersion::V1, PhoenixVersion::V2] {
            let frame = encode(version, Some(3), 4, "query:\"x", "run", r#"{"sql":"select 1"}"#);
            let message = text(&frame).unwrap();
            assert_eq!(event(&message), ("run", r#"{"sql":"select 1"}"#));
            assert_eq!(message.topic.as_str(), "query:\"x");
            assert_eq!(message.join_ref.unwrap().as_str(), "3");
            assert_eq!(message.reference.unwrap().as_str(), "4");
        }
    }
}
