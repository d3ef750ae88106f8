//! Deliveries to receivers that do what a script says: every kind of answer, order, leases and a
//! process that dies. The clock stands still; only receivers that hang use real time, and little.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::sync::Arc;
use std::time::Duration;

use domain::event::EventKind;
use domain::webhook::DeliveryStatus;
use domain::{Span, Timestamp, WebhookId};
use fanfare_engine::{Engine, Wake};
use hmac::{Hmac, KeyInit as _, Mac as _};
use net::Clock as _;
use sha2::Sha256;
use testkit::{Reaction, Received, Receiver};
use tokio::sync::Semaphore;

use crate::common::{SECRET, START, Sight, World};

/// How long a receiver that hangs is waited for.
const BRIEF: Duration = Duration::from_millis(150);
const MINUTE: Span = Span::from_minutes(1);

async fn deliver(engine: &Engine) -> usize {
    engine.deliverer(Wake::default()).run_once().await.unwrap()
}

fn node(world: &World) -> Engine {
    world.delivering(true, |config| config.deliver.timeout = BRIEF)
}

async fn world_with(receiver: &Receiver) -> (World, WebhookId) {
    let world = World::new(Sight::Clear).await;
    let webhook = world.webhook(&receiver.url).await;
    (world, webhook)
}

fn is_signed(received: &Received) -> bool {
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(received.body.as_bytes());
    let signature = received.header("x-posteverywhere-signature").strip_prefix("sha256=").unwrap();
    let byte = |at: usize| u8::from_str_radix(&signature[at..at + 2], 16).unwrap();
    let bytes: Vec<u8> = (0..signature.len()).step_by(2).map(byte).collect();
    signature == signature.to_ascii_lowercase() && mac.verify_slice(&bytes).is_ok()
}

#[tokio::test]
async fn a_post_is_told_of_step_by_step_signed_and_in_order() {
    let receiver = Receiver::start().await;
    let (world, webhook) = world_with(&receiver).await;
    let engine = node(&world);
    world.post("hello", &[], START).await;
    world.settle().await;
    deliver(&engine).await;
    assert_eq!(receiver.events(), ["post.publishing", "post.published"]);
    let requests = receiver.received();
    assert!(requests.iter().all(is_signed));
    let published = &requests[1];
    assert_eq!(published.header("content-type"), "application/json");
    assert_eq!(published.header("x-posteverywhere-timestamp"), START.as_seconds().to_string());
    let body = published.json();
    let members: Vec<&str> = body.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(members, ["event", "event_id", "created_at", "organization_id", "data"]);
    assert_eq!(body["organization_id"], world.organization.to_string());
    let members: Vec<&str> = body["data"].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(
        members,
        [
            "post_id",
            "destination_id",
            "platform",
            "account_id",
            "account_name",
            "published_at",
            "platform_post_url"
        ]
    );
    assert_eq!(body["data"]["account_name"], "Fake account");
    let rows = world.deliveries(webhook).await;
    assert!(rows.iter().all(|row| row.status == DeliveryStatus::Delivered && row.attempts == 1));
    assert_eq!(rows[1].id.to_string(), published.header("x-posteverywhere-delivery"));
    assert_eq!(deliver(&engine).await, 0, "nothing twice");
}

#[tokio::test]
async fn a_failure_is_tried_again_at_its_times_with_the_same_id_and_a_fresh_timestamp() {
    let receiver = Receiver::start().await;
    let (world, webhook) = world_with(&receiver).await;
    let engine = node(&world);
    let event = world.happen(EventKind::MediaUploaded).await;
    receiver.answers(500, 7);
    let minutes = [0, 1, 6, 36, 156, 516, 996, 1_716];
    deliver(&engine).await;
    for minute in &minutes[1..] {
        world.clock.set(START + MINUTE.times(*minute) - Span::from_micros(1));
        assert_eq!(deliver(&engine).await, 0, "not before its time");
        world.clock.set(START + MINUTE.times(*minute));
        deliver(&engine).await;
    }
    let requests = receiver.received();
    let times: Vec<String> =
        requests.iter().map(|one| one.header("x-posteverywhere-timestamp").to_owned()).collect();
    let expected: Vec<String> =
        minutes.iter().map(|minute| (START + MINUTE.times(*minute)).as_seconds().to_string()).collect();
    assert_eq!(times, expected);
    assert!(requests.iter().all(|one| one.body == requests[0].body && is_signed(one)), "the same bytes");
    assert_eq!(requests[0].json()["event_id"], event.to_string());
    let row = world.deliveries(webhook).await.remove(0);
    assert_eq!((row.status, row.attempts), (DeliveryStatus::Delivered, 8));
    assert_eq!(row.log[0].error.as_deref(), Some("answered with status 500"));
    assert_eq!(world.webhook_row(webhook).await.consecutive_failures, 0);
}

