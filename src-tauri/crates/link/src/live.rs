//! The life of one open socket. This is the path of every frame.

mod doubt;

use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use futures_util::{SinkExt, Stream};
use protocol::{
    Ask, Close, Ended, Input, Occasion, Outgoing, Progress, Session, Sink, StreamEvent, SubscriptionState, Timestamp,
};
use secrecy::SecretString;
use tokio::sync::mpsc;
use tokio::time::{Instant, Sleep, sleep_until, timeout};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;

use self::doubt::DOUBTED_AFTER;
use crate::backfill::{Fetching, Reads, With};
use crate::broken::{broken, parting};
use crate::dial::Socket;
use crate::fetch::Asking;
use crate::run::{Levers, Report, Wish};
use crate::{Clock, EventSink, LinkStatus, Receiver};

/// How many frames are applied in one batch at most, before other connections on the same worker have their turn.
const BATCH_FRAMES: usize = 512;
/// How long a batch may take; looked at every [`LOOK_EVERY`] frames.
const BATCH_TIME: Duration = Duration::from_millis(2);
const LOOK_EVERY: usize = 64;
/// While the receiver takes nothing, the processor is woken for so many bytes.
const UNREAD: u32 = 64 << 10;
/// How long a goodbye may take.
const GOODBYE: Duration = Duration::from_secs(2);
/// How long the last words on a connection that ended may take; nobody waits for their answer.
const LAST_WORDS: Duration = Duration::from_millis(100);
/// How long after a session's deadline that it did not move it is woken again.
const UNMOVED: Duration = Duration::from_millis(50);

/// How an attempt finished.
#[derive(Debug)]
pub(crate) enum Finish {
    /// It was to be ended.
    Shutdown,
    /// It ended.
    Ended(Ended),
}

/// One open socket with its session.
pub(crate) struct Live<'a, R> {
    pub(crate) socket: Socket,
    pub(crate) session: &'a mut dyn Session,
    pub(crate) receiver: &'a mut R,
    pub(crate) report: Report<'a>,
    pub(crate) clock: &'a dyn Clock,
    /// The credential of this attempt, for what is fetched beside the socket.
    pub(crate) credential: SecretString,
    pub(crate) asking: Asking,
    /// What it is when the service acknowledges this attempt.
    pub(crate) occasion: Occasion,
    pub(crate) state: State,
}

/// What the link knows of an open socket.
#[derive(Debug)]
pub(crate) struct State {
    /// When the service acknowledged it.
    live: Option<(Timestamp, Instant)>,
    /// When the last frame came; the opening counts as one.
    heard: Instant,
    /// A probe is out and nothing has come since.
    probed: bool,
    /// A probe waits until the receiver has room for what came before it: that is no sign of life.
    unread: bool,
    /// The status says stale.
    stale: bool,
    /// Something may be left to flush.
    unflushed: bool,
    /// The receiver takes nothing, and the processor is not woken for what comes.
    asleep: bool,
    /// The session closed the connection; the service has until then to agree.
    closing: Option<Instant>,
    /// The computer slept: what was known before, until a frame shows that the connection has lived through it.
    slept: Option<Option<Timestamp>>,
    fetching: Fetching,
    /// Whose turn it is when both frames and fetched answers are ready.
    turn: Turn,
    /// The close code for a service that broke the rules of frames.
    parting: CloseCode,
    out: Outbox,
}

/// What a session wants sent and told once its batch is over. Reused from batch to batch.
#[derive(Debug, Default)]
struct Outbox {
    frames: Vec<Outgoing>,
    progress: Option<Progress>,
    missed: bool,
}

/// What is looked at first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Turn {
    Frames,
    Fetched,
}

/// Whether a batch took all that was ready, or there is room at last for what a probe waits for.
#[derive(Debug, PartialEq, Eq)]
enum Drained {
    All,
    Some,
    Room,
}

impl Default for State {
    fn default() -> Self {
        State {
            live: None,
            heard: Instant::now(),
            probed: false,
            unread: false,
            stale: false,
            unflushed: false,
            asleep: false,
            closing: None,
            slept: None,
            fetching: Fetching::default(),
            turn: Turn::Frames,
            parting: CloseCode::Normal,
            out: Outbox::default(),
        }
    }
}

