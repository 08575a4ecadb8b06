//! Reads telemetry of the plain form, which nearly all of it has, in one pass from the frame to the event.
//!
//! Plain means: an object of strings without escapes, short decimal numbers, `true`, `false` and `null`, and one such
//! object as the payload. Whatever else is in a frame, well formed or not, makes it not plain: then nothing was said
//! and the general way reads it from the beginning. What is read here is read as the general way reads it; a test holds
//! the two to each other. It is worth its own file because it is the one place where the whole fleet's rate is decided.

use crate::event::{EventBody, StreamEvent, Telemetry};
use crate::session::Sink;
use crate::text::Text;
use crate::time::Timestamp;
use crate::value::{Field, Value};

use super::payload::{self, Fields};

/// Says a `device_data` message of the plain form; otherwise says nothing and answers `false`.
pub(super) fn say(frame: &str, out: &mut dyn Sink) -> bool {
    let mut reader = Reader { json: frame, position: 0 };
    let mut fields = Fields::new();
    match reader.message(&mut fields) {
        Some(message) if message.is_data => {
            let Some(device) = message.hardware_id else { return false };
            let last_responded_at = message.last_responded_at.or_else(|| payload::last_responded_at(&fields));
            let body =
                EventBody::Telemetry(Telemetry { device: Text::from(device), fields: &fields, last_responded_at });
            let at = message.timestamp.or(message.updated_at);
            out.event(&StreamEvent { at, body, data: message.payload.unwrap_or("{}") });
            true
        }
        _ => false,
    }
}

#[derive(Default)]
struct Message<'a> {
    is_data: bool,
    hardware_id: Option<&'a str>,
    payload: Option<&'a str>,
    timestamp: Option<Timestamp>,
    updated_at: Option<Timestamp>,
    last_responded_at: Option<Timestamp>,
}

struct Reader<'a> {
    json: &'a str,
    position: usize,
}

impl<'a> Reader<'a> {
    fn message(&mut self, fields: &mut Fields<'a>) -> Option<Message<'a>> {
        let mut message = Message::default();
        self.space();
        self.expect(b'{')?;
        loop {
            match self.key()? {
                "type" => {
                    message.is_data = self.text()? == "device_data";
                    if !message.is_data {
                        return None;
                    }
                }
                "hardwareId" => message.hardware_id = Some(self.text()?),
                "payload" => {
                    let start = self.position;
                    self.payload(fields)?;
                    message.payload = Some(self.json.get(start..self.position)?);
                }
                "timestamp" => message.timestamp = self.time()?,
                "updated_at" => message.updated_at = self.time()?,
                "last_responded_at" => message.last_responded_at = self.time()?,
                _ => {
                    self.value()?;
                }
            }
            if !self.is_more()? {
                break;
            }
        }
        self.space();
        (self.position == self.json.len()).then_some(message)
    }

    fn payload(&mut self, fields: &mut Fields<'a>) -> Option<()> {
        // Of a repeated payload the last one counts.
        fields.clear();
        self.expect(b'{')?;
        loop {
            let name = Text::from(self.key()?);
            let value = self.value()?;
            fields.push(Field { name, value });
            if !self.is_more()? {
                return Some(());
            }
        }
    }

    /// Reads a key and its colon, up to the value.
    #[inline]
    fn key(&mut self) -> Option<&'a str> {
        self.space();
        let key = self.text()?;
        self.space();
        self.expect(b':')?;
        self.space();
        Some(key)
    }

    /// Reads what follows a value: a comma, or the object's end.
    #[inline]
    fn is_more(&mut self) -> Option<bool> {
        self.space();
        match self.next()? {
            b',' => Some(true),
            b'}' => Some(false),
            _ => None,
        }
    }

    #[inline]
    fn time(&mut self) -> Option<Option<Timestamp>> {
        self.value().map(|value| payload::time(&value))
    }

