//! How a command ends when it does not end well.

use std::fmt;
use std::process::ExitCode;

/// Why a command failed, as sentences for the person who gave it.
#[derive(Debug)]
pub(crate) enum Failure {
    /// It was understood and did not work.
    Failed(String),
    /// It cannot work as it was given or as the configuration stands.
    Usage(String),
}

impl Failure {
    /// A command that did not work, by what it says of itself.
    pub(crate) fn failed(why: impl fmt::Display) -> Self {
        Failure::Failed(sentence(&why.to_string()))
    }

    /// A command that cannot work as it was given.
    pub(crate) fn usage(why: impl fmt::Display) -> Self {
        Failure::Usage(sentence(&why.to_string()))
    }

    /// 1 for what failed, 2 for usage and configuration, as clap's own errors end.
    pub(crate) fn exit_code(&self) -> ExitCode {
        match self {
            Failure::Failed(_) => ExitCode::from(1),
            Failure::Usage(_) => ExitCode::from(2),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Failure::Failed(why) | Failure::Usage(why)) = self;
        f.write_str(why)
    }
}

impl From<store::ConfigError> for Failure {
    fn from(error: store::ConfigError) -> Self {
        match error {
            store::ConfigError::Write { .. } => Failure::failed(error),
            _ => Failure::usage(error),
        }
    }
}

/// Errors of libraries begin in lower case, to be told after a colon; told alone they are sentences.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_uppercase().collect::<String>());
    let mut text = first.unwrap_or_default() + letters.as_str();
    if !text.ends_with(['.', '!', '?', '\n']) {
        text.push('.');
    }
    text
}
