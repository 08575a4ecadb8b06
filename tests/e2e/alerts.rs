//! Alerts from what happened to what an operator did about them, with the notifications that the desktop really shows.

use crate::support::{Demo, Desktop, Window};
use serde_json::json;
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

/// The same, as bad as can be.
const CRITICAL: &str = r#"
[[rule]]
name = "Opened"
severity = "critical"
message = "{subject} unlocked"
when = { state = { is = "unlocked" } }
"#;

/// Long enough for a notification that must not come to have come.
const NOTHING_COMES: Duration = Duration::from_secs(4);

#[test]
#[ignore = "opens a real window: cargo xtask test"]
fn an_unlock_is_told_acknowledged_on_the_notification_and_taken_back_when_locked() {
    let desktop = Desktop::start("alert-acknowledged");
    let demo = Demo::with_devices(50);
    let [first, second] = [0, 1].map(|at| demo.service("iotee").subscribe[at].clone());
    let window = Window::watching(&desktop, &demo, &demo.devices_configuration(3, UNLOCKED));
    lock_all(&demo, &window, &[first.clone(), second.clone()]);
    assert_eq!(desktop.told().len(), 0, "locking is no news: {:?}", desktop.told());

    demo.control("iotee").unlock(&first, "rfid");
    window.wait("a notification", |_| (desktop.displayed() == 1).then_some(()));
    let told = desktop.told();
    assert!(told[0].contains(&format!("{first} unlocked")), "{told:?}");
    window.go("#/alerts");
    window.wait_for_text(&format!("{first} unlocked"));
    window.picture("fires");
    desktop.choose_acknowledge();
    window.wait("one acknowledged alert", |window| (window.alerts_in("acknowledged") == 1).then_some(()));
    assert_eq!(window.alerts_in("firing"), 0);
    open_alert(&window, &first);
    window.test_id("alert-acknowledged");
    window.wait_for_text("Tells, as high, when a device is unlocked");
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

#[test]
#[ignore = "opens a real window: cargo xtask test"]
fn a_click_on_the_notification_with_its_chart_brings_the_window_to_the_alert() {
    let desktop = Desktop::start("alert-opened");
    let demo = Demo::with_devices(50);
    let device = demo.service("iotee").subscribe[0].clone();
    let window = Window::watching(&desktop, &demo, &demo.devices_configuration(3, BATTERY));
    window.go("#/jobs");
    window.test_id("screen-jobs");
    for voltage in [12.6, 12.3, 11.9, 11.4] {
        report(&demo, &device, voltage);
    }
    window.minimize();
    window.wait("it to be out of the way", |window| (!window.is_on_the_screen()).then_some(()));
    report(&demo, &device, 10.8);
    window.wait("a notification", |_| (desktop.displayed() == 1).then_some(()));
    let told = desktop.told();
    assert!(told[0].contains("Battery under 11 V") && told[0].contains("\"image-data\""), "{}", words(&told[0]));
    desktop.picture("notified");

    desktop.click_notification();
    window.wait("the window to come back", |window| window.is_on_the_screen().then_some(()));
    window.test_id("screen-alert");
    window.wait_for_text("When it fired");
    let facts = window.text(&window.test_id("alert-facts"));
    assert!(facts.contains(&device) && facts.contains("10.8"), "{facts}");
    window.picture("opened");
    report(&demo, &device, 11.6);
    window.wait("it to be over", |window| {
        window.text(&window.test_id("alert-timeline")).contains("Resolved").then_some(())
    });
}

#[test]
#[ignore = "opens a real window: cargo xtask test"]
fn a_window_in_front_announces_an_alert_itself_and_nothing_lies_over_it() {
    let desktop = Desktop::start("alert-in-front");
    let demo = Demo::with_devices(50);
    let [first, second, third] = [0, 1, 2].map(|at| demo.service("iotee").subscribe[at].clone());
    let configuration = demo.devices_configuration(3, CRITICAL).replace("in_front = true", "in_front = false");
    let window = Window::watching(&desktop, &demo, &configuration);
    lock_all(&demo, &window, &[first.clone(), second.clone(), third.clone()]);

    // A critical one stays there until somebody closes it or it is over.
    demo.control("iotee").unlock(&second, "rfid");
    let shown = || window.find_css("[data-testid='announcement']");
    window.wait("it in the window", |_| shown().map(drop));
    std::thread::sleep(Duration::from_secs(21));
    assert!(shown().is_some(), "nobody may have seen it yet");
    demo.control("iotee").lock(&second, "key");
    window.wait("it to be taken back", |_| shown().is_none().then_some(()));

    demo.control("iotee").unlock(&first, "rfid");
    let told =
        window.wait("it in the window", |window| Some(window.text(&shown()?)).filter(|text| text.contains("unlocked")));
    assert!(told.contains(&first), "{told}");
    window.picture("announced");
    window.click_test_id("announcement-open");
    window.test_id("screen-alert");
    window.wait_for_text(&format!("{first} unlocked"));
    std::thread::sleep(NOTHING_COMES);
    assert_eq!(desktop.told().len(), 0, "and not over it: {:?}", desktop.told());

    // A rail of icons has no room for it: it flies out beside its mark.
    window.choose_look(&json!({ "zoom": 150 }));
    let flown = || window.find_css("[data-testid='announcement-flown']");
    demo.control("iotee").unlock(&third, "rfid");
    window.wait("it beside the rail", |window| {
        Some(window.text(&flown()?)).filter(|text| text.contains(&format!("{third} unlocked")))
    });
    window.picture("flown-out");
    demo.control("iotee").lock(&third, "key");
    window.wait("it to be taken back", |_| flown().is_none().then_some(()));
    window.choose_look(&json!({ "zoom": 100 }));

    // Out of sight it is the desktop's to tell, of what is new.
    window.minimize();
    window.wait("it to be out of the way", |window| (!window.is_on_the_screen()).then_some(()));
    demo.control("iotee").unlock(&second, "keypad");
    window.wait("a notification", |_| (desktop.displayed() == 1).then_some(()));
    let told = desktop.told();
    assert!(told.len() == 1 && told[0].contains(&format!("{second} unlocked")), "{told:?}");
}

#[test]
#[ignore = "opens a real window: cargo xtask test"]
fn an_outage_of_five_thousand_devices_is_one_notification_and_one_acknowledgement() {
    const DEVICES: usize = 5_000;
    const OFFLINE: &str = r#"
[[rule]]
name = "Device offline"
severity = "medium"
when = { state = { is = "device_offline" } }
"#;
    let desktop = Desktop::start("alert-outage");
    let demo = Demo::with_devices(DEVICES + 100);
    let window = Window::watching(&desktop, &demo, &demo.devices_configuration(DEVICES, OFFLINE));
    window.go("#/devices");
    window.wait_for_text(&format!("{} devices", count(DEVICES)));
    let lost = demo.control("iotee").outage(DEVICES);
    assert_eq!(lost.len(), DEVICES, "each device was online");
    window.go("#/alerts");
    window.wait("all of them in the list", |window| (window.alerts_in("firing") == DEVICES).then_some(()));
    // What comes later than the first second is added to the same notification, ten seconds after.
    let all = format!("\"{DEVICES} alerts\"");
    window.wait("all in the notification", |_| desktop.told().last().filter(|last| last.contains(&all)).map(drop));
    assert!(desktop.told().len() <= 2, "told too often: {}", desktop.told().len());
    assert_eq!(desktop.displayed(), 1, "and in one notification");
    window.picture("told-once");

    let group = window.css("[data-testid^='select-group-']");
    window.click(&group);
    let chosen = window.text(&window.test_id("bulk"));
    assert!(chosen.contains(&format!("{} alerts selected", count(DEVICES))), "{chosen}");
    window.click_test_id("bulk-acknowledge");
    window.fill(&window.test_id("acknowledge-note"), "the carrier is down");
    window.click_test_id("acknowledge-do");
    window.wait("all to be acknowledged", |window| (window.alerts_in("acknowledged") == DEVICES).then_some(()));
    assert_eq!(window.alerts_in("firing"), 0);
    window.wait("the notification to be taken back", |_| (desktop.displayed() == 0).then_some(()));
    window.picture("acknowledged");

    demo.control("iotee").outage_ends(DEVICES);
    window.wait("all to be over", |window| (window.alerts_in("acknowledged") == 0).then_some(()));
    assert_eq!(window.alerts_in("firing"), 0);
    assert_eq!(desktop.displayed(), 0, "the end of an outage is no news");
}

#[test]
#[ignore = "opens a real window: cargo xtask test"]
fn what_begins_while_muted_is_told_once_when_the_mute_ends() {
    let desktop = Desktop::start("alert-muted");
    let demo = Demo::with_devices(50);
    let devices = demo.service("iotee").subscribe[..3].to_vec();
    let window = Window::watching(&desktop, &demo, &demo.devices_configuration(3, UNLOCKED));
    lock_all(&demo, &window, &devices);
    window.click_test_id("mute");
    window.wait_for_text("Nothing is open now");
    window.click_test_id("mute-5m");
    window.wait_for_text("Muted until");

    for device in &devices {
        demo.control("iotee").unlock(device, "remote");
    }
    window.go("#/alerts");
    window.wait("them to fire unheard", |window| (window.alerts_in("firing") == 3).then_some(()));
    window.wait_for_text("all muted");
    demo.control("iotee").lock(&devices[2], "key");
    window.wait("one to be over", |window| (window.alerts_in("firing") == 2).then_some(()));
    std::thread::sleep(NOTHING_COMES);
    assert_eq!(desktop.told().len(), 0, "muted is muted: {:?}", desktop.told());
    window.picture("muted");

    window.click_test_id("mute");
    window.click_test_id("unmute");
    window.wait("a notification", |_| (desktop.displayed() == 1).then_some(()));
    std::thread::sleep(NOTHING_COMES);
    let told = desktop.told();
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].contains("The mute has ended: 2 alerts still fire"), "{}", words(&told[0]));
    assert!(told[0].contains(&devices[0]) && !told[0].contains(&devices[2]), "{}", words(&told[0]));
    window.wait("them to fire", |window| (window.alerts_in("firing") == 2).then_some(()));
    window.picture("told");
}

