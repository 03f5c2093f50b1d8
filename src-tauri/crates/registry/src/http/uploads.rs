//! Blobs on their way to a registry: in one request where it takes that, gone on with where the way broke off, in
//! chunks where it wants them. The content is never held whole.
//! Source: distribution-spec 1.1, "Pushing a blob monolithically" and "Pushing a blob in chunks".

use std::sync::Arc;

use artifact::{ByteSize, Digest, RepositoryName};
use reqwest::{Method, StatusCode};

use super::{
    exchange::{Ask, Exchange},
    failure::Complaint,
    message::Part,
    retry::{Tries, is_passing},
    scope::Scope,
    session::{Begun, Session, Standing, received},
    streaming::{Content, Fault},
    wire::Answer,
    writes::{WRITE, expect_stored, refusal},
};
use crate::{BlobSource, Operation, Place, RegistryError};

/// What a chunk holds where the registry does not say: less would be many requests, more is what proxies refuse.
const CHUNK: u64 = 16 << 20;
/// Chunks are not made smaller than this for a registry that finds them too large.
const SMALLEST_CHUNK: u64 = 256 << 10;
/// How often an upload may be begun again before it is sent in chunks: what cuts a long request may let short ones pass.
const WHOLE_TRIES: u32 = 2;
/// The most redirects that one upload follows.
const MAXIMUM_REDIRECTS: u32 = 5;

/// A blob on its way.
struct Upload<'a> {
    exchange: Arc<Exchange>,
    repository: &'a RepositoryName,
    digest: &'a Digest,
    size: u64,
    content: Content<'a>,
    operation: &'a Operation,
    place: Place,
    tries: Tries,
    way: Way,
    /// How far any try came: only those count that did not get beyond.
    furthest: u64,
    beginnings: u32,
    redirects: u32,
}

/// How the content is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// All that is left in one request.
    Whole,
    Chunks {
        most: u64,
    },
}

/// How an upload goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Next {
    Stored,
    /// The registry has this much.
    From(u64),
    /// The registry has to be asked how much it has.
    Look,
    /// The upload is lost, or was begun in a way that the registry does not take.
    Again,
}

impl Exchange {
    /// Sends a blob; the registry verifies it.
    pub(super) async fn upload(
        self: &Arc<Self>,
        repository: &RepositoryName,
        digest: &Digest,
        size: ByteSize,
        source: &dyn BlobSource,
        operation: &Operation,
    ) -> Result<(), RegistryError> {
        let place = self.wire.place.with(format!("{repository}@{digest}"));
        let upload = Upload {
            exchange: Arc::clone(self),
            repository,
            digest,
            size: size.0,
            content: Content::new(source, digest, size.0, place.clone()),
            operation,
            place,
            tries: self.upload_tries(),
            way: Way::Whole,
            furthest: 0,
            beginnings: 0,
            redirects: 0,
        };
        upload.run().await
    }
}

