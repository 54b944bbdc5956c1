//! Which bytes a `Range` header asks for (RFC 9110 §14). Pure: no framework, no I/O.
//!
//! Promise: a header never makes the daemon read more than the file once. Ranges that overlap or adjoin become one;
//! several that are apart become the whole file, as §14.2 allows.

use std::ops::Range;

/// Longer headers are not looked at.
const MAX_HEADER_BYTES: usize = 1024;
/// More ranges than this are not looked at.
const MAX_RANGES: usize = 32;

/// What to answer with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selection {
    /// 200: no range, or one that has to be ignored.
    Whole,
    /// 206: these bytes; never empty, always within the file.
    Part(Range<u64>),
    /// 416: all ranges lie behind the end.
    Unsatisfiable,
}

/// Resolves a `Range` header against a file of `len_bytes`. Unknown units and malformed headers are ignored (§14.2).
pub fn select(header: &str, len_bytes: u64) -> Selection {
    let Some(asked) = parse(header) else { return Selection::Whole };
    if len_bytes == 0 {
        // Nothing can be pointed at in an empty file; a suffix of it is all of it.
        let is_suffix = asked.iter().any(|spec| matches!(spec, Spec::Suffix(1..)));
        return if is_suffix { Selection::Whole } else { Selection::Unsatisfiable };
    }
    let mut ranges: Vec<Range<u64>> = asked.into_iter().filter_map(|spec| spec.resolve(len_bytes)).collect();
    ranges.sort_by_key(|range| range.start);
    let Some(first) = ranges.first().cloned() else { return Selection::Unsatisfiable };
    let joined = ranges
        .into_iter()
        .skip(1)
        .try_fold(first, |joined, next| (next.start <= joined.end).then(|| joined.start..joined.end.max(next.end)));
    joined.map_or(Selection::Whole, Selection::Part)
}

/// One range as written: `first-last`, `first-` or `-length`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Spec {
    From { first: u64, last: u64 },
    Suffix(u64),
}

impl Spec {
    fn parse(text: &str) -> Option<Self> {
        let (first, last) = text.split_once('-')?;
        match (first, last) {
            ("", length) => Some(Self::Suffix(number(length)?)),
            (first, "") => Some(Self::From { first: number(first)?, last: u64::MAX }),
            (first, last) => {
                let (first, last) = (number(first)?, number(last)?);
                (first <= last).then_some(Self::From { first, last })
            }
        }
    }

    fn resolve(self, len_bytes: u64) -> Option<Range<u64>> {
        match self {
            Self::From { first, last } => (first < len_bytes).then(|| first..last.saturating_add(1).min(len_bytes)),
            Self::Suffix(length) => (length > 0).then(|| len_bytes.saturating_sub(length)..len_bytes),
        }
    }
}

fn parse(header: &str) -> Option<Vec<Spec>> {
    let (unit, set) = header.split_once('=').filter(|_| header.len() <= MAX_HEADER_BYTES)?;
    if !unit.eq_ignore_ascii_case("bytes") {
        return None;
    }
    // Empty elements are part of the list syntax (§5.6.1.2).
    let elements =
        set.split(',').map(|element| element.trim_matches([' ', '\t'])).filter(|element| !element.is_empty());
    let specs: Vec<Spec> = elements.map(Spec::parse).collect::<Option<_>>()?;
    (1..=MAX_RANGES).contains(&specs.len()).then_some(specs)
}

/// Digits only. A number too large for 64 bits is behind the end of every file.
fn number(digits: &str) -> Option<u64> {
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| digits.parse().unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use Selection::{Part, Unsatisfiable, Whole};
    use proptest::prelude::*;

    #[test]
    fn every_form_of_range_selects_what_rfc_9110_says() {
        let cases = [
            ("bytes=0-499", 1000, Part(0..500)),
            ("bytes=500-999", 1000, Part(500..1000)),
            ("bytes=0-0", 1000, Part(0..1)),
            ("bytes=999-999", 1000, Part(999..1000)),
            ("bytes=0-", 1000, Part(0..1000)),
            ("bytes=500-", 1000, Part(500..1000)),
            ("bytes=500-5000", 1000, Part(500..1000)),
            ("bytes=0-99999999999999999999999", 1000, Part(0..1000)),
            ("bytes=-500", 1000, Part(500..1000)),
            ("bytes=-1", 1000, Part(999..1000)),
            ("bytes=-5000", 1000, Part(0..1000)),
            ("BYTES=0-1", 1000, Part(0..2)),
            ("bytes= 0-1 ", 1000, Part(0..2)),
            ("bytes=,0-1,,", 1000, Part(0..2)),
            ("bytes=1000-", 1000, Unsatisfiable),
            ("bytes=1000-1001", 1000, Unsatisfiable),
            ("bytes=99999999999999999999999-", 1000, Unsatisfiable),
            ("bytes=18446744073709551615-18446744073709551615", 1000, Unsatisfiable),
            ("bytes=-0", 1000, Unsatisfiable),
            ("bytes=0-", 0, Unsatisfiable),
            ("bytes=-0", 0, Unsatisfiable),
            ("bytes=-1", 0, Whole),
            ("bytes=", 1000, Whole),
            ("bytes=-", 1000, Whole),
            ("bytes=5-4", 1000, Whole),
            ("bytes=a-b", 1000, Whole),
            ("bytes=0x1-2", 1000, Whole),
            ("bytes=+1-2", 1000, Whole),
            ("bytes=1-2-3", 1000, Whole),
            ("bytes=--1", 1000, Whole),
            ("bytes=1 - 2", 1000, Whole),
            ("bytes 0-1", 1000, Whole),
            ("bytes =0-1", 1000, Whole),
            ("items=0-1", 1000, Whole),
            ("", 1000, Whole),
            ("bytes=0-1,1-2", 1000, Part(0..3)),
            ("bytes=0-1,2-3", 1000, Part(0..4)),
            ("bytes=2-3, 0-1", 1000, Part(0..4)),
            ("bytes=0-999,5-6", 1000, Part(0..1000)),
            ("bytes=0-1,2000-", 1000, Part(0..2)),
            ("bytes=2000-,-0", 1000, Unsatisfiable),
            ("bytes=0-1,3-4", 1000, Whole),
            ("bytes=0-0,-1", 1000, Whole),
            ("bytes=0-1,x", 1000, Whole),
        ];
        for (header, len_bytes, expected) in cases {
            assert_eq!(select(header, len_bytes), expected, "{header} of {len_bytes}");
        }
    }

    #[test]
    fn headers_beyond_the_limits_are_ignored() {
        assert_eq!(select(&format!("bytes={}0-1", ",".repeat(MAX_HEADER_BYTES)), 10), Whole);
        assert_eq!(select(&format!("bytes={}0-1", "0-1,".repeat(MAX_RANGES)), 10), Whole);
    }

    proptest! {
        #[test]
        fn a_part_is_never_empty_and_lies_within_the_file(header in "bytes=[0-9, -]{0,40}", len_bytes in 0u64..2000) {
            if let Part(range) = select(&header, len_bytes) {
                prop_assert!(range.start < range.end && range.end <= len_bytes);
            }
        }
    }
}
