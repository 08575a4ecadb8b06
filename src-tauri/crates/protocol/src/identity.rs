//! What makes an event the same event when it comes twice: by the stream and by a backfill, or by two backfills.

use std::fmt::Write as _;

use crate::event::{AgentChange, AlertChange, Change, EventBody, HostChange, JobPhase, StreamEvent};
use crate::text::Text;
use crate::time::Timestamp;

/// How long an id may be to stand in a tuple as it is; a longer one is cut and told by a hash of it.
const PART: usize = 200;

/// Two events of one connection are the same when they have an id in common, or else a tuple.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Identity<'a> {
    /// The service's own id of the event (iotee lock events).
    pub id: Option<Text<'a>>,
    /// What happened to whom and when, as `lock|ABC123|1765967400000|0`; `None` where that does not tell it from others.
    /// Within ids, `|` and `\` have a `\` before them.
    pub tuple: Option<String>,
}

/// Tells an event's identity. Those that come in masses have none, and cost nothing here.
pub fn identity<'e>(event: &'e StreamEvent<'_>) -> Identity<'e> {
    let timed = |kind: &str, parts: &[&str]| event.at.map(|at| tuple(kind, parts, Some(at)));
    let tuple = match &event.body {
        EventBody::Lock(lock) => {
            let id = lock.event_id.as_deref().filter(|id| !id.is_empty()).map(Text::from);
            let tuple = event.at.map(|at| {
                let mut tuple = tuple("lock", &[&lock.device], Some(at));
                tuple.push_str(if lock.locked { "|1" } else { "|0" });
                tuple
            });
            return Identity { id, tuple };
        }
        EventBody::Job(job) => {
            let phase = match job.phase {
                JobPhase::Scheduled => "scheduled",
                JobPhase::Started => "started",
                JobPhase::Completed => "completed",
                JobPhase::Failed => "failed",
            };
            Some(tuple("job", &[&job.job, phase], None))
        }
        EventBody::Post(post) if post.deleted => Some(tuple("post", &[&post.post, "deleted"], None)),
        EventBody::Post(post) => match post.change {
            Change::Created => Some(tuple("post", &[&post.post, "created"], None)),
            Change::Updated => timed("post", &[&post.post, "updated"]),
        },
        EventBody::Signal(signal) => match (signal.signal.as_deref(), signal.alert) {
            (None, _) => None,
            (Some(id), Some(AlertChange::Issued)) => Some(tuple("signal", &[id, "issued"], None)),
            (Some(id), Some(AlertChange::Cleared)) => Some(tuple("signal", &[id, "cleared"], None)),
            (Some(id), None) if signal.signal_type.as_str() == "signal_new" => {
                Some(tuple("signal", &[id, "new"], None))
            }
            // Other streams tell of one thing again and again: an aircraft, a price.
            (Some(id), None) => timed("signal", &[id, &signal.signal_type]),
        },
        EventBody::Host(host) => {
            let change = match host.change {
                HostChange::Online => "online",
                HostChange::Offline => "offline",
                HostChange::Enrolled => "enrolled",
            };
            timed("host", &[host.org, &host.host, change])
        }
        EventBody::Presence(presence) => {
            let change = match presence.online {
                Some(true) => "online",
                Some(false) => "offline",
                None => "unknown",
            };
            timed("presence", &[&presence.device, change])
        }
        EventBody::Agent(agent) => {
            let change = match agent.change {
                AgentChange::Online => "online",
                AgentChange::Offline => "offline",
                AgentChange::Updated => "updated",
            };
            timed("agent", &[&agent.agent, change])
        }
        EventBody::Task(task) => match task.change {
            Change::Created => Some(tuple("task", &[&task.task, "created"], None)),
            Change::Updated => timed("task", &[&task.task, "updated"]),
        },
        EventBody::Notification(notification) => Some(tuple("notification", &[&notification.notification], None)),
        EventBody::Checkpoint(checkpoint) => timed("checkpoint", &[&checkpoint.actor_type, &checkpoint.actor]),
        EventBody::Telemetry(_)
        | EventBody::JobStatistics(_)
        | EventBody::LiveQuery(_)
        | EventBody::Query(_)
        | EventBody::Warning(_)
        | EventBody::Error(_)
        | EventBody::Unrecognised(_) => None,
    };
    Identity { id: None, tuple }
}

