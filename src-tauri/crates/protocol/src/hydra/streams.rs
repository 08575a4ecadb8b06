//! Which streams the operator wants, and what is known of them.

use crate::config::{Connection, Subscribe};
use crate::session::{Outgoing, Sink, SubscriptionState};

use super::wire::{Answer, Request};

/// The word for everything that is in the token's scope.
const ALL: &str = "*";
/// The streams that there are where the service does not say. ("Connecting")
const DOCUMENTED: [&str; 3] = ["signals", "alerts", "cyber"];
/// How many of the service's own stream names are kept, and how long one may be.
const AVAILABLE: usize = 256;
const NAME: usize = 128;
/// How many streams that were shown to be out of scope are kept; the oldest are forgotten first.
const OUT_OF_SCOPE: usize = 512;

/// The wanted streams. Bounded by what the operator asks for, and 256 names of the service.
#[derive(Debug)]
pub(super) struct Streams {
    wanted: Vec<Wanted>,
    /// Streams that a close with 4004 showed to be out of scope: they are not asked for again.
    out_of_scope: Vec<String>,
    /// What this attempt's `connected` offered; `None` when it did not say.
    available: Option<Vec<String>>,
    /// What this attempt asked for, in order.
    asked: Vec<String>,
    /// How many wanted streams wait for an answer or a first message.
    requested: usize,
}

#[derive(Debug)]
struct Wanted {
    name: String,
    is_requested: bool,
}

impl Streams {
    pub(super) fn new(connection: &Connection) -> Self {
        let mut streams =
            Streams { wanted: Vec::new(), out_of_scope: Vec::new(), available: None, asked: Vec::new(), requested: 0 };
        for name in connection.subscribe.iter().map(Subscribe::name) {
            streams.want(name);
        }
        if streams.wanted.is_empty() {
            streams.want(ALL);
        }
        streams
    }

