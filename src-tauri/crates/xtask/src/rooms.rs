//! The rules between the rooms of `ARCHITECTURE.md`, as data, and the check that holds them.

use crate::task::output_of;
use crate::{Failure, root};
use std::path::Path;

/// One room: where its code is, and what it must never name.
struct Room {
    /// The cargo package, or none for code that is not Rust.
    package: Option<&'static str>,
    folder: &'static str,
    /// Below `folder`, the one place that the words are allowed in.
    except: Option<&'static str>,
    /// Crates that must not be among its dependencies.
    crates: &'static [&'static str],
    /// Whether only what the room names itself counts, or what comes with that too.
    reach: Reach,
    /// Words that must not stand in its code; comments and tests may say them.
    words: &'static [&'static str],
}

#[derive(Clone, Copy)]
enum Reach {
    Direct,
    Whole,
}

const CLOCKS: &[&str] = &["Instant::now", "SystemTime::now", "Timestamp::now", "Zoned::now"];

const ROOMS: &[Room] = &[
    Room {
        package: Some("protocol"),
        folder: "src-tauri/crates/protocol/src",
        except: None,
        crates: &["tokio", "tungstenite", "tokio-tungstenite", "tauri", "fleet", "link", "store", "monitor"],
        reach: Reach::Whole,
        words: CLOCKS,
    },
    Room {
        package: Some("fleet"),
        folder: "src-tauri/crates/fleet/src",
        except: None,
        crates: &["tokio", "tungstenite", "tokio-tungstenite", "tauri", "link", "store", "monitor"],
        reach: Reach::Whole,
        words: &["Instant::now", "SystemTime::now", "Timestamp::now", "Zoned::now", "std::fs", "std::net"],
    },
    Room {
        package: Some("link"),
        folder: "src-tauri/crates/link/src",
        except: None,
        crates: &["tauri", "fleet", "store", "monitor"],
        reach: Reach::Whole,
        words: &[],
    },
    Room {
        package: Some("store"),
        folder: "src-tauri/crates/store/src",
        except: None,
        crates: &["tauri", "link", "monitor"],
        reach: Reach::Whole,
        words: &[],
    },
    Room {
        package: Some("chart"),
        folder: "src-tauri/crates/chart/src",
        except: None,
        crates: &["tokio", "tauri", "chrono", "protocol", "fleet", "link", "store", "monitor", "demo"],
        reach: Reach::Whole,
        words: &["Instant::now", "SystemTime::now", "Timestamp::now", "Zoned::now", "std::fs", "std::net"],
    },
    Room {
        package: Some("monitor"),
        folder: "src-tauri/crates/monitor/src",
        except: None,
        crates: &["tauri"],
        reach: Reach::Whole,
        words: &[],
    },
    Room {
        package: Some("signalbox"),
        folder: "src-tauri/src",
        except: None,
        crates: &["tungstenite", "tokio-tungstenite", "rusqlite", "keyring"],
        reach: Reach::Direct,
        words: &[],
    },
    Room {
        package: None,
        folder: "ui/src",
        except: Some("lib/backend"),
        crates: &[],
        reach: Reach::Direct,
        words: &["@tauri-apps"],
    },
];

/// Checks every room; the failure lists every rule that is broken, and where.
pub fn check() -> Result<(), Failure> {
    let broken: Vec<String> = ROOMS.iter().flat_map(|room| [crates_of(room), words_of(room)].concat()).collect();
    if broken.is_empty() {
        println!("   {} rooms name nothing that they must not", ROOMS.len());
        return Ok(());
    }
    Err(Failure::new(format!(
        "These break the rules between the rooms (ARCHITECTURE.md says why they are there):\n  {}",
        broken.join("\n  ")
    )))
}

fn crates_of(room: &Room) -> Vec<String> {
    let Some(package) = room.package else { return Vec::new() };
    let depth = match room.reach {
        Reach::Direct => "1",
        Reach::Whole => "999",
    };
    let args =
        ["tree", "--package", package, "--edges", "normal", "--prefix", "none", "--format", "{p}", "--depth", depth];
    match output_of(&std::env::var("CARGO").unwrap_or_else(|_| "cargo".into()), &args) {
        None => {
            vec![format!("{package}: `cargo {}` failed, so its dependencies could not be looked at", args.join(" "))]
        }
        Some(tree) => forbidden_in(&tree, room.crates)
            .into_iter()
            .map(|name| format!("{package} depends on {name} (`cargo tree -p {package} -i {name}` shows how)"))
            .collect(),
    }
}

/// Which of the crates a `cargo tree --prefix none` names, its own package's first line aside.
fn forbidden_in<'a>(tree: &str, crates: &[&'a str]) -> Vec<&'a str> {
    let named = |name: &str| tree.lines().skip(1).any(|line| line.split(' ').next() == Some(name));
    crates.iter().copied().filter(|name| named(name)).collect()
}

fn words_of(room: &Room) -> Vec<String> {
    let mut found = Vec::new();
    let folder = root().join(room.folder);
    if room.words.is_empty() {
        return found;
    }
    let except = room.except.map(|below| folder.join(below));
    if !each_file(&folder, except.as_deref(), &mut |path, text| {
        let shown = path.strip_prefix(root()).unwrap_or(path).display().to_string();
        for (line, word) in words_in(text, room.words) {
            found.push(format!("{shown}:{line} names {word}"));
        }
    }) {
        found.push(format!("{} could not be read", room.folder));
    }
    found
}

/// The lines, counted from one, whose code has one of the words. A Rust file's tests, which stand last in it, do not count.
fn words_in<'a>(text: &str, words: &[&'a str]) -> Vec<(usize, &'a str)> {
    text.lines()
        .enumerate()
        .take_while(|(_, line)| line.trim() != "#[cfg(test)]")
        .filter(|(_, line)| !line.trim_start().starts_with("//"))
        .flat_map(|(index, line)| {
            words.iter().copied().filter(move |word| line.contains(word)).map(move |word| (index + 1, word))
        })
        .collect()
}

/// Reads each text file below the folder; false when something could not be read.
fn each_file(folder: &Path, except: Option<&Path>, visit: &mut impl FnMut(&Path, &str)) -> bool {
    if Some(folder) == except {
        return true;
    }
    let Ok(entries) = std::fs::read_dir(folder) else { return false };
    let mut whole = true;
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            whole &= each_file(&path, except, visit);
        } else if path.extension().is_some_and(|kind| ["rs", "ts", "js", "svelte"].iter().any(|known| kind == *known)) {
            match std::fs::read_to_string(&path) {
                Ok(text) => visit(&path, &text),
                Err(_) => whole = false,
            }
        }
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_in_code_is_found_and_one_in_a_comment_or_test_is_not() {
        let text = "/// Never `Instant::now`.\nfn f() {\n    let t = Instant::now();\n}\n#[cfg(test)]\nmod tests { fn g() { Instant::now(); } }\n";
        assert_eq!(words_in(text, CLOCKS), [(3, "Instant::now")]);
    }

    #[test]
    fn a_forbidden_crate_is_found_by_its_whole_name_below_the_first_line() {
        let tree = "fleet v0.1.0\nserde v1.0.0\ntokio-util v0.7.0\ntauri v2.12.5 (*)\n";
        assert_eq!(forbidden_in(tree, &["tokio", "tauri", "fleet"]), ["tauri"]);
    }

    #[test]
    fn every_room_is_where_the_table_says() {
        for room in ROOMS {
            assert!(root().join(room.folder).is_dir(), "{} is in the table and not in the tree", room.folder);
        }
    }
}
