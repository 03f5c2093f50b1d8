//! Manifests that are put, with what belongs to them; and refusals in plain words.

use serde_json::{Value, json};

use super::{double::Double, *};
use crate::{ErrorCode, RawManifest, WritableRegistry};

const INDEX_TYPE: &str = "application/vnd.oci.image.index.v1+json";

fn raw(bytes: &str) -> RawManifest {
    RawManifest {
        digest: Digest::of(bytes.as_bytes()),
        media_type: MANIFEST_TYPE.to_owned(),
        bytes: bytes.to_owned().into(),
    }
}

/// A note on the manifest of all tests.
fn note(text: &str) -> RawManifest {
    let empty =
        json!({ "mediaType": "application/vnd.oci.empty.v1+json", "digest": Digest::of(b"{}").to_string(), "size": 2 });
    let note = json!({
        "schemaVersion": 2,
        "mediaType": MANIFEST_TYPE,
        "artifactType": "application/x.note",
        "config": empty,
        "layers": [],
        "subject": { "mediaType": MANIFEST_TYPE, "digest": manifest_digest().to_string(), "size": MANIFEST.len() },
        "annotations": { "text": text },
    });
    raw(&note.to_string())
}

fn fallback() -> String {
    Tag::of_referrers(&manifest_digest()).to_string()
}

async fn put(server: &FaultServer, target: Target, manifest: &RawManifest) -> Result<(), RegistryError> {
    connect(server)
        .put_manifest(&model(), &target, manifest, &quiet())
        .await
}

async fn put_note(server: &FaultServer, note: &RawManifest) -> Result<(), RegistryError> {
    put(server, Target::Digest(note.digest.clone()), note).await
}

/// What the fallback tag lists.
fn listed(double: &Double) -> Vec<Value> {
    let state = double.state();
    let Some(digest) = state.tags.get(&fallback()) else {
        return Vec::new();
    };
    let (media_type, bytes) = &state.manifests[digest];
    assert_eq!(media_type, INDEX_TYPE);
    let list: Value = serde_json::from_str(bytes).expect("JSON");
    list["manifests"].as_array().expect("a list").clone()
}

fn texts(double: &Double) -> Vec<String> {
    let text = |entry: Value| entry["annotations"]["text"].as_str().unwrap_or_default().to_owned();
    listed(double).into_iter().map(text).collect()
}

#[tokio::test]
async fn a_manifest_is_put_byte_for_byte() {
    let (server, double) = Double::serve(|_, _| None).await;
    let manifest = raw(MANIFEST);
    put(&server, tag("v1"), &manifest).await.expect("it is taken");
    put(&server, Target::Digest(manifest_digest()), &manifest)
        .await
        .expect("it is taken");
    let state = double.state();
    assert_eq!(state.tags["v1"], manifest_digest().to_string());
    assert_eq!(
        state.manifests[&manifest_digest().to_string()],
        (MANIFEST_TYPE.to_owned(), MANIFEST.to_owned())
    );
    assert_eq!(state.manifests.len(), 1);
}

#[tokio::test]
async fn what_is_not_what_it_says_is_not_sent() {
    let (server, _) = Double::serve(|_, _| None).await;
    let wrong = RawManifest {
        digest: Digest::of(b"other"),
        ..raw(MANIFEST)
    };
    let other = Target::Digest(Digest::of(b"other"));
    let schema1 = RawManifest {
        media_type: "application/vnd.docker.distribution.manifest.v1+prettyjws".to_owned(),
        ..raw(MANIFEST)
    };
    for (target, manifest) in [(tag("v1"), wrong), (other, raw(MANIFEST)), (tag("v1"), schema1)] {
        told(&put(&server, target, &manifest).await.expect_err("it must not be sent"));
    }
    assert!(server.asked().is_empty());
}

#[tokio::test]
async fn a_broken_put_is_sent_again() {
    for reply in [
        Reply::hang_up(),
        Reply::new(503, ""),
        Reply::new(429, "").header("Retry-After", "1"),
    ] {
        let (server, double) =
            Double::serve(move |asked, _| (asked.method == "PUT" && asked.earlier == 0).then(|| reply.clone())).await;
        put(&server, tag("v1"), &raw(MANIFEST))
            .await
            .expect("the second is taken");
        assert!(double.state().tags.contains_key("v1"));
    }
}

