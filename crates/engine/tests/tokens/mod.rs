//! The refresher: renewals before the end, probes, and what becomes of failures.

#![expect(clippy::unwrap_used, reason = "a test's set-up may panic")]

mod probes;

use connector::Credentials;
use domain::{AccountHealth, Class, DestinationStatus, Span, Timestamp};
use fanfare_engine::TokensReport;
use net::Clock as _;

use crate::common::{Act, START, Sight, World, endless};

const SECOND: Span = Span::from_seconds(1);
const MINUTE: Span = Span::from_minutes(1);
const HOUR: Span = Span::from_hours(1);
const DAY: Span = Span::from_days(1);

/// One look of a node's refresher, with all that follows from it.
async fn look(world: &World) -> TokensReport {
    world.engine().refresher().run_once().await.unwrap()
}

/// Looks so often and so far apart.
async fn looks(world: &World, count: i64, apart: Span) {
    for _ in 0..count {
        look(world).await;
        world.clock.advance(apart);
    }
}

async fn reconnect_events(world: &World) -> usize {
    let events = world.store.list_events(world.organization, 1_000).await.unwrap();
    events.iter().filter(|event| event.kind == "account.reconnect_needed").count()
}

fn sent(world: &World) -> (usize, usize) {
    let script = world.script.lock().unwrap();
    (script.refreshes_sent, script.probes_sent)
}

async fn health(world: &World) -> AccountHealth {
    let now = net::Clock::now(world.clock.as_ref());
    AccountHealth::judge(&world.account_row().await.health_facts(), now)
}

fn meta(lasts: Span) -> Credentials {
    Credentials { access_expires_at: Some(START + lasts), renews_itself: true, ..endless() }
}

#[tokio::test]
async fn access_is_renewed_shortly_before_its_end_and_not_earlier() {
    let world = World::new(Sight::Clear).await;
    looks(&world, 110, MINUTE).await;
    assert_eq!(sent(&world).0, 0, "it has ten minutes yet");
    looks(&world, 6, MINUTE).await;
    assert_eq!(sent(&world).0, 1);
    let renewed_at = world.account_row().await.last_refresh_at.unwrap();
    assert!(renewed_at > START + MINUTE.times(111) && renewed_at < START + MINUTE.times(116));
    assert!(world.held().await.access_expires_at.unwrap() > START + HOUR.times(3));
    looks(&world, 24 * 60, MINUTE).await;
    let count = sent(&world).0;
    assert!((12..=15).contains(&count), "about every two hours, and no more: {count}");
    assert_eq!(reconnect_events(&world).await, 0);
}

#[tokio::test]
async fn a_platform_that_fails_is_no_revocation_and_is_asked_again_with_growing_pauses() {
    let world = World::with_credentials(Sight::Clear, Some(Span::from_minutes(3))).await;
    for act in [Act::Refuse(Class::Transient), Act::LoseAnswer, Act::Vanish, Act::Refuse(Class::Ambiguous)] {
        world.script(|script| script.refreshes.extend(std::iter::repeat_n(act.clone(), 8)));
    }
    looks(&world, 12 * 60, MINUTE).await;
    let row = world.account_row().await;
    assert_eq!((row.needs_reconnection_since, reconnect_events(&world).await), (None, 0));
    assert!(health(&world).await.can_post());
    let count = sent(&world).0;
    assert!((15..=32).contains(&count), "with pauses: {count}");
    looks(&world, 12 * 60, MINUTE).await;
    assert!(world.script.lock().unwrap().refreshes_done > 0, "and in the end it works");
}

#[tokio::test]
async fn a_limited_platform_is_asked_again_when_it_says() {
    let world = World::with_credentials(Sight::Clear, Some(Span::from_minutes(3))).await;
    let until = START + HOUR.times(2);
    world.script(|script| {
        script.refreshes.push_back(Act::Refuse(Class::RateLimited { until: Some(until) }));
    });
    looks(&world, 120, MINUTE).await;
    assert_eq!(sent(&world).0, 1);
    look(&world).await;
    assert_eq!(sent(&world).0, 2);
}

