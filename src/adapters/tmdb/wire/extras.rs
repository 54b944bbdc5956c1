//! What a film's or a show's answer holds beside itself when it is asked for all (`append_to_response`). Each part is read
//! by itself: one that makes no sense is left out, and the title stays.

use super::{MAX_NAME, MAX_RECORDS, MAX_TEXT, WireId, image, records, text};
use crate::domain::{
    language::Language,
    media::{Extras, ImageName, TmdbId, Translation},
};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;
use std::cmp::Reverse;

const MAX_TRANSLATIONS: usize = 200;
/// People that are read of a title's, and that are kept.
const MAX_PEOPLE: usize = 1_000;
const MAX_MAKERS: usize = 4;
const MAX_STARRING: usize = 12;
const MAX_RECOMMENDED: usize = 20;
/// Countries, videos and pictures that are looked at.
const MAX_CHOICES: usize = 500;
const MAX_AGE_RATING: usize = 10;

#[derive(Deserialize)]
pub struct WireExtras {
    #[serde(default)]
    translations: Value,
    #[serde(default)]
    credits: Value,
    #[serde(default)]
    created_by: Value,
    #[serde(default)]
    videos: Value,
    #[serde(default)]
    release_dates: Value,
    #[serde(default)]
    content_ratings: Value,
    #[serde(default)]
    images: Value,
    #[serde(default)]
    recommendations: Value,
}

#[derive(Deserialize)]
struct WireTranslation {
    iso_639_1: String,
    #[serde(default)]
    iso_3166_1: Option<String>,
    data: WireTexts,
}

#[derive(Deserialize)]
struct WireTexts {
    #[serde(default, alias = "name")]
    title: Option<String>,
    #[serde(default)]
    overview: Option<String>,
    #[serde(default)]
    tagline: Option<String>,
}

#[derive(Deserialize)]
struct WirePerson {
    name: String,
    #[serde(default)]
    job: Option<String>,
    #[serde(default)]
    order: Option<i64>,
}

#[derive(Deserialize)]
struct WireVideo {
    key: String,
    site: String,
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    official: bool,
    #[serde(default)]
    iso_639_1: Option<String>,
}

/// Of films; each country has several releases.
#[derive(Deserialize)]
struct WireReleases {
    iso_3166_1: String,
    release_dates: Vec<Value>,
}

#[derive(Deserialize)]
struct WireRelease {
    certification: String,
}

/// Of shows.
#[derive(Deserialize)]
struct WireRating {
    iso_3166_1: String,
    rating: String,
}

#[derive(Deserialize)]
struct WireLogo {
    file_path: String,
    #[serde(default)]
    iso_639_1: Option<String>,
}

impl WireExtras {
    /// As people see it who read `language`.
    pub fn read(mut self, language: &Language) -> Extras {
        let recommended = part::<WireId>(&mut self.recommendations, "results", MAX_RECORDS);
        let recommended = recommended.filter(|record| record.id > 0).map(|record| TmdbId(record.id));
        Extras {
            translations: self.translations(),
            makers: self.makers(),
            starring: self.starring(),
            trailer: self.trailer(language),
            age_rating: self.age_rating(language),
            logo: self.logo(language),
            recommended: recommended.take(MAX_RECOMMENDED).collect(),
        }
    }

    fn translations(&mut self) -> Vec<Translation> {
        let translation = |wire: WireTranslation| {
            let country = wire.iso_3166_1.filter(|country| !country.is_empty());
            let tag = country.map_or_else(|| wire.iso_639_1.clone(), |country| format!("{}-{country}", wire.iso_639_1));
            Some(Translation {
                language: tag.parse().ok()?,
                title: text(wire.data.title, MAX_NAME),
                overview: text(wire.data.overview, MAX_TEXT),
                tagline: text(wire.data.tagline, MAX_NAME),
            })
        };
        part(&mut self.translations, "translations", MAX_TRANSLATIONS).filter_map(translation).collect()
    }

    /// The directors of a film, or the creators of a show.
    fn makers(&mut self) -> Vec<String> {
        let directors = part::<WirePerson>(&mut self.credits, "crew", MAX_PEOPLE);
        let directors = directors.filter(|person| person.job.as_deref() == Some("Director"));
        let creators = records::<WirePerson>(array(self.created_by.take()), MAX_MAKERS);
        names(creators.chain(directors), MAX_MAKERS)
    }

    fn starring(&mut self) -> Vec<String> {
        let mut cast: Vec<_> = part::<WirePerson>(&mut self.credits, "cast", MAX_PEOPLE).collect();
        cast.sort_by_key(|person| person.order.unwrap_or(i64::MAX));
        names(cast, MAX_STARRING)
    }

