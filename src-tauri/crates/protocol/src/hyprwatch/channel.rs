//! The life of one Phoenix channel: joined, crashed and joined again, left, closed.

use std::time::{Duration, Instant};

use super::frame;
use super::query::words_of;
use crate::config::PhoenixVersion;
use crate::session::{Outgoing, Sink};
use crate::text::Text;

/// How long a join or a leave may stay unanswered.
const ANSWER: Duration = Duration::from_secs(10);

/// The waits before a channel is joined again; the last one repeats. As in the Phoenix JavaScript client.
const REJOIN: [Duration; 4] =
    [Duration::from_secs(1), Duration::from_secs(2), Duration::from_secs(5), Duration::from_secs(10)];

/// One channel.
#[derive(Debug)]
pub(super) struct Channel {
    topic: String,
    state: State,
    /// How often in a row it had to be joined again.
    failures: usize,
}

#[derive(Debug, PartialEq, Eq)]
enum State {
    /// Nothing was asked.
    Idle,
    /// `phx_join` was sent with this ref. `again` when the attempt had settled this channel before.
    Joining { join: u64, until: Instant, again: bool },
    /// The join was accepted.
    Joined { join: u64 },
    /// It is joined again at this time: it crashed, or the join was not answered.
    Waiting { until: Instant },
    /// `phx_leave` was sent with the ref `leave`.
    Leaving { join: u64, leave: u64, until: Instant },
    /// The join was refused, in these words.
    Refused { words: String },
    /// The service closed it.
    Closed,
    /// We left it.
    Left,
}

/// What a channel can show of itself.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Standing<'a> {
    /// It was asked for and not answered.
    Unsettled,
    /// It is joined.
    Joined,
    /// It crashed or was not answered, and is asked for again.
    Again,
    /// The join was refused, in these words.
    Refused(&'a str),
    /// The service closed it for good.
    Closed,
    /// We left it.
    Left,
}

/// What frames are written with.
pub(super) struct Wire<'w> {
    /// The version in use.
    pub version: PhoenixVersion,
    /// The last ref that was given out.
    pub last_ref: &'w mut u64,
    /// Where frames go.
    pub out: &'w mut dyn Sink,
}

impl Wire<'_> {
    /// Sends a push; its ref. A join's own ref is its join_ref.
    pub fn push(&mut self, join: Option<u64>, topic: &str, event: &str, payload: &str) -> u64 {
        *self.last_ref += 1;
        let reference = *self.last_ref;
        let join = if event == "phx_join" { Some(reference) } else { join };
        self.out.send(Outgoing::Text(frame::encode(self.version, join, reference, topic, event, payload)));
        reference
    }
}

impl Channel {
    /// A channel that nothing was asked for.
    pub fn new(topic: String) -> Self {
        Channel { topic, state: State::Idle, failures: 0 }
    }

    /// Its topic.
    pub fn topic(&self) -> &str {
        &self.topic
    }

    /// Forgets the last attempt.
    pub fn reset(&mut self) {
        self.state = State::Idle;
        self.failures = 0;
    }

    /// Asks to join.
    pub fn join(&mut self, now: Instant, wire: &mut Wire<'_>) {
        let again = !matches!(self.state, State::Idle | State::Leaving { .. } | State::Left);
        let join = wire.push(None, &self.topic, "phx_join", "{}");
        self.state = State::Joining { join, until: now + ANSWER, again };
    }

    /// Leaves and joins again, so that nothing more comes of what was asked on this join.
    pub fn join_anew(&mut self, now: Instant, wire: &mut Wire<'_>) {
        if let State::Joined { join } = self.state {
            wire.push(Some(join), &self.topic, "phx_leave", "{}");
            self.join(now, wire);
        }
    }

    /// Leaves; at once where the service need not be told.
    pub fn leave(&mut self, now: Instant, wire: &mut Wire<'_>) {
        match self.state {
            State::Joined { join } | State::Joining { join, .. } => {
                let leave = wire.push(Some(join), &self.topic, "phx_leave", "{}");
                self.state = State::Leaving { join, leave, until: now + ANSWER };
            }
            State::Leaving { .. } => {}
            _ => self.state = State::Left,
        }
    }

    /// The join that is in force, when it is accepted.
    pub fn joined(&self) -> Option<u64> {
        match self.state {
            State::Joined { join } => Some(join),
            _ => None,
        }
    }

