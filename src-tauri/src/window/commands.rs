//! What the page may call. The names, arguments and answers are `Commands` of `monitor::view::typescript`.
//!
//! None runs on the window's own thread: `(async)` takes those that wait for nothing off it too.

use monitor::view::picture::Severity;
use monitor::view::{
    About, CommandError, ConnectionDraft, DesktopState, ErrorCode, EventsFormat, Found, Frame, HistoryState,
    ImportChoice, ImportPlan, Imported, Keep, MatcherDraft, Millis, PictureDraft, RuleCheck, RuleDraft, RuleTrial,
    Saved, Scope, SeriesSpec, SettingsDraft, Span, TestState, TextKind, ViewSpec,
};
use std::path::{Path, PathBuf};

use monitor::{Monitor, Notice, Opens};
use protocol::Ask;
use protocol::config::LiveQuery;
use secrecy::SecretString;
use tauri::ipc::{Invoke, Response};
use tauri::{AppHandle, Manager, State, Webview};

use super::exports::{self, Exports};
use super::login::Login;
use super::presence::Presence;
use super::shell::Shell;
use super::{LABEL, tray};

pub(super) type Answer<T> = Result<T, CommandError>;

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
    look,
    find,
    series,
    about,
    event_json,
    stored_event_json,
    reveal_code,
    run_query,
    stop_query,
    create_live_query,
    destroy_live_query,
    begin_test,
    test_state,
    end_test,
    add_connection,
    edit_connection,
    connection_draft,
    read_connection,
    export_connections,
    plan_import,
    import_connections,
    set_enabled,
    remove_connection,
    restore_connection,
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
    show_file,
    dismiss_away,
    desktop,
    set_start_at_login,
    page_place,
    keep_page_place,
    set_zoom,
    set_unsaved,
    close_window,
    toggle_full_screen,
    quit,
    settings,
    save_settings,
    history,
    show_history,
    places,
    tiles,
    retry_tiles,
];

#[tauri::command(async)]
fn pull(shell: State<'_, Shell>, webview: Webview, spec: ViewSpec) -> Answer<Frame> {
    Ok(shell.monitor.pull(webview.label(), &spec))
}

#[tauri::command(async)]
fn look(shell: State<'_, Shell>, spec: ViewSpec) -> Answer<Frame> {
    Ok(shell.monitor.look(&spec))
}

