//! Who is let in: the service's token, and the switch that refuses everybody.

use std::sync::atomic::{AtomicBool, Ordering};

use secrecy::{ExposeSecret, SecretString};

#[derive(Debug)]
pub(crate) struct Gate {
    token: SecretString,
    refusing: AtomicBool,
}

impl Gate {
    pub(crate) fn new(token: SecretString) -> Self {
        Gate { token, refusing: AtomicBool::new(false) }
    }

    /// The one token that is let in.
    pub(crate) fn token(&self) -> &SecretString {
        &self.token
    }

    pub(crate) fn admits(&self, token: Option<&str>) -> bool {
        !self.refusing.load(Ordering::Relaxed) && token == Some(self.token.expose_secret())
    }

    pub(crate) fn refuse(&self, refusing: bool) {
        self.refusing.store(refusing, Ordering::Relaxed);
    }
}

/// A client's frame with the value of every token in it hidden, right or wrong, cut to a length fit for a log.
pub(crate) fn masked(text: &str) -> String {
    const LONGEST: usize = 2_000;
    let lower = text.to_ascii_lowercase();
    let mut shown = if NAMES.iter().any(|name| lower.contains(name)) {
        match serde_json::from_str::<serde_json::Value>(text) {
            Ok(mut value) => {
                hide_tokens(&mut value);
                value.to_string()
            }
            Err(_) => format!("(an unreadable frame of {} bytes that may hold a token)", text.len()),
        }
    } else {
        text.to_owned()
    };
    if shown.len() > LONGEST {
        let end = (0..=LONGEST).rev().find(|&end| shown.is_char_boundary(end)).unwrap_or(0);
        shown.truncate(end);
        shown.push('…');
    }
    shown
}

const NAMES: [&str; 2] = ["token", "api_key"];

fn hide_tokens(value: &mut serde_json::Value) {
    match value {
        serde_json::Value::Object(fields) => {
            for (name, field) in fields {
                if NAMES.iter().any(|secret| name.eq_ignore_ascii_case(secret)) {
                    *field = "***".into();
                } else {
                    hide_tokens(field);
                }
            }
        }
        serde_json::Value::Array(items) => items.iter_mut().for_each(hide_tokens),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_hidden_wherever_they_are() {
        let shown = masked(r#"{"type":"auth","token":"tok-secret","deep":[{"api_key":"k-secret"}]}"#);
        assert!(!shown.contains("secret"), "{shown}");
        let broken = masked(r#"{"type":"auth","token":"tok-secret"#);
        assert!(!broken.contains("secret"), "{broken}");
        assert_eq!(masked(r#"{"action":"ping"}"#), r#"{"action":"ping"}"#);
        assert!(masked(&"ü".repeat(5_000)).len() < 2_010);
    }

    #[test]
    fn a_gate_shows_no_token_and_can_refuse() {
        let gate = Gate::new("hidden-token".to_owned().into());
        assert!(!format!("{gate:?}").contains("hidden-token"));
        assert!(gate.admits(Some("hidden-token")) && !gate.admits(Some("x")) && !gate.admits(None));
        gate.refuse(true);
        assert!(!gate.admits(Some("hidden-token")));
    }
}
