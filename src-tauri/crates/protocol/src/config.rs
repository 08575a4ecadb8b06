//! What an operator writes about a connection: one `[[connection]]` of the configuration file.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use url::{Host, Url};

/// One configured connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Connection {
    /// Its name, unique in the file.
    pub name: String,
    /// Which of the five protocols it speaks.
    pub protocol: Protocol,
    /// The service's WebSocket address, `ws://` or `wss://`, without the credential.
    pub url: Url,
    /// The service's HTTP address, `http://` or `https://`; the WebSocket one with its path cut when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub http_url: Option<Url>,
    /// Where the credential is kept; the keychain under the connection's name when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credential: Option<CredentialSource>,
    /// Whether it is to be connected.
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub enabled: bool,
    /// A PEM file of authorities to trust besides the system's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ca_file: Option<PathBuf>,
    /// What to subscribe to: org ids, streams, paths, channel ids or hardware ids.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub subscribe: Vec<Subscribe>,
    /// Live queries (hantera).
    #[serde(default, rename = "live_query", skip_serializing_if = "Vec::is_empty")]
    pub live_queries: Vec<LiveQuery>,
    /// Whether `ws://` to an address that is not loopback is allowed.
    #[serde(default, skip_serializing_if = "is_no")]
    pub allow_plaintext: bool,
    /// Whether an unlocked device is announced by a native notification.
    #[serde(default, skip_serializing_if = "is_no")]
    pub notify_unlocked: bool,
    /// Words to scope the window by.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Which serializer version to speak (hyprwatch): 2, then 1 when it is refused, unless one is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phoenix_version: Option<PhoenixVersion>,
    /// Where the key goes (iotee): a header unless `query` is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_in: Option<KeyIn>,
}

/// The five protocols.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Protocol {
    /// Hosts and SQL queries over Phoenix channels.
    Hyprwatch,
    /// Signals and alerts.
    Hydra,
    /// Jobs, actors and live queries.
    Hantera,
    /// Agents, posts and tasks.
    Agenthq,
    /// Devices and locks.
    Iotee,
}

/// Where a credential is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
pub enum CredentialSource {
    /// An entry of the system's keychain, service `signalbox`.
    Keychain(String),
    /// An environment variable.
    Env(String),
    /// A command that prints it on its first line.
    Command(Vec<String>),
}

/// One thing to subscribe to: a word, or for hantera a path with the events wanted of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Subscribe {
    /// Everything of this org, stream, path, channel or device.
    All(String),
    /// Some events of a path.
    Some {
        /// The path.
        path: String,
        /// The events.
        events: Vec<String>,
    },
}

/// A live query of hantera.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LiveQuery {
    /// Our id of it, unique within the connection.
    pub id: String,
    /// The graph's edge, as `orders`.
    pub edge: String,
    /// The graph's filter expression.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filter: Option<String>,
    /// The graph's order, as `createdAt desc`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order_by: Option<String>,
}

/// A version of the Phoenix serializer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum PhoenixVersion {
    /// Objects: `{topic, event, payload, ref}`.
    #[serde(rename = "1")]
    V1,
    /// Arrays: `[join_ref, ref, topic, event, payload]`.
    #[serde(rename = "2")]
    V2,
}

/// Where an API key goes in the upgrade request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum KeyIn {
    /// The header `X-API-Key`: it is in no URL.
    Header,
    /// The query parameter `api_key`.
    Query,
}

impl Connection {
    /// Where its credential is kept.
    pub fn credential_source(&self) -> CredentialSource {
        self.credential.clone().unwrap_or_else(|| CredentialSource::Keychain(self.name.clone()))
    }

    /// What is wrong with it, as a sentence; what TOML's shape cannot say.
    pub fn validate(&self) -> Result<(), String> {
        let name = &self.name;
        if name.trim().is_empty() || name.len() > 64 || name.chars().any(char::is_control) {
            return Err("a connection's name needs 1 to 64 printable characters".into());
        }
        self.check_address("url", &self.url, ["wss", "ws"])?;
        if let Some(url) = &self.http_url {
            self.check_address("http_url", url, ["https", "http"])?;
        }
        if self.protocol != Protocol::Hantera {
            if !self.live_queries.is_empty() {
                return Err(format!("connection \"{name}\": live_query is for hantera connections only"));
            }
            if let Some(Subscribe::Some { path, .. }) =
                self.subscribe.iter().find(|s| matches!(s, Subscribe::Some { .. }))
            {
                return Err(format!("connection \"{name}\": only hantera subscribes to events of a path ({path})"));
            }
        }
        let mut ids: Vec<_> = self.live_queries.iter().map(|query| &query.id).collect();
        ids.sort();
        if let Some(pair) = ids.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(format!("connection \"{name}\": two live queries have the id \"{}\"", pair[0]));
        }
        if let Some(CredentialSource::Command(command)) = &self.credential
            && command.is_empty()
        {
            return Err(format!("connection \"{name}\": credential.command names no program"));
        }
        Ok(())
    }

    /// Checks one of its addresses; `schemes` are the encrypted one and the other.
    fn check_address(&self, word: &str, url: &Url, schemes: [&str; 2]) -> Result<(), String> {
        let name = &self.name;
        let [encrypted, plain] = schemes;
        let scheme = url.scheme();
        if scheme != encrypted && scheme != plain {
            return Err(format!(
                "connection \"{name}\": the {word} must begin with {encrypted}:// or {plain}://, not {scheme}://"
            ));
        }
        if scheme == plain && !self.allow_plaintext && !is_loopback(url) {
            return Err(format!(
                "connection \"{name}\": {plain}:// would send its credential unencrypted to {}; use {encrypted}://, or set allow_plaintext = true",
                url.host_str().unwrap_or("the service")
            ));
        }
        if url.host().is_none() {
            return Err(format!("connection \"{name}\": the {word} names no host"));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(format!(
                "connection \"{name}\": the {word} must not hold a password; keep the credential in the keychain"
            ));
        }
        for (parameter, _) in url.query_pairs() {
            if matches!(parameter.as_ref(), "token" | "api_key" | "apikey" | "key" | "access_token") {
                return Err(format!(
                    "connection \"{name}\": the {word} must not hold the credential ({parameter}=…); keep it in the keychain"
                ));
            }
        }
        Ok(())
    }
}

impl Subscribe {
    /// The operator's word for it.
    pub fn name(&self) -> &str {
        match self {
            Subscribe::All(name) | Subscribe::Some { path: name, .. } => name,
        }
    }
}

impl Protocol {
    /// All five.
    pub const ALL: [Protocol; 5] =
        [Protocol::Hyprwatch, Protocol::Hydra, Protocol::Hantera, Protocol::Agenthq, Protocol::Iotee];

    /// Its word in the configuration.
    pub const fn name(self) -> &'static str {
        match self {
            Protocol::Hyprwatch => "hyprwatch",
            Protocol::Hydra => "hydra",
            Protocol::Hantera => "hantera",
            Protocol::Agenthq => "agenthq",
            Protocol::Iotee => "iotee",
        }
    }
}

impl fmt::Display for Protocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Protocol {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Protocol::ALL.into_iter().find(|protocol| protocol.name() == text).ok_or_else(|| {
            format!("\"{text}\" is not a protocol; it is one of hyprwatch, hydra, hantera, agenthq, iotee")
        })
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(domain)) => domain == "localhost" || domain.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

const fn yes() -> bool {
    true
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes fields by reference")]
const fn is_yes(value: &bool) -> bool {
    *value
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes fields by reference")]
const fn is_no(value: &bool) -> bool {
    !*value
}
