//! A question to every host, and the rows as each of them answers.

use crate::support::{Demo, Desktop, Window};

#[test]
#[ignore = "opens a real window: cargo xtask test"]
fn a_query_brings_rows_host_by_host_and_says_who_did_not_answer() {
    let desktop = Desktop::start("sql-console");
    let demo = Demo::start(50);
    let configuration = desktop.home().join("signalbox.toml");
    std::fs::write(&configuration, demo.configuration()).expect("a home can be written");
    let arguments = ["--config", configuration.to_str().expect("a path in UTF-8")];

    let window = Window::open(&desktop, &arguments, &demo.tokens());
    window.wait("five live connections", |window| (window.live_connections() == 5).then_some(()));
    window.click(&window.test_id("nav-hosts"));
    ask(&window, "SELECT name, version FROM os_version");
    window.wait_for_text("took");
    window.picture("rows");

    let results = window.text(&window.test_id("run-results"));
    assert!(results.contains("name") && results.contains("version"), "the columns come from the data: {results}");
    let rows = results.split(" rows").next().and_then(|before| before.rsplit(char::is_whitespace).next());
    let rows: u32 = rows.and_then(|rows| rows.parse().ok()).unwrap_or(0);
    assert!(rows > 3, "each host that is online has one row: {results}");
    let outcomes = window.text(&window.test_id("run-outcomes"));
    assert!(outcomes.contains("Answered") && outcomes.contains("Timed out"), "each host's end is told: {outcomes}");

    ask(&window, "SELECT what FROM nothing");
    window.wait_for_text("no such table");
}

/// Puts a statement in the editor as a person does, and runs it.
fn ask(window: &Window, sql: &str) {
    const CONTROL: char = '\u{e009}';
    const ENTER: char = '\u{e007}';
    let editor = window.css(".cm-content");
    window.click(&editor);
    window.press(&[CONTROL, 'a']);
    window.type_into(&editor, sql);
    window.press(&[CONTROL, ENTER]);
}
