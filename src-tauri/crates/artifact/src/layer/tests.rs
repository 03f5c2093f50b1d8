//! Archives made by the `tar` crate and by hand: dialects, packings, damage, limits and the kept form.

use std::io::Write as _;

use flate2::{Compression, write::GzEncoder};
use proptest::prelude::*;

use super::{ContentsError, FileKind, LayerContents, LayerLimits, LayerReader, Packing, SpecialFile, Unpacker};
use crate::ByteSize;

/// Pushes `packed` in pieces of at most `piece` bytes.
fn read_in(packed: &[u8], piece: usize, limits: LayerLimits) -> Result<LayerContents, ContentsError> {
    let mut reader = LayerReader::new("application/vnd.oci.image.layer.v1.tar", limits)?;
    for bytes in packed.chunks(piece.max(1)) {
        reader.push(bytes)?;
    }
    reader.finish()
}

fn read(packed: &[u8]) -> Result<LayerContents, ContentsError> {
    read_in(packed, packed.len(), LayerLimits::default())
}

fn gzip(plain: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(plain).expect("memory takes all");
    encoder.finish().expect("memory takes all")
}

fn zstd(plain: &[u8]) -> Vec<u8> {
    zstd::encode_all(plain, 1).expect("memory takes all")
}

fn header(kind: tar::EntryType, size: u64) -> tar::Header {
    let mut header = tar::Header::new_gnu();
    header.set_entry_type(kind);
    header.set_size(size);
    header.set_mode(0o644);
    header.set_mtime(1_700_000_000);
    header.set_uid(1000);
    header.set_gid(1000);
    header.set_username("app").expect("short");
    header
}

fn add(archive: &mut tar::Builder<Vec<u8>>, path: &str, content: &[u8]) {
    archive
        .append_data(
            &mut header(tar::EntryType::Regular, content.len() as u64),
            path,
            content,
        )
        .expect("in memory");
}

/// A small archive with a bit of everything.
fn archive() -> Vec<u8> {
    let mut archive = tar::Builder::new(Vec::new());
    archive
        .append_data(&mut header(tar::EntryType::Directory, 0), "app/", &[][..])
        .expect("in memory");
    add(&mut archive, "app/empty", b"");
    add(&mut archive, "app/readme.md", "# Rißerkennung\n".as_bytes());
    add(&mut archive, "app/weights.bin", &[0, 1, 2, 255].repeat(50_000));
    add(
        &mut archive,
        &format!("app/{}/deep.py", "long-folder-name/".repeat(12)),
        b"pass\n",
    );
    archive
        .append_link(&mut header(tar::EntryType::Symlink, 0), "app/link", "../etc/target")
        .expect("in memory");
    let far = "usr/share/".repeat(14) + "far";
    archive
        .append_link(&mut header(tar::EntryType::Link, 0), "app/hard", &far)
        .expect("in memory");
    archive
        .append_data(&mut header(tar::EntryType::Char, 0), "dev/null", &[][..])
        .expect("in memory");
    archive
        .append_data(&mut header(tar::EntryType::Fifo, 0), "run/pipe", &[][..])
        .expect("in memory");
    add(&mut archive, "app/.wh.old.py", b"");
    add(&mut archive, "cache/.wh..wh..opq", b"");
    archive
        .append_pax_extensions([
            ("path", "ünïcode/päx".as_bytes()),
            ("mtime", b"1600000000.5"),
            ("uid", b"4000000000"),
        ])
        .expect("in memory");
    add(&mut archive, "overruled", b"pax");
    add(
        &mut archive,
        "usr/lib/python3.11/site-packages/torch-2.5.0.dist-info/METADATA",
        b"Name: torch\nVersion: 2.5.0\n",
    );
    archive.into_inner().expect("in memory")
}

