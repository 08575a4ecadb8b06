//! A span is dragged in a chart, stands still while events come, is saved, fills the window, and is live again with one key.

use crate::support::{Desktop, Window};
use std::time::Duration;

const ESCAPE: char = '\u{e00c}';
const HOME: char = '\u{e011}';
const RIGHT: char = '\u{e014}';
const ENTER: char = '\u{e007}';
const RATES: &str = "[role='slider'][aria-label='Events per second by connection']";

#[test]
#[ignore = "opens a real window: cargo xtask test"]
fn a_dragged_span_stands_still_is_saved_fills_the_window_and_is_left_by_one_key() {
    let desktop = Desktop::start("charts");
    let downloads = desktop.home().join("Downloads");
    for folder in [&downloads, &desktop.home().join(".config")] {
        std::fs::create_dir_all(folder).expect("a home can be written");
    }
    std::fs::write(desktop.home().join(".config/user-dirs.dirs"), "XDG_DOWNLOAD_DIR=\"$HOME/Downloads\"\n")
        .expect("a home can be written");
    let window = Window::open(&desktop, &["--demo"], &[]);
    window.wait("five live connections", |window| (window.live_connections() == 5).then_some(()));
    window.css(RATES);
    let live = drawn(&window);
    window.wait("the live chart to move on", |window| (drawn(window) != live).then_some(()));

    // Some seconds of values, of which a part is dragged.
    window.wait("values in the chart", |window| words(window).contains("between").then_some(()));
    std::thread::sleep(Duration::from_secs(15));

    // To a span by the pointer: what came since the start is at the right end of the five minutes.
    let [left, top, width, height] = place(&window);
    let middle = top + height / 2.0;
    window.drag((left + width * 0.86, middle), (left + width * 0.99, middle));
    let zoomed = window.wait("the mark of the zoom", |window| {
        Some(window.text(&window.test_id("zoom-mark"))).filter(|words| words.matches(':').count() == 4)
    });
    let still = settled(&window);
    let said = words(&window);
    assert!(said.contains("between"), "the zoomed chart has values: {said}");
    let latest = window.text(&window.test_id("latest"));
    window.wait("other events to come", |window| (window.text(&window.test_id("latest")) != latest).then_some(()));
    std::thread::sleep(Duration::from_secs(2));
    assert!(drawn(&window) == still, "the zoomed chart moved while events came");
    window.picture("zoomed");

    // The picture that is saved is of that span, without the line that is hidden.
    let first = "document.querySelector(arguments[0]).closest('figure').querySelector('[data-testid=legend-0]')";
    let label = window.run(&format!("return {first}.querySelector('.truncate').textContent"), &[RATES.into()]);
    let label = label.as_str().unwrap_or_default().to_owned();
    window.click_script(&format!("return {}", first.replace("arguments[0]", &format!("{RATES:?}"))));
    window.click_role("button", "Of “Events per second by connection”: save or copy");
    window.click_test_id("chart-svg");
    let saved = window.wait("the picture among the downloads", |_| {
        let mut files = std::fs::read_dir(&downloads).ok()?.flatten().map(|file| file.path());
        std::fs::read_to_string(files.find(|file| file.extension().is_some_and(|end| end == "svg"))?)
            .ok()
            .filter(|svg| svg.ends_with("</svg>\n"))
    });
    assert!(!label.is_empty() && !saved.contains(&label), "{label} is hidden, and in the picture");
    let clock: String = zoomed.chars().skip_while(|letter| !letter.is_ascii_digit()).take(5).collect();
    assert!(saved.contains(&clock), "a picture of {zoomed} says {clock}: {}", &saved[..saved.len().min(900)]);
    window.wait_for_text("Picture saved");

    // The chart fills the window, with the same keys, and gives the focus back.
    window.run("document.querySelector(arguments[0]).focus()", &[RATES.into()]);
    window.press(&['f']);
    let large = window.text(&window.test_id("large-chart"));
    assert!(large.contains("Zoomed") && large.contains("Mean"), "{large}");
    window.picture("large");
    window.press(&[ESCAPE]);
    window.wait("the dialog to close", |window| window.find_css("[data-testid='large-chart']").is_none().then_some(()));
    window.wait("the focus to come back", |window| {
        (window.run("return document.activeElement === document.querySelector(arguments[0])", &[RATES.into()]) == true)
            .then_some(())
    });

    window.press(&['l']);
    window.wait("the mark to go", |window| window.find_css("[data-testid='zoom-mark']").is_none().then_some(()));
    let live = drawn(&window);
    window.wait("the chart to move on again", |window| (drawn(window) != live).then_some(()));

    // The same by keyboard alone: the crosshair says what was then, and two marks make a span.
    window.press(&[HOME]);
    for key in [ENTER, RIGHT, RIGHT, RIGHT, RIGHT, RIGHT, RIGHT, RIGHT, RIGHT] {
        window.press(&[key]);
    }
    let said = window.run("return document.activeElement.getAttribute('aria-valuetext')", &[]);
    assert!(said.as_str().is_some_and(|said| said.contains("Enter zooms")), "{said}");
    window.press(&[ENTER]);
    window.test_id("zoom-mark");
    window.press(&[ESCAPE]);
    window.wait("the zoom to end", |window| window.find_css("[data-testid='zoom-mark']").is_none().then_some(()));
}

/// What the chart says of itself.
fn words(window: &Window) -> String {
    let script = "return document.querySelector(arguments[0]).nextElementSibling.textContent";
    window.run(script, &[RATES.into()]).as_str().unwrap_or_default().to_owned()
}

/// What the chart's canvas shows.
fn drawn(window: &Window) -> String {
    let script = "return document.querySelector(arguments[0]).querySelector('canvas')?.toDataURL() ?? ''";
    window.run(script, &[RATES.into()]).as_str().unwrap_or_default().to_owned()
}

/// The same, once it has stopped to change.
fn settled(window: &Window) -> String {
    let mut before = drawn(window);
    window.wait("the zoomed chart to stand still", |window| {
        std::thread::sleep(Duration::from_millis(1500));
        let now = drawn(window);
        let same = now == before;
        before.clone_from(&now);
        same.then_some(now)
    })
}

/// Where the lines of the chart are on the page: left, top, width, height.
fn place(window: &Window) -> [f64; 4] {
    let script = "const chart = document.querySelector(arguments[0]);
        chart.scrollIntoView({ block: 'center' });
        const { left, top, width, height } = chart.querySelector('.u-over').getBoundingClientRect();
        return [left, top, width, height]";
    let found = window.run(script, &[RATES.into()]);
    std::array::from_fn(|at| found[at].as_f64().unwrap_or_else(|| window.fail("the chart has no place")))
}
