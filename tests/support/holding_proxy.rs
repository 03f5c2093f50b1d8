//! A proxy before a registry that passes every request on, until the one write that it was told to hold: the test then
//! does what it likes, kills the client for instance, and says whether the registry still gets it.
//!
//! One request a connection, so that nothing is sent ahead. Remembers how much was answered to which request. Knows
//! nothing of registries but which methods write.

use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    sync::{
        Arc, Condvar, Mutex, MutexGuard, PoisonError,
        mpsc::{self, Receiver, Sender},
    },
    thread,
};

/// What becomes of the write that is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// The registry gets it, as if it had just left in time.
    PassOn,
    /// It is lost.
    Drop,
}

struct Holding {
    stage: Stage,
    verdict: Verdict,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// Everything passes.
    Open,
    /// So many writes pass, and the next is held.
    After(usize),
    /// One write is held, and every later one waits to be lost.
    Held,
}

struct State {
    target: String,
    holding: Mutex<Holding>,
    decided: Condvar,
    held: Sender<String>,
    /// First lines of requests, with the bytes of their answers.
    passed: Mutex<Vec<(String, usize)>>,
}

/// The proxy; its threads end with the test program.
pub(crate) struct HoldingProxy {
    /// `host:port`
    pub(crate) host: String,
    state: Arc<State>,
    held: Receiver<String>,
}

impl HoldingProxy {
    /// Before the registry at `host:port`; passes everything on.
    pub(crate) fn before(target: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let host = listener
            .local_addr()
            .expect("a bound socket has an address")
            .to_string();
        let (sender, held) = mpsc::channel();
        let state = Arc::new(State {
            target: target.to_owned(),
            holding: Mutex::new(Holding {
                stage: Stage::Open,
                verdict: Verdict::Drop,
            }),
            decided: Condvar::new(),
            held: sender,
            passed: Mutex::default(),
        });
        let shared = Arc::clone(&state);
        thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let state = Arc::clone(&shared);
                // Whoever is killed leaves its connections broken: that is what the test wants.
                thread::spawn(move || drop(serve(client, &state)));
            }
        });
        Self { host, state, held }
    }

    /// From now on so many writes pass, and the next is held, with all that come after it.
    pub(crate) fn hold_after(&self, writes: usize) {
        while self.held.try_recv().is_ok() {}
        self.state.holding().stage = Stage::After(writes);
    }

    /// The write that is held, when it has come.
    pub(crate) fn try_held(&self) -> Option<String> {
        self.held.try_recv().ok()
    }

    /// What was asked for since the last call, and how many bytes the answers had.
    pub(crate) fn take_passed(&self) -> Vec<(String, usize)> {
        std::mem::take(&mut self.state.passed.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Decides about the held write; the others that wait are lost. Everything passes from then on.
    pub(crate) fn decide(&self, verdict: Verdict) {
        let mut holding = self.state.holding();
        holding.stage = Stage::Open;
        holding.verdict = verdict;
        self.state.decided.notify_all();
    }
}

impl State {
    fn holding(&self) -> MutexGuard<'_, Holding> {
        self.holding.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the write goes on, when that is known.
    fn lets_pass(&self, request: &str) -> bool {
        let mut holding = self.holding();
        let is_held = match holding.stage {
            Stage::Open => return true,
            Stage::After(0) => {
                holding.stage = Stage::Held;
                let _ = self.held.send(request.to_owned());
                true
            }
            Stage::After(left) => {
                holding.stage = Stage::After(left - 1);
                return true;
            }
            Stage::Held => false,
        };
        while holding.stage == Stage::Held {
            holding = self.decided.wait(holding).unwrap_or_else(PoisonError::into_inner);
        }
        is_held && holding.verdict == Verdict::PassOn
    }
}

fn serve(mut client: TcpStream, state: &State) -> std::io::Result<()> {
    let Some((head, body)) = read_request(&mut client)? else {
        return Ok(());
    };
    let first = head.lines().next().unwrap_or_default().to_owned();
    let is_write = ["PUT ", "POST ", "PATCH ", "DELETE "]
        .iter()
        .any(|method| first.starts_with(method));
    if is_write && !state.lets_pass(&first) {
        return Ok(());
    }
    let mut registry = TcpStream::connect(&state.target)?;
    let kept = head
        .split("\r\n")
        .filter(|line| !line.to_ascii_lowercase().starts_with("connection:"));
    let head = kept.collect::<Vec<_>>().join("\r\n") + "\r\nConnection: close\r\n\r\n";
    registry.write_all(head.as_bytes())?;
    registry.write_all(&body)?;
    // Read whole: the registry has done it by then, whether or not the client still lives.
    let mut answer = Vec::new();
    registry.read_to_end(&mut answer)?;
    let mut passed = state.passed.lock().unwrap_or_else(PoisonError::into_inner);
    passed.push((first, answer.len()));
    drop(passed);
    client.write_all(&answer)
}

/// Head and body of the connection's one request; none where it closes before.
fn read_request(client: &mut TcpStream) -> std::io::Result<Option<(String, Vec<u8>)>> {
    let mut received = Vec::new();
    let mut piece = [0; 16 * 1024];
    loop {
        if let Some(end) = received.windows(4).position(|window| window == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&received[..end]).into_owned();
            let mut body = received.split_off(end + 4);
            let length = head.lines().filter_map(|line| line.split_once(':'));
            let mut length = length.filter(|(name, _)| name.eq_ignore_ascii_case("content-length"));
            let length: usize = length
                .next()
                .and_then(|(_, text)| text.trim().parse().ok())
                .unwrap_or_default();
            while body.len() < length {
                match client.read(&mut piece)? {
                    0 => return Ok(None),
                    read => body.extend_from_slice(&piece[..read]),
                }
            }
            return Ok(Some((head, body)));
        }
        match client.read(&mut piece)? {
            0 => return Ok(None),
            read => received.extend_from_slice(&piece[..read]),
        }
    }
}
