//! The upright axis: its range, its marks, and numbers as they are printed.

/// The greatest magnitude that is drawn; more is drawn as this.
const MOST: f64 = 1e300;

/// The range of the upright axis and its marks.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Scale {
    low: f64,
    high: f64,
    step: f64,
}

impl Scale {
    /// A scale over all values, with about `marks` marks at round numbers. It begins at zero where the values come near it, and stays
    /// within 0 and 100 for a percentage.
    pub(crate) fn over(values: impl Iterator<Item = f64>, marks: usize, percent: bool) -> Option<Self> {
        let mut whole = true;
        let mut ends: Option<(f64, f64)> = None;
        for value in values.filter(|value| value.is_finite()).map(hold) {
            whole &= value.fract() == 0.0;
            let (low, high) = ends.unwrap_or((value, value));
            ends = Some((low.min(value), high.max(value)));
        }
        let (low, high) = ends.map(|(low, high)| opened(low, high))?;
        let low = if low >= 0.0 && low <= high * 0.5 { 0.0 } else { low };
        let rough = (high - low) / marks.clamp(1, 12) as f64;
        let step = if whole { round_step(rough).max(1.0) } else { round_step(rough) };
        let (mut bottom, mut top) = ((low / step).floor() * step, (high / step).ceil() * step);
        if top - high < step * 0.08 && !(percent && high <= 100.0) {
            top += step;
        }
        if low < 0.0 && low - bottom < step * 0.08 {
            bottom -= step;
        }
        if percent && low >= 0.0 && high <= 100.0 {
            (bottom, top) = (bottom.max(0.0), if high > 60.0 { 100.0 } else { top.min(100.0) });
        }
        Some(Scale { low: bottom, high: top, step })
    }

    /// Where a value is between the bottom (0) and the top (1); beyond them it is held there.
    pub(crate) fn part(&self, value: f64) -> f64 {
        ((hold(value) - self.low) / (self.high - self.low)).clamp(0.0, 1.0)
    }

    /// The marks, from the bottom up.
    pub(crate) fn marks(&self) -> Vec<f64> {
        (0..=24)
            .map(|n| self.low + f64::from(n) * self.step)
            .take_while(|value| *value <= self.high + self.step * 1e-6)
            .map(|value| if value.abs() < self.step * 1e-6 { 0.0 } else { value })
            .collect()
    }

    /// A mark's number, with the digits that the step needs.
    pub(crate) fn label(&self, value: f64) -> String {
        let greatest = self.low.abs().max(self.high.abs());
        let (over, letter) = large(greatest);
        if greatest >= 1e15 || self.step < 1e-5 {
            return scientific(value, greatest, self.step);
        }
        let step = self.step / over;
        let digits = (0..6).find(|&digits| {
            let scaled = step * 10f64.powi(digits);
            (scaled - scaled.round()).abs() < 1e-6
        });
        let digits = usize::try_from(digits.unwrap_or(6)).unwrap_or(0);
        match letter {
            "" => grouped(value, digits),
            _ if value == 0.0 => "0".to_owned(),
            _ => format!("{}{letter}", grouped(value / over, digits)),
        }
    }
}

/// A value by itself, with about three digits: `87.5`, `12.3k`.
pub(crate) fn number(value: f64) -> String {
    if !value.is_finite() {
        return "no number".to_owned();
    }
    let size = value.abs();
    if value != 0.0 && !(1e-4..1e15).contains(&size) {
        return minus(format!("{value:.2e}"));
    }
    let (over, letter) = large(size);
    let value = value / over;
    let digits = match value.abs() {
        100.0.. => 0,
        10.0..100.0 => 1,
        1.0..10.0 => 2,
        _ => 4,
    };
    let text = grouped(value, digits);
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    format!("{text}{letter}")
}

/// A value with its unit: close to a percent or a degree, else after a space.
pub(crate) fn with_unit(number: &str, unit: &str) -> String {
    match unit.chars().next() {
        None => number.to_owned(),
        Some('%' | '°' | '/') => format!("{number}{unit}"),
        Some(_) => format!("{number}\u{a0}{unit}"),
    }
}

/// Holds a value to what can be added and divided without end.
pub(crate) fn hold(value: f64) -> f64 {
    value.clamp(-MOST, MOST)
}

