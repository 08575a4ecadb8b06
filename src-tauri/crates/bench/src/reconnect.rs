//! A service that restarts: a thousand connections are lost at once and dial again, over real sockets on loopback.
//!
//! The service is in a process of its own, behind a gate that counts: a dial is under way from when its request is there until
//! the service's answer to its upgrade has gone back. The gate is what restarts: it ends its listener and all its sockets, and
//! listens at the same port again.

use std::io::{BufRead, BufReader, Lines, Write};
use std::net::SocketAddr;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use demo::load::{Load, LoadServer};
use monitor::Monitor;
use protocol::Connection;
use secrecy::{ExposeSecret, SecretString};
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::Failure;
use crate::ingest::monitor;
use crate::table::Table;

/// Connections that are lost.
const CONNECTIONS: usize = 1_000;
/// Files that each process needs: the gate has two sockets for a connection, and the service one.
const FILES: u64 = 4_096;
/// How long the service answers nobody.
const AWAY: Duration = Duration::from_secs(2);
/// How long it takes for each upgrade, as one far away does.
const UPGRADE: Duration = Duration::from_millis(200);
/// How long is waited for all.
const PATIENCE: Duration = Duration::from_secs(90);
/// What all may take, in s, and how many may dial at once.
const MOST: (f64, usize) = (15.0, 50);

/// How long it takes until all are live again, and how many dial at once.
pub fn reconnect(table: &mut Table) -> Result<(), Failure> {
    enough_files()?;
    let mut gate = Gate::start()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        let monitor = monitor(&[]).await;
        let connections = (0..CONNECTIONS).map(|number| {
            let name = format!("gate-{number}");
            (Connection { name, ..gate.connection.clone() }, gate.token.clone())
        });
        monitor.adopt(connections.collect()).await;
        let first = all_live(&monitor).await?;
        table.note(&format!("{CONNECTIONS} connections made"), format!("{:.1} s", first.as_secs_f64()));
        tokio::task::block_in_place(|| gate.ask("restart"))?;
        let took = all_live(&monitor).await?.as_secs_f64();
        let counted = tokio::task::block_in_place(|| gate.ask("most"))?;
        let (most, all) = counted.split_once(' ').ok_or("the gate counted nothing")?;
        let most: usize = most.parse()?;
        table.budget(
            &format!("{CONNECTIONS} connections live again after a restart of {} s", AWAY.as_secs()),
            format!("{took:.1} s"),
            "≤ 15 s",
            took <= MOST.0,
        );
        table.budget("  dials under way at once, at most", most.to_string(), "≤ 50", most <= MOST.1);
        table.note("  dials in all", all.to_owned());
        monitor.shutdown().await;
        Ok(())
    })
}

