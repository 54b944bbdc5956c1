//! A program started by a test: its own folder and log, killed by its id when the test is done with it.

use std::{
    fs::{self, File},
    path::Path,
    process::{Child, Command, Stdio},
};
use tempfile::TempDir;

/// A running program. Dropping it kills it and removes its folder.
pub struct Process {
    name: &'static str,
    child: Child,
    folder: TempDir,
}

impl Process {
    /// Starts `program` with what `prepare` adds, in an empty folder of its own.
    pub fn start(program: &'static str, prepare: impl FnOnce(&mut Command, &Path)) -> Self {
        let folder = tempfile::Builder::new().prefix(&format!("miauflix-{program}-")).tempdir().unwrap();
        let log = File::create(folder.path().join("log")).unwrap();
        // Debian keeps daemons where a user's PATH doesn't look.
        let path = std::env::var("PATH").unwrap_or_default() + ":/usr/local/sbin:/usr/sbin";
        let mut command = Command::new("env");
        command.arg(format!("PATH={path}")).arg(program);
        prepare(&mut command, folder.path());
        let child = command
            .env("HOME", folder.path())
            .current_dir(folder.path())
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap_or_else(|error| panic!("{program} can't be started ({error}): run scripts/test-deps"));
        Self { name: program, child, folder }
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Fails the test with the program's log if it has ended.
    pub fn assert_running(&mut self) {
        if let Some(status) = self.child.try_wait().unwrap() {
            let log = fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
            panic!("{} ended ({status}); scripts/test-deps installs it if it is missing. Its log:\n{log}", self.name);
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended by itself, which is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn dropping_a_process_ends_it_and_removes_its_folder() {
    let mut process = Process::start("sleep", |command, _| {
        command.arg("600");
    });
    process.assert_running();
    let folder = process.folder.path().to_owned();
    let id = process.child.id();
    drop(process);
    assert!(!folder.exists());
    assert!(!Path::new(&format!("/proc/{id}")).exists());
}
