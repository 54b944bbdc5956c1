//! Conditional requests against a strong entity tag (RFC 9110 §13). Pure but for reading headers.
//!
//! Nothing here has a modification date, so the date forms (`If-Modified-Since`, `If-Unmodified-Since`, a date in
//! `If-Range`) never match and are ignored, as §13.1.3 to §13.1.5 ask.

use axum::http::{
    HeaderMap,
    header::{HeaderName, IF_MATCH, IF_NONE_MATCH, IF_RANGE},
};

/// How to go on, for a GET or HEAD.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Answer; a `Range` header counts only when `honour_range`.
    Answer { honour_range: bool },
    /// 304.
    NotModified,
    /// 412.
    Failed,
}

/// Weighs the conditions in the order of §13.2.2. `etag` is the strong tag with its quotes.
pub fn weigh(headers: &HeaderMap, etag: &str) -> Verdict {
    if any_tag(headers, IF_MATCH, |tag| tag == etag) == Some(false) {
        return Verdict::Failed;
    }
    // Weak comparison: `W/` makes no difference (§13.1.2).
    if any_tag(headers, IF_NONE_MATCH, |tag| tag.strip_prefix("W/").unwrap_or(tag) == etag) == Some(true) {
        return Verdict::NotModified;
    }
    let honour_range = match headers.get(IF_RANGE) {
        // Strong comparison, of exactly one tag (§13.1.5).
        Some(condition) => condition.as_bytes().trim_ascii() == etag.as_bytes(),
        None => true,
    };
    Verdict::Answer { honour_range }
}

/// Whether the header names `*` or a tag that matches; `None` without the header.
fn any_tag(headers: &HeaderMap, name: HeaderName, matches: impl Fn(&str) -> bool) -> Option<bool> {
    let mut lines = headers.get_all(name).iter().peekable();
    lines.peek()?;
    Some(lines.filter_map(|line| line.to_str().ok()).any(|line| line.trim() == "*" || tags(line).any(&matches)))
}

/// The tags of a list, each with its quotes and `W/`. Ends at the first thing that is not a tag.
fn tags(line: &str) -> impl Iterator<Item = &str> {
    let mut rest = line;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches([' ', '\t', ',']);
        let opaque_at = if rest.starts_with("W/\"") { 3 } else { usize::from(rest.starts_with('"')) };
        let closing = rest.get(opaque_at..).filter(|_| opaque_at > 0)?.find('"')?;
        let (tag, after) = rest.split_at(opaque_at + closing + 1);
        rest = after;
        Some(tag)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use Verdict::{Answer, Failed, NotModified};

    const HONOUR: Verdict = Answer { honour_range: true };
    const IGNORE: Verdict = Answer { honour_range: false };

    #[test]
    fn conditions_are_weighed_as_rfc_9110_says() {
        let cases: &[(&[(&str, &str)], Verdict)] = &[
            (&[], HONOUR),
            (&[("if-match", "\"a\"")], HONOUR),
            (&[("if-match", "*")], HONOUR),
            (&[("if-match", "\"x\", \"a\"")], HONOUR),
            (&[("if-match", "\"x\""), ("if-match", "\"a\"")], HONOUR),
            (&[("if-match", "\"x\"")], Failed),
            (&[("if-match", "W/\"a\"")], Failed),
            (&[("if-match", "a")], Failed),
            (&[("if-match", "")], Failed),
            (&[("if-none-match", "\"a\"")], NotModified),
            (&[("if-none-match", "W/\"a\"")], NotModified),
            (&[("if-none-match", "*")], NotModified),
            (&[("if-none-match", "\"x\",\"a\"")], NotModified),
            (&[("if-none-match", "\"x,\", W/\"y\",\t\"a\"")], NotModified),
            (&[("if-none-match", "\"x\"")], HONOUR),
            (&[("if-none-match", "\"a")], HONOUR),
            (&[("if-match", "\"x\""), ("if-none-match", "\"a\"")], Failed),
            (&[("if-match", "\"a\""), ("if-none-match", "\"a\"")], NotModified),
            (&[("if-range", "\"a\"")], HONOUR),
            (&[("if-range", "\"x\"")], IGNORE),
            (&[("if-range", "W/\"a\"")], IGNORE),
            (&[("if-range", "Sun, 06 Nov 1994 08:49:37 GMT")], IGNORE),
            (&[("if-range", "\"x\""), ("if-none-match", "\"a\"")], NotModified),
            (&[("if-modified-since", "Sun, 06 Nov 2094 08:49:37 GMT")], HONOUR),
            (&[("if-unmodified-since", "Sun, 06 Nov 1994 08:49:37 GMT")], HONOUR),
        ];
        for (lines, expected) in cases {
            let mut headers = HeaderMap::new();
            for (name, value) in *lines {
                headers.append(HeaderName::from_static(name), value.parse().unwrap());
            }
            assert_eq!(weigh(&headers, "\"a\""), *expected, "{lines:?}");
        }
    }
}
