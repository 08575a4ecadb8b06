//! A small protocol, its service, and a receiver that records.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use futures_util::future::BoxFuture;
use futures_util::{FutureExt, SinkExt, StreamExt};
use link::dial::{Connector, Io, Target};
use link::{Clock, Credentials, DialLimiter, Environment, EventSink, Link, LinkStatus, Receiver, Wake};
use protocol::event::Notice;
use protocol::{
    Ask, ClientRequest, Close, Connection, CredentialSource, Ended, EventBody, Input, Limits, Outgoing, Progress,
    Session, Sink, StreamEvent, SubscriptionState, Text, Timestamp,
};
use secrecy::{ExposeSecret, SecretString};
use tokio::io::{AsyncRead, AsyncWrite, DuplexStream, duplex};
use tokio::sync::mpsc;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::server::{ErrorResponse, Request, Response};

/// The credential of all tests, looked for where it must not be.
pub const SECRET: &str = "planted-secret-5f2c";

pub const BEAT: Duration = Duration::from_secs(30);

/// A protocol with a login, one subscription, a heartbeat that wants an answer, and probes by ping.
pub struct Small {
    url: url::Url,
    credential: Option<SecretString>,
    next_beat: Option<Instant>,
    answer_by: Option<Instant>,
    pub limits: Limits,
}

impl Small {
    pub fn new(connection: &Connection) -> Self {
        Small {
            url: connection.url.clone(),
            credential: None,
            next_beat: None,
            answer_by: None,
            limits: Limits { message: 64 << 10, frame: 64 << 10 },
        }
    }
}

impl Session for Small {
    fn connect(&mut self, credential: &SecretString) -> Result<ClientRequest, Ended> {
        (self.next_beat, self.answer_by) = (None, None);
        self.credential = Some(credential.clone());
        Ok(ClientRequest {
            url: self.url.clone(),
            secret_query: vec![("token", credential.clone())],
            secret_headers: vec![("X-API-Key", credential.clone())],
        })
    }

    fn handle(&mut self, input: Input<'_>, now: Instant, out: &mut dyn Sink) -> Result<(), Ended> {
        match input {
            Input::Opened => {
                out.progress(Progress::Authenticating);
                if let Some(credential) = self.credential.take() {
                    let login = format!("login {}", credential.expose_secret());
                    out.send(Outgoing::Secret(protocol::session::SecretText::new(login)));
                }
            }
            Input::Text("welcome") => {
                out.progress(Progress::Subscribing);
                out.subscription("things", SubscriptionState::Requested);
                out.send(Outgoing::Text("subscribe".into()));
            }
            Input::Text("subscribed") => {
                out.subscription("things", SubscriptionState::Accepted);
                out.progress(Progress::Live);
                self.next_beat = Some(now + BEAT);
            }
            Input::Text("beaten") | Input::Pong => self.answer_by = None,
            Input::Text("fault") => panic!("a fault of the session"),
            Input::Text(text) => out.event(&StreamEvent {
                at: None,
                body: EventBody::Warning(Notice {
                    code: None,
                    message: Text::from(text),
                    subscription: None,
                    request_id: None,
                    dropped: None,
                }),
                data: "{}",
            }),
            Input::Binary(_) => {}
            Input::Timeout => {
                if self.answer_by.is_some_and(|at| at <= now) {
                    return Err(Ended::retry("the service did not answer the heartbeat"));
                }
                if self.next_beat.is_some_and(|at| at <= now) {
                    out.send(Outgoing::Text("beat".into()));
                    self.next_beat = Some(now + BEAT);
                    self.answer_by.get_or_insert(now + BEAT);
                }
            }
            Input::Probe => {
                out.send(Outgoing::Ping);
                self.answer_by = Some(now + Duration::from_secs(5));
            }
            Input::Ask(Ask::Subscribe(name)) => out.send(Outgoing::Text(format!("ask {name}"))),
            Input::Ask(_) => {}
        }
        Ok(())
    }

    fn poll_timeout(&self) -> Option<(Instant, &'static str)> {
        [self.next_beat.map(|at| (at, "heartbeat")), self.answer_by.map(|at| (at, "answer"))]
            .into_iter()
            .flatten()
            .min()
    }

    fn closed(&mut self, close: Option<Close<'_>>) -> Ended {
        match close {
            Some(Close { code: 4001, .. }) => Ended::needs_credential("the service refused the credential (4001)"),
            Some(Close { code: 4002, .. }) => Ended::refused("the service has no room for this connection (4002)"),
            Some(Close { code, reason }) => Ended::retry(format!("the service closed with {code} {reason}")),
            None => Ended::retry("the connection was lost"),
        }
    }

