//! What was picked by hand: the same closure and the same checks as for a policy.

use std::rc::Rc;

use artifact::{Digest, Tag};

use super::{
    graph::{Graph, TagNumber},
    verdict::{LeftoverVerdict, TagVerdict, Verdicts},
};
use crate::{KeepReason, ProtectedTags};

/// Tags and versions of one repository that a person wants to delete.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chosen {
    /// Without `each_tag` a tag stays where another that was not chosen is on its version.
    pub tags: Vec<Tag>,
    /// Versions, with all their tags.
    pub digests: Vec<Digest>,
    /// Each of `tags` goes by itself, even while its version stays.
    pub each_tag: bool,
    /// The person was asked about protected tags and wants them to go. Else they stay.
    pub protected_confirmed: bool,
}

/// Why a choice cannot be planned.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChosenError {
    #[error("nothing is chosen")]
    NothingSelected,
    /// A tag or digest.
    #[error("{0} is not in this repository any more")]
    NotThere(String),
}

impl ChosenError {
    /// What to do next, in a sentence.
    pub const fn hint(&self) -> &'static str {
        match self {
            Self::NothingSelected => "choose tags or versions",
            Self::NotThere(_) => "refresh the repository and choose again",
        }
    }
}

impl Chosen {
    /// # Errors
    /// If nothing is chosen, or something is not there.
    pub(super) fn verdicts(&self, graph: &Graph<'_>, protected: &ProtectedTags) -> Result<Verdicts, ChosenError> {
        if self.tags.is_empty() && self.digests.is_empty() {
            return Err(ChosenError::NothingSelected);
        }
        let mut verdicts = Verdicts::none(graph);
        let why: Rc<str> = "chosen".into();
        for digest in &self.digests {
            let node = graph.find(digest);
            let node = node.ok_or_else(|| ChosenError::NotThere(digest.to_string()))?;
            let tags = graph.tags_of.get(node).map_or(&[][..], Vec::as_slice);
            for &number in tags {
                self.judge(graph, protected, &mut verdicts, number, false, &why);
            }
            if let Some(verdict) = verdicts.leftovers.get_mut(node).filter(|_| tags.is_empty()) {
                *verdict = LeftoverVerdict::Goes(Rc::clone(&why));
            }
        }
        for tag in &self.tags {
            let number = graph.tag_named(tag);
            let number = number.ok_or_else(|| ChosenError::NotThere(tag.to_string()))?;
            self.judge(graph, protected, &mut verdicts, number, self.each_tag, &why);
        }
        Ok(verdicts)
    }

    fn judge(
        &self,
        graph: &Graph<'_>,
        protected: &ProtectedTags,
        verdicts: &mut Verdicts,
        number: TagNumber,
        each_tag: bool,
        why: &Rc<str>,
    ) {
        let Some((verdict, tag)) = verdicts.tags.get_mut(number).zip(graph.tags.get(number)) else {
            return;
        };
        let judged = if protected.covers(tag.tag) && !self.protected_confirmed {
            TagVerdict::Stays(KeepReason::Protected)
        } else {
            TagVerdict::Goes {
                each_tag,
                why: Rc::clone(why),
            }
        };
        *verdict = std::mem::replace(verdict, TagVerdict::NotConsidered).and(judged);
    }
}
