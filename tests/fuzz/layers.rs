//! Layers in any packing, and the trees that they make.

use std::sync::Arc;

use artifact::{ContentsError, Digest, LayerContents, LayerLimits, LayerReader, MergedTree};

use super::{fuzz, mutation::with_checksums};

/// Small enough that a few kilobytes can go beyond them.
const LIMITS: LayerLimits = LayerLimits {
    unpacked: artifact::ByteSize(32 << 20),
    ratio: 200,
    suspicious_from: artifact::ByteSize(1 << 20),
    entries: 10,
    path_length: 1024,
    path_bytes: 64 << 10,
    header_bytes: 16 << 10,
    text_length: 4 << 10,
    text_bytes: 16 << 10,
    package_length: 8 << 10,
    package_bytes: 16 << 10,
};

fn read(bytes: &[u8], piece: usize, single: Option<&str>) -> Result<LayerContents, ContentsError> {
    let mut reader = LayerReader::new("application/vnd.oci.image.layer.v1.tar", LIMITS)?.or_single_file(single);
    for piece in bytes.chunks(piece) {
        reader.push(piece)?;
    }
    reader.finish()
}

#[test]
fn archives_in_any_packing() {
    fuzz("layer", 1500, |input| {
        list(input);
        list(&with_checksums(input));
    });
}

fn list(input: &[u8]) {
    let whole = read(input, input.len().max(1), None);
    for piece in [1 + input.len() / 2, 512, 777] {
        // Where an archive and its packing are both damaged, the pieces decide which is met first.
        assert_eq!(whole.as_ref().ok(), read(input, piece, None).as_ref().ok());
    }
    let _ = read(input, 4096, Some("model/weights.bin"));
    let Ok(contents) = whole else { return };
    bounded(&contents);
    let bytes = contents.to_bytes().expect("it can be kept");
    assert_eq!(LayerContents::from_bytes(&bytes).as_ref(), Ok(&contents));
    laid_over_itself(contents);
}

fn bounded(contents: &LayerContents) {
    assert!(contents.entries.len() <= LIMITS.entries);
    assert!(
        contents
            .entries
            .iter()
            .all(|entry| entry.path.len() <= LIMITS.path_length && !entry.path.starts_with('/'))
    );
    let printable = |text: &str| !text.contains(|character: char| character.is_control());
    assert!(
        contents
            .entries
            .iter()
            .all(|entry| printable(&entry.path) && printable(&entry.user))
    );
    let texts: usize = contents.texts.iter().map(|text| text.bytes.len()).sum();
    assert!(texts <= LIMITS.text_bytes + LIMITS.package_bytes);
}

fn laid_over_itself(contents: LayerContents) {
    let contents = Arc::new(contents);
    let layers = [b"a", b"b"].map(|name| (Digest::of(name), Arc::clone(&contents)));
    let tree = MergedTree::merge(&layers);
    let paths: Vec<String> = tree.flat().map(|file| file.path).collect();
    assert!(
        paths.iter().all(|path| tree.file(path).is_some()),
        "what is listed is found"
    );
    let totals = tree.totals();
    let by_layer: u64 = tree.layer_totals().iter().map(|layer| layer.files).sum();
    assert_eq!(totals.files, by_layer);
    let _ = MergedTree::by_layer(&layers).totals();
}
