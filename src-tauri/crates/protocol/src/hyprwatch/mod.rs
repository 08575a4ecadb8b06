//! hyprwatch: hosts and SQL queries over Phoenix channels. Several orgs on one socket, two channels each: `org:ID` tells
//! of hosts, `query:ID` runs queries.
//!
//! Live when every channel was answered, or stayed unanswered for 10 s, and at least one is joined. Without any org the
//! first heartbeat's answer is what makes it live.

mod backfill;
mod channel;
mod frame;
mod heartbeat;
mod org;
mod query;

use std::time::{Duration, Instant};

use secrecy::SecretString;
use url::Url;

use crate::config::{Connection, PhoenixVersion, Protocol};
use crate::fetch::{Fetch, Occasion};
use crate::session::{Ask, ClientRequest, Close, Ended, Input, Outgoing, Progress, Session, Sink, SubscriptionState};
use crate::site::Site;
use crate::time::Timestamp;
use crate::{asked, ending, unread};
use channel::{Channel, Standing, Wire};
use frame::{Body, Message};
use heartbeat::Heartbeat;
use org::{Org, Role};

/// How many orgs a connection may watch when asked for more while it is live.
const ORGS: usize = 256;

/// The session of a hyprwatch connection.
#[derive(Debug)]
pub struct Hyprwatch {
    url: Url,
    site: Site,
    /// The configured version; none means V2, then V1.
    fixed: Option<PhoenixVersion>,
    /// The version of this attempt.
    version: PhoenixVersion,
    /// The version that the service last accepted.
    worked: Option<PhoenixVersion>,
    orgs: Vec<Org>,
    heartbeat: Heartbeat,
    last_ref: u64,
    live: bool,
    /// Runs that a lost connection took along, to be failed as soon as there is somebody to tell.
    lost: Vec<(String, u64)>,
}

impl Hyprwatch {
    /// Makes the session of a connection.
    pub fn new(connection: &Connection) -> Self {
        let mut orgs: Vec<Org> = Vec::new();
        for subscribe in &connection.subscribe {
            if orgs.iter().all(|org| org.id != subscribe.name()) {
                orgs.push(Org::new(subscribe.name()));
            }
        }
        Hyprwatch {
            url: connection.url.clone(),
            site: Site::new(connection),
            fixed: connection.phoenix_version,
            version: connection.phoenix_version.unwrap_or(PhoenixVersion::V2),
            worked: None,
            orgs,
            heartbeat: Heartbeat::Off,
            last_ref: 0,
            live: false,
            lost: Vec::new(),
        }
    }

