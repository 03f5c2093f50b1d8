//! What single plans look like, and what they say.

use artifact::{ByteSize, Digest, Tag};
use registry::{Operation, Place, Target, WritableRegistry};

use super::worlds::{SOURCE, TARGET};
use crate::{
    Action, ReferrerChoice, Selection, SourceArtifact, TargetState,
    double::{MemoryRegistry, Semantics, at, tag},
    plan_copy, read_artifact, read_target, transfer_of,
};

async fn read(registry: &MemoryRegistry, tags: &[&str]) -> (SourceArtifact, TargetState) {
    let selection = Selection {
        referrers: ReferrerChoice::All,
        ..Selection::default()
    };
    let operation = Operation::unobserved();
    let asked = Target::Tag(tag("v1"));
    let source = read_artifact(registry, &at(SOURCE), &asked, &selection, &operation)
        .await
        .expect("it is whole");
    let tags: Vec<Tag> = tags.iter().map(|name| tag(name)).collect();
    let target = read_target(registry, &at(TARGET), &source.needed(), &tags, &operation)
        .await
        .expect("it answers");
    (source, target)
}

fn model(registry: &MemoryRegistry) -> Digest {
    let image = registry.state().image(SOURCE, &["weights"]);
    registry.state().tag(SOURCE, "v1", &image);
    image
}

fn signature_tag(subject: &Digest) -> String {
    format!("{}.sig", Tag::of_referrers(subject))
}

#[tokio::test]
async fn within_a_registry_blobs_are_mounted_and_nothing_is_sent() {
    let registry = MemoryRegistry::new(Semantics::Distribution3);
    model(&registry);
    let (source, mut target) = read(&registry, &["v1"]).await;
    target.at.connection = "the same host by another login".into();
    let plan = plan_copy(&source, &target);
    let is_mount = |action: &Action| matches!(action, Action::MountBlob { from } if *from == at(SOURCE).repository);
    let blobs: Vec<_> = plan
        .steps
        .iter()
        .filter(|step| step.action != Action::PutManifest)
        .collect();
    assert_eq!(blobs.len(), 2, "the config and the layer");
    assert!(
        blobs
            .iter()
            .all(|step| is_mount(&step.action) && step.bytes == ByteSize::ZERO)
    );
}

#[tokio::test]
async fn to_another_registry_blobs_are_sent_and_their_bytes_counted() {
    let registry = MemoryRegistry::new(Semantics::Distribution3);
    model(&registry);
    let (source, mut target) = read(&registry, &["v1"]).await;
    target.at.connection = "another".into();
    target.place = Place::registry("another.test");
    let plan = plan_copy(&source, &target);
    let layer = plan
        .steps
        .iter()
        .find(|step| step.digest == Digest::of(b"weights"))
        .expect("the layer is sent");
    assert_eq!(layer.action, Action::CopyBlob { from: at(SOURCE) });
    assert_eq!(layer.bytes, ByteSize(7));
}

#[tokio::test]
async fn a_version_without_company_is_put_right_on_its_tags() {
    let registry = MemoryRegistry::new(Semantics::Distribution3);
    let image = model(&registry);
    let (source, target) = read(&registry, &["v1", "latest", "v1"]).await;
    let plan = plan_copy(&source, &target);
    let puts: Vec<_> = plan
        .steps
        .iter()
        .filter(|step| step.action == Action::PutManifest)
        .collect();
    let tags: Vec<_> = puts.iter().map(|step| step.tag.clone()).collect();
    assert_eq!(tags, vec![Some(tag("v1")), Some(tag("latest"))]);
    assert!(puts.iter().all(|step| step.digest == image && step.expected.is_none()));
}

#[tokio::test]
async fn a_tag_that_moves_is_told_and_what_it_held_is_kept_for_undo() {
    let registry = MemoryRegistry::new(Semantics::Distribution3);
    let image = model(&registry);
    let before = registry.state().image(TARGET, &["older weights"]);
    registry.state().tag(TARGET, "v1", &before);
    let (source, target) = read(&registry, &["v1"]).await;
    let plan = plan_copy(&source, &target);
    let last = plan.steps.last().expect("the tag is put");
    assert_eq!((last.expected.as_ref(), &last.digest), (Some(&before), &image));
    assert!(plan.manifests.contains_key(&before));
    let told = format!("the tag v1 moves from {} to {}", before.short(), image.short());
    assert_eq!(plan.warnings, vec![told]);
}

#[tokio::test]
async fn without_a_tag_the_version_is_put_under_its_digest() {
    let registry = MemoryRegistry::new(Semantics::Distribution3);
    let image = model(&registry);
    let (source, target) = read(&registry, &[]).await;
    let plan = plan_copy(&source, &target);
    let last = plan.steps.last().expect("the version is put");
    assert_eq!((&last.tag, &last.digest), (&None, &image));
}

