//! A scripted server that does what real ones do on bad days: it answers each request as a test's function says, byte
//! for byte, also wrongly, late, without end or not at all; and it remembers what it was asked.
//!
//! Speaks HTTP/1.1 by hand, so that nothing between script and socket mends a fault. Knows nothing of registries.

use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::{AbortHandle, JoinSet},
};

/// The most that a request's head may hold.
const HEAD_LIMIT: usize = 64 * 1024;

/// What one request asked.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) method: String,
    /// Path and query as they came; for a proxy the whole address.
    pub(crate) target: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
    /// How many requests with this method and target came before.
    pub(crate) earlier: usize,
}

impl Asked {
    /// A header's value.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(own, _)| own.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// The target without its query.
    pub(crate) fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }
}

/// What is answered.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    status: u16,
    headers: Vec<(String, String)>,
    delay: Duration,
    body: Body,
}

#[derive(Clone, Debug)]
enum Body {
    Whole(Vec<u8>),
    /// Less than the length that is promised, then the connection closes.
    Truncated {
        content: Vec<u8>,
        promised: usize,
    },
    /// Less than the length that is promised, then nothing more.
    Stalled {
        content: Vec<u8>,
        promised: usize,
    },
    /// The same piece again and again, until the other side has had enough.
    Endless(Vec<u8>),
    /// The connection closes without an answer.
    HangUp,
    /// The connection stays open without an answer.
    Silence,
}

impl Reply {
    /// A whole body, with its length.
    pub(crate) fn new(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self::with_body(status, Body::Whole(body.into()))
    }

    /// A whole body of JSON.
    pub(crate) fn json(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self::new(status, body).header("Content-Type", "application/json")
    }

    /// An answer that goes elsewhere.
    pub(crate) fn redirect(status: u16, location: &str) -> Self {
        Self::new(status, "").header("Location", location)
    }

    /// A body that breaks off before the promised length.
    pub(crate) fn truncated(content: impl Into<Vec<u8>>, promised: usize) -> Self {
        let content = content.into();
        Self::with_body(200, Body::Truncated { content, promised })
    }

    /// A body that stops before the promised length while the connection stays open.
    pub(crate) fn stalled(content: impl Into<Vec<u8>>, promised: usize) -> Self {
        let content = content.into();
        Self::with_body(200, Body::Stalled { content, promised })
    }

    /// A body without end.
    pub(crate) fn endless(status: u16, piece: impl Into<Vec<u8>>) -> Self {
        Self::with_body(status, Body::Endless(piece.into()))
    }

    /// No answer, and the connection closes.
    pub(crate) fn hang_up() -> Self {
        Self::with_body(0, Body::HangUp)
    }

    /// No answer, and the connection stays.
    pub(crate) fn silence() -> Self {
        Self::with_body(0, Body::Silence)
    }

    fn with_body(status: u16, body: Body) -> Self {
        Self {
            status,
            headers: Vec::new(),
            delay: Duration::ZERO,
            body,
        }
    }

    /// The same answer with one header more.
    pub(crate) fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// The same answer with another status.
    pub(crate) fn status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    /// The same answer, so much later.
    pub(crate) fn after(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    fn head(&self, length: Option<usize>) -> Vec<u8> {
        let body = match length {
            Some(length) => format!("Content-Length: {length}"),
            None => "Transfer-Encoding: chunked".to_owned(),
        };
        let mut lines = vec![format!("HTTP/1.1 {} Scripted", self.status), body];
        lines.extend(self.headers.iter().map(|(name, value)| format!("{name}: {value}")));
        lines
            .join("\r\n")
            .into_bytes()
            .into_iter()
            .chain(*b"\r\n\r\n")
            .collect()
    }
}

type Script = dyn Fn(&Asked) -> Reply + Send + Sync;

#[derive(Default)]
struct Memory {
    asked: Vec<Asked>,
    counts: HashMap<(String, String), usize>,
    under_way: usize,
    most_under_way: usize,
}

struct State {
    script: Box<Script>,
    memory: Mutex<Memory>,
}

/// A server that runs until it is dropped.
pub(crate) struct FaultServer {
    address: SocketAddr,
    state: Arc<State>,
    listening: AbortHandle,
}

impl FaultServer {
    /// Starts on a port that the system chooses, and answers by `script`.
    pub(crate) async fn start(script: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("a bound socket has an address");
        let state = Arc::new(State {
            script: Box::new(script),
            memory: Mutex::default(),
        });
        let listening = tokio::spawn(listen(listener, Arc::clone(&state))).abort_handle();
        Self {
            address,
            state,
            listening,
        }
    }

    /// `127.0.0.1:port`
    pub(crate) fn host(&self) -> String {
        self.address.to_string()
    }

    /// `http://127.0.0.1:port`
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The same server under another host name.
    pub(crate) fn url_of_another_name(&self) -> String {
        format!("http://localhost:{}", self.address.port())
    }

