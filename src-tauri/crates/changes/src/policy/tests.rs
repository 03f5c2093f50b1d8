//! Reading and writing of policies, and what is said of typos.

use proptest::prelude::*;

use super::{file::KEYS, *};

const FULL: &str = r#"[[policy]]
name = "nightlies"
repositories = ["vision/*", "speech/asr"]
match = "nightly-*"
keep_last = 5
keep_last_releases = 3
group_by = "^(nightly-[a-z]+)"
older_than = "30d"
not_pulled_for = "12h"
keep = ["*-golden", "v1"]
keep_semver = true
untagged = true
each_tag = true
"#;

fn pattern(text: &str) -> Pattern {
    text.parse().expect("a pattern")
}

fn repository(name: &str) -> RepositoryName {
    name.parse().expect("a name")
}

/// Reads what must be refused, and the place that is named.
#[track_caller]
fn misfit(text: &str) -> (usize, usize, Option<String>, String, Option<String>) {
    match PolicySet::from_toml(text) {
        Err(PolicyError::Misfit {
            line,
            column,
            key,
            message,
            hint,
        }) => (line, column, key, message, hint),
        other => panic!("{text:?} was read as {other:?}"),
    }
}

#[test]
fn every_key_is_read() {
    let set = PolicySet::from_toml(FULL).expect("a full policy");
    let expected = Policy {
        name: Some("nightlies".to_owned()),
        repositories: vec![pattern("vision/*"), pattern("speech/asr")],
        matching: pattern("nightly-*"),
        keep_last: Some(5),
        keep_last_releases: Some(3),
        group_by: Some("^(nightly-[a-z]+)".parse().expect("an expression")),
        older_than: Some(Period::days(30)),
        not_pulled_for: Some("12h".parse().expect("a period")),
        keep: vec![pattern("*-golden"), pattern("v1")],
        keep_semver: true,
        untagged: true,
        each_tag: true,
    };
    assert_eq!(set.policies(), [expected]);
}

#[test]
fn every_key_that_is_written_is_known_and_the_other_way_round() {
    let written = PolicySet::from_toml(FULL)
        .and_then(|set| set.to_toml())
        .expect("it is written");
    let mut keys: Vec<&str> = written.lines().filter_map(|line| line.split(" = ").next()).collect();
    keys.retain(|key| !key.starts_with('['));
    let mut known = KEYS;
    keys.sort_unstable();
    known.sort_unstable();
    assert_eq!(keys, known);
}

#[test]
fn what_is_left_out_has_its_default() {
    let set = PolicySet::from_toml("[[policy]]\nuntagged = true\n").expect("a short policy");
    let expected = Policy {
        untagged: true,
        ..Policy::default()
    };
    assert_eq!(set.policies(), [expected]);
}

#[test]
fn policies_are_found_by_repository() {
    let text = "[[policy]]\nname = \"a\"\nrepositories = [\"vision/*\"]\nkeep_last = 3\n\
                [[policy]]\nname = \"b\"\nkeep_last = 9\n";
    let set = PolicySet::from_toml(text).expect("two policies");
    let names = |repository_name: &str| {
        let policies = set.for_repository("lab", &repository(repository_name));
        let names = policies.iter().filter_map(|policy| policy.name.clone());
        names.collect::<Vec<_>>()
    };
    assert_eq!(names("vision/deep/model"), ["a", "b"]);
    assert_eq!(names("speech/asr"), ["b"]);
}

#[test]
fn a_pattern_may_name_the_connection_too() {
    let of = |pattern_text: &str| Policy {
        repositories: vec![pattern(pattern_text)],
        ..Policy::default()
    };
    let model = repository("vision/model");
    assert!(of("vision/*").is_for("lab", &model) && of("vision/*").is_for("GHCR", &model));
    assert!(of("lab/vision/*").is_for("lab", &model) && !of("lab/vision/*").is_for("GHCR", &model));
    assert!(!of("model").is_for("lab", &model) && !of("lab").is_for("lab", &model));
}

