//! Loads the page anew when its process dies: the window stays, and the page comes back where it was.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use tauri::{AppHandle, Manager, WebviewWindow};

use super::LABEL;
use super::presence::Presence;

/// So many deaths within [`SPAN`] are loaded anew at once; after that each waits for [`PAUSE`], so that a page that cannot live
/// does not spin.
const AT_ONCE: usize = 3;
const SPAN: Duration = Duration::from_secs(60);
const PAUSE: Duration = Duration::from_secs(30);

/// When the page's process died lately.
#[derive(Debug, Default)]
pub(super) struct Deaths(Mutex<VecDeque<Instant>>);

impl Deaths {
    /// Counts one, and says how long to wait before the page is loaded anew.
    fn count(&self, now: Instant) -> Duration {
        let mut lately = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        while lately.front().is_some_and(|at| now.saturating_duration_since(*at) > SPAN) {
            lately.pop_front();
        }
        if lately.len() >= AT_ONCE {
            return PAUSE;
        }
        lately.push_back(now);
        Duration::ZERO
    }
}

/// Watches over the process of a window's page.
#[cfg(target_os = "linux")]
pub(super) fn watch(window: &WebviewWindow) {
    use webkit2gtk::{WebProcessTerminationReason, WebViewExt};

    let app = window.app_handle().clone();
    let watched = window.with_webview(move |view| {
        view.inner().connect_web_process_terminated(move |_, reason| {
            let why = match reason {
                WebProcessTerminationReason::ExceededMemoryLimit => "it took too much memory",
                WebProcessTerminationReason::TerminatedByApi => "it was ended",
                _ => "it crashed or was killed",
            };
            died(&app, why);
        });
    });
    if let Err(error) = watched {
        tracing::warn!("the page's process is not watched over: {error}");
    }
}

/// Watches over the process of a window's page: WebView2 shows and mends that itself; macOS tells the application.
#[cfg(not(target_os = "linux"))]
pub(super) fn watch(_window: &WebviewWindow) {}

/// Loads the page anew.
pub(super) fn died(app: &AppHandle, why: &str) {
    let wait = app.state::<Deaths>().count(Instant::now());
    // What was typed is gone with it.
    app.state::<Presence>().set_unsaved(false);
    tracing::error!(wait_s = wait.as_secs(), "the page's process has died ({why}); the page is loaded anew");
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        tokio::time::sleep(wait).await;
        if let Some(window) = app.get_webview_window(LABEL)
            && let Err(error) = window.reload()
        {
            tracing::error!("the page could not be loaded anew: {error}");
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_that_dies_again_and_again_is_given_time() {
        let (deaths, begin) = (Deaths::default(), Instant::now());
        let waits: Vec<Duration> = (0..5).map(|second| deaths.count(begin + Duration::from_secs(second))).collect();
        assert_eq!(waits, [Duration::ZERO, Duration::ZERO, Duration::ZERO, PAUSE, PAUSE]);
        assert_eq!(deaths.count(begin + Duration::from_secs(90)), Duration::ZERO, "that was long ago");
    }
}
