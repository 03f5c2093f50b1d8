//! Spans of time as people type them: `60s`, `5m`, `2h`, `1d`, `4w`.

use std::time::Duration;

/// Reads a whole number with a unit; without one it is seconds.
///
/// # Errors
/// What is wrong with it, for people.
pub(crate) fn parse(text: &str) -> Result<Duration, String> {
    let text = text.trim();
    let end = text
        .find(|character: char| !character.is_ascii_digit())
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let seconds = match unit.trim() {
        "" | "s" => 1,
        "m" | "min" => 60,
        "h" => 3_600,
        "d" => 86_400,
        "w" => 604_800,
        _ => return Err("write a number with s, m, h, d or w, such as 60s, 15m or 2h".to_owned()),
    };
    let number: u64 = number
        .parse()
        .map_err(|_| "write a whole number, such as 60s or 15m".to_owned())?;
    Ok(Duration::from_secs(number.saturating_mul(seconds)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_seconds_minutes_hours_days() {
        let seconds = |text| parse(text).map(|span| span.as_secs());
        assert_eq!(seconds("60s"), Ok(60));
        assert_eq!(seconds("0"), Ok(0));
        assert_eq!(seconds("15m"), Ok(900));
        assert_eq!(seconds("2 h"), Ok(7_200));
        assert_eq!(seconds("1d"), Ok(86_400));
        assert_eq!(seconds("4w"), Ok(2_419_200));
        for text in ["", "s", "-1s", "1.5h", "5 weeks", "99999999999999999999s"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
