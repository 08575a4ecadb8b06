//! Connections and rules as a text that goes from one computer to another: the configuration's own form, without secrets.

use fleet::rule::Rule;
use protocol::{Connection, CredentialSource};
use serde::Serialize;
use toml_edit::{ArrayOfTables, DocumentMut, Item};

use crate::configuration::{ConfigError, Configuration};
use crate::file::{CONNECTION, RULE, table};

/// What stands at the head of an exported text.
const HEAD: &str = "# Signalbox: connections and rules. It holds no credentials; each computer keeps its own.\n\n";

/// How something stands to what is there under its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// Nothing has its name.
    New,
    /// It is there as it is.
    Same,
    /// What is there differs in these keys.
    Differs(Vec<String>),
}

impl Standing {
    /// How `incoming` stands to the one that is `known` under its name.
    pub fn of<T: Serialize + PartialEq>(incoming: &T, known: Option<&T>) -> Self {
        match known {
            None => Standing::New,
            Some(known) if known == incoming => Standing::Same,
            Some(known) => Standing::Differs(different_keys(incoming, known)),
        }
    }
}

/// Writes connections and rules. The arguments of a command that prints a credential may be anything, so only its program is
/// named, in a comment.
pub fn written(connections: &[Connection], rules: &[Rule]) -> Result<String, ConfigError> {
    let mut document = DocumentMut::new();
    let mut list = ArrayOfTables::new();
    for connection in connections {
        let mut shared = connection.clone();
        let mut note = String::new();
        if let Some(CredentialSource::Command(command)) = &connection.credential {
            let program = command.first().map_or("a command", String::as_str);
            let program: String = program.chars().filter(|letter| !letter.is_control()).take(100).collect();
            note =
                format!("# Its credential was printed by the command {program} on the computer that this is from.\n");
            shared.credential = None;
        }
        let mut written = table(&shared)?;
        written.decor_mut().set_prefix(if list.is_empty() { note } else { format!("\n{note}") });
        list.push(written);
    }
    if !list.is_empty() {
        document.insert(CONNECTION, Item::ArrayOfTables(list));
    }
    let mut list = ArrayOfTables::new();
    for rule in rules {
        let mut written = table(rule)?;
        written.decor_mut().set_prefix(if list.is_empty() && document.is_empty() { "" } else { "\n" });
        list.push(written);
    }
    if !list.is_empty() {
        document.insert(RULE, Item::ArrayOfTables(list));
    }
    Ok(format!("{HEAD}{document}"))
}

/// Reads a text that was exported or is a configuration.
pub fn read(text: &str) -> Result<Configuration, ConfigError> {
    Configuration::parse(text, "the text")
}

/// The parts of a text that are neither connections nor rules.
pub fn other_parts(text: &str) -> Vec<String> {
    let table: toml::Table = toml::from_str(text).unwrap_or_default();
    table.keys().filter(|key| *key != CONNECTION && *key != RULE).cloned().collect()
}

/// Whether two connections send the same credential to the same service in the same way.
pub fn reaches_the_same(one: &Connection, other: &Connection) -> bool {
    one.protocol == other.protocol
        && one.url == other.url
        && one.http_url == other.http_url
        && one.credential_source() == other.credential_source()
        && one.ca_file == other.ca_file
        && one.allow_plaintext == other.allow_plaintext
        && one.key_in == other.key_in
}

