//! Whose posts go out when not all of them can at once.

use std::time::Duration;

use domain::{DestinationStatus, Span};

use crate::common::{Act, START, Sight, World};

/// How long something that has to happen is waited for: only a failure takes that long.
const PATIENCE: Duration = Duration::from_secs(20);

#[tokio::test]
async fn a_platform_that_does_not_answer_leaves_room_for_the_others() {
    let world = World::new(Sight::Clear).await;
    world.script(|script| script.steps = std::iter::repeat_n(Act::Hang, 20).collect());
    for _ in 0..20 {
        let account = world.another_account().await;
        world.post_to(account, "hangs", &[], START).await;
    }
    let other = world.other_account().await;
    let post = world.post_to(other, "goes out", &[], START + Span::from_seconds(30)).await;
    let engine = world.node(|config| config.capacity = 8);
    let running = tokio::spawn(engine.run(std::future::pending()));
    let not_begun = || world.script.lock().unwrap().steps.len();
    let going_out = async {
        while not_begun() > 14 {
            tokio::task::yield_now().await;
        }
        world.clock.advance(Span::from_seconds(30));
        while world.destination(post).await.status != DestinationStatus::Published {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, going_out).await.expect("the other platform's post goes out");
    assert_eq!(not_begun(), 14, "six of the eight places are one platform's at most");
    running.abort();
    assert!(running.await.unwrap_err().is_cancelled());
}
