//! What waits for an approval cannot be taken, whoever asks for it and whatever its time.

use domain::event::EventKind;
use domain::{
    ApiKeyId, Approval, ApprovalState, ApprovalStep, EventId, PostId, PostStatus, Span, Timestamp, UserId,
};
use futures_util::future::join_all;
use sqlx::{Executor as _, SqliteConnection};

use super::{NOW, World, id, on_both};
use crate::conn::on;
use crate::{
    ApprovalChange, ApprovalOutcome, FailedFilter, NewEvent, NewPostRow, OrganizationRow, PostFilter,
    PostOrder, PostPage, PostUpdate, Store, UpdateOutcome,
};

const YEAR: Span = Span::from_days(365);

fn approval(state: ApprovalState) -> Approval {
    let step = ApprovalStep { api_key_id: ApiKeyId(id()), user_id: UserId(501), at: NOW, note: None };
    Approval { state, step: Some(step) }
}

fn event(kind: EventKind) -> NewEvent {
    NewEvent { id: EventId(id()), kind, payload: serde_json::json!({}) }
}

/// A post that is due now and waits.
async fn waiting(world: &World, organization: &OrganizationRow, accounts: usize) -> PostId {
    let mut ids = Vec::new();
    for _ in 0..accounts {
        ids.push(world.account(organization).await);
    }
    let row =
        NewPostRow { approval: approval(ApprovalState::Requested), ..world.row(organization, &ids, "waits") };
    let post = row.id;
    world.store.create_post(organization.id, row, None).await.unwrap();
    post
}

/// Takes a step on the post as it is now.
async fn step(
    store: &Store,
    organization: &OrganizationRow,
    post: PostId,
    state: ApprovalState,
    moves_to: Option<Timestamp>,
) -> ApprovalOutcome {
    let row = store.find_post(organization.id, organization.workspace_id, post).await.unwrap().unwrap();
    let change = ApprovalChange {
        post,
        workspace: organization.workspace_id,
        expected_updated_at: row.updated_at,
        approval: approval(state),
        status: PostStatus::Scheduled,
        moves_to,
        allow_duplicate: true,
        event: event(EventKind::PostApproved),
        now: row.updated_at + Span::from_micros(1),
    };
    store.change_approval(organization.id, change).await.unwrap()
}

async fn claim(store: &Store, at: Timestamp) -> usize {
    let ids = (0..50).map(|_| EventId(id())).collect();
    store.claim_due("w".to_owned(), at, at + Span::from_seconds(60), 50, ids).await.unwrap().len()
}

on_both! {
    async fn no_time_lets_a_post_out_that_waits(world: World) {
        let organization = world.organization().await;
        let post = waiting(&world, &organization, 3).await;
        let store = &world.store;
        for state in [ApprovalState::Requested, ApprovalState::ChangesRequested] {
            assert_eq!(step(store, &organization, post, state, None).await, ApprovalOutcome::Taken);
            for at in [NOW, NOW + YEAR] {
                assert_eq!(claim(store, at).await, 0, "{state:?}");
                assert!(store.list_due_accounts("", at, 10).await.unwrap().is_empty());
            }
            assert_eq!(store.next_due(NOW - YEAR).await.unwrap(), None);
            assert!(store.find_late(NOW + YEAR, 10).await.unwrap().is_empty(), "it is not late either");
        }
        // A start, and a person who retries, bring nothing back.
        store.recover_leases(NOW).await.unwrap();
        let row = store.find_post(organization.id, organization.workspace_id, post).await.unwrap().unwrap();
        assert!(store.retry_destinations(organization.id, post, row.account_ids, NOW).await.unwrap().is_empty());
        assert_eq!(claim(store, NOW + YEAR).await, 0);

        assert_eq!(step(store, &organization, post, ApprovalState::Approved, None).await, ApprovalOutcome::Taken);
        assert_eq!(claim(store, NOW).await, 3);
    }
}

