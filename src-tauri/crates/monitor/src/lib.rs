//! Ties links, fleet and store together, and answers the window. Start at [`Monitor`].

mod edit;
pub mod host;
pub mod line;
pub mod monitor;
mod notice;
mod snapshot;
pub mod view;
pub mod watch;
pub mod watched;
pub mod words;

pub use host::{Attention, Host, Nobody, Notice, Opens};
pub use monitor::Monitor;
pub use watch::{WatchOptions, watch};
