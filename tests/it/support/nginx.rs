//! nginx serving a folder: a web server that is not ours, to compare byte ranges with and to stand in for remote sites.

use super::{eventually::eventually, loopback::LoopbackAddress, process::Process};
use std::{fs, path::Path};

const PORT: u16 = 8080;

/// A running nginx. Dropping it kills it.
pub struct Nginx {
    loopback: LoopbackAddress,
    process: Process,
}

impl Nginx {
    /// Serves the files of `folder`; returns once it answers.
    pub async fn start(folder: &Path) -> Self {
        let loopback = LoopbackAddress::allot();
        let mut process = Process::start("nginx", |command, home| {
            let configuration = home.join("nginx.conf");
            fs::write(&configuration, configured(home, folder, &loopback)).unwrap();
            command.arg("-p").arg(home).arg("-c").arg(configuration).args(["-e", "error.log"]);
        });
        // It listens a moment before it answers.
        eventually("nginx to answer", async || {
            process.assert_running();
            reqwest::get(format!("http://{}:{PORT}/", loopback.ip)).await.ok().map(drop)
        })
        .await;
        Self { loopback, process }
    }

    /// Its process, to see what it costs.
    #[allow(dead_code, reason = "only the bench asks")]
    pub fn pid(&self) -> u32 {
        self.process.pid()
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}:{PORT}/{path}", self.loopback.ip)
    }
}

/// One process without a master, so killing it by its id leaves nothing behind.
fn configured(home: &Path, folder: &Path, loopback: &LoopbackAddress) -> String {
    let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .iter()
        .map(|kind| format!("{kind}_temp_path {}/{kind};\n", home.display()))
        .collect();
    format!(
        "daemon off; master_process off; pid {home}/pid; error_log {home}/error.log;
         events {{ worker_connections 256; }}
         http {{ access_log off; sendfile on; default_type application/octet-stream; types {{ video/mp4 mp4; }}
           {temporary}
           server {{ listen {ip}:{PORT}; root \"{folder}\"; }} }}",
        home = home.display(),
        ip = loopback.ip,
        folder = folder.display(),
    )
}

#[tokio::test]
async fn nginx_answers_byte_ranges_of_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    // The test may run as root, whose nginx reads as another user only with a master; the folder is private to its owner.
    fs::write(folder.path().join("digits.mp4"), b"0123456789").unwrap();
    let nginx = Nginx::start(folder.path()).await;
    let request = reqwest::Client::new().get(nginx.url("digits.mp4")).header("range", "bytes=2-4");
    let answer = request.send().await.unwrap();
    assert_eq!(answer.status(), 206);
    assert_eq!(answer.headers()["content-type"], "video/mp4");
    assert_eq!(answer.bytes().await.unwrap(), "234");
}
