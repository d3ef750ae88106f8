//! What is planned for access holds for the credentials that it was planned for, and for no others.

use domain::{PlatformName, Span};

use super::{NOW, World, on_both};
use crate::{AccessPlan, AccessRow, AccessWork, OrganizationRow, Store};

async fn due(store: &Store, platform: &PlatformName, work: AccessWork) -> Vec<AccessRow> {
    store.list_due_access(work, platform, NOW, 10).await.unwrap()
}

/// Plans everything for now.
async fn plan(store: &Store, organization: &OrganizationRow) -> AccessRow {
    let unplanned = store.list_unplanned_access(10).await.unwrap();
    let row = unplanned.into_iter().find(|row| row.organization_id == organization.id).unwrap();
    let plan = AccessPlan { renew_at: Some(NOW), probe_at: Some(NOW), renews_itself: false };
    assert!(store.plan_access(&row, plan).await.unwrap());
    row
}

on_both! {
    async fn what_was_renewed_meanwhile_is_not_due_by_the_plan_of_what_it_replaced(world: World) {
        let organization = world.organization().await;
        let account = world.account(&organization).await;
        let store = &world.store;
        let platform = plan(store, &organization).await.platform;
        let mut found = Vec::new();
        for work in [AccessWork::Renewal, AccessWork::Probe] {
            found.push((work, due(store, &platform, work).await.pop().unwrap()));
        }
        let version = found[0].1.version;
        assert!(store.record_refresh(organization.id, account, version, b"new", [5; 24], None, NOW).await.unwrap());
        for (work, before) in &found {
            assert_eq!(due(store, &platform, *work).await, [], "{work:?} has no plan yet");
            let until = NOW + Span::from_minutes(10);
            assert!(!store.take_access(*work, before, until).await.unwrap(), "{work:?} was of what is gone");
        }
        plan(store, &organization).await;
        for (work, _) in found {
            let row = due(store, &platform, work).await.pop().unwrap();
            assert_eq!(row.version, version + 1);
            assert!(store.take_access(work, &row, NOW + Span::from_minutes(10)).await.unwrap());
            assert!(!store.take_access(work, &row, NOW + Span::from_minutes(10)).await.unwrap(), "once");
        }
    }
}
