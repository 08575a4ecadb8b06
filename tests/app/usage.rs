//! What a newcomer types first.

use std::process::Stdio;

use crate::home::Home;

const SUBCOMMANDS: [&[&str]; 16] = [
    &["watch"],
    &["record"],
    &["snapshot"],
    &["history"],
    &["rules", "list"],
    &["rules", "check"],
    &["rules", "test"],
    &["chart"],
    &["report"],
    &["demo"],
    &["completions"],
    &["connection", "add"],
    &["connection", "list"],
    &["connection", "test"],
    &["connection", "remove"],
    &["connection", "set-credential"],
];

#[test]
fn help_names_every_subcommand_and_shows_how_to_begin() {
    let help = Home::new().run(&["--help"]).with_code(0).out;
    for name in [
        "watch",
        "record",
        "snapshot",
        "history",
        "rules",
        "chart",
        "report",
        "connection",
        "demo",
        "completions",
        "--demo",
        "--config",
        "Exit codes",
    ] {
        assert!(help.contains(name), "{name} is not in:\n{help}");
    }
    assert!(help.contains("signalbox --demo"), "an example to begin with:\n{help}");
}

#[test]
fn every_subcommand_explains_itself() {
    let home = Home::new();
    for subcommand in SUBCOMMANDS {
        let help = home.run(&[subcommand, &["--help"]].concat()).with_code(0).out;
        assert!(help.contains("Usage: signalbox"), "{help}");
        assert!(help.lines().next().is_some_and(|line| line.contains(' ')), "what it does first:\n{help}");
        assert!(help.contains("--config"), "--config is everywhere:\n{help}");
    }
}

#[test]
fn wrong_usage_ends_with_2_and_a_sentence() {
    let home = Home::new();
    let wrong: [&[&str]; 20] = [
        &["--nonsense"],
        &["nonsense"],
        &["watch", "--for", "soon"],
        &["watch", "--run-query", "name-alone"],
        &["record", "--for", "soon"],
        &["history", "--since", "yesterday"],
        &["history", "--since", "2026-03-01T08:00:00"],
        &["history", "--kind", "device.exploded"],
        &["history", "--alerts", "--gaps"],
        &["history", "--limit", "0"],
        &["rules"],
        &["rules", "test"],
        &["chart", "--series", "a/b/c"],
        &["chart", "--series", "a/b/c", "-o", "picture.jpeg"],
        &["report"],
        &["connection"],
        &["connection", "add", "x", "--protocol", "mqtt", "--url", "wss://h/"],
        &["demo", "--devices", "0"],
        &["--demo", "watch"],
        &["--log", "link=loud", "watch"],
    ];
    for arguments in wrong {
        let ended = home.run(arguments).with_code(2);
        assert!(!ended.err.is_empty() && ended.out.is_empty(), "{arguments:?}: {ended:?}");
    }
}

#[test]
fn no_secret_can_be_given_as_an_argument() {
    let home = Home::new();
    for subcommand in SUBCOMMANDS {
        let help = home.run(&[subcommand, &["--help"]].concat()).out;
        for option in ["--token", "--secret", "--password", "--api-key", "--credential <"] {
            assert!(!help.contains(option), "{subcommand:?} takes {option}");
        }
    }
}

#[test]
fn completions_are_for_every_shell() {
    let home = Home::new();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = home.run(&["completions", shell]).with_code(0).out;
        assert!(script.contains("set-credential"), "{shell}");
    }
}

#[test]
fn a_reader_that_leaves_is_no_failure() {
    let home = Home::new();
    let mut child =
        home.command(&["completions", "bash"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), String::from_utf8(output.stderr).unwrap().as_str()), (Some(0), ""));
}

#[test]
fn without_a_display_the_window_says_what_works_instead() {
    let ended = Home::new().run::<&str>(&[]);
    assert!(ended.code == 1 || ended.code == 2, "{ended:?}");
    assert!(ended.err.contains("signalbox watch"), "{}", ended.err);
    assert!(!ended.err.contains("panicked"), "{}", ended.err);
}

#[test]
fn a_display_that_does_not_answer_is_told_and_no_panic() {
    let mut home = Home::new();
    home.set("DISPLAY", ":64999");
    let ended = home.run(&["--demo"]);
    assert!(ended.code == 1 || ended.code == 2, "{ended:?}");
    assert!(ended.err.contains("signalbox: ") && !ended.err.contains("panicked"), "{}", ended.err);
}
