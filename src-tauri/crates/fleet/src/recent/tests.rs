use proptest::prelude::*;

use super::*;

fn recent(count: usize, bytes: usize) -> Recent {
    Recent::new(&Bounds {
        recent_bulk: count,
        recent_bulk_bytes: bytes,
        recent_notable: count,
        recent_notable_bytes: bytes,
        recent_event_bytes: 40,
        ..Bounds::default()
    })
}

fn push(recent: &mut Recent, sequence: u64, kind: Kind, subject: &str, data: &str) {
    recent.push(sequence, kind, Some(Timestamp(1)), Timestamp(2), subject, data);
}

#[test]
fn both_rings_are_read_as_one_list() {
    let mut recent = recent(10, 1_000);
    for sequence in 1..=6 {
        let kind = if sequence % 3 == 0 { Kind::DeviceLocked } else { Kind::DeviceTelemetry };
        push(&mut recent, sequence, kind, "d", "{}");
    }
    let newest_first: Vec<u64> = recent.iter().map(|event| event.sequence).collect();
    assert_eq!(newest_first, [6, 5, 4, 3, 2, 1]);
    assert_eq!(recent.before(4).map(|event| event.sequence).collect::<Vec<_>>(), [3, 2, 1]);
    assert_eq!(recent.after(4).map(|event| event.sequence).collect::<Vec<_>>(), [5, 6]);
    assert_eq!(recent.get(3).map(|event| event.kind), Some(Kind::DeviceLocked));
    assert_eq!(recent.newest(), 6);
}

#[test]
fn what_comes_in_masses_does_not_push_out_what_matters() {
    let mut recent = recent(4, 1_000);
    push(&mut recent, 1, Kind::DeviceUnlocked, "d", "{}");
    for sequence in 2..100 {
        push(&mut recent, sequence, Kind::DeviceTelemetry, "d", "{}");
    }
    assert_eq!(recent.iter().last().map(|event| event.sequence), Some(1));
    assert_eq!(recent.overwritten(), (94, 0));
}

#[test]
fn long_data_is_cut_and_marked() {
    let mut recent = recent(4, 1_000);
    push(&mut recent, 1, Kind::PostCreated, "p", &"ä".repeat(40));
    let event = recent.get(1).unwrap();
    assert!(event.truncated);
    assert_eq!(event.data, "ä".repeat(20));
}

#[test]
fn pages_go_on_where_they_ended() {
    let mut recent = recent(100, 10_000);
    for sequence in 1..=20 {
        push(&mut recent, sequence, Kind::PostCreated, if sequence % 2 == 0 { "even" } else { "odd" }, "{}");
    }
    let (first, next) = recent.page(u64::MAX, 3, 100, |event| event.subject == "even");
    assert_eq!(first.iter().map(|event| event.sequence).collect::<Vec<_>>(), [20, 18, 16]);
    let (second, next) = recent.page(next.unwrap(), 100, 4, |event| event.subject == "even");
    assert_eq!(second.iter().map(|event| event.sequence).collect::<Vec<_>>(), [14, 12]);
    let (third, end) = recent.page(next.unwrap(), 100, 100, |event| event.subject == "even");
    assert_eq!(third.len(), 5);
    assert_eq!(end, None);
}

#[test]
fn an_empty_list_takes_no_room() {
    assert_eq!(Recent::new(&Bounds::default()).bulk.bytes.capacity(), 0);
}

#[test]
fn a_list_that_is_full_by_number_stays_as_large_as_its_texts() {
    let mut recent = recent(100, 1 << 20);
    for sequence in 1..=100_000 {
        push(&mut recent, sequence, Kind::DeviceTelemetry, "d", "{}");
    }
    assert_eq!((recent.len(), recent.bulk.bytes.len()), (100, 4 << 10));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_newest_events_are_kept_whole(
        texts in prop::collection::vec(("[a-zé]{0,12}", "[a-z€]{0,40}", any::<bool>()), 1..200),
        count in 1..40usize,
        bytes in 100..6_000usize,
    ) {
        let mut recent = recent(count, bytes);
        for (index, (subject, data, bulk)) in texts.iter().enumerate() {
            let kind = if *bulk { Kind::DeviceTelemetry } else { Kind::PostCreated };
            push(&mut recent, index as u64 + 1, kind, subject, data);
            prop_assert!(recent.bulk.bytes.len() <= bytes && recent.notable.bytes.len() <= bytes);
        }
        for bulk in [true, false] {
            let kept: Vec<_> = recent.after(0).filter(|event| event.kind.is_bulk() == bulk).collect();
            let came: Vec<_> = texts.iter().enumerate().filter(|(_, text)| text.2 == bulk).collect();
            // What is kept is the end of what came, each text as it was but for its cut.
            for (event, (index, (subject, data, _))) in kept.iter().rev().zip(came.iter().rev()) {
                prop_assert_eq!(event.sequence, *index as u64 + 1);
                prop_assert_eq!(event.subject, subject.as_str());
                prop_assert_eq!(event.data, clip(data, 40));
            }
            prop_assert!(kept.len() <= count);
            prop_assert!(came.is_empty() || !kept.is_empty(), "the newest is always kept");
            let lost = if bulk { recent.overwritten().0 } else { recent.overwritten().1 };
            prop_assert_eq!(lost as usize, came.len() - kept.len());
            // Room is used: what is lost are the ends of the buffer and of the last text given up, each smaller than a text.
            let held: usize = kept.iter().map(|event| event.subject.len() + event.data.len()).sum();
            let largest = 12 * 2 + 40;
            prop_assert!(lost == 0 || kept.len() == count || held + 3 * largest >= bytes, "{} of {}", held, bytes);
        }
    }
}
