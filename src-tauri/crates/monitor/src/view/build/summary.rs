//! What an event says, in words: one line for a list, from its kind and the JSON that the service sent.

use protocol::Kind;
use serde_json::Value;

/// Characters of a line.
const LONGEST: usize = 240;
/// Longer data is not read for a line: it is shown as it begins.
const READ: usize = 16 * 1024;
/// Fields of a telemetry that are named.
const FIELDS: usize = 6;

/// An event in words; the beginning of its data where its kind or its data has none.
pub fn of(kind: Kind, data: &str) -> String {
    let words = (data.len() <= READ)
        .then(|| serde_json::from_str::<Value>(data).ok())
        .flatten()
        .and_then(|value| Told(&value).words(kind));
    clipped(words.as_deref().unwrap_or(data))
}

/// A text up to the length of a line, what is cut marked.
fn clipped(text: &str) -> String {
    if text.len() <= LONGEST {
        return text.to_owned();
    }
    format!("{}…", &text[..text.floor_char_boundary(LONGEST)])
}

/// An event's data. Some services wrap what they tell in one more object.
struct Told<'a>(&'a Value);

impl<'a> Told<'a> {
    fn words(&self, kind: Kind) -> Option<String> {
        match kind {
            Kind::DeviceTelemetry => self.telemetry(),
            Kind::DevicePresence => Some(if self.get("is_online")?.as_bool()? { "Online" } else { "Offline" }.into()),
            Kind::DeviceLocked => Some(self.locking("Locked")),
            // It is looked for, so it is said that there is nothing: the service tells no name. Short, as it ends a line.
            Kind::DeviceUnlocked => Some(format!("{}; nobody is named", self.locking("Unlocked"))),
            Kind::HostOnline => self.host("online"),
            Kind::HostOffline => self.host("offline"),
            Kind::HostEnrolled => self.host("enrolled"),
            Kind::QueryResult => {
                let host = self.any(&["hostname", "host_id"]);
                let from = host.map(|host| format!(" from {host}")).unwrap_or_default();
                match self.get("rows").and_then(Value::as_array) {
                    Some(rows) => Some(format!("{}{from}", plural(rows.len(), "row"))),
                    None => Some(format!("No rows{from}: {}", plain(self.any(&["error", "status"])?))),
                }
            }
            Kind::QueryComplete => {
                let hosts = self.number("total").or_else(|| self.number("total_hosts"));
                Some(hosts.map_or_else(|| "Complete".into(), |hosts| format!("Complete, {hosts} hosts asked")))
            }
            Kind::QueryError => {
                let error = self.any(&["error", "message", "reason"])?;
                let host = self.any(&["hostname", "host_id"]).map(|host| format!(" on {host}"));
                Some(format!("Failed{}: {error}", host.unwrap_or_default()))
            }
            Kind::JobScheduled => self.job("scheduled", ""),
            Kind::JobStarted => self.job("started", ""),
            Kind::JobCompleted => self.job("completed", "after"),
            Kind::JobFailed => {
                let failed = self.job("failed", "after")?;
                Some(self.text("error").map_or(failed.clone(), |error| format!("{failed}: {error}")))
            }
            Kind::JobStatistics => {
                let job = self.text("jobDefinitionId")?;
                let counts = ["running", "scheduled", "started", "completed", "failed"];
                let counts = counts.iter().filter_map(|name| Some(format!("{} {name}", self.number(name)?)));
                Some(format!("{job}: {}", counts.collect::<Vec<_>>().join(", ")))
            }
            Kind::ActorCheckpoint => {
                Some(format!("{} reached checkpoint {}", self.text("actorType")?, self.number("checkpoint")?))
            }
            Kind::LiveQueryCreated => Some(match self.number("totalCount") {
                Some(total) => format!("Created, {total} rows match{}", self.capped()),
                None => "Created".into(),
            }),
            Kind::LiveQueryData => {
                Some(format!("{} loaded{}", plural(self.get("data")?.as_array()?.len(), "row"), self.capped()))
            }
            Kind::LiveQueryAdded => self.node("Row added"),
            Kind::LiveQueryUpdated => self.node("Row changed"),
            Kind::LiveQueryRemoved => self.node("Row removed"),
            Kind::LiveQueryDestroyed => Some("Destroyed".into()),
            Kind::AgentOnline => self.agent("is online"),
            Kind::AgentOffline => self.agent("went offline"),
            Kind::AgentUpdated => match self.text("status") {
                Some(status) => self.agent(&format!("is {status}")),
                None => self.agent("changed"),
            },
            Kind::PostCreated => self.post(""),
            Kind::PostUpdated => self.post("Edited: "),
            Kind::TaskCreated | Kind::TaskUpdated => {
                let made = if kind == Kind::TaskCreated { "New task: " } else { "" };
                let status = self.text("status").map(|status| format!(", {}", plain(status)));
                let priority = self.text("priority").map(|priority| format!(", {priority} priority"));
                let who = self.text("assigned_to").map(|who| format!(", for {who}"));
                let extras = [status, priority, who].into_iter().flatten().collect::<String>();
                Some(format!("{made}{}{extras}", self.text("title")?))
            }
            Kind::NotificationCreated => {
                let title = self.text("title")?;
                Some(self.text("body").map_or(title.to_owned(), |body| format!("{title}: {body}")))
            }
            Kind::SignalReceived => self.signal(),
            Kind::StreamWarning | Kind::StreamError => {
                let message = self.any(&["message", "error", "reason", "detail"])?;
                Some(self.any(&["code"]).map_or(message.to_owned(), |code| format!("{message} ({code})")))
            }
            Kind::ConnectionStatus => self.text("text").map(str::to_owned),
            Kind::StreamUnrecognised => None,
        }
    }

