//! axe-core over every screen, and over what opens on it, in the window itself.

use crate::places::{self, PLACES, Place};
use crate::support::{Desktop, Window};
use serde_json::{Value, json};
use std::path::Path;

/// What axe is asked for: WCAG 2.2 A and AA, and what is good practice besides.
const RULES: [&str; 6] = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/// Menus and lists stand at the document's end, outside of every landmark, as the pattern of menus has it.
const RULES_OVER: [&str; 5] = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/// How long the fleet runs before the first look, so that every list has something in it.
const WARM_UP: std::time::Duration = std::time::Duration::from_secs(20);

/// What is opened over a screen, by the place it belongs to and what is clicked there; the rest is found by `aria-haspopup`.
const DIALOGS: &[(&str, &str)] = &[
    ("alert", "[data-testid='alert-acknowledge']"),
    ("alert", "[data-testid='alert-silence']"),
    ("jobs", "[data-testid='live-query-new']"),
    ("connections", "[data-testid='add']"),
    ("overview", "[data-testid='search']"),
    ("devices", "[data-testid='save-view-button']"),
];

#[test]
#[ignore = "opens a real window: cargo xtask test"]
fn axe_finds_nothing_on_any_screen_nor_in_what_opens_there() {
    let desktop = Desktop::start("accessibility");
    let window = open(&desktop);
    let mut found = Vec::new();
    for theme in ["dark", "light", "contrast"] {
        window.choose_look(&json!({ "theme": theme }));
        axe(&window);
        for place in PLACES {
            places::go(&window, place);
            found.extend(look(&window, &format!("{} ({theme})", place.name), &RULES));
            if theme == "dark" {
                found.extend(what_opens(&window, place));
            }
        }
    }
    assert_nothing(&found);
}

/// Where more contrast is asked of a light system there is a fourth palette.
#[test]
#[ignore = "opens a real window: cargo xtask test"]
fn axe_finds_no_faint_text_in_light_high_contrast() {
    let desktop = Desktop::start("accessibility-contrast-light");
    let window = open(&desktop);
    window.run("document.documentElement.dataset.theme = 'contrast-light'", &[]);
    axe(&window);
    let mut found = Vec::new();
    for place in PLACES {
        places::go(&window, place);
        found.extend(look(&window, &format!("{} (contrast-light)", place.name), &["wcag2aa"]));
    }
    assert_eq!(window.run("return document.documentElement.dataset.theme", &[]), "contrast-light");
    assert_nothing(&found);
}

#[test]
#[ignore = "opens a real window: cargo xtask test"]
fn axe_finds_nothing_at_the_first_run_and_sees_a_fault_where_there_is_one() {
    let desktop = Desktop::start("accessibility-first-run");
    let window = Window::open(&desktop, &[], &[]);
    window.test_id("first-run");
    axe(&window);
    places::settle(&window);
    let mut found = look(&window, "first-run", &RULES);
    window.click_test_id("first-add");
    window.test_id("connection-dialog");
    found.extend(look(&window, "first-run, adding", &RULES));
    assert_nothing(&found);

    let fault = "const button = document.createElement('button'); button.style.cssText = 'width:9px;height:9px';
        document.querySelector('[role=dialog]').append(button)";
    window.run(fault, &[]);
    let found = look(&window, "a button without a name", &RULES);
    assert!(found.iter().any(|one| one.contains("button-name")), "{found:?}");
}

fn open(desktop: &Desktop) -> Window<'_> {
    desktop.show_no_notifications();
    let window = Window::open(desktop, &["--demo"], &[]);
    window.resize(1280, 800);
    window.wait("five live connections", |window| (window.live_connections() == 5).then_some(()));
    window.tell_outside();
    std::thread::sleep(WARM_UP);
    window
}

/// Puts axe into the page.
fn axe(window: &Window) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("ui/node_modules/axe-core/axe.min.js");
    let source = std::fs::read_to_string(&path);
    let source = source.unwrap_or_else(|error| panic!("{}: {error}; `npm ci` in ui/ brings it", path.display()));
    window.run(&source, &[]);
}

/// Opens every menu, popover and dialog of a screen, one after the other.
fn what_opens(window: &Window, place: &Place) -> Vec<String> {
    // Of the same control in many rows or charts the first stands for all.
    const TRIGGERS: &str = "const seen = new Set();
        return [...document.querySelectorAll('main [aria-haspopup], [data-testid=topbar] [aria-haspopup]')]
            .filter((one) => one.getClientRects().length && !one.disabled)
            .map((one) => [one, one.className + (one.dataset.testid ?? one.innerText).replace(/-.*/, '')])
            .filter(([, kind]) => !seen.has(kind) && seen.add(kind))
            .map(([one]) => (one.id ||= 'axe-' + Math.random().toString(36).slice(2), `#${CSS.escape(one.id)}`))";
    // The bar over all screens is looked at once.
    let is_first = place.name == PLACES[0].name;
    let triggers = window.run(TRIGGERS, &[]);
    let triggers = triggers.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned);
    let dialogs = DIALOGS.iter().filter(|(name, _)| *name == place.name).map(|(_, selector)| (*selector).to_owned());
    let mut found = Vec::new();
    for selector in triggers.chain(dialogs) {
        let in_bar = "return !!document.querySelector(arguments[0])?.closest('[data-testid=topbar]')";
        if !is_first && window.run(in_bar, &[json!(selector)]) == true {
            continue;
        }
        let Some(trigger) = window.find_css(&selector) else { continue };
        let what =
            window.run("const e = arguments[0]; return e.ariaLabel || e.innerText || e.title", &[(&trigger).into()]);
        if !window.click_script(&format!("return document.querySelector(\"{selector}\")")) {
            continue;
        }
        let opened = "return !!document.querySelector('[role=dialog], [role=menu], [role=listbox], [data-bits-floating-content-wrapper]')";
        window.wait(&format!("{what} to open"), |window| (window.run(opened, &[]) == true).then_some(()));
        places::settle(window);
        found.extend(look(window, &format!("{}, {what}", place.name), &RULES_OVER));
        places::close(window);
    }
    found
}

/// Runs axe; answers a line for each finding.
fn look(window: &Window, what: &str, rules: &[&str]) -> Vec<String> {
    let script = "const [rules, done] = arguments;
        const short = ({ id, impact, help, nodes }) => `${id} (${impact}): ${help}\\n` + nodes.slice(0, 4).map((node) =>
            `      ${node.html.slice(0, 200)}\\n        ${(node.failureSummary ?? '').split('\\n').slice(1, 3).join(' ').trim()}`).join('\\n');
        axe.run(document, { runOnly: rules, resultTypes: ['violations'] }).then(
            ({ violations }) => done(violations.map(short)), (error) => done([`axe failed: ${error}`]))";
    let found = window.run_async(script, &[json!(rules)]);
    let found = found.as_array().into_iter().flatten().filter_map(Value::as_str);
    let lines: Vec<String> = found.map(|finding| format!("{what}: {finding}")).collect();
    lines.iter().for_each(|line| println!("{line}"));
    lines
}

fn assert_nothing(found: &[String]) {
    assert!(found.is_empty(), "{} findings:\n{}", found.len(), found.join("\n"));
}
