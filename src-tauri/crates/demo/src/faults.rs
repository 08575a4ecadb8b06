//! Services that misbehave by themselves, at random times that the seed decides.

use std::time::Duration;

use crate::world::random::Random;
use crate::{Control, HttpFault};

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
        strike(fault, protocol, control, &mut random, 1.0).await;
    }
}

const WEIGHTS: [(&str, f64); 11] = [
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
    ("HTTP spoiled", 2.0),
];

/// Lets a fault happen and, where it has an end, end. `second` is how long a second is.
async fn strike(fault: usize, protocol: &str, control: &Control, random: &mut Random, second: f64) {
    let wait = |seconds: f64| tokio::time::sleep(Duration::from_secs_f64(seconds * second));
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
            wait(random.between(0.5, 4.0)).await;
            control.start().await;
        }
        "malformed frames" => {
            for _ in 0..=random.below(3) {
                control.send_text(random.pick(&MALFORMED));
            }
        }
        "giant frame" => {
            // From what any client should take to what none should.
            let size = (256 << 10) << random.below(6);
            control.send_text(format!("{{\"type\":\"giant\",\"data\":\"{}\"}}", "x".repeat(size)));
        }
        "overflow or crash" => {
            control.overflow_warning(1 + random.below(500) as u64);
            control.crash_channels();
        }
        "slow start" => {
            control.slow_start(Duration::from_secs_f64(random.between(1.0, 6.0) * second));
            control.drop_all();
            wait(8.0).await;
            control.slow_start(Duration::ZERO);
        }
        "HTTP spoiled" => {
            control.http_fault(http_fault(random, second));
            wait(random.between(3.0, 8.0)).await;
            control.http_well();
        }
        _ => {
            control.refuse_tokens(true);
            control.drop_all();
            wait(3.0).await;
            control.refuse_tokens(false);
        }
    }
}

/// A way in which the HTTP side fails; those that a client meets most are the likeliest.
fn http_fault(random: &mut Random, second: f64) -> HttpFault {
    match random.weighted(&[1.0, 0.5, 1.0, 2.0, 2.0, 1.0, 0.5, 2.0]) {
        0 => HttpFault::Refused,
        1 => HttpFault::Absent,
        2 => HttpFault::Slow(Duration::from_secs_f64(random.between(1.0, 4.0) * second)),
        3 => HttpFault::TooMany { retry_after: Duration::from_secs_f64(random.between(1.0, 5.0) * second) },
        4 => HttpFault::Broken,
        5 => HttpFault::CutBody,
        6 => HttpFault::NotJson,
        _ => HttpFault::RepeatedEvents,
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

#[cfg(test)]
mod tests {
    use futures_util::{FutureExt, StreamExt};
    use secrecy::ExposeSecret;
    use tokio::net::TcpStream;
    use tokio::time::timeout;
    use tokio_tungstenite::tungstenite::{Error, Message};
    use tokio_tungstenite::{WebSocketStream, client_async};

    use super::*;
    use crate::{DemoFleet, Options, Service};

    const PATIENCE: Duration = Duration::from_secs(5);

    async fn connected(service: &Service) -> WebSocketStream<TcpStream> {
        let address = service.url.split('/').nth(2).unwrap();
        let url = format!("{}?token={}", service.url, service.token.expose_secret());
        let (mut socket, _) = client_async(url, TcpStream::connect(address).await.unwrap()).await.unwrap();
        socket.next().await.unwrap().unwrap();
        socket
    }

    async fn next(socket: &mut WebSocketStream<TcpStream>) -> Option<Result<Message, Error>> {
        timeout(PATIENCE, socket.next()).await.unwrap()
    }

    #[tokio::test]
    async fn every_fault_is_felt_by_a_client() {
        let fleet = DemoFleet::start(Options { rate: 0, ..Options::default() }).await.unwrap();
        let service = fleet.services()[1].clone();
        let control = fleet.control("hydra");
        let mut random = Random::of(1, "test");
        for (fault, (name, _)) in WEIGHTS.iter().enumerate() {
            let mut socket = connected(&service).await;
            let dials = control.dials();
            let struck = strike(fault, "hydra", control, &mut random, 0.05);
            match *name {
                "half-open" => {
                    struck.await;
                    assert!(timeout(Duration::from_millis(100), socket.next()).await.is_err());
                }
                "dropped" | "reset" => {
                    struck.await;
                    assert!(matches!(next(&mut socket).await, None | Some(Err(_))), "{name}");
                }
                "closed" => {
                    struck.await;
                    assert!(matches!(next(&mut socket).await, Some(Ok(Message::Close(Some(_))))));
                }
                "malformed frames" | "giant frame" => {
                    struck.await;
                    assert!(matches!(next(&mut socket).await, Some(Ok(Message::Text(_)))), "{name}");
                }
                "HTTP spoiled" => {
                    let (kept, ()) = tokio::join!(timeout(Duration::from_millis(100), socket.next()), struck);
                    assert!(kept.is_err(), "the WebSocket goes on as it is");
                    assert_eq!(control.shared.http.strike(), None, "the fault passes");
                }
                "overflow or crash" => struck.await, // Other services feel it; their own tests say how.
                "restarted" | "slow start" | "refused tokens" => {
                    let (end, ()) = tokio::join!(next(&mut socket), struck);
                    assert!(matches!(end, None | Some(Err(_))), "{name}");
                    drop(connected(&service).await);
                    assert_eq!(control.dials(), dials + 1, "{name}");
                }
                other => panic!("the fault {other} has no test"),
            }
            control.drop_all();
        }
    }

    #[tokio::test]
    async fn requests_fail_in_every_way_and_while_the_fault_lasts() {
        let fleet = DemoFleet::start(Options { rate: 0, ..Options::default() }).await.unwrap();
        let control = fleet.control("hydra");
        let http = WEIGHTS.iter().position(|(name, _)| *name == "HTTP spoiled").unwrap();
        let mut random = Random::of(1, "test");
        let mut felt = std::collections::HashSet::new();
        while felt.len() < 8 {
            let mut struck = Box::pin(strike(http, "hydra", control, &mut random, 0.001));
            assert!((&mut struck).now_or_never().is_none());
            felt.insert(std::mem::discriminant(&control.shared.http.strike().unwrap()));
            struck.await;
        }
    }
}
