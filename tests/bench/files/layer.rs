//! A layer as `pip install` of a framework leaves it: thousands of sources and their bytecode, large shared libraries,
//! package databases. Made up, always the same, and as compressible as the real thing: a third is left of it.

use std::{
    fmt::Write as _,
    fs::File,
    io::{self, Write},
    path::Path,
};

use artifact::Digest;
use flate2::{Compression, write::GzEncoder};
use sha2::{Digest as _, Sha256};

/// What was written.
pub(super) struct Written {
    pub(super) digest: Digest,
    /// The digest of the archive inside.
    pub(super) uncompressed: String,
    /// Folders are in the archive, too, so that every unpacker finds as many entries.
    pub(super) files: u64,
}

const ROOT: &str = "opt/venv/lib/python3.11/site-packages";
const PACKAGES: [&str; 12] = [
    "torch",
    "torchvision",
    "numpy",
    "scipy",
    "pandas",
    "sklearn",
    "onnxruntime",
    "transformers",
    "pillow",
    "pyarrow",
    "networkx",
    "sympy",
];
const WORDS: [&str; 48] = [
    "self",
    "return",
    "def",
    "if",
    "None",
    "import",
    "from",
    "tensor",
    "not",
    "in",
    "for",
    "is",
    "True",
    "False",
    "else",
    "raise",
    "ValueError",
    "shape",
    "dtype",
    "device",
    "isinstance",
    "index",
    "values",
    "axis",
    "result",
    "kwargs",
    "args",
    "int",
    "float",
    "str",
    "list",
    "dict",
    "Optional",
    "weight",
    "bias",
    "input",
    "output",
    "batch",
    "forward",
    "module",
    "config",
    "array",
    "class",
    "with",
    "as",
    "range",
    "len",
    "super",
];

/// Writes a layer of at least `size` bytes to `path`.
pub(super) fn write(path: &Path, size: u64) -> io::Result<Written> {
    let outside = Hashed::new(io::BufWriter::new(File::create(path)?));
    let inside = Hashed::new(GzEncoder::new(outside, Compression::default()));
    let mut archive = tar::Builder::new(inside);
    let mut random = Random(0x5eed);
    let mut files = folders(&mut archive)?;
    while archive.get_ref().inner.get_ref().written < size {
        files += package(&mut archive, files, &mut random)?;
    }
    let inside = archive.into_inner()?;
    let uncompressed = format!("sha256:{}", hex::encode(inside.hash.finalize()));
    let mut outside = inside.inner.finish()?;
    outside.flush()?;
    let digest = format!("sha256:{}", hex::encode(outside.hash.finalize()));
    Ok(Written {
        digest: digest.parse().expect("a digest by construction"),
        uncompressed,
        files,
    })
}

/// The folders that packages are in.
fn folders<W: Write>(archive: &mut tar::Builder<W>) -> io::Result<u64> {
    let ends = ROOT.match_indices('/').map(|(end, _)| end).chain([ROOT.len()]);
    ends.map(|end| add(archive, tar::EntryType::Directory, &format!("{}/", &ROOT[..end]), &[]))
        .sum()
}

