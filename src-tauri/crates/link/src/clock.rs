//! The wall clock, as the one thing here that asks for it.

use std::time::{SystemTime, UNIX_EPOCH};

use protocol::Timestamp;

/// Tells the wall clock's time. Waiting and deadlines go by tokio's monotonic time and never ask this.
pub trait Clock: Send + Sync + 'static {
    /// The time of day.
    fn now(&self) -> Timestamp;
}

/// The computer's own clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }
}