#[test]
fn an_unknown_key_is_named_with_its_place_and_the_nearest() {
    let text = "# kept in git\n[[policy]]\nmatch = \"x\"\n  keep_lst = 5\n";
    let (line, column, key, _, hint) = misfit(text);
    assert_eq!((line, column, key.as_deref()), (4, 3, Some("keep_lst")));
    assert_eq!(hint.as_deref(), Some("did you mean keep_last?"));
    let (line, _, _, _, hint) = misfit("[[policy]]\nkeep-semver = true\nzzz = 1\n");
    assert_eq!((line, hint.as_deref()), (2, Some("did you mean keep_semver?")));
    let (line, column, key, _, hint) = misfit("untagged = true\n[[policy]]\nkeep_last = 1\n");
    assert_eq!((line, column, key.as_deref()), (1, 1, Some("untagged")));
    assert!(hint.expect("a hint").contains("policy"));
}

#[test]
fn a_value_that_does_not_fit_is_named_with_its_place() {
    let cases = [
        ("keep_last = \"5\"", "keep_last", 13),
        ("keep_last = -1", "keep_last", 13),
        ("keep_last = 5.5", "keep_last", 13),
        ("older_than = 30", "older_than", 14),
        ("older_than = \"30m\"", "older_than", 14),
        ("match = \"v[1\"", "match", 9),
        ("match = \"\"", "match", 9),
        ("keep = [\"a\", \"{\"]", "keep", 8),
        ("keep = \"a\"", "keep", 8),
        ("group_by = \"(a\"", "group_by", 12),
        ("untagged = 1", "untagged", 12),
    ];
    for (line, expected, at) in cases {
        let (line, column, key, message, hint) = misfit(&format!("[[policy]]\nname = \"x\"\n{line}\n"));
        assert_eq!((line, column, key.as_deref()), (3, at, Some(expected)), "{message}");
        assert!(hint.is_some(), "{expected}");
        assert!(!message.is_empty() && !message.contains('\n'), "{message:?}");
    }
}

#[test]
fn broken_toml_and_other_shapes_are_refused_with_a_place() {
    assert_eq!(misfit("[[policy]]\nkeep_last 5\n").0, 2);
    let (line, _, key, _, hint) = misfit("\n[policy]\nkeep_last = 5\n");
    assert_eq!((line, key.as_deref()), (2, Some("policy")));
    assert!(hint.expect("a hint").contains("[[policy]]"));
    assert_eq!(misfit("[[policy]]\nkeep_last = 5\nkeep_last = 6\n").0, 3);
    assert_eq!(PolicySet::from_toml(""), Err(PolicyError::NoPolicy));
    // The column counts characters, not bytes.
    assert_eq!(misfit("[[policy]]\nname = \"äöü\" nonsense = 1\n").1, 14);
}

#[test]
fn a_policy_that_selects_nothing_is_refused() {
    let keeps_only =
        "[[policy]]\nname = \"careful\"\nmatch = \"**\"\nkeep = [\"v*\"]\nkeep_semver = true\neach_tag = true\n";
    let error = PolicySet::from_toml(keeps_only).expect_err("nothing goes");
    assert_eq!(
        error,
        PolicyError::NothingSelected {
            policy: Some("careful".to_owned())
        }
    );
    assert!(error.hint().expect("a hint").contains("keep_last"));
    for selects in [
        "untagged = true",
        "match = \"a*\"",
        "keep_last = 0",
        "older_than = \"1d\"",
        "keep_last_releases = 1",
        "not_pulled_for = \"1w\"",
    ] {
        let text = format!("[[policy]]\n{selects}\n");
        assert!(PolicySet::from_toml(&text).is_ok(), "{selects}");
    }
    assert!(PolicySet::from_toml("[[policy]]\nuntagged = true\nrepositories = []\n").is_err());
}