#[tokio::test]
async fn who_is_told_that_a_token_was_used_takes_what_another_renewer_has_stored() {
    let world = World::with_credentials(Sight::Clear, Some(HOUR)).await;
    world.post("hello", &[], START).await;
    let (store, organization, account) = (world.store.clone(), world.organization, world.account);
    let version = store.find_credentials(organization, account).await.unwrap().unwrap().version;
    world.script(|script| {
        script.steps.push_back(Act::Refuse(Class::TokenExpired));
        script.refreshes.push_back(Act::Refuse(Class::TokenExpired));
        script.during_refresh = Some(Box::new(move || {
            Box::pin(async move {
                let newer = serde_json::to_vec(&connector::Credentials::lasting("newer".into())).unwrap();
                let stored =
                    store.record_refresh(organization, account, version, &newer, [3; 24], None, START);
                assert!(stored.await.unwrap());
            })
        }));
    });
    world.settle().await;
    assert_eq!(world.live(), ["hello"]);
    assert_eq!(
        (world.account_row().await.needs_reconnection_since, reconnect_events(&world).await),
        (None, 0)
    );
}

#[tokio::test]
async fn access_that_is_revoked_is_found_by_its_renewal_and_told_once() {
    let world = World::with_credentials(Sight::Clear, Some(Span::from_minutes(3))).await;
    world.script(|script| script.refreshes.push_back(Act::Refuse(Class::TokenExpired)));
    looks(&world, 180, MINUTE).await;
    let row = world.account_row().await;
    assert!(row.needs_reconnection_since.is_some());
    assert_eq!(row.needs_reconnection_reason.as_deref(), Some("Fake said no."));
    assert_eq!((sent(&world).0, reconnect_events(&world).await), (1, 1));
    let post = world.post("too late", &[], START).await;
    world.settle().await;
    assert_eq!(world.destination(post).await.error_code.as_deref(), Some("token_expired"));
    world.hold(&Credentials { refresh_token: Some("new".into()), ..meta(DAY) }).await;
    assert!(health(&world).await.can_post(), "the owner came back");
    looks(&world, 30, HOUR).await;
    assert!(sent(&world).0 > 1, "and it is looked after again");
}

#[tokio::test]
async fn two_nodes_and_a_publish_that_renew_at_once_use_one_renewal() {
    let world = World::with_credentials(Sight::Clear, Some(Span::from_minutes(2))).await;
    let post = world.post("hello", &[], START).await;
    world.clock.advance(MINUTE);
    let (first, second, publisher) = (world.engine(), world.engine(), world.engine());
    let (mut first, mut second) = (first.refresher(), second.refresher());
    // A claim passes by an account whose row a refresher is writing, and the loop comes again.
    let publish = async {
        for _ in 0..1_000 {
            if publisher.run_once().await.unwrap() == 1 {
                return;
            }
        }
        panic!("the post is never claimed");
    };
    let renewals = async { tokio::join!(first.run_once(), second.run_once(), publish) };
    // Whoever waits for another's renewal looks again after a moment. Until that renewal is recorded
    // time stands still, and then no more passes than such looks wait for: no lease and no access
    // runs out meanwhile, however slow the database is.
    let time_passes = async {
        loop {
            let is_renewed = world.account_row().await.last_refresh_at.is_some();
            let now = world.clock.now();
            let is_near = |wait: &Timestamp| is_renewed && *wait > now && wait.since(now) < SECOND;
            if let Some(look) = world.clock.first_wait().filter(is_near) {
                world.clock.set(look);
            }
        }
    };
    let (one, two, ()) = tokio::select! {
        done = renewals => done,
        () = time_passes => unreachable!("time does not end"),
    };
    one.unwrap();
    two.unwrap();
    assert_eq!(world.script.lock().unwrap().refreshes_done, 1);
    assert_eq!(world.destination(post).await.status, DestinationStatus::Published);
}

