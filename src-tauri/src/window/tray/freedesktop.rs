//! The tray as a StatusNotifierItem over D-Bus.
//!
//! Not tauri's own: that one needs a library that may not be there and ends the program then, has no tooltip on Linux, and
//! would register itself on the window's thread, which a desktop that hangs would stop.

use std::time::Duration;

use ksni::blocking::{Handle, TrayMethods};
use ksni::menu::StandardItem;
use ksni::{Category, Icon, MenuItem, OfflineReason, Status, ToolTip};
use monitor::Attention;
use tauri::AppHandle;
use zbus::zvariant::OwnedValue;

pub(super) use super::launcher::Badge;
use super::mark::Mark;
use super::{Choice, MENU, OnChoice, words};

/// Panels scale the nearest of these.
const SIZES: [i32; 3] = [22, 32, 64];

/// How long the desktop may take to say whether it has a tray.
const BOUND: Duration = Duration::from_secs(1);

const WATCHER: &str = "org.kde.StatusNotifierWatcher";

/// Whether the desktop shows trays now. One that does not answer shows none.
pub(in super::super) async fn is_there() -> bool {
    matches!(tokio::time::timeout(BOUND, host()).await, Ok(Ok(true)))
}

async fn host() -> zbus::Result<bool> {
    let bus = zbus::Connection::session().await?;
    let (path, asked) = ("/StatusNotifierWatcher", (WATCHER, "IsStatusNotifierHostRegistered"));
    let answer = bus.call_method(Some(WATCHER), path, Some("org.freedesktop.DBus.Properties"), "Get", &asked).await?;
    Ok(answer.body().deserialize::<OwnedValue>()?.try_into()?)
}

/// The tray's item once it is there.
pub(super) struct Item {
    on_choice: OnChoice,
    handle: Option<Handle<Shown>>,
    is_missed: bool,
}

impl Item {
    pub(super) fn new(_app: AppHandle, on_choice: OnChoice) -> Self {
        Item { on_choice, handle: None, is_missed: false }
    }

    /// Shows how bad it is, and registers the item first if that was not possible before.
    pub(super) fn show(&mut self, attention: Attention) {
        if let Some(handle) = &self.handle {
            if handle.update(|shown| shown.tell(attention)).is_some() {
                return;
            }
            self.handle = None;
        }
        let shown = Shown { attention, icons: icons(Mark::of(attention)), on_choice: self.on_choice.clone() };
        // Desktops may start their tray after us, or never: it is waited for without a word.
        match shown.assume_sni_available(true).spawn() {
            Ok(handle) => self.handle = Some(handle),
            Err(error) => {
                if !std::mem::replace(&mut self.is_missed, true) {
                    missed(&error);
                }
            }
        }
    }
}

fn missed(why: &dyn std::fmt::Display) {
    tracing::info!("this desktop has no tray for now ({why}); the window's title says how many alerts there are");
}

struct Shown {
    attention: Attention,
    /// Drawn when the mark becomes another: ksni asks for them several times whatever has changed.
    icons: Vec<Icon>,
    on_choice: OnChoice,
}

impl Shown {
    fn tell(&mut self, attention: Attention) {
        let mark = Mark::of(attention);
        if mark != Mark::of(self.attention) {
            self.icons = icons(mark);
        }
        self.attention = attention;
    }
}

impl ksni::Tray for Shown {
    fn id(&self) -> String {
        "signalbox".into()
    }

    fn category(&self) -> Category {
        Category::SystemServices
    }

    fn title(&self) -> String {
        "Signalbox".into()
    }

    fn status(&self) -> Status {
        match Mark::of(self.attention) {
            Mark::Critical => Status::NeedsAttention,
            _ => Status::Active,
        }
    }

    fn icon_pixmap(&self) -> Vec<Icon> {
        self.icons.clone()
    }

    fn attention_icon_pixmap(&self) -> Vec<Icon> {
        self.icon_pixmap()
    }

    fn tool_tip(&self) -> ToolTip {
        ToolTip { title: "Signalbox".into(), description: words(self.attention), ..ToolTip::default() }
    }

    fn activate(&mut self, _x: i32, _y: i32) {
        (self.on_choice)(Choice::Open);
    }

    fn menu(&self) -> Vec<MenuItem<Self>> {
        let heading = StandardItem { label: words(self.attention), enabled: false, ..StandardItem::default() };
        let mut menu = vec![heading.into()];
        for part in MENU {
            menu.push(MenuItem::Separator);
            menu.extend(part.iter().map(|(label, choice)| {
                let makes_sense = *choice != Choice::Unmute || self.attention.muted_until.is_some();
                entry(label, *choice, makes_sense)
            }));
        }
        menu
    }

    fn watcher_offline(&self, reason: OfflineReason) -> bool {
        match reason {
            OfflineReason::Error(error) => missed(&error),
            _ => missed(&"it has gone away"),
        }
        true
    }
}

fn entry(label: &str, choice: Choice, enabled: bool) -> MenuItem<Shown> {
    let activate = Box::new(move |shown: &mut Shown| (shown.on_choice)(choice));
    StandardItem { label: label.into(), enabled, activate, ..StandardItem::default() }.into()
}

fn icons(mark: Mark) -> Vec<Icon> {
    SIZES.into_iter().map(|size| icon(mark, size)).collect()
}

/// ARGB in network byte order, as the specification wants it.
fn icon(mark: Mark, size: i32) -> Icon {
    let mut data = mark.pixels(size.unsigned_abs());
    for pixel in data.as_chunks_mut::<4>().0 {
        pixel.rotate_right(1);
    }
    Icon { width: size, height: size, data }
}

