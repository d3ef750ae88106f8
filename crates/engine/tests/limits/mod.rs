//! What a platform limits: caps, budgets that its answers tell of, publishes at a time.

use connector::{BudgetHeaders, Calls, Holder, PlatformLimits, PlatformSpec, ResetForm};
use domain::caps::{Cap, CapWindow, Counts};
use domain::{Class, DestinationStatus, Span, Timestamp};
use fanfare_engine::Engine;

use crate::common::{Act, START, World, platform};

const QUARTER: Span = Span::from_minutes(15);

static CAPPED: PlatformSpec =
    platform("fake", PlatformLimits { caps: &[Cap::parts_in(3, QUARTER)], ..PlatformLimits::UNKNOWN });
static DAILY: PlatformSpec = platform(
    "fake",
    PlatformLimits {
        caps: &[Cap { count: 1, window: CapWindow::Day("America/New_York"), counts: Counts::Posts }],
        ..PlatformLimits::UNKNOWN
    },
);
static ACCOUNT_BUDGET: PlatformSpec = platform("fake", budget(Holder::Account));
static APP_BUDGET: PlatformSpec = platform("fake", budget(Holder::App));
static TWO_AT_ONCE: PlatformSpec =
    platform("fake", PlatformLimits { at_once_per_app: Some(2), ..PlatformLimits::UNKNOWN });

const fn budget(holder: Holder) -> PlatformLimits {
    const ACCOUNT: &[BudgetHeaders] = &[headers(Holder::Account)];
    const APP: &[BudgetHeaders] = &[headers(Holder::App)];
    let budgets = match holder {
        Holder::Account => ACCOUNT,
        Holder::App => APP,
    };
    PlatformLimits { budgets, ..PlatformLimits::UNKNOWN }
}

const fn headers(holder: Holder) -> BudgetHeaders {
    BudgetHeaders {
        name: "posts",
        holder,
        calls: Calls::PostTo("/posts"),
        each: 1,
        limit: "x-limit",
        remaining: "x-left",
        reset: "x-reset",
        reset_is: ResetForm::EpochSeconds,
    }
}

fn left(remaining: u32, reset_at: Timestamp) -> Vec<(&'static str, String)> {
    vec![
        ("x-limit", "100".to_owned()),
        ("x-left", remaining.to_string()),
        ("x-reset", reset_at.as_seconds().to_string()),
    ]
}

/// Runs a node until it finds nothing more to do at this moment.
#[expect(clippy::unwrap_used, reason = "a test may fail here")]
async fn exhaust(engine: &Engine) {
    for _ in 0..50 {
        if engine.run_once().await.unwrap() == 0 {
            return;
        }
    }
    panic!("the node never came to rest");
}

#[tokio::test]
async fn what_is_over_the_cap_waits_for_the_window_and_keeps_its_order_and_its_attempts() {
    let world = World::limited(&CAPPED).await;
    let mut posts = Vec::new();
    for text in ["d", "c", "b", "a", "e"] {
        // Made in another order than they are due: the later the letter, the earlier.
        let early = Span::from_seconds(i64::from(text.as_bytes()[0]));
        posts.push(world.post(text, &[], START - early).await);
    }
    exhaust(&world.engine()).await;
    assert_eq!(world.live(), ["e", "d", "c"], "the longest due first, and three of them");
    let waiting = world.destination(posts[2]).await;
    let opens = START + QUARTER;
    assert_eq!((waiting.status, waiting.attempts), (DestinationStatus::Queued, 0));
    assert_eq!(waiting.next_retry_at, Some(opens));
    let error = waiting.error.unwrap();
    assert_eq!(
        error,
        format!(
            "Fake limits an account to 3 posts in 15 minutes, and that is reached. It goes out at {opens}."
        )
    );
    // Due meanwhile, and planned before what waits.
    world.clock.advance(Span::from_minutes(5));
    world.post("late", &[], START + Span::from_minutes(4)).await;
    exhaust(&world.engine()).await;
    assert_eq!(world.live().len(), 3);
    world.clock.set(opens - Span::from_micros(1));
    exhaust(&world.engine()).await;
    assert_eq!(world.live().len(), 3, "not a moment too early");
    world.settle().await;
    assert_eq!(world.live(), ["e", "d", "c", "b", "a", "late"]);
    let gone = world.destination(posts[2]).await;
    assert_eq!((gone.published_at, gone.attempts), (Some(opens), 1));
}

