//! The configuration file: read, and changed one entry at a time, so that what a person wrote in it stays.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use fleet::rule::Rule;
use parking_lot::Mutex;
use protocol::Connection;
use serde::Serialize;
use toml_edit::{ArrayOfTables, DocumentMut, Item, Table};

use crate::configuration::{ConfigError, Configuration};
use crate::settings::Settings;

/// Where the configuration is kept. Every change reads it anew, so that a change made by hand meanwhile is not lost,
/// and a file that cannot be read is never written.
#[derive(Debug)]
pub struct ConfigFile {
    place: Place,
    /// One change at a time.
    changing: Mutex<()>,
}

#[derive(Debug)]
enum Place {
    Disk(PathBuf),
    Memory(Mutex<String>),
}

impl ConfigFile {
    /// The file at `path`, or the one in the system's folder for configurations.
    pub fn new(path: Option<PathBuf>) -> Result<Self, ConfigError> {
        let path = match path {
            Some(path) => path,
            None => dirs::config_dir().ok_or(ConfigError::NoFolder)?.join("signalbox").join("config.toml"),
        };
        Ok(ConfigFile { place: Place::Disk(path), changing: Mutex::new(()) })
    }

    /// A configuration that is kept nowhere: the demo fleet's.
    pub fn in_memory(text: String) -> Self {
        ConfigFile { place: Place::Memory(Mutex::new(text)), changing: Mutex::new(()) }
    }

    /// The file's path, or words for one that is kept nowhere.
    pub fn place(&self) -> String {
        match &self.place {
            Place::Disk(path) => path.display().to_string(),
            Place::Memory(_) => "the demo's configuration".into(),
        }
    }

    /// Reads and checks it. A file that does not exist is an empty configuration.
    pub fn load(&self) -> Result<Configuration, ConfigError> {
        Configuration::parse(&self.read()?, &self.place())
    }

    /// Adds a connection at the end.
    pub fn add(&self, connection: &Connection) -> Result<Configuration, ConfigError> {
        self.change(|document| add(list(document, CONNECTION)?, &connection.name, table(connection)?))
    }

    /// Replaces the connection that is named `name`; comments within it are lost where their line goes.
    pub fn replace(&self, name: &str, connection: &Connection) -> Result<Configuration, ConfigError> {
        self.change(|document| replace(list(document, CONNECTION)?, name, &connection.name, table(connection)?))
    }

    /// Removes the connection that is named `name`.
    pub fn remove(&self, name: &str) -> Result<Configuration, ConfigError> {
        self.change(|document| remove(list(document, CONNECTION)?, name))
    }

    /// Adds a rule at the end, or replaces the one that is named `name`.
    pub fn put_rule(&self, name: Option<&str>, rule: &Rule) -> Result<Configuration, ConfigError> {
        self.change(|document| {
            let rules = list(document, RULE)?;
            match name.filter(|name| position(rules, name).is_some()) {
                Some(name) => replace(rules, name, &rule.name, table(rule)?),
                None => add(rules, &rule.name, table(rule)?),
            }
        })
    }

    /// Removes the rule that is named `name`.
    pub fn remove_rule(&self, name: &str) -> Result<Configuration, ConfigError> {
        self.change(|document| remove(list(document, RULE)?, name))
    }

    /// Puts the settings in the place of those that are there.
    pub fn set_settings(&self, settings: &Settings) -> Result<Configuration, ConfigError> {
        let Settings { notifications, history, window, map, exports } = settings;
        self.change(|document| {
            let tables = [
                ("notifications", table(notifications)?),
                ("history", table(history)?),
                ("window", table(window)?),
                ("map", table(map)?),
                ("exports", table(exports)?),
            ];
            for (key, fresh) in tables {
                match document.get_mut(key).and_then(Item::as_table_mut) {
                    Some(old) => renew(old, fresh),
                    None if fresh.is_empty() => {}
                    None => {
                        document.insert(key, Item::Table(fresh));
                    }
                }
            }
            Ok(())
        })
    }

    /// Makes a change, checks the result as a whole, and only then writes it.
    fn change(
        &self,
        change: impl FnOnce(&mut DocumentMut) -> Result<(), ConfigError>,
    ) -> Result<Configuration, ConfigError> {
        let _one_at_a_time = self.changing.lock();
        let text = self.read()?;
        Configuration::parse(&text, &self.place())?;
        let mut document: DocumentMut = text.parse().map_err(|error| invalid(&error))?;
        change(&mut document)?;
        let text = document.to_string();
        let configuration = Configuration::parse(&text, "the changed configuration").map_err(|error| match error {
            ConfigError::Broken { message, .. } => ConfigError::Invalid(message),
            other => other,
        })?;
        self.write(&text)?;
        Ok(configuration)
    }

    fn read(&self) -> Result<String, ConfigError> {
        match &self.place {
            Place::Memory(text) => Ok(text.lock().clone()),
            Place::Disk(path) => match fs::read_to_string(path) {
                Ok(text) => Ok(text),
                Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(String::new()),
                Err(error) => Err(ConfigError::Read { path: path.clone(), error }),
            },
        }
    }

