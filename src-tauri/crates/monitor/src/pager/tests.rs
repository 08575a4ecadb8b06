use super::*;
use fleet::alert::AlertId;
use protocol::Timestamp;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::sync::Mutex;

const PATIENCE: Duration = Duration::from_secs(20);

const QUICK: Bounds =
    Bounds { run: Duration::from_secs(3), again: Duration::from_millis(20), told: Duration::from_secs(60), ..BOUNDS };

fn alert(severity: Severity, subject: &str) -> Alert {
    Alert {
        id: AlertId(0xab),
        rule: "Battery low".into(),
        connection: "locks-eu".into(),
        subject: subject.into(),
        severity,
        group: "Battery low".into(),
        title: format!("{subject}: the \"battery\" is at 11.2 V; $(touch /nowhere)"),
        state: AlertState::Firing,
        since: Timestamp(1_765_967_400_000),
        began: Timestamp(1_765_967_340_000),
        fired: Some(Timestamp(1_765_967_400_000)),
        resolved: None,
        acknowledgement: None,
        value: Some(11.2),
        threshold: Some(11.5),
        field: None,
        times: 1,
        notify: true,
    }
}

/// A folder with scripts, and what a pager with them said.
struct Ground {
    folder: tempfile::TempDir,
    said: Arc<Mutex<Vec<String>>>,
}

impl Ground {
    fn new() -> Self {
        Ground { folder: tempfile::tempdir().unwrap(), said: Arc::default() }
    }

