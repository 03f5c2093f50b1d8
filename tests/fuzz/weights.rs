//! Headers of weights: by parts, as a stream, inside archives; and what is made of them.

use artifact::{
    ByteSize, Digest,
    tensors::{
        PlacedFile, StoredWeights, TensorFile, TensorLimits, TensorTable, WeightsFound, WeightsReader, difference,
        groups,
    },
};

use super::{fuzz, mutation::with_checksums};

/// Small enough that a few kilobytes can go beyond them.
const LIMITS: TensorLimits = TensorLimits {
    header: 128 << 10,
    tensors: 40,
    metadata_keys: 40,
    name: 200,
    text: 256,
    texts: 1024,
    dimensions: 8,
    members: 20,
};

/// Reads by parts, each as short as it may be.
fn by_parts(bytes: &[u8], path: &str) -> Option<WeightsFound> {
    let size = bytes.len() as u64;
    let mut reader = WeightsReader::new(path, Some(ByteSize(size)), LIMITS);
    let mut requests = 0;
    while let Some(wanted) = reader.wanted() {
        requests += 1;
        assert!(requests < 10_000, "it asks on for ever");
        assert!(wanted.offset + wanted.guess <= size, "{wanted:?} of {size}");
        if wanted.least == 0 {
            break;
        }
        let range = usize::try_from(wanted.offset).ok()?..usize::try_from(wanted.offset + wanted.least).ok()?;
        reader.push(&bytes[range]).ok()?;
    }
    reader.finish().ok()
}

fn streamed(bytes: &[u8], path: &str, size: Option<ByteSize>, piece: usize) -> Option<WeightsFound> {
    let mut reader = WeightsReader::new(path, size, LIMITS);
    for piece in bytes.chunks(piece) {
        reader.pass(piece).ok()?;
    }
    reader.finish().ok()
}

#[test]
fn headers() {
    fuzz("weights", 1200, |input| {
        // What has no mark of its own is taken for what its name says.
        for path in ["model.bin", "model.onnx"] {
            read(input, path);
            read(&with_checksums(input), path);
        }
    });
}

fn read(input: &[u8], path: &str) {
    let size = ByteSize(input.len() as u64);
    let whole = by_parts(input, path);
    for piece in [1 + input.len() / 3, 512, 77] {
        assert_eq!(whole, streamed(input, path, Some(size), piece), "in pieces of {piece}");
    }
    let _ = streamed(input, path, None, 999);
    let Some(found) = whole else { return };
    for file in &found.files {
        bounded(file, size.bytes());
    }
    let stored = StoredWeights {
        files: found.files.clone(),
        unread: Vec::new(),
        verified: false,
    };
    let bytes = stored.to_bytes().expect("it can be kept");
    // What is no number is not even equal to itself.
    let again = StoredWeights::from_bytes(&bytes).expect("and comes back");
    assert_eq!(format!("{again:?}"), format!("{stored:?}"));
    let _ = StoredWeights::from_bytes(input);
    compared(found.files);
}

fn bounded(file: &TensorFile, size: u64) {
    assert!(file.tensors.len() <= 40 && file.metadata.len() <= 40);
    for tensor in &file.tensors {
        assert!(!tensor.name.contains(|character: char| character.is_control()));
        if let Some(offset) = tensor.offset {
            let end = offset + tensor.bytes.bytes();
            assert!(file.base + end <= size, "{} ends at {end} of {size}", tensor.name);
        }
    }
    let texts: usize = file.metadata.values().map(|value| value.to_string().len()).sum();
    assert!(texts < 64 << 10, "{texts} bytes of metadata");
}

fn compared(files: Vec<TensorFile>) {
    let placed = files.into_iter().map(|file| PlacedFile {
        blob: Digest::of(b"a"),
        verified: false,
        file,
    });
    let Ok(table) = TensorTable::merge(placed.collect()) else {
        return;
    };
    let same = difference(&table, &table);
    assert!(same.is_same_layout() && same.same == table.len() as u64);
    let lines = groups(&[&table, &TensorTable::default()]);
    assert_eq!(lines.iter().map(|line| line.tensors).sum::<u64>(), table.len() as u64);
    assert_eq!(table.totals().tensors, table.len() as u64);
}
