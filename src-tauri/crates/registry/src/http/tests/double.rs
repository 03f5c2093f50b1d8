//! A registry in memory that does what the specification says, for scripts that let it misbehave here and there; and
//! blobs to send to it. Contents are text.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard},
};

use async_trait::async_trait;
use bytes::Bytes;
use futures::{StreamExt, stream};

use super::*;
use crate::{BlobSource, BlobStream};

/// Where the double's uploads lie.
pub(super) const UPLOADS: &str = "/v2/team/model/blobs/uploads/";

#[derive(Debug, Default)]
pub(super) struct Double {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) uploads: BTreeMap<usize, String>,
    pub(super) blobs: BTreeMap<String, String>,
    /// Media type and bytes by digest.
    pub(super) manifests: BTreeMap<String, (String, String)>,
    pub(super) tags: BTreeMap<String, String>,
    begun: usize,
    /// As distribution 2.8: a tag is deleted only with its digest.
    pub(super) by_digest_only: bool,
    /// Whether it takes note of subjects.
    pub(super) notes_subjects: bool,
}

impl Double {
    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no test panics here")
    }

    /// A server with this double behind a script, which may answer for it.
    pub(super) async fn serve(
        script: impl Fn(&Asked, &Self) -> Option<Reply> + Send + Sync + 'static,
    ) -> (FaultServer, Arc<Self>) {
        let double = Arc::new(Self::default());
        let behind = Arc::clone(&double);
        let server = FaultServer::start(move |asked| script(asked, &behind).unwrap_or_else(|| behind.answer(asked)));
        (server.await, double)
    }

    /// Stores a manifest under a tag.
    pub(super) fn tag(&self, tag: &str, media_type: &str, manifest: &str) -> Digest {
        let digest = Digest::of(manifest.as_bytes());
        let mut state = self.state();
        let stored = (media_type.to_owned(), manifest.to_owned());
        state.manifests.insert(digest.to_string(), stored);
        state.tags.insert(tag.to_owned(), digest.to_string());
        digest
    }

    pub(super) fn answer(&self, asked: &Asked) -> Reply {
        let mut state = self.state();
        let path = asked.path().to_owned();
        if path == "/v2/" {
            return Reply::json(200, "{}");
        }
        if let Some(upload) = path.strip_prefix(UPLOADS) {
            return state.upload(asked, upload);
        }
        if let Some((_, digest)) = path.split_once("/blobs/") {
            return if state.blobs.contains_key(digest) {
                Reply::new(200, "")
            } else {
                unknown("BLOB_UNKNOWN")
            };
        }
        match path.split_once("/manifests/") {
            Some((_, reference)) => state.manifest(asked, reference),
            None => Reply::new(404, "404 page not found"),
        }
    }
}

