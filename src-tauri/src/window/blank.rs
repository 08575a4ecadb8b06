//! Keeps WebKitGTK from showing a blank window where it cannot share buffers with the graphics driver.

use std::path::Path;

const VARIABLE: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";

/// Turns WebKit's DMABUF renderer off where there is no render node or NVIDIA's own driver, unless the user has decided.
/// To be called before any other thread runs.
pub(crate) fn avoid() {
    if std::env::var_os(VARIABLE).is_none() && is_likely(Path::new("/")) {
        // SAFETY: no other thread runs yet, so none reads the environment meanwhile.
        #[expect(unsafe_code, reason = "WebKit is told by the environment alone")]
        unsafe {
            std::env::set_var(VARIABLE, "1");
        }
    }
}

fn is_likely(root: &Path) -> bool {
    let has_render_node = std::fs::read_dir(root.join("dev/dri"))
        .is_ok_and(|mut entries| entries.any(|entry| entry.is_ok_and(|entry| is_render_node(&entry.file_name()))));
    !has_render_node || root.join("proc/driver/nvidia/version").exists()
}

fn is_render_node(name: &std::ffi::OsStr) -> bool {
    name.to_str().is_some_and(|name| name.starts_with("renderD"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn a_render_node_without_nvidia_is_left_to_webkit() {
        let root = tempfile::tempdir().unwrap();
        assert!(is_likely(root.path()), "no /dev/dri");
        fs::create_dir_all(root.path().join("dev/dri")).unwrap();
        fs::write(root.path().join("dev/dri/card0"), "").unwrap();
        assert!(is_likely(root.path()), "a card is no render node");
        fs::write(root.path().join("dev/dri/renderD128"), "").unwrap();
        assert!(!is_likely(root.path()));
        fs::create_dir_all(root.path().join("proc/driver/nvidia")).unwrap();
        fs::write(root.path().join("proc/driver/nvidia/version"), "").unwrap();
        assert!(is_likely(root.path()), "NVIDIA's driver");
    }
}
