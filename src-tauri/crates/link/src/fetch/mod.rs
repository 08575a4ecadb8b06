//! HTTP beside the stream: how one thing is fetched.

mod http;
mod request;
mod tiles;

use std::path::Path;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use protocol::Fetch;
use tokio::sync::Semaphore;

pub use http::Https;
pub(crate) use request::{Asking, Failure, Reach};
pub use tiles::{NoTile, Tile, TileId, Tiles};

/// How many requests of the whole process may be under way at once.
const AT_ONCE: usize = 16;

/// Makes HTTP requests; tests give one that answers in memory.
pub trait Http: Send + Sync + 'static {
    /// Makes one request and reads its answer. It may be dropped unfinished.
    fn send<'a>(&'a self, request: HttpRequest<'a>) -> BoxFuture<'a, Result<HttpAnswer, Unanswered>>;
}

/// One request to make.
#[derive(Debug, Clone, Copy)]
pub struct HttpRequest<'a> {
    /// What is asked, and by whose leave.
    pub fetch: &'a Fetch,
    /// A PEM file of authorities to trust besides the system's.
    pub ca_file: Option<&'a Path>,
}

/// What a service answered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HttpAnswer {
    /// The status.
    pub status: u16,
    /// The header `Retry-After`.
    pub retry_after: Option<String>,
    /// The body; empty when the status is no success.
    pub body: Vec<u8>,
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unanswered {
    /// What happened, as a sentence without its point. It holds no secret.
    pub cause: String,
    /// Whether it is worth another try.
    pub again: bool,
    /// Whether no other request to this service would get further.
    pub unreachable: bool,
}

/// Fetches what the sessions of a process ask for beside their streams, 16 requests at once. Clones share.
#[derive(Clone)]
pub struct Fetcher {
    http: Option<Arc<dyn Http>>,
    at_once: Arc<Semaphore>,
}

impl Fetcher {
    /// Fetches by these requests.
    pub fn over(http: Arc<dyn Http>) -> Self {
        Fetcher { http: Some(http), at_once: Arc::new(Semaphore::new(AT_ONCE)) }
    }

    /// Fetches nothing: links are their streams alone.
    pub fn off() -> Self {
        Fetcher { http: None, at_once: Arc::new(Semaphore::new(AT_ONCE)) }
    }

    pub(crate) fn is_on(&self) -> bool {
        self.http.is_some()
    }
}

impl std::fmt::Debug for Fetcher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Fetcher").field("on", &self.is_on()).finish()
    }
}
