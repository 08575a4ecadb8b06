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

use monitor::{AlertId, Announcements, Host, Notice};
use tokio::sync::oneshot;

use daemon::Daemon;
use gate::{Gate, Shown, Step};
use text::Text;

/// How many test notifications may wait.
const TRIED: usize = 8;

/// How long a test notification may take.
const TEST_BOUND: Duration = Duration::from_secs(5);

/// How often it is seen whether the window is still in front, while it has something to take.
const LOOK: Duration = Duration::from_secs(1);

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

/// The way to the desktop's notifications. Clones share it.
#[derive(Debug, Clone)]
pub(crate) struct Notifications {
    alive: Arc<Alive>,
}

impl Notifications {
    /// Starts the thread that speaks to the desktop; it ends with the last clone. `on_action` is called from a thread of its own
    /// and must not block. `in_front` answers whether the window tells now: then what is due waits for
    /// [`Notifications::for_window`].
    pub(crate) fn start(
        on_action: impl Fn(Action) + Send + Sync + 'static,
        in_front: impl Fn() -> bool + Send + 'static,
    ) -> std::io::Result<Self> {
        Self::start_with(on_action, in_front, Daemon::new)
    }

    fn start_with(
        on_action: impl Fn(Action) + Send + Sync + 'static,
        in_front: impl Fn() -> bool + Send + 'static,
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
        std::thread::Builder::new().name("notifications".into()).spawn(move || show_all(&taken, daemon, &in_front))?;
        Ok(Notifications { alive: Arc::new(Alive(waiting)) })
    }

    /// What the window takes now, and with that has told: what is over, and what is due if it is in front.
    pub(crate) fn for_window(&self, in_front: bool) -> Announcements {
        let (told, taken_back) = {
            let mut state = self.alive.0.lock();
            let told = if in_front { state.gate.for_window(Instant::now()) } else { Vec::new() };
            (told, state.gate.taken_back())
        };
        if !told.is_empty() {
            self.alive.0.changed.notify_one();
        }
        Announcements { told: told.iter().map(|shown| Text::of(shown).announced()).collect(), taken_back }
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
    fn next(&self, in_front: &dyn Fn() -> bool) -> Option<Task> {
        loop {
            // Nothing is held while the window is asked.
            let in_front = in_front();
            let mut state = self.lock();
            if state.is_over {
                return None;
            }
            if let Some((notice, answer)) = state.tried.pop_front() {
                return Some(Task::Try(notice, answer));
            }
            let now = Instant::now();
            if let Some(step) = state.gate.next(now, in_front) {
                return Some(Task::Step(step));
            }
            match state.gate.deadline() {
                Some(due) => {
                    // What the window does not take is the desktop's to show.
                    let least = if in_front { LOOK } else { Duration::ZERO };
                    let wait = due.saturating_duration_since(now).max(least);
                    drop(self.changed.wait_timeout(state, wait));
                }
                None => drop(self.changed.wait(state)),
            }
        }
    }
}

enum Task {
    Step(Step),
    Try(Notice, oneshot::Sender<Result<(), String>>),
}

/// Shows what the gate lets out until nobody can ask any more. What is wrong is said once, and again only after it has worked.
fn show_all(waiting: &Waiting, mut daemon: Daemon, in_front: &dyn Fn() -> bool) {
    let mut is_missed = false;
    while let Some(task) = waiting.next(in_front) {
        let (step, outcome) = match task {
            Task::Step(Step::Withdraw(key)) => {
                // What is not there needs no taking back: that says nothing about the daemon.
                if daemon.withdraw(&key).is_err() {
                    waiting.lock().gate.failed(Step::Withdraw(key), Instant::now());
                }
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
