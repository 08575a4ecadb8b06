//! Puts what is to be told into words and a picture, on a thread of its own: drawing waits for nobody, nobody waits for it.

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};

use std::time::{Duration, Instant};

use chart::{Line, Mark, MarkKind, Picture, Theme, Threshold};
use fleet::alert::{Alert, AlertId, Announcement, Occasion};
use fleet::rule::Severity;
use jiff::tz::TimeZone;
use parking_lot::RwLock;
use protocol::Timestamp;
use store::NotificationSettings;
use store::history::Evidence;

use crate::host::{Host, Notice, Opens};
use crate::pager::Pager;

/// How many announcements wait for their words. What comes then is left out here; the list of alerts has it.
const WAITING: usize = 10_000;
/// Digests of which it is known whom they name; an older one stays until it is closed.
const DIGESTS: usize = 16;
/// Pictures that are drawn within [`CALM`]: of a storm, told as a digest, none more.
const DRAWN: usize = 6;
const CALM: Duration = Duration::from_secs(60);
/// The picture's size in pixels.
const SIZE: (u32, u32) = (480, 240);

/// What is to be told, with what is needed for its words.
pub(super) struct Told {
    pub(super) announcement: Announcement,
    /// The alerts it names, the first of them.
    pub(super) alerts: Vec<Alert>,
    pub(super) proof: Option<Evidence>,
}

/// Who tells.
pub(super) struct Herald {
    asks: SyncSender<Told>,
    settings: Arc<RwLock<NotificationSettings>>,
    pager: Pager,
}

impl Herald {
    pub(super) fn new(host: Arc<dyn Host>, zone: TimeZone, settings: NotificationSettings) -> Self {
        let (asks, asked) = sync_channel(WAITING);
        let pager = Pager::start(settings.commands.clone(), |sentence| tracing::warn!("{sentence}"));
        let settings = Arc::new(RwLock::new(settings));
        let mut teller =
            Teller { host, zone, settings: settings.clone(), pager: pager.clone(), digests: 0, shown: VecDeque::new() };
        let spawned = std::thread::Builder::new().name("herald".into()).spawn(move || teller.tell_all(&asked));
        if let Err(error) = spawned {
            tracing::error!("nothing can be told natively: no thread could be started: {error}");
        }
        Herald { asks, settings, pager }
    }

    pub(super) fn settings(&self, settings: NotificationSettings) {
        self.pager.set_commands(settings.commands.clone());
        *self.settings.write() = settings;
    }

    pub(super) fn tell(&self, told: Told) {
        if let Err(TrySendError::Full(_)) = self.asks.try_send(told) {
            tracing::warn!("more alerts came than could be told natively; the list of alerts has all of them");
        }
    }
}

struct Teller {
    host: Arc<dyn Host>,
    zone: TimeZone,
    settings: Arc<RwLock<NotificationSettings>>,
    pager: Pager,
    /// How many digests were told.
    digests: u64,
    /// Their keys, each with the alerts it names that still want somebody; the latest last.
    shown: VecDeque<(String, HashSet<AlertId>)>,
}

impl Teller {
    fn tell_all(&mut self, asked: &Receiver<Told>) {
        let mut drawn = VecDeque::new();
        while let Ok(told) = asked.recv() {
            self.tell(&told, &mut drawn);
        }
    }

