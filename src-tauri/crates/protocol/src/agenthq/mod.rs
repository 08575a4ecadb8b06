//! agenthq: agents, channels, posts and tasks. Both wire forms are read always; which one to send is found out.
//!
//! The upgrade succeeds for anybody, so the first thing that is sent is a heartbeat: its answer, like any event of the
//! stream, shows that the credential was accepted, and which form is understood. Live is when every channel is settled:
//! acknowledged by `subscribed`; in the documented form, which has no such answer, by the answer to a heartbeat that was
//! sent after the subscribe; or given up, which is told as a refused subscription and changes nothing for the others.

mod backfill;
mod dialect;
mod message;

use std::time::{Duration, Instant};

use secrecy::SecretString;
use url::Url;

use crate::config::{Connection, Protocol};
use crate::fetch::{Fetch, Occasion};
use crate::session::{Ask, ClientRequest, Close, Ended, Input, Outgoing, Progress, Session, Sink, SubscriptionState};
use crate::site::Site;
use crate::time::Timestamp;
use crate::{asked, ending, unread};
use dialect::Dialect;
use message::{Meaning, Message};

/// How long one form may stay without an answer before the other is tried.
const ROUND: Duration = Duration::from_secs(4);

/// How many rounds are tried before the attempt ends.
const ROUNDS: u32 = 6;

/// How soon an unanswered message is repeated: with an API key the public server drops what comes in about the first
/// quarter of a second.
const REPEAT: Duration = Duration::from_millis(300);

/// How often one message is sent in a round.
const TRIES: u32 = 10;

/// How often a heartbeat is sent, and how long nothing at all may come after one.
const HEARTBEAT: Duration = Duration::from_secs(30);

/// How long nothing may come when the connection may be dead.
const PROBE: Duration = Duration::from_secs(10);

/// How many channels a connection may subscribe to when asked for more while it is live.
const CHANNELS: usize = 256;

/// What is said of a channel that the service did not answer for.
const NO_ANSWER: &str = "the service did not answer";

/// The session of an agenthq connection.
#[derive(Debug)]
pub struct Agenthq {
    url: Url,
    site: Site,
    channels: Vec<Channel>,
    /// The form that was last answered; kept over attempts.
    known: Option<Dialect>,
    /// The form that is sent.
    dialect: Dialect,
    /// The search for the form, until one is answered.
    search: Option<Search>,
    /// Whether the service has shown that it accepts the credential.
    authenticated: bool,
    live: bool,
    /// When what is unanswered is repeated, and how often the heartbeat was sent in this round.
    repeat_at: Option<Instant>,
    greetings: u32,
    /// When the next heartbeat is due; none while no socket is open.
    heartbeat_at: Option<Instant>,
    /// When the connection is dead unless something comes.
    dead_at: Option<Instant>,
}

#[derive(Debug)]
struct Search {
    round: u32,
    until: Instant,
}

#[derive(Debug)]
struct Channel {
    id: String,
    state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Asked for so many times in this round.
    Asked(u32),
    Accepted,
    Refused,
}

impl Agenthq {
    /// Makes the session of a connection.
    pub fn new(connection: &Connection) -> Self {
        let mut channels: Vec<Channel> = Vec::new();
        for subscribe in &connection.subscribe {
            if channels.iter().all(|channel| channel.id != subscribe.name()) {
                channels.push(Channel { id: subscribe.name().to_owned(), state: State::Asked(0) });
            }
        }
        Agenthq {
            url: connection.url.clone(),
            site: Site::new(connection),
            channels,
            known: None,
            dialect: Dialect::Documented,
            search: None,
            authenticated: false,
            live: false,
            repeat_at: None,
            greetings: 0,
            heartbeat_at: None,
            dead_at: None,
        }
    }

    fn opened(&mut self, now: Instant, out: &mut dyn Sink) {
        out.progress(Progress::Authenticating);
        for channel in &self.channels {
            out.subscription(&channel.id, SubscriptionState::Requested);
        }
        self.search = Some(Search { round: 1, until: now + ROUND });
        self.heartbeat_at = Some(now + HEARTBEAT);
        self.greet(now, out);
    }

