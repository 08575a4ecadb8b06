//! Everything larger, and the least window: all that can be clicked is reached, what opens stands beside what opens it, and a
//! chart's pointer is where the hand is. No table shows a part of a number.

use crate::places::{self, PLACES};
use crate::support::{Desktop, Element, Window};
use serde_json::{Value, json};

/// The window's size and how large everything is shown in it, in per cent.
const LOOKS: &[(u32, u32, u32)] = &[(1280, 800, 200), (960, 600, 100), (1280, 800, 150)];

/// How far what opens may stand from what opened it, in pixels of the page.
const NEAR: f64 = 14.0;

/// How far the crosshair may stand from the hand, in pixels of the page: it stands at the nearest sample.
const SAMPLE: f64 = 8.0;

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
        choose(&window, *zoom);
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
        choose(&window, zoom);
        for address in ["#/overview", "#/alerts", "#/connections"] {
            window.go(address);
            places::settle(&window);
            for at in 0.. {
                // The same again after each, for a page that streams may have drawn them anew.
                let Some(trigger) = trigger(&window, at) else {
                    assert!(at > 0, "{address} has something that opens");
                    break;
                };
                let what = window.run("return arguments[0].ariaLabel || arguments[0].innerText", &[(&trigger).into()]);
                let distance = window.wait(&format!("what {what} on {address} opens at {zoom} %"), |window| {
                    let middle = "const { left, right, top, bottom } = window.trigger.getBoundingClientRect();
                        return [(left + right) / 2, (top + bottom) / 2]";
                    let middle = window.run(middle, &[]);
                    window.click_at(middle[0].as_f64()?, middle[1].as_f64()?);
                    std::thread::sleep(std::time::Duration::from_millis(600));
                    window.run(DISTANCE, &[]).as_f64()
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
fn the_pointer_of_a_chart_is_where_the_hand_is_and_its_picture_is_sharp_at_every_size() {
    let desktop = Desktop::start("zoom-charts");
    let window = open(&desktop);
    for zoom in [100, 150, 200] {
        choose(&window, zoom);
        window.go("#/overview");
        window.css(".uplot canvas");
        places::settle(&window);
        let density = "const canvas = document.querySelector('.uplot canvas');
            return canvas.width / canvas.getBoundingClientRect().width";
        let density = window.run(density, &[]).as_f64().unwrap_or(0.0);
        assert!((density - f64::from(zoom) / 100.0).abs() < 0.02, "{density} pixels of the screen at {zoom} %");
        for part in [0.25, 0.5, 0.8] {
            let place =
                "const over = document.querySelector('.uplot .u-over'); over.scrollIntoView({ block: 'center' });
                const { left, top, width, height } = over.getBoundingClientRect();
                return [left + width * arguments[0], top + height / 2]";
            let place = window.run(place, &[json!(part)]);
            let [x, y] = [0, 1].map(|at| place[at].as_f64().unwrap_or(0.0));
            window.hover(x, y);
            let cursor = "return document.querySelector('.uplot .u-cursor-x').getBoundingClientRect().left";
            let off = |window: &Window| window.run(cursor, &[]).as_f64().map(|at| (at - x).abs());
            window.wait(
                &format!("the line at {part} of the chart at {zoom} %, which is off by {:?}", off(&window)),
                |window| off(window).filter(|off| *off < SAMPLE),
            );
        }
    }
}

fn open(desktop: &Desktop) -> Window<'_> {
    desktop.show_no_notifications();
    let window = Window::open(desktop, &["--demo"], &[]);
    window.resize(1280, 800);
    window.wait("five live connections", |window| (window.live_connections() == 5).then_some(()));
    window.tell_outside();
    std::thread::sleep(std::time::Duration::from_secs(15));
    window
}

/// Shows everything so many per cent large; the page is laid out in that much less room.
fn choose(window: &Window, zoom: u32) {
    window.choose_look(&json!({ "zoom": zoom }));
    window.wait(&format!("the page to be shown at {zoom} %"), |window| {
        let room = window.run("return outerWidth / innerWidth * 100", &[]).as_f64()?;
        ((room - f64::from(zoom)).abs() < 1.0).then_some(())
    });
}

/// What cannot be brought into sight or is covered there, what is wider than the window or its bars, lists without rows, and
/// numbers that are cut.
fn unreached(window: &Window) -> Vec<String> {
    const SCRIPT: &str = "
        const found = [];
        for (const box of document.querySelectorAll(':root, nav, [data-testid=topbar]'))
            if (box.scrollWidth > box.clientWidth + 1) found.push(`${box.tagName} is ${box.scrollWidth} wide in ${box.clientWidth}`);
        for (const list of document.querySelectorAll('main [role=grid]')) {
            if (list.clientHeight < 120 && list.scrollHeight > list.clientHeight + 1) found.push(`“${list.ariaLabel}” is ${list.clientHeight} high`);
            if (list.scrollWidth > list.clientWidth + 1) found.push(`“${list.ariaLabel}” is ${list.scrollWidth} wide in ${list.clientWidth}`);
            for (const cell of list.querySelectorAll('.end[role=gridcell]'))
                if (cell.scrollWidth > cell.clientWidth + 1) found.push(`“${cell.innerText.trim()}” of “${list.ariaLabel}” is cut`);
        }
        // The marks of a lane lie over one another where jobs ran at the same time.
        const passed = '.sr-only, [aria-hidden=true], [data-testid=timeline]';
        const controls = [...document.querySelectorAll('button, a[href], input, textarea, select, [role=switch], [role=radio]')]
            .filter((one) => one.checkVisibility({ visibilityProperty: true }) && !one.disabled && !one.closest(passed)).slice(0, 250);
        if (controls.length === 0) found.push('nothing can be clicked');
        for (const control of controls) {
            control.scrollIntoView({ block: 'center', inline: 'center' });
            const { left, top, right, bottom, width, height } = control.getBoundingClientRect();
            const name = () => `${control.tagName.toLowerCase()} “${(control.ariaLabel || control.innerText || control.placeholder || '').trim().slice(0, 40)}”`;
            if (width < 1 || height < 1) continue;
            if (left < -1 || top < -1 || right > innerWidth + 1 || bottom > innerHeight + 1) {
                if (width <= innerWidth && height <= innerHeight)
                    found.push(`${name()} stands at ${[left, top, right, bottom].map(Math.round)}`);
                continue;
            }
            const hit = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
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
    const [a, b] = [window.trigger, open].map((one) => one.getBoundingClientRect());
    const apart = (from, to, start, end) => Math.max(0, start - to, from - end);
    const outside = Math.max(0, b.right - innerWidth, b.bottom - innerHeight, -b.left, -b.top);
    return Math.max(apart(a.left, a.right, b.left, b.right), apart(a.top, a.bottom, b.top, b.bottom), outside)";

/// The menu or list at this place among those of a screen, each kind once.
fn trigger(window: &Window, at: usize) -> Option<Element> {
    let script = "const seen = new Set();
        const triggers = [...document.querySelectorAll('[aria-haspopup]')].filter((one) => one.getClientRects().length && !one.disabled)
            .filter((one) => { const kind = one.className + one.closest('header, section, article')?.className; return !seen.has(kind) && seen.add(kind) });
        const found = triggers[arguments[0]] ?? null; found?.scrollIntoView({ block: 'center' }); return window.trigger = found";
    window.find_script(script, &[json!(at)])
}