impl Upload<'_> {
    async fn run(mut self) -> Result<(), RegistryError> {
        loop {
            self.beginnings += 1;
            if self.beginnings > WHOLE_TRIES && self.way == Way::Whole {
                self.way = Way::Chunks { most: CHUNK };
            }
            let scope = Scope::push(self.repository);
            let place = self.place.clone();
            let begun = self
                .exchange
                .begin(self.repository, "", scope, place, &mut self.tries, self.operation)
                .await?;
            match begun {
                Begun::Mounted => return Ok(()),
                Begun::Upload(mut session) => {
                    if self.fill(&mut session).await? {
                        session.close();
                        return Ok(());
                    }
                }
            }
        }
    }

    /// Sends the content to a begun upload; `false`: another one has to be begun.
    async fn fill(&mut self, session: &mut Session) -> Result<bool, RegistryError> {
        let mut at = 0;
        loop {
            let next = if at > 0 || matches!(self.way, Way::Chunks { .. }) {
                self.send_chunk(session, at).await?
            } else {
                self.send_whole(session).await?
            };
            match next {
                Next::Stored => return Ok(true),
                Next::Again => return Ok(false),
                Next::From(reached) => at = self.note(reached),
                Next::Look => match self.look(session).await? {
                    Next::Stored => return Ok(true),
                    Next::From(reached) => at = self.note(reached),
                    Next::Again | Next::Look => return Ok(false),
                },
            }
        }
    }

    /// A transfer that gets on may break off often: only tries without progress count.
    fn note(&mut self, reached: u64) -> u64 {
        if reached > self.furthest {
            self.furthest = reached;
            self.tries = self.exchange.upload_tries();
        }
        reached
    }

    /// Where a broken upload stands.
    async fn look(&mut self, session: &mut Session) -> Result<Next, RegistryError> {
        if let Standing::At(reached) = session.standing(self.size, self.operation).await? {
            return Ok(Next::From(reached));
        }
        // What broke may have been the answer alone.
        let stored = self
            .exchange
            .holds_blob(self.repository, self.digest, self.operation)
            .await?;
        Ok(if stored { Next::Stored } else { Next::Again })
    }

    async fn send_whole(&mut self, session: &mut Session) -> Result<Next, RegistryError> {
        let part = Part {
            from: 0,
            length: self.size,
            is_chunk: false,
        };
        let Some(answer) = self.answer(&session.ask_to_finish(self.digest), part).await? else {
            return Ok(Next::Look);
        };
        match answer.response.status() {
            status if is_stored(status) => {
                expect_stored(answer.response.headers(), self.digest, &self.place)?;
                Ok(Next::Stored)
            }
            status if is_redirect(status) => self.redirected(session, &answer, 0),
            StatusCode::RANGE_NOT_SATISFIABLE => self.fault(answer, Next::Look).await,
            StatusCode::NOT_FOUND | StatusCode::GONE => self.fault(answer, Next::Again).await,
            StatusCode::PAYLOAD_TOO_LARGE | StatusCode::METHOD_NOT_ALLOWED | StatusCode::NOT_IMPLEMENTED => {
                self.way = Way::Chunks { most: CHUNK };
                Ok(Next::Again)
            }
            StatusCode::BAD_REQUEST => {
                let (status, complaint) = self.complaint(answer).await?;
                if ["DIGEST_INVALID", "NAME_INVALID", "UNAUTHORIZED", "DENIED"]
                    .iter()
                    .any(|code| complaint.has(code))
                {
                    return Err(refusal(status, complaint, self.place.clone(), WRITE));
                }
                self.way = Way::Chunks { most: CHUNK };
                Ok(Next::Again)
            }
            _ => Err(self.refused(answer).await),
        }
    }

    /// Sends one chunk from `at` on, or ends the upload where all is there.
    async fn send_chunk(&mut self, session: &mut Session, at: u64) -> Result<Next, RegistryError> {
        if at == self.size {
            return self.finish(session).await;
        }
        let left = self.size - at;
        let length = match self.way {
            Way::Whole => left,
            Way::Chunks { most } => left.min(most.max(session.smallest_chunk)),
        };
        let part = Part {
            from: at,
            length,
            is_chunk: true,
        };
        let Some(answer) = self.answer(&session.ask(Method::PATCH), part).await? else {
            return Ok(Next::Look);
        };
        match answer.response.status() {
            status if status.is_success() => {
                let headers = answer.response.headers();
                session.follow(headers)?;
                let reached = at + length;
                // Less than was sent: the rest of the chunk is sent again.
                let said = received(headers).filter(|said| (at..reached).contains(said));
                match said {
                    Some(said) => {
                        self.count_try(answer).await?;
                        Ok(Next::From(said))
                    }
                    None => Ok(Next::From(reached)),
                }
            }
            status if is_redirect(status) => self.redirected(session, &answer, at),
            StatusCode::PAYLOAD_TOO_LARGE if self.smaller_chunks(length, session.smallest_chunk) => Ok(Next::From(at)),
            StatusCode::RANGE_NOT_SATISFIABLE => self.fault(answer, Next::Look).await,
            StatusCode::NOT_FOUND | StatusCode::GONE => self.fault(answer, Next::Again).await,
            _ => Err(self.refused(answer).await),
        }
    }

    /// Halves the chunks; `false` where they are as small as they may be.
    fn smaller_chunks(&mut self, sent: u64, smallest: u64) -> bool {
        let most = (sent / 2).min(CHUNK);
        if most < SMALLEST_CHUNK.max(smallest) {
            return false;
        }
        self.way = Way::Chunks { most };
        true
    }

    /// Ends an upload whose content is all there.
    async fn finish(&mut self, session: &mut Session) -> Result<Next, RegistryError> {
        let part = Part {
            from: self.size,
            length: 0,
            is_chunk: true,
        };
        let Some(answer) = self.answer(&session.ask_to_finish(self.digest), part).await? else {
            return Ok(Next::Look);
        };
        match answer.response.status() {
            status if is_stored(status) => {
                expect_stored(answer.response.headers(), self.digest, &self.place)?;
                Ok(Next::Stored)
            }
            status if is_redirect(status) => self.redirected(session, &answer, self.size),
            StatusCode::RANGE_NOT_SATISFIABLE => self.fault(answer, Next::Look).await,
            // Put together from several requests, it may have gone wrong in between: once more from the beginning.
            StatusCode::BAD_REQUEST | StatusCode::NOT_FOUND | StatusCode::GONE => self.fault(answer, Next::Again).await,
            _ => Err(self.refused(answer).await),
        }
    }

    /// The answer to a part that was sent; `None`: it was interrupted, and enough has been waited.
    async fn answer(&mut self, ask: &Ask, part: Part) -> Result<Option<Answer>, RegistryError> {
        match self.pour(ask, part).await {
            Ok(answer) if is_passing(answer.response.status()) => {
                let (status, headers) = (answer.response.status(), answer.response.headers());
                let wire = &self.exchange.wire;
                if wire
                    .after_passing(status, headers, &mut self.tries, self.operation)
                    .await?
                {
                    Ok(None)
                } else {
                    Err(self.refused(answer).await)
                }
            }
            Ok(answer) => Ok(Some(answer)),
            Err(Fault::Source(error)) => Err(error),
            Err(Fault::Target(error)) => {
                let wire = &self.exchange.wire;
                wire.after_fault(error, &mut self.tries, self.operation).await?;
                Ok(None)
            }
        }
    }

    /// Sends a part; a second time with a new token where the first is not taken.
    async fn pour(&mut self, ask: &Ask, part: Part) -> Result<Answer, Fault> {
        let mut pass = self.exchange.pass(ask, self.operation).await.map_err(Fault::Target)?;
        let answer = {
            let flow = self.content.flow(part, self.operation).await?;
            self.exchange.pour(ask, &pass, flow, self.operation).await?
        };
        if !answer.asks_for_login() {
            return Ok(answer);
        }
        let renewed = self.exchange.renew(&mut pass, ask, answer, self.operation).await;
        renewed.map_err(Fault::Target)?;
        let flow = self.content.flow(part, self.operation).await?;
        let answer = self.exchange.pour(ask, &pass, flow, self.operation).await?;
        self.exchange.admit(pass, ask, answer).map_err(Fault::Target)
    }

    /// Goes on elsewhere, if the answer says where.
    fn redirected(&mut self, session: &mut Session, answer: &Answer, at: u64) -> Result<Next, RegistryError> {
        self.redirects += 1;
        let invalid = |reason: &str| RegistryError::InvalidAnswer {
            place: self.place.clone(),
            reason: reason.to_owned(),
        };
        if self.redirects > MAXIMUM_REDIRECTS {
            return Err(invalid("it sends the upload from place to place"));
        }
        if !session.follow(answer.response.headers())? {
            return Err(invalid("it sends the upload elsewhere and does not say where"));
        }
        Ok(Next::From(at))
    }

    /// What may do better another time: counts as a try and is waited for.
    async fn fault(&mut self, answer: Answer, next: Next) -> Result<Next, RegistryError> {
        self.count_try(answer).await?;
        Ok(next)
    }

    async fn count_try(&mut self, answer: Answer) -> Result<(), RegistryError> {
        let (status, headers) = (answer.response.status(), answer.response.headers().clone());
        let wire = &self.exchange.wire;
        if wire
            .after_passing(status, &headers, &mut self.tries, self.operation)
            .await?
        {
            Ok(())
        } else {
            Err(self.refused(answer).await)
        }
    }

    async fn refused(&self, answer: Answer) -> RegistryError {
        match self.complaint(answer).await {
            Ok((status, complaint)) => refusal(status, complaint, self.place.clone(), WRITE),
            Err(error) => error,
        }
    }

    async fn complaint(&self, answer: Answer) -> Result<(StatusCode, Complaint), RegistryError> {
        let status = answer.response.status();
        let headers = answer.response.headers().clone();
        let message = super::message::Message::new(Method::PUT, self.exchange.origin.clone(), self.place.clone());
        let reading = self
            .exchange
            .wire
            .read_complaint(answer.response, &message, self.operation);
        Ok((status, Complaint::read(&headers, &reading.await?)))
    }
}

fn is_stored(status: StatusCode) -> bool {
    matches!(status, StatusCode::OK | StatusCode::CREATED | StatusCode::NO_CONTENT)
}

fn is_redirect(status: StatusCode) -> bool {
    matches!(status, StatusCode::TEMPORARY_REDIRECT | StatusCode::PERMANENT_REDIRECT)
}
