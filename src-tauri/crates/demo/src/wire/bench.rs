//! A client of one service without a socket, for tests of the rules: time is a number.

use std::sync::Arc;

use serde_json::Value;

use super::{Call, Clock, Gate, Outbox, Refusal, Shared, Simulated};
use crate::Action;

pub(crate) const TOKEN: &str = "the-right-token";
const BEGIN: u64 = 1_790_000_000_000;

pub(crate) fn shared() -> Arc<Shared> {
    Arc::new(Shared::new(Gate::new(TOKEN.to_owned().into()), Clock::start(), BEGIN))
}

pub(crate) struct Bench<S: Simulated> {
    pub(crate) service: S,
    pub(crate) session: S::Session,
    pub(crate) out: Outbox,
    pub(crate) now: u64,
}

impl<S: Simulated> Bench<S> {
    /// Dials the service; what it says first stays in the outbox.
    pub(crate) fn dial(mut service: S, path: &str, query: &str) -> Result<Self, Refusal> {
        let session = service.admit(&Call { path, query, api_key: None }, BEGIN)?;
        let mut bench = Bench { service, session, out: Outbox::default(), now: BEGIN };
        bench.service.opened(&mut bench.session, bench.now, &mut bench.out);
        Ok(bench)
    }

    /// Sends a frame and takes all the answers.
    pub(crate) fn say(&mut self, text: &str) -> Vec<Value> {
        self.service.text(&mut self.session, text, self.now, &mut self.out);
        self.heard()
    }

    /// Takes what the service has said.
    pub(crate) fn heard(&mut self) -> Vec<Value> {
        let texts = self.out.texts();
        texts.iter().map(|text| serde_json::from_str(text).unwrap_or_else(|_| text.as_str().into())).collect()
    }

    /// Lets time pass, deadline by deadline, and takes what the service has said, with the time after which it said it.
    pub(crate) fn wait(&mut self, milliseconds: u64) -> Vec<(u64, Value)> {
        let (begin, end) = (self.now, self.now + milliseconds);
        let mut heard = Vec::new();
        while let Some(at) = S::deadline(&self.session).filter(|at| *at <= end && self.out.closing().is_none()) {
            self.now = at.max(self.now);
            self.service.timeout(&mut self.session, self.now, &mut self.out);
            let after = self.now - begin;
            heard.extend(self.heard().into_iter().map(|frame| (after, frame)));
        }
        self.now = end;
        heard
    }

    /// Lets the world tick and takes what the client hears of it.
    pub(crate) fn live(&mut self, ticks: u64) -> Vec<Value> {
        for _ in 0..ticks {
            self.now += crate::world::TICK_MS;
            let mut events = Vec::new();
            self.service.step(self.now, &mut events);
            self.deliver(&events);
        }
        self.heard()
    }

    /// Makes something happen and takes what the client hears of it.
    pub(crate) fn act(&mut self, action: &Action) -> (Option<String>, Vec<Value>) {
        let mut events = Vec::new();
        let answer = self.service.act(action, self.now, &mut events);
        self.deliver(&events);
        (answer, self.heard())
    }

    fn deliver(&mut self, events: &[S::Event]) {
        for event in events {
            S::deliver(&mut self.session, event, self.now, &mut self.out);
        }
    }

    pub(crate) fn closing(&self) -> Option<u16> {
        self.out.closing().map(|(code, _)| code)
    }
}
