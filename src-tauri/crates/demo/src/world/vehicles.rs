//! Vehicles that drive through their city, stop, are opened and locked, drain and charge, and lose their network now and then.

use super::random::Random;

/// What a vehicle reported or did. `device` is its index.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct VehicleEvent {
    pub(crate) device: usize,
    pub(crate) kind: VehicleEventKind,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum VehicleEventKind {
    Telemetry(Telemetry),
    Presence { online: bool },
    Lock { locked: bool, source: &'static str, code: Option<String>, number: u64 },
}

/// The fields of one report; those that are `None` are left out of it.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Telemetry {
    pub(crate) position: Option<(f64, f64)>,
    pub(crate) speed: Option<f64>,
    pub(crate) battery_voltage: Option<f64>,
    pub(crate) lock_status: Option<bool>,
    /// Whether this vehicle's firmware reports the lock as a boolean instead of a number.
    pub(crate) lock_as_boolean: bool,
    pub(crate) cargo_temperature: Option<f64>,
    pub(crate) odometer_km: Option<f64>,
    pub(crate) door_open: Option<bool>,
    pub(crate) firmware: Option<&'static str>,
}

/// The ways to open and close a lock, as the wire names them.
pub(crate) const SOURCES: [&str; 4] = ["rfid", "keypad", "key", "remote"];

const CITIES: [(f64, f64); 6] = [
    (59.4370, 24.7536),
    (60.1699, 24.9384),
    (56.9496, 24.1052),
    (52.5200, 13.4050),
    (51.9244, 4.4777),
    (37.7749, -122.4194),
];
const FIRMWARE: [&str; 3] = ["4.2.1", "4.2.3", "4.3.0-rc1"];
/// How long a vehicle keeps its network on average, in seconds.
const SECONDS_ONLINE: f64 = 1_200.0;
/// How often a vehicle that is online says so again, in seconds.
const SECONDS_PRESENT: f64 = 30.0;
const FULL_VOLTS: f64 = 12.85;
const EMPTY_VOLTS: f64 = 11.75;
/// What a worn battery comes down to, and what it can be charged to.
const WORN_VOLTS: (f64, f64) = (11.1, 11.6);

/// All vehicles of the fleet.
#[derive(Debug)]
pub(crate) struct Vehicles {
    random: Random,
    ids: Vec<Box<str>>,
    vehicles: Vec<Vehicle>,
    cursor: usize,
    /// Simulated seconds between two reports of one vehicle.
    interval: f64,
    lock_events: u64,
}

#[derive(Debug)]
struct Vehicle {
    city: (f64, f64),
    from: (f64, f64),
    to: (f64, f64),
    /// Metres driven of the leg, and its length.
    along: f64,
    leg: f64,
    speed: f64,
    volts: f64,
    /// Its battery should be replaced.
    worn: bool,
    temperature: f64,
    odometer: f64,
    phase: Phase,
    reports: u32,
    locked: bool,
    /// Simulated seconds until it says again that it is online.
    present_in: f64,
    firmware: &'static str,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Phase {
    Driving,
    /// `opens` and `closes` are the seconds left until the lock is used; negative once it was.
    Stopped {
        opens: f64,
        closes: f64,
        leaves: f64,
    },
    Charging,
    Offline {
        left: f64,
    },
}

impl Vehicles {
    /// Makes `count` vehicles that report `rate` times a second in all; their lock events are numbered from `first` on.
    pub(crate) fn new(seed: u64, first: u64, count: usize, rate: f64) -> Self {
        let mut random = Random::of(seed, "vehicles");
        let vehicles = (0..count).map(|_| Vehicle::new(&mut random)).collect();
        let interval = if rate > 0.0 { (count as f64 / rate).clamp(0.001, 600.0) } else { 1.0 };
        Vehicles {
            random,
            ids: (0..count).map(|index| identifier(index).into()).collect(),
            vehicles,
            cursor: 0,
            interval,
            lock_events: first,
        }
    }

    pub(crate) fn ids(&self) -> impl Iterator<Item = &str> {
        self.ids.iter().map(|id| &**id)
    }

    pub(crate) fn len(&self) -> usize {
        self.vehicles.len()
    }

