//! The server's half of SOCKS 5 (RFC 1928) with a user name and password (RFC 1929), as far as librqbit speaks it.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};

const VERSION: u8 = 5;
const PASSWORD_METHOD: u8 = 2;
const NO_METHOD: u8 = 0xff;
const CONNECT: u8 = 1;

/// Where the client wants to be connected to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    Address(SocketAddr),
    Name(String, u16),
}

/// What only librqbit knows: other users of this machine reach the port too.
#[derive(Clone)]
pub struct Credentials {
    pub user: String,
    pub password: String,
}

/// How a CONNECT went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reply {
    Connected = 0,
    Refused = 5,
    NotAllowed = 2,
}

/// Greets a client and reads whose password it has, by number, and what it asks for. Anything but a CONNECT with a right
/// password is an error.
pub async fn accept<S: AsyncRead + AsyncWrite + Unpin>(
    stream: &mut S,
    known: &[Credentials],
) -> io::Result<(usize, Target)> {
    let [version, methods] = read(stream).await?;
    check(version == VERSION, "not SOCKS 5")?;
    let methods = read_vec(stream, methods).await?;
    let may = methods.contains(&PASSWORD_METHOD);
    stream.write_all(&[VERSION, if may { PASSWORD_METHOD } else { NO_METHOD }]).await?;
    check(may, "no password offered")?;
    let [_, len] = read(stream).await?;
    let user = read_vec(stream, len).await?;
    let [len] = read(stream).await?;
    let password = read_vec(stream, len).await?;
    let is_right = |known: &Credentials| user == known.user.as_bytes() && password == known.password.as_bytes();
    let client = known.iter().position(is_right);
    stream.write_all(&[1, u8::from(client.is_none())]).await?;
    let client = client.ok_or_else(|| invalid("wrong password"))?;
    let [version, command, _, kind] = read(stream).await?;
    check(version == VERSION && command == CONNECT, "not a CONNECT")?;
    let target = match kind {
        1 => Target::Address(SocketAddr::new(
            IpAddr::V4(Ipv4Addr::from(read::<_, 4>(stream).await?)),
            port(stream).await?,
        )),
        4 => Target::Address(SocketAddr::new(
            IpAddr::V6(Ipv6Addr::from(read::<_, 16>(stream).await?)),
            port(stream).await?,
        )),
        3 => {
            let [len] = read(stream).await?;
            let name =
                String::from_utf8(read_vec(stream, len).await?).map_err(|_| invalid("a name that is not text"))?;
            Target::Name(name, port(stream).await?)
        }
        _ => return Err(invalid("an unknown kind of address")),
    };
    Ok((client, target))
}

/// Tells the client how its CONNECT went.
pub async fn reply<S: AsyncWrite + Unpin>(stream: &mut S, reply: Reply) -> io::Result<()> {
    stream.write_all(&[VERSION, reply as u8, 0, 1, 0, 0, 0, 0, 0, 0]).await
}

async fn read<S: AsyncRead + Unpin, const N: usize>(stream: &mut S) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    stream.read_exact(&mut bytes).await?;
    Ok(bytes)
}

async fn read_vec<S: AsyncRead + Unpin>(stream: &mut S, len: u8) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; usize::from(len)];
    stream.read_exact(&mut bytes).await?;
    Ok(bytes)
}

async fn port<S: AsyncRead + Unpin>(stream: &mut S) -> io::Result<u16> {
    Ok(u16::from_be_bytes(read(stream).await?))
}

fn check(holds: bool, otherwise: &'static str) -> io::Result<()> {
    if holds { Ok(()) } else { Err(invalid(otherwise)) }
}

fn invalid(reason: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, reason)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn credentials() -> [Credentials; 1] {
        [Credentials { user: "u".to_owned(), password: "pw".to_owned() }]
    }

    /// Lets `input` be said by a client that then hangs up.
    async fn hear(input: &[u8]) -> (io::Result<Target>, Vec<u8>) {
        let (mut client, mut server) = tokio::io::duplex(4096);
        client.write_all(input).await.unwrap();
        client.shutdown().await.unwrap();
        let result = accept(&mut server, &credentials()).await.map(|(_, target)| target);
        drop(server);
        let mut said = Vec::new();
        client.read_to_end(&mut said).await.unwrap();
        (result, said)
    }

    #[tokio::test]
    async fn a_client_with_the_password_is_heard() {
        let hello = b"\x05\x02\x00\x02\x01\x01u\x02pw";
        let to = |rest: &[u8]| [hello, rest].concat();
        let (v4, said) = hear(&to(b"\x05\x01\x00\x01\x7f\x00\x00\x01\x1a\xe1")).await;
        assert_eq!(
            (v4.unwrap(), &said[..]),
            (Target::Address(([127, 0, 0, 1], 6881).into()), &b"\x05\x02\x01\x00"[..])
        );
        let (name, _) = hear(&to(b"\x05\x01\x00\x03\x07a.testx\x00\x50")).await;
        assert_eq!(name.unwrap(), Target::Name("a.testx".to_owned(), 80));
        let v6 = [&b"\x05\x01\x00\x04"[..], &[0; 15], &[1, 0, 80]].concat();
        assert_eq!(hear(&to(&v6)).await.0.unwrap(), Target::Address((Ipv6Addr::LOCALHOST, 80).into()));
    }

    #[tokio::test]
    async fn a_client_without_the_password_is_not() {
        for input in [
            &b"\x05\x01\x00"[..],
            b"\x05\x01\x02\x01\x01u\x02no\x05\x01\x00\x01\x7f\x00\x00\x01\x1a\xe1",
            b"\x05\x01\x02\x01\x01u\x02pw\x05\x02\x00\x01\x7f\x00\x00\x01\x1a\xe1",
            b"\x04\x01\x1a\xe1\x7f\x00\x00\x01\x00",
            b"",
        ] {
            assert!(hear(input).await.0.is_err(), "{input:?}");
        }
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic_or_hang(bytes in proptest::collection::vec(any::<u8>(), 0..600), greet: bool) {
            let input = if greet { [b"\x05\x01\x02\x01\x01u\x02pw", &bytes[..]].concat() } else { bytes };
            let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
            let heard = runtime.block_on(async { tokio::time::timeout(std::time::Duration::from_secs(5), hear(&input)).await });
            prop_assert!(heard.is_ok());
        }
    }
}
