//! Native notifications.
//!
//! The desktop's daemon may be slow, hang, or not be there. So it is spoken to from one thread, and who has something to tell
//! never waits: what is told goes into the [`gate`](gate::Gate), which is bounded, and the thread shows what the gate lets out.

#[cfg_attr(all(unix, not(target_os = "macos")), path = "freedesktop.rs")]
#[cfg_attr(not(all(unix, not(target_os = "macos"))), path = "elsewhere.rs")]
mod daemon;
mod gate;
#[cfg(all(unix, not(target_os = "macos")))]
mod picture;
mod text;

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use monitor::view::picture::Severity;
use monitor::{AlertId, Host, Notice, Opens};
use tokio::sync::oneshot;

use daemon::Daemon;
use gate::{Gate, Shown, Step};
use text::Text;

/// How many test notifications may wait.
const TRIED: usize = 8;

/// How long a test notification may take.
const TEST_BOUND: Duration = Duration::from_secs(5);

const HANGS: &str = "The desktop's notification daemon does not answer; restart it and try again.";

/// What the operator did with a notification.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Action {
    /// They know of this alert.
    Acknowledge(AlertId),
    /// They want to see this alert, or the list of them.
    Open(Option<AlertId>),
}

/// What is heard of a notification that was shown.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Heard {
    Acted(Action),
    /// What was shown under this key is not on the screen any more, and not because it was taken back.
    Closed(String),
}

/// What the window can tell in place of the desktop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Told {
    /// One line.
    pub(crate) title: String,
    /// A few lines, plain text; empty for none.
    pub(crate) body: String,
    pub(crate) severity: Severity,
    pub(crate) opens: Opens,
}

/// The way to the desktop's notifications. Clones share it.
#[derive(Debug, Clone)]
pub(crate) struct Notifications {
    alive: Arc<Alive>,
}

impl Notifications {
    /// Starts the thread that speaks to the desktop; it ends with the last clone. `on_action` is called from a thread of its own
    /// and must not block. `in_window` is asked of each before it is shown, and answers whether the window has told it itself.
    pub(crate) fn start(
        on_action: impl Fn(Action) + Send + Sync + 'static,
        in_window: impl Fn(Told) -> bool + Send + 'static,
    ) -> std::io::Result<Self> {
        Self::start_with(on_action, in_window, Daemon::new)
    }

    fn start_with(
        on_action: impl Fn(Action) + Send + Sync + 'static,
        in_window: impl Fn(Told) -> bool + Send + 'static,
        daemon: impl FnOnce(Arc<dyn Fn(Heard) + Send + Sync>) -> Daemon,
    ) -> std::io::Result<Self> {
        let waiting = Arc::new(Waiting::default());
        let (taken, closing) = (waiting.clone(), Arc::downgrade(&waiting));
        let daemon = daemon(Arc::new(move |heard| match heard {
            Heard::Acted(action) => on_action(action),
            Heard::Closed(key) => {
                if let Some(waiting) = closing.upgrade() {
                    waiting.lock().gate.closed(&key);
                }
            }
        }));
        std::thread::Builder::new().name("notifications".into()).spawn(move || show_all(&taken, daemon, &in_window))?;
        Ok(Notifications { alive: Arc::new(Alive(waiting)) })
    }

    /// Shows one now, whatever else is told, and says what is wrong when the desktop shows none.
    pub(crate) async fn test(&self, notice: Notice) -> Result<(), String> {
        let (answer, answered) = oneshot::channel();
        {
            let mut state = self.alive.0.lock();
            if state.tried.len() >= TRIED {
                return Err(HANGS.into());
            }
            state.tried.push_back((notice, answer));
        }
        self.alive.0.changed.notify_one();
        match tokio::time::timeout(TEST_BOUND, answered).await {
            Ok(Ok(outcome)) => outcome,
            _ => Err(HANGS.into()),
        }
    }
}

impl Host for Notifications {
    fn notify(&self, notice: Notice) {
        self.alive.0.lock().gate.tell(notice, Instant::now());
        self.alive.0.changed.notify_one();
    }

    fn withdraw(&self, key: &str) {
        self.alive.0.lock().gate.withdraw(key);
        self.alive.0.changed.notify_one();
    }
}

/// Ends the thread with the last clone.
#[derive(Debug)]
struct Alive(Arc<Waiting>);

impl Drop for Alive {
    fn drop(&mut self) {
        self.0.lock().is_over = true;
        self.0.changed.notify_one();
    }
}

/// What waits for the thread.
#[derive(Debug, Default)]
struct Waiting {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    gate: Gate,
    tried: VecDeque<(Notice, oneshot::Sender<Result<(), String>>)>,
    is_over: bool,
}

impl Waiting {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for what is to be done next; `None` when nobody can ask any more.
    fn next(&self) -> Option<Task> {
        let mut state = self.lock();
        loop {
            if state.is_over {
                return None;
            }
            if let Some((notice, answer)) = state.tried.pop_front() {
                return Some(Task::Try(notice, answer));
            }
            let now = Instant::now();
            if let Some(step) = state.gate.next(now) {
                return Some(Task::Step(step));
            }
            state = match state.gate.deadline() {
                Some(due) => {
                    let wait = self.changed.wait_timeout(state, due.saturating_duration_since(now));
                    wait.unwrap_or_else(PoisonError::into_inner).0
                }
                None => self.changed.wait(state).unwrap_or_else(PoisonError::into_inner),
            };
        }
    }
}

enum Task {
    Step(Step),
    Try(Notice, oneshot::Sender<Result<(), String>>),
}

/// Shows what the gate lets out until nobody can ask any more. What is wrong is said once, and again only after it has worked.
fn show_all(waiting: &Waiting, mut daemon: Daemon, in_window: &dyn Fn(Told) -> bool) {
    let mut is_missed = false;
    while let Some(task) = waiting.next() {
        let (step, outcome) = match task {
            Task::Step(Step::Withdraw(key)) => {
                // What is not there needs no taking back: that says nothing about the daemon.
                if daemon.withdraw(&key).is_err() {
                    waiting.lock().gate.failed(Step::Withdraw(key), Instant::now());
                }
                continue;
            }
            Task::Step(Step::Show(shown)) if in_window(Text::of(&shown).told()) => {
                waiting.lock().gate.closed(shown.key());
                continue;
            }
            Task::Step(Step::Show(shown)) => {
                let outcome = daemon.show(&Text::of(&shown));
                (Some(Step::Show(shown)), outcome)
            }
            Task::Try(notice, answer) => {
                let outcome = daemon.show(&Text::of(&Shown::One(notice)));
                // Who asked may have stopped waiting.
                let _ = answer.send(outcome.clone());
                (None, outcome)
            }
        };
        match outcome {
            Ok(()) => {
                is_missed = false;
                waiting.lock().gate.worked();
            }
            Err(why) => {
                if !std::mem::replace(&mut is_missed, true) {
                    tracing::warn!("{why} Alerts are listed in the window; notifications are tried again.");
                }
                if let Some(step) = step {
                    waiting.lock().gate.failed(step, Instant::now());
                }
            }
        }
    }
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests;
