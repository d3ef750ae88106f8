//! What the outbox and the lanes promise: each event is distributed once and in order, a lane has one
//! worker, a worker that lost it changes nothing, and nothing of another organization is seen.

use domain::event::EventKind;
use domain::webhook::DeliveryStatus;
use domain::{DeliveryId, EventId, Span, Timestamp, WebhookId};
use serde_json::json;
use uuid::Uuid;

use super::{NOW, World, id, on_both};
use crate::lanes::Recorded;
use crate::{
    AttemptEnd, DeliveryAttempt, DeliveryFilter, DeliveryJob, DueLane, NewAttempt, NewEvent, NewWebhook,
    Once, OrganizationRow, Store, StoreError, WebhookPatch, events,
};

const EVERYTHING: [EventKind; 3] =
    [EventKind::PostScheduled, EventKind::PostPublishing, EventKind::PostPublished];
const MINUTE: Span = Span::from_minutes(1);

fn new(events: &[EventKind]) -> NewWebhook {
    NewWebhook {
        id: WebhookId(id()),
        url: "https://hooks.example.org/".into(),
        events: events.to_vec(),
        name: None,
        description: None,
        secret: "whsec_very_secret".into(),
        nonce: [6; 24],
        now: NOW,
    }
}

pub(crate) async fn webhook(
    world: &World,
    organization: &OrganizationRow,
    events: &[EventKind],
) -> WebhookId {
    let new = new(events);
    let webhook = new.id;
    assert_eq!(world.store.create_webhook(organization.id, new, 25, None).await.unwrap(), Once::Done(true));
    webhook
}

/// An id as it is made at `at`.
fn id_at(at: Timestamp) -> Uuid {
    let random = id().as_u128() & ((1 << 62) - 1);
    Uuid::from_u128((u128::try_from(at.as_millis()).unwrap() << 80) | random)
}

async fn write_at(store: &Store, organization: &OrganizationRow, kind: EventKind, at: Timestamp) -> EventId {
    let event = NewEvent { id: EventId(id_at(at)), kind, payload: json!({}) };
    let (written, organization) = (event.clone(), organization.id);
    store
        .writer
        .run(move |mut conn| {
            let event = event.clone();
            Box::pin(async move { events::insert(&mut conn, organization, &event, at).await })
        })
        .await
        .unwrap();
    written.id
}

async fn write(world: &World, organization: &OrganizationRow, kind: EventKind) -> EventId {
    write_at(&world.store, organization, kind, NOW).await
}

/// What a webhook got, oldest first.
async fn got(world: &World, organization: &OrganizationRow, webhook: WebhookId) -> Vec<EventId> {
    let all = DeliveryFilter::default();
    let rows = world.store.list_deliveries(organization.id, webhook, &all, (100, 0, None)).await.unwrap();
    rows.into_iter().rev().map(|row| row.event_id).collect()
}

async fn take(
    store: &Store,
    organization: &OrganizationRow,
    webhook: WebhookId,
    now: Timestamp,
) -> Option<DeliveryJob> {
    let lane = DueLane { organization_id: organization.id, webhook_id: webhook };
    store.take_lane(lane, "w".into(), now, now + MINUTE).await.unwrap()
}

fn ends(end: AttemptEnd, now: Timestamp) -> NewAttempt {
    let error = (end != AttemptEnd::Delivered).then(|| "answered with status 500".to_owned());
    let attempt = DeliveryAttempt { at: now, status: Some(500), duration_ms: 3, error };
    NewAttempt { attempt, end, disable_after: 3, keep_until: None, now }
}

