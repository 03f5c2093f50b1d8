//! Orders of real repositories, and properties that hold for any names.

use std::cmp::Ordering;

use proptest::prelude::*;

use super::*;

const CHANNELS: [&str; 6] = ["staging", "production", "latest", "stable", "main", "nightly"];

fn channels() -> Vec<String> {
    CHANNELS.iter().map(ToString::to_string).collect()
}

fn order_of(tags: &[&str]) -> TagOrder {
    TagOrder::recognise(tags.iter().copied(), &channels())
}

/// The tags newest first, as lists show them, with no time known.
fn newest_first<'a>(tags: &[&'a str]) -> Vec<&'a str> {
    let order = order_of(tags);
    let mut sorted = tags.to_vec();
    sorted.sort_by_cached_key(|tag| std::cmp::Reverse(order.key(tag, None)));
    sorted
}

/// Expects the scheme and, whatever the order that the tags come in, this order.
#[track_caller]
fn assert_order(scheme: TagScheme, expected: &[&str]) {
    assert_eq!(order_of(expected).scheme(), scheme, "the scheme of {expected:?}");
    let mut tags = expected.to_vec();
    tags.sort_unstable();
    assert_eq!(newest_first(&tags), expected);
    tags.reverse();
    assert_eq!(newest_first(&tags), expected);
}

#[test]
fn versions_stand_as_in_the_picture() {
    assert_order(
        TagScheme::Version,
        &[
            "1.5.0-rc.2",
            "1.5.0-rc.1",
            "1.4.2",
            "1.4.2-onnx",
            "1.4.1",
            "1.4.0",
            "1.4",
            "1.4.0-rc.1",
            "1.3.3",
            "1.3.0",
            "1.3",
            "1.3.0-rc.1",
            "1.2.1",
            "0.9.0",
            "staging",
            "nightly",
            "latest",
            "sha-8d41b7a",
            "pr-231",
            "pr-218",
            "line-7",
        ],
    );
}

#[test]
fn candidates_compare_naturally_and_below_their_release() {
    assert_order(
        TagScheme::Version,
        &[
            "v2.0.0",
            "v2.0.0-rc10",
            "v2.0.0-rc2",
            "v2.0.0-rc.1",
            "v2.0.0-pre",
            "v2.0.0-dev.3",
            "v2.0.0-beta-10",
            "v2.0.0-beta-2",
            "v2.0.0-beta",
            "v2.0.0-alpha",
            "v1.10.0",
            "v1.9.0",
        ],
    );
}

#[test]
fn an_underscore_reads_as_build_metadata() {
    assert_order(
        TagScheme::Version,
        &["1.0.1", "1.0.0_build.11", "1.0.0_build.2", "1.0.0", "1.0.0-rc1_build.9"],
    );
    let order = order_of(&["1.0.0_cuda12"]);
    let version = order.version("1.0.0_cuda12").expect("a version");
    assert_eq!(version.to_string(), "1.0.0+cuda12");
    assert!(order.is_release("1.0.0_cuda12"));
}

#[test]
fn missing_parts_are_zero_and_the_shorter_name_ranks_just_below() {
    assert_order(
        TagScheme::Version,
        &[
            "2.0.0", "2.0", "2", "1.4.2.1", "1.4.2", "1.4.1", "1.4.0", "1.4", "1.0.0", "1",
        ],
    );
    assert_eq!(
        order_of(&["1.4"]).version("1.4").map(|it| it.to_string()).as_deref(),
        Some("1.4.0")
    );
}

#[test]
fn python_images() {
    assert_order(
        TagScheme::Version,
        &[
            "3.14.0a1",
            "3.13.0",
            "3.13",
            "3.13.0rc2",
            "3.13.0rc2-slim-bookworm",
            "3.13.0b4",
            "3.12.10",
            "3.12.10-slim-bookworm",
            "3.12.10-slim",
            "3.12.10-alpine3.20",
            "3.12.9",
            "3.9.21",
            "latest",
            "slim-bookworm",
            "slim",
            "bookworm",
            "alpine3.20",
        ],
    );
    let order = order_of(&["3", "3.12", "3.12.1", "3-slim"]);
    assert_eq!(order.group("3"), TagGroup::Scheme);
    assert_eq!(order.group("3-slim"), TagGroup::Scheme);
    assert!(order_of(&["3.13.0rc2", "3.13.0"]).is_candidate("3.13.0rc2"));
}