#[test]
fn every_kind_of_entry_is_told_apart() {
    let contents = read(&archive()).expect("a sound archive");
    let entry = |path: &str| {
        contents
            .entries
            .iter()
            .find(|entry| entry.path == path)
            .unwrap_or_else(|| panic!("{path} is missing"))
    };
    assert_eq!(entry("app").kind, FileKind::Directory);
    assert_eq!(entry("app/empty").content, Some(*blake3::hash(b"").as_bytes()));
    let weights = entry("app/weights.bin");
    assert_eq!(weights.size, ByteSize(200_000));
    assert_eq!(
        weights.content,
        Some(*blake3::hash(&[0, 1, 2, 255].repeat(50_000)).as_bytes())
    );
    assert_eq!((weights.mode, weights.uid, &*weights.user), (0o644, 1000, "app"));
    assert_eq!(weights.modified.map(|time| time.timestamp()), Some(1_700_000_000));
    assert_eq!(
        entry(&format!("app/{}deep.py", "long-folder-name/".repeat(12))).size,
        ByteSize(5)
    );
    assert_eq!(entry("app/link").link_target.as_deref(), Some("../etc/target"));
    assert_eq!(
        (entry("app/hard").kind, entry("app/hard").link_target.clone()),
        (FileKind::Hardlink, Some("usr/share/".repeat(14) + "far"))
    );
    assert_eq!(
        (entry("dev/null").kind, entry("dev/null").special),
        (FileKind::File, Some(SpecialFile::CharacterDevice))
    );
    assert_eq!(entry("run/pipe").special, Some(SpecialFile::Pipe));
    assert_eq!(
        (entry("app/.wh.old.py").kind, entry("app/.wh.old.py").hides()),
        (FileKind::Whiteout, Some("app/old.py".to_owned()))
    );
    assert_eq!(
        (entry("cache/.wh..wh..opq").kind, entry("cache/.wh..wh..opq").hides()),
        (FileKind::Opaque, None)
    );
    let overruled = entry("ünïcode/päx");
    assert_eq!(
        (overruled.uid, overruled.modified.map(|time| time.timestamp_millis())),
        (4_000_000_000, Some(1_600_000_000_500))
    );
    assert_eq!(contents.entries.len(), 13);
    assert!(!contents.truncated);
}

#[test]
fn package_databases_and_texts_are_kept_and_nothing_else() {
    let contents = read(&archive()).expect("a sound archive");
    let kept: Vec<&str> = contents.texts.iter().map(|text| text.path.as_str()).collect();
    assert_eq!(kept.len(), 4, "{kept:?}");
    assert_eq!(
        contents.text("app/readme.md").map(|text| text.bytes.as_slice()),
        Some("# Rißerkennung\n".as_bytes())
    );
    assert!(contents.text("app/weights.bin").is_none());
    let metadata = "usr/lib/python3.11/site-packages/torch-2.5.0.dist-info/METADATA";
    assert!(contents.text(metadata).is_some());
    let limits = LayerLimits {
        text_bytes: 20,
        ..LayerLimits::default()
    };
    let contents = read_in(&archive(), 4096, limits).expect("a sound archive");
    assert!(
        contents.text(metadata).is_some(),
        "package databases have room of their own"
    );
    assert!(contents.texts_left_out > 0);
}

#[test]
fn packings_are_recognised_by_content_and_may_consist_of_parts() {
    let plain = archive();
    let expected = read(&plain).expect("a sound archive");
    let (first, second) = plain.split_at(plain.len() / 3);
    let members = [gzip(first), gzip(second)].concat();
    let padded = [members.clone(), vec![0; 1000]].concat();
    let frames = [
        zstd(first),
        vec![0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3],
        zstd(second),
    ]
    .concat();
    for (name, packed) in [
        ("gzip", gzip(&plain)),
        ("zstd", zstd(&plain)),
        ("members", members),
        ("padded", padded),
        ("frames", frames),
    ] {
        for piece in [1, 7, 512, 100_000] {
            assert_eq!(
                read_in(&packed, piece, LayerLimits::default()),
                Ok(expected.clone()),
                "{name} in pieces of {piece}"
            );
        }
    }
    assert!(matches!(
        read(b"\xfd7zXZ\0 and more"),
        Err(ContentsError::UnknownPacking("xz"))
    ));
    assert!(
        LayerReader::new(
            "application/vnd.oci.image.layer.v1.tar+gzip+encrypted",
            LayerLimits::default()
        )
        .is_err()
    );
}

