//! The window with its page, and how it is built.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tauri::utils::config::Color;
use tauri::webview::{NewWindowResponse, PageLoadEvent};
use tauri::{AppHandle, Manager, Url, WebviewUrl, WebviewWindow, WebviewWindowBuilder};

use super::geometry::{Geometries, areas};
use super::shell::Shell;
use super::{LABEL, crash};

/// The page's darkest ground (`--ground` of `tokens.css`), so that the window is dark before the page has painted.
const GROUND: Color = Color(0x0b, 0x0d, 0x10, 0xff);

/// How long a page that does not begin keeps its window from being shown.
const PATIENCE: Duration = Duration::from_secs(2);

const LEAST: (f64, f64) = (960.0, 600.0);
const USUAL: (f64, f64) = (1280.0, 800.0);

/// Opens the window where it was last. Only on the window's own thread.
pub(super) fn open(app: &AppHandle) -> tauri::Result<()> {
    let begun = std::time::Instant::now();
    // The first window is built before anything is known; the tray sets its title then.
    let title = app.try_state::<Shell>().map_or_else(|| "Signalbox".to_owned(), |shell| shell.desktop.tray.title());
    let first = Unshown::default();
    let late = first.clone();
    let mut builder = WebviewWindowBuilder::new(app, LABEL, WebviewUrl::default())
        .title(title)
        .inner_size(USUAL.0, USUAL.1)
        .min_inner_size(LEAST.0, LEAST.1)
        .background_color(GROUND)
        // WebKitGTK paints a window whose page's process just begins by waiting 500 ms for it, and nothing is loaded meanwhile.
        .visible(false)
        .on_page_load(move |window, page| {
            if page.event() == PageLoadEvent::Finished {
                first.show(&window);
            }
        })
        .on_navigation(is_ours)
        .on_new_window(|_, _| NewWindowResponse::Deny);
    if let Some(last) = app.state::<Geometries>().last() {
        let areas = areas(app);
        let (width, height) = last.size_within(&areas);
        builder = builder.inner_size(width.max(LEAST.0), height.max(LEAST.1)).maximized(last.maximized);
        if last.is_within_reach(&areas) {
            builder = builder.position(last.x, last.y);
        }
    }
    let window = builder.build()?;
    crash::watch(&window);
    tauri::async_runtime::spawn(async move {
        tokio::time::sleep(PATIENCE).await;
        // Shown by now, or gone.
        late.show(&window);
    });
    tracing::debug!(ms = begun.elapsed().as_millis(), "the window is built");
    Ok(())
}

/// A window that is shown once: macOS would give it the keyboard each time. Clones share.
#[derive(Debug, Clone, Default)]
struct Unshown(Arc<AtomicBool>);

impl Unshown {
    /// Shows the window, the first time.
    fn show(&self, window: &WebviewWindow) {
        if !self.0.swap(true, Ordering::Relaxed) {
            // One that is gone already has nothing to show.
            let _ = window.show();
        }
    }
}

/// Whether an address is the page itself; nothing else is ever loaded into the window.
fn is_ours(address: &Url) -> bool {
    match address.scheme() {
        "tauri" => address.host_str() == Some("localhost"),
        "http" | "https" => cfg!(windows) && address.host_str() == Some("tauri.localhost"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_page_itself_is_loaded() {
        assert!(is_ours(&"tauri://localhost/index.html".parse().unwrap()));
        for address in
            ["https://example.com/", "http://localhost/", "tauri://elsewhere/", "data:text/html,x", "file:///etc"]
        {
            assert!(!is_ours(&address.parse().unwrap()), "{address}");
        }
    }
}