    fn script(&self, name: &str, lines: &str) -> String {
        let path = self.path(name);
        std::fs::write(&path, format!("#!/bin/sh\ncd '{}'\n{lines}\n", self.folder.path().display())).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
        path.display().to_string()
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn pager(&self, bounds: Bounds, critical: &[&str], high: &[&str]) -> Pager {
        let said = self.said.clone();
        let owned = |command: &[&str]| command.iter().map(|&part| part.to_owned()).collect();
        let commands = Commands { critical: owned(critical), high: owned(high), ..Commands::default() };
        Pager::start_with(bounds, commands, move |sentence| said.lock().unwrap().push(sentence))
    }

    fn said(&self) -> Vec<String> {
        self.said.lock().unwrap().clone()
    }

    fn lines(&self, name: &str) -> usize {
        std::fs::read_to_string(self.path(name)).map_or(0, |text| text.lines().count())
    }
}

async fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let begin = Instant::now();
    while !is_so() {
        assert!(begin.elapsed() < PATIENCE, "{what} did not come");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn the_command_of_the_severity_is_given_the_alert() {
    let ground = Ground::new();
    let script = ground.script("page", r#"cat > in.part; printf '%s' "$*" > args; mv in.part in"#);
    let pager = ground.pager(BOUNDS, &[&script, "--to", "a b; touch pwned"], &[]);
    pager.page(&alert(Severity::High, "nobody is asked for this one"));
    pager.page(&alert(Severity::Critical, "ABC 1"));
    until("the alert", || ground.path("in").exists()).await;
    let given: serde_json::Value = serde_json::from_slice(&std::fs::read(ground.path("in")).unwrap()).unwrap();
    let expected = serde_json::json!({
        "id": "00000000000000ab", "rule": "Battery low", "severity": "critical", "state": "firing",
        "connection": "locks-eu", "subject": "ABC 1",
        "title": "ABC 1: the \"battery\" is at 11.2 V; $(touch /nowhere)",
        "began": "2025-12-17T10:29:00.000Z", "fired": "2025-12-17T10:30:00.000Z", "value": 11.2, "threshold": 11.5,
    });
    assert_eq!(given, expected);
    assert_eq!(std::fs::read_to_string(ground.path("args")).unwrap(), "--to a b; touch pwned");
    assert!(!ground.path("pwned").exists(), "no shell reads the arguments");
    assert_eq!(ground.said(), [""; 0]);
}

#[tokio::test]
async fn what_hangs_is_stopped_with_all_that_it_started() {
    let ground = Ground::new();
    let script = ground.script("hang", "sleep 300 & echo $! >> children; echo 'waiting for the modem' >&2; wait");
    let pager = ground.pager(QUICK, &[&script], &[]);
    pager.page(&alert(Severity::Critical, "a"));
    until("a word", || !ground.said().is_empty()).await;
    let said = ground.said().remove(0);
    assert_eq!(
        said,
        format!(
            "The command for critical alerts, {script}, did not end within 3 s and was stopped; it said: waiting for the modem"
        )
    );
    let children = std::fs::read_to_string(ground.path("children")).unwrap();
    assert_eq!(children.lines().count(), 2, "tried once more");
    for child in children.lines() {
        let is_gone =
            || std::fs::read_to_string(format!("/proc/{child}/stat")).map_or(true, |stat| stat.contains(") Z "));
        until("the end of what it started", is_gone).await;
    }
}

#[tokio::test]
async fn what_cannot_be_run_is_told_in_a_sentence_and_not_tried_again() {
    let ground = Ground::new();
    let plain = ground.path("plain");
    std::fs::write(&plain, "not a program").unwrap();
    let plain = plain.display().to_string();
    let missing = ground.path("missing").display().to_string();
    let pager = ground.pager(QUICK, &[&missing], &[&plain]);
    pager.page(&alert(Severity::Critical, "a"));
    pager.page(&alert(Severity::High, "b"));
    until("two words", || ground.said().len() == 2).await;
    let mut said = ground.said();
    said.sort();
    assert_eq!(
        said,
        [
            format!("The command for critical alerts, {missing}, is not there; check its path in the settings."),
            format!("The command for high alerts, {plain}, may not be run; make it executable."),
        ]
    );
}

#[tokio::test]
async fn a_failure_is_tried_once_more_and_told_once_a_minute() {
    let ground = Ground::new();
    let script = ground.script(
        "fail",
        "echo run >> runs; i=0; while [ $i -lt 3000 ]; do printf 'no dial tone, %s; ' $i >&2; i=$((i+1)); done; exit 3",
    );
    let pager = ground.pager(QUICK, &[&script], &[]);
    for _ in 0..5 {
        pager.page(&alert(Severity::Critical, "a"));
    }
    until("ten runs", || ground.lines("runs") == 10).await;
    until("a word", || !ground.said().is_empty()).await;
    tokio::time::sleep(Duration::from_millis(200)).await;
    let [said] = ground.said().try_into().unwrap_or_else(|said| panic!("{said:?}"));
    let before =
        format!("The command for critical alerts, {script}, failed with exit code 3; it said: no dial tone, 0; ");
    assert!(said.starts_with(&before), "{said}");
    assert_eq!(said.split_once("it said: ").unwrap().1.chars().count(), 200);
}

#[tokio::test]
async fn one_that_goes_well_the_second_time_is_no_failure() {
    let ground = Ground::new();
    let script =
        ground.script("once", "cat > /dev/null; if [ -e tried ]; then echo > done; else echo > tried; exit 1; fi");
    let pager = ground.pager(QUICK, &[&script], &[]);
    pager.page(&alert(Severity::Critical, "a"));
    until("the second run", || ground.path("done").exists()).await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(ground.said(), [""; 0]);
}

#[tokio::test]
async fn a_flood_runs_four_at_once_and_what_finds_no_room_is_counted() {
    let ground = Ground::new();
    let script =
        ground.script("slow", "echo > now.$$; ls now.* | wc -l >> at_once; sleep 0.1; rm now.$$; echo >> runs");
    let bounds = Bounds { waiting: 10, told: Duration::from_millis(300), run: Duration::from_secs(10), ..BOUNDS };
    let pager = ground.pager(bounds, &[&script], &[]);
    let begin = Instant::now();
    for index in 0..1000 {
        pager.page(&alert(Severity::Critical, &index.to_string()));
    }
    assert!(begin.elapsed() < PATIENCE, "paging waits for what runs");
    until("all that found room", || ground.lines("runs") >= 10).await;
    until("the number", || !ground.said().is_empty()).await;
    let told = |said: String| said.split(' ').next().unwrap().parse::<u64>().unwrap();
    let seen = || ground.lines("runs") as u64 + ground.said().into_iter().map(told).sum::<u64>();
    until("each one run or counted", || seen() >= 1000).await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!(seen(), 1000, "{:?}", ground.said());
    let at_once = std::fs::read_to_string(ground.path("at_once")).unwrap();
    let most = at_once.lines().map(|line| line.trim().parse::<u32>().unwrap()).max().unwrap();
    assert!((2..=4).contains(&most), "{most} at once");
}

#[tokio::test]
async fn what_a_command_leaves_running_is_left_and_not_waited_for() {
    let ground = Ground::new();
    let script = ground.script("leave", "sleep 60 & echo $! >> children; exit 0");
    let pager = ground.pager(Bounds { at_once: 1, ..BOUNDS }, &[&script], &[]);
    pager.page(&alert(Severity::Critical, "a"));
    pager.page(&alert(Severity::Critical, "b"));
    until("both runs", || ground.lines("children") == 2).await;
    for child in std::fs::read_to_string(ground.path("children")).unwrap().lines() {
        let ended = std::process::Command::new("kill").arg(child).status().unwrap();
        assert!(ended.success(), "it was let go on until now");
    }
}
