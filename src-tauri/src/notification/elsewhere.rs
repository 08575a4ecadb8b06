//! The notifications of macOS and Windows, as notify-rust reaches them: shown, heard, neither replaced, withdrawn nor acted on.

use std::sync::Arc;

use notify_rust::Notification;

use super::Heard;
use super::text::Text;

/// The desktop's notifications.
#[derive(Debug)]
pub(super) struct Daemon;

impl Daemon {
    pub(super) fn new(_on_heard: Arc<dyn Fn(Heard) + Send + Sync>) -> Self {
        Daemon
    }

    /// Shows it, or says in a sentence why not.
    pub(super) fn show(&mut self, text: &Text) -> Result<(), String> {
        let mut notification = Notification::new();
        notification.appname("Signalbox").summary(&text.title).body(&text.body);
        if text.sound {
            notification.sound_name("Default");
        }
        let shown = notification.show();
        shown.map(drop).map_err(|error| format!("No notification can be shown: {error}."))
    }

    /// Does nothing: neither system lets go of what was shown this way.
    pub(super) fn withdraw(&mut self, _key: &str) -> Result<(), String> {
        Ok(())
    }
}
