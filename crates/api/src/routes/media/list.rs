//! `GET /media`

use axum::extract::{RawQuery, State};
use domain::MediaId;
use utoipa::IntoParams;

use crate::ApiState;
use crate::auth::{Read, Scoped};
use crate::cursor::Place;
use crate::envelope::Reply;
use crate::error::ApiError;
use crate::openapi::ListErrors;
use crate::query::{MEDIA, PAGE_DEFAULT, Query};
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
    /// A `next_cursor`, to get the page after that one; with the same type.
    #[param(required = false)]
    cursor: Option<String>,
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
    let after = query.cursor(MEDIA)?.and_then(|place| Some((place.at?, MediaId(place.id))));
    let page = app::media::list(&state.app, &scoped.caller, kind, (limit, offset, after)).await?;
    let next = page.next.map(|(at, id)| Place { at: Some(at), id: id.0 }.write(MEDIA));
    let items = || page.items.iter().map(|view| Media::new(view, &state.settings.base_url)).collect();
    let total = page.total;
    Reply::ok(&MediaList {
        items: items(),
        media: items(),
        media_ids: page.items.iter().map(|view| view.id.0).collect(),
        pagination: Pagination::with_cursor(limit, offset, total, next),
        total,
    })
}
