use super::*;
use monitor::Opens;
use std::fmt::Display;

fn notice(key: impl Display, severity: Severity) -> Notice {
    Notice {
        key: key.to_string(),
        severity,
        title: format!("{key} is offline"),
        body: String::new(),
        opens: Opens::Alerts,
        picture: None,
        sound: true,
    }
}

const fn millis(count: u64) -> Duration {
    Duration::from_millis(count)
}

/// All that is shown from `from` to `until`, by waking exactly when the gate wants to be woken.
fn run(gate: &mut Gate, from: Instant, until: Instant) -> Vec<(Duration, Step)> {
    let (mut steps, mut now) = (Vec::new(), from);
    loop {
        while let Some(step) = gate.next(now, false) {
            gate.worked();
            steps.push((now - from, step));
        }
        match gate.deadline() {
            Some(due) if due <= until => {
                assert!(due > now, "it wants to be woken at once and then does nothing");
                now = due;
            }
            _ => return steps,
        }
    }
}

fn keys(steps: &[(Duration, Step)]) -> Vec<&str> {
    fn key(step: &Step) -> &str {
        match step {
            Step::Show(Shown::One(notice)) => notice.key.as_str(),
            Step::Show(Shown::Digest(_)) => "digest",
            Step::Withdraw(key) => key.as_str(),
        }
    }
    steps.iter().map(|(_, step)| key(step)).collect()
}

#[test]
fn a_critical_one_that_comes_alone_is_shown_at_once() {
    let (start, mut gate) = (Instant::now(), Gate::default());
    gate.tell(notice("a", Severity::Critical), start);
    let steps = run(&mut gate, start, start + MINUTE);
    assert_eq!(keys(&steps), ["a"]);
    assert!(steps[0].0 <= millis(300), "{:?}", steps[0].0);

    // Also a short while after another.
    gate.tell(notice("b", Severity::Critical), start + millis(2500));
    let steps = run(&mut gate, start + millis(2500), start + MINUTE);
    assert!(steps[0].0 <= millis(300), "{:?}", steps[0].0);
}

#[test]
fn up_to_three_of_a_group_are_shown_one_by_one() {
    let (start, mut gate) = (Instant::now(), Gate::default());
    for (index, severity) in [Severity::Critical, Severity::Low, Severity::High].into_iter().enumerate() {
        gate.tell(notice(index, severity), start + millis(index as u64 * 100));
    }
    let steps = run(&mut gate, start + millis(200), start + MINUTE);
    assert_eq!(keys(&steps), ["0", "1", "2"]);
    assert!(steps.iter().all(|(after, _)| *after == millis(800)), "one second after the first: {steps:?}");
}

#[test]
fn an_outage_of_5000_devices_is_one_digest_and_nothing_else() {
    let (start, mut gate) = (Instant::now(), Gate::default());
    for index in 0..5000 {
        gate.tell(notice(index, if index % 100 == 7 { Severity::Critical } else { Severity::High }), start);
    }
    let steps = run(&mut gate, start, start + MINUTE);
    let [(after, Step::Show(Shown::Digest(summary)))] = steps.as_slice() else { panic!("{steps:?}") };
    assert_eq!(*after, GROUP);
    assert_eq!(summary.counts, [(Severity::Critical, 50), (Severity::High, 4950)]);
    assert_eq!(summary.titles, ["7 is offline", "107 is offline", "207 is offline"], "the first of the worst");
    assert_eq!((summary.total(), summary.severity, summary.sound), (5000, Severity::Critical, true));
}

#[test]
fn an_outage_that_takes_seven_seconds_is_one_digest_that_counts_on() {
    let (start, mut gate) = (Instant::now(), Gate::default());
    let mut steps = Vec::new();
    for tick in 0..70 {
        let now = start + millis(tick * 100);
        // The last ones come in ones, too few for a group of their own.
        for index in 0..if tick < 60 { 83 } else { 2 } {
            gate.tell(notice(tick * 1000 + index, Severity::High), now);
        }
        steps.extend(run(&mut gate, now, now + millis(99)));
    }
    steps.extend(run(&mut gate, start + millis(7000), start + MINUTE));
    assert!(steps.iter().all(|(_, step)| matches!(step, Step::Show(Shown::Digest(_)))), "{steps:?}");
    let [(_, Step::Show(Shown::Digest(first))), (_, Step::Show(Shown::Digest(last)))] = steps.as_slice() else {
        panic!("{}", steps.len())
    };
    assert_eq!(last.total(), 60 * 83 + 10 * 2);
    assert!(first.sound && !last.sound, "heard once");
}

