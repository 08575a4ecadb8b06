//! What asks the program to end.

/// Waits until the program is asked to end: by Ctrl-C, or on Unix by SIGTERM or SIGHUP.
pub(crate) async fn asked() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        // Where a handler cannot be set, the signal ends the program as it would have without one.
        let (terminate, hang_up) = (signal(SignalKind::terminate()), signal(SignalKind::hangup()));
        let (Ok(mut terminate), Ok(mut hang_up)) = (terminate, hang_up) else { return interrupted().await };
        tokio::select! {
            () = interrupted() => {}
            _ = terminate.recv() => {}
            _ = hang_up.recv() => {}
        }
    }
    #[cfg(not(unix))]
    interrupted().await;
}

async fn interrupted() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