    /// Begins a round: everything unanswered is sent, the heartbeat last, so that its answer speaks for the rest.
    fn greet(&mut self, now: Instant, out: &mut dyn Sink) {
        self.greetings = 0;
        for channel in &mut self.channels {
            if let State::Asked(tries) = &mut channel.state {
                *tries = 0;
            }
        }
        self.send_unanswered(out);
        self.greetings += 1;
        self.dialect.heartbeat(out);
        // The documented form is not repeated while it may be the wrong one: nothing is known to lose it.
        let repeats = self.dialect == Dialect::Enveloped || self.search.is_none();
        self.repeat_at = repeats.then_some(now + REPEAT);
    }

    fn send_unanswered(&mut self, out: &mut dyn Sink) {
        for channel in &mut self.channels {
            if let State::Asked(tries) = &mut channel.state {
                *tries += 1;
                self.dialect.channel("subscribe", &channel.id, out);
            }
        }
    }

    fn repeat(&mut self, now: Instant, out: &mut dyn Sink) {
        let searching = self.search.is_some();
        for channel in &mut self.channels {
            // While the form is being searched for, silence says nothing of the channel.
            if matches!(channel.state, State::Asked(tries) if tries >= TRIES) && !searching {
                channel.state = State::Refused;
                out.subscription(&channel.id, SubscriptionState::Refused(NO_ANSWER));
            }
        }
        if self.greetings >= TRIES && searching {
            self.repeat_at = None;
            return;
        }
        self.send_unanswered(out);
        if searching {
            self.greetings += 1;
            self.dialect.heartbeat(out);
        }
        let unanswered = searching || self.channels.iter().any(|channel| matches!(channel.state, State::Asked(_)));
        self.repeat_at = unanswered.then_some(now + REPEAT);
    }

    /// Ends a round of the search without an answer to what was sent.
    fn next_round(&mut self, now: Instant, out: &mut dyn Sink) -> Result<(), Ended> {
        let Some(search) = &mut self.search else { return Ok(()) };
        if self.authenticated {
            // It sends events and answers nothing: it is read, and said to be deaf.
            self.search = None;
            self.repeat_at = None;
            for channel in &mut self.channels {
                if matches!(channel.state, State::Asked(_)) {
                    channel.state = State::Refused;
                    out.subscription(&channel.id, SubscriptionState::Refused(NO_ANSWER));
                }
            }
            return Ok(());
        }
        if search.round >= ROUNDS {
            let seconds = (ROUND * ROUNDS).as_secs();
            return Err(Ended::retry(format!("the service answered neither form of the protocol within {seconds} s")));
        }
        search.round += 1;
        search.until = now + ROUND;
        self.dialect = self.dialect.other();
        self.greet(now, out);
        Ok(())
    }

    fn message(&mut self, message: &Message<'_>, now: Instant, out: &mut dyn Sink) {
        match message.meaning() {
            Meaning::HeartbeatAck => {
                self.answered(message.form, now, out);
                if self.dialect == Dialect::Documented {
                    for channel in &mut self.channels {
                        accept(channel, out);
                    }
                }
            }
            Meaning::Subscribed => {
                self.answered(message.form, now, out);
                let named = message.channel();
                let mut asked = self.channels.iter_mut().filter(|channel| match &named {
                    Some(named) => channel.id == named.as_str(),
                    None => matches!(channel.state, State::Asked(_)),
                });
                // One that names no channel is clear only when one alone was asked for.
                if let (Some(channel), None) = (asked.next(), asked.next()) {
                    accept_late(channel, out);
                }
            }
            Meaning::Unsubscribed => self.answered(message.form, now, out),
            Meaning::Event(event) => {
                self.heard_event(message.form, now, out);
                message.say(event, out);
            }
            Meaning::Error => {
                message.say_error(out);
                let named = message.channel();
                let channel = self.channels.iter_mut().find(|channel| Some(channel.id.as_str()) == named.as_deref());
                if let Some(channel) = channel.filter(|channel| matches!(channel.state, State::Asked(_))) {
                    channel.state = State::Refused;
                    out.subscription(&channel.id, SubscriptionState::Refused("the service answered with an error"));
                }
            }
            Meaning::Unknown => unread::unknown(out, &message.name, message.data),
        }
    }

