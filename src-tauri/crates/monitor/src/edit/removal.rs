//! Removing a connection, which can be taken back for some minutes: until then its settings and its credential are where they were.

use std::sync::Arc;
use std::time::Duration;

use link::CredentialError;
use protocol::{CredentialSource, Timestamp};

use super::Done;
use crate::monitor::{Monitor, not_found};
use crate::view::picture::RemovedRow;
use crate::view::{CommandError, ErrorCode};
use crate::watched::Watched;

/// For how long a removal can be taken back, in ms. The page lists it as long.
const GRACE: i64 = 5 * 60 * 1_000;
/// How often it is looked whether that is over.
const LOOK: Duration = Duration::from_secs(1);

/// A connection that is not watched any more and still in the configuration.
pub(crate) struct Leaving {
    watched: Arc<Watched>,
    /// Where it was in the list.
    place: usize,
    /// When its removal is final.
    until: Timestamp,
}

impl Monitor {
    /// Ends a connection at once, and removes it from the configuration in five minutes, with its credential where no other one
    /// uses it; until then [`Monitor::restore_connection`] takes it back.
    pub async fn remove_connection(&self, name: &str) -> Done<()> {
        let _one_at_a_time = self.changing().await;
        let watched = self.watched(name)?;
        let place = self.unwatch(name).await.unwrap_or(usize::MAX);
        self.retire(&watched);
        let until = Timestamp(self.now().millis().saturating_add(GRACE));
        self.inner.leaving.lock().push(Leaving { watched: watched.clone(), place, until });
        let (monitor, name) = (self.clone(), name.to_owned());
        tokio::spawn(async move {
            // What is shown goes by the wall clock, and a timer stands still while the computer sleeps.
            while monitor.now() < until {
                tokio::time::sleep(LOOK).await;
            }
            let _one_at_a_time = monitor.changing().await;
            // Taken back and removed again since: then that removal has its own time.
            if monitor.inner.leaving.lock().iter().any(|leaving| Arc::ptr_eq(&leaving.watched, &watched)) {
                monitor.settle(&name).await;
            }
        });
        Ok(())
    }

    /// Takes a removal back: the connection is where it was, with all that was known of it, and connects again.
    pub async fn restore_connection(&self, name: &str) -> Done<()> {
        let _one_at_a_time = self.changing().await;
        let Leaving { watched, place, .. } = self.left(name).ok_or_else(|| not_found(name))?;
        self.watch_again(&watched, watched.connection.clone(), Some(place));
        Ok(())
    }

    /// The removals that can still be taken back, the latest first.
    pub(crate) fn removed(&self) -> Vec<RemovedRow> {
        let row = |leaving: &Leaving| RemovedRow {
            name: leaving.watched.name().to_owned(),
            protocol: leaving.watched.connection.protocol,
            demo: leaving.watched.transient,
            until: leaving.until.millis(),
        };
        self.inner.leaving.lock().iter().rev().map(row).collect()
    }

    /// Makes a removal final, if one of that name waits: before its name is given to another.
    pub(crate) async fn settle(&self, name: &str) {
        let Some(Leaving { watched, .. }) = self.left(name) else { return };
        if let Err(error) = self.finish(&watched).await {
            tracing::warn!(connection = watched.name(), "{}", error.message);
        }
    }

    /// Makes all removals final: the program ends.
    pub(crate) async fn settle_all(&self) {
        let leaving: Vec<String> =
            self.inner.leaving.lock().iter().map(|leaving| leaving.watched.name().to_owned()).collect();
        for name in leaving {
            self.settle(&name).await;
        }
    }

    fn left(&self, name: &str) -> Option<Leaving> {
        let mut leaving = self.inner.leaving.lock();
        let at = leaving.iter().position(|leaving| leaving.watched.name() == name)?;
        Some(leaving.remove(at))
    }

    async fn finish(&self, watched: &Watched) -> Done<()> {
        let name = watched.name();
        if watched.transient {
            return Ok(());
        }
        self.note(self.inner.file.remove(name))?;
        self.audited("connection.remove", name, "Removed the connection.");
        let source = watched.connection.credential_source();
        let shared = self.connections().iter().any(|other| other.connection.credential_source() == source);
        let CredentialSource::Keychain(entry) = &source else { return Ok(()) };
        if shared {
            return Ok(());
        }
        match self.inner.environment.credentials.delete(entry).await {
            Ok(()) | Err(CredentialError::NotFound(_)) => Ok(()),
            Err(error) => Err(CommandError {
                code: ErrorCode::Keychain,
                message: format!("\"{name}\" is removed, but its credential is still kept: {error}."),
            }),
        }
    }
}
