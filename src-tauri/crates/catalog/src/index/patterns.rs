//! How many tags some patterns cover, over everything that was seen.

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use rusqlite::Connection;

use crate::{CatalogError, store::Store};

/// Characters that mean something in a pattern.
const SPECIAL: [char; 7] = ['*', '?', '[', ']', '{', '}', '\\'];

/// Counts the tags that at least one of the patterns covers; a name stands for itself.
pub(super) fn count(store: &Store, patterns: &[String]) -> Result<u64, CatalogError> {
    let mut globs = GlobSetBuilder::new();
    for pattern in patterns {
        let glob = GlobBuilder::new(pattern).build();
        globs.add(glob.map_err(|error| CatalogError::InvalidInput(format!("{pattern:?} is no pattern: {error}")))?);
    }
    let globs = globs
        .build()
        .map_err(|error| CatalogError::InvalidInput(error.to_string()))?;
    let beginnings = beginnings(patterns);
    store.read(|reading| {
        beginnings
            .iter()
            .map(|beginning| count_from(reading, beginning, &globs))
            .sum()
    })
}

/// What the covered tags begin with, none of them the beginning of another: each name is then counted once.
fn beginnings(patterns: &[String]) -> Vec<&str> {
    let literal = |pattern: &'_ String| pattern.find(SPECIAL).unwrap_or(pattern.len());
    let mut all: Vec<&str> = patterns
        .iter()
        .map(|pattern| pattern.get(..literal(pattern)).unwrap_or(""))
        .collect();
    all.sort_unstable();
    all.dedup_by(|longer, shorter| longer.starts_with(*shorter));
    all
}

fn count_from(reading: &Connection, beginning: &str, globs: &GlobSet) -> rusqlite::Result<u64> {
    // Names are ASCII, and `~` is above everything that a name may hold.
    let select = "SELECT name, count(*) FROM tags WHERE hidden = 0 AND name >= ?1 AND name < ?2 GROUP BY name";
    let mut statement = reading.prepare_cached(select)?;
    let mut rows = statement.query((beginning, format!("{beginning}~")))?;
    let mut covered = 0;
    while let Some(row) = rows.next()? {
        if globs.is_match(row.get_ref(0)?.as_str()?) {
            covered += row.get::<_, i64>(1)?.cast_unsigned();
        }
    }
    Ok(covered)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_beginning_stands_under_another() {
        let patterns = ["release-*", "rel*", "v1", "v1.0", "prod[0-9]"].map(str::to_owned);
        assert_eq!(beginnings(&patterns), ["prod", "rel", "v1"]);
        assert_eq!(beginnings(&["*".to_owned(), "latest".to_owned()]), [""]);
        assert!(beginnings(&[]).is_empty());
    }
}
