//! `DELETE /media/{media_id}`

use axum::extract::{RawQuery, State};

use crate::ApiState;
use crate::auth::{Scoped, Write};
use crate::envelope::Reply;
use crate::error::ApiError;
use crate::openapi::MediaDeleteErrors;
use crate::query::Query;
use crate::routes::path::MediaPath;
use crate::wire::{DeletedMedia, DeletedMediaEnvelope};

/// Delete a library item and its file. Copies that are live on platforms stay.
#[utoipa::path(delete, path = "/media/{media_id}", operation_id = "delete_media", tag = "media",
    params(("media_id" = uuid::Uuid, Path, description = "The library item."),
        ("force" = Option<bool>, Query, description = "Also when a post that has not gone out yet carries it; the post fails then.")),
    responses((status = 200, body = DeletedMediaEnvelope), MediaDeleteErrors))]
pub(crate) async fn delete_media(
    State(state): State<ApiState>,
    scoped: Scoped<Write>,
    MediaPath(id): MediaPath,
    RawQuery(query): RawQuery,
) -> Result<Reply, ApiError> {
    let force = Query::parse(query.as_deref())?.flag("force")?;
    app::media::delete(&state.app, &scoped.caller, id, force).await?;
    Reply::ok(&DeletedMedia { media_id: id.0, id: id.0, deleted: true, message: "Media deleted." })
}
