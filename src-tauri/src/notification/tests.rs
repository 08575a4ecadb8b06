//! Against a notification daemon on a bus of its own, which records what it is asked.

use super::*;
use monitor::Opens;
use monitor::view::Announced;
use monitor::view::picture::{Severity, Target};
use std::collections::HashMap;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use zbus::blocking::Connection;
use zbus::zvariant::OwnedValue;

const PATIENCE: Duration = Duration::from_secs(15);
const PATH: &str = "/org/freedesktop/Notifications";
const NAME: &str = "org.freedesktop.Notifications";

/// A bus that nobody else is on and that starts nothing by itself.
struct Bus {
    daemon: Child,
    address: String,
    folder: tempfile::TempDir,
}

impl Bus {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let address = format!("unix:path={}", folder.path().join("bus").display());
        Bus { daemon: Self::run(folder.path(), &address), address, folder }
    }

    fn run(folder: &Path, address: &str) -> Child {
        let configuration = format!(
            "<busconfig><type>session</type><listen>{address}</listen><policy context=\"default\">\
             <allow send_destination=\"*\" eavesdrop=\"true\"/><allow receive_sender=\"*\"/><allow own=\"*\"/></policy></busconfig>"
        );
        let file = folder.join("bus.conf");
        std::fs::write(&file, configuration).unwrap();
        let mut command = Command::new("dbus-daemon");
        command.arg("--config-file").arg(file).args(["--nofork", "--nopidfile", "--print-address"]);
        let mut daemon =
            command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("`dbus-daemon` is installed");
        let mut printed = String::new();
        BufReader::new(daemon.stdout.take().unwrap()).read_line(&mut printed).unwrap();
        assert!(printed.starts_with("unix:"), "the bus did not start");
        daemon
    }

    fn restart(&mut self) {
        self.end();
        let _ = std::fs::remove_file(self.folder.path().join("bus"));
        self.daemon = Self::run(self.folder.path(), &self.address);
    }

    fn end(&mut self) {
        let _ = self.daemon.kill();
        let _ = self.daemon.wait();
    }

    fn connect(&self) -> Connection {
        zbus::blocking::connection::Builder::address(self.address.as_str()).unwrap().build().unwrap()
    }
}

impl Drop for Bus {
    fn drop(&mut self) {
        self.end();
    }
}

/// What a daemon was asked to show.
#[derive(Debug, Clone)]
struct Asked {
    id: u32,
    replaces: u32,
    title: String,
    body: String,
    actions: Vec<String>,
    hints: HashMap<String, String>,
    sender: String,
}

#[derive(Debug, Default)]
struct Record {
    asked: Vec<Asked>,
    closed: Vec<u32>,
}

struct Recorder {
    record: Arc<Mutex<Record>>,
    capabilities: Vec<&'static str>,
    /// How long it takes to show one.
    slow: Duration,
    first: u32,
}

#[zbus::interface(name = "org.freedesktop.Notifications")]
impl Recorder {
    #[expect(clippy::too_many_arguments, reason = "the specification's")]
    fn notify(
        &self,
        _app: &str,
        replaces: u32,
        _icon: &str,
        title: &str,
        body: &str,
        actions: Vec<String>,
        hints: HashMap<String, OwnedValue>,
        _timeout: i32,
        #[zbus(header)] header: zbus::message::Header<'_>,
    ) -> u32 {
        std::thread::sleep(self.slow);
        let mut record = self.record.lock().unwrap();
        let id = if replaces > 0 { replaces } else { self.first + record.asked.len() as u32 };
        // A picture is told by its form: its pixels are compared where they are read.
        let hint = |(name, value): (String, OwnedValue)| match name.as_str() {
            "image-data" => (name, value.value_signature().to_string()),
            _ => (name, value.to_string()),
        };
        record.asked.push(Asked {
            id,
            replaces,
            title: title.into(),
            body: body.into(),
            actions,
            hints: hints.into_iter().map(hint).collect(),
            sender: header.sender().unwrap().to_string(),
        });
        id
    }

