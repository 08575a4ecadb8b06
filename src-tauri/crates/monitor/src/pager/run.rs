//! One run of a command.

use std::fmt;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use futures_util::future::maybe_done;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, ChildStderr, Command};

/// How many characters of a command's errors are told.
const TOLD: usize = 200;

/// How long errors are waited for after the command has ended: what it left running may keep them open.
const LAST_WORDS: Duration = Duration::from_millis(200);

/// Why a run came to nothing: the end of a sentence that begins with the command.
#[derive(Debug)]
pub(super) enum Failure {
    NotStarted(std::io::Error),
    Ended { status: ExitStatus, errors: String },
    TimedOut { after: Duration, errors: String },
}

impl Failure {
    /// Whether it may go better the next time.
    pub(super) fn may_pass(&self) -> bool {
        use std::io::ErrorKind::{InvalidInput, NotFound, PermissionDenied};
        !matches!(self, Failure::NotStarted(error) if matches!(error.kind(), InvalidInput | NotFound | PermissionDenied))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let errors = match self {
            Failure::NotStarted(error) => {
                let what = match error.kind() {
                    std::io::ErrorKind::NotFound => "is not there; check its path in the settings.".to_owned(),
                    std::io::ErrorKind::PermissionDenied => "may not be run; make it executable.".to_owned(),
                    _ => format!("cannot be run: {error}."),
                };
                return f.write_str(&what);
            }
            Failure::Ended { status, errors } => {
                match status.code() {
                    Some(code) => write!(f, "failed with exit code {code}")?,
                    None => f.write_str("was ended by a signal")?,
                }
                errors
            }
            Failure::TimedOut { after, errors } => {
                write!(f, "did not end within {} s and was stopped", after.as_secs_f64())?;
                errors
            }
        };
        if errors.is_empty() {
            f.write_str("; run it in a terminal to see why.")
        } else {
            write!(f, "; it said: {errors}")
        }
    }
}

/// Runs a command with this on its standard input, and stops it with all that it started when it takes too long.
pub(super) async fn once(command: &[String], input: &[u8], within: Duration) -> Result<(), Failure> {
    let mut child = start(command).map_err(Failure::NotStarted)?;
    let (stdin, stderr) = (child.stdin.take(), child.stderr.take());
    let mut errors = Vec::new();
    let ended = {
        let ending = async {
            let feed = async {
                if let Some(mut stdin) = stdin {
                    // A command that does not read what it is given may do its work all the same.
                    let _ = stdin.write_all(input).await;
                }
            };
            // It may be over before the command is, and is asked for once more then.
            let listen = maybe_done(async {
                if let Some(stderr) = stderr {
                    read_all(stderr, &mut errors).await;
                }
            });
            tokio::pin!(listen);
            let meanwhile = async {
                tokio::join!(feed, &mut listen);
                std::future::pending().await
            };
            let status = tokio::select! {
                status = child.wait() => status,
                status = meanwhile => status,
            };
            let _ = tokio::time::timeout(LAST_WORDS, listen).await;
            status
        };
        tokio::time::timeout(within, ending).await
    };
    let errors = told(&errors);
    match ended {
        Ok(Ok(status)) if status.success() => Ok(()),
        Ok(Ok(status)) => Err(Failure::Ended { status, errors }),
        Ok(Err(error)) => Err(Failure::NotStarted(error)),
        Err(_) => {
            stop(&mut child).await;
            Err(Failure::TimedOut { after: within, errors })
        }
    }
}

fn start(command: &[String]) -> std::io::Result<Child> {
    let (program, arguments) = command.split_first().ok_or(std::io::ErrorKind::InvalidInput)?;
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped()).kill_on_drop(true);
    // A group of its own, so that it can be stopped with all that it started.
    #[cfg(unix)]
    command.process_group(0);
    #[cfg(windows)]
    command.creation_flags(CREATE_NO_WINDOW);
    command.spawn()
}

/// No console window opens for a command (`CREATE_NO_WINDOW` of the Windows API).
#[cfg(windows)]
const CREATE_NO_WINDOW: u32 = 0x0800_0000;

/// Ends the command and its group, and waits for it so that nothing of it is left.
async fn stop(child: &mut Child) {
    #[cfg(unix)]
    if let Some(group) = child.id().and_then(|id| rustix::process::Pid::from_raw(i32::try_from(id).ok()?)) {
        // It may have ended in this moment.
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
    }
    let _ = child.kill().await;
}

/// Reads to the end and keeps the beginning: a command that nobody listens to would wait.
async fn read_all(mut stderr: ChildStderr, kept: &mut Vec<u8>) {
    let mut chunk = [0; 4096];
    while let Ok(read @ 1..) = stderr.read(&mut chunk).await {
        // Four bytes are the longest character.
        let room = (TOLD * 4).saturating_sub(kept.len());
        kept.extend(chunk.iter().take(read.min(room)));
    }
}

/// The first characters in one line.
fn told(errors: &[u8]) -> String {
    let text = String::from_utf8_lossy(errors);
    let line: String = text.trim().chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    line.chars().take(TOLD).collect()
}
