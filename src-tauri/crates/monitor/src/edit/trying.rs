//! The *Test* of a connection before it is saved: begun, looked at, cancelled.

use std::sync::Arc;
use std::time::Duration;

use link::{Credentials, FirstLook, Step, Tested, probe_by_steps};
use parking_lot::Mutex;
use protocol::{Connection, CredentialSource, Protocol};
use tokio::task::AbortHandle;

use super::{Done, keychain, sentence, take_secret};
use crate::monitor::{Monitor, invalid};
use crate::view::{
    CommandError, ConnectionDraft, ErrorCode, Keep, RefusedRow, TestEnd, TestState, TestStep, TestStepName,
    TestStepState,
};

/// How long it may take until the service acknowledges.
const WITHIN: Duration = Duration::from_secs(20);
/// How long it is looked at what comes then.
const LOOK: Duration = Duration::from_secs(4);

/// The test that goes on, or the last that did: one at a time.
#[derive(Debug, Default)]
pub(crate) struct Trying {
    number: u32,
    running: Option<Running>,
}

#[derive(Debug)]
struct Running {
    number: u32,
    state: Arc<Mutex<TestState>>,
    task: AbortHandle,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Monitor {
    /// Begins to connect once as drafted; answers the test's number. Nothing is kept, and a test that goes on is ended.
    ///
    /// Must be called on a tokio runtime.
    pub fn begin_test(&self, mut draft: ConnectionDraft) -> Done<u32> {
        let secret = take_secret(&mut draft);
        let like = draft.credential_of.as_deref().and_then(|name| self.watched(name).ok());
        let mut connection = draft.connection(like.as_ref().map(|like| &like.connection)).map_err(invalid)?;
        let mut environment = self.inner.environment.clone();
        if let Some(secret) = secret.filter(|_| matches!(draft.keep, Keep::Keychain | Keep::ThisRun)) {
            // Its own memory, so that a test leaves the credentials of the others alone.
            environment.credentials = Credentials::system();
            connection.credential = Some(CredentialSource::Keychain("the credential being tested".into()));
            environment
                .credentials
                .keep_for_this_run(connection.credential_source(), secret)
                .map_err(|e| keychain(&e))?;
        } else if let Some(like) = like.filter(|_| matches!(draft.keep, Keep::Keychain | Keep::ThisRun)) {
            connection.credential = Some(like.connection.credential_source());
        }
        let asked = Asked::of(&connection);
        // There is nothing to be looked at where nothing can come.
        let look = if asked == Asked::Nothing { Duration::ZERO } else { LOOK };
        let wanting = wanting(connection.protocol);
        let state = Arc::new(Mutex::new(begun()));
        let (told, ended) = (state.clone(), state.clone());
        let task = tokio::spawn(async move {
            let told = move |step: Step, words: &str| passed(&mut told.lock(), step, words);
            let tested = probe_by_steps(connection, &environment, WITHIN, look, told).await;
            end(&mut ended.lock(), tested, asked, wanting);
        });
        let mut trying = self.inner.trying.lock();
        trying.number += 1;
        let number = trying.number;
        trying.running = Some(Running { number, state, task: task.abort_handle() });
        Ok(number)
    }

    /// How far a test is.
    pub fn test_state(&self, number: u32) -> Done<TestState> {
        let trying = self.inner.trying.lock();
        let running = trying.running.as_ref().filter(|running| running.number == number);
        running.map(|running| running.state.lock().clone()).ok_or_else(|| CommandError {
            code: ErrorCode::NotFound,
            message: "That test was ended. Test again.".into(),
        })
    }

    /// Ends a test, if it goes on.
    pub fn end_test(&self, number: u32) {
        let mut trying = self.inner.trying.lock();
        if trying.running.as_ref().is_some_and(|running| running.number == number) {
            trying.running = None;
        }
    }
}

fn begun() -> TestState {
    let step = |step: &Step| TestStep { step: name(*step), state: TestStepState::Waiting, words: String::new() };
    let mut steps: Vec<TestStep> = Step::ALL.iter().map(step).collect();
    steps[0].state = TestStepState::Running;
    TestState { steps, end: None }
}

/// A step is done: those before it are, the next one runs, and those after it wait; of another attempt they do so again.
fn passed(state: &mut TestState, step: Step, words: &str) {
    let place = step as usize;
    words.clone_into(&mut state.steps[place].words);
    for (at, step) in state.steps.iter_mut().enumerate() {
        step.state = match at {
            at if at <= place => TestStepState::Done,
            at if at == place + 1 => TestStepState::Running,
            _ => TestStepState::Waiting,
        };
        if at > place {
            step.words.clear();
        }
    }
}

/// What a connection subscribes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asked {
    /// Something that is named.
    Named,
    /// Nothing that is named, and events come all the same.
    Unnamed,
    /// Nothing: no event can come.
    Nothing,
}

