//! The HTTP side of a service: where it is and how its answers are read.

use std::hash::{DefaultHasher, Hash, Hasher};

use secrecy::{ExposeSecret, SecretString};
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use url::Url;

use crate::config::Connection;
use crate::fetch::{Fetch, Of, Purpose, Tag};
use crate::loose::{LooseBool, LooseNumber};
use crate::object::object;
use crate::text::Text;
use crate::time::Timestamp;

/// How many entries one answer may have, and how many members an object around them.
const ENTRIES: usize = 100_000;
const MEMBERS: usize = 256;
/// How many objects a list may be wrapped in.
const DEPTH: usize = 3;
/// A service may give fewer entries a page than it was asked for; such caps are round.
const CAPS: usize = 50;

/// What was known a little before may not have been known whole: clocks differ, and events overtake each other.
pub(crate) const OVERLAP: i64 = 60_000;

/// Where a service's HTTP side is.
#[derive(Debug, Clone)]
pub(crate) struct Site {
    base: Url,
}

impl Site {
    /// The connection's `http_url`; else its WebSocket address without the path.
    pub fn new(connection: &Connection) -> Self {
        if let Some(url) = &connection.http_url {
            return Site { base: url.clone() };
        }
        let mut base = connection.url.clone();
        // Both schemes are special, so one can be set in the place of the other.
        let _ = base.set_scheme(if base.scheme() == "ws" { "http" } else { "https" });
        base.set_path("/");
        base.set_query(None);
        base.set_fragment(None);
        Site { base }
    }

    /// A `GET` of a path below the base.
    pub fn get(&self, what: String, purpose: Purpose, path: &[&str], query: &[(&str, &str)]) -> Fetch {
        let mut url = self.base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(path);
        }
        url.set_query(None);
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        Fetch::get(what, purpose, url)
    }
}

impl Fetch {
    pub(crate) fn secret(mut self, header: (&'static str, SecretString)) -> Self {
        self.secret_headers.push(header);
        self
    }

    pub(crate) fn since(mut self, since: Option<Timestamp>) -> Self {
        self.since = since;
        self
    }

    pub(crate) fn tagged(mut self, of: Of, subject: &str, asked: Timestamp) -> Self {
        self.tag = Tag { of, subject: subject.to_owned(), asked, ..Tag::default() };
        self
    }

    /// The same with another value of a query parameter.
    pub(crate) fn with_query(mut self, name: &str, value: &str) -> Self {
        let others: Vec<(String, String)> =
            self.url.query_pairs().filter(|(other, _)| other != name).map(|(n, v)| (n.into(), v.into())).collect();
        self.url.query_pairs_mut().clear().extend_pairs(others).append_pair(name, value);
        self
    }

    /// The page after the one that was read, where there is one; `limit` entries a page were asked for. A page that says
    /// what the one before it said is an error: the service does not turn pages, and would be asked for ever.
    pub(crate) fn page_after(
        &self,
        listing: &Listing<'_>,
        limit: usize,
        turn: impl FnOnce(Fetch, usize) -> Fetch,
    ) -> Result<Option<Fetch>, String> {
        let offset = self.tag.offset + listing.entries.len();
        let mark = listing.mark();
        if !listing.entries.is_empty() && self.tag.before == Some(mark) {
            return Err("the service answers with the same page again and again; the rest cannot be had".into());
        }
        if !listing.has_more(offset, limit) {
            return Ok(None);
        }
        let mut next = turn(self.clone(), offset);
        next.tag.pages += 1;
        next.tag.offset = offset;
        next.tag.before = Some(mark);
        Ok(Some(next))
    }
}

/// The header `Authorization: Bearer …`.
pub(crate) fn bearer(credential: &SecretString) -> (&'static str, SecretString) {
    ("Authorization", SecretString::from(format!("Bearer {}", credential.expose_secret().trim())))
}

/// A list in an answer, borrowed from it.
#[derive(Debug, Default)]
pub(crate) struct Listing<'a> {
    /// The JSON text of each entry.
    pub entries: Vec<&'a str>,
    paging: Paging<'a>,
}

object! {
    /// What an answer says of the pages beside it.
    struct Paging<'a> {
        "hasMore" | "has_more" => has_more: LooseBool,
        "total" | "totalCount" | "total_count" => total: LooseNumber,
        "limit" | "per_page" | "pageSize" => limit: LooseNumber,
    }
}

