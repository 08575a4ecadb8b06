//! A plain HTTP client.

use std::time::Duration;

use demo::Service;
use secrecy::ExposeSecret;
use serde_json::Value;
use ureq::Agent;

/// An answer: its status, its `Retry-After`, and its body as JSON, or as text when it is none.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub retry_after: Option<String>,
    pub body: Value,
}

/// A client of one service's HTTP side, with the service's own header for the token.
#[derive(Clone)]
pub struct Http {
    agent: Agent,
    base: String,
    header: (&'static str, String),
}

impl Http {
    pub fn to(service: &Service) -> Http {
        Http::with(service, service.token.expose_secret())
    }

    pub fn with(service: &Service, token: &str) -> Http {
        let config =
            Agent::config_builder().http_status_as_error(false).timeout_global(Some(Duration::from_secs(10))).build();
        let header = match service.protocol {
            "iotee" => ("x-api-key", token.to_owned()),
            _ => ("authorization", format!("Bearer {token}")),
        };
        Http { agent: config.into(), base: service.http.clone(), header }
    }

    pub async fn get(&self, target: &str) -> Answer {
        self.try_get(target).await.unwrap()
    }

    pub async fn try_get(&self, target: &str) -> Result<Answer, ureq::Error> {
        let url = format!("{}{target}", self.base);
        let Http { agent, header: (name, value), .. } = self.clone();
        blocking(move || read(agent.get(url).header(name, value).call()?)).await
    }

    pub async fn post(&self, target: &str, kind: &'static str, body: &str) -> Answer {
        let (url, body) = (format!("{}{target}", self.base), body.to_owned());
        let Http { agent, header: (name, value), .. } = self.clone();
        let send = move || read(agent.post(url).header(name, value).header("content-type", kind).send(body)?);
        blocking(send).await.unwrap()
    }
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    tokio::task::spawn_blocking(work).await.unwrap()
}

fn read(mut response: ureq::http::Response<ureq::Body>) -> Result<Answer, ureq::Error> {
    let retry_after = response.headers().get("retry-after").map(|value| value.to_str().unwrap().to_owned());
    let text = response.body_mut().read_to_string()?;
    let body = serde_json::from_str(&text).unwrap_or_else(|_| text.into());
    Ok(Answer { status: response.status().as_u16(), retry_after, body })
}
