//! Files by Python's own packages, read in every way, and held against what these packages say.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde::Deserialize;
use serde_json::Value;

use super::{
    building::{Gguf, Sparse, only, read, read_streamed, safetensors},
    *,
};
use crate::{ByteSize, Manifest};

macro_rules! fixtures {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_bytes!(concat!("../../../../../tests/fixtures/weights/", $name)).as_slice())),*]
    };
}

const FILES: &[(&str, &[u8])] = fixtures![
    "types.safetensors",
    "model-00001-of-00002.safetensors",
    "model-00002-of-00002.safetensors",
    "little.gguf",
    "big.gguf",
    "version2.gguf",
    "model.onnx",
];
const ARCHIVES: &[(&str, &[u8])] = fixtures!["gnu.tar", "pax.tar"];
const WITNESS: &str = include_str!("../../../../../tests/fixtures/weights/witness.json");

#[derive(Deserialize)]
struct Witness {
    tensors: Vec<WitnessedTensor>,
    metadata: BTreeMap<String, Value>,
}

#[derive(Deserialize)]
struct WitnessedTensor {
    name: String,
    dtype: String,
    shape: Vec<u64>,
    bytes: u64,
    /// None where the values lie in another file, or as numbers of another form.
    sha256: Option<String>,
}

fn witness() -> BTreeMap<String, Witness> {
    serde_json::from_str(WITNESS).expect("the witness is JSON")
}

fn fixture(name: &str) -> &'static [u8] {
    let found = FILES.iter().chain(ARCHIVES).find(|(own, _)| *own == name);
    found.expect("a fixture").1
}

/// Holds what was read against what Python says; `bytes`: the blob that the file lies in.
fn is_as_witnessed(file: &TensorFile, bytes: &[u8], witness: &Witness) {
    let mut tensors: Vec<&Tensor> = file.tensors.iter().collect();
    // Python's own names, with what Berth makes visible of them.
    let visible = |name: &str| name.replace('\n', "\u{240a}");
    tensors.sort_by(|one, other| one.name.cmp(&other.name));
    let mut expected: Vec<&WitnessedTensor> = witness.tensors.iter().collect();
    expected.sort_by_key(|tensor| visible(&tensor.name));
    assert_eq!(tensors.len(), expected.len(), "{}", file.path);
    for (tensor, expected) in tensors.into_iter().zip(expected) {
        let name = &tensor.name;
        assert_eq!(*name, visible(&expected.name));
        assert_eq!(tensor.dtype.name(), expected.dtype, "{name}");
        assert_eq!(tensor.shape, expected.shape, "{name}");
        assert_eq!(tensor.bytes.bytes(), expected.bytes, "{name}");
        let Some(sha256) = &expected.sha256 else {
            assert_eq!(tensor.offset, None, "{name}");
            continue;
        };
        let start = usize::try_from(file.base + tensor.offset.expect("known")).expect("small");
        let values = &bytes[start..start + usize::try_from(expected.bytes).expect("small")];
        let digest = crate::Digest::of(values);
        assert_eq!(digest.hex(), sha256, "the values of {name} lie elsewhere");
    }
}

fn are_as_witnessed(metadata: &BTreeMap<String, MetadataValue>, witness: &Witness) {
    let keys: Vec<&String> = metadata.keys().collect();
    assert_eq!(keys, witness.metadata.keys().collect::<Vec<_>>());
    for (key, value) in metadata {
        let expected = &witness.metadata[key];
        match (value, expected) {
            (MetadataValue::Text(text), Value::String(expected)) => assert_eq!(text, expected, "{key}"),
            (MetadataValue::Integer(integer), Value::Number(number)) => {
                assert_eq!(integer.to_string(), number.to_string(), "{key}");
            }
            (MetadataValue::Number(number), Value::Number(expected)) => {
                let expected = expected.as_f64().expect("a number");
                assert!(
                    (number - expected).abs() <= expected.abs() * 1e-7,
                    "{key}: {number} is not {expected}"
                );
            }
            (MetadataValue::Switch(switch), Value::Bool(expected)) => assert_eq!(switch, expected, "{key}"),
            (MetadataValue::List { values, .. }, Value::Array(expected)) => {
                let values: Vec<String> = values.iter().map(ToString::to_string).collect();
                assert_eq!(
                    values,
                    expected.iter().map(ToString::to_string).collect::<Vec<_>>(),
                    "{key}"
                );
            }
            (MetadataValue::List { length, .. }, Value::Number(expected)) => {
                assert_eq!(Some(*length), expected.as_u64(), "{key}");
            }
            (value, expected) => panic!("{key}: {value:?} is not {expected}"),
        }
    }
}

