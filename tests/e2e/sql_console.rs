//! A question to every host: the rows as each of them answers, stopped, put in order, and saved to a file.

use std::collections::BTreeSet;

use crate::support::{Demo, Desktop, Window};

#[test]
#[ignore = "opens a real window: cargo xtask test"]
fn a_query_brings_rows_host_by_host_and_says_who_did_not_answer() {
    let desktop = Desktop::start("sql-console");
    let demo = Demo::start(50);
    let configuration = desktop.home().join("signalbox.toml");
    std::fs::write(&configuration, demo.configuration()).expect("a home can be written");
    let downloads = desktop.home().join("Downloads");
    std::fs::create_dir_all(desktop.home().join(".config")).expect("a home can be written");
    std::fs::create_dir_all(&downloads).expect("a home can be written");
    std::fs::write(desktop.home().join(".config/user-dirs.dirs"), "XDG_DOWNLOAD_DIR=\"$HOME/Downloads\"\n")
        .expect("a home can be written");
    let arguments = ["--config", configuration.to_str().expect("a path in UTF-8")];

    let window = Window::open(&desktop, &arguments, &demo.tokens());
    window.wait("five live connections", |window| (window.live_connections() == 5).then_some(()));
    window.click(&window.test_id("nav-hosts"));

    // An example is there to be run as it is.
    window.css(".cm-content");
    window.click_test_id("run");
    ended(&window);
    window.picture("rows");
    let results = window.text(&window.test_id("run-results"));
    assert!(results.contains("name") && results.contains("version"), "the columns come from the data: {results}");
    let told = results.split(" row").next().and_then(|before| before.rsplit(char::is_whitespace).next());
    let rows: usize = told.and_then(|rows| rows.parse().ok()).unwrap_or(0);
    assert!(rows > 3, "each host that is online has one row: {results}");
    let outcomes = window.text(&window.test_id("run-outcomes"));
    assert!(outcomes.contains("Answered") && outcomes.contains("Timed out"), "each host's end is told: {outcomes}");
    let partial = window.text(&window.test_id("run-partial"));
    assert!(partial.contains("did not answer in time"), "what is missing is said: {partial}");

    // All rows are in the file, each with its host.
    window.click_test_id("save-run");
    window.click_test_id("save-rows-csv");
    let place = window.wait("the file's place", |window| {
        // Its name is seen, and the whole path is told to who points at it.
        let place = window.run("return document.querySelector(\"[data-testid='toast-place']\")?.title ?? null", &[]);
        place.as_str().map(str::to_owned)
    });
    let written = std::fs::read_to_string(&place).unwrap_or_else(|error| window.fail(&format!("{place}: {error}")));
    let mut lines = written.split("\r\n").filter(|line| !line.is_empty());
    assert_eq!(lines.next(), Some("host,name,platform,version"));
    let hosts: Vec<&str> = lines.filter_map(|line| line.split(',').next()).collect();
    assert_eq!(hosts.len(), rows, "every row is saved: {written}");
    assert!(hosts.iter().all(|host| outcomes.contains(host)), "each row names a host that answered: {written}");

    // In the order and with the words that are asked for.
    let filter = window.test_id("row-filter");
    window.fill(&filter, hosts[0]);
    window.wait("the rows of one host", |window| {
        let shown =
            window.run("return document.querySelectorAll(\"[data-testid='run-table'] [data-key]\").length", &[]);
        (shown.as_u64() == Some(hosts.iter().filter(|host| **host == hosts[0]).count() as u64)).then_some(())
    });

    ask(&window, "SELECT what FROM nothing");
    window.wait_for_text("no such table");
    window.picture("refused");

    // A host that is away is waited for, and need not be.
    ask(&window, "SELECT * FROM uptime");
    window.click_test_id("stop-run");
    window.wait("the run to be stopped", |window| {
        window.text(&window.test_id("hosts-shown")).contains("Stopped").then_some(())
    });
    // The next one does not wait for it.
    ask(&window, "SELECT name FROM os_version");
    ended(&window);

    // What several organisations are asked is one result, and one file that names them.
    window.click_test_id("run-org");
    window.click(&window.css(".select-item[data-value='*']"));
    ask(&window, "SELECT name FROM os_version");
    window.wait("rows of both", |window| {
        let organisations = window.text(&window.test_id("run-orgs"));
        (organisations.contains("org_nordwind: ") && organisations.contains("org_halden: ")).then_some(())
    });
    ended(&window);
    // What became of each host is beside, under its organisation.
    let outcomes = window.wait("the hosts of both", |window| {
        let outcomes = window.text(&window.test_id("run-outcomes"));
        let is_told = ["org_nordwind", "org_halden"].iter().all(|org| outcomes.contains(org));
        (is_told && !outcomes.contains("Waiting")).then_some(outcomes)
    });
    assert!(outcomes.contains(" answered") && outcomes.contains(" offline"), "each head counts: {outcomes}");
    window.picture("organisations");
    window.click_test_id("save-run");
    window.click_test_id("save-rows-csv");
    let place = window.wait("the file of both", |window| {
        // That of the first file may be seen still.
        let places =
            window.run("return [...document.querySelectorAll(\"[data-testid='toast-place']\")].map(e => e.title)", &[]);
        let mut places = places.as_array()?.iter().filter_map(|place| place.as_str());
        places.find(|place| place.contains("2 organisations")).map(str::to_owned)
    });
    let written = std::fs::read_to_string(&place).unwrap_or_else(|error| window.fail(&format!("{place}: {error}")));
    let mut lines = written.split("\r\n").filter(|line| !line.is_empty());
    assert_eq!(lines.next(), Some("organisation,host,name"));
    let named: BTreeSet<&str> = lines.filter_map(|line| line.split(',').next()).collect();
    assert_eq!(named, BTreeSet::from(["org_halden", "org_nordwind"]), "{written}");
}

/// Waits until the run that is shown is over.
fn ended(window: &Window<'_>) {
    window.wait("the run to end", |window| {
        let shown = window.text(&window.test_id("hosts-shown"));
        (shown.contains("Partial") || shown.contains("Complete")).then_some(())
    });
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
