//! Digests as the index keeps them: one byte for the algorithm, then the hash; interned under small ids.

use std::collections::HashMap;

use artifact::{Algorithm, Digest};
use rusqlite::{Connection, OptionalExtension};

/// Ids that are remembered between batches; each costs about 60 bytes.
const REMEMBERED: usize = 100_000;
const SHA256: u8 = 1;
const SHA512: u8 = 2;

/// The bytes under which a digest is found.
pub(crate) fn key_of(digest: &Digest) -> Vec<u8> {
    let algorithm = match digest.algorithm() {
        Algorithm::Sha256 => SHA256,
        Algorithm::Sha512 => SHA512,
    };
    let mut key = vec![algorithm; 1 + digest.hex().len() / 2];
    let (_, value) = key.split_at_mut(1);
    // A digest's value is well-formed hexadecimal by its type.
    let decoded = hex::decode_to_slice(digest.hex(), value);
    debug_assert!(decoded.is_ok(), "{digest} is not hexadecimal");
    key
}

/// The digest kept under `key`; `None` if the bytes are none.
pub(crate) fn digest_of(key: &[u8]) -> Option<Digest> {
    let (algorithm, value) = key.split_first()?;
    let name = match *algorithm {
        SHA256 => Algorithm::Sha256.name(),
        SHA512 => Algorithm::Sha512.name(),
        _ => return None,
    };
    format!("{name}:{}", hex::encode(value)).parse().ok()
}

/// The ids of digests that were written lately.
#[derive(Default)]
pub(crate) struct DigestIds {
    known: HashMap<Vec<u8>, i64>,
}

impl DigestIds {
    pub(crate) fn clear(&mut self) {
        self.known.clear();
    }

    /// The id of a digest, made if it has none yet.
    pub(crate) fn id(&mut self, connection: &Connection, digest: &Digest) -> rusqlite::Result<i64> {
        let key = key_of(digest);
        if let Some(id) = self.known.get(&key) {
            return Ok(*id);
        }
        let id = match find(connection, &key)? {
            Some(id) => id,
            None => connection
                .prepare_cached("INSERT INTO digests (digest) VALUES (?1)")?
                .insert([&key])?,
        };
        if self.known.len() >= REMEMBERED {
            self.known.clear();
        }
        self.known.insert(key, id);
        Ok(id)
    }

    /// The id of a digest, if it has one.
    pub(crate) fn find(connection: &Connection, digest: &Digest) -> rusqlite::Result<Option<i64>> {
        find(connection, &key_of(digest))
    }

    /// The first and last key of digests whose value begins with these digits.
    pub(crate) fn range(algorithm: &str, digits: &str) -> Option<(Vec<u8>, Vec<u8>)> {
        let (tag, length) = if algorithm == Algorithm::Sha512.name() {
            (SHA512, 128)
        } else {
            (SHA256, 64)
        };
        if digits.len() > length {
            return None;
        }
        let key = |fill: &str| {
            let value = hex::decode(format!("{digits}{}", fill.repeat(length - digits.len()))).ok()?;
            Some([&[tag][..], &value].concat())
        };
        Some((key("0")?, key("f")?))
    }

    /// The digest of an id that stands in some table.
    pub(crate) fn digest(connection: &Connection, id: i64) -> rusqlite::Result<Digest> {
        let mut statement = connection.prepare_cached("SELECT digest FROM digests WHERE id = ?1")?;
        statement.query_row([id], |row| {
            let key = row.get_ref(0)?.as_blob()?;
            digest_of(key).ok_or_else(|| {
                rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Blob, "not a digest".into())
            })
        })
    }
}

fn find(connection: &Connection, key: &[u8]) -> rusqlite::Result<Option<i64>> {
    connection
        .prepare_cached("SELECT id FROM digests WHERE digest = ?1")?
        .query_row([key], |row| row.get(0))
        .optional()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_come_back_as_they_were_kept() {
        for digest in [
            Digest::of(b"content"),
            format!("sha512:{}", "ab".repeat(64)).parse().expect("a digest"),
        ] {
            assert_eq!(digest_of(&key_of(&digest)), Some(digest));
        }
        for key in [&[][..], &[9, 1, 2], &[SHA256, 1, 2]] {
            assert_eq!(digest_of(key), None);
        }
    }
}
