//! A folder on the disk for the files of a measurement.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use crate::Failure;

/// A folder that goes when this is dropped. It lies beside the executable: what the system has for temporary files is often
/// memory, and then nothing would be said of a disk.
pub struct Folder(PathBuf);

impl Folder {
    /// Makes one.
    pub fn new() -> Result<Self, Failure> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let executable = std::env::current_exe()?;
        let beside = executable.parent().ok_or("the executable is in no folder")?;
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let path = beside.join(format!("bench-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&path)?;
        Ok(Folder(path))
    }

    /// A file in it.
    pub fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// The file system it is on, as the kernel calls it; empty where that cannot be told.
    pub fn file_system(&self) -> String {
        let mounts = std::fs::read_to_string("/proc/self/mounts").unwrap_or_default();
        let mounts = mounts.lines().filter_map(|line| {
            let mut words = line.split(' ').skip(1);
            Some((Path::new(words.next()?), words.next()?))
        });
        // Of two mounts at one place the later one counts.
        let nearest = mounts.filter(|(at, _)| self.0.starts_with(at)).max_by_key(|(at, _)| at.components().count());
        nearest.map_or_else(String::new, |(_, kind)| kind.to_owned())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.0) {
            eprintln!("bench: {} could not be removed: {error}", self.0.display());
        }
    }
}
