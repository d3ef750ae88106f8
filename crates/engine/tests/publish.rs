//! Publishing through a scripted platform: every class of failure and every point of a crash.

mod approvals;
mod common;
mod deliver;
mod fairness;
mod limits;
mod metrics;
mod tokens;
mod watch;

use std::sync::Arc;

use common::{Act, SETTLE, START, Sight, World};
use domain::{Class, DestinationStatus, PostStatus, Span};

#[tokio::test]
async fn a_post_goes_out_once_and_only_when_it_is_due() {
    let world = World::new(Sight::Clear).await;
    let post = world.post("hello", &[], START + Span::from_minutes(10)).await;
    assert_eq!(world.engine().run_once().await.unwrap(), 0);
    world.settle().await;
    assert_eq!(world.live(), ["hello"]);
    let destination = world.destination(post).await;
    assert_eq!(destination.status, DestinationStatus::Published);
    assert_eq!(destination.attempts, 1);
    assert_eq!(destination.published_at, Some(START + Span::from_minutes(10)));
    assert_eq!(world.post_status(post).await, PostStatus::Published);
}

#[tokio::test]
async fn an_answer_that_is_lost_is_looked_up_and_found() {
    let world = World::new(Sight::Clear).await;
    let post = world.post("hello", &[], START).await;
    world.script(|script| script.commits.push_back(Act::LoseAnswer));
    world.settle().await;
    assert_eq!(world.live(), ["hello"]);
    assert_eq!(world.script.lock().unwrap().commits_sent, 1);
    assert_eq!(world.destination(post).await.status, DestinationStatus::Published);
}

#[tokio::test]
async fn what_is_not_there_is_sent_again_only_after_the_settle_time_and_a_second_look() {
    let world = World::new(Sight::Clear).await;
    let post = world.post("hello", &[], START).await;
    world.script(|script| script.commits.push_back(Act::Vanish));
    let engine = world.engine();
    engine.run_once().await.unwrap();
    assert_eq!(world.script.lock().unwrap().commits_sent, 1);
    world.clock.advance(Span::from_micros(SETTLE.as_micros() - 1));
    engine.run_once().await.unwrap();
    assert_eq!(world.script.lock().unwrap().commits_sent, 1, "not before it settled");
    world.settle().await;
    assert_eq!(world.live(), ["hello"]);
    let destination = world.destination(post).await;
    assert_eq!((destination.status, destination.attempts), (DestinationStatus::Published, 2));
}

#[tokio::test]
async fn where_nothing_can_be_looked_up_the_outcome_is_unknown_and_nothing_is_sent_again() {
    for act in [Act::LoseAnswer, Act::Vanish, Act::DieAfter, Act::Panic] {
        let world = World::new(Sight::Blind).await;
        let post = world.post("hello", &[], START).await;
        world.script(|script| script.commits.push_back(act.clone()));
        world.settle().await;
        assert_eq!(world.script.lock().unwrap().commits_sent, 1, "{act:?}");
        let destination = world.destination(post).await;
        assert_eq!(destination.status, DestinationStatus::Failed, "{act:?}");
        assert_eq!(destination.error_code.as_deref(), Some("outcome_unknown"), "{act:?}");
    }
}

#[tokio::test]
async fn where_the_platform_refuses_twice_the_same_is_sent_again() {
    for act in [Act::LoseAnswer, Act::Vanish, Act::DieBefore, Act::DieAfter, Act::Panic] {
        let world = World::new(Sight::RefusesTwice).await;
        let post = world.post("hello", &[], START).await;
        world.script(|script| script.commits.push_back(act.clone()));
        world.settle().await;
        assert_eq!(world.live(), ["hello"], "{act:?}");
        assert_eq!(world.destination(post).await.status, DestinationStatus::Published, "{act:?}");
    }
}

#[tokio::test]
async fn a_process_that_dies_anywhere_in_a_thread_leaves_each_part_once() {
    for at in 0..3 {
        for act in [Act::DieBefore, Act::DieAfter, Act::LoseAnswer, Act::Vanish, Act::Panic] {
            let world = World::new(Sight::Clear).await;
            let post = world.post("one", &["two", "three"], START).await;
            world.script(|script| {
                script.commits.extend(std::iter::repeat_n(Act::Work, at));
                script.commits.push_back(act.clone());
            });
            world.settle().await;
            assert_eq!(world.live(), ["one", "two", "three"], "part {at}, {act:?}");
            assert_eq!(world.destination(post).await.status, DestinationStatus::Published);
        }
    }
}