    /// A member, or one of an object one level down.
    fn get(&self, name: &str) -> Option<&'a Value> {
        let object = self.0.as_object()?;
        let inner = || object.values().filter_map(Value::as_object).find_map(|inner| inner.get(name));
        object.get(name).or_else(inner).filter(|value| !value.is_null())
    }

    fn text(&self, name: &str) -> Option<&'a str> {
        self.get(name)?.as_str().filter(|text| !text.is_empty())
    }

    fn any(&self, names: &[&str]) -> Option<&'a str> {
        names.iter().find_map(|name| self.text(name))
    }

    /// A number, written as short as it is.
    fn number(&self, name: &str) -> Option<String> {
        self.get(name).and_then(number)
    }

    /// `fleet::masked` has been over the code: what is said of it is that there was one. The service tells of nobody by name.
    fn locking(&self, done: &str) -> String {
        let by = match self.text("source") {
            Some("rfid") => " by RFID".into(),
            Some(source) => format!(" by {}", plain(source)),
            None => String::new(),
        };
        let code = if self.get("code").is_some_and(Value::is_string) { ", code hidden" } else { "" };
        format!("{done}{by}{code}")
    }

    fn telemetry(&self) -> Option<String> {
        let object = self.0.as_object()?;
        let shown = object.iter().filter_map(|(name, value)| {
            let value = match value {
                Value::String(text) => text.clone(),
                Value::Bool(truth) => truth.to_string(),
                Value::Number(_) => number(value)?,
                _ => return None,
            };
            Some(format!("{} {value}", plain(name)))
        });
        let shown: Vec<String> = shown.collect();
        let more = shown.len().saturating_sub(FIELDS);
        let line = shown.iter().take(FIELDS).map(String::as_str).collect::<Vec<_>>().join(", ");
        match (line.is_empty(), more) {
            (true, _) => None,
            (false, 0) => Some(line),
            (false, more) => Some(format!("{line}, {more} more")),
        }
    }

    fn host(&self, became: &str) -> Option<String> {
        let name = self.any(&["hostname", "host_id"])?;
        let system =
            [self.text("platform"), self.text("os_version")].into_iter().flatten().collect::<Vec<_>>().join(" ");
        Some(if system.is_empty() { format!("{name} {became}") } else { format!("{name} {became}, {system}") })
    }

    fn job(&self, became: &str, after: &str) -> Option<String> {
        let job = self.text("jobDefinitionId")?;
        let elapsed = self.get("elapsedMs").and_then(Value::as_f64).filter(|_| !after.is_empty());
        Some(format!("{job} {became}{}", elapsed.map(|ms| format!(" {after} {}", span(ms))).unwrap_or_default()))
    }

    fn node(&self, done: &str) -> Option<String> {
        let node = self.text("nodeId")?;
        let name = self.any(&["name", "title", "orderNumber", "state", "status"]).filter(|name| *name != node);
        Some(name.map_or_else(|| format!("{done}: {node}"), |name| format!("{done}: {name} ({node})")))
    }

    fn agent(&self, became: &str) -> Option<String> {
        Some(format!("{} {became}", self.any(&["name", "id", "agent_id", "agentId"])?))
    }

    fn post(&self, before: &str) -> Option<String> {
        let title = self.text("title").map(|title| format!("{title}: ")).unwrap_or_default();
        let place = self.text("channel_id").map(|channel| format!(" (in #{channel})")).unwrap_or_default();
        Some(format!("{before}{title}{}{place}", self.text("content")?.replace('\n', " ")))
    }

    fn signal(&self) -> Option<String> {
        let what = self.text("title").map(str::to_owned).or_else(|| self.text("type").map(capital))?;
        let severity = self.number("severity").map(|severity| format!(", severity {severity}"));
        let magnitude = self.number("magnitude").map(|magnitude| format!(", magnitude {magnitude}"));
        let about = self.any(&["callsign", "place", "city", "region", "description"]).map(|about| format!(", {about}"));
        let extras = [severity, magnitude, about].into_iter().flatten().collect::<String>();
        Some(format!("{what}{extras}"))
    }

    fn capped(&self) -> &'static str {
        if self.get("capped").and_then(Value::as_bool) == Some(true) { ", the first ones only" } else { "" }
    }
}

