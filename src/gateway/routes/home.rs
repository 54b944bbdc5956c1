//! The home screen.

use crate::{
    catalog::{CatalogHandle, TitleList},
    domain::{
        ids::MovieId,
        next_up::Next,
        show::{NumberedEpisode, Show},
        title::{Progress, WatchState},
        user::Principal,
    },
    gateway::{
        dto::{
            catalog::Title,
            lists::{Home, HomeRow, HomeRowKind},
            show::EpisodeRef,
        },
        policy::{Policy, Routes},
        problem::Problem,
        title_language::{InLanguage, TitleLanguage},
    },
    progress::{ProgressHandle, ShowUnderWay},
};
use axum::extract::State;
use std::{cmp::Reverse, collections::HashMap};
use utoipa_axum::routes;

pub fn routes() -> Routes {
    Routes::default().add(Policy::Guest, routes!(home))
}

/// Titles in the rows of what the user is watching.
const WATCHING_LENGTH: usize = 20;

/// The home screen: every row in one answer.
#[utoipa::path(get, path = "/home", tag = "catalog", params(InLanguage), responses((status = 200, body = Home)))]
async fn home(
    State(catalog): State<CatalogHandle>,
    State(progress): State<ProgressHandle>,
    viewer: Principal,
    TitleLanguage(language): TitleLanguage,
) -> Result<axum::Json<Home>, Problem> {
    let (lists, own_lists, own, of_movies, shows) = tokio::try_join!(
        async { catalog.lists(language.clone()).await.map_err(Problem::from) },
        async { catalog.own_lists(viewer.user, language.clone()).await.map_err(Problem::from) },
        async { catalog.own(viewer.user).await.map_err(Problem::from) },
        async { progress.movies(viewer.user).await.map_err(Problem::from) },
        async { progress.shows_under_way(viewer.user, WATCHING_LENGTH as u32).await.map_err(Problem::from) },
    )?;
    let movies = catalog.movies(under_way(&of_movies), &viewer, language.clone()).await?;
    let episodes = shows.iter().map(|show| show.next.episode()).collect();
    let episodes = catalog.episodes(episodes, language).await?;

    let mut going_on: Vec<(i64, Title)> = Vec::new();
    for movie in &movies {
        let progress = of_movies.get(&movie.id).copied();
        going_on.push((progress.map_or(0, |progress| progress.updated_at), Title::new(movie, progress)));
    }
    let mut next_up = Vec::new();
    for (show, found) in shows.iter().filter_map(|show| Some((show, of(show, &episodes)?))) {
        match show.next {
            Next::Continue(_) => going_on.push((show.at, card(show, found))),
            Next::Following(_) => next_up.push(card(show, found)),
            Next::First(_) => {}
        }
    }
    going_on.sort_by_key(|(at, _)| Reverse(*at));
    let going_on: Vec<Title> = going_on.into_iter().take(WATCHING_LENGTH).map(|(_, title)| title).collect();

    let list = |list: &TitleList| {
        row(&list.summary.slug, &list.summary.name, HomeRowKind::List, Title::all(&list.items, &of_movies))
    };
    let mut rows = vec![
        row("continue", "Continue watching", HomeRowKind::Continue, going_on),
        row("next-up", "Next up", HomeRowKind::NextUp, next_up),
    ];
    rows.extend(own_lists.iter().map(list));
    rows.extend(lists.iter().map(list));
    let own = own.iter().map(|movie| Title::new(movie, of_movies.get(&movie.id).copied())).collect();
    rows.push(row("own", "Opened by you", HomeRowKind::List, own));
    rows.retain(|row| !row.items.is_empty());
    Ok(axum::Json(Home { rows }))
}

/// The films a user is in the middle of, the latest first.
fn under_way(progress: &HashMap<MovieId, Progress>) -> Vec<MovieId> {
    let is_under_way = |progress: &Progress| progress.state == WatchState::Watching && progress.position_ms > 0;
    let mut movies: Vec<_> = progress
        .iter()
        .filter(|(_, progress)| is_under_way(progress))
        .map(|(movie, progress)| (Reverse(progress.updated_at), *movie))
        .collect();
    movies.sort();
    movies.into_iter().take(WATCHING_LENGTH).map(|(_, movie)| movie).collect()
}

type Found = (NumberedEpisode, Show);

fn of<'a>(show: &ShowUnderWay, found: &'a [Found]) -> Option<&'a Found> {
    found.iter().find(|(numbered, _)| numbered.episode.id == show.next.episode())
}

fn card(under_way: &ShowUnderWay, (episode, show): &Found) -> Title {
    Title {
        progress: under_way.progress.map(Into::into),
        episode: Some(EpisodeRef::new(episode)),
        ..Title::of_show(show)
    }
}

fn row(slug: &str, name: &str, kind: HomeRowKind, items: Vec<Title>) -> HomeRow {
    HomeRow { slug: slug.to_owned(), name: name.to_owned(), kind, items }
}
