//! Stories for rules: what happens, second by second, in lines that are read; what was found, in lines that are compared.

use fleet::alert::{Change, Finding};
use fleet::rule::{About, Detector, Fact, Rule, Standing};
use fleet::{Bounds, ConnectionState};
use protocol::event::{AlertChange, Job, JobPhase, Notice, Signal};
use protocol::{EventBody, Protocol, StreamEvent, Timestamp};

use crate::said::{START, Said, Told};

pub const ABOUT: About<'static> = About { name: "depot", tags: &[], protocol: Protocol::Iotee };

/// A connection with its picture and its detector. Time is in seconds from the start.
pub struct Story {
    pub state: ConnectionState,
    pub detector: Detector,
    pub found: Vec<Finding>,
    pub now: f64,
}

/// A rule of JSON, as the configuration would have it.
pub fn rule(when: &str, hold: &str) -> Rule {
    let rule: Rule =
        serde_json::from_str(&format!(r#"{{"name":"r","severity":"high","for":"{hold}","when":{when}}}"#)).unwrap();
    rule.validate().unwrap();
    rule
}

impl Story {
    pub fn new(rules: &[Rule]) -> Self {
        let zone = jiff::tz::TimeZone::get("Europe/Berlin").unwrap();
        let detector = Detector::new(rules, &ABOUT, zone);
        Story { state: ConnectionState::new(Bounds::default()), detector, found: Vec::new(), now: 0.0 }
    }

    /// Tells a story: in each line a time and what happens then, after a tick for each second until then. An event's own
    /// time stands behind an `@` when it is not when it came.
    pub fn tell(&mut self, lines: &str) -> &mut Self {
        for line in lines.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let words: Vec<&str> = line.split_whitespace().collect();
            let at: f64 = words[0].parse().unwrap();
            if words[1] != "leap" {
                self.wait(at);
            }
            self.now = at;
            self.happens(&words[1..], line);
        }
        self
    }

    pub fn wait(&mut self, until: f64) {
        while self.now.floor() + 1.0 <= until {
            self.now = self.now.floor() + 1.0;
            self.tick();
        }
        self.now = until;
    }

    pub fn tick(&mut self) {
        self.detector.tick(&self.state, time(self.now), &mut self.found);
    }

    /// What was found since the last call: `16m a fires since 1m`, times in seconds.
    pub fn findings(&mut self) -> Vec<String> {
        self.found.drain(..).map(|finding| said(&finding)).collect()
    }

    fn happens(&mut self, words: &[&str], line: &str) {
        let own = words.iter().find_map(|word| word.strip_prefix('@')).map(|at| at.parse::<f64>().unwrap());
        let at = own.unwrap_or(self.now);
        let words: Vec<&str> = words.iter().copied().filter(|word| !word.starts_with('@')).collect();
        let cause = words.get(1).copied().unwrap_or("");
        let standing = match words[0] {
            "live" => Some(Standing::Live),
            "catching-up" => Some(Standing::CatchingUp),
            "lost" => Some(Standing::NotLive { cause }),
            "credential" => Some(Standing::NeedsCredential { cause }),
            "refused" => Some(Standing::Refused { cause }),
            "stopped" => Some(Standing::Stopped),
            _ => None,
        };
        if let Some(standing) = standing {
            return self.detector.standing(standing, time(self.now), &mut self.found);
        }
        let subject = || words[1].to_owned();
        let said = match words[0] {
            "tick" | "leap" => return self.tick(),
            // `settle whole 7`: all that was missed is known, and it became live at 7; `settle gap 7`: it is not.
            "settle" => {
                let (whole, since) = (words[1] == "whole", time(words[2].parse().unwrap()));
                if !whole {
                    self.state.signals.doubt(since);
                }
                return self.detector.settle(&self.state, whole, since, time(self.now), &mut self.found);
            }
            "ends-at" => {
                let ends = words.get(1).map(|at| time(at.parse().unwrap()));
                return self.detector.credential_ends(ends, time(self.now), &mut self.found);
            }
            "unlocked" | "locked" => {
                let locked = words[0] == "locked";
                Said::Lock {
                    device: subject(),
                    locked,
                    id: words.get(2).map(ToString::to_string),
                    code: Some("S3".into()),
                }
            }
            "field" => {
                let value = match words[3] {
                    "null" => Told::Null,
                    number => Told::Number(number.parse().unwrap()),
                };
                Said::Telemetry { device: subject(), fields: vec![(words[2].into(), value)] }
            }
            "online" | "offline" => Said::Presence { device: subject(), online: words[0] == "online" },
            "host-online" | "host-offline" => {
                Said::Host { host: subject(), change: u8::from(words[0] == "host-offline") }
            }
            "agent-online" | "agent-offline" => {
                Said::Agent { agent: subject(), change: u8::from(words[0] == "agent-offline") }
            }
            "checkpoint" => {
                Said::Checkpoint { actor: subject(), name: words[2].into(), value: words[3].parse().unwrap() }
            }
            "started" | "completed" | "failed" | "scheduled" => return self.job(&words, at),
            "signal" | "issued" | "cleared" => return self.signal(&words, at),
            "overflow" => return self.overflow(&words, at),
            _ => panic!("not a line of a story: {line}"),
        };
        let (received, state) = (time(self.now), &mut self.state);
        let (detector, found) = (&mut self.detector, &mut self.found);
        said.with(Some((at * 1_000.0) as i64), |event| {
            let applied = state.apply(event, received);
            detector.event(&Fact::of(event, applied, received), found);
        });
    }

    fn job(&mut self, words: &[&str], at: f64) {
        let phase = match words[0] {
            "scheduled" => JobPhase::Scheduled,
            "started" => JobPhase::Started,
            "completed" => JobPhase::Completed,
            _ => JobPhase::Failed,
        };
        self.event(
            at,
            EventBody::Job(Job {
                job: words[1].into(),
                definition: words.get(2).map(|id| (*id).into()),
                phase,
                scheduled_at: None,
                started_at: None,
                finished_at: None,
                elapsed_ms: words.get(3).map(|ms| ms.parse().unwrap()),
                error: (phase == JobPhase::Failed).then(|| "no space left".into()),
            }),
            "{}",
        );
    }

    fn signal(&mut self, words: &[&str], at: f64) {
        let alert = match words[0] {
            "issued" => Some(AlertChange::Issued),
            "cleared" => Some(AlertChange::Cleared),
            _ => None,
        };
        self.event(
            at,
            EventBody::Signal(Signal {
                stream: "s".into(),
                signal_type: "signal_new".into(),
                signal: Some(words[1].into()),
                alert,
                title: Some("Storm".into()),
                description: None,
                category: None,
                severity: words.get(2).map(|severity| severity.parse().unwrap()),
                place: None,
                cities: Vec::new(),
            }),
            r#"{"type":"x","data":{"region":"north","level":{"depth":7}}}"#,
        );
    }

    fn overflow(&mut self, words: &[&str], at: f64) {
        self.event(
            at,
            EventBody::Warning(Notice {
                code: Some("QUEUE_OVERFLOW".into()),
                message: "events dropped".into(),
                subscription: None,
                request_id: None,
                dropped: words.get(1).map(|count| count.parse().unwrap()),
            }),
            "{}",
        );
    }

    fn event(&mut self, at: f64, body: EventBody<'_>, data: &str) {
        let received = time(self.now);
        let event = StreamEvent { at: Some(time(at)), body, data };
        let applied = self.state.apply(&event, received);
        self.detector.event(&Fact::of(&event, applied, received), &mut self.found);
    }
}

pub fn time(seconds: f64) -> Timestamp {
    Timestamp(START + (seconds * 1_000.0).round() as i64)
}

fn said(finding: &Finding) -> String {
    let seconds = |at: Timestamp| (at.millis() - START) as f64 / 1_000.0;
    let change = match &finding.change {
        Change::Pending => "pending".to_owned(),
        Change::Fires { since } => format!("fires since {}", seconds(*since)),
        Change::Again => "again".to_owned(),
        Change::Confirmed => "confirmed".to_owned(),
        Change::Ends { cause } => format!("ends: {cause}"),
    };
    format!("{} {} {change}", seconds(finding.at), finding.subject)
}

/// Tells a story to one rule and compares what it finds.
pub fn story(rule: &Rule, lines: &str, expected: &[&str]) {
    let mut story = Story::new(std::slice::from_ref(rule));
    story.detector.standing(Standing::Live, time(0.0), &mut story.found);
    story.tell(lines);
    assert_eq!(story.findings(), expected, "{}\n{lines}", rule.sentence());
}
