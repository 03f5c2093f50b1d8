//! Parts of blobs: exactly what was asked for, or an error; and nothing of a server that sends all.

use std::ops::Range;

use super::*;
use crate::ErrorCode;

const BLOB: &[u8] = b"0123456789abcdefghijklmnopqrstuvwxyz";

async fn part(server: &FaultServer, range: Range<u64>, options: NetworkOptions) -> Result<bytes::Bytes, RegistryError> {
    let registry = connect_with(server, Login::Anonymous, options);
    let size = ByteSize(BLOB.len() as u64);
    registry
        .blob_part(&model(), &Digest::of(BLOB), size, range, &quiet())
        .await
}

fn once() -> NetworkOptions {
    NetworkOptions { tries: 1, ..options() }
}

/// Answers a range as the specification says.
fn ranged(asked: &Asked) -> Reply {
    let range = asked
        .header("range")
        .and_then(|range| range.strip_prefix("bytes=")?.split_once('-'));
    let (from, to) = range.expect("both ends");
    let (from, to): (usize, usize) = (from.parse().expect("a number"), to.parse().expect("a number"));
    Reply::new(206, &BLOB[from..=to]).header("Content-Range", format!("bytes {from}-{to}/{}", BLOB.len()))
}

#[tokio::test]
async fn exactly_the_part_that_was_asked_for_comes() {
    let server = open_registry(ranged).await;
    for range in [0..1, 5..20, 30..36, 0..36] {
        let (from, to) = (range.start, range.end);
        let bytes = part(&server, range, once()).await.expect("a good server");
        assert_eq!(
            &*bytes,
            &BLOB[usize::try_from(from).expect("small")..usize::try_from(to).expect("small")]
        );
    }
    let asked: Vec<String> = server
        .asked()
        .iter()
        .filter_map(|asked| asked.header("range").map(str::to_owned))
        .collect();
    assert_eq!(asked, ["bytes=0-0", "bytes=5-19", "bytes=30-35", "bytes=0-35"]);
    // Beyond the end there is nothing to ask for.
    let over = part(&server, 30..99, once())
        .await
        .expect("as far as there is something");
    assert_eq!(&*over, &BLOB[30..]);
    assert!(
        part(&server, 36..40, once())
            .await
            .expect("nothing is something")
            .is_empty()
    );
    assert_eq!(
        server
            .asked()
            .iter()
            .filter(|asked| asked.header("range").is_some())
            .count(),
        5
    );
}

#[tokio::test]
async fn of_a_server_that_sends_all_nothing_is_read() {
    let server = open_registry(|_| Reply::endless(200, BLOB)).await;
    let error = part(&server, 0..10, options()).await.expect_err("it knows no ranges");
    assert!(
        matches!(error, RegistryError::RangeIgnored { size: ByteSize(36), .. }),
        "{error}"
    );
    assert_eq!(error.code(), ErrorCode::Other);
    told(&error);
    assert_eq!(
        server
            .asked()
            .iter()
            .filter(|asked| asked.path().contains("/blobs/"))
            .count(),
        1,
        "it is not tried again"
    );
    // All of it is what was asked for.
    let server = open_registry(|_| Reply::new(200, BLOB)).await;
    assert_eq!(&*part(&server, 0..36, once()).await.expect("whole"), BLOB);
}

#[tokio::test]
async fn parts_of_another_place_or_length_are_refused() {
    let sent = |range: &str, body: &[u8]| Reply::new(206, body).header("Content-Range", range);
    let cases = [
        sent("bytes 4-13/36", &BLOB[4..14]),
        sent("bytes 5-15/36", &BLOB[5..16]),
        sent("bytes 5-13/36", &BLOB[5..14]),
        Reply::new(206, &BLOB[5..15]),
        Reply::endless(206, BLOB).header("Content-Range", "bytes 5-14/36"),
        Reply::new(416, ""),
        Reply::json(404, r#"{"errors":[{"code":"BLOB_UNKNOWN"}]}"#),
    ];
    for reply in cases {
        let shown = format!("{reply:.120?}");
        let server = open_registry(move |_| reply.clone()).await;
        let error = part(&server, 5..15, once()).await.expect_err("no good part");
        assert!(!matches!(error, RegistryError::RangeIgnored { .. }), "{shown}: {error}");
        told(&error);
    }
}

#[tokio::test]
async fn a_part_that_breaks_off_is_asked_for_again() {
    let server = open_registry(|asked| {
        if asked.earlier == 0 {
            Reply::truncated(&BLOB[5..8], 10)
                .status(206)
                .header("Content-Range", "bytes 5-14/36")
        } else {
            ranged(asked)
        }
    })
    .await;
    let bytes = part(&server, 5..15, options()).await.expect("whole on the second try");
    assert_eq!(&*bytes, &BLOB[5..15]);
}
