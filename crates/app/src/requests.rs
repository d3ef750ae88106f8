//! The last requests of an organization's keys: kept in memory and written now and then, as the uses of
//! keys are. What was in a request is never kept.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use domain::{ApiKeyId, OrganizationId, Span, Timestamp};
use store::NewApiRequest;
pub use store::{ApiRequestFilter, ApiRequestRow};
use uuid::Uuid;

use crate::people::SignedIn;
use crate::{App, AppError};

/// How many an organization has at most.
pub const MOST: u32 = 1_000;
/// How long they are kept.
pub const KEPT_FOR: Span = Span::from_days(7);
/// The most that is kept of a path.
const PATH_MAX: usize = 200;

/// A request that was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnsweredRequest {
    /// The key that it came with.
    pub key: ApiKeyId,
    /// The id that the answer carried.
    pub request_id: String,
    /// The method.
    pub method: String,
    /// The path, without the query.
    pub path: String,
    /// The answer's status.
    pub status: u16,
    /// How long the answer took.
    pub duration: Span,
    /// When it came.
    pub at: Timestamp,
}

/// Requests that are not written yet.
#[derive(Debug, Default)]
pub struct RequestLog(Mutex<HashMap<OrganizationId, VecDeque<AnsweredRequest>>>);

impl RequestLog {
    /// Notes a request. Of more than an organization may have, the oldest goes.
    pub fn note(&self, organization: OrganizationId, mut request: AnsweredRequest) {
        if let Some((at, _)) = request.path.char_indices().nth(PATH_MAX) {
            request.path.truncate(at);
        }
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let own = waiting.entry(organization).or_default();
        if own.len() >= usize::try_from(MOST).unwrap_or(usize::MAX) {
            own.pop_front();
        }
        own.push_back(request);
    }

    fn take(&self) -> HashMap<OrganizationId, VecDeque<AnsweredRequest>> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Writes the requests that were noted since the last call.
///
/// # Errors
/// Only internal ones.
pub async fn flush(app: &App) -> Result<(), AppError> {
    let waiting = app.requests.take();
    let rows: Vec<NewApiRequest> = waiting
        .into_iter()
        .flat_map(|(organization, own)| own.into_iter().map(move |request| (organization, request)))
        .map(|(organization_id, request)| NewApiRequest {
            organization_id,
            id: app.entropy.uuid(request.at),
            api_key_id: request.key,
            request_id: request.request_id,
            method: request.method,
            path: request.path,
            status: request.status,
            duration: request.duration,
            created_at: request.at,
        })
        .collect();
    if rows.is_empty() {
        return Ok(());
    }
    Ok(app.store.record_api_requests(rows, MOST).await?)
}

/// Removes what is older than the log goes back.
///
/// # Errors
/// Only internal ones.
pub async fn forget(app: &App) -> Result<(), AppError> {
    Ok(app.store.forget_api_requests(app.clock.now() - KEPT_FOR).await?)
}

/// A page of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestPage {
    /// The requests, the latest first.
    pub requests: Vec<ApiRequestRow>,
    /// After which one the next page begins.
    pub next: Option<Uuid>,
}

/// A page of the requests that the keys of the organization made which somebody looks at, what this process
/// has not written yet included.
///
/// # Errors
/// [`AppError::Forbidden`] for who does not manage it.
pub async fn list(
    app: &App,
    signed_in: &SignedIn,
    limit: u32,
    filter: ApiRequestFilter,
) -> Result<RequestPage, AppError> {
    let organization = signed_in.managing()?.organization_id;
    flush(app).await?;
    let mut requests = app.store.list_api_requests(organization, filter, limit.saturating_add(1)).await?;
    let size = usize::try_from(limit).unwrap_or(usize::MAX);
    let has_more = requests.len() > size;
    requests.truncate(size);
    let next = requests.last().filter(|_| has_more).map(|row| row.request.id);
    Ok(RequestPage { requests, next })
}
