//! Requests that are done once, and failed destinations that are queued again.

use std::sync::Arc;

use domain::{OrganizationId, PostId, Span};

use super::*;
use crate::{
    Asker, CreateOutcome, FailedFilter, KeepWith, KeptAnswer, KeyAsked, KeyClaim, KeyedRequest, PostCreation,
};

fn request(organization: &OrganizationRow, fingerprint: &str) -> KeyedRequest {
    KeyedRequest {
        organization_id: organization.id,
        workspace_id: organization.workspace_id,
        route: "POST /posts".into(),
        key: "a".into(),
        fingerprint: fingerprint.into(),
    }
}

fn asker(process: u128, now: Timestamp) -> Asker {
    Asker {
        id: id(),
        process: Uuid::from_u128(process),
        lease_until: now + Span::from_minutes(2),
        expires_at: now + Span::from_days(1),
        now,
    }
}

fn answer(body: &str) -> KeptAnswer {
    KeptAnswer { status: 201, body: body.as_bytes().to_vec(), scope: "write".into() }
}

async fn claim(world: &World, organization: &OrganizationRow, asker: Asker) -> KeyClaim {
    match world.store.claim_key(request(organization, "f"), asker).await.unwrap() {
        KeyAsked::Claimed(claim) => claim,
        other => panic!("{other:?}"),
    }
}

fn keep(claim: KeyClaim) -> KeepWith<[CreateOutcome]> {
    KeepWith {
        claim,
        answer: Arc::new(|outcomes: &[CreateOutcome]| Some(answer(&format!("made {}", outcomes.len())))),
        nonce: [3; 24],
    }
}

async fn make(world: &World, organization: &OrganizationRow, account: AccountId, claim: KeyClaim) -> bool {
    let post = world.row(organization, &[account], "once");
    let posts = vec![PostCreation {
        post,
        events: vec![],
        allow_duplicate: true,
        takes_slot: false,
        most_per_day: None,
        once: false,
    }];
    world.store.create_posts(organization.id, posts, Some(keep(claim))).await.unwrap().is_some()
}

async fn count(world: &World, organization: &OrganizationRow) -> u64 {
    let (id, workspace) = (organization.id, organization.workspace_id);
    world.store.count_posts(id, workspace, &PostFilter::default(), NOW).await.unwrap()
}

on_both! {
    async fn a_claim_is_its_own_processs_until_its_lease_ends_and_fenced_once_it_is_taken(world: World) {
        let organization = world.organization().await;
        let account = world.account(&organization).await;
        let first = claim(&world, &organization, asker(1, NOW)).await;
        let lease = NOW + Span::from_minutes(2);
        let asked = async |process, fingerprint: &str, now| {
            world.store.claim_key(request(&organization, fingerprint), asker(process, now)).await.unwrap()
        };
        assert_eq!(asked(1, "f", NOW).await, KeyAsked::InHand(lease));
        assert_eq!(asked(1, "other", NOW).await, KeyAsked::OtherBody);
        let taken_at = if world.store.is_shared() {
            assert_eq!(asked(2, "f", lease - Span::from_millis(1)).await, KeyAsked::InHand(lease));
            lease
        } else {
            NOW
        };
        let KeyAsked::Claimed(second) = asked(2, "f", taken_at).await else { panic!("not taken") };
        assert!(!make(&world, &organization, account, first).await, "the first holder writes nothing");
        assert!(!world.store.keep_answer(first, answer("late"), [1; 24]).await.unwrap());
        world.store.release_key(first).await.unwrap();
        assert_eq!(count(&world, &organization).await, 0);
        assert!(make(&world, &organization, account, second).await);
        assert_eq!(count(&world, &organization).await, 1);
        assert_eq!(asked(3, "f", lease).await, KeyAsked::Answered(answer("made 1")));
        // An answer that is there stays, whoever gives the key back.
        world.store.release_key(second).await.unwrap();
        assert_eq!(asked(3, "f", lease).await, KeyAsked::Answered(answer("made 1")));
        assert_eq!(asked(3, "other", lease).await, KeyAsked::OtherBody);
    }
}

