//! The command line, run as its owner runs it: what it prints, and how it exits.

use crate::support::daemon::Daemon;
use std::{
    io::Write,
    os::unix::fs::PermissionsExt,
    path::Path,
    process::{Command, Output, Stdio},
};
use tempfile::TempDir;

const PASSWORD: &str = "correct horse battery staple";

fn run(data: &TempDir, arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_miauflix"))
        .args(arguments)
        .env("MIAUFLIX_DATA__DIR", data.path())
        .env("MIAUFLIX_SERVER__LISTEN", "127.0.0.1:9")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

#[track_caller]
fn succeeds(data: &TempDir, arguments: &[&str], input: &str) -> String {
    let output = run(data, arguments, input);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[track_caller]
fn fails(data: &TempDir, arguments: &[&str], code: i32) -> String {
    let output = run(data, arguments, "");
    assert_eq!(output.status.code(), Some(code), "{arguments:?}");
    String::from_utf8(output.stderr).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_made_on_the_command_line_signs_in() {
    let data = TempDir::new().unwrap();
    succeeds(&data, &["user", "add", "ada", "--role", "admin"], PASSWORD);
    assert!(succeeds(&data, &["user", "list"], "").contains("ada"));
    assert!(fails(&data, &["user", "add", "Not a name!"], 1).contains("miauflix: "));
    let daemon = Daemon::start(&data).await;
    let mut client = daemon.client();
    client.sign_in("ada").await;
    // While the daemon runs, too.
    succeeds(&data, &["user", "add", "bob"], PASSWORD);
    client.sign_in("bob").await;
    daemon.kill().await;
}

#[test]
fn a_backup_brings_back_what_was_there() {
    let data = TempDir::new().unwrap();
    let backup = data.path().join("kept.db");
    let backup = backup.to_str().unwrap();
    succeeds(&data, &["user", "add", "ada"], PASSWORD);
    succeeds(&data, &["backup", "create", backup], "");
    assert!(fails(&data, &["backup", "create", backup], 2).contains("exists already"));
    succeeds(&data, &["backup", "verify", backup], "");
    succeeds(&data, &["user", "add", "bob"], PASSWORD);
    succeeds(&data, &["backup", "restore", backup], "");
    let users = succeeds(&data, &["user", "list"], "");
    assert!(users.contains("ada") && !users.contains("bob"), "{users}");
    let mode = std::fs::metadata(backup).unwrap().permissions().mode();
    assert_eq!(mode & 0o077, 0, "a backup holds password hashes: {mode:o}");

    // What a backup is for most of all.
    std::fs::write(data.path().join("miauflix.db"), "a damaged database").unwrap();
    fails(&data, &["user", "list"], 1);
    succeeds(&data, &["backup", "restore", backup], "");
    assert!(succeeds(&data, &["user", "list"], "").contains("ada"));

    let damaged = data.path().join("damaged.db");
    std::fs::write(&damaged, "this is no database, but it is long enough to be taken for one".repeat(99)).unwrap();
    let damaged = damaged.to_str().unwrap();
    assert!(fails(&data, &["backup", "verify", damaged], 1).contains("not a database"));
    fails(&data, &["backup", "restore", damaged], 1);
    assert!(succeeds(&data, &["user", "list"], "").contains("ada"), "a failed restore changes nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_restored_under_a_running_daemon_and_no_second_one_starts() {
    let data = TempDir::new().unwrap();
    let daemon = Daemon::start(&data).await;
    let backup = data.path().join("kept.db");
    succeeds(&data, &["backup", "create", backup.to_str().unwrap()], "");
    assert!(fails(&data, &["backup", "restore", backup.to_str().unwrap()], 1).contains("another miauflix uses"));
    assert!(fails(&data, &["serve"], 1).contains("another miauflix uses"));
    daemon.kill().await;
}

#[test]
fn an_address_in_use_is_named_with_the_setting_to_change() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let data = TempDir::new().unwrap();
    let file = data.path().join("config.toml");
    std::fs::write(&file, "[torrents]\ndht = false\n").unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_miauflix"))
        .args(["--config", file.to_str().unwrap()])
        .env("MIAUFLIX_DATA__DIR", data.path())
        .env("MIAUFLIX_SERVER__LISTEN", taken.local_addr().unwrap().to_string())
        .output()
        .unwrap();
    let complaint = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{complaint}");
    assert_eq!(complaint.matches("is in use").count(), 1, "{complaint}");
    assert!(complaint.contains("`server.listen`"), "{complaint}");
}

#[test]
fn the_configuration_and_torrents_are_judged_without_a_daemon() {
    let data = TempDir::new().unwrap();
    let torrent = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/playback-check.torrent");
    let verdict = succeeds(&data, &["torrent", "check", torrent.to_str().unwrap()], "");
    assert!(verdict.contains("\"verdict\":\"accepted\""), "{verdict}");
    assert!(succeeds(&data, &["config", "check"], "").contains("[server]"));

    let file = data.path().join("config.toml");
    std::fs::write(&file, "[server]\nlistne = \"127.0.0.1:1\"\n").unwrap();
    let complaint = fails(&data, &["--config", file.to_str().unwrap(), "config", "check"], 2);
    assert!(complaint.contains("did you mean `listen`?"), "{complaint}");
    assert!(fails(&data, &["healthcheck"], 1).contains("does not answer"));
    assert!(fails(&data, &["frobnicate"], 2).contains("Usage"));
}
