//! Resource paths: what they name, and which events they have. ("Supported Paths and Events")

/// All events of jobs, in the order of a job's life.
const JOBS: [&str; 4] = ["jobScheduled", "jobStarted", "jobCompleted", "jobFailed"];
const STATISTICS: &str = "jobStatistics";
const CHECKPOINT: &str = "actorCheckpoint";

/// All events that a path has; for a path that is not known, all that are: the service then says whether it knows it.
pub(super) fn events(path: &str) -> Vec<String> {
    let events: &[&str] = match segments(path).0 {
        "jobs" => &JOBS,
        "job-definitions" => &[STATISTICS],
        "actors" => &[CHECKPOINT],
        _ => &[JOBS[0], JOBS[1], JOBS[2], JOBS[3], STATISTICS, CHECKPOINT],
    };
    events.iter().map(|event| (*event).to_owned()).collect()
}

/// The job of `jobs/{jobId}`.
pub(super) fn job(path: &str) -> Option<&str> {
    match segments(path) {
        ("jobs", job, _) => job,
        _ => None,
    }
}

/// The definition of `job-definitions/{jobDefinitionId}`.
pub(super) fn definition(path: &str) -> Option<&str> {
    match segments(path) {
        ("job-definitions", definition, _) => definition,
        _ => None,
    }
}

/// Type and id of `actors/{actorType}/{actorId}`, as far as the path names them.
pub(super) fn actor(path: &str) -> (Option<&str>, Option<&str>) {
    match segments(path) {
        ("actors", actor_type, actor) => (actor_type, actor),
        _ => (None, None),
    }
}

/// The root, what follows it, and all the rest; a leading or trailing slash does not count.
fn segments(path: &str) -> (&str, Option<&str>, Option<&str>) {
    let mut parts = path.trim_matches('/').splitn(3, '/');
    let root = parts.next().unwrap_or("");
    (root, parts.next(), parts.next())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_documented_path_names_its_entity_and_events() {
        assert_eq!(events("jobs"), JOBS);
        assert_eq!(events("jobs/550e"), JOBS);
        assert_eq!(events("/job-definitions/"), [STATISTICS]);
        assert_eq!(events("actors/orders/7"), [CHECKPOINT]);
        assert_eq!(events("invalid/path").len(), 6);
        assert_eq!((job("jobs"), job("jobs/550e")), (None, Some("550e")));
        assert_eq!(definition("job-definitions/sync-inventory"), Some("sync-inventory"));
        assert_eq!(definition("jobs/x"), None);
        assert_eq!(actor("actors"), (None, None));
        assert_eq!(actor("actors/orders"), (Some("orders"), None));
        assert_eq!(actor("actors/orders/a/b"), (Some("orders"), Some("a/b")));
    }
}
