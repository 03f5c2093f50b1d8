//! The words of a search, and what "matches" means for each part.

use super::rank::Closeness;

const MOST_WORDS: usize = 8;
const LONGEST_WORD: usize = 128;
/// Trigrams of one word that narrow the candidates down; more make the lookup slower, not narrower.
const TRIGRAMS: usize = 5;
/// Digits of a digest that are enough to look for one.
const DIGITS: usize = 4;
const ALGORITHMS: [&str; 2] = ["sha256", "sha512"];

/// One word, in lower case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    text: String,
    letters: usize,
    /// It stood before the `:` or `@` of a reference, where the repository's name stands.
    names: bool,
}

/// The words of a text. `repository:tag` and `repository@digest` are two, a digest is one.
pub(super) fn parse(text: &str) -> Vec<Word> {
    let lower = text.to_lowercase();
    let parts = lower.split(|letter: char| letter.is_whitespace() || letter.is_control());
    let mut words: Vec<Word> = Vec::new();
    for word in parts.flat_map(pieces) {
        if words.len() < MOST_WORDS && !words.iter().any(|known| known.text == word.text) {
            words.push(word);
        }
    }
    words
}

/// `NAME[:TAG][@DIGEST]` in its pieces.
fn pieces(part: &str) -> Vec<Word> {
    if is_digest(part) {
        return vec![Word::new(part)];
    }
    let (before, after) = part.split_once('@').unwrap_or((part, ""));
    let digest = is_digest(after);
    let mut pieces: Vec<&str> = before.split(':').collect();
    if digest && is_whole(after) {
        // A whole digest says it all: a tag beside it may have moved since.
        pieces.truncate(1);
    }
    if digest {
        pieces.push(after);
    } else if !is_begun_digest(after) {
        pieces.extend(after.split([':', '@']));
    }
    let is_reference = part.contains([':', '@']);
    let words = pieces.into_iter().enumerate().map(|(place, piece)| Word {
        names: is_reference && place == 0,
        ..Word::new(piece)
    });
    words.filter(|word| word.letters > 0).collect()
}

/// A digest with some of its value, as [`Word::digest_prefix`] takes it.
fn is_digest(text: &str) -> bool {
    ALGORITHMS.iter().any(|algorithm| {
        text.strip_prefix(algorithm)
            .is_some_and(|rest| rest.len() > 1 && rest.starts_with(':'))
    })
}

/// `sha`, `sha256`, `sha256:`: a digest that is being typed and says nothing yet.
fn is_begun_digest(text: &str) -> bool {
    let name = text.strip_suffix(':').unwrap_or(text);
    ALGORITHMS.iter().any(|algorithm| algorithm.starts_with(name))
}

fn is_whole(digest: &str) -> bool {
    digest.parse::<artifact::Digest>().is_ok()
}

