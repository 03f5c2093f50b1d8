//! Puts lists beside each other: what is the same stands in one row, what was replaced beside what replaced it.

use std::collections::HashMap;

/// How much two entries have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Likeness {
    /// Different by their names: neither took the place of the other.
    Never,
    None,
    /// But for numbers.
    Similar,
    /// By name.
    Alike,
    Same,
}

impl Likeness {
    /// One that is the same outweighs any number of neighbours that are only similar.
    const fn weight(self) -> u32 {
        match self {
            Self::Never | Self::None => 0,
            Self::Similar => 1,
            Self::Alike => 16,
            Self::Same => 256,
        }
    }
}

/// More cells than this are not weighed one by one: what is the same is found by its key, the rest stands alone.
const MOST_WEIGHED: usize = 1_000_000;

type Row<'a, T> = Vec<Option<&'a T>>;

/// Rows with one cell per column, in an order that keeps that of each column (but in columns too long to be weighed).
pub(super) fn align<'a, T>(
    columns: &[&'a [T]],
    likeness: impl Fn(&T, &T) -> Likeness,
    key: impl Fn(&T) -> String,
) -> Vec<Row<'a, T>> {
    let count = columns.len();
    let mut rows: Vec<Row<'a, T>> = Vec::new();
    for (column, entries) in columns.iter().enumerate() {
        let best = |row: &Row<'a, T>, entry: &T| {
            let cells = row.iter().flatten().map(|cell| likeness(cell, entry));
            cells.max().unwrap_or(Likeness::Never)
        };
        let pairs = if rows.len().saturating_mul(entries.len()) <= MOST_WEIGHED {
            weighed(&rows, entries, best)
        } else {
            keyed(&rows, entries, &key)
        };
        rows = merged(rows, entries, &pairs, column, count);
    }
    rows
}

/// For each entry the row that it belongs to: ascending, of the greatest weight in all.
fn weighed<'a, T>(
    rows: &[Row<'a, T>],
    entries: &'a [T],
    likeness: impl Fn(&Row<'a, T>, &T) -> Likeness,
) -> Vec<Option<usize>> {
    let width = entries.len() + 1;
    let weights: Vec<u32> = rows
        .iter()
        .flat_map(|row| {
            entries
                .iter()
                .map(|entry| likeness(row, entry).weight())
                .collect::<Vec<_>>()
        })
        .collect();
    let mut best = vec![0u32; (rows.len() + 1) * width];
    for row in (0..rows.len()).rev() {
        for entry in (0..entries.len()).rev() {
            let paired = match weights[row * entries.len() + entry] {
                0 => 0,
                weight => weight + best[(row + 1) * width + entry + 1],
            };
            let (below, right) = (best[(row + 1) * width + entry], best[row * width + entry + 1]);
            best[row * width + entry] = paired.max(below).max(right);
        }
    }
    let (mut row, mut entry, mut pairs) = (0, 0, vec![None; entries.len()]);
    while row < rows.len() && entry < entries.len() {
        let (here, weight) = (best[row * width + entry], weights[row * entries.len() + entry]);
        if weight > 0 && here == weight + best[(row + 1) * width + entry + 1] {
            pairs[entry] = Some(row);
            (row, entry) = (row + 1, entry + 1);
        } else if here == best[(row + 1) * width + entry] {
            row += 1;
        } else {
            entry += 1;
        }
    }
    replaced(&mut pairs, rows.len(), |row, entry| {
        likeness(&rows[row], &entries[entry]) > Likeness::Never
    });
    pairs
}

/// Between two pairs as many rows as entries: each entry took the place of a row.
fn replaced(pairs: &mut [Option<usize>], rows: usize, may: impl Fn(usize, usize) -> bool) {
    let (mut start, mut row) = (0, 0);
    while start < pairs.len() {
        if let Some(paired) = pairs[start] {
            (start, row) = (start + 1, paired + 1);
            continue;
        }
        let end = (start..pairs.len())
            .find(|&place| pairs[place].is_some())
            .unwrap_or(pairs.len());
        let next = pairs.get(end).copied().flatten().unwrap_or(rows);
        if next - row == end - start {
            for (place, pair) in pairs[start..end].iter_mut().enumerate() {
                *pair = Some(row + place).filter(|&row| may(row, start + place));
            }
        }
        start = end;
    }
}

fn keyed<'a, T>(rows: &[Row<'a, T>], entries: &'a [T], key: &impl Fn(&T) -> String) -> Vec<Option<usize>> {
    let mut places: HashMap<String, usize> = HashMap::new();
    for (place, row) in rows.iter().enumerate() {
        for cell in row.iter().flatten() {
            places.insert(key(cell), place);
        }
    }
    // A row has one cell per column.
    entries.iter().map(|entry| places.remove(&key(entry))).collect()
}

/// The rows with another column: what has no row gets one of its own, before the next that has one.
fn merged<'a, T>(
    rows: Vec<Row<'a, T>>,
    entries: &'a [T],
    pairs: &[Option<usize>],
    column: usize,
    count: usize,
) -> Vec<Row<'a, T>> {
    let alone = |entry: &'a T| {
        let mut row: Row<'a, T> = vec![None; count];
        row[column] = Some(entry);
        row
    };
    let mut before: HashMap<usize, Vec<&'a T>> = HashMap::new();
    let mut taken: HashMap<usize, &'a T> = HashMap::new();
    let mut next = rows.len();
    for (entry, pair) in entries.iter().zip(pairs).rev() {
        if let Some(row) = *pair {
            taken.insert(row, entry);
            next = row;
        } else {
            before.entry(next).or_default().push(entry);
        }
    }
    let mut own = |place: usize| before.remove(&place).unwrap_or_default().into_iter().rev().map(alone);
    let mut result: Vec<Row<'a, T>> = Vec::with_capacity(rows.len() + entries.len());
    let end = rows.len();
    for (place, mut row) in rows.into_iter().enumerate() {
        result.extend(own(place));
        row[column] = taken.get(&place).copied();
        result.push(row);
    }
    result.extend(own(end));
    result
}
