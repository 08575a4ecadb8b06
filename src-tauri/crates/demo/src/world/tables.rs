//! The tables that hosts answer queries from, and the little SQL that they understand:
//! `SELECT columns FROM table [WHERE column = 'value'] [LIMIT n]`.

use super::hosts::Host;
use super::random::Random;

/// A row: columns with their values, all of them text as on the wire.
pub(crate) type Row = Vec<(&'static str, String)>;

/// A query that was understood.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Query {
    table: &'static Table,
    columns: Vec<&'static str>,
    condition: Option<(&'static str, String)>,
    limit: usize,
}

#[derive(Debug, PartialEq)]
struct Table {
    name: &'static str,
    columns: &'static [&'static str],
}

const TABLES: [Table; 6] = [
    Table { name: "processes", columns: &["pid", "name", "path", "state", "uid", "resident_size", "threads"] },
    Table { name: "users", columns: &["uid", "gid", "username", "description", "directory", "shell"] },
    Table { name: "os_version", columns: &["name", "version", "platform", "arch"] },
    Table { name: "uptime", columns: &["days", "hours", "minutes", "seconds", "total_seconds"] },
    Table { name: "listening_ports", columns: &["pid", "port", "protocol", "family", "address", "path"] },
    Table { name: "interface_addresses", columns: &["interface", "address", "mask", "type"] },
];

/// The most rows of one answer.
const MOST_ROWS: usize = 500;

impl Query {
    /// Reads a query.
    ///
    /// # Errors
    /// What is wrong, in the words of the database that such agents have inside.
    pub(crate) fn parse(sql: &str) -> Result<Query, String> {
        let words = words(sql.trim().trim_end_matches(';'));
        let mut words = words.iter().map(String::as_str).peekable();
        expect(&mut words, "SELECT")?;
        let mut asked = Vec::new();
        loop {
            match words.next() {
                Some(",") => {}
                Some(word) if word.eq_ignore_ascii_case("FROM") => break,
                Some(word) => asked.push(word.to_owned()),
                None => return Err("incomplete input".to_owned()),
            }
        }
        let name = words.next().ok_or("incomplete input")?;
        let table = TABLES.iter().find(|table| table.name.eq_ignore_ascii_case(name));
        let table = table.ok_or_else(|| format!("no such table: {name}"))?;
        let column = |name: &str| {
            let known = table.columns.iter().find(|known| known.eq_ignore_ascii_case(name));
            known.copied().ok_or_else(|| format!("no such column: {name}"))
        };
        let columns = match asked.as_slice() {
            [] => return Err("near \"FROM\": syntax error".to_owned()),
            [all] if all == "*" => table.columns.to_vec(),
            names => names.iter().map(|name| column(name)).collect::<Result<_, _>>()?,
        };
        let mut query = Query { table, columns, condition: None, limit: MOST_ROWS };
        while let Some(word) = words.next() {
            if word.eq_ignore_ascii_case("WHERE") {
                let name = column(words.next().ok_or("incomplete input")?)?;
                expect(&mut words, "=")?;
                let value = words.next().ok_or("incomplete input")?;
                query.condition = Some((name, value.trim_matches('\'').to_owned()));
            } else if word.eq_ignore_ascii_case("LIMIT") {
                let count = words.next().ok_or("incomplete input")?;
                let count: usize = count.parse().map_err(|_| format!("near \"{count}\": syntax error"))?;
                query.limit = count.min(MOST_ROWS);
            } else {
                return Err(format!("near \"{word}\": syntax error"));
            }
        }
        Ok(query)
    }

    /// The host's answer. `second` is the simulated time, for what changes with it.
    pub(crate) fn rows(&self, host: &Host, second: u64) -> Vec<Row> {
        let mut rows = rows(self.table.name, host, second);
        if let Some((column, value)) = &self.condition {
            rows.retain(|row| row.iter().any(|(name, own)| name == column && own == value));
        }
        rows.truncate(self.limit);
        for row in &mut rows {
            let mut chosen = Row::with_capacity(self.columns.len());
            for column in &self.columns {
                chosen.extend(row.iter().find(|(name, _)| name == column).cloned());
            }
            *row = chosen;
        }
        rows
    }
}

fn expect<'a>(words: &mut impl Iterator<Item = &'a str>, wanted: &str) -> Result<(), String> {
    match words.next() {
        Some(word) if word.eq_ignore_ascii_case(wanted) => Ok(()),
        Some(word) => Err(format!("near \"{word}\": syntax error")),
        None => Err("incomplete input".to_owned()),
    }
}