    /// The one in our language, and of those the official one.
    fn trailer(&mut self, language: &Language) -> Option<String> {
        let is_key = |key: &str| {
            (1..=30).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b))
        };
        let trailers = part::<WireVideo>(&mut self.videos, "results", MAX_CHOICES).filter_map(|video| {
            let address = match &*video.site {
                "YouTube" => format!("https://www.youtube.com/watch?v={}", video.key),
                "Vimeo" => format!("https://vimeo.com/{}", video.key),
                _ => return None,
            };
            let is_ours = video.iso_639_1.as_deref() == Some(language.code());
            (video.kind == "Trailer" && is_key(&video.key)).then_some(((is_ours, video.official), address))
        });
        // The first of those that are equally good: they come in the order of their votes.
        trailers.min_by_key(|(good, _)| Reverse(*good)).map(|(_, address)| address)
    }

    /// Of our language's country, else of the United States, where almost everything is rated.
    fn age_rating(&mut self, language: &Language) -> Option<String> {
        let of_film = part::<WireReleases>(&mut self.release_dates, "results", MAX_CHOICES).filter_map(|country| {
            let releases = records::<WireRelease>(country.release_dates, MAX_CHOICES);
            let mut rated = releases.map(|release| text(Some(release.certification), MAX_AGE_RATING));
            Some((country.iso_3166_1, rated.find(|rating| !rating.is_empty())?))
        });
        let of_show = part::<WireRating>(&mut self.content_ratings, "results", MAX_CHOICES)
            .map(|country| (country.iso_3166_1, text(Some(country.rating), MAX_AGE_RATING)));
        let ratings: Vec<(String, String)> = of_film.chain(of_show).filter(|(_, rating)| !rating.is_empty()).collect();
        let of = |country: &str| ratings.iter().find(|(other, _)| other == country).map(|(_, rating)| rating.clone());
        of(&language.home()).or_else(|| of("US"))
    }

    /// In our language, else in English, else in none; no drawing (SVG), which our proxy does not pass on.
    fn logo(&mut self, language: &Language) -> Option<ImageName> {
        let logos = part::<WireLogo>(&mut self.images, "logos", MAX_CHOICES).filter_map(|logo| {
            let distance = match logo.iso_639_1.as_deref() {
                Some(code) if code == language.code() => 0,
                Some("en") => 1,
                None => 2,
                Some(_) => return None,
            };
            Some((distance, image(Some(logo.file_path))?))
        });
        logos.min_by_key(|(distance, _)| *distance).map(|(_, logo)| logo)
    }
}

/// The records of one list in one part.
fn part<T: DeserializeOwned>(part: &mut Value, list: &str, most: usize) -> impl Iterator<Item = T> + use<T> {
    records(array(part.get_mut(list).map(Value::take).unwrap_or_default()), most)
}

fn array(value: Value) -> Vec<Value> {
    match value {
        Value::Array(values) => values,
        _ => Vec::new(),
    }
}

/// Each name once; none of them is more than one line.
fn names(people: impl IntoIterator<Item = WirePerson>, most: usize) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for person in people {
        let name = text(Some(person.name.replace('\n', " ")), MAX_NAME);
        if !name.is_empty() && !names.contains(&name) && names.len() < most {
            names.push(name);
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn extras(language: &str, wire: Value) -> Extras {
        serde_json::from_value::<WireExtras>(wire).unwrap().read(&language.parse().unwrap())
    }

    #[test]
    fn a_part_that_makes_no_sense_is_left_out_alone() {
        let told = extras(
            "en",
            json!({
                "translations": "none", "credits": {"cast": [{"name": "Ada"}, {"name": 7}, "Eve"], "crew": {}},
                "videos": [], "images": null, "created_by": 3,
                "release_dates": {"results": [{"iso_3166_1": "US", "release_dates": [{"certification": ""},
                                                                                     {"certification": "PG"}]}]},
                "recommendations": {"results": [{"id": 5}, {"id": "six"}]},
            }),
        );
        let known = Extras {
            starring: vec!["Ada".to_owned()],
            age_rating: Some("PG".to_owned()),
            recommended: vec![TmdbId(5)],
            ..Extras::default()
        };
        assert_eq!(told, known);
        assert_eq!(extras("en", json!({})), Extras::default());
    }

    #[test]
    fn what_is_in_our_language_goes_before_what_is_not() {
        let wire = json!({
            "videos": {"results": [
                {"key": "clip", "site": "YouTube", "type": "Clip", "official": true, "iso_639_1": "da"},
                {"key": "english", "site": "YouTube", "type": "Trailer", "official": true, "iso_639_1": "en"},
                {"key": "dansk", "site": "Vimeo", "type": "Trailer", "official": false, "iso_639_1": "da"},
                {"key": "../evil", "site": "YouTube", "type": "Trailer", "official": true, "iso_639_1": "da"},
            ]},
            "images": {"logos": [{"file_path": "/none.png", "iso_639_1": null}, {"file_path": "/en.png", "iso_639_1": "en"},
                                 {"file_path": "/da.svg", "iso_639_1": "da"}]},
            "content_ratings": {"results": [{"iso_3166_1": "US", "rating": "TV-14"}, {"iso_3166_1": "DK", "rating": "15"}]},
        });
        let danish = extras("da", wire.clone());
        assert_eq!(danish.trailer.as_deref(), Some("https://vimeo.com/dansk"));
        assert_eq!(danish.logo, ImageName::new("en.png"));
        assert_eq!(danish.age_rating.as_deref(), Some("15"));
        let german = extras("de", wire);
        assert_eq!(german.trailer.as_deref(), Some("https://www.youtube.com/watch?v=english"));
        assert_eq!(german.age_rating.as_deref(), Some("TV-14"));
    }

    #[test]
    fn people_stand_in_the_order_of_their_parts_each_once() {
        let told = extras(
            "en",
            json!({
                "credits": {
                    "cast": [{"name": "Second", "order": 1}, {"name": "First\nof all", "order": 0}, {"name": "Second", "order": 2}],
                    "crew": [{"name": "Grip", "job": "Key Grip"}, {"name": "Dee", "job": "Director"}],
                },
                "translations": {"translations": [
                    {"iso_639_1": "pt", "iso_3166_1": "BR", "data": {"title": "Um", "overview": "O quê"}},
                    {"iso_639_1": "xx9", "data": {}}, {"iso_639_1": "eo", "data": {"name": "Unu"}},
                ]},
            }),
        );
        assert_eq!(told.starring, ["First of all", "Second"]);
        assert_eq!(told.makers, ["Dee"]);
        let languages: Vec<_> = told.translations.iter().map(|it| (it.language.as_str(), &*it.title)).collect();
        assert_eq!(languages, [("pt-BR", "Um"), ("eo", "Unu")]);
    }
}