    /// Everything that was asked so far.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.state.memory().asked.clone()
    }

    /// How many requests came whose target begins so.
    pub(crate) fn count(&self, start: &str) -> usize {
        let memory = self.state.memory();
        memory
            .asked
            .iter()
            .filter(|asked| asked.target.starts_with(start))
            .count()
    }

    /// The most requests that were being answered side by side.
    pub(crate) fn most_under_way(&self) -> usize {
        self.state.memory().most_under_way
    }
}

impl Drop for FaultServer {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

impl State {
    fn memory(&self) -> std::sync::MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes the request and asks the script.
    fn reply(&self, mut asked: Asked) -> Reply {
        {
            let mut memory = self.memory();
            let count = memory
                .counts
                .entry((asked.method.clone(), asked.target.clone()))
                .or_default();
            asked.earlier = *count;
            *count += 1;
            memory.asked.push(asked.clone());
            memory.under_way += 1;
            memory.most_under_way = memory.most_under_way.max(memory.under_way);
        }
        (self.script)(&asked)
    }

    fn answered(&self) {
        self.memory().under_way -= 1;
    }
}

async fn listen(listener: TcpListener, state: Arc<State>) {
    // Ends with the task: the connections are aborted with the set.
    let mut connections = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        connections.spawn(serve(stream, Arc::clone(&state)));
    }
}

async fn serve(mut stream: TcpStream, state: Arc<State>) {
    let mut received = Vec::new();
    while let Some(asked) = read_request(&mut stream, &mut received).await {
        let is_head = asked.method == "HEAD";
        let reply = state.reply(asked);
        tokio::time::sleep(reply.delay).await;
        let goes_on = answer(&mut stream, &reply, is_head).await.unwrap_or(false);
        state.answered();
        if !goes_on {
            return;
        }
    }
}

/// Sends the answer; says whether the connection can take another request.
async fn answer(stream: &mut TcpStream, reply: &Reply, is_head: bool) -> std::io::Result<bool> {
    match &reply.body {
        Body::Whole(content) => {
            let mut bytes = reply.head(Some(content.len()));
            if !is_head {
                bytes.extend_from_slice(content);
            }
            stream.write_all(&bytes).await?;
            Ok(true)
        }
        Body::Truncated { content, promised } => {
            stream
                .write_all(&[&reply.head(Some(*promised))[..], content].concat())
                .await?;
            stream.shutdown().await?;
            Ok(false)
        }
        Body::Stalled { content, promised } => {
            stream
                .write_all(&[&reply.head(Some(*promised))[..], content].concat())
                .await?;
            until_gone(stream).await
        }
        Body::Endless(piece) => {
            stream.write_all(&reply.head(None)).await?;
            let chunk = [format!("{:x}\r\n", piece.len()).as_bytes(), piece, b"\r\n"].concat();
            loop {
                stream.write_all(&chunk).await?;
            }
        }
        Body::HangUp => Ok(false),
        Body::Silence => until_gone(stream).await,
    }
}

/// Waits for the other side to close.
async fn until_gone(stream: &mut TcpStream) -> std::io::Result<bool> {
    let mut rest = [0; 1024];
    while stream.read(&mut rest).await? > 0 {}
    Ok(false)
}

/// The next request of a connection; `None` at its end.
async fn read_request(stream: &mut TcpStream, received: &mut Vec<u8>) -> Option<Asked> {
    let end = loop {
        if let Some(position) = received.windows(4).position(|window| window == b"\r\n\r\n") {
            break position;
        }
        if received.len() > HEAD_LIMIT || stream.read_buf(received).await.ok()? == 0 {
            return None;
        }
        if !received[0].is_ascii_uppercase() {
            // What is no HTTP (a TLS client's hello) is told so in HTTP, as real servers do.
            let _ = stream.write_all(b"HTTP/1.0 400 Bad Request\r\n\r\n").await;
            return None;
        }
    };
    let head = String::from_utf8_lossy(&received[..end]).into_owned();
    received.drain(..end + 4);
    let mut lines = head.split("\r\n");
    let mut first = lines.next()?.split(' ');
    let mut asked = Asked {
        method: first.next()?.to_owned(),
        target: first.next()?.to_owned(),
        headers: lines.filter_map(header_of).collect(),
        body: String::new(),
        earlier: 0,
    };
    let length: usize = asked
        .header("content-length")
        .and_then(|text| text.parse().ok())
        .unwrap_or_default();
    while received.len() < length {
        if stream.read_buf(received).await.ok()? == 0 {
            return None;
        }
    }
    asked.body = String::from_utf8_lossy(&received[..length]).into_owned();
    received.drain(..length);
    Some(asked)
}

fn header_of(line: &str) -> Option<(String, String)> {
    let (name, value) = line.split_once(':')?;
    Some((name.trim().to_owned(), value.trim().to_owned()))
}
