//! The gallery's page, built from the sources and served on loopback.

use crate::support::target;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Builds the gallery as it is by now and serves it until the test ends; answers its address.
pub fn serve() -> String {
    let folder = build();
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("a bound socket has an address");
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            // A reader that has gone is its own affair.
            let _ = answer(stream, &folder);
        }
    });
    format!("http://{address}/gallery.html?still")
}

fn build() -> PathBuf {
    let ui = Path::new(env!("CARGO_MANIFEST_DIR")).join("ui");
    let folder = target().join("gallery/page");
    let npm = Command::new("npm")
        .args(["run", "build", "--", "--mode", "mock", "--emptyOutDir", "--outDir"])
        .arg(&folder)
        .current_dir(ui)
        .output();
    let npm = npm.unwrap_or_else(|error| panic!("npm does not run: {error}"));
    assert!(npm.status.success(), "the gallery was not built:\n{}", String::from_utf8_lossy(&npm.stderr));
    folder
}

fn answer(mut stream: TcpStream, folder: &Path) -> std::io::Result<()> {
    let mut request = BufReader::new(stream.try_clone()?);
    let mut line = String::new();
    request.read_line(&mut line)?;
    let mut header = String::new();
    while request.read_line(&mut header)? > 2 {
        header.clear();
    }
    let path = line.split_whitespace().nth(1).unwrap_or_default();
    let name = path.split('?').next().unwrap_or_default().trim_start_matches('/');
    let (status, body) = match std::fs::read(folder.join(name)) {
        Ok(body) => ("200 OK", body),
        Err(_) => ("404 Not Found", Vec::new()),
    };
    let kind = match Path::new(name).extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript",
        Some("css") => "text/css",
        Some("woff2") => "font/woff2",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    };
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    )?;
    stream.write_all(&body)
}
