//! The desktop as the monitor sees it: notifications, tray and badge.

use monitor::view::picture::Severity;
use monitor::{Announcements, Attention, Host, Notice};
use tauri::{AppHandle, Manager, UserAttentionType};

use super::LABEL;
use super::presence::Presence;
use super::shell::Shell;
use super::tray::Tray;
use crate::notification::Notifications;

/// Tells the operator natively.
#[derive(Debug, Clone)]
pub(super) struct Desktop {
    pub(super) app: AppHandle,
    pub(super) notifications: Notifications,
    pub(super) tray: Tray,
}

impl Host for Desktop {
    fn notify(&self, notice: Notice) {
        if notice.severity == Severity::Critical {
            let app = self.app.clone();
            let _ = self.app.run_on_main_thread(move || urge(&app));
        }
        self.notifications.notify(notice);
    }

    fn withdraw(&self, key: &str) {
        self.notifications.withdraw(key);
    }

    fn announcements(&self) -> Announcements {
        self.notifications.for_window(tells_itself(&self.app))
    }

    fn attention(&self, attention: Attention) {
        self.tray.show(attention);
    }
}

/// Marks the window in the task bar, unless it is looked at.
fn urge(app: &AppHandle) {
    if let Some(window) = app.get_webview_window(LABEL)
        && !window.is_focused().unwrap_or(true)
    {
        let _ = window.request_user_attention(Some(UserAttentionType::Critical));
    }
}

/// Whether the window tells what the desktop would else show over it: it is in front and paints, and the settings do not
/// want both.
pub(super) fn tells_itself(app: &AppHandle) -> bool {
    let Some(shell) = app.try_state::<Shell>() else { return false };
    app.state::<Presence>().is_focused() && shell.monitor.is_looked_at() && !shell.monitor.settings().in_front
}

/// The window came to the front, and asks for nothing more; or it went from there.
pub(super) fn focused(app: &AppHandle, is_focused: bool) {
    app.state::<Presence>().set_focused(is_focused);
    if is_focused && let Some(window) = app.get_webview_window(LABEL) {
        let _ = window.request_user_attention(None);
    }
}
