//! A planted secret is looked for in everything that a link writes about itself.

use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tracing_subscriber::fmt::MakeWriter;

use crate::support::{Memory, SECRET, accept, answer_http, connection, environment, spawn};

#[derive(Clone, Default)]
struct Captured(Arc<Mutex<Vec<u8>>>);

impl Write for Captured {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Captured {
    type Writer = Captured;

    fn make_writer(&'a self) -> Captured {
        self.clone()
    }
}

/// Records of the crate `log`, which tungstenite writes to.
struct Records(Captured);

impl log::Log for Records {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        let _ = writeln!(self.0.clone(), "{} {} {}", record.level(), record.target(), record.args());
    }

    fn flush(&self) {}
}

#[test]
fn no_secret_is_in_any_log_status_or_error() {
    let captured = Captured::default();
    log::set_boxed_logger(Box::new(Records(captured.clone()))).unwrap();
    log::set_max_level(log::LevelFilter::Trace);
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing_subscriber::filter::LevelFilter::TRACE)
        .with_writer(captured.clone())
        .finish();
    let said = tracing::subscriber::with_default(subscriber, || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
        let mut said = runtime.block_on(whole_life());
        // Real sockets, and so real time.
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        said += &runtime.block_on(crate::https::every_failure());
        said
    });
    let log = String::from_utf8(captured.0.lock().unwrap().clone()).unwrap();
    assert!(log.contains("needs_credential") && log.contains("backing_off"), "the log was captured: {log}");
    assert!(log.contains("tungstenite"), "the other crates' too: {log}");
    assert!(log.contains("hyper"), "HTTP's too: {log}");
    assert!(!log.contains(SECRET), "{log}");
    assert!(!said.contains(SECRET), "{said}");
}

/// Every way to end, in debug print as well as in words.
async fn whole_life() -> String {
    let (memory, mut services) = Memory::new(Duration::ZERO);
    let environment = environment(memory);
    let (link, mut heard) = spawn(connection("ws://service.test/stream"), &environment);
    let refusals = [
        "HTTP/1.1 302 Found\r\nLocation: /?token=elsewhere\r\n\r\n",
        "HTTP/1.1 500 Error\r\n\r\n",
        "garbage\r\n\r\n",
        "",
    ];
    for refusal in refusals {
        answer_http(services.recv().await.unwrap(), refusal).await;
        heard.until("backing_off").await;
    }
    accept(services.recv().await.unwrap()).await.welcome().await.close(1011, "broken").await;
    heard.until("backing_off").await;
    let mut service = accept(services.recv().await.unwrap()).await.welcome().await;
    service.say("fault").await;
    heard.until("backing_off").await;
    accept(services.recv().await.unwrap()).await.welcome().await.close(4001, "").await;
    let status = heard.until("needs_credential").await;
    let mut said = format!("{status} {status:?} {link:?} {environment:?} {:?}", environment.credentials);
    said += &format!("{:?}", heard.rest());
    link.shutdown().await;
    said
}
