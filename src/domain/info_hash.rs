//! The v1 info hash of a torrent (BEP 3): SHA-1 of the bencoded info dictionary.

use std::{fmt, str::FromStr};

/// Twenty bytes that name a torrent. Parses from 40 hexadecimal digits or 32 base32 characters (BEP 9).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InfoHash(pub [u8; 20]);

/// The text was neither 40 hexadecimal digits nor 32 base32 characters.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("not an info hash: expected 40 hexadecimal digits or 32 base32 characters")]
pub struct InvalidInfoHash;

impl InfoHash {
    /// The first eight digits, for logs: enough to follow one torrent, too little to look it up.
    pub fn short(&self) -> String {
        hex::encode(&self.0[..4])
    }
}

impl FromStr for InfoHash {
    type Err = InvalidInfoHash;

    fn from_str(text: &str) -> Result<Self, InvalidInfoHash> {
        match text.len() {
            40 => {
                let mut bytes = [0; 20];
                hex::decode_to_slice(text, &mut bytes).map_err(|_| InvalidInfoHash)?;
                Ok(Self(bytes))
            }
            32 => base32(text).map(Self).ok_or(InvalidInfoHash),
            _ => Err(InvalidInfoHash),
        }
    }
}

/// RFC 4648 base32 of exactly 20 bytes, either case: 32 digits of five bits fill four groups of five bytes.
fn base32(text: &str) -> Option<[u8; 20]> {
    let mut bytes = [0; 20];
    for (group, digits) in bytes.chunks_exact_mut(5).zip(text.as_bytes().chunks_exact(8)) {
        let mut bits = 0u64;
        for digit in digits {
            let value = match digit.to_ascii_uppercase() {
                letter @ b'A'..=b'Z' => letter - b'A',
                number @ b'2'..=b'7' => number - b'2' + 26,
                _ => return None,
            };
            bits = bits << 5 | u64::from(value);
        }
        group.copy_from_slice(&bits.to_be_bytes()[3..]);
    }
    Some(bytes)
}

impl fmt::Display for InfoHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for InfoHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.short())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hexadecimal_and_base32_name_the_same_torrent() {
        let hexadecimal: InfoHash = "dd8255ecdc7ca55fb0bbf81323d87062db1f6d1c".parse().unwrap();
        let base32: InfoHash = "3WBFL3G4PSSV7MF37AJSHWDQMLNR63I4".parse().unwrap();
        assert_eq!(hexadecimal, base32);
        assert_eq!(hexadecimal.to_string(), "dd8255ecdc7ca55fb0bbf81323d87062db1f6d1c");
    }

    #[test]
    fn anything_else_is_refused() {
        for text in ["", "dd82", &"g".repeat(40), &"1".repeat(32), &"ä".repeat(20)] {
            assert_eq!(text.parse::<InfoHash>(), Err(InvalidInfoHash), "{text}");
        }
    }

    #[test]
    fn debug_output_is_short() {
        let hash: InfoHash = "dd8255ecdc7ca55fb0bbf81323d87062db1f6d1c".parse().unwrap();
        assert_eq!(format!("{hash:?}"), "dd8255ec");
    }
}
