//! One request with its tries: what is tried again, how long is waited, and what is given up.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use protocol::Fetch;
use tokio::time::{Instant, sleep, sleep_until, timeout};

use crate::Clock;
use crate::dial::upgrade::wait_of;
use crate::fetch::{Fetcher, HttpAnswer, HttpRequest, Unanswered};

/// How long the waits that a service asks for may be in all.
const WAITS: Duration = Duration::from_secs(300);
/// How long to wait when a service says that there were too many requests, and not for how long.
const TOO_MANY: Duration = Duration::from_secs(10);
/// The least wait that is believed: a service that says 0 again and again is not asked in a loop.
const LEAST: Duration = Duration::from_millis(250);
/// How often a failed request is repeated.
const REPEATS: u32 = 2;
/// How long to wait before the first repeat; twice as long before the next.
const BACKOFF: Duration = Duration::from_secs(1);
/// The longest one try may take, whoever answers.
const TRY: Duration = Duration::from_secs(60);

/// What the requests of one backfill share.
#[derive(Clone)]
pub(crate) struct Asking {
    fetcher: Fetcher,
    clock: Arc<dyn Clock>,
    ca_file: Option<Arc<PathBuf>>,
    /// Nothing is asked before then: the service asked for the wait, of one request, and means all.
    paused: Arc<Mutex<Option<Instant>>>,
}

/// Why something could not be fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failure {
    /// A clause whose subject is the service.
    pub(crate) cause: String,
    pub(crate) reach: Reach,
}

/// What else a failure is likely to hold for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// For this page alone.
    This,
    /// For everything of its kind.
    Kind,
    /// For everything that the service has.
    All,
}

impl Asking {
    pub(crate) fn new(fetcher: &Fetcher, clock: &Arc<dyn Clock>, ca_file: Option<&PathBuf>) -> Self {
        Asking {
            fetcher: fetcher.clone(),
            clock: clock.clone(),
            ca_file: ca_file.cloned().map(Arc::new),
            paused: Arc::default(),
        }
    }

    /// Whether anything is asked at all.
    pub(crate) fn is_on(&self) -> bool {
        self.fetcher.is_on()
    }

    /// Asks until there is an answer that counts.
    pub(crate) async fn ask(&self, fetch: &Fetch) -> Result<Vec<u8>, Failure> {
        let mut waited = Duration::ZERO;
        let mut repeats = 0;
        loop {
            if let Some(until) = self.paused() {
                waited += until.saturating_duration_since(Instant::now());
                sleep_until(until).await;
            }
            let again = match self.once(fetch).await {
                Ok(HttpAnswer { status: 200..=299, body, .. }) => return Ok(body),
                Ok(answer) => {
                    let asked = answer.retry_after.as_deref().and_then(|text| wait_of(text, self.clock.now()));
                    match (answer.status, asked) {
                        (429, _) | (503, Some(_)) => {
                            let wait = asked.unwrap_or(TOO_MANY).max(LEAST);
                            if waited + wait > WAITS {
                                return Err(Failure {
                                    cause: format!(
                                        "the service asks to wait for longer than {} minutes (HTTP {})",
                                        WAITS.as_secs() / 60,
                                        answer.status
                                    ),
                                    reach: Reach::All,
                                });
                            }
                            self.pause(Instant::now() + wait);
                            continue;
                        }
                        (408 | 500..=599, _) if answer.status != 501 => refusal(answer.status),
                        (status, _) => return Err(refusal(status)),
                    }
                }
                Err(Unanswered { cause, again, unreachable }) => {
                    let reach = if unreachable { Reach::All } else { Reach::Kind };
                    let failure = Failure { cause, reach };
                    if !again {
                        return Err(failure);
                    }
                    failure
                }
            };
            if repeats >= REPEATS {
                return Err(again);
            }
            sleep(BACKOFF * (1 << repeats)).await;
            repeats += 1;
        }
    }

    async fn once(&self, fetch: &Fetch) -> Result<HttpAnswer, Unanswered> {
        let Some(http) = &self.fetcher.http else {
            return Err(Unanswered { cause: "nothing is fetched here".into(), again: false, unreachable: true });
        };
        // The semaphore is never closed, so an error cannot come.
        let _turn = self.fetcher.at_once.acquire().await.ok();
        tracing::debug!(url = fetch.url.as_str(), method = fetch.method.name(), "fetches");
        let request = HttpRequest { fetch, ca_file: self.ca_file.as_deref().map(PathBuf::as_path) };
        timeout(TRY, http.send(request)).await.unwrap_or_else(|_| {
            let cause = format!("the service did not answer within {} s", TRY.as_secs());
            Err(Unanswered { cause, again: true, unreachable: false })
        })
    }

    fn paused(&self) -> Option<Instant> {
        let paused = *self.paused.lock().unwrap_or_else(PoisonError::into_inner);
        paused.filter(|until| *until > Instant::now())
    }

    fn pause(&self, until: Instant) {
        let mut paused = self.paused.lock().unwrap_or_else(PoisonError::into_inner);
        *paused = Some(paused.map_or(until, |other| other.max(until)));
    }
}

/// What a status that is no success means.
fn refusal(status: u16) -> Failure {
    let (cause, reach) = match status {
        300..=399 => (
            format!(
                "the service sends to another address (HTTP {status}), where the credential must not go; set http_url"
            ),
            Reach::Kind,
        ),
        401 => ("the service does not accept the credential over HTTP (401)".into(), Reach::All),
        403 => ("the service does not let this credential read it (403)".into(), Reach::Kind),
        404 | 405 | 410 | 501 => (format!("the service has none here ({status})"), Reach::Kind),
        500..=599 => (format!("the service failed (HTTP {status})"), Reach::Kind),
        _ => (format!("the service refused the request (HTTP {status})"), Reach::Kind),
    };
    Failure { cause, reach }
}
