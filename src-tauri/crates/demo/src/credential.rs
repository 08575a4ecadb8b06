//! The tokens of the simulated services: of each service's look, and decided by the seed.

use data_encoding::BASE64URL_NOPAD;
use secrecy::SecretString;
use serde_json::json;

use crate::world::random::Random;

/// Seconds.
const YEAR: u64 = 365 * 86_400;

/// The client that `POST /oauth/token` of the job service knows.
pub const OAUTH_CLIENT_ID: &str = "signalbox-demo";
/// The secret of [`OAUTH_CLIENT_ID`]: of a demo on loopback, so that nobody needs to keep it.
pub const OAUTH_CLIENT_SECRET: &str = "demo-client-secret";

/// The token that lets a client into the service of `protocol`.
pub(crate) fn token(protocol: &str, seed: u64, now: u64) -> SecretString {
    let mut random = Random::of(seed, protocol);
    let opaque = format!("{:016x}{:016x}", random.next(), random.next());
    match protocol {
        "hyprwatch" => format!("hw_live_{opaque}"),
        "agenthq" => format!("ahq_{opaque}"),
        "iotee" => format!("iot_{opaque}"),
        // A JSON Web Token of a year or two; nobody checks the signature. Its end is a year's, so that a service that is
        // started again with the same seed lets in the clients that it knew.
        _ => {
            let part = |text: String| BASE64URL_NOPAD.encode(text.as_bytes());
            let head = part(json!({ "alg": "HS256", "typ": "JWT" }).to_string());
            let expires = (now / 1000 / YEAR + 2) * YEAR;
            let claims = json!({ "sub": "demo", "streams": crate::hydra::IN_SCOPE, "exp": expires });
            format!("{head}.{}.{}", part(claims.to_string()), part(opaque))
        }
    }
    .into()
}
