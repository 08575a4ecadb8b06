//! Runs transcripts: what a service and an operator did, step by step, against the real session of a connection, and
//! writes down what the session said. `tests/fixtures/<protocol>/NAME.jsonl` is compared with the snapshot beside it
//! in `snapshots/NAME.snap`; `INSTA_UPDATE=always cargo test -p protocol` writes the snapshots anew.
//!
//! A transcript's first line is the connection as JSON, in the words of the configuration file. Every further line is
//! one [`Step`].

#![allow(dead_code, reason = "every test binary uses its own part of this module")]
#![allow(clippy::unwrap_used, reason = "what fails here fails a test")]

pub mod arbitrary;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use protocol::config::LiveQuery;
use protocol::{
    Ask, Close, Connection, Disposition, Ended, Input, Outgoing, Progress, Session, Sink, StreamEvent,
    SubscriptionState,
};
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::value::RawValue;

/// One line of a transcript.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Step {
    /// A word for the reader.
    Note(String),
    /// An attempt begins with this credential.
    Connect(String),
    /// The upgrade was accepted.
    Opened(bool),
    /// The upgrade was answered with this HTTP status.
    Rejected(u16),
    /// The same, with `Retry-After`.
    RejectedAfter {
        /// The HTTP status.
        status: u16,
        /// `Retry-After`.
        seconds: u64,
    },
    /// A text frame: a JSON string is its text, any other JSON is sent as it stands here.
    Text(Box<RawValue>),
    /// A binary frame: numbers are bytes, strings are their bytes.
    Binary(Vec<Bytes>),
    /// Time passes; every deadline in it fires at its own time.
    AdvanceMs(u64),
    /// The operator asks.
    Ask(Asked),
    /// A WebSocket pong came.
    Pong(bool),
    /// The link asks for a sign of life.
    Probe(bool),
    /// The service closed with a close frame.
    Close {
        /// The close code.
        code: u16,
        /// Its reason.
        #[serde(default)]
        reason: String,
    },
    /// The socket ended without a close frame.
    Lost(bool),
    /// The link says goodbye.
    Shutdown(bool),
}

/// A part of a binary frame.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub enum Bytes {
    /// One byte.
    Byte(u8),
    /// The bytes of a string.
    Text(String),
}

/// An [`Ask`] as transcripts write it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Asked {
    /// [`Ask::RunQuery`]
    RunQuery {
        /// The run's number.
        run: u64,
        /// The org.
        #[serde(default)]
        org: Option<String>,
        /// The SQL.
        sql: String,
        /// The target.
        target: String,
    },
    /// [`Ask::StopQuery`]
    StopQuery(u64),
    /// [`Ask::Subscribe`]
    Subscribe(String),
    /// [`Ask::Unsubscribe`]
    Unsubscribe(String),
    /// [`Ask::CreateLiveQuery`]
    CreateLiveQuery(LiveQuery),
    /// [`Ask::DestroyLiveQuery`]
    DestroyLiveQuery(String),
}

/// A transcript that was read.
pub struct Transcript {
    /// Its first line.
    pub connection: Connection,
    /// Its other lines with their text.
    pub steps: Vec<(String, Step)>,
}

/// Runs every transcript of a protocol and compares each with its snapshot; twice, to see that it says the same.
pub fn run_transcripts(protocol: &str) {
    for (name, transcript) in transcripts(protocol) {
        let said = Run::new(&transcript.connection).play(&transcript, &mut |_| 0).report();
        let again = Run::new(&transcript.connection).play(&transcript, &mut |_| 0).report();
        assert_eq!(said, again, "{protocol}/{name} says something else the second time");
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(fixtures(protocol).join("snapshots"));
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!(name, said));
    }
}

/// Every transcript of a protocol, by name.
pub fn transcripts(protocol: &str) -> Vec<(String, Transcript)> {
    let folder = fixtures(protocol);
    let entries = std::fs::read_dir(&folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "jsonl"));
    paths.sort();
    assert!(!paths.is_empty(), "no transcript in {}", folder.display());
    paths.iter().map(|path| (path.file_stem().unwrap().to_str().unwrap().to_owned(), read(path))).collect()
}

/// The folder of a protocol's fixtures.
pub fn fixtures(protocol: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/fixtures").join(protocol)
}

