//! A tray, as panels have one (StatusNotifierWatcher and host): it takes what programs put into it, and is clicked.

use super::{Desktop, PATIENCE, until};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use zbus::blocking::Connection;
use zbus::blocking::connection::Builder;
use zbus::zvariant::{OwnedValue, Value};

const WATCHER: &str = "org.kde.StatusNotifierWatcher";
const ITEM: &str = "org.kde.StatusNotifierItem";
const MENU: &str = "com.canonical.dbusmenu";

/// A desktop's tray, until it is dropped.
pub struct Tray {
    bus: Connection,
    items: Arc<Mutex<Vec<String>>>,
}

struct Watcher(Arc<Mutex<Vec<String>>>);

#[zbus::interface(name = "org.kde.StatusNotifierWatcher")]
impl Watcher {
    fn register_status_notifier_item(&self, service: String) {
        self.0.lock().expect("nobody panics with it").push(service);
    }

    #[zbus(property)]
    fn is_status_notifier_host_registered(&self) -> bool {
        true
    }
}

impl Tray {
    /// Starts a tray on a desktop.
    pub fn start(desktop: &Desktop) -> Self {
        let items = Arc::new(Mutex::new(Vec::new()));
        let address = desktop.variable("DBUS_SESSION_BUS_ADDRESS");
        let bus = Builder::address(address)
            .and_then(|builder| builder.serve_at("/StatusNotifierWatcher", Watcher(items.clone())))
            .and_then(|builder| builder.name(WATCHER))
            .and_then(Builder::build);
        Self { bus: bus.expect("a desktop has a session bus"), items }
    }

    /// How bad it is, as the tray's item says when it is pointed at.
    pub fn says(&self) -> String {
        self.property("ToolTip").to_string()
    }

    /// Clicks on the item.
    pub fn click(&self) {
        let item = self.item();
        self.bus.call_method(Some(&*item), "/StatusNotifierItem", Some(ITEM), "Activate", &(0, 0)).expect("a click");
    }

    /// Chooses an entry of the item's menu.
    pub fn choose(&self, label: &str) {
        let item = self.item();
        let asked = (Vec::<i32>::new(), vec!["label"]);
        let answer = self.bus.call_method(Some(&*item), "/MenuBar", Some(MENU), "GetGroupProperties", &asked);
        let answer = answer.expect("the menu answers").body();
        let entries: Vec<(i32, HashMap<String, OwnedValue>)> = answer.deserialize().expect("a menu's entries");
        let is_it = |entry: &&(i32, HashMap<String, OwnedValue>)| {
            entry.1.get("label").is_some_and(|found| found.to_string().trim_matches('"') == label)
        };
        let (id, _) = entries.iter().find(is_it).unwrap_or_else(|| panic!("no {label:?} in {entries:?}"));
        let asked = (id, "clicked", Value::from(0_i32), 0_u32);
        // Who is asked to quit may be gone before it answers.
        let _ = self.bus.call_method(Some(&*item), "/MenuBar", Some(MENU), "Event", &asked);
    }

    fn item(&self) -> String {
        let last = || self.items.lock().expect("nobody panics with it").last().cloned();
        until(PATIENCE, last).expect("Signalbox puts an item into the tray")
    }

    fn property(&self, name: &str) -> OwnedValue {
        let (item, properties) = (self.item(), Some("org.freedesktop.DBus.Properties"));
        let answer = self.bus.call_method(Some(&*item), "/StatusNotifierItem", properties, "Get", &(ITEM, name));
        answer.expect("the item answers").body().deserialize().expect("a property")
    }
}
