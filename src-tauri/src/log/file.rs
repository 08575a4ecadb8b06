//! The window's log file: capped, with one older file beside it.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use tracing_subscriber::fmt::MakeWriter;

/// How long the file may grow before it becomes the older one. Both together never exceed twice this.
const CAP: u64 = 4 << 20;

/// The log file in the system's folder for state. Clones share it.
#[derive(Clone)]
pub(super) struct LogFile(Arc<Mutex<Rolling>>);

struct Rolling {
    path: PathBuf,
    file: File,
    length: u64,
    cap: u64,
}

impl LogFile {
    /// Opens `signalbox/signalbox.log` in the system's folder for state, to go on at its end.
    pub(super) fn open() -> io::Result<Self> {
        let folder = dirs::state_dir().or_else(dirs::data_local_dir);
        let folder = folder.ok_or_else(|| io::Error::other("this system names no folder for it"))?.join("signalbox");
        fs::create_dir_all(&folder)?;
        Self::open_at(folder.join("signalbox.log"), CAP)
    }

    fn open_at(path: PathBuf, cap: u64) -> io::Result<Self> {
        let file = open(&path)?;
        let length = file.metadata()?.len();
        Ok(LogFile(Arc::new(Mutex::new(Rolling { path, file, length, cap }))))
    }
}

impl Write for LogFile {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let mut rolling = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if rolling.length > 0 && rolling.length + line.len() as u64 > rolling.cap {
            rolling.roll()?;
        }
        rolling.file.write_all(line)?;
        rolling.length += line.len() as u64;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for LogFile {
    type Writer = LogFile;

    fn make_writer(&'a self) -> LogFile {
        self.clone()
    }
}

impl Rolling {
    fn roll(&mut self) -> io::Result<()> {
        fs::rename(&self.path, self.path.with_extension("old.log"))?;
        self.file = open(&self.path)?;
        self.length = 0;
        Ok(())
    }
}

fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_never_grows_beyond_its_cap_and_keeps_the_newest() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("signalbox.log");
        let mut log = LogFile::open_at(path.clone(), 100).unwrap();
        for number in 0..50 {
            log.write_all(format!("line {number:04}\n").as_bytes()).unwrap();
        }
        let newest = fs::read_to_string(&path).unwrap();
        let older = fs::read_to_string(path.with_extension("old.log")).unwrap();
        assert!(newest.len() <= 100 && older.len() <= 100);
        assert!(newest.ends_with("line 0049\n"), "{newest}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    }

    #[test]
    fn it_goes_on_where_the_last_run_ended() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("signalbox.log");
        LogFile::open_at(path.clone(), 100).unwrap().write_all(b"one\n").unwrap();
        LogFile::open_at(path.clone(), 100).unwrap().write_all(b"two\n").unwrap();
        assert_eq!(fs::read_to_string(path).unwrap(), "one\ntwo\n");
    }
}
