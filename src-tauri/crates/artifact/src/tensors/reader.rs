//! Reads the headers of weights in a blob: a file as it is, or the files in a plain tar archive.
//!
//! Says which bytes it wants and takes them; or takes all bytes in their order, of a layer that is being unpacked.

use super::{
    TensorFile, TensorLimits, TensorsError, WeightsFormat,
    gguf::{self, GgufReader},
    onnx::OnnxReader,
    safetensors::{self, SafetensorsReader},
    window::{Step, View, Window, Wish},
};
use crate::{ByteSize, Members, NextMember, layer::tar::path::clean};

/// As many first bytes as tell what a blob is: a tar header.
const FIRST: u64 = 512;
/// Asked for at first: the header of a model of 7 billion parameters has 40 kB.
const GUESS: u64 = 128 << 10;
/// GGUF carries its vocabulary along.
const GGUF_GUESS: u64 = 256 << 10;

/// Files in archives that are looked into, by the ends of their names.
const ENDS: [&str; 7] = ["safetensors", "gguf", "onnx", "pt", "pth", "bin", "ckpt"];

/// A part of a blob.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    pub offset: u64,
    /// Less than this brings nothing.
    pub least: u64,
    /// As much will probably be needed; never beyond the blob.
    pub guess: u64,
}

/// What was found in a blob.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WeightsFound {
    pub files: Vec<TensorFile>,
    /// Files that should hold weights and could not be read.
    pub unread: Vec<UnreadFile>,
}

/// A file whose header could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnreadFile {
    pub path: String,
    pub error: TensorsError,
}

/// A push parser of the headers of weights.
pub struct WeightsReader {
    window: Window,
    limits: TensorLimits,
    path: String,
    /// None while nobody knows it: of what is being unpacked.
    size: Option<u64>,
    stage: Stage,
    /// Files that follow in the archive that is being walked.
    members: Option<Members>,
    looked_at: usize,
    found: WeightsFound,
    /// How many bytes came in their order.
    passed: u64,
}

enum Stage {
    Waiting(Wish),
    File {
        reader: FileReader,
        base: u64,
        size: Option<u64>,
        path: String,
        wish: Wish,
    },
    Archive(Wish),
    Done,
}

enum FileReader {
    Unknown,
    Safetensors(Box<SafetensorsReader>),
    Gguf(Box<GgufReader>),
    Onnx(Box<OnnxReader>),
}

impl WeightsReader {
    /// A reader that has seen nothing yet. `path`: of the file, should the blob be one file. `size`: of the blob; none
    /// if it is being unpacked.
    pub fn new(path: &str, size: Option<ByteSize>, limits: TensorLimits) -> Self {
        let guess = if is_gguf(path) { GGUF_GUESS } else { GUESS };
        let mut reader = Self {
            window: Window::default(),
            limits,
            path: path.to_owned(),
            size: size.map(ByteSize::bytes),
            stage: Stage::Waiting(Wish {
                at: 0,
                least: FIRST.min(size.map_or(FIRST, ByteSize::bytes)),
                guess,
            }),
            members: None,
            looked_at: 0,
            found: WeightsFound::default(),
            passed: 0,
        };
        if reader.size == Some(0) {
            // Nothing will come.
            reader.begin();
            reader.read_file();
        }
        reader
    }

    /// The bytes that are wanted next; none once everything is known.
    pub fn wanted(&self) -> Option<Span> {
        let (base, wish) = match &self.stage {
            Stage::Waiting(wish) | Stage::Archive(wish) => (0, *wish),
            Stage::File { base, wish, .. } => (*base, *wish),
            Stage::Done => return None,
        };
        // What lies in the window already is not asked for again.
        let at = base.saturating_add(wish.at);
        let at_hand = self.window.view(base, None).at_hand(wish.at);
        let is_there = at_hand > 0 && self.window.view(base, None).get(wish.at, 1).is_some();
        let have = if is_there { at_hand } else { 0 };
        let offset = at.saturating_add(have);
        let left = self.size.map_or(u64::MAX, |size| size.saturating_sub(offset));
        Some(Span {
            offset,
            least: wish.least.saturating_sub(have).min(left),
            guess: wish
                .guess
                .saturating_sub(have)
                .max(wish.least.saturating_sub(have))
                .min(left),
        })
    }

