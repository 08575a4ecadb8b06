//! The desktop's notification daemon: the Desktop Notifications Specification over D-Bus.
//!
//! One connection shows, withdraws and hears of actions for as long as it lasts. Daemons tell an action to the connection
//! that showed the notification, and take away what belonged to one that has ended, so one for each (and a thread to wait on
//! it) would not do.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use monitor::view::picture::Severity;
use monitor::{AlertId, Opens};
use zbus::blocking::connection::Builder;
use zbus::blocking::fdo::DBusProxy;
use zbus::blocking::{Connection, MessageIterator};
use zbus::message::{Message, Type};
use zbus::zvariant;
use zbus::{MatchRule, fdo};

use super::picture::Picture;
use super::text::Text;
use super::{Action, Heard};

const NAME: &str = "org.freedesktop.Notifications";
const PATH: &str = "/org/freedesktop/Notifications";

/// How long the daemon may take to answer.
const BOUND: Duration = Duration::from_secs(4);

/// How many notifications are remembered, to be replaced, withdrawn and acted on.
const REMEMBERED: usize = 256;

/// The actions by the names that the daemon tells them by; `default` is a click on the notification itself.
const DEFAULT: &str = "default";
const ACKNOWLEDGE: &str = "acknowledge";
const OPEN: &str = "open";

/// The desktop's notifications.
pub(super) struct Daemon {
    on_heard: Arc<dyn Fn(Heard) + Send + Sync>,
    /// Of the bus; the session's when `None`.
    address: Option<String>,
    bus: Option<Bus>,
}

impl fmt::Debug for Daemon {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Daemon").field("bus", &self.bus).finish_non_exhaustive()
    }
}

impl Daemon {
    pub(super) fn new(on_heard: Arc<dyn Fn(Heard) + Send + Sync>) -> Self {
        Daemon { on_heard, address: None, bus: None }
    }

    /// The same on another bus.
    #[cfg(test)]
    pub(super) fn at(self, address: &str) -> Self {
        Daemon { address: Some(address.to_owned()), ..self }
    }

    /// Shows it, or says in a sentence why not.
    pub(super) fn show(&mut self, text: &Text) -> Result<(), String> {
        self.try_show(text).map_err(|error| match is_timeout(&error) {
            true => "The desktop's notification daemon does not answer; restart it.".to_owned(),
            false => format!(
                "No notification can be shown: {error}. A notification daemon, as dunst or the desktop's own, must run."
            ),
        })
    }

    /// Takes back what is shown under a key, if anything is.
    pub(super) fn withdraw(&mut self, key: &str) -> Result<(), String> {
        let Some(bus) = self.bus.as_ref().filter(|bus| !bus.is_gone()) else { return Ok(()) };
        let Some(id) = bus.known().forget(key) else { return Ok(()) };
        match bus.call("CloseNotification", &id) {
            Err(error) if is_timeout(&error) => {
                bus.known().remember(id, key.to_owned(), Opens::Nothing);
                Err(error.to_string())
            }
            // It was closed in this moment, or with its daemon.
            _ => Ok(()),
        }
    }

    fn try_show(&mut self, text: &Text) -> zbus::Result<()> {
        if self.bus.as_ref().is_none_or(Bus::is_gone) {
            self.bus = Some(Bus::connect(self.address.as_deref(), self.on_heard.clone())?);
        }
        match &self.bus {
            Some(bus) => bus.show(text),
            None => Ok(()),
        }
    }
}

/// A connection to the session's bus, and what is shown over it.
#[derive(Debug)]
struct Bus {
    connection: Connection,
    known: Arc<Mutex<Known>>,
    listener: JoinHandle<()>,
}

