//! AI agents that come, go, are busy, write in channels, answer each other, and work on tasks.

use std::collections::VecDeque;

use super::random::Random;

/// The channels of the organisation, by id.
pub(crate) const CHANNELS: [&str; 4] = ["general", "incidents", "deploys", "research"];

/// Posts that may be answered or edited, and tasks that are open, are at most so many.
const REMEMBERED: usize = 40;

const NAMES: [&str; 18] = [
    "Atlas", "Beacon", "Cinder", "Dovetail", "Ember", "Fathom", "Gantry", "Harbor", "Ibis", "Juniper", "Keystone",
    "Lantern", "Mason", "Nimbus", "Osprey", "Pilot", "Quarry", "Rook",
];
const ROLES: [(&str, &str); 6] = [
    ("Triage", "Sorts incoming reports and finds who should look at them"),
    ("Deploys", "Rolls releases out and back"),
    ("Research", "Reads sources and writes summaries"),
    ("Support", "Answers customers in the first line"),
    ("Data", "Keeps the reports and their numbers"),
    ("Watch", "Looks after dashboards at night"),
];
const CAPABILITIES: [&str; 6] = ["search", "code", "sql", "browser", "email", "shell"];
const MODELS: [&str; 3] = ["large-2", "large-1", "small-4"];

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Agent {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) description: &'static str,
    pub(crate) status: &'static str,
    pub(crate) capabilities: Vec<&'static str>,
    pub(crate) model: &'static str,
    pub(crate) role: &'static str,
    pub(crate) tasks_done: u64,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Post {
    pub(crate) id: String,
    pub(crate) channel: &'static str,
    pub(crate) author: String,
    pub(crate) kind: &'static str,
    pub(crate) title: Option<&'static str>,
    pub(crate) content: String,
    pub(crate) parent: Option<String>,
    pub(crate) edited: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Task {
    pub(crate) id: String,
    pub(crate) channel: &'static str,
    pub(crate) title: &'static str,
    pub(crate) status: &'static str,
    pub(crate) priority: &'static str,
    pub(crate) assigned_to: String,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum AgentEvent {
    Online(Agent),
    Offline(Agent),
    Updated(Agent),
    PostCreated(Post),
    PostUpdated(Post),
    TaskNew(Task),
    TaskUpdated(Task),
    Notification { id: String, recipient: String, kind: &'static str, title: &'static str, body: String },
}

const SUBJECTS: [(&str, &str, &str); 12] = [
    ("general", "Hand-over", "Night shift is over: 14 reports sorted, 2 left for a person."),
    ("general", "Weekly numbers", "Median time to a first answer fell from 6.1 to 4.8 minutes."),
    ("general", "Question", "Who owns the retention setting of the audit log?"),
    ("incidents", "Elevated error rate", "5xx on the checkout route is at 2.3 %, five times its normal."),
    ("incidents", "Resolved", "The queue drained at 04:12, no message was lost."),
    ("incidents", "Lock left open", "A cargo lock has been open for over seven minutes at the depot."),
    ("deploys", "Release 2.41.0", "Rolling out to the first region, watching latency for ten minutes."),
    ("deploys", "Rolled back", "The canary used twice the memory; version 2.40.3 is back."),
    ("deploys", "Migration done", "The index was built in 38 minutes, reads were not affected."),
    ("research", "Summary", "Three sources agree on the date, one of them is independent."),
    ("research", "Open point", "The figure for Q3 differs by 11 % between the two reports."),
    ("research", "New source", "Found the raw series, its licence allows use with credit."),
];
const REPLIES: [&str; 6] = [
    "I can take this one.",
    "Seen the same an hour ago, it went away by itself.",
    "Do you have a link to the query?",
    "Done. Please look at the result.",
    "I disagree: the sample is too small.",
    "Adding the numbers to the report.",
];
const TASKS: [&str; 6] = [
    "Find the cause of the 502s",
    "Write the release notes",
    "Compare the two vendors",
    "Clean up stale branches",
    "Answer ticket 4821",
    "Check last night's backup",
];

#[derive(Debug)]
pub(crate) struct Agents {
    random: Random,
    agents: Vec<Agent>,
    posts: VecDeque<Post>,
    tasks: VecDeque<Task>,
    number: u64,
}

impl Agents {
    /// `first` is where the numbers of its ids begin.
    pub(crate) fn new(seed: u64, first: u64) -> Self {
        let mut random = Random::of(seed, "agents");
        let agents = NAMES.iter().enumerate().map(|(index, name)| agent(index, name, &mut random)).collect();
        Agents { random, agents, posts: VecDeque::new(), tasks: VecDeque::new(), number: first }
    }

    pub(crate) fn step(&mut self, count: usize, events: &mut Vec<AgentEvent>) {
        for _ in 0..count {
            match self.random.weighted(&[4.0, 3.0, 10.0, 3.0, 5.0, 1.5]) {
                0 => self.come_or_go(events),
                1 => self.update(events),
                2 => {
                    let (channel, title, content) = self.random.pick(&SUBJECTS);
                    self.write(channel, title, content, events);
                }
                3 => self.edit(events),
                4 => self.work(events),
                _ => self.notify(events),
            }
        }
    }

    /// All agents, online or not.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Agent> {
        self.agents.iter()
    }

    /// Takes one agent off or on; `None` when there is no such agent.
    pub(crate) fn set_online(&mut self, id: &str, online: bool) -> Option<AgentEvent> {
        let agent = self.agents.iter_mut().find(|agent| agent.id == id || agent.name == id)?;
        agent.status = if online { "online" } else { "offline" };
        Some(if online { AgentEvent::Online(agent.clone()) } else { AgentEvent::Offline(agent.clone()) })
    }

    /// Lets an agent write in a channel; `None` when there is no such channel.
    pub(crate) fn post(&mut self, channel: &str, events: &mut Vec<AgentEvent>) -> Option<String> {
        let (channel, title, content) = *SUBJECTS.iter().find(|(own, ..)| *own == channel)?;
        Some(self.write(channel, title, content, events))
    }

    fn come_or_go(&mut self, events: &mut Vec<AgentEvent>) {
        let index = self.random.below(self.agents.len());
        let Some(agent) = self.agents.get_mut(index) else { return };
        agent.status = if agent.status == "offline" { "online" } else { "offline" };
        let agent = agent.clone();
        events.push(if agent.status == "offline" { AgentEvent::Offline(agent) } else { AgentEvent::Online(agent) });
    }

    fn update(&mut self, events: &mut Vec<AgentEvent>) {
        let index = self.random.below(self.agents.len());
        let Some(agent) = self.agents.get_mut(index).filter(|agent| agent.status != "offline") else { return };
        if agent.status == "busy" {
            agent.tasks_done += 1;
            agent.status = "online";
        } else {
            agent.status = "busy";
        }
        events.push(AgentEvent::Updated(agent.clone()));
    }

    fn write(
        &mut self,
        channel: &'static str,
        title: &'static str,
        content: &str,
        events: &mut Vec<AgentEvent>,
    ) -> String {
        let author = self.anybody();
        let answered =
            self.random.chance(0.4).then(|| self.posts.iter().rev().find(|post| post.channel == channel)).flatten();
        let parent = answered.map(|post| post.parent.clone().unwrap_or_else(|| post.id.clone()));
        let reply = parent.is_some().then(|| self.random.pick(&REPLIES).to_owned());
        let id = format!("post-{:05}", self.number());
        let post = Post {
            id: id.clone(),
            channel,
            author,
            kind: if reply.is_some() { "reply" } else { "update" },
            title: reply.is_none().then_some(title),
            content: reply.unwrap_or_else(|| content.to_owned()),
            parent,
            edited: false,
        };
        remember(&mut self.posts, post.clone());
        events.push(AgentEvent::PostCreated(post));
        id
    }

    fn edit(&mut self, events: &mut Vec<AgentEvent>) {
        if self.posts.is_empty() {
            return;
        }
        let index = self.random.below(self.posts.len());
        let Some(post) = self.posts.get_mut(index).filter(|post| !post.edited) else { return };
        post.edited = true;
        post.content.push_str(" (edited: added the time)");
        events.push(AgentEvent::PostUpdated(post.clone()));
    }

    fn work(&mut self, events: &mut Vec<AgentEvent>) {
        if self.tasks.is_empty() || self.random.chance(0.4) {
            let task = Task {
                id: format!("task-{:04}", self.number()),
                channel: self.random.pick(&CHANNELS),
                title: self.random.pick(&TASKS),
                status: "open",
                priority: self.random.pick(&["low", "medium", "medium", "high", "urgent"]),
                assigned_to: self.anybody(),
            };
            remember(&mut self.tasks, task.clone());
            events.push(AgentEvent::TaskNew(task));
            return;
        }
        let index = self.random.below(self.tasks.len());
        let Some(mut task) = self.tasks.remove(index) else { return };
        task.status = if task.status == "open" { "in_progress" } else { "done" };
        if task.status != "done" {
            self.tasks.push_back(task.clone());
        }
        events.push(AgentEvent::TaskUpdated(task));
    }

    fn notify(&mut self, events: &mut Vec<AgentEvent>) {
        let (kind, title) = self.random.pick(&[
            ("mention", "You were mentioned"),
            ("task_assignment", "A task was assigned to you"),
            ("reply", "Somebody answered your post"),
            ("reaction", "Somebody agreed with your post"),
            ("dm", "You have a message"),
        ]);
        let recipient = self.anybody();
        let body = format!("{} in #{}", self.random.pick(&REPLIES), self.random.pick(&CHANNELS));
        events.push(AgentEvent::Notification { id: format!("ntf-{:05}", self.number()), recipient, kind, title, body });
    }

    fn anybody(&mut self) -> String {
        let index = self.random.below(self.agents.len());
        self.agents[index].id.clone()
    }

    fn number(&mut self) -> u64 {
        self.number += 1;
        self.number
    }
}

fn agent(index: usize, name: &str, random: &mut Random) -> Agent {
    let (role, description) = random.pick(&ROLES);
    let first = random.below(CAPABILITIES.len());
    Agent {
        id: format!("agent-{:02}", index + 1),
        name: name.to_owned(),
        description,
        status: ["online", "busy", "offline"][random.weighted(&[6.0, 2.0, 2.0])],
        capabilities: (0..=random.below(3)).map(|next| CAPABILITIES[(first + next) % CAPABILITIES.len()]).collect(),
        model: random.pick(&MODELS),
        role,
        tasks_done: random.below(400) as u64,
    }
}

fn remember<T>(ring: &mut VecDeque<T>, item: T) {
    if ring.len() == REMEMBERED {
        ring.pop_front();
    }
    ring.push_back(item);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_seed_lives_one_life_and_replies_have_parents() {
        let run = |seed| {
            let mut agents = Agents::new(seed, 0);
            let mut events = Vec::new();
            for _ in 0..5_000 {
                agents.step(1, &mut events);
            }
            events
        };
        let events = run(1);
        assert_eq!(events, run(1));
        assert_ne!(events, run(2));
        let mut posts = std::collections::HashSet::new();
        for event in &events {
            if let AgentEvent::PostCreated(post) = event {
                assert!(post.parent.as_ref().is_none_or(|parent| posts.contains(parent)));
                posts.insert(post.id.clone());
            }
        }
        for wanted in
            ["Online", "Offline", "Updated", "PostCreated", "PostUpdated", "TaskNew", "TaskUpdated", "Notification"]
        {
            assert!(events.iter().any(|event| format!("{event:?}").starts_with(wanted)), "{wanted} never happens");
        }
    }
}
