//! The real binary as a process of its own, for what only a process can show: signals and sudden death.

use super::app::Client;
use std::{
    process::Stdio,
    time::{Duration, Instant},
};
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, BufReader, Lines},
    process::{Child, ChildStdout, Command},
};

/// A daemon started from its binary; killed when dropped.
pub struct Daemon {
    child: Child,
    stdout: Lines<BufReader<ChildStdout>>,
    pub url: String,
    /// From exec to the line that says it is ready.
    pub start_up: Duration,
}

impl Daemon {
    /// Starts on `data` and waits until it says that it is ready.
    pub async fn start(data: &TempDir) -> Self {
        Self::start_with(data, &[("MIAUFLIX_LOG__LEVEL", "info")], Stdio::inherit()).await
    }

    /// As `start`, with more settings, by the names of their environment variables, and the log going to `log`.
    pub async fn start_with(data: &TempDir, settings: &[(&str, &str)], log: Stdio) -> Self {
        let started = Instant::now();
        let mut child = Command::new(env!("CARGO_BIN_EXE_miauflix"))
            .env("MIAUFLIX_DATA__DIR", data.path())
            .env("MIAUFLIX_SERVER__LISTEN", "127.0.0.1:0")
            .env("MIAUFLIX_TORRENTS__DHT", "false")
            .env("MIAUFLIX_TORRENTS__FREE_SPACE_RESERVE_GIB", "0")
            .envs(settings.iter().copied())
            .stdout(Stdio::piped())
            .stderr(log)
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap()).lines();
        let line = stdout.next_line().await.unwrap().expect("the daemon says where it listens");
        let url = line.strip_prefix("Miauflix is ready at ").unwrap_or_else(|| panic!("{line}")).to_owned();
        Self { child, stdout, url, start_up: started.elapsed() }
    }

    pub fn client(&self) -> Client {
        Client::new(self.url.clone())
    }

    /// The token in the address that the first start prints.
    pub async fn setup_token(&mut self) -> String {
        let line = self.stdout.next_line().await.unwrap().unwrap();
        line.split_once("#token=").unwrap_or_else(|| panic!("{line}")).1.to_owned()
    }

    pub fn pid(&self) -> u32 {
        self.child.id().unwrap()
    }

    /// SIGKILL: no warning, no clean-up.
    pub async fn kill(mut self) {
        self.child.kill().await.unwrap();
    }

    /// Sends a signal by name, such as `TERM`.
    pub async fn signal(&self, name: &str) {
        let status = Command::new("kill").arg(format!("-{name}")).arg(self.pid().to_string()).status().await.unwrap();
        assert!(status.success());
    }

    /// Waits for the end; the exit code and how long it took.
    pub async fn ended(mut self) -> (Option<i32>, Duration) {
        let asked = Instant::now();
        let status = tokio::time::timeout(Duration::from_secs(20), self.child.wait()).await.unwrap().unwrap();
        (status.code(), asked.elapsed())
    }
}
