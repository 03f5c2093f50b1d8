//! Extended (pax) headers: records of `length key=value\n` that overrule the header that follows.
//!
//! Reads only what Berth shows; the rest (attributes, comments) is passed over.

/// What an extended header says about the next entry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Extended {
    pub(super) path: Option<Vec<u8>>,
    pub(super) link: Option<Vec<u8>>,
    /// Bytes stored.
    pub(super) size: Option<u64>,
    /// Bytes of a sparse file with its holes.
    pub(super) real_size: Option<u64>,
    pub(super) sparse: bool,
    /// Seconds since 1970 and nanoseconds.
    pub(super) modified: Option<(i64, u32)>,
    pub(super) uid: Option<u64>,
    pub(super) gid: Option<u64>,
    pub(super) user: Option<Vec<u8>>,
    pub(super) group: Option<Vec<u8>>,
}

impl Extended {
    /// Reads the records into what earlier headers said; none if they are malformed.
    pub(super) fn read(&mut self, mut records: &[u8]) -> Option<()> {
        while !matches!(records, [] | [0, ..]) {
            let (key, value, rest) = record(records)?;
            self.take(key, value);
            records = rest;
        }
        Some(())
    }

    fn take(&mut self, key: &[u8], value: &[u8]) {
        match key {
            b"path" => self.path = Some(value.to_owned()),
            b"linkpath" => self.link = Some(value.to_owned()),
            b"size" => self.size = number(value),
            b"mtime" => self.modified = time(value),
            b"uid" => self.uid = number(value),
            b"gid" => self.gid = number(value),
            b"uname" => self.user = Some(value.to_owned()),
            b"gname" => self.group = Some(value.to_owned()),
            b"GNU.sparse.size" | b"GNU.sparse.realsize" => {
                self.sparse = true;
                self.real_size = number(value);
            }
            b"GNU.sparse.name" => {
                self.sparse = true;
                self.path = Some(value.to_owned());
            }
            b"GNU.sparse.map" | b"GNU.sparse.major" => self.sparse = true,
            _ => {}
        }
    }
}

/// The first record as key and value, and what follows it.
fn record(records: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let space = records.iter().take(20).position(|&byte| byte == b' ')?;
    let length: usize = std::str::from_utf8(records.get(..space)?).ok()?.parse().ok()?;
    let body = records.get(space + 1..length)?.strip_suffix(b"\n")?;
    let equals = body.iter().position(|&byte| byte == b'=')?;
    Some((body.get(..equals)?, body.get(equals + 1..)?, records.get(length..)?))
}

fn number(value: &[u8]) -> Option<u64> {
    std::str::from_utf8(value).ok()?.parse().ok()
}

/// `1700000000.123456789`; more digits than nanoseconds are cut.
fn time(value: &[u8]) -> Option<(i64, u32)> {
    let text = std::str::from_utf8(value).ok()?;
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let seconds: i64 = whole.parse().ok()?;
    let digits: String = fraction.chars().chain(std::iter::repeat('0')).take(9).collect();
    let nanoseconds: u32 = digits.parse().ok()?;
    if whole.starts_with('-') && nanoseconds > 0 {
        return Some((seconds.checked_sub(1)?, 1_000_000_000 - nanoseconds));
    }
    Some((seconds, nanoseconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(records: &[u8]) -> Option<Extended> {
        let mut extended = Extended::default();
        extended.read(records).map(|()| extended)
    }

    #[test]
    fn records_overrule_and_unknown_ones_are_passed_over() {
        let extended =
            read(b"13 path=a/b/c\n9 uid=12\n30 mtime=1700000000.123456789\n26 SCHILY.xattr.user.a=b\x00c\n".as_slice());
        assert_eq!(extended, None, "a wrong length is found");
        let extended = read(b"14 path=a/b/c\n10 uid=12\n30 mtime=1700000000.123456789\n").expect("well formed");
        assert_eq!(extended.path.as_deref(), Some(b"a/b/c".as_slice()));
        assert_eq!(extended.uid, Some(12));
        assert_eq!(extended.modified, Some((1_700_000_000, 123_456_789)));
    }

    #[test]
    fn values_may_hold_line_ends() {
        let extended = read(b"12 path=a\nb\n").expect("the length decides where a record ends");
        assert_eq!(extended.path.as_deref(), Some(b"a\nb".as_slice()));
    }

    #[test]
    fn times_before_1970_and_without_a_fraction_are_read() {
        assert_eq!(time(b"12"), Some((12, 0)));
        assert_eq!(time(b"-1.5"), Some((-2, 500_000_000)));
        assert_eq!(time(b"-0.25"), Some((-1, 750_000_000)));
        assert_eq!(time(b"x"), None);
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(records in proptest::collection::vec(proptest::num::u8::ANY, 0..200)) {
            let _ = read(&records);
        }
    }
}
