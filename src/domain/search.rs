//! How well a title fits what somebody types.
//!
//! From 0 to 1 for the text, and up to a tenth more for popularity: the whole title (1), its beginning (0.9), the beginning
//! of one of its words (0.8), the words of the query in it anywhere (0.7), and below that how alike the two are, so that a
//! mistyped one is still found. What is hardly alike does not fit. People count a little less than titles.

/// Less alike than this is something else.
const LEAST: f64 = 0.45;
const FUZZY_WEIGHT: f64 = 0.68;
/// Whoever types words of a title means the title and not somebody who is called so.
const PEOPLE_WEIGHT: f64 = 0.85;
/// The popularity that counts fully.
const MOST_POPULAR: f64 = 1_000.0;

/// How well something fits that has these titles and is by these people, or none when it does not.
pub fn fit<'a>(
    query: &str,
    titles: impl IntoIterator<Item = &'a str>,
    people: impl IntoIterator<Item = &'a str>,
    popularity: f64,
) -> Option<f64> {
    let query = folded(query);
    let best = |texts: &mut dyn Iterator<Item = &'a str>| {
        texts.map(|text| text_fit(&query, &folded(text))).fold(0.0, f64::max)
    };
    let text = best(&mut titles.into_iter()).max(PEOPLE_WEIGHT * best(&mut people.into_iter()));
    let popular = (1.0 + popularity.clamp(0.0, MOST_POPULAR)).ln() / (1.0 + MOST_POPULAR).ln();
    (text >= LEAST).then_some(text + 0.1 * popular)
}

fn text_fit(query: &str, title: &str) -> f64 {
    if query.is_empty() || title.is_empty() {
        return 0.0;
    }
    if title == query {
        return 1.0;
    }
    if title.starts_with(query) {
        return 0.9;
    }
    let words = || title.split(' ');
    if title.match_indices(query).any(|(at, _)| title[..at].ends_with(' ')) {
        return 0.8;
    }
    if query.split(' ').all(|wanted| words().any(|word| word.starts_with(wanted))) {
        return 0.7;
    }
    // What is typed so far may be the mistyped beginning of the title, or of one of its words.
    let length = query.chars().count();
    let beginning = |text: &str| text.chars().take(length).collect::<String>();
    let starts = std::iter::once(title).chain(title.match_indices(' ').map(|(at, _)| &title[at + 1..]));
    let alike = starts.map(|start| strsim::normalized_damerau_levenshtein(query, &beginning(start)));
    FUZZY_WEIGHT * alike.fold(0.0, f64::max)
}

/// Letters and digits in lower case, words set apart by one space.
pub fn folded(text: &str) -> String {
    let lower = text.to_lowercase();
    let words = lower.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

/// The number at IMDb, `tt` and digits, that a query names by itself or in an address.
pub fn imdb_id(folded_query: &str) -> Option<&str> {
    folded_query.split(' ').find(|word| is_imdb_id(word))
}

/// `tt` and 5 to 12 digits.
pub fn is_imdb_id(text: &str) -> bool {
    let digits = text.strip_prefix("tt").unwrap_or_default();
    (5..=12).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn best<'a>(query: &str, titles: &[(&'a str, f64)]) -> Vec<&'a str> {
        let mut found: Vec<_> =
            titles.iter().filter_map(|(title, popular)| Some((fit(query, [*title], [], *popular)?, *title))).collect();
        found.sort_by(|one, other| other.0.total_cmp(&one.0));
        found.into_iter().map(|(_, title)| title).collect()
    }

    #[test]
    fn the_title_itself_comes_before_one_that_begins_so_and_that_before_one_with_such_a_word() {
        let titles = [("The Long Night", 900.0), ("Night Train", 5.0), ("Night", 1.0), ("Daybreak", 900.0)];
        assert_eq!(best("night", &titles), ["Night", "Night Train", "The Long Night"]);
    }

    #[test]
    fn the_more_popular_of_two_that_fit_alike_comes_first() {
        assert_eq!(best("river", &[("River Song", 1.0), ("River Bend", 300.0)]), ["River Bend", "River Song"]);
    }

    #[test]
    fn mistyped_titles_are_found() {
        let titles = [("The Clockmaker's Daughter", 5.0), ("Harbour Lights", 5.0), ("Glass Mountain", 5.0)];
        for (typed, meant) in [
            ("clokmaker", "The Clockmaker's Daughter"),
            ("harbuor lig", "Harbour Lights"),
            ("glas mountian", "Glass Mountain"),
            ("montain", "Glass Mountain"),
        ] {
            assert_eq!(best(typed, &titles).first(), Some(&meant), "{typed}");
        }
        assert!(best("zebra crossing", &titles).is_empty());
    }

    #[test]
    fn people_are_found_by_their_names_mistyped_or_not_behind_titles_that_fit_as_well() {
        let by = |query: &str| fit(query, ["Harbour Lights"], ["Greta Lindqvist", "Bo"], 1.0);
        assert!(by("greta lindqvist") > by("lindqvist"));
        assert!(by("lindqivst").is_some());
        assert_eq!(by("astrid"), None);
        assert!(fit("lindqvist", ["Lindqvist"], [], 1.0) > by("lindqvist"));
    }

    #[test]
    fn a_number_at_imdb_is_read_by_itself_and_in_an_address() {
        for query in ["tt0012345", " TT0012345 ", "https://www.imdb.com/title/tt0012345/?ref_=x"] {
            assert_eq!(imdb_id(&folded(query)), Some("tt0012345"), "{query}");
        }
        for query in ["tt", "tt12", "ttorrent", "tt12345x", "att0012345"] {
            assert_eq!(imdb_id(&folded(query)), None, "{query}");
        }
    }

    #[test]
    fn punctuation_and_case_do_not_matter() {
        assert_eq!(folded("  The CLOCKMAKER'S—Daughter! "), "the clockmaker s daughter");
        assert_eq!(best("CLOCKMAKER'S", &[("The Clockmaker's Daughter", 1.0)]).len(), 1);
    }
}
