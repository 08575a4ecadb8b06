//! What stays when the program ends, however it does, and what goes on when it cannot be kept.

use crate::support::{Demo, Desktop, Window};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Each device that is unlocked is told of at once.
const UNLOCKED: &str = "notify_unlocked = true\n";

#[test]
#[ignore = "opens a real window: cargo xtask test"]
fn a_killed_window_comes_back_with_its_history_and_tells_what_began_meanwhile() {
    let desktop = Desktop::start("history-killed");
    let demo = Demo::with_devices(50);
    let [known, meanwhile] = [0, 1].map(|at| demo.service("iotee").subscribe[at].clone());
    let window = Window::watching(&desktop, &demo, &demo.devices_configuration(3, UNLOCKED));
    for device in [&known, &meanwhile] {
        demo.control("iotee").lock(device, "key");
        window.wait("the lock to be known", |window| {
            window.text(&window.test_id("latest")).contains(device.as_str()).then_some(())
        });
    }
    demo.control("iotee").unlock(&known, "rfid");
    window.wait("a notification", |_| (desktop.displayed() == 1).then_some(()));
    window.go("#/alerts");
    window.click_role("gridcell", &known);
    window.click_test_id("alert-acknowledge");
    window.fill(&window.test_id("acknowledge-note"), "the driver is there");
    window.click_test_id("acknowledge-do");
    window.test_id("alert-acknowledged");
    let address = window.run("return location.hash", &[]).as_str().unwrap_or_default().to_owned();
    let timeline = window.text(&window.test_id("alert-timeline"));
    // What was decided is written within the second.
    std::thread::sleep(Duration::from_secs(1));
    window.kill();

    demo.control("iotee").unlock(&meanwhile, "keypad");
    let told = desktop.told().len();
    let window = Window::watching_again(&desktop, &demo);
    let sum = window.wait("what happened while away", |window| {
        Some(window.text(&window.test_id("away"))).filter(|away| away.contains("1 alert began"))
    });
    assert!(sum.contains(&format!("{meanwhile} unlocked")) && !sum.contains(&known), "{sum}");
    assert!(sum.contains("Nothing was watched for"), "what is listed was found afterwards: {sum}");
    window.wait("it to be told", |_| (desktop.told().len() > told).then_some(()));
    window.picture("while-away");

    window.go(&address);
    let said = window.text(&window.test_id("alert-acknowledged"));
    assert!(said.contains("the driver is there"), "{said}");
    let now = window.text(&window.test_id("alert-timeline"));
    // What was not heard of it meanwhile may be told in it; what was there stays.
    assert!(now.contains(timeline.trim()), "it was\n{timeline}\nand is\n{now}");
    window.picture("timeline");
    let news = desktop.told()[told..].to_vec();
    assert_eq!(news.len(), 1, "{news:?}");
    assert!(news[0].contains(&meanwhile) && !news[0].contains(&known), "{news:?}");

    window.go("#/events");
    window.click_test_id("past");
    window.click_test_id("past-6h");
    window.test_id("past-banner");
    let kept = window.wait("the events of before", |window| {
        Some(window.text(&window.test_id("event-table"))).filter(|kept| kept.matches("device.unlocked").count() == 2)
    });
    assert!(kept.matches("device.locked").count() >= 2, "{kept}");
    window.picture("past");
    window.click_test_id("past-back");
    window.wait("the present", |window| window.find_css("[data-testid='past-banner']").is_none().then_some(()));
}

#[test]
#[ignore = "opens a real window: cargo xtask test"]
fn without_a_notification_daemon_alerts_are_in_the_window_and_the_lack_is_said_once() {
    let desktop = Desktop::start_without_notifications("no-notifications");
    let demo = Demo::with_devices(50);
    let devices = demo.service("iotee").subscribe[..3].to_vec();
    let window = Window::watching(&desktop, &demo, &demo.devices_configuration(3, UNLOCKED));
    window.go("#/alerts");
    for (at, device) in devices.iter().enumerate() {
        demo.control("iotee").lock(device, "key");
        demo.control("iotee").unlock(device, "rfid");
        window.wait("the alert in the list", |window| (window.alerts_in("firing") == at + 1).then_some(()));
        std::thread::sleep(Duration::from_secs(2));
    }
    let missed = desktop.files_with("No notification can be shown");
    assert!(!missed.is_empty(), "it is said why nothing is shown");
    for log in missed {
        let text = std::fs::read_to_string(&log).expect("a log is text");
        assert_eq!(text.matches("No notification can be shown").count(), 1, "{}", log.display());
    }

    window.go("#/settings");
    window.click_test_id("test-notification");
    window.wait_for_text("A notification daemon, as dunst or the desktop's own, must run");
    window.picture("test");
}

