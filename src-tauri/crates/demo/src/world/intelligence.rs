//! What an intelligence feed reports: signals, alerts that are issued and cleared, threats, earthquakes and aircraft.

use super::random::Random;

/// An alert is cleared after so many ticks at most (two minutes).
const LONGEST_ALERT: u64 = 6_000;
/// No more alerts than this stand at once.
const STANDING: usize = 5;

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Report {
    Signal(Signal),
    AlertIssued {
        id: String,
        threat: &'static str,
        cities: Vec<&'static str>,
        severity: &'static str,
    },
    AlertCleared {
        id: String,
    },
    Threat {
        id: String,
        actor: &'static str,
        family: &'static str,
        target: &'static str,
        severity: u8,
        count: u64,
    },
    Earthquake {
        id: String,
        place: &'static str,
        magnitude: f64,
        depth_km: f64,
        lat: f64,
        lng: f64,
    },
    Aircraft {
        icao: String,
        callsign: String,
        lat: f64,
        lng: f64,
        altitude: u32,
        speed: f64,
        heading: f64,
    },
    /// Something that the service's documents do not name.
    Undocumented {
        number: u64,
    },
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Signal {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) description: &'static str,
    pub(crate) category: &'static str,
    pub(crate) severity: u8,
    pub(crate) lat: f64,
    pub(crate) lng: f64,
    pub(crate) tags: [&'static str; 2],
}

#[derive(Clone, Copy)]
struct Place {
    name: &'static str,
    lat: f64,
    lng: f64,
}

const PLACES: [Place; 10] = [
    Place { name: "Gulf of Finland", lat: 59.9, lng: 25.6 },
    Place { name: "Gotland", lat: 57.5, lng: 18.5 },
    Place { name: "Strait of Hormuz", lat: 26.6, lng: 56.3 },
    Place { name: "Bab el-Mandeb", lat: 12.6, lng: 43.3 },
    Place { name: "Rotterdam", lat: 51.95, lng: 4.14 },
    Place { name: "Odesa", lat: 46.48, lng: 30.72 },
    Place { name: "Taiwan Strait", lat: 24.5, lng: 119.5 },
    Place { name: "Suez", lat: 29.97, lng: 32.55 },
    Place { name: "Haifa", lat: 32.82, lng: 34.99 },
    Place { name: "Busan", lat: 35.1, lng: 129.04 },
];

#[derive(Clone, Copy)]
struct Theme {
    title: &'static str,
    description: &'static str,
    category: &'static str,
    tags: [&'static str; 2],
}

const THEMES: [Theme; 7] = [
    Theme {
        title: "Vessel without transponder near",
        description: "A vessel stopped sending its position and was seen again two hours later.",
        category: "maritime",
        tags: ["ais", "gap"],
    },
    Theme {
        title: "GPS interference around",
        description: "Aircraft report positions that jump by several kilometres.",
        category: "electronic",
        tags: ["gnss", "jamming"],
    },
    Theme {
        title: "Airspace notice for",
        description: "A temporary restriction was published without a stated reason.",
        category: "airspace",
        tags: ["notam", "restriction"],
    },
    Theme {
        title: "Cable fault reported off",
        description: "Two operators report loss on the same route within minutes.",
        category: "infrastructure",
        tags: ["cable", "outage"],
    },
    Theme {
        title: "Unusual freight rates at",
        description: "Spot rates moved more than four deviations from the month.",
        category: "economic",
        tags: ["freight", "rates"],
    },
    Theme {
        title: "Demonstration announced in",
        description: "Calls to gather were shared widely in the last hour.",
        category: "civil",
        tags: ["protest", "social"],
    },
    Theme {
        title: "Explosions heard near",
        description: "Several independent accounts with matching times.",
        category: "kinetic",
        tags: ["strike", "osint"],
    },
];

const THREATS: [&str; 4] = ["Rocket fire", "Hostile aircraft", "Tsunami", "Hazardous material"];
const CITIES: [&str; 8] = ["Haifa", "Ashdod", "Nahariya", "Acre", "Tiberias", "Sderot", "Ashkelon", "Netanya"];
const ACTORS: [&str; 4] = ["unattributed", "UNC-4821", "UNC-1190", "Copper Heron"];
const FAMILIES: [&str; 4] = ["scan", "credential stuffing", "wiper", "ransomware"];
const TARGETS: [&str; 4] = ["ports", "energy", "hospitals", "logistics"];
const FAULTS: [(&str, f64, f64); 4] = [
    ("42 km SSE of Hualien", 23.7, 121.7),
    ("Aegean Sea", 38.9, 25.1),
    ("Kamchatka", 52.6, 159.8),
    ("Reykjanes", 63.9, -22.3),
];

/// The world as the feed sees it.
#[derive(Debug)]
pub(crate) struct Intelligence {
    random: Random,
    tick: u64,
    number: u64,
    /// Alerts that stand, with the tick at which they end.
    alerts: Vec<(u64, String)>,
    aircraft: Vec<Plane>,
}

#[derive(Debug)]
struct Plane {
    icao: String,
    callsign: String,
    lat: f64,
    lng: f64,
    altitude: u32,
    speed: f64,
    heading: f64,
}

impl Intelligence {
    /// `first` is where the numbers of its ids begin.
    pub(crate) fn new(seed: u64, first: u64) -> Self {
        let mut random = Random::of(seed, "intelligence");
        let aircraft = (0..24).map(|_| Plane::new(&mut random)).collect();
        Intelligence { random, tick: 0, number: first, alerts: Vec::new(), aircraft }
    }

    /// One tick, with `count` new reports; alerts whose time is over are cleared beside them.
    pub(crate) fn step(&mut self, count: usize, reports: &mut Vec<Report>) {
        self.tick += 1;
        for _ in 0..count {
            let report = match self.random.weighted(&[18.0, 0.15, 8.0, 2.0, 40.0, 0.6]) {
                0 => {
                    // Severe ones are rare, as they are: each is told natively.
                    let severity = 1 + self.random.weighted(&[45.0, 34.0, 20.4, 0.5, 0.1]) as u8;
                    self.signal(severity)
                }
                1 if self.alerts.len() < STANDING => self.issue(),
                2 => self.threat(),
                3 => self.earthquake(),
                5 => Report::Undocumented { number: self.number() },
                _ => self.aircraft(),
            };
            reports.push(report);
        }
        let now = self.tick;
        self.alerts.retain(|(end, id)| {
            let over = *end <= now;
            if over {
                reports.push(Report::AlertCleared { id: id.clone() });
            }
            !over
        });
    }

    pub(crate) fn signal(&mut self, severity: u8) -> Report {
        let theme = self.random.pick(&THEMES);
        let place = self.random.pick(&PLACES);
        let Theme { title, description, category, tags } = theme;
        Report::Signal(Signal {
            id: format!("sig-{:06}", self.number()),
            title: format!("{title} {}", place.name),
            description,
            category,
            severity: severity.clamp(1, 5),
            lat: place.lat + self.random.between(-0.4, 0.4),
            lng: place.lng + self.random.between(-0.4, 0.4),
            tags,
        })
    }

    pub(crate) fn issue(&mut self) -> Report {
        let id = format!("alert-{:05}", self.number());
        if self.alerts.len() < STANDING {
            let end = self.tick + 400 + self.random.below((LONGEST_ALERT - 400) as usize) as u64;
            self.alerts.push((end, id.clone()));
        }
        let first = self.random.below(CITIES.len());
        let cities = (0..=self.random.below(3)).map(|next| CITIES[(first + next) % CITIES.len()]).collect();
        let severity = ["ELEVATED", "HIGH", "CRITICAL"][self.random.below(3)];
        Report::AlertIssued { id, threat: self.random.pick(&THREATS), cities, severity }
    }

    /// Clears an alert before its time; `None` when it does not stand.
    pub(crate) fn clear(&mut self, id: &str) -> Option<Report> {
        let at = self.alerts.iter().position(|(_, alert)| alert == id)?;
        let (_, id) = self.alerts.remove(at);
        Some(Report::AlertCleared { id })
    }

    fn threat(&mut self) -> Report {
        Report::Threat {
            id: format!("pulse-{:05}", self.number()),
            actor: self.random.pick(&ACTORS),
            family: self.random.pick(&FAMILIES),
            target: self.random.pick(&TARGETS),
            severity: 1 + self.random.weighted(&[40.0, 36.0, 23.0, 0.8, 0.2]) as u8,
            count: 1 + self.random.below(4_000) as u64,
        }
    }

    fn earthquake(&mut self) -> Report {
        let (place, lat, lng) = self.random.pick(&FAULTS);
        // Small ones are many and large ones few.
        let magnitude = 2.4 - 0.6 * (1.0 - self.random.unit()).ln();
        Report::Earthquake {
            id: format!("eq-{:05}", self.number()),
            place,
            magnitude: magnitude.min(8.1),
            depth_km: self.random.between(3.0, 80.0),
            lat: lat + self.random.between(-0.2, 0.2),
            lng: lng + self.random.between(-0.2, 0.2),
        }
    }

    fn aircraft(&mut self) -> Report {
        let at = self.random.below(self.aircraft.len());
        let plane = &mut self.aircraft[at];
        plane.fly(&mut self.random);
        Report::Aircraft {
            icao: plane.icao.clone(),
            callsign: plane.callsign.clone(),
            lat: plane.lat,
            lng: plane.lng,
            altitude: plane.altitude,
            speed: plane.speed,
            heading: plane.heading,
        }
    }

    fn number(&mut self) -> u64 {
        self.number += 1;
        self.number
    }
}

impl Plane {
    fn new(random: &mut Random) -> Self {
        Plane {
            icao: format!("{:06x}", random.below(0x100_0000)),
            callsign: format!(
                "{}{}",
                random.pick(&["FIN", "BTI", "SAS", "DLH", "KLM", "RCH"]),
                100 + random.below(899)
            ),
            lat: random.between(48.0, 62.0),
            lng: random.between(4.0, 28.0),
            altitude: 1_000 * (20 + random.below(20)) as u32,
            speed: random.between(380.0, 490.0),
            heading: random.between(0.0, 360.0),
        }
    }

    /// A few seconds of flight; the edge of the watched area turns it back.
    fn fly(&mut self, random: &mut Random) {
        let inside = (47.0..63.0).contains(&self.lat) && (2.0..30.0).contains(&self.lng);
        self.heading = (self.heading + if inside { random.between(-3.0, 3.0) } else { 35.0 }).rem_euclid(360.0);
        let degrees = self.speed / 60.0 / 3600.0 * 8.0;
        self.lat = (self.lat + degrees * self.heading.to_radians().cos()).clamp(46.0, 64.0);
        self.lng = (self.lng + degrees * 1.7 * self.heading.to_radians().sin()).clamp(0.0, 32.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(seed: u64) -> Vec<Report> {
        let mut world = Intelligence::new(seed, 0);
        let mut reports = Vec::new();
        for _ in 0..20_000 {
            world.step(1, &mut reports);
        }
        reports
    }

    #[test]
    fn one_seed_reports_one_history() {
        assert_eq!(run(5), run(5));
        assert_ne!(run(5), run(6));
    }

    #[test]
    fn every_alert_is_cleared_once_after_it_was_issued() {
        let mut standing = std::collections::HashSet::new();
        let mut cleared = 0;
        for report in run(1) {
            match report {
                Report::AlertIssued { id, .. } => assert!(standing.insert(id)),
                Report::AlertCleared { id } => {
                    assert!(standing.remove(&id));
                    cleared += 1;
                }
                Report::Signal(signal) => assert!((1..=5).contains(&signal.severity)),
                _ => {}
            }
        }
        assert!(cleared > 10 && standing.len() <= STANDING, "{cleared} cleared, {} stand", standing.len());
    }
}