    /// Takes what the service offers and asks for what is wanted of it; what it does not offer is refused unasked.
    pub(super) fn offered<'a>(&mut self, names: Option<impl Iterator<Item = &'a str>>, out: &mut dyn Sink) {
        self.available =
            names.map(|names| names.filter(|name| name.len() <= NAME).take(AVAILABLE).map(str::to_owned).collect());
        let all: Vec<String> = self.wanted.iter().map(|wanted| wanted.name.clone()).collect();
        self.ask(&all, out);
    }

    /// Adds a stream; asks for it at once when `is_live`.
    pub(super) fn subscribe(&mut self, name: &str, is_live: bool, out: &mut dyn Sink) {
        self.out_of_scope.retain(|other| other != name);
        self.asked.retain(|other| other != name);
        self.want(name);
        if is_live {
            self.ask(&[name.to_owned()], out);
        }
    }

    pub(super) fn unsubscribe(&mut self, name: &str, is_live: bool, out: &mut dyn Sink) {
        self.wanted.retain(|wanted| wanted.name != name);
        self.asked.retain(|asked| asked != name);
        self.count();
        if is_live {
            send("unsubscribe", &[name.to_owned()], out);
        }
        // The service need not answer.
        out.subscription(name, SubscriptionState::Ended);
    }

    /// Takes the answer to a subscribe.
    pub(super) fn answered(&mut self, answer: &Answer<'_>, out: &mut dyn Sink) {
        let has = |list: &[crate::Text<'_>], name: &str| list.iter().any(|other| other.as_str() == name);
        for wanted in &mut self.wanted {
            let name = wanted.name.as_str();
            if has(&answer.rejected.0, name) {
                let words = answer.reason(name);
                wanted.is_requested = false;
                let words = words.as_deref().unwrap_or("the service rejected it");
                out.subscription(name, SubscriptionState::Refused(words));
            } else if wanted.is_requested {
                let is_accepted = has(&answer.subscribed.0, name)
                    || has(&answer.active.0, name)
                    || name == ALL && !(answer.subscribed.0.is_empty() && answer.active.0.is_empty());
                if is_accepted {
                    wanted.is_requested = false;
                    out.subscription(name, SubscriptionState::Accepted);
                }
            }
        }
        self.count();
    }

    /// Takes note that a message of a stream came: whoever gets messages is subscribed.
    #[inline]
    pub(super) fn heard(&mut self, stream: &str, out: &mut dyn Sink) {
        if self.requested == 0 {
            return;
        }
        for wanted in &mut self.wanted {
            if wanted.is_requested && (wanted.name == stream || wanted.name == ALL) {
                wanted.is_requested = false;
                out.subscription(&wanted.name, SubscriptionState::Accepted);
            }
        }
        self.count();
    }

    /// Takes a close with 4004 and drops what it was about: the streams that its reason names, else what was asked for
    /// and is not offered, else what was asked for last. Gives whether anything is left to ask for.
    pub(super) fn drop_out_of_scope(&mut self, reason: &str) -> bool {
        let is_word =
            |name: &str| reason.split(|c: char| !c.is_alphanumeric() && !"_-.".contains(c)).any(|w| w == name);
        let mut dropped: Vec<String> = self.asked.iter().filter(|name| is_word(name)).cloned().collect();
        if dropped.is_empty()
            && let Some(available) = &self.available
        {
            dropped = self.asked.iter().filter(|name| *name != ALL && !available.contains(name)).cloned().collect();
        }
        if dropped.is_empty() {
            dropped.extend(self.asked.last().cloned());
        }
        for name in dropped {
            if !self.out_of_scope.contains(&name) {
                self.out_of_scope.push(name);
                if self.out_of_scope.len() > OUT_OF_SCOPE {
                    self.out_of_scope.remove(0);
                }
            }
        }
        let all: Vec<String> = self.wanted.iter().map(|wanted| wanted.name.clone()).collect();
        all.iter().any(|name| !self.on_the_wire(name).is_empty())
    }

    /// The streams that come, as far as they are known by name.
    pub(super) fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for wanted in &self.wanted {
            let every = || match &self.available {
                Some(available) => available.clone(),
                None => DOCUMENTED.map(str::to_owned).to_vec(),
            };
            let of_it = if wanted.name == ALL { every() } else { self.on_the_wire(&wanted.name) };
            for name in of_it {
                if !names.contains(&name) && !self.out_of_scope.contains(&name) {
                    names.push(name);
                }
            }
        }
        names
    }

    /// Ends everything at the service.
    pub(super) fn release(&self, out: &mut dyn Sink) {
        if !self.asked.is_empty() {
            send("unsubscribe", &self.asked, out);
        }
    }

    /// Forgets the attempt. What was offered stays until the next offer: a close with 4004 is judged by it.
    pub(super) fn forget(&mut self) {
        self.asked.clear();
        for wanted in &mut self.wanted {
            wanted.is_requested = false;
        }
        self.requested = 0;
    }

    fn ask(&mut self, names: &[String], out: &mut dyn Sink) {
        let mut asking = Vec::new();
        for name in names {
            let wire = self.on_the_wire(name);
            if wire.is_empty() {
                let words = if self.out_of_scope.contains(name) {
                    "the service closed with 4004: it is not in the token's scope"
                } else {
                    "it is not among the streams that the service offers this token"
                };
                out.subscription(name, SubscriptionState::Refused(words));
                continue;
            }
            asking.extend(wire);
            if let Some(wanted) = self.wanted.iter_mut().find(|wanted| wanted.name == *name) {
                wanted.is_requested = true;
                out.subscription(name, SubscriptionState::Requested);
            }
        }
        self.count();
        asking.retain(|name| !self.asked.contains(name));
        let mut seen = std::collections::HashSet::new();
        asking.retain(|name| seen.insert(name.clone()));
        if !asking.is_empty() {
            send("subscribe", &asking, out);
            self.asked.extend(asking);
        }
    }

    /// What to ask the service for when the operator wants `name`; nothing when that is known to be in vain. Where `*`
    /// itself was refused, it is each of the streams that the service offers.
    fn on_the_wire(&self, name: &str) -> Vec<String> {
        let is_out = |name: &str| self.out_of_scope.iter().any(|other| other == name);
        match &self.available {
            Some(available) if name == ALL && is_out(ALL) => {
                available.iter().filter(|stream| !is_out(stream)).cloned().collect()
            }
            _ if is_out(name) => Vec::new(),
            Some(available) if name != ALL && !available.iter().any(|stream| stream == name) => Vec::new(),
            _ => vec![name.to_owned()],
        }
    }

    fn want(&mut self, name: &str) {
        if !self.wanted.iter().any(|wanted| wanted.name == name) {
            self.wanted.push(Wanted { name: name.to_owned(), is_requested: false });
        }
    }

    fn count(&mut self) {
        self.requested = self.wanted.iter().filter(|wanted| wanted.is_requested).count();
    }
}

fn send(action: &'static str, streams: &[String], out: &mut dyn Sink) {
    // Strings always serialise.
    if let Ok(text) = serde_json::to_string(&Request { action, streams }) {
        out.send(Outgoing::Text(text));
    }
}
