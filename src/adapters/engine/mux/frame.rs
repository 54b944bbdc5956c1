//! Splits what comes from a peer into messages (BEP 3): four bytes of length, one of kind, and the rest.

use bytes::{Buf as _, Bytes, BytesMut};

/// The longest message. A bitfield of the largest torrent admitted, and any extended message of a client, is shorter.
pub const MAX_BYTES: usize = 1 << 20;

pub const CHOKE: u8 = 0;
pub const UNCHOKE: u8 = 1;
pub const INTERESTED: u8 = 2;
pub const NOT_INTERESTED: u8 = 3;
pub const HAVE: u8 = 4;
pub const BITFIELD: u8 = 5;
pub const REQUEST: u8 = 6;
pub const PIECE: u8 = 7;
pub const CANCEL: u8 = 8;
pub const EXTENDED: u8 = 20;

/// A message, its length prefix included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame(pub Bytes);

/// The message is longer than any real one.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("a message of {0} bytes")]
pub struct TooLong(usize);

impl Frame {
    /// Takes the next whole message off the front of `buffer`; none while it is not all here.
    pub fn split(buffer: &mut BytesMut) -> Result<Option<Self>, TooLong> {
        let Some(prefix) = buffer.first_chunk::<4>() else { return Ok(None) };
        let len = u32::from_be_bytes(*prefix) as usize;
        if len > MAX_BYTES {
            return Err(TooLong(len));
        }
        Ok((buffer.len() >= 4 + len).then(|| Self(buffer.split_to(4 + len).freeze())))
    }

    /// What the message is; none for a keep-alive.
    pub fn kind(&self) -> Option<u8> {
        self.0.get(4).copied()
    }

    pub fn payload(&self) -> &[u8] {
        self.0.get(5..).unwrap_or_default()
    }

    /// The first `N` numbers of the payload.
    pub fn numbers<const N: usize>(&self) -> Option<[u32; N]> {
        let mut payload = self.payload();
        (payload.len() >= N * 4).then(|| std::array::from_fn(|_| payload.get_u32()))
    }
}

/// Appends a message.
pub fn put(out: &mut BytesMut, kind: u8, numbers: &[u32], rest: &[u8]) {
    let len = 1 + numbers.len() * 4 + rest.len();
    out.reserve(4 + len);
    out.extend_from_slice(&(len as u32).to_be_bytes());
    out.extend_from_slice(&[kind]);
    numbers.iter().for_each(|number| out.extend_from_slice(&number.to_be_bytes()));
    out.extend_from_slice(rest);
}

/// Appends a message that only keeps the connection alive.
pub fn put_keep_alive(out: &mut BytesMut) {
    out.extend_from_slice(&[0; 4]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_message_comes_out_as_it_went_in() {
        let mut buffer = BytesMut::new();
        put(&mut buffer, REQUEST, &[1, 2, 3], &[]);
        put_keep_alive(&mut buffer);
        put(&mut buffer, PIECE, &[7, 0], b"bytes");
        let request = Frame::split(&mut buffer).unwrap().unwrap();
        assert_eq!((request.kind(), request.numbers()), (Some(REQUEST), Some([1, 2, 3])));
        assert_eq!(request.numbers::<4>(), None);
        assert_eq!(Frame::split(&mut buffer).unwrap().unwrap().kind(), None);
        let piece = Frame::split(&mut buffer).unwrap().unwrap();
        assert_eq!((piece.kind(), &piece.payload()[8..]), (Some(PIECE), &b"bytes"[..]));
        assert_eq!(Frame::split(&mut buffer), Ok(None));
    }

    #[test]
    fn a_message_that_is_too_long_is_refused_before_it_is_here() {
        let mut buffer = BytesMut::from(&(MAX_BYTES as u32 + 1).to_be_bytes()[..]);
        assert_eq!(Frame::split(&mut buffer), Err(TooLong(MAX_BYTES + 1)));
    }

    proptest! {
        #[test]
        fn however_the_bytes_are_cut_the_same_messages_come_out(
            bytes in proptest::collection::vec(any::<u8>(), 0..400), cuts in proptest::collection::vec(1usize..50, 0..40),
        ) {
            let drain = |buffer: &mut BytesMut, frames: &mut Vec<Frame>| loop {
                match Frame::split(buffer) {
                    Ok(Some(frame)) => frames.push(frame),
                    other => return other.is_err(),
                }
            };
            let (mut whole, mut at_once) = (BytesMut::from(&bytes[..]), Vec::new());
            let ended = drain(&mut whole, &mut at_once);
            let (mut buffer, mut in_parts, mut rest) = (BytesMut::new(), Vec::new(), &bytes[..]);
            let mut has_ended = false;
            for cut in cuts.into_iter().chain(std::iter::repeat(400)) {
                if rest.is_empty() || has_ended { break }
                let (part, tail) = rest.split_at(cut.min(rest.len()));
                buffer.extend_from_slice(part);
                rest = tail;
                has_ended = drain(&mut buffer, &mut in_parts);
            }
            prop_assert_eq!(ended, has_ended);
            prop_assert_eq!(at_once, in_parts);
        }
    }
}
