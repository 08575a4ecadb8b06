//! Pictures of a tile server: the only thing that is fetched of nobody's account, and only where the operator named one.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use reqwest::header::{ACCEPT, HeaderValue, RETRY_AFTER};
use tokio::sync::Semaphore;
use tokio::time::{Instant, timeout};
use url::Url;

use super::http::{Https, body, unanswered};
use crate::dial::Network;

/// How many pictures are fetched at once: tile servers ask for few.
const AT_ONCE: usize = 6;
/// How many may wait for their turn; what comes then is out of sight by its turn.
const WAITING: usize = 64;
/// How long one may take.
const PATIENCE: Duration = Duration::from_secs(20);
/// The largest picture.
const LARGEST: usize = 1 << 20;
/// How many bytes of pictures are kept.
const KEPT: usize = 32 << 20;
/// How long a server is left alone that could not be reached or asked for less.
const REST: Duration = Duration::from_secs(10);
/// The longest rest that a server is granted.
const LONGEST_REST: Duration = Duration::from_secs(600);
/// The nearest zoom that any server has.
const NEAREST: u8 = 22;

/// Which picture: the zoom, and how many lie west and north of it.
pub type TileId = (u8, u32, u32);

/// A picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tile {
    /// Its bytes as they came.
    pub bytes: Vec<u8>,
    /// What they are by their first bytes: PNG, JPEG or WebP, and never what the server calls them.
    pub media: &'static str,
}

/// Why there is no picture.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoTile {
    /// No server is named.
    #[error("no tile server is set")]
    Off,
    /// There is no such place.
    #[error("there is no such tile")]
    Outside,
    /// What went wrong, as a sentence that names the server and nothing else of its address.
    #[error("{0}")]
    Failed(String),
}

/// The pictures of the tile server that the operator named. The address may hold a key, so no error and no log names more
/// of it than the server.
pub struct Tiles {
    https: Https,
    ca_file: Option<PathBuf>,
    turn: Semaphore,
    held: Mutex<Held>,
}

#[derive(Default)]
struct Held {
    address: Option<String>,
    tiles: HashMap<TileId, Arc<Tile>>,
    /// The one that was asked for longest ago is first.
    order: VecDeque<TileId>,
    bytes: usize,
    problem: Option<String>,
    rests_until: Option<Instant>,
    waiting: usize,
}

impl Tiles {
    /// Shares the trust of `network`, and trusts the authorities of a PEM file besides.
    pub fn over(network: Arc<Network>, ca_file: Option<PathBuf>) -> Self {
        Tiles { https: Https::over(network), ca_file, turn: Semaphore::new(AT_ONCE), held: Mutex::default() }
    }

    /// Takes the address of the server, with `{z}`, `{x}` and `{y}`. What is kept of another is forgotten.
    pub fn set_address(&self, address: Option<&str>) {
        let mut held = self.held();
        if held.address.as_deref() != address {
            *held = Held { address: address.map(str::to_owned), waiting: held.waiting, ..Held::default() };
        }
    }

    /// The server's name; `None` where none is named.
    pub fn server(&self) -> Option<String> {
        let held = self.held();
        let url = Url::parse(&filled(held.address.as_deref()?, (0, 0, 0))).ok()?;
        url.host_str().map(str::to_owned)
    }

    /// What went wrong with the latest picture, as a sentence.
    pub fn problem(&self) -> Option<String> {
        self.held().problem.clone()
    }

    /// Asks the server again that was left alone.
    pub fn try_again(&self) {
        let mut held = self.held();
        (held.rests_until, held.problem) = (None, None);
    }

    /// A picture, of those that are kept or of the server.
    pub async fn tile(&self, id: TileId) -> Result<Arc<Tile>, NoTile> {
        let (z, x, y) = id;
        if z > NEAREST || x >> z != 0 || y >> z != 0 {
            return Err(NoTile::Outside);
        }
        let address = {
            let mut held = self.held();
            let address = held.address.clone().ok_or(NoTile::Off)?;
            if let Some(tile) = held.kept(id) {
                return Ok(tile);
            }
            if held.rests() {
                return Err(NoTile::Failed(held.problem.clone().unwrap_or_default()));
            }
            if held.waiting >= WAITING {
                return Err(NoTile::Failed("Too many tiles were asked for at once.".into()));
            }
            held.waiting += 1;
            address
        };
        let _waits = Waits(&self.held);
        let Ok(_turn) = self.turn.acquire().await else { return Err(NoTile::Off) };
        let fetched = timeout(PATIENCE, self.fetch(&address, id)).await;
        let mut held = self.held();
        // Another server was named meanwhile: this is none of its pictures.
        if held.address.as_ref() != Some(&address) {
            return Err(NoTile::Off);
        }
        match fetched.unwrap_or_else(|_| Err(slow(&address))) {
            Ok(tile) => {
                held.problem = None;
                let tile = Arc::new(tile);
                held.keep(id, tile.clone());
                Ok(tile)
            }
            Err(Failed { sentence, rest }) => {
                if let Some(rest) = rest {
                    held.rests_until = Some(Instant::now() + rest.min(LONGEST_REST));
                }
                held.problem = Some(sentence.clone());
                Err(NoTile::Failed(sentence))
            }
        }
    }

