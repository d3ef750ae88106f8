//! A receiver of webhooks that does what a script says, on a port of its own. It speaks HTTP by hand,
//! so that it can misbehave in ways that no server does.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;

/// What a receiver does with a request.
#[derive(Clone, Debug)]
pub enum Reaction {
    /// Answers with this status and these header lines.
    Answer(u16, Vec<String>),
    /// Reads the request and says nothing.
    Hang,
    /// Begins an answer and sends a byte of its body now and then, without an end.
    Trickle,
    /// Begins an answer and hangs up in the middle of its body.
    DieMidBody,
    /// Hangs up without an answer.
    HangUp,
    /// Answers with 200 and a body without an end, as fast as it can.
    Flood,
    /// Answers with 200 once the test lets it.
    Wait(Arc<Semaphore>),
}

/// A request that came in.
#[derive(Clone, Debug)]
pub struct Received {
    /// The path.
    pub path: String,
    /// The headers, with names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: String,
}

impl Received {
    /// A header's value.
    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }

    /// The body as JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

/// A receiver. Without a script it answers 200.
pub struct Receiver {
    /// Its address.
    pub url: String,
    script: Arc<Mutex<VecDeque<Reaction>>>,
    received: Arc<Mutex<Vec<Received>>>,
    listening: tokio::task::JoinHandle<()>,
}

impl Receiver {
    /// A receiver that listens.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let script = Arc::<Mutex<VecDeque<Reaction>>>::default();
        let received = Arc::<Mutex<Vec<Received>>>::default();
        let (reactions, log) = (Arc::clone(&script), Arc::clone(&received));
        let listening = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (reactions, log) = (Arc::clone(&reactions), Arc::clone(&log));
                tokio::spawn(async move {
                    let _ = react(stream, &reactions, &log).await;
                });
            }
        });
        Self { url, script, received, listening }
    }

    /// What it does with the next requests, one each.
    pub fn script(&self, reactions: impl IntoIterator<Item = Reaction>) {
        self.script.lock().unwrap().extend(reactions);
    }

    /// It answers the next `times` requests with this status.
    pub fn answers(&self, status: u16, times: usize) {
        self.script(std::iter::repeat_n(Reaction::Answer(status, Vec::new()), times));
    }

    /// What came in.
    pub fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }

    /// The names of the events that came in.
    pub fn events(&self) -> Vec<String> {
        self.received().iter().map(|one| one.header("x-posteverywhere-event").to_owned()).collect()
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

async fn react(
    mut stream: TcpStream,
    script: &Mutex<VecDeque<Reaction>>,
    log: &Mutex<Vec<Received>>,
) -> std::io::Result<()> {
    let received = read(&mut stream).await?;
    let reaction = script.lock().unwrap().pop_front().unwrap_or(Reaction::Answer(200, Vec::new()));
    log.lock().unwrap().push(received);
    let begin = "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 1000000000\r\n\r\n";
    match reaction {
        Reaction::Answer(status, headers) => answer(&mut stream, status, &headers).await,
        Reaction::Hang => until_closed(&mut stream).await,
        Reaction::HangUp => Ok(()),
        Reaction::DieMidBody => stream.write_all(format!("{begin}some").as_bytes()).await,
        Reaction::Trickle => {
            stream.write_all(begin.as_bytes()).await?;
            stream.write_all(b".").await?;
            until_closed(&mut stream).await
        }
        Reaction::Flood => {
            stream.write_all(begin.as_bytes()).await?;
            loop {
                stream.write_all(&[b'.'; 4096]).await?;
            }
        }
        Reaction::Wait(gate) => {
            if let Ok(permit) = gate.acquire().await {
                permit.forget();
            }
            answer(&mut stream, 200, &[]).await
        }
    }
}

async fn answer(stream: &mut TcpStream, status: u16, headers: &[String]) -> std::io::Result<()> {
    let mut lines: String = headers.iter().flat_map(|line| [line.as_str(), "\r\n"]).collect();
    if !(100..200).contains(&status) && status != 204 && status != 304 {
        lines.push_str("content-length: 2\r\n");
    }
    let body = if lines.contains("content-length") { "ok" } else { "" };
    let text = format!("HTTP/1.1 {status} Said\r\nconnection: close\r\n{lines}\r\n{body}");
    stream.write_all(text.as_bytes()).await
}

/// Says nothing until the caller hangs up.
async fn until_closed(stream: &mut TcpStream) -> std::io::Result<()> {
    let mut byte = [0];
    while stream.read(&mut byte).await? > 0 {}
    Ok(())
}

async fn read(stream: &mut TcpStream) -> std::io::Result<Received> {
    let mut bytes = Vec::new();
    let mut chunk = [0; 4096];
    loop {
        let head_end = bytes.windows(4).position(|window| window == b"\r\n\r\n");
        if let Some(end) = head_end {
            let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
            let headers: Vec<(String, String)> = head
                .lines()
                .skip(1)
                .filter_map(|line| line.split_once(':'))
                .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
                .collect();
            let length = headers.iter().find(|(name, _)| name == "content-length");
            let length: usize = length.map_or(0, |(_, value)| value.parse().unwrap());
            let body = &bytes[end + 4..];
            if body.len() >= length {
                let path = head.split(' ').nth(1).unwrap_or("").to_owned();
                return Ok(Received { path, headers, body: String::from_utf8_lossy(body).into_owned() });
            }
        }
        let count = stream.read(&mut chunk).await?;
        if count == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        bytes.extend_from_slice(&chunk[..count]);
    }
}
