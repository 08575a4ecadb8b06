//! The domain: what the streams say, reduced to one picture per connection. Pure and bounded: events and the time go in,
//! no socket, no clock, no waiting; what does not fit is dropped and counted.
//!
//! Start at [`ConnectionState`].

mod actors;
mod agents;
pub mod alert;
mod applied;
mod bounds;
mod counters;
mod definitions;
mod devices;
mod ends;
mod hosts;
mod jobs;
mod json;
mod live;
mod locks;
mod mask;
mod numbers;
mod posts;
mod queries;
mod rates;
mod recent;
pub mod rule;
mod series;
mod signals;
mod snapshot;
mod state;
mod subscriptions;
mod table;
mod values;
mod ways;

pub use actors::{Actor, Actors};
pub use agents::{Agent, AgentStatus, Agents, Notification, Notifications, Task, Tasks};
pub use applied::Applied;
pub use bounds::Bounds;
pub use counters::{Cause, Counters};
pub use definitions::{Definition, Definitions};
pub use devices::{Device, Devices, FieldState};
pub use ends::Ends;
pub use hosts::{Host, Hosts};
pub use jobs::{Failure, Job, Jobs, phase_name};
pub use live::{LiveNode, LiveQueries, LiveQuery, LiveQueryState};
pub use locks::{LockEvent, LockState, Locking};
pub use mask::{MASK, masked};
pub use numbers::{Number, Numbers};
pub use posts::{Channel, Post, Posts};
pub use queries::{HostAnswer, Outcome, QueryRun, QueryRuns, RunState};
pub use rates::{Measure, Rates};
pub use recent::{Recent, RecentEvent};
pub use series::{Columns, Gaps, Sample, Series, SeriesBudget, Unit};
pub use signals::{ClearedAlert, Signal, Signals, Stream};
pub use state::ConnectionState;
pub use subscriptions::{Subscription, SubscriptionStatus, Subscriptions};
pub use table::{Names, Row, Table};
pub use values::FieldValue;
pub use ways::{Way, Ways};
