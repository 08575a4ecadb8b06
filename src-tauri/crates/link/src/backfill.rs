//! Fetches how things are and what was missed, beside the frames of a live connection.
//!
//! The requests run beside the socket; their answers are read here, in the link's own task, one page a batch, so that
//! live frames go on between them. What is unfinished when the connection ends is dropped, and asked for on the next one.

use std::collections::{HashMap, VecDeque};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;
use futures_util::{FutureExt, Stream};
use protocol::{Fetch, Occasion, Purpose, Session, Sink, StreamEvent, SubscriptionState, Timestamp};
use protocol::{Outgoing, Progress};
use secrecy::SecretString;
use tokio::time::{Instant, Sleep, sleep_until};

use crate::fetch::{Asking, Failure, Reach};
use crate::{Backfill, Clock, Origin, Receiver};

/// How many requests of one connection may be under way.
const AT_ONCE: usize = 2;
/// How many pages and events one thing may have.
const PAGES: u32 = 200;
const EVENTS: u32 = 100_000;
/// How many failures of one kind in a row end the asking for it.
const FAILURES: u32 = 3;
/// How long after the beginning of one backfill the next one begins: overflows come in swarms.
const APART: Duration = Duration::from_secs(10);

/// What a live connection fetches. Idle, it is a few words of memory.
#[derive(Default)]
pub(crate) struct Fetching {
    wanted: Option<Wanted>,
    run: Option<Box<Run>>,
    begun: Option<Instant>,
    hold: Option<Pin<Box<Sleep>>>,
}

/// A backfill that has not begun.
struct Wanted {
    occasion: Occasion,
    known_until: Option<Timestamp>,
}

/// A backfill under way.
struct Run {
    asking: Asking,
    queue: VecDeque<Chain>,
    asked: FuturesUnordered<BoxFuture<'static, Asked>>,
    /// An answer that waits for the receiver's room.
    answer: Option<Asked>,
    /// Failures in a row, by the path that was asked.
    failures: HashMap<String, u32>,
    complete: bool,
}

/// What was asked, and the body that came or why none did.
type Asked = (Chain, Result<Vec<u8>, Failure>);

/// One thing to fetch, over its pages.
struct Chain {
    fetch: Fetch,
    pages: u32,
    events: u32,
}

/// What a backfill works with.
pub(crate) struct With<'a, R> {
    pub(crate) session: &'a mut dyn Session,
    pub(crate) receiver: &'a mut R,
    pub(crate) credential: &'a SecretString,
    pub(crate) clock: &'a dyn Clock,
    pub(crate) asking: &'a Asking,
}

impl std::fmt::Debug for Fetching {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Fetching").field("runs", &self.run.is_some()).finish_non_exhaustive()
    }
}

impl Fetching {
    /// Takes note that something may have been missed. While a backfill is wanted already, the longer gap is the one.
    pub(crate) fn want(&mut self, occasion: Occasion, known_until: Option<Timestamp>) {
        match &mut self.wanted {
            Some(wanted) => wanted.known_until = wanted.known_until.min(known_until),
            None => self.wanted = Some(Wanted { occasion, known_until }),
        }
    }

    /// Ends what is under way with the connection.
    pub(crate) fn abandon(&mut self, receiver: &mut impl Receiver) {
        self.wanted = None;
        if self.run.take().is_some() {
            receiver.backfill(&Backfill::Ended { complete: false });
        }
    }

    /// Does one piece of work when there is one. What the session wants sent goes to `out`.
    pub(crate) fn poll<R: Receiver>(
        &mut self,
        cx: &mut Context<'_>,
        with: &mut With<'_, R>,
        out: &mut dyn Reads,
    ) -> Poll<()> {
        let Some(run) = &mut self.run else {
            if self.wanted.is_some() && self.is_time(cx) {
                self.begin(with);
                return Poll::Ready(());
            }
            return Poll::Pending;
        };
        run.ask();
        if run.answer.is_none() {
            run.answer = match Pin::new(&mut run.asked).poll_next(cx) {
                Poll::Ready(answer) => answer,
                Poll::Pending => return Poll::Pending,
            };
        }
        if run.answer.is_some() {
            ready!(with.receiver.poll_ready(cx));
        }
        match run.answer.take() {
            Some((chain, Ok(body))) => run.read(chain, &body, with, out),
            Some((chain, Err(failure))) => run.failed(chain, failure, with.receiver),
            None => {
                let complete = run.complete;
                self.run = None;
                with.receiver.backfill(&Backfill::Ended { complete });
            }
        }
        Poll::Ready(())
    }

    /// Whether the last backfill began long enough ago.
    fn is_time(&mut self, cx: &mut Context<'_>) -> bool {
        let Some(due) = self.begun.map(|begun| begun + APART).filter(|due| *due > Instant::now()) else {
            self.hold = None;
            return true;
        };
        let hold = self.hold.get_or_insert_with(|| Box::pin(sleep_until(due)));
        if hold.deadline() != due {
            hold.as_mut().reset(due);
        }
        hold.as_mut().poll_unpin(cx).is_ready()
    }