    fn close_notification(&self, id: u32) {
        self.record.lock().unwrap().closed.push(id);
    }

    fn get_capabilities(&self) -> Vec<&'static str> {
        self.capabilities.clone()
    }
}

/// A notification daemon; it is gone when dropped.
struct Recording {
    connection: Connection,
    record: Arc<Mutex<Record>>,
}

impl Recording {
    fn start(bus: &Bus) -> Self {
        Self::start_with(bus, &["actions", "body", "body-markup"], Duration::ZERO, 1)
    }

    fn start_with(bus: &Bus, capabilities: &[&'static str], slow: Duration, first: u32) -> Self {
        let record = Arc::new(Mutex::new(Record::default()));
        let recorder = Recorder { record: record.clone(), capabilities: capabilities.to_vec(), slow, first };
        let connection = bus.connect();
        connection.object_server().at(PATH, recorder).unwrap();
        connection.request_name(NAME).unwrap();
        Recording { connection, record }
    }

    fn asked(&self, count: usize) -> Vec<Asked> {
        until("what is to be shown", || self.record.lock().unwrap().asked.len() >= count);
        self.record.lock().unwrap().asked.clone()
    }

    fn closed(&self) -> Vec<u32> {
        self.record.lock().unwrap().closed.clone()
    }

    fn emit(&self, to: Option<&str>, signal: &str, body: &(impl serde::Serialize + zbus::zvariant::DynamicType)) {
        self.connection.emit_signal(to, PATH, NAME, signal, body).unwrap();
    }

    fn stop(self) {
        self.connection.release_name(NAME).unwrap();
        self.connection.close().unwrap();
    }
}

fn start(bus: &Bus) -> (Notifications, Arc<Mutex<Vec<Action>>>) {
    let actions = Arc::new(Mutex::new(Vec::new()));
    let kept = actions.clone();
    let on_action = move |action| kept.lock().unwrap().push(action);
    let daemon = |on_heard| Daemon::new(on_heard).at(&bus.address);
    (Notifications::start_with(on_action, || false, daemon).unwrap(), actions)
}

/// Beside a window that takes what it is to tell only when it is asked here.
fn start_beside(bus: &Bus, in_front: &Arc<AtomicBool>) -> Notifications {
    let in_front = in_front.clone();
    let daemon = |on_heard| Daemon::new(on_heard).at(&bus.address);
    Notifications::start_with(|_| {}, move || in_front.load(Relaxed), daemon).unwrap()
}

/// What the window takes, once there is something.
fn taken(notifications: &Notifications) -> Announced {
    let mut told = Vec::new();
    until("what the window is to tell", || {
        told.extend(notifications.for_window(true).told);
        !told.is_empty()
    });
    told.remove(0)
}

fn notice(key: &str, severity: Severity, opens: Opens) -> Notice {
    Notice {
        key: key.into(),
        severity,
        title: format!("{key} unlocked"),
        body: "Unlocked by <b>rfid</b> & key.".into(),
        opens,
        picture: None,
        sound: false,
    }
}

fn critical(key: &str) -> Notice {
    notice(key, Severity::Critical, Opens::Alert(AlertId(7)))
}

/// Closes what is shown under a key, until that is heard: by the number that the daemon gave, which may not be known yet.
fn close(daemon: &Recording, notifications: &Notifications, id: u32, key: &str) {
    until("the closing", || {
        daemon.emit(None, "NotificationClosed", &(id, 2_u32));
        std::thread::sleep(Duration::from_millis(50));
        notifications.alive.0.lock().gate.is_closed(key)
    });
}

fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let begin = Instant::now();
    while !is_so() {
        assert!(begin.elapsed() < PATIENCE, "{what} did not come");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn a_critical_alert_is_shown_with_its_picture_and_its_actions() {
    let bus = Bus::start();
    let daemon = Recording::start(&bus);
    let (notifications, _) = start(&bus);
    let png = picture::tests::png(40, 20, png::ColorType::Rgb, &[1, 2, 3]);
    notifications.notify(Notice { picture: Some(png.into()), sound: true, ..critical("ABC") });
    let asked = daemon.asked(1).remove(0);
    assert_eq!((asked.title.as_str(), asked.replaces), ("ABC unlocked", 0));
    assert_eq!(asked.body, "Unlocked by &lt;b&gt;rfid&lt;/b&gt; &amp; key.");
    assert_eq!(asked.actions, ["default", "Open", "acknowledge", "Acknowledge", "open", "Open"]);
    assert_eq!(asked.hints["urgency"], "byte 0x02");
    assert_eq!(asked.hints["image-data"], "(iiibiiay)");
    assert_eq!(asked.hints["sound-name"], "\"dialog-warning\"");
    assert_eq!(asked.hints["desktop-entry"], "\"Signalbox\"");
    assert!(!asked.hints.contains_key("suppress-sound"));
}

#[test]
fn what_the_daemon_cannot_do_is_not_asked_of_it() {
    let bus = Bus::start();
    let daemon = Recording::start_with(&bus, &["body"], Duration::ZERO, 1);
    let (notifications, _) = start(&bus);
    notifications.notify(Notice { severity: Severity::Low, ..critical("ABC") });
    let asked = daemon.asked(1).remove(0);
    assert_eq!(asked.actions, [""; 0]);
    assert_eq!(asked.body, "Unlocked by <b>rfid</b> & key.");
    assert_eq!((asked.hints["urgency"].as_str(), asked.hints["suppress-sound"].as_str()), ("byte 0x00", "true"));
}

#[test]
fn a_change_replaces_and_a_withdrawal_closes() {
    let bus = Bus::start();
    let daemon = Recording::start(&bus);
    let (notifications, _) = start(&bus);
    notifications.notify(critical("ABC"));
    let first = daemon.asked(1).remove(0);
    notifications.notify(Notice { title: "ABC is still unlocked".into(), ..critical("ABC") });
    let second = daemon.asked(2).remove(1);
    assert_eq!((second.replaces, second.title.as_str()), (first.id, "ABC is still unlocked"));
    notifications.withdraw("ABC");
    until("the withdrawal", || daemon.closed() == [first.id]);

    // One that the operator has closed is not closed again.
    notifications.notify(critical("DEF"));
    let third = daemon.asked(3).remove(2);
    assert_eq!(third.replaces, 0);
    close(&daemon, &notifications, third.id, "DEF");
    notifications.withdraw("DEF");
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!(daemon.closed(), [first.id]);
}

#[test]
fn what_the_operator_has_closed_stays_closed_while_it_goes_on() {
    let bus = Bus::start();
    let daemon = Recording::start(&bus);
    let (notifications, _) = start(&bus);
    notifications.notify(critical("ABC"));
    let first = daemon.asked(1).remove(0);
    close(&daemon, &notifications, first.id, "ABC");
    notifications.notify(Notice { title: "ABC unlocked, 2 times".into(), ..critical("ABC") });
    notifications.notify(critical("DEF"));
    let titles: Vec<String> = daemon.asked(2).into_iter().map(|asked| asked.title).collect();
    assert_eq!(titles, ["ABC unlocked", "DEF unlocked"]);
    std::thread::sleep(gate::REFRESH + Duration::from_secs(1));
    assert_eq!(daemon.asked(2).len(), 2, "no change brings it back");
}

#[test]
fn what_the_window_tells_itself_is_not_shown_over_it() {
    let bus = Bus::start();
    let daemon = Recording::start(&bus);
    let in_front = Arc::new(AtomicBool::new(true));
    let notifications = start_beside(&bus, &in_front);
    notifications.notify(critical("ABC"));
    let first = taken(&notifications);
    assert_eq!((first.key.as_str(), first.title.as_str()), ("ABC", "ABC unlocked"));
    assert_eq!(first.target, Some(Target::Alert { id: AlertId(7).to_string() }));

    in_front.store(false, Relaxed);
    notifications.notify(Notice { title: "ABC unlocked, 2 times".into(), ..critical("ABC") });
    notifications.notify(critical("DEF"));
    assert_eq!(daemon.asked(1).remove(0).title, "DEF unlocked");
    std::thread::sleep(gate::REFRESH + Duration::from_secs(1));
    assert_eq!(daemon.asked(1).len(), 1, "what was told in it is not told again outside");
    notifications.withdraw("ABC");
    assert_eq!(notifications.for_window(false).taken_back, ["ABC"], "also in a window that is not in front");
}

#[test]
fn what_the_window_tells_anew_goes_from_the_screen() {
    let bus = Bus::start();
    let daemon = Recording::start(&bus);
    let in_front = Arc::new(AtomicBool::new(false));
    let notifications = start_beside(&bus, &in_front);
    notifications.notify(critical("ABC"));
    let first = daemon.asked(1).remove(0);
    in_front.store(true, Relaxed);
    notifications.notify(Notice { title: "ABC unlocked, 2 times".into(), ..critical("ABC") });
    assert_eq!(taken(&notifications).title, "ABC unlocked, 2 times");
    until("the withdrawal", || daemon.closed() == [first.id]);
}

#[test]
fn what_the_window_does_not_take_is_shown_once_it_is_gone() {
    let bus = Bus::start();
    let daemon = Recording::start(&bus);
    let in_front = Arc::new(AtomicBool::new(true));
    let notifications = start_beside(&bus, &in_front);
    for key in ["ABC", "DEF", "over"] {
        notifications.notify(critical(key));
    }
    std::thread::sleep(Duration::from_millis(1500));
    assert_eq!(daemon.record.lock().unwrap().asked.len(), 0);
    notifications.withdraw("over");
    in_front.store(false, Relaxed);
    let titles: Vec<String> = daemon.asked(2).into_iter().map(|asked| asked.title).collect();
    assert_eq!(titles, ["ABC unlocked", "DEF unlocked"]);
}

#[test]
fn what_is_clicked_comes_back() {
    let bus = Bus::start();
    let daemon = Recording::start(&bus);
    let (notifications, actions) = start(&bus);
    notifications.notify(critical("ABC"));
    let alert = daemon.asked(1).remove(0);
    notifications.notify(notice("digest of an evening", Severity::Critical, Opens::Alerts));
    let several = daemon.asked(2).remove(1);
    assert_eq!(several.actions, ["default", "Open", "open", "Open"]);
    notifications.notify(notice("nothing", Severity::Critical, Opens::Nothing));
    let nothing = daemon.asked(3).remove(2);
    assert_eq!(nothing.actions, [""; 0]);
    assert_eq!(alert.sender, several.sender, "one connection for all: daemons answer the one that showed it");

    // As dunst tells it, to all; and as GNOME does, to who showed it.
    daemon.emit(None, "ActionInvoked", &(alert.id, "acknowledge"));
    daemon.emit(Some(&alert.sender), "ActionInvoked", &(alert.id, "default"));
    daemon.emit(None, "ActionInvoked", &(several.id, "open"));
    daemon.emit(None, "ActionInvoked", &(several.id, "acknowledge"));
    daemon.emit(None, "ActionInvoked", &(nothing.id, "default"));
    daemon.emit(None, "ActionInvoked", &(4711_u32, "default"));
    // Closed by that, and found again in the daemon's history.
    daemon.emit(None, "NotificationClosed", &(alert.id, 2_u32));
    daemon.emit(None, "ActionInvoked", &(alert.id, "open"));
    let expected = [
        Action::Acknowledge(AlertId(7)),
        Action::Open(Some(AlertId(7))),
        Action::Open(None),
        Action::Open(Some(AlertId(7))),
    ];
    until("what was clicked", || actions.lock().unwrap().len() >= expected.len());
    assert_eq!(*actions.lock().unwrap(), expected);
}

#[test]
fn another_daemon_knows_nothing_of_what_the_last_one_showed() {
    let bus = Bus::start();
    let daemon = Recording::start(&bus);
    let (notifications, actions) = start(&bus);
    notifications.notify(critical("ABC"));
    let before = daemon.asked(1).remove(0);
    daemon.stop();
    // It counts from 1 too: what has that number there is another's.
    let daemon = Recording::start_with(&bus, &["body"], Duration::ZERO, 100);
    // That it is another one was heard when it is asked what it can do.
    for turn in 1.. {
        std::thread::sleep(Duration::from_millis(300));
        notifications.notify(notice(&format!("turn {turn}"), Severity::Critical, Opens::Alert(AlertId(turn))));
        if daemon.asked(turn as usize).last().unwrap().actions.is_empty() {
            break;
        }
    }
    daemon.emit(None, "ActionInvoked", &(before.id, "acknowledge"));
    notifications.withdraw("ABC");
    notifications.notify(critical("ABC"));
    let is_it = |asked: &Asked| asked.title == "ABC unlocked";
    until("it to be shown", || daemon.asked(1).iter().any(is_it));
    let after = daemon.asked(1).into_iter().find(is_it).unwrap();
    assert_eq!((after.replaces, after.actions.len()), (0, 0), "and what it can do is asked anew");
    assert_eq!(daemon.closed(), [0; 0]);
    assert_eq!(*actions.lock().unwrap(), []);
}

#[test]
fn five_thousand_at_once_are_one_notification() {
    let bus = Bus::start();
    let daemon = Recording::start(&bus);
    let (notifications, _) = start(&bus);
    for index in 0..5000 {
        notifications.notify(notice(&index.to_string(), Severity::High, Opens::Alert(AlertId(index))));
    }
    daemon.asked(1);
    std::thread::sleep(Duration::from_secs(2));
    let [asked] = daemon.asked(1).try_into().unwrap_or_else(|asked| panic!("{asked:?}"));
    assert_eq!((asked.title.as_str(), asked.hints["urgency"].as_str()), ("5000 alerts", "byte 0x01"));
    assert_eq!(asked.body, "5000 high\n0 unlocked\n1 unlocked\n2 unlocked\nand 4997 more");
    for index in 0..5000 {
        notifications.withdraw(&index.to_string());
    }
    until("the withdrawal", || daemon.closed() == [asked.id]);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_daemon_that_is_said_and_what_was_told_is_shown_once_there_is_one() {
    let bus = Bus::start();
    let (notifications, _) = start(&bus);
    notifications.notify(critical("ABC"));
    let error = notifications.test(critical("test")).await.unwrap_err();
    assert!(error.starts_with("No notification can be shown: ") && error.ends_with("must run."), "{error}");
    let daemon = Recording::start(&bus);
    assert_eq!(notifications.test(critical("test")).await, Ok(()));
    let mut titles: Vec<String> = daemon.asked(2).into_iter().map(|asked| asked.title).collect();
    // Its own next attempt may come before the test's.
    titles.sort();
    assert_eq!(titles, ["ABC unlocked", "test unlocked"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bus_that_comes_back_is_found_again() {
    let mut bus = Bus::start();
    let daemon = Recording::start(&bus);
    let (notifications, _) = start(&bus);
    assert_eq!(notifications.test(critical("test")).await, Ok(()));
    daemon.asked(1);
    bus.restart();
    let daemon = Recording::start(&bus);
    until("the end of the old connection", || {
        let tried = notifications.test(critical("test"));
        tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(tried)).is_ok()
    });
    assert_eq!(daemon.asked(1).remove(0).replaces, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_daemon_that_hangs_keeps_nobody() {
    let bus = Bus::start();
    let _daemon = Recording::start_with(&bus, &["actions"], Duration::from_secs(60), 1);
    let (notifications, _) = start(&bus);
    let begin = Instant::now();
    for index in 0..10_000 {
        notifications.notify(critical(&index.to_string()));
        notifications.withdraw(&index.to_string());
    }
    assert!(begin.elapsed() < PATIENCE, "who tells waits for it");
    let error = notifications.test(critical("test")).await.unwrap_err();
    assert!(error.contains("does not answer"), "{error}");
    assert!(begin.elapsed() < PATIENCE, "who tries it is kept");
}
