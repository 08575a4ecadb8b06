//! What every screen says in each of its states, dark and light: full, stale, empty, and when something is wrong.
//!
//! The pictures of all of them stay in `target/e2e/<test>`.

use crate::places::{self, PLACES};
use crate::support::{Demo, Desktop, Window};
use serde_json::json;
use std::os::unix::fs::PermissionsExt;

const THEMES: [&str; 2] = ["dark", "light"];

/// How long the fleet runs until every list has something in it.
const WARM_UP: std::time::Duration = std::time::Duration::from_secs(15);

/// What a screen says of data that is the last that was known; the others hold no data of a connection.
const STALE: &[(&str, &str)] = &[
    ("overview", "stale"),
    ("device-table", "Not live"),
    ("devices", "Not live"),
    ("device", "Not live"),
    ("jobs", "Not live"),
    ("job", "Not live"),
    ("live-query", "Not live"),
    ("agents", "Not live"),
    ("hosts", "Not live"),
    ("signals", "Not live"),
    ("connections", "Waiting"),
];

/// What a screen says when its connection has told of nothing.
const EMPTY: &[(&str, &str)] = &[
    ("#/alerts", "Nothing is wrong"),
    ("#/devices", "No connection tells of devices"),
    ("#/jobs", "No connection tells of jobs"),
    ("#/agents", "No connection tells of agents"),
    ("#/hosts", "No connection tells of hosts"),
    ("#/signals", "No signals yet"),
    ("#/events/nothing-is-called-this", "No event matches"),
    ("#/device/nobody/nothing", "There is no such device"),
    ("#/job/nobody/nothing", "There is no such job"),
    ("#/liveQuery/nobody/nothing", "There is no such live query"),
    ("#/alert/0000000000000000", "There is no such alert"),
    ("#/rule/nothing", "There is no such rule"),
];

#[test]
#[ignore = "opens a real window: cargo xtask test"]
fn every_screen_shows_what_is_live_and_marks_what_is_stale() {
    let desktop = Desktop::start("reading");
    desktop.show_no_notifications();
    let demo = Demo::start(200);
    let window = open(&desktop, &demo, &demo.configuration());
    window.wait("five live connections", |window| (window.live_connections() == 5).then_some(()));
    std::thread::sleep(WARM_UP);

    let mut addresses = Vec::new();
    for place in PLACES {
        places::go(&window, place);
        addresses.push((place.name, window.run("return location.hash", &[])));
    }
    in_both_themes(&window, |theme| {
        for (name, address) in &addresses {
            show(&window, name, address.as_str().unwrap_or_default());
            window.picture_to(&desktop.folder().join(format!("{name}-full-{theme}.png")));
            let screen = main_text(&window);
            assert!(!screen.contains("Not live") && !screen.contains("There is no such"), "{name}, {theme}: {screen}");
        }
    });

    for protocol in ["iotee", "hantera", "agenthq", "hyprwatch", "hydra"] {
        demo.wait(demo.control(protocol).stop());
    }
    window.wait("no live connection", |window| (window.live_connections() == 0).then_some(()));
    in_both_themes(&window, |theme| {
        for (name, address) in &addresses {
            show(&window, name, address.as_str().unwrap_or_default());
            window.picture_to(&desktop.folder().join(format!("{name}-stale-{theme}.png")));
            assert_eq!(window.live_connections(), 0, "{name}, {theme}");
            let Some((_, words)) = STALE.iter().find(|(stale, _)| stale == name) else { continue };
            window.wait(&format!("“{words}” on {name}, {theme}"), |window| {
                contains(&main_text(window), words).then_some(())
            });
            assert_eq!(shown_as_live(&window), json!([]), "{name}, {theme}");
        }
        // What each connection is instead, and how old what was last heard is, stands in the bar below every screen.
        let chips =
            "return [...document.querySelectorAll('[data-testid^=chip-]')].filter((chip) => chip.querySelector('time')
            && /Waiting|Connecting/.test(chip.innerText)).length";
        window.wait("an age in every chip", |window| (window.run(chips, &[]) == 5).then_some(()));
    });
}

