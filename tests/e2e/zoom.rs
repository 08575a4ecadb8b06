//! Everything larger, and the least window: all that can be clicked is reached, and what opens stands beside what opens it.

use crate::places::{self, PLACES};
use crate::support::{Desktop, Window};
use serde_json::{Value, json};

/// The window's size and how large everything is shown in it, in per cent.
const LOOKS: &[(u32, u32, u32)] = &[(1280, 800, 200), (960, 600, 100), (1280, 800, 150)];

/// How far what opens may stand from what opened it, in pixels of the page.
const NEAR: f64 = 14.0;

#[test]
#[ignore = "opens a real window: cargo xtask test"]
fn everything_is_reached_at_200_per_cent_and_in_the_least_window() {
    let desktop = Desktop::start("zoom");
    let window = open(&desktop);
    let mut addresses = Vec::new();
    for place in PLACES {
        places::go(&window, place);
        addresses.push(window.run("return location.hash", &[]));
    }
    let mut found = Vec::new();
    for (width, height, zoom) in LOOKS {
        window.resize(*width, *height);
        window.choose_look(&json!({ "zoom": zoom, "theme": "dark" }));
        for (place, address) in PLACES.iter().zip(&addresses) {
            window.go(address.as_str().unwrap_or_default());
            places::settle(&window);
            let what = format!("{} at {zoom} % in {width}x{height}", place.name);
            window.picture_to(&desktop.folder().join(format!("{}-{zoom}-{width}.png", place.name)));
            found.extend(unreached(&window).into_iter().map(|one| format!("{what}: {one}")));
        }
    }
    assert!(found.is_empty(), "{} are not reached:\n{}", found.len(), found.join("\n"));
}

