//! What is fetched beside the stream: `/devices` for how things are, `/lock-events` for what was missed.

use secrecy::SecretString;

use crate::event::{EventBody, Lock, Presence, StreamEvent, Telemetry};
use crate::fetch::{Fetch, Of, Purpose};
use crate::loose::{LooseBool, LooseText, LooseTime};
use crate::object::object;
use crate::session::Sink;
use crate::site::{Listing, OVERLAP, Site};
use crate::text::Text;
use crate::time::Timestamp;
use crate::unread;
use crate::value::{Field, Value};

use super::payload;

/// How many devices one `/devices` names, and how long its list of ids may get: it travels in the URL.
const DEVICES: usize = 100;
const IDS: usize = 3_000;
/// How many lock events a page is asked to have. ("limit=1000")
const LOCK_EVENTS: usize = 1_000;
/// How far ahead of our clock the service's may be: up to then lock events are asked for.
const AHEAD: i64 = 60 * 60 * 1_000;

object! {
    /// An entry of `/devices`.
    struct Device<'a> {
        "hardware_id" | "hardwareId" => hardware_id: LooseText<'a>,
        "name" => name: LooseText<'a>,
        "is_online" | "isOnline" => is_online: LooseBool,
        "attributes" => attributes: Option<&'a serde_json::value::RawValue>,
        "last_responded_at" => last_responded_at: LooseTime,
        "updated_at" => updated_at: LooseTime,
    }
}

object! {
    /// An entry of `/lock-events`.
    struct LockEvent<'a> {
        "event_id" | "eventId" | "id" => event_id: LooseText<'a>,
        "hardware_id" | "hardwareId" => hardware_id: LooseText<'a>,
        "event" | "type" => event: LooseText<'a>,
        "timestamp" => timestamp: LooseTime,
        "source" => source: LooseText<'a>,
        "code" => code: LooseText<'a>,
    }
}

/// What to fetch for these hardware ids.
pub(super) fn fetches<'i>(
    site: &Site,
    ids: impl Iterator<Item = &'i str> + Clone,
    known_until: Option<Timestamp>,
    credential: &SecretString,
    now: Timestamp,
) -> Vec<Fetch> {
    let key = ("X-API-Key", credential.clone());
    let mut fetches = Vec::new();
    let mut group: Vec<&str> = Vec::new();
    let mut ask = |group: &mut Vec<&str>| {
        let what = match group[..] {
            [] => return,
            [id] => format!("the state of {id}"),
            _ => format!("the state of {} devices", group.len()),
        };
        let fetch = site.get(what, Purpose::Snapshot, &["devices"], &[("hardware_ids", &group.join(","))]);
        fetches.push(fetch.secret(key.clone()).tagged(Of::Devices, "", now));
        group.clear();
    };
    let mut length = 0;
    for id in ids.clone() {
        if group.len() >= DEVICES || length + id.len() > IDS {
            ask(&mut group);
            length = 0;
        }
        group.push(id);
        length += id.len() + 1;
    }
    ask(&mut group);
    if let Some(known) = known_until {
        let from = Timestamp(known.0.saturating_sub(OVERLAP)).to_string();
        let to = Timestamp(now.0.saturating_add(AHEAD)).to_string();
        fetches.extend(ids.map(|id| {
            let query = [("hardware_id", id), ("from", &from), ("to", &to), ("limit", "1000"), ("offset", "0")];
            site.get(format!("lock events of {id}"), Purpose::Missed, &["lock-events"], &query)
                .secret(key.clone())
                .since(known_until)
                .tagged(Of::LockEvents, id, now)
        }));
    }
    fetches
}

/// Reads an answer.
pub(super) fn fetched(fetch: &Fetch, body: &[u8], out: &mut dyn Sink) -> Result<Option<Fetch>, String> {
    let turn = |next: Fetch, offset: usize| next.with_query("offset", &offset.to_string());
    match fetch.tag.of {
        Of::Devices => {
            let listing = Listing::read(body, &["devices", "data"])?;
            listing.entries.iter().for_each(|entry| device(entry, fetch.tag.asked, out));
            // A service that was given ids and tells of pages nothing has answered for all of them.
            if listing.says_pages() { fetch.page_after(&listing, DEVICES, turn) } else { Ok(None) }
        }
        Of::LockEvents => {
            let listing = Listing::read(body, &["events", "lock_events", "data"])?;
            lock_events(&listing, &fetch.tag.subject, out);
            fetch.page_after(&listing, LOCK_EVENTS, turn)
        }
        _ => Ok(None),
    }
}

/// Says how a device is: whether it is there, then what it last reported.
fn device(json: &str, asked: Timestamp, out: &mut dyn Sink) {
    let Ok(entry) = serde_json::from_str::<Device<'_>>(json) else {
        return unread::malformed(out, "device", json);
    };
    let Some(id) = entry.hardware_id.0.filter(|id| !id.is_empty()) else {
        return unread::malformed(out, "device", json);
    };
    if entry.is_online.0.is_some() {
        let presence = Presence { device: id.clone(), online: entry.is_online.0, fields: &[] };
        out.event(&StreamEvent { at: Some(asked), body: EventBody::Presence(presence), data: json });
    }
    let attributes = entry.attributes.map(|raw| raw.get()).filter(|json| json.starts_with('{'));
    let mut fields = attributes.and_then(payload::fields).unwrap_or_default();
    let last_responded_at = entry.last_responded_at.0.or_else(|| payload::last_responded_at(&fields));
    if let Some(name) = entry.name.0 {
        fields.push(Field { name: Text::from("name"), value: Value::Text(name) });
    }
    if fields.is_empty() && last_responded_at.is_none() {
        return;
    }
    // What it reported is as old as the service says, where it does.
    let at = last_responded_at.or(entry.updated_at.0).unwrap_or(asked).min(asked);
    let body = EventBody::Telemetry(Telemetry { device: id, fields: &fields, last_responded_at });
    out.event(&StreamEvent { at: Some(at), body, data: attributes.unwrap_or(json) });
}

/// Says the lock events of a page, oldest first.
fn lock_events(listing: &Listing<'_>, device: &str, out: &mut dyn Sink) {
    let mut events: Vec<(Option<Timestamp>, LockEvent<'_>, &str)> = Vec::with_capacity(listing.entries.len());
    for json in &listing.entries {
        match serde_json::from_str::<LockEvent<'_>>(json) {
            Ok(event) => events.push((event.timestamp.0, event, json)),
            Err(_) => unread::malformed(out, "lock event", json),
        }
    }
    events.sort_by_key(|(at, ..)| *at);
    for (at, event, json) in events {
        let locked = match event.event.0.as_deref() {
            Some("lock" | "locked" | "device_locked") => true,
            Some("unlock" | "unlocked" | "device_unlocked") => false,
            _ => {
                unread::malformed(out, "lock event", json);
                continue;
            }
        };
        let device = event.hardware_id.0.filter(|id| !id.is_empty()).unwrap_or_else(|| Text::from(device));
        let (event_id, source, code) = (event.event_id.0, event.source.0, event.code.0);
        let body = EventBody::Lock(Lock { device, locked, event_id, source, code });
        out.event(&StreamEvent { at, body, data: json });
    }
}