#[test]
fn of_a_slow_stream_a_few_a_minute_are_shown_and_the_rest_is_counted() {
    let (start, mut gate) = (Instant::now(), Gate::default());
    let mut steps = Vec::new();
    for index in 0..300 {
        let now = start + Duration::from_secs(index * 2);
        gate.tell(notice(index, Severity::High), now);
        steps.extend(run(&mut gate, now, now + millis(1999)).into_iter().map(|(after, step)| (now + after, step)));
    }
    let single: Vec<Instant> =
        steps.iter().filter(|(_, step)| matches!(step, Step::Show(Shown::One(_)))).map(|(at, _)| *at).collect();
    let digests: Vec<(Instant, u32)> = steps
        .iter()
        .filter_map(|(at, step)| match step {
            Step::Show(Shown::Digest(summary)) => Some((*at, summary.total())),
            _ => None,
        })
        .collect();
    for (index, first) in single.iter().enumerate() {
        assert!(single[index..].iter().take_while(|later| **later - *first < MINUTE).count() <= MOST);
    }
    assert!(digests.windows(2).all(|pair| pair[1].0 - pair[0].0 >= REFRESH && pair[1].1 > pair[0].1), "{digests:?}");
    let rest = run(&mut gate, start + Duration::from_secs(600), start + Duration::from_secs(700));
    let told = match rest.last() {
        Some((_, Step::Show(Shown::Digest(last)))) => last.total(),
        _ => digests.last().unwrap().1,
    };
    assert_eq!(single.len() as u32 + told, 300, "every one is shown or counted");
}

#[test]
fn a_worse_one_in_a_storm_is_not_lost_in_it() {
    let (start, mut gate) = (Instant::now(), Gate::default());
    for index in 0..50 {
        gate.tell(notice(index, Severity::Medium), start);
    }
    assert_eq!(keys(&run(&mut gate, start, start + GROUP)), ["digest"]);
    let now = start + Duration::from_secs(3);
    gate.tell(notice("theft", Severity::Critical), now);
    gate.tell(notice("x", Severity::Medium), now);
    let steps = run(&mut gate, now, start + MINUTE);
    assert_eq!(keys(&steps), ["theft", "digest"]);
    assert!(steps[0].0 <= millis(300));
}

#[test]
fn a_critical_one_has_its_place_when_others_have_used_up_theirs() {
    let (start, mut gate) = (Instant::now(), Gate::default());
    let mut shown = Vec::new();
    for second in 0..20 {
        let now = start + Duration::from_secs(second * 2);
        gate.tell(notice(second, Severity::High), now);
        shown.extend(run(&mut gate, now, now + millis(1999)));
    }
    assert_eq!(shown.iter().filter(|(_, step)| matches!(step, Step::Show(Shown::One(_)))).count(), MOST_NOT_CRITICAL);
    let now = start + Duration::from_secs(41);
    gate.tell(notice("theft", Severity::Critical), now);
    let steps = run(&mut gate, now, now + millis(300));
    assert_eq!(keys(&steps), ["theft"]);
}

#[test]
fn what_is_withdrawn_while_it_waits_is_never_shown() {
    let (start, mut gate) = (Instant::now(), Gate::default());
    gate.tell(notice("a", Severity::High), start);
    gate.withdraw("a");
    assert_eq!(run(&mut gate, start, start + MINUTE), []);

    for index in 0..10 {
        gate.tell(notice(index, Severity::High), start);
    }
    for index in 0..9 {
        gate.withdraw(&index.to_string());
    }
    let steps = run(&mut gate, start, start + MINUTE);
    let [(_, Step::Show(Shown::Digest(summary)))] = steps.as_slice() else { panic!("{steps:?}") };
    assert_eq!(summary.total(), 1);
    gate.withdraw("9");
    assert_eq!(keys(&run(&mut gate, start + MINUTE, start + MINUTE)), ["digest"], "withdrawn with its last one");
    assert_eq!(gate.deadline(), None);
}

