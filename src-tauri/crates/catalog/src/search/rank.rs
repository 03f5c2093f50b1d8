//! Which hits come first: how close they are, then channels, then what is recent.

use std::{cmp::Reverse, collections::HashSet};

use crate::SearchHitKind;

/// How much of the text a word covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Closeness {
    Exact,
    Beginning,
    Part,
}

/// Ascending is best first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    closeness: Closeness,
    kind: u8,
    /// Of another repository than the one that a reference names.
    not_named: bool,
    no_channel: bool,
    recent: Reverse<Option<i64>>,
}

/// A hit before it is written out, which only the best are.
#[derive(Clone, Debug)]
pub(super) struct Hit {
    /// Place of its repository among the names.
    pub(super) repository: usize,
    pub(super) tag: Option<String>,
    /// Id of the digest.
    pub(super) digest: Option<i64>,
    /// The label that matched; otherwise the kind tells what did.
    pub(super) label: Option<String>,
    pub(super) kind: SearchHitKind,
}

#[derive(Debug)]
pub(super) struct Ranked {
    hits: Vec<(Rank, Hit)>,
    /// Places of the repositories that a reference among the words names.
    named: HashSet<usize>,
}

impl Ranked {
    pub(super) fn new(named: HashSet<usize>) -> Self {
        Self {
            hits: Vec::new(),
            named,
        }
    }

    pub(super) fn add(&mut self, hit: Hit, closeness: Closeness, channel: bool, recent: Option<i64>) {
        let kind = match hit.kind {
            SearchHitKind::Tag | SearchHitKind::Repository => 0,
            SearchHitKind::Digest => 1,
            SearchHitKind::Label => 2,
        };
        let recent = Reverse(recent);
        let not_named = !self.named.contains(&hit.repository);
        self.hits.push((
            Rank {
                closeness,
                kind,
                not_named,
                no_channel: !channel,
                recent,
            },
            hit,
        ));
    }

    /// The best hits, each once: a version that was found by its tag is not named again for its label.
    pub(super) fn best(mut self, limit: usize) -> Vec<Hit> {
        self.hits.sort_by(|(one, one_hit), (other, other_hit)| {
            let by_name = || (one_hit.repository, &one_hit.tag).cmp(&(other_hit.repository, &other_hit.tag));
            one.cmp(other).then_with(by_name)
        });
        let mut named = HashSet::new();
        let hits = self.hits.into_iter().map(|(_, hit)| hit);
        hits.filter(|hit| named.insert((hit.repository, hit.tag.clone())))
            .take(limit)
            .collect()
    }
}
