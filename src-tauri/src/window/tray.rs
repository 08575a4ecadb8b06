//! How bad it is, without looking at the window: the tray's icon and menu, the badge, the window's title.

#[cfg_attr(all(unix, not(target_os = "macos")), path = "tray/freedesktop.rs")]
#[cfg_attr(not(all(unix, not(target_os = "macos"))), path = "tray/elsewhere.rs")]
mod item;
#[cfg(all(unix, not(target_os = "macos")))]
mod launcher;
mod mark;

pub(super) use item::is_there;

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Zoned;
use monitor::Attention;
use monitor::view::picture::Severity;
use protocol::Timestamp;
use tauri::{AppHandle, Manager};

use super::LABEL;

/// What is shown changes at most so often.
const AT_MOST: Duration = Duration::from_secs(1);

/// What the operator wants of the tray's menu.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Choice {
    /// To see the window.
    Open,
    /// To be told nothing for a while.
    MuteFor(Duration),
    /// To be told nothing until the next day begins.
    MuteUntilTomorrow,
    /// To be told again.
    Unmute,
    /// To end the program.
    Quit,
}

/// The menu: entries by what they do, in parts.
const MENU: [&[(&str, Choice)]; 3] = [
    &[("Open Signalbox", Choice::Open)],
    &[
        ("Mute for 5 minutes", Choice::MuteFor(Duration::from_secs(5 * 60))),
        ("Mute for 1 hour", Choice::MuteFor(Duration::from_secs(60 * 60))),
        ("Mute until tomorrow", Choice::MuteUntilTomorrow),
        ("Unmute", Choice::Unmute),
    ],
    &[("Quit", Choice::Quit)],
];

type OnChoice = Arc<dyn Fn(Choice) + Send + Sync>;

/// The tray's icon, the badge and the window's title. Clones share them.
#[derive(Debug, Clone)]
pub(super) struct Tray {
    told: Arc<Told>,
}

impl Tray {
    /// Shows that nothing is known to be wrong, and goes on from there. `on_choice` is called from another thread and must not
    /// block. Where the desktop has no tray, that is said once in the log.
    pub(super) fn start(app: &AppHandle, on_choice: impl Fn(Choice) + Send + Sync + 'static) -> std::io::Result<Self> {
        let told = Arc::new(Told::default());
        // One thread each: a desktop whose tray hangs still has a window with a title.
        let (titled, shown) = (app.clone(), app.clone());
        let mut badge = item::Badge::default();
        follow("badge", &told, move |attention| {
            set_title(&titled, attention);
            badge.show(&titled, attention.firing);
        })?;
        let mut item = item::Item::new(shown, Arc::new(on_choice));
        follow("tray", &told, move |attention| item.show(attention))?;
        Ok(Tray { told })
    }

    /// The window's title as it is now.
    pub(super) fn title(&self) -> String {
        title(self.told.lock().attention)
    }

    /// What the tray says now, in words.
    pub(super) fn words(&self) -> String {
        words(self.told.lock().attention)
    }

    /// Shows how bad it is.
    pub(super) fn show(&self, attention: Attention) {
        let mut state = self.told.lock();
        state.attention = attention;
        state.changes += 1;
        self.told.changed.notify_all();
    }
}

/// What was told last.
#[derive(Debug, Default)]
struct Told {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Clone, Copy, Default)]
struct State {
    attention: Attention,
    changes: u64,
}

