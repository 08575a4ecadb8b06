//! Answers to what an operator asks of a service that cannot do it.

use std::borrow::Cow;

use crate::config::Protocol;
use crate::event::{EventBody, Query, QueryAnswer, StreamEvent};
use crate::session::{Ask, Sink, SubscriptionState};
use crate::text::Text;

/// Says that `protocol` has no such thing, so that whoever asked is answered.
pub fn cannot(ask: &Ask, protocol: Protocol, out: &mut dyn Sink) {
    match ask {
        Ask::RunQuery { run, org, .. } => {
            let message = format!("{protocol} connections run no queries; only hyprwatch ones do");
            let data = serde_json::json!({ "message": message }).to_string();
            let query = Query {
                org: org.as_deref().unwrap_or(""),
                run: Some(*run),
                answer: QueryAnswer::Error { message: Text(Cow::Borrowed(&message)) },
            };
            out.event(&StreamEvent { at: None, body: EventBody::Query(query), data: &data });
        }
        // There is no such run.
        Ask::StopQuery { .. } => {}
        Ask::CreateLiveQuery(crate::config::LiveQuery { id, .. }) | Ask::DestroyLiveQuery(id) => {
            let words = format!("{protocol} connections have no live queries; only hantera ones do");
            out.subscription(id, SubscriptionState::Refused(&words));
        }
        Ask::Subscribe(name) | Ask::Unsubscribe(name) => {
            let words = format!("{protocol} connections have no such subscription");
            out.subscription(name, SubscriptionState::Refused(&words));
        }
    }
}