#[test]
#[ignore = "opens a real window: cargo xtask test"]
fn every_screen_that_is_empty_says_so_and_what_brings_something() {
    let desktop = Desktop::start("reading-empty");
    let demo = Demo::start(0);
    let all = demo.configuration();
    let only = all.split("[[connection]]").find(|part| part.contains("protocol = \"hydra\""));
    let configuration = format!("[[connection]]{}", only.expect("the demo has signals"));
    let window = open(&desktop, &demo, &configuration);
    window.wait("a live connection", |window| (window.live_connections() == 1).then_some(()));
    in_both_themes(&window, |theme| {
        for (address, words) in EMPTY {
            window.go(address);
            window.wait(&format!("“{words}” on {address}, {theme}"), |window| {
                contains(&main_text(window), words).then_some(())
            });
            places::settle(&window);
            let name = address.trim_start_matches("#/").replace(['/', '%'], "-");
            window.picture_to(&desktop.folder().join(format!("{name}-{theme}.png")));
        }
    });
}

#[test]
#[ignore = "opens a real window: cargo xtask test"]
fn what_is_wrong_is_told_on_every_screen_that_it_concerns() {
    let desktop = Desktop::start("reading-wrong");
    desktop.show_no_notifications();
    let demo = Demo::start(50);
    // The history's folder may not be written, and one more service is not there at all.
    let folder = desktop.home().join(".local/share/signalbox");
    std::fs::create_dir_all(&folder).expect("a home can be written");
    std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o500)).expect("it is the test's own folder");
    let nowhere = "[[connection]]\nname = \"nowhere\"\nprotocol = \"hydra\"\nurl = \"ws://127.0.0.1:9/\"\n\
                   credential = { env = \"SIGNALBOX_NOWHERE\" }\n";
    let window = open(&desktop, &demo, &format!("{}\n{nowhere}", demo.configuration()));
    window.wait("five live connections", |window| (window.live_connections() == 5).then_some(()));
    demo.control("iotee").refuse_tokens(true);
    demo.control("iotee").drop_all();
    let refused = format!("[data-testid='chip-{}'][data-status='needs_credential']", demo.service("iotee").name);
    window.wait("a refused connection", |window| window.find_css(&refused));
    in_both_themes(&window, |theme| {
        let told = |address: &str, name: &str, words: &[&str]| {
            window.go(address);
            for words in words {
                window.wait(&format!("“{words}” on {address}, {theme}"), |window| {
                    contains(&main_text(window), words).then_some(())
                });
            }
            places::settle(&window);
            window.picture_to(&desktop.folder().join(format!("{name}-{theme}.png")));
        };
        told("#/overview", "overview", &["The history has a problem", "needs a credential"]);
        told("#/connections", "connections", &["Stopped until it has a new credential", "nowhere"]);
        told("#/devices", "devices", &["Not live", "credential"]);
        told("#/settings", "settings", &["The history has a problem"]);
        let bar = window.text(&window.test_id("statusbar"));
        assert!(bar.contains("Needs a credential") && bar.contains("History has a problem"), "{bar}");
    });
    std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o700)).expect("it is the test's own folder");
}

fn open<'a>(desktop: &'a Desktop, demo: &Demo, configuration: &str) -> Window<'a> {
    std::fs::write(desktop.configuration(), configuration).expect("a home can be written");
    let path = desktop.configuration();
    let window = Window::open(desktop, &["--config", path.to_str().expect("a path in UTF-8")], &demo.tokens());
    window.resize(1280, 800);
    window
}

fn in_both_themes(window: &Window, mut look: impl FnMut(&str)) {
    for theme in THEMES {
        window.choose_look(&json!({ "theme": theme }));
        let painted = window.run("return document.documentElement.dataset.theme", &[]);
        assert_eq!(painted, theme);
        look(theme);
    }
}

fn show(window: &Window, name: &str, address: &str) {
    let place = PLACES.iter().find(|place| place.name == name).expect("every address is of a place");
    window.go(address);
    if place.address == address {
        (place.prepare)(window);
    }
    places::settle(window);
}

/// Whether a text has these words, as they begin a sentence or stand within one.
fn contains(text: &str, words: &str) -> bool {
    text.to_lowercase().contains(&words.to_lowercase())
}

fn main_text(window: &Window) -> String {
    window.text(&window.css("main"))
}

/// The words of the marks on the screen that tell of something as live or online, and are not marked as stale.
fn shown_as_live(window: &Window) -> serde_json::Value {
    let script = "return [...document.querySelectorAll('main .mark')]
        .filter((mark) => /^(Live|Online)$/.test(mark.textContent.trim()) && !mark.closest('.stale, [data-stale]'))
        .map((mark) => mark.parentElement.innerText)";
    window.run(script, &[])
}