    fn begin<R: Receiver>(&mut self, with: &mut With<'_, R>) {
        let Some(Wanted { occasion, known_until }) = self.wanted.take() else { return };
        self.begun = Some(Instant::now());
        let fetches = with.session.fetches(occasion, known_until, with.credential, with.clock.now());
        with.receiver.backfill(&Backfill::Begun { occasion, since: known_until });
        self.run = Some(Box::new(Run {
            asking: with.asking.clone(),
            queue: fetches.into_iter().map(|fetch| Chain { fetch, pages: 0, events: 0 }).collect(),
            asked: FuturesUnordered::new(),
            answer: None,
            failures: HashMap::new(),
            complete: true,
        }));
    }
}

impl Run {
    fn ask(&mut self) {
        while self.asked.len() < AT_ONCE
            && let Some(chain) = self.queue.pop_front()
        {
            let asking = self.asking.clone();
            self.asked.push(
                async move {
                    let answer = asking.ask(&chain.fetch).await;
                    (chain, answer)
                }
                .boxed(),
            );
        }
    }

    /// Reads one page in one batch, and queues the next.
    fn read<R: Receiver>(&mut self, mut chain: Chain, body: &[u8], with: &mut With<'_, R>, out: &mut dyn Reads) {
        self.failures.remove(chain.fetch.url.path());
        let room = EVENTS - chain.events;
        let mut outcome = Ok(None);
        let (mut count, mut refused) = (0, 0u32);
        let With { session, receiver, .. } = with;
        receiver.batch(&mut |events| {
            events.origin(Origin::Fetched(chain.fetch.purpose));
            let mut page = Page { out: &mut *out, events: &mut *events, room, count: 0, refused: 0 };
            outcome = session.fetched(&chain.fetch, body, &mut page);
            (count, refused) = (page.count, page.refused);
            events.origin(Origin::Stream);
        });
        chain.pages += 1;
        chain.events += count;
        let next = match outcome {
            Ok(next) => next,
            Err(cause) => return self.failed(chain, Failure { cause, reach: Reach::This }, with.receiver),
        };
        let too_many = match &next {
            _ if refused > 0 => Some(format!("the service has more than {EVENTS} events; the rest is left out")),
            Some(_) if chain.pages >= PAGES => {
                Some(format!("the service has more than {PAGES} pages; the rest is left out"))
            }
            _ => None,
        };
        match (too_many, next) {
            (Some(cause), _) => self.failed(chain, Failure { cause, reach: Reach::This }, with.receiver),
            (None, Some(next)) => self.queue.push_front(Chain { fetch: next, ..chain }),
            (None, None) => {
                with.receiver.backfill(&Backfill::Fetched { what: chain.fetch.what, events: chain.events });
            }
        }
    }

    /// Tells that one thing could not be had; and of what is like it, that it will not be asked for.
    fn failed(&mut self, chain: Chain, failure: Failure, receiver: &mut impl Receiver) {
        self.complete = false;
        let path = chain.fetch.url.path().to_owned();
        let failures = self.failures.entry(path.clone()).or_default();
        *failures += 1;
        let is_given_up = |other: &Chain| match failure.reach {
            Reach::All => true,
            Reach::Kind => *failures >= FAILURES && other.fetch.url.path() == path,
            Reach::This => false,
        };
        let (given_up, kept) = std::mem::take(&mut self.queue).into_iter().partition(is_given_up);
        self.queue = kept;
        let given_up: VecDeque<Chain> = given_up;
        tell(receiver, &chain.fetch, 0, &failure.cause);
        for purpose in [Purpose::Snapshot, Purpose::Missed] {
            let mut like = given_up.iter().filter(|chain| chain.fetch.purpose == purpose);
            if let Some(first) = like.next() {
                tell(receiver, &first.fetch, like.count(), &failure.cause);
            }
        }
    }
}

/// Tells that something could not be had, and how many others like it.
fn tell(receiver: &mut impl Receiver, fetch: &Fetch, others: usize, cause: &str) {
    let what = match others {
        0 => fetch.what.clone(),
        others => format!("{} and {others} more", fetch.what),
    };
    tracing::info!(what, cause, "could not be fetched");
    let cause = match fetch.purpose {
        Purpose::Missed => format!("{cause}; the gap stays"),
        Purpose::Snapshot => cause.to_owned(),
    };
    receiver.backfill(&Backfill::Failed { what, purpose: fetch.purpose, since: fetch.since, cause });
}

/// What a session may do besides saying events while it reads an answer.
pub(crate) trait Reads {
    fn send(&mut self, outgoing: Outgoing);
    fn missed(&mut self);
}

/// The session's sink while it reads a page: so many events and no more.
struct Page<'a> {
    out: &'a mut dyn Reads,
    events: &'a mut dyn crate::EventSink,
    room: u32,
    count: u32,
    refused: u32,
}

impl Sink for Page<'_> {
    fn event(&mut self, event: &StreamEvent<'_>) {
        if self.count >= self.room {
            self.refused = self.refused.saturating_add(1);
            return;
        }
        self.count += 1;
        self.events.event(event);
    }

    fn send(&mut self, outgoing: Outgoing) {
        self.out.send(outgoing);
    }

    // An answer says nothing of how far the attempt is.
    fn progress(&mut self, _: Progress) {}

    fn subscription(&mut self, name: &str, state: SubscriptionState<'_>) {
        self.events.subscription(name, state);
    }

    fn missed(&mut self) {
        self.out.missed();
    }
}