impl State {
    /// For how long it has been acknowledged.
    pub(crate) fn live_for(&self, now: Instant) -> Option<Duration> {
        self.live.map(|(_, since)| now - since)
    }

    /// Whether the service acknowledged it.
    pub(crate) fn has_lived(&self) -> bool {
        self.live.is_some()
    }

    /// Has the processor be woken for all that comes, or hardly.
    fn listen(&mut self, socket: &Socket, listens: bool) {
        if listens == std::mem::replace(&mut self.asleep, !listens) {
            socket.get_ref().wake_at(if listens { 1 } else { UNREAD });
        }
    }
}

impl<R: Receiver> Live<'_, R> {
    /// Drives the socket until it ends.
    pub(crate) async fn drive(&mut self, levers: &mut Levers, asks: &mut mpsc::Receiver<Ask>) -> Finish {
        let served = self.serve(levers, asks).await;
        self.state.fetching.abandon(self.receiver);
        self.state.listen(&self.socket, true);
        let ended = match served {
            Ok(()) => {
                self.goodbye().await;
                return Finish::Shutdown;
            }
            Err(ended) => ended,
        };
        // What the session still has to say, a close frame at least, for a service that is still there to hear it. A
        // socket that is broken or closed already refuses them, which is as well.
        let last_words = async {
            let _ = self.send();
            let _ = self.socket.close(Some(CloseFrame { code: self.state.parting, reason: "".into() })).await;
            let _ = self.socket.flush().await;
        };
        let _ = timeout(LAST_WORDS, last_words).await;
        Finish::Ended(ended)
    }

    async fn serve(&mut self, levers: &mut Levers, asks: &mut mpsc::Receiver<Ask>) -> Result<(), Ended> {
        self.input(Input::Opened)?;
        let alarm = sleep_until(Instant::now());
        tokio::pin!(alarm);
        loop {
            self.send()?;
            self.deadlines(alarm.as_mut())?;
            let open = self.state.live.is_some();
            tokio::select! {
                biased;
                wish = levers.wish() => match wish {
                    Wish::Shutdown => return Ok(()),
                    Wish::Probe => self.probe().await?,
                    Wish::Retry => {}
                },
                Some(ask) = asks.recv(), if open => self.input(Input::Ask(&ask))?,
                drained = poll_fn(|cx| self.poll_work(cx)) => match drained? {
                    Drained::All => {}
                    Drained::Some => {
                        self.send()?;
                        tokio::task::yield_now().await;
                    }
                    Drained::Room => self.probe().await?,
                },
                // Last, so that after a long sleep what has come meanwhile is heard before any silence is judged.
                () = &mut alarm => {}
            }
        }
    }

    /// Applies the frames that are ready, or reads one fetched answer: in turns when there are both.
    fn poll_work(&mut self, cx: &mut Context<'_>) -> Poll<Result<Drained, Ended>> {
        if self.state.unread && self.receiver.poll_ready(cx).is_ready() {
            return Poll::Ready(Ok(Drained::Room));
        }
        if self.state.turn == Turn::Fetched && self.poll_fetched(cx).is_ready() {
            self.state.turn = Turn::Frames;
            return Poll::Ready(Ok(Drained::Some));
        }
        if let Poll::Ready(drained) = self.poll_frames(cx) {
            self.state.turn = Turn::Fetched;
            return Poll::Ready(drained);
        }
        if self.state.turn == Turn::Frames && self.poll_fetched(cx).is_ready() {
            return Poll::Ready(Ok(Drained::Some));
        }
        Poll::Pending
    }

    fn poll_fetched(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let Live { session, receiver, state, clock, credential, asking, .. } = self;
        let State { fetching, out, .. } = state;
        let mut with = With { session: &mut **session, receiver: &mut **receiver, credential, clock: *clock, asking };
        fetching.poll(cx, &mut with, out)
    }

    /// Asks for what was missed, from when the receiver knew all.
    fn missed(&mut self, occasion: Occasion, known_until: Option<Timestamp>) {
        if self.asking.is_on() && self.state.live.is_some() {
            self.state.fetching.want(occasion, known_until);
        }
    }

    /// Applies the frames that are ready in one batch of the receiver. Pending when there are none, or no room for them.
    fn poll_frames(&mut self, cx: &mut Context<'_>) -> Poll<Result<Drained, Ended>> {
        let Live { socket, session, receiver, state, .. } = self;
        if state.unflushed
            && let Poll::Ready(flushed) = socket.poll_flush_unpin(cx)
        {
            state.unflushed = false;
            flushed.map_err(|error| broken(&error, &mut **session))?;
        }
        let is_ready = receiver.poll_ready(cx).is_ready();
        state.listen(socket, is_ready);
        if !is_ready {
            return Poll::Pending;
        }
        let mut first = Some(ready!(Pin::new(&mut *socket).poll_next(cx)));
        let begun = Instant::now();
        let now = begun.into_std();
        state.heard = begun;
        state.probed &= state.unread;
        let mut outcome = Ok(Drained::Some);
        receiver.batch(&mut |events| {
            for count in 1.. {
                let next = match first.take() {
                    Some(first) => first,
                    None if count == 1 => return,
                    None => match Pin::new(&mut *socket).poll_next(cx) {
                        Poll::Ready(next) => next,
                        Poll::Pending => {
                            outcome = Ok(Drained::All);
                            return;
                        }
                    },
                };
                let mut feed = Feed { out: &mut state.out, events: &mut *events };
                let handled = match next {
                    Some(Ok(Message::Text(text))) => {
                        feed.events.frame(text.len());
                        session.handle(Input::Text(text.as_str()), now, &mut feed)
                    }
                    Some(Ok(Message::Binary(bytes))) => {
                        feed.events.frame(bytes.len());
                        session.handle(Input::Binary(&bytes), now, &mut feed)
                    }
                    Some(Ok(Message::Pong(_))) => session.handle(Input::Pong, now, &mut feed),
                    Some(Ok(Message::Ping(_) | Message::Frame(_))) => {
                        // The answer is queued in the socket already.
                        state.unflushed = true;
                        Ok(())
                    }
                    Some(Ok(Message::Close(frame))) => Err(match &frame {
                        Some(frame) => {
                            session.closed(Some(Close { code: frame.code.into(), reason: frame.reason.as_str() }))
                        }
                        // 1005 is RFC 6455's word for a close frame without a code.
                        None => session.closed(Some(Close { code: 1005, reason: "" })),
                    }),
                    Some(Err(error)) => {
                        state.parting = parting(&error);
                        Err(broken(&error, &mut **session))
                    }
                    None => Err(session.closed(None)),
                };
                if let Err(ended) = handled {
                    outcome = Err(ended);
                    return;
                }
                let full = count >= BATCH_FRAMES || count % LOOK_EVERY == 0 && begun.elapsed() >= BATCH_TIME;
                // A change of the status is told before the events that follow it.
                if full || state.out.progress.is_some() {
                    events.rest();
                    return;
                }
            }
        });
        Poll::Ready(outcome)
    }

    /// Gives the session an input that is not a frame.
    fn input(&mut self, input: Input<'_>) -> Result<(), Ended> {
        let Live { session, receiver, state, .. } = self;
        let now = Instant::now().into_std();
        let mut input = Some(input);
        let mut outcome = Ok(());
        receiver.batch(&mut |events| {
            if let Some(input) = input.take() {
                outcome = session.handle(input, now, &mut Feed { out: &mut state.out, events });
            }
        });
        self.progressed();
        outcome
    }

    /// Queues what the session wants sent; the socket flushes it as it can.
    fn send(&mut self) -> Result<(), Ended> {
        self.progressed();
        for outgoing in self.state.out.frames.drain(..) {
            if self.state.closing.is_some() {
                continue;
            }
            let message = match outgoing {
                Outgoing::Text(text) => Message::text(text),
                Outgoing::Secret(text) => Message::text(text.expose()),
                Outgoing::Ping => Message::Ping(Default::default()),
                Outgoing::Close { code, reason } => {
                    self.state.closing = Some(Instant::now() + GOODBYE);
                    Message::Close(Some(CloseFrame { code: code.into(), reason: reason.into() }))
                }
            };
            self.state.unflushed = true;
            self.socket.start_send_unpin(message).map_err(|error| broken(&error, &mut *self.session))?;
        }
        Ok(())
    }

    /// Wakes the session when its time has come, looks at the picture's age, and sets the alarm for what comes next.
    fn deadlines(&mut self, alarm: Pin<&mut Sleep>) -> Result<(), Ended> {
        let now = Instant::now();
        let mut next = self.session.poll_timeout();
        if let Some((at, why)) = next
            && at <= now.into_std()
        {
            tracing::trace!(why, "the session wakes");
            self.input(Input::Timeout)?;
            self.send()?;
            next = self.session.poll_timeout().map(|(at, why)| (at.max((now + UNMOVED).into_std()), why));
        }
        if self.state.closing.is_some_and(|until| until <= now) {
            return Err(self.session.closed(None));
        }
        self.doubt(now);
        let mut due = next.map_or(now + DOUBTED_AFTER, |(at, _)| Instant::from_std(at));
        if self.state.live.is_some() && !self.state.stale {
            due = due.min(self.state.heard + DOUBTED_AFTER);
        }
        if let Some(until) = self.state.closing {
            due = due.min(until);
        }
        // An alarm that rings too early costs one look; moving it at every batch would cost more.
        if alarm.is_elapsed() || due < alarm.deadline() {
            alarm.reset(due);
        }
        Ok(())
    }

    /// Tells how far the session got.
    fn progressed(&mut self) {
        if std::mem::take(&mut self.state.out.missed) {
            let known_until = self.receiver.known_until();
            self.missed(Occasion::Overflow, known_until);
        }
        if !self.state.probed
            && let Some(known_until) = self.state.slept.take()
        {
            self.missed(Occasion::Woke, known_until);
        }
        let Some(progress) = self.state.out.progress.take() else { return };
        let status = match progress {
            Progress::Authenticating => LinkStatus::Authenticating,
            Progress::Subscribing => LinkStatus::Subscribing,
            Progress::Live => {
                if self.state.live.is_some() {
                    return;
                }
                let since = self.clock.now();
                self.state.live = Some((since, Instant::now()));
                LinkStatus::Live { since }
            }
        };
        let is_live = matches!(status, LinkStatus::Live { .. });
        self.report.set(self.receiver, status);
        if is_live {
            let known_until = self.receiver.known_until();
            self.missed(self.occasion, known_until);
        }
    }

    /// Leaves, closes with 1000 and waits for the service to close too, within [`GOODBYE`].
    async fn goodbye(&mut self) {
        let Live { session, receiver, state, .. } = self;
        receiver.batch(&mut |events| session.shutdown(&mut Feed { out: &mut state.out, events }));
        let bye = async {
            self.send().ok()?;
            if self.state.closing.is_none() {
                self.socket.close(Some(CloseFrame { code: CloseCode::Normal, reason: "".into() })).await.ok()?;
            }
            self.socket.flush().await.ok()?;
            // What still comes belongs to no picture any more.
            poll_fn(|cx| {
                loop {
                    if !matches!(ready!(Pin::new(&mut self.socket).poll_next(cx)), Some(Ok(_))) {
                        return Poll::Ready(());
                    }
                }
            })
            .await;
            Some(())
        };
        let _ = timeout(GOODBYE, bye).await;
    }
}

/// The session's sink within a batch: events go on, the rest waits for the batch's end.
struct Feed<'a> {
    out: &'a mut Outbox,
    events: &'a mut dyn EventSink,
}

impl Sink for Feed<'_> {
    fn event(&mut self, event: &StreamEvent<'_>) {
        self.events.event(event);
    }

    fn send(&mut self, outgoing: Outgoing) {
        self.out.frames.push(outgoing);
    }

    fn progress(&mut self, progress: Progress) {
        self.out.progress = Some(progress);
    }

    fn subscription(&mut self, name: &str, state: SubscriptionState<'_>) {
        self.events.subscription(name, state);
    }

    fn missed(&mut self) {
        self.out.missed = true;
    }
}

impl Reads for Outbox {
    fn send(&mut self, outgoing: Outgoing) {
        self.frames.push(outgoing);
    }

    fn missed(&mut self) {
        self.missed = true;
    }
}
