//! Every screen with the keyboard alone: reached, filtered, walked through, left, and the focus never lost.

use crate::support::{Demo, Desktop, Window};

const ALT: char = '\u{e00a}';
const CONTROL: char = '\u{e009}';
const SHIFT: char = '\u{e008}';
const ESCAPE: char = '\u{e00c}';
const ENTER: char = '\u{e007}';
const TAB: char = '\u{e004}';
const DOWN: char = '\u{e015}';
const LEFT: char = '\u{e012}';
const RIGHT: char = '\u{e014}';
const HOME: char = '\u{e011}';
const F10: char = '\u{e03a}';

/// The screens in the order of their keys, and whether each has a filter of its own.
const SCREENS: [(char, &str, bool); 10] = [
    ('1', "overview", false),
    ('2', "alerts", true),
    ('3', "devices", true),
    ('4', "jobs", false),
    ('5', "agents", false),
    ('6', "hosts", true),
    ('7', "signals", false),
    ('8', "events", true),
    ('9', "connections", false),
    ('0', "settings", false),
];

#[test]
#[ignore = "opens a real window: cargo xtask test"]
fn every_screen_is_reached_used_and_left_by_the_keyboard_alone() {
    let desktop = Desktop::start("keyboard");
    let demo = Demo::start(100);
    std::fs::write(desktop.configuration(), demo.configuration()).expect("a home can be written");
    let path = desktop.configuration();
    let window = Window::open(&desktop, &["--config", path.to_str().expect("a path in UTF-8")], &demo.tokens());
    window.wait("five live connections", |window| (window.live_connections() == 5).then_some(()));

    for (key, screen, has_filter) in SCREENS {
        window.press(&[ALT, key]);
        window.test_id(&format!("screen-{screen}"));
        focused(&window, screen);
        if has_filter {
            window.press(&['/']);
            window.wait("the filter to have the focus", |window| active(window, "data-filter").map(drop));
            window.press(&[ESCAPE]);
            focused(&window, &format!("{screen}, out of its filter"));
        }
        window.press(&['?']);
        window.test_id("shortcuts");
        window.press(&[ESCAPE]);
        gone(&window, "[data-testid='shortcuts']");
        focused(&window, &format!("{screen}, after the shortcuts"));
        window.press(&[CONTROL, 'k']);
        window.test_id("palette");
        window.wait("the palette's line to have the focus", |window| {
            active(window, "role").filter(|role| role == "combobox")
        });
        window.press(&[ESCAPE]);
        gone(&window, "[data-testid='palette']");
        focused(&window, &format!("{screen}, after the palette"));
        for _ in 0..3 {
            window.press(&[TAB]);
            focused(&window, &format!("{screen}, a Tab further"));
        }
    }
}

#[test]
#[ignore = "opens a real window: cargo xtask test"]
fn a_table_is_walked_chosen_copied_and_opened_by_the_keyboard_alone() {
    let desktop = Desktop::start("keyboard-table");
    let demo = Demo::with_devices(60);
    let window = Window::watching(&desktop, &demo, &demo.devices_configuration(40, ""));
    window.press(&[ALT, '3']);
    window.test_id("screen-devices");
    // By the palette, as there is no key for it.
    window.press(&[CONTROL, 'k']);
    let line = window.test_id("palette-input");
    window.type_into(&line, "shown as table");
    window.press(&[ENTER]);
    let table = window.test_id("device-table");
    focused(&window, "devices, as a table");

    // From the screen, an arrow leads into the table.
    window.run("document.getElementById('content').focus()", &[]);
    window.press(&[DOWN]);
    window.wait("the table to have the focus", |window| active(window, "role").filter(|role| role == "grid"));
    window.press(&[CONTROL, HOME]);
    let first = marked(&window).expect("a row has the keys");
    window.press(&[DOWN]);
    let second = marked(&window).expect("a row has the keys");
    assert_ne!(first, second, "an arrow goes to the next row");

    window.press(&[SHIFT, DOWN]);
    let chosen = "return document.querySelectorAll(\"[data-testid='device-table'] [aria-selected='true']\").length";
    window.wait("two chosen rows", |window| (window.run(chosen, &[]) == 2).then_some(()));
    window.press(&[CONTROL, 'a']);
    window.wait_for_text("40 rows of 40 selected");
    window.picture("chosen");
    window.press(&[ESCAPE]);
    window.wait("nothing to be chosen", |window| (window.run(chosen, &[]) == 0).then_some(()));

    window.press(&[RIGHT]);
    window.press(&[RIGHT]);
    let cell = window.run("return document.activeElement.getAttribute('aria-activedescendant')", &[]);
    let role = window.run("return document.getElementById(arguments[0])?.getAttribute('role')", &[cell]);
    assert_eq!(role, "gridcell", "the keys are on a cell");
    window.press(&[LEFT]);
    window.press(&[LEFT]);

    window.press(&[SHIFT, F10]);
    window.test_id("row-menu");
    window.picture("row-menu");
    window.press(&[ESCAPE]);
    gone(&window, "[data-testid='row-menu']");
    window.wait("the table to have the focus again", |window| active(window, "role").filter(|role| role == "grid"));

    // The heads are one stop of the Tab key; the arrows walk over them, Enter sorts.
    window.press(&[TAB]);
    window.press(&[RIGHT]);
    window.press(&[LEFT]);
    window.press(&[ENTER]);
    window.wait("the first column to be sorted by", |window| {
        window.find_css("[data-testid='device-table'] [data-column='id'][aria-sort='ascending']")
    });
    let width = "return document.querySelector(\"[data-testid='device-table'] [data-column='id']\").offsetWidth";
    let before = window.run(width, &[]).as_f64().unwrap_or_default();
    window.press(&[CONTROL, RIGHT]);
    window.wait("a wider column", |window| window.run(width, &[]).as_f64().filter(|after| *after > before));

    window.press(&[DOWN]);
    window.press(&[CONTROL, HOME]);
    let key = marked(&window).expect("a row has the keys");
    window.press(&[ENTER]);
    window.test_id("screen-device");
    let id = key.rsplit('/').next().unwrap_or_default().to_owned();
    window.wait_for_text(&id);
    focused(&window, "a device's page");
    window.press(&[ALT, LEFT]);
    window.test_id("screen-devices");
    focused(&window, "back from the device");
    // The row that was opened has the keys, by its key.
    window.wait("the keys on the row that was opened", |window| {
        (row_with_keys(window).as_ref() == Some(&key)).then_some(())
    });
    let kept = window.run(width, &[]).as_f64().unwrap_or_default();
    assert!(kept > before, "the width is kept: {before} became {kept}");
    drop(table);
}

