//! Map tiles for the page, which itself reaches no network: `tile://localhost/<zoom>/<x>/<y>`.

use tauri::http::{Request, Response, StatusCode, header};
use tauri::{AppHandle, Manager, UriSchemeResponder};

use super::shell::Shell;

/// The scheme; `img-src` of the page's policy names it too.
pub(super) const SCHEME: &str = "tile";

/// Answers one picture, or nothing with the status 404; what is wrong is told by the command `tiles`.
pub(super) fn answer(app: &AppHandle, request: &Request<Vec<u8>>, responder: UriSchemeResponder) {
    let id = asked(request.uri().path());
    // What is asked before the monitor is there has none to ask.
    let Some((id, shell)) = id.zip(app.try_state::<Shell>()) else { return responder.respond(missing()) };
    let monitor = shell.monitor.clone();
    tauri::async_runtime::spawn(async move {
        let answer = match monitor.tile(id).await {
            Ok(tile) => Response::builder()
                .header(header::CONTENT_TYPE, tile.media)
                .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff")
                // The server may be another one the next time.
                .header(header::CACHE_CONTROL, "no-store")
                .body(tile.bytes.clone())
                .unwrap_or_else(|_| missing()),
            Err(_) => missing(),
        };
        responder.respond(answer);
    });
}

/// The picture that a path names. The page's own function for such addresses escapes the slashes.
fn asked(path: &str) -> Option<(u8, u32, u32)> {
    let path = path.replace("%2F", "/").replace("%2f", "/");
    let mut parts = path.trim_matches('/').split('/');
    let id = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    parts.next().is_none().then_some(id)
}

fn missing() -> Response<Vec<u8>> {
    let mut response = Response::new(Vec::new());
    *response.status_mut() = StatusCode::NOT_FOUND;
    response
}

#[cfg(test)]
mod tests {
    use super::asked;

    #[test]
    fn a_path_names_one_picture_or_none() {
        assert_eq!(asked("/3/4/2"), Some((3, 4, 2)));
        assert_eq!(asked("/3%2F4%2f2"), Some((3, 4, 2)));
        for path in ["/", "/3/4", "/3/4/2/1", "/3/-4/2", "/300/1/1", "/a/b/c", "/3/4/2.png", "/../../etc"] {
            assert_eq!(asked(path), None, "{path}");
        }
    }
}
