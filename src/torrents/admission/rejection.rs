//! Why a torrent is not let in, in words for the user and a code for machines.

use super::{FILES_MAX, PATH_MAX_BYTES, PATH_MAX_DEPTH};
use crate::domain::foreign_name::NameFlaw;

/// What is wrong with a torrent. No text repeats what the torrent says: its names may be made to deceive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    #[error("The torrent file is larger than 10 MiB.")]
    MetainfoTooLarge,
    #[error("The torrent file is damaged: {0}.")]
    Malformed(&'static str),
    #[error("The torrent file is nested too deep to be a real one.")]
    TooDeep,
    #[error("The torrent file lists more entries than any real one.")]
    TooManyEntries,
    #[error("This is not a torrent file: it has no info dictionary.")]
    MissingInfo,
    #[error("This torrent is for BitTorrent v2 only. Use a v1 or a hybrid torrent.")]
    V2Only,
    #[error("The torrent lists no files.")]
    NoFiles,
    #[error("The torrent has more than {FILES_MAX} files.")]
    TooManyFiles,
    #[error("The torrent gives a file a negative length.")]
    NegativeLength,
    #[error("The torrent's files are all empty.")]
    ZeroLength,
    #[error("The torrent is larger than the {max_total_bytes} bytes that downloads may take up.")]
    TotalTooLarge { max_total_bytes: u64 },
    #[error("The torrent's pieces are smaller than 16 KiB or larger than 64 MiB.")]
    PieceLength,
    #[error("The torrent has not as many piece hashes as its files need.")]
    PieceCount,
    #[error("The torrent's name {0}.")]
    TorrentName(NameFlaw),
    #[error("The name of file number {file} in the torrent {flaw}.")]
    FileName { file: usize, flaw: NameFlaw },
    #[error(
        "File number {file} in the torrent lies more than {PATH_MAX_DEPTH} directories deep, or its path is longer than {PATH_MAX_BYTES} bytes."
    )]
    PathTooLong { file: usize },
    #[error("File number {file} in the torrent has the same name as another one.")]
    DuplicateName { file: usize },
    #[error("File number {file} in the torrent is a symbolic link.")]
    Symlink { file: usize },
    #[error("The torrent contains no film: none of its files is a video.")]
    NoFilm,
}

impl Rejection {
    /// A stable word for machines.
    pub fn code(&self) -> &'static str {
        match self {
            Self::MetainfoTooLarge => "metainfo_too_large",
            Self::Malformed(_) => "malformed",
            Self::TooDeep => "too_deep",
            Self::TooManyEntries => "too_many_entries",
            Self::MissingInfo => "missing_info",
            Self::V2Only => "v2_only",
            Self::NoFiles => "no_files",
            Self::TooManyFiles => "too_many_files",
            Self::NegativeLength => "negative_length",
            Self::ZeroLength => "zero_length",
            Self::TotalTooLarge { .. } => "total_too_large",
            Self::PieceLength => "piece_length",
            Self::PieceCount => "piece_count",
            Self::TorrentName(flaw) | Self::FileName { flaw, .. } => flaw.code(),
            Self::PathTooLong { .. } => "path_too_long",
            Self::DuplicateName { .. } => "name_duplicate",
            Self::Symlink { .. } => "symlink",
            Self::NoFilm => "no_film",
        }
    }
}
