//! `Content-Disposition` for names that come from strangers' torrents (RFC 6266, RFC 8187).

use axum::http::HeaderValue;
use std::fmt::Write;

/// Longer names are cut.
const MAX_CHARS: usize = 150;

/// `inline` with the file's name: in ASCII for old clients, and in full when it has other characters.
pub fn inline(file_name: &str) -> HeaderValue {
    let last = file_name.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = last.chars().filter(|letter| !is_unsafe(*letter)).take(MAX_CHARS).collect();
    let name = match clean.trim_matches([' ', '.']) {
        "" => "video",
        name => name,
    };
    let ascii: String = name.chars().map(|letter| if is_plain(letter) { letter } else { '_' }).collect();
    let mut value = format!("inline; filename=\"{ascii}\"");
    if ascii != name {
        value.push_str("; filename*=UTF-8''");
        for byte in name.bytes() {
            if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                value.push(char::from(byte));
            } else {
                let _ = write!(value, "%{byte:02X}");
            }
        }
    }
    HeaderValue::try_from(value).unwrap_or(HeaderValue::from_static("inline"))
}

/// Control characters, and those that turn the direction of text so that a name looks like another.
fn is_unsafe(letter: char) -> bool {
    letter.is_control() || matches!(letter, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// What a quoted string may hold without any client misreading it.
fn is_plain(letter: char) -> bool {
    matches!(letter, ' '..='~') && !matches!(letter, '"' | '\\' | '%')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_quoted_and_given_in_full() {
        let cases = [
            ("Sintel.mp4", "inline; filename=\"Sintel.mp4\""),
            ("a/b\\c.mkv", "inline; filename=\"c.mkv\""),
            ("Amélie.mkv", "inline; filename=\"Am_lie.mkv\"; filename*=UTF-8''Am%C3%A9lie.mkv"),
            ("a\"; filename=\"b", "inline; filename=\"a_; filename=_b\"; filename*=UTF-8''a%22%3B%20filename%3D%22b"),
            ("a\r\nSet-Cookie: b", "inline; filename=\"aSet-Cookie: b\""),
            ("..", "inline; filename=\"video\""),
            ("", "inline; filename=\"video\""),
            ("gpj.\u{202e}4pm", "inline; filename=\"gpj.4pm\""),
        ];
        for (name, expected) in cases {
            assert_eq!(inline(name).to_str().unwrap(), expected, "{name:?}");
        }
    }

    #[test]
    fn long_names_are_cut() {
        assert!(inline(&"ä".repeat(10_000)).len() < 1200);
    }
}
