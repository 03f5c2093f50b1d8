//! Which of the things that point at a version travel with it, as it is written in settings and on command lines. Pure.

use std::{collections::BTreeSet, fmt, str::FromStr};

use artifact::Kind;
use serde::{Deserialize, Serialize};

/// The kinds that can be chosen one by one; what is none of the others is `Other`. With the words for them.
const WORDS: [(Kind, &str, &str); 4] = [
    (Kind::Signature, "signatures", "signature"),
    (Kind::Sbom, "sboms", "sbom"),
    (Kind::Attestation, "attestations", "attestation"),
    (Kind::Other, "others", "other"),
];

/// Which of the things that point at a version travel with it: `all`, `none`, or kinds such as `signatures,sboms`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum ReferrerChoice {
    #[default]
    None,
    All,
    /// Only these: signatures, SBOMs, attestations, and as [`Kind::Other`] what is none of them.
    Kinds(BTreeSet<Kind>),
}

/// A word that names no kind of referrers.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} names no referrers: write all, none, or some of signatures, sboms, attestations, others, with commas")]
pub struct UnknownReferrers(String);

impl ReferrerChoice {
    /// These kinds alone; without any it is nothing.
    pub fn of(kinds: impl IntoIterator<Item = Kind>) -> Self {
        let kinds: BTreeSet<Kind> = kinds.into_iter().map(chosen_kind).collect();
        if kinds.is_empty() {
            Self::None
        } else {
            Self::Kinds(kinds)
        }
    }

    /// Whether referrers of this kind travel.
    pub fn takes(&self, kind: Kind) -> bool {
        match self {
            Self::None => false,
            Self::All => true,
            Self::Kinds(kinds) => kinds.contains(&chosen_kind(kind)),
        }
    }
}

/// What a kind counts as where kinds are chosen.
fn chosen_kind(kind: Kind) -> Kind {
    match kind {
        Kind::Signature | Kind::Sbom | Kind::Attestation => kind,
        _ => Kind::Other,
    }
}

impl fmt::Display for ReferrerChoice {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => formatter.write_str("none"),
            Self::All => formatter.write_str("all"),
            Self::Kinds(kinds) => {
                let words = WORDS.iter().filter(|(kind, ..)| kinds.contains(kind));
                formatter.write_str(&words.map(|(_, many, _)| *many).collect::<Vec<_>>().join(","))
            }
        }
    }
}

impl FromStr for ReferrerChoice {
    type Err = UnknownReferrers;

    fn from_str(text: &str) -> Result<Self, UnknownReferrers> {
        match text.trim() {
            "all" => return Ok(Self::All),
            "none" => return Ok(Self::None),
            _ => {}
        }
        let kinds = text.split(',').map(|word| {
            let word = word.trim();
            let meant = WORDS
                .iter()
                .find(|(_, many, one)| word.eq_ignore_ascii_case(many) || word.eq_ignore_ascii_case(one));
            meant
                .map(|(kind, ..)| *kind)
                .ok_or_else(|| UnknownReferrers(word.to_owned()))
        });
        Ok(Self::Kinds(kinds.collect::<Result<_, _>>()?))
    }
}

impl TryFrom<String> for ReferrerChoice {
    type Error = UnknownReferrers;

    fn try_from(text: String) -> Result<Self, UnknownReferrers> {
        text.parse()
    }
}

impl From<ReferrerChoice> for String {
    fn from(choice: ReferrerChoice) -> Self {
        choice.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let choices = [
            ReferrerChoice::All,
            ReferrerChoice::None,
            ReferrerChoice::of([Kind::Signature, Kind::Sbom]),
            ReferrerChoice::of([Kind::Other]),
        ];
        for choice in choices {
            assert_eq!(choice.to_string().parse(), Ok(choice));
        }
        assert_eq!(
            "signature, SBOMs".parse(),
            Ok(ReferrerChoice::of([Kind::Sbom, Kind::Signature]))
        );
        for wrong in ["", "signatures,", "sigs", "all,sboms"] {
            assert!(wrong.parse::<ReferrerChoice>().is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn what_is_none_of_the_named_kinds_travels_with_the_others() {
        let others = ReferrerChoice::of([Kind::Other]);
        assert!(others.takes(Kind::Helm) && others.takes(Kind::Other) && !others.takes(Kind::Signature));
        assert!(!ReferrerChoice::of([Kind::Sbom]).takes(Kind::Helm));
        assert_eq!(ReferrerChoice::of([]), ReferrerChoice::None);
    }
}
