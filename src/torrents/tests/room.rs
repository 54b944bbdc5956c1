//! Disk space and the number of active torrents.

use super::*;

const KIB: u64 = 1024;

#[tokio::test(start_paused = true)]
async fn a_new_torrent_pushes_out_the_least_recently_used_that_nobody_watches() {
    let world = World::with(|settings| settings.disk_quota_bytes = 400 * KIB).await;
    let mut opened = Vec::new();
    for id in 1..4 {
        let info_hash = world.open(id, 100 * KIB).await.unwrap();
        world.fill(info_hash, 100 * KIB as usize);
        opened.push(info_hash);
    }
    let _watched = world.torrents.lease(opened[0], 0, ADA).unwrap();

    let new = world.open(4, 200 * KIB).await.unwrap();
    let on_disk: Vec<bool> = opened.iter().map(|info_hash| world.folder(*info_hash).exists()).collect();
    assert_eq!(on_disk, [true, false, true], "the first is watched, the second is the oldest");
    let stored = world.torrents.stored().await.unwrap();
    assert!(stored.iter().all(|row| row.info_hash != opened[1]) && stored.iter().any(|row| row.info_hash == new));
    assert!(matches!(world.torrents.lease(opened[1], 0, ADA), Err(TorrentsError::NotActive)));
}

#[tokio::test(start_paused = true)]
async fn a_torrent_that_cannot_fit_is_refused_and_costs_nobody_anything() {
    let world = World::with(|settings| settings.disk_quota_bytes = 400 * KIB).await;
    let (watched, idle) = (world.open(1, 200 * KIB).await.unwrap(), world.open(2, 100 * KIB).await.unwrap());
    world.fill(watched, 10 * KIB as usize);
    world.fill(idle, 100 * KIB as usize);
    let _lease = world.torrents.lease(watched, 0, ADA).unwrap();
    assert!(matches!(world.open(3, 300 * KIB).await, Err(TorrentsError::DiskFull)));
    assert!(world.folder(idle).exists());
    assert!(matches!(world.open(4, 401 * KIB).await, Err(TorrentsError::Rejected(_))), "more than the quota by itself");
}

#[tokio::test(start_paused = true)]
async fn housekeeping_brings_the_disk_back_within_its_quota() {
    let world = World::with(|settings| settings.disk_quota_bytes = 400 * KIB).await;
    let (old, new) = (world.open(1, 300 * KIB).await.unwrap(), world.open(2, 300 * KIB).await.unwrap());
    world.fill(old, 300 * KIB as usize);
    world.fill(new, 300 * KIB as usize);
    tokio::time::sleep(Duration::from_secs(61)).await;
    eventually(|| !world.folder(old).exists()).await;
    assert!(world.folder(new).exists());
}

#[tokio::test(start_paused = true)]
async fn when_the_engine_is_full_an_idle_torrent_makes_way_and_keeps_its_files() {
    let world = World::with(|settings| settings.max_active = 2).await;
    let (idle, watched) = (world.open(1, 1000).await.unwrap(), world.open(2, 1000).await.unwrap());
    world.fill(idle, 1000);
    let _lease = world.torrents.lease(watched, 0, ADA).unwrap();
    let third = world.open(3, 1000).await.unwrap();
    assert!(matches!(world.torrents.lease(idle, 0, ADA), Err(TorrentsError::NotActive)));
    assert!(world.folder(idle).exists());
    assert_eq!(world.torrents.stored().await.unwrap().len(), 3);

    let _third = world.torrents.lease(third, 0, ADA).unwrap();
    assert!(matches!(world.open(4, 1000).await, Err(TorrentsError::TooManyTorrents)));
}

#[tokio::test(start_paused = true)]
async fn a_torrent_that_is_kept_is_never_pushed_out() {
    let world = World::with(|settings| settings.disk_quota_bytes = 400 * KIB).await;
    let kept = world.open(1, 300 * KIB).await.unwrap();
    world.fill(kept, 300 * KIB as usize);
    let protect = |tx: &rusqlite::Transaction<'_>| {
        tx.execute("UPDATE storage SET is_protected = 1", [])?;
        Ok::<_, TorrentsError>(())
    };
    world.store.write(protect).await.unwrap();
    assert!(matches!(world.open(2, 300 * KIB).await, Err(TorrentsError::DiskFull)));
    assert!(world.folder(kept).exists());
}