on_both! {
    async fn the_table_itself_refuses_that_what_waits_is_due(world: World) {
        let organization = world.organization().await;
        waiting(&world, &organization, 1).await;
        let refused = world
            .store
            .writer
            .run(|conn| {
                Box::pin(async move {
                    Ok(on!(conn, |c| {
                        sqlx::query("UPDATE destinations SET run_at = 1").execute(&mut *c).await?.rows_affected()
                    }))
                })
            })
            .await
            .unwrap_err();
        let text = format!("{refused:?}");
        assert!(text.to_lowercase().contains("check"), "{text}");
        assert_eq!(claim(&world.store, NOW + YEAR).await, 0);
    }
}

on_both! {
    async fn of_a_claim_and_a_step_at_once_one_comes_first(world: World) {
        let organization = world.organization().await;
        let other = if world.url.is_some() { world.another().await } else { world.store.clone() };
        for round in 0..20 {
            let account = world.account(&organization).await;
            let post = world.post(&organization, account, "raced").await;
            let stepping = async {
                let store = if round % 2 == 0 { &world.store } else { &other };
                step(store, &organization, post, ApprovalState::Requested, None).await
            };
            let (held, taken) = tokio::join!(stepping, claim(&world.store, NOW));
            match held {
                ApprovalOutcome::Taken => assert_eq!(taken, 0, "round {round}"),
                ApprovalOutcome::TooLate => assert_eq!(taken, 1, "round {round}"),
                other => panic!("{other:?}"),
            }
            assert_eq!(claim(&world.store, NOW).await, 0, "round {round}");
        }
    }
}

on_both! {
    async fn of_a_claim_and_an_edit_at_once_one_comes_first(world: World) {
        let organization = world.organization().await;
        let other = if world.url.is_some() { world.another().await } else { world.store.clone() };
        for round in 0..20 {
            let account = world.account(&organization).await;
            let post = world.post(&organization, account, "raced").await;
            let (org, workspace) = (organization.id, organization.workspace_id);
            let row = world.store.find_post(org, workspace, post).await.unwrap().unwrap();
            let edited = NewPostRow {
                id: post,
                approval: approval(ApprovalState::Requested),
                now: row.updated_at + Span::from_micros(1),
                ..world.row(&organization, &[account], "edited")
            };
            let update = PostUpdate {
                expected_updated_at: row.updated_at,
                post: edited,
                events: vec![event(EventKind::PostUpdated)],
                allow_duplicate: true,
                most_per_day: None,
            };
            let store = if round % 2 == 0 { &world.store } else { &other };
            let (edited, taken) = tokio::join!(store.update_post(org, update), claim(&world.store, NOW));
            match edited.unwrap() {
                UpdateOutcome::Updated => assert_eq!(taken, 0, "round {round}"),
                UpdateOutcome::TooLate => assert_eq!(taken, 1, "round {round}"),
                other => panic!("{other:?}"),
            }
            assert_eq!(claim(&world.store, NOW).await, 0, "round {round}");
        }
    }
}

on_both! {
    async fn of_many_who_decide_at_once_one_does(world: World) {
        let organization = world.organization().await;
        let post = waiting(&world, &organization, 2).await;
        let row = world.store.find_post(organization.id, organization.workspace_id, post).await.unwrap().unwrap();
        let other = world.another().await;
        let decide = |number: u32| {
            let store = if number.is_multiple_of(2) || world.url.is_none() { &world.store } else { &other };
            let state = if number % 4 < 2 { ApprovalState::Approved } else { ApprovalState::ChangesRequested };
            let change = ApprovalChange {
                post,
                workspace: organization.workspace_id,
                expected_updated_at: row.updated_at,
                approval: approval(state),
                status: PostStatus::Scheduled,
                moves_to: None,
                allow_duplicate: true,
                event: event(EventKind::PostApproved),
                now: row.updated_at + Span::from_micros(i64::from(number) + 1),
            };
            store.change_approval(organization.id, change)
        };
        let outcomes = join_all((0..8).map(decide)).await;
        let taken = outcomes.iter().filter(|outcome| matches!(outcome, Ok(ApprovalOutcome::Taken))).count();
        let stale = outcomes.iter().filter(|outcome| matches!(outcome, Ok(ApprovalOutcome::Stale))).count();
        assert_eq!((taken, stale), (1, 7), "{outcomes:?}");
        let events = world.store.list_events(organization.id, 100).await.unwrap();
        assert_eq!(events.iter().filter(|event| event.kind == "post.approved").count(), 1);
    }
}

