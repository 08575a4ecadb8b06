//! What the monitor asks of the desktop: to tell the operator.

use crate::view::picture::Severity;

/// The desktop, as the monitor sees it. The shell implements it; tests record it.
pub trait Host: Send + Sync + 'static {
    /// Tells the operator something that cannot wait until they look. Must not block.
    fn notify(&self, notice: Notice);
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
}

/// A desktop that tells nobody: for the command line.
#[derive(Debug, Clone, Copy, Default)]
pub struct Nobody;

impl Host for Nobody {
    fn notify(&self, _notice: Notice) {}
}
