//! The shift report: one HTML file that stands alone, from plain data.

mod data;
mod page;
mod sections;
mod signs;
mod style;
mod table;

pub use data::{AlertLine, Figure, GapLine, JobLine, LockLine, MOST_CHARTS, MOST_ROWS, Report};

/// Writes a report as one HTML file: styles and charts are in it, there is no script, nothing is fetched, and a policy in it forbids both.
///
/// It is light or dark as the reader's system is, and light on paper. Whatever came from outside is escaped; every text is held to a
/// length, every table to [`MOST_ROWS`] rows and the charts to [`MOST_CHARTS`], and the page says what was left out.
pub fn html(report: &Report) -> String {
    page::page(report)
}
