//! A table that a service keeps up to date: asked for in the window, seen to change, changed, destroyed.

use crate::support::{Demo, Desktop, Window};

#[test]
#[ignore = "opens a real window: cargo xtask test"]
fn a_live_query_is_created_follows_the_data_is_changed_and_destroyed() {
    let desktop = Desktop::start("live-query");
    let demo = Demo::start(200);
    let configuration = desktop.home().join("signalbox.toml");
    std::fs::write(&configuration, demo.configuration()).expect("a home can be written");
    let arguments = ["--config", configuration.to_str().expect("a path in UTF-8")];
    let window = Window::open(&desktop, &arguments, &demo.tokens());
    window.wait("five live connections", |window| (window.live_connections() == 5).then_some(()));

    window.click(&window.test_id("nav-jobs"));
    // The page grows while the first definitions come, and what is below them moves.
    window.wait("the dialog of a new query", |window| {
        let open = window.find_css("[data-testid='live-query-do']");
        if open.is_none() {
            window.click_script("return document.querySelector(\"[data-testid='live-query-new']\")");
        }
        open.map(|_| ())
    });
    // What is missing is said, and nothing is asked for.
    window.click_test_id("live-query-do");
    window.wait_for_text("Name the edge");
    window.fill(&window.test_id("live-query-id"), "new-orders");
    window.fill(&window.test_id("live-query-edge"), "orders");
    // Few wait at a time, and each goes on within seconds: all are in sight, and none is cut off.
    window.fill(&window.test_id("live-query-filter"), "status == 'pending'");
    window.fill(&window.test_id("live-query-order"), "createdAt desc");
    window.click_test_id("live-query-do");
    window.wait("the new query in the list", |window| {
        window.text(&window.test_id("live-queries")).contains("new-orders").then_some(())
    });
    window.click_script("return [...document.querySelectorAll(\"[data-testid='live-queries'] a\")].find(a => a.innerText.includes('new-orders'))");

    let rows = |window: &Window<'_>| {
        let table = window.find_css("[data-testid='node-table']")?;
        let text = window.text(&table);
        (text.lines().count() > 8).then_some(text)
    };
    let first = window.wait("rows of orders", rows);
    window.picture("rows");
    window.wait("a row to change as the orders do", |window| (rows(window)? != first).then_some(()));

    window.click_test_id("live-query-change");
    window.fill(&window.test_id("live-query-filter"), "status == 'processing'");
    window.click_test_id("live-query-do");
    window.wait("the query with its filter", |window| {
        let asked = window.find_css("[data-testid='live-query-asked']")?;
        window.text(&asked).contains("status == 'processing'").then_some(())
    });
    window.picture("changed");

    window.click_test_id("live-query-destroy");
    window.click_role("button", "Destroy");
    window.wait("the list without it", |window| {
        let list = window.find_css("[data-testid='live-queries']")?;
        let text = window.text(&list);
        (!text.contains("new-orders") || text.contains("destroyed")).then_some(())
    });
}