    fn tell(&mut self, told: &Told, drawn: &mut VecDeque<Instant>) {
        let settings = self.settings.read().clone();
        let wanted = |alert: &&Alert| alert.severity >= settings.from;
        match &told.announcement {
            Announcement::Fires(_) | Announcement::Changed(_) => {
                let Some(alert) = told.alerts.first() else { return };
                if matches!(told.announcement, Announcement::Fires(_)) {
                    self.pager.page(alert);
                }
                if wanted(&alert) {
                    let proof =
                        told.proof.as_ref().filter(|proof| proof.field.is_some() && may_draw(drawn, Instant::now()));
                    let picture = proof.and_then(|proof| self.picture(alert, proof));
                    self.host.notify(self.notice(alert, picture, settings.sound));
                }
            }
            Announcement::Withdraw(id) => {
                self.host.withdraw(&key(*id));
                self.settle(*id);
            }
            Announcement::Digest { occasion, alerts, resolved } => {
                let worst = told.alerts.iter().map(|alert| alert.severity).max();
                if worst.is_some_and(|worst| worst >= settings.from) {
                    self.digests += 1;
                    // Each is of other alerts: none is a change of an earlier one.
                    let key = format!("digest/{}", self.digests);
                    let open = alerts.len().saturating_sub(*resolved as usize);
                    self.shown.push_back((key.clone(), alerts.iter().take(open).copied().collect()));
                    if self.shown.len() > DIGESTS {
                        self.shown.pop_front();
                    }
                    self.host.notify(digest(key, *occasion, alerts.len(), *resolved, &told.alerts, settings.sound));
                }
                if *occasion != Occasion::Away {
                    told.alerts.iter().for_each(|alert| self.pager.page(alert));
                }
            }
            Announcement::NetworkLost { since, connections } => self.host.notify(Notice {
                key: NETWORK.into(),
                severity: Severity::Critical.into(),
                title: "This computer has lost its network".into(),
                body: format!(
                    "All {connections} connections were lost at {}. What is shown is as it was then.",
                    self.clock(*since)
                ),
                opens: Opens::Alerts,
                picture: None,
                sound: settings.sound,
            }),
            Announcement::NetworkBack => self.host.withdraw(NETWORK),
        }
    }

    /// Takes back each digest of which the last alert is over, known or muted again.
    fn settle(&mut self, id: AlertId) {
        let host = &self.host;
        self.shown.retain_mut(|(key, alerts)| {
            let settled = alerts.remove(&id) && alerts.is_empty();
            if settled {
                host.withdraw(key);
            }
            !settled
        });
    }

    fn notice(&self, alert: &Alert, picture: Option<Arc<[u8]>>, sound: bool) -> Notice {
        let since = self.clock(alert.began);
        let times = if alert.times > 1 { format!(" {} times.", alert.times) } else { String::new() };
        Notice {
            key: key(alert.id),
            severity: alert.severity.into(),
            title: alert.title.clone(),
            body: format!("{} on {}, since {since}.{times}", alert.rule, alert.connection),
            opens: Opens::Alert(alert.id),
            picture,
            sound,
        }
    }

    fn picture(&self, alert: &Alert, proof: &Evidence) -> Option<Arc<[u8]>> {
        let field = proof.field.as_ref()?;
        let picture = Picture {
            title: alert.title.clone(),
            subtitle: format!("{field} of {} on {}", alert.subject, alert.connection),
            unit: None,
            from: proof.times.first().copied().unwrap_or(proof.from.millis()).max(proof.from.millis()),
            to: proof.to.millis(),
            lines: vec![Line {
                label: field.clone(),
                points: proof.times.iter().copied().zip(proof.values.iter().copied()).collect(),
                band: None,
                step: false,
            }],
            thresholds: proof
                .threshold
                .map(|value| Threshold { value, label: "threshold".into() })
                .into_iter()
                .collect(),
            gaps: Vec::new(),
            marks: alert
                .fired
                .map(|fired| Mark { at: fired.millis(), label: "fired".into(), kind: MarkKind::Fired })
                .into_iter()
                .collect(),
            theme: Theme::Dark,
            width: SIZE.0,
            height: SIZE.1,
            zone: self.zone.clone(),
        };
        chart::png(&picture).inspect_err(|error| tracing::warn!("an alert's picture: {error}")).ok().map(Arc::from)
    }

    fn clock(&self, at: Timestamp) -> String {
        local(&self.zone, at).map_or_else(|| at.to_string(), |at| at.strftime("%H:%M:%S %Z").to_string())
    }
}

