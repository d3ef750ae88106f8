//! `GET /session/audit-log`

use app::people::audit;
use axum::extract::{RawQuery, State};
use domain::AuditId;

use super::guard::Session;
use super::wire::{AfterThis, AuditEntry, AuditLog};
use crate::ApiState;
use crate::cursor::Place;
use crate::envelope::Reply;
use crate::error::ApiError;
use crate::query::Query;

const PAGE: u32 = 50;
/// What cursors of this list are called.
const LIST: &str = "audit";

/// The latest lines first.
pub(super) async fn list(
    State(state): State<ApiState>,
    session: Session,
    RawQuery(query): RawQuery,
) -> Result<Reply, ApiError> {
    session.signed_in.managing()?;
    let query = Query::parse(query.as_deref())?;
    let (limit, _) = query.page(PAGE)?;
    let after = query.cursor(LIST)?.map(|place| AuditId(place.id));
    let page = audit::list(&state.app, &session.signed_in, limit, after).await?;
    Reply::ok(&AuditLog {
        entries: page.entries.into_iter().map(AuditEntry::from).collect(),
        pagination: AfterThis { next_cursor: page.next.map(|id| Place { at: None, id: id.0 }.write(LIST)) },
    })
}
