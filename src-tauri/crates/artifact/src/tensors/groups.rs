//! Tensors of several versions side by side, those that are alike in one line: `model.layers.*.self_attn.*`.
//!
//! A line holds tensors of one module that have one type in each version and do one thing between the versions.
//! Numbers in names collapse: all of them to `*`, some of them to their ranges.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{Dtype, Tensor, TensorTable};
use crate::{ByteSize, NaturalKey};

/// Names are taken apart this deep at most.
const DEEPEST: usize = 48;
/// More ranges than this are not written out.
const MOST_RANGES: usize = 3;

/// One line: tensors that are alike in every version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TensorGroup {
    /// Their common name: `backbone.stages.*`, `neck.lateral*.weight`, `head.cls.bias`.
    pub name: String,
    /// How many names.
    pub tensors: u64,
    /// One for each version; none where the version lacks them.
    pub cells: Vec<Option<GroupCell>>,
    /// Whether something differs between the versions.
    pub differs: bool,
}

/// What a line's tensors are in one version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupCell {
    pub dtype: Dtype,
    /// If all have the same.
    pub shape: Option<Vec<u64>>,
    pub parameters: u64,
    pub bytes: ByteSize,
}

/// A name with the tensor that each version has of it.
struct Row<'table> {
    name: &'table str,
    tensors: Vec<Option<&'table Tensor>>,
    kind: usize,
}

/// What a tensor is in each version, and its shape where that changes.
type Kind<'table> = Vec<Option<(&'table Dtype, Option<&'table [u64]>)>>;

/// The lines of several versions, in natural order.
pub fn groups(versions: &[&TensorTable]) -> Vec<TensorGroup> {
    let rows = rows(versions);
    let mut tree = Node::default();
    for (place, row) in rows.iter().enumerate() {
        tree.add(&mut parts(row.name).into_iter(), place);
    }
    let mut lines = Vec::new();
    for child in &tree.children {
        child.lines(String::new(), &rows, &mut lines);
    }
    collapse(lines, &rows)
}

fn rows<'table>(versions: &[&'table TensorTable]) -> Vec<Row<'table>> {
    let mut by_key: BTreeMap<&NaturalKey, Row<'table>> = BTreeMap::new();
    for (version, table) in versions.iter().enumerate() {
        for found in table.rows() {
            let row = by_key.entry(found.key).or_insert_with(|| Row {
                name: found.name,
                tensors: vec![None; versions.len()],
                kind: 0,
            });
            if let Some(place) = row.tensors.get_mut(version) {
                *place = Some(found.tensor);
            }
        }
    }
    let mut rows: Vec<Row<'table>> = by_key.into_values().collect();
    let mut kinds: HashMap<Kind<'table>, usize> = HashMap::new();
    for row in &mut rows {
        let next = kinds.len();
        row.kind = *kinds.entry(kind(&row.tensors)).or_insert(next);
    }
    rows
}

fn kind<'table>(tensors: &[Option<&'table Tensor>]) -> Kind<'table> {
    let mut shapes = tensors.iter().flatten().map(|tensor| &tensor.shape);
    let first = shapes.next();
    let reshaped = shapes.any(|shape| Some(shape) != first);
    tensors
        .iter()
        .map(|tensor| tensor.map(|tensor| (&tensor.dtype, reshaped.then_some(tensor.shape.as_slice()))))
        .collect()
}

/// The parts of a name, each with the separator before it.
fn parts(name: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = name;
    while parts.len() + 1 < DEEPEST
        && let Some(end) = rest
            .char_indices()
            .skip(1)
            .find(|&(_, character)| matches!(character, '.' | '/'))
    {
        let (part, after) = rest.split_at(end.0);
        parts.push(part);
        rest = after;
    }
    parts.push(rest);
    parts
}

/// A module: what lies directly below it, and the tensor of its own name.
#[derive(Default)]
struct Node<'table> {
    part: &'table str,
    children: Vec<Node<'table>>,
    places: HashMap<&'table str, usize>,
    row: Option<usize>,
}

/// A line before numbers are collapsed.
struct Line {
    name: String,
    rows: Vec<usize>,
}

impl<'table> Node<'table> {
    fn add(&mut self, parts: &mut impl Iterator<Item = &'table str>, row: usize) {
        let Some(part) = parts.next() else {
            self.row = Some(row);
            return;
        };
        let next = self.children.len();
        let place = *self.places.entry(part).or_insert(next);
        if place == next {
            self.children.push(Node {
                part,
                ..Node::default()
            });
        }
        if let Some(child) = self.children.get_mut(place) {
            child.add(parts, row);
        }
    }

