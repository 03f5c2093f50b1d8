//! Views and facts that were asked for lately, so that scrolling, sorting back and paging read nothing twice.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

use artifact::RepositoryName;

use super::{
    VersionsView,
    facts::{Facts, require_repository},
};
use crate::{
    CatalogError, ConnectionId, VersionsQuery,
    store::{Store, held},
};

/// Views kept; each holds the order of its rows.
const VIEWS: usize = 12;
/// Repositories kept in memory; the largest cost some hundred bytes per version.
const FACTS: usize = 4;

#[derive(Debug, Default)]
pub(crate) struct Views {
    views: Mutex<VecDeque<(VersionsQuery, i64, Arc<VersionsView>)>>,
    /// With the repository they are of: another process may have given the id of a row to another one.
    facts: Mutex<VecDeque<(ConnectionId, RepositoryName, Arc<Facts>)>>,
}

impl Views {
    pub(crate) fn view(&self, store: &Arc<Store>, query: &VersionsQuery) -> Result<Arc<VersionsView>, CatalogError> {
        let repository = require_repository(store, &query.connection, &query.repository)?;
        let same = |(known, id, view): &(VersionsQuery, i64, Arc<VersionsView>)| {
            *id == repository.id
                && view.revision == repository.revision
                && view.synced == repository.synced
                && known == query
        };
        if let Some(view) = take_to_front(&mut held(&self.views), same) {
            return Ok(view.2);
        }
        let facts = self.facts(store, &query.connection, &query.repository)?;
        let id = facts.repository.id;
        let view = Arc::new(VersionsView::new(Arc::clone(store), facts, &repository, query));
        let mut views = held(&self.views);
        // Views of an older revision of this repository would never be asked for again.
        views.retain(|(_, known, old)| *known != id || (old.revision == view.revision && old.synced == view.synced));
        push_front(&mut views, (query.clone(), id, Arc::clone(&view)), VIEWS);
        Ok(view)
    }

    pub(crate) fn facts(
        &self,
        store: &Arc<Store>,
        connection: &ConnectionId,
        name: &RepositoryName,
    ) -> Result<Arc<Facts>, CatalogError> {
        let repository = require_repository(store, connection, name)?;
        let same = |(of, known, facts): &(ConnectionId, RepositoryName, Arc<Facts>)| {
            let same_row = facts.repository.id == repository.id && facts.repository.revision == repository.revision;
            same_row && of == connection && known == name
        };
        if let Some((_, _, facts)) = take_to_front(&mut held(&self.facts), same) {
            return Ok(facts);
        }
        let id = repository.id;
        // The row may have changed since: its revision is read again on the same state of the index as the rest.
        let facts = store.read(|reading| {
            let now = super::facts::find_repository(reading, connection, name)?.unwrap_or(repository);
            Facts::load(reading, now)
        })?;
        let facts = Arc::new(facts);
        let mut kept = held(&self.facts);
        kept.retain(|(_, _, old)| old.repository.id != id);
        push_front(&mut kept, (connection.clone(), name.clone(), Arc::clone(&facts)), FACTS);
        Ok(facts)
    }

    pub(crate) fn clear(&self) {
        held(&self.views).clear();
        held(&self.facts).clear();
    }
}

fn take_to_front<T: Clone>(kept: &mut VecDeque<T>, wanted: impl Fn(&T) -> bool) -> Option<T> {
    let place = kept.iter().position(wanted)?;
    let found = kept.remove(place)?;
    kept.push_front(found.clone());
    Some(found)
}

fn push_front<T>(kept: &mut VecDeque<T>, value: T, most: usize) {
    kept.push_front(value);
    kept.truncate(most);
}