#[tokio::test]
async fn what_fails_at_every_try_is_given_up_and_the_next_event_goes_on() {
    let receiver = Receiver::start().await;
    let (world, webhook) = world_with(&receiver).await;
    let engine = node(&world);
    world.happen(EventKind::MediaUploaded).await;
    world.happen(EventKind::MediaDeleted).await;
    receiver.answers(404, 8);
    deliver(&engine).await;
    assert_eq!(receiver.events(), ["media.uploaded"], "what fails is not passed by");
    while let Some(next) = world.store.next_lane_due(world.clock.now()).await.unwrap() {
        world.clock.set(next);
        deliver(&engine).await;
    }
    let rows = world.deliveries(webhook).await;
    assert_eq!((rows[0].status, rows[0].attempts), (DeliveryStatus::Dead, 8));
    assert_eq!((rows[1].status, rows[1].attempts), (DeliveryStatus::Delivered, 1));
    assert_eq!(receiver.received().len(), 9);
}

/// What is said of a try after this reaction.
async fn reason(reaction: Reaction) -> (Option<u16>, String) {
    let receiver = Receiver::start().await;
    let (world, webhook) = world_with(&receiver).await;
    world.happen(EventKind::MediaUploaded).await;
    receiver.script([reaction]);
    deliver(&node(&world)).await;
    let row = world.deliveries(webhook).await.remove(0);
    assert_eq!(row.status, DeliveryStatus::Pending);
    assert_eq!(row.next_try_at, Some(START + MINUTE));
    (row.log[0].status, row.log[0].error.clone().unwrap())
}

#[tokio::test]
async fn each_way_to_fail_is_told_apart_in_the_log() {
    let redirect = Reaction::Answer(302, vec!["location: http://127.0.0.1:1/".to_owned()]);
    let (status, text) = reason(redirect).await;
    assert_eq!((status, text.contains("redirects are not followed")), (Some(302), true), "{text}");
    assert_eq!(reason(Reaction::Hang).await, (None, "no complete answer within 150 ms".to_owned()));
    let (status, text) = reason(Reaction::Trickle).await;
    assert_eq!((status, text.contains("while the answer was read")), (Some(200), true), "{text}");
    let (status, text) = reason(Reaction::DieMidBody).await;
    assert_eq!((status, text.contains("the answer broke off")), (Some(200), true), "{text}");
    let (status, text) = reason(Reaction::HangUp).await;
    assert!(status.is_none() && !text.is_empty(), "{text}");
    let refused = "http://127.0.0.1:1/";
    let world = World::new(Sight::Clear).await;
    let webhook = world.webhook(refused).await;
    world.happen(EventKind::MediaUploaded).await;
    deliver(&node(&world)).await;
    let text = world.deliveries(webhook).await.remove(0).log[0].error.clone().unwrap();
    assert!(text.contains("no connection was made"), "{text}");
    // A certificate that nobody vouches for: this receiver does not even speak TLS.
    let receiver = Receiver::start().await;
    let world = World::new(Sight::Clear).await;
    let webhook = world.webhook(&receiver.url.replace("http://", "https://")).await;
    world.happen(EventKind::MediaUploaded).await;
    deliver(&node(&world)).await;
    let row = world.deliveries(webhook).await.remove(0);
    assert!(row.log[0].status.is_none() && row.log[0].error.is_some());
}

#[tokio::test]
async fn an_answer_without_an_end_is_left_unread_and_counts() {
    let receiver = Receiver::start().await;
    let (world, webhook) = world_with(&receiver).await;
    world.happen(EventKind::MediaUploaded).await;
    receiver.script([Reaction::Flood]);
    let engine = world.delivering(true, |config| config.deliver.timeout = Duration::from_secs(10));
    deliver(&engine).await;
    assert_eq!(world.deliveries(webhook).await[0].status, DeliveryStatus::Delivered);
}

