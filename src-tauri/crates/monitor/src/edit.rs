//! What the operator may change: connections and their credentials.

mod removal;
mod transfer;
mod trying;

use link::CredentialError;
use protocol::config::LiveQuery;
use protocol::{Ask, Connection, CredentialSource};
use secrecy::SecretString;
use store::ConfigError;

use crate::monitor::{Monitor, invalid, not_found};
use crate::view::{CommandError, ConnectionDraft, ErrorCode, Keep};
use crate::watched::Watched;

pub(crate) use removal::Leaving;
pub(crate) use trying::Trying;

type Done<T> = Result<T, CommandError>;

impl Monitor {
    /// Adds a connection to the configuration, keeps its credential, and connects it.
    pub async fn add_connection(&self, mut draft: ConnectionDraft) -> Done<()> {
        let _one_at_a_time = self.changing().await;
        let secret = take_secret(&mut draft);
        let connection = draft.connection(None).map_err(invalid)?;
        self.settle(&connection.name).await;
        if self.watched(&connection.name).is_ok() {
            return Err(invalid(format!("A connection named \"{}\" exists already.", connection.name)));
        }
        let secret = match secret {
            None => self.copied(&draft).await?,
            secret => secret,
        };
        // The credential first: a connection that is in the file should find it.
        self.keep(&connection.credential_source(), &draft.keep, secret).await?;
        self.note(self.inner.file.add(&connection))?;
        let name = connection.name.clone();
        self.watch(connection, false, None);
        self.audited("connection.add", &name, "Added the connection.");
        Ok(())
    }

    /// Changes a connection. A draft without a secret leaves the credential where it is.
    pub async fn edit_connection(&self, name: &str, mut draft: ConnectionDraft) -> Done<()> {
        let _one_at_a_time = self.changing().await;
        let secret = take_secret(&mut draft);
        let watched = self.watched(name)?;
        let connection = draft.connection(Some(&watched.connection)).map_err(invalid)?;
        if connection.name != name {
            self.settle(&connection.name).await;
            if self.watched(&connection.name).is_ok() {
                return Err(invalid(format!("A connection named \"{}\" exists already.", connection.name)));
            }
        }
        self.keep(&connection.credential_source(), &draft.keep, secret).await?;
        self.change(&watched, connection).await?;
        self.audited("connection.change", name, "Changed the connection.");
        Ok(())
    }

    /// The draft of a connection as it is; its secret stays where it is.
    pub fn connection_draft(&self, name: &str) -> Done<ConnectionDraft> {
        Ok(ConnectionDraft::of(&self.watched(name)?.connection))
    }

    /// Puts a changed connection in the place of one.
    pub(crate) async fn change(&self, watched: &Watched, connection: Connection) -> Done<()> {
        let name = watched.name();
        if !watched.transient {
            self.note(self.inner.file.replace(name, &connection))?;
        }
        let renamed = connection.name != name;
        self.rewatch(watched, connection).await;
        if renamed {
            self.retire(watched);
        }
        Ok(())
    }

    /// The credential of the connection that a draft without a secret is like, where it is to be kept anew.
    async fn copied(&self, draft: &ConnectionDraft) -> Done<Option<SecretString>> {
        let Some(of) = draft.credential_of.as_deref().filter(|_| matches!(draft.keep, Keep::Keychain | Keep::ThisRun))
        else {
            return Ok(None);
        };
        let source = self.watched(of)?.connection.credential_source();
        let copied = self.inner.environment.credentials.fetch(&source).await.map_err(|error| keychain(&error))?;
        Ok(Some(copied))
    }

    /// Switches a connection on or off.
    pub async fn set_enabled(&self, name: &str, enabled: bool) -> Done<()> {
        let _one_at_a_time = self.changing().await;
        let watched = self.watched(name)?;
        if watched.connection.enabled == enabled {
            return Ok(());
        }
        let connection = Connection { enabled, ..watched.connection.clone() };
        self.change(&watched, connection).await?;
        if !enabled {
            self.retire(&watched);
        }
        self.audited("connection.enable", name, if enabled { "Switched it on." } else { "Switched it off." });
        Ok(())
    }

