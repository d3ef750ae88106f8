//! What must hold: who may hold what at any time, and how everything ends.

use std::collections::BTreeMap;

use domain::{AccountId, DestinationId, DestinationStatus, Span, Timestamp};
use sqlx::SqliteConnection;
use store::Claim;
use uuid::Uuid;

use crate::book::Wanted;
use crate::connector::Progress;
use crate::ledger::Kind;
use crate::stage::State;

/// A destination that somebody holds, or held and did not give back.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct HeldRow {
    id: Uuid,
    account_id: i64,
    run_at: Option<i64>,
}

/// A destination as it is stored.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct Row {
    pub(crate) id: Uuid,
    pub(crate) post_id: Uuid,
    status: String,
    run_at: Option<i64>,
    state: Option<String>,
    pub(crate) intent: Option<String>,
    error_code: Option<String>,
    platform_post_id: Option<String>,
    deleted_at: Option<i64>,
}

const HELD: &str = "SELECT id, account_id, run_at FROM destinations WHERE lease_owner IS NOT NULL";
const ROWS: &str = "SELECT d.id, d.post_id, d.status, d.run_at, d.state, d.intent, d.error_code,
    d.platform_post_id, p.deleted_at
    FROM destinations d JOIN posts p ON p.organization_id = d.organization_id AND p.id = d.post_id";
const OPEN: &str = "SELECT COUNT(*) FROM destinations WHERE run_at IS NOT NULL";
const CUT_OFF: &str = "SELECT id FROM accounts WHERE needs_reconnection_since IS NOT NULL";

/// Who holds what. A read that fails shows as nothing held, and the run goes on.
pub(crate) async fn list_held(eye: &mut SqliteConnection) -> Vec<HeldRow> {
    sqlx::query_as(HELD).fetch_all(eye).await.unwrap_or_default()
}

/// Every destination.
pub(crate) async fn list_rows(eye: &mut SqliteConnection) -> Result<Vec<Row>, sqlx::Error> {
    sqlx::query_as(ROWS).fetch_all(eye).await
}

/// Whether nothing is planned any more.
pub(crate) async fn is_at_rest(eye: &mut SqliteConnection) -> Result<bool, sqlx::Error> {
    let open: i64 = sqlx::query_scalar(OPEN).fetch_one(eye).await?;
    Ok(open == 0)
}

/// Accounts whose access the engine found ended.
pub(crate) async fn list_cut_off(eye: &mut SqliteConnection) -> Result<Vec<AccountId>, sqlx::Error> {
    let ids: Vec<i64> = sqlx::query_scalar(CUT_OFF).fetch_all(eye).await?;
    Ok(ids.into_iter().map(AccountId).collect())
}

/// No claim takes what somebody holds, nor a second destination of an account, nor what was moved.
pub(crate) fn leases(state: &mut State, worker: usize, claims: &[Claim], lease: Span) {
    let held = std::mem::take(&mut state.workers[worker].held);
    let mut accounts: BTreeMap<AccountId, DestinationId> = BTreeMap::new();
    for claim in claims {
        let id = claim.lease.destination_id;
        let now = claim.lease_until + Span::from_micros(-lease.as_micros());
        let is_live = |row: &&HeldRow| row.run_at.is_some_and(|end| Timestamp::from_micros(end) > now);
        let other = held.iter().filter(is_live).find(|row| row.account_id == claim.lease.account_id.0);
        if let Some(row) = other {
            let of = DestinationId(row.id);
            state.break_off(format!("{id} is claimed while {of} of the same account is held"));
        }
        if let Some(of) = accounts.insert(claim.lease.account_id, id) {
            state.break_off(format!("{id} and {of} of one account are claimed together"));
        }
        let due = state.book.wanted.get(&id).map(|wanted| wanted.due);
        if due != Some(claim.scheduled_for) {
            state.break_off(format!("{id} is claimed by an old plan: due {due:?}"));
        }
    }
}

/// How each destination may have ended.
pub(crate) fn ends(state: &mut State, rows: &[Row], cut_off: &[AccountId]) {
    let wanted = state.book.wanted.clone();
    for (id, wanted) in &wanted {
        let Some(row) = rows.iter().find(|row| row.id == id.0) else {
            state.break_off(format!("{id} is not stored any more"));
            continue;
        };
        if row.deleted_at.is_some() {
            continue;
        }
        let is_cut_off = cut_off.contains(&wanted.account_id);
        let code = row.error_code.as_deref().unwrap_or("no code");
        let end = format!("{id} ended as {} ({code})", row.status);
        state.note(&end);
        if let Some(wrong) = wrong_end(state, *id, wanted, row, is_cut_off) {
            state.break_off(format!("{end}, but {wrong}"));
        }
    }
}

fn wrong_end(
    state: &State,
    id: DestinationId,
    wanted: &Wanted,
    row: &Row,
    is_cut_off: bool,
) -> Option<String> {
    let counts: Vec<usize> = (0..wanted.parts.len()).map(|part| state.ledger.count(id, part)).collect();
    let holder = &state.ledger.holders[wanted.account];
    let (kind, is_cut_off) = (holder.kind, is_cut_off || holder.was_refused);
    match DestinationStatus::parse(&row.status) {
        Some(DestinationStatus::Published) => {
            let first = state.ledger.of(id).find(|public| public.part == 0).map(|public| public.id.clone());
            if counts.iter().any(|count| *count != 1) {
                Some(format!("its parts are public so many times: {counts:?}"))
            } else if first != row.platform_post_id {
                Some(format!("its id is {first:?} and not {:?}", row.platform_post_id))
            } else {
                None
            }
        }
        Some(DestinationStatus::Failed) => {
            let code = row.error_code.as_deref().unwrap_or_default();
            wrong_reason(code, kind, wanted, is_cut_off).or_else(|| wrong_parts(code, row, &counts))
        }
        Some(DestinationStatus::Queued | DestinationStatus::Publishing) | None => {
            Some(format!("nobody works on it, and it is planned for {:?}", row.run_at))
        }
    }
}

/// Whether the reason has grounds.
fn wrong_reason(code: &str, kind: Kind, wanted: &Wanted, is_cut_off: bool) -> Option<String> {
    let has_grounds = match code {
        "outcome_unknown" => kind != Kind::Readable || is_cut_off,
        "token_expired" => is_cut_off,
        "content_rejected" => wanted.refused.contains(code),
        "duplicate" => kind == Kind::Refusing,
        "attempts_exhausted" => true,
        _ => false,
    };
    (!has_grounds).then(|| "nothing that happened is a reason for that".to_owned())
}

/// Whether what is public agrees with the reason: the parts before the one that failed are, and that
/// one and those after it are not.
fn wrong_parts(code: &str, row: &Row, counts: &[usize]) -> Option<String> {
    let progress = row.state.as_deref().and_then(|state| serde_json::from_str(state).ok());
    let failed = match progress {
        Some(Progress::Ready { part, .. }) => part,
        Some(Progress::Prepare { .. } | Progress::Processing) | None => 0,
    };
    let may_be_out = matches!(code, "outcome_unknown" | "duplicate");
    let is_wrong = counts.iter().enumerate().any(|(part, count)| match part.cmp(&failed) {
        std::cmp::Ordering::Less => *count != 1,
        std::cmp::Ordering::Equal => *count > usize::from(may_be_out),
        std::cmp::Ordering::Greater => *count != 0,
    });
    is_wrong.then(|| format!("part {failed} failed, and the parts are public so many times: {counts:?}"))
}