fn read(path: &Path) -> Transcript {
    let text = std::fs::read_to_string(path).unwrap();
    let mut lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let at = |number: usize| format!("{} line {}", path.file_name().unwrap().to_string_lossy(), number + 1);
    let (number, first) = lines.next().unwrap_or_else(|| panic!("{} is empty", path.display()));
    let connection = serde_json::from_str(first).unwrap_or_else(|e| panic!("{}: {e}", at(number)));
    let steps = lines
        .map(|(number, line)| {
            (line.to_owned(), serde_json::from_str(line).unwrap_or_else(|e| panic!("{}: {e}", at(number))))
        })
        .collect();
    Transcript { connection, steps }
}

/// A session under test, its clock, and what it said.
pub struct Run {
    session: Box<dyn Session>,
    start: Instant,
    now: Instant,
    token: Option<String>,
    ended: bool,
    heard: Recorder,
}

impl Run {
    /// A new session of the connection; nothing has happened.
    pub fn new(connection: &Connection) -> Self {
        // The only clock here: an `Instant` cannot be made otherwise. All times are relative to it.
        let start = Instant::now();
        let session = protocol::session(connection);
        Run { session, start, now: start, token: None, ended: true, heard: Recorder::default() }
    }

    /// Plays a transcript. `gap` says how many milliseconds pass before each step besides what the transcript says.
    pub fn play(mut self, transcript: &Transcript, gap: &mut dyn FnMut(usize) -> u64) -> Self {
        for (index, (line, step)) in transcript.steps.iter().enumerate() {
            let extra = gap(index);
            if extra > 0 && !self.ended {
                self.advance(Duration::from_millis(extra));
            }
            match step {
                Step::Note(note) => self.heard.line("#", note),
                Step::Connect(_) => self.heard.line(">", "connect"),
                _ => self.heard.line(">", line),
            }
            self.step(step);
        }
        self
    }

    /// Does one step.
    pub fn step(&mut self, step: &Step) {
        let outside = matches!(step, Step::Note(_) | Step::Connect(_) | Step::AdvanceMs(_) | Step::Shutdown(_));
        assert!(outside || !self.ended, "the attempt is over, and the transcript goes on with {step:?}");
        match step {
            Step::Note(_) => {}
            Step::Connect(token) => self.connect(token),
            Step::Opened(_) => self.input(Input::Opened),
            Step::Rejected(status) => self.rejected(*status, None),
            Step::RejectedAfter { status, seconds } => self.rejected(*status, Some(Duration::from_secs(*seconds))),
            Step::Text(raw) => match serde_json::from_str::<String>(raw.get()) {
                Ok(text) => self.input(Input::Text(&text)),
                Err(_) => self.input(Input::Text(raw.get())),
            },
            Step::Binary(parts) => {
                let bytes: Vec<u8> = parts
                    .iter()
                    .flat_map(|part| match part {
                        Bytes::Byte(byte) => vec![*byte],
                        Bytes::Text(text) => text.clone().into_bytes(),
                    })
                    .collect();
                self.input(Input::Binary(&bytes));
            }
            Step::AdvanceMs(millis) => self.advance(Duration::from_millis(*millis)),
            Step::Ask(asked) => self.input(Input::Ask(&asked.to_ask())),
            Step::Pong(_) => self.input(Input::Pong),
            Step::Probe(_) => self.input(Input::Probe),
            Step::Close { code, reason } => {
                let ended = self.session.closed(Some(Close { code: *code, reason }));
                self.end(&ended);
            }
            Step::Lost(_) => {
                let ended = self.session.closed(None);
                self.end(&ended);
            }
            Step::Shutdown(_) => self.session.shutdown(&mut self.heard),
        }
    }

