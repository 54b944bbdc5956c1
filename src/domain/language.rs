//! Languages of titles and texts.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// A language (ISO 639), and perhaps a country (ISO 3166-1): `en`, `pt-BR`. A language tag (RFC 5646) of these two parts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Language(String);

/// The text names no language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no language such as \"en\" or \"pt-BR\"")]
pub struct NoLanguage;

/// Countries whose people read other titles than those of the country that the language is named after.
const OWN_TITLES: [&str; 5] = ["pt-BR", "es-MX", "zh-TW", "zh-HK", "fr-CA"];
/// Languages that a request is asked for at most.
const MAX_ACCEPTED: usize = 8;

impl Default for Language {
    fn default() -> Self {
        Self("en".to_owned())
    }
}

impl TryFrom<String> for Language {
    type Error = NoLanguage;

    fn try_from(text: String) -> Result<Self, NoLanguage> {
        text.parse()
    }
}

impl From<Language> for String {
    fn from(language: Language) -> Self {
        language.0
    }
}

impl FromStr for Language {
    type Err = NoLanguage;

    /// Takes `pt-br`, too, and leaves out scripts: `zh-Hant-TW` is `zh-TW`.
    fn from_str(text: &str) -> Result<Self, NoLanguage> {
        let mut parts = text.trim().split('-');
        let code = parts.next().filter(|code| is_code(code, 2..=3)).ok_or(NoLanguage)?.to_ascii_lowercase();
        let rest: Vec<&str> = parts.collect();
        let is_part = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if rest.len() > 3 || !rest.iter().all(is_part) {
            return Err(NoLanguage);
        }
        let country = rest.iter().find(|part| is_code(part, 2..=2)).map(|country| country.to_ascii_uppercase());
        Ok(Self(country.map_or_else(|| code.clone(), |country| format!("{code}-{country}"))))
    }
}

fn is_code(text: &str, letters: std::ops::RangeInclusive<usize>) -> bool {
    letters.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphabetic())
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Language {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Without the country.
    pub fn code(&self) -> &str {
        self.0.split_once('-').map_or(&*self.0, |(code, _)| code)
    }

    pub fn country(&self) -> Option<&str> {
        self.0.split_once('-').map(|(_, country)| country)
    }

    /// The country whose people speak it, where nothing else is said: the one it is named after.
    pub fn home(&self) -> String {
        match (self.country(), self.code()) {
            (Some(country), _) => country.to_owned(),
            (None, "en") => "US".to_owned(),
            (None, "zh") => "CN".to_owned(),
            (None, "da") => "DK".to_owned(),
            (None, "sv") => "SE".to_owned(),
            (None, "ja") => "JP".to_owned(),
            (None, "ko") => "KR".to_owned(),
            (None, "cs") => "CZ".to_owned(),
            (None, "el") => "GR".to_owned(),
            (None, "uk") => "UA".to_owned(),
            (None, "he") => "IL".to_owned(),
            (None, code) => code.to_ascii_uppercase(),
        }
    }

    /// The language whose titles somebody who speaks this one reads: a country counts only where it has titles of its
    /// own. Latin America reads those of Mexico.
    pub fn of_titles(&self) -> Self {
        if OWN_TITLES.contains(&&*self.0) {
            return self.clone();
        }
        match (self.code(), self.country()) {
            ("es", Some(country)) if country != "ES" => Self("es-MX".to_owned()),
            (code, _) => Self(code.to_owned()),
        }
    }

    /// Titles in the one language are titles in the other: where one of them has no country, the other's does not matter.
    pub fn reads_as(&self, other: &Self) -> bool {
        self == other || (self.code() == other.code() && (self.country().is_none() || other.country().is_none()))
    }

    /// Which of the texts, each with its language, is the best for this one: of the same country, else of the country that
    /// the language is named after, else any in the language.
    pub fn best<'a, T>(&self, texts: &'a [T], of: impl Fn(&T) -> &Self) -> Option<&'a T> {
        let home = self.home();
        let in_language = || texts.iter().filter(|text| of(text).code() == self.code());
        in_language().find(|text| of(text).country() == Some(&home)).or_else(|| in_language().next())
    }

    /// The languages that a client accepts (`Accept-Language`, RFC 9110 §12.5.4), the dearest first.
    pub fn accepted(header: &str) -> Vec<Self> {
        let mut accepted: Vec<(f32, Self)> = Vec::new();
        for part in header.split(',').take(MAX_ACCEPTED) {
            let (tag, weight) = part.split_once(';').unwrap_or((part, "q=1"));
            let weight = weight.trim().strip_prefix("q=").and_then(|weight| weight.parse::<f32>().ok()).unwrap_or(0.0);
            if let (Ok(language), true) = (tag.parse(), weight > 0.0) {
                accepted.push((weight, language));
            }
        }
        accepted.sort_by(|one, other| other.0.total_cmp(&one.0));
        accepted.into_iter().map(|(_, language)| language).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn language(text: &str) -> Language {
        text.parse().unwrap()
    }

    #[test]
    fn a_language_is_read_whatever_its_case_and_nothing_else_is_one() {
        for (text, read) in
            [("en", "en"), (" PT-br", "pt-BR"), ("zh-Hant-TW", "zh-TW"), ("zh-Hans", "zh"), ("fil", "fil")]
        {
            assert_eq!(language(text).as_str(), read);
        }
        for wrong in ["", "e", "*", "english", "en_US", "en-", "e1", "en-US'--", "a-b-c-d-e"] {
            assert_eq!(wrong.parse::<Language>(), Err(NoLanguage), "{wrong}");
        }
    }

    #[test]
    fn a_country_counts_where_it_has_titles_of_its_own() {
        for (speaks, reads) in
            [("de-AT", "de"), ("pt-BR", "pt-BR"), ("pt-PT", "pt"), ("es-AR", "es-MX"), ("es-ES", "es"), ("zh-SG", "zh")]
        {
            assert_eq!(language(speaks).of_titles(), language(reads), "{speaks}");
        }
        assert!(language("en-GB").reads_as(&language("en")));
        assert!(!language("pt-BR").reads_as(&language("pt-PT")));
        assert!(!language("de").reads_as(&language("da")));
    }

    #[test]
    fn the_best_text_is_that_of_the_country_else_of_the_languages_home_else_any() {
        let texts = ["pt-BR", "pt-PT", "en-GB", "en-US", "eo"].map(language);
        let best = |wanted: &str| language(wanted).best(&texts, |text| text).map(Language::as_str);
        assert_eq!(best("pt"), Some("pt-PT"));
        assert_eq!(best("pt-BR"), Some("pt-BR"));
        assert_eq!(best("en"), Some("en-US"));
        assert_eq!(best("en-AU"), Some("en-GB"));
        assert_eq!(best("eo"), Some("eo"));
        assert_eq!(best("da"), None);
    }

    #[test]
    fn what_a_client_accepts_is_read_in_its_order_and_what_makes_no_sense_is_left_out() {
        let accepted = |header: &str| Language::accepted(header).iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(accepted("da, en-GB;q=0.8, en;q=0.9, *;q=0.1, de;q=0"), ["da", "en", "en-GB"]);
        assert_eq!(accepted("nonsense;;, ,;q=,fr;q=x"), Vec::<String>::new());
        assert_eq!(accepted(&"da,".repeat(1_000)).len(), 8);
    }
}
