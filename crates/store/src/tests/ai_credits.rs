//! Credits: nobody takes the last one twice, and what nobody settles goes back.

use domain::Span;

use super::{NOW, World, id, on_both};
use crate::{CreditHold, Held};

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

on_both! {
    async fn what_is_held_is_used_until_it_is_settled(world: World) {
        let organization = world.organization().await.id;
        let store = &world.store;
        let used = async |now| store.count_ai_credits(organization, MONTH, now).await.unwrap();
        assert_eq!(used(NOW).await, 0);
        let first = hold(6);
        assert_eq!(store.hold_ai_credits(organization, first).await.unwrap(), Held::Yes(6));
        assert_eq!(store.hold_ai_credits(organization, hold(5)).await.unwrap(), Held::Short(6));
        assert_eq!(store.hold_ai_credits(organization, hold(11)).await.unwrap(), Held::Short(6));
        assert_eq!(store.settle_ai_credits(organization, first, 2).await.unwrap(), 2);
        assert_eq!(store.hold_ai_credits(organization, hold(8)).await.unwrap(), Held::Yes(10));
        let other = world.organization().await.id;
        assert_eq!(store.count_ai_credits(other, MONTH, NOW).await.unwrap(), 0);
        assert_eq!(store.hold_ai_credits(other, hold(10)).await.unwrap(), Held::Yes(10));
    }

    async fn what_nobody_settled_goes_back(world: World) {
        let organization = world.organization().await.id;
        let store = &world.store;
        let lost = hold(9);
        store.hold_ai_credits(organization, lost).await.unwrap();
        let later = lost.expires_at;
        assert_eq!(store.count_ai_credits(organization, MONTH, later).await.unwrap(), 0);
        let next = CreditHold { now: later, expires_at: later + Span::from_minutes(30), ..hold(10) };
        assert_eq!(store.hold_ai_credits(organization, next).await.unwrap(), Held::Yes(10));
        // The one that took too long counts after all: its work was done.
        assert_eq!(store.settle_ai_credits(organization, lost, 3).await.unwrap(), 13);
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
        assert_eq!(world.store.count_ai_credits(organization, MONTH, NOW).await.unwrap(), 10);
    }
}
