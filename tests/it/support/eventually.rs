//! Waiting for a fact instead of for an amount of time.

use std::time::{Duration, Instant};

/// Longer than anything on loopback takes, also on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);

const PAUSE: Duration = Duration::from_millis(20);

/// Asks until the answer is there. Fails the test, saying `what` was awaited, when patience runs out.
pub async fn eventually<T>(what: &str, mut answer: impl AsyncFnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(answer) = answer().await {
            return answer;
        }
        assert!(Instant::now() < deadline, "waited {PATIENCE:?} in vain for {what}");
        tokio::time::sleep(PAUSE).await;
    }
}

#[tokio::test]
async fn eventually_asks_until_there_is_an_answer() {
    let mut asked = 0;
    let answer = eventually("the third question", async || {
        asked += 1;
        (asked == 3).then_some("here")
    })
    .await;
    assert_eq!((answer, asked), ("here", 3));
}
