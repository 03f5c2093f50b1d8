//! What could not be read, gathered for people.
//!
//! Bounded: ten thousand bad layers are one trouble, not ten thousand sentences.

/// How many problems of one document are told.
const TOLD: usize = 20;

/// Problems in the order in which they were met.
#[derive(Debug, Default)]
pub(crate) struct Problems {
    told: Vec<String>,
    /// Whether a sum over sizes would leave something out.
    sizes_unknown: bool,
}

impl Problems {
    /// Notes a problem that costs nothing but itself.
    pub(crate) fn note(&mut self, problem: String) {
        match self.told.len() {
            length if length < TOLD => self.told.push(problem),
            TOLD => self.told.push("more of its parts cannot be read".to_owned()),
            _ => {}
        }
    }

    /// Says that a sum of sizes would be untrue; the reason is noted by itself.
    pub(crate) fn forget_sizes(&mut self) {
        self.sizes_unknown = true;
    }

    pub(crate) fn sizes_known(&self) -> bool {
        !self.sizes_unknown
    }

    pub(crate) fn into_told(self) -> Vec<String> {
        self.told
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_problems_are_told_as_a_few() {
        let mut problems = Problems::default();
        for layer in 0..10_000 {
            problems.note(format!("layer {layer}"));
        }
        assert!(problems.sizes_known());
        assert_eq!(problems.into_told().len(), TOLD + 1);
    }
}
