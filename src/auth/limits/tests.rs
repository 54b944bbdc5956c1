use super::*;

fn rate(burst: u32, seconds: u64) -> Rate {
    Rate { burst: NonZeroU32::new(burst).unwrap(), one_per: Duration::from_secs(seconds) }
}

fn address(last: u8) -> IpAddr {
    IpAddr::from([192, 0, 2, last])
}

fn at(last: u8) -> Place<'static> {
    Place::Address(address(last))
}

fn ada() -> Username {
    Username::parse("ada").unwrap()
}

fn wait(tried: Result<(), AuthError>) -> Option<Duration> {
    match tried {
        Ok(()) => None,
        Err(AuthError::TooManyAttempts { retry_after }) => Some(retry_after),
        Err(other) => panic!("{other}"),
    }
}

#[tokio::test(start_paused = true)]
async fn an_address_gets_its_burst_and_then_one_at_a_time() {
    let limits = Limits::new(LimitSettings { per_address: rate(3, 10), ..LimitSettings::default() });
    for _ in 0..3 {
        assert_eq!(wait(limits.try_address(address(1))), None);
    }
    assert_eq!(wait(limits.try_address(address(1))), Some(Duration::from_secs(10)));
    assert_eq!(wait(limits.try_address(address(2))), None);
    tokio::time::advance(Duration::from_secs(10)).await;
    assert_eq!(wait(limits.try_address(address(1))), None);
    assert!(wait(limits.try_address(address(1))).is_some());
}

#[tokio::test(start_paused = true)]
async fn all_addresses_of_one_ipv6_network_count_as_one() {
    let limits = Limits::new(LimitSettings { per_address: rate(2, 10), ..LimitSettings::default() });
    let tries = ["2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:db8:1:2::3"];
    let waits = tries.map(|address| wait(limits.try_address(address.parse().unwrap())).is_some());
    assert_eq!(waits, [false, false, true]);
    assert_eq!(wait(limits.try_address("2001:db8:1:3::1".parse().unwrap())), None);
}

#[tokio::test(start_paused = true)]
async fn an_ipv4_address_written_as_ipv6_counts_as_the_same() {
    let limits = Limits::new(LimitSettings { per_address: rate(1, 10), ..LimitSettings::default() });
    assert_eq!(wait(limits.try_address(address(1))), None);
    assert!(wait(limits.try_address("::ffff:192.0.2.1".parse().unwrap())).is_some());
    assert_eq!(wait(limits.try_address("::ffff:192.0.2.2".parse().unwrap())), None);
}

#[tokio::test(start_paused = true)]
async fn guessing_gets_slower_the_longer_it_goes_on() {
    let limits = Limits::new(LimitSettings { per_place: [rate(2, 1), rate(4, 100)], ..LimitSettings::default() });
    let mut waits = Vec::new();
    for _ in 0..6 {
        let mut waited = Duration::ZERO;
        while let Some(retry_after) = wait(limits.try_account(&ada(), at(1))) {
            tokio::time::advance(retry_after).await;
            waited += retry_after;
        }
        waits.push(waited.as_secs());
    }
    assert_eq!(waits[..4], [0, 0, 1, 1]);
    assert!(waits[4] > 90 && waits[5] > 90, "{waits:?}");
}

#[tokio::test(start_paused = true)]
async fn a_sign_in_clears_its_place() {
    let limits = Limits::new(LimitSettings { per_place: [rate(2, 60), rate(9, 60)], ..LimitSettings::default() });
    for _ in 0..10 {
        assert_eq!(wait(limits.try_account(&ada(), at(1))), None);
        limits.succeeded(&ada(), at(1));
    }
}

#[tokio::test(start_paused = true)]
async fn guessers_elsewhere_slow_the_owner_down_but_never_at_a_place_they_signed_in_from() {
    let limits = Limits::new(LimitSettings { per_account: rate(5, 10), ..LimitSettings::default() });
    assert_eq!(wait(limits.try_account(&ada(), at(1))), None);
    limits.succeeded(&ada(), at(1));
    let guesses = (2..200).filter(|&last| wait(limits.try_account(&ada(), at(last))).is_none()).count();
    assert!(guesses <= 5, "{guesses}");
    assert_eq!(wait(limits.try_account(&ada(), at(1))), None);
    let elsewhere = wait(limits.try_account(&ada(), at(250))).unwrap();
    assert!(elsewhere <= Duration::from_secs(10), "{elsewhere:?}");
}

#[tokio::test(start_paused = true)]
async fn an_account_is_not_limited_by_attempts_at_another() {
    let limits = Limits::new(LimitSettings { per_place: [rate(1, 60), rate(1, 60)], ..LimitSettings::default() });
    assert_eq!(wait(limits.try_account(&ada(), at(1))), None);
    assert!(wait(limits.try_account(&ada(), at(1))).is_some());
    assert_eq!(wait(limits.try_account(&Username::parse("bob").unwrap(), at(1))), None);
}

#[tokio::test(start_paused = true)]
async fn the_keys_remembered_are_bounded_and_forgotten_once_they_recover() {
    let limit = Limit::new(rate(1, 10));
    let taken = (0..MAX_KEYS + 1000).filter(|number| limit.take(&number.to_string()).is_ok()).count();
    assert_eq!((taken, limit.buckets.len()), (MAX_KEYS, MAX_KEYS));
    tokio::time::advance(Duration::from_secs(60)).await;
    assert!(limit.take("somebody new").is_ok());
    assert_eq!(limit.buckets.len(), 1);
}
