//! The few WebDriver commands that the tests need, one HTTP request each (W3C WebDriver, section 6 and on).

use serde_json::{Value, json};
use std::time::Duration;

/// The key under which WebDriver wraps a reference to an element.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// One session: one window of one running program.
pub struct Session {
    agent: ureq::Agent,
    address: String,
}

/// An element of the page, as long as the page keeps it.
#[derive(Debug, Clone)]
pub struct Element(String);

impl Session {
    /// Asks the driver at `port` to start the program with these arguments.
    pub fn new(port: u16, application: &str, args: &[&str]) -> Result<Self, String> {
        let config = ureq::Agent::config_builder().timeout_global(Some(Duration::from_secs(60)));
        let agent = config.http_status_as_error(false).build().new_agent();
        let mut session = Self { agent, address: format!("http://127.0.0.1:{port}/session") };
        let options = json!({ "application": application, "args": args });
        let answer = session.post("", &json!({ "capabilities": { "alwaysMatch": { "tauri:options": options } } }))?;
        let id = answer["sessionId"].as_str().ok_or("the driver gave no session")?;
        session.address = format!("{}/{id}", session.address);
        Ok(session)
    }

    /// Shows a page by its address.
    pub fn visit(&self, address: &str) -> Result<(), String> {
        self.post("/url", &json!({ "url": address })).map(drop)
    }

    /// Turns to the window that is there now, whichever was there before.
    pub fn turn_to_window(&self) -> Result<(), String> {
        let handles =
            self.value("/window/handles", self.agent.get(format!("{}/window/handles", self.address)).call())?;
        let handle = handles.as_array().and_then(|all| all.last()).ok_or("there is no window")?;
        self.post("/window", &json!({ "handle": handle })).map(drop)
    }

    /// Runs the body of a function in the page and returns what it returns.
    pub fn run(&self, body: &str, args: &[Value]) -> Result<Value, String> {
        self.post("/execute/sync", &json!({ "script": body, "args": args }))
    }

    /// Runs the body of a function whose last argument is to be called with what is returned.
    pub fn run_async(&self, body: &str, args: &[Value]) -> Result<Value, String> {
        self.post("/execute/async", &json!({ "script": body, "args": args }))
    }

    /// Runs the body of a function that returns an element or null.
    pub fn element(&self, body: &str, args: &[Value]) -> Result<Option<Element>, String> {
        self.run(body, args).map(|found| found[ELEMENT].as_str().map(|id| Element(id.to_owned())))
    }

    /// Clicks in the middle of an element.
    pub fn click(&self, element: &Element) -> Result<(), String> {
        self.post(&format!("/element/{}/click", element.0), &json!({})).map(drop)
    }

    /// Empties a field.
    pub fn clear(&self, element: &Element) -> Result<(), String> {
        self.post(&format!("/element/{}/clear", element.0), &json!({})).map(drop)
    }

    /// Types into an element, key by key.
    pub fn type_into(&self, element: &Element, text: &str) -> Result<(), String> {
        self.post(&format!("/element/{}/value", element.0), &json!({ "text": text })).map(drop)
    }

    /// Presses and releases keys on whatever has the focus.
    pub fn press(&self, keys: &[char]) -> Result<(), String> {
        let down = keys.iter().map(|key| json!({ "type": "keyDown", "value": key.to_string() }));
        let up = keys.iter().rev().map(|key| json!({ "type": "keyUp", "value": key.to_string() }));
        let actions: Vec<Value> = down.chain(up).collect();
        let actions = json!({ "actions": [{ "type": "key", "id": "keyboard", "actions": actions }] });
        self.post("/actions", &actions).map(drop)
    }

    /// Moves the pointer to a place of the page.
    pub fn point(&self, x: f64, y: f64) -> Result<(), String> {
        let to = json!({ "type": "pointerMove", "x": x.round(), "y": y.round(), "duration": 0 });
        let mouse =
            json!({ "type": "pointer", "id": "mouse", "parameters": { "pointerType": "mouse" }, "actions": [to] });
        self.post("/actions", &json!({ "actions": [mouse] })).map(drop)
    }

    /// Ends the session, which closes the window.
    pub fn end(&self) -> Result<(), String> {
        let answer = self.agent.delete(&self.address).call();
        answer.map(drop).map_err(|error| format!("the session would not end: {error}"))
    }

    fn post(&self, path: &str, body: &Value) -> Result<Value, String> {
        self.value(path, self.agent.post(format!("{}{path}", self.address)).send_json(body))
    }

    fn value(
        &self,
        path: &str,
        answer: Result<ureq::http::Response<ureq::Body>, ureq::Error>,
    ) -> Result<Value, String> {
        let mut answer = answer.map_err(|error| format!("the driver did not answer {path}: {error}"))?;
        let status = answer.status();
        let body: Value = answer.body_mut().read_json().map_err(|error| format!("{path}: {status}, {error}"))?;
        match &body["value"]["error"] {
            Value::String(error) => {
                Err(format!("{path}: {error}: {}", body["value"]["message"].as_str().unwrap_or_default()))
            }
            _ => Ok(body["value"].clone()),
        }
    }
}

impl From<&Element> for Value {
    fn from(element: &Element) -> Self {
        json!({ ELEMENT: element.0 })
    }
}
