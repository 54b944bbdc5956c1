//! Paused players hold nothing that others need.

use crate::support::{app::TestApp, eventually::eventually, film, swarm::Swarm};
use reqwest::{Method, StatusCode};

#[tokio::test(flavor = "multi_thread")]
async fn twelve_players_eight_of_them_paused_on_three_torrents_leave_room_for_downloads() {
    let films: Vec<_> = (0..3).map(|number| film::noise_file(24 * 1024 * 1024, number)).collect();
    let app = TestApp::start_with(|config| config.torrents.max_streams_per_user = 12).await;
    let admin = app.admin().await;
    let (mut paused, mut others) = (Vec::new(), Vec::new());
    let mut swarms = Vec::new();
    for path in &films {
        let swarm = Swarm::of(path, 256 * 1024).await;
        let movie = admin.open_torrent(&swarm.torrent.bytes).await;
        let playback = admin.play(movie).await;
        let stream = playback["stream_url"].as_str().unwrap().to_owned();
        swarms.push((swarm, stream));
    }
    for number in 0..8 {
        // Each asks for the film from somewhere and then reads no further.
        paused.push(admin.open_stream(&swarms[number % 3].1, (number as u64) * 1024 * 1024).await);
    }
    let readers = (0..4).map(|number| {
        let (client, stream) = (admin.clone(), swarms[number % 3].1.clone());
        let expected = std::fs::read(&films[number % 3]).unwrap();
        tokio::spawn(async move { assert!(client.read(&stream, "0-").await == expected, "reader {number}") })
    });
    for reader in readers.collect::<Vec<_>>() {
        reader.await.unwrap();
    }
    // And one more torrent can still be added.
    let path = film::noise_file(1024 * 1024, 99);
    let swarm = Swarm::of(&path, 64 * 1024).await;
    let playback = admin.play(admin.open_torrent(&swarm.torrent.bytes).await).await;
    assert!(admin.read(playback["stream_url"].as_str().unwrap(), "0-").await == std::fs::read(&path).unwrap());
    // The paused ones were open all the while: four more are the twelve that one user may have.
    let open = async || admin.request(Method::GET, &swarms[0].1).send().await.unwrap();
    for _ in 0..4 {
        let more = async || Some(open().await).filter(|answer| answer.status() == StatusCode::OK);
        others.push(eventually("a place that a finished reader left", more).await);
    }
    assert_eq!(open().await.status(), StatusCode::TOO_MANY_REQUESTS);
    drop((paused, others));
    app.stop().await;
}