impl<'a> Listing<'a> {
    /// Finds the list in an answer: the answer itself, a member of one of these names, or the first list there is.
    pub fn read(body: &'a [u8], names: &[&str]) -> Result<Self, String> {
        let text = std::str::from_utf8(body).map_err(|_| "the service answered with something that is not text")?;
        let text = text.trim_start_matches('\u{feff}').trim_start();
        let raw: &RawValue = serde_json::from_str(text).map_err(|error| match error.is_eof() {
            true => "the service's answer ends before it is whole",
            false => "the service answered with something that is not JSON",
        })?;
        Listing::find(raw, names, DEPTH)?.ok_or_else(|| "the service answered without a list".into())
    }

    fn find(raw: &'a RawValue, names: &[&str], depth: usize) -> Result<Option<Self>, String> {
        let first = raw.get().as_bytes().first();
        if first == Some(&b'[') {
            let Entries(entries) = serde_json::from_str(raw.get())
                .map_err(|_| format!("the service answered with more than {ENTRIES} entries at once"))?;
            return Ok(Some(Listing { entries, paging: Paging::default() }));
        }
        if first != Some(&b'{') || depth == 0 {
            return Ok(None);
        }
        let Members(members) = serde_json::from_str(raw.get())
            .map_err(|_| format!("the service answered with an object of more than {MEMBERS} members"))?;
        let starts = |value: &RawValue, byte: u8| value.get().as_bytes().first() == Some(&byte);
        let lists = || members.iter().filter(|(_, value)| starts(value, b'['));
        let list = lists().find(|(name, _)| names.contains(&name.as_str())).or_else(|| lists().next());
        let mut found = match list {
            Some((_, list)) => Listing::find(list, names, depth - 1)?,
            None => None,
        };
        if found.is_none() {
            for (_, value) in members.iter().filter(|(_, value)| starts(value, b'{')) {
                found = Listing::find(value, names, depth - 1)?;
                if found.is_some() {
                    break;
                }
            }
        }
        if let Some(listing) = &mut found {
            let beside = members.iter().filter(|(name, _)| matches!(name.as_str(), "pagination" | "meta" | "page"));
            for json in beside.map(|(_, value)| value.get()).chain([raw.get()]) {
                if let Ok(paging) = serde_json::from_str::<Paging<'_>>(json) {
                    listing.paging.has_more.0 = listing.paging.has_more.0.or(paging.has_more.0);
                    listing.paging.total.0 = listing.paging.total.0.or(paging.total.0);
                    listing.paging.limit.0 = listing.paging.limit.0.or(paging.limit.0);
                }
            }
        }
        Ok(found)
    }

    /// Whether the answer says anything of pages.
    pub fn says_pages(&self) -> bool {
        self.paging.has_more.0.is_some() || self.paging.total.0.is_some()
    }

    /// Whether pages follow, after so many entries in all.
    fn has_more(&self, offset: usize, limit: usize) -> bool {
        let count = self.entries.len();
        if count == 0 {
            return false;
        }
        match (self.paging.has_more.0, self.paging.total.0, self.paging.limit.0) {
            (Some(has_more), ..) => has_more,
            (None, Some(total), _) => (offset as f64) < total,
            (None, None, Some(said)) => count as f64 >= said,
            (None, None, None) => count >= limit || count.is_multiple_of(CAPS),
        }
    }

    /// What tells this page from another.
    fn mark(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        (self.entries.len(), self.entries.first(), self.entries.last()).hash(&mut hasher);
        hasher.finish()
    }
}

/// The entries of a list, so many at most.
struct Entries<'a>(Vec<&'a str>);

impl<'de: 'a, 'a> Deserialize<'de> for Entries<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Bounded;
        impl<'de> Visitor<'de> for Bounded {
            type Value = Entries<'de>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a list")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = list.next_element::<&'de RawValue>()? {
                    if entries.len() >= ENTRIES {
                        return Err(A::Error::custom("too many entries"));
                    }
                    entries.push(entry.get());
                }
                Ok(Entries(entries))
            }
        }
        deserializer.deserialize_seq(Bounded)
    }
}

/// The members of an object, so many at most.
struct Members<'a>(Vec<(Text<'a>, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Bounded;
        impl<'de> Visitor<'de> for Bounded {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry::<Text<'de>, &'de RawValue>()? {
                    if members.len() >= MEMBERS {
                        return Err(A::Error::custom("too many members"));
                    }
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Bounded)
    }
}
