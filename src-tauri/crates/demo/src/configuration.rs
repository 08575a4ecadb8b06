//! The ready configuration of a fleet.

use std::fmt::Write;

use crate::Service;

/// Writes a connection for each service. Names and ids hold nothing that TOML would want escaped but what JSON escapes alike.
pub(crate) fn toml(services: &[Service]) -> String {
    let mut text = String::new();
    for service in services {
        let subscribe = service.subscribe.iter().map(|item| format!("{item:?}")).collect::<Vec<_>>().join(", ");
        let Service { name, protocol, url, token_env, .. } = service;
        // Writing to a string cannot fail.
        let _ = write!(
            text,
            "[[connection]]\nname = {name:?}\nprotocol = {protocol:?}\nurl = {url:?}\n\
             credential = {{ env = {token_env:?} }}\nsubscribe = [{subscribe}]\n\n"
        );
        if *protocol == "hantera" {
            text.push_str(LIVE_QUERIES);
        }
    }
    text
}

const LIVE_QUERIES: &str = r#"[[connection.live_query]]
id = "orders-processing"
edge = "orders"
filter = "status == 'processing'"
order_by = "createdAt desc"

[[connection.live_query]]
id = "jobs-failed"
edge = "jobs"
filter = "state == 'failed'"
order_by = "finishedAt desc"

"#;