/// Splits SQL into words; quoted text is one, commas and equals signs stand alone.
fn words(sql: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    for letter in sql.chars() {
        let alone = !quoted && (letter == ',' || letter == '=');
        if alone || (!quoted && letter.is_whitespace()) {
            words.push(if alone { letter.to_string() } else { String::new() });
            if alone {
                words.push(String::new());
            }
            continue;
        }
        quoted ^= letter == '\'';
        if let Some(word) = words.last_mut() {
            word.push(letter);
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

const PROGRAMS: [(&str, &str, &str); 10] = [
    ("systemd", "/usr/lib/systemd/systemd", "0"),
    ("sshd", "/usr/sbin/sshd", "0"),
    ("nginx", "/usr/sbin/nginx", "33"),
    ("postgres", "/usr/lib/postgresql/16/bin/postgres", "112"),
    ("redis-server", "/usr/bin/redis-server", "113"),
    ("node", "/usr/bin/node", "1001"),
    ("chronyd", "/usr/sbin/chronyd", "114"),
    ("rsyslogd", "/usr/sbin/rsyslogd", "104"),
    ("osqueryd", "/opt/osquery/bin/osqueryd", "0"),
    ("cron", "/usr/sbin/cron", "0"),
];
const PEOPLE: [(&str, &str); 5] = [
    ("root", "root"),
    ("deploy", "Deployment"),
    ("mila", "Mila Saar"),
    ("joren", "Joren de Wit"),
    ("backup", "Backup"),
];
const PORTS: [(&str, &str, &str); 5] = [
    ("22", "0.0.0.0", "/usr/sbin/sshd"),
    ("80", "0.0.0.0", "/usr/sbin/nginx"),
    ("443", "0.0.0.0", "/usr/sbin/nginx"),
    ("5432", "127.0.0.1", "/usr/lib/postgresql/16/bin/postgres"),
    ("6379", "127.0.0.1", "/usr/bin/redis-server"),
];

fn rows(table: &str, host: &Host, second: u64) -> Vec<Row> {
    let mut random = Random::of(host.seed, table);
    match table {
        "processes" => {
            let mut pid = 1;
            let row = |&(name, path, uid): &(&str, &str, &str)| {
                let row = vec![
                    ("pid", pid.to_string()),
                    ("name", name.to_owned()),
                    ("path", path.to_owned()),
                    ("state", ["S", "S", "S", "R", "I"][random.below(5)].to_owned()),
                    ("uid", uid.to_owned()),
                    ("resident_size", (4_096 * (700 + random.below(60_000))).to_string()),
                    ("threads", (1 + random.below(24)).to_string()),
                ];
                pid += 1 + random.below(900);
                row
            };
            PROGRAMS.iter().map(row).collect()
        }
        "users" => PEOPLE
            .iter()
            .enumerate()
            .map(|(index, (name, description))| {
                let uid = if index == 0 { 0 } else { 999 + index };
                vec![
                    ("uid", uid.to_string()),
                    ("gid", uid.to_string()),
                    ("username", (*name).to_owned()),
                    ("description", (*description).to_owned()),
                    ("directory", if index == 0 { "/root".to_owned() } else { format!("/home/{name}") }),
                    ("shell", "/bin/bash".to_owned()),
                ]
            })
            .collect(),
        "os_version" => vec![vec![
            ("name", host.platform.to_owned()),
            ("version", host.os_version.to_owned()),
            ("platform", host.platform.to_owned()),
            ("arch", if random.chance(0.2) { "aarch64" } else { "x86_64" }.to_owned()),
        ]],
        "uptime" => {
            let total = 3_600 + random.below(9_000_000) as u64 + second;
            vec![vec![
                ("days", (total / 86_400).to_string()),
                ("hours", (total / 3_600 % 24).to_string()),
                ("minutes", (total / 60 % 60).to_string()),
                ("seconds", (total % 60).to_string()),
                ("total_seconds", total.to_string()),
            ]]
        }
        "listening_ports" => {
            let kept = 2 + random.below(PORTS.len() - 1);
            let row = |(port, address, path): &(&str, &str, &str)| {
                vec![
                    ("pid", (300 + random.below(4_000)).to_string()),
                    ("port", (*port).to_owned()),
                    ("protocol", "6".to_owned()),
                    ("family", "2".to_owned()),
                    ("address", (*address).to_owned()),
                    ("path", (*path).to_owned()),
                ]
            };
            PORTS.iter().take(kept).map(row).collect()
        }
        _ => {
            let row = |interface: &str, address: &str, mask: &str, kind: &str| {
                vec![
                    ("interface", interface.to_owned()),
                    ("address", address.to_owned()),
                    ("mask", mask.to_owned()),
                    ("type", kind.to_owned()),
                ]
            };
            vec![
                row("lo", "127.0.0.1", "255.0.0.0", "loopback"),
                row("eth0", &host.ip_address, "255.255.255.0", "dhcp"),
            ]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::hosts::Hosts;

    #[test]
    fn a_query_chooses_columns_rows_and_their_number() {
        let hosts = Hosts::new(1);
        let host = hosts.of("org_nordwind").next().unwrap();
        let ask = |sql: &str| Query::parse(sql).unwrap().rows(host, 0);
        assert_eq!(ask("SELECT * FROM processes LIMIT 10").len(), 10);
        assert_eq!(ask("select name from processes where name = 'sshd';"), [[("name", "sshd".to_owned())]]);
        assert_eq!(ask("SELECT uid,username FROM users LIMIT 2")[1][1], ("username", "deploy".to_owned()));
        assert_eq!(ask("SELECT * FROM users WHERE description='Mila Saar'").len(), 1);
        for table in TABLES {
            let rows = ask(&format!("SELECT * FROM {}", table.name));
            assert!(!rows.is_empty());
            assert!(
                rows.iter().all(|row| row.iter().map(|(name, _)| *name).eq(table.columns.iter().copied())),
                "{}",
                table.name
            );
        }
    }

    #[test]
    fn what_is_not_understood_is_an_error_in_words() {
        let error = |sql: &str| Query::parse(sql).unwrap_err();
        assert_eq!(error("SELECT * FROM nonsense"), "no such table: nonsense");
        assert_eq!(error("SELECT colour FROM users"), "no such column: colour");
        assert_eq!(error("DROP TABLE users"), "near \"DROP\": syntax error");
        assert_eq!(error(""), "incomplete input");
        assert_eq!(error("SELECT * FROM users ORDER BY uid"), "near \"ORDER\": syntax error");
        assert_eq!(error("SELECT * FROM users LIMIT many"), "near \"many\": syntax error");
    }
}
