//! The desktop as the monitor sees it: notifications, tray and badge.

use monitor::{Attention, Host, Notice};

use super::tray::Tray;
use crate::notification::Notifications;

/// Tells the operator natively.
#[derive(Debug, Clone)]
pub(super) struct Desktop {
    pub(super) notifications: Notifications,
    pub(super) tray: Tray,
}

impl Host for Desktop {
    fn notify(&self, notice: Notice) {
        self.notifications.notify(notice);
    }

    fn withdraw(&self, key: &str) {
        self.notifications.withdraw(key);
    }

    fn attention(&self, attention: Attention) {
        self.tray.show(attention);
    }
}
