//! Magnet links (BEP 9): what they name, and where they say its swarm may be found.

use super::{
    foreign_name,
    info_hash::{InfoHash, InvalidInfoHash},
    tracker, web_address,
};
use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    str::FromStr,
};
use url::{Url, form_urlencoded};

/// The longest magnet link that is read or written, in bytes.
pub const MAGNET_MAX_BYTES: usize = 8 * 1024;

/// The most peer addresses (`x.pe`) that are kept.
pub const PEERS_MAX: usize = 32;

/// The most web addresses of each kind that are kept.
pub const WEB_ADDRESSES_MAX: usize = 4;

/// A magnet link with a v1 info hash. Unusable addresses are left out, and so is what names files (`so`).
/// [`Display`](fmt::Display) writes the canonical form, which parses back to the same value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Magnet {
    pub info_hash: InfoHash,
    /// `dn`, cleaned for display.
    pub name: Option<String>,
    /// `tr`: at most [`tracker::TRACKERS_MAX`] HTTP and UDP trackers.
    pub trackers: Vec<Url>,
    /// `x.pe`: at most [`PEERS_MAX`] peers given as literal addresses; they may well be in the local network or on
    /// this machine.
    pub peers: Vec<SocketAddr>,
    /// `ws`: web servers that have the torrent's files (BEP 19).
    pub webseeds: Vec<Url>,
    /// `xs`, `as`: where the torrent's metadata may be had.
    pub metadata_urls: Vec<Url>,
}

/// Why a text is not a usable magnet link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidMagnet {
    #[error("The magnet link is longer than 8 KiB. Shorten it, for example by leaving out trackers.")]
    TooLong,
    #[error("This is not a magnet link: it has to begin with \"magnet:?\".")]
    NotAMagnet,
    #[error("The magnet link names no BitTorrent info hash (xt=urn:btih:…).")]
    NoInfoHash,
    #[error("The magnet link's info hash is damaged: it has to be 40 hexadecimal digits or 32 base32 characters.")]
    BadInfoHash,
    #[error("The magnet link is for BitTorrent v2 only. Use one with a v1 info hash (xt=urn:btih:…).")]
    V2Only,
}

impl InvalidMagnet {
    /// A stable word for machines.
    pub fn code(self) -> &'static str {
        match self {
            Self::TooLong => "magnet_too_long",
            Self::NotAMagnet => "not_a_magnet",
            Self::NoInfoHash => "no_info_hash",
            Self::BadInfoHash => "bad_info_hash",
            Self::V2Only => "v2_only",
        }
    }
}

impl FromStr for Magnet {
    type Err = InvalidMagnet;

    fn from_str(text: &str) -> Result<Self, InvalidMagnet> {
        let text = text.trim();
        if text.len() > MAGNET_MAX_BYTES {
            return Err(InvalidMagnet::TooLong);
        }
        let query = strip_prefix_ignoring_case(text, "magnet:?").ok_or(InvalidMagnet::NotAMagnet)?;
        let (mut topic, mut name, mut addresses, mut peers) =
            (Err(InvalidMagnet::NoInfoHash), None, Vec::new(), Vec::new());
        let (mut webseeds, mut metadata_urls) = (Vec::new(), Vec::new());
        for (key, value) in form_urlencoded::parse(query.as_bytes()) {
            // Parameters that occur several times may be numbered: xt.1, tr.2.
            match key.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end_matches('.') {
                "xt" => topic = topic.or_else(|before| info_hash(&value).map_err(|now| worse(before, now))),
                "dn" if name.is_none() => name = Some(foreign_name::clean(&value)).filter(|name| !name.is_empty()),
                "tr" => addresses.push(value),
                "ws" => webseeds.push(value),
                "xs" | "as" => metadata_urls.push(value),
                "x.pe" if peers.len() < PEERS_MAX => peers.extend(peer(&value).filter(|peer| !peers.contains(peer))),
                _ => {}
            }
        }
        let mut magnet = Self {
            info_hash: topic?,
            name,
            trackers: tracker::collect(addresses),
            peers,
            webseeds: web_address::collect(webseeds, WEB_ADDRESSES_MAX),
            metadata_urls: web_address::collect(metadata_urls, WEB_ADDRESSES_MAX),
        };
        // Escaping makes links longer; what it pushes over the limit goes.
        let shorten = |magnet: &mut Self| magnet.trackers.pop().or_else(|| magnet.webseeds.pop()).is_some();
        while magnet.to_string().len() > MAGNET_MAX_BYTES && shorten(&mut magnet) {}
        Ok(magnet)
    }
}