/// Whether there is room for one more picture.
fn may_draw(drawn: &mut VecDeque<Instant>, now: Instant) -> bool {
    while drawn.front().is_some_and(|first| now.duration_since(*first) > CALM) {
        drawn.pop_front();
    }
    let may = drawn.len() < DRAWN;
    if may {
        drawn.push_back(now);
    }
    may
}

/// The key of the network's notice.
const NETWORK: &str = "network";

/// The key of an alert's notice.
fn key(id: AlertId) -> String {
    format!("alert/{id}")
}

fn digest(key: String, occasion: Occasion, count: usize, resolved: u32, named: &[Alert], sound: bool) -> Notice {
    let alerts = |count: usize| if count == 1 { "1 alert".to_owned() } else { format!("{count} alerts") };
    let still = if count == 1 { "1 alert still fires".to_owned() } else { format!("{count} alerts still fire") };
    let title = match occasion {
        Occasion::Away => format!("While you were away: {}", alerts(count)),
        Occasion::MuteEnded => format!("The mute has ended: {still}"),
        Occasion::SilenceEnded => format!("A silence has ended: {still}"),
        Occasion::QuietEnded => format!("Quiet hours have ended: {still}"),
    };
    let mut body: Vec<String> = named.iter().take(3).map(|alert| alert.title.clone()).collect();
    if count > body.len() {
        body.push(format!("and {} more", count - body.len()));
    }
    if resolved > 0 {
        body.push(format!("{resolved} of them {} over already.", if resolved == 1 { "is" } else { "are" }));
    }
    let worst = named.iter().map(|alert| alert.severity).max().unwrap_or(Severity::Low);
    let opens = match named {
        [only] if count == 1 => Opens::Alert(only.id),
        _ => Opens::Alerts,
    };
    Notice { key, severity: worst.into(), title, body: body.join("\n"), opens, picture: None, sound }
}

/// A time on the operator's clock.
fn local(zone: &TimeZone, at: Timestamp) -> Option<jiff::Zoned> {
    Some(jiff::Timestamp::from_millisecond(at.millis()).ok()?.to_zoned(zone.clone()))
}

#[cfg(test)]
mod tests {
    use parking_lot::Mutex;

    use super::*;
    use crate::view::build::alert_counts::tests::fired;

    #[derive(Default)]
    struct Desktop {
        told: Mutex<Vec<String>>,
        taken_back: Mutex<Vec<String>>,
    }

    impl Host for Desktop {
        fn notify(&self, notice: Notice) {
            self.told.lock().push(notice.key);
        }

        fn withdraw(&self, key: &str) {
            self.taken_back.lock().push(key.to_owned());
        }
    }

    // Who pages is a task.
    #[tokio::test]
    async fn a_digest_is_taken_back_with_the_last_of_those_it_names() {
        let host = Arc::new(Desktop::default());
        let settings = NotificationSettings { from: Severity::Low, ..NotificationSettings::default() };
        let mut teller = Teller {
            host: host.clone(),
            zone: TimeZone::UTC,
            pager: Pager::start(store::Commands::default(), |_| ()),
            settings: Arc::new(RwLock::new(settings)),
            digests: 0,
            shown: VecDeque::new(),
        };
        let alerts: Vec<Alert> = fired(&["a", "b"]).alerts().cloned().collect();
        let [a, b] = [alerts[0].id, alerts[1].id];
        let mut tell = |announcement, alerts| {
            teller.tell(&Told { announcement, alerts, proof: None }, &mut VecDeque::new());
        };
        tell(Announcement::Digest { occasion: Occasion::MuteEnded, alerts: vec![a, b], resolved: 0 }, alerts);
        let digest = host.told.lock().clone();
        assert_eq!(digest.len(), 1);
        let back = || host.taken_back.lock().iter().filter(|key| **key == digest[0]).count();
        tell(Announcement::Withdraw(a), Vec::new());
        assert_eq!(back(), 0, "the other one still wants somebody");
        tell(Announcement::Withdraw(b), Vec::new());
        assert_eq!(back(), 1);
    }
}