    /// Whether the service was asked to join it and has not answered.
    pub fn is_joining(&self) -> bool {
        matches!(self.state, State::Joining { again: true, .. })
    }

    /// Whether it is joined, or on its way there.
    pub fn lives(&self) -> bool {
        matches!(self.state, State::Joining { .. } | State::Joined { .. } | State::Waiting { .. })
    }

    /// Whether a message belongs to the join in force: broadcasts name no join, leftovers of an older join name that one.
    pub fn is_current(&self, join_ref: Option<&Text<'_>>) -> bool {
        match (join_ref, &self.state) {
            (None, _) => true,
            (Some(named), State::Joining { join, .. } | State::Joined { join } | State::Leaving { join, .. }) => {
                is_ref(named, *join)
            }
            (Some(_), _) => false,
        }
    }

    /// Takes a reply; `false` when it answers neither a join nor a leave of this channel.
    pub fn reply(&mut self, reference: &Text<'_>, ok: bool, response: &str, now: Instant) -> bool {
        match self.state {
            State::Joining { join, .. } if is_ref(reference, join) => {
                if ok {
                    self.state = State::Joined { join };
                    self.failures = 0;
                    return true;
                }
                let words = words_of(response).map_or_else(|| "no reason given".into(), |words| short(&words));
                if words == "join crashed" {
                    // Phoenix says so when the join itself failed inside: it may work the next time.
                    self.wait(now);
                } else {
                    self.state = State::Refused { words };
                }
                true
            }
            State::Leaving { leave, .. } if is_ref(reference, leave) => {
                self.state = State::Left;
                true
            }
            _ => false,
        }
    }

    /// The channel crashed (`phx_error`): it is joined again after a while.
    pub fn crashed(&mut self, now: Instant) {
        match self.state {
            State::Joining { .. } | State::Joined { .. } => self.wait(now),
            State::Leaving { .. } => self.state = State::Left,
            _ => {}
        }
    }

    /// The service closed the channel (`phx_close`), which is final.
    pub fn closed(&mut self) {
        self.state = if matches!(self.state, State::Leaving { .. }) { State::Left } else { State::Closed };
    }

    /// When it wants to be woken, and why.
    pub fn deadline(&self) -> Option<(Instant, &'static str)> {
        match self.state {
            State::Joining { until, .. } => Some((until, "join unanswered")),
            State::Waiting { until } => Some((until, "join again")),
            State::Leaving { until, .. } => Some((until, "leave unanswered")),
            _ => None,
        }
    }

    /// Does what is due.
    pub fn timeout(&mut self, now: Instant, wire: &mut Wire<'_>) {
        match self.state {
            State::Joining { until, .. } if until <= now => self.wait(now),
            State::Waiting { until } if until <= now => self.join(now, wire),
            State::Leaving { until, .. } if until <= now => self.state = State::Left,
            _ => {}
        }
    }

    /// Where it stands.
    pub fn standing(&self) -> Standing<'_> {
        match &self.state {
            State::Idle | State::Joining { again: false, .. } => Standing::Unsettled,
            State::Joined { .. } => Standing::Joined,
            State::Joining { .. } | State::Waiting { .. } => Standing::Again,
            State::Refused { words } => Standing::Refused(words),
            State::Closed => Standing::Closed,
            State::Leaving { .. } | State::Left => Standing::Left,
        }
    }

    /// Whether we left it and the service need not be waited for.
    pub fn is_left(&self) -> bool {
        self.state == State::Left
    }

    /// Whether the service refused it because of the credential.
    pub fn is_unauthorized(&self) -> bool {
        let State::Refused { words } = &self.state else { return false };
        let words = words.to_ascii_lowercase();
        ["unauth", "not authorized", "forbidden", "invalid token", "invalid_token", "invalid api key", "expired"]
            .iter()
            .any(|word| words.contains(word))
    }

    fn wait(&mut self, now: Instant) {
        let wait = REJOIN.get(self.failures).or(REJOIN.last()).copied().unwrap_or_default();
        self.failures = self.failures.saturating_add(1);
        self.state = State::Waiting { until: now + wait };
    }
}

/// Whether a ref of the wire is this one of ours.
pub(super) fn is_ref(text: &Text<'_>, ours: u64) -> bool {
    text.parse() == Ok(ours)
}

fn short(words: &str) -> String {
    words.chars().take(200).collect()
}