#[tokio::test]
async fn a_receiver_inside_the_network_is_not_reached_whatever_its_name() {
    let receiver = Receiver::start().await;
    let world = World::new(Sight::Clear).await;
    let port = receiver.url.rsplit(':').next().unwrap();
    let engine = world.delivering(false, |_| {});
    let addresses =
        [receiver.url.clone(), format!("http://localhost:{port}"), format!("http://[::1]:{port}")];
    let mut webhooks = Vec::new();
    for url in &addresses {
        webhooks.push(world.webhook(url).await);
    }
    world.happen(EventKind::MediaUploaded).await;
    deliver(&engine).await;
    for webhook in webhooks {
        let row = world.deliveries(webhook).await.remove(0);
        let text = row.log[0].error.clone().unwrap();
        assert!(text.contains("the address is not public"), "{text}");
    }
    assert!(receiver.received().is_empty());
}

#[tokio::test]
async fn a_receiver_that_is_gone_switches_its_webhook_off_and_what_waits_is_kept() {
    let receiver = Receiver::start().await;
    let (world, webhook) = world_with(&receiver).await;
    let engine = node(&world);
    world.happen(EventKind::MediaUploaded).await;
    receiver.answers(410, 1);
    deliver(&engine).await;
    let row = world.webhook_row(webhook).await;
    assert_eq!((row.is_active, row.auto_disabled_at), (false, Some(START)));
    world.happen(EventKind::MediaDeleted).await;
    world.clock.advance(Span::from_days(1));
    deliver(&engine).await;
    assert_eq!(receiver.received().len(), 1, "nothing more is sent");
    let on = store::WebhookPatch { is_active: Some(true), ..store::WebhookPatch::default() };
    let now = world.clock.now();
    world.store.update_webhook(world.organization, webhook, on, now).await.unwrap().unwrap();
    deliver(&engine).await;
    assert_eq!(
        receiver.events(),
        ["media.uploaded", "media.uploaded"],
        "what happened meanwhile was not asked for"
    );
}

#[tokio::test]
async fn twenty_failures_in_a_row_switch_a_webhook_off() {
    let receiver = Receiver::start().await;
    let (world, webhook) = world_with(&receiver).await;
    let engine = node(&world);
    for _ in 0..5 {
        world.happen(EventKind::MediaUploaded).await;
    }
    receiver.answers(500, 100);
    deliver(&engine).await;
    while let Some(next) = world.store.next_lane_due(world.clock.now()).await.unwrap() {
        world.clock.set(next);
        deliver(&engine).await;
    }
    let row = world.webhook_row(webhook).await;
    assert_eq!((row.is_active, row.consecutive_failures), (false, 20));
    assert_eq!(receiver.received().len(), 20);
}

#[tokio::test]
async fn a_receiver_that_is_busy_is_asked_when_it_wants_to_be() {
    let receiver = Receiver::start().await;
    let (world, webhook) = world_with(&receiver).await;
    let engine = node(&world);
    world.happen(EventKind::MediaUploaded).await;
    receiver.script([Reaction::Answer(429, vec!["retry-after: 900".to_owned()])]);
    deliver(&engine).await;
    let due = START + MINUTE.times(15);
    assert_eq!(world.deliveries(webhook).await[0].next_try_at, Some(due));
    assert_eq!(world.store.next_lane_due(START).await.unwrap(), Some(due));
}

#[tokio::test]
async fn a_receiver_that_does_not_answer_holds_up_nobody_else() {
    let (slow, quick) = (Receiver::start().await, Receiver::start().await);
    let world = World::new(Sight::Clear).await;
    world.webhook(&slow.url).await;
    world.webhook(&quick.url).await;
    let gate = Arc::new(Semaphore::new(0));
    slow.script([Reaction::Wait(Arc::clone(&gate))]);
    for _ in 0..10 {
        world.happen(EventKind::MediaUploaded).await;
    }
    let engine = world.delivering(true, |config| config.deliver.timeout = Duration::from_mins(1));
    let delivering = tokio::spawn(async move { deliver(&engine).await });
    // All of the quick one's come while the slow one has its first.
    while quick.received().len() < 10 {
        tokio::task::yield_now().await;
    }
    assert!(slow.received().len() <= 1);
    gate.add_permits(1);
    delivering.await.unwrap();
    assert_eq!((slow.received().len(), quick.received().len()), (10, 10));
}

