//! What Signalbox keeps on disk: the configuration file and the history.

mod configuration;
mod file;
pub mod history;
mod settings;
pub mod transfer;

pub use configuration::{ConfigError, Configuration};
pub use file::ConfigFile;
pub use history::History;
pub use settings::{
    Commands, ExportSettings, HistoryLimits, MapSettings, NotificationSettings, Settings, WindowSettings,
};