impl State {
    fn upload(&mut self, asked: &Asked, upload: &str) -> Reply {
        if asked.method == "POST" {
            self.begun += 1;
            self.uploads.insert(self.begun, String::new());
            return Reply::new(202, "").header("Location", format!("{UPLOADS}{}?state=a%2Fb", self.begun));
        }
        let number = upload.parse().expect("the address that was given");
        let Some(content) = self.uploads.get_mut(&number) else {
            return unknown("BLOB_UPLOAD_UNKNOWN");
        };
        let begins = |range: &str| range.split('-').next().and_then(|from| from.parse().ok()) == Some(content.len());
        let in_order = asked.header("content-range").is_none_or(begins);
        match asked.method.as_str() {
            "GET" => Reply::new(204, "").header("Range", reached(content)),
            "DELETE" => {
                self.uploads.remove(&number);
                Reply::new(204, "")
            }
            _ if !in_order => Reply::new(416, "").header("Range", reached(content)),
            "PATCH" => {
                content.push_str(&asked.body);
                Reply::new(202, "").header("Range", reached(content))
            }
            _ => {
                content.push_str(&asked.body);
                let digest = Digest::of(content.as_bytes()).to_string();
                if !asked.target.ends_with(&format!("&digest={digest}")) {
                    return Reply::json(400, r#"{"errors":[{"code":"DIGEST_INVALID"}]}"#);
                }
                let content = std::mem::take(content);
                self.uploads.remove(&number);
                self.blobs.insert(digest.clone(), content);
                Reply::new(201, "").header("Docker-Content-Digest", digest)
            }
        }
    }

    fn manifest(&mut self, asked: &Asked, reference: &str) -> Reply {
        let is_digest = reference.contains(':');
        let digest = if is_digest {
            Some(reference.to_owned())
        } else {
            self.tags.get(reference).cloned()
        };
        let found = digest.and_then(|digest| Some((digest.clone(), self.manifests.get(&digest)?.clone())));
        match (asked.method.as_str(), found) {
            ("PUT", _) => self.put(asked, reference, is_digest),
            ("DELETE", _) if !is_digest && self.by_digest_only => {
                Reply::json(400, r#"{"errors":[{"code":"DIGEST_INVALID"}]}"#)
            }
            (_, None) => unknown("MANIFEST_UNKNOWN"),
            ("DELETE", Some(_)) if !is_digest => {
                self.tags.remove(reference);
                Reply::new(202, "")
            }
            ("DELETE", Some((digest, _))) => {
                self.manifests.remove(&digest);
                self.tags.retain(|_, held| *held != digest);
                Reply::new(202, "")
            }
            (_, Some((digest, (media_type, bytes)))) => Reply::new(200, bytes)
                .header("Content-Type", media_type)
                .header("Docker-Content-Digest", digest),
        }
    }

    fn put(&mut self, asked: &Asked, reference: &str, is_digest: bool) -> Reply {
        let digest = Digest::of(asked.body.as_bytes()).to_string();
        let media_type = asked.header("content-type").unwrap_or_default().to_owned();
        self.manifests.insert(digest.clone(), (media_type, asked.body.clone()));
        if !is_digest {
            self.tags.insert(reference.to_owned(), digest.clone());
        }
        let reply = Reply::new(201, "").header("Docker-Content-Digest", digest.clone());
        if self.notes_subjects && asked.body.contains("\"subject\"") {
            reply.header("OCI-Subject", digest)
        } else {
            reply
        }
    }
}

fn reached(content: &str) -> String {
    format!("0-{}", content.len().saturating_sub(1))
}

fn unknown(code: &str) -> Reply {
    Reply::json(404, format!(r#"{{"errors":[{{"code":"{code}"}}]}}"#))
}

/// A text as a blob, in pieces of that size, that remembers from where it was read.
#[derive(Debug)]
pub(super) struct Text {
    pub(super) content: Bytes,
    pub(super) piece: usize,
    /// What comes after the last piece.
    pub(super) end: End,
    pub(super) opened: Mutex<Vec<u64>>,
}

/// How a source ends.
#[derive(Clone, Debug)]
pub(super) enum End {
    Well,
    /// With an error.
    Badly(RegistryError),
    /// Not at all.
    Never,
}

impl Text {
    pub(super) fn new(content: impl Into<Bytes>) -> Self {
        Self {
            content: content.into(),
            piece: 7,
            end: End::Well,
            opened: Mutex::default(),
        }
    }

    pub(super) fn digest(&self) -> Digest {
        Digest::of(&self.content)
    }

    pub(super) fn size(&self) -> ByteSize {
        ByteSize(self.content.len() as u64)
    }

    pub(super) fn opened(&self) -> Vec<u64> {
        self.opened.lock().expect("no test panics here").clone()
    }
}

#[async_trait]
impl BlobSource for Text {
    async fn open(&self, offset: u64, _operation: &Operation) -> Result<BlobStream, RegistryError> {
        self.opened.lock().expect("no test panics here").push(offset);
        let rest = self.content.slice(usize::try_from(offset).expect("a small offset")..);
        let pieces: Vec<_> = rest.chunks(self.piece).map(|piece| Ok(rest.slice_ref(piece))).collect();
        let pieces = stream::iter(pieces);
        Ok(match self.end.clone() {
            End::Well => pieces.boxed(),
            End::Badly(error) => pieces.chain(stream::iter([Err(error)])).boxed(),
            End::Never => pieces.chain(stream::pending()).boxed(),
        })
    }
}
