//! What the page may call. The names, arguments and answers are `Commands` of `monitor::view::typescript`.
//!
//! None runs on the window's own thread: `(async)` takes those that wait for nothing off it too.

use monitor::view::picture::Severity;
use monitor::view::{
    About, CommandError, ConnectionDraft, ErrorCode, EventsFormat, Frame, HistoryState, Keep, MatcherDraft, Millis,
    PictureDraft, RuleCheck, RuleDraft, RuleTrial, Saved, Scope, SeriesSpec, SettingsDraft, Span, Tested, TextKind,
    ViewSpec,
};
use std::path::PathBuf;

use monitor::{Notice, Opens};
use protocol::Ask;
use protocol::config::LiveQuery;
use secrecy::SecretString;
use tauri::ipc::{Invoke, Response};
use tauri::{AppHandle, Manager, State, Webview};

use super::shell::Shell;

type Answer<T> = Result<T, CommandError>;

/// One list for the handler and for the test that compares it with the permissions and the page's types.
macro_rules! commands {
    ($($name:ident),* $(,)?) => {
        /// The commands by name.
        #[cfg(test)]
        const NAMES: &[&str] = &[$(stringify!($name)),*];

        /// Answers what the page calls.
        pub(super) fn handler() -> impl Fn(Invoke) -> bool + Send + Sync + 'static {
            tauri::generate_handler![$($name),*]
        }
    };
}

commands![
    pull,
    series,
    about,
    event_json,
    stored_event_json,
    reveal_code,
    run_query,
    create_live_query,
    destroy_live_query,
    test_connection,
    add_connection,
    edit_connection,
    connection_draft,
    set_enabled,
    remove_connection,
    set_credential,
    retry,
    start_demo,
    stop_demo,
    test_notification,
    acknowledge,
    unacknowledge,
    silence,
    end_silence,
    would_silence,
    save_rule,
    remove_rule,
    set_rule_enabled,
    check_rule,
    try_rule,
    save_picture,
    save_report,
    save_events,
    save_text,
    dismiss_away,
    settings,
    save_settings,
    history,
    places,
];

#[tauri::command(async)]
fn pull(shell: State<'_, Shell>, webview: Webview, spec: ViewSpec) -> Answer<Frame> {
    Ok(shell.monitor.pull(webview.label(), &spec))
}

/// Answers bytes, so that no number becomes text on its way.
#[tauri::command(async)]
fn series(shell: State<'_, Shell>, spec: SeriesSpec) -> Answer<Response> {
    Ok(Response::new(shell.monitor.series(&spec)))
}

#[tauri::command(async)]
fn about(shell: State<'_, Shell>) -> Answer<About> {
    Ok(shell.monitor.about())
}

#[tauri::command(async)]
fn event_json(shell: State<'_, Shell>, connection: &str, number: u32) -> Answer<String> {
    shell.monitor.event_json(connection, number)
}

#[tauri::command(async)]
fn stored_event_json(shell: State<'_, Shell>, id: &str) -> Answer<String> {
    shell.monitor.stored_event_json(id)
}

#[tauri::command(async)]
fn reveal_code(shell: State<'_, Shell>, connection: &str, device: &str, number: u32) -> Answer<String> {
    shell.monitor.reveal_code(connection, device, number)
}

#[tauri::command(async)]
fn run_query(shell: State<'_, Shell>, connection: &str, org: &str, sql: &str, target: &str) -> Answer<u32> {
    shell.monitor.run_query(connection, org, sql, target)
}

#[tauri::command(async)]
fn create_live_query(
    shell: State<'_, Shell>,
    connection: &str,
    id: String,
    edge: String,
    filter: Option<String>,
    order_by: Option<String>,
) -> Answer<()> {
    shell.monitor.create_live_query(connection, LiveQuery { id, edge, filter, order_by })
}

#[tauri::command(async)]
fn destroy_live_query(shell: State<'_, Shell>, connection: &str, id: String) -> Answer<()> {
    shell.monitor.ask(connection, Ask::DestroyLiveQuery(id))
}