/// A list is found as it was left: the filter, the place in it and the row that was opened.
#[test]
#[ignore = "opens a real window: cargo xtask test"]
fn a_list_is_found_as_it_was_left_and_a_view_of_it_is_updated_by_the_keyboard_alone() {
    let desktop = Desktop::start("keyboard-back");
    let demo = Demo::start(100);
    std::fs::write(desktop.configuration(), demo.configuration()).expect("a home can be written");
    let path = desktop.configuration();
    let window = Window::open(&desktop, &["--config", path.to_str().expect("a path in UTF-8")], &demo.tokens());
    window.wait("five live connections", |window| (window.live_connections() == 5).then_some(()));

    // Jobs: a definition.
    window.press(&[ALT, '4']);
    window.test_id("definition-table");
    window.run("document.querySelector(\"[data-testid='definition-table']\").focus()", &[]);
    window.press(&[DOWN]);
    let key = marked(&window).expect("a row has the keys");
    window.press(&[ENTER]);
    window.test_id("screen-definition");
    window.press(&[ALT, LEFT]);
    window.test_id("screen-jobs");
    window.wait("the keys on the definition that was opened", |window| {
        (row_with_keys(window).as_ref() == Some(&key)).then_some(())
    });

    // Events: a filter is kept as a view, changed, and saved into it.
    window.press(&[ALT, '8']);
    window.test_id("event-table");
    window.press(&['/']);
    let filter = window.test_id("event-filter");
    window.type_into(&filter, "locks");
    window.run("document.getElementById('content').focus()", &[]);
    window.press(&['v']);
    let name = window.test_id("view-name");
    window.type_into(&name, "Night");
    window.press(&[ENTER]);
    window.wait("the view to be told of", |window| standing(window).filter(|words| words.contains("Night")));
    let filter = window.test_id("event-filter");
    window.type_into(&filter, "eu");
    window.wait("it to be marked as changed", |window| standing(window).filter(|words| words.contains("changed")));
    window.run("document.getElementById('content').focus()", &[]);
    window.picture("changed");
    window.press(&[SHIFT, 'V']);
    window.wait_for_text("“Night” was updated");
    window.wait("it to be as it was saved", |window| standing(window).filter(|words| !words.contains("changed")));

    // What is left for another screen is found with its filter and its view.
    let typed = "return document.querySelector(\"[data-testid='event-filter']\")?.value ?? ''";
    let left = window.run(typed, &[]);
    window.press(&[ALT, '3']);
    window.test_id("screen-devices");
    window.press(&[ALT, LEFT]);
    window.test_id("screen-events");
    window.wait("the filter as it was left", |window| (window.run(typed, &[]) == left).then_some(()));
    window.wait("the view as it was left", |window| standing(window).filter(|words| words.contains("Night")));
}

/// What is said of the saved view that the screen stands on.
fn standing(window: &Window) -> Option<String> {
    let words = "return document.querySelector(\"[data-testid='standing-view']\")?.textContent ?? null";
    window.run(words, &[]).as_str().map(str::to_owned)
}

/// The key of the row that the keys are on.
fn marked(window: &Window) -> Option<String> {
    window.wait("a row with the keys", row_with_keys).into()
}

/// The same, as it is just now.
fn row_with_keys(window: &Window) -> Option<String> {
    let key = "const id = document.activeElement?.getAttribute('aria-activedescendant');
               return id ? document.getElementById(id)?.closest('[data-key]')?.dataset.key ?? null : null";
    window.run(key, &[]).as_str().map(str::to_owned)
}

/// An attribute of what has the focus.
fn active(window: &Window, attribute: &str) -> Option<String> {
    let script = "return document.activeElement?.getAttribute(arguments[0])";
    window.run(script, &[attribute.into()]).as_str().map(str::to_owned)
}

/// Waits until something has the focus, and is seen to have it.
fn focused(window: &Window, place: &str) {
    let script = "const e = document.activeElement;
                  return e !== null && e !== document.body && e.matches(':focus-visible')
                    && (e.getClientRects().length > 0)";
    window.wait(&format!("a focus that is seen: {place}"), |window| (window.run(script, &[]) == true).then_some(()));
}

fn gone(window: &Window, selector: &str) {
    // Asked in the page: what goes just then cannot be handed out.
    let script = "return document.querySelector(arguments[0])?.checkVisibility() ?? false";
    window.wait(&format!("`{selector}` to be gone"), |window| {
        (window.run(script, &[selector.into()]) == false).then_some(())
    });
}