    fn write(&self, text: &str) -> Result<(), ConfigError> {
        match &self.place {
            Place::Memory(kept) => {
                text.clone_into(&mut kept.lock());
                Ok(())
            }
            Place::Disk(path) => {
                write_atomically(path, text).map_err(|error| ConfigError::Write { path: path.clone(), error })
            }
        }
    }
}

/// Writes beside the file, syncs, and renames over it: whoever reads sees the old text or the new, and a full disk or a
/// crash leaves the old. A link is followed, so that a file kept elsewhere stays there.
fn write_atomically(path: &Path, text: &str) -> io::Result<()> {
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut file = tempfile::Builder::new().prefix(".config").suffix(".toml").tempfile_in(folder)?;
    file.write_all(text.as_bytes())?;
    if let Ok(old) = fs::metadata(&path) {
        file.as_file().set_permissions(old.permissions())?;
    }
    file.as_file().sync_all()?;
    file.persist(&path)?;
    #[cfg(unix)]
    fs::File::open(folder)?.sync_all()?;
    Ok(())
}

/// The two lists of the file.
pub(crate) const CONNECTION: &str = "connection";
pub(crate) const RULE: &str = "rule";

/// The tables of a list, `[[connection]]` or `[[rule]]`.
fn list<'a>(document: &'a mut DocumentMut, key: &str) -> Result<&'a mut ArrayOfTables, ConfigError> {
    let item = document.entry(key).or_insert_with(|| Item::ArrayOfTables(ArrayOfTables::new()));
    item.as_array_of_tables_mut().ok_or_else(|| {
        ConfigError::Invalid(format!(
            "write each {key} of the configuration as [[{key}]] so that it can be changed here"
        ))
    })
}

fn add(tables: &mut ArrayOfTables, name: &str, fresh: Table) -> Result<(), ConfigError> {
    if position(tables, name).is_some() {
        return Err(taken(name));
    }
    tables.push(fresh);
    Ok(())
}

fn replace(tables: &mut ArrayOfTables, old: &str, new: &str, fresh: Table) -> Result<(), ConfigError> {
    let at = position(tables, old).ok_or_else(|| ConfigError::NotFound(old.into()))?;
    if old != new && position(tables, new).is_some() {
        return Err(taken(new));
    }
    renew(tables.get_mut(at).ok_or_else(|| ConfigError::NotFound(old.into()))?, fresh);
    Ok(())
}

fn remove(tables: &mut ArrayOfTables, name: &str) -> Result<(), ConfigError> {
    let at = position(tables, name).ok_or_else(|| ConfigError::NotFound(name.into()))?;
    tables.remove(at);
    Ok(())
}

/// Makes a table say what the fresh one says; the comments of lines that stay, stay.
fn renew(old: &mut Table, fresh: Table) {
    let gone: Vec<_> = old.iter().map(|(key, _)| key.to_owned()).filter(|key| !fresh.contains_key(key)).collect();
    for key in gone {
        old.remove(&key);
    }
    for (key, item) in fresh {
        match (old.get_mut(&key).and_then(Item::as_value_mut), item) {
            // The line's own comment stays with it.
            (Some(value), Item::Value(new)) => {
                let decor = value.decor().clone();
                *value = new;
                *value.decor_mut() = decor;
            }
            (_, item) => {
                old.insert(&key, item);
            }
        }
    }
}

pub(crate) fn table(entry: &impl Serialize) -> Result<Table, ConfigError> {
    let document = toml_edit::ser::to_document(entry).map_err(|error| invalid(&error))?;
    let mut table = document.into_table();
    // The serializer writes lists of tables inline; the contract writes live queries as [[connection.live_query]].
    if let Some(queries) = table.get_mut("live_query") {
        let inline = std::mem::take(queries);
        *queries = inline.into_array_of_tables().map_or_else(|item| item, Item::ArrayOfTables);
    }
    Ok(table)
}

fn taken(name: &str) -> ConfigError {
    ConfigError::Invalid(format!("\"{name}\" is taken already: choose another name"))
}

fn position(tables: &ArrayOfTables, name: &str) -> Option<usize> {
    tables.iter().position(|table| table.get("name").and_then(Item::as_str) == Some(name))
}

