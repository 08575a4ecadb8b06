//! A connection on its way between the page and the configuration: as it is typed, tested, imported and exported.

use protocol::config::{KeyIn, LiveQuery, PhoenixVersion, Subscribe};
use protocol::{Connection, CredentialSource, Protocol};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A connection as the add and edit dialogs hold it: all of it. The secret goes one way, from the page into the keychain.
#[derive(Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ConnectionDraft {
    /// Its name.
    pub name: String,
    /// `hyprwatch`, `hydra`, `hantera`, `agenthq` or `iotee`.
    #[ts(type = "Protocol")]
    pub protocol: Protocol,
    /// Its address.
    pub url: String,
    /// The address of its HTTP side; the same host's when null.
    pub http_url: Option<String>,
    /// Whether it is to be connected.
    pub enabled: bool,
    /// What to subscribe to.
    pub subscribe: Vec<SubscribeDraft>,
    /// Live queries (hantera).
    pub live_queries: Vec<LiveQueryDraft>,
    /// Tags.
    pub tags: Vec<String>,
    /// A PEM file of authorities to trust.
    pub ca_file: Option<String>,
    /// Whether `ws://` beyond loopback is allowed.
    pub allow_plaintext: bool,
    /// Whether an unlocked device is announced.
    pub notify_unlocked: bool,
    /// Which serializer version to speak (hyprwatch); found out when null.
    #[ts(type = "'1' | '2' | null")]
    pub phoenix_version: Option<PhoenixVersion>,
    /// Where the key goes (iotee); into a header when null.
    #[ts(type = "'header' | 'query' | null")]
    pub key_in: Option<KeyIn>,
    /// Where the credential is kept.
    pub keep: Keep,
    /// The credential, where it is to be kept by us; null leaves or copies the one that is kept.
    pub secret: Option<String>,
    /// The connection whose kept credential is meant while `secret` is null: the one that is edited or duplicated.
    pub credential_of: Option<String>,
}

impl std::fmt::Debug for ConnectionDraft {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ConnectionDraft")
            .field("name", &self.name)
            .field("protocol", &self.protocol)
            .finish_non_exhaustive()
    }
}

/// One thing to subscribe to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SubscribeDraft {
    /// The org, stream, path, channel or device.
    pub name: String,
    /// The events wanted of a path (hantera); all when null.
    pub events: Option<Vec<String>>,
}

/// A live query as it is typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LiveQueryDraft {
    /// Our id of it.
    pub id: String,
    /// The graph's edge, as `orders`.
    pub edge: String,
    /// The graph's filter.
    pub filter: Option<String>,
    /// The graph's order.
    pub order_by: Option<String>,
}

/// Where a credential is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", tag = "in", content = "what")]
pub enum Keep {
    /// In the system's keychain.
    Keychain,
    /// In memory, until the program ends.
    ThisRun,
    /// In an environment variable.
    Env(String),
    /// A command prints it.
    Command(Vec<String>),
}

impl ConnectionDraft {
    /// The draft of a connection as it is; its secret stays where it is.
    pub fn of(connection: &Connection) -> Self {
        ConnectionDraft {
            name: connection.name.clone(),
            protocol: connection.protocol,
            url: connection.url.to_string(),
            http_url: connection.http_url.as_ref().map(ToString::to_string),
            enabled: connection.enabled,
            subscribe: connection.subscribe.iter().map(SubscribeDraft::of).collect(),
            live_queries: connection.live_queries.iter().map(LiveQueryDraft::of).collect(),
            tags: connection.tags.clone(),
            ca_file: connection.ca_file.as_ref().map(|path| path.display().to_string()),
            allow_plaintext: connection.allow_plaintext,
            notify_unlocked: connection.notify_unlocked,
            phoenix_version: connection.phoenix_version,
            key_in: connection.key_in,
            keep: match connection.credential_source() {
                CredentialSource::Keychain(_) => Keep::Keychain,
                CredentialSource::Env(name) => Keep::Env(name),
                CredentialSource::Command(command) => Keep::Command(command),
            },
            secret: None,
            credential_of: Some(connection.name.clone()),
        }
    }

    /// The connection that it describes, checked; what is wrong is a sentence. `old` is the one that it changes: a credential
    /// that is kept stays where it is.
    pub fn connection(&self, old: Option<&Connection>) -> Result<Connection, String> {
        let name = self.name.trim().to_owned();
        let connection = Connection {
            protocol: self.protocol,
            url: address(&self.url, "address", "wss://api.example.com/realtime")?,
            http_url: match filled(self.http_url.as_deref()) {
                Some(url) => Some(address(url, "HTTP address", "https://api.example.com")?),
                None => None,
            },
            credential: match &self.keep {
                Keep::Keychain | Keep::ThisRun => entry_of(&name, old),
                Keep::Env(variable) if variable.trim().is_empty() => {
                    return Err("Name the environment variable that holds the credential.".into());
                }
                Keep::Env(variable) => Some(CredentialSource::Env(variable.clone())),
                Keep::Command(command) => Some(CredentialSource::Command(command.clone())),
            },
            enabled: self.enabled,
            ca_file: filled(self.ca_file.as_deref()).map(Into::into),
            subscribe: self.subscribe.iter().filter(|one| !one.name.trim().is_empty()).map(Subscribe::from).collect(),
            live_queries: self.live_queries.iter().map(LiveQuery::from).collect(),
            allow_plaintext: self.allow_plaintext,
            notify_unlocked: self.notify_unlocked,
            tags: self.tags.clone(),
            phoenix_version: self.phoenix_version,
            key_in: self.key_in,
            name,
        };
        if let Some(query) = connection.live_queries.iter().find(|one| one.id.is_empty() || one.edge.is_empty()) {
            let which = if query.id.is_empty() { &query.edge } else { &query.id };
            return Err(format!("The live query \"{which}\" needs an id and an edge, as orders."));
        }
        connection.validate().map_err(|message| crate::edit::sentence(&message))?;
        Ok(connection)
    }
}