    /// Lets the next vehicles in turn report, until about `count` events have been made.
    pub(crate) fn step(&mut self, count: usize, mut sink: impl FnMut(&str, VehicleEvent)) {
        let mut made = 0;
        let mut silent = 0;
        while made < count && silent < self.vehicles.len() {
            let device = self.cursor;
            self.cursor = (self.cursor + 1) % self.vehicles.len();
            let vehicle = &mut self.vehicles[device];
            let before = made;
            let id = &self.ids[device];
            vehicle.advance(self.interval, &mut self.random, &mut self.lock_events, |kind| {
                made += 1;
                sink(id, VehicleEvent { device, kind });
            });
            silent = if made == before { silent + 1 } else { 0 };
        }
    }

    /// Opens or closes one vehicle's lock at once, the other way than it is when `locked` does not say; `None` when there is no
    /// such vehicle.
    pub(crate) fn use_lock(
        &mut self,
        device: usize,
        locked: Option<bool>,
        source: &'static str,
    ) -> Option<VehicleEvent> {
        let vehicle = self.vehicles.get_mut(device)?;
        let locked = locked.unwrap_or(!vehicle.locked);
        vehicle.locked = locked;
        let kind = lock_event(locked, source, &mut self.random, &mut self.lock_events);
        Some(VehicleEvent { device, kind })
    }

    /// Cuts one vehicle's network until it is restored so; `None` when there is no such vehicle.
    pub(crate) fn set_online(&mut self, device: usize, online: bool) -> Option<VehicleEvent> {
        let vehicle = self.vehicles.get_mut(device)?;
        vehicle.phase = if online { Phase::Driving } else { Phase::Offline { left: f64::INFINITY } };
        Some(VehicleEvent { device, kind: VehicleEventKind::Presence { online } })
    }

    /// Whether a vehicle is online, and all that it would report; `None` when there is no such vehicle.
    pub(crate) fn state(&self, device: usize) -> Option<(bool, Telemetry)> {
        let vehicle = self.vehicles.get(device)?;
        Some((!matches!(vehicle.phase, Phase::Offline { .. }), vehicle.telemetry()))
    }

    /// The id of a vehicle.
    pub(crate) fn id(&self, device: usize) -> Option<&str> {
        self.ids.get(device).map(|id| &**id)
    }
}

impl Vehicle {
    fn new(random: &mut Random) -> Self {
        let city = random.pick(&CITIES);
        let from = near(city, random);
        let worn = random.chance(0.015);
        let mut vehicle = Vehicle {
            city,
            from,
            to: from,
            along: 0.0,
            leg: 0.0,
            speed: random.between(0.0, 12.0),
            volts: if worn { WORN_VOLTS.1 } else { random.between(11.9, FULL_VOLTS) },
            worn,
            temperature: random.between(2.0, 9.0),
            odometer: random.between(1_000.0, 180_000.0),
            phase: Phase::Driving,
            reports: random.below(32) as u32,
            locked: true,
            firmware: random.pick(&FIRMWARE),
            present_in: random.between(0.0, SECONDS_PRESENT),
        };
        vehicle.turn(random);
        vehicle.along = vehicle.leg * random.unit();
        if random.chance(0.15) {
            vehicle.stop(random);
            vehicle.be_amid_a_stop(random.unit());
        }
        vehicle
    }

