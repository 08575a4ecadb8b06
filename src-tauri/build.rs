//! Prepares the window: its permissions and the page that is built into the program.

fn main() {
    println!("cargo:rerun-if-changed=src-tauri/build.rs");
    #[cfg(feature = "desktop")]
    window();
}

#[cfg(feature = "desktop")]
fn window() {
    use std::path::Path;

    // The page is embedded when the program compiles, so a newer page has to compile it anew.
    println!("cargo:rerun-if-changed=ui/dist");
    println!("cargo:rerun-if-changed=src-tauri/permissions");
    if !Path::new("ui/dist/index.html").is_file() {
        panic_with(
            "The page is not built: there is no ui/dist/index.html. Run `cargo xtask run`, or `npm ci && npm run build` in ui/.\n\
             A program without a window needs no page: `--no-default-features`.",
        );
    }
    let attributes = tauri_build::Attributes::new()
        .capabilities_path_pattern("./src-tauri/capabilities/**/*")
        .app_manifest(tauri_build::AppManifest::new().permissions_path_pattern("./src-tauri/permissions/*.toml"));
    if let Err(error) = tauri_build::try_build(attributes) {
        panic_with(&format!("{error:#}"));
    }
}

/// Ends the build with a message and no backtrace.
#[cfg(feature = "desktop")]
fn panic_with(message: &str) -> ! {
    for line in message.lines() {
        println!("cargo:warning={line}");
    }
    std::process::exit(1);
}
