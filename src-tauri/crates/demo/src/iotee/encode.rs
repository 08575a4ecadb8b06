//! Device frames as text. The frames of one tick share one allocation.

use bytes::BytesMut;
use tokio_tungstenite::tungstenite::Utf8Bytes;

use crate::world::vehicles::{Telemetry, VehicleEvent, VehicleEventKind};

/// Collects the frames of one tick.
#[derive(Debug, Default)]
pub(crate) struct Encoder {
    text: String,
    /// The device and the end of each frame.
    frames: Vec<(usize, usize)>,
}

impl Encoder {
    pub(crate) fn encode(&mut self, id: &str, event: &VehicleEvent, stamp: &str) {
        let text = &mut self.text;
        match &event.kind {
            VehicleEventKind::Telemetry(fields) => {
                text.push_str(r#"{"type":"device_data","hardwareId":""#);
                text.push_str(id);
                text.push_str(r#"","payload":{"#);
                telemetry(text, fields);
                text.push('}');
            }
            VehicleEventKind::Presence { online } => {
                text.push_str(r#"{"type":"device_status","hardwareId":""#);
                text.push_str(id);
                text.push_str(r#"","payload":{"is_online":"#);
                text.push_str(if *online { "true}" } else { "false}" });
                // Some messages also carry the service's own number of the device.
                text.push_str(&format!(r#","deviceId":{}"#, 1_000 + event.device));
            }
            VehicleEventKind::Lock { locked, source, code, number } => {
                text.push_str(if *locked { r#"{"type":"device_locked"# } else { r#"{"type":"device_unlocked"# });
                text.push_str(r#"","hardwareId":""#);
                text.push_str(id);
                text.push_str(r#"","eventId":""#);
                text.push_str(&event_id(*number));
                text.push_str(r#"","source":""#);
                text.push_str(source);
                text.push('"');
                if let Some(code) = code {
                    text.push_str(r#","code":""#);
                    text.push_str(code);
                    text.push('"');
                }
            }
        }
        text.push_str(r#","timestamp":""#);
        text.push_str(stamp);
        text.push_str("\"}");
        self.frames.push((event.device, text.len()));
    }

    /// Hands out the collected frames in order and is empty again.
    pub(crate) fn finish(&mut self, mut sink: impl FnMut(usize, Utf8Bytes)) {
        let block = BytesMut::from(self.text.as_str()).freeze();
        let mut begin = 0;
        for (device, end) in self.frames.drain(..) {
            if let Ok(text) = Utf8Bytes::try_from(block.slice(begin..end)) {
                sink(device, text);
            }
            begin = end;
        }
        self.text.clear();
    }
}

pub(crate) fn event_id(number: u64) -> String {
    format!("evt_{number:08}")
}

/// Writes the fields as members of an object.
pub(crate) fn telemetry(text: &mut String, fields: &Telemetry) {
    let mut separator = "";
    let mut number = |text: &mut String, name: &str, value: Option<f64>, decimals: u32| {
        if let Some(value) = value {
            text.push_str(separator);
            text.push('"');
            text.push_str(name);
            text.push_str("\":");
            fixed(text, value, decimals);
            separator = ",";
        }
    };
    number(text, "lat", fields.position.map(|(lat, _)| lat), 6);
    number(text, "long", fields.position.map(|(_, long)| long), 6);
    number(text, "speed", fields.speed, 1);
    number(text, "battery_voltage", fields.battery_voltage, 2);
    let locked = fields.lock_status.filter(|_| !fields.lock_as_boolean);
    number(text, "lock_status", locked.map(|locked| f64::from(u8::from(locked))), 0);
    number(text, "cargo_temperature", fields.cargo_temperature, 1);
    number(text, "odometer_km", fields.odometer_km, 1);
    if let Some(locked) = fields.lock_status.filter(|_| fields.lock_as_boolean) {
        text.push_str(separator);
        text.push_str(if locked { r#""lock_status":true"# } else { r#""lock_status":false"# });
        separator = ",";
    }
    if let Some(open) = fields.door_open {
        text.push_str(separator);
        text.push_str(if open { r#""door_open":true"# } else { r#""door_open":false"# });
        separator = ",";
    }
    if let Some(firmware) = fields.firmware {
        text.push_str(separator);
        text.push_str(r#""firmware":""#);
        text.push_str(firmware);
        text.push('"');
    }
}

/// Writes a number with so many decimals. Several times quicker than formatting, which matters at a million frames a second.
fn fixed(text: &mut String, value: f64, decimals: u32) {
    let scale = 10u64.pow(decimals);
    let scaled = (value.abs() * scale as f64).round() as u64;
    if value < 0.0 && scaled > 0 {
        text.push('-');
    }
    let mut digits = [0u8; 24];
    let mut at = digits.len();
    let mut left = scaled;
    let mut written = 0;
    while left > 0 || written <= decimals {
        if written == decimals && decimals > 0 {
            at -= 1;
            digits[at] = b'.';
        }
        at -= 1;
        digits[at] = b'0' + (left % 10) as u8;
        left /= 10;
        written += 1;
    }
    text.push_str(std::str::from_utf8(&digits[at..]).unwrap_or("0"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_formatting_would() {
        for (value, decimals) in
            [(0.0, 0), (1.0, 0), (59.437_012, 6), (-122.4194, 6), (0.05, 2), (-0.04, 1), (12.85, 2), (180_000.0, 1)]
        {
            let mut text = String::new();
            fixed(&mut text, value, decimals);
            let wanted = format!("{value:.*}", decimals as usize).replace("-0.0", "0.0");
            assert_eq!(text, wanted, "{value} with {decimals}");
        }
    }
}
