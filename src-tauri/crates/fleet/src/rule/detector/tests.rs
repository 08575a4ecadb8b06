use protocol::{Kind, Protocol, Timestamp};

use super::{About, Detector, Fact, Standing};

#[test]
fn what_flaps_leaves_nothing_behind() {
    let rule = r#"{"name":"r","severity":"low","when":{"event":{"kinds":["host.offline"],"until":["host.online"],"clear_after":"1d"}}}"#;
    let rules = [serde_json::from_str(rule).unwrap()];
    let about = About { name: "c", tags: &[], protocol: Protocol::Hyprwatch };
    let mut detector = Detector::new(&rules, &about, jiff::tz::TimeZone::UTC);
    let mut found = Vec::new();
    detector.standing(Standing::Live, Timestamp(0), &mut found);
    for step in 0..5_000 {
        let now = Timestamp(step);
        let kind = if step % 2 == 0 { Kind::HostOffline } else { Kind::HostOnline };
        detector.event(&Fact::stored(kind, "h", None, Some(now), now, "{}"), &mut found);
    }
    assert_eq!((found.len(), detector.len()), (5_000, 0));
    assert!(detector.watches[0].queue.len() < 2_000, "{} times are queued", detector.watches[0].queue.len());
}

#[test]
fn a_credential_that_is_not_read_yet_ends_no_alert_of_the_last_run() {
    let rule = r#"{"name":"r","severity":"low","when":{"connection":{"is":"credential_ends","within":"1h"}}}"#;
    let rules = [serde_json::from_str(rule).unwrap()];
    let about = About { name: "c", tags: &[], protocol: Protocol::Hyprwatch };
    let mut detector = Detector::new(&rules, &about, jiff::tz::TimeZone::UTC);
    let (began, now, hour) = (Timestamp(5_000_000), Timestamp(6_000_000), 3_600_000);
    assert!(detector.restore("r", "c", (began, began), true, now));
    let state = crate::ConnectionState::new(crate::Bounds::default());
    let mut found = Vec::new();
    detector.tick(&state, now, &mut found);
    detector.credential_ends(Some(Timestamp(began.millis() + hour)), now, &mut found);
    assert_eq!(found, [], "it goes on, and is told once");
    detector.credential_ends(None, now, &mut found);
    assert_eq!(found.len(), 1, "the service's word ends it: {found:?}");
}
