//! What the configuration says, and what may be wrong with it.

use std::collections::HashMap;
use std::io;
use std::path::PathBuf;

use fleet::rule::Rule;
use protocol::Connection;
use serde::Deserialize;
use toml::Spanned;

use crate::settings::{ExportSettings, HistoryLimits, MapSettings, NotificationSettings, Settings, WindowSettings};

/// The whole configuration, checked.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Configuration {
    /// The connections in the order of the file. Their names are unique.
    pub connections: Vec<Connection>,
    /// The rules in the order of the file. Their names are unique; those that are built in are not among them.
    pub rules: Vec<Rule>,
    /// What is set besides.
    pub settings: Settings,
}

impl Configuration {
    /// Reads and checks a configuration's text; `place` is what errors call the file.
    pub fn parse(text: &str, place: &str) -> Result<Self, ConfigError> {
        let broken = |offset: usize, message: &str| {
            let (line, column) = line_and_column(text, offset);
            ConfigError::Broken { place: place.to_owned(), line, column, message: message.to_owned() }
        };
        let document: Document = toml::from_str(text)
            .map_err(|error| broken(error.span().map_or(0, |span| span.start), error.message().trim()))?;
        for connection in &document.connection {
            connection.get_ref().validate().map_err(|message| broken(connection.span().start, &message))?;
        }
        for rule in &document.rule {
            rule.get_ref().validate().map_err(|message| broken(rule.span().start, message.trim_end_matches('.')))?;
        }
        let limits = &document.history;
        limits.get_ref().validate().map_err(|message| broken(limits.span().start, &message))?;
        let map = &document.map;
        map.get_ref().validate().map_err(|message| broken(map.span().start, &message))?;
        let exports = &document.exports;
        exports.get_ref().validate().map_err(|message| broken(exports.span().start, &message))?;
        let connections = document.connection.iter().map(|item| (item.get_ref().name.as_str(), item.span().start));
        let rules = document.rule.iter().map(|item| (item.get_ref().name.as_str(), item.span().start));
        if let Some(twice) = named_twice(connections)
            .map(|twice| ("connection", twice))
            .or(named_twice(rules).map(|twice| ("rule", twice)))
        {
            let (what, Twice { name, first, second }) = twice;
            let (line, _) = line_and_column(text, first);
            let message = format!("a {what} named \"{name}\" is already at line {line}; names are unique");
            return Err(broken(second, &message));
        }
        Ok(Configuration {
            connections: document.connection.into_iter().map(Spanned::into_inner).collect(),
            rules: document.rule.into_iter().map(Spanned::into_inner).collect(),
            settings: Settings {
                notifications: document.notifications,
                history: document.history.into_inner(),
                window: document.window,
                map: document.map.into_inner(),
                exports: document.exports.into_inner(),
            },
        })
    }

    /// The connection of that name.
    pub fn connection(&self, name: &str) -> Option<&Connection> {
        self.connections.iter().find(|connection| connection.name == name)
    }
}

/// The file's shape.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    #[serde(default)]
    connection: Vec<Spanned<Connection>>,
    #[serde(default)]
    rule: Vec<Spanned<Rule>>,
    #[serde(default)]
    notifications: NotificationSettings,
    #[serde(default = "nowhere")]
    history: Spanned<HistoryLimits>,
    #[serde(default)]
    window: WindowSettings,
    #[serde(default = "nowhere")]
    map: Spanned<MapSettings>,
    #[serde(default = "nowhere")]
    exports: Spanned<ExportSettings>,
}

fn nowhere<T: Default>() -> Spanned<T> {
    Spanned::new(0..0, T::default())
}

/// A name that is given to two things.
struct Twice<'a> {
    name: &'a str,
    first: usize,
    second: usize,
}

fn named_twice<'a>(named: impl Iterator<Item = (&'a str, usize)>) -> Option<Twice<'a>> {
    let mut seen: HashMap<&str, usize> = HashMap::new();
    for (name, second) in named {
        if let Some(first) = seen.insert(name, second) {
            return Some(Twice { name, first, second });
        }
    }
    None
}