    /// Takes the bytes of the blob from the wanted offset on: the wanted number, fewer, or more.
    ///
    /// # Errors
    /// [`TensorsError::Archive`]. What is wrong with one file stands in what was found.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), TensorsError> {
        let Some(wanted) = self.wanted() else { return Ok(()) };
        self.window.push(wanted.offset, bytes);
        self.read()
    }

    /// Takes the next bytes of the blob, of which all come in their order; passes over those that nobody wants.
    ///
    /// # Errors
    /// Those of [`Self::push`].
    pub fn pass(&mut self, bytes: &[u8]) -> Result<(), TensorsError> {
        let from = self.passed;
        self.passed += bytes.len() as u64;
        while let Some(wanted) = self.wanted() {
            let Some(skipped) = wanted.offset.checked_sub(from) else {
                return Err(TensorsError::UnknownFormat);
            };
            let rest = usize::try_from(skipped).ok().and_then(|skipped| bytes.get(skipped..));
            let Some(rest) = rest.filter(|rest| !rest.is_empty()) else {
                return Ok(());
            };
            self.push(rest)?;
        }
        Ok(())
    }

    /// Says that no more bytes come.
    ///
    /// # Errors
    /// [`TensorsError::Archive`] if the archive ends within an entry.
    pub fn finish(mut self) -> Result<WeightsFound, TensorsError> {
        if matches!(self.stage, Stage::Done) {
            return Ok(self.found);
        }
        // Now that the end is known, everything is there or never comes.
        if self.size.is_none() {
            self.size = Some(self.window.end().max(self.passed));
            if let Stage::File { size, base: 0, .. } = &mut self.stage
                && self.members.is_none()
            {
                *size = self.size;
            }
            self.read()?;
        }
        match std::mem::replace(&mut self.stage, Stage::Done) {
            Stage::Done => {}
            Stage::Waiting(_) => self.unread(self.path.clone(), TensorsError::UnknownFormat),
            Stage::File { path, .. } => self.unread(path, TensorsError::Truncated { within: "the header" }),
            Stage::Archive(_) => {
                return Err(crate::ContentsError::Truncated { within: "a header" }.into());
            }
        }
        Ok(self.found)
    }

    /// Goes on as far as there are bytes.
    fn read(&mut self) -> Result<(), TensorsError> {
        loop {
            let goes_on = match &mut self.stage {
                Stage::Waiting(_) => self.begin(),
                Stage::File { .. } => self.read_file(),
                Stage::Archive(_) => self.next_member()?,
                Stage::Done => false,
            };
            if !goes_on {
                self.forget();
                return Ok(());
            }
        }
    }

    /// Decides by the first bytes whether the blob is an archive.
    fn begin(&mut self) -> bool {
        let view = self.window.view(0, self.size);
        let first = FIRST.min(view.left(0));
        let Some(bytes) = view.get(0, first) else { return false };
        if Members::may_begin(bytes) {
            self.members = Some(Members::default());
            self.stage = Stage::Archive(Wish::exactly(0, FIRST));
            return true;
        }
        let path = clean(self.path.as_bytes());
        self.open(path, 0, self.size);
        true
    }

    fn open(&mut self, path: String, base: u64, size: Option<u64>) {
        self.stage = Stage::File {
            reader: FileReader::Unknown,
            base,
            size,
            path,
            wish: Wish::exactly(0, 0),
        };
    }

    fn next_member(&mut self) -> Result<bool, TensorsError> {
        let Some(members) = &mut self.members else {
            self.stage = Stage::Done;
            return Ok(false);
        };
        match members.next(self.window.view(0, self.size))? {
            NextMember::End => self.stage = Stage::Done,
            NextMember::Wants(wish) => {
                self.stage = Stage::Archive(wish);
                return Ok(false);
            }
            NextMember::File { path, offset, size } => {
                self.looked_at += 1;
                if self.looked_at > self.limits.members {
                    return Err(TensorsError::TooMany {
                        what: "files in the archive",
                        count: self.looked_at as u64,
                        limit: self.limits.members as u64,
                    });
                }
                if may_hold_weights(&path) {
                    self.open(path, offset, Some(size));
                }
            }
        }
        Ok(true)
    }

    fn read_file(&mut self) -> bool {
        let Stage::File {
            reader,
            base,
            size,
            path,
            wish,
        } = &mut self.stage
        else {
            return false;
        };
        let view = self.window.view(*base, *size);
        let read = match reader.step(path, view, self.limits) {
            Ok(Step::Wants(wanted)) => {
                *wish = Wish {
                    guess: wanted.guess.min(view.left(wanted.at)),
                    ..wanted
                };
                return false;
            }
            Ok(Step::Done) => Ok(()),
            Err(error) => Err(error),
        };
        let (base, size, path) = (*base, *size, std::mem::take(path));
        let reader = std::mem::replace(reader, FileReader::Unknown);
        self.stage = if self.members.is_some() {
            Stage::Archive(Wish::exactly(0, 0))
        } else {
            Stage::Done
        };
        match read {
            Ok(()) => {
                if let Some(file) = reader.into_file(path, base, size) {
                    self.found.files.push(file);
                }
            }
            Err(error) => self.unread(path, error),
        }
        true
    }

    fn unread(&mut self, path: String, error: TensorsError) {
        self.found.unread.push(UnreadFile { path, error });
    }

    fn forget(&mut self) {
        let wanted = match &self.stage {
            Stage::File { base, wish, .. } => base.saturating_add(wish.at),
            Stage::Archive(wish) => wish.at,
            Stage::Waiting(_) => 0,
            Stage::Done => u64::MAX,
        };
        self.window.forget_before(wanted);
    }
}

