//! Ties links, fleet and store together, and answers the window. Start at [`Monitor`].

mod alarm;
mod edit;
pub mod export;
pub mod host;
mod journal;
pub mod lag;
mod lately;
pub mod line;
pub mod monitor;
pub mod pager;
mod rules;
mod sampling;
mod settings;
mod snapshot;
mod tiles;
pub mod trial;
pub mod view;
pub mod watch;
pub mod watched;
pub mod words;

pub use fleet::alert::AlertId;
pub use host::{Announcements, Attention, Host, Nobody, Notice, Opens};
pub use monitor::Monitor;
pub use pager::Pager;
pub use watch::{WatchOptions, watch};
