//! The settings that the configuration keeps besides connections and rules: `[notifications]` and `[history]`.

use fleet::rule::{Hours, Severity};
use serde::{Deserialize, Serialize};

/// What is told natively, and how: `[notifications]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct NotificationSettings {
    /// The lowest severity that is told.
    pub from: Severity,
    /// Whether it is to be heard.
    pub sound: bool,
    /// Hours, local time, in which nothing is told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quiet_hours: Option<Hours>,
    /// Whether critical alerts are told in quiet hours too.
    pub critical_in_quiet_hours: bool,
    /// The operator's own commands.
    #[serde(rename = "command", skip_serializing_if = "Commands::is_empty")]
    pub commands: Commands,
}

/// An executable with its arguments for each severity; it is given the alert as JSON on its standard input.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Commands {
    /// For critical alerts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub critical: Vec<String>,
    /// For high ones.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub high: Vec<String>,
    /// For medium ones.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub medium: Vec<String>,
    /// For low ones.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub low: Vec<String>,
}

/// How much of the past is kept: `[history]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct HistoryLimits {
    /// Days for which events and alerts are kept.
    pub keep_days: u32,
    /// The most that the file may take, in MiB.
    pub most_mib: u32,
}

impl Default for NotificationSettings {
    fn default() -> Self {
        NotificationSettings {
            from: Severity::Medium,
            sound: false,
            quiet_hours: None,
            critical_in_quiet_hours: true,
            commands: Commands::default(),
        }
    }
}

impl Default for HistoryLimits {
    fn default() -> Self {
        HistoryLimits { keep_days: 90, most_mib: 2_048 }
    }
}

impl Commands {
    /// The command for a severity; empty when there is none.
    pub fn of(&self, severity: Severity) -> &[String] {
        match severity {
            Severity::Critical => &self.critical,
            Severity::High => &self.high,
            Severity::Medium => &self.medium,
            Severity::Low => &self.low,
        }
    }

    fn is_empty(&self) -> bool {
        *self == Commands::default()
    }
}

impl HistoryLimits {
    /// What is wrong with them, as the end of a sentence.
    pub fn validate(&self) -> Result<(), String> {
        if !(1..=3_650).contains(&self.keep_days) {
            return Err(format!("history: keep_days must be 1 to 3650, not {}", self.keep_days));
        }
        if !(16..=1_048_576).contains(&self.most_mib) {
            return Err(format!("history: most_mib must be 16 to 1048576, not {}", self.most_mib));
        }
        Ok(())
    }
}
