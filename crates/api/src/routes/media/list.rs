//! `GET /media`

use axum::extract::{RawQuery, State};
use utoipa::IntoParams;

use crate::ApiState;
use crate::auth::{Read, Scoped};
use crate::envelope::Reply;
use crate::error::ApiError;
use crate::openapi::ListErrors;
use crate::query::{PAGE_DEFAULT, Query};
use crate::wire::{Media, MediaKind, MediaList, MediaListEnvelope, Pagination};

/// Filter and page of the library.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "the shape for the document; parameters are read one by one")]
pub(crate) struct ListMediaParams {
    /// Only this kind.
    #[param(required = false, inline)]
    r#type: Option<MediaKind>,
    /// Page size, 20 by default.
    #[param(required = false, minimum = 1, maximum = 100)]
    limit: Option<i64>,
    /// Items to pass over.
    #[param(required = false, minimum = 0)]
    offset: Option<i64>,
}

/// List the media library, newest first.
#[utoipa::path(get, path = "/media", operation_id = "list_media", tag = "media",
    params(ListMediaParams),
    responses((status = 200, body = MediaListEnvelope), ListErrors))]
pub(crate) async fn list_media(
    State(state): State<ApiState>,
    scoped: Scoped<Read>,
    RawQuery(query): RawQuery,
) -> Result<Reply, ApiError> {
    let query = Query::parse(query.as_deref())?;
    let kind = match query.get("type") {
        None => None,
        Some(kind @ ("image" | "video" | "document")) => Some(kind),
        Some(_) => return Err(ApiError::validation("type", "type must be image, video or document.")),
    };
    let (limit, offset) = query.page(PAGE_DEFAULT)?;
    let page = app::media::list(&state.app, &scoped.caller, kind, limit, offset).await?;
    let shown = u64::try_from(page.items.len()).unwrap_or(u64::MAX);
    let items = || page.items.iter().map(|view| Media::new(view, &state.settings.base_url)).collect();
    let total = page.total;
    Reply::ok(&MediaList {
        items: items(),
        media: items(),
        media_ids: page.items.iter().map(|view| view.id.0).collect(),
        pagination: Pagination { limit, offset, total, has_more: offset.saturating_add(shown) < total },
        total,
    })
}
