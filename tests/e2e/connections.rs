//! From an empty first run to a live connection whose locks are told of, and back again after a restart.

use crate::support::{Demo, Desktop, Window};

/// The name of the connection that is added.
const NAME: &str = "locks";

#[test]
#[ignore = "opens a real window: cargo xtask test"]
fn a_connection_is_added_and_its_token_is_in_the_keychain_only() {
    let desktop = Desktop::start("add-a-connection");
    let demo = Demo::start(50);
    let token = demo.token("iotee");

    let window = Window::open(&desktop, &[], &[]);
    add(&window);
    fill_in(&window, &demo, "iot_this-is-not-the-token");
    window.click_role("button", "Test");
    window.wait_for_text("It did not become live");
    assert_eq!(desktop.secret_of(NAME), None, "a test keeps nothing");

    let failed = window.css("[data-step='signIn'][data-state='failed']");
    window.picture("refused");
    assert!(!window.text(&failed).is_empty());
    window.fill(&window.test_id("conn-secret"), token);
    window.click_role("button", "Test");
    window.wait_for_text("It works");
    window.picture("tested");
    window.click_role("button", "Save");
    window.wait("the connection to be live", |window| window.find_css(LIVE));
    assert_eq!(desktop.secret_of(NAME).as_deref(), Some(token));
    window.picture("live");
    drop(window);

    let window = Window::open(&desktop, &[], &[]);
    window.wait("the connection to be live after a restart", |window| window.find_css(LIVE));
    drop(window);

    assert!(!desktop.files_with(&demo.service("iotee").url).is_empty(), "the search finds what is there");
    let leaks = desktop.files_with(token);
    assert!(leaks.is_empty(), "the token stands in {leaks:?}");
    let configuration = std::fs::read_to_string(desktop.home().join(".config/signalbox/config.toml"));
    assert!(configuration.expect("the configuration was written").contains(&format!("name = \"{NAME}\"")));
}

#[test]
#[ignore = "opens a real window: cargo xtask test"]
fn a_locked_keychain_is_told_and_the_token_can_be_kept_for_the_run() {
    let desktop = Desktop::start_with_locked_keychain("locked-keychain");
    let demo = Demo::start(50);
    let window = Window::open(&desktop, &[], &[]);
    add(&window);
    fill_in(&window, &demo, demo.token("iotee"));
    window.click_role("button", "Save");
    let failure = window.text(&window.test_id("conn-failure"));
    assert!(failure.to_lowercase().contains("keychain"), "the reason is told: {failure}");
    window.picture("told");

    window.click_role("button", "Keep it in memory for this run");
    window.wait("the connection to be live", |window| window.find_css(LIVE));
    let leaks = desktop.files_with(demo.token("iotee"));
    assert!(leaks.is_empty(), "the token stands in {leaks:?}");
}

#[test]
#[ignore = "opens a real window: cargo xtask test"]
fn an_unlocked_device_is_notified_where_that_is_asked_for() {
    let desktop = Desktop::start("notification");
    let demo = Demo::start(0);
    let device = demo.service("iotee").subscribe[0].clone();

    let window = Window::open(&desktop, &[], &[]);
    add(&window);
    fill_in(&window, &demo, demo.token("iotee"));
    window.click_test_id("conn-notify");
    window.click_role("button", "Save");
    window.wait("the connection to be live", |window| window.find_css(LIVE));

    window.go("#/overview");
    demo.control("iotee").lock(&device, "key");
    window.wait("the lock to be known", |window| window.page_text().contains("Locked").then_some(()));
    assert!(desktop.notifications().is_empty(), "locking is no news: {:?}", desktop.notifications());
    // Of what is looked at, the desktop tells nothing.
    window.minimize();
    demo.control("iotee").unlock(&device, "rfid");
    let shown = window
        .wait("a notification", |_| desktop.notifications().into_iter().find(|shown| shown.summary.contains(&device)));
    assert!(shown.summary.to_lowercase().contains("unlocked"), "{shown:?}");
    assert!(shown.body.contains(NAME), "{shown:?}");
}

#[test]
#[ignore = "opens a real window: cargo xtask test"]
fn a_service_that_restarts_is_live_again_and_one_that_refuses_is_asked_about() {
    let desktop = Desktop::start("restart");
    let demo = Demo::start(50);
    let configuration = desktop.home().join("signalbox.toml");
    std::fs::write(&configuration, demo.configuration()).expect("a home can be written");
    let arguments = ["--config", configuration.to_str().expect("a path in UTF-8")];

    let window = Window::open(&desktop, &arguments, &demo.tokens());
    window.wait("five live connections", |window| (window.live_connections() == 5).then_some(()));
    let chip = format!("[data-testid='chip-{}']", demo.service("iotee").name);
    let status = |window: &Window, status: &str| window.find_css(&format!("{chip}[data-status='{status}']"));

    demo.wait(demo.control("iotee").stop());
    window.wait("the outage to be shown", |window| status(window, "backing_off"));
    assert_eq!(window.live_connections(), 4, "the others go on");
    demo.wait(demo.control("iotee").start());
    window.wait("it to be live again by itself", |window| status(window, "live"));

    demo.control("iotee").refuse_tokens(true);
    demo.control("iotee").drop_all();
    window.wait("it to ask for a credential", |window| status(window, "needs_credential"));
    let dials = demo.control("iotee").dials();
    std::thread::sleep(std::time::Duration::from_secs(5));
    assert_eq!(demo.control("iotee").dials(), dials, "a refused credential is not tried again");
    window.picture("needs-credential");
}

const LIVE: &str = "[data-testid='chip-locks'][data-status='live']";

/// Opens the dialog for devices.
fn add(window: &Window) {
    window.click(&window.test_id("first-add"));
    window.click(&window.test_id("service-iotee"));
}

/// Fills in the dialog for the demo's devices.
fn fill_in(window: &Window, demo: &Demo, token: &str) {
    let service = demo.service("iotee");
    window.fill(&window.test_id("conn-name"), NAME);
    window.fill(&window.test_id("conn-url"), &service.url);
    window.fill(&window.test_id("conn-secret"), token);
    window.fill(&window.test_id("conn-subscribe"), &service.subscribe[..3].join(", "));
}

#[test]
#[ignore = "opens a real window: cargo xtask test"]
fn a_broken_configuration_is_told_in_the_window_and_left_as_it_is() {
    let desktop = Desktop::start("broken-configuration");
    let configuration = desktop.home().join("signalbox.toml");
    let broken = "[[connection]]\nname = \"locks\"\nprotokoll = \"iotee\"\n";
    std::fs::write(&configuration, broken).expect("a home can be written");
    let arguments = ["--config", configuration.to_str().expect("a path in UTF-8")];

    let window = Window::open(&desktop, &arguments, &[]);
    window.wait_for_text("line 3, column 1");
    window.picture("told");
    drop(window);
    assert_eq!(std::fs::read_to_string(&configuration).expect("the file is there"), broken);
}
