//! What the operator may change: connections and their credentials.

use std::time::Duration;

use link::{CredentialError, Credentials};
use protocol::config::LiveQuery;
use protocol::config::Subscribe;
use protocol::{Ask, Connection, CredentialSource, Protocol};
use secrecy::SecretString;
use store::ConfigError;

use crate::monitor::{Monitor, invalid, not_found};
use crate::view::{CommandError, ConnectionDraft, ErrorCode, Keep, Tested};

/// How long a test may take.
const TEST: Duration = Duration::from_secs(20);

type Done<T> = Result<T, CommandError>;

impl Monitor {
    /// Connects once as drafted and says what happened. Nothing is kept.
    pub async fn test_connection(&self, mut draft: ConnectionDraft) -> Done<Tested> {
        let secret = take_secret(&mut draft);
        let kept = self.inner.connections.read().iter().find(|watched| watched.name() == draft.name).cloned();
        let mut connection = drafted(&draft, kept.as_ref().map(|watched| &watched.connection))?;
        let mut environment = self.inner.environment.clone();
        if let Some(secret) = secret {
            // Its own memory, so that a test leaves the credentials of the others alone.
            environment.credentials = Credentials::system();
            connection.credential = Some(CredentialSource::Keychain("the credential being tested".into()));
            environment
                .credentials
                .keep_for_this_run(connection.credential_source(), secret)
                .map_err(|e| keychain(&e))?;
        }
        let tested = link::probe(connection, &environment, TEST).await;
        Ok(Tested { live: tested.is_live(), sentence: sentence(&tested.to_string()) })
    }

    /// Adds a connection to the configuration, keeps its credential, and connects it.
    pub async fn add_connection(&self, mut draft: ConnectionDraft) -> Done<()> {
        let _one_at_a_time = self.changing().await;
        let secret = take_secret(&mut draft);
        let connection = drafted(&draft, None)?;
        if self.watched(&connection.name).is_ok() {
            return Err(invalid(format!("A connection named \"{}\" exists already.", connection.name)));
        }
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
        let connection = drafted(&draft, Some(&watched.connection))?;
        if connection.name != name && self.watched(&connection.name).is_ok() {
            return Err(invalid(format!("A connection named \"{}\" exists already.", connection.name)));
        }
        self.keep(&connection.credential_source(), &draft.keep, secret).await?;
        if !watched.transient {
            self.note(self.inner.file.replace(name, &connection))?;
        }
        let renamed = connection.name != name;
        self.rewatch(name, connection, watched.transient).await;
        if renamed {
            self.retire(&watched);
        }
        self.audited("connection.change", name, "Changed the connection.");
        Ok(())
    }

    /// The draft of a connection as it is; its secret stays where it is.
    pub fn connection_draft(&self, name: &str) -> Done<ConnectionDraft> {
        let watched = self.watched(name)?;
        let connection = &watched.connection;
        Ok(ConnectionDraft {
            name: connection.name.clone(),
            protocol: connection.protocol,
            url: connection.url.to_string(),
            subscribe: connection.subscribe.iter().map(written).collect(),
            tags: connection.tags.clone(),
            ca_file: connection.ca_file.as_ref().map(|path| path.display().to_string()),
            allow_plaintext: connection.allow_plaintext,
            notify_unlocked: connection.notify_unlocked,
            keep: match connection.credential_source() {
                CredentialSource::Keychain(_) => Keep::Keychain,
                CredentialSource::Env(name) => Keep::Env(name),
                CredentialSource::Command(command) => Keep::Command(command),
            },
            secret: None,
        })
    }

    /// Switches a connection on or off.
    pub async fn set_enabled(&self, name: &str, enabled: bool) -> Done<()> {
        let _one_at_a_time = self.changing().await;
        let watched = self.watched(name)?;
        if watched.connection.enabled == enabled {
            return Ok(());
        }
        let connection = Connection { enabled, ..watched.connection.clone() };
        if !watched.transient {
            self.note(self.inner.file.replace(name, &connection))?;
        }
        self.rewatch(name, connection, watched.transient).await;
        if !enabled {
            self.retire(&watched);
        }
        self.audited("connection.enable", name, if enabled { "Switched it on." } else { "Switched it off." });
        Ok(())
    }

