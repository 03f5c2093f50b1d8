//! How much of a header is read and kept: foreign bytes never ask for unbounded memory.

/// The bounds of reading one blob of weights. [`TensorLimits::default`] suits every real model known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TensorLimits {
    /// The longest header of a safetensors file, as its own library has it, and of all others.
    pub header: u64,
    pub tensors: u64,
    pub metadata_keys: u64,
    /// In bytes; what is longer is refused.
    pub name: usize,
    /// In bytes; of what is longer the beginning is kept.
    pub text: usize,
    /// The bytes of all texts of metadata in a file together; later ones are kept by their length alone.
    pub texts: usize,
    pub dimensions: usize,
    /// Members of an archive that are looked at.
    pub members: usize,
}

impl Default for TensorLimits {
    fn default() -> Self {
        Self {
            header: 100_000_000,
            tensors: 1_000_000,
            metadata_keys: 65_536,
            name: 4096,
            text: 64 << 10,
            texts: 4 << 20,
            dimensions: 32,
            members: 100_000,
        }
    }
}
