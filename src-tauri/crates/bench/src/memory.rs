//! Memory: what a hundred thousand devices cost, what an idle connection costs, and that a flood does not add to it.

use std::time::{Duration, Instant};

use crate::Failure;
use crate::ingest::{events, monitor};
use crate::server::Server;
use crate::table::Table;

/// How long the flood lasts; `BENCH_FLOOD_S` changes it.
const FLOOD: Duration = Duration::from_secs(60);
/// Idle connections that are opened.
const IDLE: usize = 200;

/// All rows of memory. A page that never pulls is a page asleep.
pub fn memory(table: &mut Table) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        let empty = resident()?;
        idle(table).await?;
        let server = [Server::start("iotee", 0, 100_000, 0)?];
        let monitor = monitor(&server).await;
        let devices =
            || monitor.connections().iter().map(|watched| watched.part.lock().state.devices.len()).sum::<usize>();
        let patience = Instant::now() + Duration::from_secs(60);
        while devices() < 100_000 && Instant::now() < patience {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        // Until every series that may grow has grown: the fine ring holds five minutes, the budget is spent far sooner.
        tokio::time::sleep(Duration::from_secs(5)).await;
        let filled = resident()?;
        let over = (filled.saturating_sub(empty)) as f64 / f64::from(1 << 20);
        table.budget(
            &format!("{} devices, over the empty process", devices()),
            format!("{over:.0} MiB"),
            "≤ 200 MiB",
            over <= 200.0,
        );
        let seconds = std::env::var("BENCH_FLOOD_S").ok().and_then(|text| text.parse().ok());
        let flood = seconds.map_or(FLOOD, Duration::from_secs);
        let (begun, before) = (Instant::now(), events(&monitor));
        let mut peak = filled;
        while begun.elapsed() < flood {
            tokio::time::sleep(Duration::from_secs(1)).await;
            peak = peak.max(resident()?);
        }
        let poured = (events(&monitor) - before) as f64 / 1e6;
        let grown = (peak - filled) as f64 / f64::from(1 << 20);
        table.budget(
            &format!("growth in {} s of flood ({poured:.0} M events), page asleep", flood.as_secs()),
            format!("{grown:.0} MiB"),
            "flat (≤ 100 MiB)",
            grown <= 100.0,
        );
        monitor.shutdown().await;
        Ok(())
    })
}

async fn idle(table: &mut Table) -> Result<(), Failure> {
    let server = Server::start("iotee", 1, 50, 1)?;
    let mut servers = Vec::new();
    for number in 0..IDLE {
        let mut connection = server.connection.clone();
        connection.name = format!("idle-{number}");
        servers.push((connection, server.token.clone()));
    }
    let watching = monitor(&[]).await;
    let before = resident()?;
    watching.adopt(servers).await;
    let live = || watching.connections().iter().filter(|watched| watched.part.lock().status.is_open()).count();
    let patience = Instant::now() + Duration::from_secs(60);
    while live() < IDLE && Instant::now() < patience {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    tokio::time::sleep(Duration::from_secs(2)).await;
    let each = resident()?.saturating_sub(before) as f64 / IDLE as f64 / 1024.0;
    table.budget(&format!("an idle connection ({} live)", live()), format!("{each:.0} KiB"), "≤ 64 KiB", each <= 64.0);
    watching.shutdown().await;
    Ok(())
}

/// Resident memory of this process, in bytes.
fn resident() -> Result<u64, Failure> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("no VmRSS")?;
    let kib: u64 = line.trim().trim_end_matches("kB").trim().parse()?;
    Ok(kib * 1024)
}
