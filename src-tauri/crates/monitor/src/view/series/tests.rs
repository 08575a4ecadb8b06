use protocol::event::JobPhase;

use super::*;
use crate::view::build::job::tests::tell as tell_job;

const fn grid(start: i64, width: i64, count: usize) -> Grid {
    Grid { start, width, count, until: start + width * count as i64 - 1, running: i64::MAX }
}

fn columns(samples: &[(f64, f64)]) -> Columns {
    Columns {
        times: samples.iter().map(|sample| sample.0).collect(),
        values: samples.iter().map(|sample| sample.1).collect(),
        ..Columns::default()
    }
}

#[test]
fn a_gap_is_told_from_a_line_that_goes_on() {
    let grid = grid(0, 1_000, 7);
    let laid = grid.lay(&columns(&[(1.0, 5.0), (3.0, 6.0), (4.0, f64::NAN), (5.0, 7.0)]), 0);
    assert!(laid[0].is_nan() && laid[4].is_nan() && laid[6].is_nan(), "{laid:?}");
    assert_eq!((laid[1], laid[2], laid[3], laid[5]), (5.0, ABSENT, 6.0, 7.0));
}

#[test]
fn a_count_per_minute_is_one_for_all_of_its_minute() {
    let grid = grid(40_000, 10_000, 11);
    let minutes = columns(&[(0.0, 4.0), (60.0, 5.0), (95.0, f64::NAN), (120.0, 6.0)]);
    let laid = grid.lay(&minutes, MINUTE);
    assert_eq!(laid[..5], [4.0, 4.0, 5.0, 5.0, 5.0], "what began before is there, and nothing ends early");
    assert!(laid[5].is_nan() && laid[6..8] == [ABSENT, ABSENT] && laid[8..] == [6.0; 3], "{laid:?}");
    let stored = Points { times: vec![0.0, 60.0, 180.0], mean: vec![4.0, 5.0, 6.0], step: 10_000, ..Points::default() };
    let laid = grid.lay_points(&stored, MINUTE);
    assert_eq!(laid[..8], [4.0, 4.0, 5.0, 5.0, 5.0, 5.0, 5.0, 5.0]);
    assert!(laid[8..].iter().all(|value| value.is_nan()), "the minute that is missing is a gap: {laid:?}");
}

#[test]
fn of_the_minute_that_runs_nothing_is_told_and_it_is_no_gap() {
    let grid = Grid { running: 120_000, ..grid(40_000, 10_000, 11) };
    let minutes = |samples: &[(f64, f64)]| grid.lay(&columns(samples), MINUTE);
    let laid = minutes(&[(0.0, 640.0), (60.0, 650.0), (120.0, 198.0)]);
    assert_eq!(laid, [&[640.0; 2][..], &[650.0; 6], &[ABSENT; 3]].concat());
    let lost = minutes(&[(60.0, 650.0), (120.0, 198.0), (131.0, f64::NAN)]);
    assert!(lost[8] == ABSENT && lost[9].is_nan() && lost[10].is_nan(), "what is lost meanwhile is: {lost:?}");
    let silent = minutes(&[(0.0, 640.0), (60.0, 650.0)]);
    assert!(silent[8..].iter().all(|value| value.is_nan()), "nothing is counted: {silent:?}");
    // A bin that holds whole minutes too tells the last of them, and what is told of its moment is told.
    let wide = Grid { start: 0, width: 180_000, ..grid };
    assert_eq!(wide.lay(&columns(&[(60.0, 650.0), (120.0, 198.0)]), MINUTE)[0], 650.0);
    assert_eq!(grid.lay(&columns(&[(120.0, 9.0)]), 0)[8], 9.0);
}

#[test]
fn none_where_it_was_listened_and_nothing_where_it_was_not() {
    let grid = grid(60_000, 60_000, 4);
    let heard = [f64::NAN, 7.0, ABSENT, f64::NAN];
    let laid = grid.counted(&heard, [(30_000, 9), (125_000, 1), (179_999, 2), (240_000, 4)].into_iter());
    // What was told afterwards of a time that was not heard is counted too; what lies before is not of this chart.
    assert!(laid[0].is_nan() && laid[1..] == [3.0, 0.0, 4.0], "{laid:?}");
}

