//! Alerts: the list of ten thousand, filtered and grouped.

use std::sync::Arc;
use std::time::{Duration, Instant};

use monitor::view::picture::Severity;
use monitor::view::{AlertFilter, Scope, ScreenFrame, ScreenSpec, ViewSpec};
use monitor::{Monitor, Nobody};
use store::history::{Place, Settings};
use store::{ConfigFile, History};

use crate::Failure;
use crate::rules::{connection_text, environment};
use crate::server::Server;
use crate::table::Table;

/// Open alerts, one for each device; `BENCH_ALERTS` changes it.
const ALERTS: usize = 10_000;
/// Pulls of each list.
const PULLS: u32 = 20;

/// Four rules that hold of every device there is, each of those whose id ends in one of four digits: by severity and group.
const RULES: [(&str, &str, &str); 4] = [
    ("critical", "rule", "0123"),
    ("high", "connection", "4567"),
    ("medium", "rule", "89AB"),
    ("low", "subject", "CDEF"),
];

/// Every filter, grouped and not.
pub fn alerts(table: &mut Table) -> Result<(), Failure> {
    let wanted = std::env::var("BENCH_ALERTS").ok().and_then(|text| text.parse().ok()).unwrap_or(ALERTS);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        // Some frames about each device; then the connection is quiet.
        let server = Server::start("iotee", (wanted * 2) as u64, wanted, 0)?;
        let clock: store::history::Clock = Arc::new(|| link::Clock::now(&link::SystemClock));
        let history = History::open(Place::Memory, Settings::default(), clock)?;
        let file = ConfigFile::in_memory(connection_text(&server.connection) + &rules());
        let monitor = Monitor::start(file, environment(&server)?, history, Arc::new(Nobody));
        if let Some(problem) = monitor.about().problem {
            return Err(problem.into());
        }
        let patience = Instant::now() + Duration::from_secs(60);
        while open(&monitor) < wanted {
            if Instant::now() > patience {
                return Err(format!("{} of {wanted} alerts were open after a minute", open(&monitor)).into());
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
        let mut worst = [(Duration::ZERO, String::new()), (Duration::ZERO, String::new())];
        for filter in filters() {
            for unfold in [None, Some(false), Some(true)] {
                let (each, name) = pulls(&monitor, &filter, unfold);
                let worst = &mut worst[usize::from(unfold.is_some())];
                if each > worst.0 {
                    *worst = (each, name);
                }
            }
        }
        for (each, name) in worst {
            let millis = each.as_secs_f64() * 1e3;
            table.budget(
                &format!("{} open alerts, worst: {name}", open(&monitor)),
                format!("{millis:.1} ms"),
                "≤ 20 ms",
                millis <= 20.0,
            );
        }
        monitor.shutdown().await;
        Ok(())
    })
}

/// The mean of some pulls, each of everything, and what was pulled. `unfold`: grouped, with all groups unfolded or none.
fn pulls(monitor: &Monitor, filter: &AlertFilter, unfold: Option<bool>) -> (Duration, String) {
    let mut spec = spec(filter.clone(), unfold.is_some(), 4_000);
    if unfold == Some(true)
        && let ScreenFrame::Alerts { groups: Some(all), .. } = monitor.pull("bench", &spec).screen
        && let ScreenSpec::Alerts { unfolded, .. } = &mut spec.screen
    {
        *unfolded = all.into_iter().map(|group| group.key).collect();
    }
    let begun = Instant::now();
    for _ in 0..PULLS {
        std::hint::black_box(monitor.pull("bench", &spec));
    }
    let each = begun.elapsed() / PULLS;
    let severities: Vec<_> = filter.severities.iter().map(|severity| format!("{severity:?}").to_lowercase()).collect();
    let by = match unfold {
        None => "a list",
        Some(false) => "groups",
        Some(true) => "unfolded groups",
    };
    (
        each,
        format!(
            "{by}, text \"{}\", {}",
            filter.text,
            if severities.is_empty() { "any".into() } else { severities.join("+") }
        ),
    )
}

/// Text that all, some and none have, with and without severities.
fn filters() -> impl Iterator<Item = AlertFilter> {
    let severities =
        [Vec::new(), vec![Severity::Critical, Severity::High, Severity::Medium, Severity::Low], vec![Severity::Low]];
    severities.into_iter().flat_map(|severities| {
        ["", "volt", "a 7", "nowhere"].map(|text| AlertFilter {
            severities: severities.clone(),
            text: text.into(),
            ..AlertFilter::default()
        })
    })
}

/// The Alerts screen, 50 rows from one on.
pub fn spec(filter: AlertFilter, grouped: bool, offset: u32) -> ViewSpec {
    ViewSpec {
        have: 0,
        scope: Scope::All,
        past: None,
        screen: ScreenSpec::Alerts { filter, grouped, unfolded: Vec::new(), offset, limit: 50 },
    }
}

/// Alerts that are not resolved.
pub fn open(monitor: &Monitor) -> usize {
    let frame = monitor.pull("bench", &spec(AlertFilter::default(), false, 0));
    let ScreenFrame::Alerts { counts: Some(counts), .. } = frame.screen else { return 0 };
    counts.severities.iter().map(|number| *number as usize).sum()
}

fn rules() -> String {
    let rule = |(severity, group, endings): (&str, &str, &str)| {
        let subjects: Vec<_> = endings.chars().map(|ending| format!("*{ending}")).collect();
        format!(
            "[[rule]]\nname = \"Voltage, {severity}\"\nseverity = \"{severity}\"\ngroup_by = \"{group}\"\n\
             subjects = {subjects:?}\nwhen = {{ threshold = {{ field = \"battery_voltage\", above = 1.0 }} }}\n"
        )
    };
    RULES.map(rule).concat()
}