/// The info hash of one `xt`.
fn info_hash(topic: &str) -> Result<InfoHash, InvalidMagnet> {
    if strip_prefix_ignoring_case(topic, "urn:btmh:").is_some() {
        return Err(InvalidMagnet::V2Only);
    }
    let hash = strip_prefix_ignoring_case(topic, "urn:btih:").ok_or(InvalidMagnet::NoInfoHash)?;
    hash.parse().map_err(|InvalidInfoHash| InvalidMagnet::BadInfoHash)
}

/// Of two useless topics, the failure that says more.
fn worse(before: InvalidMagnet, now: InvalidMagnet) -> InvalidMagnet {
    match (before, now) {
        (InvalidMagnet::BadInfoHash, _) | (_, InvalidMagnet::NoInfoHash) => before,
        _ => now,
    }
}

/// A peer's literal address, unless nobody could ever be there.
fn peer(value: &str) -> Option<SocketAddr> {
    let peer: SocketAddr = value.parse().ok()?;
    let nobody = peer.ip().is_unspecified() || peer.ip().is_multicast() || peer.ip() == IpAddr::V4(Ipv4Addr::BROADCAST);
    (peer.port() != 0 && !nobody).then_some(peer)
}

fn strip_prefix_ignoring_case<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let (start, rest) = text.split_at_checked(prefix.len())?;
    start.eq_ignore_ascii_case(prefix).then_some(rest)
}

