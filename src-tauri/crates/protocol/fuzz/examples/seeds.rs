//! Writes the transcripts of `tests/fixtures/<target>/` as seeds into `corpus/<target>/`: one file each, in the lines that
//! `protocol_fuzz::ride` reads. Run in this folder: `cargo run --example seeds`.

use std::path::Path;
use std::{fs, io};

use serde_json::Value;
use serde_json::value::RawValue;

fn main() -> io::Result<()> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    for target in fs::read_dir(here.join("targets"))? {
        let target = target?.path();
        let Some(name) = target.file_stem() else { continue };
        let corpus = here.join("corpus").join(name);
        fs::create_dir_all(&corpus)?;
        let mut written = 0;
        for transcript in fs::read_dir(here.join("../../../../tests/fixtures").join(name))? {
            let transcript = transcript?.path();
            if transcript.extension().is_some_and(|extension| extension == "jsonl") {
                let text = fs::read_to_string(&transcript)?;
                let lines: Vec<Vec<u8>> = text.lines().skip(1).filter_map(line).collect();
                fs::write(corpus.join(transcript.file_stem().unwrap_or_default()), lines.join(&b'\n'))?;
                written += 1;
            }
        }
        println!("{}: {written} seeds", name.display());
    }
    Ok(())
}

/// A step of a transcript as a line of an input; `None` for steps that inputs do not have.
fn line(step: &str) -> Option<Vec<u8>> {
    let step: std::collections::BTreeMap<&str, &RawValue> = serde_json::from_str(step).ok()?;
    let (kind, raw) = step.into_iter().next()?;
    let value: Value = serde_json::from_str(raw.get()).ok()?;
    let marked = |mark: &str, rest: &str| Some(format!("{mark}{rest}").into_bytes());
    match kind {
        "text" => Some(value.as_str().unwrap_or(raw.get()).as_bytes().to_vec()),
        "binary" => {
            let parts = value.as_array()?.iter().map(|part| match part {
                Value::String(text) => text.clone().into_bytes(),
                byte => byte.as_u64().and_then(|byte| u8::try_from(byte).ok()).into_iter().collect(),
            });
            Some(std::iter::once(b'='.to_owned()).chain(parts.flatten()).collect())
        }
        "advance_ms" => marked("+", raw.get()),
        "probe" => marked("~", ""),
        "close" => marked("/", &value.get("code")?.to_string()),
        "lost" => marked("/", ""),
        "rejected" => marked("%", raw.get()),
        "ask" => {
            let (kind, asked) = value.as_object()?.iter().next()?;
            match kind.as_str() {
                "subscribe" => marked("?", asked.as_str()?),
                "unsubscribe" => marked("!", asked.as_str()?),
                "create_live_query" => marked("@", asked.get("id")?.as_str()?),
                "destroy_live_query" => marked("#", asked.as_str()?),
                "run_query" => marked("$", asked.get("sql")?.as_str()?),
                _ => None,
            }
        }
        _ => None,
    }
}