impl FileReader {
    fn step(&mut self, path: &str, view: View<'_>, limits: TensorLimits) -> Result<Step, TensorsError> {
        if matches!(self, Self::Unknown) {
            let first = 16.min(view.left(0));
            let Some(bytes) = view.get(0, first) else {
                return Ok(Step::Wants(Wish {
                    at: 0,
                    least: first,
                    guess: if is_gguf(path) { GGUF_GUESS } else { GUESS },
                }));
            };
            *self = Self::by_first(path, bytes, view.size, limits)?;
        }
        match self {
            Self::Unknown => Err(TensorsError::UnknownFormat),
            Self::Safetensors(reader) => reader.step(view),
            Self::Gguf(reader) => reader.step(view),
            Self::Onnx(reader) => reader.step(view),
        }
    }

    /// By what a file begins with; names lie. Only ONNX begins with nothing that tells.
    fn by_first(path: &str, bytes: &[u8], size: Option<u64>, limits: TensorLimits) -> Result<Self, TensorsError> {
        match bytes {
            [0x1f, 0x8b, ..] => Err(TensorsError::Packed("gzip")),
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Err(TensorsError::Packed("zstd")),
            bytes if bytes.starts_with(gguf::MAGIC) => Ok(Self::Gguf(Box::new(GgufReader::new(limits)))),
            bytes if safetensors::may_begin(bytes, size) => {
                Ok(Self::Safetensors(Box::new(SafetensorsReader::new(limits))))
            }
            [_, ..] if end_of(path) == "onnx" => Ok(Self::Onnx(Box::new(OnnxReader::new(limits)))),
            _ => Err(TensorsError::UnknownFormat),
        }
    }

    fn into_file(self, path: String, base: u64, size: Option<u64>) -> Option<TensorFile> {
        let (format, header) = match self {
            Self::Unknown => return None,
            Self::Safetensors(reader) => (WeightsFormat::Safetensors, reader.finish()?),
            Self::Gguf(reader) => (WeightsFormat::Gguf, reader.finish()?),
            Self::Onnx(reader) => (WeightsFormat::Onnx, reader.finish()?),
        };
        Some(TensorFile {
            path,
            format,
            base,
            size: size.map(ByteSize),
            tensors: header.tensors,
            metadata: header.metadata.into_values(),
            problems: header.problems,
        })
    }
}

fn end_of(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or_default();
    name.rsplit_once('.').map_or("", |(_, end)| end).to_ascii_lowercase()
}

fn is_gguf(path: &str) -> bool {
    end_of(path) == "gguf"
}

/// Whether a file in an archive is looked into.
pub(super) fn may_hold_weights(path: &str) -> bool {
    ENDS.contains(&end_of(path).as_str())
}
