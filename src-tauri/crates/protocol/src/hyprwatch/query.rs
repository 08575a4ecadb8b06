//! Query runs of one channel. A `result` names no query, so one run is made after the other.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use serde_json::value::RawValue;

use crate::event::{EventBody, Query, QueryAnswer, QuerySummary, StreamEvent};
use crate::loose::{LooseNumber, LooseText};
use crate::object::object;
use crate::session::Sink;
use crate::text::Text;
use crate::unread;

/// How many runs may wait for the one that runs.
pub(super) const WAITING: usize = 32;

/// How long nothing may come for a run before it is given up.
pub(super) const SILENCE: Duration = Duration::from_secs(600);

/// How long a query's id may be to be kept, in bytes; a longer one is no id.
const QUERY_ID: usize = 256;

/// The runs of one channel: the one that runs and those that wait.
#[derive(Debug, Default)]
pub(super) struct Runs {
    current: Option<Current>,
    waiting: VecDeque<Waiting>,
}

/// A run that was asked for and not begun.
#[derive(Debug)]
pub(super) struct Waiting {
    /// The caller's number.
    pub run: u64,
    sql: String,
    target: String,
}

#[derive(Debug)]
struct Current {
    run: u64,
    /// The ref of its push.
    reference: u64,
    /// The service's id of it, once a reply names it.
    query_id: Option<String>,
    /// When it is given up unless something comes.
    silent_at: Instant,
}

impl Waiting {
    /// A run to come.
    pub fn new(run: u64, sql: &str, target: &str) -> Self {
        Waiting { run, sql: sql.to_owned(), target: target.to_owned() }
    }

    /// The payload of its push.
    pub fn payload(&self) -> String {
        format!("{{\"sql\":{},\"target\":{}}}", super::frame::quoted(&self.sql), super::frame::quoted(&self.target))
    }
}

impl Runs {
    /// Lines a run up; `false` when too many wait.
    pub fn line_up(&mut self, run: Waiting) -> bool {
        let room = self.waiting.len() < WAITING;
        if room {
            self.waiting.push_back(run);
        }
        room
    }

    /// The next run to begin, when none runs.
    pub fn next(&mut self) -> Option<Waiting> {
        if self.current.is_some() { None } else { self.waiting.pop_front() }
    }

    /// Takes note that a run began with the push `reference`.
    pub fn began(&mut self, run: u64, reference: u64, now: Instant) {
        self.current = Some(Current { run, reference, query_id: None, silent_at: now + SILENCE });
    }

    /// Forgets a run; `true` when it is the one that the service works on.
    pub fn stop(&mut self, run: u64) -> bool {
        self.waiting.retain(|waiting| waiting.run != run);
        self.current.take_if(|current| current.run == run).is_some()
    }

    /// Takes the reply to a push, when it is the current run's: an error ends the run.
    pub fn reply(&mut self, org: &str, reference: u64, ok: bool, response: &str, now: Instant, out: &mut dyn Sink) {
        let Some(current) = self.current.as_mut().filter(|current| current.reference == reference) else { return };
        if ok {
            current.silent_at = now + SILENCE;
            let id = serde_json::from_str::<Complete<'_>>(response).ok().and_then(|reply| reply.query_id.0);
            current.query_id = id.filter(|id| id.len() <= QUERY_ID).map(|id| id.0.into_owned());
        } else {
            let run = current.run;
            self.current = None;
            let words = words_of(response).unwrap_or(Text::from("the service refused the query"));
            say_error(org, Some(run), words, response, out);
        }
    }

    /// Takes an event of the query channel; `false` when it is none of `result`, `complete` and `error`.
    pub fn event(&mut self, org: &str, event: &str, payload: &str, now: Instant, out: &mut dyn Sink) -> bool {
        match event {
            "result" => self.result(org, payload, now, out),
            "complete" => self.complete(org, payload, out),
            "error" => {
                let id = serde_json::from_str::<Complete<'_>>(payload).ok().and_then(|error| error.query_id.0);
                let run = self.end(id.as_deref());
                let words = words_of(payload).unwrap_or(Text::from("the service names no reason"));
                say_error(org, run, words, payload, out);
            }
            _ => return false,
        }
        true
    }

    /// When the current run is given up.
    pub fn deadline(&self) -> Option<Instant> {
        self.current.as_ref().map(|current| current.silent_at)
    }

    /// Gives the current run up when its time has come.
    pub fn give_up_silent(&mut self, org: &str, now: Instant, out: &mut dyn Sink) {
        if let Some(current) = self.current.take_if(|current| current.silent_at <= now) {
            fail(org, current.run, "nothing came for 10 minutes", out);
        }
    }

    /// Fails the current run.
    pub fn fail_current(&mut self, org: &str, why: &str, out: &mut dyn Sink) {
        if let Some(current) = self.current.take() {
            fail(org, current.run, why, out);
        }
    }

    /// Fails the current run and those that wait.
    pub fn fail_all(&mut self, org: &str, why: &str, out: &mut dyn Sink) {
        for run in self.drain() {
            fail(org, run, why, out);
        }
    }

