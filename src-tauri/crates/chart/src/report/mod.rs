//! The shift report.
