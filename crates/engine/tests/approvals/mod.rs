//! Posts that wait for an approval: nothing of them is sent before it is there.

use domain::{ApprovalState, DestinationStatus, PostStatus, Span};
use store::ApprovalOutcome;

use super::common::{Act, START, Sight, World};

#[tokio::test]
async fn what_waits_stays_here_whatever_its_time() {
    let world = World::new(Sight::Clear).await;
    let due = START + Span::from_minutes(10);
    let post = world.waiting_post(&[world.account], "waits", due).await;
    world.settle().await;
    for later in [Span::from_minutes(10), Span::from_days(3)] {
        world.clock.set(due + later);
        assert_eq!(world.engine().run_once().await.unwrap(), 0);
    }
    // A new process finds nothing that its predecessor left.
    world.store.recover_leases(due).await.unwrap();
    world.settle().await;
    assert!(world.live().is_empty());
    assert_eq!(world.script.lock().unwrap().commits_sent, 0);
    let destination = world.destination(post).await;
    assert_eq!((destination.status, destination.attempts), (DestinationStatus::Queued, 0));
    assert_eq!(world.post_status(post).await, PostStatus::Scheduled);
}

#[tokio::test]
async fn a_yes_lets_it_out_at_its_time_and_a_late_one_at_once() {
    let world = World::new(Sight::Clear).await;
    let other = world.another_account().await;
    let due = START + Span::from_hours(1);
    let early = world.waiting_post(&[world.account], "approved in time", due).await;
    let late = world.waiting_post(&[other], "approved late", due).await;
    assert_eq!(world.approval_step(early, ApprovalState::Approved).await, ApprovalOutcome::Taken);
    assert_eq!(world.engine().run_once().await.unwrap(), 0, "its time has not come");
    world.settle().await;
    assert_eq!(world.destination(early).await.published_at, Some(due));
    assert_eq!(world.live(), ["approved in time"]);

    // Three days are longer than anything waits for a platform.
    let moment = due + Span::from_days(3);
    world.clock.set(moment);
    assert_eq!(world.approval_step(late, ApprovalState::Approved).await, ApprovalOutcome::Taken);
    world.settle().await;
    assert_eq!(world.destination(late).await.published_at, Some(moment));
    assert_eq!(world.live(), ["approved in time", "approved late"]);
}

#[tokio::test]
async fn a_post_that_is_sent_back_waits_again_and_one_that_has_begun_does_not() {
    let world = World::new(Sight::Clear).await;
    let due = START + Span::from_hours(1);
    let post = world.waiting_post(&[world.account], "hello", due).await;
    for state in [ApprovalState::Approved, ApprovalState::ChangesRequested] {
        assert_eq!(world.approval_step(post, state).await, ApprovalOutcome::Taken);
    }
    world.clock.set(due + Span::from_days(1));
    world.settle().await;
    assert!(world.live().is_empty());
    assert_eq!(world.approval_step(post, ApprovalState::Approved).await, ApprovalOutcome::Taken);
    world.script(|script| script.commits.push_back(Act::DieBefore));
    world.engine().run_once().await.unwrap();
    let late = world.approval_step(post, ApprovalState::ChangesRequested).await;
    assert_eq!(late, ApprovalOutcome::TooLate);
    world.settle().await;
    assert_eq!(world.live(), ["hello"]);
}

#[tokio::test]
async fn others_of_the_account_do_not_wait_behind_it() {
    let world = World::new(Sight::Clear).await;
    world.waiting_post(&[world.account], "waits", START).await;
    let post = world.post("goes", &[], START + Span::from_minutes(1)).await;
    world.settle().await;
    assert_eq!(world.live(), ["goes"]);
    assert_eq!(world.destination(post).await.status, DestinationStatus::Published);
}

#[tokio::test]
async fn what_waited_in_a_backup_is_looked_up_before_it_is_sent() {
    let world = World::new(Sight::Clear).await;
    if world.store.is_shared() {
        // A backup is an SQLite file, whatever it is restored into.
        return;
    }
    let post = world.waiting_post(&[world.account], "perhaps live", START).await;
    world.restored(START - Span::from_hours(1)).await;
    world.settle().await;
    assert_eq!(world.destination(post).await.status, DestinationStatus::Queued, "it waits still");
    world.approval_step(post, ApprovalState::Approved).await;
    world.settle().await;
    let destination = world.destination(post).await;
    assert_eq!(destination.error_code.as_deref(), Some("outcome_unknown"));
    assert_eq!(world.script.lock().unwrap().commits_sent, 0);
}
