//! Paces the dials of the whole process, so that one outage does not make a thousand sockets dial at once.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Mutex, OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep_until};

/// How many dials may be under way at once.
const AT_ONCE: usize = 50;
/// The least time between two dials' beginnings: at most 200 a second, a thousand connections in 5 s.
const APART: Duration = Duration::from_millis(5);

/// Limits the dials of all links that share it: 50 under way at once, 5 ms apart. Clones share.
#[derive(Debug, Clone)]
pub struct DialLimiter {
    under_way: Arc<Semaphore>,
    next: Arc<Mutex<Option<Instant>>>,
}

impl Default for DialLimiter {
    fn default() -> Self {
        DialLimiter { under_way: Arc::new(Semaphore::new(AT_ONCE)), next: Arc::default() }
    }
}

impl DialLimiter {
    /// Waits for this dial's turn. The dial is under way until the permit is dropped; turns come in the order of asking.
    pub(crate) async fn turn(&self) -> DialPermit {
        // The semaphore is never closed, so an error cannot come; without a permit the dial would only be unpaced.
        let permit = self.under_way.clone().acquire_owned().await.ok();
        let at = {
            let mut next = self.next.lock().await;
            let at = next.map_or_else(Instant::now, |next| next.max(Instant::now()));
            *next = Some(at + APART);
            at
        };
        sleep_until(at).await;
        DialPermit { _permit: permit }
    }
}

/// A dial under way.
#[derive(Debug)]
pub(crate) struct DialPermit {
    _permit: Option<OwnedSemaphorePermit>,
}
