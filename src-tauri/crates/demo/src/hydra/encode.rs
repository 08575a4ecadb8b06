//! Reports as frames of their streams.

use serde_json::{Value, json};

use crate::world::intelligence::{Report, Signal};

/// A report as it is sent.
pub(crate) struct Frame {
    pub(crate) stream: &'static str,
    pub(crate) kind: &'static str,
    pub(crate) text: String,
}

/// Encodes a report.
pub(crate) fn report(report: &Report, now: u64) -> Frame {
    let (stream, kind, data) = match report {
        Report::Signal(signal) => ("signals", "signal_new", signal_data(signal, now)),
        Report::AlertIssued { id, threat, cities, severity } => {
            let data = json!({ "id": id, "threat": threat, "cities": cities, "severity": severity, "issuedAt": now });
            ("alerts", "alert_issued", data)
        }
        Report::AlertCleared { id } => ("alerts", "alert_cleared", json!({ "id": id, "clearedAt": now })),
        Report::Threat { id, actor, family, target, severity, count } => {
            let data = json!({
                "id": id, "actor": actor, "family": family, "target": target, "severity": severity, "count": count,
            });
            ("cyber", "threat_pulse", data)
        }
        Report::Earthquake { id, place, magnitude, depth_km, lat, lng } => {
            let data = json!({
                "id": id, "place": place, "magnitude": rounded(*magnitude, 1), "depthKm": rounded(*depth_km, 1),
                "lat": rounded(*lat, 4), "lng": rounded(*lng, 4),
            });
            ("earthquakes", "earthquake_detected", data)
        }
        Report::Aircraft { icao, callsign, lat, lng, altitude, speed, heading } => {
            let data = json!({
                "icao24": icao, "callsign": callsign, "lat": rounded(*lat, 4), "lng": rounded(*lng, 4),
                "altitudeFt": altitude, "speedKt": rounded(*speed, 0), "heading": rounded(*heading, 0),
            });
            ("aircraft", "aircraft_position", data)
        }
        Report::Undocumented { number } => ("signals", "signal_correlated", json!({ "cluster": number, "members": 3 })),
    };
    let mut frame = json!({ "stream": stream, "type": kind, "data": data });
    // The service leaves the time out of some frames.
    if !matches!(report, Report::Aircraft { .. }) {
        frame["ts"] = now.into();
    }
    Frame { stream, kind, text: frame.to_string() }
}

fn signal_data(signal: &Signal, now: u64) -> Value {
    json!({
        "id": signal.id, "title": signal.title, "description": signal.description, "category": signal.category,
        "severity": signal.severity, "lat": rounded(signal.lat, 4), "lng": rounded(signal.lng, 4), "tags": signal.tags,
        "createdAt": now,
    })
}

fn rounded(value: f64, decimals: i32) -> f64 {
    let scale = 10f64.powi(decimals);
    (value * scale).round() / scale
}