#[test]
fn failures_are_counted_from_where_all_of_them_are_kept_and_stay_when_a_job_runs_again() {
    const M: i64 = 60_000;
    let mut state = ConnectionState::new(fleet::Bounds { jobs: 2, failures: 3, ..fleet::Bounds::default() });
    state.reconnected(Timestamp(0));
    let mut tell = |job: &str, phase: JobPhase, at: i64| {
        tell_job(&mut state, job, phase, Timestamp(at), Timestamp(at));
        state.tick(Timestamp(at + 1_000));
        failures(&state, "mails", grid(0, M, 6))
    };
    // An id that is too long is no job whose end could be known.
    tell(&"j".repeat(1_000), JobPhase::Failed, 1_000);
    tell("a", JobPhase::Failed, M + 1_000);
    tell("b", JobPhase::Failed, 2 * M + 1_000);
    let again = tell("a", JobPhase::Started, 3 * M);
    assert_eq!(again[..4], [0.0, 1.0, 1.0, 0.0]);
    tell("a", JobPhase::Failed, 3 * M + 2_000);
    // The first is given up for it.
    let after = tell("c", JobPhase::Failed, 4 * M + 1_000);
    assert!(after[..2].iter().all(|count| count.is_nan()), "{after:?}");
    assert_eq!(after[2..5], [1.0, 1.0, 1.0]);
}

#[test]
fn nothing_is_told_of_before_it_was_heard_nor_of_after_the_span() {
    const M: i64 = 60_000;
    // The first is of 58 to 61 min: that anything was heard before 60 min is not known.
    let points =
        Points { times: vec![3_480.0, 3_660.0, 3_780.0], mean: vec![1.0, 2.0, 3.0], step: 3 * M, ..Points::default() };
    let half_hours = grid(0, 30 * M, 3);
    let laid = half_hours.lay_points(&half_hours.whole(points.clone()), 0);
    assert!(laid[0].is_nan() && laid[1].is_nan() && laid[2] == 3.0, "{laid:?}");
    let minutes = grid(58 * M, M, 9);
    assert_eq!(minutes.whole(points.clone()).times, points.times, "bins as fine as buckets take all of them");

    let mut state = ConnectionState::new(fleet::Bounds::default());
    state.reconnected(Timestamp(70 * M));
    for (minute, job) in [(71, "a"), (74, "b")] {
        let at = Timestamp(minute * M);
        tell_job(&mut state, job, JobPhase::Failed, at, at);
        state.tick(Timestamp(at.0 + 1_000));
    }
    let laid = failures(&state, "mails", Grid { until: 73 * M, ..half_hours });
    assert!(laid[0].is_nan() && laid[1].is_nan() && laid[2] == 1.0, "{laid:?}");
}

#[test]
fn the_grid_does_not_move_within_a_bin() {
    let one = Grid::of(Timestamp(1_000_000_500), 300, 150);
    let two = Grid::of(Timestamp(1_000_001_499), 300, 150);
    assert_eq!((one.start, one.width, one.count), (two.start, 2_000, 151));
    assert!(one.to().millis() >= 1_000_001_499);
}

#[test]
fn what_memory_holds_comes_from_it_and_what_is_older_from_the_history() {
    let grid = grid(0, 1_000, 6);
    let memory = || vec![f64::NAN, f64::NAN, 3.0, 4.0, ABSENT, 6.0];
    let stored = || vec![10.0, f64::NAN, 30.0, 40.0, 50.0, f64::NAN];
    let shown = |held, stored: &dyn Fn() -> Vec<f64>| {
        let laid = joined(grid, Timestamp(held), memory, stored);
        laid.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(shown(0, &|| panic!("the history is not asked")), "NaN NaN 3 4 inf 6");
    assert_eq!(shown(3_000, &stored), "10 NaN 30 4 inf 6", "a gap of the history stays one");
    assert_eq!(shown(60_000, &stored), "10 NaN 30 40 50 NaN");
    let nothing = || vec![f64::NAN; 6];
    assert_eq!(shown(3_000, &nothing), "NaN NaN 3 4 inf 6", "nothing was written down");
    assert_eq!(shown(60_000, &nothing), "NaN NaN 3 4 inf 6");
}
