//! `torrent check FILE…`: the verdict of admission on each file, one JSON object a line.

use crate::{
    domain::playable,
    torrents::admission::{AdmissionLimits, AdmittedTorrent, METAINFO_MAX_BYTES, Rejection, admit},
};
use bytes::Bytes;
use serde::Serialize;
use std::{
    ffi::OsStr,
    fs::File,
    io::{self, Read, Write},
    path::PathBuf,
    process::ExitCode,
};

/// All torrents were accepted.
pub const ACCEPTED: u8 = 0;
/// At least one was rejected.
pub const REJECTED: u8 = 1;
/// At least one could not be read, or the output not be written.
pub const UNREADABLE: u8 = 2;

/// What the command line says.
#[derive(Clone, Debug, clap::Args)]
pub struct TorrentCheck {
    /// .torrent files; - is standard input
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
}

impl TorrentCheck {
    /// Checks the files in their order, with standard input and output.
    pub fn run(&self, limits: &AdmissionLimits) -> ExitCode {
        self.check(limits, &mut io::stdin().lock(), &mut io::stdout().lock(), &mut io::stderr().lock()).into()
    }

    /// Checks the files in their order and answers [`ACCEPTED`], [`REJECTED`] or [`UNREADABLE`], the gravest of them.
    /// Verdicts go to `output`, and what could not be read to `errors`.
    pub fn check(
        &self,
        limits: &AdmissionLimits,
        stdin: &mut dyn Read,
        output: &mut dyn Write,
        errors: &mut dyn Write,
    ) -> u8 {
        let mut code = ACCEPTED;
        for path in &self.files {
            let read =
                if path.as_os_str() == OsStr::new("-") { read(&mut *stdin) } else { File::open(path).and_then(read) };
            let verdict = read.and_then(|metainfo| {
                let verdict = admit(metainfo, &[], limits);
                write_line(output, &path.to_string_lossy(), &verdict)?;
                Ok(verdict)
            });
            code = code.max(match verdict {
                Ok(Ok(_)) => ACCEPTED,
                Ok(Err(_)) => REJECTED,
                Err(error) => {
                    // Where even this cannot be written, the exit code says it.
                    let _ = writeln!(errors, "error: {}: {error}", path.display());
                    UNREADABLE
                }
            });
        }
        code
    }
}

/// Reads as much as could pass, and one byte more to tell that there is too much.
fn read(source: impl Read) -> io::Result<Bytes> {
    let mut metainfo = Vec::new();
    source.take(METAINFO_MAX_BYTES as u64 + 1).read_to_end(&mut metainfo)?;
    Ok(metainfo.into())
}

/// One line of output. What only an accepted torrent has is null for a rejected one.
#[derive(Serialize)]
struct Line<'a> {
    file: &'a str,
    verdict: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'static str>,
    info_hash: Option<String>,
    name: Option<&'a str>,
    total_bytes: Option<u64>,
    piece_length_bytes: Option<u32>,
    /// How many, without padding.
    files: Option<usize>,
    film: Option<Film<'a>>,
}

#[derive(Serialize)]
struct Film<'a> {
    index: u32,
    path: &'a str,
    len_bytes: u64,
    mime_type: Option<&'static str>,
}

fn write_line(output: &mut dyn Write, file: &str, verdict: &Result<AdmittedTorrent, Rejection>) -> io::Result<()> {
    let (torrent, rejection) = (verdict.as_ref().ok(), verdict.as_ref().err());
    let line = Line {
        file,
        verdict: if torrent.is_some() { "accepted" } else { "rejected" },
        reason: rejection.map(ToString::to_string),
        code: rejection.map(Rejection::code),
        info_hash: torrent.map(|torrent| torrent.info_hash.to_string()),
        name: torrent.map(|torrent| torrent.name.as_str()),
        total_bytes: torrent.map(|torrent| torrent.total_bytes),
        piece_length_bytes: torrent.map(|torrent| torrent.piece_length_bytes),
        files: torrent.map(|torrent| torrent.files.len()),
        film: torrent.and_then(|torrent| torrent.files.iter().find(|file| file.index == torrent.film)).map(|film| {
            Film {
                index: film.index,
                path: &film.path,
                len_bytes: film.len_bytes,
                mime_type: playable::mime_type(&film.path),
            }
        }),
    };
    serde_json::to_writer(&mut *output, &line)?;
    output.write_all(b"\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    const GOOD: &[u8] = b"d4:infod6:lengthi5e4:name5:a.mkv12:piece lengthi16384e6:pieces20:aaaaaaaaaaaaaaaaaaaaee";
    const BAD: &[u8] = b"d4:infod6:lengthi5e4:name2:..12:piece lengthi16384e6:pieces20:aaaaaaaaaaaaaaaaaaaaee";

    fn check(files: Vec<PathBuf>, mut stdin: &[u8]) -> (u8, Vec<Value>, String) {
        let (mut output, mut errors) = (Vec::new(), Vec::new());
        let code = TorrentCheck { files }.check(&AdmissionLimits::default(), &mut stdin, &mut output, &mut errors);
        let lines = str::from_utf8(&output).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        (code, lines, String::from_utf8(errors).unwrap())
    }

    #[test]
    fn an_accepted_torrent_is_described() {
        let (code, lines, _) = check(vec!["-".into()], GOOD);
        assert_eq!(code, ACCEPTED);
        assert_eq!(
            lines,
            [json!({
                "file": "-",
                "verdict": "accepted",
                "info_hash": "b22cc3b59185b9fdde1fefd93f155f3bbb833b76",
                "name": "a.mkv",
                "total_bytes": 5,
                "piece_length_bytes": 16384,
                "files": 1,
                "film": {"index": 0, "path": "a.mkv", "len_bytes": 5, "mime_type": "video/x-matroska"},
            })]
        );
    }

    #[test]
    fn every_file_gets_its_line_and_a_rejection_its_reason() {
        let directory = tempfile::tempdir().unwrap();
        let paths: Vec<PathBuf> = ["good.torrent", "bad.torrent"].map(|name| directory.path().join(name)).into();
        std::fs::write(&paths[0], GOOD).unwrap();
        std::fs::write(&paths[1], BAD).unwrap();
        let (code, lines, errors) = check(paths, b"");
        assert_eq!((code, errors.as_str()), (REJECTED, ""));
        let verdicts: Vec<_> = lines.iter().map(|line| (&line["verdict"], &line["code"], &line["reason"])).collect();
        assert_eq!(
            verdicts,
            [
                (&json!("accepted"), &Value::Null, &Value::Null),
                (
                    &json!("rejected"),
                    &json!("name_traversal"),
                    &json!("The torrent's name points to its own or to a parent directory.")
                ),
            ]
        );
    }

    #[test]
    fn an_unreadable_file_is_an_error_and_the_others_are_checked_still() {
        let (code, lines, errors) = check(vec!["/nowhere/x.torrent".into(), "-".into()], BAD);
        assert_eq!((code, lines.len()), (UNREADABLE, 1));
        assert!(errors.starts_with("error: /nowhere/x.torrent: "), "{errors}");
    }

    #[test]
    fn endless_input_is_read_no_further_than_needed() {
        let (mut output, mut errors) = (Vec::new(), Vec::new());
        let check = TorrentCheck { files: vec!["-".into()] };
        let code = check.check(&AdmissionLimits::default(), &mut io::repeat(b'l'), &mut output, &mut errors);
        assert_eq!(code, REJECTED);
        assert!(str::from_utf8(&output).unwrap().contains("metainfo_too_large"));
    }
}
