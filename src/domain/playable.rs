//! Which of a torrent's files is the film, and what kind of video a file is.

/// A file that might be the film.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate<'a> {
    pub index: u32,
    /// Relative to the torrent, components separated by `/`.
    pub path: &'a str,
    pub len_bytes: u64,
}

/// Words in a path that tell of something other than the film.
const EXTRAS: [&str; 14] = [
    "sample",
    "samples",
    "trailer",
    "trailers",
    "teaser",
    "extra",
    "extras",
    "featurette",
    "featurettes",
    "bonus",
    "deleted scenes",
    "behind the scenes",
    "making of",
    "proof",
];

/// Chooses the file to play: the largest video that is no sample, trailer or other extra, and of a film in several
/// parts the first. Extras count again when there is nothing else, or when what else there is comes to less than a
/// tenth of their size (a film may well be called "The Sample"). Among equals the lowest index wins. `None` without
/// a video that has bytes.
pub fn film<'a>(files: impl IntoIterator<Item = Candidate<'a>>) -> Option<u32> {
    let videos: Vec<Candidate<'_>> =
        files.into_iter().filter(|file| file.len_bytes > 0 && mime_type(file.path).is_some()).collect();
    let largest = largest(videos.iter())?;
    let feature = self::largest(videos.iter().filter(|video| !is_extra(video.path)))
        .filter(|feature| feature.len_bytes >= largest.len_bytes / 10)
        .unwrap_or(largest);
    let first = match part(feature.path) {
        None => feature,
        Some((work, _)) => videos
            .iter()
            .filter_map(|video| part(video.path).filter(|(other, _)| *other == work).map(|(_, number)| (number, video)))
            .min_by_key(|(number, video)| (*number, video.index))
            .map_or(feature, |(_, video)| video),
    };
    Some(first.index)
}

/// The media type by which a video file is served, told by its extension; `None` if it is no video.
pub fn mime_type(path: &str) -> Option<&'static str> {
    let (_, extension) = path.rsplit_once('.')?;
    Some(match extension.to_ascii_lowercase().as_str() {
        "mp4" | "m4v" => "video/mp4",
        "mkv" => "video/x-matroska",
        "webm" => "video/webm",
        "mov" => "video/quicktime",
        "avi" | "divx" => "video/x-msvideo",
        "mpg" | "mpeg" => "video/mpeg",
        "ts" | "m2ts" | "mts" => "video/mp2t",
        "wmv" => "video/x-ms-wmv",
        "flv" => "video/x-flv",
        "ogv" => "video/ogg",
        "3gp" => "video/3gpp",
        _ => return None,
    })
}

fn largest<'f, 'a: 'f>(files: impl Iterator<Item = &'f Candidate<'a>>) -> Option<&'f Candidate<'a>> {
    files.max_by_key(|file| (file.len_bytes, std::cmp::Reverse(file.index)))
}

fn is_extra(path: &str) -> bool {
    let words = format!(" {} ", words(path).collect::<Vec<_>>().join(" "));
    EXTRAS.iter().any(|extra| words.contains(&format!(" {extra} ")))
}

/// Words that announce a part's number.
const PART_MARKERS: [&str; 5] = ["cd", "part", "pt", "disc", "disk"];

/// The path without its part numbers (`CD1`, `part.2`, `Disc 3`), which is the same for all parts of one work, and the
/// first of these numbers.
fn part(path: &str) -> Option<(String, u32)> {
    let mut number = None;
    let mut rest: Vec<String> = Vec::new();
    for word in words(path) {
        if rest.last().is_some_and(|before| PART_MARKERS.contains(&before.as_str()))
            && let Some(found) = part_number(&word)
        {
            rest.pop();
            number = number.or(Some(found));
        } else if let Some(found) = PART_MARKERS.iter().find_map(|marker| part_number(word.strip_prefix(marker)?)) {
            number = number.or(Some(found));
        } else {
            rest.push(word);
        }
    }
    number.map(|number| (rest.join(" "), number))
}

fn part_number(digits: &str) -> Option<u32> {
    if digits.len() <= 2 { digits.parse().ok() } else { None }
}

/// The lower-case words and numbers of a path.
fn words(path: &str) -> impl Iterator<Item = String> {
    path.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIB: u64 = 1 << 20;

    fn film_of<'a>(files: &[(&'a str, u64)]) -> Option<&'a str> {
        let candidates = files.iter().zip(0..).map(|(&(path, len_bytes), index)| Candidate { index, path, len_bytes });
        film(candidates).map(|index| files[index as usize].0)
    }

    #[test]
    fn the_film_is_chosen() {
        for (files, film) in [
            (&[("Film.mkv", 700), ("Film.srt", 1), ("poster.jpg", 900)][..], "Film.mkv"),
            (&[("a.mp4", 5), ("b.MKV", 6)], "b.MKV"),
            (&[("b.mp4", 5), ("a.mp4", 5)], "b.mp4"),
            (&[("Sample/film.mkv", 90), ("film.mkv", 80)], "film.mkv"),
            (&[("film-trailer.mp4", 90), ("film.mp4", 80)], "film.mp4"),
            (&[("Behind.The.Scenes.mkv", 90), ("Extras/a.mkv", 95), ("film.mkv", 80)], "film.mkv"),
            (&[("Sampler.mkv", 90), ("film.mkv", 80)], "Sampler.mkv"),
            (&[("trailer.mp4", 5)], "trailer.mp4"),
            (&[("sample.mp4", 5), ("trailer.mp4", 6)], "trailer.mp4"),
            (&[("The.Sample.mkv", 900), ("ad.mp4", 5)], "The.Sample.mkv"),
            (&[("film.cd2.avi", 701), ("film.cd1.avi", 700)], "film.cd1.avi"),
            (&[("CD 2/film.avi", 701), ("CD 1/film.avi", 700), ("x.avi", 9)], "CD 1/film.avi"),
            (&[("Film Part.2.mkv", 701), ("Film Part.1.mkv", 600), ("Other Part 1.mkv", 5)], "Film Part.1.mkv"),
            (&[("film.part2.mkv", 701), ("film.part1.sample.mkv", 7)], "film.part2.mkv"),
            (&[("Part 2024.mkv", 701), ("Part 1999.mkv", 600)], "Part 2024.mkv"),
            (&[("empty.mkv", 0), ("film.webm", 1)], "film.webm"),
        ] {
            let files: Vec<_> = files.iter().map(|&(path, mebibytes)| (path, mebibytes * MIB)).collect();
            assert_eq!(film_of(&files), Some(film), "{files:?}");
        }
    }

    #[test]
    fn without_a_video_there_is_no_film() {
        for files in [&[][..], &[("a.iso", 5)], &[("mkv", 5)], &[("a.mkv", 0)], &[("a.mkv.exe", 9), ("readme", 1)]] {
            assert_eq!(film_of(files), None, "{files:?}");
        }
    }

    #[test]
    fn the_extension_tells_the_media_type() {
        for (path, mime) in [
            ("a/b.MP4", Some("video/mp4")),
            ("a.b.mkv", Some("video/x-matroska")),
            ("x.webm", Some("video/webm")),
            ("x.mkv/readme", None),
            ("x.txt", None),
            ("x", None),
        ] {
            assert_eq!(mime_type(path), mime, "{path}");
        }
    }
}