on_both! {
    async fn of_claims_at_once_one_gets_the_key(world: World) {
        let organization = world.organization().await;
        let asks = (0..10).map(|_| world.store.claim_key(request(&organization, "f"), asker(1, NOW)));
        let asked = futures_util::future::join_all(asks).await;
        let claimed =
            asked.into_iter().filter(|asked| matches!(asked.as_ref().unwrap(), KeyAsked::Claimed(_)));
        assert_eq!(claimed.count(), 1);
    }
}

on_both! {
    async fn answers_are_sealed_known_to_the_replacing_of_keys_and_end(world: World) {
        let organization = world.organization().await;
        let held = claim(&world, &organization, asker(1, NOW)).await;
        assert!(world.store.keep_answer(held, answer("whsec_secret"), [1; 24]).await.unwrap());
        let mut read = world.store.read().await.unwrap();
        let stored: Vec<u8> = on!(read.conn(), |c| {
            sqlx::query_scalar("SELECT answer FROM idempotency_keys").fetch_one(&mut *c).await.unwrap()
        });
        drop(read);
        assert!(!stored.windows(6).any(|window| window == b"secret"));
        // Every table with something sealed is known to the replacing of keys.
        let resealed = world.store.reseal(|| [2; 24]).await.unwrap();
        assert_eq!((resealed.looked_at, resealed.is_done()), (1, true));
        let end = NOW + Span::from_days(1);
        assert_eq!(world.store.forget_keys(end - Span::from_millis(1)).await.unwrap(), 0);
        assert_eq!(world.store.forget_keys(end).await.unwrap(), 1);
        claim(&world, &organization, asker(1, end)).await;
    }
}

async fn fail(world: &World, code: &'static str) {
    world
        .store
        .writer
        .run(move |conn| {
            Box::pin(async move {
                on!(conn, |c| {
                    sqlx::query(
                        "UPDATE destinations SET status = 'failed', run_at = NULL, failed_at = $1, error_code = $2
                         WHERE status = 'queued'",
                    )
                    .bind(NOW.as_micros())
                    .bind(code)
                    .execute(&mut *c)
                    .await?
                    .rows_affected()
                });
                Ok(())
            })
        })
        .await
        .unwrap();
}

on_both! {
    async fn what_may_be_live_is_queued_again_only_by_name(world: World) {
        let organization = world.organization().await;
        let account = world.account(&organization).await;
        let perhaps = world.post(&organization, account, "perhaps live").await;
        fail(&world, "outcome_unknown").await;
        let not = world.post(&organization, account, "not live").await;
        fail(&world, "token_expired").await;
        let retry = async |filter: FailedFilter, most, of: OrganizationId| {
            let workspace = organization.workspace_id;
            let rows = world.store.retry_failed(of, workspace, filter, most, NOW).await.unwrap();
            rows.into_iter().map(|row| row.post_id).collect::<Vec<PostId>>()
        };
        let any = FailedFilter { account_id: Some(account), ..FailedFilter::default() };
        assert!(retry(any.clone(), 10, OrganizationId(id())).await.is_empty());
        assert_eq!(retry(any.clone(), 10, organization.id).await, [not]);
        assert!(retry(any, 10, organization.id).await.is_empty());
        let named = FailedFilter { post_ids: vec![perhaps, not], ..FailedFilter::default() };
        assert_eq!(retry(named, 10, organization.id).await, [perhaps]);
        fail(&world, "token_expired").await;
        let all = FailedFilter { failed: (Some(NOW), Some(NOW)), ..FailedFilter::default() };
        assert_eq!(retry(all.clone(), 1, organization.id).await.len(), 1);
        assert_eq!(retry(all, 1, organization.id).await.len(), 1);
        let post = world.store.find_post(organization.id, organization.workspace_id, not).await.unwrap();
        assert_eq!(post.unwrap().status, PostStatus::Publishing);
    }
}