#[tokio::test]
async fn a_thread_is_not_begun_when_its_parts_do_not_fit() {
    let world = World::limited(&CAPPED).await;
    world.post("one", &["two"], START).await;
    let thread = world.post("three", &["four"], START).await;
    exhaust(&world.engine()).await;
    assert_eq!(world.live(), ["one", "two"]);
    assert_eq!(world.destination(thread).await.next_retry_at, Some(START + QUARTER));
    world.settle().await;
    assert_eq!(world.live(), ["one", "two", "three", "four"]);
}

#[tokio::test]
async fn a_cap_by_the_day_opens_at_midnight_of_its_zone_and_outlives_a_restart() {
    let world = World::limited(&DAILY).await;
    world.post("today", &[], START).await;
    world.settle().await;
    let post = world.post("tomorrow", &[], START).await;
    // A new process knows what the database knows.
    exhaust(&world.engine()).await;
    let midnight = Timestamp::parse("2027-01-16T00:00:00-05:00").unwrap();
    assert_eq!(world.destination(post).await.next_retry_at, Some(midnight));
    world.settle().await;
    assert_eq!(world.destination(post).await.published_at, Some(midnight));
}

#[tokio::test]
async fn a_cap_that_holds_something_back_for_too_long_fails_it_and_says_why() {
    let world = World::limited(&DAILY).await;
    let mut posts = Vec::new();
    for (text, seconds) in [("1", 0), ("2", 1), ("3", 2), ("4", 3)] {
        posts.push(world.post(text, &[], START + Span::from_seconds(seconds)).await);
    }
    world.settle().await;
    assert_eq!(world.live(), ["1", "2", "3"], "the fourth would be more than two days late");
    let failed = world.destination(posts[3]).await;
    assert_eq!(failed.error_code.as_deref(), Some("quota_exhausted"));
    assert_eq!(failed.error.as_deref(), Some("Fake limits an account to 1 post a day, and that is reached."));
}

#[tokio::test]
async fn caps_are_not_kept_where_they_are_switched_off() {
    let world = World::limited(&CAPPED).await;
    for text in ["a", "b", "c", "d"] {
        world.post(text, &[], START).await;
    }
    exhaust(&world.node(|config| config.limits.counted = false)).await;
    assert_eq!(world.live().len(), 4);
}

#[tokio::test]
async fn an_account_whose_bucket_is_empty_rests_and_another_goes_on() {
    let world = World::limited(&ACCOUNT_BUDGET).await;
    let other = world.another_account().await;
    let reset_at = START + Span::from_minutes(7);
    world.script(|script| script.headers.push_back(left(0, reset_at)));
    world.post("mine 1", &[], START - Span::from_seconds(3)).await;
    let waiting = world.post("mine 2", &[], START - Span::from_seconds(2)).await;
    exhaust(&world.engine()).await;
    world.post_to(other, "another's", &[], START).await;
    // A new process and a second node alike.
    exhaust(&world.engine()).await;
    assert_eq!(world.live(), ["mine 1", "another's"]);
    let destination = world.destination(waiting).await;
    assert_eq!((destination.next_retry_at, destination.attempts), (Some(reset_at), 0));
    world.settle().await;
    assert_eq!(world.live(), ["mine 1", "another's", "mine 2"]);
    assert_eq!(world.destination(waiting).await.published_at, Some(reset_at));
}

