//! Text from foreign hands made fit to show: cut, without control characters, on one line.

/// How much of a server's text goes into a message.
pub(crate) const SHOWN_CHARACTERS: usize = 200;

/// The text on one line, without control characters, at most `limit` characters and an ellipsis; `usize::MAX` for all of it.
pub fn visible(text: &str, limit: usize) -> String {
    let mut shown = String::with_capacity(text.len().min(limit.saturating_mul(2)));
    let mut length = 0;
    for word in text.split(|character: char| character.is_whitespace() || is_hidden(character)) {
        if word.is_empty() {
            continue;
        }
        if length > 0 {
            shown.push(' ');
            length += 1;
        }
        for character in word.chars() {
            if length >= limit {
                shown.truncate(shown.trim_end().len());
                shown.push('…');
                return shown;
            }
            shown.push(character);
            length += 1;
        }
    }
    shown
}

/// Control characters, and those that turn or hide the text around them.
fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_text_can_be_shown_whole() {
        let long = "a".repeat(5000);
        assert_eq!(visible(&long, usize::MAX), long);
    }

    #[test]
    fn control_characters_and_lines_go() {
        assert_eq!(visible("a\u{1b}[31m\nb\u{202e}c", 50), "a [31m b c");
        assert_eq!(visible("abcdef", 3), "abc…");
        assert_eq!(visible("  ", 3), "");
    }

    proptest! {
        #[test]
        fn nothing_hidden_is_left_and_the_length_is_bounded(text in ".*", limit in 1_usize..50) {
            let shown = visible(&text, limit);
            prop_assert!(!shown.chars().any(is_hidden));
            prop_assert!(shown.chars().count() <= limit + 1);
        }
    }
}