/// What is wrong with a configuration, as a sentence that says where and what to do.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// It cannot be understood. Nothing was written.
    #[error("{place}, line {line}, column {column}: {message}. The file was left as it is; mend it and try again.")]
    Broken {
        /// The file.
        place: String,
        /// From 1.
        line: usize,
        /// From 1, in characters.
        column: usize,
        /// What is wrong there.
        message: String,
    },
    /// It cannot be read.
    #[error("the configuration {} could not be read: {error}.", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// It cannot be written. The old one is as it was.
    #[error("the configuration {} could not be written: {error}. It is as it was before.", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// A change that cannot be made.
    #[error("{0}.")]
    Invalid(String),
    /// No connection or rule has that name.
    #[error("nothing in the configuration is named \"{0}\".")]
    NotFound(String),
    /// The system names no folder for configurations.
    #[error("this system names no folder for configurations; say which file to use with --config FILE.")]
    NoFolder,
}

fn line_and_column(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::{CredentialSource, Protocol};

    const CONTRACT: &str = r#"
[[connection]]
name = "locks-eu"                       # unique
protocol = "iotee"                      # hyprwatch | hydra | hantera | agenthq | iotee
url = "wss://api.example.com/realtime"
credential = { keychain = "locks-eu" }  # default; or { env = "VAR" }, or { command = ["pass", "show", "iotee"] }
enabled = true
ca_file = "/path/ca.pem"                # optional
subscribe = ["ABC123", "DEF456"]

[[connection]]
name = "jobs"
protocol = "hantera"
url = "wss://core.example.com/ws"
credential = { command = ["pass", "show", "jobs"] }
subscribe = ["job-definitions", { path = "jobs", events = ["jobFailed"] }]

[[connection.live_query]]
id = "orders"
edge = "orders"
filter = "status == 'processing'"
order_by = "createdAt desc"
"#;

    fn message(text: &str) -> String {
        Configuration::parse(text, "config.toml").unwrap_err().to_string()
    }

    #[test]
    fn the_contract_is_read() {
        let configuration = Configuration::parse(CONTRACT, "config.toml").unwrap();
        let locks = configuration.connection("locks-eu").unwrap();
        assert_eq!(locks.protocol, Protocol::Iotee);
        assert_eq!(locks.credential_source(), CredentialSource::Keychain("locks-eu".into()));
        assert!(locks.enabled && !locks.allow_plaintext);
        let jobs = configuration.connection("jobs").unwrap();
        assert_eq!(jobs.live_queries[0].order_by.as_deref(), Some("createdAt desc"));
        assert_eq!(jobs.subscribe.len(), 2);
    }

    #[test]
    fn broken_toml_is_told_with_line_and_column() {
        assert_eq!(
            message("[[connection]]\nname = \"a\nprotocol = 3\n"),
            "config.toml, line 2, column 10: invalid basic string, expected `\"`. The file was left as it is; mend it and try again."
        );
    }

    #[test]
    fn an_unknown_key_is_told_with_its_place() {
        let text = "[[connection]]\nname = \"a\"\nprotocol = \"iotee\"\nurl = \"wss://h/\"\nsubscibe = []\n";
        assert!(
            message(text).starts_with("config.toml, line 5, column 1: unknown field `subscibe`"),
            "{}",
            message(text)
        );
    }

    #[test]
    fn what_toml_cannot_say_is_told_with_the_line_of_the_connection() {
        let plain = "[[connection]]\nname = \"a\"\nprotocol = \"iotee\"\nurl = \"ws://example.com/realtime\"\n";
        assert!(message(plain).starts_with("config.toml, line 1, column 1: connection \"a\": ws:// would send"));
        assert!(Configuration::parse(&format!("{plain}allow_plaintext = true\n"), "c").is_ok());
        assert!(Configuration::parse(&plain.replace("example.com", "127.0.0.1:9"), "c").is_ok());
        let twice = plain.replace("ws://", "wss://").repeat(2);
        assert!(
            message(&twice).contains("line 5, column 1: a connection named \"a\" is already at line 1"),
            "{}",
            message(&twice)
        );
    }

    #[test]
    fn a_credential_in_the_url_is_refused_and_not_repeated() {
        let text = "[[connection]]\nname = \"a\"\nprotocol = \"hydra\"\nurl = \"wss://h/stream?token=marked-secret\"\n";
        let message = message(text);
        assert!(message.contains("must not hold the credential"), "{message}");
        assert!(!message.contains("marked-secret"), "{message}");
    }

    const RULES: &str = r#"
[[rule]]
name = "Battery low"
severity = "high"
for = "1m"
connections = ["locks-*"]
when = { threshold = { field = "battery_voltage", below = 11.5, clear = 11.8 } }

[[rule]]
name = "Night"
severity = "critical"
message = "{subject} was opened at night"
when = { state = { is = "unlocked", outside = "08:00-18:00" } }

[notifications]
from = "low"
quiet_hours = "22:00-07:00"
command = { critical = ["/usr/local/bin/page", "--now"] }

[history]
keep_days = 30

[window]
close_to_tray = true

[map]
tiles = "https://tiles.example.com/{z}/{x}/{y}.png"
tiles_attribution = "Example Maps"

[exports]
folder = "~/Exports"
"#;

    #[test]
    fn rules_and_settings_are_read() {
        let read = Configuration::parse(RULES, "c").unwrap();
        assert_eq!(read.rules.len(), 2);
        assert_eq!(read.rules[0].hold, std::time::Duration::from_secs(60));
        let Settings { notifications, history, window, map, exports } = read.settings;
        assert_eq!(history, HistoryLimits { keep_days: 30, most_mib: 2_048 });
        assert_eq!(notifications.commands.critical.len(), 2);
        assert_eq!(notifications.quiet_hours.unwrap().to_string(), "22:00-07:00");
        assert!(window.close_to_tray);
        assert_eq!(map.tiles_attribution.as_deref(), Some("Example Maps"));
        assert_eq!(exports.folder.as_deref(), Some("~/Exports"));
    }

    #[test]
    fn what_is_wrong_with_a_rule_is_told_with_its_line() {
        let wrong = RULES.replace("below = 11.5", "below = 11.5, above = 3.0");
        assert!(message(&wrong).starts_with("c"), "{}", message(&wrong));
        assert!(message(&wrong).contains("line 2, column 1"), "{}", message(&wrong));
        let unknown = RULES.replace("\"1m\"", "\"one minute\"");
        assert!(message(&unknown).contains("line 5"), "{}", message(&unknown));
        let folder = RULES.replace("~/Exports", "Exports");
        assert!(message(&folder).contains("exports: folder must be a whole path"), "{}", message(&folder));
        let twice = RULES.replace("\"Night\"", "\"Battery low\"");
        assert!(message(&twice).contains("a rule named \"Battery low\" is already at line 2"), "{}", message(&twice));
        let days = RULES.replace("keep_days = 30", "keep_days = 0");
        assert!(message(&days).contains("keep_days must be 1 to 3650"), "{}", message(&days));
        let tiles = RULES.replace("/{z}", "");
        assert!(message(&tiles).contains("map: tiles must have {z} once"), "{}", message(&tiles));
        assert!(message(&tiles).contains("line 26, column 1"), "{}", message(&tiles));
    }

    #[test]
    fn what_the_readme_shows_is_a_configuration() {
        let readme = include_str!("../../../../README.md");
        let blocks: Vec<&str> = readme.split("```toml").skip(1).map(|rest| rest.split("```").next().unwrap()).collect();
        assert!(blocks.len() >= 2);
        let read = Configuration::parse(&blocks.join("\n"), "README.md").unwrap();
        assert!(read.connections.len() >= 2 && read.rules.len() >= 3);
    }
}