    fn advance(
        &mut self,
        seconds: f64,
        random: &mut Random,
        lock_events: &mut u64,
        mut emit: impl FnMut(VehicleEventKind),
    ) {
        let mut use_lock = |vehicle: &mut Self, locked, random: &mut Random, emit: &mut dyn FnMut(VehicleEventKind)| {
            vehicle.locked = locked;
            let source = SOURCES[random.weighted(&[0.45, 0.25, 0.2, 0.1])];
            emit(lock_event(locked, source, random, lock_events));
        };
        match self.phase {
            Phase::Offline { left } if left > seconds => {
                self.phase = Phase::Offline { left: left - seconds };
                return;
            }
            Phase::Offline { .. } => {
                self.phase = Phase::Driving;
                emit(VehicleEventKind::Presence { online: true });
            }
            Phase::Driving => self.drive(seconds, random),
            Phase::Stopped { opens, closes, leaves } => {
                self.speed = 0.0;
                if opens >= 0.0 && opens < seconds && self.locked {
                    use_lock(self, false, random, &mut emit);
                }
                if closes >= 0.0 && closes < seconds && !self.locked {
                    use_lock(self, true, random, &mut emit);
                }
                self.phase =
                    Phase::Stopped { opens: opens - seconds, closes: closes - seconds, leaves: leaves - seconds };
                if leaves < seconds {
                    if !self.locked {
                        use_lock(self, true, random, &mut emit);
                    }
                    self.phase = if self.volts < 12.0 { Phase::Charging } else { Phase::Driving };
                }
            }
            Phase::Charging => {
                self.speed = 0.0;
                let full = if self.worn { WORN_VOLTS.1 } else { FULL_VOLTS };
                self.volts = (self.volts + seconds * 0.004).min(full);
                if self.volts >= full - 0.02 {
                    self.phase = Phase::Driving;
                }
            }
        }
        let interior = if self.locked { 4.0 } else { 14.0 };
        self.temperature += (interior - self.temperature) * (seconds * 0.01).min(0.5) + random.between(-0.05, 0.05);
        if random.chance(1.0 - (-seconds / SECONDS_ONLINE).exp()) {
            self.phase = Phase::Offline { left: random.between(8.0, 60.0) };
            emit(VehicleEventKind::Presence { online: false });
            return;
        }
        self.present_in -= seconds;
        if self.present_in < 0.0 {
            self.present_in = SECONDS_PRESENT;
            emit(VehicleEventKind::Presence { online: true });
        }
        emit(VehicleEventKind::Telemetry(self.report()));
    }

    fn drive(&mut self, seconds: f64, random: &mut Random) {
        let wanted = if random.chance(0.06) { 0.0 } else { random.between(6.0, 16.0) };
        self.speed += (wanted - self.speed) * (seconds * 0.4).min(1.0);
        self.speed = self.speed.max(0.0);
        let metres = self.speed * seconds;
        self.odometer += metres / 1000.0;
        self.along += metres;
        self.volts = match self.worn {
            true => (self.volts - seconds * 0.006).max(WORN_VOLTS.0),
            false => (self.volts - seconds * 0.0006).max(EMPTY_VOLTS),
        };
        if self.along >= self.leg {
            self.from = self.to;
            self.turn(random);
            if random.chance(0.3) {
                self.stop(random);
            }
        }
    }

    /// Takes the next street: along one axis of the city's grid, back towards its middle when it strays.
    fn turn(&mut self, random: &mut Random) {
        let goal = near(self.city, random);
        self.to = if random.chance(0.5) { (goal.0, self.from.1) } else { (self.from.0, goal.1) };
        self.along = 0.0;
        let north = (self.to.0 - self.from.0) * 111_320.0;
        let east = (self.to.1 - self.from.1) * 111_320.0 * self.city.0.to_radians().cos();
        self.leg = north.hypot(east).max(50.0);
    }

    fn stop(&mut self, random: &mut Random) {
        let opens = random.between(2.0, 20.0);
        // One stop in twenty is left open far longer than it should be.
        let open_for = if random.chance(0.05) { random.between(180.0, 420.0) } else { random.between(8.0, 60.0) };
        let closes = opens + open_for;
        self.phase = Phase::Stopped { opens, closes, leaves: closes + random.between(5.0, 60.0) };
    }

    /// Puts a vehicle that has just stopped a share of its stop further on.
    fn be_amid_a_stop(&mut self, share: f64) {
        if let Phase::Stopped { opens, closes, leaves } = self.phase {
            let passed = leaves * share;
            self.locked = !(opens..closes).contains(&passed);
            self.phase = Phase::Stopped { opens: opens - passed, closes: closes - passed, leaves: leaves - passed };
        }
    }

    /// One report: position and speed always, the slower fields now and then.
    fn report(&mut self) -> Telemetry {
        self.reports = self.reports.wrapping_add(1);
        let turn = self.reports;
        let whole = self.telemetry();
        Telemetry {
            battery_voltage: whole.battery_voltage.filter(|_| turn.is_multiple_of(4)),
            lock_status: whole.lock_status.filter(|_| turn.is_multiple_of(8)),
            cargo_temperature: whole.cargo_temperature.filter(|_| turn % 8 == 4),
            odometer_km: whole.odometer_km.filter(|_| turn % 16 == 6),
            door_open: whole.door_open.filter(|_| turn % 16 == 10),
            firmware: whole.firmware.filter(|_| turn % 64 == 33),
            ..whole
        }
    }