impl SubscribeDraft {
    fn of(subscribe: &Subscribe) -> Self {
        match subscribe {
            Subscribe::All(name) => SubscribeDraft { name: name.clone(), events: None },
            Subscribe::Some { path, events } => SubscribeDraft { name: path.clone(), events: Some(events.clone()) },
        }
    }
}

impl From<&SubscribeDraft> for Subscribe {
    fn from(draft: &SubscribeDraft) -> Self {
        match &draft.events {
            None => Subscribe::All(draft.name.clone()),
            Some(events) => Subscribe::Some { path: draft.name.clone(), events: events.clone() },
        }
    }
}

impl LiveQueryDraft {
    fn of(query: &LiveQuery) -> Self {
        let LiveQuery { id, edge, filter, order_by } = query.clone();
        LiveQueryDraft { id, edge, filter, order_by }
    }
}

impl From<&LiveQueryDraft> for LiveQuery {
    fn from(draft: &LiveQueryDraft) -> Self {
        let LiveQueryDraft { id, edge, filter, order_by } = draft.clone();
        LiveQuery { id, edge, filter, order_by }
    }
}

/// The keychain's entry of a connection: that of the one that it was.
fn entry_of(name: &str, old: Option<&Connection>) -> Option<CredentialSource> {
    match old.and_then(|old| old.credential.clone()) {
        Some(CredentialSource::Keychain(entry)) => Some(CredentialSource::Keychain(entry)),
        // A renamed connection's credential stays under the old name.
        None if old.is_some_and(|old| old.name != name) => old.map(Connection::credential_source),
        _ => None,
    }
}

fn address<T: std::str::FromStr>(text: &str, word: &str, example: &str) -> Result<T, String> {
    text.trim().parse().map_err(|_| format!("The {word} is not one: it looks like {example}."))
}

fn filled(text: Option<&str>) -> Option<&str> {
    text.filter(|text| !text.trim().is_empty())
}

/// How far a test of a connection is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TestState {
    /// Its steps, in their order.
    pub steps: Vec<TestStep>,
    /// What it came to; null while it goes on.
    pub end: Option<TestEnd>,
}

/// One step of a test.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TestStep {
    /// Which.
    pub step: TestStepName,
    /// How it stands.
    pub state: TestStepState,
    /// A few words on what was found.
    pub words: String,
}

/// The steps of a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum TestStepName {
    /// The credential is had.
    Credential,
    /// The host's name is resolved.
    Resolve,
    /// The host is connected to.
    Connect,
    /// The stream is encrypted.
    Encrypt,
    /// The service speaks WebSocket.
    Open,
    /// The credential is accepted.
    SignIn,
    /// The subscriptions are acknowledged.
    Subscribe,
    /// The first events come.
    Look,
}

/// How a step of a test stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum TestStepState {
    /// Its turn has not come.
    Waiting,
    /// It goes on.
    Running,
    /// It is done.
    Done,
    /// Nothing was to be done, or nothing came: neither good nor bad.
    Nothing,
    /// It did not work; the test ended here, or the service refused all that was subscribed to.
    Failed,
}

/// What a test came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TestEnd {
    /// Whether it became live and stayed so.
    pub live: bool,
    /// What happened, as a sentence.
    pub sentence: String,
    /// The subscriptions that were refused, 64 at most.
    pub refused: Vec<RefusedRow>,
}

/// A subscription that the service refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RefusedRow {
    /// What was asked for.
    pub name: String,
    /// Why not, in the service's words; may be empty.
    pub reason: String,
}

/// What importing a text would do.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ImportPlan {
    /// What is wrong with the text; nothing can be imported then.
    pub problem: Option<ImportProblem>,
    /// Its connections.
    pub connections: Vec<ImportRow>,
    /// Its rules.
    pub rules: Vec<ImportRow>,
    /// Its other parts, which are not imported.
    pub ignored: Vec<String>,
}

/// Where a text cannot be read, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ImportProblem {
    /// From 1.
    pub line: u32,
    /// From 1.
    pub column: u32,
    /// A sentence.
    pub message: String,
}

/// A connection or a rule that may be imported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ImportRow {
    /// Its name.
    pub name: String,
    /// A connection's protocol.
    #[ts(type = "Protocol | null")]
    pub protocol: Option<Protocol>,
    /// A few words on it: a connection's address, or what a rule watches.
    pub words: String,
    /// Where a connection's credential would come from, in words.
    pub credential: Option<String>,
    /// How it stands to what is there.
    pub state: ImportState,
    /// What is different, where one of its name is there.
    pub differs: Vec<String>,
    /// A name that is free.
    pub free_name: String,
}

/// How something that may be imported stands to what is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum ImportState {
    /// Nothing has its name.
    New,
    /// It is there as it is.
    Same,
    /// Another one has its name.
    Differs,
}

/// What to do with a connection of an imported text. Those that are not named are left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ImportChoice {
    /// Its name in the text.
    pub name: String,
    /// The name to give it. One that is there already is replaced.
    pub into: String,
}

/// What an import came to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Imported {
    /// Connections that are new.
    pub added: Vec<String>,
    /// Connections that took the place of others.
    pub replaced: Vec<String>,
    /// Those of them that are switched off until the operator has looked at them.
    pub off: Vec<String>,
    /// Those that have no credential yet.
    pub missing: Vec<String>,
    /// Rules that were added or replaced.
    pub rules: u32,
}