    /// The lines of this module: one if all its tensors are alike, else those of the modules in it.
    fn lines(&self, above: String, rows: &[Row<'_>], lines: &mut Vec<Line>) {
        let name = above + self.part;
        if let ([only], None) = (self.children.as_slice(), self.row) {
            return only.lines(name, rows, lines);
        }
        let mut own = Vec::new();
        self.gather(&mut own);
        if own.len() > 1 && is_one_kind(&own, rows) {
            lines.push(Line {
                name: format!("{name}.*"),
                rows: own,
            });
            return;
        }
        lines.extend(self.row.map(|row| Line {
            name: name.clone(),
            rows: vec![row],
        }));
        for child in &self.children {
            child.lines(name.clone(), rows, lines);
        }
    }

    fn gather(&self, rows: &mut Vec<usize>) {
        rows.extend(self.row);
        for child in &self.children {
            child.gather(rows);
        }
    }
}

fn is_one_kind(places: &[usize], rows: &[Row<'_>]) -> bool {
    let mut kinds = places.iter().filter_map(|&place| rows.get(place)).map(|row| row.kind);
    let first = kinds.next();
    kinds.all(|kind| Some(kind) == first)
}

/// Lines whose names differ in numbers alone.
#[derive(Default)]
struct Alike {
    rows: Vec<usize>,
    /// The numbers of each line.
    numbers: Vec<Vec<String>>,
}

/// Puts lines together that differ in numbers alone.
fn collapse(lines: Vec<Line>, rows: &[Row<'_>]) -> Vec<TensorGroup> {
    let mut order: Vec<(Vec<String>, usize)> = Vec::new();
    let mut alike: HashMap<(Vec<String>, usize), Alike> = HashMap::new();
    let mut kinds: HashMap<Vec<String>, usize> = HashMap::new();
    for line in lines {
        let (texts, numbers) = apart(&line.name);
        let kind = line
            .rows
            .first()
            .and_then(|&place| rows.get(place))
            .map_or(0, |row| row.kind);
        let key = (texts, kind);
        let together = alike.entry(key.clone()).or_insert_with(|| {
            *kinds.entry(key.0.clone()).or_default() += 1;
            order.push(key);
            Alike::default()
        });
        together.rows.extend(line.rows);
        together.numbers.push(numbers);
    }
    let groups = order.into_iter().filter_map(|key| {
        let together = alike.remove(&key)?;
        let alone = kinds.get(&key.0) == Some(&1);
        let name = name(&key.0, &together.numbers, alone);
        Some(group(name, &together.rows, rows))
    });
    groups.collect()
}

/// A name as the texts between its numbers, and the numbers.
fn apart(name: &str) -> (Vec<String>, Vec<String>) {
    let mut texts = vec![String::new()];
    let mut numbers: Vec<String> = Vec::new();
    let mut in_number = false;
    for character in name.chars() {
        if character.is_ascii_digit() {
            if !std::mem::replace(&mut in_number, true) {
                numbers.push(String::new());
                texts.push(String::new());
            }
            numbers.extend_last(character);
        } else {
            in_number = false;
            texts.extend_last(character);
        }
    }
    (texts, numbers)
}

trait ExtendLast {
    fn extend_last(&mut self, character: char);
}

impl ExtendLast for Vec<String> {
    fn extend_last(&mut self, character: char) {
        if let Some(last) = self.last_mut() {
            last.push(character);
        }
    }
}

/// The name of lines that differ in numbers: `*` for numbers that vary, their ranges where the same names with other
/// numbers stand in another line.
fn name(texts: &[String], numbers: &[Vec<String>], alone: bool) -> String {
    let slots = texts.len().saturating_sub(1);
    let values = |slot: usize| -> BTreeSet<&str> {
        numbers
            .iter()
            .filter_map(|line| line.get(slot))
            .map(String::as_str)
            .collect()
    };
    let varying = (0..slots).filter(|&slot| values(slot).len() > 1).count();
    let mut name = texts.first().cloned().unwrap_or_default();
    for (slot, text) in texts.iter().skip(1).enumerate() {
        let values = values(slot);
        let shown = match values.first() {
            Some(only) if values.len() == 1 => (*only).to_owned(),
            _ if alone || varying > 1 => "*".to_owned(),
            _ => ranges(&values).unwrap_or_else(|| "*".to_owned()),
        };
        // `layers.*.*` says no more than `layers.*`.
        let text = if shown == "*" && text == ".*" { "" } else { text };
        name = name + &shown + text;
    }
    name
}

/// `0…17, 20`; none if there are too many.
fn ranges(values: &BTreeSet<&str>) -> Option<String> {
    let mut numbers = values
        .iter()
        .map(|value| value.parse().ok())
        .collect::<Option<Vec<u64>>>()?;
    numbers.sort_unstable();
    let mut ranges: Vec<(u64, u64)> = Vec::new();
    for number in numbers {
        match ranges.last_mut() {
            Some((_, end)) if end.checked_add(1) == Some(number) => *end = number,
            _ => ranges.push((number, number)),
        }
    }
    if ranges.len() > MOST_RANGES {
        return None;
    }
    let shown: Vec<String> = ranges
        .iter()
        .map(|&(start, end)| {
            if start == end {
                start.to_string()
            } else {
                format!("{start}…{end}")
            }
        })
        .collect();
    Some(shown.join(", "))
}

fn group(name: String, places: &[usize], rows: &[Row<'_>]) -> TensorGroup {
    let rows: Vec<&Row<'_>> = places.iter().filter_map(|&place| rows.get(place)).collect();
    let versions = rows.first().map_or(0, |row| row.tensors.len());
    let cells: Vec<Option<GroupCell>> = (0..versions).map(|version| cell(&rows, version)).collect();
    let differs = rows.first().is_some_and(|row| {
        row.tensors.array_windows().any(|[one, next]| match (one, next) {
            (Some(one), Some(next)) => one.dtype != next.dtype || one.shape != next.shape,
            (one, next) => one.is_some() != next.is_some(),
        })
    });
    TensorGroup {
        name,
        tensors: rows.len() as u64,
        cells,
        differs,
    }
}

fn cell(rows: &[&Row<'_>], version: usize) -> Option<GroupCell> {
    let mut tensors = rows
        .iter()
        .filter_map(|row| row.tensors.get(version).copied().flatten());
    let first = tensors.next()?;
    let mut cell = GroupCell {
        dtype: first.dtype.clone(),
        shape: Some(first.shape.clone()),
        parameters: first.parameters(),
        bytes: first.bytes,
    };
    for tensor in tensors {
        if cell.shape.as_ref() != Some(&tensor.shape) {
            cell.shape = None;
        }
        cell.parameters = cell.parameters.saturating_add(tensor.parameters());
        cell.bytes += tensor.bytes;
    }
    Some(cell)
}
