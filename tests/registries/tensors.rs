//! The tensors of models in a real registry: read by parts of their blobs, as a proxy counts them, and equal to what
//! Python's own packages say of the same files.

use std::collections::BTreeMap;

use artifact::{
    ByteSize, Manifest,
    tensors::{PlacedFile, TensorTable, WeightBlob, difference, weights_of},
};
use catalog::{
    Index,
    contents::{WeightsOutcome, WeightsRead, WeightsSource, weights},
};
use serde_json::{Value, json};

use super::*;
use crate::support::{
    fill::{self, client},
    holding_proxy::HoldingProxy,
    registry_server::Setup,
};

const MODEL: &str = "llm/model";
const GGUF: &[u8] = include_bytes!("../fixtures/weights/little.gguf");
const TYPES: &[u8] = include_bytes!("../fixtures/weights/types.safetensors");
const WITNESS: &str = include_str!("../fixtures/weights/witness.json");

/// 64 MB of a model: 64 layers, each of a matrix and a vector, the first ones wider if asked for.
fn large(wide: usize) -> Vec<u8> {
    let mut entries = Vec::new();
    let mut offset = 0;
    for layer in 0..64 {
        let rows = if layer < wide { 513 } else { 512 };
        for (name, shape) in [("weight", vec![rows, 512]), ("bias", vec![rows])] {
            let end = offset + 4 * shape.iter().product::<usize>();
            let entry = json!({ "dtype": "F32", "shape": shape, "data_offsets": [offset, end] });
            entries.push(format!(r#""model.layers.{layer}.mlp.{name}":{entry}"#));
            offset = end;
        }
    }
    let header = format!("{{{}}}", entries.join(","));
    let mut file = (header.len() as u64).to_le_bytes().to_vec();
    file.extend_from_slice(header.as_bytes());
    file.resize(file.len() + offset, 7);
    file
}

/// Pushes a model of these files and gives its manifest.
async fn push(server: &RegistryServer, tag: &str, files: &[(&str, &str, &[u8])]) -> Manifest {
    let filling = Filling {
        registry: &server.url(),
        repository: MODEL,
        tags: 0,
        two_platforms: 0,
    };
    let client = client();
    let mut layers = Vec::new();
    for (path, form, bytes) in files {
        let digest = filling.put_blob(&client, bytes).await;
        layers.push(
            json!({ "mediaType": format!("application/vnd.cncf.model.weight.v1.{form}"), "digest": digest,
            "size": bytes.len(), "annotations": { "org.cncf.model.filepath": path } }),
        );
    }
    let config = br#"{"descriptor":{"name":"model"}}"#;
    let config_digest = filling.put_blob(&client, config).await;
    let manifest = json!({ "schemaVersion": 2, "mediaType": fill::IMAGE,
        "artifactType": "application/vnd.cncf.model.manifest.v1+json",
        "config": { "mediaType": "application/vnd.cncf.model.config.v1+json", "digest": config_digest, "size": config.len() },
        "layers": layers });
    let bytes = manifest.to_string().into_bytes();
    filling.put_manifest(&client, tag, fill::IMAGE, &bytes).await;
    Manifest::parse(None, &bytes).expect("a manifest")
}

struct Reader {
    _folder: tempfile::TempDir,
    index: Index,
    registry: Arc<dyn Registry>,
}

impl Reader {
    fn through(proxy: &HoldingProxy) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        Self {
            index: Index::open(&folder.path().join("index.sqlite"))
                .expect("a new index")
                .index,
            _folder: folder,
            registry: Arc::new(plain(&proxy.host)),
        }
    }

    async fn read(&self, blobs: Vec<WeightBlob>, stream: bool) -> WeightsRead {
        let source = WeightsSource {
            index: &self.index,
            registry: &self.registry,
            repository: &repository(MODEL),
            now: Clock::system().now(),
        };
        weights(&source, blobs, stream, &quiet())
            .await
            .expect("the registry answers")
    }

    async fn table(&self, manifest: &Manifest) -> TensorTable {
        let mut files = Vec::new();
        for found in self.read(weights_of(manifest), false).await.blobs {
            let WeightsOutcome::Read(weights) = found.outcome else {
                panic!("{found:?}")
            };
            files.extend(weights.files.into_iter().map(|file| PlacedFile {
                blob: found.blob.digest.clone(),
                verified: weights.verified,
                file,
            }));
        }
        TensorTable::merge(files).expect("sound files")
    }
}

/// Requests for blobs that passed, and the bytes of their answers.
fn blobs_passed(proxy: &HoldingProxy) -> (usize, usize) {
    let passed = proxy.take_passed();
    let blobs: Vec<usize> = passed
        .iter()
        .filter(|(line, _)| line.contains("/blobs/"))
        .map(|(_, bytes)| *bytes)
        .collect();
    (blobs.len(), blobs.iter().sum())
}

#[tokio::test]
async fn two_models_of_64_mb_are_compared_for_less_than_a_megabyte() {
    let server = RegistryServer::distribution2(&Setup::default());
    let (first, last) = (large(0), large(3));
    assert!(first.len() > 64 << 20);
    let first = push(&server, "1", &[("model.safetensors", "raw", &first)]).await;
    let last = push(&server, "2", &[("model.safetensors", "raw", &last)]).await;
    let proxy = HoldingProxy::before(&server.host);
    let reader = Reader::through(&proxy);
    let (before, after) = (reader.table(&first).await, reader.table(&last).await);
    let found = difference(&before, &after);
    assert_eq!((found.changed.len(), found.same), (6, 122));
    assert_eq!((found.added.len(), found.removed.len()), (0, 0));
    let (requests, bytes) = blobs_passed(&proxy);
    assert!(requests == 2 && bytes < 1 << 20, "{bytes} bytes in {requests} requests");
    assert!(!before.is_verified());
    let again = difference(&reader.table(&first).await, &reader.table(&last).await);
    assert_eq!(again, found);
    assert_eq!(proxy.take_passed(), [], "what was read once is never asked for again");
}

#[tokio::test]
async fn files_in_a_registry_are_what_python_says_of_them() {
    let server = RegistryServer::distribution2(&Setup::default());
    let mut archive = tar::Builder::new(Vec::new());
    for (path, bytes) in [("a/types.safetensors", TYPES), ("a/little.gguf", GGUF)] {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        archive.append_data(&mut header, path, bytes).expect("in memory");
    }
    // Large enough that it is not read whole.
    let mut header = tar::Header::new_gnu();
    header.set_size(1 << 20);
    archive
        .append_data(&mut header, "a/notes.txt", vec![b'n'; 1 << 20].as_slice())
        .expect("in memory");
    let archive = archive.into_inner().expect("in memory");
    let files: [(&str, &str, &[u8]); 3] = [
        ("types.safetensors", "raw", TYPES),
        ("model.gguf", "gguf", GGUF),
        ("a.tar", "tar", &archive),
    ];
    let manifest = push(&server, "1", &files).await;
    let proxy = HoldingProxy::before(&server.host);
    let reader = Reader::through(&proxy);
    let read = reader.read(weights_of(&manifest), false).await;
    let witness: BTreeMap<String, Value> = serde_json::from_str(WITNESS).expect("the witness is JSON");
    let mut seen = Vec::new();
    for found in &read.blobs {
        let WeightsOutcome::Read(weights) = &found.outcome else {
            panic!("{found:?}")
        };
        for file in &weights.files {
            let name = if file.path.ends_with("gguf") {
                "little.gguf"
            } else {
                "types.safetensors"
            };
            let mut said: Vec<(String, String, Vec<u64>)> = file
                .tensors
                .iter()
                .map(|tensor| {
                    (
                        tensor.name.replace('\u{240a}', "\n"),
                        tensor.dtype.to_string(),
                        tensor.shape.clone(),
                    )
                })
                .collect();
            said.sort();
            let mut expected: Vec<(String, String, Vec<u64>)> =
                serde_json::from_value::<Vec<BTreeMap<String, Value>>>(witness[name]["tensors"].clone())
                    .expect("a list of tensors")
                    .into_iter()
                    .map(|tensor| {
                        let text = |key: &str| tensor[key].as_str().expect("a text").to_owned();
                        let shape = tensor["shape"].as_array().expect("a list").iter();
                        (text("name"), text("dtype"), shape.filter_map(Value::as_u64).collect())
                    })
                    .collect();
            expected.sort();
            assert_eq!(said, expected, "{}", file.path);
            seen.push((file.path.clone(), weights.verified));
        }
    }
    let expected = [
        ("types.safetensors", true),
        ("model.gguf", true),
        ("a/types.safetensors", false),
        ("a/little.gguf", false),
    ];
    assert_eq!(seen, expected.map(|(path, verified)| (path.to_owned(), verified)));
    let (requests, bytes) = blobs_passed(&proxy);
    assert_eq!(requests as u64, read.requests, "every request is counted");
    assert!(
        bytes > usize::try_from(read.bytes_read.bytes()).expect("small"),
        "heads come with them"
    );
}

#[tokio::test]
async fn a_packed_model_is_read_as_a_stream_when_asked() {
    let server = RegistryServer::distribution2(&Setup::default());
    let packed = {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::none());
        std::io::Write::write_all(&mut encoder, &large(0)).expect("in memory");
        encoder.finish().expect("in memory")
    };
    let size = ByteSize(packed.len() as u64);
    let manifest = push(&server, "1", &[("model.safetensors", "tar+gzip", &packed)]).await;
    let proxy = HoldingProxy::before(&server.host);
    let reader = Reader::through(&proxy);
    let read = reader.read(weights_of(&manifest), false).await;
    assert!(matches!(
        read.blobs[0].outcome,
        WeightsOutcome::NeedsStream { to_read, .. } if to_read == size
    ));
    assert_eq!(proxy.take_passed(), [], "nothing was asked for");
    // Not through the proxy, which takes an answer whole before it passes it on.
    let direct = Reader {
        registry: Arc::new(plain(&server.host)),
        ..reader
    };
    let read = direct.read(weights_of(&manifest), true).await;
    let WeightsOutcome::Read(weights) = &read.blobs[0].outcome else {
        panic!("{read:?}")
    };
    assert_eq!(weights.files[0].tensors.len(), 128);
    assert!(read.bytes_read < ByteSize(2 << 20), "{}", read.bytes_read);
}
