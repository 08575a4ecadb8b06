//! The desktop as the monitor sees it: notifications, tray and badge.

use monitor::view::Announced;
use monitor::view::picture::{Severity, Target};
use monitor::{Attention, Host, Notice, Opens};
use tauri::{AppHandle, Manager, UserAttentionType};

use super::LABEL;
use super::presence::Presence;
use super::shell::Shell;
use super::tray::Tray;
use crate::notification::{Notifications, Told};

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

/// Has the window announce what would else be shown over it; answers whether it does. It does while it is in front and
/// paints, unless the settings want both.
pub(super) fn told_in_window(app: &AppHandle, told: Told) -> bool {
    let Some(shell) = app.try_state::<Shell>() else { return false };
    let is_in_front = app.state::<Presence>().is_focused() && shell.monitor.is_looked_at();
    if !is_in_front || shell.monitor.settings().in_front {
        return false;
    }
    let Told { title, body: text, severity, opens } = told;
    let target = match opens {
        Opens::Alert(id) => Some(Target::Alert { id: id.to_string() }),
        Opens::Alerts => Some(Target::Alerts),
        Opens::Nothing => None,
    };
    shell.monitor.announce(Announced { title, text, severity, target });
    true
}

/// The window came to the front, and asks for nothing more; or it went from there.
pub(super) fn focused(app: &AppHandle, is_focused: bool) {
    app.state::<Presence>().set_focused(is_focused);
    if is_focused && let Some(window) = app.get_webview_window(LABEL) {
        let _ = window.request_user_attention(None);
    }
}
