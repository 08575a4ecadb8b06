//! `connection test` and `set-credential`, on a computer without a session bus.

use crate::demo::Demo;
use crate::home::Home;

#[test]
fn a_test_says_in_a_sentence_what_happened() {
    let demo = Demo::start(0);
    let mut home = Home::of(&demo);
    for name in ["hosts-demo", "signals-demo", "jobs-demo", "agents-demo", "locks-demo"] {
        let tested = home.run(&["connection", "test", name]).with_code(0);
        assert!(tested.out.starts_with(&format!("\"{name}\" is live")), "{tested:?}");
        assert!(tested.out.ends_with(".\n") && tested.out.lines().count() == 1, "{tested:?}");
    }

    home.set(demo.service("iotee").token_env, "not-the-token");
    let refused = home.run(&["connection", "test", "locks-demo"]).with_code(1);
    assert_eq!(refused.err.lines().count(), 1, "{refused:?}");
    assert!(refused.out.is_empty() && refused.err.contains("\"locks-demo\" is not live"), "{refused:?}");
    assert!(!refused.err.contains("not-the-token"), "{refused:?}");

    let said = home.run(&["connection", "test", "jobs-demo", "--within", "0s"]).with_code(2).err;
    assert!(said.contains("30s"), "{said}");
}

#[test]
fn a_test_of_what_is_not_there_fails_soon() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let mut home = Home::new();
    home.set("KEY", "key");
    home.configure(&format!(
        "[[connection]]\nname = \"gone\"\nprotocol = \"iotee\"\nurl = \"ws://{free}/realtime\"\ncredential = {{ env = \"KEY\" }}\n"
    ));
    let tested = home.run(&["connection", "test", "gone"]).with_code(1);
    assert!(tested.err.contains("\"gone\" is not live") && tested.err.contains("refused"), "{tested:?}");
}

#[test]
fn a_missing_variable_is_named() {
    let demo = Demo::start(0);
    let home = Home::new();
    home.configure(&demo.configuration());
    let said = home.run(&["connection", "test", "locks-demo"]).with_code(1).err;
    assert!(said.contains(demo.service("iotee").token_env), "{said}");
}

#[test]
fn without_a_keychain_it_is_said_and_the_secret_is_nowhere() {
    let home = Home::new();
    let add = ["connection", "add", "locks", "--protocol", "iotee", "--url", "wss://h/"];
    let added = home.run_with_input(&add, "PLANTED\n").with_code(1);
    assert!(added.out.contains("Added \"locks\"") && added.err.contains("keychain"), "{added:?}");
    let set = home.run_with_input(&["connection", "set-credential", "locks"], "PLANTED\n").with_code(1);
    assert!(set.err.contains("keychain"), "{set:?}");
    let kept = home.all_that_is_kept();
    assert!(kept.contains("locks"), "the connection is there:\n{kept}");
    for text in [added.out, added.err, set.out, set.err, kept] {
        assert!(!text.contains("PLANTED"), "{text}");
    }
}

#[test]
fn a_credential_that_is_kept_elsewhere_is_not_asked_for() {
    let home = Home::new();
    let add =
        ["connection", "add", "locks", "--protocol", "iotee", "--url", "wss://h/", "--credential-env", "LOCKS_KEY"];
    home.run(&add).with_code(0);
    let said = home.run_with_input(&["connection", "set-credential", "locks"], "PLANTED").with_code(2).err;
    assert!(said.contains("LOCKS_KEY"), "{said}");
}

#[test]
fn nothing_piped_in_is_no_credential() {
    let home = Home::new();
    let add = ["connection", "add", "locks", "--protocol", "iotee", "--url", "wss://h/"];
    let added = home.run_with_input(&add, "").with_code(0);
    assert!(added.err.contains("set-credential locks"), "{added:?}");
    for input in ["", "\n", "one\ntwo\n"] {
        home.run_with_input(&["connection", "set-credential", "locks"], input).with_code(2);
    }
}

#[test]
fn a_command_gives_the_credential() {
    let demo = Demo::start(0);
    let mut home = Home::new();
    home.set("WHERE_IT_IS", demo.token("iotee"));
    let url = demo.service("iotee").url.clone();
    let add = ["connection", "add", "locks", "--protocol", "iotee", "--url", &url, "--subscribe", "ABC123"];
    home.run(&[&add[..], &["--credential-command", "printenv WHERE_IT_IS"]].concat()).with_code(0);
    home.run(&["connection", "test", "locks"]).with_code(0);
}
