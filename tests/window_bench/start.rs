//! The start: until the window is painted with live data, with seven days of history on disk, beside an empty Tauri window.
//!
//! Both are opened in turn by the same driver. The beginning is when the kernel started the process; the end is a mark that the
//! page sets after its first such frame was painted (`performance.mark`).

use std::path::Path;
use std::process::Command;

use crate::opened::{beside, desktop, program, text};
use crate::processes::Processes;
use crate::support::{Demo, Desktop, Window};
use crate::table::Table;

/// Starts of each, of which the median counts.
const ROUNDS: usize = 7;
/// Beside the empty window.
const MOST: f64 = 1.5;
/// Seven days of a year with ten million events.
const EVENTS: u32 = 10_000_000 / 365 * 7;

/// Signalbox beside an empty window.
pub fn start(table: &mut Table) {
    let desktop = desktop("start");
    let demo = Demo::start(demo::Options::default().rate);
    let folder = |name: &str| desktop.home().join(name).join("signalbox");
    let (configuration, history) = (folder(".config"), folder(".local/share"));
    for folder in [&configuration, &history] {
        std::fs::create_dir_all(folder).expect("a home can be written");
    }
    std::fs::write(configuration.join("config.toml"), demo.configuration()).expect("a home can be written");
    week(&history.join("history.sqlite3"));
    let (mut empty, mut ours) = (Vec::new(), Vec::new());
    let empty_window = beside("examples/empty_window");
    for round in 0..=ROUNDS {
        let times =
            [started(&desktop, &empty_window, &[], "painted"), started(&desktop, &program(), &demo.tokens(), "live")];
        // The first brings both from the disk.
        if round > 0 {
            empty.push(times[0]);
            ours.push(times[1]);
        }
    }
    let (empty, ours) = (median(empty), median(ours));
    table.note("an empty Tauri window, painted", format!("{empty:.0} ms"));
    table.note("Signalbox, painted with live data, 7 days of history", format!("{ours:.0} ms"));
    table.most("start of Signalbox / of an empty window", ours / empty, MOST, "");
}

/// Opens a program's window and closes it; ms from its start until its page set the mark.
fn started(desktop: &Desktop, program: &Path, environment: &[(&str, &str)], mark: &str) -> f64 {
    let window = Window::open_program(desktop, text(program), &[], environment);
    let began = Processes::of(&window, program).started();
    let find = "const mark = performance.getEntriesByName(arguments[0])[0];
                return mark ? performance.timeOrigin + mark.startTime : null;";
    let painted = window.wait(&format!("the page's mark `{mark}`"), |window| window.run(find, &[mark.into()]).as_f64());
    let painted = painted - began;
    let navigation = "const page = performance.getEntriesByType('navigation')[0];
                      return [performance.timeOrigin, performance.timeOrigin + page.domContentLoadedEventEnd];";
    let steps = window.run(navigation, &[]);
    let step = |index: usize| steps[index].as_f64().map_or(f64::NAN, |at| at - began);
    eprintln!(
        "  {mark} after {painted:.0} ms; the page began after {:.0} ms, was read after {:.0} ms",
        step(0),
        step(1)
    );
    painted
}

/// Makes the history of a week, by the program that measures the history.
fn week(path: &Path) {
    let bench = beside("bench");
    let made = Command::new(&bench).arg("make").arg(path).args([EVENTS.to_string(), "7".into()]).status();
    assert!(made.is_ok_and(|status| status.success()), "`{} make` made no history", bench.display());
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