#[tauri::command]
async fn test_connection(shell: State<'_, Shell>, draft: ConnectionDraft) -> Answer<Tested> {
    shell.monitor.test_connection(draft).await
}

#[tauri::command]
async fn add_connection(shell: State<'_, Shell>, draft: ConnectionDraft) -> Answer<()> {
    shell.monitor.add_connection(draft).await
}

#[tauri::command]
async fn edit_connection(shell: State<'_, Shell>, name: String, draft: ConnectionDraft) -> Answer<()> {
    shell.monitor.edit_connection(&name, draft).await
}

#[tauri::command(async)]
fn connection_draft(shell: State<'_, Shell>, name: &str) -> Answer<ConnectionDraft> {
    shell.monitor.connection_draft(name)
}

#[tauri::command]
async fn set_enabled(shell: State<'_, Shell>, name: String, enabled: bool) -> Answer<()> {
    shell.monitor.set_enabled(&name, enabled).await
}

#[tauri::command]
async fn remove_connection(shell: State<'_, Shell>, name: String) -> Answer<()> {
    shell.monitor.remove_connection(&name).await
}

#[tauri::command]
async fn set_credential(shell: State<'_, Shell>, name: String, secret: String, keep: Keep) -> Answer<()> {
    shell.monitor.set_credential(&name, SecretString::from(secret), &keep).await
}

#[tauri::command(async)]
fn retry(shell: State<'_, Shell>, name: &str) -> Answer<()> {
    shell.monitor.retry(name)
}

#[tauri::command]
async fn start_demo(shell: State<'_, Shell>) -> Answer<()> {
    shell.start_demo().await
}

#[tauri::command]
async fn stop_demo(shell: State<'_, Shell>) -> Answer<()> {
    shell.stop_demo().await;
    Ok(())
}

#[tauri::command]
async fn test_notification(shell: State<'_, Shell>) -> Answer<()> {
    let notice = Notice {
        key: "test".into(),
        severity: Severity::Low,
        title: "Notifications work".into(),
        body:
            "Signalbox tells you here when a lock you watch is opened, a job fails, or a connection needs a credential."
                .into(),
        opens: Opens::Nothing,
        picture: None,
        sound: false,
    };
    let shown = shell.notifications.test(notice).await;
    shown.map_err(|message| CommandError { code: ErrorCode::Internal, message })
}

#[tauri::command(async)]
fn acknowledge(shell: State<'_, Shell>, alerts: Vec<String>, until: Option<Millis>, note: &str) -> Answer<u32> {
    shell.monitor.acknowledge(&alerts, until, note)
}

#[tauri::command(async)]
fn unacknowledge(shell: State<'_, Shell>, alerts: Vec<String>) -> Answer<u32> {
    shell.monitor.unacknowledge(&alerts)
}

#[tauri::command(async)]
fn silence(shell: State<'_, Shell>, matcher: MatcherDraft, until: Millis, note: &str) -> Answer<u64> {
    shell.monitor.silence(&matcher, until, note)
}

#[tauri::command(async)]
fn end_silence(shell: State<'_, Shell>, id: u64) -> Answer<()> {
    shell.monitor.end_silence(id)
}

#[tauri::command(async)]
fn would_silence(shell: State<'_, Shell>, matcher: MatcherDraft) -> Answer<u32> {
    Ok(shell.monitor.would_silence(&matcher))
}

#[tauri::command(async)]
fn save_rule(shell: State<'_, Shell>, name: Option<String>, draft: RuleDraft) -> Answer<()> {
    shell.monitor.save_rule(name.as_deref(), &draft)
}

#[tauri::command(async)]
fn remove_rule(shell: State<'_, Shell>, name: &str) -> Answer<()> {
    shell.monitor.remove_rule(name)
}

#[tauri::command(async)]
fn set_rule_enabled(shell: State<'_, Shell>, name: &str, enabled: bool) -> Answer<()> {
    shell.monitor.set_rule_enabled(name, enabled)
}

#[tauri::command(async)]
fn check_rule(shell: State<'_, Shell>, draft: RuleDraft) -> Answer<RuleCheck> {
    Ok(shell.monitor.check_rule(&draft))
}

