//! Idling, crashing and coming back.

use super::*;
use crate::{
    domain::magnet::Magnet,
    ports::{ResolvedMetadata, TorrentStats},
    torrents::piece_source::SourceState,
};

#[tokio::test(start_paused = true)]
async fn a_torrent_nobody_watches_is_paused_and_resumes_for_the_next_lease() {
    let world = World::new().await;
    let info_hash = world.open(1, 1000).await.unwrap();
    let lease = world.torrents.lease(info_hash, 0, ADA).unwrap();
    tokio::time::sleep(2 * IDLE_PAUSE).await;
    assert!(!world.engine.torrent(info_hash).is_paused(), "watched");

    drop(lease);
    tokio::time::sleep(IDLE_PAUSE - Duration::from_secs(1)).await;
    assert!(!world.engine.torrent(info_hash).is_paused(), "not idle for long enough");
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert!(world.engine.torrent(info_hash).is_paused());

    let _lease = world.torrents.lease(info_hash, 0, ADA).unwrap();
    eventually(|| !world.engine.torrent(info_hash).is_paused()).await;
}

#[tokio::test(start_paused = true)]
async fn opening_a_paused_torrent_again_resumes_it_without_adding_it_twice() {
    let world = World::new().await;
    let info_hash = world.open(1, 1000).await.unwrap();
    tokio::time::sleep(IDLE_PAUSE + Duration::from_secs(1)).await;
    assert!(world.engine.torrent(info_hash).is_paused());
    world.open(1, 1000).await.unwrap();
    eventually(|| !world.engine.torrent(info_hash).is_paused()).await;
    assert_eq!(world.engine.added.lock().unwrap().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_failed_torrent_is_tried_again_for_the_next_lease() {
    let world = World::new().await;
    let info_hash = world.open(1, 1000).await.unwrap();
    let lease = world.torrents.lease(info_hash, 0, ADA).unwrap();
    let engine = world.engine.torrent(info_hash);
    engine.state.send_replace(SourceState::Failed("the disk is full".to_owned()));
    drop(lease);
    tokio::time::sleep(IDLE_PAUSE).await;
    assert!(matches!(*engine.state.borrow(), SourceState::Failed(_)));
    let _lease = world.torrents.lease(info_hash, 0, ADA).unwrap();
    eventually(|| *engine.state.borrow() == SourceState::Live).await;
}

#[tokio::test(start_paused = true)]
async fn a_crashed_session_comes_back_and_still_knows_who_watches() {
    let world = World::new().await;
    let (info_hash, other) = (world.open(1, 1000).await.unwrap(), world.open(2, 1000).await.unwrap());
    let lease = world.torrents.lease(info_hash, 0, ADA).unwrap();
    let neighbour = world.actors.get(&world.session_path(other));

    let before = tokio::time::Instant::now();
    world.actors.crash(&world.session_path(info_hash)).await;
    assert!(before.elapsed() < Duration::from_secs(1));
    drop(world.torrents.lease(info_hash, 0, ADA).unwrap());
    tokio::time::sleep(2 * IDLE_PAUSE).await;
    assert!(!world.engine.torrent(info_hash).is_paused(), "the lease from before the crash counts");
    drop(lease);
    tokio::time::sleep(2 * IDLE_PAUSE).await;
    assert!(world.engine.torrent(info_hash).is_paused(), "the new session does its work");
    assert_eq!(world.actors.get(&world.session_path(other)).get_id(), neighbour.get_id(), "nobody else noticed");
}

#[tokio::test(start_paused = true)]
async fn a_crash_of_torrents_leaves_leases_and_stats_and_comes_back_within_a_second() {
    let world = World::new().await;
    let info_hash = world.open(1, 1000).await.unwrap();
    let lease = world.torrents.lease(info_hash, 0, ADA).unwrap();
    let session = world.actors.get(&world.session_path(info_hash));

    let before = tokio::time::Instant::now();
    world.actors.get(PATH).kill();
    assert!(world.torrents.stats(info_hash, 0).is_some(), "answers while it is down");
    drop(world.torrents.lease(info_hash, 0, ADA).unwrap());
    eventually(|| world.actors.get(&world.session_path(info_hash)).get_id() != session.get_id()).await;
    world.open(2, 1000).await.unwrap();
    world.open(1, 1000).await.unwrap();
    assert!(before.elapsed() < Duration::from_secs(1));
    assert_eq!(world.engine.added.lock().unwrap().len(), 2, "adopted, not added again");

    tokio::time::sleep(2 * IDLE_PAUSE).await;
    assert!(!world.engine.torrent(info_hash).is_paused());
    drop(lease);
    tokio::time::sleep(2 * IDLE_PAUSE).await;
    assert!(world.engine.torrent(info_hash).is_paused());
}

#[tokio::test(start_paused = true)]
async fn a_restarted_daemon_hashes_nothing_and_remembers_the_peers() {
    let peer = "127.0.0.9:6881".parse().unwrap();
    let dir = {
        let world = World::new().await;
        let info_hash = world.open(1, 1000).await.unwrap();
        let lease = world.torrents.lease(info_hash, 0, ADA).unwrap();
        let stats = TorrentStats {
            known_peers: vec![peer],
            downloaded_bytes: 600,
            uploaded_bytes: 5,
            ..TorrentStats::default()
        };
        *world.engine.torrent(info_hash).stats.lock().unwrap() = stats;
        tokio::time::sleep(Duration::from_secs(1)).await;
        drop(lease);
        tokio::time::sleep(Duration::from_secs(1)).await;
        world.dir.clone()
    };
    let world = World::on(dir, |_| {}).await;
    assert!(world.engine.added.lock().unwrap().is_empty());
    let stored = world.torrents.stored().await.unwrap();
    assert_eq!((stored[0].size_bytes, stored[0].downloaded_bytes, stored[0].uploaded_bytes), (1000, 600, 5));
    world.open(1, 1000).await.unwrap();
    assert_eq!(world.engine.added.lock().unwrap()[0].initial_peers, [peer]);
}

#[tokio::test(start_paused = true)]
async fn deleting_a_torrent_ends_it_and_its_session() {
    let world = World::new().await;
    let info_hash = world.open(1, 1000).await.unwrap();
    world.fill(info_hash, 1000);
    let session = world.actors.get(&world.session_path(info_hash));
    world.torrents.delete(info_hash).await.unwrap();
    assert!(matches!(world.torrents.lease(info_hash, 0, ADA), Err(TorrentsError::NotActive)));
    assert!(!world.folder(info_hash).exists());
    assert_eq!(world.torrents.stored().await.unwrap(), []);
    eventually(|| session.get_status() == ractor::ActorStatus::Stopped).await;
    world.open(1, 1000).await.unwrap();
    world.torrents.lease(info_hash, 0, ADA).unwrap();
}

#[tokio::test(start_paused = true)]
async fn leases_count_against_the_limits_and_only_for_files_that_exist() {
    let world = World::new().await;
    let info_hash = world.open(1, 1000).await.unwrap();
    for _ in 0..10 {
        assert!(matches!(world.torrents.lease(info_hash, 7, ADA), Err(TorrentsError::NoSuchFile)));
    }
    let leases: Vec<_> = (0..4).map(|_| world.torrents.lease(info_hash, 0, ADA).unwrap()).collect();
    assert!(matches!(world.torrents.lease(info_hash, 0, ADA), Err(TorrentsError::TooManyStreams { .. })));
    drop(leases);
    world.torrents.lease(info_hash, 0, ADA).unwrap();
}

#[tokio::test(start_paused = true)]
async fn many_who_resolve_one_magnet_link_share_one_search() {
    let world = World::new().await;
    let metainfo = metainfo(1, 1000);
    let info_hash = world.torrents.admit(metainfo.clone()).unwrap().info_hash;
    let magnet: Magnet = format!("magnet:?xt=urn:btih:{info_hash}").parse().unwrap();
    *world.engine.swarm.lock().unwrap() = Some(ResolvedMetadata { metainfo, seen_peers: Vec::new() });
    let resolve = || world.torrents.resolve(magnet.clone());
    let found = futures::future::join_all((0..10).map(|_| resolve())).await;
    assert!(found.iter().all(|found| found.as_ref().unwrap().torrent.info_hash == info_hash));
    assert_eq!(world.engine.resolves.load(Ordering::Relaxed), 1);

    world.open(1, 1000).await.unwrap();
    resolve().await.unwrap();
    assert_eq!(world.engine.resolves.load(Ordering::Relaxed), 1, "known from this disk");
}

#[tokio::test(start_paused = true)]
async fn a_magnet_link_nobody_knows_can_be_tried_again() {
    let world = World::new().await;
    let magnet: Magnet = format!("magnet:?xt=urn:btih:{}", "ab".repeat(20)).parse().unwrap();
    for tries in 1..3 {
        let ended = world.torrents.resolve(magnet.clone()).await;
        assert!(matches!(ended, Err(TorrentsError::MetadataTimeout)));
        assert_eq!(world.engine.resolves.load(Ordering::Relaxed), tries);
    }
}
