//! Who is let in, by each service's own way of refusing.

use demo::{DemoFleet, Options};
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

use crate::client::{Client, status};

async fn quiet() -> DemoFleet {
    DemoFleet::start(Options { rate: 0, ..Options::default() }).await.unwrap()
}

#[tokio::test]
async fn a_wrong_token_is_refused_as_each_service_does() {
    let fleet = quiet().await;
    for service in fleet.services() {
        let url = &service.url;
        match service.protocol {
            "hyprwatch" => {
                assert_eq!(status(Client::connect(&format!("{url}?token=wrong&vsn=2.0.0")).await), 403);
                assert_eq!(status(Client::connect(url).await), 403);
            }
            "hydra" | "agenthq" => {
                let mut client = Client::connect(&format!("{url}?token=wrong")).await.unwrap();
                assert_eq!(client.close_code().await, Some(4001));
            }
            "hantera" => {
                let mut client = Client::connect(url).await.unwrap();
                client.send(r#"{"type":"auth","token":"wrong"}"#).await;
                assert_eq!(client.json().await["code"], "AUTH_FAILED");
                assert_eq!(client.close_code().await, Some(1008));
            }
            _ => {
                assert_eq!(status(Client::connect(&format!("{url}?api_key=wrong")).await), 401);
                assert_eq!(status(Client::connect(url).await), 401);
            }
        }
        assert_eq!(fleet.control(service.protocol).accepted(), 0);
        let elsewhere = format!("{}/elsewhere", url.trim_end_matches(|letter| letter != '/').trim_end_matches('/'));
        assert_eq!(status(Client::connect(&elsewhere).await), 404, "{elsewhere}");
    }
}

#[tokio::test]
async fn the_device_service_takes_its_key_by_header_too() {
    let fleet = quiet().await;
    let service = fleet.services().last().unwrap();
    let mut request = service.url.as_str().into_client_request().unwrap();
    let key = secrecy::ExposeSecret::expose_secret(&service.token);
    request.headers_mut().insert("x-api-key", key.parse().unwrap());
    let mut client = Client::request(request).await.unwrap();
    let connected = client.json().await;
    assert!(connected["connectionId"].as_str().unwrap().starts_with("conn-"));
}

#[tokio::test]
async fn a_phoenix_version_that_does_not_exist_is_forbidden() {
    let fleet = quiet().await;
    let service = &fleet.services()[0];
    let url = crate::client::with_token(service).replace("vsn=2.0.0", "vsn=9.0.0");
    assert_eq!(status(Client::connect(&url).await), 403);
}