    fn split<'s>(&'s mut self, out: &'s mut dyn Sink) -> (&'s mut Vec<Org>, &'s mut Heartbeat, Wire<'s>) {
        let wire = Wire { version: self.version, last_ref: &mut self.last_ref, out };
        (&mut self.orgs, &mut self.heartbeat, wire)
    }

    fn opened(&mut self, now: Instant, out: &mut dyn Sink) {
        self.worked = Some(self.version);
        for (org, run) in self.lost.drain(..) {
            query::fail(&org, run, "the connection was lost before the query was complete", out);
        }
        out.progress(Progress::Subscribing);
        let (orgs, heartbeat, mut wire) = self.split(out);
        *heartbeat = Heartbeat::start(now);
        orgs.iter_mut().for_each(|org| org.join(now, &mut wire));
        if orgs.is_empty() {
            heartbeat.probe(now, &mut wire);
        }
    }

    fn message(&mut self, message: &Message<'_>, now: Instant, out: &mut dyn Sink) {
        let topic = message.topic.as_str();
        if topic == "phoenix" {
            match (&message.body, &message.reference) {
                (Body::Reply { .. }, Some(reference)) => {
                    if self.heartbeat.reply(reference) && self.orgs.is_empty() {
                        self.go_live(out);
                    }
                }
                _ => not_ours(message, out),
            }
            return;
        }
        let (orgs, _, mut wire) = self.split(out);
        let found = match topic.split_once(':') {
            Some(("org", id)) => orgs.iter_mut().find(|org| org.id == id).map(|org| (org, Role::Hosts)),
            Some(("query", id)) => orgs.iter_mut().find(|org| org.id == id).map(|org| (org, Role::Queries)),
            _ => None,
        };
        match found {
            Some((org, role)) => org.message(role, message, now, &mut wire),
            None => not_ours(message, wire.out),
        }
    }

    fn ask(&mut self, ask: &Ask, now: Instant, out: &mut dyn Sink) {
        let (orgs, heartbeat, mut wire) = self.split(out);
        match ask {
            Ask::RunQuery { run, org: wanted, sql, target } => {
                let found = match wanted {
                    Some(id) => orgs.iter_mut().find(|org| org.id == *id),
                    None => orgs.first_mut(),
                };
                match (found, wanted) {
                    (Some(org), _) => org.run(*run, sql, target, now, &mut wire),
                    (None, Some(id)) => {
                        let why = format!("the connection does not subscribe to the org \"{id}\"");
                        query::fail(id, *run, &why, wire.out);
                    }
                    (None, None) => query::fail("", *run, "the connection subscribes to no org", wire.out),
                }
            }
            Ask::StopQuery { run } => orgs.iter_mut().for_each(|org| org.stop(*run, now, &mut wire)),
            Ask::Subscribe(id) => match orgs.iter().position(|org| org.id == *id) {
                Some(known) if orgs[known].channels.iter().any(Channel::lives) => {}
                Some(known) if !matches!(heartbeat, Heartbeat::Off) => orgs[known].join(now, &mut wire),
                Some(_) => {}
                None if orgs.len() >= ORGS => {
                    let words = format!("a connection watches at most {ORGS} orgs");
                    wire.out.subscription(id, SubscriptionState::Refused(&words));
                }
                None => {
                    let mut org = Org::new(id);
                    // Before the socket is open it is only taken note of: opening joins it.
                    if !matches!(heartbeat, Heartbeat::Off) {
                        org.join(now, &mut wire);
                    }
                    orgs.push(org);
                }
            },
            Ask::Unsubscribe(id) => match orgs.iter_mut().find(|org| org.id == *id) {
                Some(org) => org.leave(now, &mut wire),
                None => wire.out.subscription(id, SubscriptionState::Ended),
            },
            Ask::CreateLiveQuery(_) | Ask::DestroyLiveQuery(_) => asked::cannot(ask, Protocol::Hyprwatch, wire.out),
        }
    }

    fn go_live(&mut self, out: &mut dyn Sink) {
        if !self.live {
            self.live = true;
            out.progress(Progress::Live);
        }
    }

    /// Goes live when all channels are settled, or ends when none is left that could say anything.
    fn settle(&mut self, out: &mut dyn Sink) -> Result<(), Ended> {
        self.orgs.retain(|org| !org.is_left());
        let channels = || {
            let all = self.orgs.iter().flat_map(|org| &org.channels);
            all.filter(|channel| channel.standing() != Standing::Left)
        };
        if channels().next().is_none() || channels().any(|channel| channel.standing() == Standing::Unsettled) {
            return Ok(());
        }
        if channels().any(|channel| channel.joined().is_some()) {
            self.go_live(out);
            return Ok(());
        }
        if channels().any(Channel::lives) {
            // What crashed while live is joined again; what never answered makes no connection.
            return if self.live {
                Ok(())
            } else {
                Err(Ended::retry("no channel could be joined: the joins crashed, or were not answered within 10 s"))
            };
        }
        let refusals: Vec<String> = self.orgs.iter().map(Org::refusals).filter(|words| !words.is_empty()).collect();
        if refusals.is_empty() {
            return Err(Ended::retry("the service closed every channel"));
        }
        let cause = format!("the service refused every channel ({})", refusals.join("; "));
        if channels().any(Channel::is_unauthorized) {
            return Err(Ended::needs_credential(format!("{cause}: check the credential and the org ids")));
        }
        Err(Ended::refused(format!("{cause}: check the org ids")))
    }
}

impl Session for Hyprwatch {
    fn connect(&mut self, credential: &SecretString) -> Result<ClientRequest, Ended> {
        for org in &mut self.orgs {
            let runs = org.reset();
            self.lost.extend(runs.into_iter().map(|run| (org.id.clone(), run)));
        }
        self.orgs.retain(|org| !org.is_left());
        self.heartbeat = Heartbeat::Off;
        self.last_ref = 0;
        self.live = false;
        Ok(ClientRequest {
            url: socket_url(&self.url, self.version),
            secret_query: vec![("token", credential.clone())],
            secret_headers: Vec::new(),
        })
    }

    fn handle(&mut self, input: Input<'_>, now: Instant, out: &mut dyn Sink) -> Result<(), Ended> {
        match input {
            Input::Opened => self.opened(now, out),
            Input::Text(text) => match frame::text(text) {
                Some(message) => self.message(&message, now, out),
                None => unread::text_frame(out, text),
            },
            Input::Binary(bytes) => match frame::binary(bytes) {
                Some(message) => self.message(&message, now, out),
                None => unread::first_bytes(out, "binary", bytes),
            },
            Input::Pong => return Ok(()),
            Input::Timeout => {
                let (orgs, heartbeat, mut wire) = self.split(out);
                heartbeat.timeout(now, &mut wire)?;
                orgs.iter_mut().for_each(|org| org.timeout(now, &mut wire));
            }
            Input::Ask(ask) => self.ask(ask, now, out),
            Input::Probe => {
                let (_, heartbeat, mut wire) = self.split(out);
                heartbeat.probe(now, &mut wire);
            }
        }
        self.settle(out)
    }