on_both! {
    async fn an_event_goes_once_to_each_webhook_that_asked_for_it_in_the_order_of_writing(world: World) {
        let organization = world.organization().await;
        let other = world.organization().await;
        let all = webhook(&world, &organization, &EVERYTHING).await;
        let some = webhook(&world, &organization, &[EventKind::PostPublished]).await;
        let foreign = webhook(&world, &other, &[EventKind::PostDeleted]).await;
        let off = webhook(&world, &organization, &EVERYTHING).await;
        let patch = WebhookPatch { is_active: Some(false), ..WebhookPatch::default() };
        world.store.update_webhook(organization.id, off, patch, NOW).await.unwrap().unwrap();
        let mut written = Vec::new();
        // All at the same moment: the clock does not tell which came first.
        for _ in 0..10 {
            for kind in EVERYTHING {
                written.push(write(&world, &organization, kind).await);
            }
        }
        write(&world, &other, EventKind::PostPublished).await;
        write(&world, &organization, EventKind::PostUpdated).await;
        let mut events = 0;
        loop {
            let found = world.store.fan_out(NOW, 7, id).await.unwrap();
            if found.events == 0 {
                break;
            }
            events += found.events;
        }
        assert_eq!(events, 30, "what nobody asked for does not wait");
        assert_eq!(got(&world, &organization, all).await, written);
        let published: Vec<EventId> = written.iter().skip(2).step_by(3).copied().collect();
        assert_eq!(got(&world, &organization, some).await, published);
        assert!(got(&world, &organization, off).await.is_empty());
        assert!(got(&world, &other, foreign).await.is_empty());
    }

    async fn nodes_that_distribute_at_the_same_time_make_nothing_twice_and_keep_the_order(world: World) {
        let organization = world.organization().await;
        let one = webhook(&world, &organization, &EVERYTHING).await;
        let two = webhook(&world, &organization, &EVERYTHING).await;
        let (here, there) = (world.another().await, world.another().await);
        let writing = async {
            let mut written = Vec::new();
            for _ in 0..40 {
                written.push(write(&world, &organization, EventKind::PostPublished).await);
            }
            written
        };
        let distribute = |store: Store| async move {
            let mut made = 0;
            for _ in 0..60 {
                made += store.fan_out(NOW, 5, id).await.unwrap().deliveries;
            }
            made
        };
        let (written, first, second) =
            tokio::join!(writing, distribute(here.clone()), distribute(there.clone()));
        let mut rest = 0;
        while let found = world.store.fan_out(NOW, 5, id).await.unwrap()
            && found.events > 0
        {
            rest += found.deliveries;
        }
        assert_eq!(first + second + rest, 80);
        assert_eq!(got(&world, &organization, one).await, written);
        assert_eq!(got(&world, &organization, two).await, written);
        here.close().await;
        there.close().await;
    }

    async fn a_lane_has_one_worker_and_one_that_lost_it_changes_nothing(world: World) {
        let organization = world.organization().await;
        let hook = webhook(&world, &organization, &EVERYTHING).await;
        let first = write(&world, &organization, EventKind::PostScheduled).await;
        let second = write(&world, &organization, EventKind::PostPublished).await;
        world.store.fan_out(NOW, 100, id).await.unwrap();
        assert_eq!(world.store.list_due_lanes(NOW, 10).await.unwrap().len(), 1);
        let (a, b) = tokio::join!(
            take(&world.store, &organization, hook, NOW),
            take(&world.store, &organization, hook, NOW)
        );
        assert_eq!(usize::from(a.is_some()) + usize::from(b.is_some()), 1);
        let paused = a.or(b).unwrap();
        assert_eq!(paused.next.event_id, first);
        assert_eq!(paused.secret, "whsec_very_secret");
        assert!(world.store.list_due_lanes(NOW, 10).await.unwrap().is_empty());

        let later = NOW + MINUTE;
        let successor = take(&world.store, &organization, hook, later).await.unwrap();
        assert_eq!(successor.next.event_id, first, "what is not written is sent again");
        let lost = world.store.record_delivery(paused, ends(AttemptEnd::Dead, later)).await.unwrap();
        assert!(matches!(lost, Recorded::Lost));
        let keep = NewAttempt { keep_until: Some(later + MINUTE), ..ends(AttemptEnd::Delivered, later) };
        let Recorded::Next(next) = world.store.record_delivery(successor, keep).await.unwrap() else {
            panic!("something waits")
        };
        assert_eq!(next.next.event_id, second);
        let done = world.store.record_delivery(*next, ends(AttemptEnd::Delivered, later)).await.unwrap();
        assert!(matches!(done, Recorded::Released { disabled: false }));
        let far = later + Span::from_days(1);
        assert_eq!(world.store.next_lane_due(NOW).await.unwrap(), None);
        assert!(take(&world.store, &organization, hook, far).await.is_none());
        let statuses = DeliveryFilter { status: Some(DeliveryStatus::Delivered), event: None };
        assert_eq!(world.store.count_deliveries(organization.id, hook, &statuses).await.unwrap(), 2);
    }

    async fn failures_in_a_row_switch_a_webhook_off_and_what_waits_goes_out_once_it_is_on(world: World) {
        let organization = world.organization().await;
        let hook = webhook(&world, &organization, &EVERYTHING).await;
        let event = write(&world, &organization, EventKind::PostPublished).await;
        world.store.fan_out(NOW, 100, id).await.unwrap();
        let mut now = NOW;
        for tried in 1..=3 {
            let job = take(&world.store, &organization, hook, now).await.unwrap();
            assert_eq!(job.next.tries + 1, tried);
            let again = ends(AttemptEnd::RetryAt(now + MINUTE), now);
            let Recorded::Released { disabled } = world.store.record_delivery(job, again).await.unwrap() else {
                panic!("nothing else waits")
            };
            assert_eq!(disabled, tried == 3);
            now = now + MINUTE;
        }
        let row = world.store.find_webhook(organization.id, hook).await.unwrap().unwrap();
        assert_eq!((row.is_active, row.consecutive_failures), (false, 3));
        assert_eq!(row.auto_disabled_at, Some(NOW + MINUTE.times(2)));
        assert_eq!((row.last_failure_at, row.last_success_at), (Some(NOW + MINUTE.times(2)), None));
        assert!(world.store.list_due_lanes(now + Span::from_days(1), 10).await.unwrap().is_empty());
        let on = WebhookPatch { is_active: Some(true), ..WebhookPatch::default() };
        let row = world.store.update_webhook(organization.id, hook, on, now).await.unwrap().unwrap();
        assert_eq!((row.is_active, row.consecutive_failures, row.auto_disabled_at), (true, 0, None));
        let job = take(&world.store, &organization, hook, now).await.unwrap();
        assert_eq!(job.next.event_id, event);
    }

    async fn what_was_given_up_is_tried_anew_and_what_was_taken_is_sent_once_more(world: World) {
        let organization = world.organization().await;
        let hook = webhook(&world, &organization, &EVERYTHING).await;
        let mut events = Vec::new();
        for _ in 0..3 {
            events.push(write(&world, &organization, EventKind::PostPublished).await);
        }
        world.store.fan_out(NOW, 100, id).await.unwrap();
        for end in [AttemptEnd::Dead, AttemptEnd::Delivered, AttemptEnd::Dead] {
            let job = take(&world.store, &organization, hook, NOW).await.unwrap();
            world.store.record_delivery(job, ends(end, NOW)).await.unwrap();
        }
        let all = DeliveryFilter::default();
        let list = || world.store.list_deliveries(organization.id, hook, &all, (10, 0, None));
        let rows = list().await.unwrap();
        let (taken, new) = (rows[1].id, DeliveryId(id()));
        let replayed = world.store.replay_delivery(organization.id, hook, taken, new, NOW, None).await.unwrap();
        assert_eq!(replayed.done().unwrap().unwrap().event_id, events[1]);
        let only = Some(vec![rows[2].id, taken]);
        assert_eq!(world.store.requeue_deliveries(organization.id, hook, only, NOW).await.unwrap(), 1);
        assert_eq!(world.store.requeue_deliveries(organization.id, hook, None, NOW).await.unwrap(), 1);
        let mut sent = Vec::new();
        while let Some(job) = take(&world.store, &organization, hook, NOW).await {
            assert_eq!(job.next.tries, 0, "all tries anew");
            sent.push(job.next.event_id);
            world.store.record_delivery(job, ends(AttemptEnd::Delivered, NOW)).await.unwrap();
        }
        assert_eq!(sent, [events[0], events[2], events[1]], "in the old order, and the repeat at the end");
        let rows = list().await.unwrap();
        assert_eq!(rows.iter().map(|row| row.attempts).collect::<Vec<_>>(), [1, 2, 1, 2]);
        assert!(rows.iter().all(|row| row.status == DeliveryStatus::Delivered && !row.log.is_empty()));
    }

    async fn an_organization_has_so_many_webhooks_and_not_one_more_even_at_once(world: World) {
        let organization = world.organization().await;
        let attempts = (0..30).map(|_| world.store.create_webhook(organization.id, new(&EVERYTHING), 25, None));
        let made = futures_util::future::join_all(attempts).await;
        assert_eq!(made.into_iter().filter(|made| *made.as_ref().unwrap() == Once::Done(true)).count(), 25);
        let listed = world.store.list_webhooks(organization.id).await.unwrap();
        assert_eq!(listed.len(), 25);
        assert!(world.store.delete_webhook(organization.id, listed[0].id).await.unwrap());
        let again = world.store.create_webhook(organization.id, new(&EVERYTHING), 25, None);
        assert_eq!(again.await.unwrap(), Once::Done(true));
    }

    async fn webhooks_and_their_log_belong_to_one_organization(world: World) {
        let (mine, theirs) = (world.organization().await, world.organization().await);
        let hook = webhook(&world, &theirs, &EVERYTHING).await;
        write(&world, &theirs, EventKind::PostPublished).await;
        world.store.fan_out(NOW, 100, id).await.unwrap();
        let all = DeliveryFilter::default();
        let store = &world.store;
        let delivery = store.list_deliveries(theirs.id, hook, &all, (1, 0, None)).await.unwrap().remove(0).id;
        assert!(store.find_webhook(mine.id, hook).await.unwrap().is_none());
        assert!(store.find_webhook_secret(mine.id, hook).await.unwrap().is_none());
        assert!(store.list_webhooks(mine.id).await.unwrap().is_empty());
        let patch = WebhookPatch { is_active: Some(false), ..WebhookPatch::default() };
        assert!(store.update_webhook(mine.id, hook, patch, NOW).await.unwrap().is_none());
        assert!(store.list_deliveries(mine.id, hook, &all, (10, 0, None)).await.unwrap().is_empty());
        assert!(store.find_delivery(mine.id, hook, delivery).await.unwrap().is_none());
        let new = DeliveryId(id());
        assert_eq!(store.replay_delivery(mine.id, hook, delivery, new, NOW, None).await.unwrap(), Once::Done(None));
        assert_eq!(store.requeue_deliveries(mine.id, hook, None, NOW).await.unwrap(), 0);
        assert!(!store.delete_webhook(mine.id, hook).await.unwrap());
        assert!(take(store, &mine, hook, NOW).await.is_none());
        assert!(store.delete_webhook(theirs.id, hook).await.unwrap());
        assert!(store.list_deliveries(theirs.id, hook, &all, (10, 0, None)).await.unwrap().is_empty(), "gone with it");
    }

    async fn what_is_old_is_forgotten_with_what_was_sent_of_it(world: World) {
        let organization = world.organization().await;
        let hook = webhook(&world, &organization, &EVERYTHING).await;
        let old = NOW - Span::from_days(31);
        for _ in 0..3 {
            write_at(&world.store, &organization, EventKind::PostPublished, old).await;
        }
        let young = write(&world, &organization, EventKind::PostPublished).await;
        world.store.fan_out(NOW, 100, id).await.unwrap();
        assert_eq!(world.store.forget_events(NOW - Span::from_days(30)).await.unwrap(), 6);
        assert_eq!(got(&world, &organization, hook).await, [young]);
        let left: Vec<EventId> =
            world.store.list_events(organization.id, 10).await.unwrap().iter().map(|row| row.id).collect();
        assert_eq!(left, [young]);
        let job = take(&world.store, &organization, hook, NOW).await.unwrap();
        assert_eq!(job.next.event_id, young, "the lane goes on with what is left");
    }

    async fn a_stolen_secret_does_not_open_in_another_webhook(world: World) {
        let organization = world.organization().await;
        let mine = webhook(&world, &organization, &EVERYTHING).await;
        let thief = webhook(&world, &organization, &EVERYTHING).await;
        let moving = world.store.writer.run(move |conn| {
            Box::pin(async move {
                crate::conn::on!(conn, |c| {
                    sqlx::query("UPDATE webhooks SET secret = (SELECT secret FROM webhooks WHERE id = $1) WHERE id = $2")
                        .bind(mine.0)
                        .bind(thief.0)
                        .execute(&mut *c)
                        .await?;
                });
                Ok(())
            })
        });
        moving.await.unwrap();
        assert!(matches!(
            world.store.find_webhook_secret(organization.id, thief).await,
            Err(StoreError::Sealed)
        ));
    }

    async fn whoever_waits_is_told_once_an_event_is_durable_and_only_of_what_is_asked_for(world: World) {
        use std::sync::Arc;
        use std::sync::atomic::{AtomicUsize, Ordering};
        let organization = world.organization().await;
        let told = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&told);
        world.store.on_deliveries(move || {
            count.fetch_add(1, Ordering::SeqCst);
        });
        write(&world, &organization, EventKind::PostPublished).await;
        assert_eq!(told.load(Ordering::SeqCst), 0);
        let hook = webhook(&world, &organization, &[EventKind::PostPublished]).await;
        write(&world, &organization, EventKind::PostDeleted).await;
        assert_eq!(told.load(Ordering::SeqCst), 0);
        write(&world, &organization, EventKind::PostPublished).await;
        assert_eq!(told.load(Ordering::SeqCst), 1);
        assert_eq!(world.store.fan_out(NOW, 10, id).await.unwrap().deliveries, 1);
        assert_eq!(got(&world, &organization, hook).await.len(), 1);
    }
}
