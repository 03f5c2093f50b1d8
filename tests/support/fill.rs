//! Fills a registry over HTTP with made-up images, fast, by nothing but the protocol: an independent writer beside skopeo and crane.

use futures::{StreamExt, stream};
use reqwest::{Client, header};
use serde_json::json;
use sha2::{Digest, Sha256};

/// How many uploads run side by side.
const AT_ONCE: usize = 16;

pub(crate) const IMAGE: &str = "application/vnd.oci.image.manifest.v1+json";
pub(crate) const INDEX: &str = "application/vnd.oci.image.index.v1+json";
const CONFIG: &str = "application/vnd.oci.image.config.v1+json";
const LAYER: &str = "application/vnd.oci.image.layer.v1.tar+gzip";

/// A repository of made-up versions.
pub(crate) struct Filling<'a> {
    /// `http://host:port`
    pub(crate) registry: &'a str,
    pub(crate) repository: &'a str,
    /// Tags `1.0.0` and up, one version each.
    pub(crate) tags: usize,
    /// The first so many are indexes of two platforms.
    pub(crate) two_platforms: usize,
}

/// What the protocol needs for one version: its tag, and the digests in it.
pub(crate) struct Filled {
    pub(crate) tag: String,
    pub(crate) digest: String,
    /// Of the platforms of an index; empty for an image.
    pub(crate) children: Vec<String>,
    pub(crate) configs: Vec<String>,
}

impl Filling<'_> {
    /// Writes everything. Versions share four layers out of twelve.
    ///
    /// # Panics
    /// If the registry refuses something.
    pub(crate) async fn write(&self) -> Vec<Filled> {
        let client = client();
        for number in 0..12_u8 {
            self.put_blob(&client, &layer(number)).await;
        }
        stream::iter(0..self.tags)
            .map(|number| self.write_version(&client, number))
            .buffered(AT_ONCE)
            .collect()
            .await
    }

    async fn write_version(&self, client: &Client, number: usize) -> Filled {
        let tag = format!("{}.{}.{}", 1 + number / 100, (number / 10) % 10, number % 10);
        if number >= self.two_platforms {
            let (manifest, config) = self.write_image(client, number, "amd64").await;
            let digest = self.put_manifest(client, &tag, IMAGE, &manifest).await;
            return Filled {
                tag,
                digest,
                children: Vec::new(),
                configs: vec![config],
            };
        }
        let mut entries = Vec::new();
        let mut configs = Vec::new();
        for architecture in ["amd64", "arm64"] {
            let (manifest, config) = self.write_image(client, number, architecture).await;
            let digest = digest(&manifest);
            self.put_manifest(client, &digest, IMAGE, &manifest).await;
            entries.push(json!({ "mediaType": IMAGE, "digest": digest, "size": manifest.len(),
                "platform": { "os": "linux", "architecture": architecture } }));
            configs.push(config);
        }
        let children = entries
            .iter()
            .filter_map(|entry| entry["digest"].as_str().map(str::to_owned))
            .collect();
        let index = to_bytes(&json!({ "schemaVersion": 2, "mediaType": INDEX, "manifests": entries }));
        let digest = self.put_manifest(client, &tag, INDEX, &index).await;
        Filled {
            tag,
            digest,
            children,
            configs,
        }
    }

    async fn write_image(&self, client: &Client, number: usize, architecture: &str) -> (Vec<u8>, String) {
        let config = to_bytes(&json!({
            "architecture": architecture, "os": "linux",
            "created": format!("2026-{:02}-{:02}T10:00:00Z", 1 + number % 10, 1 + number % 28),
            "config": { "Env": ["PATH=/usr/bin"], "Labels": { "accuracy": format!("0.{}", 900 + number % 100) } },
            "rootfs": { "type": "layers", "diff_ids": [] },
            "history": (0..4).map(|step| json!({ "created_by": format!("RUN step {step} of {number}") })).collect::<Vec<_>>(),
        }));
        let config_digest = self.put_blob(client, &config).await;
        let layers: Vec<_> = (0..4)
            .map(|step| layer(u8::try_from((number / 50 + step) % 12).expect("under twelve")))
            .collect();
        let descriptors: Vec<_> = layers
            .iter()
            .map(|layer| json!({ "mediaType": LAYER, "digest": digest(layer), "size": layer.len() }))
            .collect();
        let manifest = json!({ "schemaVersion": 2, "mediaType": IMAGE,
            "config": { "mediaType": CONFIG, "digest": config_digest, "size": config.len() }, "layers": descriptors });
        (to_bytes(&manifest), config_digest)
    }

    /// Uploads a blob and gives its digest.
    pub(crate) async fn put_blob(&self, client: &Client, bytes: &[u8]) -> String {
        let digest = digest(bytes);
        let uploads = format!("{}/v2/{}/blobs/uploads/", self.registry, self.repository);
        let begun = client
            .post(&uploads)
            .send()
            .await
            .expect("an upload begins")
            .error_for_status()
            .expect("an upload is allowed");
        let location = begun.headers()[header::LOCATION].to_str().expect("a location is text");
        let mut target = reqwest::Url::parse(&uploads)
            .and_then(|base| base.join(location))
            .expect("a location is an address");
        target.query_pairs_mut().append_pair("digest", &digest);
        let put = client
            .put(target)
            .body(bytes.to_vec())
            .send()
            .await
            .expect("a blob is sent");
        put.error_for_status().expect("a blob is taken");
        digest
    }

    /// Puts a manifest under a tag or its digest and gives the digest.
    pub(crate) async fn put_manifest(
        &self,
        client: &Client,
        reference: &str,
        media_type: &str,
        bytes: &[u8],
    ) -> String {
        let target = format!("{}/v2/{}/manifests/{reference}", self.registry, self.repository);
        let put = client
            .put(target)
            .header(header::CONTENT_TYPE, media_type)
            .body(bytes.to_vec());
        put.send()
            .await
            .expect("a manifest is sent")
            .error_for_status()
            .expect("a manifest is taken");
        digest(bytes)
    }
}

/// A client for filling. reqwest wants a cryptography even where nothing is encrypted.
pub(crate) fn client() -> Client {
    // Fails if another test was faster, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::new()
}

pub(crate) fn digest(bytes: &[u8]) -> String {
    format!("sha256:{}", hex::encode(Sha256::digest(bytes)))
}

fn to_bytes(value: &serde_json::Value) -> Vec<u8> {
    serde_json::to_vec(value).expect("a JSON value has bytes")
}

/// Not a real archive: who only lists never reads it.
fn layer(number: u8) -> Vec<u8> {
    vec![number; 1000 + usize::from(number) * 700]
}