#[test]
fn what_is_cut_off_is_an_error_that_says_so() {
    let plain = archive();
    for packed in [gzip(&plain), zstd(&plain)] {
        for length in [7, packed.len() / 2, packed.len() - 1] {
            let error = read(&packed[..length]).expect_err("it is cut");
            assert!(matches!(error, ContentsError::Truncated { .. }), "at {length}: {error}");
            assert!(error.hint().is_some());
        }
    }
    let weights = plain.len() / 2;
    assert_eq!(
        read(&plain[..weights]),
        Err(ContentsError::Truncated { within: "a file" })
    );
    assert_eq!(
        read(&plain[..700]),
        Err(ContentsError::Truncated { within: "a header" })
    );
}

#[test]
fn what_follows_a_gzip_stream_must_be_another() {
    let packed = [gzip(&archive()), b"garbage".to_vec()].concat();
    assert!(matches!(
        read(&packed),
        Err(ContentsError::DamagedStream { packing: "gzip", .. })
    ));
}

#[test]
fn damage_is_found() {
    let mut packed = gzip(&archive());
    let end = packed.len() - 6;
    packed[end] ^= 1;
    assert!(
        matches!(read(&packed), Err(ContentsError::DamagedStream { .. })),
        "the checksum of the stream is checked"
    );
    let mut plain = archive();
    plain[512 + 20] ^= 1;
    assert!(matches!(
        read(&plain),
        Err(ContentsError::DamagedArchive { offset: 512, .. })
    ));
    assert_eq!(read(b"no archive at all"), Err(ContentsError::NotATar));
    assert_eq!(read(&[b'x'; 2000]), Err(ContentsError::NotATar));
}

#[test]
fn a_layer_that_is_no_archive_is_the_single_file_that_was_named() {
    for content in [b"{\"a\": 1}".to_vec(), b"text ".repeat(1000), vec![7; 512]] {
        for packed in [content.clone(), gzip(&content), zstd(&content)] {
            let reader = LayerReader::new("application/vnd.oci.image.layer.v1.tar", LayerLimits::default());
            let mut reader = reader.expect("readable").or_single_file(Some("./config/model.json"));
            reader.push(&packed).expect("any bytes are a file");
            let contents = reader.finish().expect("any bytes are a file");
            let [entry] = contents.entries.as_slice() else {
                panic!("{:?}", contents.entries)
            };
            assert_eq!(
                (entry.path.as_str(), entry.size),
                ("config/model.json", ByteSize(content.len() as u64))
            );
            assert_eq!(entry.content, Some(*blake3::hash(&content).as_bytes()));
        }
    }
}

#[test]
fn nothing_at_all_is_an_empty_layer() {
    for plain in [vec![], vec![0; 1024]] {
        assert_eq!(read(&plain).map(|contents| contents.entries.len()), Ok(0));
        assert_eq!(read(&gzip(&plain)).map(|contents| contents.entries.len()), Ok(0));
    }
}

#[test]
fn bombs_stop() {
    let zeros = vec![0; 8 << 20];
    let limits = LayerLimits {
        suspicious_from: ByteSize(1 << 20),
        ratio: 100,
        ..LayerLimits::default()
    };
    for packed in [gzip(&zeros), zstd(&zeros)] {
        assert!(matches!(
            read_in(&packed, 1000, limits),
            Err(ContentsError::Bomb { .. })
        ));
    }
    let limits = LayerLimits {
        unpacked: ByteSize(1 << 20),
        ..LayerLimits::default()
    };
    assert!(matches!(read_in(&zeros, 1000, limits), Err(ContentsError::Bomb { .. })));
    assert!(
        read_in(&gzip(&zeros), 1000, LayerLimits::default()).is_ok(),
        "real layers may hold a few zeros"
    );
}