#[test]
#[ignore = "opens a real window: cargo xtask test"]
fn what_opens_stands_beside_its_trigger_at_every_size() {
    let desktop = Desktop::start("zoom-menus");
    let window = open(&desktop);
    let mut found = Vec::new();
    for zoom in [100, 150, 200] {
        window.choose_look(&json!({ "zoom": zoom }));
        for address in ["#/overview", "#/alerts", "#/connections"] {
            window.go(address);
            places::settle(&window);
            for at in 0.. {
                // The same again after each, for a page that streams may have drawn them anew.
                let Some(trigger) = trigger(&window, at) else { break };
                let what = window.run("return arguments[0].ariaLabel || arguments[0].innerText", &[(&trigger).into()]);
                if !window.click_script("return window.trigger") {
                    continue;
                }
                let distance = window.wait("what opens", |window| {
                    let distance = window.run(DISTANCE, &[(&trigger).into()]);
                    distance.as_f64()
                });
                window.picture(&format!("{}-{at}-{zoom}", address.trim_start_matches("#/")));
                if distance > NEAR {
                    found.push(format!("{what} on {address} at {zoom} %: {distance:.0} pixels away"));
                }
                places::close(&window);
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
#[ignore = "opens a real window: cargo xtask test"]
fn the_pointer_of_a_chart_is_where_the_hand_is_at_every_size() {
    let desktop = Desktop::start("zoom-charts");
    let window = open(&desktop);
    for zoom in [100, 150, 200] {
        window.choose_look(&json!({ "zoom": zoom }));
        window.go("#/overview");
        window.css(".uplot canvas");
        places::settle(&window);
        for part in [0.25, 0.5, 0.8] {
            let place =
                "const over = document.querySelector('.uplot .u-over'); over.scrollIntoView({ block: 'center' });
                const { left, top, width, height } = over.getBoundingClientRect();
                const factor = innerWidth / document.documentElement.getBoundingClientRect().width;
                return [(left + width * arguments[0]) * factor, (top + height / 2) * factor]";
            let place = window.run(place, &[json!(part)]);
            let [x, y] = [0, 1].map(|at| place[at].as_f64().unwrap_or(0.0));
            window.hover(x, y);
            let cursor = "const line = document.querySelector('.uplot .u-cursor-x').getBoundingClientRect();
                return line.left * innerWidth / document.documentElement.getBoundingClientRect().width";
            let off = |window: &Window| window.run(cursor, &[]).as_f64().map(|at| (at - x).abs());
            window.wait(
                &format!("the line at {part} of the chart at {zoom} %, which is off by {:?}", off(&window)),
                |window| {
                    // The line stands at the nearest sample.
                    off(window).filter(|off| *off < 8.0 * f64::from(zoom) / 100.0)
                },
            );
        }
    }
}

fn open(desktop: &Desktop) -> Window<'_> {
    desktop.show_no_notifications();
    let window = Window::open(desktop, &["--demo"], &[]);
    window.resize(1280, 800);
    window.wait("five live connections", |window| (window.live_connections() == 5).then_some(()));
    std::thread::sleep(std::time::Duration::from_secs(15));
    window
}

/// What cannot be brought into sight or is covered there, and what is wider than the window.
fn unreached(window: &Window) -> Vec<String> {
    const SCRIPT: &str = "
        const root = document.documentElement;
        const factor = innerWidth / root.getBoundingClientRect().width;
        const found = [];
        if (root.scrollWidth > root.clientWidth + 1) found.push(`the page is ${root.scrollWidth} wide in ${root.clientWidth}`);
        const controls = [...document.querySelectorAll('button, a[href], input, textarea, select, [role=switch], [role=radio]')]
            .filter((one) => one.checkVisibility({ visibilityProperty: true }) && !one.disabled && !one.closest('.sr-only, [aria-hidden=true]')).slice(0, 250);
        for (const control of controls) {
            control.scrollIntoView({ block: 'center', inline: 'center' });
            const { left, top, right, bottom, width, height } = control.getBoundingClientRect();
            const name = () => `${control.tagName.toLowerCase()} “${(control.ariaLabel || control.innerText || control.placeholder || '').trim().slice(0, 40)}”`;
            if (width < 1 || height < 1) continue;
            if (left < -1 || top < -1 || right * factor > innerWidth + 1 || bottom * factor > innerHeight + 1) {
                if (width * factor <= innerWidth && height * factor <= innerHeight)
                    found.push(`${name()} stands at ${[left, top, right, bottom].map((n) => Math.round(n * factor))}`);
                continue;
            }
            const hit = document.elementFromPoint((left + right) / 2 * factor, (top + bottom) / 2 * factor);
            if (hit && !control.contains(hit) && !hit.contains(control) && hit.closest('label')?.control !== control)
                found.push(`${name()} is under ${hit.tagName.toLowerCase()}.${hit.className} “${(hit.innerText ?? '').slice(0, 30)}”`);
        }
        return found";
    let found = window.run(SCRIPT, &[]);
    found.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// How far what is open stands from what opened it, in pixels of the page; none where nothing is open.
const DISTANCE: &str = "
    const open = document.querySelector('[data-bits-floating-content-wrapper]')?.firstElementChild;
    if (!open) return null;
    const [a, b] = [arguments[0], open].map((one) => one.getBoundingClientRect());
    const root = document.documentElement.getBoundingClientRect();
    const apart = (from, to, start, end) => Math.max(0, start - to, from - end);
    const outside = Math.max(0, b.right - root.width, -b.left, -b.top);
    return Math.max(apart(a.left, a.right, b.left, b.right), apart(a.top, a.bottom, b.top, b.bottom), outside)";

/// The menu or list at this place among those of a screen, each kind once.
fn trigger(window: &Window, at: usize) -> Option<crate::support::Element> {
    let script = "const seen = new Set();
        const triggers = [...document.querySelectorAll('[aria-haspopup]')].filter((one) => one.getClientRects().length && !one.disabled)
            .filter((one) => { const kind = one.className + one.closest('header, section, article')?.className; return !seen.has(kind) && seen.add(kind) });
        const found = triggers[arguments[0]] ?? null; found?.scrollIntoView({ block: 'center' }); return window.trigger = found";
    window.find_script(script, &[json!(at)])
}
