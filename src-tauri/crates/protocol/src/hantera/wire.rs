//! The messages as they are on the wire.

use serde::Serialize;
use serde_json::value::RawValue;

use crate::loose::{LooseBool, LooseList, LooseNumber, LooseText, LooseTime};
use crate::object::object;
use crate::text::Text;

object! {
    /// Every message of the service, decoded in one pass: all have `type`, none has all the rest.
    pub(super) struct Message<'a> {
        "type" => kind: Text<'a>,
        "requestId" => request_id: LooseText<'a>,
        "subscriptionIds" => subscription_ids: LooseList<'a>,
        /// One id instead of several: warnings, and the events of the older generation.
        "subscriptionId" => subscription_id: LooseText<'a>,
        "eventType" => event_type: LooseText<'a>,
        "path" => path: LooseText<'a>,
        "data" => data: Option<&'a RawValue>,
        "timestamp" => timestamp: LooseTime,
        "id" => id: LooseText<'a>,
        "nodeId" => node_id: LooseText<'a>,
        "totalCount" => total_count: LooseNumber,
        "hasMore" => has_more: LooseBool,
        "capped" => capped: LooseBool,
        "code" => code: LooseText<'a>,
        "message" => message: LooseText<'a>,
        /// The subscriptions that an answer confirms.
        "subscriptions" => subscriptions: Option<&'a RawValue>,
    }
}

object! {
    /// A confirmed subscription.
    pub(super) struct Confirmed<'a> {
        "id" => id: LooseText<'a>,
    }
}

object! {
    /// The data of a job event. ("Receiving Events")
    pub(super) struct JobData<'a> {
        "jobId" => job: LooseText<'a>,
        "jobDefinitionId" => definition: LooseText<'a>,
        "scheduledAt" => scheduled_at: LooseTime,
        "startedAt" => started_at: LooseTime,
        "finishedAt" => finished_at: LooseTime,
        "elapsedMs" => elapsed_ms: LooseNumber,
        "error" => error: Option<&'a RawValue>,
        "message" => message: Option<&'a RawValue>,
        "result" => result: Option<&'a RawValue>,
    }
}

object! {
    /// What names the entity in the data of statistics, checkpoints and nodes; the rest of them is not documented.
    pub(super) struct Naming<'a> {
        "id" => id: LooseText<'a>,
        "nodeId" => node_id: LooseText<'a>,
        "jobDefinitionId" => definition: LooseText<'a>,
        "actorType" => actor_type: LooseText<'a>,
        "actorId" => actor: LooseText<'a>,
    }
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
