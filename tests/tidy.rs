//! The layer rules of `src/lib.rs`, held by a test: who may name whom, and how files are shaped.

use std::{
    fs,
    path::{Path, PathBuf},
};

const LONGEST_FILE: usize = 600;

struct Source {
    path: String,
    text: String,
}

impl Source {
    fn is_test(&self) -> bool {
        self.path.ends_with("/tests.rs") || self.path.contains("/tests/")
    }

    /// The code without its unit tests and comments.
    fn code(&self) -> impl Iterator<Item = &str> {
        let code =
            if self.is_test() { "" } else { self.text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default() };
        code.lines().filter(|line| !line.trim_start().starts_with("//"))
    }

    fn is_in(&self, module: &str) -> bool {
        self.path == format!("src/{module}.rs") || self.path.starts_with(&format!("src/{module}/"))
    }
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    collect(&root.join("src"), &mut files);
    let read = |path: PathBuf| Source {
        text: fs::read_to_string(&path).unwrap(),
        path: path.strip_prefix(root).unwrap().to_string_lossy().into_owned(),
    };
    let sources: Vec<Source> = files.into_iter().map(read).collect();
    assert!(sources.len() > 50, "the walk over src found only {} files", sources.len());
    sources
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

/// Fails with every place outside `allowed` whose code names one of `words`.
fn only_in(allowed: &[&str], words: &[&str]) {
    let mut found = Vec::new();
    for source in sources().iter().filter(|source| !allowed.iter().any(|module| source.is_in(module))) {
        for line in source.code().filter(|line| words.iter().any(|word| line.contains(word))) {
            found.push(format!("{}: {}", source.path, line.trim()));
        }
    }
    assert!(found.is_empty(), "only {allowed:?} may name {words:?}:\n{}", found.join("\n"));
}

/// Fails with every place in `module` whose code names one of `words`.
fn never_in(module: &str, words: &[&str]) {
    let mut found = Vec::new();
    for source in sources().iter().filter(|source| source.is_in(module)) {
        for line in source.code().filter(|line| words.iter().any(|word| line.contains(word))) {
            found.push(format!("{}: {}", source.path, line.trim()));
        }
    }
    assert!(found.is_empty(), "{module} may not name {words:?}:\n{}", found.join("\n"));
}

#[test]
fn the_domain_does_no_io_and_knows_no_framework() {
    never_in(
        "domain",
        &[
            "tokio",
            "ractor",
            "axum",
            "rusqlite",
            "librqbit",
            "std::fs",
            "std::net::Tcp",
            "crate::store",
            "crate::gateway",
            "SystemTime",
        ],
    );
}

#[test]
fn only_the_gateway_knows_http_and_json() {
    only_in(&["gateway"], &["axum", "hyper"]);
    // Remote services answer JSON, the audit log keeps what it knows of an entry as JSON, and the wiring reports that the
    // API could not be described.
    only_in(&["gateway", "adapters", "cli", "audit", "app"], &["serde_json"]);
}

#[test]
fn only_adapters_and_admission_know_the_torrent_engine() {
    only_in(&["adapters", "torrents/admission"], &["librqbit::", "use librqbit"]);
}

#[test]
fn only_the_wiring_knows_the_adapters() {
    only_in(&["adapters", "app", "cli"], &["crate::adapters", "adapters::"]);
}

#[test]
fn sql_lives_in_the_stores_of_its_concerns() {
    let is_store =
        |path: &str| path.starts_with("src/store") || path.ends_with("/store.rs") || path.contains("/store/");
    let mut found = Vec::new();
    for source in sources().iter().filter(|source| !is_store(&source.path)) {
        let statements = ["\"SELECT ", "\"INSERT ", "\"UPDATE ", "\"DELETE FROM ", "prepare_cached("];
        for line in source.code().filter(|line| statements.iter().any(|statement| line.contains(statement))) {
            found.push(format!("{}: {}", source.path, line.trim()));
        }
    }
    assert!(found.is_empty(), "SQL outside a store:\n{}", found.join("\n"));
}

#[test]
fn nobody_outside_supervision_names_actors_globally_or_ticks() {
    only_in(&["supervision"], &["spawn_linked(Some", "ractor::registry", "ractor::pg"]);
    only_in(&[], &["send_interval"]);
}

#[test]
fn concerns_never_know_the_gateway() {
    for module in [
        "auth",
        "audit",
        "catalog",
        "images",
        "lists",
        "progress",
        "playback",
        "torrents",
        "trakt",
        "adapters",
        "supervision",
        "store",
    ] {
        never_in(module, &["crate::gateway"]);
    }
}

#[test]
fn nothing_panics_on_purpose_outside_tests() {
    let sources = sources();
    let panics = ["panic!(", "todo!(", "unimplemented!(", "unreachable!(", ".unwrap()", ".expect("];
    let mut found = Vec::new();
    for source in &sources {
        // In a constant, the compiler is the one that panics.
        let running = source.code().filter(|line| !line.trim_start().starts_with("const "));
        for line in running.filter(|line| panics.iter().any(|panic| line.contains(panic))) {
            found.push(format!("{}: {}", source.path, line.trim()));
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn every_file_opens_by_saying_what_it_is_and_stays_readable() {
    let mut found = Vec::new();
    for source in sources() {
        let lines = source.text.lines().count();
        if !source.is_test() && !source.text.starts_with("//!") {
            found.push(format!("{}: does not open with `//!`", source.path));
        }
        if source.path.ends_with("/mod.rs") {
            found.push(format!("{}: is a mod.rs", source.path));
        }
        if lines > LONGEST_FILE {
            found.push(format!("{}: {lines} lines; has it one subject?", source.path));
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}
