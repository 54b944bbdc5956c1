//! An independent seeder: transmission-daemon on an address of its own, found by a tracker only.

use super::{
    eventually::eventually, loopback::LoopbackAddress, metainfo::Torrent, process::Process, tracker::Tracker,
    wire::has_everything,
};
use std::{fs, net::SocketAddr, path::Path, time::Duration};
use tokio::time::timeout;

const PORT: u16 = 51413;

/// A seeder that is still checking its files may leave a peer without an answer.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(1);

/// Transmission, seeding one torrent. Dropping it kills it.
///
/// It decides every ten seconds whom to unchoke, so the first block can take that long.
pub struct TransmissionSeeder {
    loopback: LoopbackAddress,
    process: Process,
}

impl TransmissionSeeder {
    /// Seeds `torrent`, whose content lies in `folder` under the torrent's name. Returns once all of it can be had and
    /// the tracker knows.
    pub async fn start(torrent: &Torrent, folder: &Path, tracker: &Tracker) -> Self {
        Self::start_limited(torrent, folder, tracker, None).await
    }

    /// As `start`, uploading at most this fast (transmission's kB are 1000 bytes).
    pub async fn start_limited(torrent: &Torrent, folder: &Path, tracker: &Tracker, kb_per_s: Option<u32>) -> Self {
        let mut this = Self::launch(torrent, folder, kb_per_s);
        let address = this.address();
        eventually("transmission to seed", async || {
            this.process.assert_running();
            timeout(ANSWER_TIMEOUT, has_everything(address, torrent)).await.ok()?.then_some(())
        })
        .await;
        // Its own first announce comes ten seconds after its start.
        tracker.introduce(torrent.info_hash, address);
        this
    }

    /// Downloads `torrent` to `folder` from whom its trackers know.
    pub fn leech(torrent: &Torrent, folder: &Path) -> Self {
        Self::launch(torrent, folder, None)
    }

    /// Returns once it has all of `torrent`.
    pub async fn completed(&self, torrent: &Torrent) {
        eventually("transmission to have everything", async || {
            timeout(ANSWER_TIMEOUT, has_everything(self.address(), torrent)).await.ok()?.then_some(())
        })
        .await;
    }

    fn launch(torrent: &Torrent, folder: &Path, kb_per_s: Option<u32>) -> Self {
        let loopback = LoopbackAddress::allot();
        let process = Process::start("transmission-daemon", |command, home| {
            // Nothing but the tracker may lead peers here, and nothing may leave this machine.
            let settings = serde_json::json!({
                "bind-address-ipv4": loopback.ip,
                "bind-address-ipv6": "::1",
                "blocklist-enabled": false,
                "dht-enabled": false,
                "download-dir": folder,
                "encryption": 0,
                "incomplete-dir-enabled": false,
                "lpd-enabled": false,
                "peer-port": PORT,
                "peer-port-random-on-start": false,
                "pex-enabled": false,
                "port-forwarding-enabled": false,
                "rename-partial-files": false,
                "rpc-enabled": false,
                "speed-limit-up": kb_per_s.unwrap_or_default(),
                "speed-limit-up-enabled": kb_per_s.is_some(),
                "utp-enabled": false,
                "watch-dir": home.join("watched"),
                "watch-dir-enabled": true,
            });
            let config = home.join("config");
            fs::create_dir_all(&config).unwrap();
            fs::create_dir_all(home.join("watched")).unwrap();
            fs::write(config.join("settings.json"), settings.to_string()).unwrap();
            fs::write(home.join("watched/film.torrent"), &torrent.bytes).unwrap();
            command.args(["--foreground", "--config-dir"]).arg(config);
        });
        Self { loopback, process }
    }

    /// Where peers reach it.
    pub fn address(&self) -> SocketAddr {
        (self.loopback.ip, PORT).into()
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::{film, wire::Leecher},
        *,
    };

    #[tokio::test]
    async fn two_seeders_serve_the_same_film_from_addresses_of_their_own() {
        let film = film::short();
        let tracker = Tracker::start().await;
        let torrent = Torrent::of_file(&film, 64 * 1024, &[&tracker.url()]);
        let folder = film.parent().unwrap();
        let start = || TransmissionSeeder::start(&torrent, folder, &tracker);
        let (first, second) = tokio::join!(start(), start());
        assert_ne!(first.address(), second.address());

        let content = fs::read(&film).unwrap();
        let here = LoopbackAddress::allot();
        let fetch = async |seeder: &TransmissionSeeder| {
            let from = (here.ip, 0).into();
            let mut leecher = Leecher::connect_from(from, seeder.address(), torrent.info_hash).await.unwrap();
            leecher.unchoked().await.unwrap();
            assert_eq!(leecher.block(1, 16 * 1024, 1000).await.unwrap(), content[80 * 1024..][..1000]);
        };
        tokio::join!(fetch(&first), fetch(&second));
    }
}