#[tauri::command(async)]
fn find(shell: State<'_, Shell>, text: &str) -> Answer<Vec<Found>> {
    Ok(shell.monitor.find(text))
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
fn stop_query(shell: State<'_, Shell>, connection: &str, run: u32) -> Answer<()> {
    shell.monitor.stop_query(connection, run)
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
async fn begin_test(shell: State<'_, Shell>, draft: ConnectionDraft) -> Answer<u32> {
    shell.monitor.begin_test(draft)
}

#[tauri::command(async)]
fn test_state(shell: State<'_, Shell>, test: u32) -> Answer<TestState> {
    shell.monitor.test_state(test)
}

#[tauri::command(async)]
fn end_test(shell: State<'_, Shell>, test: u32) -> Answer<()> {
    shell.monitor.end_test(test);
    Ok(())
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

#[tauri::command(async)]
fn read_connection(shell: State<'_, Shell>, text: &str) -> Answer<ConnectionDraft> {
    shell.monitor.read_connection(text)
}

#[tauri::command(async)]
fn export_connections(shell: State<'_, Shell>, names: Option<Vec<String>>, rules: bool) -> Answer<String> {
    shell.monitor.export_connections(names.as_deref(), rules)
}

#[tauri::command(async)]
fn plan_import(shell: State<'_, Shell>, text: &str) -> Answer<ImportPlan> {
    shell.monitor.plan_import(text)
}

#[tauri::command]
async fn import_connections(
    shell: State<'_, Shell>,
    text: String,
    choices: Vec<ImportChoice>,
    rules: bool,
) -> Answer<Imported> {
    shell.monitor.import(&text, &choices, rules).await
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
async fn restore_connection(shell: State<'_, Shell>, name: String) -> Answer<()> {
    shell.monitor.restore_connection(&name).await
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
    let shown = shell.desktop.notifications.test(notice).await;
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
async fn save_picture(app: AppHandle, picture: PictureDraft) -> Answer<String> {
    exports::save(&app, move |monitor, folder| monitor.save_picture(&picture, folder), String::as_str).await
}

#[tauri::command]
async fn save_report(app: AppHandle, hours: u32, scope: Scope) -> Answer<String> {
    exports::save(&app, move |monitor, folder| monitor.save_report(hours, &scope, folder), String::as_str).await
}

#[tauri::command]
async fn save_events(
    app: AppHandle,
    scope: Scope,
    filter: String,
    past: Option<Span>,
    format: EventsFormat,
) -> Answer<Saved> {
    let save = move |monitor: &Monitor, folder: &Path| monitor.save_events(&scope, &filter, past, format, folder);
    exports::save(&app, save, |saved| &saved.place).await
}

#[tauri::command]
async fn save_text(app: AppHandle, title: String, kind: TextKind, text: String) -> Answer<String> {
    exports::save(&app, move |monitor, folder| monitor.save_text(&title, kind, &text, folder), String::as_str).await
}

/// Shows a file that was saved here; no other place of the system is opened for the page.
#[tauri::command]
async fn show_file(exports: State<'_, Exports>, place: PathBuf) -> Answer<()> {
    let not_found =
        |why: &str| Err(CommandError { code: ErrorCode::NotFound, message: format!("{} {why}", place.display()) });
    if !exports.knows(&place) {
        return not_found("was not saved since Signalbox was started: it is not shown from here.");
    }
    if !place.is_file() {
        return not_found("is not there any more.");
    }
    show_in_folder(place).await
}

#[tauri::command(async)]
fn dismiss_away(shell: State<'_, Shell>) -> Answer<()> {
    shell.monitor.dismiss_away();
    Ok(())
}

#[tauri::command]
async fn desktop(app: AppHandle, shell: State<'_, Shell>, login: State<'_, Login>) -> Answer<DesktopState> {
    let (starts_at_login, login_problem) = match login.is_on() {
        Ok(is_on) => (Some(is_on), None),
        Err(problem) => (None, Some(problem)),
    };
    let says = shell.desktop.tray.words();
    let downloads = exports::downloads(&app).ok().map(|folder| folder.display().to_string());
    Ok(DesktopState { tray: tray::is_there().await, says, starts_at_login, login_problem, downloads })
}

#[tauri::command]
async fn set_start_at_login(
    app: AppHandle,
    shell: State<'_, Shell>,
    login: State<'_, Login>,
    on: bool,
) -> Answer<DesktopState> {
    login.set(on).map_err(|message| CommandError { code: ErrorCode::Internal, message })?;
    desktop(app, shell, login).await
}

#[tauri::command(async)]
fn page_place(presence: State<'_, Presence>) -> Answer<Option<String>> {
    Ok(presence.page())
}

#[tauri::command(async)]
fn keep_page_place(presence: State<'_, Presence>, place: String) -> Answer<()> {
    presence.set_page(place);
    Ok(())
}

#[tauri::command(async)]
fn set_zoom(webview: Webview, percent: u16) -> Answer<f64> {
    let factor = f64::from(percent.clamp(50, 400)) / 100.0;
    webview.set_zoom(factor).map_err(not_done)?;
    // WebView2 tells the page of its zoom itself, WebKit does not.
    Ok(if cfg!(windows) { 1.0 } else { factor })
}

#[tauri::command(async)]
fn set_unsaved(presence: State<'_, Presence>, on: bool) -> Answer<()> {
    presence.set_unsaved(on);
    Ok(())
}

#[tauri::command(async)]
fn close_window(app: AppHandle) -> Answer<()> {
    // The page has asked.
    app.state::<Presence>().set_unsaved(false);
    with_window(&app, |window| window.close())
}

#[tauri::command(async)]
fn toggle_full_screen(app: AppHandle) -> Answer<()> {
    with_window(&app, |window| window.set_fullscreen(!window.is_fullscreen()?))
}

#[tauri::command(async)]
fn quit(app: AppHandle) -> Answer<()> {
    app.exit(0);
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

#[tauri::command]
async fn show_history(shell: State<'_, Shell>) -> Answer<()> {
    let place = PathBuf::from(shell.monitor.history_state().place);
    if !place.is_file() {
        return Err(CommandError { code: ErrorCode::NotFound, message: "There is no file of a history here.".into() });
    }
    show_in_folder(place).await
}

#[tauri::command(async)]
fn places(shell: State<'_, Shell>, spec: monitor::view::PlacesSpec) -> Answer<monitor::view::Places> {
    Ok(shell.monitor.places(&spec))
}

#[tauri::command(async)]
fn tiles(shell: State<'_, Shell>) -> Answer<monitor::view::TilesState> {
    Ok(shell.monitor.tiles())
}

#[tauri::command(async)]
fn retry_tiles(shell: State<'_, Shell>) -> Answer<()> {
    shell.monitor.retry_tiles();
    Ok(())
}

fn with_window(app: &AppHandle, act: impl FnOnce(&tauri::WebviewWindow) -> tauri::Result<()>) -> Answer<()> {
    let acted = app.get_webview_window(LABEL).map_or(Ok(()), |window| act(&window));
    acted.map_err(not_done)
}

fn not_done(error: tauri::Error) -> CommandError {
    CommandError { code: ErrorCode::Internal, message: format!("The window did not do that: {error}.") }
}

async fn show_in_folder(place: PathBuf) -> Answer<()> {
    long(move || {
        super::reveal::reveal(&place).map_err(|error| CommandError {
            code: ErrorCode::File,
            message: format!("No file manager could be opened: {error}. The file is {}.", place.display()),
        })
    })
    .await
}

/// Does what takes long where it keeps nobody waiting.
pub(super) async fn long<T: Send + 'static>(work: impl FnOnce() -> Answer<T> + Send + 'static) -> Answer<T> {
    let done = tauri::async_runtime::spawn_blocking(work).await;
    done.unwrap_or_else(|error| Err(CommandError { code: ErrorCode::Internal, message: error.to_string() }))
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
