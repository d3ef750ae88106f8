//! Workers' notes that are written together.

use domain::{EventId, PostStatus, Span};
use futures_util::future::join_all;
use serde_json::json;

use super::{NOW, World, id, on_both};
use crate::{Claim, Finish, JournalEntry, Outcome, Work};

on_both! {
    async fn a_lease_that_is_gone_costs_no_other_note_of_its_batch(world: World) {
        const GONE: [usize; 2] = [7, 8];
        let organization = world.organization().await;
        for number in 0..40 {
            let account = world.account(&organization).await;
            world.post(&organization, account, &format!("post {number}")).await;
        }
        let (store, until) = (&world.store, NOW + Span::from_seconds(60));
        let ids = (0..40).map(|_| EventId(id())).collect();
        let claims = store.claim_due("a".into(), NOW, until, 40, ids).await.unwrap();
        assert_eq!(claims.len(), 40);
        let note = |(number, claim): (usize, &Claim)| {
            let mut lease = claim.lease.clone();
            lease.token -= i64::from(GONE.contains(&number));
            let work = Work { state: Some(format!("step {number}")), ..Work::default() };
            let line = JournalEntry { kind: "progress", detail: json!({}) };
            // Both of the statements that write notes.
            let outcome = if number % 2 == 0 { Outcome::Keep } else { Outcome::Finish(published(number)) };
            store.record(lease, work, outcome, Some(line), [EventId(id()), EventId(id())], NOW)
        };
        let written = join_all(claims.iter().enumerate().map(note)).await;
        for (number, (written, claim)) in written.into_iter().zip(&claims).enumerate() {
            let is_gone = GONE.contains(&number);
            assert_eq!(written.unwrap(), !is_gone, "note {number}");
            let lines = store.list_journal(organization.id, claim.lease.destination_id).await.unwrap();
            assert_eq!(lines.len(), usize::from(!is_gone), "journal of note {number}");
            let (organization_id, workspace) = (organization.id, organization.workspace_id);
            let post = store.find_post(organization_id, workspace, claim.lease.post_id).await.unwrap().unwrap();
            let is_live = post.status == PostStatus::Published;
            assert_eq!(is_live, !is_gone && number % 2 == 1, "post of note {number}");
        }
    }
}

fn published(number: usize) -> Finish {
    Finish::Published {
        platform_post_id: number.to_string(),
        platform_post_url: format!("https://example.org/{number}"),
        warnings: Vec::new(),
    }
}
