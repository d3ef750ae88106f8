//! The authors: they create, move, delete and retry posts while the workers are at it.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::event::EventKind;
use domain::{
    AccountId, ApiKeyId, DestinationId, DestinationStatus, EventId, OrganizationId, PostId, PostStatus, Span,
    Timestamp, WorkspaceId,
};
use net::Entropy;
use serde_json::json;
use sqlx::SqliteConnection;
use store::{
    DeleteOutcome, NewDestination, NewEvent, NewPostRow, PostUpdate, Store, StoreError, UpdateOutcome,
};
use tokio::sync::Mutex;

use crate::book::Wanted;
use crate::check;
use crate::plan::{Order, PlannedPost};
use crate::stage::{Stage, Wait};

/// How much later a post is moved.
const MOVED_BY: Span = Span::from_minutes(2);

/// All authors.
pub(crate) struct User {
    pub(crate) stage: Stage,
    pub(crate) store: Store,
    pub(crate) entropy: Arc<dyn Entropy>,
    pub(crate) eye: Arc<Mutex<SqliteConnection>>,
    pub(crate) organization: OrganizationId,
    pub(crate) workspace: WorkspaceId,
    pub(crate) accounts: Vec<AccountId>,
    pub(crate) posts: Vec<PlannedPost>,
    pub(crate) orders: Vec<(Timestamp, Order)>,
}

impl User {
    /// Does everything that is planned, each at its time.
    pub(crate) async fn act(self) {
        let ids: Vec<PostId> = self.posts.iter().map(|_| PostId(self.entropy.uuid(self.now()))).collect();
        for (at, order) in &self.orders {
            if *at > self.now() {
                self.stage.wait([Wait::Until(*at)]).await;
            }
            let done = match order {
                Order::Create(post) => self.create(*post, ids[*post]).await,
                Order::Move(post) => self.put_off(*post, ids[*post]).await,
                Order::Delete(post) => self.delete(ids[*post]).await,
                Order::Retry(post) => self.retry(ids[*post]).await,
            };
            let mut state = self.stage.lock();
            if let Err(error) = done {
                state.break_off(format!("{order:?} failed: {error:?}"));
            }
            for worker in &mut state.workers {
                worker.woken = true;
            }
        }
    }

    fn now(&self) -> Timestamp {
        self.stage.lock().now
    }

    fn note(&self, what: String) {
        self.stage.lock().note(what);
    }

    fn event(&self, kind: EventKind) -> NewEvent {
        NewEvent { id: EventId(self.entropy.uuid(self.now())), kind, payload: json!({}) }
    }

    /// The parts as they are at one version of the post; each is another text everywhere.
    fn parts(number: usize, version: u32, planned: &PlannedPost) -> Vec<String> {
        (0..planned.parts).map(|part| format!("post {number} version {version} part {part}")).collect()
    }

    fn row(&self, number: usize, id: PostId, parts: &[String], due: Timestamp, now: Timestamp) -> NewPostRow {
        let account_ids: Vec<AccountId> =
            self.posts[number].accounts.iter().map(|account| self.accounts[*account]).collect();
        let state = self.stage.lock();
        let destination = |(account, account_id): (&usize, &AccountId)| NewDestination {
            id: DestinationId(self.entropy.uuid(now)),
            account_id: *account_id,
            platform: state.ledger.holders[*account].kind.spec().name.clone(),
            scheduled_for: due,
            fingerprint: None,
        };
        let destinations = self.posts[number].accounts.iter().zip(&account_ids).map(destination).collect();
        NewPostRow {
            id,
            workspace_id: self.workspace,
            api_key_id: ApiKeyId(self.entropy.uuid(now)),
            content: parts[0].clone(),
            status: if due > now { PostStatus::Scheduled } else { PostStatus::Publishing },
            scheduled_for: Some(due),
            timezone: "UTC".to_owned(),
            account_ids,
            media_ids: vec![],
            platform_content: "{}".to_owned(),
            thread_posts: parts[1..].to_vec(),
            campaign_id: None,
            approval: domain::Approval::default(),
            destinations,
            now,
        }
    }