#[tauri::command]
async fn try_rule(shell: State<'_, Shell>, draft: RuleDraft, hours: u32) -> Answer<RuleTrial> {
    let monitor = shell.monitor.clone();
    long(move || monitor.try_rule(&draft, hours)).await
}

#[tauri::command]
async fn save_picture(app: AppHandle, shell: State<'_, Shell>, picture: PictureDraft) -> Answer<String> {
    let (monitor, folder) = (shell.monitor.clone(), folder(&app)?);
    long(move || monitor.save_picture(&picture, &folder)).await
}

#[tauri::command]
async fn save_report(app: AppHandle, shell: State<'_, Shell>, hours: u32, scope: Scope) -> Answer<String> {
    let (monitor, folder) = (shell.monitor.clone(), folder(&app)?);
    long(move || monitor.save_report(hours, &scope, &folder)).await
}

#[tauri::command]
async fn save_events(
    app: AppHandle,
    shell: State<'_, Shell>,
    scope: Scope,
    filter: String,
    past: Option<Span>,
    format: EventsFormat,
) -> Answer<Saved> {
    let (monitor, folder) = (shell.monitor.clone(), folder(&app)?);
    long(move || monitor.save_events(&scope, &filter, past, format, &folder)).await
}

#[tauri::command]
async fn save_text(
    app: AppHandle,
    shell: State<'_, Shell>,
    title: String,
    kind: TextKind,
    text: String,
) -> Answer<String> {
    let (monitor, folder) = (shell.monitor.clone(), folder(&app)?);
    long(move || monitor.save_text(&title, kind, &text, &folder)).await
}

#[tauri::command(async)]
fn dismiss_away(shell: State<'_, Shell>) -> Answer<()> {
    shell.monitor.dismiss_away();
    Ok(())
}

#[tauri::command(async)]
fn settings(shell: State<'_, Shell>) -> Answer<SettingsDraft> {
    Ok(shell.monitor.settings())
}

#[tauri::command(async)]
fn save_settings(shell: State<'_, Shell>, settings: SettingsDraft) -> Answer<()> {
    shell.monitor.save_settings(settings)
}

#[tauri::command(async)]
fn history(shell: State<'_, Shell>) -> Answer<HistoryState> {
    Ok(shell.monitor.history_state())
}

#[tauri::command(async)]
fn places(shell: State<'_, Shell>, spec: monitor::view::PlacesSpec) -> Answer<monitor::view::Places> {
    Ok(shell.monitor.places(&spec))
}

/// Does what takes long where it keeps nobody waiting.
async fn long<T: Send + 'static>(work: impl FnOnce() -> Answer<T> + Send + 'static) -> Answer<T> {
    let done = tauri::async_runtime::spawn_blocking(work).await;
    done.unwrap_or_else(|error| Err(CommandError { code: ErrorCode::Internal, message: error.to_string() }))
}

/// Where files are saved: the folder for downloads, or the home folder where the system names none.
fn folder(app: &AppHandle) -> Answer<PathBuf> {
    let folder = app.path().download_dir().or_else(|_| app.path().home_dir());
    folder.map_err(|error| CommandError {
        code: ErrorCode::Internal,
        message: format!("This system names no folder to save files in: {error}."),
    })
}

#[cfg(test)]
mod tests {
    use super::NAMES;

    #[test]
    fn the_page_knows_exactly_these_and_may_call_exactly_these() {
        let types = monitor::view::typescript::source();
        let declared =
            types.split_once("export interface Commands {").expect("the page's types declare the commands").1;
        let known: Vec<&str> = declared
            .lines()
            .filter(|line| !line.trim_start().starts_with('*'))
            .filter_map(|line| line.trim_start().split_once(": ["))
            .map(|(name, _)| name)
            .collect();
        assert_eq!(known, NAMES);

        let permissions = include_str!("../../permissions/page.toml");
        let allowed: Vec<&str> =
            permissions.lines().filter_map(|line| line.trim().strip_prefix('"')?.strip_suffix("\",")).collect();
        assert_eq!(allowed, NAMES);
    }
}
