//! What a test or the fault driver can make happen in a service's world.

use crate::agenthq::Dialect;

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Action {
    UseLock { device: String, locked: bool, source: &'static str },
    UseNextLock,
    Device { device: String, online: bool },
    NthDevice { index: usize, online: bool },
    FailJob { definition: String },
    CompleteJob { definition: String },
    Overflow { count: u64 },
    Agent { agent: String, online: bool },
    Post { channel: String },
    Speak(Dialect),
    Host { host: String, online: bool },
    BroadcastQuery { org: String, sql: String },
    BinaryPushes(bool),
    CrashChannels,
    IssueAlert,
    ClearAlert { alert: String },
    Signal { severity: u8 },
    StreamOnControl(bool),
}