#[cfg(test)]
mod tests {
    use super::super::MENU;
    use super::*;
    use monitor::view::picture::Severity;
    use protocol::Timestamp;
    use std::collections::HashMap;
    use std::process::Command;
    use std::sync::{Arc, Mutex};
    use std::time::{Duration, Instant};
    use zbus::blocking::Connection;
    use zbus::zvariant::{OwnedValue, Value};

    /// Set for the copy of this test that runs on a bus of its own.
    const ALONE: &str = "SIGNALBOX_TEST_TRAY";

    /// The desktop's side: who asked to be in its tray.
    #[derive(Default)]
    struct Watcher(Arc<Mutex<Vec<String>>>);

    #[zbus::interface(name = "org.kde.StatusNotifierWatcher")]
    impl Watcher {
        fn register_status_notifier_item(&self, service: String) {
            self.0.lock().unwrap().push(service);
        }

        #[zbus(property)]
        fn is_status_notifier_host_registered(&self) -> bool {
            true
        }
    }

    fn until<T>(what: &str, mut seen: impl FnMut() -> Option<T>) -> T {
        let begin = Instant::now();
        loop {
            if let Some(seen) = seen() {
                return seen;
            }
            assert!(begin.elapsed() < Duration::from_secs(15), "{what} did not come");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// What the desktop reads of the item.
    fn property(bus: &Connection, item: &str, name: &str) -> OwnedValue {
        let (properties, path) = ("org.freedesktop.DBus.Properties", "/StatusNotifierItem");
        let asked = ("org.kde.StatusNotifierItem", name);
        bus.call_method(Some(item), path, Some(properties), "Get", &asked).unwrap().body().deserialize().unwrap()
    }

    /// The menu's entries: number and label.
    fn entries(bus: &Connection, item: &str) -> Vec<(i32, String)> {
        let asked = (Vec::<i32>::new(), vec!["label"]);
        let menu = Some("com.canonical.dbusmenu");
        let answer = bus.call_method(Some(item), "/MenuBar", menu, "GetGroupProperties", &asked).unwrap();
        let answer: Vec<(i32, HashMap<String, OwnedValue>)> = answer.body().deserialize().unwrap();
        let label = |properties: &HashMap<String, OwnedValue>| Some(properties.get("label")?.to_string());
        answer
            .iter()
            .filter_map(|(id, properties)| Some((*id, label(properties)?.trim_matches('"').to_owned())))
            .collect()
    }

    #[test]
    fn the_tray_comes_when_the_desktop_has_one_says_how_bad_it_is_and_what_was_chosen() {
        if std::env::var_os(ALONE).is_none() {
            // ksni knows only the bus that the environment names, which is all of this process's.
            let mut command = Command::new("dbus-run-session");
            command.arg("--").arg(std::env::current_exe().unwrap()).env(ALONE, "1");
            let name = std::thread::current().name().expect("a test's thread has its name").to_owned();
            let output =
                command.args([&name, "--exact", "--nocapture"]).output().expect("`dbus-run-session` is installed");
            let printed = String::from_utf8_lossy(&output.stdout);
            assert!(output.status.success(), "{printed}{}", String::from_utf8_lossy(&output.stderr));
            assert!(printed.contains("1 passed"), "{printed}");
            return;
        }
        let chosen = Arc::new(Mutex::new(Vec::new()));
        let kept = chosen.clone();
        let on_choice: OnChoice = Arc::new(move |choice| kept.lock().unwrap().push(choice));
        let mut item = Item { on_choice, handle: None, is_missed: false };
        // There is no tray yet.
        item.show(Attention::default());

        let bus = Connection::session().unwrap();
        let watcher = Watcher::default();
        let registered = watcher.0.clone();
        bus.object_server().at("/StatusNotifierWatcher", watcher).unwrap();
        bus.request_name("org.kde.StatusNotifierWatcher").unwrap();
        let name = until("the item", || registered.lock().unwrap().first().cloned());
        assert_eq!(property(&bus, &name, "Status").to_string(), "\"Active\"");

        let attention =
            Attention { worst: Some(Severity::Critical), firing: 5, not_live: 1, muted_until: Some(Timestamp(0)) };
        item.show(attention);
        let words = &*words(attention);
        assert!(words.ends_with("; 5 alerts, the worst critical; 1 connection not live"), "{words}");
        assert!(property(&bus, &name, "ToolTip").to_string().contains(words));
        assert_eq!(property(&bus, &name, "Status").to_string(), "\"NeedsAttention\"");
        let labels: Vec<String> = entries(&bus, &name).into_iter().map(|(_, label)| label).collect();
        let expected: Vec<&str> =
            std::iter::once(words).chain(MENU.iter().copied().flatten().map(|(label, _)| *label)).collect();
        assert_eq!(labels, expected);

        for (id, label) in entries(&bus, &name) {
            if label != words {
                let asked = (id, "clicked", Value::from(0_i32), 0_u32);
                bus.call_method(Some(&*name), "/MenuBar", Some("com.canonical.dbusmenu"), "Event", &asked).unwrap();
            }
        }
        bus.call_method(Some(&*name), "/StatusNotifierItem", Some("org.kde.StatusNotifierItem"), "Activate", &(0, 0))
            .unwrap();
        let all: Vec<Choice> =
            MENU.iter().copied().flatten().map(|(_, choice)| *choice).chain([Choice::Open]).collect();
        until("what was chosen", || (chosen.lock().unwrap().len() == all.len()).then_some(()));
        assert_eq!(*chosen.lock().unwrap(), all);
    }
}
