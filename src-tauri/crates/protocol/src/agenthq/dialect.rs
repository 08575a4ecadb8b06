//! The two wire forms for what is sent, and which of them a service understands.

use crate::session::{Outgoing, Sink};

/// A wire form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    /// `{"type": "subscribe", "channel": ID}`, as documented.
    Documented,
    /// `{"event": "subscribe", "data": {"channel": ID}}`, as the public server reads it; it ignores the other in silence.
    Enveloped,
}

impl Dialect {
    /// The other form.
    pub fn other(self) -> Self {
        match self {
            Dialect::Documented => Dialect::Enveloped,
            Dialect::Enveloped => Dialect::Documented,
        }
    }

    /// Sends a heartbeat.
    pub fn heartbeat(self, out: &mut dyn Sink) {
        let text = match self {
            Dialect::Documented => r#"{"type":"heartbeat"}"#,
            Dialect::Enveloped => r#"{"event":"heartbeat"}"#,
        };
        out.send(Outgoing::Text(text.into()));
    }

    /// Sends `subscribe` or `unsubscribe`.
    pub fn channel(self, verb: &'static str, channel: &str, out: &mut dyn Sink) {
        let channel = serde_json::to_string(channel).unwrap_or_else(|_| "\"\"".into());
        out.send(Outgoing::Text(match self {
            Dialect::Documented => format!("{{\"type\":\"{verb}\",\"channel\":{channel}}}"),
            Dialect::Enveloped => format!("{{\"event\":\"{verb}\",\"data\":{{\"channel\":{channel}}}}}"),
        }));
    }
}
