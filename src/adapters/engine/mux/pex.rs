//! What librqbit tells a peer about others (BEP 11), where it takes that peer for one on this machine.
//!
//! A peer that called us reaches librqbit through a loopback connection of ours, so librqbit would tell it of our own
//! network, and of loopback connections as if they were peers.

use crate::domain::web_address::is_public;
use bytes::BytesMut;
use librqbit_bencode::{ByteBuf, bencode_serialize_to_writer, from_bytes};
use librqbit_peer_protocol::extended::{handshake::ExtendedHandshake, ut_pex::UtPex};
use std::net::SocketAddr;

/// The number under which a peer wants such messages, from the payload of its extended handshake (BEP 10).
pub fn id(handshake: &[u8]) -> Option<u8> {
    from_bytes::<ExtendedHandshake<ByteBuf<'_>>>(handshake).ok()?.m.ut_pex
}

/// The message's payload without addresses that mean nothing outside; none when nothing is left of it, or when it cannot
/// be read.
pub fn without_local(payload: &[u8]) -> Option<BytesMut> {
    let pex = from_bytes::<UtPex<ByteBuf<'_>>>(payload).ok()?;
    let keep = |address: &SocketAddr| is_public(address.ip());
    let added: Vec<SocketAddr> = pex.added_peers().map(|peer| peer.addr).filter(keep).collect();
    let dropped: Vec<SocketAddr> = pex.dropped_peers().map(|peer| peer.addr).filter(keep).collect();
    if added.is_empty() && dropped.is_empty() {
        return None;
    }
    let mut out = Vec::new();
    bencode_serialize_to_writer(UtPex::from_addrs(added.into_iter(), dropped.into_iter()), &mut out).ok()?;
    Some(BytesMut::from(&out[..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_our_own_network_are_left_out() {
        let addresses = |texts: &[&str]| texts.iter().map(|text| text.parse().unwrap()).collect::<Vec<SocketAddr>>();
        let message = |added: &[&str], dropped: &[&str]| {
            let mut out = Vec::new();
            bencode_serialize_to_writer(
                UtPex::from_addrs(addresses(added).into_iter(), addresses(dropped).into_iter()),
                &mut out,
            )
            .unwrap();
            out
        };
        let mixed =
            message(&["127.0.0.1:1", "1.2.3.7:2", "192.168.1.2:3", "[2606:4700::1]:4"], &["10.0.0.1:5", "1.2.3.9:6"]);
        let left = without_local(&mixed).unwrap();
        let left = from_bytes::<UtPex<ByteBuf<'_>>>(&left).unwrap();
        let found: Vec<_> = left.added_peers().chain(left.dropped_peers()).map(|peer| peer.addr).collect();
        assert_eq!(found, addresses(&["1.2.3.7:2", "[2606:4700::1]:4", "1.2.3.9:6"]));
        assert_eq!(without_local(&message(&["127.0.0.1:1"], &[])), None);
        assert_eq!(without_local(b"rubbish"), None);
    }

    #[test]
    fn the_number_is_read_from_the_handshake() {
        assert_eq!(id(b"d1:md6:ut_pexi7eee"), Some(7));
        assert_eq!(id(b"d1:md11:ut_metadatai3eee"), None);
        assert_eq!(id(b"x"), None);
    }
}
