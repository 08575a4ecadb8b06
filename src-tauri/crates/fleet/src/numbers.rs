//! Numbers by name, each with its history: what actors and job definitions report.

use compact_str::CompactString;
use protocol::Timestamp;

use crate::applied::{believed, supersedes};
use crate::counters::{Cause, Counters};
use crate::devices::Heard;
use crate::series::{Series, SeriesBudget, Unit};

/// The numbers of an entity, in the order their names first came.
#[derive(Debug, Default)]
pub struct Numbers {
    list: Vec<Number>,
}

/// A number.
#[derive(Debug)]
pub struct Number {
    /// Its dotted path in the payload.
    pub name: CompactString,
    /// Its newest value.
    pub value: f64,
    /// The time of that value.
    pub at: Timestamp,
    /// Its values over time, by the second.
    pub series: Series,
}

impl Numbers {
    /// All of them.
    pub fn rows(&self) -> &[Number] {
        &self.list
    }

    /// The number of a name.
    pub fn get(&self, name: &str) -> Option<&Number> {
        self.list.iter().find(|number| number.name == name)
    }

    pub(crate) fn apply(
        &mut self,
        numbers: &[(String, f64)],
        heard: Heard,
        cap: usize,
        budget: &mut SeriesBudget,
        counters: &mut Counters,
    ) {
        let slot = Unit::Second.slot(believed(heard.at, heard.received));
        for (name, value) in numbers {
            let number = match self.list.iter().position(|number| number.name == name.as_str()) {
                Some(place) => &mut self.list[place],
                None if self.list.len() < cap && name.len() <= 256 => {
                    self.list.push(Number {
                        name: name.as_str().into(),
                        value: *value,
                        at: heard.at,
                        series: Series::default(),
                    });
                    let last = self.list.len() - 1;
                    &mut self.list[last]
                }
                None => {
                    counters.drop(Cause::Numbers, 1);
                    continue;
                }
            };
            number.series.push(*value, slot, budget);
            if supersedes(heard.at, number.at, heard.received) {
                number.value = *value;
                number.at = heard.at;
            }
        }
    }

    pub(crate) fn release(&mut self, budget: &mut SeriesBudget) {
        for number in &mut self.list {
            number.series.release(budget);
        }
    }
}
