//! Which of a file's encodings a client wants (RFC 9110 §12.5.3).

use axum::http::{HeaderMap, header::ACCEPT_ENCODING};

/// How a file is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    Brotli,
    Gzip,
    Identity,
}

impl Encoding {
    pub fn name(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Gzip => "gzip",
            Self::Identity => "identity",
        }
    }

    /// What a build adds to the name of the file.
    pub fn suffix(self) -> &'static str {
        match self {
            Self::Brotli => ".br",
            Self::Gzip => ".gz",
            Self::Identity => "",
        }
    }
}

/// The encodings the client takes, best first; the smallest first where it has no preference. Plain bytes are always
/// among them: an answer in them is better than none.
pub fn accepted(headers: &HeaderMap) -> Vec<Encoding> {
    let lines = headers.get_all(ACCEPT_ENCODING).iter().filter_map(|line| line.to_str().ok());
    let named: Vec<(&str, f32)> = lines.flat_map(|line| line.split(',')).map(weighted).collect();
    let weight_of = |encoding: Encoding| {
        let find = |name: &str| named.iter().find(|(found, _)| found.eq_ignore_ascii_case(name));
        let unnamed = if encoding == Encoding::Identity { f32::MIN_POSITIVE } else { 0.0 };
        find(encoding.name()).or_else(|| find("*")).map_or(unnamed, |&(_, weight)| weight)
    };
    let mut wanted: Vec<(Encoding, f32)> = [Encoding::Brotli, Encoding::Gzip, Encoding::Identity]
        .into_iter()
        .map(|encoding| (encoding, weight_of(encoding)))
        .filter(|&(encoding, weight)| weight > 0.0 || encoding == Encoding::Identity)
        .collect();
    wanted.sort_by(|(_, a), (_, b)| b.total_cmp(a));
    wanted.into_iter().map(|(encoding, _)| encoding).collect()
}

fn weighted(element: &str) -> (&str, f32) {
    let mut parts = element.split(';').map(str::trim);
    let name = parts.next().unwrap_or_default();
    let weight = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
    let weight = weight.map_or(1.0, |weight| weight.parse().unwrap_or(0.0));
    (name, if (0.0..=1.0).contains(&weight) { weight } else { 0.0 })
}

#[cfg(test)]
mod tests {
    use super::{Encoding::*, *};

    #[test]
    fn encodings_are_ordered_by_weight_and_then_by_size() {
        let cases: &[(&str, &[Encoding])] = &[
            ("gzip, deflate, br, zstd", &[Brotli, Gzip, Identity]),
            ("gzip, deflate", &[Gzip, Identity]),
            ("br;q=0.5, gzip;q=0.8", &[Gzip, Brotli, Identity]),
            ("br;q=0, gzip", &[Gzip, Identity]),
            ("identity, gzip;q=0.5", &[Identity, Gzip]),
            ("*", &[Brotli, Gzip, Identity]),
            ("*;q=0", &[Identity]),
            ("gzip;q=0, *", &[Brotli, Identity]),
            ("BR ; q=1.0", &[Brotli, Identity]),
            ("br;q=nan, gzip;q=2", &[Identity]),
            ("", &[Identity]),
        ];
        for (header, expected) in cases {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_ENCODING, header.parse().unwrap());
            assert_eq!(accepted(&headers), *expected, "{header}");
        }
    }
}
