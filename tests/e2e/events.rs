//! Who unlocked what: events filtered, read, opened as they came, and saved to a file.

use crate::support::{Demo, Desktop, Window};

#[test]
#[ignore = "opens a real window: cargo xtask test"]
fn an_unlock_is_found_by_a_filter_read_in_words_opened_and_saved() {
    const ESCAPE: char = '\u{e00c}';
    const DOWN: char = '\u{e015}';
    const ENTER: char = '\u{e007}';
    let desktop = Desktop::start("events");
    let demo = Demo::with_devices(50);
    let [first, second] = [0, 1].map(|at| demo.service("iotee").subscribe[at].clone());
    let kept = "\n[exports]\nfolder = \"~/Kept here\"\n";
    let window = Window::watching(&desktop, &demo, &demo.devices_configuration(3, kept));
    for device in [&first, &second] {
        demo.control("iotee").lock(device, "key");
        demo.control("iotee").unlock(device, "rfid");
    }
    window.go("#/events");
    let filter = window.test_id("event-filter");

    window.fill(&filter, "kind:device.unlocked speed<fast");
    window.wait_for_text("speed< wants a number, not \"fast\" (character 22).");
    window.fill(&filter, "kind:devise");
    window.wait_for_text("kind:devise: no event is of that kind.");
    window.picture("problem");

    window.fill(&filter, &format!("kind:device source=rfid -subject:{second}"));
    let table = window.wait("the one unlock", |window| {
        let table = window.text(&window.test_id("event-table"));
        (table.contains(&first) && !table.contains(&second) && !table.contains("device.locked")).then_some(table)
    });
    assert!(table.contains("Unlocked by RFID, code hidden; nobody is named"), "it is told in words: {table}");
    window.picture("found");

    window.run("document.querySelector(\"[data-testid='event-table']\").focus()", &[]);
    window.press(&[DOWN]);
    window.press(&[ENTER]);
    let json = window.wait("its JSON", |window| {
        Some(window.text(&window.test_id("event-json"))).filter(|json| json.contains("device_unlocked"))
    });
    let read: serde_json::Value = serde_json::from_str(&json).unwrap_or_else(|error| panic!("{error}: {json}"));
    assert_eq!(read["source"], "rfid", "{read}");
    assert!(read["code"].as_str().is_none_or(|code| code == "•••"), "a code is masked: {read}");
    window.picture("opened");
    // Who it was is said as far as it is known, and the code is shown to who asks for it.
    let who = window.text(&window.test_id("event-who"));
    assert!(who.contains("By RFID, with a code. IoTee does not say whose it is."), "{who}");
    window.click_test_id("reveal-code");
    window.wait("the code in the place of its words", |window| {
        let shown = window.text(&window.test_id("reveal-code"));
        (!shown.is_empty() && shown != "Show code").then_some(())
    });
    window.press(&[ESCAPE]);
    window.wait("it to be closed", |window| window.find_css("[data-testid='event-detail']").is_none().then_some(()));

    for (format, name) in [("events-ndjson", "ndjson"), ("events-csv", "csv")] {
        window.click_test_id("events-export");
        window.click_test_id(format);
        let text = window.wait("the whole file", |_| saved(&desktop, name).filter(|text| text.ends_with('\n')));
        assert!(text.contains(&first) && text.contains("rfid"), "{text}");
        assert!(!text.contains(&second), "what the filter leaves out is not in the file: {text}");
        match name {
            "ndjson" => {
                assert_eq!(text.lines().count(), 1, "{text}");
                let line: serde_json::Value = serde_json::from_str(text.trim()).expect("a line is JSON");
                assert_eq!(line["kind"], "device.unlocked");
                assert_eq!(line["data"]["source"], "rfid");
            }
            _ => {
                assert_eq!(text.lines().count(), 2, "heads and one event: {text}");
                assert!(text.contains(",summary,data\n") && text.contains("Unlocked by RFID"), "{text}");
            }
        }
    }
}

/// What the file with this ending holds that was saved into the home.
fn saved(desktop: &Desktop, ending: &str) -> Option<String> {
    let files =
        std::fs::read_dir(desktop.home().join("Kept here")).ok()?.filter_map(Result::ok).map(|entry| entry.path());
    let found = files.into_iter().find(|path| path.extension().is_some_and(|have| have == ending))?;
    std::fs::read_to_string(found).ok()
}
