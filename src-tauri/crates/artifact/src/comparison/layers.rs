//! Layers and build steps beside each other.

use super::{
    Compared, HistoryRow, LayerRow,
    align::{Likeness, align},
};
use crate::{ImageConfig, LayerSummary};

pub(super) fn layers(versions: &[Compared<'_>]) -> Vec<LayerRow> {
    let columns: Vec<&[LayerSummary]> = versions
        .iter()
        .map(|version| version.platform.map_or(&[][..], |platform| &platform.layers))
        .collect();
    let rows = align(&columns, layer_likeness, |layer| layer.digest.to_string());
    let rows = rows.into_iter().map(|cells| LayerRow {
        differs: cells
            .windows(2)
            .any(|pair| pair[0].map(|layer| &layer.digest) != pair[1].map(|layer| &layer.digest)),
        layers: cells.into_iter().map(Option::<&_>::cloned).collect(),
    });
    rows.collect()
}

fn layer_likeness(one: &LayerSummary, other: &LayerSummary) -> Likeness {
    if one.digest == other.digest {
        return Likeness::Same;
    }
    match (&one.title, &other.title) {
        (Some(one), Some(other)) => {
            return match likeness(one, other) {
                Likeness::None => Likeness::Never,
                found => found,
            };
        }
        (None, None) => {}
        _ => return Likeness::Never,
    }
    match (&one.created_by, &other.created_by) {
        (Some(one), Some(other)) => likeness(one, other),
        _ => Likeness::None,
    }
}

pub(super) fn history(versions: &[Compared<'_>]) -> Vec<HistoryRow> {
    let steps = |version: &Compared<'_>| -> Vec<String> {
        let image = version.config.map(ImageConfig::from_value).unwrap_or_default();
        image.history.into_iter().map(|step| step.created_by).collect()
    };
    let columns: Vec<Vec<String>> = versions.iter().map(steps).collect();
    let columns: Vec<&[String]> = columns.iter().map(Vec::as_slice).collect();
    let same = |one: &String, other: &String| match likeness(one, other) {
        Likeness::Alike if one == other => Likeness::Same,
        found => found,
    };
    let rows = align(&columns, same, String::clone);
    let rows = rows.into_iter().map(|cells| HistoryRow {
        differs: cells.windows(2).any(|pair| pair[0] != pair[1]),
        steps: cells.into_iter().map(Option::<&_>::cloned).collect(),
    });
    rows.collect()
}

/// How alike two commands or file names are: word for word, or but for their numbers and digests.
fn likeness(one: &str, other: &str) -> Likeness {
    if one == other {
        return Likeness::Alike;
    }
    if !one.is_empty() && skeleton(one) == skeleton(other) {
        return Likeness::Similar;
    }
    Likeness::None
}

/// A text without what changes from build to build: numbers, versions, digests.
fn skeleton(text: &str) -> String {
    let words = text.split(|character: char| !character.is_alphanumeric());
    let is_hex = |word: &&str| word.len() >= 7 && word.chars().all(|character| character.is_ascii_hexdigit());
    let kept = words.filter(|word| !word.is_empty() && !is_hex(word)).map(|word| {
        let letters = word.chars().filter(|character| !character.is_ascii_digit());
        letters.collect::<String>().to_lowercase()
    });
    kept.filter(|word| !matches!(word.as_str(), "" | "rc" | "alpha" | "beta" | "dev" | "v"))
        .collect::<Vec<_>>()
        .join(" ")
}
