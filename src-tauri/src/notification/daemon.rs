//! The desktop's notification daemon.

use std::collections::HashMap;

use monitor::view::picture::Severity;
use notify_rust::{Notification, Urgency};

use super::gate::Shown;

/// How many shown notifications are remembered, to be replaced by a later one of the same key.
const REMEMBERED: usize = 256;
/// Longer texts are cut: daemons show a few lines.
const TITLE: usize = 120;
const BODY: usize = 400;

/// The daemon as this run knows it.
#[derive(Debug, Default)]
pub(super) struct Daemon {
    /// The daemon's own number of what was shown last, by key.
    shown: HashMap<String, u32>,
    /// Whether it was already said that there is none.
    is_missed: bool,
    takes_markup: Option<bool>,
}

impl Daemon {
    /// Shows it; says once in the log when that does not work, and again only after it has worked.
    pub(super) fn show(&mut self, shown: &Shown) {
        match self.try_show(shown) {
            Ok(()) => self.is_missed = false,
            Err(why) => {
                if !std::mem::replace(&mut self.is_missed, true) {
                    tracing::warn!("{why}");
                }
            }
        }
    }

    /// Shows it, or says in a sentence why not.
    pub(super) fn try_show(&mut self, shown: &Shown) -> Result<(), String> {
        let Text { key, title, body, severity } = Text::of(shown);
        let mut notification = Notification::new();
        notification.appname("Signalbox").icon("signalbox").summary(&title).body(&self.escaped(&body));
        #[cfg(all(unix, not(target_os = "macos")))]
        notification.urgency(urgency(severity)).hint(notify_rust::Hint::DesktopEntry("Signalbox".into()));
        #[cfg(not(all(unix, not(target_os = "macos"))))]
        let _ = severity;
        if let Some(id) = self.shown.get(&key) {
            notification.id(*id);
        }
        let handle = notification.show().map_err(|error| {
            format!("No notification can be shown: {error}. On Linux a notification daemon, as dunst or the desktop's own, must run.")
        })?;
        #[cfg(all(unix, not(target_os = "macos")))]
        self.remember(key, handle.id());
        #[cfg(not(all(unix, not(target_os = "macos"))))]
        drop(handle);
        Ok(())
    }

    #[cfg_attr(not(all(unix, not(target_os = "macos"))), expect(dead_code, reason = "others cannot replace"))]
    fn remember(&mut self, key: String, id: u32) {
        if self.shown.len() >= REMEMBERED && !self.shown.contains_key(&key) {
            // Any of them: the worst that comes of it is a second notification instead of a replaced one.
            self.shown.clear();
        }
        self.shown.insert(key, id);
    }

    /// Names come from services: where the daemon reads markup, theirs must not be any.
    fn escaped(&mut self, body: &str) -> String {
        #[cfg(all(unix, not(target_os = "macos")))]
        let ask = || {
            notify_rust::get_capabilities().ok().map(|known| known.iter().any(|capability| capability == "body-markup"))
        };
        #[cfg(not(all(unix, not(target_os = "macos"))))]
        let ask = || Some(false);
        if self.takes_markup.is_none() {
            self.takes_markup = ask();
        }
        if self.takes_markup == Some(false) {
            return body.to_owned();
        }
        body.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
    }
}

/// A notification in words.
struct Text {
    key: String,
    title: String,
    body: String,
    severity: Severity,
}

impl Text {
    fn of(shown: &Shown) -> Self {
        match shown {
            Shown::One(notice) => Text {
                key: notice.key.clone(),
                title: shown_text(&notice.title, TITLE),
                body: shown_text(&notice.body, BODY),
                severity: notice.severity,
            },
            Shown::Digest { count, titles, severity } => {
                let named = u32::try_from(titles.len()).unwrap_or(u32::MAX);
                let mut body = titles.iter().map(|title| shown_text(title, TITLE)).collect::<Vec<_>>().join("\n");
                if named > 0 && *count > named {
                    body.push_str(&format!("\nand {} more", count - named));
                }
                let title = format!("And {count} more {}", if *count == 1 { "notice" } else { "notices" });
                Text { key: "digest".into(), title, body, severity: *severity }
            }
        }
    }
}

/// One line without control characters, cut with an ellipsis.
fn shown_text(text: &str, most: usize) -> String {
    let mut letters = text.chars().map(|letter| if letter.is_control() { ' ' } else { letter });
    let mut cut: String = letters.by_ref().take(most).collect();
    if letters.next().is_some() {
        cut.pop();
        cut.push('…');
    }
    cut
}

#[cfg_attr(not(all(unix, not(target_os = "macos"))), expect(dead_code, reason = "others know no urgency"))]
const fn urgency(severity: Severity) -> Urgency {
    match severity {
        Severity::Critical => Urgency::Critical,
        Severity::High | Severity::Medium => Urgency::Normal,
        Severity::Low => Urgency::Low,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use monitor::{Notice, Opens};

    #[test]
    fn what_services_call_things_is_no_markup_and_has_an_end() {
        let mut daemon = Daemon { takes_markup: Some(true), ..Daemon::default() };
        assert_eq!(daemon.escaped("<b>a</b> & b"), "&lt;b&gt;a&lt;/b&gt; &amp; b");
        let title = format!("a\nb\u{7}{}", "ü".repeat(300));
        let notice = Notice {
            key: "k".into(),
            severity: Severity::High,
            title,
            body: String::new(),
            opens: Opens::Nothing,
            picture: None,
            sound: false,
        };
        let text = Text::of(&Shown::One(notice));
        assert_eq!(text.title.chars().count(), TITLE);
        assert!(text.title.starts_with("a b ü") && text.title.ends_with('…'));
    }

    #[test]
    fn a_digest_names_some_and_counts_the_rest() {
        let titles = vec!["ABC unlocked".to_owned(), "sync failed".to_owned()];
        let text = Text::of(&Shown::Digest { count: 37, titles, severity: Severity::High });
        assert_eq!(text.title, "And 37 more notices");
        assert_eq!(text.body, "ABC unlocked\nsync failed\nand 35 more");
    }
}
