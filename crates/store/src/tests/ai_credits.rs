//! Credits: nobody takes the last one twice, and what nobody settles goes back.

use domain::Span;

use super::{NOW, World, id, on_both};
use crate::{CreditHold, CreditsNow, Held};

const MONTH: i64 = 24_325;

fn hold(credits: i64) -> CreditHold {
    CreditHold {
        id: id(),
        month: MONTH,
        credits,
        limit: 10,
        now: NOW,
        expires_at: NOW + Span::from_minutes(30),
    }
}

const fn now(used: i64, bonus: i64) -> CreditsNow {
    CreditsNow { used, bonus }
}

on_both! {
    async fn what_is_held_is_used_until_it_is_settled(world: World) {
        let organization = world.organization().await.id;
        let store = &world.store;
        let used = async |now| store.count_ai_credits(organization, MONTH, now).await.unwrap().used;
        assert_eq!(used(NOW).await, 0);
        let first = hold(6);
        assert_eq!(store.hold_ai_credits(organization, first).await.unwrap(), Held::Yes(now(6, 0)));
        assert_eq!(store.hold_ai_credits(organization, hold(5)).await.unwrap(), Held::Short(now(6, 0)));
        assert_eq!(store.hold_ai_credits(organization, hold(11)).await.unwrap(), Held::Short(now(6, 0)));
        assert_eq!(store.settle_ai_credits(organization, first, 2).await.unwrap(), now(2, 0));
        assert_eq!(store.hold_ai_credits(organization, hold(8)).await.unwrap(), Held::Yes(now(10, 0)));
        let other = world.organization().await.id;
        assert_eq!(store.count_ai_credits(other, MONTH, NOW).await.unwrap(), now(0, 0));
        assert_eq!(store.hold_ai_credits(other, hold(10)).await.unwrap(), Held::Yes(now(10, 0)));
    }

    async fn what_nobody_settled_goes_back(world: World) {
        let organization = world.organization().await.id;
        let store = &world.store;
        let lost = hold(9);
        store.hold_ai_credits(organization, lost).await.unwrap();
        let later = lost.expires_at;
        assert_eq!(store.count_ai_credits(organization, MONTH, later).await.unwrap(), now(0, 0));
        let next = CreditHold { now: later, expires_at: later + Span::from_minutes(30), ..hold(10) };
        assert_eq!(store.hold_ai_credits(organization, next).await.unwrap(), Held::Yes(now(10, 0)));
        // The one that took too long counts after all: its work was done.
        assert_eq!(store.settle_ai_credits(organization, lost, 3).await.unwrap(), now(13, 0));
    }

    async fn of_many_at_once_as_many_pass_as_there_are_credits(world: World) {
        let organization = world.organization().await.id;
        let mut calls = tokio::task::JoinSet::new();
        for _ in 0..40 {
            let store = world.store.clone();
            calls.spawn(async move { store.hold_ai_credits(organization, hold(1)).await.unwrap() });
        }
        let held = calls.join_all().await;
        assert_eq!(held.iter().filter(|held| matches!(held, Held::Yes(_))).count(), 10);
        assert_eq!(world.store.count_ai_credits(organization, MONTH, NOW).await.unwrap(), now(10, 0));
    }

    async fn credits_beyond_the_months_are_spent_last_and_do_not_end(world: World) {
        let organization = world.organization().await.id;
        let store = &world.store;
        assert_eq!(store.add_bonus_credits(organization, 3, Vec::new()).await.unwrap(), 3);
        assert_eq!(store.add_bonus_credits(organization, 4, Vec::new()).await.unwrap(), 7);
        let other = world.organization().await.id;
        assert_eq!(store.count_ai_credits(other, MONTH, NOW).await.unwrap(), now(0, 0));
        assert_eq!(store.hold_ai_credits(other, hold(11)).await.unwrap(), Held::Short(now(0, 0)));

        let first = hold(8);
        assert_eq!(store.hold_ai_credits(organization, first).await.unwrap(), Held::Yes(now(8, 7)));
        assert_eq!(store.settle_ai_credits(organization, first, 8).await.unwrap(), now(8, 7));
        // Two are left in the month; of what comes back, those beyond it come back first.
        let second = hold(5);
        assert_eq!(store.hold_ai_credits(organization, second).await.unwrap(), Held::Yes(now(10, 4)));
        assert_eq!(store.hold_ai_credits(organization, hold(5)).await.unwrap(), Held::Short(now(10, 4)));
        assert_eq!(store.settle_ai_credits(organization, second, 3).await.unwrap(), now(10, 6));
        let next = CreditHold { month: MONTH + 1, ..hold(12) };
        assert_eq!(store.hold_ai_credits(organization, next).await.unwrap(), Held::Yes(now(10, 4)));
        assert_eq!(store.settle_ai_credits(organization, next, 1).await.unwrap(), now(1, 6));

        // What nobody settled goes back to where it was taken from.
        let lost = hold(6);
        assert_eq!(store.hold_ai_credits(organization, lost).await.unwrap(), Held::Yes(now(10, 0)));
        let later = lost.expires_at;
        assert_eq!(store.count_ai_credits(organization, MONTH, later).await.unwrap(), now(10, 6));
        let again = CreditHold { now: later, expires_at: later + Span::from_minutes(30), ..hold(6) };
        assert_eq!(store.hold_ai_credits(organization, again).await.unwrap(), Held::Yes(now(10, 0)));
    }

    async fn of_many_at_once_none_spends_what_is_not_there(world: World) {
        let organization = world.organization().await.id;
        world.store.add_bonus_credits(organization, 7, Vec::new()).await.unwrap();
        let mut calls = tokio::task::JoinSet::new();
        for _ in 0..40 {
            let store = world.store.clone();
            calls.spawn(async move { store.hold_ai_credits(organization, hold(1)).await.unwrap() });
        }
        let held = calls.join_all().await;
        assert_eq!(held.iter().filter(|held| matches!(held, Held::Yes(_))).count(), 17);
        assert_eq!(world.store.count_ai_credits(organization, MONTH, NOW).await.unwrap(), now(10, 0));
    }
}
