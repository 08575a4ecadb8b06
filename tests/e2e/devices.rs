//! Devices: what is pointed at keeps its place while the fleet goes on.

use std::time::Duration;

use crate::support::{Demo, Desktop, Window};

/// More than one answer holds of the list.
const DEVICES: usize = 400;

#[test]
#[ignore = "opens a real window: cargo xtask test"]
fn what_is_pointed_at_keeps_its_place_while_the_order_changes() {
    let desktop = Desktop::start("devices");
    let demo = Demo::with_devices(DEVICES);
    let window = Window::watching(&desktop, &demo, &demo.devices_configuration(DEVICES, ""));
    window.wait("a live connection", |window| (window.live_connections() == 1).then_some(()));
    let devices = &demo.service("iotee").subscribe;
    let (first, last) = (&devices[0], &devices[DEVICES - 1]);
    for (shown, testid, row) in [
        ("Board", "lock-board", "[data-testid='lock-board'] li"),
        ("Table", "device-table", "[data-testid='device-table'] [data-at]"),
    ] {
        window.go("#/devices");
        window.click_role("radio", shown);
        window.test_id(testid);
        window.hover(10.0, 10.0);
        // What was asked just now is answered first: for a second nothing holds the list.
        std::thread::sleep(Duration::from_millis(1_200));
        demo.control("iotee").lock(last, "key").unwrap();
        demo.control("iotee").unlock(first, "key").unwrap();
        let at = |window: &Window<'_>, place: usize| top(window, row, place);
        window
            .wait("what is unlocked to be first", |window| at(window, 0).filter(|text| text.contains(first.as_str())));
        let second = window.wait("a second", |window| at(window, 1));

        // The pointer is on the second; another is unlocked, and the first is locked.
        let place = format!("const box = [...document.querySelectorAll({row:?})].find((row) => row.innerText.includes({first:?})).getBoundingClientRect();
            return [box.x + 60, box.y + 12]");
        let place = window.run(&place, &[]);
        let (x, y) = (place[0].as_f64().unwrap(), place[1].as_f64().unwrap());
        window.hover(x, y);
        window.hover(x + 2.0, y + 1.0);
        window.wait("the pointer to be on it", |window| {
            window
                .run("return document.querySelector(`${arguments[0]}:hover`) !== null", &[row.into()])
                .as_bool()
                .filter(|on| *on)
        });
        demo.control("iotee").unlock(last, "key").unwrap();
        demo.control("iotee").lock(first, "key").unwrap();
        let told = window.wait("it to be told as it is", |window| at(window, 0).filter(|text| text.contains("Locked")));
        assert!(told.contains(first.as_str()), "{shown}: {told}");
        assert_eq!(name(&at(&window, 1).unwrap()), name(&second), "{shown}");
        assert!(window.text(&window.test_id("held")).contains("held in place"), "{shown}");
        window.picture(&format!("held-{}", shown.to_lowercase()));

        window.hover(10.0, 10.0);
        window.wait("the order once it is let go", |window| at(window, 0).filter(|text| text.contains(last.as_str())));
        assert!(window.find_css("[data-testid='held']").is_none(), "{shown}");
    }
}

/// What stands in a place of the list, counted from the top.
fn top(window: &Window<'_>, rows: &str, place: usize) -> Option<String> {
    const PLACES: &str = "const box = (row) => row.getBoundingClientRect();
        const rows = [...document.querySelectorAll(arguments[0])].sort((a, b) => box(a).y - box(b).y || box(a).x - box(b).x);
        return rows[arguments[1]]?.innerText ?? null";
    window.run(PLACES, &[rows.into(), place.into()]).as_str().map(str::to_owned)
}

/// The device's own name in what a row says.
fn name(row: &str) -> &str {
    row.lines().next().unwrap_or_default()
}
