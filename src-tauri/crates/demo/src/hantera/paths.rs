//! The resource paths of the service's document.

/// What a subscription is to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Path {
    Jobs(Option<String>),
    Definitions(Option<String>),
    Actors { actor_type: Option<String>, actor_id: Option<String> },
}

impl Path {
    /// Reads a path; `None` when there is no such resource.
    pub(crate) fn parse(path: &str) -> Option<Path> {
        let parts: Vec<&str> = path.split('/').collect();
        if parts.iter().any(|part| part.is_empty()) {
            return None;
        }
        let own = |part: &str| Some(part.to_owned());
        match parts.as_slice() {
            ["jobs"] => Some(Path::Jobs(None)),
            ["jobs", id] => Some(Path::Jobs(own(id))),
            ["job-definitions"] => Some(Path::Definitions(None)),
            ["job-definitions", id] => Some(Path::Definitions(own(id))),
            ["actors"] => Some(Path::Actors { actor_type: None, actor_id: None }),
            ["actors", kind] => Some(Path::Actors { actor_type: own(kind), actor_id: None }),
            ["actors", kind, id] => Some(Path::Actors { actor_type: own(kind), actor_id: own(id) }),
            _ => None,
        }
    }

    /// The events that the path has.
    pub(crate) fn events(&self) -> &'static [&'static str] {
        match self {
            Path::Jobs(_) => &["jobScheduled", "jobStarted", "jobCompleted", "jobFailed"],
            Path::Definitions(_) => &["jobStatistics"],
            Path::Actors { .. } => &["actorCheckpoint"],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_document_s_paths_are_known_and_no_others() {
        for path in
            ["jobs", "jobs/1", "job-definitions", "job-definitions/a", "actors", "actors/orders", "actors/orders/1"]
        {
            assert!(Path::parse(path).is_some(), "{path}");
        }
        for path in ["", "jobs/", "/jobs", "jobs/1/2", "invalid/path", "actors/a/b/c"] {
            assert_eq!(Path::parse(path), None, "{path}");
        }
    }
}
