//! An independent seeder: qBittorrent, on an address of its own, found by a tracker only.
//!
//! It answers requests as they come, where transmission does so twice a second: the seeder for films of some size.

use super::{
    eventually::eventually, loopback::LoopbackAddress, metainfo::Torrent, process::Process, tracker::Tracker,
    wire::has_everything,
};
use std::{fs, net::SocketAddr, path::Path, time::Duration};
use tokio::time::timeout;

const PORT: u16 = 51413;
const ANSWER_TIMEOUT: Duration = Duration::from_secs(1);

/// qBittorrent, seeding one torrent. Dropping it kills it.
pub struct QbittorrentSeeder {
    loopback: LoopbackAddress,
    process: Process,
}

impl QbittorrentSeeder {
    /// Seeds `torrent`, whose content lies in `folder` under the torrent's name. Returns once all of it can be had and
    /// the tracker knows.
    pub async fn start(torrent: &Torrent, folder: &Path, tracker: &Tracker) -> Self {
        let mut this = Self::launch(torrent, folder, &["--skip-hash-check"]);
        let address = this.address();
        eventually("qBittorrent to seed", async || {
            this.process.assert_running();
            timeout(ANSWER_TIMEOUT, has_everything(address, torrent)).await.ok()?.then_some(())
        })
        .await;
        tracker.introduce(torrent.info_hash, address);
        this
    }

    /// Downloads `torrent` to `folder` from whom its trackers know.
    pub fn leech(torrent: &Torrent, folder: &Path) -> Self {
        Self::launch(torrent, folder, &[])
    }

    /// Returns once it has all of `torrent`.
    pub async fn completed(&self, torrent: &Torrent) {
        eventually("qBittorrent to have everything", async || {
            timeout(ANSWER_TIMEOUT, has_everything(self.address(), torrent)).await.ok()?.then_some(())
        })
        .await;
    }

    fn address(&self) -> SocketAddr {
        SocketAddr::from((self.loopback.ip, PORT))
    }

    fn launch(torrent: &Torrent, folder: &Path, options: &[&str]) -> Self {
        let loopback = LoopbackAddress::allot();
        let process = Process::start("qbittorrent-nox", |command, home| {
            let config = home.join("qBittorrent/config");
            fs::create_dir_all(&config).unwrap();
            fs::write(config.join("qBittorrent.conf"), configured(&loopback)).unwrap();
            let metainfo = home.join("film.torrent");
            fs::write(&metainfo, &torrent.bytes).unwrap();
            command.arg(format!("--profile={}", home.display()));
            command.arg(format!("--save-path={}", folder.display())).args(options).arg(metainfo);
        });
        Self { loopback, process }
    }
}

/// Nothing but the tracker may lead peers here, and nothing may leave this machine.
fn configured(loopback: &LoopbackAddress) -> String {
    format!(
        "[LegalNotice]
Accepted=true
[BitTorrent]
Session\\BTProtocol=TCP
Session\\DHTEnabled=false
Session\\Interface=lo
Session\\InterfaceAddress={ip}
Session\\LSDEnabled=false
Session\\PeXEnabled=false
Session\\Port={PORT}
[Network]
PortForwardingEnabled=false
[Preferences]
Connection\\ResolvePeerCountries=false
WebUI\\Address={ip}
WebUI\\UPnP=false
",
        ip = loopback.ip
    )
}
