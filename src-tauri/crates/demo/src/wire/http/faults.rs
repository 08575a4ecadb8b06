//! How the HTTP side of a service misbehaves, and what it was asked.

use std::collections::VecDeque;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use parking_lot::Mutex;
use tokio::sync::watch;

use crate::Control;
use crate::wire::Fate;

/// How many requests are remembered.
const REMEMBERED: usize = 1_000;
/// The longest target that is shown of a request.
const LONGEST: usize = 500;
/// The parameters whose values are nobody's business.
const SECRETS: [&str; 6] = ["access_token", "api_key", "client_secret", "code", "password", "token"];

/// A way in which the HTTP side of a service fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum HttpFault {
    /// 401, whatever the credential.
    Refused,
    /// 404 for every path: a service without an HTTP side.
    Absent,
    /// The right answer after so long.
    Slow(Duration),
    /// 429 with `Retry-After` in whole seconds.
    TooMany {
        /// When to come again.
        retry_after: Duration,
    },
    /// 500.
    Broken,
    /// The right head, half of the body, and the end of the stream.
    CutBody,
    /// 200 with a page for people in place of JSON.
    NotJson,
    /// Each page after the first begins with the second half of the one before; nothing is missing at the end.
    RepeatedEvents,
}

/// One request that a service was asked over HTTP.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct HttpRequest {
    /// The method.
    pub method: String,
    /// The path and the query, with the values of secret parameters hidden and cut to 500 bytes.
    pub target: String,
    /// The status of the answer; of a body that was cut it is that of its head.
    pub status: u16,
}

impl fmt::Display for HttpRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.method, self.target, self.status)
    }
}

/// The HTTP side of a service beside its world.
#[derive(Debug)]
pub(crate) struct State {
    /// With how many requests it is left to strike; `None` is all of them.
    fault: Mutex<Option<(HttpFault, Option<u32>)>>,
    requests: AtomicU64,
    last: Mutex<VecDeque<HttpRequest>>,
    /// What becomes of the open connections.
    pub(crate) fate: watch::Sender<Fate>,
}

impl Default for State {
    fn default() -> Self {
        State {
            fault: Mutex::default(),
            requests: AtomicU64::new(0),
            last: Mutex::default(),
            fate: watch::Sender::new(Fate::Lives),
        }
    }
}

impl State {
    /// Takes note that a request came, and says what goes wrong with it.
    pub(crate) fn strike(&self) -> Option<HttpFault> {
        let mut state = self.fault.lock();
        let (fault, left) = (*state)?;
        *state = match left {
            None => Some((fault, None)),
            Some(left) => left.checked_sub(1).filter(|left| *left > 0).map(|left| (fault, Some(left))),
        };
        Some(fault)
    }

    pub(crate) fn remember(&self, method: &str, target: &str, status: u16) {
        let mut last = self.last.lock();
        if last.len() == REMEMBERED {
            last.pop_front();
        }
        last.push_back(HttpRequest { method: method.to_owned(), target: masked(target), status });
        self.requests.fetch_add(1, Ordering::Relaxed);
    }
}

impl Control {
    /// Lets every HTTP request fail in this way from now on. The WebSocket goes on as it is.
    pub fn http_fault(&self, fault: HttpFault) {
        *self.shared.http.fault.lock() = Some((fault, None));
    }

    /// Lets the next `times` HTTP requests fail in this way, and those after them be answered.
    pub fn http_fault_times(&self, fault: HttpFault, times: u32) {
        *self.shared.http.fault.lock() = (times > 0).then_some((fault, Some(times)));
    }

    /// Lets HTTP requests be answered as they should.
    pub fn http_well(&self) {
        *self.shared.http.fault.lock() = None;
    }

    /// HTTP requests that were answered since the start, in whatever way. Upgrades are none.
    pub fn requests(&self) -> u64 {
        self.shared.http.requests.load(Ordering::Relaxed)
    }

    /// The last thousand HTTP requests, the oldest first.
    pub fn last_requests(&self) -> Vec<HttpRequest> {
        self.shared.http.last.lock().iter().cloned().collect()
    }
}

/// A request's target with the values of secret parameters hidden.
fn masked(target: &str) -> String {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let mut shown = path.to_owned();
    for (index, pair) in query.split('&').filter(|pair| !pair.is_empty()).enumerate() {
        shown.push(if index == 0 { '?' } else { '&' });
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let secret = SECRETS.iter().any(|secret| name.eq_ignore_ascii_case(secret));
        shown.push_str(name);
        shown.push('=');
        shown.push_str(if secret { "***" } else { value });
    }
    if shown.len() > LONGEST {
        let end = (0..=LONGEST).rev().find(|&end| shown.is_char_boundary(end)).unwrap_or(0);
        shown.truncate(end);
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_strikes_as_often_as_it_should() {
        let state = State::default();
        assert_eq!(state.strike(), None);
        *state.fault.lock() = Some((HttpFault::Broken, Some(2)));
        assert_eq!(
            [state.strike(), state.strike(), state.strike()],
            [Some(HttpFault::Broken), Some(HttpFault::Broken), None]
        );
        *state.fault.lock() = Some((HttpFault::Absent, None));
        assert!((0..100).all(|_| state.strike() == Some(HttpFault::Absent)));
    }

    #[test]
    fn what_is_remembered_is_bounded_and_has_no_secret() {
        let state = State::default();
        state.remember("GET", "/lock-events?hardware_id=A&code=4711&TOKEN=t-secret", 200);
        let shown = state.last.lock()[0].to_string();
        assert_eq!(shown, "GET /lock-events?hardware_id=A&code=***&TOKEN=*** 200");
        for _ in 0..REMEMBERED + 5 {
            state.remember("GET", &format!("/{}", "ü".repeat(1_000)), 200);
        }
        assert_eq!(state.last.lock().len(), REMEMBERED);
        assert!(state.last.lock()[0].target.len() < LONGEST + 4);
    }
}
