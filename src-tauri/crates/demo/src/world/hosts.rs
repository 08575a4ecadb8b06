//! Hosts of two organisations: some quick, some slow, some away, one that answers with an error.

use super::random::Random;

/// The organisations, by id.
pub(crate) const ORGS: [&str; 2] = ["org_nordwind", "org_halden"];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Temper {
    Quick,
    Slow,
    /// Its agent cannot answer queries.
    Broken,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Host {
    pub(crate) id: String,
    pub(crate) org: &'static str,
    pub(crate) hostname: String,
    pub(crate) platform: &'static str,
    pub(crate) os_version: &'static str,
    pub(crate) ip_address: String,
    pub(crate) online: bool,
    pub(crate) temper: Temper,
    /// What decides the rows of its tables.
    pub(crate) seed: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum HostEventKind {
    Online,
    Offline,
    Enrolled,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct HostEvent {
    pub(crate) kind: HostEventKind,
    pub(crate) host: Host,
}

const FIRST: [usize; 2] = [24, 12];
/// No organisation enrols more hosts than this.
const MOST: usize = 60;
const ROLES: [&str; 6] = ["web", "db", "cache", "build", "edge", "mail"];
const SITES: [&str; 4] = ["fra", "hel", "ams", "tll"];
const SYSTEMS: [(&str, &str); 5] =
    [("ubuntu", "24.04.1 LTS"), ("debian", "12.8"), ("rhel", "9.5"), ("darwin", "15.1"), ("windows", "10.0.20348")];

#[derive(Debug)]
pub(crate) struct Hosts {
    random: Random,
    hosts: Vec<Host>,
}

impl Hosts {
    pub(crate) fn new(seed: u64) -> Self {
        let mut hosts = Hosts { random: Random::of(seed, "hosts"), hosts: Vec::new() };
        for (org, count) in ORGS.into_iter().zip(FIRST) {
            for index in 0..count {
                let host = hosts.enrol(org);
                // Each kind is there whatever the seed.
                let (online, temper) = match index {
                    0 | 1 => (true, Temper::Quick),
                    2 => (true, Temper::Slow),
                    3 => (false, Temper::Quick),
                    4 => (true, Temper::Broken),
                    _ => {
                        (hosts.random.chance(0.9), if hosts.random.chance(0.25) { Temper::Slow } else { Temper::Quick })
                    }
                };
                hosts.hosts.push(Host { online, temper, ..host });
            }
        }
        hosts
    }

    pub(crate) fn step(&mut self, count: usize, events: &mut Vec<HostEvent>) {
        for _ in 0..count {
            if self.random.chance(0.06) {
                let org = self.random.pick(&ORGS);
                if self.of(org).count() < MOST {
                    let host = self.enrol(org);
                    self.hosts.push(host.clone());
                    events.push(HostEvent { kind: HostEventKind::Enrolled, host });
                    continue;
                }
            }
            // Those that are away come back sooner than others go.
            let away = self.hosts.iter().filter(|host| !host.online).count();
            let back = away > 0 && self.random.chance(if away > 5 { 0.8 } else { 0.4 });
            let among: Vec<usize> = (0..self.hosts.len()).filter(|&index| self.hosts[index].online != back).collect();
            if !among.is_empty() {
                let index = self.random.pick(&among);
                events.push(self.turn(index, back));
            }
        }
    }

    /// Takes a host off or on, by id or name; `None` when there is no such host.
    pub(crate) fn set_online(&mut self, id: &str, online: bool) -> Option<HostEvent> {
        let index = self.hosts.iter().position(|host| host.id == id || host.hostname == id)?;
        Some(self.turn(index, online))
    }

    pub(crate) fn of<'a>(&'a self, org: &'a str) -> impl Iterator<Item = &'a Host> {
        self.hosts.iter().filter(move |host| host.org == org)
    }

    fn turn(&mut self, index: usize, online: bool) -> HostEvent {
        let host = &mut self.hosts[index];
        host.online = online;
        let kind = if online { HostEventKind::Online } else { HostEventKind::Offline };
        HostEvent { kind, host: host.clone() }
    }

    fn enrol(&mut self, org: &'static str) -> Host {
        let number = self.hosts.len() + 1;
        let (platform, os_version) = SYSTEMS[self.random.weighted(&[8.0, 5.0, 3.0, 1.0, 1.5])];
        Host {
            id: self.random.uuid(),
            org,
            hostname: format!("{}-{}-{number:02}", self.random.pick(&ROLES), self.random.pick(&SITES)),
            platform,
            os_version,
            ip_address: format!(
                "10.{}.{}.{}",
                20 + self.random.below(4),
                self.random.below(250),
                2 + self.random.below(250)
            ),
            online: true,
            temper: Temper::Quick,
            seed: self.random.next(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_seed_has_the_same_hosts_within_their_bound() {
        let run = |seed| {
            let mut hosts = Hosts::new(seed);
            let mut events = Vec::new();
            for _ in 0..5_000 {
                hosts.step(1, &mut events);
            }
            for org in ORGS {
                let away = hosts.of(org).filter(|host| !host.online).count();
                assert!(hosts.of(org).count() <= MOST && away <= 20, "{away} away");
            }
            events
        };
        assert_eq!(run(1), run(1));
        assert_ne!(run(1), run(2));
    }

    #[test]
    fn every_organisation_has_every_kind_of_host() {
        for seed in 0..20 {
            let hosts = Hosts::new(seed);
            for org in ORGS {
                assert!(hosts.of(org).any(|host| !host.online));
                assert!(hosts.of(org).any(|host| host.temper == Temper::Slow && host.online));
                assert!(hosts.of(org).any(|host| host.temper == Temper::Broken && host.online));
            }
        }
    }
}