#[test]
fn what_python_wrote_is_what_python_reads() {
    let witness = witness();
    for (name, bytes) in FILES {
        let file = only(read(bytes, name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        is_as_witnessed(&file, bytes, &witness[*name]);
        are_as_witnessed(&file.metadata, &witness[*name]);
        assert!(file.problems.is_empty(), "{name}: {:?}", file.problems);
        for piece in [1, 7, 512, 100_000] {
            let streamed = only(read_streamed(bytes, name, piece)).expect("the same");
            assert_eq!(
                (streamed.tensors, streamed.metadata),
                (file.tensors.clone(), file.metadata.clone()),
                "{name}"
            );
        }
    }
}

#[test]
fn both_ends_of_numbers_say_the_same() {
    let [little, big, second] =
        ["little.gguf", "big.gguf", "version2.gguf"].map(|name| only(read(fixture(name), name)).expect("sound"));
    assert_eq!(little.metadata, second.metadata);
    assert_eq!(little.tensors, second.tensors);
    assert_eq!(little.tensors, big.tensors);
    let template = &little.metadata["tokenizer.chat_template"];
    assert!(template.to_string().contains("\n{{ message"), "it keeps its lines");
}

#[test]
fn files_in_plain_archives_are_found_by_their_headers() {
    let witness = witness();
    for (name, bytes) in ARCHIVES {
        let mut blob = Sparse::new(bytes.to_vec(), bytes.len() as u64);
        let found = blob.read("models.tar").expect("an archive");
        assert!(found.unread.is_empty());
        let [gguf, safetensors] = found.files.as_slice() else {
            panic!("{name}: {} files", found.files.len())
        };
        assert!(
            gguf.path.ends_with("room-for/model.gguf") && gguf.path.starts_with("models/a-long"),
            "{}",
            gguf.path
        );
        is_as_witnessed(gguf, bytes, &witness["little.gguf"]);
        is_as_witnessed(safetensors, bytes, &witness["types.safetensors"]);
        for piece in [1, 511, 4096] {
            assert_eq!(
                read_streamed(bytes, name, piece).expect("an archive").files,
                found.files,
                "{name}"
            );
        }
        assert_eq!(blob.requests, 1, "it is small");
    }
}

#[test]
fn of_large_files_only_headers_are_read() {
    let gigabytes = 13_u64 << 30;
    let mut archive = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_gnu();
    header.set_size(gigabytes);
    header.set_mode(0o644);
    header.set_path("model.safetensors").expect("a short path");
    header.set_cksum();
    let json = format!(
        r#"{{"w":{{"dtype":"U8","shape":[{0}],"data_offsets":[0,{0}]}}}}"#,
        gigabytes - 100
    );
    let json = format!("{json:92}");
    let mut blob = header.as_bytes().to_vec();
    blob.extend_from_slice(&safetensors(&json, 0));
    archive.finish().expect("in memory");
    // A second file lies behind the first.
    let mut blob = Sparse::new(blob, 512 + gigabytes + 1024);
    let file = only(blob.read("weights.tar")).expect("sound");
    assert_eq!(file.tensors[0].bytes.bytes(), gigabytes - 100);
    assert_eq!(file.base, 512);
    assert!(
        blob.bytes < 300_000 && blob.requests == 2,
        "{} bytes in {} requests",
        blob.bytes,
        blob.requests
    );
}

/// The JSON of a model of 7 billion parameters.
fn seven_billion() -> (String, u64) {
    let mut offset = 0;
    let mut entries = vec![r#""__metadata__":{"format":"pt"}"#.to_owned()];
    let mut add = |name: String, shape: &[u64]| {
        let end = offset + 2 * shape.iter().product::<u64>();
        entries.push(format!(
            r#""{name}":{{"dtype":"BF16","shape":{shape:?},"data_offsets":[{offset},{end}]}}"#
        ));
        offset = end;
    };
    add("model.embed_tokens.weight".to_owned(), &[32000, 4096]);
    for layer in 0..32 {
        for part in ["q_proj", "k_proj", "v_proj", "o_proj"] {
            add(format!("model.layers.{layer}.self_attn.{part}.weight"), &[4096, 4096]);
        }
        for part in ["gate_proj", "up_proj", "down_proj"] {
            add(format!("model.layers.{layer}.mlp.{part}.weight"), &[11008, 4096]);
        }
        add(format!("model.layers.{layer}.input_layernorm.weight"), &[4096]);
        add(format!("model.layers.{layer}.post_attention_layernorm.weight"), &[4096]);
    }
    add("model.norm.weight".to_owned(), &[4096]);
    add("lm_head.weight".to_owned(), &[32000, 4096]);
    (format!("{{{}}}", entries.join(",")), offset)
}

#[test]
fn a_model_of_seven_billion_parameters_costs_one_small_request() {
    let (json, data) = seven_billion();
    let header = safetensors(&json, 0);
    let size = header.len() as u64 + data;
    let mut blob = Sparse::new(header, size);
    let file = only(blob.read("model.safetensors")).expect("sound");
    assert_eq!(file.tensors.len(), 291);
    assert_eq!(file.tensors.iter().map(Tensor::parameters).sum::<u64>(), 6_738_415_616);
    assert!(
        blob.requests == 1 && blob.bytes < 200_000,
        "{} bytes in {}",
        blob.bytes,
        blob.requests
    );
}

#[test]
fn a_gguf_with_a_large_vocabulary_costs_its_header_and_little_more() {
    for longest in [4_u64, 12, 40] {
        let mut file = Gguf::new(291, 4);
        file.text("general.name").u32(8).text("large");
        file.text("tokenizer.ggml.tokens").u32(9).u32(8).u64(150_000);
        for token in 0..150_000_u64 {
            // Tokens grow longer towards the end, as they do in real ones.
            let length = 1 + token * longest / 150_000;
            file.text(&"t".repeat(usize::try_from(length).expect("short")));
        }
        file.text("tokenizer.ggml.token_type").u32(9).u32(5).u64(150_000);
        let length = file.bytes.len() + 600_000;
        file.bytes.resize(length, 1);
        file.text("tokenizer.ggml.merges").u32(9).u32(8).u64(280_000);
        for merge in 0..280_000_u64 {
            file.text(&format!("{merge} {merge}"));
        }
        for tensor in 0..291_u64 {
            file.tensor(
                &format!("blk.{tensor}.attn_q.weight"),
                &[4096, 4096],
                12,
                tensor * 9_437_184,
            );
        }
        let header = file.with_data(0);
        let mut blob = Sparse::new(header.clone(), header.len() as u64 + 291 * 9_437_184);
        let read = only(blob.read("model.gguf")).expect("sound");
        assert_eq!(read.tensors.len(), 291);
        assert!(matches!(
            read.metadata["tokenizer.ggml.merges"],
            MetadataValue::List {
                length: 280_000,
                fingerprint: Some(_),
                ..
            }
        ));
        let over = blob.bytes.saturating_sub(header.len() as u64);
        assert!(over <= 1 << 20, "{over} bytes beyond the header");
        assert!(
            blob.requests <= 5,
            "{} requests for {} bytes",
            blob.requests,
            header.len()
        );
    }
}

#[test]
fn types_have_names_of_their_own_and_unknown_ones_are_kept() {
    for dtype in dtype::ALL {
        assert_eq!(Dtype::named(dtype.name()), *dtype);
    }
    let strange = Dtype::named("F3_NEW\u{1b}[2J");
    assert_eq!(strange, Dtype::Other("F3_NEW\u{241b}[2J".to_owned()));
    let file = safetensors(r#"{"a":{"dtype":"F3_NEW","shape":[5],"data_offsets":[0,9]}}"#, 9);
    let file = only(read(&file, "a.safetensors")).expect("it is kept");
    assert_eq!(
        (file.tensors[0].dtype.to_string(), file.tensors[0].bytes),
        ("F3_NEW".to_owned(), ByteSize(9))
    );
    let mut gguf = Gguf::new(2, 0);
    gguf.tensor("a", &[32], 99, 0).tensor("b", &[8], 0, 64);
    let file = only(read(&gguf.with_data(96), "a.gguf")).expect("it is kept");
    assert_eq!(
        (file.tensors[0].dtype.to_string(), file.tensors[0].bytes),
        ("GGML type 99".to_owned(), ByteSize(64))
    );
}

#[test]
fn what_belongs_to_no_tensor_is_told() {
    let json = r#"{"a":{"dtype":"U8","shape":[4],"data_offsets":[2,6]}}"#;
    let file = only(read(&safetensors(json, 10), "a.safetensors")).expect("it can be read");
    let start = 8 + json.len();
    assert_eq!(
        file.problems,
        [(0, 2), (6, 10)].map(|(from, to)| format!("bytes {} to {} belong to no tensor", start + from, start + to))
    );
}

#[test]
fn what_was_read_is_kept_and_comes_back() {
    for (name, bytes) in FILES.iter().chain(ARCHIVES) {
        let found = read(bytes, name).expect("sound");
        let stored = StoredWeights {
            files: found.files,
            unread: vec![("a.bin".to_owned(), "no".to_owned())],
            verified: true,
        };
        let kept = stored.to_bytes().expect("it can be kept");
        assert_eq!(StoredWeights::from_bytes(&kept).as_ref(), Ok(&stored), "{name}");
        for end in 0..kept.len() {
            assert!(StoredWeights::from_bytes(&kept[..end]).is_err(), "{name} cut at {end}");
        }
    }
}

#[test]
fn layers_that_hold_weights_are_known_by_their_types() {
    let layer = |kind: &str, path: &str| {
        serde_json::json!({ "mediaType": format!("application/{kind}"), "size": 7, "digest": crate::Digest::of(kind.as_bytes()),
            "annotations": if path.is_empty() { serde_json::json!({}) } else { serde_json::json!({ "org.cncf.model.filepath": path }) } })
    };
    let weights = |config: &str, layers: &[(&str, &str)]| -> Vec<(String, StoredAs)> {
        let layers: Vec<Value> = layers.iter().map(|(kind, path)| layer(kind, path)).collect();
        let manifest = serde_json::json!({ "schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
            "config": layer(config, ""), "layers": layers });
        let manifest = Manifest::parse(None, manifest.to_string().as_bytes()).expect("a manifest");
        weights_of(&manifest)
            .into_iter()
            .map(|blob| (blob.path, blob.stored))
            .collect()
    };
    let named = |list: &[(&str, StoredAs)]| -> Vec<(String, StoredAs)> {
        list.iter().map(|&(path, stored)| (path.to_owned(), stored)).collect()
    };
    let pack = [
        ("vnd.cncf.model.weight.v1.raw", "model.safetensors"),
        ("vnd.cncf.model.weight.v1.tar", "a.safetensors"),
        ("vnd.cncf.model.weight.v1.tar+gzip", "b.safetensors"),
        ("vnd.cnai.model.weight.v1.tar+zstd", "c.safetensors"),
        ("vnd.cncf.model.weight.config.v1.raw", "config.json"),
        ("vnd.cncf.model.doc.v1.raw", "README.md"),
        ("vnd.cncf.model.weight.v1.gguf", ""),
    ];
    assert_eq!(
        weights("vnd.cncf.model.config.v1+json", &pack),
        named(&[
            ("model.safetensors", StoredAs::Raw),
            ("a.safetensors", StoredAs::Tar),
            ("b.safetensors", StoredAs::Gzip),
            ("c.safetensors", StoredAs::Zstd),
            ("gguf", StoredAs::Raw),
        ])
    );
    let kit = [
        ("vnd.kitops.modelkit.model.v1.tar", ""),
        ("vnd.kitops.modelkit.modelpart.v1.tar+gzip", ""),
        ("vnd.kitops.modelkit.dataset.v1.tar", ""),
    ];
    let found = weights("vnd.kitops.modelkit.config.v1+json", &kit);
    assert_eq!(
        found.iter().map(|(_, stored)| *stored).collect::<Vec<_>>(),
        [StoredAs::Tar, StoredAs::Gzip]
    );
    let docker = [
        ("vnd.docker.ai.gguf.v3", ""),
        ("vnd.docker.ai.safetensors", "model-00001-of-00002.safetensors"),
        ("vnd.docker.ai.license", ""),
        ("vnd.docker.ai.model.file", "config.json"),
        ("vnd.docker.ai.model.file", "onnx/model.onnx"),
        ("vnd.docker.ai.gguf.v3+encrypted", ""),
    ];
    let found = weights("vnd.docker.ai.model.config.v0.2+json", &docker);
    let stored: Vec<StoredAs> = found.iter().map(|(_, stored)| *stored).collect();
    assert_eq!(
        stored,
        [StoredAs::Raw, StoredAs::Raw, StoredAs::Raw, StoredAs::Encrypted]
    );
    let ollama = [
        ("vnd.ollama.image.model", ""),
        ("vnd.ollama.image.template", ""),
        ("vnd.ollama.image.projector", ""),
    ];
    assert_eq!(
        weights("vnd.docker.container.image.v1+json", &ollama),
        named(&[("model", StoredAs::Raw), ("projector", StoredAs::Raw)])
    );
    // Layers of images are not searched, whatever they are called.
    let image = [("vnd.oci.image.layer.v1.tar+gzip", "model.safetensors")];
    assert_eq!(weights("vnd.oci.image.config.v1+json", &image), named(&[]));
}

proptest! {
    #[test]
    fn any_tensors_come_back(tensors in proptest::collection::btree_map("[a-z.0-9]{1,12}", proptest::collection::vec(0_u64..5, 0..4), 0..12)) {
        let mut offset = 0;
        let mut entries = Vec::new();
        for (name, shape) in &tensors {
            let end = offset + 4 * shape.iter().product::<u64>();
            entries.push(format!(r#""{name}":{{"dtype":"F32","shape":{shape:?},"data_offsets":[{offset},{end}]}}"#));
            offset = end;
        }
        let file = safetensors(&format!("{{{}}}", entries.join(",")), usize::try_from(offset).expect("small"));
        let read = only(read(&file, "a.safetensors")).expect("sound");
        let found: BTreeMap<String, Vec<u64>> = read.tensors.into_iter().map(|tensor| (tensor.name, tensor.shape)).collect();
        prop_assert_eq!(found, tensors);
        prop_assert!(read.problems.is_empty());
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..600), kind in 0..3) {
        let mut file: Vec<u8> = match kind {
            0 => b"GGUF\x03\0\0\0\x01\0\0\0\0\0\0\0\x01\0\0\0\0\0\0\0".to_vec(),
            1 => b"\x40\0\0\0\0\0\0\0{".to_vec(),
            _ => Vec::new(),
        };
        file.extend_from_slice(&bytes);
        let whole = read(&file, "a.gguf").ok();
        prop_assert_eq!(&whole, &read(&file, "a.gguf").ok());
        let _ = read_streamed(&file, "a.gguf", 13);
    }
}