impl Word {
    fn new(text: &str) -> Self {
        let text: String = text.chars().take(LONGEST_WORD).collect();
        Self {
            letters: text.chars().count(),
            text,
            names: false,
        }
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Whether a reference names this very repository, in full or without the first parts of its path.
    pub(super) fn names(&self, name: &str) -> bool {
        self.names
            && name
                .strip_suffix(&self.text)
                .is_some_and(|path| path.is_empty() || path.ends_with('/'))
    }

    /// Under three letters a word matches beginnings only.
    pub(super) fn has_trigrams(&self) -> bool {
        self.letters >= 3
    }

    /// Trigrams of the word, spread over it, as an expression of the full-text index.
    pub(super) fn expression(&self) -> Option<String> {
        let letters: Vec<char> = self.text.chars().collect();
        let trigrams: Vec<&[char]> = letters.windows(3).collect();
        let last = trigrams.len().checked_sub(1)?;
        let taken = trigrams.len().min(TRIGRAMS);
        let places = (0..taken).map(|number| number * last / (taken - 1).max(1));
        let quote = |trigram: &&[char]| format!("\"{}\"", trigram.iter().collect::<String>().replace('"', "\"\""));
        let quoted: Vec<String> = places.filter_map(|place| trigrams.get(place)).map(quote).collect();
        Some(quoted.join(" AND "))
    }

    pub(super) fn is_in_tag(&self, tag: &str) -> bool {
        if self.has_trigrams() {
            tag.contains(&self.text)
        } else {
            tag.starts_with(&self.text)
        }
    }

    pub(super) fn is_in_name(&self, name: &str) -> bool {
        if self.has_trigrams() {
            return name.contains(&self.text);
        }
        name.starts_with(&self.text)
            || name
                .split(['/', '-', '_', '.'])
                .any(|part| part.starts_with(&self.text))
    }

    pub(super) fn is_in_label(&self, label: &str) -> bool {
        self.has_trigrams() && label.contains(&self.text)
    }

    /// The start of a digest's value, if the word can be one.
    pub(super) fn digest_prefix(&self) -> Option<String> {
        let stated = self.text.split_once(':');
        let value = stated.map_or(self.text.as_str(), |(_, value)| value);
        let long_enough = if stated.is_some() {
            !value.is_empty()
        } else {
            value.len() >= DIGITS
        };
        let hexadecimal = value.len() <= 128 && value.bytes().all(|byte| byte.is_ascii_hexdigit());
        (long_enough && hexadecimal).then(|| value.to_owned())
    }

    /// `None`: not in the tag at all.
    pub(super) fn closeness_to_tag(&self, tag: &str) -> Option<Closeness> {
        if tag == self.text {
            Some(Closeness::Exact)
        } else if tag.starts_with(&self.text) || tag.strip_prefix('v').is_some_and(|tag| tag.starts_with(&self.text)) {
            Some(Closeness::Beginning)
        } else {
            self.is_in_tag(tag).then_some(Closeness::Part)
        }
    }

    pub(super) fn closeness_to_name(&self, name: &str) -> Closeness {
        let last = name.rsplit('/').next().unwrap_or(name);
        if name == self.text || last == self.text {
            Closeness::Exact
        } else if name.split('/').any(|part| part.starts_with(&self.text)) {
            Closeness::Beginning
        } else {
            Closeness::Part
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_is_two_words_and_a_digest_one() {
        let texts = |text: &str| {
            parse(text)
                .iter()
                .map(|word| word.text().to_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(texts("vision/x:1.4  LATEST latest"), ["vision/x", "1.4", "latest"]);
        assert_eq!(texts("sha256:ABC"), ["sha256:abc"]);
        assert_eq!(texts("vision/x@sha256:ABC"), ["vision/x", "sha256:abc"]);
        assert_eq!(texts("x:1.4@sha256:abc"), ["x", "1.4", "sha256:abc"]);
        let whole = format!("sha256:{}", "a".repeat(64));
        assert_eq!(texts(&format!("x:1.4@{whole}")), ["x", whole.as_str()]);
        for begun in ["x@", "x@sha", "x@sha256", "x@sha512:"] {
            assert_eq!(texts(begun), ["x"]);
        }
        assert_eq!(texts("zoe@example.org"), ["zoe", "example.org"]);
        assert_eq!(texts(" : \0 "), Vec::<String>::new());
    }

    #[test]
    fn only_digits_begin_a_digest() {
        let prefix = |text: &str| Word::new(text).digest_prefix();
        assert_eq!(prefix("sha256:a"), Some("a".to_owned()));
        assert_eq!(prefix("802604da"), Some("802604da".to_owned()));
        assert_eq!(
            (prefix("abc"), prefix("production"), prefix("sha256:")),
            (None, None, None)
        );
    }

    #[test]
    fn quotes_do_not_break_the_expression() {
        assert_eq!(Word::new("a\"b").expression(), Some("\"a\"\"b\"".to_owned()));
        assert_eq!(Word::new("ab").expression(), None);
    }

    #[test]
    fn a_long_word_is_looked_up_by_a_few_trigrams_from_its_beginning_to_its_end() {
        let expression = |text: &str| Word::new(text).expression().expect("three letters");
        assert_eq!(expression("abcd"), r#""abc" AND "bcd""#);
        assert_eq!(
            expression("abcdefghijk"),
            r#""abc" AND "cde" AND "efg" AND "ghi" AND "ijk""#
        );
        assert_eq!(expression(&"x".repeat(500)).matches("AND").count(), 4);
    }
}
