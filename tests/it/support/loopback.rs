//! Loopback addresses, one owner each across all test processes of the machine.
//!
//! Peers need addresses of their own (clients take two peers at one address for the same one), and a program on an
//! address of its own can use a fixed port.

use std::{
    fs::{self, File},
    net::Ipv4Addr,
    process,
    sync::atomic::{AtomicU32, Ordering},
};

/// The addresses handed out are 127.77.1.1 to 127.77.200.250.
const BLOCKS: u32 = 200;
const PER_BLOCK: u32 = 250;

/// How many addresses this process has looked at. One that was given back isn't handed out again: peers remember whom
/// they just spoke with.
static LOOKED_AT: AtomicU32 = AtomicU32::new(0);

/// An address nobody else has until this is dropped. The system frees it when the process dies, too.
#[derive(Debug)]
pub struct LoopbackAddress {
    pub ip: Ipv4Addr,
    _lock: File,
}

impl LoopbackAddress {
    pub fn allot() -> Self {
        let folder = std::env::temp_dir().join("miauflix-test-addresses");
        fs::create_dir_all(&folder).unwrap();
        let pool = BLOCKS * PER_BLOCK;
        // Processes start looking at different places, so they seldom meet.
        let start = process::id().wrapping_mul(101) % pool;
        (0..pool)
            .map(|_| (start + LOOKED_AT.fetch_add(1, Ordering::Relaxed)) % pool)
            .find_map(|at| {
                let ip = Ipv4Addr::new(127, 77, (at / PER_BLOCK + 1) as u8, (at % PER_BLOCK + 1) as u8);
                let lock = File::create(folder.join(ip.to_string())).unwrap();
                lock.try_lock().is_ok().then_some(Self { ip, _lock: lock })
            })
            .expect("all loopback addresses are taken")
    }
}

#[test]
fn an_address_has_one_owner_and_can_be_bound() {
    let (first, second) = (LoopbackAddress::allot(), LoopbackAddress::allot());
    assert_ne!(first.ip, second.ip);
    for address in [&first, &second] {
        std::net::TcpListener::bind((address.ip, 8080)).unwrap();
    }
}
