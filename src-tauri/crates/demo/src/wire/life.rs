//! The ticks of a service's world.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use super::{Hub, Simulated};
use crate::world::TICK_MS;

/// A world that is further behind than this (a suspended machine, a rate beyond the machine) does not catch up.
const LATEST: Duration = Duration::from_secs(1);

/// Steps the world for ever.
pub(crate) async fn live<S: Simulated>(hub: Arc<Hub<S>>) {
    let tick = Duration::from_millis(TICK_MS);
    let mut next = Instant::now();
    loop {
        next += tick;
        let now = Instant::now();
        if now > next + LATEST {
            next = now;
        }
        sleep_until(next).await;
        hub.happen(|simulated, now, events| simulated.step(now, events));
        tokio::task::yield_now().await;
    }
}
