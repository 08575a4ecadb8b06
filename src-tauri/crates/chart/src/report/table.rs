//! Tables with escaped cells, held to a number of rows.

use std::fmt::Write as _;

use super::data::MOST_ROWS;
use crate::scale::grouped;
use crate::text::{escape, line};

/// What is kept of a text in a cell, in characters.
const MOST_LETTERS: usize = 600;

/// A column: its head, and how its cells stand.
#[derive(Debug, Clone, Copy)]
pub(super) struct Column {
    pub head: &'static str,
    /// The class of its cells; empty for plain text.
    pub class: &'static str,
}

pub(super) const fn column(head: &'static str, class: &'static str) -> Column {
    Column { head, class }
}

/// Writes a table; each row's cells are markup that is already escaped.
pub(super) fn table<T>(caption: &str, columns: &[Column], rows: &[T], cells: impl Fn(&T) -> Vec<String>) -> String {
    let mut out = format!(
        "<div class=\"table\" role=\"region\" aria-label=\"{0}\" tabindex=\"0\"><table>\n<caption>{0}</caption>\n<thead><tr>",
        escape(caption)
    );
    for column in columns {
        let _ = write!(out, "<th scope=\"col\"{}>{}</th>", class(column.class), escape(column.head));
    }
    out.push_str("</tr></thead>\n<tbody>\n");
    for row in rows.iter().take(MOST_ROWS) {
        out.push_str("<tr>");
        for (column, cell) in columns.iter().zip(cells(row)) {
            let _ = write!(out, "<td{}>{cell}</td>", class(column.class));
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody></table></div>\n");
    out
}

fn class(name: &str) -> String {
    if name.is_empty() { String::new() } else { format!(" class=\"{name}\"") }
}

/// A text from outside as a cell; a dash where there is none.
pub(super) fn cell(text: &str) -> String {
    let text = line(text, MOST_LETTERS);
    if text.is_empty() { none("nothing") } else { escape(&text) }
}

/// A dash, with a word for those who do not see it.
pub(super) fn none(word: &str) -> String {
    format!("<span class=\"none\" role=\"img\" aria-label=\"{word}\">–</span>")
}

/// A text with a second, fainter line.
pub(super) fn two_lines(first: &str, second: &str) -> String {
    let second = line(second, MOST_LETTERS);
    if second.is_empty() {
        return cell(first);
    }
    format!("{}<span class=\"sub\">{}</span>", cell(first), escape(&second))
}

/// A count with its thousands parted.
pub(super) fn count(count: u64) -> String {
    grouped(count as f64, 0)
}