impl Told {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Shows the latest on a thread of its own, once a second at most, until nobody can tell any more.
fn follow(name: &str, told: &Arc<Told>, mut show: impl FnMut(Attention) + Send + 'static) -> std::io::Result<()> {
    let told = told.clone();
    let run = move || {
        let mut seen = State::default();
        loop {
            show(seen.attention);
            std::thread::sleep(AT_MOST);
            let mut state = told.lock();
            while state.changes == seen.changes {
                state = told.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
            }
            seen = *state;
        }
    };
    std::thread::Builder::new().name(name.into()).spawn(run).map(drop)
}

/// The number in the window's title, for where there is neither tray nor badge; or why there is none.
fn title(Attention { firing, muted_until, .. }: Attention) -> String {
    match (firing, muted_until) {
        (0, None) => "Signalbox".to_owned(),
        (0, Some(_)) => "Signalbox (muted)".to_owned(),
        (firing, _) => format!("({firing}) Signalbox"),
    }
}

fn set_title(app: &AppHandle, attention: Attention) {
    let title = title(attention);
    if let Some(window) = app.get_webview_window(LABEL) {
        // A window that is closing has no title.
        let _ = window.set_title(&title);
    }
}

/// How bad it is, in words.
fn words(attention: Attention) -> String {
    let Attention { worst, firing, not_live, muted_until } = attention;
    let muted = muted_until.map(|until| format!("Muted until {}", time_of_day(until, &Zoned::now())));
    let alerts = worst.map(|worst| {
        let word = match worst {
            Severity::Critical => "critical",
            Severity::High => "high",
            Severity::Medium => "medium",
            Severity::Low => "low",
        };
        match firing {
            1 => format!("1 {word} alert"),
            _ => format!("{firing} alerts, the worst {word}"),
        }
    });
    let connections = match not_live {
        0 => None,
        1 => Some("1 connection not live".to_owned()),
        _ => Some(format!("{not_live} connections not live")),
    };
    let parts: Vec<String> = [muted, alerts, connections].into_iter().flatten().collect();
    if parts.is_empty() { "Nothing needs you".into() } else { parts.join("; ") }
}

/// A time as a person would say it now: with the day where that is another one.
fn time_of_day(at: Timestamp, now: &Zoned) -> String {
    let Ok(at) = jiff::Timestamp::from_millisecond(at.millis()) else { return "later".into() };
    let at = at.to_zoned(now.time_zone().clone());
    at.strftime(if at.date() == now.date() { "%H:%M" } else { "%a %H:%M" }).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_bad_it_is_is_said_in_words() {
        let say = |worst, firing, not_live| words(Attention { worst, firing, not_live, muted_until: None });
        assert_eq!(say(None, 0, 0), "Nothing needs you");
        assert_eq!(say(Some(Severity::High), 1, 0), "1 high alert");
        assert_eq!(say(Some(Severity::Critical), 5, 1), "5 alerts, the worst critical; 1 connection not live");
        assert_eq!(say(None, 0, 3), "3 connections not live");
    }

    #[test]
    fn a_mute_is_said_with_its_end_and_the_day_where_that_is_another() {
        let now: Zoned = "2026-11-21T23:50[Europe/Amsterdam]".parse().unwrap();
        let after = |minutes: i64| Timestamp(now.timestamp().as_millisecond() + minutes * 60_000);
        assert_eq!(time_of_day(after(5), &now), "23:55");
        assert_eq!(time_of_day(after(10), &now), "Sun 00:00");
        let muted_until = Some(after(5));
        assert_eq!(title(Attention { muted_until, ..Attention::default() }), "Signalbox (muted)");
        assert_eq!(title(Attention { muted_until, firing: 2, ..Attention::default() }), "(2) Signalbox");
        let words = words(Attention { not_live: 1, muted_until, ..Attention::default() });
        assert!(words.starts_with("Muted until ") && words.ends_with("; 1 connection not live"), "{words}");
    }

    #[test]
    fn a_flood_of_changes_is_shown_once_a_second_and_the_last_one_always() {
        let told = Arc::new(Told::default());
        let shown = Arc::new(Mutex::new(Vec::new()));
        let kept = shown.clone();
        follow("test", &told, move |attention| kept.lock().unwrap().push(attention.firing)).unwrap();
        let tray = Tray { told };
        for firing in 1..=10_000 {
            tray.show(Attention { firing, ..Attention::default() });
        }
        let until = std::time::Instant::now() + Duration::from_secs(10);
        while shown.lock().unwrap().last() != Some(&10_000) && std::time::Instant::now() < until {
            std::thread::sleep(Duration::from_millis(20));
        }
        let shown = shown.lock().unwrap().clone();
        assert_eq!(shown.last(), Some(&10_000));
        assert!(shown.len() <= 3, "{shown:?}");
    }
}
