//! The computer's sleep as logind tells of it: on waking every connection is probed at once, and not when its clock is next
//! looked at.

use jiff::Zoned;
use link::Wake;
use zbus::blocking::{Connection, Proxy};

const LOGIND: (&str, &str, &str) =
    ("org.freedesktop.login1", "/org/freedesktop/login1", "org.freedesktop.login1.Manager");

/// Listens on a thread of its own for as long as the program runs. Where nobody tells of sleep, the clocks still do.
pub(super) fn listen(wake: Wake) {
    let run = move || {
        if let Err(error) = follow(&wake) {
            tracing::debug!("nobody tells of sleep here ({error}); the clocks are looked at");
        }
    };
    if let Err(error) = std::thread::Builder::new().name("sleep".into()).spawn(run) {
        tracing::warn!("sleep is not listened for: {error}");
    }
}

fn follow(wake: &Wake) -> zbus::Result<()> {
    let bus = Connection::system()?;
    let logind = Proxy::new(&bus, LOGIND.0, LOGIND.1, LOGIND.2)?;
    let mut slept: Option<Zoned> = None;
    for told in logind.receive_signal("PrepareForSleep")? {
        if told.body().deserialize::<bool>()? {
            tracing::info!("the computer goes to sleep");
            slept = Some(Zoned::now());
            continue;
        }
        wake.now();
        match slept.take() {
            Some(from) => tracing::info!(
                "slept from {} to {}; every connection is probed",
                from.strftime("%F %T"),
                Zoned::now().strftime("%F %T %Z")
            ),
            None => tracing::info!("woken; every connection is probed"),
        }
    }
    Ok(())
}