#[tokio::test]
async fn a_process_that_dies_after_sending_loses_nothing_and_the_event_keeps_its_id() {
    let receiver = Receiver::start().await;
    let (world, webhook) = world_with(&receiver).await;
    world.happen(EventKind::MediaUploaded).await;
    let gate = Arc::new(Semaphore::new(0));
    receiver.script([Reaction::Wait(Arc::clone(&gate))]);
    let dying = world.delivering(true, |config| config.deliver.timeout = Duration::from_mins(1));
    let death = tokio::spawn(async move { deliver(&dying).await });
    while receiver.received().is_empty() {
        tokio::task::yield_now().await;
    }
    death.abort();
    assert!(death.await.unwrap_err().is_cancelled());
    let other = node(&world);
    assert_eq!(deliver(&other).await, 0, "its lease has not ended");
    world.clock.set(world.store.next_lane_due(START).await.unwrap().unwrap());
    deliver(&other).await;
    let requests = receiver.received();
    assert_eq!(requests.len(), 2);
    assert_eq!(requests[0].body, requests[1].body, "the receiver can tell that it is the same");
    let row = world.deliveries(webhook).await.remove(0);
    assert_eq!((row.status, row.attempts), (DeliveryStatus::Delivered, 1), "only the second was written");
}

#[tokio::test]
async fn a_process_that_is_the_only_one_takes_over_at_once() {
    let receiver = Receiver::start().await;
    let (world, _) = world_with(&receiver).await;
    world.happen(EventKind::MediaUploaded).await;
    world.store.fan_out(START, 10, || uuid::Uuid::from_u128(77)).await.unwrap();
    let lane = world.store.list_due_lanes(START, 1).await.unwrap().remove(0);
    let until = START + MINUTE;
    world.store.take_lane(lane, "dead".to_owned(), START, until).await.unwrap().unwrap();
    let engine = node(&world);
    assert_eq!(deliver(&engine).await, 0);
    engine.recover().await.unwrap();
    deliver(&engine).await;
    assert_eq!(receiver.received().len(), 1);
}

#[tokio::test]
async fn the_loop_wakes_for_new_events_and_for_the_next_try_and_ends_in_order() {
    let receiver = Receiver::start().await;
    let (world, _) = world_with(&receiver).await;
    let wake = Wake::default();
    let waker = wake.clone();
    world.store.on_deliveries(move || waker.now());
    let engine = node(&world);
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let deliverer = engine.deliverer(wake.clone());
    let running = tokio::spawn(deliverer.run(async {
        let _ = stopped.await;
    }));
    receiver.answers(500, 1);
    world.happen(EventKind::MediaUploaded).await;
    wait_for(&receiver, &wake, 1).await;
    world.clock.set(START + MINUTE);
    wait_for(&receiver, &wake, 2).await;
    world.happen(EventKind::MediaDeleted).await;
    wait_for(&receiver, &wake, 3).await;
    stop.send(()).unwrap();
    running.await.unwrap();
}

/// Until so many requests have come and the loop rests.
async fn wait_for(receiver: &Receiver, wake: &Wake, count: usize) {
    loop {
        let activity = wake.activity();
        if receiver.received().len() >= count && activity.settled && activity.in_flight == 0 {
            assert_eq!(receiver.received().len(), count);
            return;
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_post_that_ends_mixed_is_told_of_last() {
    use crate::common::Act;
    use domain::Class;
    let receiver = Receiver::start().await;
    let (world, _) = world_with(&receiver).await;
    let other = world.another_account().await;
    world.script(|script| script.commits.push_back(Act::Refuse(Class::ContentRejected)));
    world.post_to_all(&[world.account, other], "hello").await;
    world.settle().await;
    deliver(&node(&world)).await;
    let events = receiver.events();
    assert_eq!(events.len(), 5, "{events:?}");
    assert_eq!(events[4], "post.partially_failed");
    let last = receiver.received()[4].json();
    assert_eq!(last["data"]["account_ids"].as_array().unwrap().len(), 2);
    assert_eq!(last["data"]["status"], "partially_failed");
    let at = |number: usize| {
        Timestamp::parse(receiver.received()[number].json()["created_at"].as_str().unwrap()).unwrap()
    };
    assert!(at(3) <= at(4));
}
