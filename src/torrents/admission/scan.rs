//! One pass over bencode (BEP 3) in front of the engine's recursive parser, with a stack of its own and nothing copied.
//!
//! Promises about what passes: it is one dictionary and nothing after it; no deeper than [`DEPTH_MAX`] and no more than
//! [`VALUES_MAX`] values; no dictionary has a key twice; every integer is canonical and fits the type the engine reads
//! it into (its arithmetic is unchecked); there is an info dictionary with v1 pieces. Keys out of order are let pass:
//! real torrents have them, and the info hash is taken over the bytes as they are.

use super::Rejection;
use std::collections::HashSet;

/// How deep lists and dictionaries may nest. The file tree of a hybrid torrent (BEP 52) goes deepest.
const DEPTH_MAX: usize = 64;

/// How many values and keys there may be. 10,000 files make about 100,000.
const VALUES_MAX: usize = 1_000_000;

/// Scans a whole `.torrent` file.
pub(super) fn scan(bytes: &[u8]) -> Result<(), Rejection> {
    if bytes.first() != Some(&b'd') {
        return Err(Rejection::Malformed("it is not a bencoded dictionary"));
    }
    let mut input = Input { rest: bytes };
    let mut open: Vec<Container<'_>> = Vec::new();
    let mut info = Info::default();
    for _ in 0..VALUES_MAX {
        let first = input.peek()?;
        let key = match open.last_mut() {
            Some(container) if first == b'e' => {
                info.is_open &= !container.is_info;
                open.pop();
                input.skip();
                if open.is_empty() {
                    return if input.rest.is_empty() {
                        info.verdict()
                    } else {
                        Err(Rejection::Malformed("something follows its end"))
                    };
                }
                continue;
            }
            Some(Container { keys: Some(keys), .. }) => {
                let key = input.string()?;
                if !keys.insert(key) {
                    return Err(Rejection::Malformed("a dictionary has the same key twice"));
                }
                Some(key)
            }
            _ => None,
        };
        let is_info = open.len() == 1 && key == Some(b"info");
        if info.is_open && open.len() == 2 {
            info.note(key);
        }
        match input.peek()? {
            b'i' => check_integer(key, input.integer()?)?,
            start @ (b'd' | b'l') => {
                if open.len() == DEPTH_MAX {
                    return Err(Rejection::TooDeep);
                }
                let is_info = is_info && start == b'd';
                info.is_open |= is_info;
                info.is_there |= is_info;
                open.push(Container { keys: (start == b'd').then(HashSet::new), is_info });
                input.skip();
            }
            _ => {
                input.string()?;
            }
        }
    }
    Err(Rejection::TooManyEntries)
}

/// A list or dictionary that has begun and not yet ended.
struct Container<'a> {
    /// The keys so far, of a dictionary.
    keys: Option<HashSet<&'a [u8]>>,
    is_info: bool,
}

/// What was seen of the info dictionary.
#[derive(Default)]
struct Info {
    is_open: bool,
    is_there: bool,
    has_pieces: bool,
    is_v2: bool,
}

impl Info {
    fn note(&mut self, key: Option<&[u8]>) {
        match key {
            Some(b"pieces") => self.has_pieces = true,
            Some(b"file tree" | b"meta version") => self.is_v2 = true,
            _ => {}
        }
    }

    fn verdict(&self) -> Result<(), Rejection> {
        match self {
            Self { is_there: false, .. } => Err(Rejection::MissingInfo),
            Self { has_pieces: true, .. } => Ok(()),
            Self { is_v2: true, .. } => Err(Rejection::V2Only),
            _ => Err(Rejection::Malformed("it has no piece hashes")),
        }
    }
}

/// Keeps integers within what the engine's parser reads them into, wherever they are: other than by these names it
/// reads them as 64 bits with a sign.
fn check_integer(key: Option<&[u8]>, value: i64) -> Result<(), Rejection> {
    match key {
        Some(b"length") if value < 0 => Err(Rejection::NegativeLength),
        Some(b"piece length") if u32::try_from(value).is_err() => Err(Rejection::PieceLength),
        Some(b"private") if !(0..=1).contains(&value) => {
            Err(Rejection::Malformed("its private flag is neither 0 nor 1"))
        }
        _ => Ok(()),
    }
}

/// What is yet to be read.
struct Input<'a> {
    rest: &'a [u8],
}

impl<'a> Input<'a> {
    const ENDS_EARLY: Rejection = Rejection::Malformed("it ends too early");

    fn peek(&self) -> Result<u8, Rejection> {
        self.rest.first().copied().ok_or(Self::ENDS_EARLY)
    }

    fn skip(&mut self) {
        self.rest = self.rest.get(1..).unwrap_or_default();
    }

    /// The text up to `end`, which is taken too; at most 20 bytes.
    fn until(&mut self, end: u8) -> Result<&'a [u8], Rejection> {
        const NUMBER_MAX_BYTES: usize = 20;
        let length = self.rest.iter().take(NUMBER_MAX_BYTES + 1).position(|&byte| byte == end);
        let (text, rest) = match length.and_then(|length| self.rest.split_at_checked(length)) {
            Some(found) => found,
            None if self.rest.len() <= NUMBER_MAX_BYTES => return Err(Self::ENDS_EARLY),
            None => return Err(BAD_NUMBER),
        };
        self.rest = rest;
        self.skip();
        Ok(text)
    }

    fn integer(&mut self) -> Result<i64, Rejection> {
        self.skip();
        let text = self.until(b'e')?;
        match text.strip_prefix(b"-") {
            None => number(text),
            Some(digits) => number(digits).ok().filter(|&value| value > 0).map(|value| -value).ok_or(BAD_NUMBER),
        }
    }

    fn string(&mut self) -> Result<&'a [u8], Rejection> {
        if !self.peek()?.is_ascii_digit() {
            return Err(Rejection::Malformed("it is not valid bencode"));
        }
        let length = usize::try_from(number(self.until(b':')?)?).map_err(|_| BAD_NUMBER)?;
        let (string, rest) = self.rest.split_at_checked(length).ok_or(Self::ENDS_EARLY)?;
        self.rest = rest;
        Ok(string)
    }
}

const BAD_NUMBER: Rejection = Rejection::Malformed("it contains an impossible number");

/// A number without sign and leading zeros.
fn number(digits: &[u8]) -> Result<i64, Rejection> {
    let is_canonical = digits == b"0" || digits.first().is_some_and(|first| *first != b'0');
    if !is_canonical || !digits.iter().all(u8::is_ascii_digit) {
        return Err(BAD_NUMBER);
    }
    str::from_utf8(digits).ok().and_then(|digits| digits.parse().ok()).ok_or(BAD_NUMBER)
}
