//! The messages as they are on the wire.

use serde::Serialize;
use serde_json::value::RawValue;

use crate::loose::{LooseList, LooseText, LooseTime};
use crate::object::object;
use crate::text::Text;

object! {
    /// Every message of the service, decoded in one pass: all have `type`, none has all the rest.
    pub(super) struct Message<'a> {
        "type" => kind: Text<'a>,
        "hardwareId" => hardware_id: Option<Text<'a>>,
        "payload" => payload: Option<&'a RawValue>,
        "timestamp" => timestamp: LooseTime,
        "eventId" => event_id: LooseText<'a>,
        "source" => source: LooseText<'a>,
        "code" => code: LooseText<'a>,
        /// The service's own id of the device; some messages carry it beside `hardwareId`, some instead.
        "deviceId" => device_id: LooseText<'a>,
        "updated_at" => updated_at: LooseTime,
        "last_responded_at" => last_responded_at: LooseTime,
        "hardwareIds" => hardware_ids: LooseList<'a>,
        "message" => message: LooseText<'a>,
    }
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
