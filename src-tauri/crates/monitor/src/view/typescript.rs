//! The page's types, generated from these so that neither side can drift.

use std::any::TypeId;
use std::collections::{BTreeMap, HashSet};
use std::path::Path;

use ts_rs::{Config, TS, TypeVisitor};

use super::{
    About, CommandError, ConnectionDraft, Frame, HistoryState, MatcherDraft, PictureDraft, RuleCheck, RuleTrial,
    SeriesSpec, SettingsDraft, Tested, ViewSpec,
};

/// The commands of the shell, by their `invoke` names; each rejects with a `CommandError`.
const COMMANDS: &str = r#"
/**
 * The commands behind `invoke(name, args)`: arguments, then what they resolve to. Each rejects with a `CommandError`.
 */
export interface Commands {
  pull: [{ spec: ViewSpec }, Frame];
  /** Answers an ArrayBuffer, see `SeriesSpec`. */
  series: [{ spec: SeriesSpec }, ArrayBuffer];
  about: [Record<string, never>, About];
  /** The whole JSON text of an event; lock codes are masked. */
  event_json: [{ connection: string; number: number }, string];
  /** The same of an event of the history. */
  stored_event_json: [{ id: string }, string];
  reveal_code: [{ connection: string; device: string; number: number }, string];
  /** Answers the run's number. */
  run_query: [{ connection: string; org: string; sql: string; target: string }, number];
  create_live_query: [{ connection: string; id: string; edge: string; filter: string | null; orderBy: string | null }, null];
  destroy_live_query: [{ connection: string; id: string }, null];
  /** Connects once and says what happened; nothing is kept. */
  test_connection: [{ draft: ConnectionDraft }, Tested];
  add_connection: [{ draft: ConnectionDraft }, null];
  /** `name` is the name it has; the draft may rename it. A null secret keeps the one that is kept. */
  edit_connection: [{ name: string; draft: ConnectionDraft }, null];
  /** The draft of an existing connection, its secret null. */
  connection_draft: [{ name: string }, ConnectionDraft];
  set_enabled: [{ name: string; enabled: boolean }, null];
  remove_connection: [{ name: string }, null];
  set_credential: [{ name: string; secret: string; keep: Keep }, null];
  /** Tries again at once. */
  retry: [{ name: string }, null];
  start_demo: [Record<string, never>, null];
  stop_demo: [Record<string, never>, null];
  /** Shows a native notification, to see whether they work. */
  test_notification: [Record<string, never>, null];
  /** Until it is resolved when `until` is null. Answers how many. */
  acknowledge: [{ alerts: string[]; until: number | null; note: string }, number];
  /** Takes acknowledgements back. Answers how many. */
  unacknowledge: [{ alerts: string[] }, number];
  /** An empty matcher mutes everything. Answers the silence's number. */
  silence: [{ matcher: MatcherDraft; until: number; note: string }, number];
  end_silence: [{ id: number }, null];
  /** How many open alerts a silence would cover. */
  would_silence: [{ matcher: MatcherDraft }, number];
  /** `name` is the name it has, null for a new one. */
  save_rule: [{ name: string | null; draft: RuleDraft }, null];
  /** Removes a rule of the configuration; a built-in one of its name is as it was made. */
  remove_rule: [{ name: string }, null];
  set_rule_enabled: [{ name: string; enabled: boolean }, null];
  /** What a rule says, and what is wrong with it; cheap, for each keystroke. */
  check_rule: [{ draft: RuleDraft }, RuleCheck];
  /** How often it would have fired over the stored history of the last hours; may take seconds. */
  try_rule: [{ draft: RuleDraft; hours: number }, RuleTrial];
  /** Saves a chart; answers where. */
  save_picture: [{ picture: PictureDraft }, string];
  /** Saves a shift report of the last hours; answers where. */
  save_report: [{ hours: number; scope: Scope }, string];
  /** Saves the events that the filter lets through, 20,000 at most. */
  save_events: [{ scope: Scope; filter: string; past: Span | null; format: EventsFormat }, Saved];
  /** Saves a text that the page made; answers where. */
  save_text: [{ title: string; kind: TextKind; text: string }, string];
  dismiss_away: [Record<string, never>, null];
  settings: [Record<string, never>, SettingsDraft];
  save_settings: [{ settings: SettingsDraft }, null];
  history: [Record<string, never>, HistoryState];
  /** What a map shows of a part of the world. */
  places: [{ spec: PlacesSpec }, Places];
}
"#;

/// The whole of `ui/src/lib/backend/types.ts`.
pub fn source() -> String {
    let config = Config::new().with_large_int("number");
    let mut found = Found { config: &config, seen: HashSet::new(), declared: BTreeMap::new() };
    found.visit::<ViewSpec>();
    found.visit::<Frame>();
    found.visit::<SeriesSpec>();
    found.visit::<ConnectionDraft>();
    found.visit::<Tested>();
    found.visit::<CommandError>();
    found.visit::<About>();
    found.visit::<HistoryState>();
    found.visit::<MatcherDraft>();
    found.visit::<PictureDraft>();
    found.visit::<RuleCheck>();
    found.visit::<RuleTrial>();
    found.visit::<SettingsDraft>();
    found.visit::<super::PlacesSpec>();
    found.visit::<super::Places>();
    found.visit::<super::EventsFormat>();
    found.visit::<super::Saved>();
    found.visit::<super::TextKind>();
    let protocols = protocol::Protocol::ALL.map(|protocol| format!("\"{protocol}\"")).join(" | ");
    let kinds = protocol::Kind::ALL.map(|kind| format!("  \"{}\",", kind.name())).join("\n");
    let mut text = format!(
        "// Generated from src-tauri/crates/monitor/src/view by `cargo xtask fmt`. Do not edit.\n\n\
         export type Protocol = {protocols};\n\n\
         export const KINDS = [\n{kinds}\n] as const;\n"
    );
    for declaration in found.declared.values() {
        text.push_str("\nexport ");
        text.push_str(declaration);
        text.push('\n');
    }
    text.push_str(COMMANDS);
    text
}

/// Where [`source`] belongs, below the project's folder.
pub fn path(project: &Path) -> std::path::PathBuf {
    project.join("ui/src/lib/backend/types.ts")
}

/// Every type that a root reaches, by name.
struct Found<'a> {
    config: &'a Config,
    seen: HashSet<TypeId>,
    declared: BTreeMap<String, String>,
}

impl TypeVisitor for Found<'_> {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        if !self.seen.insert(TypeId::of::<T>()) {
            return;
        }
        if T::output_path().is_some() {
            self.declared.insert(T::ident(self.config), T::decl(self.config));
        }
        T::visit_generics(self);
        T::visit_dependencies(self);
    }
}

#[cfg(test)]
mod tests {
    /// Fails when the committed file is not what the types say; `WRITE_TYPES=1` writes it.
    #[test]
    fn the_pages_types_are_generated_from_these() {
        let project = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..");
        let path = super::path(&project);
        let source = super::source();
        if std::env::var_os("WRITE_TYPES").is_some() {
            std::fs::write(&path, &source).unwrap();
        }
        let committed = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            committed == source,
            "ui/src/lib/backend/types.ts differs from the Rust types: run `WRITE_TYPES=1 cargo test -p monitor typescript`"
        );
    }
}
