//! The clock of the simulated services: wall time at the start, carried on by tokio's clock, so that paused time moves it.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::time::Instant;

#[derive(Debug, Clone, Copy)]
pub(crate) struct Clock {
    started: Instant,
    unix_ms: u64,
}

impl Clock {
    pub(crate) fn start() -> Self {
        let unix = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Clock { started: Instant::now(), unix_ms: unix.as_millis() as u64 }
    }

    /// Milliseconds since 1970.
    pub(crate) fn now(&self) -> u64 {
        self.unix_ms + self.started.elapsed().as_millis() as u64
    }

    pub(crate) fn instant_of(&self, unix_ms: u64) -> Instant {
        self.started + Duration::from_millis(unix_ms.saturating_sub(self.unix_ms))
    }
}

/// Writes a time as the services do: RFC 3339 in UTC with three digits of the second, always 24 bytes.
pub(crate) fn rfc3339(unix_ms: u64) -> String {
    match jiff::Timestamp::from_millisecond(unix_ms as i64) {
        Ok(time) => time.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string(),
        Err(_) => "1970-01-01T00:00:00.000Z".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_a_fixed_width() {
        assert_eq!(rfc3339(1_734_431_400_000), "2024-12-17T10:30:00.000Z");
        assert_eq!(rfc3339(1_734_431_400_007).len(), 24);
    }
}
