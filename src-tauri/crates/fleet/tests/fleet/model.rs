//! A naive model beside the real picture: it keeps everything that was said and works the state out anew each time.

use std::collections::{BTreeMap, BTreeSet};

use fleet::{Applied, Bounds, ConnectionState, FieldValue, LockState};
use proptest::prelude::*;
use protocol::Timestamp;
use protocol::event::JobPhase;

use crate::said::{START, Said, Told};

/// Everything that was said, with its time and in the order it came.
#[derive(Default)]
struct Model {
    said: Vec<(i64, Said)>,
    lock_ids: BTreeSet<(String, String)>,
    duplicates: u64,
}

impl Model {
    fn apply(&mut self, at: i64, said: &Said) {
        if let Said::Lock { device, id: Some(id), .. } = said
            && !self.lock_ids.insert((device.clone(), id.clone()))
        {
            self.duplicates += 1;
            return;
        }
        self.said.push((at, said.clone()));
    }

    /// What was said with the latest time; of two with the same time what came later.
    fn newest<T>(&self, read: impl Fn(&Said) -> Option<T>) -> Option<(i64, T)> {
        let mut newest = None;
        for (at, said) in &self.said {
            if let Some(value) = read(said)
                && newest.as_ref().is_none_or(|(known, _)| at >= known)
            {
                newest = Some((*at, value));
            }
        }
        newest
    }

    fn field(&self, device: &str, name: &str) -> Option<(i64, Told)> {
        self.newest(|said| match said {
            Said::Telemetry { device: of, fields } if of == device => {
                fields.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value.clone())
            }
            _ => None,
        })
    }

    fn online(&self, device: &str) -> Option<bool> {
        let newest = self.newest(|said| match said {
            Said::Presence { device: of, online } if of == device => Some(*online),
            _ => None,
        });
        newest.map(|(_, online)| online)
    }

    fn lock(&self, device: &str) -> LockState {
        let newest = self.newest(|said| match said {
            Said::Lock { device: of, locked, .. } if of == device => {
                Some(if *locked { LockState::Locked } else { LockState::Unlocked })
            }
            Said::Telemetry { device: of, fields } if of == device => {
                fields.iter().rev().find(|(name, _)| name == "lock_status").map(|(_, value)| match value {
                    Told::Bool(true) => LockState::Locked,
                    Told::Bool(false) => LockState::Unlocked,
                    Told::Number(1.0) => LockState::Locked,
                    Told::Number(0.0) => LockState::Unlocked,
                    _ => LockState::Unknown,
                })
            }
            _ => None,
        });
        newest.map_or(LockState::Unknown, |(_, state)| state)
    }

    fn lock_times(&self, device: &str) -> Vec<i64> {
        let mut times: Vec<i64> = self
            .said
            .iter()
            .filter(|(_, said)| matches!(said, Said::Lock { device: of, .. } if of == device))
            .map(|(at, _)| *at)
            .collect();
        times.sort_unstable();
        times
    }

    fn devices(&self) -> BTreeSet<&str> {
        let mut devices = BTreeSet::new();
        for (_, said) in &self.said {
            if let Said::Telemetry { device, .. } | Said::Presence { device, .. } | Said::Lock { device, .. } = said {
                devices.insert(device.as_str());
            }
        }
        devices
    }

    /// Where each job is: the end with the latest time, else the furthest step.
    fn jobs(&self) -> BTreeMap<&str, JobPhase> {
        let mut jobs: BTreeMap<&str, (i64, JobPhase)> = BTreeMap::new();
        for (at, said) in &self.said {
            let Said::Job { job, phase, .. } = said else { continue };
            let ended = |phase: JobPhase| matches!(phase, JobPhase::Completed | JobPhase::Failed);
            let known = jobs.entry(job).or_insert((*at, *phase));
            if (ended(*phase) && (!ended(known.1) || *at > known.0)) || (!ended(known.1) && *phase > known.1) {
                *known = (*at, *phase);
            }
        }
        jobs.into_iter().map(|(job, (_, phase))| (job, phase)).collect()
    }
}

fn told() -> impl Strategy<Value = Told> {
    prop_oneof![
        prop_oneof![Just(0.0), Just(1.0), Just(2.0), -1e3..1e3].prop_map(Told::Number),
        any::<bool>().prop_map(Told::Bool),
        "[a-z]{0,5}".prop_map(Told::Text),
        Just(Told::Null),
        Just(Told::Json("[1]".into())),
    ]
}

