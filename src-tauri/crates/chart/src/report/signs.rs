//! The signs of states and severities: each has a shape of its own, and its word beside it.

use crate::text::{escape, line};

/// The shapes, once in the page; `use` puts them where they are wanted.
pub(super) const SYMBOLS: &str = concat!(
    "<svg class=\"symbols\" aria-hidden=\"true\" focusable=\"false\"><defs>",
    "<symbol id=\"s-octagon\" viewBox=\"0 0 16 16\"><path fill-rule=\"evenodd\" d=\"M4.7.5h6.6l4.2 4.2v6.6l-4.2 4.2H4.7L.5 11.3V4.7zM6.8 3v5.8h2.4V3zm0 7.4v2.4h2.4v-2.4z\"/></symbol>",
    "<symbol id=\"s-triangle\" viewBox=\"0 0 16 16\"><path d=\"M8 1.8 15 14H1z\"/></symbol>",
    "<symbol id=\"s-diamond\" viewBox=\"0 0 16 16\"><path d=\"M8 1.2 14.8 8 8 14.8 1.2 8z\"/></symbol>",
    "<symbol id=\"s-bar\" viewBox=\"0 0 16 16\"><path d=\"M2 6h12v4H2z\"/></symbol>",
    "<symbol id=\"s-square\" viewBox=\"0 0 16 16\"><path d=\"M2.5 2.5h11v11h-11z\"/></symbol>",
    "<symbol id=\"s-disc\" viewBox=\"0 0 16 16\"><circle cx=\"8\" cy=\"8\" r=\"6\"/></symbol>",
    "<symbol id=\"s-ring\" viewBox=\"0 0 16 16\"><path fill-rule=\"evenodd\" d=\"M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zm0 2.6a3.9 3.9 0 1 1 0 7.8 3.9 3.9 0 0 1 0-7.8z\"/></symbol>",
    "<symbol id=\"s-half\" viewBox=\"0 0 16 16\"><path fill-rule=\"evenodd\" d=\"M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zm0 2v9a4.5 4.5 0 0 0 0-9z\"/></symbol>",
    "<symbol id=\"s-muted\" viewBox=\"0 0 16 16\"><path fill-rule=\"evenodd\" d=\"M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM4 7h8v2H4z\"/></symbol>",
    "<symbol id=\"s-tick\" viewBox=\"0 0 16 16\"><path d=\"m1.6 8.6 1.8-1.8 2.9 2.9L12.6 3l1.8 1.8-8.1 8.5z\"/></symbol>",
    "<symbol id=\"s-cross\" viewBox=\"0 0 16 16\"><path d=\"m3.4 1.8 4.6 4.6 4.6-4.6 1.6 1.6L9.6 8l4.6 4.6-1.6 1.6L8 9.6l-4.6 4.6-1.6-1.6L6.4 8 1.8 3.4z\"/></symbol>",
    "<symbol id=\"s-locked\" viewBox=\"0 0 16 16\"><path fill-rule=\"evenodd\" d=\"M4 7V5a4 4 0 0 1 8 0v2h1v7.5H3V7zm1.8 0h4.4V5a2.2 2.2 0 0 0-4.4 0z\"/></symbol>",
    "<symbol id=\"s-unlocked\" viewBox=\"0 0 16 16\"><path d=\"M8.4 7V4.3a3.6 3.6 0 0 1 7.2 0V7h-1.8V4.3a1.8 1.8 0 0 0-3.6 0V7H11v7.5H.5V7z\"/></symbol>",
    "</defs></svg>\n"
);

/// A sign: its shape and the colour that goes with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sign {
    shape: &'static str,
    tone: &'static str,
}

const fn sign(shape: &'static str, tone: &'static str) -> Sign {
    Sign { shape, tone }
}

pub(super) const LOCKED: Sign = sign("locked", "good");
pub(super) const UNLOCKED: Sign = sign("unlocked", "warn");
pub(super) const FILLED: Sign = sign("tick", "good");
pub(super) const NOT_FILLED: Sign = sign("cross", "warn");
pub(super) const LOST: Sign = sign("triangle", "bad");

pub(super) fn severity(word: &str) -> Sign {
    match word.trim().to_ascii_lowercase().as_str() {
        "critical" => sign("octagon", "bad"),
        "high" => sign("triangle", "bad"),
        "medium" => sign("diamond", "warn"),
        "low" => sign("bar", "info"),
        _ => sign("ring", "quiet"),
    }
}

pub(super) fn state(word: &str) -> Sign {
    match word.trim().to_ascii_lowercase().as_str() {
        "firing" => sign("triangle", "bad"),
        "pending" => sign("half", "warn"),
        "acknowledged" => sign("square", "info"),
        "silenced" => sign("muted", "quiet"),
        "resolved" => sign("disc", "good"),
        _ => sign("ring", "quiet"),
    }
}

/// A sign with its word.
pub(super) fn badge(sign: Sign, word: &str) -> String {
    let word = line(word, 40);
    let word = if word.is_empty() { "unknown".to_owned() } else { escape(&word) };
    format!(
        "<span class=\"badge {}\"><svg aria-hidden=\"true\"><use href=\"#s-{}\"/></svg>{word}</span>",
        sign.tone, sign.shape
    )
}
