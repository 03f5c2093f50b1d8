//! Takes a layer's compression away: plain, gzip (of any number of members) or zstd (of any number of frames).
//!
//! Recognises the packing by the first bytes, since media types lie. Bounded by [`LayerLimits`]; knows nothing of tar.
//!
//! gzip is inflated by zlib-rs: as fast as isa-l but for a tenth, in plain Rust. isa-l's own bindings need autotools and
//! nasm to build; libdeflate cannot stream.

use flate2::{Decompress, FlushDecompress, Status};
use zstd::stream::raw::{Decoder, Operation as _};

use super::{ContentsError, LayerLimits};
use crate::ByteSize;

/// As many first bytes as the longest magic number has.
const HEAD: usize = 6;
const GZIP_WINDOW_BITS: u8 = 15;

/// How a layer is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packing {
    Plain,
    Gzip,
    Zstd,
}

/// A push decompressor: packed bytes in, plain bytes out into the caller's buffers.
pub struct Unpacker {
    state: State,
    /// The first bytes: collected until the packing is known, then passed on before all others.
    head: Vec<u8>,
    limits: LayerLimits,
    packed: u64,
    unpacked: u64,
}

enum State {
    Unknown,
    Plain,
    /// None between two members.
    Gzip(Option<Box<Decompress>>),
    Zstd {
        decoder: Box<Decoder<'static>>,
        between_frames: bool,
    },
}

/// What one step took and gave, in bytes.
struct Step {
    taken: usize,
    given: usize,
}

impl Unpacker {
    /// An unpacker that has seen nothing yet.
    pub fn new(limits: LayerLimits) -> Self {
        Self {
            state: State::Unknown,
            head: Vec::with_capacity(HEAD),
            limits,
            packed: 0,
            unpacked: 0,
        }
    }

    /// An unpacker for a layer of this media type, which is only believed where it says that no packing is to be found.
    ///
    /// # Errors
    /// [`ContentsError::UnknownPacking`] for encrypted layers.
    pub fn for_layer(media_type: &str, limits: LayerLimits) -> Result<Self, ContentsError> {
        if media_type.ends_with("+encrypted") {
            return Err(ContentsError::UnknownPacking("encryption"));
        }
        Ok(Self::new(limits))
    }

    /// Takes bytes from the front of `input` and writes plain ones to `output`; returns how many it wrote.
    ///
    /// Everything that `input` holds has been unpacked when `input` is empty and `output` was not filled.
    ///
    /// # Errors
    /// [`ContentsError::DamagedStream`], [`ContentsError::UnknownPacking`] and [`ContentsError::Bomb`].
    pub fn unpack(&mut self, input: &mut &[u8], output: &mut [u8]) -> Result<usize, ContentsError> {
        let mut filled = 0;
        while filled < output.len() {
            if matches!(self.state, State::Unknown) && !self.recognise(input)? {
                break;
            }
            let Some(rest) = output.get_mut(filled..) else { break };
            let step = self.step(input, rest)?;
            filled += step.given;
            if step.taken == 0 && step.given == 0 {
                break;
            }
        }
        Ok(filled)
    }

    /// Says that no more bytes come: a very short plain layer is passed on now.
    ///
    /// # Errors
    /// [`ContentsError::Truncated`] if the stream has no proper end.
    pub fn finish(self) -> Result<Vec<u8>, ContentsError> {
        match self.state {
            State::Unknown => Ok(self.head),
            State::Plain
            | State::Gzip(None)
            | State::Zstd {
                between_frames: true, ..
            } => Ok(Vec::new()),
            State::Gzip(Some(_)) => Err(ContentsError::Truncated {
                within: "its gzip stream",
            }),
            State::Zstd { .. } => Err(ContentsError::Truncated {
                within: "its zstd stream",
            }),
        }
    }

    /// How the layer is packed; none as long as too little was seen.
    pub fn packing(&self) -> Option<Packing> {
        match self.state {
            State::Unknown => None,
            State::Plain => Some(Packing::Plain),
            State::Gzip(_) => Some(Packing::Gzip),
            State::Zstd { .. } => Some(Packing::Zstd),
        }
    }

