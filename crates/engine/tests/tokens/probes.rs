//! Asking platforms whether they still take a token.

use connector::Credentials;
use domain::{Class, Span};

use super::{HOUR, health, look, looks, reconnect_events, sent};
use crate::common::{Act, Sight, World, endless};

/// An account whose token has no end, so that only probes tell.
async fn world() -> World {
    let world = World::new(Sight::Clear).await;
    world.hold(&endless()).await;
    world
}

#[tokio::test]
async fn each_account_is_probed_about_four_times_a_day() {
    let world = world().await;
    looks(&world, 10 * 24, HOUR).await;
    let count = sent(&world).1;
    assert!((25..=60).contains(&count), "{count}");
    let quiet = self::world().await;
    let engine = quiet.node(|config| config.tokens.probe_every = None);
    for _ in 0..48 {
        engine.refresher().run_once().await.unwrap();
        quiet.clock.advance(HOUR);
    }
    assert_eq!(sent(&quiet).1, 0, "it can be turned off");
}

#[tokio::test]
async fn an_account_that_published_lately_is_left_alone() {
    let world = world().await;
    look(&world).await;
    for hour in 0..40 {
        world.post(&format!("post {hour}"), &[], net::Clock::now(world.clock.as_ref())).await;
        world.engine().run_once().await.unwrap();
        look(&world).await;
        world.clock.advance(HOUR);
    }
    assert_eq!(sent(&world).1, 0);
    looks(&world, 24, HOUR).await;
    assert!(sent(&world).1 > 0);
}

#[tokio::test]
async fn a_token_that_was_revoked_is_found_before_the_next_publish() {
    let world = world().await;
    world.script(|script| script.probes.push_back(Act::Refuse(Class::TokenExpired)));
    looks(&world, 24, HOUR).await;
    let row = world.account_row().await;
    assert_eq!(row.needs_reconnection_reason.as_deref(), Some("Fake refused the account's access."));
    assert_eq!((reconnect_events(&world).await, sent(&world).1), (1, 1));
    assert!(!health(&world).await.can_post());
}

#[tokio::test]
async fn a_refused_token_that_can_be_renewed_is_renewed_first() {
    let renewable = Credentials { refresh_token: Some("r".into()), ..endless() };
    let world = world().await;
    world.hold(&renewable).await;
    world.script(|script| script.probes.push_back(Act::Refuse(Class::TokenExpired)));
    looks(&world, 12, HOUR).await;
    assert_eq!((reconnect_events(&world).await, world.script.lock().unwrap().refreshes_done > 0), (0, true));
    assert!(health(&world).await.can_post());

    let dead = self::world().await;
    dead.hold(&renewable).await;
    dead.script(|script| {
        script.probes.push_back(Act::Refuse(Class::TokenExpired));
        script.refreshes.push_back(Act::Refuse(Class::TokenExpired));
    });
    looks(&dead, 12, HOUR).await;
    assert_eq!((reconnect_events(&dead).await, sent(&dead).0), (1, 1));
}

#[tokio::test]
async fn other_failures_of_a_probe_change_nothing() {
    for class in [
        Class::Transient,
        Class::Ambiguous,
        Class::PermissionMissing,
        Class::AccountRestricted,
        Class::RateLimited { until: None },
    ] {
        let world = world().await;
        let before = world.account_row().await;
        world.script(|script| script.probes.extend(std::iter::repeat_n(Act::Refuse(class.clone()), 500)));
        looks(&world, 10 * 24, HOUR).await;
        assert_eq!(world.account_row().await, before, "{class:?}");
        let count = sent(&world).1;
        assert!((20..=240).contains(&count), "{class:?}: {count}");
    }
}

#[tokio::test]
async fn a_name_and_a_picture_that_changed_are_taken_over() {
    let world = world().await;
    world.script(|script| script.shown = Some(("Northlight Studios", "https://fake.example/b.jpg")));
    looks(&world, 12, HOUR).await;
    let row = world.account_row().await;
    assert_eq!(row.display_name, "Northlight Studios");
    assert_eq!(row.avatar_url.as_deref(), Some("https://fake.example/b.jpg"));
}

#[tokio::test]
async fn accounts_are_probed_at_different_times() {
    let world = world().await;
    for _ in 0..40 {
        world.another_account().await;
    }
    let mut most = 0;
    let mut before = 0;
    for _ in 0..(2 * 24 * 4) {
        look(&world).await;
        let count = sent(&world).1;
        most = most.max(count - before);
        before = count;
        world.clock.advance(Span::from_minutes(15));
    }
    assert!(before >= 41 * 5, "{before}");
    assert!(most <= 12, "not all at once: {most}");
}
