//! The order of tags, recognised per repository.
//!
//! A repository follows one scheme: versions, dates, or counters. Its tags stand in the order of that scheme, oldest
//! first; channels stand apart, and the rest goes by date, then by natural order. Pure: times are passed in.

mod counter;
mod date;
mod natural;
mod recognise;
#[cfg(test)]
mod tests;
mod version;

use std::collections::HashSet;

use chrono::{DateTime, Utc};

pub use self::natural::{NaturalKey, natural_key};
use self::{counter::CounterName, date::DateName, natural::KeyBytes, version::VersionName};

/// How the tags of a repository are named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TagScheme {
    /// `1.4.2`, `v2.0.0-rc.1`.
    Version,
    /// `2024-01-15-10-30-45`, `20240115`.
    Date,
    /// `build-10`, `42`.
    Counter,
    /// None that orders them.
    None,
}

/// In which part of a list a tag stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TagGroup {
    /// Ordered by the repository's scheme.
    Scheme,
    /// Channels, commit hashes and the rest.
    Other,
}

/// Where a tag stands among those of its repository: ascending is oldest first, the rest below the channels, and these
/// below the scheme. Two tags of one time never have the same key.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TagKey(Box<[u8]>);

/// The order of one repository's tags.
#[derive(Clone, Debug)]
pub struct TagOrder {
    scheme: TagScheme,
    channels: HashSet<String>,
    /// First numbers of the dotted versions: `3` is a version where there is a `3.12`.
    majors: HashSet<u64>,
    /// Whether any version stands without a candidate's mark or a variant's name.
    has_plain_releases: bool,
    /// What the counters begin with.
    counter_prefix: String,
    /// One bit per length of the commit hashes seen: numbers of such a length are hashes too.
    hash_lengths: u128,
}

/// What a tag is under the scheme of its repository.
enum Reading<'a> {
    Version(VersionName),
    Date(DateName<'a>),
    Counter(CounterName<'a>),
    Channel,
    Other,
}

impl TagOrder {
    /// Recognises what the tags have in common. `channels` are names of tags that move on purpose.
    pub fn recognise<'a>(tags: impl Iterator<Item = &'a str>, channels: &[String]) -> Self {
        recognise::recognise(tags, channels)
    }

    /// The order in which versions are the scheme, however few of the names are one: for rules that speak of releases.
    pub fn of_versions<'a>(tags: impl Iterator<Item = &'a str>) -> Self {
        Self {
            scheme: TagScheme::Version,
            ..recognise::recognise(tags, &[])
        }
    }

    /// The scheme that was recognised.
    pub fn scheme(&self) -> TagScheme {
        self.scheme
    }

    /// In which part of the list the tag stands.
    pub fn group(&self, tag: &str) -> TagGroup {
        match self.read(tag) {
            Reading::Version(_) | Reading::Date(_) | Reading::Counter(_) => TagGroup::Scheme,
            Reading::Channel | Reading::Other => TagGroup::Other,
        }
    }

    /// Where the tag stands; `created` is its version's time, which orders what no scheme does. Unknown is oldest.
    pub fn key(&self, tag: &str, created: Option<DateTime<Utc>>) -> TagKey {
        const OTHER: u8 = 0;
        const CHANNEL: u8 = 1;
        const SCHEME: u8 = 2;
        let mut key = KeyBytes::new(tag.len());
        match self.read(tag) {
            Reading::Version(version) => {
                key.byte(SCHEME);
                version.write(&mut key);
            }
            Reading::Date(date) => {
                key.byte(SCHEME);
                date.write(&mut key);
            }
            Reading::Counter(counter) => {
                key.byte(SCHEME);
                counter.write(&mut key);
            }
            Reading::Channel => {
                key.byte(CHANNEL);
                write_by_time(&mut key, tag, created);
            }
            Reading::Other => {
                key.byte(OTHER);
                write_by_time(&mut key, tag, created);
            }
        }
        TagKey(key.finish(tag))
    }

    /// Whether the tag is a release of the scheme: not a candidate; and not a variant such as `1.4.2-onnx`, unless the
    /// repository has variants only.
    pub fn is_release(&self, tag: &str) -> bool {
        match self.read(tag) {
            Reading::Version(version) if self.has_plain_releases => version.is_plain(),
            Reading::Version(version) => !version.is_candidate(),
            Reading::Date(_) | Reading::Counter(_) => true,
            Reading::Channel | Reading::Other => false,
        }
    }

    /// Whether the tag comes before a release: `-rc.1`, `-alpha`, `-beta2`, `-dev`, `-pre` and their like.
    pub fn is_candidate(&self, tag: &str) -> bool {
        matches!(self.read(tag), Reading::Version(version) if version.is_candidate())
    }

    /// The tag as a version, where the repository's scheme is that: missing parts are 0, `_` is `+`.
    pub fn version(&self, tag: &str) -> Option<semver::Version> {
        match self.read(tag) {
            Reading::Version(version) => Some(version.version),
            _ => None,
        }
    }

    fn read<'a>(&self, tag: &'a str) -> Reading<'a> {
        if self.channels.contains(tag) {
            return Reading::Channel;
        }
        let reading = match self.scheme {
            TagScheme::Version => self.read_version(tag).map(Reading::Version),
            TagScheme::Date => DateName::read(tag).map(Reading::Date),
            TagScheme::Counter => self.read_counter(tag).map(Reading::Counter),
            TagScheme::None => None,
        };
        reading.unwrap_or(Reading::Other)
    }

    fn read_version(&self, tag: &str) -> Option<VersionName> {
        let version = VersionName::read(tag)?;
        let is_known_major = self.majors.contains(&version.version.major);
        if version.parts == 1 && !is_known_major && !(version.marked && version.is_plain()) {
            return None;
        }
        // A date among versions is one of them only if their first numbers are years, too.
        match DateName::read(tag) {
            Some(date) if !(date.dotted && (!date.padded || self.majors.contains(&date.year()))) => None,
            _ => Some(version),
        }
    }

    fn read_counter<'a>(&self, tag: &'a str) -> Option<CounterName<'a>> {
        let counter = CounterName::read(tag).filter(|counter| counter.prefix == self.counter_prefix)?;
        let is_hash = counter.prefix.is_empty() && recognise::length_bit(counter.digits) & self.hash_lengths != 0;
        let is_other =
            is_hash || DateName::read(tag).is_some() || VersionName::read(tag).is_some_and(|it| it.parts > 1);
        (!is_other).then_some(counter)
    }
}

impl TagKey {
    /// The key as bytes whose plain order is the order of the tags, to be stored beside them.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

fn write_by_time(key: &mut KeyBytes, tag: &str, created: Option<DateTime<Utc>>) {
    key.byte(u8::from(created.is_some()));
    let milliseconds = created.map_or(0, |created| created.timestamp_millis());
    // Flipping the sign makes the bytes of negative numbers order below those of positive ones.
    key.bytes(&(milliseconds ^ i64::MIN).to_be_bytes());
    key.text(tag);
}
