//! A plain client: it sends text, and reads JSON until a frame is what the test waits for.

use std::time::Duration;

use demo::Service;
use futures_util::{SinkExt, StreamExt};
use secrecy::ExposeSecret;
use serde_json::Value;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, client_async};

const PATIENCE: Duration = Duration::from_secs(60);

pub struct Client {
    pub socket: WebSocketStream<TcpStream>,
}

/// The service's URL with its token in the query, under the name that the service has for it.
pub fn with_token(service: &Service) -> String {
    let token = service.token.expose_secret();
    match service.protocol {
        "hantera" => service.url.clone(),
        "iotee" => format!("{}?api_key={token}", service.url),
        "hyprwatch" => format!("{}?token={token}&vsn=2.0.0", service.url),
        _ => format!("{}?token={token}", service.url),
    }
}

impl Client {
    pub async fn connect(url: &str) -> Result<Client, Error> {
        let request = url.into_client_request()?;
        Self::request(request).await
    }

    pub async fn request(request: tokio_tungstenite::tungstenite::handshake::client::Request) -> Result<Client, Error> {
        let authority = request.uri().authority().unwrap().to_string();
        let stream = TcpStream::connect(authority).await?;
        let (socket, _) = timeout(PATIENCE, client_async(request, stream)).await.expect("an upgrade comes in time")?;
        Ok(Client { socket })
    }

    pub async fn to(service: &Service) -> Client {
        Client::connect(&with_token(service)).await.unwrap()
    }

    pub async fn send(&mut self, text: impl Into<String>) {
        self.socket.send(Message::Text(text.into().into())).await.unwrap();
    }

    /// The next message; `None` at the end of the stream.
    pub async fn message(&mut self) -> Option<Result<Message, Error>> {
        timeout(PATIENCE, self.socket.next()).await.expect("something comes in time")
    }

    /// The next text frame as JSON.
    pub async fn json(&mut self) -> Value {
        loop {
            match self.message().await.expect("the stream ended").expect("the stream broke") {
                Message::Text(text) => return serde_json::from_str(&text).unwrap(),
                Message::Ping(_) | Message::Pong(_) => {}
                other => panic!("a text frame was expected, not {other:?}"),
            }
        }
    }

    /// Reads on to the first frame that is wanted.
    pub async fn until(&mut self, wanted: impl Fn(&Value) -> bool) -> Value {
        timeout(PATIENCE, async {
            loop {
                let frame = self.json().await;
                if wanted(&frame) {
                    return frame;
                }
            }
        })
        .await
        .expect("the frame comes in time")
    }

    pub async fn until_type(&mut self, kind: &str) -> Value {
        self.until(|frame| frame["type"] == kind).await
    }

    /// Reads to the end; the close code, or `None` when the stream ended without one.
    pub async fn close_code(&mut self) -> Option<u16> {
        loop {
            match self.message().await {
                Some(Ok(Message::Close(frame))) => return frame.map(|frame| frame.code.into()),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return None,
            }
        }
    }
}

/// The HTTP status with which an upgrade was refused.
pub fn status(result: Result<Client, Error>) -> u16 {
    match result {
        Err(Error::Http(response)) => response.status().as_u16(),
        Err(other) => panic!("expected a refusal, not {other}"),
        Ok(_) => panic!("the upgrade was not refused"),
    }
}
