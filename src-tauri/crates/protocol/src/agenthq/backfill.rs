//! Agents and tasks as they are, and the posts that were missed. Base `/api/v1`; lists have pages counted from 1, newest
//! entries first. Channels are not asked for: no event tells of one.

use secrecy::SecretString;

use crate::event::Change;
use crate::fetch::{Fetch, Of, Purpose};
use crate::loose::LooseTime;
use crate::object::object;
use crate::session::Sink;
use crate::site::{Listing, OVERLAP, Site, bearer};
use crate::time::Timestamp;

use super::message::{Event, Message};

/// How many entries a page is asked to have.
const ENTRIES: usize = 100;

object! {
    /// When an entry came to be.
    struct Age<'a> {
        "created_at" | "createdAt" => created_at: LooseTime,
        "updated_at" | "updatedAt" => updated_at: LooseTime,
    }
}

/// What to fetch for these channels.
pub(super) fn fetches<'c>(
    site: &Site,
    channels: impl Iterator<Item = &'c str>,
    known_until: Option<Timestamp>,
    credential: &SecretString,
    now: Timestamp,
) -> Vec<Fetch> {
    let header = bearer(credential);
    let list = |what: &str, path: &str, of: Of| {
        site.get(what.into(), Purpose::Snapshot, &["api", "v1", path], &[("limit", "100")])
            .secret(header.clone())
            .tagged(of, "", now)
    };
    let mut fetches = vec![list("the agents", "agents", Of::Agents), list("the tasks", "tasks", Of::Tasks)];
    if let Some(known) = known_until {
        let since = Timestamp(known.0.saturating_sub(OVERLAP)).to_string();
        fetches.extend(channels.map(|channel| {
            let query = [("channel_id", channel), ("since", &since), ("limit", "100")];
            site.get(format!("posts in {channel}"), Purpose::Missed, &["api", "v1", "posts"], &query)
                .secret(header.clone())
                .since(known_until)
                .tagged(Of::Posts, channel, now)
        }));
    }
    fetches
}

/// Reads an answer.
pub(super) fn fetched(fetch: &Fetch, body: &[u8], out: &mut dyn Sink) -> Result<Option<Fetch>, String> {
    let (names, kind, event) = match fetch.tag.of {
        Of::Agents => (["data", "agents"], "agent", Event::Agent(None)),
        Of::Tasks => (["data", "tasks"], "task", Event::Task(Change::Updated)),
        Of::Posts => (["data", "posts"], "post", Event::Post(Change::Created)),
        _ => return Ok(None),
    };
    let listing = Listing::read(body, &names)?;
    let mut entries: Vec<_> = listing.entries.iter().map(|json| (age(json), *json)).collect();
    entries.sort_by_key(|(age, _)| *age);
    for (_, json) in entries {
        // An agent is so when it is asked for; posts and tasks have their own times.
        let at = (fetch.tag.of == Of::Agents).then_some(fetch.tag.asked);
        Message::fetched(kind, json, at).say(event, out);
    }
    let page = fetch.tag.next_page();
    fetch.page_after(&listing, ENTRIES, |next, _| next.with_query("page", &page.to_string()))
}

fn age(json: &str) -> Option<Timestamp> {
    let age: Age<'_> = serde_json::from_str(json).ok()?;
    age.created_at.0.or(age.updated_at.0)
}
