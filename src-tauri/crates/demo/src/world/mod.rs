//! The world that the services report on. Pure: a seed and a number of ticks decide everything that happens in it; only the
//! stamps that the services write on it come from a clock.

pub(crate) mod agents;
pub(crate) mod hosts;
pub(crate) mod intelligence;
pub(crate) mod jobs;
pub(crate) mod orders;
pub(crate) mod random;
pub(crate) mod tables;
pub(crate) mod vehicles;

/// How much simulated time one tick is, in milliseconds.
pub(crate) const TICK_MS: u64 = 20;

/// How many events a part of the world makes in each tick, fractions carried over.
#[derive(Debug, Clone)]
pub(crate) struct Pace {
    per_tick: f64,
    owed: f64,
}

impl Pace {
    pub(crate) fn per_second(rate: f64) -> Self {
        Pace { per_tick: rate * TICK_MS as f64 / 1000.0, owed: 0.0 }
    }

    /// The number of events due in the tick that begins.
    pub(crate) fn due(&mut self) -> usize {
        self.owed += self.per_tick;
        let whole = self.owed.floor();
        self.owed -= whole;
        whole as usize
    }
}

/// How the asked rate is divided: events per second for each service.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Shares {
    pub(crate) iotee: f64,
    pub(crate) hantera: f64,
    pub(crate) hydra: f64,
    pub(crate) agenthq: f64,
    pub(crate) hyprwatch: f64,
}

impl Shares {
    /// Divides `rate` as such a fleet would: most of it is telemetry, and people and hosts do little in a second however large
    /// the fleet is.
    pub(crate) fn of(rate: u32) -> Self {
        let rate = f64::from(rate);
        let hantera = (rate * 0.10).min(20_000.0);
        let hydra = (rate * 0.02).min(2_000.0);
        let agenthq = (rate * 0.006).min(500.0);
        let hyprwatch = (rate * 0.001).min(50.0);
        Shares { iotee: rate - hantera - hydra - agenthq - hyprwatch, hantera, hydra, agenthq, hyprwatch }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pace_gives_its_rate_over_a_second() {
        let mut pace = Pace::per_second(33.0);
        let made: usize = (0..1000 / TICK_MS).map(|_| pace.due()).sum();
        assert!((32..=33).contains(&made), "{made}");
        assert_eq!(Pace::per_second(0.0).due(), 0);
    }

    #[test]
    fn the_shares_add_up_to_the_rate() {
        for rate in [0, 500, 30_000, 2_000_000] {
            let shares = Shares::of(rate);
            let sum = shares.iotee + shares.hantera + shares.hydra + shares.agenthq + shares.hyprwatch;
            assert!((sum - f64::from(rate)).abs() < 1e-6);
            assert!(shares.iotee >= 0.0);
        }
    }
}
