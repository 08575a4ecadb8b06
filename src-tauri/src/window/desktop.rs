//! The desktop as the monitor sees it: notifications, tray and badge.

use monitor::view::picture::Severity;
use monitor::{Attention, Host, Notice};
use tauri::{AppHandle, Manager, UserAttentionType};

use super::LABEL;
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

/// The window is looked at: it asks for nothing more.
pub(super) fn seen(app: &AppHandle) {
    if let Some(window) = app.get_webview_window(LABEL) {
        let _ = window.request_user_attention(None);
    }
}
