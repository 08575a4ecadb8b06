//! Says what could not be read, so that it is seen and counted.

use serde::Serialize;
use serde_json::value::RawValue;

use crate::event::{EventBody, StreamEvent, Unread, Unrecognised};
use crate::object::object;
use crate::session::Sink;
use crate::text::Text;

/// How many characters of an unreadable frame are kept.
const FIRST: usize = 200;
/// How many bytes of a type's name are kept.
const NAME: usize = 80;

/// Says that a well-formed message is of a type that is not known. `data` is its JSON text.
pub(crate) fn unknown(out: &mut dyn Sink, name: &str, data: &str) {
    say(out, Unread::UnknownType, name, data);
}

/// Says that a message of a known type, or its envelope, does not fit. `data` is its JSON text.
pub(crate) fn malformed(out: &mut dyn Sink, name: &str, data: &str) {
    say(out, Unread::Malformed, name, data);
}

/// Says that a text frame is not one of the protocol's messages: kept whole when it is JSON, else its first characters.
pub(crate) fn text_frame(out: &mut dyn Sink, text: &str) {
    match serde_json::from_str::<&RawValue>(text) {
        Ok(raw) => malformed(out, "text", raw.get()),
        Err(_) => first_bytes(out, "text", text.as_bytes()),
    }
}

/// Says that a text frame could not be decoded, for protocols whose messages name themselves in `type`: a known type
/// whose fields do not fit, a type that is not known, or no message at all.
pub(crate) fn tagged(out: &mut dyn Sink, text: &str, is_known: impl Fn(&str) -> bool) {
    object! {
        struct Tag<'a> {
            "type" => kind: Option<Text<'a>>,
        }
    }
    match serde_json::from_str::<Tag<'_>>(text).map(|tag| tag.kind) {
        Ok(Some(kind)) if is_known(&kind) => malformed(out, &kind, text),
        Ok(Some(kind)) => unknown(out, &kind, text),
        Ok(None) | Err(_) => text_frame(out, text),
    }
}

/// Says that bytes are not readable at all; keeps the first characters. `name` says what they were.
pub(crate) fn first_bytes(out: &mut dyn Sink, name: &str, bytes: &[u8]) {
    #[derive(Serialize)]
    struct Kept<'a> {
        first_bytes: &'a str,
    }
    let start = bytes.get(..FIRST * 4).unwrap_or(bytes);
    let first: String = String::from_utf8_lossy(start).chars().take(FIRST).collect();
    let data = serde_json::to_string(&Kept { first_bytes: &first }).unwrap_or_else(|_| "{}".into());
    malformed(out, name, &data);
}

/// The JSON text of a sentence that is said here and not by the service: `{"message": …}`.
pub(crate) fn said_here(message: &str) -> String {
    #[derive(Serialize)]
    struct Said<'a> {
        message: &'a str,
    }
    serde_json::to_string(&Said { message }).unwrap_or_else(|_| "{}".into())
}

fn say(out: &mut dyn Sink, reason: Unread, name: &str, data: &str) {
    let name = name.get(..name.floor_char_boundary(NAME)).unwrap_or(name);
    out.event(&StreamEvent { at: None, body: EventBody::Unrecognised(Unrecognised { reason, name }), data });
}