fn said() -> impl Strategy<Value = Said> {
    let device = prop::sample::select(vec!["a", "b", "c"]).prop_map(String::from);
    let name = prop::sample::select(vec!["lat", "speed", "lock_status", "door"]).prop_map(String::from);
    let phases = vec![JobPhase::Scheduled, JobPhase::Started, JobPhase::Completed, JobPhase::Failed];
    prop_oneof![
        (device.clone(), prop::collection::vec((name, told()), 0..4)).prop_map(|(device, mut fields)| {
            // An object has each name once.
            let mut seen = BTreeSet::new();
            fields.retain(|(name, _)| seen.insert(name.clone()));
            Said::Telemetry { device, fields }
        }),
        (device.clone(), any::<bool>()).prop_map(|(device, online)| Said::Presence { device, online }),
        (device, any::<bool>(), prop::option::of(0..12u8)).prop_map(|(device, locked, id)| Said::Lock {
            device,
            locked,
            id: id.map(|id| format!("evt_{id}")),
            code: Some("S3CRET".into()),
        }),
        (0..4u8, prop::sample::select(phases)).prop_map(|(job, phase)| Said::Job {
            job: format!("j{job}"),
            definition: format!("d{}", job % 2),
            phase,
        }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_picture_is_what_the_model_works_out(events in prop::collection::vec((0..60i64, said()), 1..120)) {
        let mut state = ConnectionState::new(Bounds { lock_events_per_device: 1_000, ..Bounds::default() });
        let mut model = Model::default();
        for (index, (second, said)) in events.iter().enumerate() {
            // Some come late, some at the same time, all with a service's time before ours.
            said.apply(&mut state, Some(second * 1_000), 60_000 + index as i64);
            model.apply(second * 1_000, said);
        }
        let jobs = model.jobs();
        let duplicate_jobs = state.counters.duplicates - model.duplicates;
        prop_assert!(duplicate_jobs <= events.len() as u64);
        for device in model.devices() {
            let real = state.devices.get(device).unwrap();
            for name in ["lat", "speed", "lock_status", "door"] {
                let field = state.devices.field(real, name).map(|field| (field.at, same(&field.value)));
                let expected = model.field(device, name).map(|(at, value)| (Timestamp(START + at), value));
                prop_assert_eq!(field, expected, "{} {}", device, name);
            }
            prop_assert_eq!(real.online(), model.online(device));
            prop_assert_eq!(real.lock(), model.lock(device));
            let history: Vec<i64> = real.locking().history().map(|event| event.at.millis() - START).collect();
            prop_assert_eq!(history, model.lock_times(device));
        }
        prop_assert_eq!(state.devices.len(), model.devices().len());
        let count = |wanted: LockState| model.devices().iter().filter(|device| model.lock(device) == wanted).count();
        for lock in [LockState::Locked, LockState::Unlocked, LockState::Unknown] {
            prop_assert_eq!(state.devices.in_lock_state(lock), count(lock));
        }
        let online = model.devices().iter().filter(|device| model.online(device) == Some(true)).count();
        prop_assert_eq!(state.devices.online(), online);
        for (id, phase) in &jobs {
            prop_assert_eq!(state.jobs.get(id).unwrap().phase, *phase, "{}", id);
        }
        let in_phase = |wanted: JobPhase| jobs.values().filter(|phase| **phase == wanted).count();
        prop_assert_eq!(state.jobs.running(), in_phase(JobPhase::Started));
        prop_assert_eq!(state.jobs.waiting(), in_phase(JobPhase::Scheduled));
        let definitions = state.jobs.definitions().rows();
        prop_assert_eq!(definitions.iter().map(|d| d.completed).sum::<u64>() as usize, in_phase(JobPhase::Completed));
        prop_assert_eq!(definitions.iter().map(|d| d.failed).sum::<u64>() as usize, in_phase(JobPhase::Failed));
        prop_assert_eq!(definitions.iter().map(|d| d.running).sum::<u64>() as usize, in_phase(JobPhase::Started));
    }

    #[test]
    fn saying_it_all_twice_changes_nothing(events in prop::collection::vec((0..60i64, said()), 1..60)) {
        let mut state = ConnectionState::new(Bounds::default());
        // Lock events without an id cannot be told from new ones, and steps of equal time have no order.
        let events: Vec<_> = events
            .into_iter()
            .enumerate()
            .filter(|(_, (_, said))| !matches!(said, Said::Lock { id: None, .. }))
            .map(|(index, (second, said))| (second * 1_000 + index as i64, said))
            .collect();
        for (at, said) in &events {
            said.apply(&mut state, Some(*at), 120_000);
        }
        let before = picture(&state);
        for (at, said) in &events {
            let applied = said.apply(&mut state, Some(*at), 120_000);
            let told = matches!(applied, Applied::LockChanged { .. } | Applied::JobFailed | Applied::JobCompleted);
            prop_assert!(!told, "{:?} is told twice", said);
        }
        prop_assert_eq!(picture(&state), before);
    }
}

fn picture(state: &ConnectionState) -> serde_json::Value {
    let mut snapshot = state.snapshot();
    snapshot["counters"] = serde_json::Value::Null;
    snapshot
}

fn same(value: &FieldValue) -> Told {
    match value {
        FieldValue::Number(number) => Told::Number(*number),
        FieldValue::Bool(truth) => Told::Bool(*truth),
        FieldValue::Text(text) => Told::Text(text.to_string()),
        FieldValue::Null => Told::Null,
        FieldValue::Json(json) => Told::Json(json.to_string()),
        FieldValue::Omitted(_) => Told::Text("omitted".into()),
    }
}
