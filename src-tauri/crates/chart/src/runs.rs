//! From samples to what is drawn: parted at gaps, cut at the span's ends, thinned to the pixels that there are.

use crate::scale::hold;

/// A sample: milliseconds since the span's start, the least and the greatest value. Both are the same on a line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Sample {
    pub at: f64,
    pub low: f64,
    pub high: f64,
}

/// What a line is cut to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Window<'a> {
    pub from: i64,
    pub to: i64,
    /// Pixels between the two.
    pub columns: usize,
    /// Spans that nothing is drawn across, in order.
    pub gaps: &'a [(i64, i64)],
    /// Whether a value holds until the next.
    pub step: bool,
}

/// Parts samples into runs that are each drawn without a break. Nothing is drawn across NaN or across a gap of the window; what is
/// infinite is left out; samples out of order are put in order. Of many samples in one pixel's column the least and the greatest stay,
/// so a run has about two samples a pixel, and all runs together a few for each pixel, however many there were.
pub(crate) fn runs(samples: impl Iterator<Item = (i64, f64, f64)>, window: Window<'_>) -> Vec<Vec<Sample>> {
    let mut samples: Vec<_> = samples.filter(|(_, low, high)| !low.is_infinite() && !high.is_infinite()).collect();
    if !samples.is_sorted_by_key(|&(at, ..)| at) {
        samples.sort_by_key(|&(at, ..)| at);
    }
    let whole = |before: &(i64, f64, f64), after: &(i64, f64, f64)| {
        !is_gap(before) && !is_gap(after) && joined(before.0, after.0, window.gaps)
    };
    let mut parted = Vec::new();
    let mut chunks = samples.chunk_by(whole).peekable();
    while let Some(run) = chunks.next() {
        let next = chunks.peek().and_then(|next| next.first()).map(|next| next.0);
        let run = match run.last().and_then(|last| held(last, next, window)) {
            Some(end) => cut(&[run, &[end]].concat(), window),
            None => cut(run, window),
        };
        if !run.is_empty() {
            parted.push(run);
        }
    }
    thin(parted, window)
}

fn is_gap(sample: &(i64, f64, f64)) -> bool {
    sample.1.is_nan() || sample.2.is_nan()
}

/// Whether a line may go from one sample to the next: not when half of a gap or more lies between them. Samples within a gap, which
/// were fetched later, are joined.
fn joined(before: i64, after: i64, gaps: &[(i64, i64)]) -> bool {
    let first = gaps.partition_point(|&(_, end)| end <= before);
    !gaps.iter().skip(first).take_while(|&&(begin, _)| begin < after).any(|&(begin, end)| {
        let length = i128::from(end) - i128::from(begin);
        let between = i128::from(end.min(after)) - i128::from(begin.max(before));
        length > 0 && between * 2 >= length
    })
}

/// Where a run's last value ends when each holds until the next: at what comes next, or where nothing is known any more.
fn held(last: &(i64, f64, f64), next: Option<i64>, window: Window<'_>) -> Option<(i64, f64, f64)> {
    let gap = window.gaps.get(window.gaps.partition_point(|&(_, end)| end <= last.0)).map(|gap| gap.0);
    let until = next.unwrap_or(i64::MAX).min(gap.unwrap_or(i64::MAX));
    (window.step && until > last.0.max(window.from)).then_some((until, last.1, last.2))
}