fn invalid(error: &dyn std::fmt::Display) -> ConfigError {
    ConfigError::Invalid(format!("the configuration could not be changed: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::CredentialSource;
    use protocol::config::LiveQuery;

    const WRITTEN: &str = "# my fleet\n\n[[connection]]\nname = \"a\" # the first\nprotocol = \"iotee\"\nurl = \"wss://a.example/realtime\"\nsubscribe = [\"X\"]\n\n# the second one\n[[connection]]\nname = \"b\"\nprotocol = \"hydra\"\nurl = \"wss://b.example/stream\"\n";

    fn file(text: &str) -> (tempfile::TempDir, ConfigFile, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.toml");
        fs::write(&path, text).unwrap();
        (folder, ConfigFile::new(Some(path.clone())).unwrap(), path)
    }

    fn first(text: &str) -> Connection {
        Configuration::parse(text, "c").unwrap().connections.remove(0)
    }

    #[test]
    fn a_missing_file_is_empty_and_the_first_connection_makes_it() {
        let folder = tempfile::tempdir().unwrap();
        let file = ConfigFile::new(Some(folder.path().join("deep/config.toml"))).unwrap();
        assert_eq!(file.load().unwrap(), Configuration::default());
        let mut connection = first(WRITTEN);
        connection.live_queries.clear();
        file.add(&connection).unwrap();
        assert_eq!(file.load().unwrap().connections, [connection]);
    }

    #[test]
    fn what_a_person_wrote_stays() {
        let (_folder, file, path) = file(WRITTEN);
        let mut connection = first(WRITTEN);
        connection.enabled = false;
        connection.credential = Some(CredentialSource::Env("KEY".into()));
        file.replace("a", &connection).unwrap();
        let text = fs::read_to_string(&path).unwrap();
        assert!(
            text.contains("# my fleet") && text.contains("# the first") && text.contains("# the second one"),
            "{text}"
        );
        assert_eq!(file.load().unwrap().connections[0], connection);
        file.remove("a").unwrap();
        assert_eq!(file.load().unwrap().connections.len(), 1);
    }

    #[test]
    fn live_queries_are_written_as_the_contract_has_them() {
        let (_folder, file, path) = file("");
        let mut connection = first(WRITTEN);
        connection.protocol = protocol::Protocol::Hantera;
        connection.live_queries =
            vec![LiveQuery { id: "o".into(), edge: "orders".into(), filter: None, order_by: Some("createdAt".into()) }];
        file.add(&connection).unwrap();
        let text = fs::read_to_string(path).unwrap();
        assert!(text.contains("[[connection.live_query]]"), "{text}");
        assert_eq!(file.load().unwrap().connections, [connection]);
    }

    #[test]
    fn a_broken_file_is_never_overwritten() {
        let broken = "[[connection]\nname = ";
        let (_folder, file, path) = file(broken);
        assert!(matches!(file.add(&first(WRITTEN)), Err(ConfigError::Broken { line: 1, .. })));
        assert_eq!(fs::read_to_string(path).unwrap(), broken);
    }

    #[test]
    fn a_change_that_would_break_it_is_not_written() {
        let (_folder, file, path) = file(WRITTEN);
        let mut connection = first(WRITTEN);
        connection.name = "b".into();
        assert!(matches!(file.add(&connection), Err(ConfigError::Invalid(_))));
        assert!(matches!(file.replace("a", &connection), Err(ConfigError::Invalid(_))));
        connection.name = "c".into();
        connection.url = "ws://far.example/".parse().unwrap();
        assert!(matches!(file.add(&connection), Err(ConfigError::Invalid(_))));
        assert!(matches!(file.remove("zzz"), Err(ConfigError::NotFound(_))));
        assert_eq!(fs::read_to_string(path).unwrap(), WRITTEN);
    }

    #[cfg(unix)]
    #[test]
    fn only_its_owner_reads_a_file_made_here() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.toml");
        ConfigFile::new(Some(path.clone())).unwrap().add(&first(WRITTEN)).unwrap();
        assert_eq!(fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn rules_and_settings_are_kept_beside_what_a_person_wrote() {
        let (_folder, file, path) = file(WRITTEN);
        let mut rule = fleet::rule::defaults().remove(0);
        rule.name = "Mine".into();
        file.put_rule(None, &rule).unwrap();
        rule.enabled = false;
        rule.name = "Renamed".into();
        file.put_rule(Some("Mine"), &rule).unwrap();
        let mut settings = Settings::default();
        settings.notifications.quiet_hours = Some("22:00-07:00".parse().unwrap());
        settings.history.keep_days = 7;
        settings.window.close_to_tray = true;
        let kept = file.set_settings(&settings).unwrap();
        assert_eq!((kept.rules, &kept.settings), (vec![rule], &settings));
        assert!(!fs::read_to_string(&path).unwrap().contains("[map]"), "what is not set is not written");
        settings.exports.folder = Some("~/Exports".into());
        settings.map.tiles = Some("https://tiles.example.com/{z}/{x}/{y}.png".into());
        assert_eq!(file.set_settings(&settings).unwrap().settings, settings);
        assert_eq!(file.load().unwrap().connections.len(), 2);
        assert!(fs::read_to_string(&path).unwrap().contains("# the second one"));
        assert!(file.remove_rule("Renamed").unwrap().rules.is_empty());
    }

    #[test]
    fn every_rule_that_is_built_in_can_be_written_and_read_again() {
        let (_folder, file, _) = file("");
        for rule in fleet::rule::defaults() {
            file.put_rule(None, &rule).unwrap();
        }
        assert_eq!(file.load().unwrap().rules, fleet::rule::defaults());
    }
}
