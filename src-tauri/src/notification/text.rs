//! Notices in the words that the desktop shows.

use std::fmt::Write;
use std::sync::Arc;

use monitor::view::Announced;
use monitor::view::picture::{Severity, Target};
use monitor::{Notice, Opens};

use super::gate::{DIGEST, Shown, Summary};

/// Longer texts are cut: daemons show a few lines.
const TITLE: usize = 120;
const BODY: usize = 400;

/// A notification as it is handed to the desktop.
#[derive(Debug, Clone)]
pub(super) struct Text {
    pub(super) key: String,
    /// One line.
    pub(super) title: String,
    /// A few lines, plain text.
    pub(super) body: String,
    pub(super) severity: Severity,
    pub(super) opens: Opens,
    /// A PNG.
    pub(super) picture: Option<Arc<[u8]>>,
    pub(super) sound: bool,
}

impl Text {
    pub(super) fn of(shown: &Shown) -> Self {
        match shown {
            Shown::One(notice) => Text::of_one(notice),
            Shown::Digest(summary) => Text::of_digest(summary),
        }
    }

    /// What of it the window tells.
    pub(super) fn announced(self) -> Announced {
        let target = match self.opens {
            Opens::Alert(id) => Some(Target::Alert { id: id.to_string() }),
            Opens::Alerts => Some(Target::Alerts),
            Opens::Nothing => None,
        };
        Announced { key: self.key, title: self.title, text: self.body, severity: self.severity, target }
    }

    fn of_one(notice: &Notice) -> Self {
        Text {
            key: notice.key.clone(),
            title: line(&notice.title, TITLE),
            body: lines(&notice.body, BODY),
            severity: notice.severity,
            opens: notice.opens,
            picture: notice.picture.clone(),
            sound: notice.sound,
        }
    }

    fn of_digest(summary: &Summary) -> Self {
        let total = summary.total();
        let only = (total == 1).then(|| summary.titles.first()).flatten();
        let counts: Vec<String> =
            summary.counts.iter().map(|(severity, count)| format!("{count} {}", word(*severity))).collect();
        let mut body = counts.join(", ");
        for title in summary.titles.iter().filter(|_| only.is_none()) {
            body.push('\n');
            body.push_str(&line(title, TITLE));
        }
        let unnamed = total.saturating_sub(u32::try_from(summary.titles.len()).unwrap_or(u32::MAX));
        if unnamed > 0 && !summary.titles.is_empty() {
            let _ = write!(body, "\nand {unnamed} more");
        }
        Text {
            key: DIGEST.into(),
            title: match (only, total) {
                (Some(title), _) => line(title, TITLE),
                (None, 1) => "1 alert".into(),
                (None, _) => format!("{total} alerts"),
            },
            body,
            severity: summary.severity,
            opens: Opens::Alerts,
            picture: None,
            sound: summary.sound,
        }
    }
}

const fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "critical",
        Severity::High => "high",
        Severity::Medium => "medium",
        Severity::Low => "low",
    }
}

/// One line, cut with an ellipsis.
fn line(text: &str, most: usize) -> String {
    cut(text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }), most)
}

/// A few lines, cut with an ellipsis.
fn lines(text: &str, most: usize) -> String {
    cut(text.chars().map(|letter| if letter.is_control() && letter != '\n' { ' ' } else { letter }), most)
}

fn cut(mut letters: impl Iterator<Item = char>, most: usize) -> String {
    let mut cut: String = letters.by_ref().take(most).collect();
    if letters.next().is_some() {
        cut.pop();
        cut.push('…');
    }
    cut
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_services_call_things_is_plain_text_and_has_an_end() {
        let notice = Notice {
            key: "k".into(),
            severity: Severity::High,
            title: format!("a\nb\u{7}{}", "ü".repeat(300)),
            body: "one\r\ntwo\u{1b}[0m".into(),
            opens: Opens::Nothing,
            picture: None,
            sound: false,
        };
        let text = Text::of_one(&notice);
        assert_eq!(text.body, "one \ntwo [0m");
        assert_eq!(text.title.chars().count(), TITLE);
        assert!(text.title.starts_with("a b ü") && text.title.ends_with('…'));
    }

    #[test]
    fn a_digest_counts_by_severity_names_some_and_counts_the_rest() {
        let summary = Summary {
            counts: vec![(Severity::Critical, 2), (Severity::High, 35)],
            titles: vec!["ABC unlocked".into(), "sync\nfailed".into()],
            severity: Severity::Critical,
            sound: false,
        };
        let text = Text::of_digest(&summary);
        assert_eq!(text.title, "37 alerts");
        assert_eq!(text.body, "2 critical, 35 high\nABC unlocked\nsync failed\nand 35 more");

        let alone = Summary { counts: vec![(Severity::High, 1)], titles: vec!["ABC unlocked".into()], ..summary };
        let text = Text::of_digest(&alone);
        assert_eq!((text.title.as_str(), text.body.as_str()), ("ABC unlocked", "1 high"));
    }
}
