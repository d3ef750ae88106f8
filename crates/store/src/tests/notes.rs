//! Workers' notes that are written together.

use domain::{EventId, Span};
use futures_util::future::join_all;
use serde_json::json;

use super::{NOW, World, id, on_both};
use crate::{Claim, JournalEntry, Outcome, Work};

on_both! {
    async fn a_lease_that_is_gone_costs_no_other_note_of_its_batch(world: World) {
        const GONE: usize = 7;
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
            lease.token -= i64::from(number == GONE);
            let work = Work { state: Some(format!("step {number}")), ..Work::default() };
            let line = JournalEntry { kind: "progress", detail: json!({}) };
            store.record(lease, work, Outcome::Keep, Some(line), [EventId(id()), EventId(id())], NOW)
        };
        let written = join_all(claims.iter().enumerate().map(note)).await;
        for (number, (written, claim)) in written.into_iter().zip(&claims).enumerate() {
            assert_eq!(written.unwrap(), number != GONE, "note {number}");
            let lines = store.list_journal(organization.id, claim.lease.destination_id).await.unwrap();
            assert_eq!(lines.len(), usize::from(number != GONE), "journal of note {number}");
        }
    }
}
