//! When a credential ends, where it says so itself: the `exp` of a JWT (RFC 7519, 4.1.4).

use data_encoding::BASE64URL_NOPAD;
use protocol::Timestamp;
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};

/// Reads it; `None` for what is no JWT or has no end. The signature is the service's to check.
pub(crate) fn expiry(credential: &SecretString) -> Option<Timestamp> {
    let mut parts = credential.expose_secret().split('.');
    let (_, claims, _) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let claims = Zeroizing::new(BASE64URL_NOPAD.decode(claims.trim_end_matches('=').as_bytes()).ok()?);
    let seconds = number(std::str::from_utf8(&claims).ok()?, "\"exp\"")?;
    // Up to the year 9999: what lies behind is no time.
    (seconds > 0.0 && seconds < 253_402_300_800.0).then_some(Timestamp((seconds * 1_000.0) as i64))
}

/// A numeric member of a JSON object, without a copy of the rest of it.
fn number(json: &str, name: &str) -> Option<f64> {
    let value = json[json.find(name)? + name.len()..].trim_start().strip_prefix(':')?.trim_start();
    let end =
        value.find(|letter: char| !matches!(letter, '0'..='9' | '.' | 'e' | 'E' | '+' | '-')).unwrap_or(value.len());
    value[..end].parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn jwt(claims: &str) -> SecretString {
        let part = |text: &str| BASE64URL_NOPAD.encode(text.as_bytes());
        SecretString::from(format!("{}.{}.signature", part(r#"{"alg":"HS256"}"#), part(claims)))
    }

    #[test]
    fn the_end_of_a_jwt_is_read_and_nothing_else_has_one() {
        let end = |claims| expiry(&jwt(claims));
        assert_eq!(end(r#"{"sub":"a","exp": 1765967400}"#), Some(Timestamp(1_765_967_400_000)));
        assert_eq!(end(r#"{"exp":1765967400.5,"iat":1}"#), Some(Timestamp(1_765_967_400_500)));
        for claims in [r#"{"sub":"a"}"#, r#"{"exp":"soon"}"#, r#"{"exp":-1}"#, r#"{"exp":1e300}"#, "", "exp"] {
            assert_eq!(end(claims), None, "{claims}");
        }
        for other in ["", "an-api-key", "a.b.c", "a.b.c.d", "ey.ey"] {
            assert_eq!(expiry(&SecretString::from(other)), None);
        }
    }
}
