//! The hand of a test, or of the fault driver, on one running service.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use bytes::Bytes;
use tokio_tungstenite::tungstenite::Message;

use crate::action::Action;
use crate::agenthq::Dialect;
use crate::wire::{Fate, Outgoing, Shared};

/// Lets things happen in one moment; answers the ids of those that did.
type Act = dyn Fn(&mut dyn Iterator<Item = Action>) -> Vec<String> + Send + Sync;

/// Steers one running service: cuts and stalls its connections, refuses tokens, sends scripted frames, and makes things happen
/// in its world. Clones steer the same service.
#[derive(Clone)]
pub struct Control {
    protocol: &'static str,
    pub(crate) shared: Arc<Shared>,
    act: Arc<Act>,
}

impl Control {
    pub(crate) fn new(protocol: &'static str, shared: Arc<Shared>, act: Arc<Act>) -> Self {
        Control { protocol, shared, act }
    }

    /// Ends every connection with this close code and reason.
    pub fn close_all(&self, code: u16, reason: &str) {
        self.shared.decide(&Fate::Closes(code, reason.to_owned()));
    }

    /// Ends every connection as a killed process does: the stream ends without a close frame.
    pub fn drop_all(&self) {
        self.shared.decide(&Fate::Drops);
    }

    /// Ends every connection with a TCP reset.
    pub fn reset_all(&self) {
        self.shared.decide(&Fate::Resets);
    }

    /// Leaves every connection half open: the sockets stay, and nothing is read or sent any more.
    pub fn stall_all(&self) {
        self.shared.decide(&Fate::Stalls);
    }

    /// Stops the service: its listener and all its connections are gone when this returns.
    pub async fn stop(&self) {
        self.shared.listening.send_replace(false);
        self.until_bound(false).await;
    }

    /// Starts a stopped service again on the same port; it accepts connections when this returns.
    pub async fn start(&self) {
        self.shared.listening.send_replace(true);
        self.until_bound(true).await;
    }

    async fn until_bound(&self, bound: bool) {
        // The sender lives in `shared`, so waiting cannot fail.
        let _ = self.shared.bound.subscribe().wait_for(|now| *now == bound).await;
    }

    /// Refuses every token from now on, in the service's own way, or takes the right one again. Open connections stay.
    pub fn refuse_tokens(&self, refuse: bool) {
        self.shared.gate.refuse(refuse);
    }

    /// Waits this long before each upgrade is answered.
    pub fn slow_start(&self, delay: Duration) {
        *self.shared.slow_start.lock() = delay;
    }

    /// Sends a text frame, whatever is in it, to every connection.
    pub fn send_text(&self, text: impl Into<String>) {
        self.shared.push(&Outgoing::Message(Message::Text(text.into().into())));
    }

    /// Sends a binary frame to every connection.
    pub fn send_binary(&self, data: impl Into<Vec<u8>>) {
        self.shared.push(&Outgoing::Message(Message::Binary(data.into().into())));
    }

    /// Writes bytes to every connection past the WebSocket layer: broken headers, text that is not UTF-8, half a frame.
    pub fn send_bytes(&self, bytes: impl Into<Vec<u8>>) {
        self.shared.push(&Outgoing::Raw(Bytes::from(bytes.into())));
    }

    /// Connections since the start that asked for an upgrade, or for nothing that a server can read. Plain HTTP is counted by
    /// [`Control::requests`].
    pub fn dials(&self) -> u64 {
        self.shared.dials.load(Ordering::Relaxed)
    }

    /// Connections whose credential was accepted since the start.
    pub fn accepted(&self) -> u64 {
        self.shared.accepted.load(Ordering::Relaxed)
    }

    /// Connections that are open.
    pub fn connections(&self) -> usize {
        self.shared.wires.lock().len()
    }

    /// Frames that were taken for sending since the start.
    pub fn sent(&self) -> u64 {
        self.shared.sent.load(Ordering::Relaxed)
    }

    /// Frames that were dropped because a client read too slowly, open connections included.
    pub fn dropped(&self) -> u64 {
        let open: u64 = self.shared.wires.lock().iter().map(|wire| wire.outbox.lock().dropped()).sum();
        self.shared.dropped.load(Ordering::Relaxed) + open
    }

    /// The last thousand text frames from clients, with the tokens in them hidden.
    pub fn received(&self) -> Vec<String> {
        self.shared.received()
    }

    /// Opens a device's lock by `rfid`, `keypad`, `key` or `remote`; answers the event's id. (iotee)
    pub fn unlock(&self, device: &str, source: &'static str) -> Option<String> {
        self.act(Action::UseLock { device: device.to_owned(), locked: false, source })
    }

    /// Closes a device's lock; see [`Control::unlock`]. (iotee)
    pub fn lock(&self, device: &str, source: &'static str) -> Option<String> {
        self.act(Action::UseLock { device: device.to_owned(), locked: true, source })
    }

    /// Uses the locks of `count` devices in turn, each the other way than it is, all in this moment; answers the events' ids in
    /// the order in which they are sent. (iotee)
    pub fn use_locks(&self, count: usize) -> Vec<String> {
        self.act_all(std::iter::repeat_n(Action::UseNextLock, count))
    }