/// `in_progress` as words.
fn plain(name: &str) -> String {
    name.replace(['_', '-'], " ")
}

fn capital(name: &str) -> String {
    let plain = plain(name);
    let mut letters = plain.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn plural(count: usize, one: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {one}s") }
}

fn number(value: &Value) -> Option<String> {
    let number = value.as_f64().or_else(|| value.as_str()?.parse().ok())?;
    // Three places are more than a line needs of what a float writes out.
    let text = format!("{number:.3}");
    Some(text.trim_end_matches('0').trim_end_matches('.').to_owned())
}

/// Milliseconds as people say them.
fn span(ms: f64) -> String {
    match ms {
        ms if ms < 1_000.0 => format!("{ms:.0} ms"),
        ms if ms < 60_000.0 => format!("{:.1} s", ms / 1_000.0),
        ms => format!("{:.0} min", ms / 60_000.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each is as the demo's services send it.
    #[test]
    fn events_are_told_in_words() {
        let told = [
            (
                Kind::DeviceUnlocked,
                r#"{"type":"device_unlocked","hardwareId":"V","source":"rfid","code":"•••"}"#,
                "Unlocked by RFID, code hidden; nobody is named",
            ),
            (Kind::DeviceLocked, r#"{"type":"device_locked","source":"remote_command"}"#, "Locked by remote command"),
            (
                Kind::DeviceUnlocked,
                r#"{"type":"device_unlocked","source":null,"code":null}"#,
                "Unlocked; nobody is named",
            ),
            (Kind::DevicePresence, r#"{"is_online":false}"#, "Offline"),
            (Kind::DeviceTelemetry, r#"{"lat":52.511586,"speed":45.9}"#, "lat 52.512, speed 45.9"),
            (
                Kind::HostEnrolled,
                r#"{"host_id":"b","hostname":"build-1","os_version":"24.04","platform":"ubuntu"}"#,
                "build-1 enrolled, ubuntu 24.04",
            ),
            (
                Kind::JobFailed,
                r#"{"elapsedMs":915.6,"error":"No such number","jobDefinitionId":"poll","jobId":"3"}"#,
                "poll failed after 916 ms: No such number",
            ),
            (Kind::JobStarted, r#"{"jobDefinitionId":"send","startedAt":"x"}"#, "send started"),
            (
                Kind::ActorCheckpoint,
                r#"{"actorId":"7","actorType":"orders","checkpoint":2}"#,
                "orders reached checkpoint 2",
            ),
            (Kind::LiveQueryData, r#"{"capped":true,"data":[{"id":"1"}]}"#, "1 row loaded, the first ones only"),
            (Kind::LiveQueryRemoved, r#"{"id":"orders","nodeId":"20"}"#, "Row removed: 20"),
            (Kind::AgentUpdated, r#"{"id":"agent-13","name":"Mason","status":"busy"}"#, "Mason is busy"),
            (
                Kind::PostCreated,
                r#"{"channel_id":"research","content":"It\ndiffers.","title":"Open point"}"#,
                "Open point: It differs. (in #research)",
            ),
            (
                Kind::TaskUpdated,
                r#"{"task":{"title":"Find it","status":"in_progress","priority":"high","assigned_to":"a"}}"#,
                "Find it, in progress, high priority, for a",
            ),
            (
                Kind::SignalReceived,
                r#"{"data":{"callsign":"BTI323","lat":50.4},"stream":"aircraft","type":"aircraft_position"}"#,
                "Aircraft position, BTI323",
            ),
            (Kind::ConnectionStatus, r#"{"status":"live","text":"Live."}"#, "Live."),
        ];
        for (kind, data, words) in told {
            assert_eq!(of(kind, data), words, "{}", kind.name());
        }
    }

    #[test]
    fn what_has_no_words_is_shown_as_it_begins() {
        assert_eq!(of(Kind::StreamUnrecognised, r#"{"a":1}"#), r#"{"a":1}"#);
        assert_eq!(of(Kind::JobFailed, "{\"error\": cut he"), "{\"error\": cut he");
        let long = of(Kind::StreamUnrecognised, &"ä".repeat(400));
        assert!(long.ends_with('…') && long.len() < 300, "{long}");
    }

    #[test]
    fn whatever_comes_is_told_somehow() {
        for kind in Kind::ALL {
            for data in ["", "null", "[]", "{}", "7", r#"{"data":null,"code":{},"source":[1]}"#] {
                let _ = of(kind, data);
            }
        }
    }
}