    /// Removes a connection from the configuration, and its credential from the keychain where no other one uses it.
    pub async fn remove_connection(&self, name: &str) -> Done<()> {
        let _one_at_a_time = self.changing().await;
        let watched = self.watched(name)?;
        if !watched.transient {
            self.note(self.inner.file.remove(name))?;
        }
        self.unwatch(name).await;
        self.retire(&watched);
        self.audited("connection.remove", name, "Removed the connection.");
        let source = watched.connection.credential_source();
        let shared = self.connections().iter().any(|other| other.connection.credential_source() == source);
        if let CredentialSource::Keychain(entry) = &source
            && !shared
            && !watched.transient
        {
            match self.inner.environment.credentials.delete(entry).await {
                Ok(()) | Err(CredentialError::NotFound(_)) => {}
                Err(error) => {
                    return Err(CommandError {
                        code: ErrorCode::Keychain,
                        message: format!("\"{name}\" is removed, but its credential is still kept: {error}."),
                    });
                }
            }
        }
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
        self.ask(name, Ask::CreateLiveQuery(query))
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

/// The connection that a draft describes, checked. What the dialogs do not show is as it was.
fn drafted(draft: &ConnectionDraft, old: Option<&Connection>) -> Done<Connection> {
    let url = draft
        .url
        .trim()
        .parse()
        .map_err(|_| invalid("The address is not one: it looks like wss://api.example.com/realtime."))?;
    let name = draft.name.trim().to_owned();
    let keychain = || match old.and_then(|old| old.credential.clone()) {
        Some(CredentialSource::Keychain(entry)) => Some(CredentialSource::Keychain(entry)),
        // A renamed connection's credential stays under the old name.
        None if old.is_some_and(|old| old.name != name) => old.map(Connection::credential_source),
        _ => None,
    };
    let mut connection = Connection {
        protocol: draft.protocol,
        url,
        http_url: old.and_then(|old| old.http_url.clone()),
        credential: match &draft.keep {
            Keep::Keychain | Keep::ThisRun => keychain(),
            Keep::Env(variable) => Some(CredentialSource::Env(variable.trim().to_owned())),
            Keep::Command(command) => Some(CredentialSource::Command(command.clone())),
        },
        enabled: old.is_none_or(|old| old.enabled),
        ca_file: draft.ca_file.as_deref().map(str::trim).filter(|path| !path.is_empty()).map(Into::into),
        subscribe: draft
            .subscribe
            .iter()
            .map(|word| word.trim())
            .filter(|word| !word.is_empty())
            .map(|word| subscription(draft.protocol, word))
            .collect(),
        live_queries: old.map(|old| old.live_queries.clone()).unwrap_or_default(),
        allow_plaintext: draft.allow_plaintext,
        notify_unlocked: draft.notify_unlocked,
        tags: draft.tags.iter().map(|tag| tag.trim().to_owned()).filter(|tag| !tag.is_empty()).collect(),
        phoenix_version: old.and_then(|old| old.phoenix_version),
        key_in: old.and_then(|old| old.key_in),
        name,
    };
    if connection.protocol != Protocol::Hantera {
        connection.live_queries.clear();
    }
    connection.validate().map_err(|message| invalid(sentence(&message)))?;
    Ok(connection)
}

/// `jobs [jobFailed, jobStarted]` is some events of a path; anything else is all of it.
fn subscription(protocol: Protocol, word: &str) -> Subscribe {
    let some = word.strip_suffix(']').and_then(|word| word.split_once('['));
    match some {
        Some((path, events)) if protocol == Protocol::Hantera => Subscribe::Some {
            path: path.trim().to_owned(),
            events: events.split(',').map(|event| event.trim().to_owned()).filter(|event| !event.is_empty()).collect(),
        },
        _ => Subscribe::All(word.to_owned()),
    }
}

fn written(subscribe: &Subscribe) -> String {
    match subscribe {
        Subscribe::All(name) => name.clone(),
        Subscribe::Some { path, events } => format!("{path} [{}]", events.join(", ")),
    }
}

fn take_secret(draft: &mut ConnectionDraft) -> Option<SecretString> {
    draft.secret.take().filter(|secret| !secret.trim().is_empty()).map(|secret| SecretString::from(secret.trim()))
}

fn keychain(error: &CredentialError) -> CommandError {
    CommandError { code: ErrorCode::Keychain, message: sentence(&error.to_string()) }
}

/// With a capital at its beginning and a full stop at its end.
fn sentence(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    let stop = if text.ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{first}{}{stop}", characters.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft() -> ConnectionDraft {
        ConnectionDraft {
            name: " jobs ".into(),
            protocol: Protocol::Hantera,
            url: "wss://core.example.com/ws".into(),
            subscribe: vec!["jobs [jobFailed, jobStarted]".into(), "actors".into(), " ".into()],
            tags: vec!["eu".into()],
            ca_file: Some(String::new()),
            allow_plaintext: false,
            notify_unlocked: false,
            keep: Keep::Keychain,
            secret: Some("marked".into()),
        }
    }

    #[test]
    fn a_draft_becomes_a_connection_and_a_draft_again() {
        let connection = drafted(&draft(), None).unwrap();
        assert_eq!(connection.name, "jobs");
        assert_eq!(connection.credential, None);
        let words: Vec<_> = connection.subscribe.iter().map(written).collect();
        assert_eq!(words, ["jobs [jobFailed, jobStarted]", "actors"]);
        assert!(matches!(connection.subscribe[0], Subscribe::Some { .. }));
    }

    #[test]
    fn a_renamed_connection_finds_its_credential() {
        let old = drafted(&draft(), None).unwrap();
        let renamed = drafted(&ConnectionDraft { name: "work".into(), ..draft() }, Some(&old)).unwrap();
        assert_eq!(renamed.credential_source(), CredentialSource::Keychain("jobs".into()));
    }

    #[test]
    fn what_is_wrong_is_a_sentence() {
        let error = drafted(&ConnectionDraft { url: "ws://far.example/".into(), ..draft() }, None).unwrap_err();
        assert!(error.message.starts_with("Connection \"jobs\": ws:// would send") && error.message.ends_with('.'));
        assert!(!format!("{:?}", draft()).contains("marked"));
    }
}
