//! An empty Tauri window: what `cargo xtask bench window start` measures the start of Signalbox against.
//!
//! Its page says nothing but when it was painted.

fn main() -> tauri::Result<()> {
    // As the program itself does where there is no graphics card: both are drawn the same way.
    if !std::path::Path::new("/dev/dri").exists() {
        // SAFETY: no other thread runs yet, so none reads the environment meanwhile.
        #[expect(unsafe_code, reason = "WebKit is told by the environment alone")]
        unsafe {
            std::env::set_var("WEBKIT_DISABLE_DMABUF_RENDERER", "1");
        }
    }
    tauri::Builder::default().run(tauri::generate_context!("examples/empty_window/tauri.conf.json"))
}
