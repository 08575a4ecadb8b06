//! The tray as a StatusNotifierItem over D-Bus.
//!
//! Not tauri's own: that one needs a library that may not be there and ends the program then, has no tooltip on Linux, and
//! would register itself on the window's thread, which a desktop that hangs would stop.

use ksni::blocking::{Handle, TrayMethods};
use ksni::menu::StandardItem;
use ksni::{Category, Icon, MenuItem, OfflineReason, Status, ToolTip};
use monitor::Attention;
use tauri::AppHandle;

use super::mark::Mark;
use super::{Choice, MENU, OnChoice, words};

/// Panels scale the nearest of these.
const SIZES: [i32; 3] = [22, 32, 64];

/// The tray's item once it is there.
pub(super) struct Item {
    on_choice: OnChoice,
    handle: Option<Handle<Shown>>,
    is_missed: bool,
}

impl Item {
    pub(super) fn new(_app: AppHandle, on_choice: OnChoice) -> Self {
        Item { on_choice, handle: None, is_missed: false }
    }

    /// Shows how bad it is, and registers the item first if that was not possible before.
    pub(super) fn show(&mut self, attention: Attention) {
        if let Some(handle) = &self.handle {
            if handle.update(|shown| shown.attention = attention).is_some() {
                return;
            }
            self.handle = None;
        }
        let shown = Shown { attention, on_choice: self.on_choice.clone() };
        // Desktops may start their tray after us, or never: it is waited for without a word.
        match shown.assume_sni_available(true).spawn() {
            Ok(handle) => self.handle = Some(handle),
            Err(error) => {
                if !std::mem::replace(&mut self.is_missed, true) {
                    missed(&error);
                }
            }
        }
    }
}

fn missed(why: &dyn std::fmt::Display) {
    tracing::info!("this desktop has no tray for now ({why}); the window's title says how many alerts there are");
}

struct Shown {
    attention: Attention,
    on_choice: OnChoice,
}

impl ksni::Tray for Shown {
    fn id(&self) -> String {
        "signalbox".into()
    }

    fn category(&self) -> Category {
        Category::SystemServices
    }

    fn title(&self) -> String {
        "Signalbox".into()
    }

    fn status(&self) -> Status {
        match Mark::of(self.attention) {
            Mark::Critical => Status::NeedsAttention,
            _ => Status::Active,
        }
    }

    fn icon_pixmap(&self) -> Vec<Icon> {
        let mark = Mark::of(self.attention);
        SIZES.into_iter().map(|size| icon(mark, size)).collect()
    }

    fn attention_icon_pixmap(&self) -> Vec<Icon> {
        self.icon_pixmap()
    }

    fn tool_tip(&self) -> ToolTip {
        ToolTip { title: "Signalbox".into(), description: words(self.attention), ..ToolTip::default() }
    }

    fn activate(&mut self, _x: i32, _y: i32) {
        (self.on_choice)(Choice::Open);
    }

    fn menu(&self) -> Vec<MenuItem<Self>> {
        let heading = StandardItem { label: words(self.attention), enabled: false, ..StandardItem::default() };
        let mut menu = vec![heading.into()];
        for part in MENU {
            menu.push(MenuItem::Separator);
            menu.extend(part.iter().map(|(label, choice)| entry(label, *choice)));
        }
        menu
    }

    fn watcher_offline(&self, reason: OfflineReason) -> bool {
        match reason {
            OfflineReason::Error(error) => missed(&error),
            _ => missed(&"it has gone away"),
        }
        true
    }
}

fn entry(label: &str, choice: Choice) -> MenuItem<Shown> {
    let activate = Box::new(move |shown: &mut Shown| (shown.on_choice)(choice));
    StandardItem { label: label.into(), activate, ..StandardItem::default() }.into()
}

/// ARGB in network byte order, as the specification wants it.
fn icon(mark: Mark, size: i32) -> Icon {
    let mut data = mark.pixels(size.unsigned_abs());
    for pixel in data.as_chunks_mut::<4>().0 {
        pixel.rotate_right(1);
    }
    Icon { width: size, height: size, data }
}
