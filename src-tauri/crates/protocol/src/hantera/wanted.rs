//! What the operator wants of the service, and what the service answered to it.

use std::collections::{HashMap, HashSet};
use std::time::Instant;

use crate::config::{Connection, LiveQuery, Subscribe};
use crate::session::{Sink, SubscriptionState};

use super::wire::{Confirmed, GraphQuery, Message, Request, Subscription};
use super::{path, send};

/// Subscriptions and live queries with their open requests. Bounded by what the operator asks for: nothing that the
/// service sends makes it grow.
#[derive(Debug)]
pub(super) struct Wanted {
    items: Vec<Item>,
    /// Whether the service is of the older generation.
    is_old: bool,
    /// The number of the last request; numbers are never used again.
    last_request: u64,
    /// The open requests: number to deadline.
    open: HashMap<u64, Instant>,
    /// No open request has an earlier deadline.
    next: Option<Instant>,
}

#[derive(Debug)]
struct Item {
    /// The operator's word: the path, or the live query's id.
    name: String,
    what: What,
    /// The last request for it in this attempt.
    request: u64,
    is_accepted: bool,
}

#[derive(Debug)]
enum What {
    /// The id is ours: the path, with a number behind it where the path is wanted twice.
    Events {
        id: String,
        events: Vec<String>,
    },
    LiveQuery(LiveQuery),
}

impl Wanted {
    pub(super) fn new(connection: &Connection) -> Self {
        let is_old = connection.url.path().trim_end_matches('/').ends_with("/events");
        let mut wanted = Wanted { items: Vec::new(), is_old, last_request: 0, open: HashMap::new(), next: None };
        for subscribe in &connection.subscribe {
            let events = match subscribe {
                Subscribe::Some { events, .. } if !events.is_empty() => events.clone(),
                _ => path::events(subscribe.name()),
            };
            wanted.add(subscribe.name(), events);
        }
        for query in &connection.live_queries {
            wanted.items.push(Item::new(query.id.clone(), What::LiveQuery(query.clone())));
        }
        wanted
    }

    pub(super) fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    pub(super) fn is_answered(&self) -> bool {
        self.open.is_empty()
    }

    /// When [`Wanted::expire`] is wanted.
    pub(super) fn deadline(&self) -> Option<Instant> {
        self.next
    }

    /// The path of a subscription of ours.
    pub(super) fn path(&self, id: &str) -> Option<&str> {
        self.items.iter().find(|item| item.has_events_id(id)).map(|item| item.name.as_str())
    }

    /// The operator's word for an id of ours.
    pub(super) fn name(&self, id: &str) -> Option<&str> {
        self.items.iter().find(|item| item.id() == id).map(|item| item.name.as_str())
    }

    pub(super) fn request_all(&mut self, until: Instant, out: &mut dyn Sink) {
        for index in 0..self.items.len() {
            self.request(index, until, out);
        }
    }

    /// Takes an answer that confirms subscriptions. What the request asked for and the answer does not list is refused.
    pub(super) fn confirmed(&mut self, message: &Message<'_>, out: &mut dyn Sink) {
        let listed: Option<Vec<Confirmed<'_>>> =
            message.subscriptions.and_then(|list| serde_json::from_str(list.get()).ok());
        let ids: Option<HashSet<&str>> =
            listed.as_ref().map(|list| list.iter().filter_map(|confirmed| confirmed.id.0.as_deref()).collect());
        // An answer that names neither is that to the oldest request: answers come in order.
        let oldest = || {
            let requests = self.items.iter().filter(|item| matches!(item.what, What::Events { .. })).map(|i| i.request);
            requests.filter(|request| self.open.contains_key(request)).min()
        };
        let request = if ids.is_none() { self.number(message).or_else(oldest) } else { self.number(message) };
        for item in &mut self.items {
            let What::Events { id, .. } = &item.what else { continue };
            let is_of_request = request.is_some() && request == Some(item.request);
            let is_listed = ids.as_ref().map_or(is_of_request, |ids| ids.contains(id.as_str()));
            let is_open = self.open.contains_key(&item.request);
            if is_listed && (is_open || !item.is_accepted) {
                item.is_accepted = true;
                out.subscription(&item.name, SubscriptionState::Accepted);
            } else if is_of_request && is_open {
                out.subscription(&item.name, SubscriptionState::Refused("the service's answer leaves it out"));
            } else {
                continue;
            }
            self.open.remove(&item.request);
        }
        self.settle();
    }

