//! What is fetched over HTTP beside the stream: how things are, and what was missed. Pure: a session says what to ask and
//! reads the answers; the link asks.

use secrecy::SecretString;
use url::Url;

use crate::time::Timestamp;

/// One HTTP request of a session. Its answer goes to [`crate::Session::fetched`], which may name the next page.
#[derive(Debug, Clone)]
pub struct Fetch {
    /// The operator's words for it: `lock events of ABC123`.
    pub what: String,
    /// What it is for.
    pub purpose: Purpose,
    /// How it is asked.
    pub method: Method,
    /// Where; it holds no secret and may be shown.
    pub url: Url,
    /// Headers whose values are secret.
    pub secret_headers: Vec<(&'static str, SecretString)>,
    /// The JSON that is sent with it.
    pub body: Option<String>,
    /// From when on it tells what happened; `None` when it tells how things are.
    pub since: Option<Timestamp>,
    /// What its session reads the answer by.
    pub(crate) tag: Tag,
}

/// What a fetch is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// How things are.
    Snapshot,
    /// What happened while nobody listened. When it cannot be had, there is a gap.
    Missed,
}

/// How a fetch is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Method {
    /// `GET`
    Get,
    /// `POST`, with a JSON body.
    Post,
}

/// Why there is something to fetch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Occasion {
    /// The connection is live for the first time.
    Start,
    /// It is live again.
    Reconnected,
    /// The service said that it dropped something.
    Overflow,
    /// The computer slept and the connection has lived through it.
    Woke,
}

/// What a session needs to know again when the answer comes.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tag {
    /// What is in the answer.
    pub of: Of,
    /// The one it is about: a hardware id, a stream, a channel; empty where it is about all.
    pub subject: String,
    /// How many pages came before this one.
    pub pages: usize,
    /// From when on this page tells, where the next one begins with the last entry's time.
    pub from: Option<Timestamp>,
    /// How many entries the pages before this one had.
    pub offset: usize,
    /// When it was first asked for: what the answer says was so then at the earliest.
    pub asked: Timestamp,
    /// What the page before this one held, to find a service that answers the same one for ever.
    pub before: Option<u64>,
}

/// What is in an answer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Of {
    /// Nobody here knows.
    #[default]
    Unknown,
    Devices,
    LockEvents,
    Stream,
    Hosts,
    Agents,
    Tasks,
    Posts,
    RunningJobs,
    RecentJobs,
}

impl Tag {
    /// The number of the page after this one, where the first is 1.
    pub fn next_page(&self) -> usize {
        self.pages + 2
    }
}

impl Fetch {
    /// A `GET` without secrets.
    pub fn get(what: impl Into<String>, purpose: Purpose, url: Url) -> Self {
        Fetch {
            what: what.into(),
            purpose,
            method: Method::Get,
            url,
            secret_headers: Vec::new(),
            body: None,
            since: None,
            tag: Tag::default(),
        }
    }
}

impl Method {
    /// Its word in a request.
    pub const fn name(self) -> &'static str {
        match self {
            Method::Get => "GET",
            Method::Post => "POST",
        }
    }
}