impl Asked {
    fn of(connection: &Connection) -> Asked {
        if !connection.subscribe.is_empty() || !connection.live_queries.is_empty() {
            return Asked::Named;
        }
        match connection.protocol {
            // All streams of the token are asked for.
            Protocol::Hydra => Asked::Named,
            // Agents are told of without a channel.
            Protocol::Agenthq => Asked::Unnamed,
            Protocol::Iotee | Protocol::Hantera | Protocol::Hyprwatch => Asked::Nothing,
        }
    }
}

/// What a service can be subscribed to, as its dialog calls it.
const fn wanting(protocol: Protocol) -> &'static str {
    match protocol {
        Protocol::Iotee => "hardware ids",
        Protocol::Hantera => "paths or live queries",
        Protocol::Agenthq => "channel ids",
        Protocol::Hyprwatch => "organisation ids",
        Protocol::Hydra => "streams",
    }
}

fn end(state: &mut TestState, tested: Tested, asked: Asked, wanting: &str) {
    match tested {
        Tested::Live { after, refused, look } => {
            passed(state, Step::Look, "");
            let subscribe = &mut state.steps[Step::Subscribe as usize];
            (subscribe.state, subscribe.words) = match (look.accepted, refused.len()) {
                (0, 0) if asked == Asked::Named => (TestStepState::Nothing, "not acknowledged yet".into()),
                (0, 0) => (TestStepState::Nothing, format!("skipped: no {wanting} yet")),
                (accepted, 0) => (TestStepState::Done, format!("{accepted} accepted")),
                (0, refused) => (TestStepState::Failed, format!("{refused} refused, none accepted")),
                (accepted, refused) => (TestStepState::Done, format!("{accepted} accepted, {refused} refused")),
            };
            let seen = &mut state.steps[Step::Look as usize];
            (seen.state, seen.words) = match look.first_after {
                Some(after) => (TestStepState::Done, format!("the first event came after {}", length(after))),
                None if asked == Asked::Nothing => (TestStepState::Nothing, "skipped: nothing is watched yet".into()),
                None => (TestStepState::Nothing, format!("no event within {:.0} s", look.within.as_secs_f64())),
            };
            let sentence = match asked {
                Asked::Nothing => format!("Nothing is watched yet: add {wanting}."),
                Asked::Unnamed => {
                    format!(
                        "Live after {}. {}. No posts are watched yet: add {wanting}.",
                        length(after),
                        sentence_of(&look, asked)
                    )
                }
                Asked::Named => format!("Live after {}. {}.", length(after), sentence_of(&look, asked)),
            };
            let refused = refused.into_iter().map(|(name, reason)| RefusedRow { name, reason }).collect();
            state.end = Some(TestEnd { live: true, sentence, refused });
        }
        Tested::Failed { step, cause } => {
            if step > Step::Credential {
                let before = Step::ALL[step as usize - 1];
                let words = state.steps[before as usize].words.clone();
                passed(state, before, &words);
            }
            state.steps[step as usize].state = TestStepState::Failed;
            state.end = Some(TestEnd { live: false, sentence: sentence(&cause), refused: Vec::new() });
        }
    }
}

fn length(time: Duration) -> String {
    if time < Duration::from_secs(1) {
        format!("{} ms", time.as_millis())
    } else {
        format!("{:.1} s", time.as_secs_f64())
    }
}

/// The first look as a sentence without its end: what came, of how many.
fn sentence_of(look: &FirstLook, asked: Asked) -> String {
    let within = look.within.as_secs_f64();
    let unread = match look.unread {
        0 => String::new(),
        count => format!("; {count} messages could not be read: is this the right service?"),
    };
    if look.events == 0 {
        let why = if look.accepted > 0 || asked == Asked::Unnamed {
            "nothing happened there just then"
        } else {
            "nothing that was subscribed to was acknowledged"
        };
        return format!("No event came within {within:.0} s: {why}{unread}");
    }
    let entities: Vec<String> = look.entities.iter().take(3).map(|(word, count)| plural(*count, word)).collect();
    let events = if look.events == 1 { "1 event".to_owned() } else { format!("{} events", look.events) };
    format!("{events} of {} came in {within:.1} s{unread}", entities.join(", "))
}

fn plural(count: usize, kind: &str) -> String {
    let word = match kind {
        "device" | "host" | "job" | "agent" | "post" | "task" | "signal" | "alert" | "actor" | "notification" => kind,
        "query" if count == 1 => "query",
        "query" => "querie",
        "live_query" if count == 1 => "live query",
        "live_query" => "live querie",
        _ => "other thing",
    };
    format!("{count} {word}{}", if count == 1 { "" } else { "s" })
}