    /// Takes the answer to the creation of a live query.
    pub(super) fn created(&mut self, message: &Message<'_>, out: &mut dyn Sink) {
        let Some(id) = message.id.0.as_deref() else { return };
        if let Some(item) = self.items.iter_mut().find(|item| item.is_live_query(id)) {
            item.is_accepted = true;
            self.open.remove(&item.request);
            out.subscription(&item.name, SubscriptionState::Accepted);
        }
        self.settle();
    }

    /// Takes the word that a live query is gone. One that is created anew is not gone for the operator.
    pub(super) fn destroyed(&mut self, message: &Message<'_>, out: &mut dyn Sink) {
        let Some(id) = message.id.0.as_deref() else { return };
        let item = self.items.iter_mut().find(|item| item.is_live_query(id));
        if item.as_ref().is_some_and(|item| self.open.contains_key(&item.request)) {
            return;
        }
        if let Some(item) = item {
            item.is_accepted = false;
        }
        out.subscription(id, SubscriptionState::Ended);
    }

    /// Takes an error; gives the operator's word for what it refused. Errors name their request, or at least an id or,
    /// in their words, the path.
    pub(super) fn refused(&mut self, message: &Message<'_>, words: &str, out: &mut dyn Sink) -> Option<String> {
        let request = self.number(message);
        let id = message.subscription_id.0.as_deref().or(message.id.0.as_deref());
        let item = self.items.iter_mut().find(|item| {
            self.open.contains_key(&item.request)
                && match (request, id) {
                    (Some(request), _) => item.request == request,
                    (None, Some(id)) => item.id() == id,
                    (None, None) => matches!(item.what, What::Events { .. }) && words.ends_with(&item.name),
                }
        })?;
        self.open.remove(&item.request);
        item.is_accepted = false;
        out.subscription(&item.name, SubscriptionState::Refused(words));
        let name = item.name.clone();
        self.settle();
        Some(name)
    }

    /// Gives up what was not answered in time.
    pub(super) fn expire(&mut self, now: Instant, out: &mut dyn Sink) {
        if self.next.is_none_or(|next| next > now) {
            return;
        }
        for item in &self.items {
            if self.open.get(&item.request).is_some_and(|until| *until <= now) {
                out.subscription(&item.name, SubscriptionState::Refused("no answer in 10 s"));
            }
        }
        self.open.retain(|_, until| *until > now);
        self.next = self.open.values().min().copied();
    }

    /// Adds a subscription; asks for it at once when `until` says that there is somebody to ask.
    pub(super) fn subscribe(&mut self, name: &str, until: Option<Instant>, out: &mut dyn Sink) {
        let known = self.items.iter().position(|item| item.name == name && matches!(item.what, What::Events { .. }));
        let index = known.unwrap_or_else(|| self.add(name, path::events(name)));
        match until {
            Some(_) if self.items.get(index).is_some_and(|item| item.is_accepted) => {
                out.subscription(name, SubscriptionState::Accepted);
            }
            Some(until) => self.request(index, until, out),
            None => {}
        }
    }

    pub(super) fn unsubscribe(&mut self, name: &str, is_live: bool, out: &mut dyn Sink) {
        let is_it = |item: &Item| item.name == name && matches!(item.what, What::Events { .. });
        let ids: Vec<&str> = self.items.iter().filter(|item| is_it(item)).map(Item::id).collect();
        if is_live && !ids.is_empty() {
            self.send_unsubscribe(&ids, out);
        }
        self.remove(is_it);
        // The service documents no answer to it.
        out.subscription(name, SubscriptionState::Ended);
    }

    /// Adds a live query; one of the same id is destroyed first and so begins anew.
    pub(super) fn create(&mut self, query: &LiveQuery, until: Option<Instant>, out: &mut dyn Sink) {
        let old = self.items.iter().position(|item| item.is_live_query(&query.id));
        if old.is_some() && until.is_some() {
            send(&Request::DestroyLiveQuery { id: &query.id }, out);
        }
        let id = query.id.clone();
        self.remove(|item| item.is_live_query(&id));
        self.items.push(Item::new(id, What::LiveQuery(query.clone())));
        if let Some(until) = until {
            self.request(self.items.len() - 1, until, out);
        }
    }

    /// Destroys every live query and creates it again.
    pub(super) fn renew(&mut self, until: Instant, out: &mut dyn Sink) {
        if self.is_old {
            return;
        }
        for index in 0..self.items.len() {
            let id = match self.items.get(index) {
                Some(Item { what: What::LiveQuery(query), .. }) => query.id.clone(),
                _ => continue,
            };
            send(&Request::DestroyLiveQuery { id: &id }, out);
            self.request(index, until, out);
        }
    }