    /// Takes note that something that was sent is answered.
    fn answered(&mut self, form: Dialect, now: Instant, out: &mut dyn Sink) {
        self.authenticate(out);
        let Some(search) = self.search.take() else { return };
        // In the first round only one form was sent, so that one is understood, whatever the answer looks like.
        let understood = if search.round == 1 { self.dialect } else { form };
        self.known = Some(understood);
        self.repeat_at = Some(now + REPEAT);
        for channel in &mut self.channels {
            if let State::Asked(tries) = &mut channel.state {
                *tries = 1;
            }
        }
        if understood != self.dialect {
            self.dialect = understood;
            self.greet(now, out);
        }
    }

    /// Takes note of an event: the credential is accepted, and the service most likely reads the form that it writes.
    fn heard_event(&mut self, form: Dialect, now: Instant, out: &mut dyn Sink) {
        self.authenticate(out);
        if let Some(search) = &mut self.search
            && form != self.dialect
            && search.round < ROUNDS
        {
            search.round += 1;
            search.until = now + ROUND;
            self.dialect = form;
            self.greet(now, out);
        }
    }

    fn authenticate(&mut self, out: &mut dyn Sink) {
        if !self.authenticated {
            self.authenticated = true;
            out.progress(Progress::Subscribing);
        }
    }

    fn settle(&mut self, out: &mut dyn Sink) {
        let asked = self.channels.iter().any(|channel| matches!(channel.state, State::Asked(_)));
        if !asked && self.search.is_none() {
            self.repeat_at = None;
        }
        if self.authenticated && !asked && !self.live {
            self.live = true;
            out.progress(Progress::Live);
        }
    }

    fn ask(&mut self, ask: &Ask, now: Instant, out: &mut dyn Sink) {
        match ask {
            Ask::Subscribe(id) => {
                let full = self.channels.len() >= CHANNELS;
                match self.channels.iter_mut().find(|channel| channel.id == *id) {
                    Some(channel) if channel.state == State::Refused => channel.state = State::Asked(0),
                    Some(_) => return,
                    None if full => {
                        let words = format!("a connection subscribes to at most {CHANNELS} channels");
                        return out.subscription(id, SubscriptionState::Refused(&words));
                    }
                    None => self.channels.push(Channel { id: id.clone(), state: State::Asked(0) }),
                }
                // Before the socket is open it is only taken note of: opening subscribes it.
                if self.heartbeat_at.is_some() {
                    out.subscription(id, SubscriptionState::Requested);
                    self.greet(now, out);
                }
            }
            Ask::Unsubscribe(id) => {
                self.channels.retain(|channel| channel.id != *id);
                if self.heartbeat_at.is_some() {
                    self.dialect.channel("unsubscribe", id, out);
                }
                out.subscription(id, SubscriptionState::Ended);
            }
            Ask::RunQuery { .. } | Ask::StopQuery { .. } | Ask::CreateLiveQuery(_) | Ask::DestroyLiveQuery(_) => {
                asked::cannot(ask, Protocol::Agenthq, out);
            }
        }
    }

    fn timeout(&mut self, now: Instant, out: &mut dyn Sink) -> Result<(), Ended> {
        let due = |at: Option<Instant>| at.is_some_and(|at| at <= now);
        if due(self.dead_at) {
            return Err(Ended::retry("nothing came after a heartbeat: the connection is dead"));
        }
        if due(self.search.as_ref().map(|search| search.until)) {
            self.next_round(now, out)?;
        }
        if due(self.repeat_at) {
            self.repeat(now, out);
        }
        if due(self.heartbeat_at) {
            self.dialect.heartbeat(out);
            self.heartbeat_at = Some(now + HEARTBEAT);
            self.dead_at = self.dead_at.or(Some(now + HEARTBEAT));
        }
        Ok(())
    }
}

