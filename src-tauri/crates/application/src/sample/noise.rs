//! Bytes that look like compiled code or trained weights: they do not compress, and are always the same for a label.

/// `length` bytes that belong to `label`.
pub(super) fn bytes(label: &str, length: usize) -> Vec<u8> {
    let mut hasher = blake3::Hasher::new();
    hasher.update(label.as_bytes());
    let mut bytes = vec![0; length];
    hasher.finalize_xof().fill(&mut bytes);
    bytes
}

/// `digits` lower-case hexadecimal digits that belong to `label`, such as a commit.
pub(super) fn hex(label: &str, digits: usize) -> String {
    let mut text = blake3::hash(label.as_bytes()).to_hex().to_string();
    text.truncate(digits);
    text
}

/// `count` weights that belong to `label`, spread evenly around zero.
pub(super) fn weights(label: &str, count: usize) -> Vec<f32> {
    let to_weight = |pair: &[u8; 2]| (f32::from(u16::from_le_bytes(*pair)) / f32::from(u16::MAX) - 0.5) * 0.08;
    bytes(label, count * 2)
        .as_chunks::<2>()
        .0
        .iter()
        .map(to_weight)
        .collect()
}
