use super::*;
use crate::view::series::ABSENT;

const NAN: f64 = f64::NAN;
const M: i64 = 60_000;

/// Four minutes, a bin each.
const GRID: Grid = Grid { start: 0, width: M, count: 4, until: 4 * M - 1, running: i64::MAX };

fn words(laid: &[f64]) -> String {
    laid.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

#[test]
fn a_connection_that_is_away_was_not_heard_where_its_count_is_missed() {
    let counted = [NAN, 4.0, NAN, 2.0];
    let heard = || vec![60.0, 23.0, NAN, 60.0];
    let away = [(Timestamp(M + 30_000), Some(Timestamp(2 * M + 59_000)))];
    assert_eq!(words(&GRID.share(true, &counted, heard(), &away)), "NaN 23 0 60");
    assert_eq!(words(&GRID.share(true, &counted, heard(), &[])), "NaN 23 NaN 60", "nothing says that it was away");
    assert_eq!(words(&GRID.share(false, &counted, heard(), &away)), "NaN 23 NaN 60", "it is switched off");
    let open = [(Timestamp(M + 30_000), None)];
    assert_eq!(words(&GRID.share(true, &[4.0, 4.0, NAN, NAN], vec![60.0, 30.0, NAN, NAN], &open)), "60 30 0 0");
}

#[test]
fn of_several_connections_the_mean_is_told() {
    let columns = [vec![60.0, 60.0, 23.0, ABSENT], vec![60.0, 0.0, NAN, ABSENT], vec![NAN, NAN, NAN, NAN]];
    assert_eq!(words(&mean(columns.into_iter(), 4)), "60 30 23 inf");
}
