//! Connections and rules from one computer to another, as the text of a configuration without secrets.

use link::CredentialError;
use protocol::{Connection, CredentialSource};
use store::transfer::{self, Standing};
use store::{ConfigError, Configuration};

use super::{Done, sentence};
use crate::monitor::{Monitor, invalid};
use crate::view::{ConnectionDraft, ImportChoice, ImportPlan, ImportProblem, ImportRow, ImportState, Imported};
use crate::watched::Watched;
use crate::words;

/// The longest text that is imported, in bytes.
const LONGEST: usize = 4 << 20;

impl Monitor {
    /// These connections, or all, as the text of a configuration; with the configured rules if they are wanted. No secret is in it.
    pub fn export_connections(&self, names: Option<&[String]>, rules: bool) -> Done<String> {
        let connections = self.kept();
        let wanted = |connection: &Connection| names.is_none_or(|names| names.contains(&connection.name));
        let connections: Vec<Connection> = connections.into_iter().filter(wanted).collect();
        let rules = if rules { self.configured()?.rules } else { Vec::new() };
        transfer::written(&connections, &rules).map_err(|error| invalid(sentence(&error.to_string())))
    }

    /// What importing a text would do; nothing is changed.
    pub fn plan_import(&self, text: &str) -> Done<ImportPlan> {
        let incoming = match read(text) {
            Ok(incoming) => incoming,
            Err(problem) => return Ok(ImportPlan { problem: Some(problem), ..ImportPlan::default() }),
        };
        let (there, rules) = (self.kept(), self.configured()?.rules);
        let shown: Vec<String> = self.connections().iter().map(|watched| watched.name().to_owned()).collect();
        let mut names: Vec<String> =
            shown.into_iter().chain(incoming.connections.iter().map(|c| c.name.clone())).collect();
        let mut rows = Vec::new();
        for connection in &incoming.connections {
            let standing = Standing::of(connection, there.iter().find(|known| known.name == connection.name));
            let free_name = free(&connection.name, &names);
            names.push(free_name.clone());
            rows.push(ImportRow {
                name: connection.name.clone(),
                protocol: Some(connection.protocol),
                words: connection.url.to_string(),
                credential: Some(words::credential(connection)),
                free_name,
                ..row(standing)
            });
        }
        let rule_rows = incoming.rules.iter().map(|rule| ImportRow {
            name: rule.name.clone(),
            words: format!("{} severity", crate::view::picture::Severity::from(rule.severity).name()),
            ..row(Standing::of(rule, rules.iter().find(|known| known.name == rule.name)))
        });
        Ok(ImportPlan {
            problem: None,
            connections: rows,
            rules: rule_rows.collect(),
            ignored: transfer::other_parts(text),
        })
    }

    /// Imports the chosen connections of a text, and all its rules if they are wanted. One whose credential is here already, or is
    /// printed by a command, is switched off until the operator has seen where it would be sent.
    pub async fn import(&self, text: &str, choices: &[ImportChoice], rules: bool) -> Done<Imported> {
        let incoming = read(text).map_err(|problem| {
            invalid(format!("Line {}, column {}: {}", problem.line, problem.column, problem.message))
        })?;
        let mut imported = Imported::default();
        {
            let _one_at_a_time = self.changing().await;
            for choice in choices {
                let found = incoming.connections.iter().find(|connection| connection.name == choice.name);
                let Some(connection) = found else { continue };
                let connection = Connection { name: choice.into.trim().to_owned(), ..connection.clone() };
                connection.validate().map_err(|message| invalid(sentence(&message)))?;
                self.take_in(connection, &mut imported).await?;
            }
        }
        if rules {
            for rule in &incoming.rules {
                let kept = self.inner.file.put_rule(Some(&rule.name), rule);
                self.rules_changed(kept, &format!("Imported \"{}\".", rule.name))?;
                imported.rules += 1;
            }
        }
        Ok(imported)
    }

