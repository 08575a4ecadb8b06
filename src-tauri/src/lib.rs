//! Signalbox, the desktop application.
