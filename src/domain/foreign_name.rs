//! Names that strangers chose: which are hostile, and how the harmless ones are shown.
//!
//! Names from torrents and magnet links never reach the file system (torrents are stored by number), so a flaw here
//! is a reason to distrust the author rather than a way in.

/// The longest file or directory name file systems agree on, in bytes of UTF-8.
pub const NAME_MAX_BYTES: usize = 255;

/// What makes a file or directory name hostile or impossible.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameFlaw {
    /// Nothing that could be seen.
    #[error("is empty")]
    Empty,
    #[error("points to its own or to a parent directory")]
    Traversal,
    #[error("contains a path separator")]
    Separator,
    #[error("contains a control character")]
    Control,
    #[error("contains an invisible character that changes the direction of writing")]
    Bidi,
    #[error("is longer than {NAME_MAX_BYTES} bytes")]
    TooLong,
}

impl NameFlaw {
    /// The flaw of one path component, if it has one.
    pub fn of(name: &str) -> Option<Self> {
        match name {
            "" => Some(Self::Empty),
            // Windows drops trailing dots and spaces, so ".. " is its parent directory too.
            _ if name.contains('.') && name.trim_end_matches(['.', ' ']).is_empty() => Some(Self::Traversal),
            _ if name.contains(['/', '\\']) => Some(Self::Separator),
            _ if name.contains(char::is_control) => Some(Self::Control),
            _ if name.contains(is_bidi_control) => Some(Self::Bidi),
            _ if name.len() > NAME_MAX_BYTES => Some(Self::TooLong),
            _ if clean(name).is_empty() => Some(Self::Empty),
            _ => None,
        }
    }

    /// A stable word for machines.
    pub fn code(self) -> &'static str {
        match self {
            Self::Empty => "name_empty",
            Self::Traversal => "name_traversal",
            Self::Separator => "name_separator",
            Self::Control => "name_control",
            Self::Bidi => "name_bidi",
            Self::TooLong => "name_too_long",
        }
    }
}

/// A name as people see it: without control, direction-changing and invisible characters, white space in single
/// blanks, at most [`NAME_MAX_BYTES`] long. May come out empty. Cleaning twice changes nothing more.
pub fn clean(name: &str) -> String {
    let mut shown = String::new();
    for word in name.split(|c: char| c.is_whitespace() || c.is_control()) {
        let word: String = word.chars().filter(|&c| !is_bidi_control(c) && !is_invisible(c)).collect();
        if word.is_empty() {
            continue;
        }
        if !shown.is_empty() {
            shown.push(' ');
        }
        shown.push_str(&word);
    }
    let ends = shown.char_indices().map(|(start, c)| start + c.len_utf8());
    shown.truncate(ends.take_while(|&end| end <= NAME_MAX_BYTES).last().unwrap_or(0));
    shown.truncate(shown.trim_end().len());
    shown
}

/// Marks, embeddings, overrides and isolates of the Unicode bidirectional algorithm (UAX #9): they make
/// `gpj.exe` read as `exe.jpg`.
fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Characters without a glyph. The joiners U+200C and U+200D stay: Persian and emoji need them.
fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{00ad}' | '\u{200b}' | '\u{2060}'..='\u{2065}' | '\u{206a}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn each_flaw_is_found() {
        for (name, flaw) in [
            ("", NameFlaw::Empty),
            (".", NameFlaw::Traversal),
            ("..", NameFlaw::Traversal),
            (".. ", NameFlaw::Traversal),
            ("  ", NameFlaw::Empty),
            ("\u{200b}", NameFlaw::Empty),
            ("/etc", NameFlaw::Separator),
            ("a\\b", NameFlaw::Separator),
            ("a\0b", NameFlaw::Control),
            ("a\u{85}b", NameFlaw::Control),
            ("exe.\u{202e}4pm", NameFlaw::Bidi),
            ("a\u{2066}b", NameFlaw::Bidi),
            ("a\u{200f}b", NameFlaw::Bidi),
            ("a\u{61c}b", NameFlaw::Bidi),
            (&"ä".repeat(128), NameFlaw::TooLong),
        ] {
            assert_eq!(NameFlaw::of(name), Some(flaw), "{name:?}");
        }
    }

    #[test]
    fn ordinary_names_have_no_flaw() {
        for name in ["Film (2010).mkv", "..hidden", "…", "映画.mp4", "فیلم\u{200c}ها", "a:b", &"a".repeat(255)]
        {
            assert_eq!(NameFlaw::of(name), None, "{name:?}");
        }
    }

    #[test]
    fn shown_names_have_no_hidden_characters() {
        assert_eq!(clean("  Big\u{feff} Buck\t\n\u{202e}Bunny\u{200b}\0 "), "Big Buck Bunny");
        assert_eq!(clean("\u{200b}\u{202e}"), "");
        assert_eq!(clean(&"ä".repeat(200)), "ä".repeat(127));
    }

    proptest! {
        #[test]
        fn cleaning_twice_changes_nothing_more(name in "\\PC{0,300}|[ \\u{200b}a\\u{2028}\\n\\u{1f600}]{0,300}") {
            let once = clean(&name);
            prop_assert!(once.len() <= NAME_MAX_BYTES);
            prop_assert_eq!(clean(&once), once);
        }
    }
}
