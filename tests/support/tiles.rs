//! A tile server on loopback.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

/// Answers each request with the same picture of one colour, until it is stopped.
pub struct TileServer {
    address: SocketAddr,
    answer: Arc<Vec<u8>>,
    asked: Arc<AtomicU64>,
    ended: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl TileServer {
    /// Starts one on a free port.
    pub fn start(colour: [u8; 3]) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        let address = listener.local_addr().expect("a bound socket has an address");
        let mut server = Self {
            address,
            answer: Arc::new(answer(colour)),
            asked: Arc::default(),
            ended: Arc::default(),
            thread: None,
        };
        server.listen(listener);
        server
    }

    /// The address as an operator writes it.
    pub fn address(&self) -> String {
        format!("http://{}/{{z}}/{{x}}/{{y}}.png", self.address)
    }

    /// How many tiles were asked for.
    pub fn asked(&self) -> u64 {
        self.asked.load(Ordering::Relaxed)
    }

    /// Goes away: nobody listens at its address.
    pub fn stop(&mut self) {
        self.ended.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            thread.join().expect("the tile server ends");
        }
    }

    /// Comes back at its address.
    pub fn go_on(&mut self) {
        self.ended.store(false, Ordering::Relaxed);
        self.listen(TcpListener::bind(self.address).expect("its port is free again"));
    }

    fn listen(&mut self, listener: TcpListener) {
        let (answer, asked, ended) = (self.answer.clone(), self.asked.clone(), self.ended.clone());
        listener.set_nonblocking(true).expect("a socket can be asked without waiting");
        self.thread = Some(std::thread::spawn(move || {
            while !ended.load(Ordering::Relaxed) {
                match listener.accept() {
                    // Who does not read it is asked for no reason.
                    Ok((stream, _)) => drop(serve(stream, &answer, &asked)),
                    Err(_) => std::thread::sleep(Duration::from_millis(5)),
                }
            }
        }));
    }
}

impl Drop for TileServer {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::Relaxed);
    }
}

fn serve(mut stream: TcpStream, answer: &[u8], asked: &AtomicU64) -> std::io::Result<()> {
    stream.set_nonblocking(false)?;
    stream.set_read_timeout(Some(Duration::from_secs(2)))?;
    let mut head = Vec::new();
    let mut part = [0; 1024];
    while !head.windows(4).any(|end| end == b"\r\n\r\n") && head.len() < 16_384 {
        match stream.read(&mut part)? {
            0 => return Ok(()),
            read => head.extend_from_slice(&part[..read]),
        }
    }
    asked.fetch_add(1, Ordering::Relaxed);
    stream.write_all(answer)
}

/// A picture of 256 by 256 points, with its head.
fn answer(colour: [u8; 3]) -> Vec<u8> {
    let mut picture = Vec::new();
    let mut encoder = png::Encoder::new(&mut picture, 256, 256);
    encoder.set_color(png::ColorType::Rgb);
    let mut writer = encoder.write_header().expect("a picture can be written");
    writer.write_image_data(&colour.repeat(256 * 256)).expect("a picture can be written");
    writer.finish().expect("a picture can be written");
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        picture.len()
    );
    [head.into_bytes(), picture].concat()
}