#[test]
fn what_was_shown_is_withdrawn_once_and_the_unknown_never() {
    let (start, mut gate) = (Instant::now(), Gate::default());
    gate.tell(notice("a", Severity::High), start);
    run(&mut gate, start, start + MINUTE);
    gate.withdraw("a");
    gate.withdraw("a");
    gate.withdraw("b");
    assert_eq!(run(&mut gate, start, start + MINUTE), [(Duration::ZERO, Step::Withdraw("a".into()))]);
}

#[test]
fn a_digest_of_which_everything_is_over_is_counted_anew() {
    let (start, mut gate) = (Instant::now(), Gate::default());
    for index in 0..5000 {
        gate.tell(notice(index, Severity::High), start);
    }
    run(&mut gate, start, start + GROUP);
    for index in 0..5000 {
        gate.withdraw(&index.to_string());
    }
    let now = start + Duration::from_secs(3);
    assert_eq!(keys(&run(&mut gate, now, now)), ["digest"]);
    gate.tell(notice("a", Severity::High), now);
    assert_eq!(keys(&run(&mut gate, now, now + MINUTE)), ["a"]);
}

#[test]
fn a_change_replaces_what_is_shown_and_takes_nobodys_place() {
    let (start, mut gate) = (Instant::now(), Gate::default());
    gate.tell(notice("a", Severity::High), start);
    run(&mut gate, start, start + GROUP);
    let mut shown = Vec::new();
    for second in 2..60 {
        let now = start + Duration::from_secs(second);
        gate.tell(Notice { title: format!("at {second}"), ..notice("a", Severity::High) }, now);
        shown.extend(run(&mut gate, now, now + millis(999)).into_iter().map(|(after, step)| (now + after, step)));
    }
    assert!(shown.len() >= 5 && shown.iter().all(|(_, step)| matches!(step, Step::Show(Shown::One(_)))), "{shown:?}");
    assert!(shown.windows(2).all(|pair| pair[1].0 - pair[0].0 >= REFRESH), "{shown:?}");
    let Some((_, Step::Show(Shown::One(last)))) = shown.last() else { panic!() };
    assert_ne!(last.title, "at 2", "the latest of those that waited");
    for key in ["b", "c", "d"] {
        gate.tell(notice(key, Severity::High), start + MINUTE);
    }
    let steps = run(&mut gate, start + MINUTE, start + MINUTE + GROUP);
    assert_eq!(
        steps.iter().filter(|(_, step)| matches!(step, Step::Show(Shown::One(told)) if told.key != "a")).count(),
        3
    );
}

#[test]
fn what_was_closed_does_not_come_back_with_a_change_of_it() {
    let (start, mut gate) = (Instant::now(), Gate::default());
    gate.tell(notice("a", Severity::High), start);
    run(&mut gate, start, start + GROUP);
    let later = start + REFRESH;
    gate.tell(Notice { title: "waits when it is closed".into(), ..notice("a", Severity::High) }, start + GROUP);
    gate.closed("a");
    gate.tell(Notice { title: "a, 7 times".into(), ..notice("a", Severity::High) }, later);
    assert_eq!(run(&mut gate, start + GROUP, start + MINUTE), [], "closed is closed");
    gate.tell(notice("b", Severity::High), start + MINUTE);
    assert_eq!(keys(&run(&mut gate, start + MINUTE, start + MINUTE * 2)), ["b"], "another is told");
    gate.tell(notice("a", Severity::Critical), start + MINUTE * 2);
    assert_eq!(keys(&run(&mut gate, start + MINUTE * 2, start + MINUTE * 3)), ["a"], "and what is worse now");

    // Taken back and told again, as after an acknowledgement whose time is over, it is new.
    gate.closed("a");
    gate.withdraw("a");
    gate.tell(notice("a", Severity::High), start + MINUTE * 4);
    let steps = run(&mut gate, start + MINUTE * 4, start + MINUTE * 5);
    let [(_, Step::Withdraw(_)), (_, Step::Show(Shown::One(told)))] = steps.as_slice() else { panic!("{steps:?}") };
    assert_eq!(told.key, "a");
}