/// Waits until all are live; how long that took.
async fn all_live(monitor: &Monitor) -> Result<Duration, Failure> {
    let begun = Instant::now();
    loop {
        let live = monitor.connections().iter().filter(|watched| !watched.part.lock().is_stale()).count();
        if live == CONNECTIONS {
            return Ok(begun.elapsed());
        }
        if begun.elapsed() > PATIENCE {
            return Err(format!("{live} of {CONNECTIONS} connections were live after {} s", PATIENCE.as_secs()).into());
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Says so where the system lets a process open too few files.
fn enough_files() -> Result<(), Failure> {
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files"));
    let soft = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    match soft {
        Some(soft) if soft < FILES => {
            Err(format!("a process may open {soft} files only, and {FILES} are needed: `ulimit -n {FILES}` first")
                .into())
        }
        _ => Ok(()),
    }
}

/// The process of the gate and the service behind it.
struct Gate {
    child: Child,
    input: ChildStdin,
    output: Lines<BufReader<ChildStdout>>,
    connection: Connection,
    token: SecretString,
}

impl Gate {
    fn start() -> Result<Self, Failure> {
        let mut command = Command::new(std::env::current_exe()?);
        let mut child = command.arg("gate").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let input = child.stdin.take().ok_or("the gate has no input")?;
        let output = child.stdout.take().ok_or("the gate has no output")?;
        let mut output = BufReader::new(output).lines();
        let mut line = || output.next().ok_or("the gate ended at once")?.map_err(|_| "no text");
        let connection = serde_json::from_str(&line()?)?;
        let token = SecretString::from(line()?);
        Ok(Gate { child, input, output, connection, token })
    }

    /// Says a word and answers the line that comes back.
    fn ask(&mut self, word: &str) -> Result<String, Failure> {
        writeln!(self.input, "{word}")?;
        Ok(self.output.next().ok_or("the gate ended")??)
    }
}

impl Drop for Gate {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The process of [`Gate`]: prints the connection as JSON, then its token; then `restart` restarts it, and `most` says how many
/// dials were under way at once since, and how many there were in all.
pub fn gate() -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        let load = Load { rate: Some(1), distinct: 1, ..Load::default() };
        let server = LoadServer::start("iotee", load).await?;
        server.control().slow_start(UPGRADE);
        let service = server.service();
        let mut described = serde_json::json!({
            "name": service.name, "protocol": service.protocol, "url": service.url, "subscribe": service.subscribe,
        });
        let mut connection: Connection = serde_json::from_value(described.clone())?;
        let behind = connection.url.socket_addrs(|| None)?.pop().ok_or("no address")?;
        let dials = Arc::new(Dials::default());
        let mut listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await?;
        let at = listener.local_addr()?;
        connection.url.set_port(Some(at.port())).map_err(|()| "the service's address has no port")?;
        described["url"] = connection.url.as_str().into();
        println!("{described}\n{}", service.token.expose_secret());
        std::io::stdout().flush()?;
        let (word, mut words) = watch::channel(String::new());
        std::thread::spawn(move || {
            for line in std::io::stdin().lock().lines().map_while(Result::ok) {
                word.send_replace(line);
            }
            std::process::exit(0);
        });
        let mut open = JoinSet::new();
        loop {
            tokio::select! {
                accepted = listener.accept() => {
                    open.spawn(pass(accepted?.0, behind, dials.clone()));
                }
                _ = words.changed() => {
                    if *words.borrow_and_update() == "most" {
                        println!("{} {}", dials.most.load(Ordering::Relaxed), dials.all.load(Ordering::Relaxed));
                    } else {
                        drop(listener);
                        open.shutdown().await;
                        dials.now.store(0, Ordering::Relaxed);
                        dials.most.store(0, Ordering::Relaxed);
                        dials.all.store(0, Ordering::Relaxed);
                        tokio::time::sleep(AWAY).await;
                        listener = again(at).await?;
                        println!("it listens again");
                    }
                    std::io::stdout().flush()?;
                }
            }
        }
    })
}

/// Dials under way.
#[derive(Debug, Default)]
struct Dials {
    now: AtomicUsize,
    most: AtomicUsize,
    all: AtomicUsize,
}

/// Passes one connection on to the service and back.
async fn pass(mut client: TcpStream, service: SocketAddr, dials: Arc<Dials>) {
    let is_dial = asks_for_a_socket(&client).await;
    if is_dial {
        let now = dials.now.fetch_add(1, Ordering::Relaxed) + 1;
        dials.most.fetch_max(now, Ordering::Relaxed);
        dials.all.fetch_add(1, Ordering::Relaxed);
    }
    let opened = open(&mut client, service).await;
    if is_dial {
        dials.now.fetch_sub(1, Ordering::Relaxed);
    }
    if let Ok(mut behind) = opened {
        // Either side may end it.
        let _ = copy_bidirectional(&mut client, &mut behind).await;
    }
}

/// Whether a client dials: what fetches the missed events over HTTP comes to the same address, after its stream is live.
async fn asks_for_a_socket(client: &TcpStream) -> bool {
    let mut head = [0; 2_048];
    match client.peek(&mut head).await {
        Ok(length) => String::from_utf8_lossy(&head[..length]).to_ascii_lowercase().contains("upgrade: websocket"),
        Err(_) => false,
    }
}

/// Passes the upgrade on and its answer back.
async fn open(client: &mut TcpStream, service: SocketAddr) -> std::io::Result<TcpStream> {
    let mut behind = TcpStream::connect(service).await?;
    let mut bytes = [0; 4_096];
    loop {
        tokio::select! {
            read = client.read(&mut bytes) => match read? {
                0 => return Err(std::io::ErrorKind::UnexpectedEof.into()),
                length => behind.write_all(&bytes[..length]).await?,
            },
            readable = behind.readable() => {
                readable?;
                return Ok(behind);
            }
        }
    }
}

/// Listens at the same port, as soon as the system gives it back.
async fn again(at: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = tokio::net::TcpSocket::new_v4()?;
    socket.set_reuseaddr(true)?;
    socket.bind(at)?;
    socket.listen(1_024)
}
