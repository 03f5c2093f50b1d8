//! Headers that lie: each is refused with an error that says which word is the lie, and costs little.

use super::{
    building::{Gguf, Sparse, only, read, read_streamed, safetensors},
    *,
};

/// The error of a file of this header and so many bytes of data.
fn refused(json: &str, data: usize) -> String {
    let file = safetensors(json, data);
    let error = only(read(&file, "model.safetensors")).expect_err(json);
    assert!(error.hint().is_some());
    assert!(error.to_string().len() < 600);
    error.to_string()
}

#[test]
fn lies_of_safetensors_are_named() {
    let tensor = |name: &str, dtype: &str, shape: &str, offsets: &str| {
        format!(r#""{name}":{{"dtype":"{dtype}","shape":{shape},"data_offsets":{offsets}}}"#)
    };
    let cases = [
        (
            tensor("a", "F32", "[2]", "[0,8]"),
            4,
            "the tensor a is said to end at byte",
        ),
        (
            tensor("a", "F32", "[2]", "[0,9]"),
            9,
            "the tensor a is said to take 9 bytes, but its type and shape take 8",
        ),
        (
            tensor("a", "F32", "[2]", "[8,0]"),
            8,
            "the tensor a ends before it begins",
        ),
        (
            [tensor("a", "F32", "[2]", "[0,8]"), tensor("b", "F32", "[2]", "[4,12]")].join(","),
            12,
            "the tensors a and b lie over each other",
        ),
        (
            [tensor("a", "U8", "[1]", "[0,1]"), tensor("a", "U8", "[1]", "[1,2]")].join(","),
            2,
            "the name a stands for two tensors",
        ),
        (
            tensor("a", "F32", "[4294967296,4294967296]", "[0,8]"),
            8,
            "the shape of the tensor a makes no size",
        ),
        (
            tensor("a", "F4", "[3]", "[0,2]"),
            2,
            "the shape of the tensor a makes no size",
        ),
        (
            tensor("a", "U8", "[1]", "[18446744073709551614,18446744073709551615]"),
            1,
            "is said to end at byte",
        ),
        (tensor("a", "U8", "[-1]", "[0,1]"), 1, "is damaged at byte"),
        (tensor("a", "U8", "[1e9]", "[0,1]"), 1, "is damaged at byte"),
        (
            tensor("a", "U8", &format!("[{}1]", "1,".repeat(40)), "[0,1]"),
            1,
            "at most 32 numbers",
        ),
        (
            r#""a":{"dtype":"U8","dtype":"I8","shape":[1],"data_offsets":[0,1]}"#.to_owned(),
            1,
            "duplicate field",
        ),
        (
            r#""a":{"dtype":"U8","shape":[1]}"#.to_owned(),
            1,
            "the tensor a lacks dtype, shape or data_offsets",
        ),
        (r#""a":7"#.to_owned(), 1, "is damaged at byte"),
        (
            r#""__metadata__":{"a":"1","a":"2"}"#.to_owned(),
            0,
            "the key a stands twice",
        ),
        (
            r#""__metadata__":{},"__metadata__":{}"#.to_owned(),
            0,
            "the key __metadata__ stands twice",
        ),
        (r#""__metadata__":{"a":1}"#.to_owned(), 0, "is damaged at byte"),
        (
            tensor(&"n".repeat(5000), "U8", "[1]", "[0,1]"),
            1,
            "the name of a tensor is said to be 5.00 kB long",
        ),
    ];
    for (entries, data, words) in cases {
        let error = refused(&format!("{{{entries}}}"), data);
        assert!(error.contains(words), "{words}: {error}");
    }
    assert!(refused(r#"{"a":"#, 0).contains("is damaged at byte"));
    assert!(
        refused("{} x", 0).contains("is damaged at byte 11"),
        "{}",
        refused("{} x", 0)
    );
}

#[test]
fn lengths_over_the_file_and_over_the_limit_cost_nothing() {
    let mut too_long = 5_000_u64.to_le_bytes().to_vec();
    too_long.extend_from_slice(b"{\"a\"");
    let error = only(read(&too_long, "a.safetensors")).expect_err("it is longer than the file");
    assert!(
        error
            .to_string()
            .contains("the header is said to end at byte 5008, but the file has 12 bytes"),
        "{error}"
    );
    let mut huge = 100_000_001_u64.to_le_bytes().to_vec();
    huge.extend_from_slice(b"{\"a\"");
    let mut blob = Sparse::new(huge, 1 << 40);
    let error = only(blob.read("a.safetensors")).expect_err("over the limit");
    assert!(error.to_string().contains("more than the limit of 100 MB"), "{error}");
    assert!(blob.bytes < 200_000);
    let mut endless = u64::MAX.to_le_bytes().to_vec();
    endless.extend_from_slice(b"{\"a\"");
    assert_eq!(only(read(&endless, "a.safetensors")), Err(TensorsError::UnknownFormat));
    for bytes in [
        &b""[..],
        b"{",
        b"\x80\x04\x95",
        b"version https://git-lfs.github.com/spec/v1\n",
    ] {
        assert_eq!(only(read(bytes, "pytorch_model.bin")), Err(TensorsError::UnknownFormat));
    }
    let packed = only(read(b"\x1f\x8b\x08\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", "model.safetensors"));
    assert_eq!(packed, Err(TensorsError::Packed("gzip")));
}

/// What is wrong with a GGUF file of these bytes.
fn gguf_refused(file: &[u8]) -> String {
    let error = only(read(file, "model.gguf")).expect_err("it lies");
    let streamed = only(read_streamed(file, "model.gguf", 16));
    assert!(streamed.is_err() || file.len() > 24, "{error}");
    error.to_string()
}

#[test]
fn lies_of_gguf_are_named() {
    let head = |tensors: u64, pairs: u64| Gguf::new(tensors, pairs);
    let mut cases: Vec<(Vec<u8>, &str)> = vec![
        (head(1 << 40, 0).with_data(0), "announces 1099511627776 tensors"),
        (
            head(0, u64::MAX).with_data(0),
            "announces 18446744073709551615 metadata keys",
        ),
        (
            b"GGUF\x01\0\0\0\x01\0\0\0\0\0\0\0aaaaaaaa".to_vec(),
            "GGUF version 1 cannot be read",
        ),
        (b"GGUF\x03\0\0\0".to_vec(), "the file ends in the middle of the header"),
        (
            head(0, 1).text("a").u32(13).with_data(64),
            "there is no type 13 of values",
        ),
        (
            head(0, 1).text("a").u32(8).u64(1 << 50).with_data(64),
            "a text is said to end at byte",
        ),
        (
            head(0, 1).u64(70_000).with_data(80_000),
            "a key is said to be 70.0 kB long",
        ),
        (
            head(0, 1).text("a").u32(9).u32(8).u64(1 << 60).with_data(64),
            "announces 1152921504606846976 values in a list",
        ),
        (
            head(0, 1).text("general.alignment").u32(4).u32(0).with_data(64),
            "general.alignment is no power of two",
        ),
        (
            head(0, 1).text("general.alignment").u32(4).u32(48).with_data(64),
            "general.alignment is no power of two",
        ),
        (
            head(0, 2).text("a").u32(4).u32(0).text("a").u32(4).u32(0).with_data(64),
            "the key a stands twice",
        ),
        (
            head(1, 0).tensor("a", &[64], 0, 0).with_data(128),
            "the tensor a is said to end at byte",
        ),
        (
            head(1, 0).tensor("a", &[1 << 40, 1 << 40], 0, 0).with_data(32),
            "the shape of the tensor a makes no size",
        ),
        (
            head(1, 0).tensor("a", &[33], 8, 0).with_data(96),
            "the shape of the tensor a makes no size",
        ),
        (
            head(1, 0).tensor("a", &[8], 0, 8).with_data(96),
            "the tensor a does not lie at a multiple of 32",
        ),
        (
            head(1, 0).tensor("a", &[8], 0, u64::MAX - 31).with_data(96),
            "the tensor a is said to end at byte",
        ),
        (
            head(1, 0).tensor("a", &[1; 33], 0, 0).with_data(96),
            "announces 33 dimensions of a tensor",
        ),
        (
            head(2, 0)
                .tensor("a", &[32], 0, 0)
                .tensor("b", &[8], 0, 64)
                .with_data(128),
            "the tensors a and b lie over each other",
        ),
        (
            head(2, 0)
                .tensor("a", &[8], 0, 0)
                .tensor("a", &[8], 0, 32)
                .with_data(96),
            "the name a stands for two tensors",
        ),
    ];
    let mut nested = head(0, 1);
    nested.text("a").u32(9);
    for _ in 0..8 {
        nested.u32(9).u64(1);
    }
    cases.push((nested.with_data(200), "lists lie more than 4 deep"));
    for (file, words) in cases {
        let error = gguf_refused(&file);
        assert!(error.contains(words), "{words}: {error}");
    }
}

#[test]
fn archives_that_end_early_or_are_none_are_refused() {
    let whole: &[u8] = include_bytes!("../../../../../tests/fixtures/weights/gnu.tar");
    for end in [1100, 2048, 5000, 20_000] {
        let cut = read(&whole[..end], "models.tar");
        let problem = match cut {
            Err(error) => error.to_string(),
            Ok(found) => panic!("{end}: {} files", found.files.len()),
        };
        assert!(problem.contains("ends in the middle of"), "{end}: {problem}");
    }
    let mut damaged = whole.to_vec();
    damaged[1024 + 3] ^= 1;
    let error = read(&damaged, "models.tar").expect_err("a header does not fit its checksum");
    assert!(error.to_string().contains("checksum"), "{error}");
}

#[test]
fn long_texts_keep_their_beginning_and_their_length() {
    let long = "ä".repeat(100_000);
    let file = safetensors(&format!(r#"{{"__metadata__":{{"ss_tags":"{long}","short":"x"}}}}"#), 0);
    let file = only(read(&file, "lora.safetensors")).expect("sound");
    let MetadataValue::LongText { beginning, length } = &file.metadata["ss_tags"] else {
        panic!("it is cut")
    };
    assert_eq!((beginning.len(), *length), (64 << 10, 200_000));
    let mut gguf = Gguf::new(0, 2);
    gguf.text("template")
        .u32(8)
        .text(&long)
        .text("after")
        .u32(8)
        .text("x\u{1b}[2J\n");
    let file = gguf.with_data(0);
    for file in [only(read(&file, "a.gguf")), only(read_streamed(&file, "a.gguf", 1000))] {
        let file = file.expect("sound");
        assert!(
            matches!(&file.metadata["template"], MetadataValue::LongText { length: 200_000, beginning } if beginning.len() == 64 << 10)
        );
        assert_eq!(
            file.metadata["after"].to_string(),
            "x\u{241b}[2J\n",
            "what steers a terminal is made visible"
        );
    }
}

/// A field of a protobuf message with bytes in it.
fn field(number: u8, bytes: &[u8]) -> Vec<u8> {
    let mut field = vec![number << 3 | 2];
    field.extend_from_slice(&varint(bytes.len() as u64));
    field.extend_from_slice(bytes);
    field
}

fn varint(mut number: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let low = u8::try_from(number & 0x7f).expect("seven bits");
        number >>= 7;
        if number == 0 {
            bytes.push(low);
            return bytes;
        }
        bytes.push(low | 0x80);
    }
}

/// An initializer of F32 with this name, dimension, and bytes that are said to follow.
fn initializer(name: &str, dimension: u64, raw: &[u8]) -> Vec<u8> {
    let dims = [&[0x08][..], &varint(dimension), &[0x10, 0x01]].concat();
    field(5, &[dims, field(8, name.as_bytes()), field(9, raw)].concat())
}

#[test]
fn lies_of_onnx_are_named() {
    let model = |graph: &[u8]| [&[0x08, 0x0a][..], &field(7, graph)].concat();
    let cases: Vec<(Vec<u8>, &str)> = vec![
        (
            model(&initializer("a", 3, &[0; 8])),
            "the tensor a is said to take 8 bytes, but its type and shape take 12",
        ),
        (
            model(&initializer("a", u64::MAX, &[0; 8])),
            "the shape of the tensor a makes no size",
        ),
        (
            model(&[initializer("a", 2, &[0; 8]), initializer("a", 2, &[0; 8])].concat()),
            "the name a stands for two tensors",
        ),
        (model(&field(5, &[0x08, 0x01])), "an initializer has no name"),
        (
            vec![0x08, 0x0a, 0x3a, 0xff, 0xff, 0xff, 0x7f],
            "a part of the model is said to end at byte",
        ),
        (model(&[0x2a, 0x7f, 0x08]), "a part of the model is said to end at byte"),
        (vec![0x08, 0x0a], "neither safetensors nor GGUF"),
        ([0xff; 16].to_vec(), "a number has no end"),
        (b"\x07\x07\x07".to_vec(), "it is no protobuf message"),
        (vec![0x08, 0x0a, 0x3a], "the file ends in the middle of the model"),
        (
            model(&field(5, &[0x08, 0x01].repeat(40))),
            "announces 33 dimensions of a tensor",
        ),
        (
            model(&field(5, &field(8, &[b'n'; 5000]))),
            "a name is said to be 5.00 kB long",
        ),
        (
            model(&field(5, &field(1, &[1; 2000]))),
            "announces 2000 dimensions of a tensor",
        ),
    ];
    for (file, words) in cases {
        let error = only(read(&file, "model.onnx")).expect_err(words).to_string();
        assert!(error.contains(words), "{words}: {error}");
        let _ = only(read_streamed(&file, "model.onnx", 1)).expect_err(words);
    }
}

#[test]
fn the_values_of_onnx_are_passed_over() {
    let large = 80_u64 << 20;
    let head = |name: &str| {
        [
            &[0x08][..],
            &varint(large / 4),
            &[0x10, 0x01],
            &field(8, name.as_bytes()),
            &[0x4a],
            &varint(large),
        ]
        .concat()
    };
    let tensor = |name: &str| {
        let head = head(name);
        [&[0x2a][..], &varint(head.len() as u64 + large), &head].concat()
    };
    let (first, second) = (tensor("first"), tensor("second"));
    let graph = first.len() as u64 + second.len() as u64 + 2 * large;
    let start = [&[0x08, 0x0a, 0x3a][..], &varint(graph)].concat();
    let behind = usize::try_from(large).expect("it fits");
    let mut file = [start, first].concat();
    file.resize(file.len() + behind, 0);
    file.extend_from_slice(&second);
    let size = file.len() as u64 + large;
    let mut blob = Sparse::new(file, size);
    let found = only(blob.read("model.onnx")).expect("sound");
    assert_eq!(
        found.tensors.iter().map(|tensor| tensor.bytes.bytes()).sum::<u64>(),
        2 * large
    );
    assert!(
        blob.requests == 2 && blob.bytes < 300_000,
        "{} bytes in {} requests",
        blob.bytes,
        blob.requests
    );
}