#[tokio::test]
async fn a_renewal_that_brings_the_same_token_is_none() {
    let world = World::with_credentials(Sight::Clear, Some(Span::from_minutes(90))).await;
    // A life that is told in seconds comes back a little different.
    world.script(|script| {
        script.renewed = Some(|held, _| Credentials {
            access_expires_at: held.access_expires_at.map(|end| end + Span::from_seconds(1)),
            ..held.clone()
        });
    });
    looks(&world, 89, MINUTE).await;
    assert_eq!(world.account_row().await.last_refresh_at, None);
    let after_looks = sent(&world).0;
    assert!((1..=2).contains(&after_looks), "{after_looks}");
    world.post("one", &["two", "three", "four"], START).await;
    world.engine().run_once().await.unwrap();
    assert_eq!(world.live().len(), 4);
    assert!(sent(&world).0 <= after_looks + 1, "not at every step");
    world.script(|script| script.renewed = None);
    looks(&world, 8, HOUR).await;
    assert!(world.account_row().await.last_refresh_at.is_some(), "it is tried again later");
}

#[tokio::test]
async fn a_token_that_renews_itself_is_renewed_weekly_and_lives_on() {
    let world = World::new(Sight::Clear).await;
    world.hold(&meta(DAY.times(60))).await;
    world.script(|script| {
        script.renewed = Some(|held, now| Credentials {
            access_token: format!("{}+", held.access_token),
            access_expires_at: Some(now + DAY.times(60)),
            ..held.clone()
        });
    });
    looks(&world, 23, HOUR).await;
    assert_eq!(sent(&world).0, 0, "it has to be a day old");
    for _ in 0..180 {
        look(&world).await;
        assert_eq!(health(&world).await.reasons, []);
        world.clock.advance(DAY);
    }
    let count = sent(&world).0;
    assert!((18..=32).contains(&count), "about weekly: {count}");
}

#[tokio::test]
async fn a_token_that_nothing_renews_warns_a_week_before_and_tells_its_end() {
    let world = World::new(Sight::Clear).await;
    world.hold(&Credentials { access_expires_at: Some(START + DAY.times(60)), ..endless() }).await;
    looks(&world, 52, DAY).await;
    assert_eq!(health(&world).await.reasons, []);
    looks(&world, 2, DAY).await;
    let reasons = |health: AccountHealth| health.reasons.iter().map(|it| it.as_str()).collect::<Vec<_>>();
    assert_eq!(reasons(health(&world).await), ["token_expiring_soon"]);
    looks(&world, 7, DAY).await;
    assert_eq!(reasons(health(&world).await), ["needs_reconnection", "token_expired"]);
    assert_eq!((sent(&world).0, reconnect_events(&world).await), (0, 1));
}

#[tokio::test]
async fn a_token_without_an_end_and_an_app_password_never_warn() {
    for credentials in [
        endless(),
        Credentials {
            secret: Some("app".into()),
            access_expires_at: Some(START + HOUR),
            refresh_expires_at: Some(START + DAY),
            refresh_token: Some("r".into()),
            ..endless()
        },
    ] {
        let world = World::new(Sight::Clear).await;
        world.hold(&credentials).await;
        world.script(|script| {
            script.renewed = Some(|held, now| Credentials {
                access_expires_at: Some(now + HOUR.times(2)),
                ..held.clone()
            });
        });
        for _ in 0..70 {
            look(&world).await;
            assert_eq!(health(&world).await.reasons, []);
            world.clock.advance(DAY);
        }
        assert_eq!(reconnect_events(&world).await, 0);
    }
}

#[tokio::test]
async fn what_stops_in_the_middle_of_a_renewal_is_tried_again_by_another_node() {
    let world = World::with_credentials(Sight::Clear, Some(Span::from_minutes(3))).await;
    world.script(|script| script.refreshes.push_back(Act::DieBefore));
    // Whoever needs the token meanwhile waits until the right to renew has lapsed.
    let time_passes = async {
        loop {
            world.account_row().await;
            world.clock.advance(Span::from_millis(100));
        }
    };
    tokio::select! {
        () = looks(&world, 20, MINUTE) => {}
        () = time_passes => {}
    }
    assert!(world.script.lock().unwrap().refreshes_done >= 1);
    assert_eq!(reconnect_events(&world).await, 0);
    let row = world.account_row().await;
    assert!(row.last_refresh_at.is_some_and(|at: Timestamp| at > START));
}