#[tokio::test]
async fn refusals_say_what_they_are() {
    let cases = [
        (409, "TAG_IMMUTABLE", ErrorCode::Conflict),
        (412, "PRECONDITION", ErrorCode::Conflict),
        (400, "ImageTagAlreadyExistsException", ErrorCode::Conflict),
        (403, "DENIED", ErrorCode::Denied),
        (400, "MANIFEST_BLOB_UNKNOWN", ErrorCode::Other),
        (413, "SIZE_INVALID", ErrorCode::Other),
        (405, "UNSUPPORTED", ErrorCode::Other),
        (404, "NAME_UNKNOWN", ErrorCode::NotFound),
    ];
    for (status, code, expected) in cases {
        let body = format!(r#"{{"errors":[{{"code":"{code}","message":"the reason"}}]}}"#);
        let server = open_registry(move |_| Reply::json(status, body.clone())).await;
        let error = put(&server, tag("v1"), &raw(MANIFEST)).await.expect_err("refused");
        assert_eq!(error.code(), expected, "{status} {code}: {error}");
        assert!(
            !error.retryable() && (status == 405 || error.to_string().contains("the reason")),
            "{error}"
        );
        let hinted = error.hint().is_some();
        assert!(hinted || status == 405, "{error}");
    }
}

#[tokio::test]
async fn another_digest_than_was_sent_is_not_believed() {
    let other = Digest::of(b"other").to_string();
    let server = open_registry(move |_| Reply::new(201, "").header("Docker-Content-Digest", other.clone())).await;
    let error = put(&server, tag("v1"), &raw(MANIFEST))
        .await
        .expect_err("another digest");
    assert!(matches!(error, RegistryError::InvalidAnswer { .. }), "{error}");
}

#[tokio::test]
async fn a_registry_that_takes_note_of_the_subject_needs_no_list() {
    let (server, double) = Double::serve(|_, _| None).await;
    double.state().notes_subjects = true;
    put_note(&server, &note("one")).await.expect("it is taken");
    assert!(!double.state().tags.contains_key(&fallback()));
}

#[tokio::test]
async fn without_notice_of_the_subject_the_list_is_kept() {
    let (server, double) = Double::serve(|_, _| None).await;
    let (one, two) = (note("one"), note("two"));
    put_note(&server, &one).await.expect("it is taken");
    let entry = json!({
        "mediaType": MANIFEST_TYPE,
        "digest": one.digest.to_string(),
        "size": one.bytes.len(),
        "artifactType": "application/x.note",
        "annotations": { "text": "one" },
    });
    assert_eq!(listed(&double), [entry]);
    put_note(&server, &two).await.expect("it is taken");
    let before = server.asked().iter().filter(|asked| asked.method == "PUT").count();
    put_note(&server, &one).await.expect("it is there");
    assert_eq!(texts(&double), ["one", "two"]);
    let puts = server.asked().iter().filter(|asked| asked.method == "PUT").count();
    assert_eq!(puts, before + 1, "the list is not put again for what stands in it");
}

#[tokio::test]
async fn a_manifest_without_a_type_is_listed_by_its_config() {
    let (server, double) = Double::serve(|_, _| None).await;
    let mut plain: Value = serde_json::from_slice(&note("one").bytes).expect("JSON");
    plain.as_object_mut().expect("an object").remove("artifactType");
    put_note(&server, &raw(&plain.to_string())).await.expect("it is taken");
    assert_eq!(listed(&double)[0]["artifactType"], "application/vnd.oci.empty.v1+json");
}

#[tokio::test]
async fn what_is_no_list_is_left_alone() {
    let (server, double) = Double::serve(|_, _| None).await;
    let held = double.tag(&fallback(), MANIFEST_TYPE, MANIFEST);
    let error = put_note(&server, &note("one")).await.expect_err("no list");
    assert!(matches!(error, RegistryError::Conflict { .. }), "{error}");
    assert_eq!(double.state().tags[&fallback()], held.to_string());
}

/// A list with one note of somebody else.
fn list_of_another() -> String {
    json!({
        "schemaVersion": 2, "mediaType": INDEX_TYPE, "annotations": { "kept": "as it was" },
        "manifests": [{ "mediaType": MANIFEST_TYPE, "digest": Digest::of(b"another").to_string(), "size": 7, "annotations": { "text": "another" } }],
    })
    .to_string()
}

#[tokio::test]
async fn two_writers_of_one_list_lose_nothing() {
    // The other one puts its list after this one's read, and, in the second case, after this one's look at the tag.
    for method in ["HEAD", "PUT"] {
        let (server, double) = Double::serve(move |asked, double| {
            let is_list = asked.path().ends_with(&fallback());
            if is_list && asked.method == method && asked.earlier == 0 {
                let answer = double.answer(asked);
                double.tag(&fallback(), INDEX_TYPE, &list_of_another());
                return Some(if method == "HEAD" { double.answer(asked) } else { answer });
            }
            None
        })
        .await;
        put_note(&server, &note("one")).await.expect("it is taken");
        assert_eq!(texts(&double), ["another", "one"], "{method}");
        let list = double.state().tags[&fallback()].clone();
        assert!(double.state().manifests[&list].1.contains("as it was"));
    }
}

#[tokio::test]
async fn what_was_deleted_does_not_keep_others_off_the_list() {
    // As distribution 2.8: whatever a list names has to be there.
    let (server, double) = Double::serve(|asked, _| {
        let is_list = asked.method == "PUT" && asked.path().ends_with(&fallback());
        let names_what_is_gone = asked.body.contains(&Digest::of(b"another").to_string());
        let refusal = r#"{"errors":[{"code":"MANIFEST_BLOB_UNKNOWN"}]}"#;
        (is_list && names_what_is_gone).then(|| Reply::json(400, refusal))
    })
    .await;
    double.tag(&fallback(), INDEX_TYPE, &list_of_another());
    put_note(&server, &note("one")).await.expect("it is taken");
    assert_eq!(texts(&double), ["one"]);
    let list = double.state().tags[&fallback()].clone();
    assert!(double.state().manifests[&list].1.contains("as it was"));
}

#[tokio::test]
async fn side_by_side_every_note_is_listed() {
    let (server, double) = Double::serve(|_, _| None).await;
    let registry = connect(&server);
    let notes: Vec<_> = (0..8).map(|number| note(&number.to_string())).collect();
    let puts = notes.iter().map(|note| {
        let registry = &registry;
        async move {
            let target = Target::Digest(note.digest.clone());
            registry.put_manifest(&model(), &target, note, &quiet()).await
        }
    });
    for outcome in futures::future::join_all(puts).await {
        outcome.expect("it is taken");
    }
    let mut texts = texts(&double);
    texts.sort();
    assert_eq!(texts, ["0", "1", "2", "3", "4", "5", "6", "7"]);
}

#[tokio::test]
async fn whether_the_login_may_write_shows_before_anything_is_sent() {
    for (status, code, expected) in [
        (403, "DENIED", ErrorCode::Denied),
        (404, "NAME_UNKNOWN", ErrorCode::NotFound),
        (405, "UNSUPPORTED", ErrorCode::Other),
    ] {
        let body = format!(r#"{{"errors":[{{"code":"{code}","message":"the reason"}}]}}"#);
        let server = open_registry(move |_| Reply::json(status, body.clone())).await;
        let error = connect(&server)
            .may_write(&model(), &quiet())
            .await
            .expect_err("it is refused");
        assert_eq!(error.code(), expected, "{status} {code}: {error}");
    }
    let (server, double) = Double::serve(|_, _| None).await;
    connect(&server)
        .may_write(&model(), &quiet())
        .await
        .expect("an upload may begin");
    let begun = server.asked().iter().filter(|asked| asked.method == "POST").count();
    assert_eq!(begun, 1, "one upload is begun, and cancelled");
    assert!(double.state().tags.is_empty());
}
