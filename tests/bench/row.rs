//! One line of the table of speeds.

use std::fmt;

/// What was measured, how it came out, what it shall reach.
pub(crate) struct Row {
    pub what: String,
    /// With its unit, and the ratio where the limit is one.
    pub measured: String,
    pub limit: String,
    pub reached: bool,
}

impl Row {
    /// A ratio against something measured in the same run.
    pub(crate) fn ratio(what: impl Into<String>, measured: f64, raw: f64, unit: &str, most: f64) -> Self {
        let ratio = measured / raw;
        Self {
            what: what.into(),
            measured: format!("{measured:.1} {unit}, {ratio:.2} × {raw:.1} {unit}"),
            limit: format!("≤ {most} ×"),
            reached: ratio <= most,
        }
    }

    /// An absolute bound.
    pub(crate) fn at_most(what: impl Into<String>, measured: f64, most: f64, unit: &str) -> Self {
        Self {
            what: what.into(),
            measured: format!("{measured:.1} {unit}"),
            limit: format!("≤ {most} {unit}"),
            reached: measured <= most,
        }
    }
}

impl fmt::Display for Row {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = if self.reached { "reached" } else { "MISSED" };
        write!(
            formatter,
            "| {} | {} | {} | {mark} |",
            self.what, self.measured, self.limit
        )
    }
}