#[tokio::test]
async fn a_process_that_dies_in_a_step_does_it_again() {
    for act in [Act::DieBefore, Act::DieAfter, Act::Panic] {
        let world = World::new(Sight::Clear).await;
        let post = world.post("hello", &[], START).await;
        world.script(|script| script.steps.push_back(act.clone()));
        world.settle().await;
        assert_eq!(world.live(), ["hello"], "{act:?}");
        assert_eq!(world.destination(post).await.status, DestinationStatus::Published);
    }
}

#[tokio::test]
async fn a_passing_fault_is_tried_three_times_a_minute_and_five_apart() {
    let world = World::new(Sight::Clear).await;
    let post = world.post("hello", &[], START).await;
    world.script(|script| script.steps.extend(std::iter::repeat_n(Act::Vanish, 9)));
    world.engine().run_once().await.unwrap();
    let destination = world.destination(post).await;
    assert_eq!(destination.status, DestinationStatus::Queued);
    let next = destination.next_retry_at.unwrap().since(START);
    assert!(next >= Span::from_minutes(1) && next <= Span::from_seconds(66), "{next:?}");
    world.settle().await;
    let destination = world.destination(post).await;
    assert_eq!((destination.status, destination.attempts), (DestinationStatus::Failed, 3));
    assert_eq!(destination.error_code.as_deref(), Some("attempts_exhausted"));
    assert_eq!(world.post_status(post).await, PostStatus::Failed);
    assert!(world.live().is_empty());
}

#[tokio::test]
async fn a_rate_limit_waits_for_the_platforms_time_and_is_no_attempt() {
    let world = World::new(Sight::Clear).await;
    let post = world.post("hello", &[], START).await;
    let until = START + Span::from_minutes(15);
    let limited = Act::Refuse(Class::RateLimited { until: Some(until) });
    world.script(|script| script.commits.push_back(limited));
    world.settle().await;
    let destination = world.destination(post).await;
    assert_eq!((destination.status, destination.attempts), (DestinationStatus::Published, 1));
    assert_eq!(destination.published_at, Some(until));
}

#[tokio::test]
async fn refusals_are_final_and_say_why() {
    for (class, code) in [
        (Class::ContentRejected, "content_rejected"),
        (Class::PermissionMissing, "permission_missing"),
        (Class::MediaFailed, "media_failed"),
        (Class::AccountRestricted, "account_restricted"),
        (Class::Duplicate { existing: None }, "duplicate"),
    ] {
        let world = World::new(Sight::Clear).await;
        let post = world.post("hello", &[], START).await;
        world.script(|script| script.commits.push_back(Act::Refuse(class)));
        world.settle().await;
        let destination = world.destination(post).await;
        assert_eq!(destination.error_code.as_deref(), Some(code));
        assert_eq!((destination.status, destination.attempts), (DestinationStatus::Failed, 1));
        assert!(world.live().is_empty());
    }
}

#[tokio::test]
async fn a_refused_token_is_renewed_once_and_then_used() {
    let world = World::new(Sight::Clear).await;
    let post = world.post("hello", &[], START).await;
    world.script(|script| script.commits.push_back(Act::Refuse(Class::TokenExpired)));
    world.settle().await;
    assert_eq!(world.destination(post).await.status, DestinationStatus::Published);
    assert_eq!(world.script.lock().unwrap().refreshes_done, 1);
}

#[tokio::test]
async fn a_token_near_its_end_is_renewed_before_it_is_used() {
    let world = World::with_credentials(Sight::Clear, Some(Span::from_minutes(2))).await;
    world.post("hello", &[], START).await;
    world.settle().await;
    assert_eq!(world.live(), ["hello"]);
    assert_eq!(world.script.lock().unwrap().refreshes_done, 1);
}