    /// The draft of the one connection that a text describes.
    pub fn read_connection(&self, text: &str) -> Done<ConnectionDraft> {
        let incoming = read(text).map_err(|problem| {
            invalid(format!("Line {}, column {}: {}", problem.line, problem.column, problem.message))
        })?;
        match incoming.connections.as_slice() {
            [connection] => Ok(ConnectionDraft { credential_of: None, ..ConnectionDraft::of(connection) }),
            [] => Err(invalid("That text describes no connection: it begins with [[connection]].")),
            many => Err(invalid(format!("That text describes {} connections. Import them instead.", many.len()))),
        }
    }

    async fn take_in(&self, connection: Connection, imported: &mut Imported) -> Done<()> {
        let name = connection.name.clone();
        self.settle(&name).await;
        let known = self.watched(&name).ok();
        if known.as_ref().is_some_and(|known| known.transient) {
            return Err(invalid(format!("\"{name}\" is a connection of the demo fleet. Choose another name.")));
        }
        let connection = self.considered(connection, known.as_deref(), imported).await;
        match known {
            Some(known) => {
                self.change(&known, connection).await?;
                imported.replaced.push(name.clone());
                self.audited("connection.change", &name, "Replaced the connection by an imported one.");
            }
            None => {
                self.note(self.inner.file.add(&connection))?;
                self.watch(connection, false, None);
                imported.added.push(name.clone());
                self.audited("connection.add", &name, "Imported the connection.");
            }
        }
        Ok(())
    }

    /// The imported connection as it may be kept: no text from elsewhere has a credential sent to an address, or a command run,
    /// before the operator has switched it on.
    async fn considered(
        &self,
        mut connection: Connection,
        known: Option<&Watched>,
        imported: &mut Imported,
    ) -> Connection {
        if let Some(known) = known.map(|known| &known.connection)
            && transfer::reaches_the_same(known, &connection)
        {
            connection.enabled = known.enabled;
            return connection;
        }
        let source = connection.credential_source();
        let missing = match &source {
            CredentialSource::Keychain(_) => {
                let found = self.inner.environment.credentials.fetch(&source).await;
                matches!(found, Err(CredentialError::NotFound(_)))
            }
            CredentialSource::Env(_) | CredentialSource::Command(_) => false,
        };
        if missing {
            imported.missing.push(connection.name.clone());
        } else {
            connection.enabled = false;
            imported.off.push(connection.name.clone());
        }
        connection
    }

    /// The connections that are in the configuration.
    fn kept(&self) -> Vec<Connection> {
        let watched = self.connections();
        watched.iter().filter(|watched| !watched.transient).map(|watched| watched.connection.clone()).collect()
    }

    fn configured(&self) -> Done<Configuration> {
        self.note(self.inner.file.load())
    }
}

fn read(text: &str) -> Result<Configuration, ImportProblem> {
    let at = |line, column, message: String| ImportProblem { line, column, message: sentence(&message) };
    if text.len() > LONGEST {
        return Err(at(1, 1, "the text is longer than 4 MiB, which no configuration is".into()));
    }
    transfer::read(text).map_err(|error| match error {
        ConfigError::Broken { line, column, message, .. } => {
            let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
            at(number(line), number(column), message)
        }
        other => at(1, 1, other.to_string()),
    })
}

fn row(standing: Standing) -> ImportRow {
    let (state, differs) = match standing {
        Standing::New => (ImportState::New, Vec::new()),
        Standing::Same => (ImportState::Same, Vec::new()),
        Standing::Differs(keys) => (ImportState::Differs, keys),
    };
    ImportRow {
        name: String::new(),
        protocol: None,
        words: String::new(),
        credential: None,
        state,
        differs,
        free_name: String::new(),
    }
}

/// A name like this one that nothing has.
fn free(name: &str, taken: &[String]) -> String {
    let fits = |candidate: &String| !taken.contains(candidate) && candidate.len() <= 64;
    (2..1_000).map(|number| format!("{name}-{number}")).find(fits).unwrap_or_default()
}
