//! Keys under which a request is done once, with the answer that it was given.
//!
//! A key is claimed before the work and gets its answer after it, or in the transaction of the work
//! itself. A claim without an answer has done nothing that its transaction would have told of, so one
//! that a crash left behind may be taken over; its first holder can then write nothing any more.

use std::sync::Arc;

use domain::{OrganizationId, Timestamp, WorkspaceId};
use uuid::Uuid;

use crate::conn::{Conn, on};
use crate::{Keyring, Store, StoreError};

/// A request that came with a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyedRequest {
    /// The tenant.
    pub organization_id: OrganizationId,
    /// The workspace.
    pub workspace_id: WorkspaceId,
    /// Method and path.
    pub route: String,
    /// The key.
    pub key: String,
    /// Of the body and the parameters.
    pub fingerprint: String,
}

/// Who asks for a key, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asker {
    /// What this claim is called.
    pub id: Uuid,
    /// The process that it is answered in.
    pub process: Uuid,
    /// When nobody has to believe any more that it is being answered.
    pub lease_until: Timestamp,
    /// When the key is forgotten.
    pub expires_at: Timestamp,
    /// When it asks.
    pub now: Timestamp,
}

/// A key that a request has in hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyClaim {
    organization_id: OrganizationId,
    id: Uuid,
}

/// The answer to a request with a key.
#[derive(Clone, PartialEq, Eq)]
pub struct KeptAnswer {
    /// The status.
    pub status: u16,
    /// The body.
    pub body: Vec<u8>,
    /// What a key of the API needs to be given it.
    pub scope: String,
}

/// What became of the attempt to claim a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyAsked {
    /// It is this request's.
    Claimed(KeyClaim),
    /// The request was answered before.
    Answered(KeptAnswer),
    /// It was used for another body.
    OtherBody,
    /// A request with it is being answered, by this time at the latest.
    InHand(Timestamp),
}

/// The answer that goes with what came of the work; `None` where nothing was done.
pub type Answer<T> = Arc<dyn Fn(&T) -> Option<KeptAnswer> + Send + Sync>;

/// An answer that is to be kept in the transaction of the work.
pub struct KeepWith<T: ?Sized> {
    /// The request's claim.
    pub claim: KeyClaim,
    /// The answer.
    pub answer: Answer<T>,
    /// 24 random bytes, never used twice.
    pub nonce: [u8; 24],
}

/// What became of work that is done once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Once<T> {
    /// It was done, and its answer is kept where there was one to be kept.
    Done(T),
    /// The request's claim was taken over: nothing was done.
    TakenOver,
}

impl<T> Once<T> {
    /// What was done; `None` where the claim was taken over.
    pub fn done(self) -> Option<T> {
        match self {
            Self::Done(made) => Some(made),
            Self::TakenOver => None,
        }
    }
}

/// How an answer is kept.
struct Keeping {
    claim: KeyClaim,
    nonce: [u8; 24],
    keyring: Arc<Keyring>,
}

/// Whether and how the answer of some work is kept in its transaction.
pub(crate) struct Keeper<T: ?Sized>(Option<(Keeping, Answer<T>)>);

impl<T: ?Sized> Keeper<T> {
    pub(crate) fn new(keep: Option<KeepWith<T>>, keyring: &Arc<Keyring>) -> Self {
        Self(keep.map(|KeepWith { claim, answer, nonce }| {
            (Keeping { claim, nonce, keyring: Arc::clone(keyring) }, answer)
        }))
    }

    /// To be asked first. Whether the work is still the request's; it stays so until the transaction ends.
    pub(crate) async fn begin(&self, conn: &mut Conn<'_>) -> Result<bool, StoreError> {
        match &self.0 {
            Some((keeping, _)) => hold(conn, keeping.claim).await,
            None => Ok(true),
        }
    }

    /// To be done last: writes the answer beside the work that it tells of.
    pub(crate) async fn end(&self, conn: &mut Conn<'_>, outcome: &T) -> Result<(), StoreError> {
        if let Some((keeping, answer)) = &self.0
            && let Some(answer) = answer(outcome)
        {
            keep(conn, keeping, &answer).await?;
        }
        Ok(())
    }
}

