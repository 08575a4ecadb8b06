//! The network's HTTP: the same trust as the sockets have, bounded answers, and no redirect that would take a credential
//! elsewhere.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use protocol::Ended;
use protocol::fetch::Method;
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderName, HeaderValue, RETRY_AFTER};
use reqwest::redirect::{Attempt, Policy};
use reqwest::{Client, Response};
use secrecy::ExposeSecret;
use tokio::time::{Instant, timeout};

use crate::dial::{Network, tcp, tls};
use crate::fetch::{Http, HttpAnswer, HttpRequest, Unanswered};

/// How long a connection to the service may take.
const CONNECT: Duration = Duration::from_secs(10);
/// How long the answer may take after that.
const ANSWER: Duration = Duration::from_secs(30);
/// The largest answer.
const LARGEST: usize = 16 << 20;
/// How many redirects of a service to itself are followed.
const REDIRECTS: usize = 4;
/// How long a client and what it trusts are kept.
const KEPT: Duration = Duration::from_secs(600);
/// How many clients are kept: one for each `ca_file`, and two.
const CLIENTS: usize = 64;
/// How long a connection is kept for a next request.
const IDLE: Duration = Duration::from_secs(5);

/// HTTP over the network of this computer, trusting whom its sockets trust. No proxy is asked: the sockets ask none.
#[derive(Debug)]
pub struct Https {
    network: Arc<Network>,
    clients: Mutex<Vec<Kept>>,
}

#[derive(Debug)]
struct Kept {
    encrypted: bool,
    ca_file: Option<PathBuf>,
    made: Instant,
    client: Client,
}

impl Https {
    /// Shares the trust of `network`.
    pub fn over(network: Arc<Network>) -> Self {
        Https { network, clients: Mutex::default() }
    }