    /// Forgets all runs; their numbers, the current one's first.
    pub fn drain(&mut self) -> Vec<u64> {
        let current = self.current.take().map(|current| current.run);
        current.into_iter().chain(self.waiting.drain(..).map(|waiting| waiting.run)).collect()
    }

    fn result(&mut self, org: &str, payload: &str, now: Instant, out: &mut dyn Sink) {
        let Ok(result) = serde_json::from_str::<HostResult<'_>>(payload) else {
            return unread::malformed(out, "result", payload);
        };
        let rows = result.rows.map_or("[]", RawValue::get);
        let (Some(host), true) = (result.host_id.0.filter(|host| !host.is_empty()), rows.starts_with('[')) else {
            return unread::malformed(out, "result", payload);
        };
        let run = self.current_if(result.query_id.0.as_deref()).map(|current| {
            current.silent_at = now + SILENCE;
            current.run
        });
        let answer = QueryAnswer::Result {
            host,
            hostname: result.hostname.0,
            rows,
            status: result.status.0,
            error: result.error.and_then(words),
        };
        say(org, run, answer, payload, out);
    }

    fn complete(&mut self, org: &str, payload: &str, out: &mut dyn Sink) {
        let Ok(complete) = serde_json::from_str::<Complete<'_>>(payload) else {
            unread::malformed(out, "complete", payload);
            return self.fail_current(org, "the service ended it with a message that could not be read", out);
        };
        let summary = complete.summary.and_then(|raw| serde_json::from_str::<Summary<'_>>(raw.get()).ok());
        let run = self.end(complete.query_id.0.as_deref());
        let answer = QueryAnswer::Complete {
            query_id: complete.query_id.0,
            summary: summary.map_or_else(QuerySummary::default, |summary| summary.counts()),
        };
        say(org, run, answer, payload, out);
    }

    /// Ends the current run, unless the message names another one.
    fn end(&mut self, query_id: Option<&str>) -> Option<u64> {
        let run = self.current_if(query_id)?.run;
        self.current = None;
        Some(run)
    }

    fn current_if(&mut self, query_id: Option<&str>) -> Option<&mut Current> {
        self.current.as_mut().filter(|current| match (&current.query_id, query_id) {
            (Some(ours), Some(theirs)) => ours == theirs,
            _ => true,
        })
    }
}

/// Says that a run failed for a reason that was found here.
pub(super) fn fail(org: &str, run: u64, why: &str, out: &mut dyn Sink) {
    say_error(org, Some(run), Text::from(why), &unread::said_here(why), out);
}

/// What a service's `{reason}`, `{message}` or `{error}` says; the JSON text itself when it has none of them.
pub(super) fn words_of(json: &str) -> Option<Text<'_>> {
    let said = serde_json::from_str::<Said<'_>>(json).ok().and_then(|said| said.words.and_then(words));
    said.or_else(|| (!matches!(json, "{}" | "null")).then(|| Text::from(json)))
}

object! {
    /// The payload of `result`: `{host_id, hostname, rows, status?}`.
    struct HostResult<'a> {
        "host_id" => host_id: LooseText<'a>,
        "hostname" => hostname: LooseText<'a>,
        "rows" => rows: Option<&'a RawValue>,
        "status" => status: LooseText<'a>,
        "error" | "message" | "reason" => error: Option<&'a RawValue>,
        "query_id" => query_id: LooseText<'a>,
    }
}

object! {
    /// The payload of `complete`: `{query_id, summary}`; of a reply or an error, what names the query.
    struct Complete<'a> {
        "query_id" => query_id: LooseText<'a>,
        "summary" => summary: Option<&'a RawValue>,
    }
}

object! {
    /// The counts of `complete`, as in the service's REST answers.
    struct Summary<'a> {
        "total" => total: LooseNumber,
        "success" => success: LooseNumber,
        "timeout" => timeout: LooseNumber,
        "error" => error: LooseNumber,
        "duration_ms" => duration_ms: LooseNumber,
    }
}

object! {
    /// What a service says of an error.
    struct Said<'a> {
        "reason" | "message" | "error" => words: Option<&'a RawValue>,
    }
}

impl Summary<'_> {
    fn counts(&self) -> QuerySummary {
        QuerySummary {
            total: self.total.0,
            success: self.success.0,
            timeout: self.timeout.0,
            error: self.error.0,
            duration_ms: self.duration_ms.0,
        }
    }
}

/// What a value says to a person: a string's content, else its JSON text; nothing when it is empty.
fn words(raw: &RawValue) -> Option<Text<'_>> {
    let json = raw.get();
    let words = serde_json::from_str(json).unwrap_or(Text::from(json));
    (!words.is_empty() && words.as_str() != "null").then_some(words)
}

fn say_error(org: &str, run: Option<u64>, message: Text<'_>, data: &str, out: &mut dyn Sink) {
    say(org, run, QueryAnswer::Error { message }, data, out);
}

fn say(org: &str, run: Option<u64>, answer: QueryAnswer<'_>, data: &str, out: &mut dyn Sink) {
    out.event(&StreamEvent { at: None, body: EventBody::Query(Query { org, run, answer }), data });
}