fn tuple(kind: &str, parts: &[&str], at: Option<Timestamp>) -> String {
    let mut tuple = String::with_capacity(kind.len() + 24 + parts.iter().map(|part| part.len() + 1).sum::<usize>());
    tuple.push_str(kind);
    for part in parts {
        tuple.push('|');
        let cut = if part.len() > PART { part.floor_char_boundary(PART) } else { part.len() };
        for c in part.get(..cut).unwrap_or(part).chars() {
            if matches!(c, '|' | '\\') {
                tuple.push('\\');
            }
            tuple.push(c);
        }
        if cut < part.len() {
            let _ = write!(tuple, "#{:016x}", fnv(part.as_bytes()));
        }
    }
    if let Some(at) = at {
        let _ = write!(tuple, "|{}", at.millis());
    }
    tuple
}

/// FNV-1a of 64 bits: it stays what it is over the years that a history is kept.
fn fnv(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{Job, Lock, Notice, Signal, Telemetry};

    fn of(body: EventBody<'_>, at: Option<i64>) -> (Option<String>, Option<String>) {
        let event = StreamEvent { at: at.map(Timestamp), body, data: "{}" };
        let identity = identity(&event);
        (identity.id.map(|id| id.to_string()), identity.tuple)
    }

    fn lock(device: &str, id: Option<&str>) -> EventBody<'static> {
        let owned = |text: &str| Text(text.to_owned().into());
        EventBody::Lock(Lock {
            device: owned(device),
            locked: false,
            event_id: id.map(owned),
            source: None,
            code: None,
        })
    }

    #[test]
    fn a_lock_event_has_its_id_and_its_time() {
        assert_eq!(of(lock("A", Some("evt_1")), Some(7)), (Some("evt_1".into()), Some("lock|A|7|0".into())));
        assert_eq!(of(lock("A", None), None), (None, None));
        assert_eq!(of(lock("A", Some("")), Some(7)).0, None);
    }

    #[test]
    fn parts_cannot_run_into_each_other_and_are_bounded() {
        assert_eq!(of(lock("a|b\\", None), Some(1)).1.unwrap(), "lock|a\\|b\\\\|1|0");
        let (one, other) = ("x".repeat(10_000) + "1", "x".repeat(10_000) + "2");
        let (one, other) = (of(lock(&one, None), Some(1)).1.unwrap(), of(lock(&other, None), Some(1)).1.unwrap());
        assert!(one.len() < 300 && one != other, "{one}");
    }

    #[test]
    fn a_job_is_told_by_its_step_and_a_signal_by_its_change() {
        let job = Job {
            job: Text::from("j1"),
            definition: None,
            phase: JobPhase::Failed,
            scheduled_at: None,
            started_at: None,
            finished_at: None,
            elapsed_ms: None,
            error: None,
        };
        assert_eq!(of(EventBody::Job(job), None).1.unwrap(), "job|j1|failed");
        let signal = |signal_type: &'static str, alert| {
            EventBody::Signal(Signal {
                stream: Text::from("s"),
                signal_type: Text::from(signal_type),
                signal: Some(Text::from("7")),
                alert,
                title: None,
                description: None,
                category: None,
                severity: None,
                place: None,
                cities: Vec::new(),
            })
        };
        assert_eq!(of(signal("alert_issued", Some(AlertChange::Issued)), Some(5)).1.unwrap(), "signal|7|issued");
        assert_eq!(of(signal("alert_cleared", Some(AlertChange::Cleared)), None).1.unwrap(), "signal|7|cleared");
        assert_eq!(of(signal("signal_new", None), Some(5)).1.unwrap(), "signal|7|new");
        assert_eq!(of(signal("aircraft", None), Some(5)).1.unwrap(), "signal|7|aircraft|5");
        assert_eq!(of(signal("aircraft", None), None).1, None);
    }

    #[test]
    fn what_comes_in_masses_has_none() {
        let telemetry = Telemetry { device: Text::from("A"), fields: &[], last_responded_at: None };
        assert_eq!(of(EventBody::Telemetry(telemetry), Some(1)), (None, None));
        let words = Text::from("w");
        let notice = Notice { code: None, message: words, subscription: None, request_id: None, dropped: None };
        assert_eq!(of(EventBody::Warning(notice), Some(1)), (None, None));
    }
}
