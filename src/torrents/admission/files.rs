//! The files of a torrent (BEP 3, BEP 47): how many, how long, and under which names.

use super::{AdmissionLimits, FILES_MAX, PATH_MAX_BYTES, PATH_MAX_DEPTH, Rejection, TorrentFile};
use crate::domain::foreign_name::{self, NameFlaw};
use librqbit::{ByteBuf, TorrentMetaV1Info};
use std::{borrow::Cow, collections::HashSet};

/// A file as the torrent gives it.
pub(super) struct Entry<'a> {
    path: &'a [ByteBuf<'a>],
    len_bytes: u64,
    is_padding: bool,
    is_symlink: bool,
}

impl<'a> Entry<'a> {
    fn new(path: &'a [ByteBuf<'a>], len_bytes: u64, attr: Option<&'a ByteBuf<'a>>, has_target: bool) -> Self {
        let has = |letter| attr.is_some_and(|attr| attr.as_ref().contains(&letter));
        Self { path, len_bytes, is_padding: has(b'p'), is_symlink: has(b'l') || has_target }
    }
}

/// The torrent's one file, or its list of files.
pub(super) fn entries<'a>(info: &'a TorrentMetaV1Info<ByteBuf<'a>>) -> Result<Vec<Entry<'a>>, Rejection> {
    match (info.length, &info.files) {
        (Some(length), None) => {
            Ok(vec![Entry::new(info.name.as_slice(), length, info.attr.as_ref(), info.symlink_path.is_some())])
        }
        (None, Some(files)) if files.is_empty() => Err(Rejection::NoFiles),
        (None, Some(files)) if files.len() > FILES_MAX => Err(Rejection::TooManyFiles),
        (None, Some(files)) => Ok(files
            .iter()
            .map(|file| Entry::new(&file.path, file.length, file.attr.as_ref(), file.symlink_path.is_some()))
            .collect()),
        (None, None) => Err(Rejection::NoFiles),
        (Some(_), Some(_)) => Err(Rejection::Malformed("it has both one file and a list of files")),
    }
}

/// The sum of all lengths.
pub(super) fn total_bytes(entries: &[Entry<'_>], limits: &AdmissionLimits) -> Result<u64, Rejection> {
    match entries.iter().try_fold(0u64, |sum, entry| sum.checked_add(entry.len_bytes)) {
        Some(0) => Err(Rejection::ZeroLength),
        Some(total) if total <= limits.max_total_bytes => Ok(total),
        _ => Err(Rejection::TotalTooLarge { max_total_bytes: limits.max_total_bytes }),
    }
}

/// Checks every file, padding too, and lists those that hold something. Names may differ in case alone: nothing is
/// ever stored under them.
pub(super) fn check<'a>(
    entries: &'a [Entry<'a>],
    decode: impl Fn(&'a [u8]) -> Cow<'a, str>,
) -> Result<Vec<TorrentFile>, Rejection> {
    let mut files = Vec::new();
    let mut seen = HashSet::new();
    for (entry, index) in entries.iter().zip(0u32..) {
        let file = index as usize + 1;
        if entry.is_symlink {
            return Err(Rejection::Symlink { file });
        }
        if entry.path.is_empty() {
            return Err(Rejection::FileName { file, flaw: NameFlaw::Empty });
        }
        if entry.path.len() > PATH_MAX_DEPTH {
            return Err(Rejection::PathTooLong { file });
        }
        let path: Vec<Cow<'_, str>> = entry.path.iter().map(|component| decode(component.as_ref())).collect();
        if let Some(flaw) = path.iter().find_map(|component| NameFlaw::of(component)) {
            return Err(Rejection::FileName { file, flaw });
        }
        let joined = path.join("/");
        if joined.len() > PATH_MAX_BYTES {
            return Err(Rejection::PathTooLong { file });
        }
        if entry.is_padding {
            continue;
        }
        if !seen.insert(joined) {
            return Err(Rejection::DuplicateName { file });
        }
        let shown: Vec<String> = path.iter().map(|component| foreign_name::clean(component)).collect();
        files.push(TorrentFile { index, path: shown.join("/"), len_bytes: entry.len_bytes });
    }
    Ok(files)
}
