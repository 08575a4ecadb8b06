//! Connections: from a configured [`protocol::Connection`] to a stream of events, over any number of attempts.
//!
//! One task per connection owns its socket and its protocol session. It drains the frames that are ready, hands their
//! events to a [`Receiver`] in one batch, borrowed from the socket's own buffer, and queues nothing between. Start at
//! [`Link::spawn`]; `run` is the life over the attempts, `live` that of one open socket, `dial` how it is opened.
//!
//! Beside the stream a session names what to fetch over HTTP: how things are, and what was missed. `backfill` asks for it
//! and hands it over in turn with live frames; `fetch` is one request with its tries.

mod backfill;
mod backoff;
mod broken;
mod clock;
pub mod credentials;
pub mod dial;
pub mod fetch;
mod limiter;
mod link;
mod live;
mod probe;
mod receiver;
mod run;
mod status;
mod wake;

pub use clock::{Clock, SystemClock};
pub use credentials::{CredentialError, Credentials};
pub use fetch::Fetcher;
pub use limiter::DialLimiter;
pub use link::{Environment, Link, NotAsked};
pub use probe::{FirstLook, Step, Tested, probe, probe_by_steps};
pub use receiver::{Backfill, EventSink, Origin, Receiver};
pub use status::LinkStatus;
pub use wake::Wake;
