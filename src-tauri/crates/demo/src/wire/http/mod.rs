//! The HTTP sides of the services: plain requests on the port of the WebSocket.

mod faults;
mod page;
mod serve;

pub(crate) use faults::State;
pub use faults::{HttpFault, HttpRequest};
pub(crate) use page::Page;
pub(crate) use serve::{call, refuse, serve};

use serde_json::Value;
use tokio_tungstenite::tungstenite::http::StatusCode;

use super::{Call, percent_decoded};

/// A plain request, read whole.
#[derive(Clone, Copy)]
pub(crate) struct Request<'a> {
    pub(crate) method: &'a str,
    pub(crate) call: Call<'a>,
    /// The token of `Authorization: Bearer`.
    pub(crate) bearer: Option<&'a str>,
    pub(crate) body: &'a [u8],
    /// Whether a page after the first begins with the end of the one before; see [`HttpFault::RepeatedEvents`].
    pub(crate) repeats: bool,
}

impl<'a> Request<'a> {
    /// One parameter of the query.
    pub(crate) fn parameter(&self, name: &str) -> Option<String> {
        self.parameters(name).next()
    }

    /// All parameters of the query with this name.
    pub(crate) fn parameters<'b>(&self, name: &'b str) -> impl Iterator<Item = String> + use<'a, 'b> {
        form(self.call.query, name)
    }

    /// A time of the query in milliseconds since 1970; an error names the parameter that is not ISO 8601.
    pub(crate) fn time(&self, name: &str) -> Result<Option<u64>, String> {
        self.parameter(name)
            .map(|text| milliseconds(&text).ok_or(format!("{name} is not an ISO 8601 time")))
            .transpose()
    }
}

/// The values of a field in a form or a query (`application/x-www-form-urlencoded`).
pub(crate) fn form<'a, 'b>(text: &'a str, name: &'b str) -> impl Iterator<Item = String> + use<'a, 'b> {
    text.split('&').filter_map(move |pair| {
        let (key, value) = pair.split_once('=')?;
        (key == name).then(|| percent_decoded(&value.replace('+', " ")))
    })
}

/// Reads an ISO 8601 time with its offset, as milliseconds since 1970.
pub(crate) fn milliseconds(text: &str) -> Option<u64> {
    let time: jiff::Timestamp = text.parse().ok()?;
    u64::try_from(time.as_millisecond()).ok()
}

/// What a service answers.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn json(status: StatusCode, body: &Value) -> Self {
        Answer { status, headers: Vec::new(), body: body.to_string() }
    }

    pub(crate) fn ok(body: &Value) -> Self {
        Self::json(StatusCode::OK, body)
    }

    pub(crate) fn header(mut self, name: &'static str, value: impl ToString) -> Self {
        self.headers.push((name, value.to_string()));
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_read_as_forms_are() {
        let call =
            Call { path: "/", query: "ids=A%2CB&ids=C+D&from=2026-01-02T03%3A04%3A05.678Z&to=soon", api_key: None };
        let request = Request { method: "GET", call, bearer: None, body: b"", repeats: false };
        assert_eq!(request.parameters("ids").collect::<Vec<_>>(), ["A,B", "C D"]);
        assert_eq!(request.time("from"), Ok(Some(1_767_323_045_678)));
        assert!(request.time("to").unwrap_err().contains("to is not"));
        assert_eq!(request.time("since"), Ok(None));
    }
}