#[test]
#[ignore = "opens a real window: cargo xtask test"]
fn a_history_that_cannot_be_written_is_told_and_the_live_picture_goes_on() {
    let desktop = Desktop::start("history-read-only");
    let demo = Demo::with_devices(50);
    let device = demo.service("iotee").subscribe[0].clone();
    let folder = desktop.home().join(".local/share/signalbox");
    std::fs::create_dir_all(&folder).expect("a home can be written");
    permit(&folder, 0o500);
    let window = Window::watching(&desktop, &demo, &demo.devices_configuration(3, UNLOCKED));
    let problem = window.text(&window.test_id("history-problem"));
    permit(&folder, 0o700);
    assert!(problem.contains("The history has a problem") && problem.contains("may not be written"), "{problem}");
    demo.control("iotee").lock(&device, "key");
    demo.control("iotee").unlock(&device, "rfid");
    window.wait("a notification", |_| (desktop.displayed() == 1).then_some(()));
    window.go("#/alerts");
    window.wait("the alert in the list", |window| (window.alerts_in("firing") == 1).then_some(()));
    window.picture("told");
}

#[test]
#[ignore = "opens a real window: cargo xtask test"]
fn a_picture_and_a_shift_report_are_saved_among_the_downloads() {
    let desktop = Desktop::start("saved");
    let demo = Demo::with_devices(50);
    let device = demo.service("iotee").subscribe[0].clone();
    let downloads = desktop.home().join("Downloads");
    std::fs::create_dir_all(&downloads).expect("a home can be written");
    std::fs::create_dir_all(desktop.home().join(".config")).expect("a home can be written");
    std::fs::write(desktop.home().join(".config/user-dirs.dirs"), "XDG_DOWNLOAD_DIR=\"$HOME/Downloads\"\n")
        .expect("a home can be written");
    let window = Window::watching(&desktop, &demo, &demo.devices_configuration(3, UNLOCKED));
    demo.control("iotee").lock(&device, "key");
    demo.control("iotee").unlock(&device, "rfid");
    window.wait("a notification", |_| (desktop.displayed() == 1).then_some(()));

    for (format, begin) in [("svg", "<svg"), ("png", "\u{89}PNG")] {
        window.click_role("button", "save or copy");
        window.click_test_id(&format!("chart-{format}"));
        let picture = window.wait("the picture among the downloads", |_| one_of(&downloads, format));
        let bytes = std::fs::read(&picture).expect("the picture can be read");
        let start: String = bytes.iter().take(400).map(|byte| char::from(*byte)).collect();
        assert!(start.contains(begin), "{}: {start:?}", picture.display());
        window.wait_for_text("Picture saved");
    }
    window.picture("picture-saved");

    window.go("#/settings");
    window.click_test_id("save-report");
    window.wait_for_text("Shift report saved");
    window.picture("report-saved");
    let report = one_of(&downloads, "html").unwrap_or_else(|| window.fail("no report among the downloads"));
    let text = std::fs::read_to_string(&report).expect("the report can be read");
    assert!(text.starts_with("<!") && text.contains("</html>"), "{text}");
    let read = "const page = new DOMParser().parseFromString(arguments[0], 'text/html');
        return [page.title, ...page.querySelectorAll('script, link, img:not([src^=\"data:\"])')].length === 1
            ? page.querySelector('table, ul, section').ownerDocument.body.textContent : ''";
    let shown = window.run(read, &[text.into()]);
    let shown = shown.as_str().unwrap_or_default();
    assert!(shown.contains(&format!("{device} unlocked")), "a page that needs nothing else: {shown}");
}

/// The file with this ending, once it is there and has something in it.
fn one_of(folder: &Path, ending: &str) -> Option<PathBuf> {
    let mut files = std::fs::read_dir(folder).ok()?.flatten().map(|entry| entry.path());
    files.find(|path| {
        path.extension().is_some_and(|found| found == ending)
            && std::fs::metadata(path).is_ok_and(|file| file.len() > 0)
    })
}

fn permit(folder: &Path, mode: u32) {
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(mode)).expect("it is the test's own folder");
}
