//! The names of all repositories, in memory while the index does not change: some thousand short texts.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex},
};

use artifact::RepositoryName;
use memchr::memmem::Finder;

use super::words::Word;
use crate::{
    CatalogError, ConnectionId,
    store::{Store, held},
};

#[derive(Debug, Default)]
pub(crate) struct Names {
    kept: Mutex<Option<(u64, Arc<NameList>)>>,
}

/// In the order of the names, and under one name in that of the connections.
#[derive(Debug, Default)]
pub(super) struct NameList {
    names: Vec<Name>,
    places: HashMap<i64, usize>,
}

#[derive(Debug)]
pub(super) struct Name {
    pub(super) id: i64,
    pub(super) connection: ConnectionId,
    pub(super) repository: RepositoryName,
    pub(super) lower: String,
    pub(super) updated: Option<i64>,
}

impl Names {
    pub(super) fn current(&self, store: &Store) -> Result<Arc<NameList>, CatalogError> {
        let version = store.data_version()?;
        if let Some((known, list)) = &*held(&self.kept)
            && *known == version
        {
            return Ok(Arc::clone(list));
        }
        let list = Arc::new(store.read(NameList::load)?);
        *held(&self.kept) = Some((version, Arc::clone(&list)));
        Ok(list)
    }
}

impl NameList {
    fn load(reading: &rusqlite::Connection) -> rusqlite::Result<Self> {
        let select = "SELECT repositories.id, connections.name, repositories.name, updated_at
            FROM repositories JOIN connections ON connections.id = connection WHERE gone_at IS NULL
            ORDER BY repositories.name, connections.name";
        let mut statement = reading.prepare_cached(select)?;
        let mut rows = statement.query([])?;
        let mut list = Self::default();
        while let Some(row) = rows.next()? {
            let Ok(name) = row.get_ref(2)?.as_str()?.parse::<RepositoryName>() else {
                continue;
            };
            let id = row.get(0)?;
            list.places.insert(id, list.names.len());
            list.names.push(Name {
                id,
                connection: ConnectionId::new(row.get::<_, String>(1)?),
                lower: name.as_str().to_lowercase(),
                repository: name,
                updated: row.get(3)?,
            });
        }
        Ok(list)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (usize, &Name)> {
        self.names.iter().enumerate()
    }

    pub(super) fn get(&self, place: usize) -> Option<&Name> {
        self.names.get(place)
    }

    pub(super) fn place(&self, id: i64) -> Option<usize> {
        self.places.get(&id).copied()
    }

    /// Per name: whether the word is in it.
    pub(super) fn matches(&self, word: &Word) -> Vec<bool> {
        if !word.has_trigrams() {
            return self.names.iter().map(|name| word.is_in_name(&name.lower)).collect();
        }
        let finder = Finder::new(word.text());
        self.names
            .iter()
            .map(|name| finder.find(name.lower.as_bytes()).is_some())
            .collect()
    }

    /// The places of the names that a reference among the words names.
    pub(super) fn named(&self, words: &[Word]) -> HashSet<usize> {
        let names = |name: &Name| words.iter().any(|word| word.names(&name.lower));
        self.iter()
            .filter(|(_, name)| names(name))
            .map(|(place, _)| place)
            .collect()
    }

    /// Per name: whether it belongs to the connection.
    pub(super) fn of_connection(&self, connection: Option<&ConnectionId>) -> Vec<bool> {
        let belongs = |name: &Name| connection.is_none_or(|connection| &name.connection == connection);
        self.names.iter().map(belongs).collect()
    }
}