/// One package: its folders, 60 modules with their bytecode, two libraries, its database.
fn package<W: Write>(archive: &mut tar::Builder<W>, number: u64, random: &mut Random) -> io::Result<u64> {
    let name = PACKAGES[random.below(PACKAGES.len())];
    let folder = format!("{ROOT}/{name}_{number}");
    let mut files = 0;
    for inner in ["", "/__pycache__", "/lib"] {
        files += add(archive, tar::EntryType::Directory, &format!("{folder}{inner}/"), &[])?;
    }
    for module in 0..60 {
        let source = source(random);
        files += add(
            archive,
            tar::EntryType::Regular,
            &format!("{folder}/module_{module}.py"),
            source.as_bytes(),
        )?;
        let bytecode = machine_code(random, source.len());
        let path = format!("{folder}/__pycache__/module_{module}.cpython-311.pyc");
        files += add(archive, tar::EntryType::Regular, &path, &bytecode)?;
    }
    for library in 0..2 {
        let length = 200_000 + random.below(4_000_000);
        let path = format!("{folder}/lib/lib{name}_{library}.so");
        files += add(archive, tar::EntryType::Regular, &path, &machine_code(random, length))?;
    }
    let information = format!("{ROOT}/{name}_{number}-1.{number}.dist-info");
    files += add(archive, tar::EntryType::Directory, &format!("{information}/"), &[])?;
    let metadata = format!(
        "Metadata-Version: 2.1\nName: {name}_{number}\nVersion: 1.{number}\n\n{}",
        source(random)
    );
    files += add(
        archive,
        tar::EntryType::Regular,
        &format!("{information}/METADATA"),
        metadata.as_bytes(),
    )?;
    Ok(files)
}

fn add<W: Write>(archive: &mut tar::Builder<W>, kind: tar::EntryType, path: &str, content: &[u8]) -> io::Result<u64> {
    let mut header = tar::Header::new_gnu();
    header.set_entry_type(kind);
    header.set_size(content.len() as u64);
    header.set_mode(0o755);
    header.set_mtime(1_760_000_000);
    archive.append_data(&mut header, path, content)?;
    Ok(1)
}

/// Something that reads like a module: frequent words, rarer names, numbers.
fn source(random: &mut Random) -> String {
    let length = 1_000 + random.below(30_000);
    let mut text = String::with_capacity(length + 80);
    while text.len() < length {
        text.push_str("\n        ".get(..1 + 4 * random.below(3)).unwrap_or("\n"));
        for _ in 0..3 + random.below(7) {
            let written = match random.below(10) {
                0 => write!(text, "_{:x}", random.next() >> 44),
                1 => write!(text, "{}", random.below(1000)),
                // Some words are much more frequent than others.
                _ => text.write_str(WORDS[random.below(WORDS.len()).min(random.below(WORDS.len()))]),
            };
            written.expect("memory takes all");
            text.push_str([" ", " ", "(", ", ", ".", " = "][random.below(6)]);
        }
    }
    text
}

/// Something that packs like a library: instructions of which few are frequent, with operands, padding and names between.
fn machine_code(random: &mut Random, length: usize) -> Vec<u8> {
    const FREQUENT: [&[u8]; 8] = [
        b"\x48\x89\xe5",
        b"\x48\x8b\x45",
        b"\x0f\x1f\x40\x00",
        b"\xe8",
        b"\x48\x83\xec",
        b"\xc3\x90",
        b"\x48\x8d\x3d",
        b"\x31\xc0",
    ];
    let mut code = Vec::with_capacity(length + 64);
    while code.len() < length {
        let operand = random.next().to_le_bytes();
        code.extend_from_slice(FREQUENT[random.below(8).min(random.below(8))]);
        match random.below(16) {
            0 => code.extend_from_slice(WORDS[random.below(WORDS.len())].as_bytes()),
            1 => code.extend_from_slice(&[0; 24]),
            2..8 => code.extend_from_slice(&operand[..1]),
            8..12 => code.extend_from_slice(&[operand[0], operand[1] & 3, 0, 0]),
            _ => code.extend_from_slice(&operand[..2]),
        }
    }
    code
}

/// Passes bytes on, hashes and counts them.
struct Hashed<W> {
    inner: W,
    hash: Sha256,
    written: u64,
}

impl<W> Hashed<W> {
    fn new(inner: W) -> Self {
        Self {
            inner,
            hash: Sha256::new(),
            written: 0,
        }
    }
}

impl<W: Write> Write for Hashed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let length = self.inner.write(bytes)?;
        self.hash.update(&bytes[..length]);
        self.written += length as u64;
        Ok(length)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// A small generator: the same numbers in every run.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() >> 33).unwrap_or_default() % bound
    }
}
