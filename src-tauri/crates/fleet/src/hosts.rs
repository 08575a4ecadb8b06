//! Hosts: whether they are there and what they are.

use compact_str::CompactString;
use protocol::Timestamp;
use protocol::event::HostChange;

use crate::applied::{Applied, supersedes};
use crate::bounds::Bounds;
use crate::counters::{Cause, Counters};
use crate::devices::Heard;
use crate::table::{Row, Table, clipped};

/// The hosts of a connection, by org and host id.
#[derive(Debug)]
pub struct Hosts {
    table: Table<Host>,
    online: usize,
    version: u64,
    id_bytes: usize,
}

/// A host.
#[derive(Debug, Clone)]
pub struct Host {
    /// The org it belongs to.
    pub org: CompactString,
    /// `host_id`.
    pub id: CompactString,
    /// Whether it is connected; `None` when only its enrolment was told.
    pub online: Option<bool>,
    /// Since when that is so.
    pub since: Option<Timestamp>,
    /// When it was enrolled, where that was told.
    pub enrolled_at: Option<Timestamp>,
    /// `hostname`.
    pub hostname: Option<CompactString>,
    /// `platform`.
    pub platform: Option<CompactString>,
    /// `os_version`.
    pub os_version: Option<CompactString>,
    /// `ip_address`.
    pub ip_address: Option<CompactString>,
    /// When anything came of it, by our clock.
    pub heard: Timestamp,
    presence_at: Timestamp,
}

impl Hosts {
    pub(crate) fn new(bounds: &Bounds) -> Self {
        Hosts { table: Table::new(bounds.hosts), online: 0, version: 0, id_bytes: bounds.id_bytes }
    }

    /// All hosts.
    pub fn rows(&self) -> &[Host] {
        self.table.rows()
    }

    /// The place of a host of an organisation in `rows`.
    pub fn position(&self, org: &str, host: &str) -> Option<usize> {
        self.table.position(org, host)
    }

    /// A host of an org.
    pub fn get(&self, org: &str, host: &str) -> Option<&Host> {
        self.table.get2(org, host)
    }

    /// Hosts that are connected.
    pub fn online(&self) -> usize {
        self.online
    }

    /// Grows with each change.
    pub fn version(&self) -> u64 {
        self.version
    }

    pub(crate) fn apply(
        &mut self,
        event: &protocol::event::Host<'_>,
        heard: Heard,
        counters: &mut Counters,
    ) -> Applied {
        let position = match self.table.position(event.org, &event.host) {
            Some(position) => position,
            None => {
                if event.host.is_empty() || event.host.len() > self.id_bytes || event.org.len() > self.id_bytes {
                    counters.drop(Cause::Hosts, 1);
                    return Applied::Refused;
                }
                let (position, old) = self.table.push_or_replace(Host::new(event.org, &event.host, heard.received));
                if let Some(old) = old {
                    self.online -= usize::from(old.online == Some(true));
                    counters.drop(Cause::Hosts, 1);
                }
                position
            }
        };
        self.version += 1;
        let limit = self.id_bytes;
        let host = self.table.at_mut(position);
        host.heard = host.heard.max(heard.received);
        let late = !supersedes(heard.at, host.presence_at, heard.received);
        for (known, told) in [
            (&mut host.hostname, &event.hostname),
            (&mut host.platform, &event.platform),
            (&mut host.os_version, &event.os_version),
            (&mut host.ip_address, &event.ip_address),
        ] {
            if let Some(told) = told
                && (known.is_none() || !late)
            {
                *known = Some(clipped(told, limit));
            }
        }
        let online = match event.change {
            HostChange::Enrolled => {
                host.enrolled_at = Some(heard.at);
                return Applied::Taken;
            }
            HostChange::Online => true,
            HostChange::Offline => false,
        };
        if late {
            return Applied::Late;
        }
        host.presence_at = heard.at;
        let before = host.online.replace(online);
        if before == Some(online) {
            return Applied::Taken;
        }
        host.since = Some(heard.at);
        self.online = self.online + usize::from(online) - usize::from(before == Some(true));
        Applied::PresenceChanged { online }
    }
}

impl Host {
    fn new(org: &str, id: &str, heard: Timestamp) -> Self {
        Host {
            org: org.into(),
            id: id.into(),
            online: None,
            since: None,
            enrolled_at: None,
            hostname: None,
            platform: None,
            os_version: None,
            ip_address: None,
            heard,
            presence_at: Timestamp(i64::MIN),
        }
    }
}

impl Row for Host {
    fn key(&self) -> (&str, &str) {
        (&self.org, &self.id)
    }

    fn touched(&self) -> Timestamp {
        self.heard
    }
}
