use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

const T0: i64 = 1_765_967_400_000;

fn at(millis: i64) -> Timestamp {
    Timestamp(T0 + millis)
}

fn filled(samples: impl IntoIterator<Item = (i64, f64)>) -> Series {
    let mut series = Series::default();
    let mut budget = SeriesBudget::new(usize::MAX);
    for (millis, value) in samples {
        series.push(value, Unit::Second.slot(at(millis)), &mut budget);
    }
    series
}

fn times(columns: &Columns) -> Vec<f64> {
    columns.times.iter().map(|time| time - T0 as f64 / 1_000.0).collect()
}

#[test]
fn a_bucket_holds_last_least_and_greatest() {
    let series = filled([(0, 2.0), (300, 5.0), (600, 1.0), (900, 3.0), (1_000, 4.0)]);
    let columns = series.read(Unit::Second, at(0), at(5_000), 100, &Gaps::default());
    assert_eq!(times(&columns), [0.0, 1.0]);
    assert_eq!(columns.values, [3.0, 4.0]);
    assert_eq!((columns.min[0], columns.max[0]), (1.0, 5.0));
    assert_eq!(series.last(), Some(4.0));
}

#[test]
fn late_samples_find_their_bucket() {
    let series = filled([(0, 1.0), (1_000, 2.0), (3_000, 3.0), (1_500, 9.0), (2_000, 7.0)]);
    let columns = series.read(Unit::Second, at(0), at(5_000), 100, &Gaps::default());
    assert_eq!(times(&columns), [0.0, 1.0, 2.0, 3.0]);
    assert_eq!(columns.max, [1.0, 9.0, 7.0, 3.0]);
    assert_eq!(columns.values, [1.0, 2.0, 7.0, 3.0], "a late sample is not the last of its second");
    assert_eq!(series.last(), Some(3.0));
}

#[test]
fn older_samples_are_kept_by_ten_seconds() {
    let series = filled((0..900).map(|second| (second * 1_000, second as f64)));
    let columns = series.read(Unit::Second, at(0), at(900_000), 10_000, &Gaps::default());
    let times = times(&columns);
    assert_eq!(times[0], 0.0);
    assert_eq!(times[1], 10.0, "by ten seconds");
    assert_eq!(times.last(), Some(&899.0));
    assert_eq!(times[times.len() - 2], 898.0, "by the second");
    assert_eq!((columns.min[0], columns.max[0]), (0.0, 9.0));
    assert!(times.windows(2).all(|pair| pair[0] < pair[1]));
}

#[test]
fn a_gap_is_a_row_without_a_value() {
    let series = filled([(0, 1.0), (1_000, 2.0), (20_000, 3.0)]);
    let mut gaps = Gaps::default();
    gaps.begin(at(1_500));
    gaps.end(at(19_000));
    gaps.begin(at(20_500));
    let columns = series.read(Unit::Second, at(0), at(30_000), 100, &gaps);
    assert_eq!(times(&columns), [0.0, 1.0, 1.5, 20.0, 20.5]);
    let missing: Vec<bool> = columns.values.iter().map(|value| value.is_nan()).collect();
    assert_eq!(missing, [false, false, true, false, true]);
    let coarse = series.read(Unit::Second, at(0), at(30_000), 6, &gaps);
    assert!(coarse.times.len() <= 6);
    assert_eq!(coarse.values.iter().filter(|value| value.is_nan()).count(), 2, "no gap is lost by decimation");
}

#[test]
fn without_budget_there_is_no_history_until_room_is_lent() {
    let mut series = Series::default();
    let mut none = SeriesBudget::new(FULL_BYTES - 1);
    for second in 0..3 {
        series.push(1.0, Unit::Second.slot(at(second * 1_000)), &mut none);
    }
    assert!(series.is_denied());
    assert_eq!((none.denied(), none.used(), series.last()), (1, 0, None), "counted once");
    assert_eq!(series.read(Unit::Second, at(0), at(9_000), 99, &Gaps::default()), Columns::default());
    let mut some = SeriesBudget::new(FULL_BYTES);
    assert!(series.lend(&mut some));
    for second in 3..6 {
        series.push(2.0, Unit::Second.slot(at(second * 1_000)), &mut none);
    }
    assert_eq!(series.read(Unit::Second, at(0), at(9_000), 99, &Gaps::default()).values, [2.0; 3]);
    series.withdraw(&mut some);
    assert!(series.is_denied());
    assert_eq!(some.used(), 0);
}