    async fn fetch(&self, address: &str, id: TileId) -> Result<Tile, Failed> {
        let url = Url::parse(&filled(address, id))
            .map_err(|_| Failed::now("The address of the map tiles is none; correct it in Settings.".into()))?;
        let host = url.host_str().unwrap_or("the tile server").to_owned();
        let client = self
            .https
            .client(url.scheme() == "https", self.ca_file.as_deref())
            .await
            .map_err(|ended| Failed::rest(format!("Map tiles of {host} are missing: {}.", ended.cause)))?;
        let port = url.port_or_known_default().unwrap_or(443);
        let sent = client.get(url).header(ACCEPT, HeaderValue::from_static("image/*")).send().await;
        let response = sent.map_err(|error| {
            let cause = unanswered(&error, &host, port).cause;
            // Connections have a file of authorities to set; tiles have none.
            let cause = cause.split("; if it is your own").next().unwrap_or_default();
            let end = if cause.ends_with('?') { "" } else { "." };
            Failed::rest(format!("Map tiles of {host} are missing: {cause}{end}"))
        })?;
        let status = response.status();
        if !status.is_success() {
            let wait = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.trim().parse().ok());
            return Err(refused(&host, status.as_u16(), wait.map(Duration::from_secs)));
        }
        let bytes = body(response, LARGEST)
            .await
            .map_err(|unanswered| Failed::now(format!("Map tiles of {host} are missing: {}.", unanswered.cause)))?;
        let media = media(&bytes).ok_or_else(|| {
            Failed::now(format!(
                "{host} answered with something that is no picture; check the address of the map tiles."
            ))
        })?;
        Ok(Tile { bytes, media })
    }

    fn held(&self) -> std::sync::MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for Tiles {
    fn default() -> Self {
        Tiles::over(Arc::default(), None)
    }
}

impl fmt::Debug for Tiles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tiles").field("server", &self.server()).finish_non_exhaustive()
    }
}

impl Held {
    fn kept(&mut self, id: TileId) -> Option<Arc<Tile>> {
        let tile = self.tiles.get(&id)?.clone();
        self.order.retain(|known| *known != id);
        self.order.push_back(id);
        Some(tile)
    }

    fn keep(&mut self, id: TileId, tile: Arc<Tile>) {
        self.bytes += tile.bytes.len();
        if let Some(before) = self.tiles.insert(id, tile) {
            self.bytes -= before.bytes.len();
        } else {
            self.order.push_back(id);
        }
        while self.bytes > KEPT {
            let Some(oldest) = self.order.pop_front() else { return };
            if let Some(tile) = self.tiles.remove(&oldest) {
                self.bytes -= tile.bytes.len();
            }
        }
    }

    fn rests(&self) -> bool {
        self.rests_until.is_some_and(|until| until > Instant::now())
    }
}

/// One that waits or is fetched; also one that is not waited for any more.
struct Waits<'a>(&'a Mutex<Held>);

impl Drop for Waits<'_> {
    fn drop(&mut self) {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        held.waiting = held.waiting.saturating_sub(1);
    }
}

struct Failed {
    sentence: String,
    /// How long to leave the server alone.
    rest: Option<Duration>,
}

impl Failed {
    fn now(sentence: String) -> Self {
        Failed { sentence, rest: None }
    }

    fn rest(sentence: String) -> Self {
        Failed { sentence, rest: Some(REST) }
    }
}

fn filled(address: &str, (z, x, y): TileId) -> String {
    address.replace("{z}", &z.to_string()).replace("{x}", &x.to_string()).replace("{y}", &y.to_string())
}

fn slow(address: &str) -> Failed {
    let url = Url::parse(&filled(address, (0, 0, 0))).ok();
    let host = url.as_ref().and_then(Url::host_str).unwrap_or("The tile server");
    Failed::rest(format!("{host} did not answer within {} s; map tiles are missing.", PATIENCE.as_secs()))
}

fn refused(host: &str, status: u16, wait: Option<Duration>) -> Failed {
    match status {
        401 | 403 => Failed::rest(format!(
            "{host} refuses map tiles ({status}); its address may have to hold a key, or the key has ended."
        )),
        404 | 410 => Failed::now(format!("{host} has no map tile here ({status}); check the address, or go farther.")),
        429 | 503 => Failed {
            sentence: format!("{host} asks for fewer requests ({status}); map tiles come again later."),
            rest: Some(wait.unwrap_or(REST)),
        },
        status if (300..400).contains(&status) => Failed::now(format!(
            "{host} sends elsewhere for map tiles ({status}), which is not followed; set the address it sends to."
        )),
        status => Failed::rest(format!("{host} answered {status}; map tiles are missing.")),
    }
}

/// What a picture is, by its first bytes.
fn media(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some("image/png"),
        [0xff, 0xd8, 0xff, ..] => Some("image/jpeg"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some("image/webp"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_bounded_and_the_longest_unseen_goes_first() {
        let mut held = Held::default();
        let tile = |bytes: usize| Arc::new(Tile { bytes: vec![0; bytes], media: "image/png" });
        for x in 0..40 {
            held.keep((6, x, 0), tile(1 << 20));
            assert!(held.bytes <= KEPT);
            // This one is looked at all the time.
            assert!(held.kept((6, 0, 0)).is_some());
        }
        assert!(held.kept((6, 1, 0)).is_none() && held.kept((6, 39, 0)).is_some());
        assert_eq!(held.tiles.len(), held.order.len());
        held.keep((6, 0, 0), tile(5));
        assert_eq!(held.tiles.len(), held.order.len());
    }

    #[test]
    fn only_pictures_are_pictures() {
        assert_eq!(media(b"\x89PNG\r\n\x1a\n..."), Some("image/png"));
        assert_eq!(media(b"RIFF\0\0\0\0WEBPVP8 "), Some("image/webp"));
        for other in [&b"<svg onload=..>"[..], b"GIF89a", b"<!doctype html>", b"", b"RIFF\0\0\0\0WAVE"] {
            assert_eq!(media(other), None);
        }
    }
}
