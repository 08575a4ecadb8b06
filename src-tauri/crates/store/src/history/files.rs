//! The file and what lies beside it: the lock, the ones that were set aside.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use protocol::Timestamp;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::error::{HistoryError, is_of_the_disk};
use super::schema::{self, MigrationError};

/// How long a statement waits for another connection to the same file.
const PATIENCE: Duration = Duration::from_secs(2);

/// Where a history is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// In this file; its folder is made when there is none.
    Disk(PathBuf),
    /// In a folder for temporary files, which goes when the history does: for the demo, and for tests.
    Memory,
}

/// A history's files while it is open.
#[derive(Debug)]
pub(super) struct Files {
    /// The database.
    pub(super) path: PathBuf,
    /// Held as long as this process writes.
    lock: Option<File>,
    /// Removed at the end.
    _temporary: Option<tempfile::TempDir>,
}

impl Files {
    /// Takes the place for this process. A lock that cannot be made for want of rights is tried again with each
    /// [`Files::writer`].
    pub(super) fn take(place: Place) -> Result<Self, HistoryError> {
        let (path, temporary) = match place {
            Place::Disk(path) => (path, None),
            Place::Memory => {
                let folder = tempfile::Builder::new().prefix("signalbox-history").tempdir();
                let folder = folder.map_err(|error| HistoryError::Unavailable(error.to_string()))?;
                (folder.path().join("history.sqlite3"), Some(folder))
            }
        };
        let mut files = Files { path, lock: None, _temporary: temporary };
        match files.lock() {
            Err(TryLockError::WouldBlock) => Err(HistoryError::InUse { path: files.path }),
            Ok(()) | Err(TryLockError::Error(_)) => Ok(files),
        }
    }

    /// The files of a history that another process may write.
    pub(super) fn of_another(path: PathBuf) -> Self {
        Files { path, lock: None, _temporary: None }
    }

    /// Whether the history is to be kept.
    pub(super) fn is_temporary(&self) -> bool {
        self._temporary.is_some()
    }

    fn lock(&mut self) -> Result<(), TryLockError> {
        if self.lock.is_none() {
            let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty());
            folder.map_or(Ok(()), fs::create_dir_all).map_err(TryLockError::Error)?;
            let lock = self.path.with_extension("lock");
            let file = OpenOptions::new().create(true).truncate(false).write(true).open(lock);
            let file = file.map_err(TryLockError::Error)?;
            file.try_lock()?;
            self.lock = Some(file);
        }
        Ok(())
    }

    /// Opens the database to be written, made or brought to the newest version.
    pub(super) fn writer(&mut self) -> Result<Connection, MigrationError> {
        self.lock().map_err(|error| match error {
            TryLockError::WouldBlock => MigrationError::Refused(HistoryError::InUse { path: self.path.clone() }),
            TryLockError::Error(error) => MigrationError::Sqlite(cannot_open(&error)),
        })?;
        private(&self.path).map_err(|error| MigrationError::Sqlite(cannot_open(&error)))?;
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut connection = Connection::open_with_flags(&self.path, flags)?;
        connection.busy_timeout(PATIENCE)?;
        connection.set_prepared_statement_cache_capacity(64);
        // Only a file without tables takes it.
        connection.pragma_update(None, "auto_vacuum", "INCREMENTAL")?;
        connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get::<_, String>(0))?;
        // In WAL, NORMAL gives each commit to the system before it is told as done: it outlives the process, `kill -9`
        // too. What a power cut may take is the last seconds, never the file; a backfill fetches those again, because
        // the last event that is known went with them. FULL would cost a sync for each commit.
        connection.pragma_update(None, "synchronous", "NORMAL")?;
        connection.pragma_update(None, "temp_store", "MEMORY")?;
        connection.pragma_update(None, "cache_size", -16_000)?;
        connection.pragma_update(None, "journal_size_limit", 64 << 20)?;
        // Without it a statement is compiled anew for each other number of its LIMIT, and for each transition.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        schema::migrate(&mut connection, schema::STEPS, &self.path)?;
        schema::probe(&connection)?;
        Ok(connection)
    }

    /// Opens the database to be read.
    pub(super) fn reader(&self) -> rusqlite::Result<Connection> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&self.path, flags)?;
        let connection = match ready(&connection) {
            Ok(()) => connection,
            // In a folder that may not be written, a reader cannot make the memory it would share with a writer. Then
            // there is no writer either, and the file can be read as it lies.
            Err(error) if is_of_the_disk(&error) => {
                let flags = flags | OpenFlags::SQLITE_OPEN_URI;
                let connection = Connection::open_with_flags(uri(&self.path), flags)?;
                ready(&connection)?;
                connection
            }
            Err(error) => return Err(error),
        };
        Ok(connection)
    }

    /// Moves a file that is broken, and what belongs to it, out of the way. It is never deleted.
    pub(super) fn set_aside(&self, now: Timestamp) -> io::Result<PathBuf> {
        let time: String = now.to_string().chars().filter(|sign| sign.is_ascii_digit() || *sign == 'T').collect();
        let time = time.get(..15).unwrap_or(&time).to_owned();
        let target = (0..100)
            .map(|number| if number == 0 { time.clone() } else { format!("{time}-{number}") })
            .map(|time| beside(&self.path, &format!("corrupt-{time}")))
            .find(|target| !target.exists())
            .ok_or_else(|| io::Error::from(io::ErrorKind::AlreadyExists))?;
        fs::rename(&self.path, &target)?;
        for part in ["-wal", "-shm"] {
            match fs::rename(with_suffix(&self.path, part), with_suffix(&target, part)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        Ok(target)
    }

    /// Bytes on disk.
    pub(super) fn bytes(&self) -> u64 {
        let size = |path: &Path| fs::metadata(path).map_or(0, |file| file.len());
        size(&self.path) + size(&with_suffix(&self.path, "-wal"))
    }
}

/// A file beside the history, as `history.corrupt-….sqlite3`.
pub(super) fn beside(path: &Path, what: &str) -> PathBuf {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let end = path.extension().map_or_else(|| "sqlite3".into(), |end| end.to_string_lossy());
    path.with_file_name(format!("{stem}.{what}.{end}"))
}

fn ready(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(PATIENCE)?;
    connection.set_prepared_statement_cache_capacity(32);
    connection.pragma_update(None, "query_only", true)?;
    connection.pragma_update(None, "cache_size", -8_000)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))
}

/// Makes the file when there is none, so that only its owner may read it.
fn private(path: &Path) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.create(true).truncate(false).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}

fn cannot_open(error: &io::Error) -> rusqlite::Error {
    let code = match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => rusqlite::ffi::SQLITE_FULL,
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => rusqlite::ffi::SQLITE_READONLY,
        _ => rusqlite::ffi::SQLITE_CANTOPEN,
    };
    rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(code), Some(error.to_string()))
}

fn uri(path: &Path) -> String {
    let mut uri = String::from("file:");
    for byte in path.to_string_lossy().bytes() {
        match byte {
            b'/' | b'.' | b'-' | b'_' | b':' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => uri.push(char::from(byte)),
            b'\\' => uri.push('/'),
            _ => uri.push_str(&format!("%{byte:02x}")),
        }
    }
    uri + "?immutable=1"
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}