    /// Replaces a connection's credential and tries again at once.
    pub async fn set_credential(&self, name: &str, secret: SecretString, keep: &Keep) -> Done<()> {
        let _one_at_a_time = self.changing().await;
        let watched = self.watched(name)?;
        let source = watched.connection.credential_source();
        if matches!(keep, Keep::Keychain) && !matches!(source, CredentialSource::Keychain(_)) {
            return Err(invalid(format!(
                "\"{name}\" takes its credential from elsewhere; edit the connection to keep it in the keychain."
            )));
        }
        self.keep(&source, keep, Some(secret)).await?;
        self.audited("connection.credential", name, "Replaced the credential.");
        if watched.connection.enabled {
            self.retry(name)?;
        }
        Ok(())
    }

    /// Creates a live query on a connection until it is closed.
    pub fn create_live_query(&self, name: &str, query: LiveQuery) -> Done<()> {
        if query.id.trim().is_empty() || query.edge.trim().is_empty() {
            return Err(invalid("A live query needs an id and an edge, as orders."));
        }
        self.ask(name, Ask::CreateLiveQuery(query.clone()))?;
        self.watched(name)?.part.lock().note_asked(query);
        Ok(())
    }

    /// The code of a lock event, for the operator who asked for it.
    pub fn reveal_code(&self, name: &str, device: &str, number: u32) -> Done<String> {
        let watched = self.watched(name)?;
        let part = watched.part.lock();
        let code = part.state.reveal_code(device, u64::from(number)).map(secrecy::ExposeSecret::expose_secret);
        // Who looked at somebody's code is part of the record; the code is not.
        if code.is_some() {
            let detail = format!("Looked at the code of a lock event of {device}.");
            self.audited("lock.reveal", &format!("{name}/{device}"), &detail);
        }
        code.map(str::to_owned).ok_or_else(|| CommandError {
            code: ErrorCode::NotFound,
            message: "That lock event is too old to be kept here, or came without a code.".into(),
        })
    }

    /// The JSON text of an event, codes masked.
    pub fn event_json(&self, name: &str, number: u32) -> Done<String> {
        let watched = self.watched(name)?;
        crate::view::build::events::json(&watched, number).ok_or_else(|| CommandError {
            code: ErrorCode::NotFound,
            message: "That event is too old to be kept here.".into(),
        })
    }

    /// Writes down what the operator did.
    pub(crate) fn audited(&self, action: &str, subject: &str, detail: &str) {
        let connection = subject.split('/').next().unwrap_or_default();
        if self.inner.alarm.unrecorded.holds(connection) {
            return;
        }
        let now = self.now();
        self.inner.alarm.with(now, crate::alarm::audit(now, action, subject, detail), |_| ());
    }

    async fn keep(&self, source: &CredentialSource, keep: &Keep, secret: Option<SecretString>) -> Done<()> {
        let Some(secret) = secret else { return Ok(()) };
        let credentials = &self.inner.environment.credentials;
        match (keep, source) {
            (Keep::ThisRun, source) => credentials.keep_for_this_run(source.clone(), secret),
            (_, CredentialSource::Keychain(entry)) => credentials.set(entry, secret).await,
            _ => Ok(()),
        }
        .map_err(|error| keychain(&error))
    }

    /// Notes what a change of the file came to.
    pub(crate) fn note(&self, changed: Result<store::Configuration, ConfigError>) -> Done<store::Configuration> {
        match changed {
            Ok(configuration) => {
                self.note_problem(None);
                Ok(configuration)
            }
            Err(ConfigError::NotFound(name)) => Err(not_found(&name)),
            Err(ConfigError::Invalid(message)) => Err(invalid(sentence(&message))),
            Err(error) => {
                if matches!(error, ConfigError::Broken { .. } | ConfigError::Read { .. }) {
                    self.note_problem(Some(&error));
                }
                Err(CommandError { code: ErrorCode::Configuration, message: sentence(&error.to_string()) })
            }
        }
    }
}

pub(crate) fn take_secret(draft: &mut ConnectionDraft) -> Option<SecretString> {
    draft.secret.take().filter(|secret| !secret.trim().is_empty()).map(|secret| SecretString::from(secret.trim()))
}

pub(crate) fn keychain(error: &CredentialError) -> CommandError {
    CommandError { code: ErrorCode::Keychain, message: sentence(&error.to_string()) }
}

/// With a capital at its beginning and a full stop at its end.
pub(crate) fn sentence(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    let stop = if text.ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{first}{}{stop}", characters.as_str())
}

#[cfg(test)]
mod tests;
