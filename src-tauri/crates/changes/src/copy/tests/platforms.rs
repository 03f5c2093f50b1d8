//! Some platforms of an index.

use artifact::{Descriptor, Digest, Manifest, Platform};
use registry::{ErrorCode, Operation, Target, folder::FolderRegistry};
use serde_json::{Value, json};

use crate::{
    ChangeError, PlatformChoice, ReferrerChoice, Selection, SourceArtifact,
    double::{Layout, MODEL, at, tag},
    plan_promote_to, read_artifact, read_target,
};

async fn choose(registry: &FolderRegistry, platforms: PlatformChoice) -> Result<SourceArtifact, ChangeError> {
    let selection = Selection {
        platforms,
        referrers: ReferrerChoice::All,
    };
    let target = Target::Tag(tag("v1"));
    read_artifact(registry, &at(MODEL), &target, &selection, &Operation::unobserved()).await
}

fn chosen(platforms: &[&str]) -> PlatformChoice {
    PlatformChoice::Chosen(platforms.iter().map(|platform| platform_of(platform)).collect())
}

fn platform_of(text: &str) -> Platform {
    text.parse().expect("a platform")
}

fn root(source: &SourceArtifact) -> Manifest {
    let raw = &source.manifests[&source.root].raw;
    assert_eq!(
        Digest::of(&raw.bytes),
        source.root,
        "the new index has the digest of its bytes"
    );
    Manifest::parse(Some(&raw.media_type), &raw.bytes).expect("a manifest")
}

/// Two platforms with an attestation each, under `v1`.
struct Platforms {
    layout: Layout,
    amd: Descriptor,
    arm: Descriptor,
    about_amd: Descriptor,
    index: Descriptor,
}

impl Platforms {
    fn new() -> Self {
        let mut layout = Layout::new();
        let amd = layout.image("linux/amd64", &json!({}), &["for amd"]);
        let arm = layout.image("linux/arm64/v8", &json!({}), &["for arm"]);
        let about_amd = layout.attestation(&amd.digest, "https://slsa.dev/provenance/v1");
        let about_arm = layout.attestation(&arm.digest, "https://slsa.dev/provenance/v1");
        let entries = [amd.clone(), arm.clone(), about_amd.clone(), about_arm];
        let index = layout.index(&entries, Some("v1"));
        Self {
            layout,
            amd,
            arm,
            about_amd,
            index,
        }
    }
}

#[tokio::test]
async fn a_new_index_holds_the_chosen_platform_and_what_is_about_it() {
    let it = Platforms::new();
    let source = choose(&it.layout.open(), chosen(&["linux/amd64"]))
        .await
        .expect("it is there");
    let new = root(&source);
    let entries: Vec<&Digest> = new.children().iter().map(|child| &child.digest).collect();
    assert_eq!(entries, vec![&it.amd.digest, &it.about_amd.digest]);
    assert_eq!(
        new.annotations().get("org.example.team").map(String::as_str),
        Some("vision")
    );
    assert_eq!(new.children()[0].platform, it.amd.platform);
    assert!(source.manifests.len() == 3 && !source.manifests.contains_key(&it.arm.digest));
    let told = source.warnings.join(" ");
    assert!(
        told.contains(&source.root.to_string()) && told.contains(&it.index.digest.to_string()),
        "{told}"
    );
    assert!(told.contains("stay behind"), "{told}");
}

#[tokio::test]
async fn all_platforms_by_name_are_the_index_itself() {
    let it = Platforms::new();
    let source = choose(&it.layout.open(), chosen(&["linux/amd64", "linux/arm64"]))
        .await
        .expect("both are there");
    assert_eq!(source.root, it.index.digest);
    assert_eq!(source.warnings, Vec::<String>::new());
}

#[tokio::test]
async fn the_image_itself_comes_without_the_index() {
    let it = Platforms::new();
    let choice = PlatformChoice::Image(platform_of("linux/arm64"));
    let source = choose(&it.layout.open(), choice).await.expect("it is there");
    assert_eq!((&source.root, source.manifests.len()), (&it.arm.digest, 1));
    assert_eq!(source.found, it.index.digest);
}

#[tokio::test]
async fn an_unknown_platform_names_those_that_are_there() {
    let it = Platforms::new();
    let error = choose(&it.layout.open(), chosen(&["linux/amd64", "linux/riscv64"]))
        .await
        .expect_err("it is not there");
    assert_eq!(error.code(), ErrorCode::InvalidInput);
    assert!(error.to_string().contains("linux/riscv64"), "{error}");
    assert_eq!(
        error.hint().as_deref(),
        Some("choose among linux/amd64, linux/arm64/v8")
    );
}

#[tokio::test]
async fn a_single_image_is_known_by_its_config() {
    let mut layout = Layout::new();
    let image = layout.image("linux/amd64", &json!({}), &["weights"]);
    layout.name(&image, "v1");
    let registry = layout.open();
    let source = choose(&registry, chosen(&["linux/amd64"]))
        .await
        .expect("it is for this platform");
    assert!(source.keeps_digest() && source.root == image.digest);
    let error = choose(&registry, chosen(&["linux/arm64"]))
        .await
        .expect_err("it is for another platform");
    assert_eq!(error.hint().as_deref(), Some("choose among linux/amd64"));
}

#[tokio::test]
async fn platforms_of_nested_indexes_are_chosen_too() {
    let mut layout = Layout::new();
    let amd = layout.image("linux/amd64", &json!({}), &["for amd"]);
    let arm = layout.image("linux/arm64", &json!({}), &["for arm"]);
    let windows = layout.image("windows/amd64", &json!({}), &["for windows"]);
    let inner = layout.index(&[amd.clone(), arm], None);
    layout.index(&[windows, inner.clone()], Some("v1"));
    let source = choose(&layout.open(), chosen(&["linux/amd64"]))
        .await
        .expect("it is there");
    let outer = root(&source);
    let [nested] = outer.children() else {
        panic!("one nested index stays, not {:?}", outer.children());
    };
    assert_ne!(nested.digest, inner.digest);
    let raw = &source.manifests[&nested.digest].raw;
    assert_eq!(nested.size.bytes(), raw.bytes.len() as u64);
    let written: Value = serde_json::from_slice(&raw.bytes).expect("JSON");
    assert_eq!(written["manifests"].as_array().map(Vec::len), Some(1));
    assert_eq!(written["manifests"][0]["digest"], json!(amd.digest));
}

#[tokio::test]
async fn a_choice_is_written_the_same_every_time() {
    let it = Platforms::new();
    let registry = it.layout.open();
    let first = choose(&registry, chosen(&["linux/amd64"])).await.expect("it is there");
    let second = choose(&registry, chosen(&["linux/amd64"])).await.expect("it is there");
    assert_eq!(first.root, second.root);
}

#[tokio::test]
async fn some_platforms_are_no_promotion() {
    let it = Platforms::new();
    let registry = it.layout.open();
    let source = choose(&registry, chosen(&["linux/amd64"])).await.expect("it is there");
    let operation = Operation::unobserved();
    let target = read_target(&registry, &at("production"), &source.needed(), &[tag("v1")], &operation)
        .await
        .expect("a repository that is not there holds nothing");
    let error = plan_promote_to(&source, &target).expect_err("its digest would differ");
    assert_eq!(error.code(), ErrorCode::InvalidInput);
}
