//! Alerts from what happened to what an operator did about them, with the notifications that the desktop really shows.

use crate::support::{Demo, Desktop, Window};
use std::time::Duration;

/// A rule on a number, so that its alert has a chart.
const BATTERY: &str = r#"
[[rule]]
name = "Battery under 11 V"
severity = "high"
when = { threshold = { field = "battery_voltage", below = 11.0, clear = 11.4 } }
"#;

/// Each device that is unlocked is told of at once.
const UNLOCKED: &str = "notify_unlocked = true\n";

/// Long enough for a notification that must not come to have come.
const NOTHING_COMES: Duration = Duration::from_secs(4);

#[test]
#[ignore = "opens a real window: cargo xtask test"]
fn an_unlock_is_told_acknowledged_on_the_notification_and_taken_back_when_locked() {
    let desktop = Desktop::start("alert-acknowledged");
    let demo = Demo::with_devices(50);
    let [first, second] = [0, 1].map(|at| demo.service("iotee").subscribe[at].clone());
    let window = open(&desktop, &demo, &demo.devices_configuration(3, UNLOCKED));
    demo.control("iotee").lock(&first, "key");
    demo.control("iotee").lock(&second, "key");
    window.wait("the locks to be known", |window| {
        let told = window.text(&window.test_id("latest"));
        (told.contains(&first) && told.contains(&second)).then_some(())
    });
    assert_eq!(desktop.told().len(), 0, "locking is no news: {:?}", desktop.told());

    demo.control("iotee").unlock(&first, "rfid");
    window.wait("a notification", |_| (desktop.displayed() == 1).then_some(()));
    let told = desktop.told();
    assert!(told[0].contains(&format!("{first} unlocked")), "{told:?}");
    window.go("#/alerts");
    window.wait_for_text(&format!("{first} unlocked"));
    window.picture("fires");
    desktop.choose_acknowledge();
    window.wait("one acknowledged alert", |window| (count_of(window, "acknowledged") == 1).then_some(()));
    assert_eq!(count_of(&window, "firing"), 0);
    open_alert(&window, &first);
    window.test_id("alert-acknowledged");
    window.picture("acknowledged");

    // Of one that nobody answered, the notification goes with the reason for it.
    demo.control("iotee").unlock(&second, "keypad");
    window.wait("the second notification", |_| (desktop.told().len() == 2).then_some(()));
    assert_eq!(desktop.displayed(), 1, "the first one went when it was answered");
    demo.control("iotee").lock(&first, "key");
    demo.control("iotee").lock(&second, "key");
    window.wait("it to be taken back", |_| (desktop.displayed() == 0).then_some(()));
    let timeline = window.wait("the end in the timeline", |window| {
        let timeline = window.text(&window.test_id("alert-timeline"));
        timeline.contains("Resolved").then_some(timeline)
    });
    let order = ["Resolved", "Acknowledged", "Firing"].map(|word| timeline.find(word));
    assert!(order.iter().all(Option::is_some) && order.is_sorted(), "the newest first: {timeline}");
    window.go("#/alerts");
    window.wait("nothing to be open", |window| (open_alerts(window) == 0).then_some(()));
    window.picture("over");
    assert_eq!(desktop.told().len(), 2, "that it is over is no news: {:?}", desktop.told());
}

/// Opens the window with a configuration, and waits until its connection is live.
fn open<'a>(desktop: &'a Desktop, demo: &Demo, configuration: &str) -> Window<'a> {
    let path = desktop.home().join("signalbox.toml");
    std::fs::write(&path, configuration).expect("a home can be written");
    open_again(desktop, demo)
}

/// Opens the window with the configuration that is there.
fn open_again<'a>(desktop: &'a Desktop, demo: &Demo) -> Window<'a> {
    let path = desktop.home().join("signalbox.toml");
    let window = Window::open(desktop, &["--config", path.to_str().expect("a path in UTF-8")], &demo.tokens());
    window.wait("a live connection", |window| (window.live_connections() == 1).then_some(()));
    window
}

/// How many alerts the list of alerts counts in a state.
fn count_of(window: &Window, state: &str) -> u64 {
    let chip = window.text(&window.test_id(&format!("state-{state}")));
    chip.chars().filter(char::is_ascii_digit).collect::<String>().parse().unwrap_or(0)
}

/// How many alerts are open.
fn open_alerts(window: &Window) -> u64 {
    ["pending", "firing", "acknowledged", "silenced", "stale"].into_iter().map(|state| count_of(window, state)).sum()
}

/// Opens the page of a device's alert out of the list.
fn open_alert(window: &Window, device: &str) {
    window.click_role("gridcell", device);
    window.test_id("screen-alert");
}