#[derive(sqlx::FromRow)]
struct Stored {
    id: Uuid,
    fingerprint: String,
    lease_until: i64,
    status: Option<i64>,
    answer: Option<Vec<u8>>,
    scope: Option<String>,
}

/// What is over: old keys, and claims without an answer whose holder is dead. Where one process works
/// alone, a claim of another one is of a process that is gone.
pub(crate) const CLEAR: &str = "DELETE FROM idempotency_keys
    WHERE organization_id = $1 AND workspace_id = $2 AND route = $3 AND idempotency_key = $4
      AND (expires_at <= $5 OR (status IS NULL AND (lease_until <= $5 OR ($6 = 1 AND process <> $7))))";
const CLAIM: &str = "INSERT INTO idempotency_keys (organization_id, id, workspace_id, route, idempotency_key,
    fingerprint, process, lease_until, created_at, expires_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
    ON CONFLICT (organization_id, workspace_id, route, idempotency_key) DO NOTHING";
pub(crate) const FIND: &str =
    "SELECT id, fingerprint, lease_until, status, answer, scope FROM idempotency_keys
    WHERE organization_id = $1 AND workspace_id = $2 AND route = $3 AND idempotency_key = $4";
/// Also makes whoever wants to take the claim over wait until this transaction ends.
const HOLD: &str = "UPDATE idempotency_keys SET process = process
    WHERE organization_id = $1 AND id = $2 AND status IS NULL";
const ANSWER: &str = "UPDATE idempotency_keys SET status = $3, answer = $4, scope = $5
    WHERE organization_id = $1 AND id = $2 AND status IS NULL";
const RELEASE: &str =
    "DELETE FROM idempotency_keys WHERE organization_id = $1 AND id = $2 AND status IS NULL";
pub(crate) const FORGET: &str = "DELETE FROM idempotency_keys WHERE expires_at <= $1";

/// Names the row that an answer is bound to.
pub(crate) fn bound_row(organization: OrganizationId, id: Uuid) -> String {
    format!("idempotency_keys/{organization}/{id}/answer")
}

/// Whether the claim is still its holder's. It stays so until the transaction ends.
async fn hold(conn: &mut Conn<'_>, claim: KeyClaim) -> Result<bool, StoreError> {
    let held = on!(conn, |c| {
        sqlx::query(HOLD)
            .bind(claim.organization_id.0)
            .bind(claim.id)
            .execute(&mut **c)
            .await?
            .rows_affected()
    });
    Ok(held == 1)
}

/// Writes the answer beside the work that it tells of.
async fn keep(conn: &mut Conn<'_>, keeping: &Keeping, answer: &KeptAnswer) -> Result<(), StoreError> {
    let KeyClaim { organization_id, id } = keeping.claim;
    let sealed = keeping.keyring.seal(&bound_row(organization_id, id), &answer.body, keeping.nonce)?;
    on!(conn, |c| {
        sqlx::query(ANSWER)
            .bind(organization_id.0)
            .bind(id)
            .bind(i64::from(answer.status))
            .bind(sealed)
            .bind(&answer.scope)
            .execute(&mut **c)
            .await?
            .rows_affected()
    });
    Ok(())
}

impl Store {
    /// Claims the key of a request, or says why it cannot be had.
    ///
    /// # Errors
    /// When the database fails, or an answer cannot be opened.
    pub async fn claim_key(&self, request: KeyedRequest, asker: Asker) -> Result<KeyAsked, StoreError> {
        let alone = i64::from(!self.is_shared());
        let wanted = Arc::new(request.clone());
        let found: Option<Stored> = self
            .writer
            .run(move |mut conn| {
                let request = Arc::clone(&wanted);
                Box::pin(async move { claim(&mut conn, &request, asker, alone).await })
            })
            .await?;
        let organization_id = request.organization_id;
        let Some(stored) = found else {
            return Ok(KeyAsked::Claimed(KeyClaim { organization_id, id: asker.id }));
        };
        if stored.fingerprint != request.fingerprint {
            return Ok(KeyAsked::OtherBody);
        }
        let (Some(status), Some(sealed)) = (stored.status, stored.answer) else {
            return Ok(KeyAsked::InHand(Timestamp::from_micros(stored.lease_until)));
        };
        Ok(KeyAsked::Answered(KeptAnswer {
            status: u16::try_from(status).unwrap_or(200),
            body: self.keyring.open(&bound_row(organization_id, stored.id), &sealed)?,
            scope: stored.scope.unwrap_or_default(),
        }))
    }

