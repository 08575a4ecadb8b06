//! How a secret gets in: from a pipe or a hidden prompt, never as an argument, where every program could read it.

use std::io::{IsTerminal, Read};

use secrecy::SecretString;
use secrecy::zeroize::Zeroizing;

use crate::failure::Failure;

/// More than any token is long.
const LONGEST: u64 = 64 * 1024;

/// Reads the credential of a connection from standard input: all of it when it is piped, a hidden line when it is typed.
pub(super) fn read(connection: &str) -> Result<SecretString, Failure> {
    read_if_any(connection)?.ok_or_else(|| {
        Failure::usage(format!(
            "no credential came; type it at the prompt, or pipe it in, as `pass show {connection} | signalbox connection set-credential {connection}`"
        ))
    })
}

/// The same, where nothing at all is an answer too.
pub(super) fn read_if_any(connection: &str) -> Result<Option<SecretString>, Failure> {
    let mut text = Zeroizing::new(String::new());
    if std::io::stdin().is_terminal() {
        let typed = rpassword::prompt_password(format!("Credential for \"{connection}\" (not shown as you type): "));
        *text = typed.map_err(|error| failed("the terminal", &error))?;
    } else {
        let piped = std::io::stdin().lock().take(LONGEST + 1).read_to_string(&mut text);
        piped.map_err(|error| failed("standard input", &error))?;
    }
    if text.len() as u64 > LONGEST {
        return Err(Failure::usage("that is too long to be a credential; pipe in the credential alone"));
    }
    let secret = text.trim_end_matches(['\r', '\n']);
    if secret.contains(['\r', '\n']) {
        return Err(Failure::usage("the credential has more than one line; pipe in the credential alone"));
    }
    Ok((!secret.is_empty()).then(|| SecretString::from(secret)))
}

fn failed(place: &str, error: &std::io::Error) -> Failure {
    Failure::failed(format!("the credential could not be read from {place}: {error}"))
}