const fn name(step: Step) -> TestStepName {
    match step {
        Step::Credential => TestStepName::Credential,
        Step::Resolve => TestStepName::Resolve,
        Step::Connect => TestStepName::Connect,
        Step::Encrypt => TestStepName::Encrypt,
        Step::Open => TestStepName::Open,
        Step::SignIn => TestStepName::SignIn,
        Step::Subscribe => TestStepName::Subscribe,
        Step::Look => TestStepName::Look,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn states(state: &TestState) -> String {
        let letter = |step: &TestStep| match step.state {
            TestStepState::Waiting => '.',
            TestStepState::Running => '>',
            TestStepState::Done => '+',
            TestStepState::Nothing => 'o',
            TestStepState::Failed => 'x',
        };
        state.steps.iter().map(letter).collect()
    }

    #[test]
    fn steps_are_passed_in_their_order_and_again_at_another_attempt() {
        let mut state = begun();
        assert_eq!(states(&state), ">.......");
        passed(&mut state, Step::Connect, "127.0.0.1:80");
        assert_eq!(states(&state), "+++>....");
        passed(&mut state, Step::Credential, "");
        assert_eq!(states(&state), "+>......");
        assert_eq!(state.steps[2].words, "", "what the first attempt found is not shown as the second's");
    }

    #[test]
    fn a_failed_test_names_its_step_and_says_why() {
        let mut state = begun();
        passed(&mut state, Step::Open, "");
        end(
            &mut state,
            Tested::Failed { step: Step::SignIn, cause: "the service refused the key".into() },
            Asked::Named,
            "streams",
        );
        assert_eq!(states(&state), "+++++x..");
        assert_eq!(state.end.unwrap().sentence, "The service refused the key.");
    }

    #[test]
    fn the_first_look_is_told() {
        let mut state = begun();
        let look = FirstLook {
            within: Duration::from_millis(1_300),
            first_after: Some(Duration::from_millis(300)),
            events: 12,
            entities: vec![("device", 9), ("live_query", 1)],
            unread: 0,
            accepted: 3,
        };
        let refused = vec![("B".to_owned(), "unknown".to_owned())];
        end(
            &mut state,
            Tested::Live { after: Duration::from_millis(400), refused, look },
            Asked::Named,
            "hardware ids",
        );
        assert_eq!(states(&state), "++++++++");
        let end = state.end.unwrap();
        assert_eq!(end.sentence, "Live after 400 ms. 12 events of 9 devices, 1 live query came in 1.3 s.");
        assert_eq!(state.steps[Step::Subscribe as usize].words, "3 accepted, 1 refused");
        assert_eq!(state.steps[Step::Look as usize].words, "the first event came after 300 ms");
    }

    /// What a test comes to that signs in and hears nothing.
    fn silent(asked: Asked, accepted: usize, refused: usize) -> (String, String, TestState) {
        let mut state = begun();
        let look = FirstLook { within: Duration::from_secs(4), accepted, ..FirstLook::default() };
        let refused = (0..refused).map(|at| (at.to_string(), "unknown".to_owned())).collect();
        end(&mut state, Tested::Live { after: Duration::from_millis(3), refused, look }, asked, "hardware ids");
        let sentence = state.end.as_ref().unwrap().sentence.clone();
        (states(&state), sentence, state)
    }

    #[test]
    fn a_step_in_which_nothing_happened_is_not_told_as_done() {
        let (letters, sentence, state) = silent(Asked::Nothing, 0, 0);
        assert_eq!(letters, "++++++oo");
        assert_eq!(sentence, "Nothing is watched yet: add hardware ids.");
        assert_eq!(state.steps[Step::Subscribe as usize].words, "skipped: no hardware ids yet");
        assert_eq!(state.steps[Step::Look as usize].words, "skipped: nothing is watched yet");

        let (letters, sentence, _) = silent(Asked::Named, 2, 0);
        assert_eq!(letters, "+++++++o", "it is quiet there");
        assert!(sentence.starts_with("Live after 3 ms. No event came within 4 s"), "{sentence}");
        let (letters, ..) = silent(Asked::Named, 0, 2);
        assert_eq!(letters, "++++++xo", "all is refused");
        let (letters, _, state) = silent(Asked::Named, 0, 0);
        assert_eq!((letters.as_str(), state.steps[6].words.as_str()), ("++++++oo", "not acknowledged yet"));
        let (_, sentence, _) = silent(Asked::Unnamed, 0, 0);
        assert!(sentence.ends_with("No posts are watched yet: add hardware ids."), "{sentence}");
    }
}