#[test]
fn pytorch_images() {
    let tags = [
        "2.10.0-cuda12.4-cudnn9-runtime",
        "2.4.1-cuda12.4-cudnn9-runtime",
        "2.4.0-cuda12.4-cudnn9-runtime",
        "2.4.0-cuda12.4-cudnn9-devel",
        "2.4.0-cuda12.1-cudnn9-runtime",
        "2.4.0-cuda11.8-cudnn9-runtime",
        "2.2.0-cuda12.1-cudnn8-devel",
        "latest",
    ];
    assert_order(TagScheme::Version, &tags);
    let order = order_of(&tags);
    assert!(
        order.is_release("2.4.0-cuda12.4-cudnn9-devel"),
        "variants are the releases where there is nothing else"
    );
    assert!(!order.is_candidate("2.4.0-cuda12.4-cudnn9-devel"), "devel is no dev");
}

#[test]
fn nvidia_and_ubuntu_images() {
    assert_order(
        TagScheme::Version,
        &["25.01-py3", "24.12-py3", "24.05-py3-igpu", "24.05-py3", "23.10-py3"],
    );
    assert_order(
        TagScheme::Version,
        &[
            "24.10",
            "24.04",
            "22.04",
            "20.04",
            "rolling",
            "noble",
            "jammy-20240111",
            "devel",
        ],
    );
}

#[test]
fn ollama_tags_have_no_scheme_and_stand_naturally() {
    assert_order(
        TagScheme::None,
        &[
            "latest",
            "70b-instruct-q8_0",
            "70b",
            "8b-instruct-q8_0",
            "8b-instruct-q4_K_M",
            "8b-instruct-fp16",
            "8b",
            "1.5b",
        ],
    );
}

#[test]
fn pipelines_with_dates_and_times() {
    assert_order(
        TagScheme::Date,
        &[
            "2024-02-01-00-00-00",
            "2024-01-15-10-30-46",
            "2024-01-15-10-30-45",
            "2024-01-15-09-59-59",
            "2024-01-15",
            "2023-12-31-23-59-59",
            "latest",
            "baseline",
        ],
    );
}

#[test]
fn dates_in_all_their_forms_stand_together() {
    assert_order(
        TagScheme::Date,
        &[
            "20240116T000000Z",
            "20240115T103045Z",
            "2024-01-15_10-30",
            "20240115-0930",
            "2024-01-15.2",
            "2024.01.15",
            "2024-01-15-gpu",
            "20240114",
            "nightly-2024-01-13",
            "2024-01",
            "20231231",
            "20231232",
        ],
    );
}

#[test]
fn numbers_that_are_no_dates_are_counters() {
    assert_order(TagScheme::Counter, &["20241399", "1042", "42", "7", "latest"]);
    assert_eq!(order_of(&["20240115", "20240116"]).scheme(), TagScheme::Date);
}

#[test]
fn build_numbers_count() {
    assert_order(
        TagScheme::Counter,
        &["build-100", "build-10", "build-9-gpu", "build-8", "latest", "pr-3"],
    );
}

#[test]
fn calendar_versions_keep_their_patches_beyond_ten() {
    assert_order(
        TagScheme::Version,
        &[
            "2024.10.0",
            "2024.2.15",
            "2024.2.2",
            "2024.2.0",
            "2024.1.31",
            "2023.12.4",
        ],
    );
    assert_order(
        TagScheme::Version,
        &["2024.01.15", "2024.01.2", "2024.01.1", "2024.01.0", "2023.12.1"],
    );
}

#[test]
fn a_stray_date_or_number_is_not_above_the_releases() {
    assert_order(
        TagScheme::Version,
        &[
            "1.1.0",
            "1.0.0",
            "v20240101",
            "20240115",
            "9000",
            "2024-01-15",
            "2024.01.15",
        ],
    );
}