/// The part of a run within the window, with the values at its ends where the run goes on beyond.
fn cut(run: &[(i64, f64, f64)], window: Window<'_>) -> Vec<Sample> {
    if run.first().is_some_and(is_gap) {
        return Vec::new();
    }
    let place = |&(at, low, high): &(i64, f64, f64)| Sample {
        at: (i128::from(at) - i128::from(window.from)) as f64,
        low: hold(low.min(high)),
        high: hold(low.max(high)),
    };
    let inside =
        run.partition_point(|sample| sample.0 < window.from)..run.partition_point(|sample| sample.0 <= window.to);
    let between = |before: Option<&(i64, f64, f64)>, after: Option<&(i64, f64, f64)>, at: i64| {
        let (before, after) = (place(before?), place(after?));
        let at = (i128::from(at) - i128::from(window.from)) as f64;
        let part = if window.step { 0.0 } else { (at - before.at) / (after.at - before.at) };
        let mix = |from: f64, to: f64| from + (to - from) * part;
        Some(Sample { at, low: mix(before.low, after.low), high: mix(before.high, after.high) })
    };
    let lead = inside.start.checked_sub(1).and_then(|before| run.get(before));
    let next = run.get(inside.start).filter(|next| next.0 > window.from);
    let start = between(lead, next, window.from);
    let last = inside.end.checked_sub(1).and_then(|last| run.get(last));
    let end = between(last.filter(|last| last.0 < window.to), run.get(inside.end), window.to);
    let within = run.get(inside).unwrap_or_default();
    start.into_iter().chain(within.iter().map(place)).chain(end).collect()
}

/// Thins all runs of a line together: many short ones are as many as one long.
fn thin(runs: Vec<Vec<Sample>>, window: Window<'_>) -> Vec<Vec<Sample>> {
    let columns = window.columns.max(1);
    if runs.iter().map(Vec::len).sum::<usize>() <= columns * 2 {
        return runs;
    }
    let span = (i128::from(window.to) - i128::from(window.from)).max(1) as f64;
    let column = |sample: &Sample| (sample.at / span * columns as f64) as i64;
    let mut out: Vec<Vec<Sample>> = Vec::new();
    for run in runs {
        let (Some(first), Some(last)) = (run.first(), run.last()) else { continue };
        let narrow = column(first) == column(last);
        let mut kept = Vec::with_capacity(run.len().min(columns * 2 + 2));
        for within in run.chunk_by(|before, after| column(before) == column(after)) {
            kept.extend(extremes(within));
        }
        // Runs within one pixel stand beside each other there and cannot be told apart: the pixel shows their extremes.
        match out.last_mut() {
            Some(before) if narrow && before.first().map(column) == kept.last().map(column) => {
                before.extend(kept);
                *before = extremes(before);
            }
            _ => out.push(kept),
        }
    }
    out
}