    /// Begins an attempt.
    pub fn connect(&mut self, token: &str) {
        self.token = Some(token.to_owned());
        match self.session.connect(&SecretString::from(token.to_owned())) {
            Ok(request) => {
                self.ended = false;
                let names = |pairs: &[(&'static str, SecretString)]| {
                    pairs.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
                };
                let query = names(&request.secret_query);
                let headers = names(&request.secret_headers);
                self.heard.line("<", &format!("request {} secret query [{query}] headers [{headers}]", request.url));
                let debug = format!("{request:?}");
                assert!(!debug.contains(token), "the request shows the credential");
            }
            Err(ended) => self.end(&ended),
        }
    }

    /// Gives the session an input.
    pub fn input(&mut self, input: Input<'_>) {
        if let Err(ended) = self.session.handle(input, self.now, &mut self.heard) {
            self.end(&ended);
        }
    }

    /// Lets time pass. Every deadline on the way fires at its time.
    pub fn advance(&mut self, by: Duration) {
        let target = self.now + by;
        let mut at_once = 0;
        while !self.ended
            && let Some((deadline, why)) = self.session.poll_timeout()
            && deadline <= target
        {
            at_once = if deadline <= self.now { at_once + 1 } else { 0 };
            assert!(at_once < 100, "the session wants to be woken again and again at once ({why})");
            self.now = self.now.max(deadline);
            self.heard.line(">", &format!("timeout at {} ms: {why}", (self.now - self.start).as_millis()));
            self.input(Input::Timeout);
        }
        self.now = target;
    }

    /// Whether the attempt is over.
    pub fn ended(&self) -> bool {
        self.ended
    }

    /// What the session said so far.
    pub fn heard(&self) -> &Recorder {
        &self.heard
    }

    /// Everything that happened and was said, a line each. It never holds the credential.
    pub fn report(&self) -> String {
        let report = self.heard.lines.join("\n");
        if let Some(token) = &self.token {
            assert!(!report.contains(token), "the credential was said:\n{report}");
        }
        report
    }

    fn rejected(&mut self, status: u16, retry_after: Option<Duration>) {
        let ended = self.session.rejected(status, retry_after);
        self.end(&ended);
    }

    fn end(&mut self, ended: &Ended) {
        self.ended = true;
        let follows = match ended.disposition {
            Disposition::Retry { after: None } => "retry".to_owned(),
            Disposition::Retry { after: Some(after) } => format!("retry after {} ms", after.as_millis()),
            Disposition::NeedsCredential => "needs credential".to_owned(),
            Disposition::Refused => "refused".to_owned(),
        };
        self.heard.said("<", format!("ended, {follows}: {ended}"));
    }
}

impl Asked {
    fn to_ask(&self) -> Ask {
        match self {
            Asked::RunQuery { run, org, sql, target } => {
                Ask::RunQuery { run: *run, org: org.clone(), sql: sql.clone(), target: target.clone() }
            }
            Asked::StopQuery(run) => Ask::StopQuery { run: *run },
            Asked::Subscribe(name) => Ask::Subscribe(name.clone()),
            Asked::Unsubscribe(name) => Ask::Unsubscribe(name.clone()),
            Asked::CreateLiveQuery(query) => Ask::CreateLiveQuery(query.clone()),
            Asked::DestroyLiveQuery(id) => Ask::DestroyLiveQuery(id.clone()),
        }
    }
}

/// Writes down what a session says.
#[derive(Default)]
pub struct Recorder {
    /// Everything, with the steps between.
    pub lines: Vec<String>,
    /// What the session said of the stream: events, progress, subscriptions and the end, but no frames to send.
    pub said: Vec<String>,
    /// How many frames it wanted sent.
    pub sent: usize,
    /// The kinds of the events, in order.
    pub kinds: Vec<&'static str>,
}

impl Recorder {
    fn line(&mut self, mark: &str, text: &str) {
        self.lines.push(format!("{mark} {text}"));
    }

    fn said(&mut self, mark: &str, text: String) {
        self.line(mark, &text);
        self.said.push(text);
    }
}

impl Sink for Recorder {
    fn event(&mut self, event: &StreamEvent<'_>) {
        let kind = event.kind();
        self.kinds.push(kind.name());
        // Whatever is said to be JSON must be JSON.
        if let Err(e) = serde_json::from_str::<&RawValue>(event.data) {
            panic!("the data of {} is not JSON ({e}): {}", kind.name(), event.data);
        }
        let mut text = format!("event {} {:?}", kind.name(), event.subject());
        if let Some(at) = event.at {
            let _ = write!(text, " at {at}");
        }
        let _ = write!(text, "\n    {:?}\n    data {}", event.body, event.data);
        self.said("<", text);
    }

    fn send(&mut self, outgoing: Outgoing) {
        self.sent += 1;
        let text = match &outgoing {
            Outgoing::Text(text) => format!("send {text}"),
            Outgoing::Secret(secret) => format!("send secret, {} bytes", secret.expose().len()),
            Outgoing::Ping => "send ping".to_owned(),
            Outgoing::Close { code, reason } => format!("send close {code} {reason:?}"),
        };
        self.line("<", &text);
    }

    fn progress(&mut self, progress: Progress) {
        self.said("<", format!("progress {progress:?}"));
    }

    fn subscription(&mut self, name: &str, state: SubscriptionState<'_>) {
        self.said("<", format!("subscription {name:?} {state:?}"));
    }

    fn missed(&mut self) {
        self.said("<", "missed".to_owned());
    }
}
