//! The frames that are poured, for each protocol: real messages with marks where the time and a running number go.

use std::fmt::Write;

use super::{MILLISECONDS_MARK, RFC3339_MARK, SEQUENCE_MARK};
use crate::world::random::Random;

/// So many frames are made at least, so that neighbours differ in what they report.
const FEWEST: usize = 20_000;
/// So many of each at least, so that what it reports changes.
const FEWEST_OF_EACH: usize = 2;
/// How far from its home a device is at most in each direction, in degrees.
const DRIVE: f64 = 0.02;

/// Frames to go round in.
#[derive(Debug, Default)]
pub(crate) struct Frames(Vec<String>);

impl Frames {
    pub(crate) fn texts(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    fn of(distinct: usize, mut text: impl FnMut(usize, &mut Random) -> String) -> Self {
        let distinct = distinct.max(1);
        let rounds = FEWEST.div_ceil(distinct).max(FEWEST_OF_EACH);
        let mut random = Random::of(1, "load");
        Frames((0..rounds * distinct).map(|index| text(index % distinct, &mut random)).collect())
    }

    /// `device_data` of about 185 bytes for each device in turn, which is somewhere about its home.
    pub(crate) fn iotee(devices: &[&str]) -> Self {
        let mut random = Random::of(2, "homes");
        let homes: Vec<(f64, f64)> =
            (0..devices.len().max(1)).map(|_| (random.between(59.0, 60.0), random.between(24.0, 25.0))).collect();
        Frames::of(homes.len(), |index, random| {
            let (lat, long) = homes[index];
            let (lat, long) = (lat + random.between(-DRIVE, DRIVE), long + random.between(-DRIVE, DRIVE));
            let (speed, volts) = (random.between(0.0, 60.0), random.between(11.8, 12.8));
            // A lock is seldom opened: one that flickered with each frame would measure nothing but its alerts.
            let locked = u8::from(!random.chance(0.001));
            let device = devices.get(index).unwrap_or(&"ABC123");
            format!(
                r#"{{"type":"device_data","hardwareId":"{device}","payload":{{"lat":{lat:.6},"long":{long:.6},"speed":{speed:.1},"battery_voltage":{volts:.2},"lock_status":{locked}}},"timestamp":"{RFC3339_MARK}"}}"#
            )
        })
    }

    /// `signal_new` of the stream `signals`.
    pub(crate) fn hydra(distinct: usize) -> Self {
        Frames::of(distinct, |index, random| {
            let severity = 1 + random.below(5);
            let (lat, lng) = (random.between(-60.0, 70.0), random.between(-170.0, 170.0));
            format!(
                r#"{{"stream":"signals","type":"signal_new","ts":{MILLISECONDS_MARK},"data":{{"id":"sig-{SEQUENCE_MARK}","title":"Signal from source {index}","description":"Activity above the usual level","category":"maritime","severity":{severity},"lat":{lat:.4},"lng":{lng:.4},"tags":["load"],"createdAt":{MILLISECONDS_MARK}}}}}"#
            )
        })
    }

    /// Job events, three for each of `distinct` jobs: scheduled, started, completed.
    pub(crate) fn hantera(subscriptions: &[&str], distinct: usize) -> Self {
        let ids = serde_json::json!(subscriptions).to_string();
        Frames::of(distinct.max(1) * 3, |index, random| {
            let (event, times) = match index % 3 {
                0 => ("jobScheduled", format!(r#""scheduledAt":"{RFC3339_MARK}""#)),
                1 => ("jobStarted", format!(r#""startedAt":"{RFC3339_MARK}""#)),
                _ => {
                    let elapsed = random.between(20.0, 9_000.0);
                    ("jobCompleted", format!(r#""finishedAt":"{RFC3339_MARK}","elapsedMs":{elapsed:.1}"#))
                }
            };
            let job = index / 3;
            format!(
                r#"{{"type":"event","subscriptionIds":{ids},"eventType":"{event}","path":"jobs","data":{{"jobId":"550e8400-e29b-41d4-a716-{job:012x}","jobDefinitionId":"sync-inventory",{times}}},"timestamp":"{RFC3339_MARK}"}}"#
            )
        })
    }

    /// `post.created` in the form of the dialect, whose key for the event's name is `key`.
    pub(crate) fn agenthq(channel: &str, key: &str, distinct: usize) -> Self {
        Frames::of(distinct, |index, random| {
            let mut content = String::from("Checked");
            for word in 0..4 + random.below(16) {
                // Writing to a string cannot fail.
                let _ = write!(content, " item {word}");
            }
            format!(
                r#"{{"{key}":"post.created","data":{{"id":"post-{SEQUENCE_MARK}","channel_id":"{channel}","author_id":"agent-{index}","author_type":"agent","type":"update","title":"Report","content":"{content}","parent_id":null,"pinned":false,"created_at":"{RFC3339_MARK}","updated_at":"{RFC3339_MARK}"}}}}"#
            )
        })
    }

    /// `host_online` and `host_offline` by turns, as broadcasts of V2 or V1.
    pub(crate) fn hyprwatch(topic: &str, v2: bool, distinct: usize) -> Self {
        let mut online = false;
        Frames::of(distinct, |index, random| {
            online = !online;
            let event = if online { "host_online" } else { "host_offline" };
            let payload = format!(
                r#"{{"host_id":"h-{index:06}","hostname":"host-{index}","platform":"ubuntu","os_version":"22.04","ip_address":"10.0.{}.{}"}}"#,
                random.below(256),
                random.below(256)
            );
            if v2 {
                format!(r#"[null,null,"{topic}","{event}",{payload}]"#)
            } else {
                format!(r#"{{"topic":"{topic}","event":"{event}","payload":{payload},"ref":null}}"#)
            }
        })
    }
}
