//! Differences of numbers as people write them: with their sign, as precise as the numbers themselves.

use serde_json::Value;

/// More decimals than this come from reckoning, not from measuring.
const MOST_DECIMALS: usize = 12;

/// The second minus the first, where both are numbers, or quantities of the same unit (`47.6 M`): `+0.006`, `−1.5 M`.
/// `None` where there is no difference to tell.
pub fn signed_difference(from: &Value, to: &Value) -> Option<String> {
    let (from, to) = (quantity(from)?, quantity(to)?);
    if from.unit != to.unit {
        return None;
    }
    let decimals = from.decimals.max(to.decimals);
    let difference = to.number - from.number;
    let mut text = format!("{:.decimals$}", difference.abs());
    if text.contains('.') {
        text.truncate(text.trim_end_matches('0').trim_end_matches('.').len());
    }
    if !difference.is_finite() || text == "0" {
        return None;
    }
    let sign = if difference < 0.0 { '\u{2212}' } else { '+' };
    Some(format!("{sign}{text}{}", from.unit))
}

struct Quantity {
    number: f64,
    decimals: usize,
    /// With the space before it, if there is one.
    unit: String,
}

fn quantity(value: &Value) -> Option<Quantity> {
    let text = match value {
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.trim().to_owned(),
        _ => return None,
    };
    let digits = text.find(|character: char| !character.is_ascii_digit() && !"+-.eE".contains(character));
    let (mut number, mut unit) = text.split_at(digits.unwrap_or(text.len()));
    // `7e` is seven of a unit that begins with an e.
    if number.parse::<f64>().is_err() {
        let end = number.find(['e', 'E'])?;
        (number, unit) = text.split_at(end);
    }
    // What goes on with digits is a date, a version or a digest.
    if unit.chars().any(|character| character.is_ascii_digit()) || unit.chars().count() > 5 {
        return None;
    }
    let parsed: f64 = number.parse().ok().filter(|number: &f64| number.is_finite())?;
    Some(Quantity {
        number: parsed,
        decimals: decimals(parsed),
        unit: unit.to_owned(),
    })
}

/// Of the shortest way to write the number.
fn decimals(number: f64) -> usize {
    let text = number.to_string();
    let decimals = text.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    decimals.min(MOST_DECIMALS)
}
