//! Where the window was, and how large, so that it comes back there: a small file beside the log, one for each configuration.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tauri::{AppHandle, Manager, Monitor, WebviewWindow};

use super::LABEL;

/// How much of the window's upper edge must be on a screen, in logical pixels: enough to take hold of it.
const HOLD: (f64, f64) = (160.0, 24.0);

/// A window that is dragged tells of each step; its place is written down at most so often.
const SETTLED: Duration = Duration::from_millis(500);

/// A window's place in logical pixels.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(super) struct Geometry {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) width: f64,
    pub(super) height: f64,
    pub(super) maximized: bool,
}

/// A screen's place in the same pixels, without its panels.
#[derive(Debug, Clone, Copy)]
pub(super) struct Area {
    x: f64,
    y: f64,
    width: f64,
    height: f64,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct Kept {
    window: Option<Geometry>,
    told_of_tray: bool,
}

/// What is remembered of the window.
#[derive(Debug)]
pub(super) struct Geometries {
    /// Where; nowhere for a demo.
    path: Option<PathBuf>,
    kept: Mutex<Kept>,
    is_moving: AtomicBool,
}

impl Geometries {
    /// Reads what is remembered; what cannot be read is as if there were nothing.
    pub(super) fn read(path: Option<PathBuf>) -> Self {
        let text = path.as_ref().and_then(|path| std::fs::read_to_string(path).ok());
        let kept = text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
        Geometries { path, kept: Mutex::new(kept), is_moving: AtomicBool::new(false) }
    }

    /// Where the window was last, and how large.
    pub(super) fn last(&self) -> Option<Geometry> {
        self.lock().window
    }

    /// Remembers where the window is now. Only on the window's own thread.
    pub(super) fn note(&self, app: &AppHandle) {
        if let Some(window) = app.get_webview_window(LABEL)
            && let Some(now) = geometry(&window, self.last())
        {
            self.change(|kept| kept.window = Some(now));
        }
    }

    /// The window was moved or made larger: remembers where it is once it stands still.
    pub(super) fn changed(&self, app: &AppHandle) {
        if self.is_moving.swap(true, Ordering::Relaxed) {
            return;
        }
        let app = app.clone();
        tauri::async_runtime::spawn(async move {
            tokio::time::sleep(SETTLED).await;
            let there = app.clone();
            let _ = app.run_on_main_thread(move || {
                let geometries = there.state::<Geometries>();
                geometries.is_moving.store(false, Ordering::Relaxed);
                geometries.note(&there);
            });
        });
    }

    /// Whether the window has never gone into the tray before; asked, it has.
    pub(super) fn is_first_time_in_tray(&self) -> bool {
        let is_first = !self.lock().told_of_tray;
        self.change(|kept| kept.told_of_tray = true);
        is_first
    }

    fn change(&self, change: impl FnOnce(&mut Kept)) {
        let mut kept = self.lock();
        let before = *kept;
        change(&mut kept);
        if *kept != before
            && let Some(path) = &self.path
            && let Err(error) = write(path, *kept)
        {
            tracing::warn!("where the window is could not be written to {}: {error}", path.display());
        }
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn write(path: &Path, kept: Kept) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let fresh = path.with_extension("json.new");
    std::fs::write(&fresh, serde_json::to_vec(&kept)?)?;
    std::fs::rename(fresh, path)
}

/// A window's place. One that fills the screen keeps the place that it had before.
fn geometry(window: &WebviewWindow, before: Option<Geometry>) -> Option<Geometry> {
    // One that was never shown does not know yet whether it fills the screen.
    if !window.is_visible().ok()? || window.is_minimized().ok()? || window.is_fullscreen().ok()? {
        return None;
    }
    let scale = window.scale_factor().ok()?;
    let size = window.inner_size().ok()?.to_logical::<f64>(scale);
    let position = window.outer_position().ok()?.to_logical::<f64>(scale);
    let maximized = window.is_maximized().ok()?;
    match before {
        Some(before) if maximized => Some(Geometry { maximized, ..before }),
        _ => Some(Geometry { x: position.x, y: position.y, width: size.width, height: size.height, maximized }),
    }
}

/// The screens that are there.
pub(super) fn areas(app: &AppHandle) -> Vec<Area> {
    let area = |monitor: &Monitor| {
        let (scale, area) = (monitor.scale_factor(), monitor.work_area());
        let (position, size) = (area.position.to_logical::<f64>(scale), area.size.to_logical::<f64>(scale));
        Area { x: position.x, y: position.y, width: size.width, height: size.height }
    };
    app.available_monitors().unwrap_or_default().iter().map(area).collect()
}

impl Geometry {
    /// Whether it can be taken hold of on one of these screens.
    pub(super) fn is_within_reach(&self, areas: &[Area]) -> bool {
        let common = |from: f64, length: f64, of: f64, span: f64| (from + length).min(of + span) - from.max(of);
        areas.iter().any(|area| {
            common(self.x, self.width, area.x, area.width) >= HOLD.0.min(self.width)
                && common(self.y, HOLD.1, area.y, area.height) >= HOLD.1
        })
    }

    /// Its size, no larger than the largest of these screens.
    pub(super) fn size_within(&self, areas: &[Area]) -> (f64, f64) {
        let largest = areas.iter().max_by(|a, b| (a.width * a.height).total_cmp(&(b.width * b.height)));
        largest.map_or((self.width, self.height), |area| (self.width.min(area.width), self.height.min(area.height)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCREEN: Area = Area { x: 0.0, y: 0.0, width: 1920.0, height: 1080.0 };

    fn at(x: f64, y: f64) -> Geometry {
        Geometry { x, y, width: 1280.0, height: 800.0, maximized: false }
    }

    #[test]
    fn a_window_is_put_back_only_where_it_can_be_taken_hold_of() {
        let left = Area { x: -1280.0, ..SCREEN };
        for (geometry, areas, is_within) in [
            (at(100.0, 50.0), vec![SCREEN], true),
            (at(1700.0, 1000.0), vec![SCREEN], true),
            (at(1800.0, 50.0), vec![SCREEN], false),
            (at(100.0, 1070.0), vec![SCREEN], false),
            (at(100.0, -400.0), vec![SCREEN], false),
            (at(-1300.0, 50.0), vec![SCREEN], false),
            (at(-1300.0, 50.0), vec![SCREEN, left], true),
            (at(0.0, 0.0), vec![], false),
        ] {
            assert_eq!(geometry.is_within_reach(&areas), is_within, "{geometry:?} on {areas:?}");
        }
    }

    #[test]
    fn a_window_is_no_larger_than_the_screen() {
        let large = Geometry { width: 3000.0, height: 700.0, ..at(0.0, 0.0) };
        assert_eq!(large.size_within(&[SCREEN]), (1920.0, 700.0));
    }

    #[test]
    fn what_was_noted_is_read_again_and_what_is_broken_is_forgotten() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state").join("window.json");
        let first = Geometries::read(Some(path.clone()));
        assert!(first.last().is_none() && first.is_first_time_in_tray() && !first.is_first_time_in_tray());
        first.change(|kept| kept.window = Some(at(10.0, 20.0)));
        let second = Geometries::read(Some(path.clone()));
        assert_eq!(second.last(), Some(at(10.0, 20.0)));
        assert!(!second.is_first_time_in_tray());
        std::fs::write(&path, "{ broken").unwrap();
        assert!(Geometries::read(Some(path)).last().is_none());
    }
}
