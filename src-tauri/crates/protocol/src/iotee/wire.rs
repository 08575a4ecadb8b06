//! The messages as they are on the wire.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::loose::{LooseList, LooseText, LooseTime};
use crate::text::Text;

/// Every message of the service, decoded in one pass: all have `type`, none has all the rest.
#[derive(Debug, Deserialize)]
pub(super) struct Message<'a> {
    #[serde(rename = "type", borrow)]
    pub kind: Text<'a>,
    #[serde(rename = "hardwareId", borrow)]
    pub hardware_id: Option<Text<'a>>,
    #[serde(borrow)]
    pub payload: Option<&'a RawValue>,
    #[serde(default)]
    pub timestamp: LooseTime,
    #[serde(rename = "eventId", borrow, default)]
    pub event_id: LooseText<'a>,
    #[serde(borrow, default)]
    pub source: LooseText<'a>,
    #[serde(borrow, default)]
    pub code: LooseText<'a>,
    /// The service's own id of the device; some messages carry it beside `hardwareId`, some instead.
    #[serde(rename = "deviceId", borrow, default)]
    pub device_id: LooseText<'a>,
    #[serde(default)]
    pub updated_at: LooseTime,
    #[serde(default)]
    pub last_responded_at: LooseTime,
    #[serde(rename = "hardwareIds", borrow, default)]
    pub hardware_ids: LooseList<'a>,
    #[serde(borrow, default)]
    pub message: LooseText<'a>,
}

/// The types that the service is known to send.
pub(super) fn is_known(kind: &str) -> bool {
    matches!(
        kind,
        "connected"
            | "subscribed"
            | "unsubscribed"
            | "device_data"
            | "device_status"
            | "device_locked"
            | "device_unlocked"
            | "error"
    )
}

/// What is sent: `subscribe` or `unsubscribe`.
#[derive(Debug, Serialize)]
pub(super) struct Request<'a> {
    #[serde(rename = "type")]
    pub kind: &'static str,
    #[serde(rename = "hardwareIds")]
    pub hardware_ids: &'a [String],
}
