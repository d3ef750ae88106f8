//! Workers' notes that are written together.

use domain::{EventId, PostStatus, Span};
use futures_util::future::join_all;
use serde_json::json;

use super::{NOW, World, id, on_both};
use crate::conn::on;
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

on_both! {
    async fn a_journal_keeps_its_order_wherever_its_lines_stand(world: World) {
        let organization = world.organization().await;
        let account = world.account(&organization).await;
        let post = world.post(&organization, account, "once").await;
        let (store, minute) = (&world.store, Span::from_seconds(60));
        let claim = async |now| {
            store.claim_due("a".into(), now, now + minute, 1, vec![EventId(id())]).await.unwrap().remove(0)
        };
        let note = async |claim: &Claim, kind, outcome, now| {
            let line = JournalEntry { kind, detail: json!({ "message": format!("\"{kind}\", {{says}} who") }) };
            let ids = [EventId(id()), EventId(id())];
            let written = store.record(claim.lease.clone(), Work::default(), outcome, Some(line), ids, now);
            assert!(written.await.unwrap());
        };
        let first = claim(NOW).await;
        note(&first, "intent", Outcome::Keep, NOW).await;
        note(&first, "unknown", Outcome::Keep, NOW).await;
        note(&first, "look", Outcome::Park { run_at: NOW + minute }, NOW).await;
        let second = claim(NOW + minute).await;
        note(&second, "intent", Outcome::Keep, NOW + minute).await;
        note(&second, "published", Outcome::Finish(published(1)), NOW + minute).await;

        let lines = store.list_journal(organization.id, first.lease.destination_id).await.unwrap();
        let order: Vec<(i64, &str)> = lines.iter().map(|line| (line.seq, line.kind.as_str())).collect();
        assert_eq!(order, [(1, "intent"), (2, "unknown"), (3, "look"), (4, "intent"), (5, "published")]);
        assert_eq!(lines[4].detail, json!({ "message": "\"published\", {says} who" }));
        assert_eq!((lines[0].at, lines[3].at), (NOW, NOW + minute));
        let latest = store.list_post_journal(organization.id, post, 3).await.unwrap();
        assert_eq!(latest.iter().map(|(_, line)| line.seq).collect::<Vec<_>>(), [3, 4, 5]);
    }
}

on_both! {
    async fn a_destination_that_is_taken_up_again_and_again_does_not_grow(world: World) {
        let organization = world.organization().await;
        let account = world.account(&organization).await;
        world.post(&organization, account, "once").await;
        let (store, minute) = (&world.store, Span::from_seconds(60));
        let mut destination = None;
        for round in 0..20 {
            let now = NOW + minute.times(round);
            let ids = vec![EventId(id())];
            let claim = store.claim_due("a".into(), now, now + minute, 1, ids).await.unwrap().remove(0);
            let line = JournalEntry { kind: "intent", detail: json!({}) };
            let park = Outcome::Park { run_at: now + minute };
            let ids = [EventId(id()), EventId(id())];
            destination = Some(claim.lease.destination_id);
            assert!(store.record(claim.lease, Work::default(), park, Some(line), ids, now).await.unwrap());
        }
        let mut read = store.read().await.unwrap();
        let rows: i64 = on!(read.conn(), |c| {
            sqlx::query_scalar("SELECT COUNT(*) FROM journal").fetch_one(&mut *c).await.unwrap()
        });
        drop(read);
        assert_eq!(rows, 12, "eight stand with the destination");
        let lines = store.list_journal(organization.id, destination.unwrap()).await.unwrap();
        assert!(lines.iter().map(|line| line.seq).eq(1..=20));
    }
}

on_both! {
    async fn a_line_that_an_older_version_wrote_without_counting_it_keeps_no_outcome_back(world: World) {
        let organization = world.organization().await;
        let account = world.account(&organization).await;
        world.post(&organization, account, "once").await;
        let (store, until) = (&world.store, NOW + Span::from_seconds(60));
        let claim = store.claim_due("a".into(), NOW, until, 1, vec![EventId(id())]).await.unwrap().remove(0);
        let (of, destination) = (organization.id.0, claim.lease.destination_id.0);
        let older = store.writer.run(move |conn| {
            Box::pin(async move {
                on!(conn, |c| {
                    sqlx::query(
                        "INSERT INTO journal (organization_id, destination_id, seq, kind, attempt, at, detail)
                         VALUES ($1, $2, 1, 'look', 1, 0, '{}')",
                    )
                    .bind(of)
                    .bind(destination)
                    .execute(&mut *c)
                    .await?
                    .rows_affected()
                });
                Ok(())
            })
        });
        older.await.unwrap();
        for kind in ["unknown", "look"] {
            let line = JournalEntry { kind, detail: json!({}) };
            let ids = [EventId(id()), EventId(id())];
            let written = store.record(claim.lease.clone(), Work::default(), Outcome::Keep, Some(line), ids, NOW);
            assert!(written.await.unwrap());
        }
        let lines = store.list_journal(organization.id, claim.lease.destination_id).await.unwrap();
        assert!(lines.iter().map(|line| line.seq).eq(1..=3));
    }
}
