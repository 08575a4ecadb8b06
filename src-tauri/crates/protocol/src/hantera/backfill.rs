//! The jobs of the graph: those that run or wait, and those that ended meanwhile. (`POST /resources/graph`)
//!
//! Neither the answer's envelope nor a way to turn pages is documented, and a query tells its first hits only: so jobs that
//! ended are asked for oldest first, and again from the last one's end for as long as an answer may have been cut.

use std::borrow::Cow;

use secrecy::SecretString;
use serde_json::value::RawValue;

use crate::event::{EventBody, Job, JobPhase, StreamEvent};
use crate::fetch::{Fetch, Method, Of, Purpose};
use crate::loose::{LooseNumber, LooseText, LooseTime};
use crate::object::object;
use crate::session::Sink;
use crate::site::{Listing, OVERLAP, Site};
use crate::text::Text;
use crate::time::Timestamp;
use crate::unread;

use super::event::words;

/// How many jobs an answer is asked to have.
const JOBS: usize = 1_000;
/// An answer with so many jobs may have been cut: the service tells the first hundred when it heeds no limit.
const CUT: usize = 100;
/// How deep jobs are looked for in an answer.
const DEPTH: usize = 4;
/// The fields of a job that are asked for.
const FIELDS: &str = r#"["jobId","jobDefinitionId","state","scheduledAt","startedAt","finishedAt"]"#;

object! {
    /// A job as a node of the graph.
    struct Node<'a> {
        "jobId" => job: LooseText<'a>,
        "id" | "nodeId" => id: LooseText<'a>,
        "jobDefinitionId" => definition: LooseText<'a>,
        "state" | "status" => state: LooseText<'a>,
        "scheduledAt" | "createdAt" => scheduled_at: LooseTime,
        "startedAt" => started_at: LooseTime,
        "finishedAt" => finished_at: LooseTime,
        "elapsedMs" => elapsed_ms: LooseNumber,
        "error" => error: Option<&'a RawValue>,
        "result" => result: Option<&'a RawValue>,
    }
}

/// What to fetch. The token has no prefix.
pub(super) fn fetches(site: &Site, known_until: Option<Timestamp>, token: &str, now: Timestamp) -> Vec<Fetch> {
    let header = ("Authorization", SecretString::from(format!("Bearer {token}")));
    let graph = |what: &str, purpose: Purpose, of: Of| Fetch {
        method: Method::Post,
        ..site.get(what.into(), purpose, &["resources", "graph"], &[]).secret(header.clone()).tagged(of, "", now)
    };
    let state = |what: &str, word: &str| Fetch {
        body: Some(query(&format!("state == '{word}'"), "scheduledAt desc")),
        ..graph(what, Purpose::Snapshot, Of::RunningJobs)
    };
    let mut fetches = vec![state("the jobs that run", "running"), state("the jobs that wait", "pending")];
    if let Some(known) = known_until {
        let from = Timestamp(known.0.saturating_sub(OVERLAP));
        let mut ended = graph("the jobs that ended", Purpose::Missed, Of::RecentJobs).since(known_until);
        ended.body = Some(ended_since(from));
        ended.tag.from = Some(from);
        fetches.push(ended);
    }
    fetches
}

/// The body of a query for jobs.
fn query(filter: &str, order: &str) -> String {
    format!(
        r#"[{{"edge":"jobs","filter":"{filter}","orderBy":"{order}","limit":{JOBS},"node":{{"fields":{FIELDS}}}}}]"#
    )
}

fn ended_since(from: Timestamp) -> String {
    query(&format!("finishedAt >= '{from}'"), "finishedAt asc")
}

