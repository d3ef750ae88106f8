//! What nobody could tell, once a person has looked.

use domain::{DestinationStatus, UserId};

use super::*;
use crate::{Seen, Settlement};

async fn make_unknown(world: &World, code: &str) {
    let code = code.to_owned();
    world
        .store
        .writer
        .run(move |conn| {
            let code = code.clone();
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

fn settlement(post: PostId, account: AccountId, seen: Seen) -> Settlement {
    Settlement { post_id: post, account_id: account, seen, by: UserId(1), event_id: EventId(id()), now: NOW }
}

fn live() -> Seen {
    Seen::Live { platform_post_url: "https://x.com/1".into(), platform_post_id: Some("1".into()) }
}

on_both! {
    async fn of_two_people_who_settle_the_same_one_does(world: World) {
        let organization = world.organization().await;
        let account = world.account(&organization).await;
        let post = world.post(&organization, account, "perhaps live").await;
        make_unknown(&world, "outcome_unknown").await;
        let one = world.store.settle_destination(organization.id, settlement(post, account, live()));
        let other = world.store.settle_destination(organization.id, settlement(post, account, Seen::NotLive));
        let (one, other) = tokio::join!(one, other);
        assert!(one.unwrap() != other.unwrap());
        let rows = world.store.list_destinations(organization.id, &[post]).await.unwrap();
        let lines = world.store.list_post_journal(organization.id, post, 10).await.unwrap();
        let kinds: Vec<&str> = lines.iter().map(|(_, line)| line.kind.as_str()).collect();
        match rows[0].status {
            DestinationStatus::Published => assert_eq!(kinds, ["confirmed"]),
            DestinationStatus::Queued => assert_eq!(kinds, ["denied"]),
            other => panic!("{other:?}"),
        }
    }
}

on_both! {
    async fn what_is_known_or_anothers_is_not_settled(world: World) {
        let organization = world.organization().await;
        let account = world.account(&organization).await;
        let post = world.post(&organization, account, "known").await;
        make_unknown(&world, "token_expired").await;
        for seen in [live(), Seen::NotLive] {
            let settled = world.store.settle_destination(organization.id, settlement(post, account, seen));
            assert!(!settled.await.unwrap());
        }
        let other = world.organization().await;
        let unknown = world.post(&organization, account, "unknown").await;
        make_unknown(&world, "outcome_unknown").await;
        assert!(!world.store.settle_destination(other.id, settlement(unknown, account, live())).await.unwrap());
        assert!(world.store.settle_destination(organization.id, settlement(unknown, account, live())).await.unwrap());
        let row = world.store.find_post(organization.id, organization.workspace_id, unknown).await.unwrap().unwrap();
        assert_eq!(row.status, PostStatus::Published);
    }
}
