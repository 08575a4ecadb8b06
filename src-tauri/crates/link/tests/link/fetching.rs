//! A device service with an HTTP side for the tests of what is fetched, in memory and on loopback, and a receiver that
//! writes down what it is told.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::future::BoxFuture;
use futures_util::{FutureExt, SinkExt, StreamExt};
use link::fetch::{Http, HttpAnswer, HttpRequest, Unanswered};
use link::{Backfill, Environment, EventSink, Fetcher, Link, LinkStatus, Origin, Receiver};
use protocol::{Connection, Fetch, StreamEvent, SubscriptionState, Timestamp};
use secrecy::ExposeSecret;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;

use crate::support::{SECRET, connection};

/// A connection to a device service at `url`.
pub fn devices(url: &str, ids: &[&str]) -> Connection {
    Connection {
        subscribe: ids.iter().map(|id| protocol::config::Subscribe::All((*id).to_owned())).collect(),
        ..connection(url)
    }
}

/// Writes down what it is told, a line each, and says until when it knows everything.
pub struct Scribe {
    told: mpsc::UnboundedSender<String>,
    known_until: Option<Timestamp>,
    origin: Origin,
}

/// What a test reads of a scribe.
pub struct Told(mpsc::UnboundedReceiver<String>);

pub fn scribe(known_until: Option<Timestamp>) -> (Scribe, Told) {
    let (told, heard) = mpsc::unbounded_channel();
    (Scribe { told, known_until, origin: Origin::Stream }, Told(heard))
}

impl Scribe {
    fn tell(&self, line: String) {
        let _ = self.told.send(line);
    }
}

impl Receiver for Scribe {
    fn batch(&mut self, drain: &mut dyn FnMut(&mut dyn EventSink)) {
        drain(self);
        assert_eq!(self.origin, Origin::Stream, "a batch ends as it began");
    }

    fn status(&mut self, status: &LinkStatus) {
        self.tell(format!("status {}", status.name()));
    }

    fn known_until(&mut self) -> Option<Timestamp> {
        self.known_until
    }

    fn backfill(&mut self, step: &Backfill) {
        self.tell(match step {
            Backfill::Begun { occasion, since } => format!("begun {occasion:?} {since:?}"),
            Backfill::Fetched { what, events } => format!("fetched {what}: {events}"),
            Backfill::Failed { what, purpose, cause, .. } => format!("failed {purpose:?} {what}: {cause}"),
            Backfill::Ended { complete } => format!("ended {complete}"),
        });
    }
}

impl EventSink for Scribe {
    fn event(&mut self, event: &StreamEvent<'_>) {
        let origin = match self.origin {
            Origin::Stream => "stream".to_owned(),
            Origin::Fetched(purpose) => format!("{purpose:?}"),
        };
        self.tell(format!("{origin} {} {}", event.kind().name(), event.subject()));
    }

    fn subscription(&mut self, _: &str, _: SubscriptionState<'_>) {}

    fn frame(&mut self, _: usize) {}

    fn origin(&mut self, origin: Origin) {
        self.origin = origin;
    }
}

impl Told {
    pub async fn next(&mut self) -> String {
        tokio::time::timeout(Duration::from_secs(3600), self.0.recv()).await.expect("nothing was told").unwrap()
    }

    /// The next line that begins so.
    pub async fn until(&mut self, begin: &str) -> String {
        loop {
            let line = self.next().await;
            if line.starts_with(begin) {
                return line;
            }
        }
    }

    /// The lines of the next backfill, without those of the status.
    pub async fn backfill(&mut self) -> Vec<String> {
        let mut lines = vec![self.until("begun").await];
        while !lines.last().unwrap().starts_with("ended") {
            lines.push(self.next().await);
        }
        lines.retain(|line| !line.starts_with("status"));
        lines
    }

    /// What is left of a backfill that has begun.
    pub async fn backfill_rest(&mut self) -> Vec<String> {
        let mut lines = Vec::new();
        while !lines.last().is_some_and(|line: &String| line.starts_with("ended")) {
            lines.push(self.next().await);
        }
        lines
    }

