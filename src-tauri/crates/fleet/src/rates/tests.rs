use super::*;

const T0: i64 = 1_765_967_400_000;

fn at(millis: i64) -> Timestamp {
    Timestamp(T0 + millis)
}

fn read(rates: &Rates, measure: Measure) -> Vec<(f64, f64)> {
    let columns = rates.read(measure, at(-120_000), at(600_000), 10_000, &Gaps::default());
    columns.times.iter().map(|time| time - T0 as f64 / 1_000.0).zip(columns.values).collect()
}

#[test]
fn events_are_counted_in_the_second_they_came_and_quiet_seconds_are_zero() {
    let mut rates = Rates::new();
    rates.count(Kind::DeviceTelemetry, at(100));
    rates.count(Kind::DeviceTelemetry, at(900));
    rates.frame(50, at(900));
    rates.count(Kind::JobFailed, at(3_200));
    rates.tick(at(4_000), Levels::default());
    assert_eq!(read(&rates, Measure::Events), [(0.0, 2.0), (1.0, 0.0), (2.0, 0.0), (3.0, 1.0)]);
    assert_eq!(read(&rates, Measure::Bytes)[0], (0.0, 50.0));
    assert_eq!(read(&rates, Measure::Kind(Kind::JobFailed)), [(3.0, 1.0)]);
    assert_eq!(read(&rates, Measure::Kind(Kind::HostOnline)), []);
    assert_eq!(rates.last(Measure::Events), Some(1.0));
}

#[test]
fn minutes_grow_until_they_are_over() {
    let mut rates = Rates::new();
    for second in 0..70 {
        rates.count(Kind::DeviceUnlocked, at(second * 1_000));
        if second == 30 {
            rates.tick(at(second * 1_000 + 500), Levels::default());
            assert_eq!(rates.last(Measure::Unlocks), Some(31.0), "the minute so far");
        }
    }
    rates.tick(at(70_000), Levels::default());
    assert_eq!(read(&rates, Measure::Unlocks), [(0.0, 60.0), (60.0, 10.0)]);
    assert_eq!(rates.last(Measure::JobsFailed), None, "there are no jobs");
}

#[test]
fn a_quiet_minute_after_a_busy_one_is_zero() {
    let mut rates = Rates::new();
    rates.count(Kind::JobFailed, at(58_000));
    for second in 59..125 {
        rates.tick(at(second * 1_000), Levels::default());
    }
    assert_eq!(read(&rates, Measure::JobsFailed), [(0.0, 1.0), (60.0, 0.0), (120.0, 0.0)]);
}

#[test]
fn nothing_is_written_of_a_time_in_which_nobody_listened() {
    let mut rates = Rates::new();
    rates.count(Kind::DeviceTelemetry, at(0));
    rates.pause(at(2_000));
    rates.count(Kind::DeviceTelemetry, at(9_000));
    rates.tick(at(10_000), Levels::default());
    // A machine that slept for a minute did not hear zeros.
    rates.tick(at(70_000), Levels::default());
    rates.tick(at(71_000), Levels::default());
    let seconds: Vec<f64> = read(&rates, Measure::Events).into_iter().map(|(time, _)| time).collect();
    assert_eq!(seconds, [0.0, 1.0, 9.0, 10.0, 70.0], "nor of a second that was heard in part");
}

#[test]
fn a_second_that_was_heard_in_part_has_no_rate_and_counts_in_its_minute() {
    let mut rates = Rates::new();
    rates.listen(at(300));
    for millis in [500, 1_500, 2_500, 3_100] {
        rates.count(Kind::JobFailed, at(millis));
    }
    rates.pause(at(3_400));
    for measure in [Measure::Events, Measure::Kind(Kind::JobFailed)] {
        assert_eq!(read(&rates, measure), [(1.0, 1.0), (2.0, 1.0)]);
    }
    assert_eq!(rates.last(Measure::JobsFailed), Some(4.0));
    assert_eq!(rates.last(Measure::Heard), Some(2.0));
}

#[test]
fn levels_are_sampled() {
    let mut rates = Rates::new();
    rates.tick(at(0), Levels { devices: Some((3, 1)), ..Levels::default() });
    rates.tick(at(1_000), Levels { devices: Some((2, 1)), ..Levels::default() });
    assert_eq!(read(&rates, Measure::DevicesOnline), [(0.0, 3.0), (1.0, 2.0)]);
}

#[test]
fn a_clock_that_is_set_back_is_followed() {
    let mut rates = Rates::new();
    rates.count(Kind::DeviceTelemetry, at(0));
    rates.count(Kind::DeviceTelemetry, at(-3_600_000));
    rates.count(Kind::DeviceTelemetry, at(-3_599_000));
    rates.tick(at(-3_598_000), Levels::default());
    assert_eq!(rates.last(Measure::Events), Some(1.0));
}

/// The seconds of each minute that were heard.
fn heard(rates: &Rates) -> Vec<(f64, f64)> {
    read(rates, Measure::Heard)
}

#[test]
fn of_a_minute_is_heard_what_lies_between_whole_seconds_of_listening() {
    let mut rates = Rates::new();
    let tick = |rates: &mut Rates, seconds: std::ops::RangeInclusive<i64>| {
        for second in seconds {
            rates.tick(at(second * 1_000 + 500), Levels::default());
        }
    };
    tick(&mut rates, 0..=9);
    assert_eq!(heard(&rates), [(0.0, 0.0)], "it is not live yet");
    rates.listen(at(9_700));
    tick(&mut rates, 10..=130);
    assert_eq!(heard(&rates), [(0.0, 50.0), (60.0, 60.0), (120.0, 10.0)]);
    rates.pause(at(140_200));
    rates.listen(at(150_000));
    tick(&mut rates, 150..=240);
    assert_eq!(heard(&rates)[2..], [(120.0, 50.0), (180.0, 60.0), (240.0, 0.0)]);
    // Nobody looked for 20 s: the machine slept.
    tick(&mut rates, 241..=250);
    tick(&mut rates, 270..=301);
    assert_eq!(heard(&rates)[4..], [(240.0, 41.0), (300.0, 1.0)]);
}

#[test]
fn what_was_silent_before_it_was_doubted_was_not_heard() {
    let mut rates = Rates::new();
    rates.listen(at(0));
    for second in 0..=85 {
        rates.tick(at(second * 1_000), Levels::default());
    }
    // The last frame came 45 s ago.
    rates.doubt(at(40_000), at(85_000));
    for second in 86..=95 {
        rates.tick(at(second * 1_000), Levels::default());
    }
    assert_eq!(heard(&rates), [(0.0, 40.0), (60.0, 0.0)]);
    rates.listen(at(96_000));
    for second in 96..=180 {
        rates.tick(at(second * 1_000), Levels::default());
    }
    assert_eq!(heard(&rates)[..2], [(0.0, 40.0), (60.0, 24.0)]);
}
