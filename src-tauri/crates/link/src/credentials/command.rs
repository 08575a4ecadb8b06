//! Credentials that a command prints.

use std::process::Stdio;
use std::time::Duration;

use secrecy::zeroize::Zeroizing;
use tokio::io::AsyncReadExt;
use tokio::process::Command;

use super::LONGEST;

/// Why a command gave no credential. Nothing that it printed is shown: it may be anything.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CommandError {
    /// The configuration names no program.
    #[error("the credential's command names no program; correct it in the configuration")]
    Nothing,
    /// It could not be started.
    #[error("the credential's command {program} cannot be run ({reason}); check that it is installed")]
    NotRun {
        /// The program.
        program: String,
        /// The system's reason.
        reason: String,
    },
    /// It ended with another exit code than 0.
    #[error("the credential's command {program} failed with {}; run it in a terminal to see why", exit(.code))]
    Failed {
        /// The program.
        program: String,
        /// Its exit code; `None` when a signal ended it.
        code: Option<i32>,
    },
    /// It took too long.
    #[error("the credential's command {program} did not finish within {seconds} s; does it wait for input?")]
    TimedOut {
        /// The program.
        program: String,
        /// The bound.
        seconds: u64,
    },
    /// Its output is not text, or too much of it.
    #[error("the credential's command {program} printed something else than a line of text of 64 KiB at most")]
    NotALine {
        /// The program.
        program: String,
    },
}

/// Runs a command and takes the first line of its standard output. Its input is empty and its errors go nowhere: they
/// might repeat the secret. The first line is what password tools define as the password.
pub(super) async fn first_line(command: &[String], within: Duration) -> Result<Zeroizing<String>, CommandError> {
    let (program, arguments) = command.split_first().ok_or(CommandError::Nothing)?;
    let program = program.clone();
    let mut child = Command::new(&program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .map_err(|error| CommandError::NotRun { program: program.clone(), reason: error.kind().to_string() })?;
    let run = async {
        // As large as it may get from the start, so that no piece of it is left behind by a growing buffer.
        let mut output = Zeroizing::new(Vec::with_capacity(LONGEST + 1));
        if let Some(stdout) = child.stdout.take() {
            let read = stdout.take(LONGEST as u64 + 1).read_to_end(&mut output).await;
            read.map_err(|_| CommandError::NotALine { program: program.clone() })?;
        }
        if output.len() > LONGEST {
            return Err(CommandError::NotALine { program: program.clone() });
        }
        match child.wait().await {
            Ok(status) if status.success() => Ok(output),
            Ok(status) => Err(CommandError::Failed { program: program.clone(), code: status.code() }),
            Err(error) => Err(CommandError::NotRun { program: program.clone(), reason: error.kind().to_string() }),
        }
    };
    let output = tokio::time::timeout(within, run)
        .await
        .unwrap_or_else(|_| Err(CommandError::TimedOut { program: program.clone(), seconds: within.as_secs() }))?;
    let line = output.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let line = std::str::from_utf8(line).map_err(|_| CommandError::NotALine { program: program.clone() })?;
    Ok(Zeroizing::new(line.to_owned()))
}

fn exit(code: &Option<i32>) -> String {
    code.map_or_else(|| "a signal".to_owned(), |code| format!("exit code {code}"))
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    async fn shell(script: &str, within: Duration) -> Result<String, CommandError> {
        let command = ["sh", "-c", script].map(str::to_owned);
        first_line(&command, within).await.map(|line| line.to_string())
    }

    const LONG: Duration = Duration::from_secs(10);

    #[tokio::test]
    async fn the_first_line_is_the_credential() {
        assert_eq!(shell("printf 'abc\\nuser: x\\n'", LONG).await.unwrap(), "abc");
        assert_eq!(shell("printf abc", LONG).await.unwrap(), "abc");
    }

    #[tokio::test]
    async fn a_failure_tells_the_exit_code_and_nothing_that_was_printed() {
        let error = shell("echo planted-secret; echo planted-secret >&2; exit 3", LONG).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            "the credential's command sh failed with exit code 3; run it in a terminal to see why"
        );
        assert!(!format!("{error:?}").contains("planted"));
    }

    #[tokio::test]
    async fn what_hangs_or_floods_is_bounded() {
        let error = shell("sleep 30", Duration::from_millis(200)).await.unwrap_err();
        assert!(matches!(error, CommandError::TimedOut { .. }), "{error}");
        let error = shell("yes", LONG).await.unwrap_err();
        assert!(matches!(error, CommandError::NotALine { .. }), "{error}");
    }

    #[tokio::test]
    async fn a_program_that_is_not_there_is_named() {
        let error = first_line(&["signalbox-no-such-program".to_owned()], LONG).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            "the credential's command signalbox-no-such-program cannot be run (entity not found); check that it is installed"
        );
        assert_eq!(first_line(&[], LONG).await.unwrap_err(), CommandError::Nothing);
    }
}