#[test]
fn a_digest_that_was_closed_counts_only_what_came_since() {
    let (start, mut gate) = (Instant::now(), Gate::default());
    for index in 0..50 {
        gate.tell(notice(index, Severity::High), start);
    }
    run(&mut gate, start, start + GROUP);
    let now = start + millis(2_000);
    gate.tell(notice("between", Severity::High), now);
    gate.closed(DIGEST);
    for index in 0..50 {
        gate.tell(Notice { title: "again".into(), ..notice(index, Severity::High) }, now);
    }
    gate.tell(notice("after", Severity::High), now);
    let steps = run(&mut gate, now, start + MINUTE);
    let [(_, Step::Show(Shown::Digest(summary)))] = steps.as_slice() else { panic!("{steps:?}") };
    assert_eq!((summary.total(), summary.titles.clone()), (2, vec!["after is offline".to_owned()]));

    // What it counted before it was closed is none of it any more.
    gate.withdraw("7");
    gate.withdraw("between");
    assert_eq!(run(&mut gate, start + MINUTE, start + MINUTE), []);
    gate.withdraw("after");
    assert_eq!(keys(&run(&mut gate, start + MINUTE, start + MINUTE)), ["digest"]);
    gate.tell(notice("8", Severity::High), start + MINUTE * 2);
    assert_eq!(run(&mut gate, start + MINUTE * 2, start + MINUTE * 3), [], "and it does not come back by itself");
}

#[test]
fn digests_that_are_closed_at_once_come_no_sooner_and_are_heard_once() {
    let (start, mut gate) = (Instant::now(), Gate::default());
    let mut shown = Vec::new();
    for tick in 0..450 {
        let now = start + millis(tick * 100);
        for index in 0..20 {
            gate.tell(notice(tick * 1000 + index, Severity::High), now);
        }
        while let Some(step) = gate.next(now, false) {
            let Step::Show(told) = step else { panic!("{step:?}") };
            gate.closed(told.key());
            shown.push((now, told));
        }
    }
    assert!(shown.len() > 3 && shown.windows(2).all(|pair| pair[1].0 - pair[0].0 >= REFRESH), "{shown:?}");
    let loud = shown.iter().filter(|(_, told)| matches!(told, Shown::Digest(summary) if summary.sound));
    assert_eq!(loud.count(), 1);
    assert!(shown.iter().all(|(_, told)| matches!(told, Shown::Digest(_))));
}

#[test]
fn a_worse_one_in_a_storm_whose_digest_was_closed_is_not_lost_in_it() {
    let (start, mut gate) = (Instant::now(), Gate::default());
    for index in 0..50 {
        gate.tell(notice(index, Severity::Medium), start);
    }
    run(&mut gate, start, start + GROUP);
    gate.closed(DIGEST);
    let now = start + Duration::from_secs(3);
    gate.tell(notice("theft", Severity::Critical), now);
    let steps = run(&mut gate, now, now + GROUP);
    assert_eq!(keys(&steps), ["theft"]);
    assert!(steps[0].0 <= millis(300));

    // What is not worse is counted; and what is said again of a closed one makes the storm no longer.
    gate.tell(notice("x", Severity::Medium), now);
    for second in 4..30 {
        gate.tell(notice(7, Severity::Medium), start + Duration::from_secs(second));
    }
    assert_eq!(keys(&run(&mut gate, now, start + Duration::from_secs(30))), ["digest"]);
    gate.tell(notice("y", Severity::Medium), start + Duration::from_secs(30));
    assert_eq!(keys(&run(&mut gate, start + Duration::from_secs(30), start + MINUTE)), ["y"]);
}

