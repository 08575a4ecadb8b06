//! What Signalbox keeps on disk: the configuration file.

mod configuration;
mod file;

pub use configuration::{ConfigError, Configuration};
pub use file::ConfigFile;
