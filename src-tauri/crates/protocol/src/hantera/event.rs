//! Reads what happened: job, statistics and checkpoint events.

use std::borrow::Cow;

use serde_json::value::RawValue;

use crate::event::{Checkpoint, EventBody, Job, JobPhase, JobStatistics, StreamEvent};
use crate::session::Sink;
use crate::text::Text;
use crate::unread;

use super::numbers;
use super::path;
use super::wire::{JobData, Message, Naming};

/// Says an `event` message. `path` is that of the message, or else of the subscription it came for.
pub(super) fn say(message: &Message<'_>, path: &str, frame: &str, out: &mut dyn Sink) {
    let data = message.data.map_or(frame, RawValue::get);
    let Some(event_type) = &message.event_type.0 else {
        return unread::malformed(out, "event", frame);
    };
    let said = match event_type.as_str() {
        "jobScheduled" => job(JobPhase::Scheduled, message, path, data, out),
        "jobStarted" => job(JobPhase::Started, message, path, data, out),
        "jobCompleted" => job(JobPhase::Completed, message, path, data, out),
        "jobFailed" => job(JobPhase::Failed, message, path, data, out),
        "jobStatistics" => statistics(message, path, data, out),
        "actorCheckpoint" => checkpoint(message, path, data, out),
        unknown => {
            unread::unknown(out, unknown, frame);
            Some(())
        }
    };
    if said.is_none() {
        unread::malformed(out, event_type, frame);
    }
}

fn job(phase: JobPhase, message: &Message<'_>, path: &str, data: &str, out: &mut dyn Sink) -> Option<()> {
    let fields: JobData<'_> = read(message.data)?;
    let job = fields.job.0.or_else(|| path::job(path).map(Text::from))?;
    let (scheduled_at, started_at, finished_at) = (fields.scheduled_at.0, fields.started_at.0, fields.finished_at.0);
    let own_time = match phase {
        JobPhase::Scheduled => scheduled_at,
        JobPhase::Started => started_at,
        JobPhase::Completed | JobPhase::Failed => finished_at,
    };
    let error = match phase {
        JobPhase::Failed => [fields.error, fields.message, fields.result].into_iter().flatten().find_map(words),
        _ => None,
    };
    let body = EventBody::Job(Job {
        job,
        definition: fields.definition.0,
        phase,
        scheduled_at,
        started_at,
        finished_at,
        elapsed_ms: fields.elapsed_ms.0,
        error,
    });
    out.event(&StreamEvent { at: message.timestamp.0.or(own_time), body, data });
    Some(())
}

fn statistics(message: &Message<'_>, path: &str, data: &str, out: &mut dyn Sink) -> Option<()> {
    let naming: Naming<'_> = read(message.data)?;
    let definition = naming.definition.0.or_else(|| path::definition(path).map(Text::from)).or(naming.id.0);
    let numbers = numbers::flatten(message.data);
    let body =
        EventBody::JobStatistics(JobStatistics { definition: definition.unwrap_or_default(), numbers: &numbers });
    out.event(&StreamEvent { at: message.timestamp.0, body, data });
    Some(())
}

fn checkpoint(message: &Message<'_>, path: &str, data: &str, out: &mut dyn Sink) -> Option<()> {
    let naming: Naming<'_> = read(message.data)?;
    let (path_type, path_actor) = path::actor(path);
    let actor_type = naming.actor_type.0.or_else(|| path_type.map(Text::from)).unwrap_or_default();
    let actor = naming.actor.0.or_else(|| path_actor.map(Text::from)).or(naming.id.0).unwrap_or_default();
    let numbers = numbers::flatten(message.data);
    let body = EventBody::Checkpoint(Checkpoint { actor_type, actor, numbers: &numbers });
    out.event(&StreamEvent { at: message.timestamp.0, body, data });
    Some(())
}

/// Reads data; absent or null data has no fields, data of another kind does not fit.
fn read<'a, T: serde::Deserialize<'a> + Default>(data: Option<&'a RawValue>) -> Option<T> {
    data.map_or_else(|| Some(T::default()), |data| serde_json::from_str(data.get()).ok())
}

/// What a failure says: a string, the `message` of an object, or else the JSON text; `None` for null.
pub(super) fn words(raw: &RawValue) -> Option<Text<'_>> {
    #[derive(serde::Deserialize)]
    struct Words<'a> {
        #[serde(borrow)]
        message: Text<'a>,
    }
    match raw.get().as_bytes().first()? {
        b'n' => None,
        b'"' => serde_json::from_str(raw.get()).ok(),
        b'{' => serde_json::from_str::<Words<'_>>(raw.get()).ok().map(|words| words.message),
        _ => None,
    }
    .or_else(|| (raw.get() != "null").then_some(Text(Cow::Borrowed(raw.get()))))
}