#[test]
#[ignore = "opens a real window: cargo xtask test"]
fn a_rule_is_made_in_the_window_and_a_built_in_one_is_switched_off() {
    let desktop = Desktop::start("rule-made");
    let demo = Demo::with_devices(50);
    let device = demo.service("iotee").subscribe[0].clone();
    let window = Window::watching(&desktop, &demo, &demo.devices_configuration(3, ""));
    window.go("#/rules");
    window.click_test_id("rule-new");
    window.fill(&window.test_id("rule-name"), "van-battery");
    window.click_test_id("rule-kind");
    window.click_role("option", "A number crosses a value");
    window.fill(&window.test_id("rule-field"), "battery_voltage");
    window.click_role("radio", "Under");
    window.fill(&window.test_id("rule-limit"), "eleven");
    window.picture("wrong");
    window.fill(&window.test_id("rule-limit"), "11");
    window.fill(&window.test_id("rule-hold"), "0");
    let sentence = window.wait("the rule in words", |window| {
        let sentence = window.text(&window.test_id("rule-sentence"));
        sentence.contains("11").then_some(sentence)
    });
    assert!(sentence.contains("battery_voltage") && sentence.contains("under 11"), "{sentence}");
    window.click_test_id("try-24");
    window.wait_for_text("It would not have fired");
    window.picture("tried");
    window.click_test_id("rule-save");
    window.test_id("screen-rules");
    window.wait_for_text("van-battery");

    // Its knob lies over the box that is read out.
    window.click(&window.css("label:has([data-testid='rule-switch-Battery low'])"));
    let written = || std::fs::read_to_string(desktop.configuration()).expect("the configuration is there");
    window.wait("the switched off rule in the file", |_| written().contains("name = \"Battery low\"").then_some(()));
    window.picture("rules");
    let written = written();
    assert_eq!(written.matches("[[rule]]").count(), 2, "{written}");
    let after = |name: &str| written.split(&format!("name = \"{name}\"")).nth(1).unwrap_or_default().to_owned();
    let [made, off] = ["van-battery", "Battery low"].map(after);
    let made = made.split("[[rule]]").next().unwrap_or_default();
    assert!(made.contains("battery_voltage") && made.contains("below = 11"), "{written}");
    assert!(off.split("[[rule]]").next().is_some_and(|rule| rule.contains("enabled = false")), "{written}");

    report(&demo, &device, 12.5);
    report(&demo, &device, 10.9);
    window.wait("the new rule to fire", |_| (desktop.displayed() == 1).then_some(()));
    assert!(desktop.told()[0].contains("van-battery"), "{}", words(&desktop.told()[0]));
}

