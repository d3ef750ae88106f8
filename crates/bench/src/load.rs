//! The load: connections that send the same prepared bytes again as soon as the answer is there.
//! Does as little as it can, because its cost lies on both sides of every comparison.

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use crate::stopwatch::{now, percentiles_ms};

/// What one window gave.
#[derive(Clone, Debug)]
pub(crate) struct Served {
    /// Answers per second.
    pub(crate) rate: f64,
    /// Answers in the window and the warm-up.
    pub(crate) all_answers: usize,
    /// Median time to an answer.
    pub(crate) p50_ms: f64,
    /// The time that 99 of 100 answers are within.
    pub(crate) p99_ms: f64,
}

/// A load to be laid on a server.
#[derive(Clone, Debug)]
pub(crate) struct Load {
    /// The server.
    pub(crate) address: SocketAddr,
    /// The request with its body.
    pub(crate) request: Arc<[u8]>,
    /// The status that every answer must have.
    pub(crate) status: u16,
    /// Connections, each with one request at a time.
    pub(crate) connections: usize,
    /// Before anything is counted.
    pub(crate) warm_up: Duration,
    /// What is counted.
    pub(crate) window: Duration,
}

/// An answer to one request.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
}

/// The bytes of a request with a key.
pub(crate) fn request(method: &str, path: &str, key: &str, body: &str) -> Arc<[u8]> {
    let mut text = format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key}\r\n");
    if !body.is_empty() {
        text.push_str("Content-Type: application/json\r\n");
        let _ = write!(text, "Content-Length: {}\r\n", body.len());
    }
    text.push_str("\r\n");
    text.push_str(body);
    text.into_bytes().into()
}

/// Sends one request on a new connection.
pub(crate) async fn ask(address: SocketAddr, request: &[u8]) -> Result<Answer> {
    let mut connection = Connection::open(address).await?;
    let head = connection.exchange(request).await?;
    Ok(Answer { status: head.status, body: connection.buffer[head.body..head.end].to_vec() })
}

/// Lays the load on the server.
pub(crate) async fn run(load: &Load) -> Result<Served> {
    let mut connections = Vec::with_capacity(load.connections);
    for _ in 0..load.connections {
        connections.push(Connection::open(load.address).await?);
    }
    let counted_from = now() + load.warm_up;
    let until = counted_from + load.window;
    let mut tasks = JoinSet::new();
    for connection in connections {
        tasks.spawn(send(connection, load.clone(), counted_from, until));
    }
    let mut times = Vec::new();
    let mut all_answers = 0;
    while let Some(done) = tasks.join_next().await {
        let (own, answers) = done.context("a connection's task ended badly")??;
        times.extend(own);
        all_answers += answers;
    }
    if times.is_empty() {
        bail!("no answer came within {:?}", load.window);
    }
    let [p50_ms, p99_ms] = percentiles_ms(&mut times, [50, 99]);
    let answers = u32::try_from(times.len()).context("too many answers")?;
    Ok(Served { rate: f64::from(answers) / load.window.as_secs_f64(), all_answers, p50_ms, p99_ms })
}

async fn send(
    mut connection: Connection,
    load: Load,
    counted_from: Instant,
    until: Instant,
) -> Result<(Vec<Duration>, usize)> {
    let mut times = Vec::with_capacity(1 << 14);
    let mut answers = 0;
    let mut sent = now();
    while sent < until {
        connection.expect(&load.request, load.status).await?;
        answers += 1;
        let answered = now();
        if answered >= counted_from && answered < until {
            times.push(answered - sent);
        }
        sent = answered;
    }
    Ok((times, answers))
}

/// A connection that is kept open.
pub(crate) struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// Where things are in the buffer.
struct Head {
    status: u16,
    body: usize,
    end: usize,
}

impl Connection {
    pub(crate) async fn open(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address).await.context("cannot connect")?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: vec![0; 64 * 1024] })
    }

    /// One request; its answer must have this status.
    pub(crate) async fn expect(&mut self, request: &[u8], status: u16) -> Result<()> {
        let head = self.exchange(request).await?;
        if head.status != status {
            let body = String::from_utf8_lossy(&self.buffer[head.body..head.end]);
            bail!("an answer has the status {} instead of {status}: {body}", head.status);
        }
        Ok(())
    }

    /// One request and its whole answer.
    async fn exchange(&mut self, request: &[u8]) -> Result<Head> {
        self.stream.write_all(request).await?;
        let mut filled = 0;
        loop {
            let read = self.stream.read(&mut self.buffer[filled..]).await?;
            if read == 0 {
                bail!("the server closed a connection in the middle of an answer, or the answer is too long");
            }
            filled += read;
            if let Some(head) = read_head(&self.buffer[..filled])?
                && filled >= head.end
            {
                return Ok(head);
            }
        }
    }
}

/// The status and the length, once the whole head is there.
fn read_head(bytes: &[u8]) -> Result<Option<Head>> {
    let Some(at) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else { return Ok(None) };
    let text = std::str::from_utf8(&bytes[..at]).context("a head is no text")?;
    let mut lines = text.split("\r\n");
    let status = lines
        .next()
        .and_then(|line| line.split(' ').nth(1))
        .and_then(|status| status.parse().ok())
        .context("an answer without a status")?;
    let length: usize = lines
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .and_then(|(_, value)| value.trim().parse().ok())
        .context("an answer without a length")?;
    let body = at + 4;
    Ok(Some(Head { status, body, end: body + length }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_read_once_it_is_whole() {
        let answer = b"HTTP/1.1 201 Created\r\ncontent-length: 2\r\nx: y\r\n\r\n{}";
        assert!(read_head(&answer[..30]).unwrap().is_none());
        let head = read_head(answer).unwrap().unwrap();
        assert_eq!((head.status, &answer[head.body..head.end]), (201, b"{}".as_slice()));
    }

    #[test]
    fn an_answer_without_a_length_is_refused() {
        assert!(read_head(b"HTTP/1.1 200 OK\r\n\r\n").is_err());
    }
}