impl Bus {
    fn connect(address: Option<&str>, on_heard: Arc<dyn Fn(Heard) + Send + Sync>) -> zbus::Result<Self> {
        let builder = address.map_or_else(Builder::session, Builder::address)?;
        let connection = builder.method_timeout(BOUND).build()?;
        let known = Arc::new(Mutex::new(Known::default()));
        let heard = MessageIterator::from(&connection);
        let bus = DBusProxy::new(&connection)?;
        let from_daemon = |member| -> zbus::Result<MatchRule<'_>> {
            Ok(MatchRule::builder().msg_type(Type::Signal).sender(NAME)?.interface(NAME)?.member(member)?.build())
        };
        bus.add_match_rule(from_daemon("ActionInvoked")?)?;
        bus.add_match_rule(from_daemon("NotificationClosed")?)?;
        let owner = MatchRule::builder().msg_type(Type::Signal).sender("org.freedesktop.DBus")?;
        bus.add_match_rule(owner.member("NameOwnerChanged")?.arg(0, NAME)?.build())?;
        let listened = known.clone();
        let listener = std::thread::Builder::new()
            .name("notification-actions".into())
            .spawn(move || listen(heard, &listened, &*on_heard))?;
        Ok(Bus { connection, known, listener })
    }

    /// Whether the bus has ended the connection.
    fn is_gone(&self) -> bool {
        self.listener.is_finished()
    }

    fn show(&self, text: &Text) -> zbus::Result<()> {
        let capabilities = self.capabilities()?;
        let body = if capabilities.markup { escaped(&text.body) } else { text.body.clone() };
        let actions = if capabilities.actions { actions(text.opens) } else { &[] };
        let (daemon, replaced) = {
            let known = self.known();
            (known.daemon, known.id_of(&text.key).unwrap_or(0))
        };
        let hints = Hints {
            urgency: urgency(text.severity),
            desktop_entry: "Signalbox",
            image_data: text.picture.as_deref().and_then(Picture::of_png),
            sound_name: text.sound.then(|| sound(text.severity)),
            suppress_sound: (!text.sound).then_some(true),
        };
        let told = ("Signalbox", replaced, "signalbox", &text.title, &body, actions, hints, -1_i32);
        let id: u32 = self.call("Notify", &told)?.body().deserialize()?;
        let mut known = self.known();
        // The number is another's by now where another daemon runs.
        if known.daemon == daemon {
            known.remember(id, text.key.clone(), text.opens);
        }
        Ok(())
    }

    /// What the daemon that runs can do; asked once of each.
    fn capabilities(&self) -> zbus::Result<Capabilities> {
        let (daemon, known) = {
            let known = self.known();
            (known.daemon, known.capabilities)
        };
        if let Some(known) = known {
            return Ok(known);
        }
        let answer: Vec<String> = self.call("GetCapabilities", &())?.body().deserialize()?;
        let has = |name| answer.iter().any(|capability| capability == name);
        let capabilities = Capabilities { markup: has("body-markup"), actions: has("actions") };
        let mut known = self.known();
        if known.daemon == daemon {
            known.capabilities = Some(capabilities);
        }
        Ok(capabilities)
    }

    fn call<B: serde::Serialize + zvariant::DynamicType>(&self, method: &str, body: &B) -> zbus::Result<Message> {
        self.connection.call_method(Some(NAME), PATH, Some(NAME), method, body)
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        lock(&self.known)
    }
}

impl Drop for Bus {
    fn drop(&mut self) {
        // That ends the listener too.
        let _ = self.connection.clone().close();
    }
}

/// The hints of a notification, by their names in the specification.
#[derive(Debug, zvariant::SerializeDict, zvariant::Type)]
#[zvariant(signature = "dict", rename_all = "kebab-case")]
struct Hints {
    urgency: u8,
    desktop_entry: &'static str,
    image_data: Option<Picture>,
    sound_name: Option<&'static str>,
    suppress_sound: Option<bool>,
}

#[derive(Debug, Clone, Copy)]
struct Capabilities {
    markup: bool,
    actions: bool,
}

/// What the daemon that runs has shown of ours.
#[derive(Debug, Default)]
struct Known {
    /// How many have run before it.
    daemon: u64,
    capabilities: Option<Capabilities>,
    /// Oldest first.
    shown: VecDeque<Entry>,
}

#[derive(Debug)]
struct Entry {
    id: u32,
    key: String,
    opens: Opens,
    /// A closed one can still be acted on: daemons have histories.
    is_closed: bool,
}

impl Known {
    fn id_of(&self, key: &str) -> Option<u32> {
        self.shown.iter().rev().find(|entry| !entry.is_closed && entry.key == key).map(|entry| entry.id)
    }