    /// Everything told that is not read yet.
    pub fn rest(&mut self) -> Vec<String> {
        std::iter::from_fn(|| self.0.try_recv().ok()).collect()
    }
}

pub fn spawn(connection: Connection, environment: &Environment, known_until: Option<Timestamp>) -> (Link, Told) {
    let (scribe, told) = scribe(known_until);
    (Link::spawn(connection, environment, scribe), told)
}

/// The service's end of a stream.
pub struct Stream<S>(pub WebSocketStream<S>);

impl<S: AsyncRead + AsyncWrite + Unpin> Stream<S> {
    /// Greets and accepts the subscription: the link is live after it.
    pub async fn accept(stream: S) -> Self {
        let mut stream = Stream(tokio_tungstenite::accept_async(stream).await.unwrap());
        stream.say(r#"{"type":"connected"}"#).await;
        let Some(Ok(Message::Text(subscribe))) = stream.0.next().await else { panic!("no subscribe") };
        stream.say(&subscribe.replace("subscribe", "subscribed")).await;
        stream
    }

    pub async fn say(&mut self, text: &str) {
        self.0.send(Message::text(text)).await.unwrap();
    }

    /// Says a lock event.
    pub async fn unlock(&mut self, id: &str) {
        self.say(&format!(r#"{{"type":"device_unlocked","hardwareId":"{id}","eventId":"live"}}"#)).await;
    }

    /// Says many lock events at once.
    pub async fn unlock_many(&mut self, id: &str, count: usize) {
        for event in 0..count {
            let text = format!(r#"{{"type":"device_unlocked","hardwareId":"{id}","eventId":"{event}"}}"#);
            self.0.feed(Message::text(text)).await.unwrap();
        }
        self.0.flush().await.unwrap();
    }

    /// Answers pings until the link goes.
    pub async fn serve(mut self) {
        while let Some(Ok(_)) = self.0.next().await {}
    }
}

/// Answers in memory, after a while.
pub struct Canned {
    answers: Mutex<Answers>,
    pub asked: Mutex<Vec<String>>,
    under_way: AtomicUsize,
    pub most: AtomicUsize,
}

type Answers = Box<dyn FnMut(&Fetch) -> (Duration, Result<HttpAnswer, Unanswered>) + Send>;

/// An HTTP side that answers by `answers`: how long it takes, and what comes.
pub fn canned(
    answers: impl FnMut(&Fetch) -> (Duration, Result<HttpAnswer, Unanswered>) + Send + 'static,
) -> (Arc<Canned>, Fetcher) {
    let canned = Arc::new(Canned {
        answers: Mutex::new(Box::new(answers)),
        asked: Mutex::default(),
        under_way: AtomicUsize::new(0),
        most: AtomicUsize::new(0),
    });
    (canned.clone(), Fetcher::over(canned))
}

impl Http for Canned {
    fn send<'a>(&'a self, request: HttpRequest<'a>) -> BoxFuture<'a, Result<HttpAnswer, Unanswered>> {
        let fetch = request.fetch;
        assert!(fetch.secret_headers[0].1.expose_secret().ends_with(SECRET));
        self.asked.lock().unwrap().push(path(fetch));
        let (after, answer) = (self.answers.lock().unwrap())(fetch);
        async move {
            let under_way = UnderWay(&self.under_way);
            self.most.fetch_max(under_way.0.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            tokio::time::sleep(after).await;
            answer
        }
        .boxed()
    }
}

struct UnderWay<'a>(&'a AtomicUsize);

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

/// A fetch's path and query.
pub fn path(fetch: &Fetch) -> String {
    fetch.url.query().map_or(fetch.url.path().to_owned(), |query| format!("{}?{query}", fetch.url.path()))
}

pub fn ok(body: &str) -> Result<HttpAnswer, Unanswered> {
    Ok(HttpAnswer { status: 200, retry_after: None, body: body.into() })
}

pub fn status(status: u16, retry_after: Option<&str>) -> Result<HttpAnswer, Unanswered> {
    Ok(HttpAnswer { status, retry_after: retry_after.map(str::to_owned), body: Vec::new() })
}

/// Lock events `from..to` of device A as an answer.
pub fn lock_events(range: std::ops::Range<u32>) -> String {
    let event = |n| format!(r#"{{"event_id":"e{n}","hardware_id":"A","event":"lock","timestamp":{n}}}"#);
    format!(r#"{{"events":[{}]}}"#, range.map(event).collect::<Vec<_>>().join(","))
}

/// The requests that a loopback service got, head and all.
pub type Requests = Arc<Mutex<Vec<String>>>;

/// A loopback service whose one port streams and answers HTTP: by the bytes that `answer` gives for a path.
pub async fn service(answer: impl Fn(&str) -> String + Send + Sync + 'static) -> (u16, Requests) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let requests = Requests::default();
    let (log, answer) = (requests.clone(), Arc::new(answer));
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (log, answer) = (log.clone(), answer.clone());
            tokio::spawn(async move {
                let head = peek(&stream).await;
                if head.to_ascii_lowercase().contains("upgrade: websocket") {
                    Stream::accept(stream).await.serve().await;
                } else {
                    respond(stream, &log, &*answer).await;
                }
            });
        }
    });
    (port, requests)
}

/// Answers one request by `answer` and closes.
pub async fn respond(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    log: &Requests,
    answer: &(dyn Fn(&str) -> String + Sync),
) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => return,
        }
    }
    let head = String::from_utf8(head).unwrap();
    let path = head.split(' ').nth(1).unwrap_or("").to_owned();
    log.lock().unwrap().push(head);
    let _ = stream.write_all(answer(&path).as_bytes()).await;
    let _ = stream.shutdown().await;
}

async fn peek(stream: &TcpStream) -> String {
    let mut bytes = vec![0; 8 << 10];
    loop {
        let count = stream.peek(&mut bytes).await.unwrap();
        let head = String::from_utf8_lossy(&bytes[..count]).into_owned();
        if head.contains("\r\n\r\n") || count == 0 {
            return head;
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

/// A whole answer with a JSON body.
pub fn answer(status: &str, headers: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n{headers}\r\n{body}", body.len())
}