/// Locks devices, and waits until the window knows.
fn lock_all(demo: &Demo, window: &Window, devices: &[String]) {
    for device in devices {
        demo.control("iotee").lock(device, "key");
    }
    window.wait("the locks to be known", |window| {
        let told = window.text(&window.test_id("latest"));
        devices.iter().all(|device| told.contains(device)).then_some(())
    });
}

/// Lets a device report its battery, and time pass until the next one.
fn report(demo: &Demo, device: &str, voltage: f64) {
    demo.control("iotee").send_text(format!(
        r#"{{"type":"device_data","hardwareId":"{device}","payload":{{"battery_voltage":{voltage}}}}}"#
    ));
    std::thread::sleep(Duration::from_millis(700));
}

/// What a person reads of a notification.
fn words(told: &str) -> String {
    told.lines().filter(|line| line.trim_start().starts_with("string")).collect::<Vec<_>>().join("\n")
}

/// A number as the window writes it: thousands are parted by a narrow space.
fn count(number: usize) -> String {
    format!("{}\u{202f}{:03}", number / 1000, number % 1000)
}

/// How many alerts are open.
fn open_alerts(window: &Window) -> usize {
    ["pending", "firing", "acknowledged", "silenced", "stale"].into_iter().map(|state| window.alerts_in(state)).sum()
}

/// Opens the page of a device's alert out of the list.
fn open_alert(window: &Window, device: &str) {
    window.click_role("gridcell", device);
    window.test_id("screen-alert");
}
