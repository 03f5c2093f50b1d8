//! Reads a layer on one thread: takes the compression away and reads the archive inside.

use super::{ContentsError, LayerContents, LayerLimits, TarReader, Unpacker};

/// Plain bytes are passed on in pieces of this size: large enough for the hash's widest instructions.
pub(super) const PIECE: usize = 256 << 10;

/// A push parser of whole layers: packed bytes in, contents out.
pub struct LayerReader {
    unpacker: Unpacker,
    archive: TarReader,
    piece: Vec<u8>,
}

impl LayerReader {
    /// A reader that has seen nothing yet. The media type is only believed where the bytes leave a choice: packing and
    /// format are recognised by content.
    ///
    /// # Errors
    /// [`ContentsError::UnknownPacking`] for encrypted layers.
    pub fn new(media_type: &str, limits: LayerLimits) -> Result<Self, ContentsError> {
        Ok(Self {
            unpacker: Unpacker::for_layer(media_type, limits)?,
            archive: TarReader::new(limits),
            piece: vec![0; PIECE],
        })
    }

    /// See [`TarReader::or_single_file`].
    #[must_use]
    pub fn or_single_file(mut self, path: Option<&str>) -> Self {
        self.archive = self.archive.or_single_file(path);
        self
    }

    /// Takes the next bytes of the layer, as stored.
    ///
    /// # Errors
    /// Any [`ContentsError`] but those of the end.
    pub fn push(&mut self, mut bytes: &[u8]) -> Result<(), ContentsError> {
        loop {
            let filled = self.unpacker.unpack(&mut bytes, &mut self.piece)?;
            self.archive.push(self.piece.get(..filled).unwrap_or_default())?;
            if bytes.is_empty() && filled < self.piece.len() {
                return Ok(());
            }
        }
    }

    /// Says that no more bytes come.
    ///
    /// # Errors
    /// [`ContentsError::Truncated`], [`ContentsError::NotATar`].
    pub fn finish(mut self) -> Result<LayerContents, ContentsError> {
        let rest = self.unpacker.finish()?;
        self.archive.push(&rest)?;
        self.archive.finish()
    }
}
