//! How the hosts are: `/api/v1/hosts`. What happened to them between is not told: that gap stays.

use secrecy::SecretString;

use crate::event::{EventBody, Host, HostChange, StreamEvent};
use crate::fetch::{Fetch, Of, Purpose};
use crate::loose::{LooseBool, LooseText};
use crate::object::object;
use crate::session::Sink;
use crate::site::{Listing, Site, bearer};
use crate::time::Timestamp;
use crate::unread;

/// How many hosts a page is taken to have where the service says nothing of pages.
const HOSTS: usize = 1_000;

object! {
    /// An entry of `/api/v1/hosts`: the vendor's webhooks have these fields, and how it says that a host is there is not
    /// documented.
    struct Entry<'a> {
        "host_id" | "hostId" => host_id: LooseText<'a>,
        "id" | "uuid" => id: LooseText<'a>,
        "org_id" | "orgId" | "organization_id" => org: LooseText<'a>,
        "hostname" | "name" => hostname: LooseText<'a>,
        "platform" => platform: LooseText<'a>,
        "os_version" | "osVersion" => os_version: LooseText<'a>,
        "ip_address" | "ip" => ip_address: LooseText<'a>,
        "status" | "state" => status: LooseText<'a>,
        "online" | "is_online" | "connected" => online: LooseBool,
    }
}

/// What to fetch: the hosts that the credential may see.
pub(super) fn fetches(site: &Site, orgs: &[&str], credential: &SecretString, now: Timestamp) -> Vec<Fetch> {
    // Of several orgs the answer must say whose a host is; of one it is known.
    let org = match orgs {
        [org] => org,
        _ => "",
    };
    vec![
        site.get("the hosts".into(), Purpose::Snapshot, &["api", "v1", "hosts"], &[])
            .secret(bearer(credential))
            .tagged(Of::Hosts, org, now),
    ]
}

/// Reads an answer.
pub(super) fn fetched(fetch: &Fetch, orgs: &[&str], body: &[u8], out: &mut dyn Sink) -> Result<Option<Fetch>, String> {
    if fetch.tag.of != Of::Hosts {
        return Ok(None);
    }
    let listing = Listing::read(body, &["hosts", "data"])?;
    for json in &listing.entries {
        if host(json, fetch, orgs, out).is_none() {
            unread::malformed(out, "host", json);
        }
    }
    // No way to turn pages is documented: where it says that there are more, they are asked for as others do.
    if !listing.says_pages() {
        return Ok(None);
    }
    let page = fetch.tag.next_page();
    fetch.page_after(&listing, HOSTS, |next, _| next.with_query("page", &page.to_string()))
}

fn host(json: &str, fetch: &Fetch, orgs: &[&str], out: &mut dyn Sink) -> Option<()> {
    let entry: Entry<'_> = serde_json::from_str(json).ok()?;
    let host = entry.host_id.0.or(entry.id.0).filter(|id| !id.is_empty())?;
    let org = entry.org.0.as_deref().filter(|org| orgs.contains(org)).unwrap_or(&fetch.tag.subject);
    let online = entry.online.0.or(match entry.status.0.as_deref() {
        Some("online" | "connected" | "up" | "active") => Some(true),
        Some("offline" | "disconnected" | "down" | "inactive") => Some(false),
        _ => None,
    });
    let change = match online {
        Some(true) => HostChange::Online,
        Some(false) => HostChange::Offline,
        // It is part of the fleet, which says nothing of its presence.
        None => HostChange::Enrolled,
    };
    let body = EventBody::Host(Host {
        org,
        host,
        change,
        hostname: entry.hostname.0,
        platform: entry.platform.0,
        os_version: entry.os_version.0,
        ip_address: entry.ip_address.0,
    });
    out.event(&StreamEvent { at: Some(fetch.tag.asked), body, data: json });
    Some(())
}