on_both! {
    async fn an_edit_moves_what_waits_and_lets_it_out_only_when_it_says_so(world: World) {
        let organization = world.organization().await;
        let post = waiting(&world, &organization, 2).await;
        let store = &world.store;
        let edit = async |state: ApprovalState, due: Timestamp| {
            let row = store.find_post(organization.id, organization.workspace_id, post).await.unwrap().unwrap();
            let mut next = world.row(&organization, &row.account_ids, "edited");
            next.id = post;
            next.scheduled_for = Some(due);
            next.approval = approval(state);
            next.now = row.updated_at + Span::from_micros(1);
            next.destinations.iter_mut().for_each(|destination| destination.scheduled_for = due);
            let update = PostUpdate {
                expected_updated_at: row.updated_at,
                post: next,
                events: vec![event(EventKind::PostUpdated)],
                allow_duplicate: true,
                most_per_day: None,
            };
            assert_eq!(store.update_post(organization.id, update).await.unwrap(), UpdateOutcome::Updated);
        };
        edit(ApprovalState::Requested, NOW + YEAR).await;
        let destinations = store.list_destinations(organization.id, &[post]).await.unwrap();
        assert!(destinations.iter().all(|one| one.scheduled_for == NOW + YEAR));
        assert_eq!(claim(store, NOW + YEAR + YEAR).await, 0);
        edit(ApprovalState::Approved, NOW).await;
        assert_eq!(claim(store, NOW).await, 2);
    }
}

on_both! {
    async fn a_yes_that_comes_late_moves_the_post_to_its_moment(world: World) {
        let organization = world.organization().await;
        let post = waiting(&world, &organization, 1).await;
        let now = NOW + YEAR;
        let outcome = step(&world.store, &organization, post, ApprovalState::Approved, Some(now)).await;
        assert_eq!(outcome, ApprovalOutcome::Taken);
        let destination = world.store.list_destinations(organization.id, &[post]).await.unwrap().remove(0);
        assert_eq!(destination.scheduled_for, now);
        assert!(world.store.find_late(now - Span::from_minutes(1), 10).await.unwrap().is_empty());
        assert_eq!(claim(&world.store, now - Span::from_micros(1)).await, 0);
        assert_eq!(claim(&world.store, now).await, 1);
        let late = step(&world.store, &organization, post, ApprovalState::Requested, None).await;
        assert_eq!(late, ApprovalOutcome::TooLate, "somebody has it");
    }
}

on_both! {
    async fn a_failed_destination_that_waits_is_not_queued_again(world: World) {
        let organization = world.organization().await;
        let post = waiting(&world, &organization, 1).await;
        fail_all(&world).await;
        let filter = FailedFilter { post_ids: vec![post], ..FailedFilter::default() };
        let (org, workspace) = (organization.id, organization.workspace_id);
        let row = world.store.find_post(org, workspace, post).await.unwrap().unwrap();
        assert!(world.store.retry_destinations(org, post, row.account_ids, NOW).await.unwrap().is_empty());
        assert!(world.store.retry_failed(org, workspace, filter, 10, NOW).await.unwrap().is_empty());
        assert_eq!(claim(&world.store, NOW + YEAR).await, 0);
    }
}

/// Nothing in the program brings a waiting destination there; the statements must hold all the same.
async fn fail_all(world: &World) {
    world
        .store
        .writer
        .run(|conn| {
            Box::pin(async move {
                Ok(on!(conn, |c| {
                    sqlx::query("UPDATE destinations SET status = 'failed', failed_at = 1")
                        .execute(&mut *c)
                        .await?
                        .rows_affected()
                }))
            })
        })
        .await
        .unwrap();
}