    fn rejected(&mut self, status: u16, retry_after: Option<Duration>) -> Ended {
        match (status, retry_after) {
            (401 | 403, _) => Ended::needs_credential(format!("the service refused the credential (HTTP {status})")),
            (_, Some(after)) => Ended::retry_after(after, format!("the service answered with HTTP {status}")),
            (_, None) => Ended::retry(format!("the service answered with HTTP {status}")),
        }
    }

    fn shutdown(&mut self, out: &mut dyn Sink) {
        out.send(Outgoing::Text("leave".into()));
        out.send(Outgoing::Close { code: 1000, reason: "goodbye" });
    }

    fn limits(&self) -> Limits {
        self.limits
    }
}

/// What a receiver was told, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    Status(LinkStatus),
    Event(String),
    Subscription(String),
    NotAsked(Ask),
}

/// A receiver that records.
pub struct Recorder {
    pub told: mpsc::UnboundedSender<Told>,
    pub frames: Arc<AtomicUsize>,
}

impl Receiver for Recorder {
    fn batch(&mut self, drain: &mut dyn FnMut(&mut dyn EventSink)) {
        drain(self);
    }

    fn status(&mut self, status: &LinkStatus) {
        let _ = self.told.send(Told::Status(status.clone()));
    }

    fn not_asked(&mut self, ask: Ask) {
        let _ = self.told.send(Told::NotAsked(ask));
    }
}

impl EventSink for Recorder {
    fn event(&mut self, event: &StreamEvent<'_>) {
        if let EventBody::Warning(notice) = &event.body {
            let _ = self.told.send(Told::Event(notice.message.to_string()));
        }
    }

    fn subscription(&mut self, name: &str, state: SubscriptionState<'_>) {
        let _ = self.told.send(Told::Subscription(format!("{name} {state:?}")));
    }

    fn frame(&mut self, _: usize) {
        self.frames.fetch_add(1, Ordering::Relaxed);
    }
}

/// What a test reads of a receiver.
pub struct Heard {
    told: mpsc::UnboundedReceiver<Told>,
    pub frames: Arc<AtomicUsize>,
}

pub fn recorder() -> (Recorder, Heard) {
    let (told, heard) = mpsc::unbounded_channel();
    let frames = Arc::new(AtomicUsize::new(0));
    (Recorder { told, frames: frames.clone() }, Heard { told: heard, frames })
}

impl Heard {
    pub async fn next(&mut self) -> Told {
        tokio::time::timeout(Duration::from_secs(3600), self.told.recv()).await.expect("nothing was told").unwrap()
    }

    /// Everything told that is not read yet.
    pub fn rest(&mut self) -> Vec<Told> {
        std::iter::from_fn(|| self.told.try_recv().ok()).collect()
    }

    pub async fn status(&mut self) -> LinkStatus {
        loop {
            if let Told::Status(status) = self.next().await {
                return status;
            }
        }
    }

    /// The next status of this name, skipping others.
    pub async fn until(&mut self, name: &str) -> LinkStatus {
        loop {
            let status = self.status().await;
            if status.name() == name {
                return status;
            }
        }
    }

    pub async fn event(&mut self) -> String {
        loop {
            if let Told::Event(text) = self.next().await {
                return text;
            }
        }
    }
}

/// Opens streams in memory and hands the service's halves to the test.
pub struct Memory {
    halves: mpsc::UnboundedSender<DuplexStream>,
    pub under_way: AtomicUsize,
    pub most: AtomicUsize,
    pub dials: AtomicUsize,
    /// How long a dial takes.
    pub takes: Duration,
}

impl Memory {
    pub fn new(takes: Duration) -> (Arc<Self>, mpsc::UnboundedReceiver<DuplexStream>) {
        let (halves, taken) = mpsc::unbounded_channel();
        let memory = Memory {
            halves,
            under_way: AtomicUsize::new(0),
            most: AtomicUsize::new(0),
            dials: AtomicUsize::new(0),
            takes,
        };
        (Arc::new(memory), taken)
    }
}

impl Connector for Memory {
    fn connect<'a>(&'a self, _: Target<'a>) -> BoxFuture<'a, Result<Io, Ended>> {
        async move {
            self.dials.fetch_add(1, Ordering::SeqCst);
            let now = self.under_way.fetch_add(1, Ordering::SeqCst) + 1;
            self.most.fetch_max(now, Ordering::SeqCst);
            tokio::time::sleep(self.takes).await;
            self.under_way.fetch_sub(1, Ordering::SeqCst);
            let (ours, theirs) = duplex(256 << 10);
            self.halves.send(theirs).map_err(|_| Ended::retry("nothing answers"))?;
            Ok(Box::new(ours) as Io)
        }
        .boxed()
    }
}

/// Wall time that runs with tokio's.
pub struct TestClock(tokio::time::Instant);

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp(1_700_000_000_000 + self.0.elapsed().as_millis() as i64)
    }
}