    /// The client of a trust.
    pub(super) async fn client(&self, encrypted: bool, ca_file: Option<&Path>) -> Result<Client, Ended> {
        let ca_file = ca_file.filter(|_| encrypted);
        let is_it = |kept: &Kept| kept.encrypted == encrypted && kept.ca_file.as_deref() == ca_file;
        let kept = |client: &mut Vec<Kept>| {
            client.retain(|kept| kept.made.elapsed() < KEPT);
            client.iter().find(|kept| is_it(kept)).map(|kept| kept.client.clone())
        };
        if let Some(client) = kept(&mut self.clients.lock().unwrap_or_else(PoisonError::into_inner)) {
            return Ok(client);
        }
        let trust = if encrypted { (*self.network.trust(ca_file).await?).clone() } else { tls::trust_nobody()? };
        let client = Client::builder()
            .tls_backend_preconfigured(trust)
            .no_proxy()
            .redirect(Policy::custom(redirect))
            .referer(false)
            .connect_timeout(CONNECT)
            .pool_idle_timeout(IDLE)
            .pool_max_idle_per_host(2)
            .user_agent(concat!("signalbox/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|_| Ended::refused("HTTP cannot be set up on this computer"))?;
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        clients.retain(|kept| !is_it(kept));
        if clients.len() >= CLIENTS {
            clients.remove(0);
        }
        let ca_file = ca_file.map(Path::to_owned);
        clients.push(Kept { encrypted, ca_file, made: Instant::now(), client: client.clone() });
        Ok(client)
    }

    async fn request(&self, request: HttpRequest<'_>) -> Result<HttpAnswer, Unanswered> {
        let fetch = request.fetch;
        let client = self.client(fetch.url.scheme() == "https", request.ca_file).await.map_err(|ended| Unanswered {
            cause: ended.cause,
            again: false,
            unreachable: true,
        })?;
        let mut asked = match fetch.method {
            Method::Get => client.get(fetch.url.clone()),
            Method::Post => client.post(fetch.url.clone()),
        }
        .header(ACCEPT, HeaderValue::from_static("application/json"));
        if let Some(body) = &fetch.body {
            asked = asked.header(CONTENT_TYPE, HeaderValue::from_static("application/json")).body(body.clone());
        }
        for (name, value) in &fetch.secret_headers {
            let name = HeaderName::from_bytes(name.as_bytes()).ok();
            let value = HeaderValue::from_str(value.expose_secret()).ok();
            let (Some(name), Some(mut value)) = (name, value) else {
                let cause = "the credential holds a character that no header can carry; set it again".into();
                return Err(Unanswered { cause, again: false, unreachable: true });
            };
            value.set_sensitive(true);
            asked = asked.header(name, value);
        }
        let host = fetch.url.host_str().unwrap_or("the service");
        let port = fetch.url.port_or_known_default().unwrap_or(443);
        let answer = async {
            let response = asked.send().await.map_err(|error| unanswered(&error, host, port))?;
            answer(response).await
        };
        timeout(CONNECT + ANSWER, answer).await.unwrap_or_else(|_| Err(silent(host)))
    }
}

impl Http for Https {
    fn send<'a>(&'a self, request: HttpRequest<'a>) -> BoxFuture<'a, Result<HttpAnswer, Unanswered>> {
        self.request(request).boxed()
    }
}

/// Reads an answer within its bounds.
async fn answer(response: Response) -> Result<HttpAnswer, Unanswered> {
    let retry_after = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let mut answer = HttpAnswer { status: response.status().as_u16(), retry_after, body: Vec::new() };
    if !response.status().is_success() {
        return Ok(answer);
    }
    answer.body = body(response, LARGEST).await?;
    Ok(answer)
}

/// Reads a body of so many bytes at the most.
pub(super) async fn body(mut response: Response, largest: usize) -> Result<Vec<u8>, Unanswered> {
    let broke_off = || Unanswered { cause: "the service's answer broke off".into(), again: true, unreachable: false };
    let too_large = || Unanswered {
        cause: format!("the service's answer is larger than {} MiB", largest >> 20),
        again: false,
        unreachable: false,
    };
    if response.content_length().is_some_and(|length| length > largest as u64) {
        return Err(too_large());
    }
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|_| broke_off())? {
        if bytes.len() + chunk.len() > largest {
            return Err(too_large());
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// Follows a service to itself, a few times; everywhere else the credential must not go.
fn redirect(attempt: Attempt<'_>) -> reqwest::redirect::Action {
    let stays = attempt.previous().last().is_some_and(|from| from.origin() == attempt.url().origin());
    if stays && attempt.previous().len() <= REDIRECTS { attempt.follow() } else { attempt.stop() }
}

/// Says why a request got no answer. The HTTP crate's own texts may hold URLs and are never shown.
pub(super) fn unanswered(error: &reqwest::Error, host: &str, port: u16) -> Unanswered {
    let mut source = error.source();
    while let Some(inner) = source {
        if let Some(tls) = inner.downcast_ref::<rustls::Error>() {
            return Unanswered { cause: tls::words(tls, host), again: false, unreachable: true };
        }
        source = match inner.downcast_ref::<std::io::Error>() {
            // What an I/O error wraps is not its source, but wraps itself again where TLS failed.
            Some(io) if io.get_ref().is_some() => io.get_ref().map(|wrapped| wrapped as &(dyn Error + 'static)),
            Some(io) if error.is_connect() => {
                let cause = tcp::unreachable(io.kind(), host, port);
                return Unanswered { cause, again: true, unreachable: true };
            }
            _ => inner.source(),
        };
    }
    if error.is_connect() {
        let cause = format!("{host} port {port} could not be connected to; check the url and the network connection");
        return Unanswered { cause, again: true, unreachable: true };
    }
    if error.is_timeout() {
        return silent(host);
    }
    Unanswered { cause: format!("{host} ended the connection without an answer"), again: true, unreachable: false }
}

fn silent(host: &str) -> Unanswered {
    let cause = format!("{host} did not answer within {} s", ANSWER.as_secs());
    Unanswered { cause, again: true, unreachable: false }
}
