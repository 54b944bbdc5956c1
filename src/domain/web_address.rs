//! Places on the web that torrents and magnet links name: which of them anybody may be asked to call.

use std::net::IpAddr;
use url::Url;

/// The longest address that is kept, in bytes.
const ADDRESS_MAX_BYTES: usize = 1024;

/// An HTTP address without a user name; `None` for anything else, or if it is too long.
pub fn parse(address: &str) -> Option<Url> {
    if address.len() > ADDRESS_MAX_BYTES {
        return None;
    }
    let url = Url::parse(address).ok()?;
    let is_web = matches!(url.scheme(), "http" | "https") && url.has_host();
    let is_plain = url.username().is_empty() && url.password().is_none();
    (is_web && is_plain && url.as_str().len() <= ADDRESS_MAX_BYTES).then_some(url)
}

/// The usable addresses, each once, in their order; at most `most` of them.
pub fn collect<S: AsRef<str>>(addresses: impl IntoIterator<Item = S>, most: usize) -> Vec<Url> {
    let mut found = Vec::new();
    for address in addresses.into_iter().take(16 * most) {
        if let Some(url) = parse(address.as_ref()).filter(|url| !found.contains(url) && found.len() < most) {
            found.push(url);
        }
    }
    found
}

/// Whether an address is one of the public internet: of no network of our own, and of nobody in particular.
pub fn is_public(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(v4) => {
            let [a, b, c, _] = v4.octets();
            let is_shared = a == 100 && (64..128).contains(&b);
            let is_reserved = a == 0 || a >= 240 || (a, b, c) == (192, 0, 0) || (a == 198 && (b == 18 || b == 19));
            let is_ours = v4.is_loopback() || v4.is_private() || v4.is_link_local();
            !(is_ours || is_shared || is_reserved || v4.is_multicast() || v4.is_documentation())
        }
        IpAddr::V6(v6) => {
            // 2000::/3 is all that is handed out (RFC 4291); 64:ff9b::/96 and 2002::/16 lead to any IPv4 address.
            let first = v6.segments()[0];
            (0x2000..0x4000).contains(&first) && first != 0x2002 && !(first == 0x2001 && v6.segments()[1] == 0x0db8)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_own_networks_are_not_public() {
        for address in ["1.1.1.1", "93.184.216.34", "2606:4700::1111", "::ffff:8.8.8.8"] {
            assert!(is_public(address.parse().unwrap()), "{address}");
        }
        for address in [
            "0.0.0.0",
            "10.0.0.1",
            "100.64.0.1",
            "127.0.0.1",
            "169.254.169.254",
            "172.16.0.1",
            "192.168.1.1",
            "192.0.2.1",
            "198.18.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "::1",
            "::",
            "fe80::1",
            "fd00::1",
            "ff02::1",
            "::ffff:127.0.0.1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
            "2001:db8::1",
        ] {
            assert!(!is_public(address.parse().unwrap()), "{address}");
        }
    }

    #[test]
    fn only_plain_web_addresses_are_kept_each_once() {
        let addresses = [
            "https://w.example/films/",
            "http://w.example/a b.mp4",
            "https://w.example/films/",
            "ftp://w.example/a",
            "file:///etc/passwd",
            "http://user:secret@w.example/",
            "w.example",
            "",
        ];
        let kept: Vec<String> = collect(addresses, 8).into_iter().map(String::from).collect();
        assert_eq!(kept, ["https://w.example/films/", "http://w.example/a%20b.mp4"]);
        assert_eq!(collect((0..100).map(|i| format!("http://w{i}.example")), 8).len(), 8);
    }
}
