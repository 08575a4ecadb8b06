//! The log: on standard error for subcommands, in a file for the window. No secret gets into either.
//!
//! Three things see to that: connections never log what they send or are sent; of other crates nothing below a warning is
//! taken, whatever the filter says, and nothing at all that comes by the `log` crate (sockets trace their handshakes there);
//! and every line passes [`redact`] on its way out.

#[cfg(feature = "desktop")]
mod file;
mod redact;

use std::io::{self, Write};

use tracing::{Level, Metadata};
use tracing_subscriber::filter::{EnvFilter, filter_fn};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::{Layer, Registry};

use crate::failure::Failure;

/// The environment's own filter, where no `--log` is given.
const VARIABLE: &str = "SIGNALBOX_LOG";

/// The crates whose every level may be asked for.
const OURS: [&str; 8] = ["signalbox_app", "monitor", "link", "fleet", "store", "protocol", "demo", "chart"];

/// Logs to standard error, as much as `filter` or the environment asks for, and `otherwise` where neither does.
pub(crate) fn to_stderr(filter: Option<&str>, otherwise: &str) -> Result<(), Failure> {
    install(wanted(filter, otherwise)?, io::stderr)
}

/// Logs to the file, and where that cannot be opened to standard error, saying so.
#[cfg(feature = "desktop")]
pub(crate) fn to_file(filter: Option<&str>) -> Result<(), Failure> {
    let filter = wanted(filter, "info")?;
    match file::LogFile::open() {
        Ok(file) => install(filter, file),
        Err(error) => {
            install(filter, io::stderr)?;
            tracing::warn!("the log goes to standard error, for its file could not be opened: {error}");
            Ok(())
        }
    }
}

fn install<W>(filter: EnvFilter, writer: W) -> Result<(), Failure>
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    // Without `.init()`, which would take what comes by the `log` crate.
    tracing::subscriber::set_global_default(subscriber(filter, writer)).map_err(Failure::failed)
}

fn subscriber<W>(filter: EnvFilter, writer: W) -> impl tracing::Subscriber + Send + Sync
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let lines = tracing_subscriber::fmt::layer().with_ansi(false).with_writer(Redacting { to: writer });
    Registry::default().with(lines.with_filter(filter).with_filter(filter_fn(is_allowed)))
}

fn wanted(filter: Option<&str>, otherwise: &str) -> Result<EnvFilter, Failure> {
    let (text, whose) = match (filter, std::env::var(VARIABLE)) {
        (Some(text), _) => (text.to_owned(), "--log"),
        (None, Ok(text)) if !text.trim().is_empty() => (text, VARIABLE),
        _ => (otherwise.to_owned(), "--log"),
    };
    EnvFilter::try_new(&text).map_err(|error| {
        Failure::usage(format!(
            "{whose} cannot be \"{text}\": {error}. Write a level, as debug, or crates with theirs, as link=trace,warn"
        ))
    })
}

fn is_allowed(metadata: &Metadata<'_>) -> bool {
    *metadata.level() <= Level::WARN || OURS.contains(&metadata.target().split("::").next().unwrap_or_default())
}

/// Cuts what looks like a secret out of every line.
struct Redacting<W> {
    to: W,
}

impl<'a, W: MakeWriter<'a>> MakeWriter<'a> for Redacting<W> {
    type Writer = Line<W::Writer>;

    fn make_writer(&'a self) -> Self::Writer {
        Line { to: self.to.make_writer() }
    }
}

/// The layer formats an event as one string and writes it with one call, so a secret is never split between two.
struct Line<W> {
    to: W,
}

impl<W: Write> Write for Line<W> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.to.write_all(redact::redact(&String::from_utf8_lossy(line)).as_bytes())?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::{Arc, Mutex};

    #[derive(Clone, Default)]
    struct Kept(Arc<Mutex<Vec<u8>>>);

    impl Write for Kept {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn logged(filter: &str, act: impl FnOnce()) -> String {
        let kept = Kept::default();
        let writer = kept.clone();
        let subscriber = subscriber(EnvFilter::new(filter), move || writer.clone());
        tracing::subscriber::with_default(subscriber, act);
        String::from_utf8(kept.0.lock().unwrap().clone()).unwrap()
    }

    #[test]
    fn a_planted_secret_is_not_in_the_log() {
        let text = logged("trace", || {
            tracing::warn!(url = "wss://h/stream?token=PLANTED&x=1", "dialled with Authorization: Bearer PLANTED");
            tracing::info!(target: "link::dial", "X-API-Key: PLANTED");
        });
        assert!(text.contains("dialled with") && text.contains("x=1"), "{text}");
        assert!(!text.contains("PLANTED"), "{text}");
    }

    #[test]
    fn other_crates_say_no_more_than_warnings_whatever_is_asked() {
        let text = logged("trace", || {
            tracing::trace!(target: "tungstenite::handshake", "request bytes");
            tracing::warn!(target: "zbus", "a warning");
            tracing::debug!(target: "link::run", "a detail of ours");
        });
        assert!(!text.contains("request bytes"), "{text}");
        assert!(text.contains("a warning") && text.contains("a detail of ours"), "{text}");
    }

    #[test]
    fn a_filter_that_cannot_be_read_is_a_matter_of_usage() {
        let failure = wanted(Some("link=loud"), "warn").unwrap_err();
        assert!(
            matches!(&failure, Failure::Usage(why) if why.contains("--log") && why.contains("link=loud")),
            "{failure}"
        );
    }
}
