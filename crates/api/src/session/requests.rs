//! `GET /session/requests`

use app::requests::{self, ApiRequestFilter, ApiRequestRow};
use axum::extract::{RawQuery, State};
use serde::Serialize;
use uuid::Uuid;

use super::guard::Session;
use super::wire::AfterThis;
use crate::ApiState;
use crate::cursor::Place;
use crate::envelope::Reply;
use crate::error::ApiError;
use crate::query::Query;

const PAGE: u32 = 50;
/// What cursors of this list are called.
const LIST: &str = "requests";

#[derive(Serialize)]
struct Requests {
    requests: Vec<ShownRequest>,
    pagination: AfterThis,
}

#[derive(Serialize)]
struct ShownRequest {
    id: Uuid,
    request_id: String,
    method: String,
    path: String,
    status: u16,
    duration_ms: f64,
    key_id: Uuid,
    /// None once the key is gone.
    key_name: Option<String>,
    key_prefix: Option<String>,
    created_at: String,
}

impl From<ApiRequestRow> for ShownRequest {
    fn from(ApiRequestRow { request, key }: ApiRequestRow) -> Self {
        let (key_name, key_prefix) = key.unzip();
        Self {
            id: request.id,
            request_id: request.request_id,
            method: request.method,
            path: request.path,
            status: request.status,
            duration_ms: crate::observe::milliseconds(request.duration),
            key_id: request.api_key_id.0,
            key_name,
            key_prefix,
            created_at: request.created_at.to_iso_millis(),
        }
    }
}

/// The latest requests of the organization's keys first; `failed=true` leaves those that were refused.
pub(super) async fn list(
    State(state): State<ApiState>,
    session: Session,
    RawQuery(query): RawQuery,
) -> Result<Reply, ApiError> {
    session.signed_in.managing()?;
    let query = Query::parse(query.as_deref())?;
    let (limit, _) = query.page(PAGE)?;
    let filter =
        ApiRequestFilter { after: query.cursor(LIST)?.map(|place| place.id), failed: query.flag("failed")? };
    let page = requests::list(&state.app, &session.signed_in, limit, filter).await?;
    Reply::ok(&Requests {
        requests: page.requests.into_iter().map(ShownRequest::from).collect(),
        pagination: AfterThis { next_cursor: page.next.map(|id| Place { at: None, id }.write(LIST)) },
    })
}
