//! Requests that are done once, however often they are sent.
//!
//! The caller names a request by a key of its own. The first one with a key claims it, and what was
//! answered to it is answered to every further one for a day. What a request did is safe from a crash
//! where its answer is kept in the transaction of the work: posts, campaigns, webhooks and repeated
//! deliveries. Elsewhere a crash between the work and the answer lets the next request do it again.

use std::sync::Arc;

use domain::Span;
use store::{Answer, Asker, KeepWith, KeyAsked, KeyedRequest, Once};
use uuid::Uuid;

pub use store::{KeptAnswer, KeyClaim};

use crate::outside::nonce;
use crate::{App, AppError, Caller};

/// How long an answer is kept.
const KEPT: Span = Span::from_hours(24);
/// Longer than any request takes. Only another node has to wait for it: a process that works alone knows
/// that whoever held a key before it is gone.
const LEASE: Span = Span::from_minutes(2);

/// A request with a key.
#[derive(Clone, Debug)]
pub struct Keyed {
    /// Method and path.
    pub route: String,
    /// The key.
    pub key: String,
    /// Of the body and the parameters.
    pub fingerprint: String,
    /// The process that answers it.
    pub process: Uuid,
}

/// An answer that is kept with the work that it tells of.
pub struct Keep<T: ?Sized> {
    /// The request's claim on its key.
    pub claim: KeyClaim,
    /// The answer, by what was made; `None` where nothing was.
    pub answer: Answer<T>,
}

impl<T: ?Sized> Keep<T> {
    /// The same for the database, where the work has this outcome.
    pub(crate) fn told<S: ?Sized>(
        self,
        app: &App,
        told: impl Fn(&S, &Answer<T>) -> Option<KeptAnswer> + Send + Sync + 'static,
    ) -> KeepWith<S>
    where
        T: 'static,
    {
        let Self { claim, answer } = self;
        let answer = Arc::new(move |outcome: &S| told(outcome, &answer));
        KeepWith { claim, answer, nonce: nonce(app.entropy.as_ref()) }
    }
}

/// What was done, unless another request took the key over.
pub(crate) fn done<T>(once: Once<T>) -> Result<T, AppError> {
    once.done().ok_or(AppError::KeyInUse)
}

/// What is to be done about a request with a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Begun {
    /// To do it.
    Do(KeyClaim),
    /// To answer as before.
    Answer(KeptAnswer),
}

/// Claims the key of a request.
///
/// # Errors
/// [`AppError::KeyReused`] when it came with another body, [`AppError::KeyInUse`] while a request with it
/// is being answered.
pub async fn begin(app: &App, caller: &Caller, keyed: Keyed) -> Result<Begun, AppError> {
    let now = app.clock.now();
    let request = KeyedRequest {
        organization_id: caller.organization_id,
        workspace_id: caller.workspace_id,
        route: keyed.route,
        key: keyed.key,
        fingerprint: keyed.fingerprint,
    };
    let asker = Asker {
        id: app.entropy.uuid(now),
        process: keyed.process,
        lease_until: now + LEASE,
        expires_at: now + KEPT,
        now,
    };
    match app.store.claim_key(request, asker).await? {
        KeyAsked::Claimed(claim) => Ok(Begun::Do(claim)),
        KeyAsked::Answered(answer) => Ok(Begun::Answer(answer)),
        KeyAsked::OtherBody => Err(AppError::KeyReused),
        KeyAsked::InHand(_) => Err(AppError::KeyInUse),
    }
}

/// Keeps the answer of a request that was done.
///
/// # Errors
/// Only internal ones.
pub async fn keep(app: &App, claim: KeyClaim, answer: KeptAnswer) -> Result<(), AppError> {
    if !app.store.keep_answer(claim, answer, nonce(app.entropy.as_ref())).await? {
        tracing::warn!(
            "a request with an idempotency key took longer than its claim; its answer is not kept"
        );
    }
    Ok(())
}

/// Gives the key of a request back that did nothing: it may be corrected and sent again.
///
/// # Errors
/// Only internal ones.
pub async fn release(app: &App, claim: KeyClaim) -> Result<(), AppError> {
    Ok(app.store.release_key(claim).await?)
}

/// Forgets the keys whose time is over; returns how many.
///
/// # Errors
/// Only internal ones.
pub async fn clean(app: &App) -> Result<u64, AppError> {
    Ok(app.store.forget_keys(app.clock.now()).await?)
}