#[tokio::test]
async fn signatures_of_others_in_the_target_are_not_lost() {
    let registry = MemoryRegistry::new(Semantics::Distribution3);
    let image = model(&registry);
    let ours = registry.state().image(SOURCE, &["our signature"]);
    registry.state().tag(SOURCE, &signature_tag(&image), &ours);
    let theirs = registry.state().image(TARGET, &["their signature"]);
    registry.state().tag(TARGET, &signature_tag(&image), &theirs);
    let (source, target) = read(&registry, &["v1"]).await;
    let plan = plan_copy(&source, &target);
    let touches = plan
        .steps
        .iter()
        .any(|step| step.tag.as_ref().is_some_and(Tag::is_referrer_name));
    assert!(!touches, "{:#?}", plan.steps);
    assert!(
        plan.warnings.iter().any(|warning| warning.contains("do not travel")),
        "{:?}",
        plan.warnings
    );
}

#[tokio::test]
async fn a_signature_tag_with_more_replaces_one_with_less() {
    let registry = MemoryRegistry::new(Semantics::Distribution3);
    let image = model(&registry);
    let both = registry.state().image(SOURCE, &["first signature", "second signature"]);
    registry.state().tag(SOURCE, &signature_tag(&image), &both);
    let first = registry.state().image(TARGET, &["first signature"]);
    registry.state().tag(TARGET, &signature_tag(&image), &first);
    let (source, target) = read(&registry, &["v1"]).await;
    let plan = plan_copy(&source, &target);
    let signature = plan
        .steps
        .iter()
        .position(|step| step.digest == both && step.tag.is_some());
    let signature = signature.expect("the signatures travel");
    assert_eq!(plan.steps[signature].expected.as_ref(), Some(&first));
    let version = plan.steps.last().expect("the tag is last");
    assert!(version.tag == Some(tag("v1")) && version.after.contains(&signature));
}

#[tokio::test]
async fn a_referrer_that_is_there_but_not_listed_is_put_again() {
    let registry = MemoryRegistry::new(Semantics::Distribution2);
    let image = model(&registry);
    let signature = registry.state().referrer(SOURCE, "signature", &image);
    let raw = registry.state().raw(&signature);
    let (by_digest, operation) = (Target::Digest(signature.clone()), Operation::unobserved());
    registry
        .put_manifest(&at(SOURCE).repository, &by_digest, &raw, &operation)
        .await
        .expect("it is listed");
    // In the target it lies without a list that names it.
    assert_eq!(registry.state().image(TARGET, &["weights"]), image);
    assert_eq!(registry.state().referrer(TARGET, "signature", &image), signature);
    let (source, target) = read(&registry, &["v1"]).await;
    assert!(target.manifests.contains(&signature) && target.unlisted.contains(&signature));
    let plan = plan_copy(&source, &target);
    let step = plan
        .steps
        .iter()
        .find(|step| step.digest == signature)
        .expect("it is put again");
    assert_eq!(step.expected.as_ref(), Some(&signature), "it is expected to be there");
}

#[tokio::test]
async fn a_target_that_fails_is_no_empty_target() {
    let registry = MemoryRegistry::new(Semantics::Distribution3);
    model(&registry);
    let (source, _) = read(&registry, &["v1"]).await;
    registry.refuse("HEAD target", 1, crate::double::denied());
    let operation = Operation::unobserved();
    let answer = read_target(&*registry, &at(TARGET), &source.needed(), &[tag("v1")], &operation).await;
    assert_eq!(
        answer.expect_err("nothing is known").code(),
        registry::ErrorCode::Denied
    );
}

#[tokio::test]
async fn what_is_there_already_is_told_and_not_sent() {
    let registry = MemoryRegistry::new(Semantics::Distribution3);
    model(&registry);
    registry.state().blob(TARGET, b"weights");
    let (source, target) = read(&registry, &["v1"]).await;
    let plan = plan_copy(&source, &target);
    let transfer = transfer_of(&source, &plan);
    assert_eq!(
        (transfer.found.clone(), transfer.arrives.clone()),
        (source.found, source.root)
    );
    assert_eq!(transfer.blobs.len(), 2, "the config and the layer");
    let skipped: Vec<&Digest> = transfer.skipped().map(|blob| &blob.digest).collect();
    assert_eq!(skipped, [&Digest::of(b"weights")]);
    for blob in transfer.blobs.iter().filter(|blob| blob.step.is_some()) {
        let step = blob
            .step
            .and_then(|place| plan.steps.get(place))
            .expect("a step of the plan");
        assert_eq!(
            (&step.digest, blob.size.0 > 0),
            (&blob.digest, true),
            "a mounted one tells its size, too"
        );
    }
}

#[tokio::test]
async fn the_tag_that_is_named_last_waits_for_the_others() {
    let registry = MemoryRegistry::new(Semantics::Distribution3);
    model(&registry);
    let (source, target) = read(&registry, &["1.4.2", "production"]).await;
    let plan = plan_copy(&source, &target);
    let places: Vec<usize> = (0..plan.steps.len())
        .filter(|place| plan.steps[*place].tag.is_some())
        .collect();
    let [own, channel] = places[..] else {
        panic!("two tags: {places:?}")
    };
    assert_eq!(plan.steps[channel].tag, Some(tag("production")));
    assert!(plan.steps[channel].after.contains(&own));
    assert_eq!(channel, plan.steps.len() - 1, "nothing comes after it");
}