impl Session for Agenthq {
    fn connect(&mut self, credential: &SecretString) -> Result<ClientRequest, Ended> {
        self.dialect = self.known.unwrap_or(Dialect::Documented);
        self.search = None;
        self.authenticated = false;
        self.live = false;
        self.repeat_at = None;
        self.heartbeat_at = None;
        self.dead_at = None;
        for channel in &mut self.channels {
            channel.state = State::Asked(0);
        }
        Ok(ClientRequest {
            url: self.url.clone(),
            secret_query: vec![("token", credential.clone())],
            secret_headers: Vec::new(),
        })
    }

    fn handle(&mut self, input: Input<'_>, now: Instant, out: &mut dyn Sink) -> Result<(), Ended> {
        match input {
            Input::Opened => self.opened(now, out),
            Input::Text(text) => {
                self.dead_at = None;
                match message::read(text) {
                    Some(message) => self.message(&message, now, out),
                    None => unread::text_frame(out, text),
                }
            }
            Input::Binary(bytes) => {
                self.dead_at = None;
                unread::first_bytes(out, "binary", bytes);
            }
            Input::Pong => return Ok(()),
            Input::Timeout => self.timeout(now, out)?,
            Input::Ask(ask) => self.ask(ask, now, out),
            Input::Probe if self.search.is_none() && self.heartbeat_at.is_some() => {
                self.dialect.heartbeat(out);
                self.heartbeat_at = Some(now + HEARTBEAT);
                self.dead_at = Some(self.dead_at.map_or(now + PROBE, |at| at.min(now + PROBE)));
            }
            // While the form is searched for, every answer is awaited with a deadline anyway.
            Input::Probe => {}
        }
        self.settle(out);
        Ok(())
    }

    fn poll_timeout(&self) -> Option<(Instant, &'static str)> {
        let search = self.search.as_ref().map(|search| (search.until, "no answer to this wire form"));
        let repeat = self.repeat_at.map(|at| (at, "repeat what is unanswered"));
        let heartbeat = self.heartbeat_at.map(|at| (at, "heartbeat"));
        let dead = self.dead_at.map(|at| (at, "heartbeat unanswered"));
        [dead, search, repeat, heartbeat].into_iter().flatten().min_by_key(|(at, _)| *at)
    }

    fn closed(&mut self, close: Option<Close<'_>>) -> Ended {
        let words = ending::close_words(close);
        match close.map(|close| close.code) {
            Some(4001) => Ended::needs_credential(format!("{words}: it refuses the credential")),
            Some(4000) => Ended::retry(format!("{words}: an internal error of the service")),
            _ => Ended::retry(words),
        }
    }

    fn rejected(&mut self, status: u16, retry_after: Option<Duration>) -> Ended {
        ending::rejection(status, retry_after)
    }

    fn fetches(
        &mut self,
        _: Occasion,
        known_until: Option<Timestamp>,
        credential: &SecretString,
        now: Timestamp,
    ) -> Vec<Fetch> {
        let channels = self.channels.iter().filter(|channel| channel.state != State::Refused);
        let ids = channels.map(|channel| channel.id.as_str());
        backfill::fetches(&self.site, ids, known_until, credential, now)
    }

    fn fetched(&mut self, fetch: &Fetch, body: &[u8], out: &mut dyn Sink) -> Result<Option<Fetch>, String> {
        backfill::fetched(fetch, body, out)
    }

    fn shutdown(&mut self, out: &mut dyn Sink) {
        if self.authenticated {
            for channel in &self.channels {
                if channel.state == State::Accepted {
                    self.dialect.channel("unsubscribe", &channel.id, out);
                }
            }
        }
        out.send(Outgoing::Close { code: 1000, reason: "" });
    }
}

fn accept(channel: &mut Channel, out: &mut dyn Sink) {
    if matches!(channel.state, State::Asked(_)) {
        accept_late(channel, out);
    }
}

/// Accepts a channel, also one that was given up.
fn accept_late(channel: &mut Channel, out: &mut dyn Sink) {
    if channel.state != State::Accepted {
        channel.state = State::Accepted;
        out.subscription(&channel.id, SubscriptionState::Accepted);
    }
}
