//! Amounts of bytes, and how people read them.
//!
//! One table of cases, `tests/fixtures/byte_sizes.json`, tests this formatter and the window's.

use std::{
    fmt,
    iter::Sum,
    ops::{Add, AddAssign, Sub},
};

use humansize::{BINARY, DECIMAL, FixedAt, FormatSizeOptions, ISizeFormatter};
use serde::{Deserialize, Serialize};

/// An amount of bytes. Sums stop at the largest number instead of wrapping: sizes come from foreign manifests.
///
/// `Display` shows three significant digits in SI units: `97.2 MB`, `2.09 GB`, `512 B`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ByteSize(pub u64);

/// The units that a size is shown in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SizeUnits {
    /// Powers of 1000: kB, MB, GB.
    #[default]
    Si,
    /// Powers of 1024: KiB, MiB, GiB.
    Iec,
}

const UNITS: [FixedAt; 7] = [
    FixedAt::Base,
    FixedAt::Kilo,
    FixedAt::Mega,
    FixedAt::Giga,
    FixedAt::Tera,
    FixedAt::Peta,
    FixedAt::Exa,
];

impl ByteSize {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// The amount as a plain number of bytes.
    pub const fn bytes(self) -> u64 {
        self.0
    }

    /// The amount for people, in the units that they chose: three significant digits, halves rounded up. From 1000 to
    /// 1023 of an IEC unit there are four.
    pub fn display(self, units: SizeUnits) -> String {
        let (kilo, options) = match units {
            SizeUnits::Si => (1000.0, DECIMAL),
            SizeUnits::Iec => (1024.0, BINARY),
        };
        let (value, unit, places) = rounded(self.0, kilo);
        let options: FormatSizeOptions = options
            .fixed_at(UNITS.get(unit).copied())
            .decimal_places(places)
            .decimal_zeroes(places)
            .space_after_value(true);
        ISizeFormatter::new(value * power(kilo, unit), options).to_string()
    }
}

/// Bytes as `(value, index of the unit, decimal places)`, in the largest unit in which the value is at least 1.
///
/// The window's formatter does the same arithmetic in the same order, so that both round alike.
fn rounded(bytes: u64, kilo: f64) -> (f64, usize, usize) {
    #[expect(
        clippy::cast_precision_loss,
        reason = "three digits are shown, a double holds fifteen"
    )]
    let bytes = bytes as f64;
    let unit = (1..UNITS.len()).take_while(|&unit| bytes >= power(kilo, unit)).count();
    if unit == 0 {
        return (bytes, 0, 0);
    }
    for (places, factor, limit) in [(2, 100.0, 10.0), (1, 10.0, 100.0), (0, 1.0, kilo)] {
        let value = (bytes * factor / power(kilo, unit)).round() / factor;
        if value < limit {
            return (value, unit, places);
        }
    }
    // 999.9 kB rounds to a whole unit more.
    (1.0, unit + 1, 2)
}

fn power(kilo: f64, unit: usize) -> f64 {
    (0..unit).map(|_| kilo).product()
}

impl fmt::Display for ByteSize {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(&self.display(SizeUnits::Si))
    }
}

impl From<u64> for ByteSize {
    fn from(bytes: u64) -> Self {
        Self(bytes)
    }
}

impl Add for ByteSize {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl AddAssign for ByteSize {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sub for ByteSize {
    type Output = Self;

    /// What is left; never below nothing.
    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl Sum for ByteSize {
    fn sum<I: Iterator<Item = Self>>(sizes: I) -> Self {
        sizes.fold(Self::ZERO, Add::add)
    }
}

impl<'a> Sum<&'a Self> for ByteSize {
    fn sum<I: Iterator<Item = &'a Self>>(sizes: I) -> Self {
        sizes.copied().sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct Case {
        bytes: u64,
        si: String,
        iec: String,
    }

    #[test]
    fn sizes_read_as_in_the_table_shared_with_the_window() {
        let table = include_str!("../../../../tests/fixtures/byte_sizes.json");
        let cases: Vec<Case> = serde_json::from_str(table).expect("the table of cases is JSON");
        assert!(cases.len() > 20, "the table is not cut");
        for case in cases {
            assert_eq!(
                ByteSize(case.bytes).display(SizeUnits::Si),
                case.si,
                "{} bytes in SI units",
                case.bytes
            );
            assert_eq!(
                ByteSize(case.bytes).display(SizeUnits::Iec),
                case.iec,
                "{} bytes in IEC units",
                case.bytes
            );
        }
    }

    #[test]
    fn sums_of_foreign_sizes_do_not_wrap() {
        let sizes = [ByteSize(u64::MAX), ByteSize(1)];
        assert_eq!(sizes.iter().sum::<ByteSize>(), ByteSize(u64::MAX));
        assert_eq!(ByteSize(1) - ByteSize(2), ByteSize::ZERO);
    }

    #[test]
    fn a_size_can_be_aligned_in_a_column() {
        assert_eq!(format!("{:>10}", ByteSize(512)), "     512 B");
    }

    proptest::proptest! {
        #[test]
        fn a_larger_size_never_reads_shorter_than_three_digits(bytes in 1000..u64::MAX) {
            for units in [SizeUnits::Si, SizeUnits::Iec] {
                let shown = ByteSize(bytes).display(units);
                let digits = shown.chars().filter(char::is_ascii_digit).count();
                proptest::prop_assert!(digits == 3 || (units == SizeUnits::Iec && digits == 4), "{shown}");
            }
        }
    }
}
