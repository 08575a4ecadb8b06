//! Whether the window is there: shown, or gone into the tray with its page torn down and its memory given back.
//!
//! There is one way to hide, to end the window, and one way to show, to build it: what the page showed is the shell's to
//! remember ([`Presence::page`]). Whoever hides it can have it back: while no tray is seen for a while, it comes by itself.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use monitor::view::picture::Severity;
use monitor::{Host, Notice, Opens};
use tauri::{AppHandle, CloseRequestApi, ExitRequestApi, Manager};

use super::geometry::Geometries;
use super::shell::Shell;
use super::{LABEL, page, tray};

/// How often it is seen to that there is a tray to come back from.
const LOOKED_FOR: Duration = Duration::from_secs(4);

/// How many looks in vain bring the window back: a panel that starts, or starts anew, takes some seconds.
const IN_VAIN: u32 = 5;

/// How long the page may take to take up the question whether what is not saved may be lost.
const TAKEN_UP: Duration = Duration::from_secs(3);

/// The longest place of a page that is kept, in bytes.
const LONGEST_PLACE: usize = 16 * 1024;

/// Where the window is, and what brings it back as it was.
#[derive(Debug, Default)]
pub(super) struct Presence {
    state: Mutex<State>,
    /// Read from other threads, also while the window's own hangs.
    is_focused: AtomicBool,
}

#[derive(Debug, Default)]
struct State {
    is_hidden: bool,
    /// Told to end, and not gone yet.
    is_leaving: bool,
    /// Which time it is hidden.
    turn: u64,
    /// The page holds what is typed and not saved.
    is_unsaved: bool,
    /// Which time the page is asked, where it has not taken it up.
    asked: Option<u64>,
    /// How many times it was asked.
    asks: u64,
    page: Option<String>,
}

impl Presence {
    /// Remembers where in the window the reader is, as the page writes it.
    pub(super) fn set_page(&self, place: String) {
        if place.len() <= LONGEST_PLACE {
            self.lock().page = Some(place);
        }
    }

    /// Where in the window the reader was.
    pub(super) fn page(&self) -> Option<String> {
        self.lock().page.clone()
    }

    /// Notes whether the window has the keyboard's focus.
    pub(super) fn set_focused(&self, is_focused: bool) {
        self.is_focused.store(is_focused, Ordering::Relaxed);
    }

    /// Whether the window has the keyboard's focus: it is in front, and not minimised.
    pub(super) fn is_focused(&self) -> bool {
        self.is_focused.load(Ordering::Relaxed)
    }

    /// Notes whether something is typed and not saved. The page says it anew when it takes up being asked.
    pub(super) fn set_unsaved(&self, is_unsaved: bool) {
        let mut state = self.lock();
        state.is_unsaved = is_unsaved;
        state.asked = None;
    }

    /// Notes that the page is asked, and gives which time it is; `None` where there is nothing to ask it about.
    fn ask(&self) -> Option<u64> {
        let mut state = self.lock();
        if !state.is_unsaved {
            return None;
        }
        state.asks += 1;
        state.asked = Some(state.asks);
        state.asked
    }

    /// Whether the page has not taken up that it was asked that time.
    fn is_unheard(&self, time: u64) -> bool {
        self.lock().asked == Some(time)
    }

    /// Has a page that is built later begin with a screen.
    pub(super) fn lead_to(&self, screen: &str) {
        self.lock().page = Some(serde_json::json!({ "address": address(screen) }).to_string());
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Begins in the tray: the window is not built before somebody wants it, or no tray comes.
pub(super) fn begin_hidden(app: &AppHandle) {
    let mut state = app.state::<Presence>().inner().lock();
    state.is_hidden = true;
    state.turn += 1;
    tauri::async_runtime::spawn(watch(app.clone(), state.turn));
}

/// Brings the window to the front; builds it if it is not there. From any thread.
pub(super) fn raise(app: &AppHandle) {
    let there = app.clone();
    if let Err(error) = app.run_on_main_thread(move || raise_here(&there)) {
        tracing::error!("the window could not be raised: {error}");
    }
}

fn raise_here(app: &AppHandle) {
    {
        let presence = app.state::<Presence>();
        let mut state = presence.lock();
        state.is_hidden = false;
        if state.is_leaving {
            // It is built anew when it is gone, see `exit_requested`.
            return;
        }
    }
    let Some(window) = app.get_webview_window(LABEL) else { return show(app) };
    // The window manager may refuse any of these; then the window stays where it is.
    let _ = window.unminimize();
    let _ = window.show();
    let _ = window.set_focus();
}

/// Builds the window. Only on the window's own thread.
pub(super) fn show(app: &AppHandle) {
    app.state::<Presence>().set_unsaved(false);
    if let Err(error) = page::open(app) {
        // Without a window and with nobody who reads this, the connections and alerts go on.
        tracing::error!("the window could not be opened: {error}");
    }
}

/// The window is asked to close: it goes into the tray if that is wanted and there is one, and else the program ends.
pub(super) fn close_requested(app: &AppHandle, api: &CloseRequestApi) {
    app.state::<Geometries>().note(app);
    if asks(app, "close_window") {
        // A window that is minimised is asked where nobody sees it.
        raise(app);
        return api.prevent_close();
    }
    if !app.state::<Shell>().monitor.settings().close_to_tray {
        return;
    }
    api.prevent_close();
    let app = app.clone();
    // The desktop is asked, and may hang: not on the window's thread.
    tauri::async_runtime::spawn(async move {
        if tray::is_there().await {
            let there = app.clone();
            let _ = app.run_on_main_thread(move || hide(&there));
        } else {
            tracing::info!("no tray is there to close to: closing the window ends the program");
            app.exit(0);
        }
    });
}

/// The program is asked to end by somebody outside of the page.
pub(super) fn quit_requested(app: &AppHandle) {
    if asks(app, "quit") {
        raise(app);
    } else {
        app.exit(0);
    }
}

/// Has the page ask whether what is typed and not saved may be lost, where there is such; the page then does the command itself.
/// One that does not take it up is closed all the same.
fn asks(app: &AppHandle, command: &'static str) -> bool {
    let Some(window) = app.get_webview_window(LABEL) else { return false };
    let Some(time) = app.state::<Presence>().ask() else { return false };
    let event = format!("window.dispatchEvent(new CustomEvent('signalbox:leave', {{ detail: '{command}' }}))");
    if let Err(error) = window.eval(event) {
        tracing::warn!("the page could not be asked what is not saved: {error}");
        return false;
    }
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        tokio::time::sleep(TAKEN_UP).await;
        if app.state::<Presence>().is_unheard(time) {
            tracing::warn!("the page does not say whether what is not saved may be lost");
            app.state::<Presence>().set_unsaved(false);
            match command {
                "quit" => app.exit(0),
                _ => window.close().unwrap_or_else(|error| tracing::error!("the window could not be closed: {error}")),
            }
        }
    });
    true
}

