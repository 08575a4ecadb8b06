//! `signalbox --demo`: the first thing that anybody does with it.

use crate::support::{Desktop, Window};

/// The five connections of the demo become live, and what they bring keeps changing.
fn watch_the_demo(test: &str, lang: &str) {
    let desktop = Desktop::start_in(test, lang);
    let window = Window::open(&desktop, &["--demo"], &[]);
    window.wait("five live connections", |window| (window.live_connections() == 5).then_some(()));
    let first = window.page_text();
    window.wait("the overview to change", |window| (window.page_text() != first).then_some(()));
    assert!(window.find_css("[data-testid='trouble']").is_none(), "the page reports trouble");
    window.picture("overview");
}

#[test]
#[ignore = "opens a real window: cargo xtask test"]
fn the_demo_shows_five_live_connections_and_they_move() {
    watch_the_demo("demo", "en_US.UTF-8");
}

#[test]
#[ignore = "opens a real window: cargo xtask test"]
fn the_demo_runs_under_the_c_locale() {
    watch_the_demo("demo-c-locale", "C");
}