    #[inline]
    fn value(&mut self) -> Option<Value<'a>> {
        match self.peek()? {
            b'"' => self.text().map(|text| Value::Text(Text::from(text))),
            b't' => self.word("true", Value::Bool(true)),
            b'f' => self.word("false", Value::Bool(false)),
            b'n' => self.word("null", Value::Null),
            _ => self.number().map(Value::Number),
        }
    }

    #[inline]
    fn word(&mut self, word: &str, value: Value<'a>) -> Option<Value<'a>> {
        let rest = self.json.as_bytes().get(self.position..)?;
        self.position += word.len();
        rest.starts_with(word.as_bytes()).then_some(value)
    }

    /// Reads a string without escapes.
    #[inline]
    fn text(&mut self) -> Option<&'a str> {
        self.expect(b'"')?;
        let start = self.position;
        let rest = self.json.as_bytes().get(start..)?;
        let length = rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..0x20))?;
        let end = start + length;
        self.position = end + 1;
        if rest.get(length) != Some(&b'"') {
            return None;
        }
        self.json.get(start..end)
    }

    /// Reads a number of at most 15 digits and no exponent: one exact division of two exact floats, rounded as the
    /// general parser rounds.
    #[inline]
    fn number(&mut self) -> Option<f64> {
        let is_negative = self.peek()? == b'-';
        self.position += usize::from(is_negative);
        let start = self.position;
        let mut digits = 0u64;
        while let Some(byte @ b'0'..=b'9') = self.peek() {
            digits = digits.wrapping_mul(10).wrapping_add(u64::from(byte - b'0'));
            self.position += 1;
        }
        let whole = self.position - start;
        let has_leading_zero = whole > 1 && self.json.as_bytes().get(start) == Some(&b'0');
        let mut fraction = 0;
        if self.peek() == Some(b'.') {
            self.position += 1;
            let start = self.position;
            while let Some(byte @ b'0'..=b'9') = self.peek() {
                digits = digits.wrapping_mul(10).wrapping_add(u64::from(byte - b'0'));
                self.position += 1;
            }
            fraction = self.position - start;
            if fraction == 0 {
                return None;
            }
        }
        let is_short = whole > 0 && !has_leading_zero && whole + fraction <= 15;
        if !is_short || matches!(self.peek(), Some(b'e' | b'E')) {
            return None;
        }
        let number = digits as f64 / payload::POWERS.get(fraction)?;
        Some(if is_negative { -number } else { number })
    }

    #[inline]
    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\n' | b'\t' | b'\r')) {
            self.position += 1;
        }
    }

    #[inline]
    fn expect(&mut self, byte: u8) -> Option<()> {
        (self.next()? == byte).then_some(())
    }

    #[inline]
    fn peek(&self) -> Option<u8> {
        self.json.as_bytes().get(self.position).copied()
    }

    #[inline]
    fn next(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.position += 1;
        Some(byte)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::session::{Outgoing, Progress, SubscriptionState};

    #[derive(Default)]
    struct Said(Vec<String>);

    impl Sink for Said {
        fn event(&mut self, event: &StreamEvent<'_>) {
            self.0.push(format!("{event:?}"));
        }
        fn send(&mut self, _: Outgoing) {}
        fn progress(&mut self, _: Progress) {}
        fn subscription(&mut self, _: &str, _: SubscriptionState<'_>) {}
        fn missed(&mut self) {}
    }

    /// Whether the frame was plain; if so, the general way must have said the same.
    fn is_plain(frame: &str) -> bool {
        let mut plain = Said::default();
        if !say(frame, &mut plain) {
            assert!(plain.0.is_empty(), "it said something and then gave up: {frame}");
            return false;
        }
        let mut general = Said::default();
        let message = serde_json::from_str(frame).unwrap_or_else(|e| panic!("it is not well formed ({e}): {frame}"));
        super::super::telemetry(message, frame, &mut general);
        assert_eq!(plain.0, general.0, "{frame}");
        true
    }

    #[test]
    fn telemetry_as_the_service_documents_it_is_plain() {
        for frame in [
            r#"{"type":"device_data","hardwareId":"A","payload":{"lat":37.7749,"on":true},"timestamp":"2025-12-17T10:30:00.000Z"}"#,
            r#" { "payload" : { "a" : -0.5 , "b" : null , "c" : "x" } , "hardwareId" : "ä" , "type" : "device_data" } "#,
            r#"{"type":"device_data","hardwareId":"A","payload":{"a":0},"deviceId":7,"updated_at":"2025-12-17T10:30:00Z","last_responded_at":"x"}"#,
            r#"{"type":"device_data","hardwareId":"A","payload":{"last_responded_at":"2025-12-17T10:30:00Z"}}"#,
            r#"{"type":"device_data","hardwareId":"A","payload":{"a":1},"payload":{"b":2},"hardwareId":"B"}"#,
            r#"{"type":"device_data","hardwareId":"A","timestamp":1765967401000,"updated_at":null,"last_responded_at":true}"#,
            r#"{"type":"device_data","hardwareId":"A"}"#,
        ] {
            assert!(is_plain(frame), "{frame}");
        }
    }

    #[test]
    fn what_is_not_plain_is_left_to_the_general_way() {
        for frame in [
            r#"{"type":"device_data","hardwareId":"A","payload":{}}"#,
            r#"{"type":"device_data","hardwareId":"A","payload":{"a":1e5}}"#,
            r#"{"type":"device_data","hardwareId":"A","payload":{"a":1234567890123456}}"#,
            r#"{"type":"device_data","hardwareId":"A","payload":{"a":[1]}}"#,
            r#"{"type":"device_data","hardwareId":"A","payload":{"a":"\n"}}"#,
            r#"{"type":"device_data","hardwareId":"A","payload":{"a":01}}"#,
            r#"{"type":"device_data","hardwareId":"A","payload":{"a":1.}}"#,
            r#"{"type":"device_data","hardwareId":"A","payload":{"a":-}}"#,
            r#"{"type":"device_data","hardwareId":"A","payload":{"a":.5}}"#,
            r#"{"type":"device_data","hardwareId":"A","payload":{"a":+1}}"#,
            r#"{"type":"device_data","hardwareId":"A","payload":{"a":tru}}"#,
            r#"{"type":"device_data","hardwareId":"A","payload":{"a":1,}}"#,
            r#"{"type":"device_data","hardwareId":"A","payload":{"a":1}"#,
            r#"{"type":"device_data","hardwareId":"A","payload":{"a":1}} x"#,
            r#"{"type":"device_data","hardwareId":5,"payload":{"a":1}}"#,
            r#"{"type":"device_data","payload":{"a":1}}"#,
            r#"{"type":"device_status","hardwareId":"A","payload":{"is_online":true}}"#,
            r#"{"hardwareId":"A","payload":{"a":1}}"#,
            "",
        ] {
            assert!(!is_plain(frame), "{frame}");
        }
    }

    fn frame() -> impl Strategy<Value = String> {
        let scalar = || {
            prop_oneof![
                8 => r#"-?(0|[1-9][0-9]{0,8})(\.[0-9]{1,8})?"#,
                1 => r#"-?[0-9]{0,20}(\.[0-9]{0,3})?([eE][+-]?[0-9]{1,4})?"#,
                4 => r#""[a-zA-Zäé 0-9]{0,8}""#,
                1 => r#""(\\n|\\u00e4|\\ud800|\\x|[\x00-\x7f]){0,3}""#,
                2 => "true|false|null",
                1 => Just("\"2025-12-17T10:30:00.000Z\"".to_owned()),
            ]
        };
        let key = prop_oneof![
            4 => "[a-z_]{1,6}",
            1 => "last_responded_at|type|hardwareId",
            1 => r#"(\\n|[^"\x00-\x1f]){0,3}"#,
        ];
        let space = || prop_oneof![6 => Just(String::new()), 1 => "[ \n\t\r]{1,2}"];
        let object = prop::collection::vec((key, scalar(), space()), 0..6).prop_map(|fields| {
            let fields: Vec<_> = fields.into_iter().map(|(k, v, s)| format!("{s}\"{k}\"{s}:{s}{v}{s}")).collect();
            format!("{{{}}}", fields.join(","))
        });
        let member = prop_oneof![
            3 => object.prop_map(|object| format!(r#""payload":{object}"#)),
            3 => scalar().prop_map(|value| format!(r#""hardwareId":{value}"#)),
            1 => Just(r#""hardwareId":"A""#.to_owned()),
            2 => scalar().prop_map(|value| format!(r#""timestamp":{value}"#)),
            1 => scalar().prop_map(|value| format!(r#""updated_at":{value}"#)),
            1 => scalar().prop_map(|value| format!(r#""last_responded_at":{value}"#)),
            1 => scalar().prop_map(|value| format!(r#""deviceId":{value}"#)),
        ];
        (space(), prop::collection::vec(member, 0..5), space()).prop_map(|(before, members, after)| {
            let members = members.into_iter().map(|member| format!(",{member}")).collect::<String>();
            format!(r#"{before}{{"type":"device_data"{members}}}{after}"#)
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, cases: 3000, ..ProptestConfig::default() })]

        #[test]
        fn the_plain_way_says_what_the_general_way_says(
            frame in frame(),
            at in any::<prop::sample::Index>(),
            cut in 0usize..3,
            instead in r#"[{}\[\]":,\\0-9.eE\- a]{0,2}"#,
        ) {
            is_plain(&frame);
            // The same with a wound.
            let mut chars: Vec<char> = frame.chars().collect();
            let at = at.index(chars.len() + 1);
            chars.splice(at..(at + cut).min(chars.len()), instead.chars());
            is_plain(&chars.into_iter().collect::<String>());
        }
    }
}
