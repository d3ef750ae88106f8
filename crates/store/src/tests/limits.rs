//! Limits that several nodes share: rests, budgets, slots, counts of keys.

use domain::caps::Published;
use domain::rate::{Ask, Shape};
use domain::{ApiKeyId, EventId, PlatformName, Span, Timestamp};

use super::{NOW, World, id, on_both};
use crate::{AccountRest, AppBudget, Claim, Finish, Outcome, SlotHold, WindowAsk};

impl World {
    async fn claim(&self, now: Timestamp) -> Vec<Claim> {
        let ids = (0..10).map(|_| EventId(id())).collect();
        self.store.claim_due("w".into(), now, now + Span::from_seconds(90), 10, ids).await.unwrap()
    }

    async fn end(&self, claim: &Claim, outcome: Outcome, now: Timestamp) {
        let ids = [EventId(id()), EventId(id())];
        let (lease, work) = (claim.lease.clone(), claim.work.clone());
        assert!(self.store.record(lease, work, outcome, None, ids, now).await.unwrap());
    }
}

fn published() -> Outcome {
    Outcome::Finish(Finish::Published {
        platform_post_id: "1".into(),
        platform_post_url: "https://x.com/1".into(),
        warnings: vec![],
    })
}

on_both! {
    async fn a_rest_is_only_ever_prolonged_and_ends_with_what_waited_in_the_order_of_the_plan(world: World) {
        let organization = world.organization().await;
        let account = world.account(&organization).await;
        let first = world.post(&organization, account, "first").await;
        let second = world.post(&organization, account, "second").await;
        let until = NOW + Span::from_minutes(10);
        let claims = world.claim(NOW).await;
        assert_eq!(claims.iter().map(|claim| claim.lease.post_id).collect::<Vec<_>>(), [first]);
        world.end(&claims[0], Outcome::Requeue { run_at: until, error: "limited".into() }, NOW).await;
        for (span, reason) in [(10, "long"), (5, "short")] {
            let rest = AccountRest {
                organization_id: organization.id,
                account_id: account,
                until: NOW + Span::from_minutes(span),
                reason: reason.into(),
            };
            world.store.rest_account(rest, NOW).await.unwrap();
        }
        let rest = world.store.account_rests_until(organization.id, account, NOW).await.unwrap().unwrap();
        assert_eq!((rest.until, rest.reason.as_str()), (until, "long"));
        assert_eq!(world.store.find_rests(&[(organization.id, account)], NOW).await.unwrap(), [rest]);
        assert_eq!(world.store.next_rest_end().await.unwrap(), Some(until));
        assert_eq!(world.store.end_rests(NOW).await.unwrap(), 0, "not before its time");
        assert_eq!(world.store.end_rests(until).await.unwrap(), 1);
        assert_eq!(world.store.next_rest_end().await.unwrap(), None);
        let mut order = Vec::new();
        for _ in 0..2 {
            let claims = world.claim(until).await;
            order.push(claims[0].lease.post_id);
            world.end(&claims[0], published(), until).await;
        }
        assert_eq!(order, [first, second]);
    }
}

on_both! {
    async fn what_an_account_published_is_counted_with_its_parts_and_only_its_own(world: World) {
        let organization = world.organization().await;
        let account = world.account(&organization).await;
        let other = world.account(&organization).await;
        let mut at = NOW;
        for turn in 0..3 {
            world.post(&organization, account, "mine").await;
            if turn == 0 {
                world.post(&organization, other, "another's").await;
            }
            at = at + Span::from_minutes(1);
            for claim in world.claim(at).await {
                world.end(&claim, published(), at).await;
            }
        }
        let store = &world.store;
        assert_eq!(store.count_published(organization.id, account, NOW, 100).await.unwrap(), 3);
        assert_eq!(store.count_published(organization.id, account, NOW, 2).await.unwrap(), 2);
        let since = NOW + Span::from_minutes(1);
        let listed = store.list_published(organization.id, account, since, 100).await.unwrap();
        let one = |minutes| Published { at: NOW + Span::from_minutes(minutes), parts: 1 };
        assert_eq!(listed, [one(3), one(2)]);
        assert_eq!(store.count_published(organization.id, other, NOW, 100).await.unwrap(), 1);
    }
}

on_both! {
    async fn an_apps_budget_only_shrinks_within_a_window(world: World) {
        let budget = |remaining, minutes| AppBudget {
            platform: PlatformName::from_static("x"),
            app_key: "app".into(),
            scope: "app-24h".into(),
            limit: 100,
            remaining,
            reset_at: NOW + Span::from_minutes(minutes),
        };
        for (noted, expect) in [
            (budget(9, 15), 9),
            (budget(3, 15), 3),
            (budget(5, 15), 3),
            (budget(50, 30), 50),
            (budget(0, 15), 50),
        ] {
            world.store.note_app_budget(noted, NOW).await.unwrap();
            assert_eq!(world.store.list_app_budgets(NOW).await.unwrap()[0].remaining, expect);
        }
        assert!(world.store.list_app_budgets(NOW + Span::from_minutes(30)).await.unwrap().is_empty());
    }
}

on_both! {
    async fn nodes_never_hold_more_slots_than_there_are_and_a_dead_ones_come_back(world: World) {
        let take = async |owner: &str, want, now| {
            let hold = SlotHold {
                platform: PlatformName::from_static("x"),
                app_key: "app".into(),
                owner: owner.into(),
                want,
                most: 10,
                until: now + Span::from_minutes(3),
            };
            world.store.take_app_slots(hold, now).await.unwrap()
        };
        assert_eq!(take("a", 8, NOW).await, 8);
        assert_eq!(take("b", 8, NOW).await, 2);
        assert_eq!(take("a", 4, NOW).await, 4, "fewer than before");
        assert_eq!(take("b", 8, NOW).await, 6);
        assert_eq!(take("a", 10, NOW).await, 4);
        let later = NOW + Span::from_minutes(3);
        assert_eq!(take("c", 99, later).await, 10, "the others are gone");
        world.store.drop_app_slots("c".into(), later).await.unwrap();
        assert_eq!(take("a", 10, later).await, 10);
    }
}

on_both! {
    async fn tokens_of_a_key_are_counted_once_for_all_and_outlive_a_restart(world: World) {
        let organization = world.organization().await.id;
        let shape = Shape { limit: 10, length: Span::from_minutes(1), parts: 12 };
        let take = async |key, want, give_back| {
            let ask = |kind| WindowAsk { kind, shape, ask: Ask { want, give_back: Vec::clone(&give_back) } };
            let asks = vec![ask("a"), ask("b")];
            world.store.take_tokens(organization, key, asks, NOW).await.unwrap()
        };
        let (key, other) = (ApiKeyId(id()), ApiKeyId(id()));
        let grants = take(key, 6, vec![]).await;
        assert_eq!((grants[0].granted, grants[1].granted), (6, 6));
        assert_eq!(take(other, 6, vec![]).await[0].granted, 6, "keys are apart");
        let grants = take(key, 6, vec![(grants[0].bucket, 1)]).await;
        assert_eq!((grants[0].granted, grants[0].used), (5, 10));
        assert_eq!(take(key, 1, vec![]).await[1].granted, 0);
        assert_eq!(world.store.forget_rate_windows(NOW + Span::from_days(1)).await.unwrap(), 0);
        assert_eq!(world.store.forget_rate_windows(NOW + Span::from_days(3)).await.unwrap(), 4);
    }
}
