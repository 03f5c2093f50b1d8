//! Bodies that break off, stop, never end, are something else or are not what their digest says.

use futures::StreamExt;

use super::*;
use crate::ErrorCode;

const BLOB: &[u8] = b"0123456789abcdefghijklmnopqrstuvwxyz";

fn once() -> NetworkOptions {
    NetworkOptions { tries: 1, ..options() }
}

async fn manifest_answered_by(reply: Reply) -> RegistryError {
    let server = open_registry(move |_| reply.clone()).await;
    let error = manifest_failure(&connect_with(&server, Login::Anonymous, once())).await;
    told(&error);
    error
}

#[tokio::test]
async fn broken_manifests_are_named() {
    let html = "<!DOCTYPE html><title>Sign in</title><script>alert(1)</script>";
    let cases = [
        (
            Reply::truncated("{", 500),
            ErrorCode::InvalidAnswer,
            "broke off after 1 B of 500 B",
        ),
        (Reply::stalled("{", 500), ErrorCode::Unreachable, "did not go on"),
        (
            Reply::endless(200, vec![b' '; 65536]),
            ErrorCode::InvalidAnswer,
            "larger than the limit of 4.19 MB",
        ),
        (
            Reply::truncated("", (4 << 20) + 1),
            ErrorCode::InvalidAnswer,
            "larger than the limit",
        ),
        (
            Reply::new(200, html).header("Content-Type", "text/html"),
            ErrorCode::NotARegistry,
            "web page",
        ),
        (Reply::new(200, html), ErrorCode::NotARegistry, "web page"),
        (
            manifest_reply().header("Docker-Content-Digest", format!("sha256:{}", "0".repeat(64))),
            ErrorCode::InvalidAnswer,
            "is not what its digest says",
        ),
    ];
    for (reply, code, words) in cases {
        let shown = format!("{reply:.120?}");
        let error = manifest_answered_by(reply).await;
        assert_eq!(error.code(), code, "{shown}: {error}");
        assert!(error.to_string().contains(words), "{shown}: {error}");
    }
}

#[tokio::test]
async fn a_manifest_asked_for_by_digest_is_verified() {
    let server = open_registry(|_| Reply::new(200, MANIFEST.replace("layers", "Layers"))).await;
    let target = Target::Digest(manifest_digest());
    let error = connect(&server)
        .manifest(&model(), &target, &quiet())
        .await
        .expect_err("other bytes");
    assert!(matches!(error, RegistryError::DigestMismatch { .. }), "{error}");
    told(&error);
}

#[tokio::test]
async fn a_head_for_a_digest_that_names_another_is_refused() {
    let other = Digest::of(b"other").to_string();
    let server = open_registry(move |_| Reply::new(200, MANIFEST).header("Docker-Content-Digest", other.clone())).await;
    let target = Target::Digest(manifest_digest());
    let error = connect(&server)
        .resolve(&model(), &target, &quiet())
        .await
        .expect_err("another digest");
    assert!(matches!(error, RegistryError::DigestMismatch { .. }), "{error}");
}

#[tokio::test]
async fn a_digest_that_no_header_names_is_computed() {
    let server = open_registry(|_| manifest_reply()).await;
    let resolved = connect(&server)
        .resolve(&model(), &tag("v1"), &quiet())
        .await
        .expect("an answer");
    assert_eq!(resolved.digest, manifest_digest());
    assert_eq!(resolved.size, Some(ByteSize(MANIFEST.len() as u64)));
    assert_eq!(resolved.media_type.as_deref(), Some(MANIFEST_TYPE));
}

#[tokio::test]
async fn a_tag_that_moves_between_two_looks_is_what_its_bytes_are() {
    let moved = MANIFEST.replace("{\"schemaVersion\"", "{ \"schemaVersion\"");
    let after = Digest::of(moved.as_bytes());
    let server = open_registry(move |asked| {
        if asked.method == "HEAD" {
            manifest_reply().header("Docker-Content-Digest", manifest_digest().to_string())
        } else {
            let digest = Digest::of(moved.as_bytes()).to_string();
            Reply::new(200, moved.as_str()).header("Docker-Content-Digest", digest)
        }
    })
    .await;
    let registry = connect(&server);
    let resolved = registry
        .resolve(&model(), &tag("v1"), &quiet())
        .await
        .expect("an answer");
    let read = registry
        .manifest(&model(), &tag("v1"), &quiet())
        .await
        .expect("an answer");
    assert_eq!((resolved.digest, read.digest), (manifest_digest(), after));
}

