//! Paths of foreign archives made fit to be shown and compared.
//!
//! Knows nothing of archives or disks. A cleaned path is text: it may hold `..` and must never be joined to a folder.

/// The path without a leading `/` or `./`, without empty and `.` components, without a trailing `/`, its control
/// characters made visible. Empty for the root itself.
pub(crate) fn clean(stored: &[u8]) -> String {
    if is_clean(stored)
        && let Ok(text) = std::str::from_utf8(stored)
    {
        return text.to_owned();
    }
    let text = visible(stored);
    let mut cleaned = String::with_capacity(text.len());
    for component in text.split('/').filter(|component| !matches!(*component, "" | ".")) {
        if !cleaned.is_empty() {
            cleaned.push('/');
        }
        cleaned.push_str(component);
    }
    cleaned
}

/// Foreign text with what could steer a terminal or reorder a line made visible: control characters by their pictures,
/// everything else of the kind by the replacement character.
pub(crate) fn visible(stored: &[u8]) -> String {
    String::from_utf8_lossy(stored).chars().map(visible_character).collect()
}

pub(crate) fn visible_character(character: char) -> char {
    match character {
        '\u{0}'..='\u{1f}' => char::from_u32(0x2400 + u32::from(character)).unwrap_or(char::REPLACEMENT_CHARACTER),
        '\u{7f}' => '\u{2421}',
        // C1 controls, marks and overrides of writing direction, line and paragraph separators.
        '\u{80}'..='\u{9f}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
            char::REPLACEMENT_CHARACTER
        }
        other => other,
    }
}

/// The common case, without building anything: printable ASCII, no component that would go.
fn is_clean(stored: &[u8]) -> bool {
    let mut previous = b'/';
    for (position, &byte) in stored.iter().enumerate() {
        if !(0x20..0x7f).contains(&byte) || (byte == b'/' && previous == b'/') {
            return false;
        }
        let alone = byte == b'.' && previous == b'/';
        if alone && matches!(stored.get(position + 1), None | Some(b'/')) {
            return false;
        }
        previous = byte;
    }
    previous != b'/' || stored.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_says_nothing_is_taken_away() {
        for (stored, cleaned) in [
            ("./usr//lib/./python3/", "usr/lib/python3"),
            ("/etc/passwd", "etc/passwd"),
            ("./", ""),
            ("/", ""),
            (".", ""),
            ("", ""),
            ("a/.b/..c/...", "a/.b/..c/..."),
            ("../../etc/shadow", "../../etc/shadow"),
            ("a/..", "a/.."),
        ] {
            assert_eq!(clean(stored.as_bytes()), cleaned, "of {stored:?}");
        }
    }

    #[test]
    fn what_could_steer_a_terminal_is_visible_and_harmless() {
        assert_eq!(clean(b"a\x1b[31m\n/b\x7f"), "a\u{241b}[31m\u{240a}/b\u{2421}");
        assert_eq!(clean("gpj\u{202e}exe.txt".as_bytes()), "gpj\u{fffd}exe.txt");
        assert_eq!(clean(b"\xff\xfe"), "\u{fffd}\u{fffd}");
    }

    proptest::proptest! {
        #[test]
        fn cleaning_again_changes_nothing(stored in proptest::collection::vec(proptest::num::u8::ANY, 0..40)) {
            let once = clean(&stored);
            proptest::prop_assert_eq!(clean(once.as_bytes()), once.clone());
            proptest::prop_assert!(!once.starts_with('/') && !once.ends_with('/'));
            proptest::prop_assert!(once.chars().all(|character| !character.is_control()));
        }

        #[test]
        fn the_quick_way_says_the_same(stored in "[a./]{0,12}") {
            let slow: Vec<&str> = stored.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
            proptest::prop_assert_eq!(clean(stored.as_bytes()), slow.join("/"));
        }
    }
}