/// Credentials without a keychain: the test connection's own is kept in memory.
pub fn credentials() -> Credentials {
    let credentials = Credentials::with_keychain(link::credentials::Keychain::new(
        || Err::<NoStore, _>(link::credentials::KeychainError::Unavailable),
        Duration::from_secs(5),
    ));
    let source = CredentialSource::Keychain("test".into());
    credentials.keep_for_this_run(source, SecretString::from(SECRET.to_owned())).unwrap();
    credentials
}

pub struct NoStore;

impl link::credentials::EntryStore for NoStore {
    fn get(&mut self, _: &str) -> Result<SecretString, link::credentials::KeychainError> {
        unreachable!("it is never opened")
    }
    fn set(&mut self, _: &str, _: &SecretString) -> Result<(), link::credentials::KeychainError> {
        unreachable!("it is never opened")
    }
    fn delete(&mut self, _: &str) -> Result<(), link::credentials::KeychainError> {
        unreachable!("it is never opened")
    }
}

pub fn environment(connector: Arc<dyn Connector>) -> Environment {
    Environment {
        credentials: credentials(),
        dial: DialLimiter::default(),
        wake: Wake::manual(),
        clock: Arc::new(TestClock(tokio::time::Instant::now())),
        connector,
        fetcher: link::Fetcher::off(),
        milestones: Default::default(),
        seed: Some(7),
    }
}

pub fn connection(url: &str) -> Connection {
    Connection {
        name: "test".into(),
        protocol: protocol::Protocol::Iotee,
        url: url.parse().unwrap(),
        http_url: None,
        credential: None,
        enabled: true,
        ca_file: None,
        subscribe: Vec::new(),
        live_queries: Vec::new(),
        allow_plaintext: false,
        notify_unlocked: false,
        tags: Vec::new(),
        phoenix_version: None,
        key_in: None,
    }
}

/// Starts a link that speaks the small protocol.
pub fn spawn(connection: Connection, environment: &Environment) -> (Link, Heard) {
    let (recorder, heard) = recorder();
    let session = Box::new(Small::new(&connection));
    (Link::spawn_session(session, connection, environment, recorder), heard)
}

/// The service's end of one connection.
pub struct Service<S>(pub WebSocketStream<S>);

pub async fn accept<S: AsyncRead + AsyncWrite + Unpin>(stream: S) -> Service<S> {
    #[expect(clippy::result_large_err, reason = "the callback's type is the crate's")]
    let check = |request: &Request, response: Response| -> Result<Response, ErrorResponse> {
        assert_eq!(request.headers()["x-api-key"], SECRET);
        assert_eq!(request.uri().query(), Some(format!("token={SECRET}").as_str()));
        assert!(!request.headers().contains_key("origin"));
        Ok(response)
    };
    Service(tokio_tungstenite::accept_hdr_async(stream, check).await.unwrap())
}

impl<S: AsyncRead + AsyncWrite + Unpin> Service<S> {
    /// Answers login and subscription: the link is live after it.
    pub async fn welcome(mut self) -> Self {
        assert_eq!(self.text().await, format!("login {SECRET}"));
        self.say("welcome").await;
        assert_eq!(self.text().await, "subscribe");
        self.say("subscribed").await;
        self
    }

    pub async fn say(&mut self, text: &str) {
        self.0.send(Message::text(text)).await.unwrap();
    }

    pub async fn message(&mut self) -> Message {
        self.0.next().await.expect("the link is gone").unwrap()
    }

    pub async fn text(&mut self) -> String {
        match self.message().await {
            Message::Text(text) => text.to_string(),
            other => panic!("not a text: {other:?}"),
        }
    }

    /// Answers heartbeats and pings until the link goes.
    pub async fn serve(mut self) -> Vec<Message> {
        let mut seen = Vec::new();
        while let Some(Ok(message)) = self.0.next().await {
            if message == Message::text("beat") {
                self.say("beaten").await;
            }
            seen.push(message);
        }
        seen
    }

    pub async fn close(mut self, code: u16, reason: &'static str) {
        let frame = tokio_tungstenite::tungstenite::protocol::CloseFrame { code: code.into(), reason: reason.into() };
        self.0.close(Some(frame)).await.unwrap();
        while let Some(Ok(_)) = self.0.next().await {}
    }
}

/// Answers an upgrade with HTTP, whatever was asked.
pub async fn answer_http(mut stream: impl AsyncRead + AsyncWrite + Unpin, answer: &str) {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let mut request = Vec::new();
    while !request.ends_with(b"\r\n\r\n") {
        request.push(stream.read_u8().await.unwrap());
    }
    stream.write_all(answer.as_bytes()).await.unwrap();
    stream.flush().await.unwrap();
    tokio::time::sleep(Duration::from_millis(50)).await;
}
