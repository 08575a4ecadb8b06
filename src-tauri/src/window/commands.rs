//! What the page may call. The names, arguments and answers are `Commands` of `monitor::view::typescript`.
//!
//! None runs on the window's own thread: `(async)` takes those that wait for nothing off it too.

use monitor::view::picture::Severity;
use monitor::view::{About, CommandError, ConnectionDraft, ErrorCode, Frame, Keep, SeriesSpec, Tested, ViewSpec};
use monitor::{Notice, Opens};
use protocol::Ask;
use protocol::config::LiveQuery;
use secrecy::SecretString;
use tauri::ipc::{Invoke, Response};
use tauri::{State, Webview};

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
