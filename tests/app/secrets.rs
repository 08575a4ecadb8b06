//! A planted secret, and everywhere it must not be.

use std::time::Duration;

use crate::demo::Demo;
use crate::home::Home;
use crate::watching::{Watching, status};

const PLANTED: &str = "PLANTED-7f3a-secret";

#[test]
fn no_token_right_or_wrong_is_printed_logged_or_kept() {
    let demo = Demo::start(50);
    let mut home = Home::of(&demo);
    // One wrong, four right; and one that is refused as part of a URL.
    home.set(demo.service("hydra").token_env, PLANTED);
    let secrets: Vec<&str> = demo
        .tokens()
        .into_iter()
        .map(|(_, token)| token)
        .filter(|token| *token != demo.token("hydra"))
        .chain([PLANTED])
        .collect();

    let watched = home.run(&["--log", "trace", "watch", "--for", "3s"]).with_code(0);
    assert!(watched.out.contains("\"needs_credential\"") && watched.err.contains("link::run"), "{}", watched.err);
    let state = home.run(&["--log", "trace", "snapshot", "--after", "2s"]).with_code(0);
    assert!(state.out.contains("needs_credential"), "{}", state.out);
    let tested = home.run(&["--log", "trace", "connection", "test", "signals-demo"]).with_code(1);
    let listed = home.run(&["connection", "list"]).with_code(0);

    let kept = home.all_that_is_kept();
    for text in [watched.out, watched.err, state.out, state.err, tested.out, tested.err, listed.out, listed.err, kept] {
        for secret in &secrets {
            if let Some(at) = text.find(secret) {
                panic!("a secret is in: {}", &text[at.saturating_sub(200)..at]);
            }
        }
    }
}

#[test]
fn a_locks_code_is_masked_unless_it_is_asked_for() {
    let demo = Demo::start(0);
    let home = Home::of(&demo);
    let code = |arguments: &[&str]| {
        let mut watching = Watching::start(&home, arguments);
        watching.until_live(&["locks-demo"]);
        demo.control("iotee").unlock("ABC123", "keypad").unwrap();
        let line = watching.until("the unlock", |line| line["kind"] == "device.unlocked");
        watching.gather(Duration::from_millis(100));
        watching.signal("INT");
        let (exit, said, lines) = watching.ended();
        assert_eq!(exit, Some(0), "{said}");
        assert!(lines.iter().any(|line| status(line) == "stopped"));
        line["data"]["code"].as_str().unwrap().to_owned()
    };
    let shown = code(&["--connection", "locks-demo", "--show-codes"]);
    assert!(shown.len() >= 3 && !shown.contains('•'), "{shown}");
    assert_eq!(code(&["--connection", "locks-demo"]), "•••");
    let state = home.run(&["snapshot", "--after", "2s"]).with_code(0).out;
    assert!(!state.contains(&format!("\"{shown}\"")), "{state}");
}
