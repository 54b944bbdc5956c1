//! How many connections may be open, in all and for one address, so that nobody can use them up alone.

use ipnet::IpNet;
use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr},
    sync::{Arc, Mutex, PoisonError},
};

/// Counts the open connections. Cheap to clone.
#[derive(Clone)]
pub struct ConnectionLimit {
    most: usize,
    most_per_ip: usize,
    /// Everybody behind a proxy shares its address, so there only the total counts.
    trusted_proxies: Arc<[IpNet]>,
    open: Arc<Mutex<Open>>,
}

#[derive(Default)]
struct Open {
    in_all: usize,
    by_ip: HashMap<IpAddr, usize>,
}

impl ConnectionLimit {
    pub fn new(most: usize, most_per_ip: usize, trusted_proxies: Arc<[IpNet]>) -> Self {
        Self { most, most_per_ip, trusted_proxies, open: Arc::default() }
    }

    /// Admits one more connection from `ip`, for as long as the answer lives; `None` when there are too many.
    pub fn admit(&self, ip: IpAddr) -> Option<Admitted> {
        let is_proxy = self.trusted_proxies.iter().any(|proxy| proxy.contains(&ip));
        let key = (!is_proxy).then(|| network_of(ip));
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let from_here = key.and_then(|key| open.by_ip.get(&key)).copied().unwrap_or(0);
        if open.in_all >= self.most || from_here >= self.most_per_ip {
            return None;
        }
        open.in_all += 1;
        if let Some(key) = key {
            open.by_ip.insert(key, from_here + 1);
        }
        Some(Admitted { key, open: self.open.clone() })
    }
}

/// One open connection. Dropping it makes room for another.
pub struct Admitted {
    key: Option<IpAddr>,
    open: Arc<Mutex<Open>>,
}

impl Drop for Admitted {
    fn drop(&mut self) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.in_all -= 1;
        let Some(key) = self.key else { return };
        match open.by_ip.get_mut(&key) {
            Some(count) if *count > 1 => *count -= 1,
            _ => _ = open.by_ip.remove(&key),
        }
    }
}

/// One customer of a provider has a whole /64 of IPv6 addresses, so those count as one.
fn network_of(ip: IpAddr) -> IpAddr {
    match ip.to_canonical() {
        IpAddr::V4(ip) => IpAddr::V4(ip),
        IpAddr::V6(ip) => IpAddr::V6(Ipv6Addr::from_bits(ip.to_bits() & !u128::from(u64::MAX))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn one_address_cannot_take_every_connection() {
        let limit = ConnectionLimit::new(10, 2, [].into());
        let _first = limit.admit(ip("10.0.0.1")).unwrap();
        let second = limit.admit(ip("10.0.0.1")).unwrap();
        assert!(limit.admit(ip("10.0.0.1")).is_none());
        assert!(limit.admit(ip("::ffff:10.0.0.1")).is_none());
        assert!(limit.admit(ip("10.0.0.2")).is_some());
        drop(second);
        assert!(limit.admit(ip("10.0.0.1")).is_some());
    }

    #[test]
    fn a_64_network_counts_as_one_address() {
        let limit = ConnectionLimit::new(10, 1, [].into());
        let _first = limit.admit(ip("2001:db8::1")).unwrap();
        assert!(limit.admit(ip("2001:db8::2")).is_none());
        assert!(limit.admit(ip("2001:db8:0:1::1")).is_some());
    }

    #[test]
    fn the_total_holds_for_everybody_and_alone_for_a_proxy() {
        let limit = ConnectionLimit::new(2, 1, ["10.0.0.0/8".parse().unwrap()].into());
        let _open = [limit.admit(ip("10.0.0.1")).unwrap(), limit.admit(ip("10.0.0.1")).unwrap()];
        assert!(limit.admit(ip("10.0.0.1")).is_none());
        assert!(limit.admit(ip("192.0.2.1")).is_none());
    }

    #[test]
    fn nothing_is_remembered_of_closed_connections() {
        let limit = ConnectionLimit::new(2, 2, [].into());
        drop((limit.admit(ip("10.0.0.1")), limit.admit(ip("10.0.0.1"))));
        let open = limit.open.lock().unwrap();
        assert_eq!((open.in_all, open.by_ip.len()), (0, 0));
    }
}
