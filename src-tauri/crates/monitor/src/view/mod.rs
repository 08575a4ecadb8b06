//! What the window sees of the fleet. The page names what it shows ([`ViewSpec`]), and pulls one [`Frame`] after it has
//! painted the last: what changed of exactly that.

pub mod build;
pub mod command;
pub mod connection_draft;
pub mod desktop;
pub mod diff;
pub mod filter;
pub mod frame;
pub mod picture;
pub mod places;
mod pull;
pub mod rule_draft;
mod series;
pub mod spec;
pub mod typescript;

pub use command::*;
pub use connection_draft::*;
pub use desktop::*;
pub use frame::*;
pub use places::*;
pub use pull::View;
pub use rule_draft::*;
pub use spec::*;

/// Milliseconds since 1970, as the page's `Date` counts them.
pub type Millis = i64;
