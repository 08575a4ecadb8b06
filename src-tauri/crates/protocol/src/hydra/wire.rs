//! The messages as they are on the wire.

use std::collections::HashMap;

use serde::Serialize;
use serde_json::value::RawValue;

use crate::loose::{LooseList, LooseNumber, LooseText, LooseTime};
use crate::object::object;
use crate::text::Text;

object! {
    /// What every message is wrapped in; `stream` is absent on control messages.
    pub(super) struct Envelope<'a> {
        "type" => kind: Text<'a>,
        "stream" => stream: LooseText<'a>,
        "ts" => ts: LooseTime,
        "data" => data: Option<&'a RawValue>,
    }
}

object! {
    /// The data of `connected`. ("Connection Lifecycle")
    pub(super) struct Connected<'a> {
        "availableStreams" => available: Option<LooseList<'a>>,
    }
}

object! {
    /// The answers to `subscribe`, `unsubscribe` and `list`; in `data`, or in the message itself.
    pub(super) struct Answer<'a> {
        "subscribed" => subscribed: LooseList<'a>,
        "rejected" => rejected: LooseList<'a>,
        "rejectedReason" => reasons: Option<&'a RawValue>,
        "active" => active: LooseList<'a>,
    }
}

impl Answer<'_> {
    /// Why a stream was rejected, in the service's words.
    pub(super) fn reason(&self, stream: &str) -> Option<String> {
        let reasons: HashMap<Text<'_>, LooseText<'_>> = serde_json::from_str(self.reasons?.get()).ok()?;
        let (_, reason) = reasons.into_iter().find(|(name, _)| name.as_str() == stream)?;
        reason.0.map(|text| text.0.into_owned())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.subscribed.0.is_empty() && self.rejected.0.is_empty() && self.active.0.is_empty()
    }
}

object! {
    /// An error of the service, in `data` or in the message itself.
    pub(super) struct Fault<'a> {
        "code" => code: LooseText<'a>,
        "message" | "error" | "reason" => message: LooseText<'a>,
    }
}

object! {
    /// What is known of the data of all streams; every stream has more, and not all have these.
    pub(super) struct SignalData<'a> {
        "id" => id: LooseText<'a>,
        "title" => title: LooseText<'a>,
        "threat" => threat: LooseText<'a>,
        "headline" => headline: LooseText<'a>,
        "name" => name: LooseText<'a>,
        "callsign" => callsign: LooseText<'a>,
        "symbol" => symbol: LooseText<'a>,
        "place" => place: LooseText<'a>,
        "text" | "message" => text: LooseText<'a>,
        "description" => description: LooseText<'a>,
        "category" => category: LooseText<'a>,
        "severity" => severity: LooseText<'a>,
        "lat" | "latitude" => lat: LooseNumber,
        "lng" | "lon" | "longitude" => lng: LooseNumber,
        "cities" => cities: LooseList<'a>,
        "createdAt" => created_at: LooseTime,
    }
}

/// The control types; everything else belongs to a stream.
pub(super) fn is_control(kind: &str) -> bool {
    matches!(kind, "connected" | "heartbeat" | "subscribed" | "unsubscribed" | "subscriptions" | "pong")
}

/// The stream of a type that came without one: the newer service's envelope has only `type` and `data`.
pub(super) fn stream_of(kind: &str) -> Option<&'static str> {
    match kind {
        "signal_new" => Some("signals"),
        "alert_issued" | "alert_cleared" => Some("alerts"),
        "threat_pulse" => Some("cyber"),
        _ => None,
    }
}

/// Whether messages of this type are known when they come without a stream.
pub(super) fn is_known(kind: &str) -> bool {
    is_control(kind) || kind == "error" || stream_of(kind).is_some()
}

/// What is sent: `subscribe` or `unsubscribe`.
#[derive(Debug, Serialize)]
pub(super) struct Request<'a> {
    pub action: &'static str,
    pub streams: &'a [String],
}
