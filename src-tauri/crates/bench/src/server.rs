//! The load: a server in a process of its own, so that its work is not counted as ours.

use std::io::{BufRead, BufReader, Write};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use demo::Control;
use demo::load::{Load, LoadServer};
use protocol::Connection;
use secrecy::{ExposeSecret, SecretString};

use crate::Failure;

/// How often locks are used.
const USE: Duration = Duration::from_millis(1);
/// Locks that are used at once at most.
const MOST_LOCKS: u64 = 1_000;

/// A load server that ends when this is dropped.
pub struct Server {
    child: Child,
    /// The connection to make.
    pub connection: Connection,
    /// Its credential.
    pub token: SecretString,
}

impl Server {
    /// Starts one that pours `frames` frames (0: without end) about `distinct` devices, at full speed or `rate` a second.
    pub fn start(protocol: &str, frames: u64, distinct: usize, rate: u32) -> Result<Self, Failure> {
        Server::spawn(protocol, frames, distinct, rate, 0)
    }

    /// Starts one that pours about 200 devices at full speed without end, and so many lock events in a thousand frames.
    pub fn with_locks(locks: u64) -> Result<Self, Failure> {
        Server::spawn("iotee", 0, 200, 0, locks)
    }

    fn spawn(protocol: &str, frames: u64, distinct: usize, rate: u32, locks: u64) -> Result<Self, Failure> {
        let mut child = Command::new(std::env::current_exe()?)
            .args(["serve", protocol])
            .args([frames, distinct as u64, rate.into(), locks].map(|number| number.to_string()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let out = child.stdout.take().ok_or("the load server has no output")?;
        let mut lines = BufReader::new(out).lines();
        let mut line =
            || lines.next().ok_or("the load server ended at once").and_then(|line| line.map_err(|_| "no text"));
        let connection = serde_json::from_str(&line()?)?;
        let token = SecretString::from(line()?);
        Ok(Server { child, connection, token })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The process of [`Server`]: prints the connection as JSON, then its token, and serves until it is ended.
pub fn serve(arguments: &[String]) -> Result<(), Failure> {
    let [protocol, frames, distinct, rate, locks] = arguments else {
        return Err("serve PROTOCOL FRAMES DISTINCT RATE LOCKS".into());
    };
    let (frames, rate, locks): (u64, u32, u64) = (frames.parse()?, rate.parse()?, locks.parse()?);
    let load = Load {
        bind: SocketAddr::from(([127, 0, 0, 1], 0)),
        frames: (frames > 0).then_some(frames),
        rate: (rate > 0).then_some(rate),
        distinct: distinct.parse()?,
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let server = LoadServer::start(protocol, load).await?;
        let service = server.service();
        let connection = serde_json::json!({
            "name": service.name, "protocol": service.protocol, "url": service.url,
            "subscribe": service.subscribe,
        });
        println!("{connection}\n{}", service.token.expose_secret());
        std::io::stdout().flush()?;
        // Until the pipe is closed or this process is ended.
        std::thread::spawn(|| {
            let _ = std::io::stdin().lock().lines().next();
            std::process::exit(0);
        });
        if locks > 0 {
            use_locks(server.control(), locks).await;
        }
        std::future::pending::<Result<(), Failure>>().await
    })
}

/// Keeps the lock events at `locks` of a thousand frames.
async fn use_locks(control: &Control, locks: u64) {
    let mut used = 0;
    loop {
        tokio::time::sleep(USE).await;
        let due = (control.sent() * locks / 1_000).saturating_sub(used).min(MOST_LOCKS);
        used += control.use_locks(usize::try_from(due).unwrap_or_default()).len() as u64;
    }
}