on_both! {
    async fn posts_are_listed_by_where_their_approval_stands(world: World) {
        let organization = world.organization().await;
        let account = world.account(&organization).await;
        let plain = world.post(&organization, account, "plain").await;
        let asked = waiting(&world, &organization, 1).await;
        let approved = waiting(&world, &organization, 1).await;
        step(&world.store, &organization, approved, ApprovalState::Approved, None).await;
        let list = async |approvals: Vec<ApprovalState>| {
            let filter = PostFilter { approvals, ..PostFilter::default() };
            let page = PostPage {
                order: PostOrder::CreatedAt,
                ascending: true,
                limit: 10,
                offset: 0,
                after: None,
            };
            let (org, workspace) = (organization.id, organization.workspace_id);
            let rows = world.store.list_posts(org, workspace, &filter, page).await.unwrap();
            let count = world.store.count_posts(org, workspace, &filter, NOW).await.unwrap();
            assert_eq!(count, rows.len() as u64);
            rows.into_iter().map(|row| row.id).collect::<Vec<_>>()
        };
        assert_eq!(list(vec![]).await, [plain, asked, approved]);
        assert_eq!(list(vec![ApprovalState::Requested]).await, [asked]);
        assert_eq!(list(vec![ApprovalState::Requested, ApprovalState::Approved]).await, [asked, approved]);
        assert_eq!(list(vec![ApprovalState::NotRequired]).await, [plain]);
        assert_eq!(list(vec![ApprovalState::NotRequired, ApprovalState::Approved]).await, [plain, approved]);
        assert!(list(vec![ApprovalState::ChangesRequested]).await.is_empty());
    }
}

on_both! {
    async fn another_organization_decides_nothing(world: World) {
        let (mine, theirs) = (world.organization().await, world.organization().await);
        let post = waiting(&world, &theirs, 1).await;
        let row = world.store.find_post(theirs.id, theirs.workspace_id, post).await.unwrap().unwrap();
        for (organization, workspace) in [(mine.id, theirs.workspace_id), (theirs.id, mine.workspace_id)] {
            let change = ApprovalChange {
                post,
                workspace,
                expected_updated_at: row.updated_at,
                approval: approval(ApprovalState::Approved),
                status: PostStatus::Scheduled,
                moves_to: None,
                allow_duplicate: true,
                event: event(EventKind::PostApproved),
                now: NOW + Span::from_seconds(1),
            };
            let outcome = world.store.change_approval(organization, change).await.unwrap();
            assert_eq!(outcome, ApprovalOutcome::NotFound);
        }
        assert_eq!(claim(&world.store, NOW).await, 0);
    }
}

#[tokio::test]
async fn what_waited_when_a_backup_was_made_may_have_gone_out_since() {
    use sqlx::Connection as _;
    let world = World::sqlite().await;
    let organization = world.organization().await;
    let post = waiting(&world, &organization, 1).await;
    world.store.close().await;
    let marked = crate::mark_restored(&world.path(), NOW - YEAR, NOW + YEAR).await.unwrap();
    assert_eq!(marked, 1);
    let mut connection =
        SqliteConnection::connect(&format!("sqlite://{}", world.path().display())).await.unwrap();
    let row =
        connection.fetch_one("SELECT intent IS NOT NULL, run_at IS NULL FROM destinations").await.unwrap();
    let read = |at: usize| sqlx::Row::get::<i64, _>(&row, at);
    assert_eq!((read(0), read(1)), (1, 1), "it is looked up before it is sent, and still waits");
    let again = world.another().await;
    assert_eq!(claim(&again, NOW + YEAR).await, 0);
    step(&again, &organization, post, ApprovalState::Approved, None).await;
    assert_eq!(claim(&again, NOW).await, 1);
}