    pub(super) fn destroy(&mut self, id: &str, is_live: bool, out: &mut dyn Sink) {
        self.remove(|item| item.is_live_query(id));
        if is_live && !self.is_old {
            send(&Request::DestroyLiveQuery { id }, out);
        } else {
            out.subscription(id, SubscriptionState::Ended);
        }
    }

    /// Ends everything at the service.
    pub(super) fn release(&self, out: &mut dyn Sink) {
        let ids: Vec<&str> =
            self.items.iter().filter(|item| matches!(item.what, What::Events { .. })).map(Item::id).collect();
        if !ids.is_empty() {
            self.send_unsubscribe(&ids, out);
        }
        for item in self.items.iter().filter(|item| !self.is_old && item.is_live_query(item.id())) {
            send(&Request::DestroyLiveQuery { id: item.id() }, out);
        }
    }

    /// Forgets what was answered in the last attempt.
    pub(super) fn forget(&mut self) {
        self.open.clear();
        self.next = None;
        for item in &mut self.items {
            item.is_accepted = false;
            item.request = 0;
        }
    }

    fn add(&mut self, name: &str, events: Vec<String>) -> usize {
        let is_taken = |id: &str| self.items.iter().any(|item| item.has_events_id(id));
        let id = std::iter::once(name.to_owned())
            .chain((2..).map(|n| format!("{name}#{n}")))
            .find(|id| !is_taken(id))
            .unwrap_or_default();
        self.items.push(Item::new(name.to_owned(), What::Events { id, events }));
        self.items.len() - 1
    }

    fn request(&mut self, index: usize, until: Instant, out: &mut dyn Sink) {
        let Some(item) = self.items.get_mut(index) else { return };
        if self.is_old && matches!(item.what, What::LiveQuery(_)) {
            let words = "this address is the older service's, which has no live queries; use the one that ends in /ws";
            return out.subscription(&item.name, SubscriptionState::Refused(words));
        }
        self.open.remove(&item.request);
        self.last_request += 1;
        item.request = self.last_request;
        item.is_accepted = false;
        self.open.insert(item.request, until);
        self.next = Some(self.next.map_or(until, |next| next.min(until)));
        let request_id = &format!("req-{}", item.request);
        out.subscription(&item.name, SubscriptionState::Requested);
        match &item.what {
            What::Events { id, events } => {
                let subscriptions = [Subscription { id, path: &item.name, events }];
                if self.is_old {
                    send(&Request::Subscribe { request_id, subscriptions }, out);
                } else {
                    send(&Request::SubscribeEvents { request_id, subscriptions }, out);
                }
            }
            What::LiveQuery(LiveQuery { id, edge, filter, order_by }) => {
                let query = GraphQuery { edge, filter: filter.as_deref(), order_by: order_by.as_deref() };
                send(&Request::CreateLiveQuery { request_id, id, query }, out);
            }
        }
    }

    fn send_unsubscribe(&self, ids: &[&str], out: &mut dyn Sink) {
        let request = if self.is_old { Request::Unsubscribe { ids } } else { Request::UnsubscribeEvents { ids } };
        send(&request, out);
    }

    fn remove(&mut self, is_it: impl Fn(&Item) -> bool) {
        for item in self.items.iter().filter(|item| is_it(item)) {
            self.open.remove(&item.request);
        }
        self.items.retain(|item| !is_it(item));
        self.settle();
    }

    fn settle(&mut self) {
        if self.open.is_empty() {
            self.next = None;
        }
    }

    /// The number of the request of ours that a message answers.
    fn number(&self, message: &Message<'_>) -> Option<u64> {
        message.request_id.0.as_deref()?.strip_prefix("req-")?.parse().ok()
    }
}

impl Item {
    fn new(name: String, what: What) -> Self {
        Item { name, what, request: 0, is_accepted: false }
    }

    fn id(&self) -> &str {
        match &self.what {
            What::Events { id, .. } => id,
            What::LiveQuery(query) => &query.id,
        }
    }

    fn has_events_id(&self, wanted: &str) -> bool {
        matches!(&self.what, What::Events { id, .. } if id == wanted)
    }

    fn is_live_query(&self, id: &str) -> bool {
        matches!(&self.what, What::LiveQuery(query) if query.id == id)
    }
}
