//! Limits that hold when many ask at once.

use std::sync::Arc;

use domain::plan::{Limit, OrganizationSettings, PlanChanges};
use domain::{PlatformName, Span};
use futures_util::future::join_all;

use super::{NOW, World, id, on_both};
use crate::{AccountSource, CreateOutcome, NewAccount, OrganizationRow, PostCreation, Store};

fn new_account(organization: &OrganizationRow, name: &str) -> NewAccount {
    NewAccount {
        workspace_id: organization.workspace_id,
        platform: PlatformName::from_static("x"),
        platform_user_id: name.to_owned(),
        username: None,
        display_name: "A".into(),
        avatar_url: None,
        premium: false,
        service_url: None,
        access_ends_at: None,
        credentials: b"token".to_vec(),
        nonce: [4; 24],
        now: NOW,
    }
}

async fn connect(store: &Store, organization: &OrganizationRow, name: &str, most: i64) -> bool {
    let source = AccountSource { most: Some(most), ..AccountSource::default() };
    let new = new_account(organization, name);
    store.connect_account_of(organization.id, new, source, Arc::new(|_| None)).await.unwrap().is_some()
}

on_both! {
    async fn of_many_accounts_at_once_as_many_are_connected_as_may_be(world: World) {
        let organization = world.organization().await;
        let other = if world.url.is_some() { world.another().await } else { world.store.clone() };
        let names: Vec<String> = (0..12).map(|number| format!("u{number}")).collect();
        let asked = names.iter().enumerate().map(|(at, name)| {
            connect(if at.is_multiple_of(2) { &world.store } else { &other }, &organization, name, 5)
        });
        let connected: Vec<bool> = join_all(asked).await;
        assert_eq!(connected.iter().filter(|is| **is).count(), 5);
        assert_eq!(world.store.count_active_accounts(organization.id).await.unwrap(), 5);
        // What is there is renewed, whatever the limit.
        let there = names.iter().zip(&connected).find(|(_, is)| **is).unwrap().0;
        assert!(connect(&world.store, &organization, there, 1).await);
        assert!(!connect(&world.store, &organization, "one more", 5).await);
        assert!(connect(&world.store, &organization, "one more", 6).await);
    }
}

on_both! {
    async fn of_many_posts_at_once_as_many_are_made_as_the_day_has(world: World) {
        let organization = world.organization().await;
        let account = world.account(&organization).await;
        let other = if world.url.is_some() { world.another().await } else { world.store.clone() };
        let create = |number: usize, now| {
            let store = if number.is_multiple_of(2) { world.store.clone() } else { other.clone() };
            let mut post = world.row(&organization, &[account], "counted");
            post.now = now;
            let creation = PostCreation {
                post,
                events: vec![],
                allow_duplicate: true,
                takes_slot: false,
                most_per_day: Some(7),
                once: false,
            };
            let organization = organization.id;
            async move { store.create_posts(organization, vec![creation], None).await.unwrap().unwrap()[0] }
        };
        let outcomes = join_all((0..20).map(|number| create(number, NOW))).await;
        let made = outcomes.iter().filter(|outcome| **outcome == CreateOutcome::Created).count();
        assert_eq!(made, 7);
        assert!(outcomes.contains(&CreateOutcome::DayFull));
        assert_eq!(world.store.count_posts_of_day(organization.id, NOW).await.unwrap(), 7);
        let tomorrow = NOW + Span::from_days(1);
        assert_eq!(create(0, tomorrow).await, CreateOutcome::Created);
        assert_eq!(world.store.count_posts_of_day(organization.id, tomorrow).await.unwrap(), 1);
        assert_eq!(world.store.count_posts_of_day(organization.id, NOW).await.unwrap(), 0, "it is over");
    }
}

on_both! {
    async fn what_is_set_for_one_organization_is_not_set_for_another(world: World) {
        let (mine, theirs) = (world.organization().await, world.organization().await);
        let settings = OrganizationSettings {
            approvals_required: true,
            limits: PlanChanges { accounts: Some(Limit::AtMost(3)), ..PlanChanges::default() },
        };
        assert!(world.store.set_organization_settings(mine.id, settings.clone()).await.unwrap());
        assert_eq!(world.store.get_organization_settings(mine.id).await.unwrap(), settings);
        let at_first = OrganizationSettings::default();
        assert_eq!(world.store.get_organization_settings(theirs.id).await.unwrap(), at_first);
        let nobody = domain::OrganizationId(id());
        assert!(!world.store.set_organization_settings(nobody, settings).await.unwrap());
    }
}
