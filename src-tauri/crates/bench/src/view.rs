//! The view: one page of a hundred thousand devices, by any sort and filter.

use std::time::{Duration, Instant};

use monitor::view::{Scope, ScreenSpec, Sort, TableSpec, ViewSpec};

use crate::Failure;
use crate::ingest::monitor;
use crate::server::Server;
use crate::table::Table;

/// Pulls of which the worst is told.
const PULLS: u32 = 20;

/// Every sort and filter, while nothing else happens and under a flood.
pub fn view(table: &mut Table) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        let server = [Server::start("iotee", 400_000, 100_000, 0)?];
        let monitor = monitor(&server).await;
        let devices =
            || monitor.connections().iter().map(|watched| watched.part.lock().state.devices.len()).sum::<usize>();
        let patience = Instant::now() + Duration::from_secs(60);
        while devices() < 100_000 && Instant::now() < patience {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
        let mut worst = (Duration::ZERO, String::new());
        let columns = ["id", "online", "lock", "updatedAt", "battery_voltage", "speed"];
        for column in columns {
            for filter in ["", "lock:unlocked", "speed>10", "99"] {
                let sort = Some(Sort { column: column.into(), descending: true });
                let spec = ViewSpec {
                    have: 0,
                    scope: Scope::All,
                    past: None,
                    screen: ScreenSpec::Devices {
                        table: TableSpec { offset: 40_000, limit: 50, sort, filter: filter.into(), held: None },
                        columns: vec!["battery_voltage".into(), "speed".into()],
                    },
                };
                let begun = Instant::now();
                for _ in 0..PULLS {
                    std::hint::black_box(monitor.pull("bench", &spec));
                }
                let each = begun.elapsed() / PULLS;
                if each > worst.0 {
                    worst = (each, format!("sort {column}, filter \"{filter}\""));
                }
            }
        }
        let millis = worst.0.as_secs_f64() * 1e3;
        table.budget(
            &format!("a page of {} devices, worst: {}", devices(), worst.1),
            format!("{millis:.1} ms"),
            "≤ 20 ms",
            millis <= 20.0,
        );
        monitor.shutdown().await;
        Ok(())
    })
}
