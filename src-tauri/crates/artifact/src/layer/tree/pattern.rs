//! What a person types to find files: a part of a name, or a pattern with `*`, `?` and `[…]`.
//!
//! With a `/` in it the whole path is looked at, without one the name. Case does not matter.

use globset::{GlobBuilder, GlobMatcher};

/// A filter over paths.
pub(super) struct Pattern {
    whole_path: bool,
    filter: Filter,
}

enum Filter {
    Part(String),
    Glob(GlobMatcher),
}

impl Pattern {
    /// The filter for what was typed; none if nothing was.
    pub(super) fn new(text: &str) -> Option<Self> {
        let text = text.trim().trim_start_matches('/');
        if text.is_empty() {
            return None;
        }
        let glob = text.contains(['*', '?', '[']).then(|| {
            GlobBuilder::new(text)
                .case_insensitive(true)
                .literal_separator(true)
                .build()
                .ok()
        });
        let filter = match glob.flatten() {
            Some(glob) => Filter::Glob(glob.compile_matcher()),
            None => Filter::Part(text.to_lowercase()),
        };
        Some(Self {
            whole_path: text.contains('/'),
            filter,
        })
    }

    pub(super) fn matches(&self, path: &str, name: &str) -> bool {
        let subject = if self.whole_path { path } else { name };
        match &self.filter {
            Filter::Part(part) => subject.to_lowercase().contains(part),
            Filter::Glob(glob) => glob.is_match(subject),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_paths_are_found_by_parts_and_patterns() {
        let matches = |text: &str, path: &str| {
            let name = path.rsplit('/').next().unwrap_or_default();
            Pattern::new(text).expect("something was typed").matches(path, name)
        };
        assert!(matches("CUDA", "usr/lib/libtorch_cuda.so"));
        assert!(
            !matches("usr", "usr/lib/libtorch_cuda.so"),
            "folders match by themselves"
        );
        assert!(matches("*.SO", "usr/lib/libtorch_cuda.so"));
        assert!(matches("usr/**/*.so", "usr/lib/x/libtorch_cuda.so"));
        assert!(matches("/usr/lib", "usr/lib/x"));
        assert!(!matches("lib/*.so", "usr/lib/x.so"));
        assert!(matches("[", "a[b"), "what is no pattern is a part");
        assert!(Pattern::new("  ").is_none());
    }
}
