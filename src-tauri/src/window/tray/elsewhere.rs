//! The tray of macOS and Windows, as tauri reaches it.

use monitor::Attention;
use tauri::image::Image;
use tauri::menu::{MenuBuilder, MenuItem, MenuItemBuilder};
use tauri::tray::{TrayIcon, TrayIconBuilder};
use tauri::{AppHandle, Manager, Wry};

use super::mark::Mark;
use super::{Choice, LABEL, MENU, OnChoice, words};

const SIZE: u32 = 32;

/// Whether the desktop shows trays: these two always do.
pub(in super::super) async fn is_there() -> bool {
    true
}

/// The tray's item once it is there.
pub(super) struct Item {
    app: AppHandle,
    on_choice: OnChoice,
    shown: Option<(TrayIcon, MenuItem<Wry>)>,
    is_missed: bool,
}

impl Item {
    pub(super) fn new(app: AppHandle, on_choice: OnChoice) -> Self {
        Item { app, on_choice, shown: None, is_missed: false }
    }

    /// Shows how bad it is, and makes the item first if that was not possible before.
    pub(super) fn show(&mut self, attention: Attention) {
        if let Err(error) = self.try_show(attention)
            && !std::mem::replace(&mut self.is_missed, true)
        {
            tracing::info!("this desktop has no tray for now ({error})");
        }
    }

    fn try_show(&mut self, attention: Attention) -> tauri::Result<()> {
        let words = words(attention);
        let icon = Image::new_owned(Mark::of(attention).pixels(SIZE), SIZE, SIZE);
        if let Some((tray, heading)) = &self.shown {
            heading.set_text(&words)?;
            tray.set_tooltip(Some(format!("Signalbox: {words}")))?;
            return tray.set_icon(Some(icon));
        }
        let heading = MenuItemBuilder::new(&words).enabled(false).build(&self.app)?;
        let mut menu = MenuBuilder::new(&self.app).item(&heading);
        for (part, entries) in MENU.iter().enumerate() {
            menu = menu.separator();
            for (place, (label, _)) in entries.iter().enumerate() {
                menu = menu.text(format!("{part}/{place}"), label);
            }
        }
        let on_choice = self.on_choice.clone();
        let tray = TrayIconBuilder::new()
            .icon(icon)
            .tooltip(format!("Signalbox: {words}"))
            .menu(&menu.build()?)
            .on_menu_event(move |_, event| {
                if let Some(choice) = choice(event.id().as_ref()) {
                    on_choice(choice);
                }
            })
            .build(&self.app)?;
        self.shown = Some((tray, heading));
        Ok(())
    }
}

/// The entry of that part and place.
fn choice(id: &str) -> Option<Choice> {
    let (part, place) = id.split_once('/')?;
    let (_, choice) = MENU.get(part.parse::<usize>().ok()?)?.get(place.parse::<usize>().ok()?)?;
    Some(*choice)
}

/// The number on the program's icon.
#[derive(Debug, Default)]
pub(super) struct Badge;

impl Badge {
    /// Shows a number, or none for 0. Windows has no badge: there the window's title says it.
    pub(super) fn show(&mut self, app: &AppHandle, count: u32) {
        if let Some(window) = app.get_webview_window(LABEL) {
            let _ = window.set_badge_count((count > 0).then_some(i64::from(count)));
        }
    }
}
