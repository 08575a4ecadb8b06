//! A load server that listens.

use tokio::task::JoinSet;

use super::Load;
use crate::agenthq::AgentHq;
use crate::fleet::{self, KINDS, Started, Station};
use crate::hantera::Hantera;
use crate::hydra::Hydra;
use crate::hyprwatch::Hyprwatch;
use crate::iotee::Iotee;
use crate::{Control, Service, StartError};

/// One service of the named protocol that pours frames into each client that has authenticated and subscribed (to all devices of
/// the device service). It keeps the protocol's rules until then and while it pours; it stops when dropped.
#[derive(Debug)]
pub struct LoadServer {
    service: Service,
    control: Control,
    _tasks: JoinSet<()>,
}

impl LoadServer {
    /// Starts a load server; it accepts connections when this returns.
    ///
    /// # Errors
    /// A port that is taken, or a protocol that does not exist.
    pub async fn start(protocol: &str, load: Load) -> Result<LoadServer, StartError> {
        let kind = KINDS.into_iter().find(|kind| kind.protocol == protocol);
        let kind = kind.ok_or_else(|| StartError::Protocol(protocol.to_owned()))?;
        let station = Station::bind(kind, load.bind, 1).await?;
        let distinct = load.distinct;
        let load = Some(load);
        let (service, control, tasks): Started = match protocol {
            "hyprwatch" => station.run(|shared| Hyprwatch::new(shared, 1, 0.0), fleet::hyprwatch_orgs, load),
            "hydra" => station.run(|shared| Hydra::new(shared, 1, 0.0), fleet::hydra_streams, load),
            "hantera" => station.run(|shared| Hantera::new(shared, 1, 0.0), fleet::hantera_paths, load),
            "agenthq" => station.run(|shared| AgentHq::new(shared, 1, 0.0), fleet::agenthq_channels, load),
            _ => station.run(|shared| Iotee::new(shared, 1, distinct, 0.0, false), Iotee::device_ids, load),
        };
        let mut running = JoinSet::new();
        for task in tasks {
            running.spawn(task);
        }
        Ok(LoadServer { service, control, _tasks: running })
    }

    /// Where the server is, its token, and what to subscribe to.
    pub fn service(&self) -> &Service {
        &self.service
    }

    /// The control of the server; its `sent` counts the frames poured.
    pub fn control(&self) -> &Control {
        &self.control
    }
}