#[tokio::test]
async fn a_token_that_cannot_be_renewed_needs_the_owner() {
    let world = World::new(Sight::Clear).await;
    let post = world.post("hello", &[], START).await;
    let later = world.post("later", &[], START + Span::from_minutes(1)).await;
    world.script(|script| {
        script.commits.push_back(Act::Refuse(Class::TokenExpired));
        script.refreshes.push_back(Act::Refuse(Class::TokenExpired));
    });
    world.settle().await;
    for post in [post, later] {
        let destination = world.destination(post).await;
        assert_eq!(destination.error_code.as_deref(), Some("token_expired"));
    }
    assert_eq!(world.script.lock().unwrap().commits_sent, 1, "the second never left");
    let account = world.store.find_account(world.organization, world.account, START).await.unwrap().unwrap();
    assert_eq!(account.needs_reconnection_since, Some(START));
    let events = world.store.list_events(world.organization, 100).await.unwrap();
    let needed = events.iter().filter(|event| event.kind == "account.reconnect_needed").count();
    assert_eq!(needed, 1);
}

#[tokio::test]
async fn a_renewal_that_meets_a_passing_fault_is_no_revocation() {
    let world = World::new(Sight::Clear).await;
    let post = world.post("hello", &[], START).await;
    world.script(|script| {
        script.commits.push_back(Act::Refuse(Class::TokenExpired));
        script.refreshes.push_back(Act::Refuse(Class::Transient));
    });
    world.settle().await;
    let destination = world.destination(post).await;
    assert_eq!((destination.status, destination.attempts), (DestinationStatus::Published, 2));
    let account = world.store.find_account(world.organization, world.account, START).await.unwrap().unwrap();
    assert_eq!(account.needs_reconnection_since, None);
}

#[tokio::test]
async fn a_lease_that_was_taken_over_writes_nothing_more() {
    let world = World::new(Sight::Clear).await;
    world.post("hello", &[], START).await;
    let id = |number: u128| domain::EventId(uuid::Uuid::from_u128(number));
    let until = START + Span::from_seconds(90);
    let first = world.store.claim_due("a".into(), START, until, 5, vec![id(1)]).await.unwrap().remove(0);
    let later = until + Span::from_millis(1);
    let second = world
        .store
        .claim_due("b".into(), later, later + Span::from_seconds(90), 5, vec![id(2)])
        .await
        .unwrap();
    assert_eq!(second.len(), 1);
    let outcome = store::Outcome::Continue { lease_until: later + Span::from_seconds(200) };
    let written =
        world.store.record(first.lease, first.work, outcome, None, [id(3), id(4)], later).await.unwrap();
    assert!(!written);
}

#[tokio::test]
async fn a_refusal_of_a_repeated_commit_does_not_hide_that_the_first_may_be_live() {
    for class in [Class::TokenExpired, Class::ContentRejected, Class::AccountRestricted] {
        let world = World::new(Sight::RefusesTwice).await;
        let post = world.post("hello", &[], START).await;
        world.script(|script| {
            script.commits.extend([Act::LoseAnswer, Act::Refuse(class.clone())]);
            script.refreshes.push_back(Act::Refuse(Class::TokenExpired));
        });
        world.settle().await;
        assert_eq!(world.live(), ["hello"], "{class:?}");
        let destination = world.destination(post).await;
        assert_eq!(destination.error_code.as_deref(), Some("outcome_unknown"), "{class:?}");
    }
}

#[tokio::test]
async fn a_refusal_of_a_repeated_commit_stands_where_the_first_is_seen_not_to_be_live() {
    let world = World::new(Sight::Clear).await;
    let post = world.post("hello", &[], START).await;
    world.script(|script| script.commits.extend([Act::Vanish, Act::Refuse(Class::ContentRejected)]));
    world.settle().await;
    assert!(world.live().is_empty());
    assert_eq!(world.destination(post).await.error_code.as_deref(), Some("content_rejected"));
}

#[tokio::test]
async fn an_account_that_ends_while_a_repeat_waits_does_not_hide_that_the_first_may_be_live() {
    let world = World::new(Sight::RefusesTwice).await;
    let waiting = world.post("waiting", &[], START).await;
    let other = world.post("other", &[], START + SETTLE + Span::from_seconds(30)).await;
    let until = Some(START + Span::from_hours(1));
    world.script(|script| {
        script.commits.extend([
            Act::LoseAnswer,
            Act::Refuse(Class::RateLimited { until }),
            Act::Refuse(Class::TokenExpired),
        ]);
        script.refreshes.push_back(Act::Refuse(Class::TokenExpired));
    });
    world.settle().await;
    assert_eq!(world.live(), ["waiting"]);
    assert_eq!(world.destination(other).await.error_code.as_deref(), Some("token_expired"));
    assert_eq!(world.destination(waiting).await.error_code.as_deref(), Some("outcome_unknown"));
}