/// The least and the greatest of the samples of one column, in their order.
fn extremes(samples: &[Sample]) -> Vec<Sample> {
    let numbered = || samples.iter().enumerate();
    let least = numbered().min_by(|a, b| a.1.low.total_cmp(&b.1.low));
    let greatest = numbered().max_by(|a, b| a.1.high.total_cmp(&b.1.high));
    match (least, greatest) {
        (Some((one, least)), Some((other, greatest))) if one != other => {
            let (first, second) = if one < other { (least, greatest) } else { (greatest, least) };
            vec![*first, *second]
        }
        (Some((_, only)), _) => vec![*only],
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WINDOW: Window<'static> = Window { from: 0, to: 100, columns: 100, gaps: &[], step: false };

    fn drawn(points: &[(i64, f64)], window: Window<'_>) -> Vec<Vec<(f64, f64)>> {
        runs(points.iter().map(|&(at, value)| (at, value, value)), window)
            .into_iter()
            .map(|run| run.into_iter().map(|sample| (sample.at, sample.low)).collect())
            .collect()
    }

    #[test]
    fn nan_parts_a_line_and_infinity_does_not() {
        let points = [(0, 1.0), (10, 2.0), (20, f64::NAN), (30, 3.0), (40, f64::INFINITY), (50, 4.0)];
        assert_eq!(drawn(&points, WINDOW), [vec![(0.0, 1.0), (10.0, 2.0)], vec![(30.0, 3.0), (50.0, 4.0)]]);
    }

    #[test]
    fn a_gap_parts_a_line_and_samples_within_it_do_not_fall_apart() {
        let points = [(0, 1.0), (20, 2.0), (60, 3.0), (100, 4.0)];
        let gap = Window { gaps: &[(25, 55)], ..WINDOW };
        assert_eq!(drawn(&points, gap).len(), 2);
        let short = Window { gaps: &[(30, 31)], ..WINDOW };
        assert_eq!(drawn(&points, short).len(), 2);
        let filled: Vec<_> = (0..=10).map(|n| (n * 10, 1.0)).collect();
        assert_eq!(drawn(&filled, gap).len(), 1);
    }

    #[test]
    fn a_line_goes_to_the_edges_when_it_goes_on_beyond() {
        assert_eq!(drawn(&[(-100, 0.0), (100, 2.0), (300, 4.0)], WINDOW), [vec![(0.0, 1.0), (100.0, 2.0)]]);
        assert_eq!(drawn(&[(-100, 0.0), (300, 4.0)], WINDOW), [vec![(0.0, 1.0), (100.0, 2.0)]]);
        assert_eq!(
            drawn(&[(-100, 5.0), (50, 7.0)], Window { step: true, ..WINDOW }),
            [vec![(0.0, 5.0), (50.0, 7.0), (100.0, 7.0)]]
        );
        assert!(drawn(&[(-100, 0.0), (-50, 4.0)], WINDOW).is_empty());
    }

    #[test]
    fn a_state_holds_until_the_next_or_until_it_is_not_known() {
        let step = Window { step: true, ..WINDOW };
        assert_eq!(drawn(&[(-50, 4.0)], step), [vec![(0.0, 4.0), (100.0, 4.0)]]);
        assert_eq!(drawn(&[(10, 4.0), (30, f64::NAN)], step), [vec![(10.0, 4.0), (30.0, 4.0)]]);
        let gap = Window { gaps: &[(40, 60)], ..step };
        assert_eq!(drawn(&[(10, 4.0)], gap), [vec![(10.0, 4.0), (40.0, 4.0)]]);
        let after = vec![(70.0, 5.0), (100.0, 5.0)];
        assert_eq!(drawn(&[(10, 4.0), (70, 5.0)], gap), [vec![(10.0, 4.0), (40.0, 4.0)], after.clone()]);
        assert_eq!(drawn(&[(45, 4.0), (70, 5.0)], gap), [vec![(45.0, 4.0)], after]);
        assert!(drawn(&[(-50, 4.0)], Window { gaps: &[(0, 100)], ..step }).is_empty());
    }

    #[test]
    fn thinning_keeps_the_extremes_and_the_breaks() {
        let mut points: Vec<_> = (0..100_000).map(|n| (n, (n % 7) as f64)).collect();
        points[31_415].1 = 99.0;
        points[71_000].1 = -99.0;
        for point in &mut points[50_000..52_000] {
            point.1 = f64::NAN;
        }
        let runs = drawn(&points, Window { to: 99_999, ..WINDOW });
        assert_eq!(runs.len(), 2);
        let all: Vec<f64> = runs.concat().into_iter().map(|(_, value)| value).collect();
        assert!(all.len() <= 204, "{}", all.len());
        assert!(all.contains(&99.0) && all.contains(&-99.0));
    }

    #[test]
    fn samples_between_gaps_everywhere_stay_few() {
        let points: Vec<_> = (0..100_000).map(|n| (n, if n % 2 == 0 { n as f64 } else { f64::NAN })).collect();
        let runs = drawn(&points, Window { to: 99_999, ..WINDOW });
        assert!(runs.len() <= 101, "{}", runs.len());
        assert!(runs.iter().all(|run| run.len() <= 2));
    }

    #[test]
    fn samples_out_of_order_are_put_in_order() {
        assert_eq!(drawn(&[(50, 2.0), (10, 1.0)], WINDOW), [vec![(10.0, 1.0), (50.0, 2.0)]]);
    }
}
