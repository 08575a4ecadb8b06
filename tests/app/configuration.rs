//! The configuration file, from the command line.

use crate::home::Home;

const WRITTEN: &str = "\
# my locks
[[connection]]
name = \"locks\" # the first
protocol = \"iotee\"
url = \"wss://locks.example.com/realtime\"
credential = { env = \"LOCKS\" }
enabled = false
subscribe = [\"ABC123\"]
";

#[test]
fn a_broken_file_is_told_with_line_and_column_and_left_alone() {
    let home = Home::new();
    let broken = "[[connection]]\nname = \"a\"\nprotocol = iotee\n";
    home.configure(broken);
    let commands: [&[&str]; 6] = [
        &["watch", "--for", "1s"],
        &["snapshot", "--after", "1s"],
        &["connection", "list"],
        &["connection", "test", "a"],
        &["connection", "remove", "a"],
        &["connection", "add", "b", "--protocol", "hydra", "--url", "wss://h/", "--credential-env", "X"],
    ];
    for command in commands {
        let said = home.run(command).with_code(2).err;
        assert!(said.contains("line 3, column 12"), "{command:?}: {said}");
        assert!(said.contains("config.toml"), "{command:?}: {said}");
        assert_eq!(std::fs::read_to_string(home.configuration()).unwrap(), broken, "{command:?}");
    }
}

#[test]
fn nothing_configured_says_where_and_what_to_do() {
    let home = Home::new();
    for command in [["watch", "--for", "1s"], ["snapshot", "--after", "1s"]] {
        let said = home.run(&command).with_code(2).err;
        assert!(said.contains("signalbox connection add") && said.contains("config.toml"), "{said}");
    }
    let listed = home.run(&["connection", "list"]).with_code(0);
    assert!(listed.out.is_empty() && listed.err.contains("signalbox connection add"), "{listed:?}");
    assert!(!home.configuration().exists(), "looking writes nothing");
}

#[test]
fn a_connection_is_added_listed_and_removed_and_comments_stay() {
    let home = Home::new();
    home.configure(WRITTEN);
    let url = "wss://jobs.example.com/ws";
    let add = ["connection", "add", "jobs", "--protocol", "hantera", "--url", url, "--credential-env", "JOBS"];
    let more = ["--subscribe", "jobs", "--subscribe", "actors/orders", "--notify-unlocked", "--tag", "eu"];
    home.run(&[&add[..], &more[..]].concat()).with_code(0);
    let text = std::fs::read_to_string(home.configuration()).unwrap();
    assert!(text.starts_with(WRITTEN), "{text}");
    assert!(text.contains("credential = { env = \"JOBS\" }") && text.contains("\"actors/orders\""), "{text}");

    let listed = home.run(&["connection", "list"]).with_code(0).out;
    assert_eq!(listed.lines().count(), 2, "{listed}");
    assert!(listed.contains("locks") && listed.contains("(off)") && listed.contains("env JOBS"), "{listed}");

    home.run(&["connection", "remove", "jobs"]).with_code(0);
    assert_eq!(std::fs::read_to_string(home.configuration()).unwrap(), WRITTEN);
}

#[test]
fn another_file_is_used_where_it_is_named() {
    let home = Home::new();
    let add = ["connection", "add", "a", "--protocol", "hydra", "--url", "wss://h/", "--credential-env", "X"];
    home.run(&[&["--config", "other.toml"], &add[..]].concat()).with_code(0);
    assert!(home.path().join("other.toml").exists() && !home.configuration().exists());
    // Before the subcommand and after it.
    assert!(home.run(&["connection", "list", "--config", "other.toml"]).with_code(0).out.starts_with('a'));
}

#[test]
fn what_cannot_be_is_refused_before_anything_is_written() {
    let home = Home::new();
    home.configure(WRITTEN);
    let add = |name: &str, url: &str| {
        home.run(&["connection", "add", name, "--protocol", "hydra", "--url", url, "--credential-env", "X"])
            .with_code(2)
            .err
    };
    assert!(add("locks", "wss://h/").contains("already"));
    assert!(add("b", "ws://far.example.com/").contains("unencrypted"));
    assert!(add("b", "https://h/").contains("wss://"));
    let said = add("b", "wss://h/stream?token=PLANTED");
    assert!(said.contains("must not hold the credential") && !said.contains("PLANTED"), "{said}");
    assert_eq!(std::fs::read_to_string(home.configuration()).unwrap(), WRITTEN);
}

#[test]
fn names_that_are_not_there_or_switched_off_are_told() {
    let home = Home::new();
    home.configure(WRITTEN);
    for command in [["connection", "test", "nope"], ["connection", "remove", "nope"], ["watch", "--connection", "nope"]]
    {
        let said = home.run(&command).with_code(2).err;
        assert!(said.contains("\"nope\""), "{said}");
    }
    assert!(home.run(&["watch", "--connection", "locks"]).with_code(2).err.contains("switched off"));
    assert!(home.run(&["watch"]).with_code(2).err.contains("switched off"));
}

#[test]
fn a_query_is_for_hosts() {
    let home = Home::new();
    home.configure(&WRITTEN.replace("enabled = false\n", ""));
    let said = home.run(&["watch", "--run-query", "locks", "SELECT 1"]).with_code(2).err;
    assert!(said.contains("hyprwatch"), "{said}");
    let said = home.run(&["watch", "--run-query", "nope", "SELECT 1"]).with_code(2).err;
    assert!(said.contains("\"nope\""), "{said}");
}

#[test]
fn connections_go_from_one_computer_to_another_without_what_is_secret() {
    let (from, to) = (Home::new(), Home::new());
    from.configure(&format!(
        "{WRITTEN}\n[[connection]]\nname = \"jobs\"\nprotocol = \"hantera\"\nurl = \"wss://jobs.example.com/ws\"\n\
         credential = {{ command = [\"print-it\", \"planted-secret\"] }}\n"
    ));
    let text = from.run(&["connection", "export"]).with_code(0).out;
    assert!(text.contains("print-it") && !text.contains("planted-secret"), "{text}");
    let one = from.run(&["connection", "export", "jobs"]).with_code(0).out;
    assert!(!one.contains("locks"), "{one}");
    from.run(&["connection", "export", "nobody"]).with_code(2);

    let file = from.configuration().with_file_name("exported.toml");
    std::fs::write(&file, &text).unwrap();
    let file = file.to_str().unwrap();
    let said = to.run(&["connection", "import", file]).with_code(0).out;
    assert!(said.contains("\"locks\" was added, switched off") && said.contains("\"jobs\" was added"), "{said}");
    let listed = to.run(&["connection", "list"]).with_code(0).out;
    assert_eq!(listed.matches("(off)").count(), 2, "{listed}");
    let again = to.run(&["connection", "import", file]).with_code(0).out;
    assert!(again.contains("\"jobs\" is there already and differs in enabled"), "{again}");
    let replaced = to.run(&["connection", "import", file, "--replace", "--enabled"]).with_code(0).out;
    assert!(replaced.contains("\"jobs\" was replaced"), "{replaced}");
    let broken = from.configuration().with_file_name("broken.toml");
    std::fs::write(&broken, "[[connection]]\nname = \n").unwrap();
    let said = to.run(&["connection", "import", broken.to_str().unwrap()]).with_code(2).err;
    assert!(said.contains("line 2, column"), "{said}");
}
