//! Disks that are full, folders that may not be written: the history says so and goes on.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::time::{Duration, Instant};

use protocol::Timestamp;
use store::history::{Batch, EventQuery};

use crate::support::*;

#[test]
fn a_folder_that_may_not_be_written_is_read_and_waited_for() {
    let (folder, path) = folder();
    with_events(&path, 3);
    let program = folder.path().join("again");
    fs::copy(std::env::current_exe().unwrap(), &program).unwrap();
    run_as_nobody(&program, &path, "disk::in_a_folder_that_may_not_be_written");
}

/// Runs a part of this program as somebody to whom rights mean something, when we are root.
fn run_as_nobody(program: &Path, path: &Path, test: &str) {
    use std::os::unix::fs::{PermissionsExt, chown};
    use std::os::unix::process::CommandExt;
    let folder = path.parent().unwrap();
    let mut command = again(test, path);
    let root = fs::metadata("/proc/self").is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0);
    if root {
        for entry in fs::read_dir(folder).unwrap() {
            chown(entry.unwrap().path(), Some(65_534), Some(65_534)).unwrap();
        }
        chown(folder, Some(65_534), Some(65_534)).unwrap();
        fs::set_permissions(folder, fs::Permissions::from_mode(0o755)).unwrap();
        let args: Vec<_> = command.get_args().map(ToOwned::to_owned).collect();
        let vars: Vec<_> = command.get_envs().map(|(key, value)| (key.to_owned(), value.unwrap().to_owned())).collect();
        command = Command::new(program);
        command.args(args).envs(vars).uid(65_534).gid(65_534).current_dir(folder);
    }
    let output = command.output().unwrap();
    let words = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && words.contains("1 passed"),
        "{words}{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
#[ignore = "a part of the test above, in a process of its own"]
fn in_a_folder_that_may_not_be_written() {
    use std::os::unix::fs::PermissionsExt;
    let Some(path) = path_of_child() else { return };
    let folder = path.parent().unwrap();
    let allow = |mode: u32| {
        for entry in fs::read_dir(folder).unwrap() {
            fs::set_permissions(entry.unwrap().path(), fs::Permissions::from_mode(mode & 0o666)).unwrap();
        }
        fs::set_permissions(folder, fs::Permissions::from_mode(mode)).unwrap();
    };
    allow(0o555);
    assert!(fs::write(folder.join("probe"), "x").is_err(), "this user may write all the same");
    let history = open(&path);
    let problem = history.health().problem.unwrap();
    assert!(problem.sentence.contains("may not be written"), "{}", problem.sentence);
    assert_eq!(numbers(&history).unwrap(), [0, 1, 2]);
    history.journal().event(event("a", 3));
    assert!(!history.journal().flush(Duration::from_millis(100)));
    assert_eq!(history.health().waiting, 1);
    allow(0o755);
    assert!(history.journal().flush(LONG));
    assert_eq!(history.health().problem, None);
    assert_eq!(numbers(&history).unwrap(), [0, 1, 2, 3]);
}

#[test]
fn a_full_disk_is_said_and_what_waits_is_written_when_there_is_room() {
    let (folder, path) = folder();
    let own = again("disk::on_a_disk_that_is_full", &path);
    // A small disk of its own, in a name space of its own, so that nobody needs to be root.
    let mut command = Command::new("unshare");
    command.args([
        "--user",
        "--map-root-user",
        "--mount",
        "sh",
        "-c",
        "mount -t tmpfs -o size=3m none \"$0\" && exec \"$@\"",
    ]);
    command.arg(folder.path()).arg(own.get_program()).args(own.get_args());
    command.envs(own.get_envs().map(|(key, value)| (key, value.unwrap())));
    let output = command.output().unwrap();
    let (words, errors) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    if errors.contains("unshare") || errors.contains("mount:") {
        eprintln!("not tested: this system lets nobody make a small disk: {errors}");
        return;
    }
    assert!(output.status.success() && words.contains("1 passed"), "{words}{errors}");
}

#[test]
#[ignore = "a part of the test above, in a process of its own"]
fn on_a_disk_that_is_full() {
    let Some(path) = path_of_child() else { return };
    let history = open(&path);
    let journal = history.journal();
    journal.event(event("a", 0));
    assert!(journal.flush(LONG));
    let ballast = path.with_file_name("ballast");
    let fill = || {
        let mut file = fs::OpenOptions::new().append(true).create(true).open(&ballast).unwrap();
        while file.write_all(&[7; 4096]).is_ok() {}
    };
    fill();
    let sent = 4_000;
    for number in 1..sent {
        journal.event(event("a", number));
    }
    journal.alert(alert(1), Vec::new());
    until("the problem is said", || history.health().problem.is_some());
    let health = history.health();
    assert!(health.problem.unwrap().sentence.contains("the disk is full"));
    assert!(health.waiting > 0);
    assert_eq!(numbers(&history).unwrap()[0], 0, "what is there can be read");

    // There is no room any more: who waits for it waits, but not for ever.
    let big = (0..20_000).map(|number| event("b", number)).collect();
    journal.batch(Batch { events: big, ..Batch::default() });
    let begin = Instant::now();
    let mut context = Context::from_waker(Waker::noop());
    assert_eq!(journal.poll_room(&mut context), Poll::Pending);
    let woken = Arc::new(Unpark(std::thread::current()));
    let waker = Waker::from(woken);
    while journal.poll_room(&mut Context::from_waker(&waker)).is_pending() {
        std::thread::park_timeout(LONG);
        assert!(begin.elapsed() < LONG);
    }
    assert!(begin.elapsed() > Duration::from_secs(5), "{:?}", begin.elapsed());
    for batch in 0..20 {
        let events = (0..2_000).map(|number| event("c", batch * 2_000 + number)).collect();
        journal.batch(Batch { events, ..Batch::default() });
    }
    let lost = history.health().not_recorded;
    assert!(lost >= 20_000, "{lost}");

    fs::remove_file(&ballast).unwrap();
    // Three megabytes hold what came first; the disk is full again then, which is said again.
    until("the first are written", || {
        numbers(&history).is_ok_and(|numbers| numbers.len() >= usize::try_from(sent).unwrap())
    });
    let query =
        EventQuery { connections: vec!["a".into()], limit: 10_000, oldest_first: true, ..EventQuery::default() };
    let of_a = history.events(&query).unwrap().events;
    assert_eq!(of_a.len(), usize::try_from(sent).unwrap());
    assert!(history.alert(alert(1).id).is_ok());
    until("what was lost is said", || {
        let deeds = history.audit(Timestamp(0), Timestamp(T0 * 2)).unwrap();
        deeds.iter().any(|deed| deed.record.action == "history.lost" && deed.record.detail.contains(&lost.to_string()))
    });
}

struct Unpark(std::thread::Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}