/// Nothing of the page stays but where it was.
fn hide(app: &AppHandle) {
    let Some(window) = app.get_webview_window(LABEL) else { return };
    let turn = {
        let presence = app.state::<Presence>();
        let mut state = presence.lock();
        state.is_hidden = true;
        state.is_leaving = true;
        state.turn += 1;
        state.turn
    };
    if let Err(error) = window.destroy() {
        tracing::error!("the window could not be closed: {error}");
        return;
    }
    tracing::info!("the window is closed to the tray; connections and alerts go on");
    if app.state::<Geometries>().is_first_time_in_tray() {
        app.state::<Shell>().desktop.notify(Notice {
            key: "tray".into(),
            severity: Severity::Low,
            title: "Signalbox goes on in the tray".into(),
            body: "It stays connected and tells you of alerts. Its icon opens the window; Quit in the icon’s menu ends it."
                .into(),
            opens: Opens::Nothing,
            picture: None,
            sound: false,
        });
    }
    tauri::async_runtime::spawn(watch(app.clone(), turn));
}

/// Sees to it that the window can be had back, for as long as it is hidden this time.
async fn watch(app: AppHandle, turn: u64) {
    let mut in_vain = 0;
    loop {
        tokio::time::sleep(LOOKED_FOR).await;
        {
            let presence = app.state::<Presence>();
            let state = presence.lock();
            if !state.is_hidden || state.turn != turn {
                return;
            }
        }
        in_vain = if tray::is_there().await { 0 } else { in_vain + 1 };
        if in_vain >= IN_VAIN {
            tracing::warn!("no tray is there to come back from: the window is opened");
            return raise(&app);
        }
    }
}

/// The last window is gone, or the program is asked to end.
pub(super) fn exit_requested(app: &AppHandle, code: Option<i32>, api: &ExitRequestApi) {
    // Asked for: it ends.
    if code.is_some() {
        app.state::<Geometries>().note(app);
        return;
    }
    let presence = app.state::<Presence>();
    let mut state = presence.lock();
    if !std::mem::take(&mut state.is_leaving) {
        return;
    }
    api.prevent_exit();
    if !state.is_hidden {
        // It was wanted back while it went.
        drop(state);
        raise(app);
    }
}

/// Leads the window to a screen, one that is there and one that is built later.
pub(super) fn lead(app: &AppHandle, screen: &str) {
    app.state::<Presence>().lead_to(screen);
    if let Some(window) = app.get_webview_window(LABEL)
        && let Err(error) = window.eval(format!("location.hash = {}", serde_json::json!(address(screen))))
    {
        tracing::warn!("the window could not be led to {screen}: {error}");
    }
}

fn address(screen: &str) -> String {
    format!("#/{screen}")
}

#[cfg(test)]
mod tests {
    use super::Presence;

    #[test]
    fn the_end_of_waiting_for_one_question_is_not_that_of_a_later_one() {
        let presence = Presence::default();
        assert_eq!(presence.ask(), None, "nothing is typed");
        presence.set_unsaved(true);
        let first = presence.ask().expect("something is typed");
        assert!(presence.is_unheard(first));
        presence.set_unsaved(true);
        assert!(!presence.is_unheard(first), "the page took it up");
        let second = presence.ask().expect("something is typed still");
        assert!(!presence.is_unheard(first), "the first was taken up, whatever became of the second");
        assert!(presence.is_unheard(second));
    }
}
