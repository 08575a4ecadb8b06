//! How much has to come before the processor is woken for it.
//!
//! The runtime hears of each packet of a socket that it holds, whether anybody reads it then or not: of a stream that is read a
//! few times a second, that costs more than the reading.

use tokio::io::DuplexStream;
use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;

use super::Stream;

impl Stream for TcpStream {
    #[cfg(target_os = "linux")]
    fn wake_at(&self, bytes: u32) {
        use std::os::fd::AsRawFd;

        let bytes = libc::c_int::try_from(bytes).unwrap_or(libc::c_int::MAX);
        let size = size_of_val(&bytes) as libc::socklen_t;
        // SAFETY: the socket is open for as long as `self` is, and `bytes` is as large as is said.
        #[expect(unsafe_code, reason = "no crate here offers this option of a socket")]
        let failed = unsafe {
            libc::setsockopt(self.as_raw_fd(), libc::SOL_SOCKET, libc::SO_RCVLOWAT, (&raw const bytes).cast(), size)
        };
        // Then it is woken for all, which costs no more than that.
        tracing::trace!(bytes, failed, "wakes");
    }
}

impl Stream for TlsStream<TcpStream> {
    fn wake_at(&self, bytes: u32) {
        self.get_ref().0.wake_at(bytes);
    }
}

impl Stream for DuplexStream {}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::time::Duration;

    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;
    use tokio::time::timeout;

    use super::*;

    #[tokio::test]
    async fn what_comes_while_nobody_listens_wakes_nobody_and_is_there_after() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut ours = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let (mut theirs, _) = listener.accept().await.unwrap();
        ours.wake_at(1_000);
        theirs.write_all(b"little").await.unwrap();
        assert!(timeout(Duration::from_millis(100), ours.readable()).await.is_err(), "it was woken for six bytes");
        ours.wake_at(1);
        let mut read = [0; 6];
        ours.read_exact(&mut read).await.unwrap();
        assert_eq!(&read, b"little");
        ours.wake_at(1_000);
        theirs.write_all(&[b'x'; 1_000]).await.unwrap();
        ours.readable().await.unwrap();
        let mut read = [0; 1_000];
        ours.read_exact(&mut read).await.unwrap();
        drop(theirs);
        assert_eq!(ours.read(&mut read).await.unwrap(), 0, "the end is heard");
    }
}