#[tokio::test]
async fn an_old_signed_manifest_is_read_without_its_signatures() {
    let plain = "{\n   \"schemaVersion\": 1,\n   \"fsLayers\": []\n}";
    // The tail is "\n}"; the length is that of everything before it.
    let protected = format!(r#"{{"formatLength":{},"formatTail":"Cn0"}}"#, plain.len() - 2);
    let protected = base64::Engine::encode(&base64::prelude::BASE64_URL_SAFE_NO_PAD, protected);
    let start = &plain[..plain.len() - 2];
    let signed = format!("{start},\n   \"signatures\": [{{\"protected\": \"{protected}\"}}]\n}}");
    let server = open_registry(move |_| {
        Reply::new(200, signed.as_str())
            .header("Content-Type", artifact::media_type::DOCKER_SCHEMA1_SIGNED)
            .header("Docker-Content-Digest", Digest::of(plain.as_bytes()).to_string())
    })
    .await;
    let read = connect(&server)
        .manifest(&model(), &tag("v1"), &quiet())
        .await
        .expect("an answer");
    assert_eq!(
        (read.digest, &*read.bytes),
        (Digest::of(plain.as_bytes()), plain.as_bytes())
    );
}

#[tokio::test]
async fn a_slow_first_byte_within_the_limit_is_waited_for() {
    let server = open_registry(|_| manifest_reply().after(Duration::from_millis(150))).await;
    let read = connect_with(&server, Login::Anonymous, once())
        .manifest(&model(), &tag("v1"), &quiet())
        .await;
    assert!(read.is_ok(), "{read:?}");
}

#[tokio::test]
async fn error_answers_without_end_or_with_markup_are_cut_and_cleaned() {
    let cases = [
        Reply::endless(404, "long and longer ".repeat(500)),
        Reply::endless(403, "\u{202e}\u{1b}]0;title\u{7}<b>\n".repeat(500)),
        Reply::json(
            400,
            format!(
                r#"{{"errors":[{{"code":"X","message":"{}"}}]}}"#,
                "<img src=x onerror=alert(1)> ".repeat(1000)
            ),
        ),
        Reply::new(404, vec![0xff_u8, 0xfe, 0, 1, 2]),
        Reply::json(404, "[".repeat(10_000)),
    ];
    for reply in cases {
        let shown = format!("{reply:.80?}");
        let text = manifest_answered_by(reply).await.to_string();
        assert!(text.chars().count() < 400, "{shown}: {text}");
        assert!(
            !text.contains(['\u{202e}', '\u{1b}', '\u{7}', '\n']),
            "{shown}: {text:?}"
        );
    }
}

async fn blob_from(server: &FaultServer, options: NetworkOptions, size: usize) -> Result<Vec<u8>, RegistryError> {
    let registry = connect_with(server, Login::Anonymous, options);
    let digest = Digest::of(BLOB);
    let mut stream = registry
        .blob(&model(), &digest, ByteSize(size as u64), &quiet())
        .await?;
    let mut content = Vec::new();
    while let Some(chunk) = stream.next().await {
        content.extend_from_slice(&chunk?);
    }
    Ok(content)
}

/// Answers a request for a range with the rest, at most `most` bytes of it, then breaks off.
fn broken_range(asked: &Asked, most: usize) -> Reply {
    let range = asked
        .header("range")
        .and_then(|range| range.strip_prefix("bytes=")?.strip_suffix('-')?.parse().ok());
    let from: usize = range.unwrap_or_default();
    let end = BLOB.len().min(from + most);
    let reply = Reply::truncated(&BLOB[from..end], BLOB.len() - from);
    match range {
        Some(from) => reply.status(206).header(
            "Content-Range",
            format!("bytes {from}-{}/{}", BLOB.len() - 1, BLOB.len()),
        ),
        None => reply,
    }
}

#[tokio::test]
async fn a_blob_that_breaks_off_is_gone_on_with() {
    let server = open_registry(|asked| broken_range(asked, 10)).await;
    let content = blob_from(&server, options(), BLOB.len())
        .await
        .expect("every try gets on");
    assert_eq!(content, BLOB);
    let ranges: Vec<_> = server
        .asked()
        .iter()
        .filter_map(|asked| asked.header("range").map(str::to_owned))
        .collect();
    assert_eq!(ranges, ["bytes=10-", "bytes=20-", "bytes=30-"]);
}

#[tokio::test]
async fn a_server_without_ranges_sends_the_rest_again() {
    let server = open_registry(|asked| {
        if asked.earlier == 0 {
            Reply::truncated(&BLOB[..10], BLOB.len())
        } else {
            Reply::new(200, BLOB)
        }
    })
    .await;
    assert_eq!(
        blob_from(&server, options(), BLOB.len())
            .await
            .expect("whole on the second try"),
        BLOB
    );
}

/// What is read from `offset` on, of a blob that is said to have `size` bytes.
async fn rest_from(server: &FaultServer, size: usize, offset: u64) -> Result<Vec<u8>, RegistryError> {
    let registry = connect_with(server, Login::Anonymous, once());
    let digest = Digest::of(BLOB);
    let size = ByteSize(size as u64);
    let mut stream = registry.blob_from(&model(), &digest, size, offset, &quiet()).await?;
    let mut content = Vec::new();
    while let Some(chunk) = stream.next().await {
        content.extend_from_slice(&chunk?);
    }
    Ok(content)
}

#[tokio::test]
async fn a_blob_is_read_from_any_place_on() {
    let ranged = open_registry(|asked| broken_range(asked, BLOB.len())).await;
    let whole = open_registry(|_| Reply::new(200, BLOB)).await;
    for server in [&ranged, &whole] {
        for offset in [0, 1, BLOB.len() - 1, BLOB.len()] {
            let rest = rest_from(server, BLOB.len(), offset as u64).await.expect("a good blob");
            assert_eq!(rest, &BLOB[offset..]);
        }
    }
}

#[tokio::test]
async fn a_part_of_the_wrong_place_or_length_is_refused() {
    let part = |range: &str, body: &[u8]| Reply::new(206, body).header("Content-Range", range);
    let cases = [
        (part("bytes 4-35/36", &BLOB[4..]), BLOB.len()),
        (part("bytes 5-34/35", &BLOB[5..35]), BLOB.len()),
        (part("bytes 5-35/36", &BLOB[5..]), BLOB.len() - 1),
        (Reply::new(206, &BLOB[5..]), BLOB.len()),
        (Reply::new(416, ""), BLOB.len()),
    ];
    for (reply, size) in cases {
        let shown = format!("{reply:.120?}");
        let server = open_registry(move |_| reply.clone()).await;
        let error = rest_from(&server, size, 5).await.expect_err("no good part");
        assert!(
            matches!(
                error,
                RegistryError::Truncated { .. } | RegistryError::InvalidAnswer { .. }
            ),
            "{shown}: {error}"
        );
    }
}

#[tokio::test]
async fn bad_blobs_end_in_an_error() {
    let cases = [
        (
            Reply::new(200, BLOB.to_ascii_uppercase()),
            BLOB.len(),
            "is not what its digest says",
        ),
        (Reply::endless(200, BLOB), BLOB.len(), "goes on beyond"),
        (Reply::new(200, BLOB), BLOB.len() - 1, "goes on beyond"),
        (Reply::new(200, BLOB), BLOB.len() + 1, "broke off after 36 B of 37 B"),
        (
            Reply::truncated(&BLOB[..5], BLOB.len()),
            BLOB.len(),
            "broke off after 5 B of 36 B",
        ),
        (Reply::stalled(&BLOB[..5], BLOB.len()), BLOB.len(), "did not go on"),
        (
            Reply::json(404, r#"{"errors":[{"code":"BLOB_UNKNOWN"}]}"#),
            BLOB.len(),
            "was not found: BLOB_UNKNOWN",
        ),
    ];
    for (reply, size, words) in cases {
        let shown = format!("{reply:.120?}");
        let server = open_registry(move |_| reply.clone()).await;
        let error = blob_from(&server, once(), size).await.expect_err("the blob is bad");
        assert!(told(&error).contains(words), "{shown}: {error}");
    }
}

#[tokio::test]
async fn a_blob_larger_than_wanted_is_not_asked_for() {
    let server = open_registry(|_| Reply::new(200, BLOB)).await;
    let registry = connect(&server);
    let read = registry
        .small_blob(
            &model(),
            &Digest::of(BLOB),
            ByteSize(1 << 40),
            ByteSize(1 << 20),
            &quiet(),
        )
        .await;
    assert!(matches!(read, Err(RegistryError::TooLarge { .. })), "{read:?}");
    assert_eq!(server.asked().len(), 0);
}

#[tokio::test]
async fn what_greets_like_no_registry_is_refused_with_a_hint() {
    let cases = [
        (
            Reply::new(200, "<html>Welcome</html>").header("Content-Type", "text/html; charset=utf-8"),
            "web page",
        ),
        (Reply::new(404, "404 page not found"), "no registry interface"),
        (
            Reply::new(404, "<html>nothing here</html>").header("Content-Type", "text/html"),
            "web page",
        ),
        (Reply::new(401, "who?"), "a way that is not understood"),
        (
            Reply::new(401, "who?").header("WWW-Authenticate", "Negotiate"),
            "a way that is not understood",
        ),
    ];
    for (reply, words) in cases {
        let shown = format!("{reply:?}");
        let server = FaultServer::start(move |_| reply.clone()).await;
        let error = manifest_failure(&connect(&server)).await;
        assert!(told(&error).contains(words), "{shown}: {error}");
    }
}