#[test]
fn releases_are_found_beside_many_builds() {
    let builds: Vec<String> = (0..15).map(|build| format!("build-{build}")).collect();
    let mut tags: Vec<&str> = builds.iter().map(String::as_str).collect();
    tags.extend(["1.0.0", "1.1.0"]);
    assert_eq!(order_of(&tags).scheme(), TagScheme::Version);
}

#[test]
fn commit_hashes_of_digits_alone_are_no_counters() {
    let tags = ["8d41b7a", "1234567", "7654321", "0c4d322", "5b6dbb7"];
    let order = order_of(&tags);
    assert_eq!(order.group("1234567"), TagGroup::Other);
    assert_eq!(order.scheme(), TagScheme::None);
}

#[test]
fn the_rest_goes_by_date_then_by_name_and_unknown_times_last() {
    let order = order_of(&["1.0.0", "pr-9", "pr-10", "8d41b7a", "main"]);
    let at = |seconds| DateTime::from_timestamp(seconds, 0);
    let mut tags = [
        ("8d41b7a", None),
        ("pr-10", at(100)),
        ("pr-9", at(100)),
        ("fix", at(200)),
        ("1.0.0", at(1)),
        ("main", at(1)),
    ];
    tags.sort_by_key(|(tag, created)| std::cmp::Reverse(order.key(tag, *created)));
    assert_eq!(
        tags.map(|(tag, _)| tag),
        ["1.0.0", "main", "fix", "pr-10", "pr-9", "8d41b7a"]
    );
    let before_1970 = order.key("fix", at(-5));
    assert!(before_1970 < order.key("fix", at(5)));
}

#[test]
fn releases_candidates_and_variants_are_told_apart() {
    let order = order_of(&["1.4.2", "1.4.2-onnx", "1.5.0-rc.1", "latest"]);
    let kinds = |tag| (order.is_release(tag), order.is_candidate(tag));
    assert_eq!(kinds("1.4.2"), (true, false));
    assert_eq!(kinds("1.4"), (true, false));
    assert_eq!(kinds("1.4.2-onnx"), (false, false));
    for candidate in [
        "1.5.0-rc.1",
        "1.5.0-alpha",
        "1.5.0-beta2",
        "1.5.0-dev",
        "1.5.0-pre",
        "1.5.0-onnx-rc.1",
        "1.5.0b1",
    ] {
        assert_eq!(kinds(candidate), (false, true), "{candidate}");
    }
    assert_eq!(kinds("latest"), (false, false));
}

#[test]
fn releases_are_told_even_where_dates_are_the_scheme() {
    let dates: Vec<String> = (1..=28).map(|day| format!("2024-01-{day:02}")).collect();
    let mut tags: Vec<&str> = dates.iter().map(String::as_str).collect();
    tags.extend(["1.0.0", "1.1.0-rc.1"]);
    assert_eq!(order_of(&tags).scheme(), TagScheme::Date);
    assert!(!order_of(&tags).is_release("1.0.0"), "dates are the releases of dates");
    let order = TagOrder::of_versions(tags.iter().copied());
    assert!(order.is_release("1.0.0") && !order.is_candidate("1.0.0"));
    assert!(order.is_candidate("1.1.0-rc.1") && !order.is_release("1.1.0-rc.1"));
    assert!(!order.is_release("2024-01-01"));
}

#[test]
fn a_channel_is_no_version_even_if_it_looks_like_one() {
    let order = TagOrder::recognise(["1.0.0", "2.0.0"].into_iter(), &["1.0.0".to_owned()]);
    assert_eq!(order.group("1.0.0"), TagGroup::Other);
}

#[test]
fn numbers_beyond_all_bounds_are_just_names() {
    let huge = format!("1.{}", "9".repeat(100));
    let order = order_of(&["1.0.0", &huge]);
    assert_eq!(order.group(&huge), TagGroup::Other);
}

