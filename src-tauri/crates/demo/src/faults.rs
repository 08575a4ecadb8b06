//! Services that misbehave by themselves, at random times that the seed decides.

use std::time::Duration;

use crate::Control;
use crate::world::random::Random;

/// Seconds between two faults, all services together.
const PAUSE: (f64, f64) = (2.0, 8.0);

/// Picks a service and a fault, again and again.
pub(crate) async fn misbehave(controls: Vec<(&'static str, Control)>, seed: u64) {
    let mut random = Random::of(seed, "faults");
    loop {
        tokio::time::sleep(Duration::from_secs_f64(random.between(PAUSE.0, PAUSE.1))).await;
        let (protocol, control) = &controls[random.below(controls.len())];
        let fault = random.weighted(&WEIGHTS.map(|(_, weight)| weight));
        tracing::info!(protocol, fault = WEIGHTS[fault].0, "a demo service misbehaves");
        strike(fault, protocol, control, &mut random).await;
    }
}

const WEIGHTS: [(&str, f64); 10] = [
    ("dropped", 2.0),
    ("reset", 1.0),
    ("half-open", 0.5),
    ("closed", 2.0),
    ("restarted", 1.0),
    ("malformed frames", 3.0),
    ("giant frame", 1.0),
    ("overflow or crash", 2.0),
    ("slow start", 1.0),
    ("refused tokens", 0.5),
];

async fn strike(fault: usize, protocol: &str, control: &Control, random: &mut Random) {
    match WEIGHTS[fault].0 {
        "dropped" => control.drop_all(),
        "reset" => control.reset_all(),
        "half-open" => control.stall_all(),
        "closed" => {
            let (code, reason) = random.pick(close_codes(protocol));
            control.close_all(code, reason);
        }
        "restarted" => {
            control.stop().await;
            tokio::time::sleep(Duration::from_secs_f64(random.between(0.5, 4.0))).await;
            control.start().await;
        }
        "malformed frames" => {
            for _ in 0..=random.below(3) {
                control.send_text(random.pick(&MALFORMED));
            }
        }
        "giant frame" => control.send_text(format!("{{\"type\":\"giant\",\"data\":\"{}\"}}", "x".repeat(512 << 10))),
        "overflow or crash" => {
            control.overflow_warning(1 + random.below(500) as u64);
            control.crash_channels();
        }
        "slow start" => {
            control.slow_start(Duration::from_secs_f64(random.between(1.0, 6.0)));
            control.drop_all();
            tokio::time::sleep(Duration::from_secs(8)).await;
            control.slow_start(Duration::ZERO);
        }
        _ => {
            control.refuse_tokens(true);
            control.drop_all();
            tokio::time::sleep(Duration::from_secs(3)).await;
            control.refuse_tokens(false);
        }
    }
}

const MALFORMED: [&str; 6] = [
    "",
    "not json at all",
    r#"{"type":"device_data","hardwareId":"ABC12"#,
    r#"[null,null,"org:"]"#,
    r#"{"type":42,"stream":[],"data":"?"}"#,
    "null",
];

fn close_codes(protocol: &str) -> &'static [(u16, &'static str)] {
    match protocol {
        "hydra" => &[
            (1000, "Normal closure"),
            (1001, "Server going away"),
            (4002, "Insufficient token balance"),
            (4003, "Rate limit exceeded"),
            (4004, "Subscription not in JWT scope"),
        ],
        "hyprwatch" => &[(1000, ""), (1002, ""), (1012, "Service restart")],
        "agenthq" => &[(4000, "Internal error"), (1001, "Going away")],
        _ => &[
            (1000, ""),
            (1001, "Going away"),
            (1011, "Internal error"),
            (1012, "Service restart"),
            (1013, "Try again later"),
        ],
    }
}