    /// Collects the first bytes and decides by them; false if more are needed.
    fn recognise(&mut self, input: &mut &[u8]) -> Result<bool, ContentsError> {
        let (first, rest) = input.split_at(input.len().min(HEAD - self.head.len()));
        self.head.extend_from_slice(first);
        *input = rest;
        if self.head.len() < HEAD {
            return Ok(false);
        }
        self.state = match self.head.as_slice() {
            [0x1f, 0x8b, ..] => State::Gzip(Some(new_member())),
            [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => State::Zstd {
                decoder: Box::new(Decoder::new().map_err(|error| damaged("zstd", error.to_string()))?),
                between_frames: true,
            },
            [0xfd, b'7', b'z', b'X', b'Z', ..] => return Err(ContentsError::UnknownPacking("xz")),
            [b'B', b'Z', b'h', _, 0x31, 0x41] => return Err(ContentsError::UnknownPacking("bzip2")),
            _ => State::Plain,
        };
        Ok(true)
    }

    /// One step, first over the bytes that were held back to recognise the packing.
    fn step(&mut self, input: &mut &[u8], output: &mut [u8]) -> Result<Step, ContentsError> {
        let step = if self.head.is_empty() {
            let step = self.state.step(input, output)?;
            *input = input.get(step.taken..).unwrap_or_default();
            step
        } else {
            let step = self.state.step(&self.head, output)?;
            self.head.drain(..step.taken);
            step
        };
        self.packed += step.taken as u64;
        self.unpacked += step.given as u64;
        self.check_limits()?;
        Ok(step)
    }

    fn check_limits(&self) -> Result<(), ContentsError> {
        let suspicious = self.unpacked > self.limits.suspicious_from.bytes()
            && self.unpacked / self.limits.ratio.max(1) > self.packed;
        if suspicious || self.unpacked > self.limits.unpacked.bytes() {
            return Err(ContentsError::Bomb {
                packed: ByteSize(self.packed),
                unpacked: ByteSize(self.unpacked),
            });
        }
        Ok(())
    }
}

impl State {
    fn step(&mut self, input: &[u8], output: &mut [u8]) -> Result<Step, ContentsError> {
        match self {
            Self::Unknown => Ok(Step { taken: 0, given: 0 }),
            Self::Plain => Ok(copy(input, output)),
            Self::Gzip(member) => inflate(member, input, output),
            Self::Zstd {
                decoder,
                between_frames,
            } => {
                if input.is_empty() && *between_frames {
                    return Ok(Step { taken: 0, given: 0 });
                }
                let status = decoder
                    .run_on_buffers(input, output)
                    .map_err(|error| damaged("zstd", error.to_string()))?;
                let step = Step {
                    taken: status.bytes_read,
                    given: status.bytes_written,
                };
                if step.taken > 0 || step.given > 0 {
                    *between_frames = status.remaining == 0;
                }
                Ok(step)
            }
        }
    }
}

fn copy(input: &[u8], output: &mut [u8]) -> Step {
    let length = input.len().min(output.len());
    if let (Some(from), Some(to)) = (input.get(..length), output.get_mut(..length)) {
        to.copy_from_slice(from);
    }
    Step {
        taken: length,
        given: length,
    }
}

/// Inflates; zeros between two members are padding, anything else there must be another member.
fn inflate(member: &mut Option<Box<Decompress>>, input: &[u8], output: &mut [u8]) -> Result<Step, ContentsError> {
    let padding = if member.is_none() {
        input.iter().take_while(|&&byte| byte == 0).count()
    } else {
        0
    };
    let input = input.get(padding..).unwrap_or_default();
    if member.is_none() && input.is_empty() {
        return Ok(Step {
            taken: padding,
            given: 0,
        });
    }
    let inflater = member.get_or_insert_with(new_member);
    let (taken, given) = (inflater.total_in(), inflater.total_out());
    let status = inflater
        .decompress(input, output, FlushDecompress::None)
        .map_err(|error| damaged("gzip", error.to_string()))?;
    let step = Step {
        taken: since(inflater.total_in(), taken),
        given: since(inflater.total_out(), given),
    };
    match status {
        Status::StreamEnd => *member = None,
        Status::BufError if !input.is_empty() && step.taken == 0 && step.given == 0 => {
            return Err(damaged("gzip", "it makes no progress".to_owned()));
        }
        Status::Ok | Status::BufError => {}
    }
    Ok(Step {
        taken: step.taken + padding,
        given: step.given,
    })
}

fn new_member() -> Box<Decompress> {
    Box::new(Decompress::new_gzip(GZIP_WINDOW_BITS))
}

fn since(now: u64, before: u64) -> usize {
    usize::try_from(now - before).unwrap_or(usize::MAX)
}

fn damaged(packing: &'static str, detail: String) -> ContentsError {
    ContentsError::DamagedStream { packing, detail }
}