    fn remember(&mut self, id: u32, key: String, opens: Opens) {
        self.shown.retain(|entry| entry.id != id);
        if self.shown.len() >= REMEMBERED {
            self.shown.pop_front();
        }
        self.shown.push_back(Entry { id, key, opens, is_closed: false });
    }

    fn forget(&mut self, key: &str) -> Option<u32> {
        let id = self.id_of(key)?;
        self.shown.retain(|entry| entry.id != id);
        Some(id)
    }

    /// Notes that one is closed; answers what it was shown under.
    fn close(&mut self, id: u32) -> Option<String> {
        let entry = self.shown.iter_mut().find(|entry| entry.id == id && !entry.is_closed)?;
        entry.is_closed = true;
        Some(entry.key.clone())
    }

    fn action(&self, id: u32, name: &str) -> Option<Action> {
        let opens = self.shown.iter().find(|entry| entry.id == id)?.opens;
        match (name, opens) {
            (ACKNOWLEDGE, Opens::Alert(alert)) => Some(Action::Acknowledge(alert)),
            (DEFAULT | OPEN, Opens::Alert(alert)) => Some(Action::Open(Some(alert))),
            (DEFAULT | OPEN, Opens::Alerts) => Some(Action::Open(None::<AlertId>)),
            _ => None,
        }
    }
}

/// Hears what is done with the notifications until the connection ends.
fn listen(heard: MessageIterator, known: &Mutex<Known>, on_heard: &(dyn Fn(Heard) + Send + Sync)) {
    for message in heard.map_while(Result::ok) {
        let header = message.header();
        if header.message_type() != Type::Signal {
            continue;
        }
        let body = message.body();
        match header.member().map(|member| member.as_str()) {
            Some("ActionInvoked") => {
                let Ok((id, name)) = body.deserialize::<(u32, &str)>() else { continue };
                let action = lock(known).action(id, name);
                if let Some(action) = action {
                    on_heard(Heard::Acted(action));
                }
            }
            Some("NotificationClosed") => {
                if let Ok((id, _reason)) = body.deserialize::<(u32, u32)>() {
                    let closed = lock(known).close(id);
                    if let Some(key) = closed {
                        on_heard(Heard::Closed(key));
                    }
                }
            }
            Some("NameOwnerChanged") => {
                // Another daemon counts its own numbers, and can do other things.
                let changed = fdo::NameOwnerChanged::from_message(message.clone());
                let changed = changed.as_ref().and_then(|changed| changed.args().ok());
                if changed.is_some_and(|changed| changed.name() == NAME && changed.old_owner().is_some()) {
                    let mut known = lock(known);
                    *known = Known { daemon: known.daemon + 1, ..Known::default() };
                }
            }
            _ => {}
        }
    }
}

fn lock(known: &Mutex<Known>) -> MutexGuard<'_, Known> {
    known.lock().unwrap_or_else(PoisonError::into_inner)
}

fn is_timeout(error: &zbus::Error) -> bool {
    matches!(error, zbus::Error::InputOutput(error) if error.kind() == std::io::ErrorKind::TimedOut)
}

/// Actions as the daemon takes them: names and labels in turn.
const fn actions(opens: Opens) -> &'static [&'static str] {
    match opens {
        Opens::Alert(_) => &[DEFAULT, "Open", ACKNOWLEDGE, "Acknowledge", OPEN, "Open"],
        Opens::Alerts => &[DEFAULT, "Open", OPEN, "Open"],
        Opens::Nothing => &[],
    }
}

/// Names come from services: where the daemon reads markup, theirs must not be any.
fn escaped(body: &str) -> String {
    body.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// The specification's urgency levels: 0 low, 1 normal, 2 critical.
const fn urgency(severity: Severity) -> u8 {
    match severity {
        Severity::Critical => 2,
        Severity::High | Severity::Medium => 1,
        Severity::Low => 0,
    }
}

/// A sound of the Sound Naming Specification.
const fn sound(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "dialog-warning",
        Severity::Medium | Severity::Low => "message-new-instant",
    }
}