#[test]
fn periods_are_read_as_people_write_them() {
    let now: chrono::DateTime<chrono::Utc> = "2026-03-01T00:00:00Z".parse().expect("a time");
    for (text, seconds) in [
        ("90s", 90),
        ("15min", 900),
        ("12h", 43_200),
        ("30d", 2_592_000),
        ("4w", 2_419_200),
    ] {
        let period: Period = text.parse().expect("a period");
        assert_eq!(period.to_string(), text);
        let before = period.before(now).expect("within the calendar");
        assert_eq!((now - before).num_seconds(), seconds, "{text}");
    }
    for text in ["", "d", "30", "30m", "30M", "-3d", "3.5d", "99999999999d", "3 d", "1y"] {
        assert!(text.parse::<Period>().is_err(), "{text:?}");
    }
    let endless: Period = "4294967295w".parse().expect("a long period");
    assert_eq!(endless.before(now), None);
}

#[test]
fn groups_are_the_first_capture_or_the_match() {
    let group = |expression: &str, tag: &'static str| {
        let expression: GroupBy = expression.parse().expect("an expression");
        expression.group(tag).map(str::to_owned)
    };
    assert_eq!(group("^([a-z]+)-", "main-12").as_deref(), Some("main"));
    assert_eq!(group("^[a-z]+", "main-12").as_deref(), Some("main"));
    assert_eq!(group("^[a-z]+", "12"), None);
    assert_eq!(group("^[a-z]+(-x)?", "main-12").as_deref(), Some("main"));
    assert!(
        "(a{1000}){1000}".parse::<GroupBy>().is_err(),
        "a huge expression is refused"
    );
    assert!("x".repeat(1_001).parse::<GroupBy>().is_err());
}

fn any_period() -> impl Strategy<Value = Period> {
    (any::<u32>(), prop_oneof!["s", "min", "h", "d", "w"])
        .prop_map(|(count, unit)| format!("{count}{unit}").parse().expect("a period"))
}

fn any_pattern() -> impl Strategy<Value = Pattern> {
    prop_oneof!["[a-z]{1,4}[-/][*]", "[*]{1,2}", "v[?]\\.[{]1,2[}]", "\\PC{1,6}"]
        .prop_filter_map("a pattern", |text| text.parse().ok())
}

fn any_policy() -> impl Strategy<Value = Policy> {
    let names = (
        proptest::option::of("\\PC{0,8}"),
        proptest::collection::vec(any_pattern(), 1..3),
        any_pattern(),
        proptest::collection::vec(any_pattern(), 0..3),
    );
    let counts = (
        proptest::option::of(any::<u32>()),
        proptest::option::of(any::<u32>()),
        proptest::option::of(prop_oneof![Just("^([a-z]+)"), Just("[0-9]+")]),
    );
    let times = (proptest::option::of(any_period()), proptest::option::of(any_period()));
    let flags = (any::<bool>(), any::<bool>(), any::<bool>());
    (names, counts, times, flags).prop_map(|(names, counts, times, flags)| Policy {
        name: names.0,
        repositories: names.1,
        matching: names.2,
        keep: names.3,
        keep_last: counts.0,
        keep_last_releases: counts.1,
        group_by: counts.2.map(|text| text.parse().expect("an expression")),
        older_than: times.0,
        not_pulled_for: times.1,
        keep_semver: flags.0,
        untagged: flags.1,
        each_tag: flags.2,
    })
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(policies in proptest::collection::vec(any_policy(), 1..4)) {
        let Ok(set) = PolicySet::new(policies) else { return Ok(()) };
        let text = set.to_toml().expect("it is written");
        prop_assert_eq!(PolicySet::from_toml(&text), Ok(set), "{}", text);
    }

    #[test]
    fn no_text_makes_reading_panic(text in "(\\[\\[policy\\]\\]\n)?(\\PC|\n){0,60}") {
        let _ = PolicySet::from_toml(&text);
    }
}