    /// Keeps the answer of a request whose work is done already. `false` when the claim was taken over
    /// meanwhile.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn keep_answer(
        &self,
        claim: KeyClaim,
        answer: KeptAnswer,
        nonce: [u8; 24],
    ) -> Result<bool, StoreError> {
        let keeping = Arc::new((Keeping { claim, nonce, keyring: Arc::clone(&self.keyring) }, answer));
        self.writer
            .run(move |mut conn| {
                let keeping = Arc::clone(&keeping);
                Box::pin(async move {
                    let (keeping, answer) = &*keeping;
                    let held = hold(&mut conn, claim).await?;
                    if held {
                        keep(&mut conn, keeping, answer).await?;
                    }
                    Ok(held)
                })
            })
            .await
    }

    /// Gives back the key of a request that did nothing. One that has its answer keeps it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn release_key(&self, claim: KeyClaim) -> Result<(), StoreError> {
        self.writer
            .run(move |conn| {
                Box::pin(async move {
                    on!(conn, |c| {
                        sqlx::query(RELEASE)
                            .bind(claim.organization_id.0)
                            .bind(claim.id)
                            .execute(&mut *c)
                            .await?
                            .rows_affected()
                    });
                    Ok(())
                })
            })
            .await
    }

    /// Forgets keys whose time is over; returns how many.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn forget_keys(&self, now: Timestamp) -> Result<u64, StoreError> {
        self.writer
            .run(move |conn| {
                Box::pin(async move {
                    Ok(on!(conn, |c| {
                        sqlx::query(FORGET).bind(now.as_micros()).execute(&mut *c).await?.rows_affected()
                    }))
                })
            })
            .await
    }
}

/// What holds the key already; `None` when it is the asker's now.
async fn claim(
    conn: &mut Conn<'_>,
    request: &KeyedRequest,
    asker: Asker,
    alone: i64,
) -> Result<Option<Stored>, StoreError> {
    let (organization, workspace) = (request.organization_id.0, request.workspace_id.0);
    let claimed = on!(&mut *conn, |c| {
        sqlx::query(CLEAR)
            .bind(organization)
            .bind(workspace)
            .bind(&request.route)
            .bind(&request.key)
            .bind(asker.now.as_micros())
            .bind(alone)
            .bind(asker.process)
            .execute(&mut **c)
            .await?;
        sqlx::query(CLAIM)
            .bind(organization)
            .bind(asker.id)
            .bind(workspace)
            .bind(&request.route)
            .bind(&request.key)
            .bind(&request.fingerprint)
            .bind(asker.process)
            .bind(asker.lease_until.as_micros())
            .bind(asker.now.as_micros())
            .bind(asker.expires_at.as_micros())
            .execute(&mut **c)
            .await?
            .rows_affected()
    });
    if claimed == 1 {
        return Ok(None);
    }
    let found: Option<Stored> = on!(conn, |c| {
        sqlx::query_as(FIND)
            .bind(organization)
            .bind(workspace)
            .bind(&request.route)
            .bind(&request.key)
            .fetch_optional(&mut **c)
            .await?
    });
    // One that was given back between the two statements goes to whoever asks again.
    let given_back = || Stored {
        id: asker.id,
        fingerprint: request.fingerprint.clone(),
        lease_until: asker.now.as_micros(),
        status: None,
        answer: None,
        scope: None,
    };
    Ok(Some(found.unwrap_or_else(given_back)))
}

impl<T: ?Sized> std::fmt::Debug for KeepWith<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeepWith").field("claim", &self.claim).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for KeptAnswer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Answers hold secrets.
        f.debug_struct("KeptAnswer").field("status", &self.status).finish_non_exhaustive()
    }
}