#[test]
fn too_many_entries_and_too_long_paths_are_left_out_and_said() {
    let mut archive = tar::Builder::new(Vec::new());
    for number in 0..50 {
        add(&mut archive, &format!("f{number}"), b"x");
    }
    add(&mut archive, &"d/".repeat(3000), b"");
    let archive = archive.into_inner().expect("in memory");
    let limits = LayerLimits {
        entries: 20,
        ..LayerLimits::default()
    };
    let contents = read_in(&archive, 1000, limits).expect("the rest is read");
    assert_eq!((contents.entries.len(), contents.truncated), (20, true));
    let contents = read(&archive).expect("the rest is read");
    assert_eq!(
        (contents.entries.len(), contents.truncated),
        (50, true),
        "no system can unpack a path that long"
    );
    let limits = LayerLimits {
        header_bytes: 100,
        ..LayerLimits::default()
    };
    assert!(read_in(&archive, 1000, limits).expect("the rest is read").truncated);
}

#[test]
fn a_sparse_file_has_its_full_size() {
    let mut block = *tar::Header::new_gnu().as_bytes();
    block[..6].copy_from_slice(b"sparse");
    block[124..136].copy_from_slice(b"00000001000\0");
    block[156] = b'S';
    block[482] = 1;
    block[483..495].copy_from_slice(b"00010000000\0");
    block[148..156].fill(b' ');
    let sum: u32 = block.iter().map(|&byte| u32::from(byte)).sum();
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    let mut after = tar::Builder::new(Vec::new());
    add(&mut after, "after", b"here");
    let archive = [
        block.to_vec(),
        vec![0; 512],
        vec![9; 512],
        after.into_inner().expect("in memory"),
    ]
    .concat();
    let contents = read(&archive).expect("a sound archive");
    let listed: Vec<_> = contents
        .entries
        .iter()
        .map(|entry| (entry.path.as_str(), entry.size.bytes(), entry.content.is_some()))
        .collect();
    assert_eq!(listed, [("sparse", 0o10_000_000, false), ("after", 4, true)]);
}

#[test]
fn the_kept_form_brings_everything_back() {
    let contents = read(&archive()).expect("a sound archive");
    let bytes = contents.to_bytes().expect("it can be written");
    assert_eq!(LayerContents::from_bytes(&bytes), Ok(contents));
    assert!(LayerContents::from_bytes(&[]).is_err());
    assert!(
        LayerContents::from_bytes(&[&[99], &bytes[1..]].concat()).is_err(),
        "another version"
    );
    for length in 1..bytes.len() {
        assert!(LayerContents::from_bytes(&bytes[..length]).is_err(), "cut at {length}");
    }
}

#[test]
fn an_unpacker_tells_the_packing() {
    let mut unpacker = Unpacker::new(LayerLimits::default());
    let packed = gzip(b"x");
    unpacker.unpack(&mut packed.as_slice(), &mut [0; 10]).expect("sound");
    assert_eq!(unpacker.packing(), Some(Packing::Gzip));
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused_whatever_the_pieces(bytes in proptest::collection::vec(any::<u8>(), 0..3000), piece in 1..1000_usize) {
        prop_assert_eq!(read_in(&bytes, piece, LayerLimits::default()), read(&bytes));
    }

    #[test]
    fn damage_anywhere_is_no_panic(position in 0..20_000_usize, byte: u8, packing in 0..3_u8) {
        let plain = archive();
        let mut packed = match packing { 0 => plain, 1 => gzip(&plain), _ => zstd(&plain) };
        let position = position % packed.len();
        packed[position] = byte;
        let _ = read_in(&packed, 1024, LayerLimits::default());
    }

    #[test]
    fn damage_in_the_kept_form_is_no_panic(position in 0..2000_usize, byte: u8) {
        let mut bytes = read(&archive()).expect("sound").to_bytes().expect("written");
        let position = position % bytes.len();
        bytes[position] = byte;
        let _ = LayerContents::from_bytes(&bytes);
        // Most damage is found by zstd; what it lets through must be found by the reader itself.
        let mut plain = zstd::decode_all(&read(&archive()).expect("sound").to_bytes().expect("written")[1..]).expect("sound");
        let position = position % plain.len();
        plain[position] = byte;
        let _ = LayerContents::from_bytes(&[vec![1], zstd(&plain)].concat());
    }
}
