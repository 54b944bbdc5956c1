use super::*;
use crate::gateway::tests::films::{Film, Then};
use std::task::Waker;

fn connection() -> Connection {
    Connection::new("127.0.0.1:4711".parse().unwrap(), CancellationToken::new())
}

fn body(film: &Film, connection: &Connection) -> VideoBody {
    VideoBody::new(film.lease(), 0..film.len_bytes, film.closed.clone(), connection.clone())
}

async fn next(body: &mut VideoBody) -> Option<Result<Bytes, BodyError>> {
    let frame = std::future::poll_fn(|context| Pin::new(&mut *body).poll_frame(context)).await?;
    Some(frame.map(|frame| frame.into_data().unwrap()))
}

async fn pass(duration: Duration) {
    tokio::time::sleep(duration).await;
    // Lets the watch, which woke in the same instant, do its work.
    tokio::task::yield_now().await;
}

const JUST_BEFORE: Duration = Duration::from_millis(14_990);

#[tokio::test(start_paused = true)]
async fn a_reader_is_parked_once_its_client_has_paused_for_15_seconds() {
    let film = Film::whole(1_000_000);
    let mut body = body(&film, &connection());
    next(&mut body).await.unwrap().unwrap();
    pass(JUST_BEFORE).await;
    assert_eq!(film.counts.parks(), 0);
    pass(Duration::from_millis(20)).await;
    assert_eq!(film.counts.parks(), 1);
    pass(Duration::from_secs(6 * 60 * 60)).await;
    assert_eq!(film.counts.parks(), 1);
    assert_eq!(film.counts.open_leases(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_player_that_goes_on_and_pauses_again_is_parked_again() {
    let film = Film::whole(1_000_000);
    let mut body = body(&film, &connection());
    next(&mut body).await.unwrap().unwrap();
    pass(Duration::from_secs(20)).await;
    next(&mut body).await.unwrap().unwrap();
    pass(JUST_BEFORE).await;
    assert_eq!(film.counts.parks(), 1);
    pass(Duration::from_millis(20)).await;
    assert_eq!(film.counts.parks(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_client_that_waits_for_the_swarm_is_not_paused() {
    let film = Film::partial(1_000_000, 1000, Then::Wait);
    let mut body = body(&film, &connection());
    next(&mut body).await.unwrap().unwrap();
    let waiting = tokio::spawn(async move { next(&mut body).await });
    pass(Duration::from_secs(60)).await;
    assert!(!waiting.is_finished());
    assert_eq!(film.counts.parks(), 0);
}

#[tokio::test]
async fn the_first_chunk_goes_out_before_a_second_is_read() {
    let film = Film::whole(1_000_000);
    let mut body = body(&film, &connection());
    next(&mut body).await.unwrap().unwrap();
    let mut context = Context::from_waker(Waker::noop());
    assert!(Pin::new(&mut body).poll_frame(&mut context).is_pending());
    assert_eq!(film.counts.chunks(), 1);
    next(&mut body).await.unwrap().unwrap();
    assert_eq!(film.counts.chunks(), 2);
}

#[tokio::test]
async fn nothing_is_read_ahead_of_the_client() {
    let film = Film::whole(1_000_000);
    let mut body = body(&film, &connection());
    assert_eq!(film.counts.chunks(), 0);
    next(&mut body).await.unwrap().unwrap();
    tokio::task::yield_now().await;
    assert_eq!(film.counts.chunks(), 1);
}

#[tokio::test]
async fn a_source_that_ends_too_soon_is_an_error() {
    let film = Film { len_bytes: 1000, ..Film::partial(1000, 600, Then::End) };
    let mut body = body(&film, &connection());
    assert_eq!(next(&mut body).await.unwrap().unwrap().len(), 600);
    assert!(matches!(next(&mut body).await, Some(Err(BodyError::WrongLength))));
}

#[tokio::test]
async fn closing_and_stopping_cut_the_connection() {
    for is_closing in [true, false] {
        let (film, connection) = (Film::whole(1000), connection());
        let _body = body(&film, &connection);
        if is_closing {
            film.closed.cancel()
        } else {
            connection.stopping.cancel()
        }
        tokio::time::timeout(Duration::from_secs(2), connection.wait_until_cut()).await.unwrap();
    }
}
