//! Events of paths as frames. The list of subscriptions is another for each client, so a frame is kept in two halves.

use serde_json::{Value, json};

use super::paths::Path;
use crate::wire::rfc3339;
use crate::world::jobs::{BUCKET_MS, Job, State, Statistics};

/// An event of a path.
pub(crate) struct Resource {
    pub(crate) event_type: &'static str,
    subject: Subject,
    collection: &'static str,
    /// The frame from the data's value on.
    tail: String,
}

enum Subject {
    Job(String),
    Definition(&'static str),
    Actor { actor_type: &'static str, actor_id: String },
}

impl Resource {
    pub(crate) fn matches(&self, path: &Path) -> bool {
        let same = |wanted: &Option<String>, is: &str| wanted.as_deref().is_none_or(|wanted| wanted == is);
        match (path, &self.subject) {
            (Path::Jobs(wanted), Subject::Job(id)) => same(wanted, id),
            (Path::Definitions(wanted), Subject::Definition(id)) => same(wanted, id),
            (Path::Actors { actor_type: kind, actor_id: wanted }, Subject::Actor { actor_type, actor_id }) => {
                same(kind, actor_type) && same(wanted, actor_id)
            }
            _ => false,
        }
    }

    /// The frame for a client's subscriptions, given as the inside of a JSON list.
    pub(crate) fn frame(&self, subscriptions: &str) -> String {
        let Resource { event_type, collection, tail, .. } = self;
        format!(
            r#"{{"type":"event","subscriptionIds":[{subscriptions}],"eventType":"{event_type}","path":"{collection}",{tail}"#
        )
    }
}

fn resource(event_type: &'static str, subject: Subject, collection: &'static str, data: &Value, now: u64) -> Resource {
    let tail = format!(r#""data":{data},"timestamp":"{}"}}"#, rfc3339(now));
    Resource { event_type, subject, collection, tail }
}

pub(crate) fn job(job: &Job, epoch: u64, now: u64) -> Resource {
    let at = |time: u64| rfc3339(epoch + time);
    let mut data = json!({ "jobId": job.id, "jobDefinitionId": job.definition });
    let event_type = match job.state {
        State::Pending => {
            data["scheduledAt"] = at(job.scheduled_at).into();
            "jobScheduled"
        }
        State::Running => {
            data["startedAt"] = at(job.started_at.unwrap_or(job.scheduled_at)).into();
            "jobStarted"
        }
        State::Completed | State::Failed => {
            data["finishedAt"] = at(job.finished_at.unwrap_or(job.scheduled_at)).into();
            data["elapsedMs"] = elapsed_ms(job).into();
            if let Some(error) = job.error {
                data["error"] = error.into();
                "jobFailed"
            } else {
                "jobCompleted"
            }
        }
    };
    resource(event_type, Subject::Job(job.id.clone()), "jobs", &data, now)
}

/// How long a job took, as its events say it.
pub(crate) fn elapsed_ms(job: &Job) -> f64 {
    (job.elapsed_ms * 10.0).round() / 10.0
}

pub(crate) fn statistics(bucket: &Statistics, epoch: u64, now: u64) -> Resource {
    let finished = bucket.completed + bucket.failed;
    let average = if finished > 0 { bucket.total_elapsed_ms / finished as f64 } else { 0.0 };
    let data = json!({
        "jobDefinitionId": bucket.definition,
        "bucketStart": rfc3339(epoch + bucket.bucket_start),
        "bucketSeconds": BUCKET_MS / 1000,
        "scheduled": bucket.scheduled,
        "started": bucket.started,
        "completed": bucket.completed,
        "failed": bucket.failed,
        "running": bucket.running,
        "averageElapsedMs": average.round(),
        "maxElapsedMs": bucket.longest_ms.round(),
    });
    resource("jobStatistics", Subject::Definition(bucket.definition), "job-definitions", &data, now)
}

pub(crate) fn checkpoint(actor_type: &'static str, actor_id: String, checkpoint: u64, now: u64) -> Resource {
    let data =
        json!({ "actorType": actor_type, "actorId": actor_id, "checkpoint": checkpoint, "createdAt": rfc3339(now) });
    resource("actorCheckpoint", Subject::Actor { actor_type, actor_id }, "actors", &data, now)
}