#[tokio::test]
async fn a_worker_that_slept_after_the_intent_until_its_lease_was_anothers_sends_nothing() {
    // The token is renewed between the intent and the commit.
    let world = World::with_credentials(Sight::Clear, Some(Span::from_seconds(340))).await;
    world.post("hello", &[], START).await;
    let (clock, store) = (Arc::clone(&world.clock), world.store.clone());
    let moved = Arc::clone(&clock);
    world.script(|script| {
        script.during_last_step = Some(Box::new(move || {
            moved.advance(Span::from_seconds(80));
            Box::pin(async {})
        }));
        script.during_refresh = Some(Box::new(move || {
            clock.advance(Span::from_seconds(100));
            Box::pin(async move {
                let now = START + Span::from_seconds(180);
                let id = domain::EventId(uuid::Uuid::from_u128(1));
                let until = now + Span::from_seconds(90);
                let taken = store.claim_due("b".into(), now, until, 5, vec![id]).await.unwrap();
                assert!(taken[0].work.intent.is_some(), "the other worker knows that it may have gone out");
            })
        }));
    });
    world.engine().run_once().await.unwrap();
    assert_eq!(world.script.lock().unwrap().refreshes_done, 1);
    assert_eq!(world.script.lock().unwrap().commits_sent, 0, "the other worker decides now");
    world.settle().await;
    assert_eq!(world.live(), ["hello"]);
}

#[tokio::test]
async fn a_post_that_is_deleted_while_it_uploads_is_not_sent() {
    let world = World::new(Sight::Clear).await;
    let post = world.post("hello", &[], START).await;
    let id = |number: u128| domain::EventId(uuid::Uuid::from_u128(number));
    let until = START + Span::from_seconds(90);
    let claim = world.store.claim_due("a".into(), START, until, 5, vec![id(1)]).await.unwrap().remove(0);
    let event = store::NewEvent {
        id: id(9),
        kind: domain::event::EventKind::PostDeleted,
        payload: serde_json::json!({}),
    };
    world.store.delete_post(world.organization, world.workspace(), post, event, START).await.unwrap();
    let mut work = claim.work;
    work.intent = Some("{}".to_owned());
    let outcome = store::Outcome::Continue { lease_until: until };
    let written = world.store.record(claim.lease, work, outcome, None, [id(3), id(4)], START).await.unwrap();
    assert!(!written, "no permit for a deleted post");
    world.settle().await;
    assert!(world.live().is_empty());
}

#[tokio::test]
async fn one_account_is_published_to_by_one_worker_at_a_time_oldest_first() {
    let world = World::new(Sight::Clear).await;
    world.post("second", &[], START - Span::from_seconds(1)).await;
    world.post("first", &[], START - Span::from_seconds(2)).await;
    let engine = world.engine();
    assert_eq!(engine.run_once().await.unwrap(), 1);
    assert_eq!(world.live(), ["first"]);
    assert_eq!(engine.run_once().await.unwrap(), 1);
    assert_eq!(world.live(), ["first", "second"]);
}

#[tokio::test]
async fn a_refusal_of_a_repeat_says_nothing_of_the_first_request() {
    let world = World::new(Sight::RefusesTwice).await;
    let post = world.post("hello", &[], START).await;
    world.script(|script| {
        script.commits.extend([Act::LoseAnswer, Act::Refuse(Class::ContentRejected)]);
    });
    world.settle().await;
    assert_eq!(world.live(), ["hello"]);
    let destination = world.destination(post).await;
    assert_eq!(destination.status, DestinationStatus::Failed);
    assert_eq!(destination.error_code.as_deref(), Some("outcome_unknown"));
}

#[tokio::test]
async fn a_repeat_that_has_to_wait_still_learns_of_the_first_request() {
    let world = World::new(Sight::RefusesTwice).await;
    let post = world.post("hello", &[], START).await;
    let limited = Act::Refuse(Class::RateLimited { until: Some(START + Span::from_minutes(15)) });
    world.script(|script| script.commits.extend([Act::LoseAnswer, limited]));
    world.settle().await;
    assert_eq!(world.live(), ["hello"]);
    let destination = world.destination(post).await;
    assert_eq!((destination.status, destination.attempts), (DestinationStatus::Published, 2));
}