#[tokio::test]
async fn two_nodes_share_an_apps_bucket() {
    let world = World::limited(&APP_BUDGET).await;
    let other = world.another_account().await;
    let reset_at = START + Span::from_minutes(7);
    let node = || world.node(|config| config.limits.shared = true);
    let (first, second) = (node(), node());
    world.script(|script| script.headers.extend([left(50, reset_at), left(0, reset_at)]));
    world.post("1", &[], START).await;
    exhaust(&second).await;
    world.post("2", &[], START).await;
    exhaust(&first).await;
    assert_eq!(world.live(), ["1", "2"]);
    let waiting = world.post_to(other, "3", &[], START).await;
    exhaust(&second).await;
    let destination = world.destination(waiting).await;
    assert_eq!((destination.next_retry_at, destination.attempts), (Some(reset_at), 0));
    assert!(
        destination.error.unwrap().starts_with("Fake takes no more posts from this server's app for now.")
    );
    world.clock.set(reset_at);
    exhaust(&second).await;
    assert_eq!(world.live(), ["1", "2", "3"]);
}

#[tokio::test]
async fn a_thread_stops_between_its_parts_when_the_bucket_is_empty_and_goes_on_later() {
    let world = World::limited(&ACCOUNT_BUDGET).await;
    let reset_at = START + Span::from_minutes(7);
    world.script(|script| script.headers.extend([left(1, reset_at), left(0, reset_at)]));
    let post = world.post("one", &["two", "three"], START).await;
    exhaust(&world.engine()).await;
    assert_eq!(world.live(), ["one", "two"]);
    world.settle().await;
    assert_eq!(world.live(), ["one", "two", "three"]);
    assert_eq!(world.destination(post).await.published_at, Some(reset_at));
    assert_eq!(world.script.lock().unwrap().commits_sent, 3);
}

#[tokio::test]
async fn a_refusal_lets_the_whole_account_wait_in_order() {
    let world = World::limited(&CAPPED).await;
    let until = START + Span::from_minutes(2);
    world.script(|script| script.commits.push_back(Act::Refuse(Class::RateLimited { until: Some(until) })));
    world.post("1", &[], START - Span::from_seconds(2)).await;
    world.post("2", &[], START - Span::from_seconds(1)).await;
    exhaust(&world.engine()).await;
    assert_eq!(world.script.lock().unwrap().commits_sent, 1, "the second was not tried");
    world.settle().await;
    assert_eq!(world.live(), ["1", "2"]);
}

#[tokio::test]
async fn an_unknown_outcome_is_looked_up_although_the_account_rests() {
    let world = World::limited(&ACCOUNT_BUDGET).await;
    let reset_at = START + Span::from_hours(7);
    let post = world.post("hello", &[], START).await;
    world.script(|script| {
        script.commits.push_back(Act::DieAfter);
        script.headers.push_back(left(0, reset_at));
    });
    exhaust(&world.engine()).await;
    world.settle().await;
    let destination = world.destination(post).await;
    assert_eq!(destination.status, DestinationStatus::Published);
    assert!(destination.published_at.unwrap() < reset_at);
}

#[tokio::test]
async fn no_more_is_under_way_through_an_app_than_it_has_slots_over_all_nodes() {
    let world = World::limited(&TWO_AT_ONCE).await;
    for number in 0..12 {
        let account = world.another_account().await;
        world.post_to(account, &number.to_string(), &[], START).await;
    }
    let nodes =
        [world.node(|config| config.limits.shared = true), world.node(|config| config.limits.shared = true)];
    for _ in 0..20 {
        let (one, two) = tokio::join!(nodes[0].run_once(), nodes[1].run_once());
        if one.unwrap() + two.unwrap() == 0 {
            world.clock.advance(Span::from_seconds(1));
        }
    }
    assert_eq!(world.live().len(), 12);
    let most = world.script.lock().unwrap().most_at_once;
    assert!((1..=2).contains(&most), "{most}");
}