impl fmt::Display for Magnet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "magnet:?xt=urn:btih:{}", self.info_hash)?;
        let mut write = |key, value: &str| {
            write!(f, "&{key}=")?;
            form_urlencoded::byte_serialize(value.as_bytes()).try_for_each(|part| f.write_str(part))
        };
        self.name.iter().try_for_each(|name| write("dn", name))?;
        self.trackers.iter().try_for_each(|tracker| write("tr", tracker.as_str()))?;
        self.peers.iter().try_for_each(|peer| write("x.pe", &peer.to_string()))?;
        self.webseeds.iter().try_for_each(|url| write("ws", url.as_str()))?;
        self.metadata_urls.iter().try_for_each(|url| write("xs", url.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const HASH: &str = "dd8255ecdc7ca55fb0bbf81323d87062db1f6d1c";

    fn parse(text: &str) -> Magnet {
        text.parse().unwrap()
    }

    #[test]
    fn a_link_is_read_whole() {
        let magnet = parse(&format!(
            "magnet:?xt=urn:btih:{HASH}&dn=Big+Buck%20Bunny&tr=udp%3A%2F%2Ft.example%3A6969&tr.1=http://u.example/a\
             &x.pe=192.0.2.1:6881&x.pe=[2001:db8::1]:51413&ws=http%3A%2F%2Fw.example&so=0-99999999999"
        ));
        assert_eq!(magnet.info_hash.to_string(), HASH);
        assert_eq!(magnet.name.as_deref(), Some("Big Buck Bunny"));
        assert_eq!(
            magnet.trackers.iter().map(Url::as_str).collect::<Vec<_>>(),
            ["udp://t.example:6969", "http://u.example/a"]
        );
        assert_eq!(magnet.peers, ["192.0.2.1:6881".parse().unwrap(), "[2001:db8::1]:51413".parse().unwrap()]);
        assert_eq!(magnet.webseeds, ["http://w.example".parse().unwrap()]);
        assert!(magnet.metadata_urls.is_empty());
    }

    #[test]
    fn the_canonical_form_is_escaped_and_names_no_files() {
        let magnet =
            parse("MAGNET:?so=0-9&XT=x&xt=URN:BTIH:3WBFL3G4PSSV7MF37AJSHWDQMLNR63I4&dn=a%26b c&x.pe=127.0.0.1:1");
        assert_eq!(magnet.to_string(), format!("magnet:?xt=urn:btih:{HASH}&dn=a%26b+c&x.pe=127.0.0.1%3A1"));
    }

    #[test]
    fn among_several_topics_the_first_usable_one_counts() {
        let other = "1".repeat(40);
        let link =
            format!("magnet:?xt=urn:btmh:1220{HASH}&xt.1=urn:btih:zz&xt.2=urn:btih:{HASH}&xt.3=urn:btih:{other}");
        assert_eq!(parse(&link).info_hash.to_string(), HASH);
    }

    #[test]
    fn useless_links_say_why() {
        for (link, why) in [
            ("", InvalidMagnet::NotAMagnet),
            ("https://example.org/", InvalidMagnet::NotAMagnet),
            ("magnet", InvalidMagnet::NotAMagnet),
            ("magnet:?dn=x", InvalidMagnet::NoInfoHash),
            ("magnet:?xt=urn:sha1:YNCKHTQCWBTRNJIV4WNAE52SJUQCZO5C", InvalidMagnet::NoInfoHash),
            ("magnet:?xt=urn:btih:", InvalidMagnet::BadInfoHash),
            ("magnet:?xt=urn:btih:xyz&xt=urn:btmh:1220aa", InvalidMagnet::BadInfoHash),
            ("magnet:?xt=urn:btmh:1220aa&xt=urn:sha1:a", InvalidMagnet::V2Only),
            (&format!("magnet:?xt=urn:btih:{HASH}&dn={}", "a".repeat(MAGNET_MAX_BYTES)), InvalidMagnet::TooLong),
        ] {
            assert_eq!(link.parse::<Magnet>(), Err(why), "{link}");
        }
    }

    #[test]
    fn what_nobody_can_call_is_left_out() {
        let magnet = parse(&format!(
            "magnet:?xt=urn:btih:{HASH}&tr=file:///etc/passwd&tr=wss://t.example&x.pe=0.0.0.0:1&x.pe=1.2.3.4:0\
             &x.pe=host.example:80&x.pe=239.0.0.1:5&x.pe=255.255.255.255:5&dn=%E2%80%AE"
        ));
        assert_eq!(magnet.to_string(), format!("magnet:?xt=urn:btih:{HASH}"));
    }

    #[test]
    fn trackers_and_peers_are_capped() {
        let mut link = format!("magnet:?xt=urn:btih:{HASH}");
        (0..90).for_each(|i| link.push_str(&format!("&tr=http://t{i}.example&x.pe=10.0.0.{i}:1")));
        let magnet = parse(&link);
        assert_eq!((magnet.trackers.len(), magnet.peers.len()), (tracker::TRACKERS_MAX, PEERS_MAX));
    }

    #[test]
    fn a_link_that_escaping_would_make_too_long_loses_trackers() {
        let mut link = format!("magnet:?xt=urn:btih:{HASH}");
        (0..9).for_each(|i| link.push_str(&format!("&tr=http://t{i}.example/{}", "ä".repeat(150))));
        (0..5).for_each(|i| link.push_str(&format!("&tr=http://u{i}.example/{}", "/".repeat(900))));
        let magnet = parse(&link);
        assert!(magnet.trackers.len() < 14);
        assert_eq!(parse(&magnet.to_string()), magnet);
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,200}", tail in "(&?(xt|dn|tr|x\\.pe|so|%|=|urn:btih:|[a-f0-9]{1,40})){0,20}") {
            let _ = text.parse::<Magnet>();
            let _ = format!("magnet:?{tail}{text}").parse::<Magnet>();
        }

        #[test]
        fn the_canonical_form_parses_back(
            hash in any::<[u8; 20]>(),
            name in proptest::option::of("\\PC{0,300}"),
            trackers in proptest::collection::vec("(http|https|udp|ftp)://[a-z]{1,9}\\.example:[1-9][0-9]{0,3}/\\PC{0,40}", 0..70),
            peers in proptest::collection::vec(any::<(IpAddr, u16)>(), 0..40),
        ) {
            let mut link = format!("magnet:?xt=urn:btih:{}", InfoHash(hash));
            let mut push = |key: &str, value: &str| {
                let value: String = form_urlencoded::byte_serialize(value.as_bytes()).collect();
                if link.len() + value.len() + 10 < MAGNET_MAX_BYTES {
                    link.push_str(&format!("&{key}={value}"));
                }
            };
            name.iter().for_each(|name| push("dn", name));
            trackers.iter().for_each(|tracker| push("tr", tracker));
            peers.iter().for_each(|&peer| push("x.pe", &SocketAddr::from(peer).to_string()));
            let magnet = parse(&link);
            prop_assert_eq!(magnet.info_hash, InfoHash(hash));
            prop_assert_eq!(parse(&magnet.to_string()), magnet);
        }
    }
}
