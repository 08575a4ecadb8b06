//! The HTTP side: the hosts as they are, and the limit of requests (the vendor's REST reference, `/hosts` and "Rate Limits").

use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::http::StatusCode;

use super::{Hyprwatch, ORGS};
use crate::wire::http::{Answer, Request};
use crate::world::hosts::Host;

/// Requests in a minute; those beyond it are answered with 429.
const REQUESTS: u32 = 100;
const MINUTE_MS: u64 = 60_000;

/// The requests of the running minute.
#[derive(Debug, Default)]
pub(crate) struct Limit {
    ends: u64,
    made: u32,
}

impl Limit {
    /// Counts a request: how many are left, or the seconds after which there are new ones.
    fn count(&mut self, now: u64) -> Result<u32, u64> {
        if now >= self.ends {
            *self = Limit { ends: now + MINUTE_MS, made: 0 };
        }
        if self.made == REQUESTS {
            return Err((self.ends - now).div_ceil(1_000));
        }
        self.made += 1;
        Ok(REQUESTS - self.made)
    }
}

impl Hyprwatch {
    pub(super) fn answer(&mut self, request: &Request<'_>, now: u64) -> Answer {
        if !self.shared.gate.admits(request.bearer) {
            return failed(StatusCode::UNAUTHORIZED, "Invalid API key");
        }
        match self.limit.count(now) {
            Err(seconds) => failed(StatusCode::TOO_MANY_REQUESTS, "Rate limit exceeded")
                .header("X-RateLimit-Limit", REQUESTS)
                .header("X-RateLimit-Remaining", 0)
                .header("Retry-After", seconds),
            Ok(left) => {
                let answer = match (request.method, request.call.path) {
                    ("GET", "/api/v1/hosts") => self.list(request),
                    (_, "/api/v1/hosts") => failed(StatusCode::METHOD_NOT_ALLOWED, "Method not allowed"),
                    _ => failed(StatusCode::NOT_FOUND, "Not found"),
                };
                answer.header("X-RateLimit-Limit", REQUESTS).header("X-RateLimit-Remaining", left)
            }
        }
    }

    fn list(&self, request: &Request<'_>) -> Answer {
        let platform = request.parameter("platform");
        let hosts = ORGS.iter().flat_map(|org| self.hosts.of(org));
        let hosts = hosts.filter(|host| platform.as_ref().is_none_or(|platform| platform == host.platform));
        Answer::ok(&json!({ "data": hosts.map(host).collect::<Vec<_>>() }))
    }
}

/// A host with the fields of the vendor's webhooks. What the list names its fields is not documented.
fn host(host: &Host) -> Value {
    json!({
        "id": host.id, "host_id": host.id, "org_id": host.org, "hostname": host.hostname, "platform": host.platform,
        "os_version": host.os_version, "ip_address": host.ip_address,
        "status": if host.online { "online" } else { "offline" },
    })
}

fn failed(status: StatusCode, message: &str) -> Answer {
    Answer::json(status, &json!({ "error": message }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minute_has_a_hundred_requests() {
        let mut limit = Limit::default();
        for left in (0..REQUESTS).rev() {
            assert_eq!(limit.count(1_000_000), Ok(left));
        }
        assert_eq!((limit.count(1_000_000), limit.count(1_059_001)), (Err(60), Err(1)));
        assert_eq!(limit.count(1_060_000), Ok(REQUESTS - 1));
    }
}
