//! Tags that are versions: `1.4.2`, `v2.0.0-rc.1`, `3.13.0rc2-slim`, `24.05-py3`, `1.4`.
//!
//! What the semver crate reads is taken as it reads it. What it refuses is mended first: a leading `v` is dropped,
//! missing parts are 0, zeros in front are dropped, `_` reads as `+`, a fourth part is kept aside.

use std::borrow::Cow;

use semver::{BuildMetadata, Prerelease, Version};

use super::natural::KeyBytes;

/// Words that mark what comes before a release.
const CANDIDATE_WORDS: [&str; 12] = [
    "rc",
    "alpha",
    "beta",
    "dev",
    "pre",
    "preview",
    "snapshot",
    "nightly",
    "canary",
    "next",
    "milestone",
    "prerelease",
];

/// Short marks of candidates; they need a number, or they are anything.
const CANDIDATE_LETTERS: [&str; 4] = ["a", "b", "c", "m"];

/// A tag read as a version.
#[derive(Debug)]
pub(super) struct VersionName {
    /// As semver has it; missing parts are 0, the build metadata of a tag stands after `_`.
    pub(super) version: Version,
    fourth: u64,
    /// How many numbers were written, from 1.
    pub(super) parts: u8,
    /// Written with a leading `v`.
    pub(super) marked: bool,
}

impl VersionName {
    pub(super) fn read(tag: &str) -> Option<Self> {
        let unmarked = tag.strip_prefix(['v', 'V']);
        let text = unmarked.unwrap_or(tag);
        if !text.starts_with(|first: char| first.is_ascii_digit()) {
            return None;
        }
        let text = if text.contains('_') {
            Cow::Owned(text.replacen('_', "+", 1))
        } else {
            Cow::Borrowed(text)
        };
        let marked = unmarked.is_some();
        match Version::parse(&text) {
            Ok(version) => Some(Self {
                version,
                fourth: 0,
                parts: 3,
                marked,
            }),
            Err(_) => mended(&text).map(|(version, fourth, parts)| Self {
                version,
                fourth,
                parts,
                marked,
            }),
        }
    }

    /// Whether it comes before a release.
    pub(super) fn is_candidate(&self) -> bool {
        !self.version.pre.is_empty() && segments(self.version.pre.as_str()).any(|(_, candidate)| candidate)
    }

    /// A release in its plain form: neither a candidate nor a variant such as `-onnx`.
    pub(super) fn is_plain(&self) -> bool {
        self.version.pre.is_empty()
    }

    /// A version ranks by its numbers; then candidates, then variants, then the release itself; the name with fewer
    /// numbers ranks just below.
    pub(super) fn write(&self, key: &mut KeyBytes) {
        let Version {
            major,
            minor,
            patch,
            pre,
            build,
        } = &self.version;
        for number in [*major, *minor, *patch, self.fourth] {
            key.number(number);
        }
        for wanted in [true, false] {
            write_segments(key, pre.as_str(), wanted);
        }
        key.byte(self.parts);
        key.text(build.as_str());
    }
}

/// Writes the segments that are of candidates, or those that are not. Having none ranks above having some.
fn write_segments(key: &mut KeyBytes, pre: &str, candidates: bool) {
    let mut wanted = segments(pre)
        .filter(|&(_, candidate)| candidate == candidates)
        .peekable();
    if pre.is_empty() || wanted.peek().is_none() {
        key.byte(1);
        return;
    }
    key.byte(0);
    for (segment, _) in wanted {
        key.text(segment);
    }
    key.end();
}

/// The parts of a pre-release between hyphens, each with whether it marks a candidate. A number after a mark belongs to
/// it (`rc-2`).
fn segments(pre: &str) -> impl Iterator<Item = (&str, bool)> {
    let mut after_mark = false;
    pre.split('-').map(move |segment| {
        let is_number = !segment.is_empty() && segment.bytes().all(|byte| byte.is_ascii_digit());
        after_mark = marks_candidate(segment) || (after_mark && is_number);
        (segment, after_mark)
    })
}

fn marks_candidate(segment: &str) -> bool {
    let first = segment.split('.').next().unwrap_or_default();
    let word = first.trim_end_matches(|character: char| character.is_ascii_digit());
    let is = |marks: &[&str]| marks.iter().any(|mark| mark.eq_ignore_ascii_case(word));
    is(&CANDIDATE_WORDS) || (word.len() < first.len() && is(&CANDIDATE_LETTERS))
}

/// Reads what semver refuses: `(version, fourth number, how many numbers)`.
fn mended(text: &str) -> Option<(Version, u64, u8)> {
    let (numbers, parts, rest) = numbers(text)?;
    let (pre, build) = rest.split_once('+').unwrap_or((rest, ""));
    let pre = match pre.bytes().next() {
        None => "",
        Some(b'-' | b'.') => pre.get(1..)?,
        // `3.13.0rc2` is a candidate, `1.5b-instruct` is no version.
        Some(_) if parts > 1 && starts_candidate(pre) => pre,
        Some(_) => return None,
    };
    let [major, minor, patch, fourth] = numbers;
    let pre = Prerelease::new(&identifiers(pre, true)).ok()?;
    let build = BuildMetadata::new(&identifiers(build, false)).ok()?;
    Some((
        Version {
            major,
            minor,
            patch,
            pre,
            build,
        },
        fourth,
        parts,
    ))
}

/// Up to four numbers with dots between them, how many there were, and what follows.
fn numbers(text: &str) -> Option<([u64; 4], u8, &str)> {
    let mut numbers = [0; 4];
    let mut parts = 0;
    let mut rest = text;
    for number in &mut numbers {
        let length = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (digits, after) = rest.split_at_checked(length)?;
        *number = digits.parse().ok()?;
        parts += 1;
        rest = after;
        let next = rest
            .strip_prefix('.')
            .filter(|next| next.starts_with(|first: char| first.is_ascii_digit()));
        match next {
            Some(next) if parts < 4 => rest = next,
            _ => break,
        }
    }
    Some((numbers, parts, rest))
}

/// A mark with its number right behind the version's: `a1`, `rc2`, `.dev3`.
fn starts_candidate(text: &str) -> bool {
    let mark = text.split('-').next().unwrap_or_default();
    mark.ends_with(|last: char| last.is_ascii_digit()) && marks_candidate(mark)
}

/// Identifiers as semver takes them: no empty ones, and in a pre-release no number with zeros in front.
fn identifiers(text: &str, without_zeros: bool) -> String {
    let kept = text
        .split(['.', '+', '_'])
        .filter(|identifier| !identifier.is_empty())
        .map(|identifier| {
            let is_number = identifier.bytes().all(|byte| byte.is_ascii_digit());
            let trimmed = identifier.trim_start_matches('0');
            match (without_zeros && is_number, trimmed) {
                (true, "") => "0",
                (true, trimmed) => trimmed,
                (false, _) => identifier,
            }
        });
    kept.collect::<Vec<_>>().join(".")
}
