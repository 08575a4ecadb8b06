//! The tables, and how an older file becomes one of today.

use std::path::Path;

use rusqlite::Connection;

use super::error::HistoryError;

/// Marks the file as ours: "sgbx".
const APPLICATION: i64 = 0x7367_6278;

/// One step from a version to the next. Versions count from 1; the first step makes an empty file a version 1.
pub(super) struct Step {
    pub(super) sql: &'static str,
    /// Whether a copy of the file before is kept beside it: for steps that rewrite what is there.
    pub(super) keeps_copy: bool,
}

/// All steps in order. A file's version is how many of them it has seen. Steps are never changed, only added.
pub(super) const STEPS: &[Step] = &[Step { sql: V1, keeps_copy: false }, Step { sql: V2, keeps_copy: false }];

/// - An event's id is its time: milliseconds since 1970, six bits to tell apart those of one millisecond. So the table
///   itself is in the order of time, also for what is fetched later, and needs no index for it; `own` and `received` are
///   milliseconds from there (0 takes no byte).
/// - `name` has the names of connections, kinds and fields, of which there are few; `subject` those of subjects and
///   definitions, which go when no event is left that has them.
/// - `source` is a connection and a kind: a few hundred rows, by which events are found in order of time.
/// - `identity` and `tuple` are 16 bytes made of the connection and the text.
/// - `word` is the full-text index, without a copy of the text, positions or sizes.
/// - `fresh` has the last minutes' ten-second buckets, a row for each entity; `fine` and `coarse` have them packed, ten
///   minutes and an hour to a row, with the entity and the block's number in the id, so that each entity's lie together.
const V1: &str = "
CREATE TABLE name (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
CREATE TABLE subject (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
CREATE TABLE source (id INTEGER PRIMARY KEY, connection INTEGER NOT NULL, kind INTEGER NOT NULL, UNIQUE (connection, kind));
CREATE TABLE event (
  id INTEGER PRIMARY KEY, source INTEGER NOT NULL, subject INTEGER NOT NULL, definition INTEGER,
  own INTEGER, received INTEGER NOT NULL, identity BLOB, tuple BLOB, data TEXT NOT NULL);
CREATE INDEX event_source ON event (source);
CREATE INDEX event_subject ON event (subject);
CREATE INDEX event_definition ON event (definition) WHERE definition IS NOT NULL;
CREATE UNIQUE INDEX event_identity ON event (identity) WHERE identity IS NOT NULL;
CREATE UNIQUE INDEX event_tuple ON event (tuple) WHERE tuple IS NOT NULL;
CREATE VIRTUAL TABLE word USING fts5(text, content='', contentless_delete=1, detail=none, tokenize='ascii');

CREATE TABLE alert (
  id INTEGER PRIMARY KEY, rule TEXT NOT NULL, connection TEXT NOT NULL, subject TEXT NOT NULL, severity INTEGER NOT NULL,
  grouping TEXT NOT NULL, title TEXT NOT NULL, state TEXT NOT NULL, since INTEGER NOT NULL, began INTEGER NOT NULL,
  fired INTEGER, resolved INTEGER, acknowledgement TEXT, value REAL, threshold REAL, field TEXT, times INTEGER NOT NULL,
  notify INTEGER NOT NULL);
CREATE INDEX alert_began ON alert (began);
CREATE INDEX alert_open ON alert (began) WHERE resolved IS NULL;
CREATE INDEX alert_resolved ON alert (resolved) WHERE resolved IS NOT NULL;
CREATE TABLE transition (
  alert INTEGER NOT NULL, at INTEGER NOT NULL, was TEXT, became TEXT NOT NULL, cause TEXT NOT NULL, entry INTEGER NOT NULL,
  PRIMARY KEY (alert, at, became)) WITHOUT ROWID;
CREATE TABLE evidence (
  alert INTEGER PRIMARY KEY, field TEXT, times BLOB NOT NULL, samples BLOB NOT NULL, threshold REAL, since INTEGER NOT NULL,
  until INTEGER NOT NULL, events TEXT NOT NULL);
CREATE TABLE silence (id INTEGER PRIMARY KEY, matcher TEXT NOT NULL, since INTEGER NOT NULL, until INTEGER NOT NULL,
  note TEXT NOT NULL, ended INTEGER);
CREATE TABLE audit (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, action TEXT NOT NULL, subject TEXT NOT NULL, detail TEXT NOT NULL);
CREATE INDEX audit_at ON audit (at);
CREATE TABLE gap (connection TEXT NOT NULL, since INTEGER NOT NULL, until INTEGER, cause TEXT NOT NULL, filled INTEGER NOT NULL,
  missing TEXT, PRIMARY KEY (connection, since)) WITHOUT ROWID;

CREATE TABLE entity (id INTEGER PRIMARY KEY, connection TEXT NOT NULL, subject TEXT NOT NULL, UNIQUE (connection, subject));
CREATE TABLE fresh (entity INTEGER NOT NULL, slot INTEGER NOT NULL, data BLOB NOT NULL, PRIMARY KEY (entity, slot)) WITHOUT ROWID;
CREATE TABLE fine (id INTEGER PRIMARY KEY, data BLOB NOT NULL);
CREATE TABLE coarse (id INTEGER PRIMARY KEY, data BLOB NOT NULL);
CREATE TABLE fact (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
";

/// - `run` has when a process ran with it: when it began and when it was last there, to ten seconds. Up to the fact
///   `runs_unknown` that is not known: of a file that was there before, up to when somebody was last there.
const V2: &str = "
CREATE TABLE run (began INTEGER PRIMARY KEY, alive INTEGER NOT NULL);
INSERT INTO fact (name, value) SELECT 'runs_unknown', value FROM fact WHERE name = 'alive';
";

/// Brings the file to the newest version. A step is done whole or not at all.
pub(super) fn migrate(connection: &mut Connection, steps: &[Step], path: &Path) -> Result<(), MigrationError> {
    let number = |connection: &Connection, pragma: &str| connection.pragma_query_value(None, pragma, |row| row.get(0));
    let version: i64 = number(connection, "user_version")?;
    let application: i64 = number(connection, "application_id")?;
    let known = i64::try_from(steps.len()).unwrap_or(i64::MAX);
    let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if application != APPLICATION && tables > 0 {
        return Err(HistoryError::Foreign { path: path.to_owned() }.into());
    }
    if version > known {
        return Err(HistoryError::Newer { path: path.to_owned(), found: version, known }.into());
    }
    let done = usize::try_from(version).unwrap_or(0);
    if done > 0 && steps.iter().skip(done).any(|step| step.keeps_copy) {
        let copy = super::files::beside(path, &format!("before-version-{known}"));
        if !copy.exists() {
            connection.execute("VACUUM INTO ?1", [copy.to_string_lossy()])?;
        }
    }
    for (version, step) in (1i64..).zip(steps).skip(done) {
        let transaction = connection.transaction()?;
        transaction.execute_batch(step.sql)?;
        transaction.pragma_update(None, "user_version", version)?;
        transaction.pragma_update(None, "application_id", APPLICATION)?;
        transaction.commit()?;
    }
    Ok(())
}

/// Whether a file that another process may write can be read by this program.
pub(super) fn readable(connection: &Connection, path: &Path) -> Result<(), HistoryError> {
    let number = |pragma: &str| connection.pragma_query_value(None, pragma, |row| row.get::<_, i64>(0));
    let unavailable = |error| HistoryError::Unavailable(super::error::words(&error));
    let known = i64::try_from(STEPS.len()).unwrap_or(i64::MAX);
    if number("application_id").map_err(unavailable)? != APPLICATION {
        return Err(HistoryError::Foreign { path: path.to_owned() });
    }
    match number("user_version").map_err(unavailable)? {
        found if found > known => Err(HistoryError::Newer { path: path.to_owned(), found, known }),
        found if found < known => Err(HistoryError::Unavailable(format!(
            "{} is of an older version ({found}); open it once with the window",
            path.display()
        ))),
        _ => Ok(()),
    }
}

/// Reads a little of each table, so that a file that is cut short or overwritten is found when it is opened.
pub(super) fn probe(connection: &Connection) -> rusqlite::Result<()> {
    for table in [
        "name",
        "subject",
        "source",
        "event",
        "word",
        "alert",
        "transition",
        "silence",
        "audit",
        "gap",
        "entity",
        "run",
    ] {
        connection.query_row(&format!("SELECT count(*) FROM (SELECT 1 FROM {table} LIMIT 1)"), [], |_| Ok(()))?;
    }
    connection.query_row("SELECT max(id) FROM event", [], |_| Ok(()))
}

/// Why a file could not be brought to the newest version.
#[derive(Debug)]
pub(super) enum MigrationError {
    /// It must not be touched.
    Refused(HistoryError),
    /// SQLite could not.
    Sqlite(rusqlite::Error),
}

impl From<HistoryError> for MigrationError {
    fn from(error: HistoryError) -> Self {
        MigrationError::Refused(error)
    }
}

impl From<rusqlite::Error> for MigrationError {
    fn from(error: rusqlite::Error) -> Self {
        MigrationError::Sqlite(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ADD: Step =
        Step { sql: "CREATE TABLE later (id INTEGER PRIMARY KEY); INSERT INTO later VALUES (7);", keeps_copy: true };
    const FAILS: Step = Step { sql: "CREATE TABLE half (id); INSERT INTO nowhere VALUES (1);", keeps_copy: false };

    fn version(connection: &Connection) -> i64 {
        connection.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap()
    }

    #[test]
    fn steps_are_taken_once_and_whole_and_a_copy_stays_where_it_matters() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("history.sqlite3");
        let mut connection = Connection::open(&path).unwrap();
        let first = Step { sql: V1, keeps_copy: false };
        migrate(&mut connection, std::slice::from_ref(&first), &path).unwrap();
        connection.execute("INSERT INTO name (text) VALUES ('kept')", []).unwrap();
        let steps = [Step { sql: V1, keeps_copy: false }, ADD];
        for _ in 0..2 {
            migrate(&mut connection, &steps, &path).unwrap();
            assert_eq!(version(&connection), 2);
        }
        let copy = Connection::open(folder.path().join("history.before-version-2.sqlite3")).unwrap();
        assert_eq!(version(&copy), 1);
        assert_eq!(copy.query_row("SELECT text FROM name", [], |row| row.get::<_, String>(0)).unwrap(), "kept");
        let steps = [Step { sql: V1, keeps_copy: false }, ADD, FAILS];
        assert!(matches!(migrate(&mut connection, &steps, &path), Err(MigrationError::Sqlite(_))));
        assert_eq!(version(&connection), 2);
        assert!(connection.prepare("SELECT * FROM half").is_err(), "a step that fails leaves nothing");
        assert!(matches!(
            migrate(&mut connection, &[first], &path),
            Err(MigrationError::Refused(HistoryError::Newer { .. }))
        ));
    }
}
