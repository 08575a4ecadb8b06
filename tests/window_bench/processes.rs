//! The processes of one window: the program, and those of WebKit that show its page.

use std::path::Path;

use crate::support::Window;

/// They are counted apart: the backend is the program itself, the page all that it started.
pub struct Processes {
    backend: u32,
}

/// A figure of each side.
#[derive(Debug, Clone, Copy)]
pub struct Sides {
    pub backend: f64,
    pub page: f64,
}

impl Sides {
    /// Both together.
    pub fn sum(self) -> f64 {
        self.backend + self.page
    }
}

impl Processes {
    /// Those of an open window.
    pub fn of(window: &Window, program: &Path) -> Self {
        Processes { backend: window.process(program) }
    }

    /// When the program was started, in ms since 1970; the kernel tells it to 10 ms.
    pub fn started(&self) -> f64 {
        let stat = stat(self.backend);
        let since_boot = stat.get(19).copied().unwrap_or(0.0) / ticks_a_second();
        let uptime = std::fs::read_to_string("/proc/uptime").expect("Linux has /proc/uptime");
        let uptime: f64 = uptime.split(' ').next().and_then(|text| text.parse().ok()).expect("an uptime is a number");
        now() - (uptime - since_boot) * 1e3
    }

    /// The seconds of one core that were used since the start, by those that live.
    pub fn cpu(&self) -> Sides {
        // Of the fields after the name, 11 and 12 are the ticks in the program and in the kernel.
        self.sides(|id| stat(id).get(11..13).map_or(0.0, |ticks| ticks.iter().sum::<f64>() / ticks_a_second()))
    }

    /// Memory in MiB that they hold by themselves: heaps, stacks, pictures that they hand to each other. Files are left out: how
    /// much of a library counts for one of its users changes as others come and go.
    pub fn held(&self) -> Sides {
        self.sides(|id| {
            let rollup = std::fs::read_to_string(format!("/proc/{id}/smaps_rollup")).unwrap_or_default();
            let kib = |name: &str| -> f64 {
                let line = rollup.lines().find_map(|line| line.strip_prefix(name));
                line.and_then(|text| text.trim().strip_suffix("kB")?.trim().parse().ok()).unwrap_or(0.0)
            };
            (kib("Pss_Anon:") + kib("Pss_Shmem:")) / 1024.0
        })
    }

    fn sides(&self, figure: impl Fn(u32) -> f64) -> Sides {
        let page = all().into_iter().filter(|id| self.is_below(*id)).map(&figure).sum();
        Sides { backend: figure(self.backend), page }
    }

    fn is_below(&self, id: u32) -> bool {
        let mut above = std::iter::successors(parent(id), |id| parent(*id));
        above.any(|id| id == self.backend)
    }
}

/// Milliseconds since 1970.
pub fn now() -> f64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.expect("the clock is past 1970").as_secs_f64() * 1e3
}

fn all() -> Vec<u32> {
    let entries = std::fs::read_dir("/proc").expect("Linux has /proc").flatten();
    entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect()
}

fn parent(id: u32) -> Option<u32> {
    stat(id).get(1).map(|id| *id as u32).filter(|id| *id > 0)
}

/// The numbers of `/proc/<id>/stat` after the name, the state (a letter) as 0.
fn stat(id: u32) -> Vec<f64> {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    after_name.split_whitespace().map(|field| field.parse().unwrap_or(0.0)).collect()
}

/// On every Linux that this runs on (`getconf CLK_TCK`).
fn ticks_a_second() -> f64 {
    100.0
}
