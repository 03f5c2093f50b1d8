//! Natural order, and the bytes that all keys of this module are made of.
//!
//! A key is a row of bytes whose plain order is the order wanted: comparing is one `memcmp`, and the order is total and
//! transitive whatever the names are. Runs of digits compare as numbers, letters without regard to case.

/// Ends a text inside a key; below everything that a text can hold.
const END: u8 = 0;
/// The dot, which separates more than any other character does.
const DOT: u8 = 1;
/// Stands for the control characters that the two above displace.
const CONTROL: u8 = 2;
/// Begins a number: its length and its digits follow. No other character is written as this byte.
const NUMBER: u8 = b'0';
/// Longer runs of digits are several numbers.
const DIGITS: usize = 200;

/// Text in natural order: `line-7` before `line-12`. Two texts never have the same key.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NaturalKey(Box<[u8]>);

/// Where the text stands in natural order.
pub fn natural_key(text: &str) -> NaturalKey {
    let mut key = KeyBytes::new(text.len());
    key.text(text);
    NaturalKey(key.finish(text))
}

/// A key while it is written.
pub(super) struct KeyBytes(Vec<u8>);

impl KeyBytes {
    /// For a name of this many bytes.
    pub(super) fn new(length: usize) -> Self {
        Self(Vec::with_capacity(2 * length + 40))
    }

    pub(super) fn byte(&mut self, byte: u8) {
        self.0.push(byte);
    }

    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    /// A number: how many bytes it needs, then those.
    pub(super) fn number(&mut self, number: u64) {
        let bytes = number.to_be_bytes();
        let significant = bytes.split_at(bytes.iter().take_while(|&&byte| byte == 0).count()).1;
        self.0.push(u8::try_from(significant.len()).unwrap_or(u8::MAX));
        self.0.extend_from_slice(significant);
    }

    /// Text in natural order, ended.
    pub(super) fn text(&mut self, text: &str) {
        let mut rest = text.as_bytes();
        while let Some((&byte, after)) = rest.split_first() {
            if byte.is_ascii_digit() {
                let length = rest
                    .iter()
                    .take(DIGITS)
                    .take_while(|byte| byte.is_ascii_digit())
                    .count();
                let (digits, after) = rest.split_at(length);
                self.digits(digits);
                rest = after;
                continue;
            }
            self.0.push(match byte {
                b'.' => DOT,
                END..=CONTROL => CONTROL,
                other => other.to_ascii_lowercase(),
            });
            rest = after;
        }
        self.end();
    }

    pub(super) fn end(&mut self) {
        self.0.push(END);
    }

    fn digits(&mut self, digits: &[u8]) {
        let significant = digits
            .split_at(digits.iter().take_while(|&&digit| digit == b'0').count())
            .1;
        self.0.push(NUMBER);
        self.0.push(u8::try_from(significant.len()).unwrap_or(u8::MAX));
        self.0.extend_from_slice(significant);
    }

    /// The finished key. The name itself comes last, with its length, so that two names that order alike
    /// (`1.0` and `v1.0`) have different keys all the same.
    pub(super) fn finish(mut self, name: &str) -> Box<[u8]> {
        self.0.extend_from_slice(name.as_bytes());
        self.0.extend_from_slice(&(name.len() as u64).to_be_bytes());
        self.0.into_boxed_slice()
    }
}