    async fn create(&self, number: usize, id: PostId) -> Result<(), StoreError> {
        let planned = &self.posts[number];
        let parts = Self::parts(number, 1, planned);
        let row = self.row(number, id, &parts, planned.due, self.now());
        let destinations = row.destinations.clone();
        self.store.create_post(self.organization, row, None).await?;
        let mut state = self.stage.lock();
        state.note(format!("creates {parts:?}, due {}", planned.due));
        for (account, destination) in planned.accounts.iter().zip(destinations) {
            let wanted = Wanted {
                post: id,
                account: *account,
                account_id: destination.account_id,
                parts: parts.clone(),
                due: planned.due,
                may_leave: None,
                refused: BTreeSet::new(),
            };
            state.note(format!("wants {} on account {account}", destination.id));
            state.book.wanted.insert(destination.id, wanted);
        }
        Ok(())
    }

    /// Changes the text and puts it off.
    async fn put_off(&self, number: usize, id: PostId) -> Result<(), StoreError> {
        let Some(present) = self.store.find_post(self.organization, self.workspace, id).await? else {
            return Ok(());
        };
        let now = self.now().max(present.updated_at + Span::from_micros(1));
        let parts = Self::parts(number, 2, &self.posts[number]);
        let due = self.posts[number].due + MOVED_BY;
        let post = self.row(number, id, &parts, due, now);
        let update = PostUpdate {
            expected_updated_at: present.updated_at,
            post,
            events: vec![self.event(EventKind::PostUpdated)],
            allow_duplicate: true,
            most_per_day: None,
        };
        let outcome = self.store.update_post(self.organization, update).await?;
        let mut state = self.stage.lock();
        state.note(format!("moves post {number}: {outcome:?}"));
        if outcome == UpdateOutcome::Updated {
            for wanted in state.book.wanted.values_mut().filter(|wanted| wanted.post == id) {
                wanted.parts.clone_from(&parts);
                wanted.due = due;
            }
        }
        Ok(())
    }

    async fn delete(&self, id: PostId) -> Result<(), StoreError> {
        let event = self.event(EventKind::PostDeleted);
        let outcome =
            self.store.delete_post(self.organization, self.workspace, id, event, self.now()).await?;
        let rows = check::list_rows(&mut *self.eye.lock().await).await?;
        let mut state = self.stage.lock();
        state.note(format!("deletes {id}: {outcome:?}"));
        if matches!(outcome, DeleteOutcome::Deleted { .. }) {
            for row in rows.iter().filter(|row| row.post_id == id.0) {
                if let Some(wanted) = state.book.wanted.get_mut(&DestinationId(row.id)) {
                    // What is about to be sent, and nothing else.
                    wanted.may_leave = Some(u32::from(row.intent.is_some()));
                }
            }
        }
        Ok(())
    }

    /// Asks again for what failed. Where nobody can tell whether it is live, the author looks first.
    async fn retry(&self, id: PostId) -> Result<(), StoreError> {
        if self.store.find_post(self.organization, self.workspace, id).await?.is_none() {
            return Ok(());
        }
        let rows = self.store.list_destinations(self.organization, &[id]).await?;
        let accounts: Vec<AccountId> = {
            let state = self.stage.lock();
            let is_out =
                |id: DestinationId| state.network.carries(id) || state.ledger.of(id).next().is_some();
            rows.iter()
                .filter(|row| row.status == DestinationStatus::Failed)
                .filter(|row| row.error_code.as_deref() != Some("outcome_unknown") || !is_out(row.id))
                .map(|row| row.account_id)
                .collect()
        };
        if accounts.is_empty() {
            return Ok(());
        }
        let retried = self.store.retry_destinations(self.organization, id, accounts, self.now()).await?;
        self.note(format!("retries {id} on {retried:?}"));
        Ok(())
    }
}