fn tag() -> impl Strategy<Value = String> {
    prop_oneof![
        "v?[0-9]{1,3}(\\.[0-9]{1,2}){0,3}([-_.][a-z0-9]{1,5}){0,3}",
        "v?[0-9]\\.[0-9]\\.[0-9](-(rc|alpha|beta|dev|onnx)[.-]?[0-9]{0,2})?(_[0-9]{1,3})?",
        "(20[0-9]{2}[-.]?[01][0-9][-.]?[0-3][0-9])([-T][0-2][0-9][-.]?[0-5][0-9]){0,2}Z?(-[a-z]{1,3})?",
        "(build-|pr-|run|)[0-9]{1,9}",
        "[0-9a-f]{7}|latest|main|production",
        "[A-Za-z0-9_][A-Za-z0-9._-]{0,12}",
        "\\PC{0,10}",
    ]
}

proptest! {
    #[test]
    fn the_order_is_total_and_only_equal_names_are_equal(
        tags in proptest::collection::vec(tag(), 3..12),
        times in proptest::collection::vec(proptest::option::of(-3i64..3), 12),
    ) {
        let order = TagOrder::recognise(tags.iter().map(String::as_str), &channels());
        let keys: Vec<TagKey> = tags
            .iter()
            .zip(&times)
            .map(|(tag, time)| order.key(tag, time.and_then(|time| DateTime::from_timestamp(time, 0))))
            .collect();
        for (left, left_tag) in keys.iter().zip(&tags) {
            for (right, right_tag) in keys.iter().zip(&tags) {
                prop_assert_eq!(left.cmp(right), right.cmp(left).reverse());
                prop_assert!(left != right || left_tag == right_tag);
                for third in &keys {
                    prop_assert!(!(left <= right && right <= third) || left <= third);
                }
            }
        }
    }

    #[test]
    fn a_key_knows_the_group_of_its_tag(tags in proptest::collection::vec(tag(), 1..12)) {
        let order = TagOrder::recognise(tags.iter().map(String::as_str), &channels());
        for above in &tags {
            for below in &tags {
                if (order.group(above), order.group(below)) == (TagGroup::Scheme, TagGroup::Other) {
                    prop_assert!(order.key(above, None) > order.key(below, None), "{above} and {below}");
                }
            }
        }
    }

    #[test]
    fn the_scheme_does_not_depend_on_the_order_of_the_tags(tags in proptest::collection::vec(tag(), 1..12)) {
        let forward = TagOrder::recognise(tags.iter().map(String::as_str), &channels());
        let backward = TagOrder::recognise(tags.iter().rev().map(String::as_str), &channels());
        for tag in &tags {
            prop_assert_eq!(forward.key(tag, None), backward.key(tag, None));
        }
    }

    /// Where all candidates are marked as such, and no identifier mixes letters and digits, the order is semver's.
    #[test]
    fn plain_semver_stands_in_the_order_of_the_semver_crate(
        left in "[0-9]\\.[0-9]{1,2}\\.[0-9](-(alpha|beta|rc)(\\.(0|[1-9][0-9]?|x|y)){0,2})?",
        right in "[0-9]\\.[0-9]{1,2}\\.[0-9](-(alpha|beta|rc)(\\.(0|[1-9][0-9]?|x|y)){0,2})?",
    ) {
        let (Ok(left_version), Ok(right_version)) = (semver::Version::parse(&left), semver::Version::parse(&right)) else {
            return Ok(());
        };
        let order = TagOrder::recognise([left.as_str(), right.as_str()].into_iter(), &[]);
        prop_assert_eq!(order.key(&left, None).cmp(&order.key(&right, None)), left_version.cmp(&right_version));
        prop_assert_eq!(order.version(&left), Some(left_version));
    }

    #[test]
    fn numbers_inside_names_compare_as_numbers(prefix in "[a-z-]{0,5}", left in 0u32.., right in 0u32.., suffix in "[a-z]{0,3}") {
        let key = |number: u32| natural_key(&format!("{prefix}{number}{suffix}"));
        prop_assert_eq!(key(left).cmp(&key(right)), left.cmp(&right));
    }

    #[test]
    fn two_texts_never_have_one_natural_key(left in "[aA0-2.]{0,6}|\\PC{0,6}", right in "[aA0-2.]{0,6}|\\PC{0,6}") {
        prop_assert_eq!(natural_key(&left).cmp(&natural_key(&right)) == Ordering::Equal, left == right);
    }
}