    /// Takes the first `count` devices off their network in this moment; answers their ids, fewer when there are fewer. (iotee)
    pub fn outage(&self, count: usize) -> Vec<String> {
        self.act_all((0..count).map(|index| Action::NthDevice { index, online: false }))
    }

    /// Brings the first `count` devices back in this moment; see [`Control::outage`]. (iotee)
    pub fn outage_ends(&self, count: usize) -> Vec<String> {
        self.act_all((0..count).map(|index| Action::NthDevice { index, online: true }))
    }

    /// Takes a device off its network until [`Control::device_online`]. (iotee)
    pub fn device_offline(&self, device: &str) -> Option<String> {
        self.act(Action::Device { device: device.to_owned(), online: false })
    }

    /// Brings a device back. (iotee)
    pub fn device_online(&self, device: &str) -> Option<String> {
        self.act(Action::Device { device: device.to_owned(), online: true })
    }

    /// Runs a job of the definition that fails at once; answers the job's id. (hantera)
    pub fn fail_job(&self, definition: &str) -> Option<String> {
        self.act(Action::FailJob { definition: definition.to_owned() })
    }

    /// Runs `count` jobs of the definition that fail in this moment; answers their ids. (hantera)
    pub fn fail_jobs(&self, definition: &str, count: usize) -> Vec<String> {
        let fail = Action::FailJob { definition: definition.to_owned() };
        self.act_all(std::iter::repeat_n(fail, count))
    }

    /// Runs a job of the definition that completes at once; answers the job's id. (hantera)
    pub fn complete_job(&self, definition: &str) -> Option<String> {
        self.act(Action::CompleteJob { definition: definition.to_owned() })
    }

    /// Tells every subscription that `count` of its events were dropped. (hantera)
    pub fn overflow_warning(&self, count: u64) -> Option<String> {
        self.act(Action::Overflow { count })
    }

    /// Takes an agent offline. (agenthq)
    pub fn agent_offline(&self, agent: &str) -> Option<String> {
        self.act(Action::Agent { agent: agent.to_owned(), online: false })
    }

    /// Brings an agent online. (agenthq)
    pub fn agent_online(&self, agent: &str) -> Option<String> {
        self.act(Action::Agent { agent: agent.to_owned(), online: true })
    }

    /// Lets an agent write in a channel; answers the post's id. (agenthq)
    pub fn post(&self, channel: &str) -> Option<String> {
        self.act(Action::Post { channel: channel.to_owned() })
    }

    /// Chooses the wire form for connections that are made from now on. (agenthq)
    pub fn speak(&self, dialect: Dialect) -> Option<String> {
        self.act(Action::Speak(dialect))
    }

    /// Takes a host offline. (hyprwatch)
    pub fn host_offline(&self, host: &str) -> Option<String> {
        self.act(Action::Host { host: host.to_owned(), online: false })
    }

    /// Brings a host online. (hyprwatch)
    pub fn host_online(&self, host: &str) -> Option<String> {
        self.act(Action::Host { host: host.to_owned(), online: true })
    }

    /// Runs a query as somebody else would, its results broadcast to all who joined the organisation's query channel;
    /// answers the query's id. (hyprwatch)
    pub fn broadcast_query(&self, org: &str, sql: &str) -> Option<String> {
        self.act(Action::BroadcastQuery { org: org.to_owned(), sql: sql.to_owned() })
    }

    /// Sends results and host events to V2 clients as binary frames, or as text again. (hyprwatch)
    pub fn binary_pushes(&self, binary: bool) -> Option<String> {
        self.act(Action::BinaryPushes(binary))
    }

    /// Lets every joined channel crash: `phx_error`, and the client must join anew. (hyprwatch)
    pub fn crash_channels(&self) -> Option<String> {
        self.act(Action::CrashChannels)
    }

    /// Issues an alert; answers its id. (hydra)
    pub fn issue_alert(&self) -> Option<String> {
        self.act(Action::IssueAlert)
    }

    /// Clears an alert that was issued. (hydra)
    pub fn clear_alert(&self, alert: &str) -> Option<String> {
        self.act(Action::ClearAlert { alert: alert.to_owned() })
    }

    /// Reports a signal of severity 1 to 5; answers its id. (hydra)
    pub fn signal(&self, severity: u8) -> Option<String> {
        self.act(Action::Signal { severity })
    }

    /// Adds `"stream":null` to control messages. The document's Python example reads `stream` of every message, and stops at
    /// the first one as the document shows it. (hydra)
    pub fn stream_on_control(&self, present: bool) -> Option<String> {
        self.act(Action::StreamOnControl(present))
    }

    fn act(&self, action: Action) -> Option<String> {
        self.act_all(std::iter::once(action)).pop()
    }

    fn act_all(&self, mut actions: impl Iterator<Item = Action>) -> Vec<String> {
        (self.act)(&mut actions)
    }
}

impl fmt::Debug for Control {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Control")
            .field("protocol", &self.protocol)
            .field("dials", &self.dials())
            .field("connections", &self.connections())
            .finish_non_exhaustive()
    }
}