/// Reads an answer.
pub(super) fn fetched(fetch: &Fetch, body: &[u8], out: &mut dyn Sink) -> Result<Option<Fetch>, String> {
    if !matches!(fetch.tag.of, Of::RunningJobs | Of::RecentJobs) {
        return Ok(None);
    }
    let listing = Listing::read(body, &["nodes", "jobs", "data", "results"])?;
    let mut jobs = Vec::new();
    for json in &listing.entries {
        collect(json, DEPTH, &mut jobs, out);
    }
    let ends: Vec<Timestamp> = jobs.iter().filter_map(|(node, _)| node.finished_at.0).collect();
    let in_order = ends.is_sorted();
    let count = jobs.len();
    jobs.sort_by_key(|(node, _)| node.finished_at.0.or(node.started_at.0).or(node.scheduled_at.0));
    for (node, json) in jobs {
        say(node, json, fetch.tag.from, out);
    }
    let (Some(from), Some(last)) = (fetch.tag.from, ends.iter().max().copied()) else { return Ok(None) };
    if count < CUT {
        return Ok(None);
    }
    if !in_order {
        return Err(format!("the service tells {count} jobs in no order, so that more may have ended than it tells"));
    }
    if last <= from {
        return Err(format!("the service tells no more than {count} jobs that ended at one time"));
    }
    let mut next = fetch.clone();
    next.body = Some(ended_since(last));
    next.tag.from = Some(last);
    Ok(Some(next))
}

/// Finds the jobs in an answer: the entry itself, or what lies in it.
fn collect<'a>(json: &'a str, depth: usize, jobs: &mut Vec<(Node<'a>, &'a str)>, out: &mut dyn Sink) {
    match serde_json::from_str::<Node<'a>>(json) {
        Ok(node) if node.job.0.is_some() || node.state.0.is_some() && node.id.0.is_some() => jobs.push((node, json)),
        _ => match Listing::read(json.as_bytes(), &["nodes", "jobs", "data"]) {
            Ok(listing) if depth > 0 => {
                listing.entries.iter().for_each(|entry| collect(entry, depth - 1, jobs, out));
            }
            _ => unread::malformed(out, "job", json),
        },
    }
}

/// Says the steps of a job: all that happened since `from`, or where it is.
fn say(node: Node<'_>, json: &str, from: Option<Timestamp>, out: &mut dyn Sink) {
    let Some(phase) = node.state.0.as_deref().and_then(phase) else {
        let state = node.state.0.as_deref().unwrap_or("job");
        return unread::unknown(out, state, json);
    };
    let Some(job) = node.job.0.or(node.id.0).filter(|id| !id.is_empty()) else {
        return unread::malformed(out, "job", json);
    };
    let (scheduled_at, started_at, finished_at) = (node.scheduled_at.0, node.started_at.0, node.finished_at.0);
    let steps =
        [(JobPhase::Scheduled, scheduled_at), (JobPhase::Started, started_at), (phase, finished_at)].into_iter();
    let happened = |at: Option<Timestamp>| from.zip(at).is_some_and(|(from, at)| at >= from);
    for (step, at) in steps.filter(|(step, at)| *step < phase && happened(*at)).chain([(phase, None)]) {
        let own = match phase {
            _ if step < phase => at,
            JobPhase::Scheduled => scheduled_at,
            JobPhase::Started => started_at,
            JobPhase::Completed | JobPhase::Failed => finished_at,
        };
        let is_end = step >= JobPhase::Completed;
        let error = [node.error, node.result].into_iter().flatten().find_map(words);
        let body = EventBody::Job(Job {
            job: job.clone(),
            definition: node.definition.0.clone(),
            phase: step,
            scheduled_at,
            started_at: started_at.filter(|_| step > JobPhase::Scheduled),
            finished_at: finished_at.filter(|_| is_end),
            elapsed_ms: node.elapsed_ms.0.filter(|_| is_end),
            error: error.filter(|_| step == JobPhase::Failed).map(|text| Text(Cow::Owned(text.0.into_owned()))),
        });
        out.event(&StreamEvent { at: own, body, data: json });
    }
}

/// What a state's word means. The words of the graph are not documented; these are in use for it.
fn phase(state: &str) -> Option<JobPhase> {
    let is_one_of = |words: &[&str]| words.iter().any(|word| word.eq_ignore_ascii_case(state));
    if is_one_of(&["pending", "scheduled", "queued", "waiting", "created"]) {
        Some(JobPhase::Scheduled)
    } else if is_one_of(&["running", "started", "processing", "executing", "active"]) {
        Some(JobPhase::Started)
    } else if is_one_of(&["completed", "succeeded", "success", "finished", "done"]) {
        Some(JobPhase::Completed)
    } else if is_one_of(&["failed", "error", "errored", "faulted"]) {
        Some(JobPhase::Failed)
    } else {
        None
    }
}
