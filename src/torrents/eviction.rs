//! Which torrents leave the disk when space runs out: whole ones, the least recently used first, never one that
//! somebody watches or keeps.

use crate::domain::info_hash::InfoHash;

/// A torrent on this disk.
#[derive(Clone, Debug)]
pub struct Occupant {
    pub info_hash: InfoHash,
    pub bytes_on_disk: u64,
    /// How much it may still grow by: nothing while nobody watches it.
    pub growth_bytes: u64,
    pub last_access_at: i64,
    pub is_protected: bool,
    pub is_watched: bool,
}

/// What the disk has to hold.
#[derive(Clone, Copy, Debug)]
pub struct Demand {
    pub quota_bytes: u64,
    pub reserve_bytes: u64,
    pub free_bytes: u64,
    /// What is about to come.
    pub incoming_bytes: u64,
}

/// What to do about it.
#[derive(Debug, PartialEq, Eq)]
pub struct Plan {
    pub evict: Vec<InfoHash>,
    /// Whether that makes enough room.
    pub is_enough: bool,
}

/// Makes all torrents together, with what is to come, fit the quota, and leaves the reserve free.
pub fn plan(mut occupants: Vec<Occupant>, demand: Demand) -> Plan {
    let used = sum(&occupants, |occupant| occupant.bytes_on_disk);
    let growth = sum(&occupants, |occupant| occupant.growth_bytes).saturating_add(demand.incoming_bytes);
    let over_quota = used.saturating_add(growth).saturating_sub(demand.quota_bytes);
    let over_free = growth.saturating_add(demand.reserve_bytes).saturating_sub(demand.free_bytes);
    let mut missing = over_quota.max(over_free);

    occupants.retain(|occupant| !occupant.is_protected && !occupant.is_watched && occupant.bytes_on_disk > 0);
    occupants.sort_by_key(|occupant| occupant.last_access_at);
    let mut evict = Vec::new();
    for occupant in occupants {
        if missing == 0 {
            break;
        }
        missing = missing.saturating_sub(occupant.bytes_on_disk);
        evict.push(occupant.info_hash);
    }
    Plan { evict, is_enough: missing == 0 }
}

fn sum(occupants: &[Occupant], of: impl Fn(&Occupant) -> u64) -> u64 {
    occupants.iter().map(of).fold(0, u64::saturating_add)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn occupant(id: u8, bytes_on_disk: u64, last_access_at: i64) -> Occupant {
        let info_hash = InfoHash([id; 20]);
        Occupant { info_hash, bytes_on_disk, growth_bytes: 0, last_access_at, is_protected: false, is_watched: false }
    }

    fn evicted(occupants: Vec<Occupant>, quota: u64, free: u64, incoming: u64) -> (Vec<u8>, bool) {
        let demand = Demand { quota_bytes: quota, reserve_bytes: 10, free_bytes: free, incoming_bytes: incoming };
        let plan = plan(occupants, demand);
        (plan.evict.iter().map(|hash| hash.0[0]).collect(), plan.is_enough)
    }

    #[test]
    fn the_least_recently_used_go_first_and_only_as_many_as_needed() {
        let disk = || vec![occupant(1, 30, 300), occupant(2, 30, 100), occupant(3, 30, 200)];
        assert_eq!(evicted(disk(), 100, 1000, 10), (vec![], true), "fits exactly");
        assert_eq!(evicted(disk(), 100, 1000, 11), (vec![2], true));
        assert_eq!(evicted(disk(), 100, 1000, 41), (vec![2, 3], true));
        assert_eq!(evicted(disk(), 100, 1000, 100), (vec![2, 3, 1], true));
        assert_eq!(evicted(disk(), 100, 1000, 101), (vec![2, 3, 1], false), "more than the quota");
    }

    #[test]
    fn the_reserve_stays_free_whatever_the_quota_says() {
        let disk = || vec![occupant(1, 30, 300), occupant(2, 30, 100)];
        assert_eq!(evicted(disk(), 1000, 30, 20), (vec![], true));
        assert_eq!(evicted(disk(), 1000, 30, 21), (vec![2], true));
        assert_eq!(evicted(disk(), 1000, 5, 0), (vec![2], true), "also when nothing is to come");
        assert_eq!(evicted(vec![], 1000, 9, 0), (vec![], false));
    }

    #[test]
    fn what_is_watched_or_kept_stays_and_counts_with_what_it_may_still_need() {
        let watched = Occupant { is_watched: true, growth_bytes: 50, ..occupant(1, 10, 100) };
        let kept = Occupant { is_protected: true, ..occupant(2, 20, 100) };
        let disk = || vec![watched.clone(), kept.clone(), occupant(3, 20, 200)];
        assert_eq!(evicted(disk(), 100, 1000, 0), (vec![], true));
        assert_eq!(evicted(disk(), 100, 1000, 20), (vec![3], true));
        assert_eq!(evicted(disk(), 100, 1000, 21), (vec![3], false));
    }
}
