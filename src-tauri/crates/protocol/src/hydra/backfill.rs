//! What was missed: `/v1/streams/{stream}?since=&limit=500`, which answers with the messages of the stream.

use secrecy::{ExposeSecret, SecretString};

use crate::fetch::{Fetch, Of, Purpose};
use crate::session::Sink;
use crate::site::{Listing, OVERLAP, Site, bearer};
use crate::text::Text;
use crate::time::Timestamp;
use crate::unread;

use super::wire::{self, Envelope};
use super::{is_jwt, signal};

/// How many messages a page is asked to have.
const MESSAGES: usize = 500;

/// What to fetch of these streams; nothing when nothing was known before.
pub(super) fn fetches<'s>(
    site: &Site,
    streams: impl Iterator<Item = &'s str>,
    known_until: Option<Timestamp>,
    credential: &SecretString,
    now: Timestamp,
) -> Vec<Fetch> {
    let Some(known) = known_until else { return Vec::new() };
    let since = Timestamp(known.0.saturating_sub(OVERLAP)).to_string();
    let mut headers = vec![bearer(credential)];
    // As on the upgrade: what is no token may be a key of the newer service.
    if !is_jwt(credential.expose_secret()) {
        headers.push(("x-api-key", credential.clone()));
    }
    streams
        .map(|stream| {
            let query = [("since", since.as_str()), ("limit", "500")];
            let fetch = site.get(format!("the stream {stream}"), Purpose::Missed, &["v1", "streams", stream], &query);
            Fetch { secret_headers: headers.clone(), ..fetch.since(known_until).tagged(Of::Stream, stream, now) }
        })
        .collect()
}

/// Reads an answer: messages as the stream has them, said oldest first.
pub(super) fn fetched(fetch: &Fetch, body: &[u8], out: &mut dyn Sink) -> Result<Option<Fetch>, String> {
    if fetch.tag.of != Of::Stream {
        return Ok(None);
    }
    let listing = Listing::read(body, &["data"])?;
    let mut messages: Vec<(Option<Timestamp>, Envelope<'_>, &str)> = Vec::with_capacity(listing.entries.len());
    for json in &listing.entries {
        match serde_json::from_str::<Envelope<'_>>(json) {
            Ok(envelope) if !envelope.kind.is_empty() => messages.push((envelope.ts.0, envelope, json)),
            _ => unread::tagged(out, json, wire::is_known),
        }
    }
    messages.sort_by_key(|(at, ..)| *at);
    for (_, envelope, json) in messages {
        if wire::is_control(&envelope.kind) {
            continue;
        }
        let stream = envelope.stream.0.clone().unwrap_or_else(|| Text::from(fetch.tag.subject.as_str()));
        signal::say(&envelope, stream, json, out);
    }
    fetch.page_after(&listing, MESSAGES, |next, offset| next.with_query("offset", &offset.to_string()))
}