#[test]
fn what_the_window_takes_is_taken_back_on_the_desktop_and_in_the_window_when_it_is_over() {
    let (start, mut gate) = (Instant::now(), Gate::default());
    gate.tell(notice("a", Severity::High), start);
    run(&mut gate, start, start + GROUP);
    let now = start + GROUP + REFRESH;
    gate.tell(Notice { title: "a, 2 times".into(), ..notice("a", Severity::High) }, now);
    assert_eq!(gate.next(now, true), None, "in front it is the window's");
    let told = gate.for_window(now);
    assert!(matches!(told.as_slice(), [Shown::One(told)] if told.title == "a, 2 times"), "{told:?}");
    assert_eq!(gate.next(now, true), Some(Step::Withdraw("a".into())), "it is not on the screen twice");
    assert_eq!((gate.next(now, true), gate.taken_back()), (None, vec![]));
    gate.withdraw("a");
    assert_eq!(gate.taken_back(), ["a"]);
    assert_eq!(keys(&run(&mut gate, now, now + MINUTE)), ["a"], "taken back, and nothing else");

    // A digest goes with the last that it counted.
    let now = now + MINUTE;
    for index in 0..5 {
        gate.tell(notice(index, Severity::High), now);
    }
    assert!(matches!(gate.for_window(now + GROUP).as_slice(), [Shown::Digest(_)]));
    for index in 0..4 {
        gate.withdraw(&index.to_string());
    }
    assert_eq!(gate.taken_back(), [""; 0]);
    gate.withdraw("4");
    assert_eq!(gate.taken_back(), ["digest"]);
}

#[test]
fn what_waits_for_the_window_is_the_desktops_once_that_is_gone_and_nobodys_once_it_is_over() {
    let (start, mut gate) = (Instant::now(), Gate::default());
    for (key, severity) in [("a", Severity::Critical), ("b", Severity::High), ("over", Severity::High)] {
        gate.tell(notice(key, severity), start);
    }
    assert_eq!(gate.next(start + GROUP, true), None);
    gate.withdraw("over");
    assert_eq!(keys(&run(&mut gate, start + GROUP, start + MINUTE)), ["a", "b"]);
}

#[test]
fn the_window_is_told_while_the_desktop_is_left_alone() {
    let (start, mut gate) = (Instant::now(), Gate::default());
    gate.tell(notice("a", Severity::Critical), start);
    let now = start + SOON;
    let step = gate.next(now, false).unwrap();
    gate.failed(step, now);
    let told = gate.for_window(now + GROUP);
    assert!(matches!(told.as_slice(), [Shown::One(told)] if told.key == "a"), "{told:?}");
    let steps = run(&mut gate, now, now + MINUTE);
    assert_eq!(steps, [(PAUSE, Step::Withdraw("a".into()))], "in case it was shown");
}

#[test]
fn what_could_not_be_shown_comes_later_with_what_came_meanwhile() {
    let (start, mut gate) = (Instant::now(), Gate::default());
    gate.tell(notice("a", Severity::Critical), start);
    let now = start + SOON;
    let step = gate.next(now, false).unwrap();
    gate.failed(step, now);
    assert_eq!(gate.next(now, false), None, "left alone");
    assert_eq!(gate.deadline(), Some(now + PAUSE));
    for index in 0..7 {
        gate.tell(notice(index, Severity::High), now + Duration::from_secs(index));
    }
    let later = now + PAUSE;
    let step = gate.next(later, false).unwrap();
    let Step::Show(Shown::Digest(summary)) = &step else { panic!("{step:?}") };
    assert_eq!(summary.total(), 8);
    gate.failed(step, later);
    assert_eq!(gate.deadline(), Some(later + PAUSE * 2), "twice as long");
    assert_eq!(keys(&run(&mut gate, later, later + MINUTE)), ["digest"]);
}

#[test]
fn what_is_taken_back_while_the_desktop_fails_to_show_it_is_not_tried_again() {
    let (start, mut gate) = (Instant::now(), Gate::default());
    gate.tell(notice("a", Severity::Critical), start);
    let step = gate.next(start + SOON, false).unwrap();
    gate.withdraw("a");
    gate.failed(step, start + SOON);
    assert_eq!(keys(&run(&mut gate, start + SOON, start + MINUTE)), ["a"], "only the withdrawal, in case it was shown");
}

#[test]
fn what_waits_is_bounded_whatever_comes() {
    let (start, mut gate) = (Instant::now(), Gate::default());
    for index in 0..60_000_u32 {
        gate.tell(notice(index, Severity::High), start);
    }
    let steps = run(&mut gate, start, start + MINUTE);
    let [(_, Step::Show(Shown::Digest(summary)))] = steps.as_slice() else { panic!("{}", steps.len()) };
    assert_eq!(summary.total(), 60_000);
    assert!(gate.group.len() <= TOGETHER && gate.withdrawn.is_empty() && gate.changed.is_empty());
}