#[tokio::test]
async fn after_a_restore_a_platform_that_cannot_look_back_leaves_it_to_a_person() {
    let world = World::new(Sight::Clear).await;
    if world.store.is_shared() {
        // A backup is an SQLite file, whatever it is restored into.
        return;
    }
    let due = world.post("perhaps live", &[], START).await;
    let later = world.post("for later", &[], START + Span::from_hours(1)).await;
    world.restored(START - Span::from_hours(1)).await;
    world.settle().await;
    let destination = world.destination(due).await;
    assert_eq!(destination.status, DestinationStatus::Failed);
    assert_eq!(destination.error_code.as_deref(), Some("outcome_unknown"));
    assert!(destination.error.unwrap().contains("restored from a backup"));
    assert_eq!(world.live(), ["for later"]);
    assert_eq!(world.destination(later).await.status, DestinationStatus::Published);
}

#[tokio::test]
async fn a_post_that_takes_longer_than_a_second_says_that_it_is_going_out() {
    let world = World::new(Sight::Clear).await;
    let post = world.post("hello", &[], START).await;
    let (clock, store) = (Arc::clone(&world.clock), world.store.clone());
    let (organization, workspace) = (world.organization, world.workspace());
    let seen = Arc::new(std::sync::Mutex::new(Vec::new()));
    let noted = Arc::clone(&seen);
    world.script(|script| {
        script.during_last_step = Some(Box::new(move || {
            Box::pin(async move {
                let status =
                    async || store.find_post(organization, workspace, post).await.unwrap().unwrap().status;
                let before = status().await;
                noted.lock().unwrap().push(before);
                clock.advance(Span::from_seconds(1));
                while status().await != PostStatus::Publishing {}
                noted.lock().unwrap().push(PostStatus::Publishing);
            })
        }));
    });
    world.engine().run_once().await.unwrap();
    assert_eq!(*seen.lock().unwrap(), [PostStatus::Scheduled, PostStatus::Publishing]);
    assert_eq!(world.post_status(post).await, PostStatus::Published);
}

#[tokio::test]
async fn a_post_that_waits_for_its_platform_says_that_it_is_going_out() {
    let world = World::new(Sight::Clear).await;
    let post = world.post("hello", &[], START).await;
    world.script(|script| script.commits = [Act::Vanish].into());
    world.engine().run_once().await.unwrap();
    assert_eq!(world.destination(post).await.status, DestinationStatus::Publishing);
    assert_eq!(world.post_status(post).await, PostStatus::Publishing);
}

#[tokio::test]
async fn saying_that_a_post_is_going_out_puts_no_extension_of_its_lease_off() {
    let world = World::new(Sight::Clear).await;
    let post = world.post("hello", &[], START).await;
    let (clock, store) = (Arc::clone(&world.clock), world.store.clone());
    let (organization, workspace) = (world.organization, world.workspace());
    let extended = Arc::new(std::sync::atomic::AtomicBool::new(false));
    let noted = Arc::clone(&extended);
    world.script(|script| {
        script.during_last_step = Some(Box::new(move || {
            Box::pin(async move {
                let row = async || store.find_post(organization, workspace, post).await.unwrap().unwrap();
                // A first extension at half of the lease, and then the word about the post a moment before
                // the second one.
                clock.advance(Span::from_millis(600));
                tokio::task::yield_now().await;
                clock.advance(Span::from_millis(450));
                while row().await.status != PostStatus::Publishing {}
                clock.advance(Span::from_millis(200));
                let at = START + Span::from_millis(2_300);
                for _ in 0..500 {
                    if store.list_due_accounts("another", at, 1).await.unwrap().is_empty() {
                        noted.store(true, std::sync::atomic::Ordering::Relaxed);
                        break;
                    }
                }
            })
        }));
    });
    world.node(|config| config.lease = Span::from_millis(1_200)).run_once().await.unwrap();
    assert!(extended.load(std::sync::atomic::Ordering::Relaxed));
    assert_eq!(world.live(), ["hello"]);
}
