//! Tracker addresses from torrents and magnet links: which of them anybody may be asked to call.

use url::Url;

/// The most trackers of one torrent or magnet link that are kept.
pub const TRACKERS_MAX: usize = 64;

/// The longest address that is kept, in bytes.
const ADDRESS_MAX_BYTES: usize = 1024;

/// The address of an HTTP (BEP 3) or UDP (BEP 15) tracker; `None` for anything else, or if it is too long.
pub fn parse(address: &str) -> Option<Url> {
    if address.len() > ADDRESS_MAX_BYTES {
        return None;
    }
    let url = Url::parse(address).ok()?;
    let is_tracker = match url.scheme() {
        "http" | "https" => url.has_host(),
        // A UDP address without a port leads nowhere.
        "udp" => url.has_host() && url.port().is_some(),
        _ => false,
    };
    (is_tracker && url.as_str().len() <= ADDRESS_MAX_BYTES).then_some(url)
}

/// The usable addresses, each once, in their order; at most [`TRACKERS_MAX`] of them.
pub fn collect<S: AsRef<str>>(addresses: impl IntoIterator<Item = S>) -> Vec<Url> {
    /// Junk costs time too, so there is an end to it.
    const LOOKED_AT_MAX: usize = 16 * TRACKERS_MAX;
    let mut trackers = Vec::new();
    for address in addresses.into_iter().take(LOOKED_AT_MAX) {
        if let Some(url) = parse(address.as_ref())
            && !trackers.contains(&url)
        {
            trackers.push(url);
        }
        if trackers.len() == TRACKERS_MAX {
            break;
        }
    }
    trackers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_http_and_udp_trackers_are_called() {
        for address in ["http://t.example/announce?key=1", "https://t.example/a", "udp://t.example:6969/announce"] {
            assert_eq!(parse(address).map(String::from).as_deref(), Some(address));
        }
        let too_long = format!("http://t.example/{}", "a".repeat(ADDRESS_MAX_BYTES));
        for address in ["", "t.example", "file:///etc/passwd", "wss://t.example", "udp://t.example", "udp:", &too_long]
        {
            assert_eq!(parse(address), None, "{address}");
        }
    }

    #[test]
    fn each_tracker_is_kept_once_and_64_at_most() {
        let same = ["http://t.example/a", "HTTP://T.EXAMPLE:80/a", "ftp://t.example"];
        assert_eq!(collect(same).len(), 1);
        assert_eq!(collect((0..100).map(|i| format!("udp://t{i}.example:1"))).len(), TRACKERS_MAX);
    }
}