    /// All that it measures.
    fn telemetry(&self) -> Telemetry {
        let share = (self.along / self.leg).clamp(0.0, 1.0);
        let position =
            (self.from.0 + (self.to.0 - self.from.0) * share, self.from.1 + (self.to.1 - self.from.1) * share);
        Telemetry {
            position: Some(position),
            speed: Some(self.speed * 3.6),
            battery_voltage: Some(self.volts),
            lock_as_boolean: self.firmware == FIRMWARE[2],
            lock_status: Some(self.locked),
            cargo_temperature: Some(self.temperature),
            odometer_km: Some(self.odometer),
            door_open: Some(!self.locked),
            firmware: Some(self.firmware),
        }
    }
}

fn lock_event(locked: bool, source: &'static str, random: &mut Random, numbers: &mut u64) -> VehicleEventKind {
    *numbers += 1;
    let code = match source {
        "rfid" => Some(format!("{:08X}", random.next() as u32)),
        "keypad" => Some(format!("{:06}", random.below(1_000_000))),
        _ => None,
    };
    VehicleEventKind::Lock { locked, source, code, number: *numbers }
}

fn near(city: (f64, f64), random: &mut Random) -> (f64, f64) {
    (city.0 + random.between(-0.03, 0.03), city.1 + random.between(-0.05, 0.05))
}

/// The first two are those of the service's document; the others are unlike their neighbours, as real serial numbers are.
fn identifier(index: usize) -> String {
    match index {
        0 => "ABC123".to_owned(),
        1 => "DEF456".to_owned(),
        _ => {
            let kind = ["VAN", "BOX", "BIK", "TRK"][index % 4];
            format!("{kind}-{:05X}", (index.wrapping_mul(0x9_1e6f)) & 0xf_ffff)
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn run(seed: u64, steps: usize) -> Vec<VehicleEvent> {
        let mut vehicles = Vehicles::new(seed, 0, 50, 100.0);
        let mut events = Vec::new();
        for _ in 0..steps {
            vehicles.step(10, |_, event| events.push(event));
        }
        events
    }

    #[test]
    fn the_same_seed_drives_the_same_way() {
        assert_eq!(run(3, 400), run(3, 400));
        assert_ne!(run(3, 400), run(4, 400));
    }

    #[test]
    fn identifiers_are_unique() {
        let vehicles = Vehicles::new(1, 0, 20_000, 100.0);
        assert_eq!(vehicles.ids().collect::<HashSet<_>>().len(), 20_000);
    }

    #[test]
    fn life_is_believable() {
        let events = run(1, 20_000);
        let mut sources = HashSet::new();
        let mut locked: Vec<bool> =
            Vehicles::new(1, 0, 50, 100.0).vehicles.iter().map(|vehicle| vehicle.locked).collect();
        for event in &events {
            match &event.kind {
                VehicleEventKind::Telemetry(fields) => {
                    let (lat, long) = fields.position.unwrap();
                    assert!((-90.0..90.0).contains(&lat) && (-180.0..180.0).contains(&long));
                    assert!((0.0..90.0).contains(&fields.speed.unwrap()), "{fields:?}");
                    if let Some(volts) = fields.battery_voltage {
                        assert!((WORN_VOLTS.0..=FULL_VOLTS).contains(&volts));
                    }
                    if let Some(status) = fields.lock_status {
                        assert_eq!(status, locked[event.device], "a report must agree with the lock events");
                    }
                }
                VehicleEventKind::Lock { locked: now, source, code, .. } => {
                    sources.insert(*source);
                    assert_ne!(*now, locked[event.device], "a lock is used only the other way");
                    locked[event.device] = *now;
                    assert_eq!(code.is_some(), matches!(*source, "rfid" | "keypad"));
                }
                VehicleEventKind::Presence { .. } => {}
            }
        }
        assert_eq!(sources.len(), 4, "all four sources are used");
        let lock_events = events.iter().filter(|e| matches!(e.kind, VehicleEventKind::Lock { .. })).count();
        assert!((100..events.len() / 10).contains(&lock_events), "{lock_events} of {}", events.len());
    }
}
