//! The page's types, generated from these so that neither side can drift.

use std::any::TypeId;
use std::collections::{BTreeMap, HashSet};
use std::path::Path;

use ts_rs::{Config, TS, TypeVisitor};

use super::{
    About, CommandError, ConnectionDraft, Frame, HistoryState, MatcherDraft, PictureDraft, RuleCheck, RuleTrial,
    SeriesSpec, SettingsDraft, ViewSpec,
};

/// The commands of the shell, by their `invoke` names; each rejects with a `CommandError`.
const COMMANDS: &str = r#"
/**
 * The commands behind `invoke(name, args)`: arguments, then what they resolve to. Each rejects with a `CommandError`.
 */
export interface Commands {
  pull: [{ spec: ViewSpec }, Frame];
  /** The whole of what a view would show, once; `have` is not looked at. */
  look: [{ spec: ViewSpec }, Frame];
  /** What has a name that holds the text, a few of each kind, the best first. */
  find: [{ text: string }, Found[]];
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
  /** Ends a run; what had come by then stays. */
  stop_query: [{ connection: string; run: number }, null];
  create_live_query: [{ connection: string; id: string; edge: string; filter: string | null; orderBy: string | null }, null];
  destroy_live_query: [{ connection: string; id: string }, null];
  /** Begins to connect once; nothing is kept, and a test that goes on is ended. Answers the test's number. */
  begin_test: [{ draft: ConnectionDraft }, number];
  test_state: [{ test: number }, TestState];
  end_test: [{ test: number }, null];
  add_connection: [{ draft: ConnectionDraft }, null];
  /** `name` is the name it has; the draft may rename it. A null secret keeps the one that is kept. */
  edit_connection: [{ name: string; draft: ConnectionDraft }, null];
  /** The draft of an existing connection, its secret null. */
  connection_draft: [{ name: string }, ConnectionDraft];
  /** The draft of the one connection that a configuration's text describes. */
  read_connection: [{ text: string }, ConnectionDraft];
  /** These connections, or all when null, as a configuration's text without secrets. */
  export_connections: [{ names: string[] | null; rules: boolean }, string];
  /** What importing a text would do; nothing is changed. */
  plan_import: [{ text: string }, ImportPlan];
  import_connections: [{ text: string; choices: ImportChoice[]; rules: boolean }, Imported];
  set_enabled: [{ name: string; enabled: boolean }, null];
  /** Ends it at once; its settings and its credential are deleted five minutes later. */
  remove_connection: [{ name: string }, null];
  /** Takes a removal back, within those seconds. */
  restore_connection: [{ name: string }, null];
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
  /** Opens the file manager at a file that was saved. */
  show_file: [{ place: string }, null];
  dismiss_away: [Record<string, never>, null];
  desktop: [Record<string, never>, DesktopState];
  /** Answers what the system says then. */
  set_start_at_login: [{ on: boolean }, DesktopState];
  /** Where the page was when it was last torn down, as it wrote it; null for one that begins. */
  page_place: [Record<string, never>, string | null];
  /** Remembers where the page is, for one that is built anew. */
  keep_page_place: [{ place: string }, null];
  /** Shows the page so many per cent large; answers by how much its `devicePixelRatio` has to be multiplied to tell of that. */
  set_zoom: [{ percent: number }, number];
  /** Tells whether something is typed and not saved: closing and quitting are asked of the page then, by the event `signalbox:leave`. */
  set_unsaved: [{ on: boolean }, null];
  /** As the window's own button does. */
  close_window: [Record<string, never>, null];
  toggle_full_screen: [Record<string, never>, null];
  quit: [Record<string, never>, null];
  settings: [Record<string, never>, SettingsDraft];
  save_settings: [{ settings: SettingsDraft }, null];
  history: [Record<string, never>, HistoryState];
  /** Shows the history's file in the system's file manager. */
  show_history: [Record<string, never>, null];
  /** What a map shows of a part of the world. */
  places: [{ spec: PlacesSpec }, Places];
  /** Whether map tiles are used, and what is wrong with them. */
  tiles: [Record<string, never>, TilesState];
  /** Asks a tile server again that was left alone. */
  retry_tiles: [Record<string, never>, null];
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
    found.visit::<super::TestState>();
    found.visit::<super::ImportPlan>();
    found.visit::<super::ImportChoice>();
    found.visit::<super::Imported>();
    found.visit::<CommandError>();
    found.visit::<About>();
    found.visit::<HistoryState>();
    found.visit::<MatcherDraft>();
    found.visit::<PictureDraft>();
    found.visit::<RuleCheck>();
    found.visit::<RuleTrial>();
    found.visit::<SettingsDraft>();
    found.visit::<super::DesktopState>();
    found.visit::<super::PlacesSpec>();
    found.visit::<super::Places>();
    found.visit::<super::TilesState>();
    found.visit::<super::EventsFormat>();
    found.visit::<super::Found>();
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
