//! Carries a change over into the file's own text, so that comments and keys of other versions of Berth stay.

use toml_edit::{ArrayOfTables, DocumentMut, Item, Table};

/// Tables in a list are the same if one of these agrees.
const NAMES: [&str; 3] = ["id", "name", "action"];

/// Changes in `document` what differs between `before` and `after`; everything else stays as it is written.
pub(super) fn merge(document: &mut DocumentMut, before: &DocumentMut, after: &DocumentMut) {
    merge_table(document.as_table_mut(), before.as_table(), after.as_table());
}

fn merge_table(target: &mut Table, before: &Table, after: &Table) {
    for (key, _) in before.iter().filter(|(key, _)| !after.contains_key(key)) {
        target.remove(key);
    }
    for (key, new) in after {
        let old = before.get(key);
        if old.is_some_and(|old| same(old, new)) {
            continue;
        }
        match (target.get_mut(key), new) {
            (Some(Item::ArrayOfTables(written)), Item::ArrayOfTables(new)) => {
                let none = ArrayOfTables::new();
                let old = old.and_then(Item::as_array_of_tables).unwrap_or(&none);
                *written = merge_list(written, old, new);
            }
            (Some(Item::Value(written)), Item::Value(new)) => {
                // The comment behind a value stays with it.
                let decor = written.decor().clone();
                *written = new.clone();
                *written.decor_mut() = decor;
            }
            _ => {
                target.insert(key, new.clone());
            }
        }
    }
}

fn merge_list(written: &ArrayOfTables, before: &ArrayOfTables, after: &ArrayOfTables) -> ArrayOfTables {
    let nothing = Table::new();
    let mut merged = ArrayOfTables::new();
    for new in after {
        let known = written.iter().find(|table| is_same(table, new));
        let table = known.map_or_else(
            || new.clone(),
            |known| {
                let mut table = known.clone();
                merge_table(
                    &mut table,
                    before.iter().find(|old| is_same(old, new)).unwrap_or(&nothing),
                    new,
                );
                table
            },
        );
        merged.push(unplaced(table));
    }
    merged
}

/// Without the place in the file that it was read from, so that the order of the list is the order of the file.
fn unplaced(mut table: Table) -> Table {
    table.set_position(None);
    table
}

fn is_same(left: &Table, right: &Table) -> bool {
    NAMES
        .iter()
        .find_map(|name| Some(left.get(name)?.as_str()? == right.get(name)?.as_str()?))
        .unwrap_or(false)
}

fn same(left: &Item, right: &Item) -> bool {
    left.to_string() == right.to_string()
}