#[test]
fn a_full_series_takes_what_the_budget_counted() {
    let series = filled((0..20_000).map(|second| (second * 1_000, second as f64)));
    let rings = series.rings.as_ref().unwrap();
    let bytes = size_of::<Rings>() + (rings.fine.capacity() + rings.coarse.capacity()) * size_of::<Bucket>();
    assert!(bytes <= FULL_BYTES, "{bytes} > {FULL_BYTES}");
}

#[test]
fn numbers_keep_seven_digits_of_their_change() {
    let series = filled([(0, -122.419_4), (1_000, -122.419_5)]);
    let columns = series.read(Unit::Second, at(0), at(2_000), 9, &Gaps::default());
    assert_eq!(columns.values[0], -122.419_4);
    assert!((columns.values[1] + 122.419_5).abs() < 1e-9);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn it_reads_as_a_map_by_second_would(
        samples in prop::collection::vec((0..200i64, -100..100i32), 1..300),
        points in 1..300usize,
        window in (0..200i64, 0..200i64),
    ) {
        let series = filled(samples.iter().map(|&(second, value)| (second * 1_000, f64::from(value))));
        let mut seconds: BTreeMap<i64, (f64, f64)> = BTreeMap::new();
        for &(second, value) in &samples {
            let value = f64::from(value);
            let (min, max) = seconds.entry(second).or_insert((value, value));
            (*min, *max) = (min.min(value), max.max(value));
        }
        let all = series.read(Unit::Second, at(0), at(200_000), 1_000, &Gaps::default());
        prop_assert_eq!(times(&all), seconds.keys().map(|&second| second as f64).collect::<Vec<_>>());
        prop_assert_eq!(&all.min, &seconds.values().map(|(min, _)| *min).collect::<Vec<_>>());
        prop_assert_eq!(&all.max, &seconds.values().map(|(_, max)| *max).collect::<Vec<_>>());
        // Decimated: no more rows than asked for, and no extreme is lost.
        let (from, to) = (window.0.min(window.1), window.0.max(window.1));
        let some = series.read(Unit::Second, at(from * 1_000), at(to * 1_000), points, &Gaps::default());
        prop_assert!(some.times.len() <= points, "{} rows for {} points", some.times.len(), points);
        let within: Vec<_> = seconds.range(from..=to).map(|(_, extremes)| *extremes).collect();
        let least = |values: &mut dyn Iterator<Item = f64>| values.fold(f64::INFINITY, f64::min);
        prop_assert_eq!(least(&mut some.min.iter().copied()), least(&mut within.iter().map(|(min, _)| *min)));
        prop_assert_eq!(least(&mut some.max.iter().map(|max| -max)), least(&mut within.iter().map(|(_, max)| -max)));
        prop_assert!(some.times.windows(2).all(|pair| pair[0] < pair[1]));
    }
}

#[test]
fn a_sample_holds_whole_buckets_and_no_others() {
    let mut budget = SeriesBudget::new(1 << 20);
    let mut series = Series::default();
    for (slot, value) in [(100, 1.0), (101, 5.0), (101, 3.0), (109, 2.0), (110, 9.0)] {
        series.push(value, slot, &mut budget);
    }
    let sample = series.sample(100, 10).unwrap();
    assert_eq!((sample.min, sample.max, sample.sum, sample.count), (1.0, 5.0, 6.0, 3));
    assert_eq!(series.sample(110, 10).unwrap().count, 1);
    assert_eq!(series.sample(90, 10), None);
    assert_eq!(series.sample(120, 10), None);
}
