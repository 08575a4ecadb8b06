//! What the window's commands share: the monitor, the desktop, and the demo fleet while it runs.

use std::time::Duration;

use demo::{DemoFleet, Options};
use monitor::Monitor;
use monitor::view::{CommandError, ErrorCode};
use store::Configuration;
use tokio::sync::Mutex;

use super::desktop::Desktop;

/// How long connections may take to leave when the window is closed.
const LEAVING: Duration = Duration::from_secs(2);

pub(super) struct Shell {
    pub(super) monitor: Monitor,
    pub(super) desktop: Desktop,
    demo: Mutex<Option<DemoFleet>>,
}

impl Shell {
    pub(super) fn new(monitor: Monitor, desktop: Desktop) -> Self {
        Shell { monitor, desktop, demo: Mutex::default() }
    }

    /// Starts the demo fleet in this process and connects to it, unless it runs. Nothing is written anywhere.
    pub(super) async fn start_demo(&self) -> Result<(), CommandError> {
        let mut demo = self.demo.lock().await;
        if demo.is_some() {
            return Ok(());
        }
        let failed = |message: String| CommandError { code: ErrorCode::Internal, message };
        let fleet = DemoFleet::start(Options::default()).await.map_err(|error| failed(error.to_string()))?;
        let configuration = Configuration::parse(&fleet.configuration(), "the demo's configuration");
        let connections = configuration.map_err(|error| failed(error.to_string()))?.connections;
        let token =
            |name: &str| fleet.services().iter().find(|service| service.name == name).map(|found| found.token.clone());
        let connections = connections.into_iter().filter_map(|connection| {
            let token = token(&connection.name)?;
            Some((connection, token))
        });
        self.monitor.adopt(connections.collect()).await;
        *demo = Some(fleet);
        Ok(())
    }

    /// Leaves the demo fleet and ends it, if it runs.
    pub(super) async fn stop_demo(&self) {
        let mut demo = self.demo.lock().await;
        if let Some(fleet) = demo.take() {
            self.monitor.dismiss().await;
            fleet.shutdown().await;
        }
    }

    /// Leaves all connections, in 2 s at most.
    pub(super) async fn end(&self) {
        if tokio::time::timeout(LEAVING, self.monitor.shutdown()).await.is_err() {
            tracing::warn!("some connections did not leave within {LEAVING:?}; they are cut");
        }
    }
}
