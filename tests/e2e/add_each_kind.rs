//! A connection of each kind, from the dialog to its events, away and back, and on to another computer.

use crate::support::{Demo, Desktop, PATIENCE, Window, until};

/// The services, each with what it is called here and the kinds of its events.
const KINDS: [(&str, &str, &str); 5] = [
    ("iotee", "my-locks", "device."),
    ("hantera", "my-jobs", "job."),
    ("agenthq", "my-agents", "agent."),
    ("hyprwatch", "my-hosts", "host."),
    ("hydra", "my-signals", "signal."),
];

#[test]
#[ignore = "opens a real window: cargo xtask test"]
fn a_connection_of_each_kind_is_added_tested_and_tells_its_events() {
    let desktop = Desktop::start("add-each-kind");
    let demo = Demo::start(200);
    let window = Window::open(&desktop, &[], &[]);
    for (index, (service, name, _)) in KINDS.into_iter().enumerate() {
        window.click_test_id(if index == 0 { "first-add" } else { "add" });
        window.click_test_id(&format!("service-{service}"));
        fill_in(&window, &demo, service, name);
        window.click_role("button", "Test");
        window.wait_for_text("It works");
        let done = "[data-step][data-state='done']";
        let passed = window.run(&format!("return document.querySelectorAll(\"{done}\").length"), &[]);
        assert_eq!(passed, 8, "{service}: every step is passed");
        window.picture(&format!("tested-{service}"));
        assert_eq!(desktop.secret_of(name), None, "a test keeps nothing");
        window.click_role("button", "Save");
        window.wait(&format!("{name} to be live"), |window| window.find_css(&live(name)));
        assert_eq!(desktop.secret_of(name).as_deref(), Some(demo.token(service)));
    }
    window.picture("all-live");
    for (_, name, kind) in KINDS {
        window.go(&format!("#/events/connection%3A{name}"));
        window.wait(&format!("an event of {name}"), |window| {
            let table = window.find_css("[data-testid='event-table']")?;
            window.text(&table).contains(kind).then_some(())
        });
    }

    // The removal is taken back, and then meant.
    window.go("#/connections");
    remove(&window, "my-locks");
    window.wait("it to be gone", |window| window.find_css(&chip("my-locks")).is_none().then_some(()));
    window.click_test_id("toast-action");
    window.wait("it to be live again", |window| window.find_css(&live("my-locks")));
    assert_eq!(desktop.secret_of("my-locks").as_deref(), Some(demo.token("iotee")));

    window.click_test_id("export");
    let text = window.wait("the exported text", |window| {
        let text = window.run("return document.querySelector(\"[data-testid='export-text']\")?.value", &[]);
        text.as_str().filter(|text| !text.is_empty()).map(str::to_owned)
    });
    window.picture("export");
    for (service, name, _) in KINDS {
        assert!(text.contains(&format!("name = \"{name}\"")), "{text}");
        assert!(!text.contains(demo.token(service)), "the token of {service} was exported");
    }
    window.click_role("button", "Close");

    // Until it is final it can be taken back with its credential: for five minutes, or until the program ends.
    remove(&window, "my-locks");
    window.wait_for_text("my-locks");
    assert_eq!(desktop.secret_of("my-locks").as_deref(), Some(demo.token("iotee")));
    window.quit();
    until(PATIENCE, || desktop.secret_of("my-locks").is_none().then_some(())).expect("the credential is deleted");
    drop(window);
    let configuration = std::fs::read_to_string(desktop.home().join(".config/signalbox/config.toml"));
    let configuration = configuration.expect("the configuration is there");
    assert!(!configuration.contains("my-locks") && configuration.contains("my-jobs"), "{configuration}");
    for (service, _, _) in KINDS {
        let leaks = desktop.files_with(demo.token(service));
        assert!(leaks.is_empty(), "the token of {service} stands in {leaks:?}");
    }
    drop(desktop);

    imported(&demo, &text);
}

/// On another computer the five ask for their credentials, and one that has its own is live.
fn imported(demo: &Demo, text: &str) {
    let desktop = Desktop::start("add-each-kind-imported");
    let window = Window::open(&desktop, &[], &[]);
    window.click_test_id("first-import");
    type_lines(&window, "[[connection]]\nname =\n");
    window.wait_for_text("Line 2, column");
    window.picture("problem");
    type_lines(&window, text);
    window.click_role("button", "Import 5 connections");
    window.wait_for_text("No credential yet");
    window.picture("imported");
    window.click_test_id("import-close");
    for (service, name, _) in KINDS {
        window.wait(&format!("{name} to ask for its credential"), |window| {
            window.find_css(&format!("{}[data-status='needs_credential']", chip(name)))
        });
        window.click_test_id(&format!("credential-{name}"));
        window.fill(&window.test_id("credential-secret"), demo.token(service));
        window.click_test_id("credential-save");
        window.wait(&format!("{name} to be live"), |window| window.find_css(&live(name)));
    }
    window.picture("live");
}

fn fill_in(window: &Window, demo: &Demo, service: &str, name: &str) {
    let known = demo.service(service);
    window.fill(&window.test_id("conn-url"), &known.url);
    window.fill(&window.test_id("conn-name"), name);
    window.fill(&window.test_id("conn-secret"), demo.token(service));
    // Paths are offered, and streams may be left out.
    if !matches!(service, "hantera" | "hydra") {
        let some = known.subscribe.len().min(5);
        window.fill(&window.test_id("conn-subscribe"), &known.subscribe[..some].join(", "));
    }
}

/// Types a text of several lines: a line ends with the key Enter.
fn type_lines(window: &Window, text: &str) {
    window.fill(&window.test_id("import-text"), &text.replace('\n', "\u{e007}"));
}

fn remove(window: &Window, name: &str) {
    window.click_test_id(&format!("menu-{name}"));
    window.click_test_id(&format!("remove-{name}"));
}

fn chip(name: &str) -> String {
    format!("[data-testid='chip-{name}']")
}

fn live(name: &str) -> String {
    format!("{}[data-status='live']", chip(name))
}