fn different_keys<T: Serialize>(one: &T, other: &T) -> Vec<String> {
    let (Ok(one), Ok(other)) = (toml::Table::try_from(one), toml::Table::try_from(other)) else { return Vec::new() };
    let mut keys: Vec<String> = one.keys().chain(other.keys()).cloned().collect();
    keys.sort();
    keys.dedup();
    keys.retain(|key| one.get(key) != other.get(key));
    keys
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use protocol::Protocol;
    use protocol::config::{KeyIn, LiveQuery, PhoenixVersion, Subscribe};

    use super::*;

    fn connection(name: &str) -> Connection {
        let text =
            format!("[[connection]]\nname = {name:?}\nprotocol = \"iotee\"\nurl = \"wss://a.example/realtime\"\n");
        read(&text).unwrap().connections.remove(0)
    }

    #[test]
    fn nothing_that_may_be_secret_is_written() {
        let mut printed = connection("printed");
        printed.credential =
            Some(CredentialSource::Command(vec!["/usr/bin/pass\n[[rule]]".into(), "planted-secret".into()]));
        let text = written(&[connection("first"), printed], &fleet::rule::defaults()).unwrap();
        assert!(!text.contains("planted-secret"), "{text}");
        assert!(text.contains("printed by the command /usr/bin/pass"), "{text}");
        let back = read(&text).unwrap();
        assert_eq!(back.connections.len(), 2);
        assert_eq!(back.connections[1].credential, None, "it asks for its own here");
        assert_eq!(back.rules, fleet::rule::defaults());
    }

    #[test]
    fn how_an_imported_one_stands_is_told_by_its_keys() {
        let (one, mut other) = (connection("a"), connection("a"));
        assert_eq!(Standing::of(&one, None), Standing::New);
        assert_eq!(Standing::of(&one, Some(&other)), Standing::Same);
        other.tags = vec!["eu".into()];
        other.url = "wss://b.example/realtime".parse().unwrap();
        assert_eq!(Standing::of(&one, Some(&other)), Standing::Differs(vec!["tags".into(), "url".into()]));
        assert!(!reaches_the_same(&one, &other));
        assert_eq!(other_parts("[history]\nkeep_days = 3\n[[rule]]\n"), ["history"]);
    }

    fn word() -> impl Strategy<Value = String> {
        "[a-zA-Z0-9 äß\"'\\\\\\[\\],#/_-]{1,12}".prop_filter("more than blanks", |word| word.trim() == word)
    }

    prop_compose! {
        fn any_connection()(
            (name, protocol, tags) in (word(), 0..5_usize, prop::collection::vec(word(), 0..3)),
            (http, ca, env) in (any::<bool>(), prop::option::of(word()), 0..3_u8),
            (subscribe, events) in (prop::collection::vec(word(), 0..4), prop::collection::vec(word(), 0..3)),
            (enabled, notify, version, key) in (any::<bool>(), any::<bool>(), 0..3_u8, 0..3_u8),
        ) -> Connection {
            let protocol = Protocol::ALL[protocol];
            let hantera = protocol == Protocol::Hantera;
            let mut subscribe: Vec<Subscribe> = subscribe.into_iter().map(Subscribe::All).collect();
            if hantera {
                subscribe.push(Subscribe::Some { path: "jobs".into(), events });
            }
            let query = LiveQuery { id: "a".into(), edge: "orders".into(), filter: Some("a == 'b'".into()), order_by: None };
            Connection {
                name,
                protocol,
                url: "wss://a.example/realtime".parse().unwrap(),
                http_url: http.then(|| "https://b.example/api/".parse().unwrap()),
                credential: match env {
                    0 => None,
                    1 => Some(CredentialSource::Env("TOKEN".into())),
                    _ => Some(CredentialSource::Keychain("another".into())),
                },
                enabled,
                ca_file: ca.map(Into::into),
                subscribe,
                live_queries: if hantera && version == 1 { vec![query] } else { Vec::new() },
                allow_plaintext: false,
                notify_unlocked: notify,
                tags,
                phoenix_version: [None, Some(PhoenixVersion::V1), Some(PhoenixVersion::V2)][usize::from(version)],
                key_in: [None, Some(KeyIn::Header), Some(KeyIn::Query)][usize::from(key)],
            }
        }
    }

    proptest! {
        #[test]
        fn what_is_exported_is_what_is_imported(connections in prop::collection::vec(any_connection(), 0..4)) {
            let mut connections = connections;
            connections.dedup_by(|one, other| one.name == other.name);
            let mut names: Vec<_> = connections.iter().map(|one| one.name.clone()).collect();
            names.sort();
            names.dedup();
            prop_assume!(names.len() == connections.len());
            let text = written(&connections, &[]).unwrap();
            prop_assert_eq!(read(&text).unwrap().connections, connections);
        }
    }
}
