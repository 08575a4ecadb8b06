//! What the monitor asks of the desktop: to tell the operator.

use std::sync::Arc;

use fleet::alert::{Alert, AlertId, Transition};
use protocol::Timestamp;

use crate::view::Announced;
use crate::view::picture::Severity;

/// The desktop, as the monitor sees it. The shell implements it; tests record it. Nothing here may block.
pub trait Host: Send + Sync + 'static {
    /// Tells the operator something that cannot wait until they look. One with the key of an earlier one replaces it.
    fn notify(&self, notice: Notice);

    /// Takes back what was told under this key.
    fn withdraw(&self, key: &str) {
        let _ = key;
    }

    /// Answers what the window is to announce and take back; it has then. Asked with each frame that a window pulls.
    fn announcements(&self) -> Announcements {
        Announcements::default()
    }

    /// Says that an alert changed, told or not: for a log. Called while the alerts are held, so it must only take note.
    fn changed(&self, alert: &Alert, transition: &Transition) {
        let _ = (alert, transition);
    }

    /// Shows how bad it is, on badge and tray. Told only when it changes.
    fn attention(&self, attention: Attention) {
        let _ = attention;
    }
}

/// Something to tell the operator natively.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// What it is about: a later notice with the same key replaces this one.
    pub key: String,
    /// How bad.
    pub severity: Severity,
    /// A short line.
    pub title: String,
    /// A sentence or two. It holds no secret.
    pub body: String,
    /// What a click leads to.
    pub opens: Opens,
    /// The alert's chart, a PNG.
    pub picture: Option<Arc<[u8]>>,
    /// Whether it is to be heard.
    pub sound: bool,
}

/// What the window tells in place of the desktop.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Announcements {
    /// The keys of what is over, to be taken back first.
    pub taken_back: Vec<String>,
    /// What is new.
    pub told: Vec<Announced>,
}

/// What a click on a notice opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opens {
    /// One alert: it can be acknowledged and opened.
    Alert(AlertId),
    /// Several: the list of alerts can be opened.
    Alerts,
    /// Nothing that can be opened.
    Nothing,
}

/// How bad it is, in one look.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Attention {
    /// The worst that fires and is neither acknowledged nor silenced; a mute of everything keeps none from being counted.
    pub worst: Option<Severity>,
    /// How many of those there are.
    pub firing: u32,
    /// Connections that are enabled and not live.
    pub not_live: u32,
    /// Until when nothing is told, while everything is muted.
    pub muted_until: Option<Timestamp>,
}

/// A desktop that tells nobody: for the command line.
#[derive(Debug, Clone, Copy, Default)]
pub struct Nobody;

impl Host for Nobody {
    fn notify(&self, _notice: Notice) {}
}
