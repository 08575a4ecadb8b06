//! The messages as they are on the wire.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::loose::{LooseBool, LooseList, LooseNumber, LooseText, LooseTime};
use crate::text::Text;

/// Every message of the service, decoded in one pass: all have `type`, none has all the rest.
#[derive(Debug, Deserialize)]
pub(super) struct Message<'a> {
    #[serde(rename = "type", borrow)]
    pub kind: Text<'a>,
    #[serde(rename = "requestId", borrow, default)]
    pub request_id: LooseText<'a>,
    #[serde(rename = "subscriptionIds", borrow, default)]
    pub subscription_ids: LooseList<'a>,
    /// One id instead of several: warnings, and the events of the older generation.
    #[serde(rename = "subscriptionId", borrow, default)]
    pub subscription_id: LooseText<'a>,
    #[serde(rename = "eventType", borrow, default)]
    pub event_type: LooseText<'a>,
    #[serde(borrow, default)]
    pub path: LooseText<'a>,
    #[serde(borrow, default)]
    pub data: Option<&'a RawValue>,
    #[serde(default)]
    pub timestamp: LooseTime,
    #[serde(borrow, default)]
    pub id: LooseText<'a>,
    #[serde(rename = "nodeId", borrow, default)]
    pub node_id: LooseText<'a>,
    #[serde(rename = "totalCount", default)]
    pub total_count: LooseNumber,
    #[serde(rename = "hasMore", default)]
    pub has_more: LooseBool,
    #[serde(default)]
    pub capped: LooseBool,
    #[serde(borrow, default)]
    pub code: LooseText<'a>,
    #[serde(borrow, default)]
    pub message: LooseText<'a>,
    /// The subscriptions that an answer confirms.
    #[serde(borrow, default)]
    pub subscriptions: Option<&'a RawValue>,
}

/// A confirmed subscription.
#[derive(Debug, Deserialize)]
pub(super) struct Confirmed<'a> {
    #[serde(borrow, default)]
    pub id: LooseText<'a>,
}

/// The data of a job event. ("Receiving Events")
#[derive(Debug, Default, Deserialize)]
pub(super) struct JobData<'a> {
    #[serde(rename = "jobId", borrow, default)]
    pub job: LooseText<'a>,
    #[serde(rename = "jobDefinitionId", borrow, default)]
    pub definition: LooseText<'a>,
    #[serde(rename = "scheduledAt", default)]
    pub scheduled_at: LooseTime,
    #[serde(rename = "startedAt", default)]
    pub started_at: LooseTime,
    #[serde(rename = "finishedAt", default)]
    pub finished_at: LooseTime,
    #[serde(rename = "elapsedMs", default)]
    pub elapsed_ms: LooseNumber,
    #[serde(borrow, default)]
    pub error: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub message: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub result: Option<&'a RawValue>,
}

/// What names the entity in the data of statistics, checkpoints and nodes; the rest of them is not documented.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Naming<'a> {
    #[serde(borrow, default)]
    pub id: LooseText<'a>,
    #[serde(rename = "nodeId", borrow, default)]
    pub node_id: LooseText<'a>,
    #[serde(rename = "jobDefinitionId", borrow, default)]
    pub definition: LooseText<'a>,
    #[serde(rename = "actorType", borrow, default)]
    pub actor_type: LooseText<'a>,
    #[serde(rename = "actorId", borrow, default)]
    pub actor: LooseText<'a>,
}

/// The types that the service is known to send; the last two are the older generation's.
pub(super) fn is_known(kind: &str) -> bool {
    matches!(
        kind,
        "authenticated"
            | "ping"
            | "event"
            | "subscribedEvents"
            | "unsubscribedEvents"
            | "warning"
            | "error"
            | "liveQueryCreated"
            | "liveQueryData"
            | "liveQueryAddedNode"
            | "liveQueryUpdatedNode"
            | "liveQueryRemovedNode"
            | "liveQueryDestroyed"
            | "subscribed"
            | "unsubscribed"
    )
}

/// What is sent.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub(super) enum Request<'a> {
    /// The first message.
    Auth { token: &'a str },
    /// The answer to a ping.
    Pong,
    /// Subscribes to the events of paths.
    SubscribeEvents { request_id: &'a str, subscriptions: [Subscription<'a>; 1] },
    /// The same in the older generation.
    Subscribe { request_id: &'a str, subscriptions: [Subscription<'a>; 1] },
    /// Ends subscriptions.
    UnsubscribeEvents { ids: &'a [&'a str] },
    /// The same in the older generation.
    Unsubscribe { ids: &'a [&'a str] },
    /// Begins a live query.
    CreateLiveQuery { request_id: &'a str, id: &'a str, query: GraphQuery<'a> },
    /// Ends a live query.
    DestroyLiveQuery { id: &'a str },
}

/// One subscription of a request.
#[derive(Debug, Serialize)]
pub(super) struct Subscription<'a> {
    pub id: &'a str,
    pub path: &'a str,
    pub events: &'a [String],
}

/// The query of a live query.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct GraphQuery<'a> {
    pub edge: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filter: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order_by: Option<&'a str>,
}