    fn poll_timeout(&self) -> Option<(Instant, &'static str)> {
        self.orgs.iter().flat_map(Org::deadlines).chain(self.heartbeat.deadline()).min_by_key(|(at, _)| *at)
    }

    fn closed(&mut self, close: Option<Close<'_>>) -> Ended {
        // 1000 too: the server closes an idle socket so. Only we know whether we asked for it.
        Ended::retry(ending::close_words(close))
    }

    fn rejected(&mut self, status: u16, retry_after: Option<Duration>) -> Ended {
        if status != 403 || self.fixed.is_some() {
            return ending::rejection(status, retry_after);
        }
        if self.version == PhoenixVersion::V2 && self.worked != Some(PhoenixVersion::V2) {
            self.version = PhoenixVersion::V1;
            return Ended::retry_after(
                Duration::ZERO,
                "the service answered the upgrade with HTTP 403: it refuses the credential or version 2 of the protocol; version 1 is tried",
            );
        }
        if self.version == PhoenixVersion::V1 {
            self.worked = None;
            self.version = PhoenixVersion::V2;
        }
        ending::rejection(status, retry_after)
    }

    fn fetches(&mut self, _: Occasion, _: Option<Timestamp>, credential: &SecretString, now: Timestamp) -> Vec<Fetch> {
        let orgs: Vec<&str> = self.orgs.iter().map(|org| org.id.as_str()).collect();
        backfill::fetches(&self.site, &orgs, credential, now)
    }

    fn fetched(&mut self, fetch: &Fetch, body: &[u8], out: &mut dyn Sink) -> Result<Option<Fetch>, String> {
        let orgs: Vec<&str> = self.orgs.iter().map(|org| org.id.as_str()).collect();
        backfill::fetched(fetch, &orgs, body, out)
    }

    fn shutdown(&mut self, out: &mut dyn Sink) {
        let (orgs, _, mut wire) = self.split(out);
        for channel in orgs.iter().flat_map(|org| &org.channels) {
            if let Some(join) = channel.joined() {
                wire.push(Some(join), channel.topic(), "phx_leave", "{}");
            }
        }
        wire.out.send(Outgoing::Close { code: 1000, reason: "" });
    }
}

/// Says that a message is of no topic of ours.
fn not_ours(message: &Message<'_>, out: &mut dyn Sink) {
    match &message.body {
        Body::Reply { response, .. } => unread::unknown(out, "phx_reply", response),
        Body::Event { event, payload: Ok(payload) } => unread::unknown(out, event, payload),
        Body::Event { event, payload: Err(bytes) } => unread::first_bytes(out, event, bytes),
    }
}

/// The socket's URL: the configured one may be that of the Phoenix endpoint or already name the transport. Without `vsn`
/// the server speaks V1.
fn socket_url(configured: &Url, version: PhoenixVersion) -> Url {
    let mut url = configured.clone();
    let path = url.path().trim_end_matches('/');
    if !path.ends_with("/websocket") {
        let path = format!("{path}/websocket");
        url.set_path(&path);
    }
    let kept: Vec<(String, String)> = configured
        .query_pairs()
        .filter(|(name, _)| name != "vsn")
        .map(|(n, v)| (n.into_owned(), v.into_owned()))
        .collect();
    url.set_query(None);
    if version == PhoenixVersion::V2 || !kept.is_empty() {
        let mut query = url.query_pairs_mut();
        query.extend_pairs(kept);
        if version == PhoenixVersion::V2 {
            query.append_pair("vsn", "2.0.0");
        }
    }
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_socket_url_is_made_of_the_endpoint_or_the_transport() {
        let made = |url: &str, version| socket_url(&Url::parse(url).unwrap(), version).to_string();
        let v2 = "wss://h.example/api/socket/websocket?vsn=2.0.0";
        assert_eq!(made("wss://h.example/api/socket", PhoenixVersion::V2), v2);
        assert_eq!(made("wss://h.example/api/socket/", PhoenixVersion::V2), v2);
        assert_eq!(made("wss://h.example/api/socket/websocket", PhoenixVersion::V2), v2);
        assert_eq!(made("wss://h.example/api/socket/websocket?vsn=1.0.0", PhoenixVersion::V2), v2);
        assert_eq!(made(v2, PhoenixVersion::V1), "wss://h.example/api/socket/websocket");
        assert_eq!(
            made("wss://h.example/s?region=eu", PhoenixVersion::V2),
            "wss://h.example/s/websocket?region=eu&vsn=2.0.0"
        );
    }
}