/// Two ends that are apart: a flat line stands in the middle of its range.
fn opened(low: f64, high: f64) -> (f64, f64) {
    let size = low.abs().max(high.abs());
    if size < 1e-290 {
        return (0.0, 1.0);
    }
    if high - low > size * 1e-9 {
        return (low, high);
    }
    (low - size * 0.1, high + size * 0.1)
}

fn round_step(rough: f64) -> f64 {
    let ten = 10f64.powf(rough.log10().floor());
    let part = rough / ten;
    ten * [1.0, 2.0, 2.5, 5.0].into_iter().find(|round| *round >= part * 0.999).unwrap_or(10.0)
}

fn large(size: f64) -> (f64, &'static str) {
    match size {
        1e12.. => (1e12, "T"),
        1e9.. => (1e9, "G"),
        1e6.. => (1e6, "M"),
        1e5.. => (1e3, "k"),
        _ => (1.0, ""),
    }
}

fn scientific(value: f64, greatest: f64, step: f64) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    let digits = (greatest.log10().floor() - step.log10().floor()).clamp(0.0, 3.0) as usize;
    minus(format!("{value:.digits$e}"))
}

/// A number with its thousands parted and a true minus.
pub(crate) fn grouped(value: f64, digits: usize) -> String {
    let text = format!("{value:.digits$}");
    let (sign, text) = text.strip_prefix('-').map_or(("", text.as_str()), |rest| ("−", rest));
    let (whole, fraction) = text.split_once('.').map_or((text, None), |(whole, fraction)| (whole, Some(fraction)));
    let mut out = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    let sign = if text.chars().all(|c| matches!(c, '0' | '.')) { "" } else { sign };
    match fraction {
        Some(fraction) => format!("{sign}{out}.{fraction}"),
        None => format!("{sign}{out}"),
    }
}

fn minus(text: String) -> String {
    text.replace('-', "−")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(values: &[f64], percent: bool) -> Vec<String> {
        let scale = Scale::over(values.iter().copied(), 5, percent).unwrap();
        scale.marks().into_iter().map(|mark| scale.label(mark)).collect()
    }

    #[test]
    fn marks_are_round_numbers() {
        assert_eq!(labels(&[3.0, 97.0], true), ["0", "20", "40", "60", "80", "100"]);
        assert_eq!(labels(&[20.1, 20.9], false), ["20.0", "20.2", "20.4", "20.6", "20.8", "21.0"]);
        assert_eq!(labels(&[0.0, 1.0], false), ["0", "1", "2"]);
        assert_eq!(labels(&[0.0, 1_400_000.0], false), ["0", "0.5M", "1.0M", "1.5M"]);
        assert_eq!(labels(&[-12.5, 30.0], false), ["−20", "−10", "0", "10", "20", "30", "40"]);
        assert_eq!(labels(&[7.0], false), ["6", "7", "8"]);
        assert_eq!(labels(&[0.0], false), ["0", "1", "2"]);
        assert_eq!(labels(&[41_000.0, 42_500.0], false), ["41,000", "41,500", "42,000", "42,500", "43,000"]);
    }

    #[test]
    fn any_finite_values_have_a_scale() {
        let odd = [f64::MAX, f64::MIN, f64::MIN_POSITIVE, 5e-324, 0.0, 1.0, 1.0 + f64::EPSILON, 1e-300, -1e15];
        for low in odd {
            for high in odd {
                let scale = Scale::over([low, high].into_iter(), 5, true).unwrap();
                let marks = scale.marks();
                assert!((2..=25).contains(&marks.len()), "{low} {high}: {marks:?}");
                for value in [low, high] {
                    assert!((0.0..=1.0).contains(&scale.part(value)), "{low} {high}");
                }
                for mark in marks {
                    assert!(!scale.label(mark).is_empty());
                }
            }
        }
        assert_eq!(Scale::over([f64::NAN, f64::INFINITY].into_iter(), 5, false), None);
    }

    #[test]
    fn numbers_have_three_digits_or_so() {
        assert_eq!(
            [87.5, 12_345.0, 0.0, -3.25, 123_456.0, 1e20, 0.000_012, 20.0].map(number),
            ["87.5", "12,345", "0", "−3.25", "123k", "1.00e20", "1.20e−5", "20"]
        );
        assert_eq!(with_unit("80", "%"), "80%");
        assert_eq!(with_unit("80", "ms"), "80\u{a0}ms");
    }
}
