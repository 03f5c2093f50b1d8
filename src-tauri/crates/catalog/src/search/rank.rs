//! Which hits come first: how close they are, then channels, then what is recent.

use std::cmp::Reverse;

use crate::{SearchHit, SearchHitKind};

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
    no_channel: bool,
    recent: Reverse<Option<i64>>,
}

#[derive(Debug, Default)]
pub(super) struct Ranked {
    hits: Vec<(Rank, SearchHit)>,
}

impl Ranked {
    pub(super) fn add(&mut self, hit: SearchHit, closeness: Closeness, channel: bool, recent: Option<i64>) {
        let kind = match hit.kind {
            SearchHitKind::Tag | SearchHitKind::Repository => 0,
            SearchHitKind::Digest => 1,
            SearchHitKind::Label => 2,
        };
        self.hits.push((
            Rank {
                closeness,
                kind,
                no_channel: !channel,
                recent: Reverse(recent),
            },
            hit,
        ));
    }

    /// The best hits, each once.
    pub(super) fn best(mut self, limit: usize) -> Vec<SearchHit> {
        self.hits.sort_by(|(one, one_hit), (other, other_hit)| {
            let by_name = || (&one_hit.repository, &one_hit.tag).cmp(&(&other_hit.repository, &other_hit.tag));
            one.cmp(other).then_with(by_name)
        });
        let mut best: Vec<SearchHit> = Vec::new();
        for (_, hit) in self.hits {
            if best.len() == limit {
                break;
            }
            if !best.iter().any(|known| is_same(known, &hit)) {
                best.push(hit);
            }
        }
        best
    }
}

/// A version that was found by its tag is not named again for its label.
fn is_same(known: &SearchHit, hit: &SearchHit) -> bool {
    known.connection == hit.connection && known.repository == hit.repository && known.tag == hit.tag
}
